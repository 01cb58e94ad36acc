"""Exhibits of the sessions: side effects, blood pressure, one share by an attribute, amounts, routes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from analytics.definitions.safety import SESSION_MEASURES, SIDE_EFFECTS, PressureLines
from analytics.figures.intervals import interval_figure
from analytics.figures.safety import share_figure
from analytics.reports.exhibits_answers import Answers
from analytics.reports.exhibits_data import SHADES, Ask, Card, Chart, Column, Exhibit, Ink, Numbers, Series
from analytics.reports.exhibits_kept import kept_for_inside, why_shut
from analytics.reports.sections import Grid
from analytics.results.cohorts import in_cohort
from analytics.results.safety import Looked, SafetyRates, looked_at, safety_rates, tallies
from analytics.results.safety_forms import Forms, forms, pressure
from analytics.results.safety_spread import dose_courses, route_mix, spread_by
from analytics.wording import exhibits as words
from analytics.wording import exhibits_pages as page_words
from analytics.wording import safety as safety_words
from analytics.wording import safety_amounts as amounts
from analytics.wording.numbers import SMALLEST_SHOWN, SMALLEST_STABLE, percent
from analytics.wording.rates import UNSTABLE, Line
from analytics.wording.rules import attribute, level

EFFECTS = ("any_effect", *(one.key for one in SIDE_EFFECTS), "stopped_early")
PRESSURES = ("pressure", "systolic_line", "diastolic_line", "systolic_rise", "diastolic_rise")
_COLUMNS = (Column("Of sessions: numerator", "count"), Column("Sessions", "count"), Column("Rate", "percent"),
            Column("Low", "percent"), Column("High", "percent"), Column("Of courses: numerator", "count"),
            Column("Courses", "count"), Column("Rate of courses", "percent"), Column("Low of courses", "percent"),
            Column("High of courses", "percent"))
_INKS: tuple[Ink, ...] = (*SHADES[1:], SHADES[0], "unchanged")


class _Sessions:
    """The sessions of one ask, counted once."""

    def __init__(self, answers: Answers, ask: Ask) -> None:
        self.answers, self.ask, self.of = answers, ask, answers.of
        self.forms: Forms = answers.once("safety forms", lambda: forms(answers.of, answers.sessions()))
        self.phase = ask.option("phase", "all") if self.forms.has_phases else "all"
        (high, low), (rise, other) = (ask.option(name, default).split("_") for name, default in (
            ("reading", "180_110"), ("rise", "40_25")))
        self.lines = PressureLines(float(high), float(low), float(rise), float(other))
        self.stays = in_cohort(answers.of, ask.where)

    @property
    def looked(self) -> Looked:
        """The sessions that are looked at."""
        return looked_at(self.of, self.forms, self.stays, self.phase)

    def rates(self, by: str | None = None) -> SafetyRates:
        """Every rate per session and per course."""
        found = self.answers.once(("safety tallies", self.phase, self.lines), lambda: tallies(
            self.of, self.forms, pressure(self.forms, self.lines), self.phase))
        return safety_rates(self.of, found, self.stays, self.phase, by)

    def context(self) -> tuple[str, ...]:
        """Which sessions they are, how their intervals are made, rules and as-of."""
        return (safety_words.looked_words(self.looked), *self.answers.context(self.ask, None, None))

    def why_kept(self) -> str:
        """Why sessions are not told to an audience; empty where they are."""
        if self.ask.audience == "inside":
            return ""
        instrument = self.answers.instrument(self.ask).key
        is_told = self.answers.is_exempt(self.ask) and not self.ask.by and self.ask.disclosure.rounding is None
        return why_shut(self.answers, self.ask, instrument) or ("" if is_told else page_words.SESSIONS_KEPT)


def effects(answers: Answers, ask: Ask) -> Exhibit | None:
    """Every side effect per session and per course; missing where no form has one."""
    found = _Sessions(answers, ask)
    said = (safety_words.effects_sentence, page_words.EFFECTS_TITLE, "effects")
    return _rates(found, [key for key in EFFECTS if key in found.forms.judged], *said)


def blood_pressure(answers: Answers, ask: Ask) -> Exhibit | None:
    """Excursions of blood pressure by criterion; missing where the files hold no reading after the start."""
    found = _Sessions(answers, ask)
    keys = list(PRESSURES) if found.forms.has_pressure else []
    made = _rates(found, keys, safety_words.pressure_sentence, page_words.PRESSURE_TITLE, "pressure")
    if made is None or made.is_kept:
        return made
    return replace(made, context=(safety_words.pressure_lines_words(found.lines), *made.context))


def _rates(found: _Sessions, keys: Sequence[str], sentence: Any, title: str, key: str) -> Exhibit | None:
    if not keys or not len(found.looked):
        return None
    ask, answers = found.ask, found.answers
    why = found.why_kept()
    if why:
        return kept_for_inside(answers, ask, key, title, why)
    rates = found.rates()
    pairs = [(rates.sessions[one][0], rates.courses[one][0] if one in rates.courses else None) for one in keys]
    names = [safety_words.title(one) for one in keys]
    lines = [safety_words.share_line(one, name) for (one, _), name in zip(pairs, names, strict=True)]
    others = [safety_words.share_line(one, name) for (_, one), name in zip(pairs, names, strict=True)
              if one is not None]
    clustered = safety_words.clustered_note(has_courses=False)
    return Exhibit(
        key, ask, page_words.session_title(names[0], (), lines), f"{title}, per session and per course",
        sentence(rates.sessions), page_words.SESSIONS_LIMITS, (clustered, *found.context()),
        Grid(safety_words.RATES_HEADER, tuple(safety_words.rates_row(one, other, name) for (one, other), name in zip(
            pairs, names, strict=True))),
        _numbers((Column("What", "text"),), [(name,) for name in names], pairs), _chart(names, lines, others),
        (), (), answers.marks(ask), figure=lambda palette: share_figure(lines, others, palette))


def session(answers: Answers, ask: Ask) -> Exhibit | None:
    """One thing that is counted of sessions, whole or by an attribute; missing where the files cannot say.

    Raises
    ------
    ValueError
        When what is counted is not something of sessions.
    """
    measure = ask.measure or "any_effect"
    if measure not in SESSION_MEASURES:
        raise ValueError(f"Nothing of sessions is called {measure!r}; there are {', '.join(SESSION_MEASURES)}.")
    found, name = _Sessions(answers, ask), safety_words.title(measure)
    rates = found.rates(ask.by[0] if ask.by else None)
    if measure not in rates.sessions or not len(found.looked):
        return None
    title = f"{name}, share of sessions{f' by {attribute(ask.by[0])}' if ask.by else ''}"
    key, why = f"session-{measure}", found.why_kept()
    if why:
        return kept_for_inside(answers, ask, key, title, why)
    shares = rates.sessions[measure]
    lines = [safety_words.stratum_line(one) if ask.by else safety_words.share_line(one, name) for one in shares]
    whole = safety_words.share_line(found.rates().sessions[measure][0], words.LABELS["all"])
    reading = safety_words.strata_sentence(lines, ask.by[0]) if ask.by else page_words.session_reading(name, whole)
    pairs = [(one, rates.courses[measure][at] if measure in rates.courses else None) for at, one in enumerate(shares)]
    names = [line.title for line in lines]
    overall = (f"{whole.title}: {whole.shown}", whole.estimate) if ask.by and whole.estimate is not None else None
    is_card = not ask.by
    return Exhibit(
        key, ask, page_words.session_title(name, ask.by, lines), title, reading, page_words.SESSIONS_LIMITS,
        (safety_words.clustered_note(has_courses=False), *found.context()),
        Grid(safety_words.RATES_HEADER, tuple(safety_words.rates_row(*pair, one) for pair, one in zip(
            pairs, names, strict=True))),
        _numbers((Column("Group" if ask.by else "What", "text"),), [(one,) for one in names], pairs),
        _chart(names, lines, [], overall),
        tuple(Card(line.title, line.shown, line.counts, line.interval, line.mark, True) for line in lines) if is_card
        else (), (), answers.marks(ask),
        figure=lambda palette: interval_figure(lines, whole if ask.by else None, palette, is_harm=True))


def _numbers(own: tuple[Column, ...], names: Sequence[tuple[str, ...]], pairs: Sequence[tuple[Any, Any]]) -> Numbers:
    return Numbers((*own, *_COLUMNS), tuple(
        (*name, *_cells(one), *_cells(other)) for name, (one, other) in zip(names, pairs, strict=True)))


def _cells(share: Any) -> tuple[float | None, ...]:
    """Counts, and the share with its interval where there is one to show."""
    if share is None:
        return (None,) * 5
    line = safety_words.share_line(share, "")
    return share.numerator, share.denominator, line.estimate, line.low, line.high


def _chart(
    names: Sequence[str], lines: Sequence[Line], others: Sequence[Line], overall: tuple[str, float] | None = None
) -> Chart:
    series = [_series(page_words.PER_SESSION, lines, "worsened")]
    if len(others) == len(lines):
        series.append(_series(page_words.PER_COURSE, others, "muted"))
    return Chart("interval", tuple(names), tuple(series), "percent", "", overall)


def _series(name: str, lines: Sequence[Line], ink: Ink) -> Series:
    texts = tuple(f"{line.shown}, {line.counts}" if line.estimate is not None else ", ".join(filter(None, (
        line.shown if line.shown != "\N{EN DASH}" else "", line.counts))) for line in lines)
    return Series(name, *(tuple(getattr(line, field) for line in lines) for field in ("estimate", "low", "high")),
                  texts, tuple(line.counts for line in lines), tuple(line.mark == UNSTABLE for line in lines), ink)


# --- amounts -----------------------------------------------------------------------------------------


def amount(answers: Answers, ask: Ask) -> Exhibit | None:
    """An amount of the sessions by session number, route or dose, as medians; missing where the forms lack it."""
    found, what = _Sessions(answers, ask), ask.option("amount", "cadss")
    title, axis = page_words.AMOUNTS.get(what, page_words.AMOUNTS["dose"])
    key = f"amount-{what}"
    groups, labels, context = _groups(found, what, ask.option("along", "number"))
    if not groups:
        return None
    if what.startswith("dose"):
        axis = amounts.dose_title(dose_courses(found.looked, found.of.patient)[int(what.removeprefix("dose"))])
        title = f"{title}: {axis}"
    if ask.audience != "inside":
        shut = why_shut(answers, ask, answers.instrument(ask).key)
        return kept_for_inside(answers, ask, key, title, shut or page_words.SPREAD_KEPT)
    shown = [one.n >= SMALLEST_SHOWN for one in groups]
    values, low, high = (tuple(getattr(one, field) if is_shown else None for one, is_shown in zip(
        groups, shown, strict=True)) for field in ("median", "lower", "upper"))
    series = Series(page_words.SPREAD_SERIES, values, low, high,
                    tuple(amounts.box_text(one, label) for one, label in zip(groups, labels, strict=True)),
                    tuple(page_words.sessions_n(one.n) for one in groups),
                    tuple(one.n < SMALLEST_STABLE for one in groups))
    columns = (Column("Group", "text"), Column("Sessions", "count"), Column("Patients", "count"),
               *(Column(name, "points") for name in page_words.QUANTILES))
    rows = tuple((label, one.n, one.n_patients, *((one.tenth, one.lower, one.median, one.upper, one.ninetieth)
                                                  if one.n >= SMALLEST_SHOWN else (None,) * 5))
                 for one, label in zip(groups, labels, strict=True))
    return Exhibit(
        key, ask, page_words.spread_title(title, groups, labels), f"{title}: {page_words.SPREAD_SERIES.lower()}",
        amounts.spread_sentence(groups, title, labels), page_words.SPREAD_LIMITS, (*context, *found.context()),
        Grid(("", *amounts.SPREAD_HEADER), tuple(amounts.spread_row(one, label) for one, label in zip(
            groups, labels, strict=True))), Numbers(columns, rows),
        Chart("interval", tuple(labels), (series,), "points", axis) if any(shown) else None, (), (),
        answers.marks(ask))


def _groups(found: _Sessions, what: str, by: str) -> tuple[Sequence[Any], list[str], tuple[str, ...]]:
    """The groups of an amount, what they are called, and what they rest on."""
    if what.startswith("dose"):
        courses, place = dose_courses(found.looked, found.of.patient), int(what.removeprefix("dose"))
        if place >= len(courses):
            return (), [], ()
        one = courses[place]
        labels = [amounts.number_label(each.group) for each in one.by_number]
        return one.by_number, labels, (amounts.DOSE_CONTEXT,)
    name = page_words.AMOUNT_COLUMNS[what]
    if name not in found.forms.amounts:
        return (), [], ()
    spreads = spread_by(found.looked, found.of.patient, name, by)
    label = amounts.number_label if by == "number" else amounts.group_label
    return spreads.groups, [label(one.group) for one in spreads.groups], (amounts.spread_context(spreads),)


def routes(answers: Answers, ask: Ask) -> Exhibit | None:
    """The routes given over the session number; missing where there is no session."""
    found = _Sessions(answers, ask)
    mix = route_mix(found.looked)
    if not len(found.looked):
        return None
    why = found.why_kept()
    if why:
        return kept_for_inside(answers, ask, "routes", page_words.ROUTES_TITLE, why)
    names = [level("route", route) for route in mix.routes]
    numbers = [amounts.number_label(number) for number in mix.numbers]
    totals = mix.counts.sum(axis=0)
    shown = np.flatnonzero(totals >= SMALLEST_SHOWN)
    shares = mix.counts[:, shown] / totals[shown]
    series = tuple(Series(name, tuple(float(one) for one in row), texts=tuple(percent(float(one)) for one in row),
                          ink=ink) for name, row, ink in zip(names, shares, _INKS, strict=False))
    columns = (Column("Session", "text"), *(Column(name, "count") for name in names), Column("All", "count"))
    rows = tuple((number, *(int(one) for one in mix.counts[:, at]), int(totals[at]))
                 for at, number in enumerate(numbers))
    is_drawn = len(shown) and len(names) <= len(_INKS)
    return Exhibit(
        "routes", ask, page_words.routes_title(names, mix), page_words.ROUTES_TITLE, amounts.mix_sentence(mix),
        amounts.MIX_CONTEXT, found.context(), Grid(("Session", *names, "All"), amounts.mix_rows(mix, numbers)),
        Numbers(columns, rows),
        Chart("stacked", tuple(page_words.session_number(numbers[at]) for at in shown), series) if is_drawn else None,
        (), (), answers.marks(ask))
