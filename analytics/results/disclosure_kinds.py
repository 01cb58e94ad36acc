"""Who is told, by which rule, and what was done to results before they were told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Audience = Literal["inside", "board", "public"]

AUDIENCES: tuple[Audience, ...] = ("inside", "board", "public")

THRESHOLD = 11
"""The smallest count that is told outside, unless another is set: counts of 1 to 10 are withheld."""

POOLED = "pooled"
"""The one reason that stands for all where some are rare."""

Why = Literal["few", "follow_up", "kinds", "interval", "harm", "harm_kept", "word"]


class NotForAudienceError(ValueError):
    """What was asked for is not told to this audience at all; the message is for a person."""


@dataclass(frozen=True)
class Disclosure:
    """For whom results are made.

    Attributes
    ----------
    threshold : the smallest count told; at least 2
    rounding : counts are told to the nearest multiple of this; missing means exact
    """

    audience: Audience = "inside"
    threshold: int = THRESHOLD
    rounding: int | None = None

    def __post_init__(self) -> None:
        """Raises ValueError when the audience is none, the threshold below 2 or the rounding below 2."""
        if self.audience not in AUDIENCES:
            raise ValueError(f"An audience is one of {', '.join(AUDIENCES)}; {self.audience!r} came.")
        if self.threshold < 2:
            raise ValueError(f"The smallest count that is told was needed, 2 or more; {self.threshold} came.")
        if self.rounding is not None and self.rounding < 2:
            raise ValueError(f"Counts are rounded to multiples of 2 or more; {self.rounding} came.")


@dataclass(frozen=True)
class Range:
    """Between which counts a numerator lies that is not told; both ends may be it. Of the whole without a stratum."""

    instrument: str
    measure: str
    low: int
    high: int
    denominator: int
    stratum: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Advice:
    """What would let more be told.

    Attributes
    ----------
    kind : ``more`` (so many judged courses a group are needed), ``merged`` (values that were put together),
        ``period`` (a longer one would do)
    needed : judged courses; of the rate of the whole, never of the group: it must not give the group away
    values : what was put together
    title : the instrument's
    """

    kind: Literal["more", "merged", "period"]
    instrument: str | None = None
    measure: str | None = None
    needed: int | None = None
    values: tuple[str | None, ...] = ()
    title: str | None = None


@dataclass(frozen=True)
class Shut:
    """Why an instrument's results, or one measure's, are not for the public.

    Attributes
    ----------
    measure : missing where it is so of all
    title : the instrument's
    is_of_groups : whether it is so of some groups alone
    """

    instrument: str
    why: Why
    measure: str | None = None
    title: str | None = None
    is_of_groups: bool = False


@dataclass(frozen=True)
class Told:
    """What was done to a summary before it was told.

    Attributes
    ----------
    merged : name of a group that was put together, to the values in it, one text a value
    advice : what would let more be told
    ranges : numerators that are told as a range
    gate : why the gate to the public is shut; empty where it is open or there is none
    n_withheld : results that are not told, without those behind a shut gate
    """

    disclosure: Disclosure
    merged: dict[str, tuple[str, ...]] = field(default_factory=dict)
    advice: tuple[Advice, ...] = ()
    ranges: tuple[Range, ...] = ()
    gate: tuple[Shut, ...] = ()
    n_withheld: int = 0


@dataclass(frozen=True)
class Refusal:
    """Why a view may not be shown beside those that were shown.

    Attributes
    ----------
    shown : the name of the view that it could be set off against
    why : ``isolates`` (fewer than the threshold are told apart), ``versions`` (two states of the data differ in fewer)
    threshold : in force
    """

    shown: str
    why: Literal["isolates", "versions"]
    threshold: int
