"""The exhibit of the course of scores: a mean with its interval at every point of time, and of how many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from analytics.reports.exhibits_answers import Answers
from analytics.reports.exhibits_curves import INKS, MOST_INTERVALS
from analytics.reports.exhibits_data import Ask, Chart, Column, Exhibit, Numbers, Series
from analytics.reports.exhibits_kept import harm_beside, kept_for_inside, may_tell, why_curve_is_kept
from analytics.reports.exhibits_rates import headline_measure
from analytics.reports.sections import Grid
from analytics.results.cohorts import in_cohort
from analytics.results.time_to_response import counts_sessions
from analytics.results.trajectories import Trajectories, Trajectory, trajectories
from analytics.results.trajectories_points import Points, points, starting_courses
from analytics.results.trajectories_windows import Windows, day_windows, session_windows, visit_windows
from analytics.wording import exhibits_pages as page_words
from analytics.wording import trajectories as course_words
from analytics.wording import trajectories_points as points_words
from analytics.wording.numbers import SMALLEST_SHOWN, count, points_range, sentence_case
from analytics.wording.numbers import points as in_points
from analytics.wording.rules import attribute


def course(answers: Answers, ask: Ask) -> Exhibit:
    """How scores moved from the start on, whole or by one attribute."""
    instrument = answers.instrument(ask)
    measure, key = headline_measure(instrument), f"course-{instrument.key}"
    title = course_words.title(instrument, axis_of(answers, ask))
    why = why_curve_is_kept(answers, ask, instrument.key, measure)
    if why:
        return kept_for_inside(answers, ask, key, title, why)
    stays = in_cohort(answers.of, ask.where)
    scores = points(answers.of, answers.series(instrument.key), answers.sessions(), _windows(
        answers, ask, starting_courses(answers.of, instrument.key, measure, stays)))
    by = ask.by[0] if ask.by else None
    found = trajectories(scores, measure, stays, by)
    found, is_whole_told = _told(answers, ask, found, scores, stays)
    shown = found.groups or (found.whole,)
    if not any(points_words.is_shown(one)[1:].any() for one in shown):
        if ask.audience == "inside":
            is_whole_told = True
        else:
            return kept_for_inside(answers, ask, key, title,
                                   page_words.SCORES_KEPT.format(ask.disclosure.threshold))
    return _exhibit(answers, ask, found, instrument, key, is_whole_told=is_whole_told)


def axis_of(answers: Answers, ask: Ask) -> str:
    """What the points count: visits where the files hold no days, days where no session is before any score."""
    if answers.of.axis == "visit":
        return "visit"
    wanted = ask.option("axis", "day")
    if wanted == "day" or not counts_sessions(answers.of):
        return "day"
    return "session" if (answers.series(answers.instrument(ask).key).n_sessions > 0).any() else "day"


def _windows(answers: Answers, ask: Ask, starts: np.ndarray) -> Windows:
    axis, until = axis_of(answers, ask), int(ask.option("until", "90"))
    if axis == "visit":
        return visit_windows(answers.of)
    return day_windows(until) if axis == "day" else session_windows(answers.sessions(), starts, until)


# --- what is told ------------------------------------------------------------------------------------


def _told(
    answers: Answers, ask: Ask, found: Trajectories, scores: Points, stays: np.ndarray
) -> tuple[Trajectories, bool]:
    """The points that an audience may be told, and whether those are all."""
    if ask.audience == "inside" or (answers.is_exempt(ask) and not ask.by):
        return found, True
    starts = starting_courses(answers.of, found.instrument, found.measure, stays)
    if not ask.by:
        return replace(found, whole=_told_points(answers, ask, found.whole, scores, starts, {})), False
    groups = []
    for one in found.groups:
        part = {name: [value] for name, value in one.stratum.items()}
        groups.append(_told_points(answers, ask, one, scores, starts & in_cohort(answers.of, part), part))
    return replace(found, groups=tuple(groups)), False


def _told_points(
    answers: Answers, ask: Ask, one: Trajectory, scores: Points, starts: np.ndarray, part: dict[str, Any]
) -> Trajectory:
    """A curve with nobody at the points at which too few have a score, or too few have none."""
    n = one.n.copy()
    for place in range(len(n)):
        present = np.zeros(len(starts), dtype=bool)
        present[scores.course[scores.window == place]] = True
        if not may_tell(answers, ask, scores.series.instrument.key, [starts & present, starts & ~present], part):
            n[place] = 0
    return replace(one, n=n)


# --- the exhibit -------------------------------------------------------------------------------------


def _exhibit(
    answers: Answers, ask: Ask, found: Trajectories, instrument: Any, key: str, *, is_whole_told: bool
) -> Exhibit:
    is_inside, by = ask.audience == "inside", ask.by[0] if ask.by else None
    place = course_words.last_place(found.whole)
    names = points_words.window_names(found.windows)
    title = page_words.scores_title(found, instrument, place, names[place] if place is not None else "")
    reading = course_words.sentence(found, instrument)
    if not is_inside:
        title, reading = _outside(found, instrument, names, title)
    context = _context(answers, ask, found, instrument, is_whole_told=is_whole_told)
    grid = _inside_grid(found) if is_inside else _short_grid(found)
    sheet = answers.notes(ask, answers.result(ask, instrument.key, found.measure), instrument) if is_inside else ()
    axis = course_words.AXIS_TITLES[found.windows.axis]
    measured = page_words.scores_measured(instrument, attribute(by) if by else "")
    return Exhibit(
        key, ask, title, f"{measured}, {page_words.axis_words(axis, 'courses', is_one=not found.groups)}", reading,
        page_words.SCORES_LIMITS,
        (*context, *answers.context(ask, None, instrument)), grid, _numbers(found), _chart(found, instrument), (),
        sheet, answers.marks(ask))


def _outside(found: Trajectories, instrument: Any, names: Sequence[str], title: str) -> tuple[str, str]:
    """Title and sentence made of the points alone: nothing is said of the same courses at the start."""
    one = next(one for one in found.groups or (found.whole,) if points_words.is_shown(one).any())
    last = course_words.last_place(one)
    told = [(names[place], float(one.mean[place]), int(one.n[place]))
            for place in (int(np.flatnonzero(points_words.is_shown(one))[0]), last) if place is not None]
    name, mean, _ = told[-1]
    if found.groups:
        return title, page_words.scores_reading(told, instrument, points_words.group_name(one))
    return page_words.scores_title_outside(instrument, name, found.windows.axis, mean), page_words.scores_reading(
        told, instrument)


def _context(
    answers: Answers, ask: Ask, found: Trajectories, instrument: Any, *, is_whole_told: bool
) -> tuple[str, ...]:
    if ask.audience == "inside":
        said = (course_words.remaining(found), course_words.who(found, instrument), course_words.more_groups(found))
    else:
        few = page_words.NOT_TOLD_POINTS.format(ask.disclosure.threshold)
        said = ("" if is_whole_told else few, page_words.NO_STEP_BACK,
                harm_beside(answers, ask, instrument.key, found.measure))
    return tuple(one for one in said if one)


def _inside_grid(found: Trajectories) -> Grid:
    """Points with all that a sheet of paper has room for; who is not there and why stands on the page."""
    by = tuple(sentence_case(attribute(name)) for name in (found.groups[0].stratum if found.groups else ()))
    rows = []
    for one in found.groups or (found.whole,):
        for place, name in enumerate(points_words.window_names(found.windows)):
            n, mean, interval, middle, _, at_start, *_ = points_words.numbers_of(one, place)
            rows.append((*((points_words.group_name(one),) if by else ()), sentence_case(name), n, mean, interval,
                         middle, at_start, points_words.point_mark(one, place)))
    return Grid((*by, *page_words.POINT_HEADER), tuple(rows))


def _short_grid(found: Trajectories) -> Grid:
    """Points, courses and means with their intervals, and nothing of those who are not there."""
    by = tuple(sentence_case(attribute(name)) for name in (found.groups[0].stratum if found.groups else ()))
    rows = [(*((points_words.group_name(one),) if by else ()), sentence_case(name), count(int(one.n[place])),
             in_points(float(one.mean[place])), "" if np.isnan(one.low[place]) else points_range(
                 float(one.low[place]), float(one.high[place])))
            for one in (found.groups or (found.whole,))
            for place, name in enumerate(points_words.window_names(found.windows))
            if one.n[place] >= SMALLEST_SHOWN]
    return Grid((*by, "Point", "Courses", "Mean", "95 % interval"), tuple(rows))


def _series(one: Trajectory, name: str, ink: Any, *, has_interval: bool) -> Series:
    is_shown = points_words.is_shown(one)

    def told(values: np.ndarray) -> tuple[float | None, ...]:
        return tuple(float(value) if shown and not np.isnan(value) else None
                     for value, shown in zip(values, is_shown, strict=True))

    texts = tuple(in_points(value) if value is not None else "" for value in told(one.mean))
    hollow = tuple(bool(shown and not firm) for shown, firm in zip(is_shown, points_words.is_firm(one), strict=True))
    return Series(name, told(one.mean), *((told(one.low), told(one.high)) if has_interval else ((), ())), texts, (),
                  hollow, ink)


def _chart(found: Trajectories, instrument: Any) -> Chart | None:
    shown = [one for one in found.groups or (found.whole,) if points_words.is_shown(one).any()]
    if not shown:
        return None
    series = tuple(_series(one, points_words.group_name(one), ink, has_interval=len(shown) <= MOST_INTERVALS)
                   for one, ink in zip(shown, INKS, strict=False))
    return Chart("line", _categories(found, shown), series, "points", f"Mean {instrument.title}, points")


def _categories(found: Trajectories, shown: Sequence[Trajectory]) -> tuple[str, ...]:
    """Short names of the points, with the courses of the one curve there is."""
    names = points_words.window_names(found.windows)
    short = [page_words.short_point(name) for name in names]
    sizes = shown[0].n if len(shown) == 1 else None
    return tuple(page_words.category(name, None if sizes is None or sizes[place] == 0 else int(sizes[place]))
                 for place, name in enumerate(short))


def _numbers(found: Trajectories) -> Numbers:
    own = (Column("Group", "text"),) if found.groups else ()
    columns = (*own, Column("Point", "text"), Column("Courses", "count"), Column("Mean", "points"),
               Column("Low", "points"), Column("High", "points"))
    rows = []
    for one in found.groups or (found.whole,):
        series = _series(one, "", "accent", has_interval=True)
        for place, name in enumerate(points_words.window_names(found.windows)):
            rows.append((*((points_words.group_name(one),) if own else ()), name, int(one.n[place]) or None,
                         series.values[place], series.low[place], series.high[place]))
    return Numbers(columns, tuple(rows))
