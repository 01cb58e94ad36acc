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
    values: Mapping[int, str | None] | None = None, measure: str | None = None,
) -> Lead:
    """The way to one list of courses.

    Parameters
    ----------
    label : of the point, as "South: 128 courses"
    name, reason, band : of ``courses.list``, ``courses.reason`` and ``courses.band`` in ``page_options``
    values : place of an attribute and the value that the point is of, beyond the filters of the view
    measure : that the figure is of; missing means the view's
    """
    choices = page_options.spelled(
        (dict(question.view.choices) | {"courses.list": name, "courses.reason": reason, "courses.band": band}).items())
    view = replace(question.view, filters=filters_of(question, values or {}), choices=choices,
                   measure=measure or question.view.measure)
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


def filters_of(question: Question, values: Mapping[int, str | None]) -> Filters:
    """The filters of the view with one value of each given attribute; a missing value is the missing place."""
    filters = question.view.filters
    for place, value in values.items():
        words = question.dataset.shape.attributes[place][1]
        filters = with_values(filters, place, (None if value is None else words.index(value),))
    return tuple(sorted(filters, key=lambda one: one[0]))
