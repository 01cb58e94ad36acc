"""The rating scales: range, direction, bands, cut-offs, missing-item rule, each with its source.

A cut-off whose source reads "convention" is in common use without a paper, a manual or a national
dictionary that we could name; it is printed as such.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
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
    """A size of change, in points or as a fraction of baseline; reached when improvement >= value."""

    value: float
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

    Unanswered items are replaced by the mean of those answered and the total is rounded half up.
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
    about : what it measures: depression, anxiety, pain or wellbeing
    minimum, maximum : range of the total, in points
    n_items, item_minimum, item_maximum : the answers, or 0 items where the file brings totals only
    domains : groups of items of which the highest counts once; empty where the total is the sum
    is_higher_better : read once, when improvement is computed
    recall_days : days one answer looks back
    total_factor : what the sum of the items is multiplied with (WHO-5: 4)
    answers : the phrases of each answer to an item, from the lowest answer up; empty where none are known
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

    @property
    def is_pain(self) -> bool:
        """Whether the scale measures pain: its kinds are never pooled and its measures are its own."""
        return self.about == "pain"


_COMPLETE = MissingItems(0, "No published rule: complete or no total")
_FREE = "Free to use, no permission needed"
_FREQUENCY = (
    ("not at all", "not at all sure", "LA6568-5"),
    ("several days", "LA6569-3"),
    ("more than half the days", "more than half of the days", "more than half days", "more than half",
     "over half the days", "over half of the days", "LA6570-1"),
    ("nearly every day", "nearly everyday", "almost every day", "almost everyday", "nearly daily", "LA6571-9"),
)
"""The answers of PHQ and GAD-7, their common variants, and their LOINC codes."""

_NO_ITEMS = {"n_items": 0, "item_minimum": 0, "item_maximum": 0}

_PHQ9 = Instrument(
    key="phq9",
    title="PHQ-9",
    about="depression",
    minimum=0,
    maximum=27,
    n_items=9,
    item_minimum=0,
    item_maximum=3,
    recall_days=14,
    caseness=CutOff(">=", 10, "Kroenke 2001, J Gen Intern Med 16:606"),
    response=Amount(0.5, "Löwe 2004, Med Care 42:1194"),
    remission=CutOff("<", 5, "Löwe 2004, Med Care 42:1194"),
    reliable_change=Amount(6, "NHS Talking Therapies manual, 2024"),
    important_change=Amount(5, "Löwe 2004, Med Care 42:1194"),
    bands=(Band(0, "minimal"), Band(5, "mild"), Band(10, "moderate"),
           Band(15, "moderately severe"), Band(20, "severe")),
    bands_source="Kroenke 2001, J Gen Intern Med 16:606",
    missing_items=MissingItems(2, "PHQ and GAD-7 instruction manual (Pfizer)"),
    licence=_FREE,
    source="Kroenke 2001, J Gen Intern Med 16:606",
    self_harm_item=9,
    aliases=("phq9", "phq", "patienthealthquestionnaire9", "patienthealthquestionnaire"),
    answers=_FREQUENCY,
)

_PHQ8 = Instrument(
    key="phq8",
    title="PHQ-8",
    about="depression",
    minimum=0,
    maximum=24,
    n_items=8,
    item_minimum=0,
    item_maximum=3,
    recall_days=14,
    caseness=CutOff(">=", 10, "Kroenke 2009, J Affect Disord 114:163"),
    response=Amount(0.5, CONVENTION),
    remission=CutOff("<", 5, CONVENTION),
    reliable_change=Amount(6, "Assumed to be that of the PHQ-9 (NHS Talking Therapies manual, 2024)"),
    important_change=None,
    bands=_PHQ9.bands,
    bands_source="Kroenke 2009, J Affect Disord 114:163",
    missing_items=_COMPLETE,
    licence=_FREE,
    source="Kroenke 2009, J Affect Disord 114:163",
    aliases=("patienthealthquestionnaire8",),
    answers=_FREQUENCY,
)

_GAD7 = Instrument(
    key="gad7",
    title="GAD-7",
    about="anxiety",
    minimum=0,
    maximum=21,
    n_items=7,
    item_minimum=0,
    item_maximum=3,
    recall_days=14,
    caseness=CutOff(">=", 10, "Spitzer 2006, Arch Intern Med 166:1092"),
    response=Amount(0.5, CONVENTION),
    remission=CutOff("<", 5, CONVENTION),
    reliable_change=Amount(4, "NHS Talking Therapies manual, 2024"),
    important_change=Amount(4, "Toussaint 2020, J Affect Disord 265:395"),
    bands=(Band(0, "minimal"), Band(5, "mild"), Band(10, "moderate"), Band(15, "severe")),
    bands_source="Spitzer 2006, Arch Intern Med 166:1092",
    missing_items=MissingItems(2, "PHQ and GAD-7 instruction manual (Pfizer)"),
    licence=_FREE,
    source="Spitzer 2006, Arch Intern Med 166:1092",
    aliases=("gad7", "gad", "generalizedanxietydisorder7", "generalisedanxietydisorder7"),
    answers=_FREQUENCY,
)

_QIDS_SR16 = Instrument(
    key="qids_sr16",
    title="QIDS-SR16",
    about="depression",
    minimum=0,
    maximum=27,
    n_items=16,
    item_minimum=0,
    item_maximum=3,
    recall_days=7,
    caseness=CutOff(">", 10, CONVENTION),
    response=Amount(0.5, "Trivedi 2006, Am J Psychiatry 163:28"),
    remission=CutOff("<=", 5, "Rush 2003, Biol Psychiatry 54:573"),
    reliable_change=None,
    important_change=None,
    bands=(Band(0, "none"), Band(6, "mild"), Band(11, "moderate"), Band(16, "severe"),
           Band(21, "very severe")),
    bands_source="Rush 2003, Biol Psychiatry 54:573",
    missing_items=_COMPLETE,
    licence="Free for clinical use; see the owners' terms",
    source="Rush 2003, Biol Psychiatry 54:573",
    domains=((1, 2, 3, 4), (5,), (6, 7, 8, 9), (10,), (11,), (12,), (13,), (14,), (15, 16)),
    aliases=("qidssr16", "qidssr", "qids", "qids16"),
)

_BDI2 = Instrument(
    key="bdi2",
    title="BDI-II",
    about="depression",
    minimum=0,
    maximum=63,
    n_items=21,
    item_minimum=0,
    item_maximum=3,
    recall_days=14,
    caseness=CutOff(">=", 14, "Beck 1996, BDI-II manual"),
    response=Amount(0.5, CONVENTION),
    remission=CutOff("<=", 9, CONVENTION),
    reliable_change=None,
    important_change=None,
    bands=(Band(0, "minimal"), Band(14, "mild"), Band(20, "moderate"), Band(29, "severe")),
    bands_source="Beck 1996, BDI-II manual",
    missing_items=_COMPLETE,
    licence="Copyright Pearson; a licence is needed to give it",
    source="Beck 1996, BDI-II manual",
    aliases=("bdi2", "bdiii", "beckdepressioninventory2", "beckdepressioninventoryii"),
)

_HAMD17 = Instrument(
    key="hamd17",
    title="HAM-D 17",
    about="depression",
    minimum=0,
    maximum=52,
    n_items=17,
    item_minimum=0,
    item_maximum=4,
    recall_days=7,
    caseness=CutOff(">=", 17, CONVENTION),
    response=Amount(0.5, "Frank 1991, Arch Gen Psychiatry 48:851"),
    remission=CutOff("<=", 7, "Frank 1991, Arch Gen Psychiatry 48:851"),
    reliable_change=None,
    important_change=None,
    bands=(Band(0, "none"), Band(8, "mild"), Band(17, "moderate"), Band(24, "severe")),
    bands_source="Zimmerman 2013, J Affect Disord 150:384",
    missing_items=_COMPLETE,
    licence="Public domain; given by a trained rater",
    source="Hamilton 1960, J Neurol Neurosurg Psychiatry 23:56",
    aliases=("hamd17", "hdrs17", "hrsd17", "hamiltondepression17", "hamiltondepressionratingscale17"),
)

_WHO5 = Instrument(
    key="who5",
    title="WHO-5",
    about="wellbeing",
    minimum=0,
    maximum=100,
    n_items=5,
    item_minimum=0,
    item_maximum=5,
    recall_days=14,
    caseness=CutOff("<", 50, "Topp 2015, Psychother Psychosom 84:167"),
    response=Amount(0.5, CONVENTION),
    remission=None,
    reliable_change=Amount(10, "Topp 2015, Psychother Psychosom 84:167"),
    important_change=Amount(10, "Topp 2015, Psychother Psychosom 84:167"),
    bands=(),
    bands_source=CONVENTION,
    missing_items=_COMPLETE,
    licence="Free to use (WHO, CC BY-NC-SA 3.0 IGO)",
    source="Topp 2015, Psychother Psychosom 84:167",
    is_higher_better=True,
    total_factor=4,
    other_ranges=((0, 25),),
    aliases=("who5", "who5index", "who5wellbeing", "who5wellbeingindex"),
    answers=(("at no time", "none of the time"), ("some of the time",),
             ("less than half of the time", "less than half the time"),
             ("more than half of the time", "more than half the time"), ("most of the time",),
             ("all of the time", "all the time")),
)

_NRS = Instrument(
    key="pain_nrs",
    title="Pain 0-10",
    about="pain",
    minimum=0,
    maximum=10,
    recall_days=1,
    caseness=CutOff(">=", 4, CONVENTION),
    response=Amount(0.3, "Farrar 2001, Pain 94:149; Dworkin 2008, J Pain 9:105"),
    remission=None,
    reliable_change=None,
    important_change=Amount(2, "Farrar 2001, Pain 94:149"),
    bands=(Band(0, "none"), Band(1, "mild"), Band(4, "moderate"), Band(7, "severe")),
    bands_source=CONVENTION,
    missing_items=_COMPLETE,
    licence=_FREE,
    source="Farrar 2001, Pain 94:149; Dworkin 2008, J Pain 9:105",
    other_ranges=((0, 1), (1, 5), (0, 100)),
    is_whole=False,
    aliases=("painnrs", "nrspain", "nrs", "pain", "painscore", "painlevel", "painintensity",
             "painrating", "pain010", "painscale", "numericratingscale", "painnrs010"),
    **_NO_ITEMS,
)


def _nrs_kind(kind: str, recall_days: int, *words: str) -> Instrument:
    """The 0-10 scale asked about one kind of pain: a series of its own, never pooled with another."""
    aliases = tuple(form for word in words
                    for form in (f"{word}pain", f"pain{word}", f"painnrs{word}", f"nrs{word}",
                                 f"{word}nrs", f"{word}pain010", f"pain{word}010", f"{word}painscore"))
    return replace(_NRS, key=f"pain_nrs_{kind}", title=f"Pain 0-10, {kind}", recall_days=recall_days,
                   aliases=aliases)


_VAS = replace(
    _NRS,
    key="pain_vas",
    title="Pain VAS 0-100 mm",
    maximum=100,
    caseness=CutOff(">=", 40, CONVENTION),
    important_change=Amount(20, CONVENTION),
    bands=(Band(0, "none"), Band(5, "mild"), Band(45, "moderate"), Band(75, "severe")),
    bands_source="Jensen 2003, J Pain 4:407",
    source="Jensen 2003, J Pain 4:407; Dworkin 2008, J Pain 9:105",
    other_ranges=((0, 1), (0, 10)),
    aliases=("painvas", "vaspain", "vas", "pain0100", "painvas0100", "visualanalogscale",
             "visualanaloguescale", "vas100", "painvasmm"),
)

BUILT_IN: dict[str, Instrument] = {
    instrument.key: instrument
    for instrument in (
        _PHQ9, _PHQ8, _GAD7, _QIDS_SR16, _BDI2, _HAMD17, _WHO5, _NRS,
        _nrs_kind("worst", 1, "worst", "max", "maximum"),
        _nrs_kind("average", 1, "average", "avg", "mean", "usual"),
        _nrs_kind("least", 1, "least", "min", "minimum", "lowest"),
        _nrs_kind("now", 0, "now", "current", "rightnow"),
        _VAS,
    )
}
"""Every instrument that ships, by key."""

WITHOUT_LAST_ITEM = {"phq9": "phq8"}
"""The instrument that remains where the last item is never asked."""


_POINT_SETTINGS = ("reliable_change", "important_change", "response_fraction")
CUT_OFF_SETTINGS = ("caseness", "remission_below", "remission_at_most", *_POINT_SETTINGS)
"""The cut-offs of an instrument that a person may set, as in ``phq9.caseness=8``."""

SET_BY_PERSON = "set by the user"


def with_cut_off(instrument: Instrument, name: str, value: float) -> Instrument:
    """The instrument with one cut-off replaced.

    Raises
    ------
    ValueError
        When the name is not one of ``CUT_OFF_SETTINGS`` or the value lies outside what it can mean.
    """
    if name not in CUT_OFF_SETTINGS:
        raise ValueError(f"{instrument.key} has no cut-off called {name!r}; "
                         f"there are {', '.join(CUT_OFF_SETTINGS)}.")
    if name == "response_fraction":
        if not 0 < value <= 1:
            raise ValueError(f"{instrument.key}.response_fraction is a fraction above 0 and up to 1; "
                             f"{value:g} came.")
        return replace(instrument, response=Amount(value, SET_BY_PERSON))
    if name in _POINT_SETTINGS:
        if not 0 < value <= instrument.maximum - instrument.minimum:
            raise ValueError(f"{instrument.key}.{name} is a number of points above 0 and up to "
                             f"{instrument.maximum - instrument.minimum:g}; {value:g} came.")
        return replace(instrument, **{name: Amount(value, SET_BY_PERSON)})
    if not instrument.minimum <= value <= instrument.maximum:
        raise ValueError(f"{instrument.key}.{name} lies between {instrument.minimum:g} and "
                         f"{instrument.maximum:g}; {value:g} came.")
    if name == "caseness":
        return replace(instrument, caseness=CutOff(instrument.caseness.comparison, value, SET_BY_PERSON))
    comparison: Comparison = "<" if name == "remission_below" else "<="
    if instrument.is_higher_better:
        raise ValueError(f"On {instrument.key} higher is better, so remission cannot lie below a score.")
    return replace(instrument, remission=CutOff(comparison, value, SET_BY_PERSON))
