"""A small part of ``benchmarks/noise_sites.py``, the same clinics each time: noise signals no more than it may."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import numpy as np
import pytest

from analytics.results.trends import chart_of
from analytics.statistics.control_charts import run_rules
from analytics.statistics.funnel import TOO_SMALL, funnel_place

BENCHMARKS = Path(__file__).parent.parent.parent / "benchmarks"

BEYOND_CHANCE = 3
"""Standard errors above what the rules promise; of 15 shares one lies so far above by chance in 50 seeds."""


@pytest.fixture(scope="module")
def noise():
    """The module of the simulation."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [str(BENCHMARKS), *sys.path])
        yield importlib.import_module("noise_sites")


@pytest.fixture(scope="module")
def nominal(noise):
    """What the rules promise, by the number of points."""
    return noise.nominal_rates(36, 50_000, 4)


def pooled(noise, asked, n_clinics):
    """Tallies of each chart over all settings."""
    found = {}
    for (kind, _, band), tally in noise.simulated(asked, n_clinics, 11).items():
        if band:
            continue
        whole = found.setdefault(kind, noise.Tally())
        whole.n_speaking += tally.n_speaking
        whole.found += tally.found
        for length, n_charts in tally.lengths.items():
            whole.lengths[length] = whole.lengths.get(length, 0) + n_charts
    return found


def test_twelve_sites_of_noise_signal_no_more_than_the_rules_promise(noise, nominal):
    for kind, tally in pooled(noise, noise.SHOWN, 6).items():
        assert tally.n_speaking > 300
        assert (tally.excess(nominal) < BEYOND_CHANCE).all(), (kind, tally.shares(), tally.expected(nominal))


def test_the_simulation_would_find_the_alarms_of_the_textbook(noise, nominal):
    """Single values with the limits of few courses, and Laney's ratio below 1: why signals are held back."""
    found = pooled(noise, {kind: noise.TEXTBOOK[kind] for kind in ("p'", "XmR of the rate")}, 6)
    for tally in found.values():
        assert tally.excess(nominal)[0] > 2 * BEYOND_CHANCE


@pytest.mark.parametrize("length", [7, 12, 36])
def test_what_the_rules_promise_is_what_they_do(noise, nominal, length):
    values = np.random.default_rng(2).standard_normal((1500, length))
    flags = np.array([run_rules(one, np.zeros(length), np.ones(length)) for one in values]).any(axis=2)
    shares = np.append(flags.mean(axis=0), flags.any(axis=1).mean())
    error = np.sqrt(np.maximum(nominal[length] * (1 - nominal[length]), 1 / 1500) / 1500)
    assert (np.abs(shares - nominal[length]) < 4 * error).all()


def test_what_the_rules_promise_grows_with_the_points_and_is_nothing_without(nominal):
    assert not nominal[0].any()
    assert not nominal[6, [1, 2]].any()
    assert nominal[7, [1, 2]].all()
    assert (np.diff(nominal, axis=0) >= 0).all()


def test_sites_of_noise_lie_in_the_funnel(noise):
    for number, (name, how) in enumerate(noise.FUNNELS):
        n_clinics = 10 if how.get("is_adjusted") else 150
        n, outer, inner = noise.funnel_shares(np.random.default_rng([3, number]), n_clinics, **how)
        assert outer < 0.05 + 3 * np.sqrt(0.05 * 0.95 / n), name
        assert inner < 0.002 + 3 * np.sqrt(0.002 / n), name


@pytest.mark.parametrize("x", [0, 1])
@pytest.mark.parametrize("n_months", [1, 12, 60])
def test_a_site_with_one_of_one_never_signals(x, n_months):
    """Alone, month after month, beside a clinic of the other kind, and after a baseline of the other kind."""
    counts = np.full(n_months, x), np.ones(n_months)
    assert not chart_of(*counts).is_signal.any()
    assert not chart_of(None, np.ones(n_months), np.full(n_months, 30.0 * x), "xmr").is_signal.any()
    assert not chart_of(np.ones(n_months), None, kind="count").is_signal.any()
    funnel = funnel_place(np.array([x, 990 - 980 * x]), np.array([1, 1000]))
    assert (funnel.place[0], funnel.side[0]) == (TOO_SMALL, 0)


@pytest.mark.parametrize(("x", "others"), [(1, 0), (0, 20)])
@pytest.mark.parametrize("place", [0, 12, 24])
def test_a_month_of_one_course_is_no_signal_among_full_ones(x, others, place):
    achieved, counted = np.full(25, others), np.full(25, 20)
    achieved[::4] = 10
    achieved[place], counted[place] = x, 1
    for frozen in (None, 12):
        chart = chart_of(achieved, counted, n_baseline=frozen)
        assert not chart.is_signal[place]
        assert np.isnan(chart.values[place])
