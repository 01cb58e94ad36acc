"""Results made by hand, so that the words can be read off them."""

from __future__ import annotations

from dataclasses import replace

from analytics.results.rates import Mean, Rate, Share

RATE = Rate(
    instrument="phq9", measure="response", stratum={}, courses=914, numerator=288, denominator=537,
    left_out={"booster": 20, "not_assessed": 20, "no_baseline": 61, "not_a_case": 60, "not_due": 16,
              "no_endpoint": 200},
    estimate=288 / 537, low=0.4940, high=0.5781, interval="wilson",
    missing_as_failure=Share(288, 737, 288 / 737, 0.356, 0.427), observed=None, bounds=(288 / 737, 488 / 737),
    follow_up=537 / 737, evaluated=537 / 798, looks_back=0.31, median_endpoint_day=24.0)

MEAN = Mean(
    instrument="phq9", measure="mean_improvement", stratum={}, courses=914, n=537, left_out=RATE.left_out,
    estimate=8.06, low=7.52, high=8.61, sd=6.4, interval="t", observed=None,
    missing_as_unchanged={"n": 737, "estimate": 5.87, "low": 5.3, "high": 6.4, "sd": 6.6}, follow_up=537 / 737,
    evaluated=537 / 798, looks_back=0.31, median_endpoint_day=24.0)


def rate(numerator: int, denominator: int, **changes) -> Rate:
    """A rate of so many of so many, with nobody left out."""
    share = numerator / denominator if denominator else None
    plain = replace(
        RATE, numerator=numerator, denominator=denominator, courses=denominator, left_out={}, estimate=share,
        low=None if share is None else max(share - 0.1, 0), high=None if share is None else min(share + 0.1, 1),
        missing_as_failure=Share(numerator, denominator, share, None, None), bounds=None,
        follow_up=1.0 if denominator else None, evaluated=1.0 if denominator else None)
    return replace(plain, **changes)
