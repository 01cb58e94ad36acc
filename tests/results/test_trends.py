"""Trends: periods, what is counted in them, what may be judged, and what signals."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import analytics
from analytics.courses.sessions import course_sessions
from analytics.definitions.tables import day_number
from analytics.results.trends import LEAST_COURSES, LEAST_FROZEN, LEAST_PERIODS, chart_of
from analytics.results.trends_periods import periods, units_of, year_attribute
from analytics.results.trends_series import fitting_unit, site_trends, trend
from analytics.results.trends_signals import Signal, signals_of, state_of
from analytics.results.trends_tally import Asked
from analytics.statistics.control_charts import run_rules
from tests.drawn import attribute, induction, outcomes_of, score, session

SAMPLE = Path(__file__).parents[2] / "sample_data"
NAN = np.nan


@pytest.fixture(scope="module")
def sample():
    """The dated sample, as in the internal mode."""
    names = ("assessments", "sessions", "patients")
    return analytics.outcomes(analytics.load([SAMPLE / "dated" / f"{name}.csv" for name in names]))


@pytest.fixture(scope="module")
def relative():
    """The sample on relative days, with an attribute of years."""
    return analytics.outcomes(analytics.load([SAMPLE / f"{name}.csv" for name in ("assessments", "sessions",
                                                                                  "patients")]))


def asked(what="response"):
    return Asked(what, "phq9")


# --- when a chart may speak --------------------------------------------------------------------------


def test_a_site_of_one_course_never_signals():
    chart = chart_of(np.array([1]), np.array([1]))
    assert chart.why == "too_few_periods" and not chart.is_signal.any() and np.isnan(chart.values).all()


def test_one_of_one_in_every_month_never_signals():
    chart = chart_of(np.ones(60), np.ones(60))
    assert chart.n_judged == 0 and not chart.is_signal.any()


@pytest.mark.parametrize(("n", "speaks"), [(LEAST_PERIODS - 1, False), (LEAST_PERIODS, True)])
def test_rules_need_so_many_judged_periods(n, speaks):
    x = np.resize([10, 12, 9, 11], n)
    assert chart_of(x, np.full(n, 20)).can_speak is speaks
    judged = np.arange(20) < n
    assert chart_of(np.resize([10, 12, 9, 11], 20), np.full(20, 20), is_judged=judged).can_speak is speaks


def test_a_point_of_any_one_rule_is_a_signal():
    silent = chart_of(np.resize([10, 12, 9, 11], 12), np.full(12, 20))
    assert silent.can_speak and not silent.is_signal.any()
    for place, rule in enumerate(("is_outside", "is_run", "is_trend", "is_near_limit")):
        flags = np.arange(12) == place
        assert replace(silent, **{rule: flags}).is_signal.tolist() == flags.tolist()


@pytest.mark.parametrize(("rule", "n"), [("is_outside", 2), ("is_near_limit", 1)])
def test_only_points_near_a_limit_may_have_another_between_them(rule, n):
    chart = chart_of(np.resize([10, 12, 9, 11], 12), np.full(12, 20))
    flags = np.isin(np.arange(12), (1, 3))
    assert len(signals_of(replace(chart, **{rule: flags}))) == n


def test_a_frozen_baseline_needs_enough_of_its_own():
    x, n = np.resize([10, 12, 9, 11], 12), np.full(12, 20)
    holes = n.copy()
    holes[1] = 0
    assert LEAST_FROZEN == 6
    assert chart_of(x, n, n_baseline=6).can_speak and not chart_of(x, holes, n_baseline=6).can_speak
    assert chart_of(x, n, n_baseline=6).is_frozen and not chart_of(x, n, n_baseline=12).is_frozen


def test_the_baseline_starts_with_the_first_judged_period():
    x, n = np.array([0, 0, *np.resize([10, 12, 9, 11], 12)]), np.array([0, 20, *[20] * 12])
    chart = chart_of(x, n, n_baseline=6, is_judged=np.arange(14) > 1)
    assert chart.n_baseline == 6 and chart.centre == pytest.approx((10 + 12 + 9 + 11 + 10 + 12) / 120)
    assert np.isnan(chart.low[:2]).all() and not np.isnan(chart.low[2:]).any()


@pytest.mark.parametrize(("had", "why"), [(4, "too_few_events"), (5, ""), (155, ""), (156, "too_few_events")])
def test_a_rate_needs_courses_with_and_without(had, why):
    x = np.array([had // 8 + (place < had % 8) for place in range(8)])
    assert chart_of(x, np.full(8, 20)).why == why


@pytest.mark.parametrize("n", [LEAST_COURSES - 1, LEAST_COURSES])
def test_a_period_of_fewer_than_five_courses_has_no_value(n):
    is_there = n >= LEAST_COURSES
    x, sizes = np.resize([10, 12, 9, 11], 10), np.array([*[20] * 9, n])
    x[-1] = 2
    assert np.isnan(chart_of(x, sizes).values[-1]) != is_there
    means = np.resize([8.0, 9.0, 7.0], 10)
    chart = chart_of(None, sizes, means, "xmr")
    assert np.isnan(chart.values[-1]) != is_there and chart.n_judged == 9 + is_there


def test_what_is_not_judged_makes_no_limit_and_no_signal_and_is_still_drawn():
    x, n = np.resize([10, 12, 9, 11], 12), np.full(12, 20)
    x[-1] = 0
    judged = np.arange(12) < 11
    chart, whole = chart_of(x, n, is_judged=judged), chart_of(x, n)
    assert chart.values[-1] == 0 and np.isnan(chart.high[-1]) and not chart.is_signal.any()
    assert chart.centre == chart_of(x[:11], n[:11]).centre
    assert whole.is_outside[-1] and whole.n_judged == 12


def test_rates_that_scatter_get_laneys_chart_and_others_do_not():
    scattered = chart_of(np.array([120, 260, 150, 340, 90, 310, 205, 180]),
                         np.array([400, 600, 500, 610, 380, 650, 520, 450]))
    assert scattered.kind == "p_prime" and scattered.ratio == pytest.approx(6.809201480464)
    assert chart_of(np.resize([10, 12, 9, 11], 8), np.full(8, 20)).kind == "p"


def test_a_count_has_no_limit_below_nothing():
    chart = chart_of(np.resize([1, 5, 2, 4, 0], 20), None, kind="count")
    assert chart.kind == "xmr" and (chart.low == 0).all() and not chart.is_signal.any()


@pytest.mark.parametrize(("newest", "n", "is_outside"), [
    (13, [40] * 16, True), (13, [5] * 16, False), (14, [5] * 16, True), (14, [40] * 15 + [5], False)])
def test_a_mean_of_few_courses_must_be_further_out(newest, n, is_outside):
    """A mean of five has a heavier tail than one of forty, and alone among forties a larger error."""
    values = np.append(np.resize([8.0, 9.0, 7.5, 8.5], 15), newest)
    assert chart_of(None, np.array(n), values, "xmr").is_outside[-1] == is_outside


def test_values_that_never_vary_have_no_limits():
    chart = chart_of(None, np.full(9, 10), np.full(9, 4.0), "xmr")
    assert chart.why == "no_variation" and chart.centre == 4


def test_a_real_step_is_found():
    """Response from 40 % to 65 % after two years of 30 courses a month."""
    chance = np.random.default_rng(2)
    x = np.append(chance.binomial(30, 0.4, 24), chance.binomial(30, 0.65, 12))
    for n_baseline in (None, 12, 24):
        chart = chart_of(x, np.full(36, 30), n_baseline=n_baseline)
        assert chart.is_signal[24:].any()
        assert not chart.is_signal[:17].any() or n_baseline is None


def noise(kind, n_periods, chance):
    n = chance.poisson(7, n_periods)
    if kind == "p":
        return chart_of(chance.binomial(n, 0.2), n, n_baseline=12)
    if kind == "count":
        return chart_of(n, None, kind="count")
    with np.errstate(divide="ignore", invalid="ignore"):
        return chart_of(None, n, chance.gamma(2 * n, 1) / np.where(n, n, np.nan), "xmr")


@cache
def nominal_shares():
    """By rule: how often it signals in 24 points of a normal process with known limits."""
    plain = [run_rules(row, np.zeros(24), np.ones(24)) for row in np.random.default_rng(1).normal(size=(2000, 24))]
    return [np.mean([rules[place].any() for rules in plain]) for place in range(4)]


@pytest.mark.parametrize("kind", ["p", "count", "xmr"])
def test_noise_signals_no_more_often_than_the_rules_do_on_a_normal_process(kind):
    """By rule: the share of series of 24 months with any signal, against known limits; 2.5 errors are allowed."""
    chance, trials = np.random.default_rng(12), 400
    charts = [noise(kind, 24, chance) for _ in range(trials)]
    for place, name in enumerate(("is_outside", "is_run", "is_trend", "is_near_limit")):
        nominal = nominal_shares()[place]
        share = np.mean([getattr(chart, name).any() for chart in charts])
        assert share <= nominal + 2.5 * np.sqrt(nominal * (1 - nominal) / trials), name


# --- periods -----------------------------------------------------------------------------------------


def dated(*starts, as_of, scored=True, **more):
    """One patient a start: an induction, a score on day 0 and one 20 days after its last session."""
    days = [day_number(one) for one in starts]
    scores = [score(f"P{place:03}", day + since, total) for place, day in enumerate(days)
              for since, total in ((0, 20), (30, 8)) if scored and day + since <= day_number(as_of)]
    sessions = [one for place, day in enumerate(days) for one in induction(f"P{place:03}", day)
                if one["day"] <= day_number(as_of)]
    return outcomes_of(scores, sessions, axis="date", as_of=as_of, **more)


def test_a_course_belongs_to_the_month_of_its_day_zero_and_empty_months_stay():
    of = dated(date(2024, 1, 31), date(2024, 2, 1), date(2024, 5, 1), as_of=date(2024, 7, 15))
    found = periods(of, "month")
    assert found.labels == ("2024-01", "2024-02", "2024-03", "2024-04", "2024-05", "2024-06", "2024-07")
    assert found.of_course.tolist() == [0, 1, 4]
    assert periods(of, "quarter").labels == ("2024-Q1", "2024-Q2", "2024-Q3")
    assert periods(of, "quarter").of_course.tolist() == [0, 0, 1]
    assert periods(of, "year").labels == ("2024",)


@pytest.mark.parametrize(("as_of", "is_over"), [(date(2024, 3, 30), False), (date(2024, 3, 31), True)])
def test_a_period_is_over_on_its_last_day(as_of, is_over):
    found = periods(dated(date(2024, 1, 5), date(2024, 3, 1), as_of=as_of), "month")
    assert found.is_over.tolist() == [True, True, is_over]
    assert periods(dated(date(2024, 1, 5), as_of=as_of), "quarter").is_over.tolist() == [is_over]


@pytest.mark.parametrize(("first", "is_whole"), [(date(2024, 1, 1), True), (date(2024, 1, 2), False)])
def test_a_period_is_whole_where_the_files_reach_back_to_its_first_day(first, is_whole):
    found = periods(dated(first, date(2024, 3, 1), as_of=date(2024, 6, 1)), "month")
    assert found.is_whole.tolist() == [is_whole, True, True, True, True, True]


def test_a_change_stands_where_its_day_lies():
    found = periods(dated(date(2024, 1, 5), as_of=date(2024, 12, 31)), "month")
    assert found.spot_of("2024-01-01") == -0.5
    assert found.spot_of("2024-03-16") == pytest.approx(1.5 + 15 / 31)
    assert found.spot_of("2024") == -0.5
    assert found.spot_of("2023-12-31") is None and found.spot_of("2025") is None
    by_year = periods(dated(date(2022, 1, 5), as_of=date(2024, 12, 31)), "year")
    assert by_year.spot_of("2023") == 1 and by_year.spot_of("2024-01-01") == 1.5


def test_finer_than_a_year_is_for_the_inside_alone(sample, relative):
    assert units_of(sample, is_internal=True) == ("month", "quarter", "year")
    assert units_of(sample, is_internal=False) == ("year",)
    assert units_of(relative, is_internal=True) == ("year",)
    with pytest.raises(ValueError, match="Real dates were needed"):
        periods(relative, "month")


def with_years(name, *years):
    scores = [one for place in range(len(years)) for one in (score(f"P{place}", 0, 20), score(f"P{place}", 30, 8))]
    sessions = [one for place in range(len(years)) for one in induction(f"P{place}")]
    return outcomes_of(scores, sessions, [attribute(f"P{place}", name, year) for place, year in enumerate(years)])


def test_years_come_from_an_attribute_and_the_ends_are_not_judged():
    found = periods(with_years("treated year", "2019", "2022", "2022"), "year")
    assert found.labels == ("2019", "2020", "2021", "2022") and found.attribute == "treated year"
    assert found.of_course.tolist() == [0, 3, 3]
    assert found.is_over.tolist() == [True, True, True, False] and found.is_whole.tolist() == [False, True, True, True]


@pytest.mark.parametrize(("name", "year"), [
    ("birth_year", "1960"), ("year of diagnosis", "2001"), ("onset", "2001"), ("site", "North"), ("code", "2150"),
    ("batch", "20191")])
def test_other_years_and_other_numbers_are_no_calendar(name, year):
    of = with_years(name, year, year)
    assert year_attribute(of) is None and units_of(of, is_internal=True) == ()
    with pytest.raises(ValueError, match="neither"):
        periods(of, "year")


def test_the_year_of_the_start_comes_before_others(relative):
    assert year_attribute(relative) == "start_year"


# --- what is counted ---------------------------------------------------------------------------------


def plainly(of, what):
    """Numerator and denominator, or the values behind a mean, by month: row by row."""
    table = of.table[of.table["instrument"] == "phq9"]
    had, counted, values, not_due = Counter(), Counter(), {}, Counter()
    for row in table.itertuples():
        month = str(of.courses["start_month"].iloc[row.course])
        reason = getattr(row, {"response": "left_out", "remission": "left_out_remission", "worsening":
                               "left_out_worsening", "mean_improvement": "left_out_mean_improvement"}.get(
                                   what, "left_out_follow_up"))
        not_due[month] += reason == "not_due"
        if what == "evaluated":
            counted[month] += pd.isna(reason) or reason in ("no_baseline", "no_endpoint")
            had[month] += bool(pd.isna(reason) and row.has_endpoint)
        elif pd.isna(reason):
            counted[month] += 1
            if what == "mean_improvement":
                values.setdefault(month, []).append(row.improvement)
            elif what == "endpoint_day" and row.has_endpoint:
                values.setdefault(month, []).append(row.endpoint_days_from_anchor)
            elif what == "follow_up":
                had[month] += bool(row.has_endpoint)
            elif what != "endpoint_day":
                had[month] += bool(getattr(row, what))
    return had, counted, values, not_due


@pytest.mark.parametrize("what", ["response", "remission", "worsening", "follow_up", "evaluated"])
def test_rates_by_month_are_those_of_a_plain_count(sample, what):
    had, counted, _, not_due = plainly(sample, what)
    found = trend(sample, asked(what), periods(sample, "month"))
    for place, label in enumerate(found.labels):
        tally = (found.tally.x[place], found.tally.n[place], found.tally.n_not_due[place])
        assert tally == (had[label], counted[label], not_due[label]), label
    assert found.tally.n.sum() + sum(found.left_out.values()) == found.n_courses


@pytest.mark.parametrize("what", ["endpoint_day", "mean_improvement"])
def test_means_by_month_are_those_of_a_plain_count(sample, what):
    _, _, values, _ = plainly(sample, what)
    found = trend(sample, asked(what), periods(sample, "month"))
    for place, label in enumerate(found.labels):
        own = values.get(label, [])
        assert found.tally.n[place] == len(own)
        if own:
            assert found.tally.values[place] == pytest.approx(sum(own) / len(own))


def test_volume_and_sessions_by_month_are_those_of_a_plain_count(sample):
    months = periods(sample, "month")
    started = Counter(str(month) for month, kind in zip(sample.courses["start_month"], sample.courses["kind"],
                                                        strict=True) if kind != "booster")
    volume = trend(sample, asked("volume"), months)
    assert {label: n for label, n in zip(volume.labels, volume.tally.x, strict=True) if n} == started
    given = Counter((date(1970, 1, 1) + timedelta(days=int(day))).strftime("%Y-%m")
                    for day in sample.tables.sessions["day"])
    sessions = trend(sample, asked("sessions"), months, sessions=course_sessions(sample))
    assert {label: n for label, n in zip(sessions.labels, sessions.tally.x, strict=True) if n} == given


def test_sites_add_up_and_stand_by_name_missing_last(sample):
    months = periods(sample, "quarter")
    sessions = course_sessions(sample)
    for what in ("response", "volume", "sessions", "mean_improvement"):
        whole = trend(sample, asked(what), months, sessions=sessions)
        by_site = site_trends(sample, asked(what), months, "site", sessions=sessions)
        assert [one.site for one in by_site] == ["North", "South", "West"]
        for name in ("x", "n", "n_not_due"):
            both = sum(getattr(one.tally, name) for one in by_site)
            np.testing.assert_array_equal(both, getattr(whole.tally, name))


def test_filters_hold_for_courses_and_for_their_sessions(sample):
    months, sessions = periods(sample, "month"), course_sessions(sample)
    for what in ("response", "volume", "sessions"):
        north = trend(sample, asked(what), months, {"site": ["North"]}, sessions)
        alone = site_trends(sample, asked(what), months, "site", sessions=sessions)[0]
        np.testing.assert_array_equal(north.tally.x, alone.tally.x)


def test_years_of_an_attribute_give_the_sessions_of_their_courses(relative):
    found = trend(relative, asked("sessions"), periods(relative, "year"), sessions=course_sessions(relative))
    assert found.tally.x.sum() == len(relative.tables.sessions)
    assert found.standing == ("not_whole", "silent", "not_over") and found.attribute == "start_year"


def test_courses_without_a_year_are_counted_apart():
    scores = [one for name in "AB" for one in (score(name, 0, 20), score(name, 30, 8))]
    of = outcomes_of(scores, [*induction("A"), *induction("B")], [attribute("A", "start_year", "2024")])
    found = trend(of, asked(), periods(of, "year"))
    assert (found.n_courses, found.n_undated, found.tally.n.tolist()) == (1, 1, [1])


def test_courses_that_are_not_due_never_dent_the_right_end():
    """Six courses a month; those of the last two months are not due, and their scores so far are all bad."""
    starts = [date(2023 + month // 12, month % 12 + 1, 20 + place) for month in range(14) for place in range(6)]
    of = dated(*starts, as_of=date(2024, 2, 29))
    found = trend(of, asked(), periods(of, "month"))
    assert found.standing[-2:] == ("not_due", "not_due") and found.standing[-3] != "not_due"
    assert not found.chart.is_judged[-2:].any() and not found.chart.is_signal.any()
    volume = trend(of, asked("volume"), periods(of, "month"))
    assert volume.standing[0] == "not_whole" and not volume.chart.is_judged[0] and volume.chart.is_judged[-1]


def test_an_empty_month_of_volume_is_a_value_and_of_a_rate_is_none():
    starts = [date(2023, month, 1 + place) for month in (1, 2, 4, 5, 6, 7, 8, 9, 10) for place in range(8)]
    of = dated(*starts, as_of=date(2024, 6, 30))
    rate, volume = (trend(of, asked(what), periods(of, "month")) for what in ("response", "volume"))
    assert rate.standing[2] == "empty" and np.isnan(rate.chart.values[2])
    assert volume.chart.values[2] == 0 and volume.chart.is_judged[2]


def test_boosters_are_sessions_and_no_started_courses():
    sessions = [*induction("A", day_number(date(2024, 1, 3))), session("A", day_number(date(2024, 6, 3)))]
    of = outcomes_of([score("A", day_number(date(2024, 1, 3)), 20)], sessions, axis="date", as_of=date(2024, 6, 30))
    months = periods(of, "month")
    assert trend(of, asked("volume"), months).tally.x.tolist() == [1, 0, 0, 0, 0, 0]
    assert trend(of, asked("sessions"), months, sessions=course_sessions(of)).tally.x.tolist() == [4, 0, 0, 0, 0, 1]


@pytest.mark.parametrize(("sessions", "preset", "started"), [
    (induction("A", day_number(date(2024, 1, 3))), "induction", 1),
    (induction("A", day_number(date(2024, 1, 3))), "twelve_month", 2), ((), "first_last", 2)])
def test_a_patient_without_a_session_started_a_course_only_where_nobody_looks_at_sessions(sessions, preset, started):
    scores = [score(who, day_number(date(2024, 1, 3)), 20) for who in "AB"]
    of = outcomes_of(scores, sessions, axis="date", as_of=date(2024, 2, 28), preset=preset)
    found = trend(of, asked("volume"), periods(of, "month"))
    assert found.tally.x.tolist() == [started, 0] and found.n_courses == started


def test_a_patient_without_a_session_is_left_out_of_a_rate_by_name():
    first = day_number(date(2024, 1, 3))
    scores = [score(who, first + day, total) for who in "AB" for day, total in ((0, 20), (24, 9))]
    of = outcomes_of(scores, induction("A", first), axis="date", as_of=date(2024, 3, 31))
    found = trend(of, asked(), periods(of, "quarter"))
    assert found.tally.n.tolist() == [1] and found.left_out == {"no_sessions": 1}


def test_the_intervals_of_a_month_are_those_of_its_rate(sample):
    found = trend(sample, asked(), periods(sample, "month"))
    place = int(np.argmax(found.tally.n))
    month = found.labels[place]
    rate = analytics.summarize(sample, where={"start_month": [month]}, instruments=("phq9",),
                               measures=("response",)).results[0]
    assert (found.lows[place], found.highs[place]) == (rate.low, rate.high)
    assert (found.tally.x[place], found.tally.n[place]) == (rate.numerator, rate.denominator)
    assert not np.isnan(trend(sample, asked("evaluated"), periods(sample, "month")).lows[place])


def test_auto_takes_the_finest_unit_that_holds_enough(sample, relative):
    units = units_of(sample, is_internal=True)
    assert fitting_unit(sample, asked(), units) == "month"
    assert fitting_unit(sample, asked(), units, by="site") == "quarter"
    assert fitting_unit(sample, asked(), units, {"clinician": ["C1"]}) in ("quarter", "year")
    assert fitting_unit(relative, asked(), ("year",)) == "year"
    assert fitting_unit(sample, asked(), units, {"site": ["nowhere"]}) == "year"


def test_an_empty_cohort_has_a_chart_that_says_nothing(sample):
    found = trend(sample, asked(), periods(sample, "month"), {"site": ["nowhere"]})
    assert found.chart.why == "too_few_periods" and found.n_courses == 0 and set(found.standing) == {"empty"}
    assert site_trends(sample, asked(), periods(sample, "month"), "site", {"site": ["nowhere"]}) == ()


# --- signals -----------------------------------------------------------------------------------------


def test_each_signal_is_named_once_with_its_periods_and_its_way():
    values = [10, 11, 9, 10, 12, 10, 9, 11, 10, 25, 11, NAN, 10, 9, 12, 10, 11, 9, 10, 11, 9]
    found = signals_of(chart_of(None, None, np.array(values), "xmr"))
    assert found == (Signal("outside", (9,), True),)


def test_a_row_goes_across_an_empty_period_and_a_turn_ends_it():
    base = [10, 14, 10, 14, 10, 14, 10, 14, 10, 14]
    values = [*base, 13, 13.5, 13, NAN, 13.5, 13, 13.5, 13, *[11] * 7]
    found = [one for one in signals_of(chart_of(None, None, np.array(values), "xmr")) if one.rule == "run"]
    assert [(one.places, one.is_up) for one in found] == [
        ((9, 10, 11, 12, 14, 15, 16, 17), True), (tuple(range(18, 25)), False)]


def test_a_rise_and_a_fall_that_share_their_peak_are_two():
    values = [5, 9, 4, 8, 5, 9, 1, 2, 3, 4, 5, 6, 7, 6.5, 5.5, 4.5, 3.5, 2.5, 1.5, 5, 9, 5, 9]
    found = [one for one in signals_of(chart_of(None, None, np.array(values), "xmr")) if one.rule == "trend"]
    assert [(one.places, one.is_up) for one in found] == [
        (tuple(range(6, 13)), True), (tuple(range(12, 19)), False)]


def test_two_near_a_limit_with_one_between_are_one_signal():
    values = [*np.resize([10, 14], 12), 24, 12, 24, *np.resize([10, 14], 12)]
    found = signals_of(chart_of(None, None, np.array(values, float), "xmr"))
    assert [(one.rule, one.places) for one in found] == [("near_limit", (12, 14))]


def test_points_outside_are_no_second_signal_near_the_limit():
    values = [*np.resize([10, 14], 13), 33, 33, *np.resize([10, 14], 13)]
    found = signals_of(chart_of(None, None, np.array(values), "xmr"))
    assert [one.rule for one in found] == ["outside"] and found[0].places == (13, 14)


@pytest.mark.parametrize(("direction", "is_up", "state"), [
    ("benefit", True, "better"), ("benefit", False, "worse"), ("harm", True, "worse"), ("harm", False, "better"),
    ("process", True, "changed"), ("process", False, "changed")])
def test_the_newest_signal_says_which_way(direction, is_up, state):
    chart = chart_of(np.resize([10, 12, 9, 11], 12), np.full(12, 20))
    older, newer = Signal("outside", (2,), not is_up), Signal("run", tuple(range(3, 10)), is_up)
    assert state_of(chart, (older, newer), direction) == state
    assert state_of(chart, (), direction) == "none"
    assert state_of(chart_of(np.array([1]), np.array([1])), (), direction) == "too_few"


def test_directions_follow_the_measure():
    assert [asked(what).direction for what in ("response", "worsening", "follow_up", "evaluated", "volume",
                                               "endpoint_day", "mean_improvement", "nhs_no_reliable_change")] == [
        "benefit", "harm", "benefit", "benefit", "process", "process", "benefit", "process"]


def test_a_site_that_opened_later_has_no_idle_months_before(sample):
    """The site West of the sample opened in its fourth month."""
    found = {one.site: one for one in site_trends(
        sample, asked("volume"), periods(sample, "month"), "site", sessions=course_sessions(sample))}
    west, north = found["West"].chart, found["North"].chart
    began = int(np.argmax(found["West"].tally.values > 0))
    assert began > 0 and not found["West"].tally.values[:began].any()
    assert not west.is_judged[:began + 1].any() and west.is_judged[began + 1]
    assert north.is_judged[1]
