"""What a person chose on a page beyond the view: one value each, from a fixed list, all of them in the address.

A choice moves what is drawn, so that a copied address must state it; its values are codes that this file declares.

    ``chosen(view, key) -> str``            the value in force
    ``with_choice(view, key, value) -> View``
    ``encoded(chosen) -> str``, ``decoded(text) -> Choices``    for the address, defaults written out
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from analytics.definitions.measures import LEFT_OUT
from analytics.definitions.safety import READING_CHOICES, RISE_CHOICES, SESSION_MEASURES

if TYPE_CHECKING:
    from analytics.app.view import View

Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Option:
    """One choice of a page.

    Attributes
    ----------
    code : what stands for it in an address
    values : what can be chosen; letters, digits and underscores; the first is the default
    """

    code: str
    values: tuple[str, ...]

    @property
    def default(self) -> str:
        """What is chosen where nobody chose."""
        return self.values[0]


OPTIONS = {
    "over.part": Option("op", ("course", "response", "durability")),
    "course.axis": Option("ca", ("day", "session")),
    "course.until": Option("cu", ("90", "30", "180", "365")),
    "course.split": Option("cs", ("all", "by")),
    "course.band": Option("cb", ("quartiles", "none")),
    "course.lines": Option("cl", ("no", "yes")),
    "course.beside": Option("cp", ("no", "yes")),
    "response.unit": Option("ru", ("sessions", "days")),
    "response.event": Option("re", ("response", "remission")),
    "response.split": Option("rs", ("all", "by")),
    "durability.from": Option("df", ("response", "remission")),
    "durability.confirm": Option("dc", ("yes", "no")),
    "durability.maintenance": Option("dm", ("watch", "censor")),
    "durability.split": Option("ds", ("all", "by", "maintenance", "dose", "sessions")),
    "durability.landmark": Option("dl", ("28", "14", "56", "84")),
    "trends.measure": Option("tm", (
        "outcome", "volume", "sessions", "follow_up", "evaluated", "endpoint_day", "mean_improvement")),
    "trends.period": Option("tp", ("auto", "month", "quarter", "year")),
    "trends.frozen": Option("tf", ("all", "6", "12", "24")),
    "trends.sites": Option("ts", ("no", "yes")),
    "safety.phase": Option("sp", ("all", "induction", "maintenance", "booster")),
    "safety.split": Option("ss", ("all", "by")),
    "safety.harm": Option("sh", ("reliable_deterioration", "worsening")),
    "safety.effect": Option("se", tuple(SESSION_MEASURES)),
    "safety.ready": Option("sr", ("route", "dose", "number")),
    "safety.reading": Option("sb", tuple(f"{high}_{low}" for high, low in READING_CHOICES)),
    "safety.rise": Option("si", tuple(f"{high}_{low}" for high, low in RISE_CHOICES)),
    "courses.list": Option("li", (
        "all", "judged", "responders", "not", "left_out", "worse", "lost", "item9", "worklist")),
    "courses.reason": Option("lr", ("none", *LEFT_OUT)),
    "courses.band": Option("lb", ("none", *(f"{side}_{place}" for side in ("start", "end") for place in range(8)))),
    "courses.sort": Option("lo", ("patient", "start", "sessions", "baseline", "endpoint", "change", "outcome")),
    "courses.way": Option("lw", ("up", "down")),
}
"""Every choice by its name, page first."""

_BY_CODE = {option.code: key for key, option in OPTIONS.items()}


def chosen(view: View, key: str) -> str:
    """The value of a choice that is in force."""
    return dict(view.choices).get(key, OPTIONS[key].default)


def with_choice(view: View, key: str, value: str) -> View:
    """The view with another value of one choice."""
    return replace(view, choices=spelled((*((one, old) for one, old in view.choices if one != key), (key, value))))


def spelled(choices: Iterable[tuple[str, str]]) -> Choices:
    """Choices in one spelling: defaults left out, in the order of ``OPTIONS``.

    Raises
    ------
    ValueError
        When there is no such choice or it does not have the value.
    """
    given = dict(choices)
    for key, value in given.items():
        if key not in OPTIONS or value not in OPTIONS[key].values:
            raise ValueError("A choice of a page, and one of its values, were needed; another came.")
    return tuple((key, given[key]) for key in OPTIONS if key in given and given[key] != OPTIONS[key].default)


def encoded(choices: Choices) -> str:
    """Choices as they stand in an address, defaults written out."""
    given = dict(choices)
    return ",".join(f"{option.code}:{given.get(key, option.default)}" for key, option in OPTIONS.items())


def decoded(text: str) -> Choices:
    """The choices of an address. Raises ValueError where it is not exactly one value for every choice."""
    pairs = [part.partition(":")[::2] for part in text.split(",")]
    if [code for code, _ in pairs] != [option.code for option in OPTIONS.values()]:
        raise ValueError("every choice, once, in order, was needed")
    return spelled((_BY_CODE[code], value) for code, value in pairs)
