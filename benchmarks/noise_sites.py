"""How often charts and funnels of twelve sites signal where there is nothing but noise, by the product.

Every clinic has twelve sites with a constant rate and a constant expected volume each. Their charts are asked as the
Trends page does, and with the textbook's limits alone; beside each share stands how often the same rule signals on a
normal process whose centre and limits are known, over as many points as were judged. Funnels are asked as the Groups
page does. Prints the tables of ``docs/coverage.md``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

sys.path.insert(0, str(Path(__file__).parent.parent))

from analytics.results.trends import TrendChart, chart_of
from analytics.statistics.case_mix import expected_by_case_mix
from analytics.statistics.control_charts import RUN, Chart, laney_p, p_chart, xmr
from analytics.statistics.funnel import BEYOND_95, BEYOND_998, LEVELS, MINIMUM_N, TOO_SMALL, funnel_place

N_SITES = 12
MONTHS = (12, 18, 24, 36)
FROZEN = (6, 12, 24)
VOLUMES, SHARES = (1, 60), (0.05, 0.6)
"""Expected courses a month (drawn evenly on the log scale) and rates of the sites."""

BANDS = ((1, 3), (3, 8), (8, 20), (20, 60))
RULES = ("outside", "run", "trend", "near_limit")


SHOWING_WHY = ("36 months", "36 months, the first 12 frozen")
"""The settings in which the textbook's limits are looked at, the first by volume."""


@dataclass(frozen=True)
class Site:
    """A site's months (or quarters): courses, those that achieved, and their mean days to the endpoint."""

    x: np.ndarray
    n: np.ndarray
    days: np.ndarray
    volume: float

    def by_quarter(self) -> Site:
        """The same by quarter."""
        x, n = (one.reshape(-1, 3).sum(axis=1) for one in (self.x, self.n))
        total = np.where(self.n > 0, self.days * self.n, 0).reshape(-1, 3).sum(axis=1)
        return Site(x, n, _mean(total, n), self.volume * 3)


def _mean(total: np.ndarray, n: np.ndarray) -> np.ndarray:
    return np.where(n > 0, total / np.maximum(n, 1), np.nan)


def clinic(chance: np.random.Generator, n_months: int) -> list[Site]:
    """Twelve sites in which nothing changes."""
    sites = []
    for volume in np.exp(chance.uniform(*np.log(VOLUMES), N_SITES)):
        n = chance.poisson(volume, n_months)
        # Skewed days to the endpoint, whole and within the window of 1 to 31.
        days = np.clip(np.round(chance.gamma(2, 6, n.sum())), 1, 31)
        total = np.bincount(np.repeat(np.arange(n_months), n), days, n_months)
        sites.append(Site(chance.binomial(n, chance.uniform(*SHARES)), n, _mean(total, n), float(volume)))
    return sites


AnyChart = Chart | TrendChart
Ask = Callable[[Site, int | None], AnyChart]

SHOWN: dict[str, Ask] = {
    "rate (p, or p')": lambda site, frozen: chart_of(site.x, site.n, n_baseline=frozen),
    "volume": lambda site, frozen: chart_of(site.n, None, kind="count", n_baseline=frozen),
    "mean days to endpoint": lambda site, frozen: chart_of(None, site.n, site.days, "xmr", frozen),
}
"""What the Trends page shows."""

TEXTBOOK: dict[str, Ask] = {
    "p": lambda site, frozen: p_chart(site.x, site.n, frozen),
    "p'": lambda site, frozen: laney_p(site.x, site.n, frozen),
    "XmR of the rate": lambda site, frozen: xmr(_mean(site.x, site.n), frozen),
    "XmR of the volume": lambda site, frozen: xmr(site.n, frozen),
}
"""The same by the rules alone."""


def flags_of(chart: AnyChart) -> np.ndarray:
    """Shape (rules, points)."""
    return np.array([getattr(chart, f"is_{rule}") for rule in RULES])


def n_points(chart: AnyChart) -> int:
    """The points that the rules looked at: none where a chart may not speak."""
    if isinstance(chart, TrendChart):
        return chart.n_judged if chart.can_speak else 0
    return int((~np.isnan(chart.values)).sum())


def nominal_rates(longest: int, n_series: int, seed: int) -> np.ndarray:
    """How often each of the four rules, and any, signals on a normal process with known centre and limits.

    Returns
    -------
    shares of series, shape (longest + 1, rules + 1), by the number of points
    """
    values = np.random.default_rng(seed).standard_normal((n_series, longest))
    ends = np.zeros((len(RULES), n_series, longest), dtype=bool)
    ends[0] = np.abs(values) > 3
    for rule, ways, width in ((1, np.sign(values), RUN), (2, np.sign(np.diff(values, axis=1)), RUN - 1)):
        windows = np.abs(sliding_window_view(ways, width, axis=1).sum(axis=2)) == width
        ends[rule, :, -windows.shape[1]:] = windows
    for is_near in (values > 2, values < -2):
        ends[3, :, 2:] |= sliding_window_view(is_near, 3, axis=1).sum(axis=2) >= 2
    by_length = np.logical_or.accumulate(np.concatenate([ends, ends.any(axis=0)[None]]), axis=2).mean(axis=1)
    return np.vstack([np.zeros(len(RULES) + 1), by_length.T])


@dataclass
class Tally:
    """Charts of one kind: how many of them signalled, by rule and by any, and how many points they had."""

    n_charts: int = 0
    n_speaking: int = 0
    found: np.ndarray = field(default_factory=lambda: np.zeros(len(RULES) + 1))
    lengths: dict[int, int] = field(default_factory=dict)

    def add(self, chart: AnyChart) -> None:
        """Count one chart."""
        flags, length = flags_of(chart), n_points(chart)
        self.n_charts += 1
        self.n_speaking += length > 0
        self.found += [*flags.any(axis=1), flags.any()]
        self.lengths[length] = self.lengths.get(length, 0) + 1

    def shares(self) -> np.ndarray:
        """Of the charts that speak, those with a signal of each rule and of any."""
        return self.found / max(self.n_speaking, 1)

    def expected(self, nominal: np.ndarray) -> np.ndarray:
        """The same by the rules, for as many points."""
        whole = sum(count * nominal[length] for length, count in self.lengths.items())
        return whole / max(self.n_speaking, 1)

    def excess(self, nominal: np.ndarray) -> np.ndarray:
        """How many standard errors each share lies above what the rules promise."""
        expected, n = self.expected(nominal), max(self.n_speaking, 1)
        return (self.shares() - expected) / np.sqrt(np.maximum(expected * (1 - expected), 1 / n) / n)


def settings() -> Iterator[tuple[str, int, int | None, bool]]:
    """Name, months, frozen points and whether by quarter, of every row."""
    for n_months in MONTHS:
        yield f"{n_months} months", n_months, None, False
    yield "36 months by quarter", 36, None, True
    for frozen in FROZEN:
        yield f"36 months, the first {frozen} frozen", 36, frozen, False
    yield "36 months by quarter, the first 6 frozen", 36, 6, True


def simulated(
    asked: dict[str, Ask], n_clinics: int, seed: int, only: tuple[str, ...] = ()
) -> dict[tuple[str, str, str], Tally]:
    """Tallies by (chart, setting, band of volume), over all settings or some; the band of all volumes is empty."""
    found: dict[tuple[str, str, str], Tally] = {}
    for number, (name, n_months, frozen, is_by_quarter) in enumerate(settings()):
        if only and name not in only:
            continue
        chance = np.random.default_rng([seed, number])
        for _ in range(n_clinics):
            for site in clinic(chance, n_months):
                low, high = next(band for band in BANDS if site.volume <= band[1])
                series = site.by_quarter() if is_by_quarter else site
                for kind, ask in asked.items():
                    chart = ask(series, frozen)
                    for band in ("", f"{low}-{high} a month"):
                        found.setdefault((kind, name, band), Tally()).add(chart)
    return found


def lines_of(found: dict[tuple[str, str, str], Tally], nominal: np.ndarray) -> Iterator[str]:
    """The rows of a table: found against promised, those more than 3 standard errors above in bold."""
    columns = (*RULES, "any")
    yield f"| chart | charts that speak | {' | '.join(one.replace('_', ' ') for one in columns)} |"
    yield f"|{'---|' * (len(columns) + 2)}"
    for key, tally in found.items():
        cells = [f"{100 * share:.1f} of {100 * promised:.1f}" for share, promised in zip(
            tally.shares(), tally.expected(nominal), strict=True)]
        cells = [f"**{cell}**" if above > 3 else cell for cell, above in zip(
            cells, tally.excess(nominal), strict=True)]
        yield f"| {', '.join(one for one in key if one)} | {tally.n_speaking:,} of {tally.n_charts:,} | " + (
            f"{' | '.join(cells)} |")


def funnel_shares(
    chance: np.random.Generator, n_clinics: int, least: int, most: int, *, is_overdispersed: bool = False,
    is_adjusted: bool = False,
) -> tuple[int, float, float]:
    """Sites with a place in the funnel, and the shares of them beyond 95 and beyond 99.8 %."""
    placed = []
    for _ in range(n_clinics):
        n = np.round(np.exp(chance.uniform(np.log(least), np.log(most), N_SITES))).astype(int)
        if is_adjusted:
            placed.append(_adjusted(chance, n))
            continue
        x = chance.binomial(n, chance.uniform(*SHARES))
        placed.append(funnel_place(x, n, is_overdispersed=is_overdispersed).place)
    place = np.concatenate(placed)
    n_placed = int((place != TOO_SMALL).sum())
    outer, inner = (float((place == one).sum()) / max(n_placed, 1) for one in (BEYOND_998, BEYOND_95))
    return n_placed, inner + outer, outer


def _adjusted(chance: np.random.Generator, n: np.ndarray) -> np.ndarray:
    """Places by observed / expected; the outcome rests on the baseline and on no site."""
    unit = np.repeat(np.arange(N_SITES), n)
    baseline = np.clip(np.round(chance.normal(17 + chance.normal(0, 1, N_SITES)[unit], 4)), 10, 27)
    achieved = chance.random(len(unit)) < 1 / (1 + np.exp(-(0.1 * (baseline - 17) + chance.normal(0, 0.7))))
    mixes = [expected_by_case_mix(achieved.astype(float), baseline, unit, N_SITES, level) for level in LEVELS]
    if mixes[0].why:
        return np.full(N_SITES, TOO_SMALL)
    n_beyond = sum(((one.low > 1) | (one.high < 1)).astype(int) for one in mixes)
    return np.where(n < MINIMUM_N, TOO_SMALL, np.array(["inside", BEYOND_95, BEYOND_998])[n_beyond])


FUNNELS = (
    ("12 sites of 1 to 60 courses", {"least": 1, "most": 60}),
    ("12 sites of 12 to 2,000 courses", {"least": 12, "most": 2000}),
    ("1 to 60 courses, overdispersion allowed for", {"least": 1, "most": 60, "is_overdispersed": True}),
    ("12 to 2,000 courses, overdispersion allowed for", {"least": 12, "most": 2000, "is_overdispersed": True}),
    ("5 to 60 courses, adjusted for the baseline score", {"least": 5, "most": 60, "is_adjusted": True}),
    ("12 to 500 courses, adjusted for the baseline score", {"least": 12, "most": 500, "is_adjusted": True}),
)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clinics", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--bands", action="store_true", help="print each chart by the volume of the site too")
    parser.add_argument("--only", choices=("shown", "textbook", "funnel"), nargs="+",
                        default=("shown", "textbook", "funnel"))
    options = parser.parse_args()
    if set(options.only) & {"shown", "textbook"}:
        nominal = nominal_rates(max(MONTHS), 100_000, options.seed)
    for name, asked in (("shown", SHOWN), ("textbook", TEXTBOOK)):
        if name not in options.only:
            continue
        found = simulated(asked, options.clinics, options.seed, SHOWING_WHY if name == "textbook" else ())
        rows = {key: found[key] for key in sorted(found, key=lambda key: list(asked).index(key[0]))
                if options.bands or not key[2] or (name == "textbook" and key[1] == SHOWING_WHY[0])}
        print(f"\n{name}\n", *lines_of(rows, nominal), sep="\n", flush=True)
    if "funnel" in options.only:
        print("\nfunnel\n\n| sites | with a place | beyond 95 % | beyond 99.8 % |\n|---|---|---|---|", flush=True)
        for number, (name, how) in enumerate(FUNNELS):
            # A model for each clinic takes long.
            n_clinics = max(options.clinics // 5, 1) if how.get("is_adjusted") else options.clinics
            n, outer, inner = funnel_shares(np.random.default_rng([options.seed, 99, number]), n_clinics, **how)
            print(f"| {name} | {n:,} | {100 * outer:.1f} % | {100 * inner:.2f} % |", flush=True)


if __name__ == "__main__":
    main()
