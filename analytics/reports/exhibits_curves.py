"""Exhibits of time: how soon courses first respond, and how long a response lasts, with those still watched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from analytics.reports.exhibits_answers import Answers
from analytics.reports.exhibits_data import Ask, Chart, Column, Exhibit, Ink, Numbers, Series
from analytics.reports.exhibits_kept import harm_beside, kept_for_inside, may_tell, why_curve_is_kept
from analytics.reports.exhibits_rates import headline_measure
from analytics.reports.sections import Grid
from analytics.results.durability import durability as lasting
from analytics.results.durability_landmark import at_landmark
from analytics.results.survival_curves import Curves, Grouping, all_together, by_attribute, curves
from analytics.results.time_to_response import counts_sessions, time_to
from analytics.statistics.survival import n_at_risk, share_at
from analytics.wording import durability as durability_words
from analytics.wording import exhibits_pages as page_words
from analytics.wording import survival
from analytics.wording import time_to_response as response_words
from analytics.wording.numbers import SMALLEST_SHOWN, SMALLEST_STABLE, percent, sentence_case

INKS: tuple[Ink, ...] = ("accent", "worsened", "muted", "gravest", "unchanged", "mild", "middle")
"""Colours of several lines, in their order."""

MOST_INTERVALS = 3
"""Intervals of more lines would hide each other; they stand in the table."""

GIVEN = ("maintenance", "dose", "sessions")
_TIMES = {"sessions": tuple(range(1, 11)), "days": tuple(range(14, 85, 14))}
_WEEKS = tuple(range(28, 169, 28))


@dataclass(frozen=True)
class _Drawn:
    """A curve on its way to an exhibit.

    Attributes
    ----------
    watched, grouping : whose curve it is, and by what it is split
    refused : why it is not split as it was asked for; empty where it is
    times, labels : the points of the chart
    is_rising : whether the share with the event is drawn
    """

    found: Any
    watched: Any
    grouping: Grouping
    curves: Curves
    refused: str
    times: tuple[int, ...]
    labels: tuple[str, ...]
    is_rising: bool


def response(answers: Answers, ask: Ask) -> Exhibit:
    """The share of courses that has first responded by each time."""
    instrument = answers.instrument(ask)
    measure = ask.measure or headline_measure(instrument)
    unit = ask.option("unit", "sessions") if counts_sessions(answers.of) else "days"
    title, key = response_words.title(measure), f"response-{measure}-{instrument.key}"
    why = why_curve_is_kept(answers, ask, instrument.key, measure)
    if why:
        return kept_for_inside(answers, ask, key, title, why)
    found = time_to(answers.of, instrument.key, measure, unit, ask.where, answers.series(instrument.key))
    one = _drawn(answers, ask, found, found, _grouping(answers, ask), _TIMES[unit], is_rising=True)
    if not _is_told(answers, ask, one):
        return kept_for_inside(answers, ask, key, title, page_words.CURVE_KEPT.format(ask.disclosure.threshold))
    axis = page_words.RESPONSE_AXES["index" if answers.of.tables.sessions.empty else unit]
    grid = Grid(response_words.header(one.curves, measure), response_words.rows(found, one.curves))
    notes = response_words.notes(found, one.curves, instrument)
    made = _exhibit(answers, ask, one, instrument, (measure, response_words.share_title(measure),
                                                    response_words.AT_RISK), grid, notes)
    return replace(made, key=key, title=page_words.response_title(found, one.curves),
                   measure_title=_measured(title, instrument, axis, page_words.FOLLOWED, one),
                   reading=response_words.sentence(found, one.curves), limits=page_words.CURVE_LIMITS)


def durability(answers: Answers, ask: Ask) -> Exhibit:
    """The share that still has its response, or its remission, by weeks from the endpoint or a landmark."""
    instrument, start = answers.instrument(ask), ask.option("from", "response")
    key, title = f"durability-{start}-{instrument.key}", durability_words.TITLES[start]
    why = why_curve_is_kept(answers, ask, instrument.key, start)
    given = ask.option("given")
    if not why and given and ask.audience != "inside":
        why = page_words.GROUPS_OF_COURSES_KEPT
    if why:
        return kept_for_inside(answers, ask, key, title, why)
    found = lasting(answers.of, instrument.key, start=start, confirm=ask.option("confirm", "yes") == "yes",
                    censor_at_maintenance=ask.option("maintenance", "watch") == "censor" and not given,
                    where=ask.where, scores=answers.series(instrument.key), sessions=answers.sessions())
    at = at_landmark(answers.of, found, given, int(ask.option("landmark", "28")), answers.sessions()) if given else None
    grouping = (at.grouping, "") if at is not None else _grouping(answers, ask)
    one = _drawn(answers, ask, found, at.found if at is not None else found, grouping, _WEEKS, is_rising=False)
    if not _is_told(answers, ask, one):
        return kept_for_inside(answers, ask, key, title, page_words.CURVE_KEPT.format(ask.disclosure.threshold))
    grid = Grid(durability_words.weeks_header(found, one.curves), durability_words.weeks_rows(one.curves))
    made = _exhibit(answers, ask, one, instrument, (start, durability_words.SHARE[start],
                                                    durability_words.AT_RISK[start]), grid,
                    durability_words.notes(found, one.curves, instrument, at))
    return replace(made, key=key, title=page_words.durability_title(found, one.curves, at),
                   measure_title=_measured(title, instrument, durability_words.axis(at), page_words.WATCHED, one),
                   reading=durability_words.sentence(found, one.curves, at),
                   limits=page_words.CURVE_LIMITS if at is None else page_words.LANDMARK_LIMITS)


# --- what is drawn -----------------------------------------------------------------------------------


def _grouping(answers: Answers, ask: Ask) -> tuple[Grouping, str]:
    """The groups of the attribute, or all together and why they cannot be split."""
    if not ask.by:
        return all_together(answers.of), ""
    try:
        return by_attribute(answers.of, ask.by[0]), ""
    except ValueError as reason:
        return all_together(answers.of), survival.not_split(reason)


def _drawn(
    answers: Answers, ask: Ask, found: Any, watched: Any, grouping: tuple[Grouping, str], times: tuple[int, ...], *,
    is_rising: bool,
) -> _Drawn:
    courses = "all" if ask.option("courses", "first") == "all" else "first"
    drawn = curves(watched, answers.of.patient, grouping[0], courses)
    last = max((float(one.curve.times[-1]) for one in drawn.groups if one.curve.n), default=0.0)
    shown = tuple(time for time in times if time <= last) or times[:1]
    labels = tuple(str(time if is_rising else time // survival.WEEK) for time in shown)
    return _Drawn(found, watched, grouping[0], drawn, grouping[1], shown, labels, is_rising)


def _is_told(answers: Answers, ask: Ask, one: _Drawn) -> bool:
    """Whether everything that a curve tells may be told: how many left it at each of its steps, and why."""
    if ask.audience == "inside":
        return True
    if answers.is_exempt(ask) and not one.curves.by:
        return True
    if one.curves.is_clustered:
        # How many came more than once could be worked out of the width of an interval.
        return False
    place = one.grouping.of_course[one.watched.course]
    return all(may_tell(answers, ask, one.found.instrument, _steps_of(
        answers, one, place == one.grouping.values.index(group.value)), (
            {one.curves.by: [group.value]} if one.curves.by else {})) for group in one.curves.groups)


def _steps_of(answers: Answers, one: _Drawn, inside: np.ndarray) -> list[np.ndarray]:
    """The courses of a group, and those that leave its curve at each time, with the event and without."""
    course, time, is_event = one.watched.course[inside], one.watched.time[inside], one.watched.is_event[inside]
    sets = [course, *(course[(time == moment) & (is_event == happened)]
                      for moment in np.unique(time) for happened in (False, True))]
    masks = np.zeros((len(sets), len(answers.of.courses)), dtype=bool)
    for mask, chosen in zip(masks, sets, strict=True):
        mask[chosen] = True
    return list(masks)


def _measured(title: str, instrument: Any, axis: str, at_risk: str, one: _Drawn) -> str:
    return f"{instrument.title}: {title[:1].lower()}{title[1:]}, " + page_words.axis_words(
        axis, at_risk, is_one=not one.curves.by)


def _exhibit(
    answers: Answers, ask: Ask, one: _Drawn, instrument: Any, what: tuple[str, str, str], grid: Grid,
    notes: Sequence[str],
) -> Exhibit:
    """What both curves have in common; its words are put in by the caller."""
    start, share, at_risk = what
    measure = start if start in answers.measures(instrument, (start,)) else headline_measure(instrument)
    is_inside = ask.audience == "inside"
    said = (one.refused, *notes) if is_inside else (one.refused, survival.drawn_sentence(replace(
        one.curves, not_drawn={})), harm_beside(answers, ask, instrument.key, measure))
    context = tuple(text for text in said if text)
    sheet = answers.notes(ask, answers.result(ask, instrument.key, measure), instrument) if is_inside else ()
    return Exhibit(
        "", ask, "", "", "", "", (*context, *answers.context(ask, None, instrument)),
        grid if survival.has_curve(one.curves) else Grid((), ()), _numbers(one, share, at_risk),
        _chart(one, share), (), sheet, answers.marks(ask))


def _point(curve: Any, time: float, *, is_rising: bool) -> tuple[float | None, float | None, float | None]:
    """Share and interval at a time; missing where too few were watched for it to be told."""
    share, low, high = (float(one) for one in share_at(curve, time))
    is_thin = int(n_at_risk(curve, time)) < SMALLEST_SHOWN and share > 0
    if curve.n < SMALLEST_SHOWN or np.isnan(share) or is_thin:
        return None, None, None
    if is_rising:
        share, low, high = 1 - share, 1 - high, 1 - low
    return share, None if np.isnan(low) else low, None if np.isnan(high) else high


def _chart(one: _Drawn, share: str) -> Chart | None:
    groups = [group for group in one.curves.groups if group.n >= SMALLEST_SHOWN]
    if not groups:
        return None
    has_interval = len(groups) <= MOST_INTERVALS
    lines = []
    for group, ink in zip(groups, INKS, strict=False):
        told = [_point(group.curve, time, is_rising=one.is_rising) for time in one.times]
        values, low, high = (tuple(each) for each in zip(*told, strict=True))
        hollow = tuple(int(n_at_risk(group.curve, time)) < SMALLEST_STABLE for time in one.times)
        lines.append(Series(
            survival.group_name(one.curves, group) or share, values, *((low, high) if has_interval else ((), ())),
            tuple("" if value is None else percent(value) for value in values), (), hollow, ink))
    at_risk = [int(n_at_risk(groups[0].curve, time)) if len(groups) == 1 else None for time in one.times]
    return Chart("line", tuple(page_words.category(label, n) for label, n in zip(one.labels, at_risk, strict=True)),
                 tuple(lines), "percent", share)


def _numbers(one: _Drawn, share: str, at_risk: str) -> Numbers:
    columns = (Column((one.found.unit if one.is_rising else "days").capitalize(), "count"),
               Column(share, "percent"), Column("Low", "percent"), Column("High", "percent"), Column(at_risk, "count"))
    own = (Column(sentence_case(survival.by_words(one.curves)), "text"),) if one.curves.by else ()
    rows = tuple(
        (*((survival.group_name(one.curves, group),) if one.curves.by else ()), time,
         *_point(group.curve, time, is_rising=one.is_rising), int(n_at_risk(group.curve, time)))
        for group in one.curves.groups for time in one.times)
    return Numbers((*own, *columns), rows)

