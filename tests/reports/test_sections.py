"""A document as data, written as Markdown and as HTML."""

import pytest

from analytics.definitions.instruments import BUILT_IN
from analytics.definitions.rules import rule_set
from analytics.reports.methods import methods_markdown, methods_sections
from analytics.reports.sections import (
    Grid,
    Section,
    as_html,
    as_markdown,
    grid_html,
    matching,
    without_empty_columns,
)

SECTION = Section("Title", ("One.", "Two."), Grid(("A", "B"), (("1", "2"),)))


def test_markdown():
    assert as_markdown([SECTION]) == "## Title\n\nOne.\n\nTwo.\n\n| A | B |\n| --- | --- |\n| 1 | 2 |\n"


def test_html():
    html = as_html([SECTION])
    assert "<h2>Title</h2><p>One.</p><p>Two.</p>" in html
    assert '<td class="short">1</td><td class="short">2</td>' in html


@pytest.mark.parametrize("text", ["<b>", "a|b", "*x*", "[x](y)", "$x$", "`x`", "<script>alert(1)</script>"])
def test_text_is_never_markup(text):
    section = Section(text, (text,), Grid((text,), ((text,),)))
    assert text not in as_markdown([section])
    assert "<script>" not in as_html([section]) and "<b>" not in as_html([section])


def test_a_search_finds_every_word_in_any_order():
    assert matching([SECTION], "two ONE") == (SECTION,)
    assert matching([SECTION], "2 title") == (SECTION,)
    assert matching([SECTION], "three") == ()
    assert matching([SECTION], "  ") == (SECTION,)


def rows(*names):
    return tuple((name, "interval") for name in names)


def test_a_search_cuts_a_long_table_to_the_rows_it_is_for():
    names = ["Wilson", *(f"Other {place}" for place in range(12))]
    long = Section("Statistics", ("Many.",), Grid(("Name", "Kind"), rows(*names)))
    assert matching([long], "wilson interval")[0].grid.rows == rows("Wilson")
    assert len(matching([long], "interval")[0].grid.rows) == 13
    assert matching([long], "statistics many") == (long,), "words of no row keep the whole table"
    assert matching([long], "statistics wilson") == (long,)
    short = Section("Statistics", (), Grid(("Name", "Kind"), rows(*names[:12])))
    assert matching([short], "wilson") == (short,)
    assert matching([long], "") == (long,)


def test_columns_that_say_nothing_are_left_off():
    assert without_empty_columns(Grid(("A", "B", "C"), (("1", "", ""), ("2", "", "x")))) == Grid(
        ("A", "C"), (("1", ""), ("2", "x")))
    empty = Grid(("A", "B"), ())
    assert without_empty_columns(empty) == empty


def test_methods_show_what_a_person_set():
    rules = rule_set("clinic", [("gap_days", "45"), ("by_indication.CRPS", "induction"), ("phq9.caseness", "8")])
    text = methods_markdown(rules.instruments(BUILT_IN), rules)
    assert "Set by the user: gap_days = 45." in text
    assert "Set by the user: CRPS follows “Induction”." in text
    assert "| Counts as a case at the start | 8 or more | set by the user |" in text


def test_methods_of_one_preset():
    text = methods_markdown({"who5": BUILT_IN["who5"]}, rule_set("first_last"))
    assert "Courses whose indication is pain" not in text
    assert "higher is better" in text and "the sum times 4" in text and "no published bands" in text


def test_a_search_of_the_methods_finds_an_instrument():
    found = matching(methods_sections(BUILT_IN, rule_set()), "zimmerman 2013")
    assert [section.title for section in found] == ["HAM-D 17 (hamd17)"]


@pytest.mark.parametrize(("n_columns", "is_reached"), [(2, False), (3, False), (4, True), (9, True)])
def test_a_table_that_may_scroll_is_reached_by_the_keyboard(n_columns, is_reached):
    row = tuple("abcdefghi"[:n_columns])
    made = grid_html(Grid(row, (row,)))
    assert ('<div class="grid-scroll" tabindex="0" role="group" aria-label="Table">' in made) == is_reached
