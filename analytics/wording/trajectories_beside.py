"""Mood and pain of the same courses in words: two curves, and who responded in which."""

from __future__ import annotations

from typing import Any

from analytics.definitions.instruments import Instrument
from analytics.definitions.measures import MEASURES
from analytics.wording.definitions import what_counts
from analytics.wording.numbers import (
    MINUS,
    SMALLEST_SHOWN,
    SMALLEST_STABLE,
    count,
    listed,
    percent,
    plural,
    points,
    rounded,
    sentence_case,
)
from analytics.wording.rates import NINETY_FIVE, TOO_FEW
from analytics.wording.trajectories import last_place, unstable
from analytics.wording.trajectories_points import is_shown, numbers_of, point_mark, window_names

NO_OTHER = {True: "The files hold no scale of mood with scores of the same courses.",
            False: "The files hold no scale of pain with scores of the same courses."}


def beside_sentence(found: Any, first: Instrument, second: Instrument) -> str:
    """Both curves in one sentence, at the last point that holds half of the courses on both scales."""
    one, other = found.first.whole, found.second.whole
    if not one.started:
        return f"No course starts a curve of both {first.title} and {second.title}."
    places = [place for place in (last_place(one), last_place(other)) if place is not None]
    if not places:
        return f"{plural(one.started, 'course')} start both curves; later points hold too few for a mean."
    place = min(places)
    if not (is_shown(one)[place] and is_shown(other)[place]):
        return f"{plural(one.started, 'course')} start both curves; no later point holds enough of both scales."
    name = window_names(found.first.windows)[place]
    parts = [f"{scale.title} {points(float(curve.mean[0]))} to {points(float(curve.mean[place]))} "
             f"({count(int(curve.n[place]))} scores)" for scale, curve in ((first, one), (second, other))]
    return f"Of {plural(one.started, 'course')} that start both curves, from the start to {name}: {listed(parts)}."


def beside_who(found: Any, first: Instrument, second: Instrument) -> str:
    """Who is in neither of the two panels."""
    return (f"Courses eligible on both scales, with a score at the start on each; "
            f"{plural(found.n_not_both, 'course')} more on {first.title} alone.")


def agreement_sentence(found: Any, first: Instrument, second: Instrument) -> str:
    """How far mood and pain respond together."""
    table = found.agreement
    if not table.n:
        return f"No course is judged at the endpoint on both {first.title} and {second.title}."
    said = (f"Of {plural(table.n, 'course')} judged at the endpoint on both, {count(table.both)} responded on both "
            f"scales, {count(table.only_first)} on {first.title} alone, {count(table.only_second)} on {second.title} "
            f"alone and {count(table.neither)} on neither")
    if table.n < SMALLEST_SHOWN:
        return f"{said}; {TOO_FEW}."
    said += f": the same on both in {percent(table.share)}{unstable(table.n)}."
    if table.kappa is None:
        return f"{said} {table.why}"
    if table.n < SMALLEST_STABLE:
        return said
    interval = "" if table.low is None else f", {NINETY_FIVE} interval {_two(table.low)} to {_two(table.high)}"
    said += f" Beyond chance: kappa {_two(table.kappa)}{interval} (0 is no more than chance gives, 1 is always)."
    more = table.n - found.n_patients
    if not more:
        return said
    repeat = "1 is a repeat course" if more == 1 else f"{count(more)} are repeat courses"
    return f"{said} {repeat}, counted as if of other patients."


def _two(number: float) -> str:
    shown = rounded(number, 2)
    return f"{MINUS if shown < 0 else ''}{abs(shown):.2f}"


def agreement_header(second: Instrument) -> tuple[str, ...]:
    """The head of the 2 x 2 table."""
    return ("", f"{second.title}: responded", f"{second.title}: did not respond", "Courses")


def agreement_rows(found: Any, first: Instrument) -> tuple[tuple[str, ...], ...]:
    """The 2 x 2 table with its sums."""
    table = found.agreement
    cells = ((table.both, table.only_first), (table.only_second, table.neither))
    lines = [(f"{first.title}: {word}", *(count(one) for one in row), count(sum(row)))
             for word, row in zip(("responded", "did not respond"), cells, strict=True)]
    sums = [sum(column) for column in zip(*cells, strict=True)]
    return (*lines, ("Courses", *(count(one) for one in sums), count(table.n)))


def measures_sentence(found: Any, first: Instrument, second: Instrument) -> str:
    """What responding means on either scale."""
    texts = [f"{scale.title}: {what_counts(MEASURES[one.measure], scale)}"
             for scale, one in ((first, found.first), (second, found.second))]
    return f"Responded at the endpoint means, on {'; on '.join(texts)}."


def beside_table(found: Any, first: Instrument, second: Instrument) -> tuple[Any, Any]:
    """Head and rows of the table behind the two panels."""
    head = ("Point", *(f"{scale.title}: {what}" for scale in (first, second)
                       for what in ("courses", "mean", f"{NINETY_FIVE} interval")), "")
    names = window_names(found.first.windows)
    return head, tuple((sentence_case(name), *_beside_numbers(found.first.whole, place),
                        *_beside_numbers(found.second.whole, place), _beside_mark(found, place))
                       for place, name in enumerate(names))


def _beside_numbers(one: Any, place: int) -> tuple[str, ...]:
    mean, interval = numbers_of(one, place)[1:3]
    return count(int(one.n[place])), mean, interval


def _beside_mark(found: Any, place: int) -> str:
    marks = [point_mark(one.whole, place) for one in (found.first, found.second)]
    return marks[0] if marks[0] == marks[1] else "; ".join(mark for mark in marks if mark)
