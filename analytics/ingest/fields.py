"""What a column is read as, and the words of ``--map`` for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from analytics.definitions.instruments import Instrument
from analytics.definitions.tables import ASSESSMENTS, SESSIONS

_PATTERN = re.compile(
    r"(?P<key>[^.@\[\]\s]+)(?:\.(?P<item>[0-9]+))?"
    r"(?:\[(?P<low>-?[0-9]+(?:\.[0-9]+)?)\.\.(?P<high>-?[0-9]+(?:\.[0-9]+)?)\])?(?:@(?P<visit>.+))?")

_OWN_FIELDS = ("date", "record_type", "observed_until_day", "attribute", "ignore")
_NOT_IN_FILES = frozenset({"prorated", "n_items_missing"})
FIELDS = tuple(dict.fromkeys(
    [column.name for column in (*ASSESSMENTS, *SESSIONS) if column.name not in _NOT_IN_FILES] + list(_OWN_FIELDS)))
"""What a column can be mapped to, besides instruments and their items."""

_AT_A_VISIT = frozenset({"day", "date", "assessed_on", "time", "timing"})


@dataclass(frozen=True)
class Use:
    """What one column is read as.

    Attributes
    ----------
    field : a canonical column, ``total`` or ``item`` of ``instrument``, ``attribute``, or missing (not read)
    visit : the visit a column of a wide file belongs to
    scale : the range the file uses, where it is not the instrument's own
    unit : the unit a header carries
    is_explicit : whether a person said so
    may_be_attribute : whether nothing is known about the column, so that its values may make it an attribute
    is_told : whether a finding of its own says why it is not read
    """

    header: str
    field: str | None
    reason: str
    instrument: str | None = None
    item: int | None = None
    visit: str | None = None
    scale: tuple[float, float] | None = None
    unit: str | None = None
    is_explicit: bool = False
    may_be_attribute: bool = False
    is_told: bool = False

    @property
    def words(self) -> str | None:
        """The use in the words of ``--map``."""
        if self.field is None:
            return None
        words = self.field
        if self.instrument is not None and self.field in ("total", "item"):
            words = self.instrument if self.item is None else f"{self.instrument}.{self.item}"
        if self.scale is not None:
            words += f"[{self.scale[0]:g}..{self.scale[1]:g}]"
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
    scale = (float(match["low"]), float(match["high"])) if match["low"] else None
    if key not in instruments:
        if match["item"] or scale or (visit and plain not in _AT_A_VISIT):
            raise ValueError(f"--map {header}={text}: only an instrument has items and a range, and only scores, days, "
                             "dates, times and timing belong to a visit.")
        return Use(header, None if plain == "ignore" else plain, "mapped by name", visit=visit, is_explicit=True)
    instrument = instruments[key]
    item = int(match["item"]) if match["item"] else None
    if item is not None and (not 1 <= item <= instrument.n_items or scale):
        raise ValueError(f"--map {header}={text}: {instrument.title} has {instrument.n_items} items known here, "
                         "and only a total has a range.")
    if scale is not None and scale[0] >= scale[1]:
        raise ValueError(f"--map {header}={text}: a range goes from its lowest to its highest score, as in [0..10].")
    if scale == (instrument.minimum, instrument.maximum):
        scale = None
    return Use(header, "total" if item is None else "item", "mapped by name", key, item, visit, scale, is_explicit=True)
