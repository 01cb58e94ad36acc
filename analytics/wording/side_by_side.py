"""Definitions side by side and what-if, in words."""

from __future__ import annotations

from typing import Any

from analytics.definitions.instruments import Instrument
from analytics.definitions.measures import MEASURES
from analytics.wording import bridge, definitions, rates
from analytics.wording.numbers import DASH, MINUS, SMALLEST_SHOWN, count, percent, plural, rounded
from analytics.wording.rules import PRESET_TITLES, SETTINGS, rule_set_sentence, setting

MEASURES_HEADER = ("Measure", "What counts", "Result", "Counts", "95 % interval", "Note")


def measure_rows(found: Any, instrument: Instrument) -> tuple[tuple[str, ...], ...]:
    """Every measure of a scale as rows of a table under ``MEASURES_HEADER``."""
    rows = []
    for one in found.measures:
        measure = MEASURES[one.measure]
        line = rates.line(one, definitions.measure_title(measure))
        rows.append((line.title, definitions.what_counts(measure, instrument), line.shown, line.counts, line.interval,
                     line.mark))
    return tuple(rows)


AGREEMENT_HEADER = ("Measures", "Both", "Only the first", "Only the second", "Neither", "Agree", "Kappa")


def agreement_rows(found: Any) -> tuple[tuple[str, ...], ...]:
    """Each pair of measures as rows of a table under ``AGREEMENT_HEADER``."""
    return tuple((f"{_title(one.first)} and {_title(one.second).lower()}", *_agreed(one.agreement))
                 for one in found.agreements)


def _title(key: str) -> str:
    return definitions.measure_title(MEASURES[key])


def _agreed(table: Any) -> tuple[str, ...]:
    cells = tuple(count(number) for number in (table.both, table.only_first, table.only_second, table.neither))
    share = percent(table.share) if table.share is not None and table.n >= SMALLEST_SHOWN else DASH
    return (*cells, share, _kappa(table))


def _kappa(table: Any) -> str:
    if table.kappa is None:
        return DASH
    shown = _two_decimals(table.kappa)
    if table.low is None or table.high is None:
        return shown
    return f"{shown} ({_two_decimals(table.low)} to {_two_decimals(table.high)})"


def _two_decimals(number: float) -> str:
    shown = rounded(number, 2)
    return f"{MINUS if shown < 0 else ''}{abs(shown):.2f}"


def agreement_sentence(one: Any) -> str:
    """How far two measures agree, in one sentence."""
    table, first, second = one.agreement, _title(one.first).lower(), _title(one.second).lower()
    if not table.n:
        return f"No course is judged by both {first} and {second}."
    said = (f"Of {plural(table.n, 'course')} judged by both, {count(table.both)} had {first} and {second}, "
            f"{count(table.only_first)} {first} alone, {count(table.only_second)} {second} alone and "
            f"{count(table.neither)} neither.")
    return f"{said} {table.why}" if table.kappa is None else said


PRESETS_HEADER = ("Rules", "In one sentence", "Result", "Counts", "Followed up", "Note")

_WHY_NOT = {
    "no_sessions": "The files hold no session.",
    "no_days": "The files hold visits without days.",
    "no_attribute": "The filters ask for something that only exists where sessions are counted.",
    "same": "Without sessions this is “First and last score”.",
}


def preset_rows(found: Any) -> tuple[tuple[str, ...], ...]:
    """The headline measure under every preset, the rules in force first, under ``PRESETS_HEADER``."""
    return tuple(_preset_row(one) for one in found.presets)


def _preset_row(one: Any) -> tuple[str, ...]:
    title = PRESET_TITLES[one.preset] + (" (in force)" if one.is_in_force else "")
    sentence = rule_set_sentence(one.rules)
    if one.rate is None:
        return title, sentence, DASH, "", "", one.problem or _WHY_NOT[one.why_not]
    line = rates.line(one.rate, title)
    followed = percent(one.rate.follow_up) if one.rate.follow_up is not None and rates.is_shown(one.rate) else DASH
    return title, sentence, line.shown, line.counts, followed, line.mark


def presets_sentence(found: Any, instrument: Instrument) -> str:
    """What the choice of rules does to the headline."""
    shown = [one.rate for one in found.presets if one.rate is not None and rates.is_shown(one.rate)]
    verb = definitions.outcome_verb(MEASURES[found.headline])
    if len(shown) < 2:
        return f"Fewer than two of the rules leave enough courses of {instrument.title} for a percentage."
    low, high = min(one.estimate for one in shown), max(one.estimate for one in shown)
    if percent(low) == percent(high):
        return f"By any of the rules that can be applied {percent(low)} of courses {verb}."
    return (f"Between {percent(low)} and {percent(high)} of courses {verb}, by the rules alone: the same scores, "
            "counted otherwise. Choose the rules before looking, and name them.")


WHAT_IF_HEADER = ("If", "Courses", "Rate", "Courses more or fewer", "Points")


def what_if_rows(found: Any) -> tuple[tuple[str, ...], ...]:
    """Every alternative as rows of a table under ``WHAT_IF_HEADER``, the rules in force first."""
    in_force = ("As the rules in force have it", bridge.counts(found.count), bridge.rate(found.count), "", "")
    return (in_force, *(
        (alternative(one), bridge.counts(one.count), bridge.rate(one.count), _more(one.n_change),
         bridge.change(found.count, one.count)) for one in found.alternatives))


def alternative(one: Any) -> str:
    """One change of the rules in words."""
    return f"{SETTINGS[one.setting]}: {setting(one.rules.base, one.setting)}"


def _more(number: int) -> str:
    return f"+{count(number)}" if number > 0 else f"{MINUS}{count(-number)}" if number < 0 else "0"


def what_if_sentence(found: Any) -> str:
    """The change of one rule that moves the rate most."""
    if found.count.denominator < SMALLEST_SHOWN:
        return f"{bridge.counts(found.count)} courses: {bridge.rate(found.count)}, so no change of it is shown either."
    shown = [one for one in found.alternatives if one.change is not None and one.count.denominator >= SMALLEST_SHOWN]
    if not shown:
        return "No other setting leaves enough courses for a percentage."
    most = max(shown, key=lambda one: abs(one.change))
    if bridge.rate(most.count) == bridge.rate(found.count):
        return f"No other setting asked about moves the rate of {bridge.rate(found.count)} by a percentage point."
    return (f"Of the settings asked about, one moves the rate most: \N{LEFT DOUBLE QUOTATION MARK}"
            f"{alternative(most)}\N{RIGHT DOUBLE QUOTATION MARK}. Then {bridge.rate(most.count)} "
            f"({bridge.counts(most.count)}) in place of "
            f"{bridge.rate(found.count)} ({bridge.counts(found.count)}).")
