from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest

from analytics.statistics.proportions import effective_trials, wilson
from tests.oracles import mcinnes_2022, r_survey


@pytest.mark.parametrize(("successes", "trials", "low", "high"), mcinnes_2022.WILSON_PERCENT)
def test_wilson_gives_the_intervals_of_mcinnes(successes, trials, low, high):
    ends = wilson(np.array([successes]), np.array([trials]))
    assert [round(100 * end[0], 2) for end in ends] == [low, high]


def test_wilson_agrees_with_scipy_and_r_on_every_small_proportion():
    pairs = [(successes, trials) for trials in (1, 2, 5, 17, 40) for successes in range(trials + 1)]
    low, high = wilson(*np.array(pairs).T)
    expected = [binomtest(*pair).proportion_ci(method="wilson") for pair in pairs]
    np.testing.assert_allclose(low, [one.low for one in expected], atol=1e-12)
    np.testing.assert_allclose(high, [one.high for one in expected], atol=1e-12)
    three_of_17 = pairs.index((3, 17))
    np.testing.assert_allclose((low[three_of_17], high[three_of_17]), r_survey.WILSON_3_OF_17, atol=1e-12)


def test_none_and_all_reach_the_ends_exactly():
    low, high = wilson(np.array([0, 7]), np.array([7, 7]))
    assert low[0] == 0
    assert high[1] == 1
    assert 0 < high[0] < 1


def test_there_is_no_interval_of_nobody():
    low, high = wilson(np.array([0]), np.array([0]))
    assert np.isnan(low[0])
    assert np.isnan(high[0])


def clusters(*strata):
    """Successes, trials and stratum of clusters from pairs of lists, one a stratum."""
    stratum = np.repeat(np.arange(len(strata)), [len(trials) for _, trials in strata])
    return (np.concatenate([np.array(one, float) for one, _ in strata]),
            np.concatenate([np.array(one, float) for _, one in strata]), stratum, *np.zeros((2, len(strata)), int))


def test_trials_that_stand_alone_are_clusters_of_one():
    pairs = list(zip(r_survey.PATIENT_SUCCESSES, r_survey.PATIENT_TRIALS, strict=True))
    several = np.array([pair for pair in pairs if pair[1] > 1], float)
    alone = [successes for successes, trials in pairs if trials == 1]
    effective = effective_trials(several[:, 0], several[:, 1], np.zeros(len(several), int), np.array([sum(alone)]),
                                 np.array([len(alone)]))
    np.testing.assert_allclose(effective, [r_survey.EFFECTIVE_TRIALS], rtol=1e-9)


def test_the_effective_size_agrees_with_the_survey_package():
    effective = effective_trials(*clusters((r_survey.PATIENT_SUCCESSES, r_survey.PATIENT_TRIALS)))
    np.testing.assert_allclose(effective, [r_survey.EFFECTIVE_TRIALS], rtol=1e-9)
    share = sum(r_survey.PATIENT_SUCCESSES) / sum(r_survey.PATIENT_TRIALS)
    low, high = wilson(share * effective, effective)
    np.testing.assert_allclose((low[0], high[0]), r_survey.CLUSTERED_WILSON, rtol=1e-9)


def test_the_effective_size_never_exceeds_the_trials_and_strata_do_not_mix():
    alternating = ([1, 1, 1, 1], [2, 2, 2, 2])
    effective = effective_trials(*clusters(alternating, (r_survey.PATIENT_SUCCESSES, r_survey.PATIENT_TRIALS)))
    assert effective[0] == 8
    np.testing.assert_allclose(effective[1], r_survey.EFFECTIVE_TRIALS, rtol=1e-9)


@pytest.mark.parametrize(("successes", "trials", "expected"), [
    ([3], [4], 1), ([0, 0, 0], [2, 1, 1], 3), ([2, 1, 1], [2, 1, 1], 3), ([2, 0], [2, 0], 1)])
def test_where_clusters_say_nothing_of_the_variance_they_are_the_size(successes, trials, expected):
    assert effective_trials(*clusters((successes, trials)))[0] == expected
