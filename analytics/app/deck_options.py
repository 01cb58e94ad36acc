"""What an item of a deck keeps of the choices on its page: names and values from fixed lists, no text of a file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from analytics.app.page_options import OPTIONS as CHOICES

Options = tuple[tuple[str, str], ...]

_OF_PAGES = {
    "axis": "course.axis", "until": "course.until", "unit": "response.unit", "from": "durability.from",
    "confirm": "durability.confirm", "maintenance": "durability.maintenance", "what": "trends.measure",
    "frozen": "trends.frozen", "phase": "safety.phase", "reading": "safety.reading", "rise": "safety.rise",
    "along": "safety.ready",
}
"""Options that are choices of a page, by its name there."""

VALUES: dict[str, tuple[str, ...]] = {name: CHOICES[key].values for name, key in _OF_PAGES.items()} | {
    "given": ("maintenance", "dose", "sessions"), "courses": ("first", "all"), "period": ("month", "quarter", "year"),
    "amount": ("cadss", "ready", *(f"dose{place}" for place in range(4)))}
"""The values of every option but the day of a landmark."""

_DAY = re.compile(r"[0-9]{1,4}")


def spelled(options: Mapping[str, Any]) -> Options:
    """Options in one spelling: by name, those without a value left out.

    Raises
    ------
    ValueError
        When there is no such option, or it does not have the value.
    """
    found = tuple(sorted((name.removesuffix("_"), str(value)) for name, value in options.items()
                         if value is not None and value != ""))
    if not are_known(found):
        raise ValueError("An option of an exhibit, and one of its values, were needed; another came.")
    return found


def are_known(options: Iterable[tuple[str, str]]) -> bool:
    """Whether these are options with values that they have."""
    return all(bool(_DAY.fullmatch(value)) if name == "landmark" else value in VALUES.get(name, ())
               for name, value in options)


def told(options: Options, *, is_internal: bool) -> Options:
    """The options of an ask: what was kept of an internal view asks for years outside of one."""
    return options if is_internal else tuple(
        (name, "year" if name == "period" else value) for name, value in options)
