"""Trends in words: which chart, what it says, and what it must not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analytics.results.trends import chart_of
from analytics.results.trends_series import SiteTrend, Trend
from analytics.results.trends_signals import Signal, signals_of
from analytics.results.trends_tally import Asked, Tally
from analytics.wording import trends as words
from analytics.wording import trends_table as tables

NAN = np.nan
SP = "\N{NO-BREAK SPACE}"


def made(x=None, n=None, values=None, what="response", unit="month", standing=None, **more):
    """A trend of drawn counts, from January 2023 on."""
    asked = Asked(what, "phq9")
    x = None if x is None else np.array(x, float)
    n = None if n is None else np.array(n, float)
    length = len(next(one for one in (x, n, values) if one is not None))
    unknown = np.full(length, NAN)
    with np.errstate(divide="ignore", invalid="ignore"):
        shown = np.array(values, float) if values is not None else x if asked.kind == "count" else x / n
    chart = chart_of(x, n, shown, asked.kind, **more)
    labels = tuple(f"{2023 + place // 12}-{place % 12 + 1:02}" for place in range(length))
    tally = Tally(unknown if x is None else x, unknown if n is None else n, shown, np.zeros(length, int))
    told = tuple(standing or ["judged"] * length)
    return Trend(asked, unit, labels, None, tally, chart, signals_of(chart), told, shown - 0.1, shown + 0.1,
                 100, 0, {"no_endpoint": 20, "not_due": 3})


def steady(length=12):
    return made(np.resize([10, 12, 9, 11], length), [20] * length)


@pytest.mark.parametrize(("label", "text"), [
    ("2024-03", f"Mar{SP}2024"), ("2024-12", f"Dec{SP}2024"), ("2024-Q1", f"Q1{SP}2024"), ("2024", "2024")])
def test_a_period_in_words(label, text):
    assert words.period(label) == text


def test_no_signal_and_too_few_are_two_things():
    assert words.sentence(steady()) == ("No signal in the 12 months judged: they vary no more than this process always "
                                        "has.")
    text = words.sentence(steady(5))
    assert text.startswith("Too few to judge: 5 months can be judged, and limits need at least 8")
    assert words.sentence(made([0] * 10, [20] * 10)).startswith("Too few to judge: a rate needs at least 5 courses")
    level = made(n=[9] * 9, values=[4.0] * 9, what="mean_improvement")
    assert words.sentence(level).startswith("No limits: the months judged never vary")


def test_one_signal_says_period_rule_direction_and_meaning():
    found = made([10, 12, 9, 11, 10, 12, 9, 11, 20, 12, 9, 11], [20] * 12)
    assert words.sentence(found) == (
        f"1 signal in the 12 months judged. Sep{SP}2023 lies above the upper limit (better), at 100{SP}%: further out "
        "than this process usually goes. One thing may have happened then.")
    harm = replace(found, asked=Asked("worsening", "phq9"))
    assert "above the upper limit (worse)" in words.sentence(harm)
    process = replace(found, asked=Asked("nhs_no_reliable_change", "phq9"))
    assert "(better)" not in words.sentence(process) and "(worse)" not in words.sentence(process)


@pytest.mark.parametrize(("signal", "part"), [
    (Signal("outside", (1, 2), False),
     f"Feb{SP}2023 to Mar{SP}2023: 2 months in a row lie below the lower limit (worse)"),
    (Signal("run", tuple(range(5, 12)), True),
     f"Jun{SP}2023 to Dec{SP}2023: 7 months in a row above the centre (better). The level may have shifted."),
    (Signal("run", tuple(range(7)), False),
     "7 months in a row below the centre (worse). The level may have been another one then."),
    (Signal("trend", tuple(range(7)), True), "7 months in a row, each higher than the one before (better)"),
    (Signal("trend", tuple(range(7)), False), "each lower than the one before (worse)"),
    (Signal("near_limit", (3, 5), True),
     f"Apr{SP}2023 and Jun{SP}2023: two of three months in a row close to the upper limit (better)"),
])
def test_each_rule_has_its_sentence(signal, part):
    assert part in words.signal_sentence(signal, steady())


def test_several_signals_name_the_newest_and_stand_in_order_of_time():
    found = replace(steady(), signals=(Signal("outside", (9,), True), Signal("run", tuple(range(7)), False)))
    assert words.sentence(found).startswith(f"2 signals in the 12 months judged. The newest: Oct{SP}2023")
    first, second = words.rules_sentences(found)
    assert "below the centre" in first and f"Oct{SP}2023" in second


def test_each_chart_is_named_with_its_reason_and_what_its_limits_mean():
    plain = words.chart_sentence(steady())
    assert plain.startswith(f"p chart, centre 53{SP}%")
    assert plain.endswith("nearly every month of a process that does not change lies inside.")
    scattered = made([120, 260, 150, 340, 90, 310, 205, 180], [400, 600, 500, 610, 380, 650, 520, 450])
    text = words.chart_sentence(scattered)
    assert text.startswith("p\N{PRIME} chart (Laney)")
    assert "6.8 times as wide" in text and "a test of their dispersion" in text
    means = made(n=[20] * 9, values=np.resize([8.0, 9.0, 7.5], 9), what="mean_improvement")
    assert words.chart_sentence(means).startswith(f"XmR chart, centre 8.2{SP}points")
    assert words.chart_sentence(steady(5)) == "p chart without limits."


def test_nothing_says_significant():
    for found in (steady(), steady(5), made([10, 12, 9, 11, 10, 12, 9, 11, 20, 12, 9, 11], [20] * 12)):
        said = " ".join((words.sentence(found), words.chart_sentence(found), words.careful_sentence(found),
                         words.NO_TEST, *words.rules_sentences(found)))
        assert "significan" not in said.lower() and "nan" not in said.lower().split()


def test_frozen_limits_say_where_they_come_from():
    assert words.frozen_sentence(steady(24)) == ""
    thin = words.frozen_sentence(made(np.resize([10, 12, 9, 11], 24), [20] * 24, n_baseline=6))
    assert "the first 6 months" in thin and "thin ground" in thin
    assert "thin" not in words.frozen_sentence(made(np.resize([10, 12, 9, 11], 24), [20] * 24, n_baseline=12))


@pytest.mark.parametrize(("length", "one_in"), [(12, "nine"), (13, "four"), (24, "four"), (36, "three"), (37, "two"),
                                                (80, "two")])
def test_false_alarms_are_told_by_length(length, one_in):
    assert f"one chart in {one_in} still shows" in words.careful_sentence(steady(length))


def test_hollow_empty_and_small_periods_are_told():
    found = made(np.resize([10, 12, 9, 11], 12), [20] * 12, standing=[
        "not_whole", "too_few", "empty", "empty", *["judged"] * 6, "not_due", "not_over"])
    assert words.standing_sentences(found) == (
        f"Not judged, and hollow where drawn: Nov{SP}2023, with courses that are not yet due.",
        f"Not judged, and hollow where drawn: Dec{SP}2023, not known to be over.",
        f"Not judged, and hollow where drawn: Jan{SP}2023, not yet begun, or begun in it.",
        "Not drawn: 1 month of fewer than 5 courses.", "Left empty: 2 months without a course.")


def test_many_hollow_periods_are_told_as_a_span():
    found = made([10] * 12, [20] * 12, standing=["judged"] * 8 + ["not_due"] * 4)
    assert f"4 from Sep{SP}2023 to Dec{SP}2023" in words.standing_sentences(found)[0]


def test_who_is_left_out_is_told_by_reason():
    assert words.left_out_sentence(steady()) == "240 of 100 courses counted; 20 lost to follow-up; 3 not yet due."
    assert words.left_out_sentence(made([20] * 9, what="volume")) == ""


def test_years_of_the_files_are_named():
    found = replace(steady(), attribute="start_year", unit="year", n_undated=2)
    assert words.source_sentence(found) == (
        "Courses are placed by the year of the start of the files. 2 courses without a year are not shown.")


# --- tables ------------------------------------------------------------------------------------------


def test_the_table_has_every_period_with_counts_limits_signal_and_note():
    x, n = [10, 12, 9, 11, 10, 12, 9, 11, 20, 12, 0, 2], [20] * 10 + [0, 4]
    found = made(x, n, standing=["judged"] * 10 + ["empty", "too_few"])
    header, rows = tables.header(found), tables.rows(found)
    assert header == ("Month", "Response", "Counted", "Rate", "95 % interval", "Lower limit", "Centre", "Upper limit",
                      "Signal", "Note")
    assert all(len(row) == len(header) for row in rows) and len(rows) == 12
    assert rows[8][:4] == (f"Sep{SP}2023", "20", "20", f"100{SP}%") and rows[8][8] == "outside a limit (better)"
    assert rows[10][1:4] == ("0", "0", "\N{EN DASH}") and rows[10][9] == "no course"
    assert rows[11][1:5] == ("2", "4", "\N{EN DASH}", "\N{EN DASH}")
    assert rows[11][9] == "fewer than 5 courses, not drawn"


@pytest.mark.parametrize(("n", "note"), [(19, "unstable: fewer than 20"), (20, "\N{EN DASH}")])
def test_a_small_month_is_marked_unstable(n, note):
    assert tables.rows(made([9] * 9, [n] * 9))[0][-1] == note


def test_counts_and_means_have_their_own_columns():
    volume = made([20, 24, 18] * 4, what="volume")
    assert tables.header(volume) == ("Month", "Number", "Lower limit", "Centre", "Upper limit", "Signal", "Note")
    assert tables.rows(volume)[0][:2] == (f"Jan{SP}2023", "20") and tables.rows(volume)[0][3] == "20.7"
    days = made(n=[20] * 9, values=np.resize([20.0, 22.0, 21.5], 9), what="endpoint_day")
    assert "(the last induction session, unless the rules say otherwise)" in words.source_sentence(days)
    assert tables.header(days)[:3] == ("Month", "Courses", "Mean")
    assert tables.rows(days)[0][1:3] == ("20", f"20.0{SP}days")


def test_points_say_period_value_counts_and_signal():
    found = made([10, 12, 9, 11, 10, 12, 9, 11, 20, 12, 9, 11], [20] * 12)
    texts = tables.point_texts(found)
    assert texts[0] == f"Jan{SP}2023: 50{SP}%, 10 of 20"
    assert texts[8] == f"Sep{SP}2023: 100{SP}%, 20 of 20, outside a limit (better)"


# --- sites -------------------------------------------------------------------------------------------


def site(found, name="North"):
    return SiteTrend(name, found.asked, found.tally, found.chart, found.signals)


def test_a_mark_of_the_grid_in_words():
    quiet, few = site(steady()), site(steady(4))
    loud = site(made([10, 12, 9, 11, 10, 12, 9, 11, 20, 12, 9, 11], [20] * 12))
    labels = steady().labels
    assert words.site_sentence(quiet, "North", labels) == "North: no signal"
    assert words.site_sentence(few, "North", labels) == "North: too few periods to judge"
    assert words.site_sentence(loud, "North", labels) == f"North: signal, better, last in Sep{SP}2023"
    assert tables.site_row(loud, "North", labels)[1:] == (
        "12", f"57{SP}%", f"55{SP}% (Dec{SP}2023)", "signal, better", f"Sep{SP}2023: outside a limit")
    assert tables.site_row(few, "North", labels)[2] == "\N{EN DASH}"
    assert tables.site_point_texts(quiet, "North", labels)[0] == f"North, Jan{SP}2023: 50{SP}%"


def test_the_grid_counts_and_does_not_rank():
    assert words.grid_sentence(["none", "better", "too_few"], "month") == (
        "1 of 2 charts that can be judged shows a signal; 1 chart has too few months.")
    assert words.grid_sentence(["too_few"] * 3, "year") == "Every series by site has too few years to judge."
    assert words.grid_warning(0, 0) == "" and "one in nine" in words.grid_warning(4, 12)
