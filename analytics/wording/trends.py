"""Trends in words: what a chart is, what it says, what its limits mean and what they cannot."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analytics.definitions.measures import MEASURES
from analytics.results.trends import LEAST_COURSES, LEAST_EVENTS, LEAST_FROZEN, LEAST_PERIODS, TrendChart
from analytics.results.trends_series import SiteTrend, Trend
from analytics.results.trends_signals import Signal, State
from analytics.results.trends_tally import Asked
from analytics.wording.definitions import REASON_TITLES, measure_title
from analytics.wording.numbers import DASH, SPACE, count, listed, percent, plural, points, rounded
from analytics.wording.rules import attribute

PROCESS_TITLES = {"volume": "Courses started", "sessions": "Sessions given", "follow_up": "Followed up",
                  "evaluated": "Evaluated share", "endpoint_day": "Days to the endpoint",
                  "mean_improvement": "Mean improvement"}
SHORT_TITLES = PROCESS_TITLES | {"endpoint_day": "Days to endpoint", "mean_improvement": "Improvement"}

CHART_NAMES = {"p": "p chart", "p_prime": "p\N{PRIME} chart (Laney)", "xmr": "XmR chart"}

STATES: dict[State, str] = {
    "too_few": "too few periods to judge", "none": "no signal", "better": "signal, better", "worse": "signal, worse",
    "changed": "signal, neither better nor worse"}

NO_TEST = ("A process chart is no test. A signal says where to look, not why; no signal does not prove that nothing "
           "changed.")
NO_CALENDAR = ("The files hold neither dates nor years, so nothing can be put in order of the calendar. Load files "
               "with dates, or with a column start_year.")
YEARS_ONLY = ("Only years are shown. For months and quarters, load files with their real dates kept on the Data page: "
              "an internal view.")
INTERNAL = "Internal view: months and quarters of real dates identify patients. Show it inside the clinic only."
WHAT_TO_DO = ("Look for what was different then: who came, who was asked, how scores were taken, what was changed in "
              "treatment. Write it down below, so that it stands in the chart.")

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def period(label: str) -> str:
    """A period in words: Mar 2024, Q1 2024, 2024."""
    year, _, part = label.partition("-")
    return f"{_MONTHS[int(part) - 1]}{SPACE}{year}" if part.isdigit() else f"{part}{SPACE}{year}".strip()


def span(labels: Sequence[str]) -> str:
    """The first and the last of some periods."""
    return period(labels[0]) if len(labels) == 1 else f"{period(labels[0])} to {period(labels[-1])}"


def what(asked: Asked, instrument: str = "") -> str:
    """What is charted, with the instrument it is read from where it is read from one."""
    title = PROCESS_TITLES.get(asked.what) or measure_title(MEASURES[asked.what])
    return f"{title}, {instrument}" if instrument else title


def value(asked: Asked, number: float) -> str:
    """A value of the series."""
    if np.isnan(number):
        return DASH
    if asked.kind == "p":
        return percent(float(number))
    if asked.kind == "count":
        return count(round(number))
    return f"{points(float(number))}{SPACE}{'days' if asked.what == 'endpoint_day' else 'points'}"


def limit(asked: Asked, number: float) -> str:
    """A limit or a centre: of a count with one decimal."""
    return f"{rounded(float(number), 1):,.1f}" if asked.kind == "count" and not np.isnan(number) else value(
        asked, number)


def way(signal: Signal, direction: str) -> str:
    """Whether a signal points to better or worse; empty where up is neither."""
    if direction == "process":
        return ""
    return "better" if signal.is_up == (direction == "benefit") else "worse"


# --- what the chart says -----------------------------------------------------------------------------


def sentence(found: Trend) -> str:
    """What the chart says, first."""
    unit, chart = found.unit, found.chart
    if not chart.can_speak:
        return too_few(chart, unit)
    judged = f"{plural(chart.n_judged, unit)} judged"
    if not found.signals:
        return f"No signal in the {judged}: they vary no more than this process always has."
    newest = max(found.signals, key=lambda one: one.places[-1])
    text = f"{plural(len(found.signals), 'signal')} in the {judged}. "
    return text + ("The newest: " if len(found.signals) > 1 else "") + signal_sentence(newest, found)


def too_few(chart: TrendChart, unit: str) -> str:
    """Why there are no limits and no rule speaks."""
    if chart.why == "too_few_events":
        return (f"Too few to judge: a rate needs at least {LEAST_EVENTS} courses with and {LEAST_EVENTS} without what "
                "is counted before it has limits.")
    if chart.why == "no_variation":
        return f"No limits: the {unit}s judged never vary, or no two of them are neighbours."
    judged = plural(chart.n_judged, unit) if chart.n_judged else f"no {unit}"
    return (f"Too few to judge: {judged} can be judged, and limits need at least {LEAST_PERIODS} "
            f"({LEAST_FROZEN} where they are frozen), each of {LEAST_COURSES} courses or more where courses are rated.")


def signal_sentence(signal: Signal, found: Trend) -> str:
    """Which periods, which rule, which way, and what it can mean."""
    labels, unit = [found.labels[place] for place in signal.places], found.unit
    better = way(signal, found.asked.direction)
    ending = f" ({better})" if better else ""
    n = len(labels)
    side, end = ("above", "upper") if signal.is_up else ("below", "lower")
    first = labels[0]
    if signal.rule == "outside" and n == 1:
        return (f"{period(first)} lies {side} the {end} limit{ending}, at "
                f"{value(found.asked, found.chart.values[signal.places[0]])}: further out than this process usually "
                "goes. One thing may have happened then.")
    if signal.rule == "outside":
        return (f"{span(labels)}: {n} {unit}s in a row lie {side} the {end} limit{ending}. The process was another one "
                "then.")
    if signal.rule == "run":
        is_last = signal.places[-1] == np.flatnonzero(found.chart.is_judged)[-1]
        meaning = "The level may have shifted." if is_last else "The level may have been another one then."
        return f"{span(labels)}: {n} {unit}s in a row {side} the centre{ending}. {meaning}"
    if signal.rule == "trend":
        step = "higher" if signal.is_up else "lower"
        return (f"{span(labels)}: {n} {unit}s in a row, each {step} than the one before{ending}. Something may be "
                "drifting.")
    return (f"{listed(period(label) for label in labels)}: two of three {unit}s in a row close to the {end} "
            f"limit{ending}. The level may have begun to move.")


def rules_sentences(found: Trend) -> tuple[str, ...]:
    """Every signal in order of time."""
    return tuple(signal_sentence(one, found) for one in sorted(found.signals, key=lambda one: one.places))


# --- what it rests on --------------------------------------------------------------------------------


def chart_sentence(found: Trend) -> str:
    """Which chart, why, and what its limits mean."""
    chart, unit = found.chart, found.unit
    if not chart.can_speak:
        return f"{CHART_NAMES[chart.kind]} without limits."
    centre = f"centre {limit(found.asked, chart.centre)}"
    if chart.kind == "xmr":
        how = (f"{CHART_NAMES['xmr']}, {centre}: limits lie 2.66 times the mean step between neighbouring {unit}s "
               "around the mean")
    elif chart.kind == "p":
        how = (f"{CHART_NAMES['p']}, {centre}: limits lie three standard errors of a rate of so many courses around "
               "the common rate")
    else:
        how = (f"{CHART_NAMES['p_prime']}, {centre}: the rates vary more than chance makes them (by a test of their "
               "dispersion), so the limits of a p chart are taken "
               f"{points(chart.ratio)} times as wide")
    return f"{how}; nearly every {unit} of a process that does not change lies inside."


def frozen_sentence(found: Trend) -> str:
    """Where the limits come from, if they are frozen."""
    if not found.chart.is_frozen:
        return ""
    text = f"Limits are frozen: they come from the first {plural(found.chart.n_baseline, found.unit)} with a value."
    thin = " So few are a thin ground, and a later signal must be the clearer." if found.chart.n_baseline < 12 else ""
    return text + thin


def careful_sentence(found: Trend) -> str:
    """That a signal must also be rare enough by count, and how often there is a false one."""
    if not found.chart.can_speak:
        return ""
    return (f"A signal must break one of four rules (outside a limit; seven {found.unit}s on one side; seven rising or "
            "falling; two of three near a limit) and be as rare as that rule says when counted exactly, so few courses "
            f"raise none. Where nothing changes, at most one chart in {_one_in(found.chart.n_judged)} still shows a "
            "signal by chance.")


FALSE_ALARMS = ((12, 0.11), (24, 0.24), (36, 0.35), (60, 0.52))
"""Periods, and the share of unchanging processes in which the four rules signal with known limits: simulated."""


def _one_in(n_judged: int) -> str:
    share = next((share for most, share in FALSE_ALARMS if n_judged <= most), FALSE_ALARMS[-1][1])
    return {0.11: "nine", 0.24: "four", 0.35: "three", 0.52: "two"}[share]


def standing_sentences(found: Trend) -> tuple[str, ...]:
    """Which periods are hollow, empty or not drawn, and why."""
    def at(*names: str) -> list[str]:
        return [label for label, one in zip(found.labels, found.standing, strict=True) if one in names]

    unit, told = found.unit, []
    hollow = (("not_due", "with courses that are not yet due"), ("not_over", "not known to be over"),
              ("not_whole", "not yet begun, or begun in it"))
    for name, why in hollow:
        if at(name):
            told.append(f"Not judged, and hollow where drawn: {_some(at(name))}, {why}.")
    if at("too_few"):
        told.append(f"Not drawn: {plural(len(at('too_few')), unit)} of fewer than {LEAST_COURSES} courses.")
    if at("empty"):
        told.append(f"Left empty: {plural(len(at('empty')), unit)} without a course.")
    return tuple(told)


def _some(labels: Sequence[str]) -> str:
    return listed(period(one) for one in labels) if len(labels) <= 3 else f"{len(labels)} from {span(labels)}"


def source_sentence(found: Trend) -> str:
    """What puts courses and sessions in order, and how many cannot be."""
    by = (f"the {attribute(found.attribute)} of the files" if found.attribute
          else f"the {found.unit} of their first session, day 0")
    text = f"Courses are placed by {by}."
    if found.asked.what == "sessions":
        text = (f"Sessions are placed by the year of their course ({attribute(found.attribute)})." if found.attribute
                else "Sessions are placed by their own date; those of boosters are among them.")
    elif found.asked.what == "volume":
        text += " Boosters are not among the courses started; the sessions count them."
    elif found.asked.what == "endpoint_day":
        text += (" The mean of the days to the endpoint from where its window counts (the last induction session, "
                 "unless the rules say otherwise), of courses with both scores.")
    if found.n_undated:
        text += f" {plural(found.n_undated, 'course')} without a {found.unit} {'is' if found.n_undated == 1 else 'are'}"
        text += " not shown."
    return text


def left_out_sentence(found: Trend) -> str:
    """Who is in the series and who is left out, by reason."""
    if found.asked.kind == "count":
        return ""
    counted = int(np.nansum(found.tally.n))
    parts = [f"{count(n)} {REASON_TITLES[key].lower()}" for key, n in found.left_out.items()]
    return "; ".join((f"{count(counted)} of {plural(found.n_courses, 'course')} counted", *parts)) + "."


# --- sites -------------------------------------------------------------------------------------------


def site_sentence(site: SiteTrend, name: str, labels: Sequence[str]) -> str:
    """One mark of the grid in words."""
    if not site.signals:
        return f"{name}: {STATES[site.state]}"
    newest = max(site.signals, key=lambda one: one.places[-1])
    return f"{name}: {STATES[site.state]}, last in {period(labels[newest.places[-1]])}"


def grid_sentence(states: Sequence[State], unit: str) -> str:
    """What the grid says, without a ranking."""
    judged = [one for one in states if one != "too_few"]
    if not judged:
        return f"Every series by site has too few {unit}s to judge."
    signalled = sum(one != "none" for one in judged)
    text = f"{count(signalled)} of {plural(len(judged), 'chart')} that can be judged {_show(signalled)} a signal"
    few = len(states) - len(judged)
    return text + (f"; {plural(few, 'chart')} {'has' if few == 1 else 'have'} too few {unit}s." if few else ".")


def _show(n: int) -> str:
    return "shows" if n == 1 else "show"


def grid_warning(n_judged: int, n_periods: int) -> str:
    """That of many charts some signal by chance."""
    if not n_judged:
        return ""
    return (f"Of charts in which nothing changes up to one in {_one_in(n_periods)} shows a signal by chance, so a few "
            "marks in a grid say little. Sites stand by name and are not ranked.")
