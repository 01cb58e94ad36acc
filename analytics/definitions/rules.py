"""How sessions become courses, which scores stand for before and after, and who is eligible."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from math import isfinite
from typing import Any, Literal

from analytics.definitions.instruments import CUT_OFF_SETTINGS, Instrument, with_cut_off

Window = tuple[int | None, int | None]
"""Days, both ends inclusive; missing means open."""

Kind = Literal["induction", "re_induction", "incomplete", "booster", "assessed"]
KINDS: tuple[Kind, ...] = ("induction", "re_induction", "incomplete", "booster", "assessed")

MOST_DAYS = 100_000
"""No day, gap or number of sessions in a setting is larger."""

MEAN_DAYS = 7
"""The option ``mean_last_7_days`` averages the scores of day 0 and the six days before."""


@dataclass(frozen=True)
class Rules:
    """One set of rules. Days count from the first session of the course, day 0.

    Attributes
    ----------
    gap_days : a gap of more days between two sessions starts a new block
    induction_gap_days, induction_span_days, induction_max_sessions : induction is the first sessions
        while each gap and the day are at most these, and at most so many
    planned_sessions : sessions planned for every induction of the clinic; a column in the file wins.
        Where it is known induction has at most that many
    complete_sessions : induction sessions that make an induction complete
    kinds : courses that count; boosters never do
    baseline_window, baseline_pick : days from day 0; last, first, worst or mean_last_7_days
    baseline_visit, endpoint_visit : visit labels for files without days
    endpoint_window, endpoint_pick, endpoint_anchor : days from the anchor (last_induction_session,
        last_session or day_0); last, closest (to ``endpoint_target_day``) or last_available
    complete_last_day_window : where a complete induction is required, its last session lies here
    eligible : caseness at baseline for measures of benefit, or all
    missing : what a missing endpoint counts as in the headline of a measure of benefit
    first_course_only, complete_inductions_only : leave the rest out of the cohort, or out of the rates
    drop_started_before : leave out patients who may have started before the files begin
    scoring : prorated, or complete where every item must be answered
    requires_sessions : whether patients without sessions are left out
    counts_from_index : whether there is no course but one index score for each patient and instrument, the first that
        is a case (the first at all where everyone is asked), and windows count from its day
    """

    preset: str
    title: str
    source: str
    gap_days: int = 60
    induction_gap_days: int = 14
    induction_span_days: int = 28
    induction_max_sessions: int = 8
    planned_sessions: int | None = None
    complete_sessions: int = 4
    kinds: tuple[Kind, ...] = ("induction", "re_induction", "incomplete")
    baseline_window: Window = (-30, 0)
    baseline_pick: Literal["last", "first", "worst", "mean_last_7_days"] = "last"
    baseline_visit: str | None = None
    endpoint_window: Window = (1, 31)
    endpoint_pick: Literal["last", "closest", "last_available"] = "last"
    endpoint_anchor: Literal["last_induction_session", "last_session", "day_0"] = "last_induction_session"
    endpoint_target_day: int | None = None
    endpoint_visit: str | None = None
    complete_last_day_window: Window = (None, None)
    eligible: Literal["caseness", "all"] = "caseness"
    missing: Literal["observed", "failure", "unchanged"] = "observed"
    first_course_only: bool = False
    complete_inductions_only: bool = False
    drop_started_before: bool = False
    scoring: Literal["prorated", "complete"] = "prorated"
    requires_sessions: bool = True
    counts_from_index: bool = False


_INDUCTION = Rules(
    preset="induction", title="Induction",
    source="The product's own rule; no published standard exists for the gap",
)

_TWELVE_MONTH = replace(
    _INDUCTION, preset="twelve_month", title="Twelve months after the index score",
    source="CMS159 Depression remission at twelve months; CBE 0710 (shape; days in place of calendar months)",
    kinds=("assessed",), baseline_window=(None, None), baseline_pick="first", endpoint_window=(305, 425),
    endpoint_anchor="day_0", missing="failure", requires_sessions=False, counts_from_index=True,
)

PRESETS: dict[str, Rules] = {
    rules.preset: rules
    for rules in (
        _INDUCTION,
        replace(
            _INDUCTION, preset="induction_strict", title="Complete induction, endpoint 14-31 days after",
            source="McInnes 2022, J Affect Disord 301:486 (shape)",
            endpoint_window=(14, 31), eligible="all", complete_inductions_only=True,
            complete_last_day_window=(7, 28), kinds=("induction", "re_induction"),
        ),
        replace(
            _INDUCTION, preset="first_last", title="First and last score",
            source="NHS Talking Therapies manual (shape)",
            kinds=("induction", "re_induction", "incomplete", "assessed"),
            baseline_window=(-30, None), baseline_pick="first", endpoint_window=(None, None),
            endpoint_anchor="day_0", requires_sessions=False,
        ),
        replace(
            _INDUCTION, preset="pain_series", title="Pain series",
            source="The product's own rule; response as in Dworkin 2008, J Pain 9:105",
            induction_gap_days=7, induction_max_sessions=12, complete_sessions=1, endpoint_window=(1, 28),
        ),
        _TWELVE_MONTH,
        replace(
            _TWELVE_MONTH, preset="four_to_eight_month", title="Four to eight months after the index score",
            source="HEDIS DRR-E Depression remission or response (shape)", endpoint_window=(120, 240),
        ),
    )
}
"""The presets that are one set of rules; ``clinic`` picks among them by indication."""

PRESET_NAMES = ("clinic", *PRESETS)

PAIN_TIME_POINTS: dict[str, Window] = {
    "days 1-3": (1, 3), "week 1": (4, 10), "week 4": (25, 31), "week 6": (39, 45),
}
"""Further looks of the pain series: last score in these days after the last induction session."""

INDICATION_HEADERS = frozenset({
    "indication", "diagnosis", "primaryindication", "primarydiagnosis", "condition", "treatmentindication",
})
"""Headers, letters and digits only, under which a file names the indication."""

_PAIN_WORDS = re.compile(
    r"\bpain\b|\bcrps\b|complex regional|fibromyalg|migraine|neuropath|neuralg|headache", re.IGNORECASE)
_MOOD_WORDS = re.compile(r"depress|\bmdd\b|\btrd\b|anxi|ptsd|bipolar|\bocd\b|suicid", re.IGNORECASE)


def preset_of_indication(indication: str | None) -> str:
    """The preset ``clinic`` takes for an indication: pain_series for pain alone, else induction."""
    if indication is None or _MOOD_WORDS.search(indication) or not _PAIN_WORDS.search(indication):
        return "induction"
    return "pain_series"


@dataclass(frozen=True)
class RuleSet:
    """The rules in force: one set for all courses, or one per indication.

    Attributes
    ----------
    preset : the preset in force
    base : the rules of every course whose indication is not in ``by_indication``
    by_indication : indication as in the file, with the preset chosen for it by a person
    settings : what a person set, as (key, value), in the command line's words
    requested : the preset that was asked for, where the files made another necessary
    """

    preset: str
    base: Rules
    by_indication: tuple[tuple[str, str], ...] = ()
    settings: tuple[tuple[str, str], ...] = ()
    requested: str | None = None

    @property
    def is_by_indication(self) -> bool:
        """Whether courses may follow different rules."""
        return self.preset == "clinic"

    def preset_for(self, indication: str | None) -> str:
        """The preset a course of this indication follows."""
        if not self.is_by_indication:
            return self.preset
        return dict(self.by_indication).get(indication or "", preset_of_indication(indication))

    def rules_for(self, preset: str) -> Rules:
        """One preset with this set's settings applied."""
        return _with_settings(PRESETS[preset], settings_for(preset, self.settings))

    def instruments(self, known: Mapping[str, Instrument]) -> dict[str, Instrument]:
        """The instruments with the cut-offs that a person set.

        Raises
        ------
        ValueError
            When a setting names an instrument that is not known, or a cut-off out of range.
        """
        changed = dict(known)
        for key, text in self.settings:
            instrument_key, _, name = key.partition(".")
            if not name or instrument_key == "by_indication":
                continue
            if instrument_key not in changed:
                raise ValueError(f"There is no instrument called {instrument_key!r}; "
                                 f"there are {', '.join(sorted(changed))}.")
            value = text if name == "jt_cut_off" else _number(key, text)
            changed[instrument_key] = with_cut_off(changed[instrument_key], name, value)
        return changed


def settings_for(preset: str, settings: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Those of the settings that a preset can take, so that a person's settings go from one preset to another."""
    pairs = tuple(settings)
    if preset != "clinic":
        pairs = tuple(pair for pair in pairs if not pair[0].startswith("by_indication."))
    is_from_index = preset in PRESETS and PRESETS[preset].counts_from_index
    return tuple(pair for pair in pairs if not (is_from_index and pair[0] in OF_COURSES))


def rule_set(preset: str = "clinic", settings: Iterable[tuple[str, str]] = ()) -> RuleSet:
    """The rules in force from a preset's name and a person's settings.

    Parameters
    ----------
    preset : one of ``PRESET_NAMES``
    settings : pairs of key and text as of ``--set``: a field of ``Rules`` (windows as ``14..31``, open
        ends empty as ``1..``), a cut-off as ``phq9.caseness``, or ``by_indication.NAME=PRESET``

    Raises
    ------
    ValueError
        When the preset, a key or a value is not one of those.
    """
    if preset not in PRESET_NAMES:
        raise ValueError(f"There is no preset called {preset!r}; there are {', '.join(PRESET_NAMES)}.")
    pairs = tuple((key.strip(), str(text).strip()) for key, text in settings)
    by_indication = tuple((key.partition(".")[2], text) for key, text in pairs if key.startswith("by_indication."))
    for name, chosen in by_indication:
        if chosen not in ("induction", "pain_series", "induction_strict"):
            raise ValueError(f"by_indication.{name} is induction, induction_strict or pain_series; {chosen!r} came.")
        if preset != "clinic":
            raise ValueError(f"by_indication only goes with the preset clinic; {preset} came.")
    base = _with_settings(PRESETS["induction" if preset == "clinic" else preset], pairs)
    return RuleSet(preset, base, by_indication, pairs)


def without_sessions(rules: RuleSet) -> RuleSet:
    """What ``clinic`` becomes when the files hold no session at all; any other preset stays."""
    if rules.preset != "clinic":
        return rules
    settings = tuple(pair for pair in rules.settings if not pair[0].startswith("by_indication."))
    return replace(rule_set("first_last", settings), requested="clinic")


def as_record(rules: Rules) -> dict[str, Any]:
    """One set of rules as plain values, windows as pairs, for JSON and pages."""
    record = asdict(rules)
    record.pop("title")
    record.pop("source")
    return {key: list(value) if isinstance(value, tuple) else value for key, value in record.items()}


SETTING_KEYS = tuple(item.name for item in fields(Rules) if item.name not in
                     ("preset", "title", "source", "requires_sessions", "counts_from_index"))

_CHOICES: dict[str, tuple[str, ...]] = {
    "baseline_pick": ("last", "first", "worst", "mean_last_7_days"),
    "endpoint_pick": ("last", "closest", "last_available"),
    "endpoint_anchor": ("last_induction_session", "last_session", "day_0"),
    "eligible": ("caseness", "all"),
    "missing": ("observed", "failure", "unchanged"),
    "scoring": ("prorated", "complete"),
}
_WINDOWS = ("baseline_window", "endpoint_window", "complete_last_day_window")
_FLAGS = ("first_course_only", "complete_inductions_only", "drop_started_before")
_LABELS = ("baseline_visit", "endpoint_visit")
OF_COURSES = ("gap_days", "induction_gap_days", "induction_span_days", "induction_max_sessions", "planned_sessions",
               "complete_sessions", "kinds", "baseline_window", "baseline_pick", "baseline_visit", "endpoint_anchor",
               "endpoint_visit", "complete_last_day_window", "first_course_only", "complete_inductions_only",
               "drop_started_before")
"""Settings that mean nothing where one index score stands for each patient."""

_LEAST = {"complete_sessions": 1, "induction_max_sessions": 1, "planned_sessions": 1}


def _with_settings(rules: Rules, settings: Iterable[tuple[str, str]]) -> Rules:
    changes: dict[str, Any] = {}
    for key, text in settings:
        if "." in key:
            if key.partition(".")[2] not in CUT_OFF_SETTINGS and not key.startswith("by_indication."):
                raise ValueError(f"There is no setting called {key!r}; a cut-off is one of "
                                 f"{', '.join(CUT_OFF_SETTINGS)}, as in phq9.caseness=8.")
            continue
        if key not in SETTING_KEYS:
            raise ValueError(f"There is no setting called {key!r}; there are {', '.join(SETTING_KEYS)}.")
        changes[key] = _setting(key, text)
    changed = replace(rules, **changes)
    if rules.counts_from_index and (meant := [key for key in OF_COURSES if key in changes]):
        raise ValueError(f"The rules {rules.preset} start at the first score that is a case and look at no session: "
                         f"{meant[0]} cannot be set with them.")
    if changed.endpoint_pick == "closest" and changed.endpoint_target_day is None:
        raise ValueError("endpoint_pick=closest needs endpoint_target_day, in days from the endpoint's anchor.")
    return changed


def _setting(key: str, text: str) -> Any:
    if key in _WINDOWS:
        return _window(key, text)
    if key in _CHOICES:
        if text not in _CHOICES[key]:
            raise ValueError(f"{key} is one of {', '.join(_CHOICES[key])}; {text!r} came.")
        return text
    if key in _FLAGS:
        if text.lower() not in ("true", "false", "yes", "no", "1", "0"):
            raise ValueError(f"{key} is true or false; {text!r} came.")
        return text.lower() in ("true", "yes", "1")
    if key == "kinds":
        kinds = tuple(part.strip() for part in text.split(","))
        unknown = [kind for kind in kinds if kind not in KINDS or kind == "booster"]
        if unknown:
            raise ValueError("kinds is a list, comma between, of induction, re_induction, incomplete, assessed; "
                             f"{unknown[0]!r} came. A booster is counted on its own and is in no rate per course.")
        return kinds
    if key in _LABELS:
        return text or None
    number = _number(key, text)
    least = _LEAST.get(key, None if key == "endpoint_target_day" else 0)
    if number != int(number) or abs(number) > MOST_DAYS or (least is not None and number < least):
        raise ValueError(f"{key} is a whole number" + (f" of at least {least}" if least is not None else "")
                         + f"; {text!r} came.")
    return int(number)


def _number(key: str, text: str) -> float:
    # Python's float also takes inf, nan, 4_5 and digits of other scripts.
    if re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?", text) is None or not isfinite(float(text)):
        raise ValueError(f"{key} is a number; {text!r} came.")
    return float(text)


def _window(key: str, text: str) -> Window:
    match = re.fullmatch(r"\s*(-?[0-9]{1,6})?\s*\.\.\s*(-?[0-9]{1,6})?\s*", text)
    if match is None:
        raise ValueError(f"{key} is a pair of days as in 14..31, an open end left empty; {text!r} came.")
    low, high = (int(end) if end is not None else None for end in match.groups())
    if low is not None and high is not None and low > high:
        raise ValueError(f"{key} starts before it ends; {text!r} came.")
    return low, high
