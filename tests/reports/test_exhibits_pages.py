"""Exhibits of the pages beside the overview: what stands in them, to whom they are told, and in which files."""

from __future__ import annotations

import io

import pytest
from pptx import Presentation
from python_calamine import CalamineWorkbook

from analytics.reports.drawing import picture
from analytics.reports.exhibits import KINDS, Ask, exhibit
from analytics.reports.pdf import pdf
from analytics.reports.slides import deck
from analytics.reports.web_page import web_page
from analytics.reports.workbook import workbook
from analytics.results.disclosure import Disclosure, NotForAudienceError
from tests.drawn import attribute, induction, outcomes_of, score
from tests.reports.exhibited import (
    HOSTILE,
    SIDES,
    answers_of,
    cohort,
    drawn,
    hostile_pages,
    page_asks,
    pages,
    sample_answers,
    watched,
)
from tests.reports.test_exhibits import numbers_of, row_of
from tests.wording.test_numbers import plain

BOARD, PUBLIC = Disclosure("board"), Disclosure("public")
DAYS = (("unit", "days"),)


@pytest.fixture(scope="module")
def hand():
    return answers_of(watched())


def said(one):
    return plain(" ".join((one.title, one.reading, *one.context)))


# --- what stands in them -----------------------------------------------------------------------------


def test_every_kind_is_looked_at():
    standard = {one.ask.kind for one in drawn()[0]}
    assert standard | {one.ask.kind for one in pages()[0]} | {"published"} == set(KINDS)
    assert all(one is not None and one.chart is not None and not one.is_kept for one in pages()[0])
    assert len({one.key for one in pages()[0]}) > len(pages()[0]) - 8


def test_an_exhibit_says_what_how_much_and_what_not():
    for one in pages()[0]:
        assert one.title and one.measure_title and one.reading.endswith(".") and one.limits.endswith("."), one.key
        assert any(line.startswith("Rules: ") for line in one.context) and one.marks[-1] == "For the inside"
        assert one.table.rows and {len(row) for row in one.table.rows} == {len(one.table.header)}, one.key
        assert one.numbers.rows and {len(row) for row in one.numbers.rows} == {len(one.numbers.columns)}, one.key
        for series in one.chart.series:
            assert len(series.values) == len(one.chart.categories), one.key
            assert {len(series.low), len(series.high)} <= {0, len(series.values)}


def test_a_card_is_one_measure(hand):
    one = exhibit(hand, Ask("card", measure="response"))
    assert (one.chart.categories, len(one.cards)) == (("Response",), 1)
    assert row_of(one, "Response")["Numerator"] == 84 and row_of(one, "Response")["Denominator"] == 144
    mean = exhibit(hand, Ask("card", measure="mean_improvement"))
    # By the last score from day 11 to 41: 36 fell by 11, 48 by 12, 60 by 5.
    assert row_of(mean, "Improvement")["Mean"] == pytest.approx((36 * 11 + 48 * 12 + 60 * 5) / 144)
    assert mean.chart.unit == "points" and mean.chart.series[0].low[0] < mean.chart.series[0].values[0]
    with pytest.raises(ValueError, match="no measure called 'pain_30'"):
        exhibit(hand, Ask("card", measure="pain_30"))


def test_the_nhs_pair_is_named_by_its_titles():
    for kind, by in (("card", ()), ("strata", ("site",)), ("trend", ())):
        one = exhibit(sample_answers(), Ask(kind, measure="nhs_recovery", by=by))
        assert "PHQ-9 and GAD-7" in one.measure_title and "phq9" not in said(one)


def test_the_curve_of_response_counts_as_by_hand(hand):
    one = exhibit(hand, Ask("response", by=("site",), options=DAYS))
    north, south = one.chart.series
    # North: 24 of 72 on day 14; 12 last seen on day 20; 24 of the 36 left on day 28. South: 12 of 72, 24 of 48.
    assert north.values == pytest.approx((24 / 72, 1 - (48 / 72) * (12 / 36)))
    assert south.values == pytest.approx((12 / 72, 1 - (60 / 72) * (24 / 48)))
    assert north.low[0] < north.values[0] < north.high[0]
    whole = exhibit(hand, Ask("response", options=DAYS))
    assert whole.chart.categories == ("14 (144)", "28 (84)")
    assert [row[-1] for row in whole.numbers.rows] == [144, 84] and whole.chart.kind == "line"
    assert plain(whole.title) == "By estimate half of patients had responded after 28 days"


def test_a_thin_end_of_a_curve_is_not_drawn():
    # After day 20 four are left, one short of what may be shown, then five.
    for never, told in ((2, None), (3, pytest.approx(1 - (10 / 30) * (3 / 5)))):
        one = exhibit(answers_of(watched({"North": (20, 2, never)}, lost=8 - never)), Ask("response", options=DAYS))
        assert one.chart.series[0].values[1] == told and one.numbers.rows[1][-1] == 2 + never


def test_how_long_it_lasted_counts_as_by_hand(hand):
    one = exhibit(hand, Ask("durability"))
    # Of 36 responders seen again on day 70, 56 days after their endpoint, 18 had lost it.
    assert one.chart.categories == ("4 (36)", "8 (36)") and one.chart.series[0].values == (1, 0.5)
    assert exhibit(hand, Ask("durability", options=(("from", "remission"),))).chart is None


def test_the_course_of_scores_counts_as_by_hand(hand):
    one = exhibit(hand, Ask("course"))
    values = dict(zip(one.chart.categories, one.chart.series[0].values, strict=True))
    assert values["start (144)"] == 20 and values["2 (36)"] == 9 and values["4 (48)"] == 8
    # Week 3 is days 18 to 24: those last seen on day 20; in week 5 nobody was.
    assert values["3 (24)"] == 15 and values["5"] is None
    rows = {row[0]: row[1:] for row in one.table.rows}
    assert rows["Week 2"][:2] == ("36", "9.0") and rows["Week 2"][4:] == ("20.0", "fewer than half")
    assert rows["Week 5"][:2] == ("0", "–") and len(one.table.rows) == 14
    assert exhibit(hand, Ask("course", by=("site",))).chart.series[1].values[3] == 9


def test_a_trend_counts_by_period_and_draws_its_limits():
    inside = exhibit(sample_answers(), Ask("trend"))
    assert len(inside.chart.categories) == 3 and inside.chart.series[0].low[0] < inside.chart.series[0].values[0]
    counts = exhibit(sample_answers(), Ask("trend", options=(("what", "volume"),)))
    assert sum(counts.chart.series[0].values) == 276 + 365 + 337 and not counts.chart.series[0].low
    scores, sessions, years = [], [], []
    for number in range(200):
        patient, after = f"t{number:03d}", 9 if number % 2 else 15
        scores += [score(patient, 0, 20), score(patient, 30, after)]
        sessions += induction(patient)
        years.append(attribute(patient, "year", str(2010 + number // 20)))
    one = exhibit(answers_of(outcomes_of(scores, sessions, years)), Ask("trend"))
    assert [series.name for series in one.chart.series] == ["Response", "Centre", "Lower limit", "Upper limit"]
    assert set(one.chart.series[1].values[:9]) == {0.5} and "no signal in 9 years" in one.title
    assert one.figure is not None


def test_a_trend_without_years_is_refused_in_words():
    with pytest.raises(ValueError, match="neither dates nor years"):
        exhibit(answers_of(cohort()), Ask("trend"))


def test_a_comparison_is_of_two_and_counts_as_by_hand(hand):
    one = exhibit(hand, Ask("compare", sides=SIDES))
    response = row_of(one, "Response")
    assert (response["North: numerator"], response["North: courses"]) == (48, 72)
    assert (response["South: numerator"], response["South: courses"]) == (36, 72)
    assert one.chart.series[0].values[0] == pytest.approx(100 * 12 / 72) and one.chart.unit == "points"
    assert one.chart.series[0].low[0] < one.chart.series[0].values[0] < one.chart.series[0].high[0]
    assert plain(one.title).startswith("Response: 67 % in North, 50 % in South")
    swapped = exhibit(hand, Ask("compare", sides=SIDES[::-1]))
    assert swapped.chart.series[0].values[0] == pytest.approx(-100 * 12 / 72)
    assert [section.title for section in one.notes] == ["Tests", "Effect sizes"]
    with pytest.raises(ValueError, match="takes two sides"):
        exhibit(hand, Ask("compare"))


def test_sessions_are_counted_with_what_was_chosen():
    answers = sample_answers()
    whole = exhibit(answers, Ask("session", measure="any_effect"))
    parts = exhibit(answers, Ask("session", measure="any_effect", by=("site",)))
    name = "Of sessions: numerator"
    of_sites = [row_of(parts, site)[name] for site in ("North", "South", "West")]
    assert sum(of_sites) == row_of(whole, "Any side effect")[name]
    induction_only = exhibit(answers, Ask("effects", options=(("phase", "induction"),)))
    assert induction_only.numbers.rows[0][2] < exhibit(answers, Ask("effects")).numbers.rows[0][2]
    lines = exhibit(answers, Ask("pressure", options=(("reading", "160_100"),)))
    assert lines.numbers.rows[0][1] > exhibit(answers, Ask("pressure")).numbers.rows[0][1]
    assert "160 systolic or 100 diastolic" in said(lines)
    with pytest.raises(ValueError, match="Nothing of sessions is called 'response'"):
        exhibit(answers, Ask("session", measure="response"))
    shares = [sum(series.values[row] for series in exhibit(answers, Ask("routes")).chart.series) for row in range(9)]
    assert shares == pytest.approx([1] * 9)


def test_what_the_files_do_not_hold_has_no_exhibit(hand):
    for ask in (Ask("effects"), Ask("pressure"), Ask("session", measure="nausea"), Ask("amount")):
        assert exhibit(hand, ask) is None, ask.kind
    assert exhibit(answers_of(outcomes_of([score("p1", 0, 20)])), Ask("routes")) is None
    assert exhibit(answers_of(pain()), Ask("item9")) is None


def pain():
    rows = [score(f"p{number}", day, total, instrument="pain_nrs_average") for number in range(8)
            for day, total in ((0, 8), (30, 4))]
    return outcomes_of(rows, [one for number in range(8) for one in induction(f"p{number}")])


# --- to whom they are told ---------------------------------------------------------------------------


def test_the_board_hears_totals_of_the_clinic_and_no_curve_of_few():
    answers = answers_of(watched(lost=10))
    for ask in (Ask("response", options=DAYS, disclosure=BOARD), Ask("course", disclosure=BOARD)):
        assert not exhibit(answers, ask).is_kept
    kept = exhibit(answers, Ask("response", by=("site",), options=DAYS, disclosure=BOARD))
    assert kept.is_kept and "fewer than 11 could be counted off it" in kept.reading
    part = exhibit(answers, Ask("response", where={"site": ["North"]}, options=DAYS, disclosure=BOARD))
    assert part.is_kept and numbers_of([part]) == []


def test_a_curve_is_told_where_every_step_of_it_may_be():
    told = exhibit(answers_of(watched(lost=11)), Ask("response", by=("site",), options=DAYS, disclosure=BOARD))
    assert not told.is_kept and len(told.chart.series) == 2 and not told.notes
    public = exhibit(answers_of(watched(lost=11)), Ask("response", options=DAYS, disclosure=PUBLIC))
    assert not public.is_kept and "0 % got reliably worse (0 of 142)." in said(public)
    kept = exhibit(answers_of(watched({"North": (24, 24, 12)}, lost=10)),
                   Ask("response", options=DAYS, disclosure=PUBLIC))
    assert kept.is_kept and kept.chart is None and not kept.table.rows


def test_a_curve_that_counts_patients_twice_is_for_the_inside():
    answers = answers_of(watched(rounds=2))
    first = Ask("response", by=("site",), options=DAYS, disclosure=BOARD)
    every = Ask("response", by=("site",), options=(("courses", "all"), *DAYS), disclosure=BOARD)
    assert not exhibit(answers, first).is_kept
    assert exhibit(answers, every).is_kept and "144 patients" in said(exhibit(answers, Ask("response", options=DAYS)))


def test_points_of_few_scores_are_left_out_of_the_course():
    for again in (10, 11):
        one = exhibit(answers_of(watched({"North": (24, 24, 24)}, again=again)), Ask("course", disclosure=PUBLIC))
        shown = [name for name, value in zip(one.chart.categories, one.chart.series[0].values, strict=True)
                 if value is not None]
        week_8 = ["8 (11)"] if again == 11 else []
        assert shown == ["start (84)", "2 (24)", "3 (12)", "4 (24)", "6 (24)", *week_8, "10 (24)"]
        assert "8" in one.chart.categories or week_8
        assert "fewer than 11 courses have a score" in said(one) and "got reliably worse" in said(one)
        assert one.table.header == ("Point", "Courses", "Mean", "95 % interval") and len(one.table.rows) == len(shown)
    kept = exhibit(answers_of(watched({"North": (24, 24, 12)}, lost=10)), Ask("course", disclosure=PUBLIC))
    assert kept.is_kept and numbers_of([kept]) == []


def test_the_board_hears_no_point_of_few_scores_of_a_part():
    for again, n_told in ((10, 0), (11, 1)):
        answers = answers_of(watched({"North": (24, 24, 24), "South": (24, 24, 24)}, again=again))
        one = exhibit(answers, Ask("course", by=("site",), disclosure=BOARD))
        place = one.chart.categories.index("8")
        assert [series.values[place] is not None for series in one.chart.series] == [bool(n_told)] * 2
        assert {row[2] for row in one.numbers.rows if row[1] == "week 8"} == {11 if n_told else None}
        whole = exhibit(answers, Ask("course", disclosure=BOARD))
        assert f"8 ({2 * again})" in whole.chart.categories


@pytest.mark.parametrize("ask", page_asks(PUBLIC), ids=lambda one: f"{one.kind}-{one.measure}-{'-'.join(one.by)}")
def test_a_shut_gate_is_told_with_its_reasons_and_no_number(ask):
    one = exhibit(sample_answers(), ask)
    assert one.is_kept and one.chart is None and not one.numbers.rows and not one.table.rows and not one.notes
    assert "followed up" in one.reading and "=" not in one.reading and "phq9" not in one.reading
    assert one.title.endswith("is kept for the inside") and one.marks[-1] == "For the public"


def test_what_cannot_be_looked_at_is_kept_with_its_reason():
    answers = sample_answers()
    part, two = {"site": ["North"]}, (("A", {"site": ["North"], "route": ["IV"]}), SIDES[1])
    reasons = (
        (Ask("amount", disclosure=BOARD), "the value of single sessions"),
        (Ask("effects", where=part, disclosure=BOARD), "a few patients can have had many"),
        (Ask("routes", where=part, disclosure=BOARD), "a few patients can have had many"),
        (Ask("session", by=("site",), disclosure=BOARD), "a few patients can have had many"),
        (Ask("trend", options=(("what", "volume"),), disclosure=BOARD), "is not looked at together"),
        (Ask("durability", options=(("given", "dose"),), disclosure=BOARD), "what was given from day to day"),
        (Ask("response", disclosure=Disclosure("board", rounding=5)), "counts are told rounded"),
        (Ask("effects", disclosure=Disclosure("board", rounding=5)), "a few patients can have had many"),
        (Ask("published", disclosure=Disclosure("board", rounding=5)), "kept for the inside"),
        (Ask("compare", sides=two, disclosure=BOARD), "share courses"))
    for ask, words in reasons:
        one = exhibit(answers, ask)
        assert one.is_kept and words in one.reading and numbers_of([one]) == [], (ask.kind, one.reading)
    assert not exhibit(answers, Ask("effects", disclosure=BOARD)).is_kept


def test_years_alone_are_told_outside():
    answers = answers_of(watched())
    one = exhibit(answers, Ask("trend", options=(("period", "month"),), disclosure=BOARD))
    assert one.chart.categories == ("2023", "2024") and one.chart.kind == "interval" and one.ask.kind == "trend"
    none = exhibit(answers_of(cohort()), Ask("card", disclosure=PUBLIC))
    assert none.is_kept and "fewer than 30 courses" in none.reading


def test_a_name_that_reads_as_a_promise_is_kept_for_that_reason():
    rows = [score(f"n{number}", day, total, instrument=instrument, row=2 + number)
            for number in range(100) for instrument in ("phq9", "gad7")
            for day, total in ((0, 20), (30, 4 if number < 50 else 15))]
    of = outcomes_of(rows, [one for number in range(100) for one in induction(f"n{number}")])
    answers = answers_of(of)
    one = exhibit(answers, Ask("card", measure="nhs_recovery", disclosure=PUBLIC))
    assert one.is_kept and "reads as a promise" in one.reading
    assert "PHQ-9 and GAD-7, NHS recovery" in one.reading and "phq9" not in said(one)
    assert not exhibit(answers, Ask("card", measure="response", disclosure=PUBLIC)).is_kept


def test_the_public_hears_of_a_benefit_with_the_harm_beside_it():
    one = exhibit(answers_of(cohort(per_value=50, responders=20)), Ask("card", measure="response", disclosure=PUBLIC))
    assert [card.is_harm for card in one.cards] == [False, True] and len(one.numbers.rows) == 2
    inside = exhibit(answers_of(cohort(per_value=50, responders=20)), Ask("card", measure="response"))
    assert len(inside.cards) == 1


@pytest.mark.parametrize("kind", ["course", "response", "durability", "strata", "card"])
def test_those_who_treat_are_named_to_nobody_outside(kind):
    of = cohort(("Dr One", "Dr Two"), name="clinician", per_value=50, responders=20)
    with pytest.raises(NotForAudienceError):
        exhibit(answers_of(of), Ask(kind, measure=None, by=("clinician",), where={"clinician": ["Dr One"]},
                                    disclosure=BOARD))


# --- in which files ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def slides():
    return list(Presentation(io.BytesIO(deck(*pages()).content)).slides)


def test_slides_hold_native_charts_with_the_numbers(slides):
    for slide, one in zip(slides, pages()[0], strict=True):
        chart = next(shape.chart for shape in slide.shapes if shape.has_chart)
        first, series = chart.plots[0].series[0], one.chart.series[0]
        assert slide.shapes.title.text == one.title
        assert list(first.values) == pytest.approx(list(series.values[:len(tuple(first.values))]), nan_ok=True), one.key
        has_bars = b"errBars" in chart.part.blob
        assert has_bars == any(each.low for each in one.chart.series), one.key


def test_a_line_is_drawn_through_all_of_its_points(slides):
    place = next(place for place, one in enumerate(pages()[0]) if one.ask.kind == "course")
    one, chart = pages()[0][place], next(shape.chart for shape in slides[place].shapes if shape.has_chart)
    assert len(list(chart.plots[0].categories)) == len(one.chart.categories) == 14
    assert not any("The chart shows the first" in shape.text_frame.text for shape in slides[place].shapes
                   if shape.has_text_frame)


def test_axes_reach_as_far_as_the_intervals(slides):
    for slide, one in zip(slides, pages()[0], strict=True):
        if one.chart.unit != "percent" and any(each.low for each in one.chart.series):
            axis = next(shape.chart for shape in slide.shapes if shape.has_chart).value_axis
            ends = [end for each in one.chart.series for end in (*each.low, *each.high) if end is not None]
            assert axis.minimum_scale <= min(ends) and max(ends) <= axis.maximum_scale, one.key


def test_the_workbook_the_page_the_pdf_and_the_pictures_hold_them_all():
    exhibits, origin = pages()
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook(exhibits, origin)))
    assert len(book.sheet_names) == len(exhibits) + 2
    page = web_page(exhibits, origin)
    assert page.count(b"<svg") == len(exhibits) and len(page) < 500_000
    assert pdf(exhibits, origin)[:5] == b"%PDF-"
    for one in exhibits:
        drawn_ = picture(one.chart)
        assert drawn_.shapes and drawn_.width > 0


def test_text_of_files_is_inert_in_all_of_them():
    exhibits, origin = hostile_pages()
    page = web_page(exhibits, origin).decode()
    assert "<script" not in page and "onload" not in page.replace("&quot; onload=&quot;", "")
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook(exhibits, origin)))
    cells = [cell for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row]
    assert any(HOSTILE[0] in str(cell) for cell in cells)
    assert b"<f>" not in workbook(exhibits, origin)
    assert deck(exhibits, origin).content and pdf(exhibits, origin)
