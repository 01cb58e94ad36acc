from __future__ import annotations

import numpy as np

from analytics.statistics.means import mean_and_sd, mean_interval, median
from tests.oracles import r_survey

VALUES = np.array(r_survey.IMPROVEMENTS, float)


def interval_of(values, cluster):
    cluster = np.asarray(cluster)
    return mean_interval(np.bincount(cluster, values), np.bincount(cluster), np.zeros(cluster.max() + 1, int), 1)


def test_the_plain_interval_is_r_t_test():
    low, high = interval_of(VALUES, np.arange(len(VALUES)))
    np.testing.assert_allclose((low[0], high[0]), r_survey.PLAIN_MEAN_INTERVAL, rtol=1e-10)


def test_the_clustered_interval_is_that_of_the_survey_package():
    low, high = interval_of(VALUES, r_survey.PATIENT_OF_IMPROVEMENT)
    np.testing.assert_allclose((low[0], high[0]), r_survey.CLUSTERED_MEAN_INTERVAL, rtol=1e-10)


def test_one_cluster_has_no_interval():
    low, high = interval_of(np.array([3.0, 4.0]), [0, 0])
    assert np.isnan(low[0])
    assert np.isnan(high[0])


def test_mean_and_sd_of_strata():
    mean, sd = mean_and_sd(np.append(VALUES, [5.0]), np.append(np.zeros(12, int), 1), 3)
    np.testing.assert_allclose(mean[:2], [3.625, 5])
    np.testing.assert_allclose(sd[0], r_survey.SD, rtol=1e-10)
    assert np.isnan(sd[1:]).all()
    assert np.isnan(mean[2])


def test_median_of_strata():
    middle = median(np.array([1.0, 3, 5, 10, 20]), np.array([3, 0, 2, 0]))
    np.testing.assert_array_equal(middle, [3, np.nan, 15, np.nan])
