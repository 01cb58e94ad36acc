"""The sheet of one number."""

from dataclasses import replace

import pytest

from analytics import __version__
from analytics.definitions.instruments import BUILT_IN
from analytics.definitions.nhs import NhsScales
from analytics.definitions.old_ways import USUAL_WAYS
from analytics.definitions.rules import PRESETS, rule_set, without_sessions
from analytics.reports.defend import Beside, Origin, command, defend_sheet, quoted
from analytics.results.bridge import bridge
from analytics.results.missing import missing
from analytics.results.published import published
from analytics.results.summary import summarize
from tests.drawn import induction, outcomes_of, score
from tests.wording.made import MEAN, RATE
from tests.wording.test_numbers import plain

SHA = "ab" * 32
SPACE = "\N{NO-BREAK SPACE}"
ORIGIN = Origin("scores.csv", (("scores.csv", SHA),), rule_set(), {})


def sheet(result=RATE, origin=ORIGIN):
    return defend_sheet(result, BUILT_IN["phq9"], origin, PRESETS["induction"])


def of_cohort():
    """Five courses of a complete induction, one of them lost, and what stands beside their response."""
    scores, sessions = [], []
    for number, (before, after) in enumerate([(20, 9), (20, 10), (20, 14), (20, 25), (20, None)] * 4):
        patient = f"p{number:02d}"
        scores += [score(patient, 0, before)] + ([score(patient, 30, after)] if after is not None else [])
        sessions += induction(patient)
    of = outcomes_of(scores, sessions)
    return of, summarize(of).result("phq9", "response")


def test_the_old_number_and_the_published_ones_stand_on_the_sheet():
    of, result = of_cohort()
    beside = Beside(bridge(of, USUAL_WAYS["first_to_last"], "phq9"), published(of), missing(of, "phq9", "response"),
                    summarize(of).result("phq9", "worsening"))
    made = defend_sheet(result, BUILT_IN["phq9"], ORIGIN, PRESETS["induction"], beside)
    titles = [section.title for section in made.sections]
    assert titles == ["What it says", "Who is in it", "Who is missing, and what if",
                      "Why it is not the number we used to say", "How sure", "Counted their way",
                      "What may be said, and what may not", "How to make it again"]
    old = made.sections[3]
    assert old.grid.rows[0][:3] == ("The old way", "12 of 16", f"75{SPACE}%")
    assert old.grid.rows[-1][1:3] == ("8 of 16", f"50{SPACE}%")
    assert "courses more, at the same rate" in " ".join(made.sections[4].sentences)
    theirs = made.sections[5].grid.rows
    assert theirs[0][0].startswith("McInnes 2022") and theirs[0][1] == f"53.6{SPACE}% (288 of 537)"
    said = made.sections[6].sentences
    assert said[0].startswith("Inside: PHQ-9: 50") and said[1].startswith("Board: As above.")
    assert said[2].startswith("Public: Not yet: 16 courses counted, and 30 are needed")


def test_a_published_figure_of_another_scale_stays_away():
    of, _ = of_cohort()
    other = replace(RATE, instrument="gad7")
    made = defend_sheet(other, BUILT_IN["gad7"], ORIGIN, PRESETS["induction"], Beside(published=published(of)))
    assert "Counted their way" not in [section.title for section in made.sections]


def test_harm_is_not_given_out_as_something_to_say():
    result = replace(RATE, measure="worsening", left_out={}, missing_as_failure=None)
    made = defend_sheet(result, BUILT_IN["phq9"], ORIGIN, PRESETS["induction"])
    assert not any(one.startswith("Public") for section in made.sections for one in section.sentences)


def test_the_nhs_set_has_a_sheet_of_its_own():
    scales = NhsScales((BUILT_IN["phq9"], BUILT_IN["gad7"]))
    result = replace(RATE, instrument="phq9+gad7", measure="nhs_recovery")
    made = defend_sheet(result, scales, ORIGIN, PRESETS["induction"])
    text = " ".join(sentence for section in made.sections for sentence in section.sentences)
    assert "PHQ-9 10 or more or GAD-7 8 or more" in text and "not remission" in text


def test_a_sheet_has_its_six_parts():
    made = sheet()
    assert plain(made.title) == "54 % of courses responded"
    assert [section.title for section in made.sections] == [
        "What it says", "Who is in it", "Who is missing, and what if", "How sure",
        "What may be said, and what may not", "How to make it again"]
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
