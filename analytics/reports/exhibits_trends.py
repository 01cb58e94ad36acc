"""The exhibit of a trend: one series over the calendar on its control chart; outside by year, as groups are told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from analytics.definitions.measures import MEASURES
from analytics.figures.trends import Axis, Points, trend_figure
from analytics.reports.exhibits_answers import Answers
from analytics.reports.exhibits_data import Ask, Chart, Column, Exhibit, Kind, Numbers, Series
from analytics.reports.exhibits_kept import kept_for_inside, why_shut
from analytics.reports.exhibits_rates import headline_measure, strata
from analytics.reports.sections import Grid
from analytics.results.trends_periods import Unit, periods, units_of, year_attribute
from analytics.results.trends_series import Trend, trend
from analytics.results.trends_tally import PROCESS, Asked
from analytics.wording import definitions, overview
from analytics.wording import exhibits_pages as page_words
from analytics.wording import trends as trend_words
from analytics.wording import trends_table as table_words
from analytics.wording.numbers import SMALLEST_STABLE
from analytics.wording.rules import cohort_sentence

_UNITS: dict[str, tuple[str, Kind]] = {"p": ("percent", "percent"), "xmr": ("points", "points"),
                                       "count": ("courses", "count")}


def over_years(answers: Answers, ask: Ask) -> Exhibit:
    """One series over the calendar.

    Raises
    ------
    ValueError
        When the files hold neither dates nor years.
    """
    instrument = answers.instrument(ask)
    what = ask.option("what") or ask.measure or headline_measure(instrument)
    read_from = answers.measured(ask, what) if what in MEASURES else instrument
    one = Asked(what, read_from.key)
    title = trend_words.what(one, "" if one.kind == "count" else read_from.title)
    units = units_of(answers.of, is_internal=True)
    if not units:
        raise ValueError(trend_words.NO_CALENDAR)
    key = f"trend-{what}-{read_from.key}"
    if ask.audience != "inside":
        return _told(answers, ask, key, title, what)
    wanted = ask.option("period", "year")
    unit: Unit = next((one for one in units if one == wanted), units[-1])
    frozen = ask.option("frozen", "all")
    sessions = answers.sessions() if what == "sessions" else None
    found = trend(answers.of, one, periods(answers.of, unit), ask.where, sessions,
                  None if frozen == "all" else int(frozen))
    return _exhibit(answers, ask, found, (key, title, read_from))


def _told(answers: Answers, ask: Ask, key: str, title: str, what: str) -> Exhibit:
    """The measure by year as any groups are told: finer periods are for the inside."""
    shut = why_shut(answers, ask, answers.instrument(ask).key)
    if what in PROCESS and what not in MEASURES:
        shut = shut or page_words.PROCESS_KEPT
    year = "start_year" if "start_year" in answers.of.courses else year_attribute(answers.of)
    if shut or year is None:
        return kept_for_inside(answers, ask, key, title, shut or page_words.NO_YEARS_KEPT)
    told = strata(answers, replace(ask, measure=what, by=(year,)))
    return replace(told, key=key, ask=ask)


def _exhibit(answers: Answers, ask: Ask, found: Trend, what: tuple[str, str, Any]) -> Exhibit:
    key, title, read_from = what
    said = trend_words.sentence(found)
    context = (*trend_words.rules_sentences(found)[:3], trend_words.chart_sentence(found),
               trend_words.frozen_sentence(found), *trend_words.standing_sentences(found),
               trend_words.source_sentence(found), trend_words.left_out_sentence(found))
    of = answers.of
    grounds = (f"Filters: {cohort_sentence(ask.where)}." if ask.where else "", f"Rules: {answers.rules_sentence()}.",
               f"{_first_large(overview.as_of_words(of.as_of.isoformat() if of.as_of else None))}.")
    measure = found.asked.what if found.asked.what in MEASURES else None
    sheet = () if measure is None else answers.notes(ask, answers.result(
        replace(ask, measure=measure), read_from.key, measure), read_from)
    return Exhibit(
        key, ask, page_words.trend_title(found, title),
        f"{title} by {found.unit}" if measure is None else (
            f"{title} by {found.unit}: {definitions.what_counts(MEASURES[measure], read_from)}"),
        said, page_words.TREND_LIMITS, tuple(one for one in (*context, *grounds) if one),
        Grid(table_words.header(found), table_words.rows(found)), _numbers(found), _chart(found), (), sheet,
        answers.marks(ask), figure=_figure(found))


def _first_large(text: str) -> str:
    return text[:1].upper() + text[1:]


def _told_numbers(values: np.ndarray) -> tuple[float | None, ...]:
    return tuple(None if np.isnan(one) else float(one) for one in values)


def _chart(found: Trend) -> Chart | None:
    chart, asked = found.chart, found.asked
    if np.isnan(chart.values).all():
        return None
    is_known = ~np.isnan(chart.values)
    low, high = (np.where(is_known, one, np.nan) for one in (found.lows, found.highs))
    has_interval = not np.isnan(low).all()
    hollow = tuple(bool(one in ("not_due", "not_over", "not_whole")
                        or (asked.kind != "count" and found.tally.n[place] < SMALLEST_STABLE))
                   for place, one in enumerate(found.standing))
    series = [Series(
        trend_words.what(asked), _told_numbers(chart.values),
        *((_told_numbers(low), _told_numbers(high)) if has_interval else ((), ())),
        tuple(trend_words.value(asked, one) if not np.isnan(one) else "" for one in chart.values), (), hollow)]
    if chart.can_speak:
        centre = np.where(chart.is_judged, chart.centre, np.nan)
        series += [Series(name, _told_numbers(values), ink="muted") for name, values in zip(
            page_words.TREND_SERIES, (centre, chart.low, chart.high), strict=True)]
    sizes = [None if asked.kind == "count" else int(n) for n in np.nan_to_num(found.tally.n)]
    categories = tuple(page_words.category(trend_words.period(label), n)
                       for label, n in zip(found.labels, sizes, strict=True))
    axis = {"endpoint_day": "Days", "mean_improvement": "Points better", "sessions": "Sessions"}.get(asked.what, "")
    unit: Any = _UNITS[asked.kind][0]
    return Chart("line", categories, tuple(series), unit, axis)


def _numbers(found: Trend) -> Numbers:
    kind = _UNITS[found.asked.kind][1]
    columns = (Column(found.unit.capitalize(), "text"), Column("Numerator", "count"), Column("Courses", "count"),
               Column("Value", kind), Column("Low", kind), Column("High", kind), Column("Lower limit", kind),
               Column("Centre", kind), Column("Upper limit", kind))
    chart, tally = found.chart, found.tally
    centre = np.where(chart.is_judged, chart.centre, np.nan)
    arrays = (tally.x, tally.n, chart.values, *(np.where(np.isnan(chart.values), np.nan, one)
                                                for one in (found.lows, found.highs)), chart.low, centre, chart.high)
    rows = zip(*(_told_numbers(np.asarray(one, dtype=float)) for one in arrays), strict=True)
    return Numbers(columns, tuple((trend_words.period(label), *row)
                                  for label, row in zip(found.labels, rows, strict=True)))


def _figure(found: Trend) -> Any:
    chart = found.chart
    points = Points("", chart.values, chart.centre, chart.low, chart.high, ("plain",) * len(chart.values),
                    tuple(table_words.point_texts(found)))
    names = tuple(trend_words.period(label) for label in found.labels)
    return lambda palette: trend_figure(points, Axis(names, "", found.asked.kind == "p"), palette, (), ("", "", ""))
