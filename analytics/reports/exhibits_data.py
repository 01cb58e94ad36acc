"""What an exhibit is: one card or chart as data, from which slides, sheets, pages and PDFs are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from analytics.reports.sections import Grid, Section

Kind = Literal["text", "count", "percent", "points", "days"]
ChartKind = Literal["interval", "bars", "stacked", "line"]
Ink = Literal["accent", "worsened", "unchanged", "muted", "mildest", "mild", "middle", "grave", "gravest"]

SHADES: tuple[Ink, ...] = ("mildest", "mild", "middle", "grave", "gravest")
"""Inks of severity bands, in the order of ``Palette.severity``."""


@dataclass(frozen=True)
class Ask:
    """What one exhibit is asked for; plain values, so that a deck can keep it.

    Attributes
    ----------
    kind : a key of ``exhibits.KINDS``
    instrument : key; missing means the one with most courses that have both scores
    measure : key; missing means response, or pain down by 30 % on a pain scale
    by : attributes that strata are made by
    where : filters, attribute to the values that stay
    disclosure : from ``results.disclosure``; missing means the inside
    options : what a kind takes beyond that, as pairs of name and value; what is not there has its default
    sides : two cohorts that are compared, each by its name and filters
    """

    kind: str
    instrument: str | None = None
    measure: str | None = None
    by: tuple[str, ...] = ()
    where: Mapping[str, Sequence[str | None]] = field(default_factory=dict)
    disclosure: Any = None
    options: tuple[tuple[str, str], ...] = ()
    sides: tuple[tuple[str, Mapping[str, Sequence[str | None]]], ...] = ()

    def option(self, name: str, default: str = "") -> str:
        """The value of an option."""
        return dict(self.options).get(name, default)

    @property
    def audience(self) -> str:
        """Who it is made for: inside, board or public."""
        return "inside" if self.disclosure is None else self.disclosure.audience


@dataclass(frozen=True)
class Column:
    """One column of numbers: what it is and how it is written."""

    name: str
    kind: Kind


@dataclass(frozen=True)
class Numbers:
    """The numbers behind an exhibit, unrounded; percent are fractions, missing is None."""

    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[str | float | None, ...], ...] = ()


@dataclass(frozen=True)
class Series:
    """One series of a chart, one element a category.

    Attributes
    ----------
    values, low, high : in the unit of the chart, missing where nothing may be drawn; without intervals low and
        high are empty
    texts : what stands beside each value
    counts : what each value rests on, to stand beside the category where a chart writes its own values
    hollow : whether each value is unstable, which is drawn hollow
    """

    name: str
    values: tuple[float | None, ...]
    low: tuple[float | None, ...] = ()
    high: tuple[float | None, ...] = ()
    texts: tuple[str, ...] = ()
    counts: tuple[str, ...] = ()
    hollow: tuple[bool, ...] = ()
    ink: Ink = "accent"


@dataclass(frozen=True)
class Chart:
    """A chart as data.

    Attributes
    ----------
    unit : percent (values are fractions), points or courses
    overall : value of the whole cohort, drawn as a line behind, and its name
    """

    kind: ChartKind
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    unit: Literal["percent", "points", "courses"] = "percent"
    axis: str = ""
    overall: tuple[str, float] | None = None


@dataclass(frozen=True)
class Card:
    """One number large, with what must stand below it."""

    title: str
    shown: str
    counts: str
    interval: str = ""
    mark: str = ""
    is_harm: bool = False


@dataclass(frozen=True)
class Exhibit:
    """One card or chart as data, made for one audience; every text may hold what a file says and is plain text.

    Attributes
    ----------
    key : short and unlike those of the other exhibits of a report
    title : a finding in words, up to two lines; may be replaced by a person's own
    measure_title : what is counted
    reading, limits : one sentence of result, one of what it does not say
    context : counts, rules, as-of, definition
    table : the numbers in words, as a table
    numbers : the same, unrounded
    chart : missing where the exhibit is a table or a text
    notes : the sheet that defends the number
    marks : what must stand on every slide, sheet and page: who it is for, and that data is invented
    is_kept : whether it is kept from this audience: it says why and holds no number
    comment : what a person added
    figure : gives the interactive figure from a palette of ``figures.theme``; missing where there is none
    """

    key: str
    ask: Ask
    title: str
    measure_title: str
    reading: str
    limits: str
    context: tuple[str, ...]
    table: Grid
    numbers: Numbers = Numbers()
    chart: Chart | None = None
    cards: tuple[Card, ...] = ()
    notes: tuple[Section, ...] = ()
    marks: tuple[str, ...] = ()
    is_kept: bool = False
    comment: str = ""
    figure: Callable[[Any], Any] | None = field(default=None, compare=False, repr=False)
