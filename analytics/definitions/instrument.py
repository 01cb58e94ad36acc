"""What is known of a rating scale: range, direction, bands, cut-offs, missing-item rule, each with its source.

A cut-off whose source reads "convention" is in common use without a paper, a manual or a national
dictionary that we could name; it is printed as such.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Comparison = Literal[">=", ">", "<", "<="]

CONVENTION = "convention"

ALLOWANCE = 1e-9
"""Scores closer than this are the same: 7.0 - 4.9 is 2.1 although floating point disagrees."""


@dataclass(frozen=True)
class CutOff:
    """A line on the scale: a total is beyond it when ``total <comparison> value``."""

    comparison: Comparison
    value: float
    source: str

    def __str__(self) -> str:
        return f"{self.comparison} {self.value:g}"


@dataclass(frozen=True)
class Amount:
    """A number with its source: a size of change, in points or as a fraction of baseline, or a published figure.

    A change is reached when improvement >= value.
    """

    value: float
    source: str


@dataclass(frozen=True)
class JtCutOff:
    """Which of Jacobson and Truax's cut-offs is crossed: a, b or c."""

    value: Literal["a", "b", "c"]
    source: str


@dataclass(frozen=True)
class Band:
    """A severity band: from ``start`` up to the next band."""

    start: float
    label: str


@dataclass(frozen=True)
class MissingItems:
    """How a total is made from items when some are unanswered.

    Attributes
    ----------
    most_missing : items that may be unanswered; more, and there is no total
    source : where the rule stands

    Unanswered items are replaced by the mean of those answered and the total is rounded half up; a total that
    is itself a mean is the mean of those answered.
    """

    most_missing: int
    source: str


@dataclass(frozen=True)
class Instrument:
    """A rating scale as definitions of every figure need it.

    Attributes
    ----------
    key : short stable name, as on the command line
    title : the name people know
    about : what it measures: depression, anxiety, pain, wellbeing, ...
    minimum, maximum : range of the total, in points
    n_items, item_minimum, item_maximum : the answers, or 0 items where the file brings totals only
    domains : groups of items of which the highest counts once; empty where the total is the sum
    is_higher_better : read once, when improvement is computed
    recall_days : days one answer looks back
    response : a fraction of baseline, or points where ``is_response_in_points``
    is_remission_not_a_case : remission is the other side of the caseness line and moves with it
    nhs_caseness : the caseness line inside the NHS Talking Therapies set; missing means ``caseness``
    reliability, functional_mean, functional_sd, jt_cut_off : for the classification of Jacobson and Truax; missing
        means that a person must set them first
    is_mean : whether the total is the mean of the items, not rounded, and not their sum
    total_factor : what the sum of the items is multiplied with (WHO-5: 4)
    answers : the phrases of each answer to an item, from the lowest answer up; empty where none are known
    loinc : the LOINC code of the total, beyond those that are known of the built-in ones
    codes : a clinic's own codes of the total in FHIR, as they stand or as ``system|code``
    item_codes : the code of each item in FHIR, LOINC or own, in the order of the items
    """

    key: str
    title: str
    about: str
    minimum: float
    maximum: float
    n_items: int
    item_minimum: int
    item_maximum: int
    recall_days: int
    caseness: CutOff
    response: Amount
    remission: CutOff | None
    reliable_change: Amount | None
    important_change: Amount | None
    bands: tuple[Band, ...]
    bands_source: str
    missing_items: MissingItems
    licence: str
    source: str
    is_higher_better: bool = False
    total_factor: int = 1
    domains: tuple[tuple[int, ...], ...] = ()
    self_harm_item: int | None = None
    other_ranges: tuple[tuple[float, float], ...] = ()
    aliases: tuple[str, ...] = field(default=(), compare=False)
    is_whole: bool = True
    answers: tuple[tuple[str, ...], ...] = field(default=(), compare=False)
    loinc: str = field(default="", compare=False)
    codes: tuple[str, ...] = field(default=(), compare=False)
    item_codes: tuple[str, ...] = field(default=(), compare=False)
    is_mean: bool = False
    is_response_in_points: bool = False
    is_remission_not_a_case: bool = False
    nhs_caseness: CutOff | None = None
    reliability: Amount | None = None
    functional_mean: Amount | None = None
    functional_sd: Amount | None = None
    jt_cut_off: JtCutOff | None = None

    @property
    def is_pain(self) -> bool:
        """Whether the scale measures pain: its kinds are never pooled and its measures are its own."""
        return self.about in ("pain", "pain interference")

    @property
    def is_pain_rating(self) -> bool:
        """Whether it is one rating of pain: of those 2 points of 10 are known to matter."""
        return self.is_pain and not self.is_mean


@dataclass(frozen=True)
class SafetyScale:
    """A scale given around a session to see whether it is safe to go on or to leave; never an efficacy outcome.

    It is no ``Instrument``, so that no measure can be counted on it.

    Attributes
    ----------
    ready_to_leave : the line within which a patient lies again before leaving
    """

    key: str
    title: str
    about: str
    minimum: float
    maximum: float
    n_items: int
    item_minimum: int
    item_maximum: int
    recall_days: int
    ready_to_leave: CutOff
    missing_items: MissingItems
    licence: str
    source: str


COMPLETE = MissingItems(0, "No published rule: complete or no total")
FREE = "Free to use, no permission needed"

FREQUENCY = (
    ("not at all", "not at all sure", "LA6568-5"),
    ("several days", "LA6569-3"),
    ("more than half the days", "more than half of the days", "more than half days", "more than half",
     "over half the days", "over half of the days", "LA6570-1"),
    ("nearly every day", "nearly everyday", "almost every day", "almost everyday", "nearly daily", "LA6571-9"),
)
"""The answers of PHQ and GAD-7, their common variants, and their LOINC codes."""
