from __future__ import annotations

import warnings

import numpy as np
import pytest
from scipy.stats import CensoredData, ecdf, logrank
from statsmodels.duration.survfunc import survdiff

from analytics.statistics.survival import kaplan_meier, log_rank, n_at_risk, share_at
from tests.oracles.r_survival import CLUSTERED, DATA_SETS

each = pytest.mark.parametrize("known", DATA_SETS, ids=lambda known: known.name)


def or_nan(values):
    return [np.nan if value is None else value for value in values]


@each
def test_curve_interval_and_those_at_risk_are_those_of_r(known):
    curve = kaplan_meier(np.array(known.times), np.array(known.is_event))
    share, low, high = share_at(curve, np.array(known.at))
    np.testing.assert_allclose(share, known.share, rtol=1e-9)
    # R draws an interval from 1 to 1 before the first event; here it is unknown.
    has_event = np.array(known.share) < 1
    np.testing.assert_allclose(low[has_event], np.array(known.low)[has_event], rtol=1e-9)
    np.testing.assert_allclose(high[has_event], np.array(known.high)[has_event], rtol=1e-9)
    assert np.isnan(low[~has_event]).all()
    assert n_at_risk(curve, np.array(known.at)).tolist() == list(known.n_at_risk)
    np.testing.assert_allclose(or_nan([curve.median, curve.median_low, curve.median_high]), known.median)


@each
def test_intervals_of_those_who_are_there_more_than_once_are_those_of_r(known):
    cluster = np.arange(len(known.times)) ** 2 % 9
    curve = kaplan_meier(np.array(known.times), np.array(known.is_event), cluster=cluster)
    share, low, high = share_at(curve, np.array(known.at))
    lows, highs = CLUSTERED[known.name]
    has_event = np.array(known.share) < 1
    np.testing.assert_allclose(share, known.share, rtol=1e-9)
    np.testing.assert_allclose(low[has_event], np.array(lows)[has_event], rtol=1e-8)
    np.testing.assert_allclose(high[has_event], np.array(highs)[has_event], rtol=1e-8)
    assert or_nan([curve.median]) == pytest.approx([known.median[0]], nan_ok=True)
    allowed = curve.times[(curve.low < 0.5) & (curve.high > 0.5)]
    assert allowed.min(initial=np.inf) >= (np.inf if curve.median_low is None else curve.median_low)
    assert allowed.max(initial=0) <= (np.inf if curve.median_high is None else curve.median_high)


@each
def test_each_one_a_cluster_of_his_own_gives_the_plain_interval_whatever_the_order(known):
    times, is_event = np.array(known.times), np.array(known.is_event)
    plain = kaplan_meier(times, is_event)
    shuffled = np.random.default_rng(3).permutation(len(times))
    own = kaplan_meier(times[shuffled], is_event[shuffled], cluster=shuffled)
    np.testing.assert_allclose(own.low, plain.low, rtol=1e-8)
    np.testing.assert_allclose(own.high, plain.high, rtol=1e-8)


def test_courses_of_one_patient_widen_the_interval_and_unknown_ones_take_no_part():
    times, is_event, cluster = np.array([4.0, 6, 9, 12] * 2), np.array([1, 0, 1, 0] * 2), np.array([1, 2, 3, 4] * 2)
    single, twice = kaplan_meier(times[:4], is_event[:4]), kaplan_meier(times, is_event, cluster=cluster)
    np.testing.assert_allclose([twice.share, twice.low, twice.high], [single.share, single.low, single.high])
    more = kaplan_meier(np.append(times, np.nan), np.append(is_event, 1), cluster=np.append(cluster, 1))
    np.testing.assert_allclose(more.low, twice.low)


@each
def test_the_whole_curve_is_that_of_scipy(known):
    times, is_event = np.array(known.times, float), np.array(known.is_event, bool)
    curve = kaplan_meier(times, is_event)
    other = ecdf(CensoredData(uncensored=times[is_event], right=times[~is_event])).sf
    np.testing.assert_allclose(curve.share, other.evaluate(curve.times), atol=1e-12)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ends = other.confidence_interval(method="log-log")
    np.testing.assert_allclose(curve.high, np.where(np.isnan(curve.high), np.nan, ends.high.evaluate(curve.times)))
    assert curve.n_events.sum() + curve.n_censored.sum() == curve.n == curve.n_at_risk[0]


@each
def test_log_rank_is_that_of_r_and_statsmodels(known):
    times, is_event, group = np.array(known.times), np.array(known.is_event), np.array(known.group)
    test = log_rank(times, is_event, group, group.max() + 1)
    np.testing.assert_allclose(test.observed, known.observed)
    np.testing.assert_allclose(test.expected, known.expected, rtol=1e-9)
    assert (test.statistic, test.p) == pytest.approx((known.statistic, known.p), rel=1e-9)
    assert (test.degrees, test.why) == (group.max(), "")
    assert (test.statistic, test.p) == pytest.approx(survdiff(times, is_event, group), rel=1e-9)
    if group.max() == 1:
        sides = [CensoredData(uncensored=times[(group == one) & (is_event == 1)].astype(float),
                              right=times[(group == one) & (is_event == 0)].astype(float)) for one in (0, 1)]
        assert test.p == pytest.approx(logrank(*sides).pvalue, rel=1e-9)


@each
def test_those_at_risk_are_those_that_a_plain_count_finds(known):
    curve = kaplan_meier(np.array(known.times), np.array(known.is_event))
    asked = [0, *sorted(set(known.times)), *(time + 0.5 for time in set(known.times)), max(known.times) + 1]
    assert n_at_risk(curve, np.array(asked)).tolist() == [
        len([time for time in known.times if time >= moment]) for moment in asked]


def test_the_data_sets_hold_ties_and_censorings_at_the_time_of_an_event():
    tied = [one for one in DATA_SETS if len({time for time, is_event in zip(one.times, one.is_event, strict=True)
                                             if is_event}) < sum(one.is_event)]
    at_once = [one for one in DATA_SETS if {time for time, is_event in zip(one.times, one.is_event, strict=True)
                                            if is_event} & {time for time, is_event in zip(
                                                one.times, one.is_event, strict=True) if not is_event}]
    assert len(DATA_SETS) >= 10
    assert len(tied) >= 8
    assert len(at_once) >= 6


@pytest.mark.parametrize("seed", range(20))
def test_groups_drawn_with_ties_are_counted_at_risk_one_by_one(seed):
    rng = np.random.default_rng(seed)
    times, is_event = rng.integers(0, 12, 40), rng.integers(0, 2, 40)
    curve, asked = kaplan_meier(times, is_event), np.arange(-1, 14)
    assert n_at_risk(curve, asked).tolist() == [sum(time >= moment for time in times) for moment in asked]
    assert curve.n_events.tolist() == [int(((times == moment) & (is_event == 1)).sum()) for moment in curve.times]
    assert curve.n_censored.tolist() == [int(((times == moment) & (is_event == 0)).sum()) for moment in curve.times]


def test_one_censored_at_the_time_of_an_event_was_still_at_risk():
    curve = kaplan_meier(np.array([5, 5, 5, 9]), np.array([1, 0, 0, 0]))
    assert curve.share.tolist() == [0.75, 0.75]
    assert (curve.n_at_risk.tolist(), curve.n_events.tolist(), curve.n_censored.tolist()) == ([4, 1], [1, 0], [2, 1])


def test_the_curve_at_given_times_stays_unknown_where_nobody_was_watched():
    curve = kaplan_meier(np.array([2, 4, 6]), np.array([1, 1, 0]))
    share, low, high = share_at(curve, np.array([0, 1.9, 2, 5, 6, 6.1]))
    np.testing.assert_allclose(share, [1, 1, 2 / 3, 1 / 3, 1 / 3, np.nan])
    assert np.isnan(low[[0, 1, 5]]).all()
    assert (low[2:5] < share[2:5]).all()
    assert (high[2:5] > share[2:5]).all()
    assert n_at_risk(curve, np.array([0, 2, 2.1, 6, 6.1])).tolist() == [3, 3, 2, 1, 0]


def test_after_the_event_of_all_the_share_stays_none_without_an_interval():
    curve = kaplan_meier(np.array([2, 4]), np.array([1, 1]))
    share, low, high = share_at(curve, np.array([4, 99]))
    assert share.tolist() == [0, 0]
    assert np.isnan([*low, *high]).all()
    assert curve.median == 3


def test_no_event_leaves_the_curve_at_one_and_the_median_unknown():
    curve = kaplan_meier(np.array([3, 3, 8]), np.zeros(3))
    assert curve.share.tolist() == [1, 1]
    assert np.isnan(curve.low).all()
    assert (curve.median, curve.median_low, curve.median_high) == (None, None, None)


def test_a_stretch_at_one_half_that_nothing_ends_reaches_to_the_last_time():
    """As R 4.2.2: quantile(survfit(Surv(c(1:6, rep(8, 6)), rep(1:0, each = 6)) ~ 1, conf.type = "log-log"), 0.5)."""
    curve = kaplan_meier(np.array([1, 2, 3, 4, 5, 6, 8, 8, 8, 8, 8, 8]), np.repeat([1, 0], 6))
    assert (curve.median, curve.median_low, curve.median_high) == (7, 2, None)


def test_an_event_on_day_nought_counts():
    curve = kaplan_meier(np.array([0, 1]), np.array([1, 0]))
    assert curve.share.tolist() == [0.5, 0.5]
    # R 4.2.2, quantile of the same: the stretch at one half reaches to the last time.
    assert curve.median == 0.5


@pytest.mark.parametrize(("times", "is_event"), [([], []), ([np.nan, 4], [1, np.nan])])
def test_nobody_watched_gives_an_empty_curve(times, is_event):
    curve = kaplan_meier(np.array(times, float), np.array(is_event, float))
    clustered = kaplan_meier(np.array(times, float), np.array(is_event, float), cluster=np.arange(len(times)))
    assert clustered.n == 0
    assert (curve.n, curve.n_left_out, curve.median, len(curve.times)) == (0, len(times), None, 0)
    assert np.isnan(share_at(curve, np.array([0, 7]))).all()
    assert n_at_risk(curve, np.array([0, 7])).tolist() == [0, 0]


def test_unknown_times_and_statuses_are_counted_and_take_no_part():
    curve = kaplan_meier(np.array([1, np.nan, 2, 3]), np.array([1, 1, np.nan, 0]))
    assert (curve.n, curve.n_left_out, curve.share.tolist()) == (2, 2, [0.5, 0.5])
    known = DATA_SETS[0]
    extra = log_rank(np.array([*known.times, np.nan, 5]), np.array([*known.is_event, 1, np.nan]),
                     np.array([*known.group, 0, 1]), 2)
    assert extra.statistic == pytest.approx(known.statistic)


def test_a_time_before_nought_or_without_a_status_is_refused():
    with pytest.raises(ValueError, match="start at 0"):
        kaplan_meier(np.array([-1, 2]), np.array([1, 0]))
    with pytest.raises(ValueError, match="2 times and 1"):
        kaplan_meier(np.array([1, 2]), np.array([1]))


@pytest.mark.parametrize(("times", "is_event", "group", "problem"), [
    ([], [], [], "No event"),
    ([1, 2, 3, 4], [0, 0, 0, 0], [0, 0, 1, 1], "No event"),
    ([1, 2, 3, 4], [1, 1, 1, 1], [0, 0, 0, 0], "too few groups"),
    ([1, 1, 8, 9], [0, 0, 1, 1], [0, 0, 1, 1], "too few groups"),
    ([4, 4, 4, 4], [1, 1, 1, 1], [0, 0, 1, 1], "too few groups"),
])
def test_without_a_comparison_there_is_a_reason_and_no_p(times, is_event, group, problem):
    test = log_rank(np.array(times, float), np.array(is_event, float), np.array(group, int), 2)
    assert (test.p, test.statistic) == (None, None)
    assert problem in test.why


def test_a_group_never_at_risk_takes_no_part():
    known = DATA_SETS[0]
    times, is_event = np.array([*known.times, 1, 2]), np.array([*known.is_event, 0, 0])
    for empty in (1, 3):
        group = np.array([*(2 * one for one in known.group), empty, empty])
        test = log_rank(times, is_event, group, 4)
        assert (test.statistic, test.degrees) == (pytest.approx(known.statistic), 1)


def test_many_thousands_go_at_once():
    rng = np.random.default_rng(4)
    times, is_event = rng.integers(1, 400, 250_000), rng.integers(0, 2, 250_000)
    curve = kaplan_meier(times, is_event)
    assert curve.n == 250_000
    assert log_rank(times, is_event, np.arange(250_000) % 5, 5).p > 0.001
