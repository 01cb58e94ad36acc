"""The sheet of one number."""

from dataclasses import replace

import pytest

from analytics import __version__
from analytics.definitions.instruments import BUILT_IN
from analytics.definitions.rules import PRESETS, rule_set, without_sessions
from analytics.reports.defend import Origin, command, defend_sheet, quoted
from tests.wording.made import MEAN, RATE
from tests.wording.test_numbers import plain

SHA = "ab" * 32
ORIGIN = Origin("scores.csv", (("scores.csv", SHA),), rule_set(), {})


def sheet(result=RATE, origin=ORIGIN):
    return defend_sheet(result, BUILT_IN["phq9"], origin, PRESETS["induction"])


def test_a_sheet_has_its_six_parts():
    made = sheet()
    assert plain(made.title) == "54 % of courses responded"
    assert [section.title for section in made.sections] == [
        "What it says", "Who is in it", "Who is missing, and what if", "How sure", "What it does not say",
        "How to make it again"]
    assert made.marks == ()
    assert sheet(origin=replace(ORIGIN, is_sample=True)).marks == ("Invented sample data",)


def test_the_steps_end_at_the_numerator():
    rows = sheet().sections[1].grid.rows
    assert rows[0] == ("914", "courses", "everyone who started")
    assert rows[-2:] == (("537", "followed up", "200 lost to follow-up"), ("288", "responded", ""))
    assert sheet(MEAN).sections[1].grid.rows[-1][0] == "537"


def test_how_to_make_it_again():
    again = sheet(origin=replace(ORIGIN, as_of="2026-03-31")).sections[-1]
    text = " ".join(again.sentences)
    assert __version__ in text and "As of 2026-03-31." in text
    assert again.grid.rows == (("scores.csv", SHA),)
    became = sheet(origin=replace(ORIGIN, rules=without_sessions(rule_set()))).sections[-1]
    assert "became “First and last score”" in " ".join(became.sentences)


def test_many_files_stay_on_one_page():
    files = tuple((f"{place}.csv", SHA) for place in range(9))
    rows = sheet(origin=replace(ORIGIN, files=files)).sections[-1].grid.rows
    assert len(rows) == 7 and rows[-1][0] == "and 3 more"


def test_the_command_gives_the_same_number():
    origin = Origin(
        "two files", (("my scores.csv", SHA), ("b.csv", SHA)), rule_set("first_last", [("eligible", "all")]),
        {"site": ("North", None), "route": ("IV",)}, (("id", "patient_id"), ("time", "visit")), "2026-03-31")
    assert command("hamd17", origin) == (
        'python -m analytics summary "my scores.csv" b.csv --map id=patient_id --map time=visit --rules first_last '
        "--set eligible=all --where site=North --where site= --where route=IV --instrument hamd17 --as-of 2026-03-31")


def test_the_command_asks_for_the_rules_that_were_asked_for():
    assert "--rules clinic" in command("phq9", replace(ORIGIN, rules=without_sessions(rule_set())))


@pytest.mark.parametrize(("word", "shown"), [
    ("a.csv", "a.csv"), ("a b", '"a b"'), ('a"b', '"a\\"b"'), ("$x", '"\\$x"'), ("pain_vas[0..1]", "pain_vas[0..1]"),
    ("site=München", '"site=München"'), ("a;b", '"a;b"'), ("`x`", '"\\`x\\`"'),
])
def test_words_that_a_console_would_read_are_quoted(word, shown):
    assert quoted(word) == shown
