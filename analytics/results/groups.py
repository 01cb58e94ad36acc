"""One measure by one or two attributes: the cells as they are, sorted by name or by size, never by their rates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from analytics.courses.outcomes import Outcomes
from analytics.results.cohorts import Where
from analytics.results.rates import Mean, Rate
from analytics.results.summary import summarize

Order = Literal["name", "size"]
Result = Rate | Mean


@dataclass(frozen=True)
class Groups:
    """A measure in the whole cohort and in every cell of a grouping.

    Attributes
    ----------
    by : the attributes, one or two
    overall : the whole cohort
    cells : one result per combination of values that holds a course, in the order asked for; an attribute
        that is not recorded is the value None
    """

    by: tuple[str, ...]
    overall: Result
    cells: tuple[Result, ...]

    @property
    def levels(self) -> tuple[tuple[str | None, ...], ...]:
        """The values of each attribute that occur, sorted, missing last."""
        found = ({cell.stratum[name] for cell in self.cells} for name in self.by)
        return tuple(tuple(sorted(one, key=lambda value: (value is None, value or ""))) for one in found)


def groups(
    of: Outcomes, instrument: str, measure: str, by: Sequence[str], where: Where | None = None, order: Order = "name",
) -> Groups:
    """One measure of one instrument in every cell of the attributes, crossed.

    Parameters
    ----------
    order : by the names of the values, or by the courses counted, most first (names settle ties)

    Raises
    ------
    ValueError
        When an attribute, the instrument or the measure is not there, or there are none or more than two attributes.
    """
    if not 1 <= len(by) <= 2:
        raise ValueError(f"One or two attributes were needed; {len(by)} came.")
    overall, *cells = summarize(of, by, where, (instrument,), (measure,)).results
    if order == "size":
        cells.sort(key=size, reverse=True)  # stable, so that names settle ties
    return Groups(tuple(by), overall, tuple(cells))


def size(result: Result) -> int:
    """The courses that a result rests on."""
    return result.n if isinstance(result, Mean) else result.denominator
