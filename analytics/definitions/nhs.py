"""The scales over which the NHS Talking Therapies set is judged: one of depression, one of anxiety."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from analytics.definitions.instrument import CutOff, Instrument

_SIDES = ("depression", "anxiety")


@dataclass(frozen=True)
class NhsScales:
    """The depression and the anxiety scale of the files, or the one of them that there is.

    Its results are named by ``key``: ``phq9+gad7``, or the one scale's own key.
    """

    members: tuple[Instrument, ...]

    @property
    def key(self) -> str:
        """What its results are called."""
        return "+".join(one.key for one in self.members)

    @property
    def title(self) -> str:
        """What its results are called, for people."""
        return " and ".join(one.title for one in self.members)

    @property
    def is_pair(self) -> bool:
        """Whether there are two scales, so that its results are of no single instrument."""
        return len(self.members) > 1

    @property
    def member_keys(self) -> frozenset[str]:
        """The keys of the scales."""
        return frozenset(one.key for one in self.members)


def nhs_caseness(instrument: Instrument) -> CutOff:
    """The caseness line of an instrument inside the set."""
    return instrument.nhs_caseness or instrument.caseness


def nhs_scales(instruments: Mapping[str, Instrument], present: Iterable[str]) -> NhsScales | None:
    """The scales of the set among those that the files hold; missing where there is none.

    Parameters
    ----------
    instruments : by key; of two of one side the first that has a reliable change is taken
    present : keys that the files hold
    """
    there = set(present)
    usable = [one for key, one in instruments.items() if key in there and one.reliable_change is not None]
    found = [next((one for one in usable if one.about.casefold() == side), None) for side in _SIDES]
    members = tuple(one for one in found if one is not None)
    return NhsScales(members) if members else None
