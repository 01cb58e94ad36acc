"""Exhibits: what stands in them, against a cohort counted by hand."""

import re
from dataclasses import replace

import plotly.graph_objects as go
import pytest

from analytics.figures.theme import PALETTES
from analytics.reports.exhibits import KINDS, Ask, exhibit, main_attributes, standard_report
from analytics.results.disclosure import Disclosure
from analytics.wording.published import published_sentences
from tests.drawn import attribute, induction, outcomes_of, score
from tests.reports.exhibited import answers_of, by_kind, cohort, drawn, sample
from tests.wording.test_numbers import plain


def row_of(one, first):
    """A row of the numbers as a dictionary, by its first text."""
    names = [column.name for column in one.numbers.columns]
    return next(dict(zip(names, row, strict=True)) for row in one.numbers.rows if row[0] == first)


def numbers_of(exhibits):
    """Every number that exhibits hold, in numbers and in charts."""
    found = [cell for one in exhibits for row in one.numbers.rows for cell in row if isinstance(cell, int | float)]
    for one in exhibits:
        for series in one.chart.series if one.chart else ():
            found += [value for many in (series.values, series.low, series.high) for value in many if value is not None]
    return found


def test_the_headline_counts_as_by_hand():
    one = by_kind(drawn()[0], "headline")
    assert plain(one.title) == "60 % of courses responded on PHQ-9"
    response = row_of(one, "Response")
    assert (response["Numerator"], response["Denominator"]) == (12, 20)
    assert (response["Courses"], response["Left out"]) == (22, 2)
    assert response["Rate"] == 0.6
    assert response["If the lost had failed"] == pytest.approx(12 / 22)
    worse = row_of(one, "Got worse")
    assert (worse["Numerator"], worse["Denominator"]) == (2, 20)
    assert plain(one.reading).startswith("Of 20 courses that could be judged, 12 responded: 60 %")
    assert plain(one.limits).startswith("2 more should have been judged and were lost (had none of them made it: 55 %)")


def test_benefit_and_harm_have_series_of_their_own():
    chart = by_kind(drawn()[0], "headline").chart
    assert chart.categories[:3] == ("Response", "Remission", "Got worse")
    better, worse, followed = chart.series
    assert (better.name, better.ink, better.values[0], better.values[2]) == ("Better", "accent", 0.6, None)
    assert (worse.name, worse.ink, worse.values[2], worse.values[0]) == ("Worse", "worsened", 0.1, None)
    assert followed.values[-1] == pytest.approx(20 / 22)
    assert better.low[0] < 0.6 < better.high[0]
    assert better.texts[0].replace("\N{NO-BREAK SPACE}", " ") == "60 %, 12 of 20"


def test_a_report_has_its_exhibits_in_order():
    kinds = [one.ask.kind for one in sample()[0]]
    assert kinds == ["headline", "flow", "severity", "strata", "strata", "strata", "harm", "published", "definitions",
                     "findings"]
    assert [one.ask.by for one in sample()[0] if one.ask.kind == "strata"] == [("site",), ("route",), ("indication",)]
    assert len({one.key for one in sample()[0]}) == 10


def test_every_exhibit_has_a_title_a_reading_its_marks_and_says_what_it_does_not_say():
    for one in sample()[0]:
        assert one.title and one.reading and one.limits and one.measure_title
        assert one.marks == ("Invented sample data", "For the inside")
        assert one.context[-1].startswith("As of")
    assert drawn()[0][0].marks[0] == "Invented sample data"
    assert answers_of(cohort()).marks(Ask("headline")) == ("For the inside",)


def test_the_sample_is_counted_as_the_command_line_counts_it():
    response = row_of(by_kind(sample()[0], "headline"), "Response")
    assert (response["Numerator"], response["Denominator"]) == (211, 425)
    harm = by_kind(sample()[0], "harm")
    assert [row[0] for row in harm.numbers.rows[:4]] == [
        "Got worse", "Reliably worse", "Item 9 newly endorsed", "Item 9 higher"]
    assert plain(harm.title) == "9 % of courses got worse on PHQ-9"


def test_groups_stand_by_name_with_all_courses_behind():
    one = by_kind(drawn()[0], "strata")
    assert one.chart.categories == ("North", "South")
    assert one.chart.series[0].values == (0.6, 0.6)
    assert one.chart.overall[1] == 0.6
    assert one.chart.series[0].hollow == (True, True)
    assert row_of(one, "North")["Denominator"] == 10


def test_means_by_group_are_in_points():
    answers = answers_of(cohort())
    one = exhibit(answers, Ask("strata", measure="mean_improvement", by=("site",)))
    # Six went from 20 to 9, one to 25, three to 15: 66 - 5 + 15 over ten.
    assert row_of(one, "North")["Mean"] == pytest.approx(7.6)
    assert one.chart.unit == "points" and one.chart.axis == "PHQ-9, points better"
    assert one.numbers.columns[2].kind == "points"


def test_the_flow_adds_up():
    one = by_kind(drawn()[0], "flow")
    still, left = one.chart.series
    assert still.values[0] == 22 and still.values[-1] == 20
    assert sum(value or 0 for value in left.values) == 2
    assert plain(one.title) == "20 of 22 courses could be judged"


def test_severity_is_of_the_same_courses_both_times():
    chart = by_kind(drawn()[0], "severity").chart
    assert chart.categories == ("At the start", "At the end")
    assert sum(series.values[0] for series in chart.series) == pytest.approx(1)
    assert sum(series.values[1] for series in chart.series) == pytest.approx(1)
    assert {series.name: series.values for series in chart.series}["severe"] == (1, 0.1)


def test_an_interactive_figure_is_made_when_asked_for():
    for one in sample()[0]:
        if one.chart is not None and one.ask.kind != "published":
            assert isinstance(one.figure(PALETTES["light"]), go.Figure)


def test_notes_are_the_sheet_that_defends_the_number():
    titles = [section.title for section in by_kind(drawn()[0], "headline").notes]
    assert titles[:3] == ["What it says", "Who is in it", "Who is missing, and what if"]
    assert "How to make it again" in titles


def test_of_few_courses_no_percentage_is_drawn():
    answers = answers_of(cohort(per_value=4, responders=2))
    one = exhibit(answers, Ask("strata", by=("site",)))
    assert one.chart.series[0].values == (None, None)
    assert "2 of 4" in one.chart.series[0].texts[0]
    assert row_of(one, "North")["Rate"] is None and row_of(one, "North")["Numerator"] == 2
    # Of five it is.
    one = exhibit(answers_of(cohort(per_value=5, responders=2)), Ask("strata", by=("site",)))
    assert one.chart.series[0].values == (0.4, 0.4)


def test_the_board_sees_the_whole_and_no_small_group():
    answers = answers_of(cohort())
    board = standard_report(answers, disclosure=Disclosure("board"))
    assert row_of(by_kind(board, "headline"), "Response")["Numerator"] == 12
    assert all(one.marks == ("For the board, confidential",) for one in board)
    assert not any(one.ask.kind in ("strata", "findings") for one in board)
    kept = exhibit(answers, Ask("strata", by=("site",), disclosure=Disclosure("board")))
    assert any("group needs judged courses, to be shown" in one for one in kept.context)
    assert kept.is_kept and kept.chart is None and not kept.numbers.rows and not kept.notes


def test_the_public_is_told_nothing_while_its_gate_is_shut():
    board = standard_report(answers_of(cohort()), disclosure=Disclosure("public"))
    assert numbers_of(one for one in board if one.ask.kind not in ("definitions",)) == []
    said = " ".join([one.title + one.reading + " ".join(one.context) for one in board])
    assert "12" not in said and "60" not in said
    assert "fewer than 30 courses could be judged" in said


def test_the_inside_as_a_disclosure_is_told_everything():
    answers = answers_of(cohort())
    inside = exhibit(answers, Ask("strata", by=("site",), disclosure=Disclosure("inside")))
    assert inside.numbers == exhibit(answers, Ask("strata", by=("site",))).numbers


def test_filters_are_counted_and_told():
    answers = answers_of(cohort())
    one = exhibit(answers, Ask("headline", where={"site": ["North"]}))
    assert row_of(one, "Response")["Denominator"] == 10
    assert "Filters: site North." in one.context


@pytest.mark.parametrize(("ask", "words"), [
    (Ask("pie"), "no exhibit of the kind 'pie'"), (Ask("headline", "madrs"), "no instrument called 'madrs'"),
    (Ask("strata"), "attribute to group by"), (Ask("strata", by=("nowhere",)), "no attribute called 'nowhere'"),
])
def test_what_is_not_there_is_refused_in_words(ask, words):
    with pytest.raises(ValueError, match=words):
        exhibit(answers_of(cohort()), ask)


def test_files_without_scores_are_refused_in_words():
    with pytest.raises(ValueError, match="nothing to report"):
        standard_report(answers_of(outcomes_of([], induction("p1"))))


def test_an_attribute_of_one_value_is_not_reported_by():
    answers = answers_of(cohort(("North",)))
    assert main_attributes(answers) == ()
    assert main_attributes(answers_of(cohort())) == ("site",)


def test_a_scale_without_bands_has_no_severity_and_pain_its_own_headline():
    rows = [score(f"p{number}", day, total, instrument="pain_nrs_average")
            for number in range(8) for day, total in ((0, 8), (30, 4 if number < 5 else 9))]
    sessions = [one for number in range(8) for one in induction(f"p{number}")]
    of = outcomes_of(rows, sessions, [attribute("p0", "site", "North")])
    found = standard_report(answers_of(of))
    assert by_kind(found, "headline").title.startswith("63\N{NO-BREAK SPACE}% of courses had pain down by 30")
    assert exhibit(answers_of(of), Ask("severity")) is not None
    pcl = outcomes_of([replace_instrument(row) for row in rows], sessions)
    assert exhibit(answers_of(pcl), Ask("severity")) is None


def replace_instrument(row):
    return row | {"instrument": "pcl5", "total": row["total"] * 8}


def test_reasons_beside_published_figures_are_pooled_where_rare_and_only_the_whole_clinic_is_counted_their_way():
    answers = answers_of(cohort())
    told = {name: answers.published(Ask("published", where=where, disclosure=to)) for name, where, to in (
        ("inside", {}, None), ("site", {"site": ["North"]}, None), ("board", {}, Disclosure("board")),
        ("few", {}, Disclosure("board", 2)), ("board site", {"site": ["North"]}, Disclosure("board")),
        ("public", {}, Disclosure("public")))}
    assert {name: found[0].left_out for name, found in told.items() if found} == {
        "inside": {"no_endpoint": 2}, "site": {"no_endpoint": 1}, "board": {"pooled": 2}, "few": {"no_endpoint": 2}}
    assert told["board site"] == told["public"] == ()
    kept = ("published", ())
    answers.kept[kept] = (replace(answers.kept[kept][0], left_out={"no_endpoint": 30, "not_due": 20}),)
    (several,) = answers.published(Ask("published", disclosure=Disclosure("board")))
    assert several.left_out == {"pooled": 50}
    nobody = replace(next(one for one in told["board"] if one.why_not == "nobody"), left_out={"pooled": 22})
    assert "Of 22 courses: 22 left out for several reasons." in published_sentences(nobody)[0]


def test_harm_among_the_cards_has_the_colour_of_harm():
    one = by_kind(drawn()[0], "headline")
    palette = PALETTES["light"]
    inks = {one.chart.categories[row]: trace.error_x.color for trace in one.figure(palette).data for row in trace.y}
    assert inks["Response"] == palette.accent and inks["Followed up"] == palette.muted
    assert inks["Got worse"] == palette.worsened


def test_the_title_and_the_reading_of_groups_speak_of_the_same():
    one = next(one for one in sample()[0] if one.ask.by == ("route",) and one.ask.kind == "strata")
    title, reading = plain(one.title), plain(one.reading)
    ends = re.findall(r"\d+ %", title)
    assert "in groups of 20 courses or more" in title and len(ends) == 2
    assert re.findall(r"\d+ %", reading)[:2] == ends and "left aside" in reading


def test_an_exhibit_can_be_retitled():
    one = drawn()[0][0]
    assert replace(one, title="Ours", comment="Since March").numbers == one.numbers
    assert set(KINDS) >= {"headline", "flow", "severity", "strata", "harm", "published", "definitions", "findings"}


def test_an_open_gate_tells_the_public_groups_of_the_measure_that_was_asked_for():
    answers = answers_of(cohort(per_value=50, responders=20))
    report = standard_report(answers, disclosure=Disclosure("public"))
    assert row_of(by_kind(report, "headline"), "Response")["Numerator"] == 40
    one = by_kind(report, "strata")
    assert one.chart.categories == ("North", "South") and len(one.numbers.rows) == 2
    assert one.chart.series[0].values == (0.4, 0.4)


@pytest.mark.parametrize(("rounding", "is_kept"), [(None, False), (5, True)])
def test_bands_are_kept_where_counts_are_rounded(rounding, is_kept):
    one = exhibit(answers_of(cohort(per_value=30, responders=15)), Ask(
        "severity", disclosure=Disclosure("board", rounding=rounding)))
    assert (one.is_kept, "rounded" in one.reading) == (is_kept, is_kept)


@pytest.mark.parametrize(("worse", "said"), [
    (12, "North: 12 of 52 courses got reliably worse (23 %). South: 12 of 52 courses got reliably worse (23 %)."),
    (4, "North: fewer than 11 of 44 courses got reliably worse. South: fewer than 11 of 44 courses got reliably "
        "worse.")])
def test_the_public_reads_the_harm_of_a_group_with_its_benefit(worse, said):
    from tests.results.test_disclosure import with_harm

    answers = answers_of(with_harm(North=(20, 20, worse), South=(20, 20, worse)))
    one = exhibit(answers, Ask("strata", by=("site",), disclosure=Disclosure("public")))
    assert one.reading.replace("\N{NO-BREAK SPACE}", " ").endswith(said)
    board = exhibit(answers, Ask("strata", by=("site",), disclosure=Disclosure("board")))
    assert "reliably worse" not in board.reading
