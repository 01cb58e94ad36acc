"""What a column is read as, and the words of ``--map`` for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from analytics.definitions.instruments import Instrument
from analytics.definitions.tables import ASSESSMENTS, SESSIONS, Confidence

_PATTERN = re.compile(
    r"(?P<key>[^.@\[\]\s]+)(?:\.(?P<item>[0-9]+))?(?:\[(?P<brackets>[^\[\]]+)\])?(?:@(?P<visit>.+))?")
_SCALE = re.compile(r"(?P<low>-?[0-9]+(?:\.[0-9]+)?)\s*\.\.\s*(?P<high>-?[0-9]+(?:\.[0-9]+)?)")
_MISSING_CODES = re.compile(r"missing(?: -?[0-9]+(?:\.[0-9]+)?)+")

_DATE_OPTIONS = frozenset({"dmy", "mdy", "ymd", "serial"})
_SCORE_OPTIONS = frozenset({"before", "during", "after"})
_TYPES = re.compile(r"sessions(?: [^\W_]+)+")
FROM_ONE = "from 1"
DAYS = "days"
FIRST_SESSION = "from first session"
FOR_ALL = "for all"
IN_ORDER = "in order"
OPTIONS: dict[str, frozenset[str]] = {
    **dict.fromkeys(("date", "assessed_on", "treated_on"), _DATE_OPTIONS | _SCORE_OPTIONS),
    "treated_on": _DATE_OPTIONS | _SCORE_OPTIONS | {DAYS},
    "observed_until_day": _DATE_OPTIONS,
    "day": frozenset({FROM_ONE, FIRST_SESSION, "weeks", *_SCORE_OPTIONS}),
    "visit": frozenset({FIRST_SESSION, FOR_ALL}),
    "patient_id": frozenset({"per site", "per file", "fill down", "keyed", "without zeros", "without marks"}),
    "attribute": frozenset({"year", "age band", "three digits", "free text"}),
}
"""What may stand in brackets behind a field, several with semicolons: the order of a date's parts; how days
count, from the first session too where other files have dates; whether a session's column holds days; ids that are
unique only within a site or a file, stand on the first row of a patient alone, are replaced by a keyed code, or
without leading zeros or marks; what is kept of a column that could identify. An item takes ``from 1`` where its lowest
answer is 1, for all items of its instrument. Scores take a range, ``missing 99 98``, when they were taken of a session
(before, during, after; or ``in order``: of two of one session's day the upper row before it, the lower after),
``from first session`` where their visits count from it, and ``for all`` where visits place
all scores of all files and sessions are left out. A record type takes the words of
types that are sessions, as ``sessions infusion booster``."""

_OWN_FIELDS = ("date", "record_type", "observed_until_day", "attribute", "ignore")
_NOT_IN_FILES = frozenset({"prorated", "n_items_missing"})
FIELDS = tuple(dict.fromkeys(
    [column.name for column in (*ASSESSMENTS, *SESSIONS) if column.name not in _NOT_IN_FILES] + list(_OWN_FIELDS)))
"""What a column can be mapped to, besides instruments and their items."""

_AT_A_VISIT = frozenset({"day", "date", "assessed_on", "treated_on", "time", "timing"})


@dataclass(frozen=True)
class Use:
    """What one column is read as.

    Attributes
    ----------
    field : a canonical column, ``total`` or ``item`` of ``instrument``, ``attribute``, or missing (not read)
    visit : the visit a column of a wide file belongs to
    scale : the range the file uses, where it is not the instrument's own
    unit : the unit a header carries
    options : how the cells are to be read, in the words of ``OPTIONS``
    confidence : how sure the reason is, see ``ColumnUse``
    is_explicit : whether a person said so
    may_be_attribute : whether nothing is known about the column, so that its values may make it an attribute
    is_told : whether a finding of its own says why it is not read
    identifier : what of a person the column holds, where it was found to hold such a thing and is not read for it
    """

    header: str
    field: str | None
    reason: str
    instrument: str | None = None
    item: int | None = None
    visit: str | None = None
    scale: tuple[float, float] | None = None
    unit: str | None = None
    options: tuple[str, ...] = ()
    confidence: Confidence = "sure"
    is_explicit: bool = False
    may_be_attribute: bool = False
    is_told: bool = False
    identifier: str | None = None

    @property
    def timing(self) -> str | None:
        """When the scores of the column were taken of a day's session: before, during or after."""
        return next((option for option in self.options if option in _SCORE_OPTIONS), None)

    @property
    def missing_numbers(self) -> frozenset[float]:
        """Numbers that a person said are codes for missing."""
        said = [option.split()[1:] for option in self.options if _MISSING_CODES.fullmatch(option)]
        return frozenset(float(number) for numbers in said for number in numbers)

    @property
    def words(self) -> str | None:
        """The use in the words of ``--map``."""
        if self.field is None:
            return None
        words = self.field
        if self.instrument is not None and self.field in ("total", "item"):
            words = self.instrument if self.item is None else f"{self.instrument}.{self.item}"
        scale = [f"{self.scale[0]:g}..{self.scale[1]:g}"] if self.scale is not None else []
        if scale or self.options:
            words += f"[{'; '.join([*scale, *self.options])}]"
        return words if self.visit is None else f"{words}@{self.visit}"


def map_option(header: str, words: str) -> str:
    """The option of the command line that maps a column, quoted where a shell would read it otherwise."""
    option = f"{header}={words}"
    return f"--map {option}" if re.fullmatch(r"[\w.=@-]+", option) else f'--map "{option}"'


def use_said(header: str, text: str, instruments: Mapping[str, Instrument]) -> Use:
    """What ``--map HEADER=TEXT`` says.

    Raises
    ------
    ValueError
        When the text is no field, no instrument, or names an item, a range or a visit that cannot be.
    """
    match = _PATTERN.fullmatch(text.strip())
    key = match["key"] if match else ""
    key = next((known for known in instruments if known.lower() == key.lower()), key)
    plain = key.lower()
    if match is None or (key not in instruments and plain not in FIELDS):
        raise ValueError(f"--map {header}={text}: there is no such field; there are {', '.join(FIELDS)}, "
                         f"the instruments {', '.join(instruments)}, and their items as in phq9.3.")
    visit = match["visit"].strip() if match["visit"] else None
    brackets = [part.strip() for part in (match["brackets"] or "").split(";") if part.strip()]
    scales = [found for part in brackets if (found := _SCALE.fullmatch(part))]
    options = tuple(part for part in brackets if not _SCALE.fullmatch(part))
    if key not in instruments:
        if match["item"] or scales or (visit and plain not in _AT_A_VISIT):
            raise ValueError(f"--map {header}={text}: only an instrument has items and a range, and only scores, days, "
                             "dates, times and timing belong to a visit.")
        types = frozenset(filter(_TYPES.fullmatch, options)) if plain == "record_type" else frozenset()
        _require_options(header, text, options, OPTIONS.get(plain, frozenset()) | types)
        return Use(header, None if plain == "ignore" else plain, "mapped by name", visit=visit, options=options,
                   confidence="said", is_explicit=True)
    instrument = instruments[key]
    item = int(match["item"]) if match["item"] else None
    if item is not None and (not 1 <= item <= instrument.n_items or scales):
        raise ValueError(f"--map {header}={text}: {instrument.title} has {instrument.n_items} items known here, "
                         "and only a total has a range.")
    _require_options(header, text, options, _SCORE_OPTIONS | {FIRST_SESSION, FOR_ALL, IN_ORDER if item is None else
                                                               FROM_ONE})
    scale = (float(scales[0]["low"]), float(scales[0]["high"])) if scales else None
    if len(scales) > 1 or (scale is not None and scale[0] >= scale[1]):
        raise ValueError(f"--map {header}={text}: a range goes from its lowest to its highest score, as in [0..10].")
    return Use(header, "total" if item is None else "item", "mapped by name", key, item, visit, scale,
               options=options, confidence="said", is_explicit=True)


def _require_options(header: str, text: str, options: tuple[str, ...], known: frozenset[str]) -> None:
    for option in options:
        if option not in known and not _MISSING_CODES.fullmatch(option):
            there = ", ".join(sorted(known | {"missing 99"}))
            raise ValueError(f"--map {header}={text}: {option!r} cannot stand in brackets here; there are {there}.")
