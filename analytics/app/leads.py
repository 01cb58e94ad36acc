"""From a point of a figure to the courses behind it: the view of the Courses page that shows exactly those."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from analytics.app import page_options
from analytics.app.address import with_other_courses
from analytics.app.questions import Question
from analytics.app.view import Filters, View, with_values
from analytics.definitions.measures import MEASURES
from analytics.wording.numbers import plural
from analytics.wording.rates import Line, size


@dataclass(frozen=True)
class Lead:
    """The way from one point of a figure to its courses.

    Attributes
    ----------
    label : what the point is, in words, for the link that stands for it
    address : of the Courses page with the view
    """

    view: View
    label: str
    address: str


def lead(
    question: Question, label: str, name: str = "judged", *, reason: str = "none", band: str = "none",
    values: Mapping[int, str | None] | None = None, measure: str | None = None, instrument: str | None = None,
) -> Lead:
    """The way to one list of courses.

    Parameters
    ----------
    label : of the point, as "South: 128 courses"
    name, reason, band : of ``courses.list``, ``courses.reason`` and ``courses.band`` in ``page_options``
    values : place of an attribute and the value that the point is of, beyond the filters of the view
    measure, instrument : that the figure is of; missing means the view's
    """
    choices = page_options.spelled(
        (dict(question.view.choices) | {"courses.list": name, "courses.reason": reason, "courses.band": band}).items())
    view = replace(question.view, filters=filters_of(question, values or {}), choices=choices,
                   measure=measure or question.view.measure, instrument=instrument or question.view.instrument)
    return Lead(view, label, "courses?" + urlencode(with_other_courses(question.address, view)))


def of_cells(
    question: Question, cells: Sequence[Any], places: Mapping[str | None, int | None], lines: Sequence[Line],
    measure: str,
) -> list[Lead]:
    """The ways from the cells of a grouping to the courses judged in each, in the order of the cells.

    Parameters
    ----------
    cells : results with the values of their stratum
    places : column of each attribute of the grouping, and its place in the dataset
    lines : the cells in words
    """
    ways = []
    for cell, line in zip(cells, lines, strict=False):
        values = {places[name]: value for name, value in cell.stratum.items()}
        ways.append(lead(question, f"{line.title}: {plural(size(cell), 'course')} judged", values=values,
                         measure=measure))
    return ways


def of_worse(question: Question, results: Sequence[Any], lines: Sequence[Line]) -> list[Lead]:
    """The ways from rates of harm to the courses that got worse, in the order of the rates.

    Parameters
    ----------
    results : rates of worsening at all or reliably, of one instrument each, with the values of their stratum
    """
    ways = []
    for one, line in zip(results, lines, strict=False):
        name = "worse" if one.measure == "worsening" else "responders"
        values = dict(zip((question.view.by,), one.stratum.values(), strict=False))
        ways.append(lead(question, f"{line.title}: {plural(one.numerator, 'course')}", name, values=values,
                         measure=one.measure, instrument=one.instrument))
    return ways


def of_years(question: Question, found: Any) -> list[Lead | None]:
    """The ways from the years of a trend to the courses counted in each; none from months, or counts of all courses.

    Parameters
    ----------
    found : a trend with its tally; its years must come from an attribute, which the list can be filtered by
    """
    what = found.asked.what
    place = next((at for at, (name, _) in enumerate(question.dataset.shape.attributes)
                  if found.attribute is not None and question.column(name) == found.attribute), None)
    if place is None or found.unit != "year" or what not in MEASURES or found.asked.kind == "count":
        return []
    known = question.dataset.shape.attributes[place][1]
    return [lead(question, f"{label}: {plural(int(n), 'course')} judged", values={place: label}, measure=what)
            if n and label in known else None for label, n in zip(found.labels, found.tally.n, strict=True)]


def filters_of(question: Question, values: Mapping[int, str | None]) -> Filters:
    """The filters of the view with one value of each given attribute; a missing value is the missing place."""
    filters = question.view.filters
    for place, value in values.items():
        words = question.dataset.shape.attributes[place][1]
        filters = with_values(filters, place, (None if value is None else words.index(value),))
    return tuple(sorted(filters, key=lambda one: one[0]))
