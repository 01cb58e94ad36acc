"""Tables of a shape of their own turned into tables that the mapping can read: one way in for every shape."""

from __future__ import annotations

from collections.abc import Mapping

from analytics.definitions.instruments import Instrument
from analytics.ingest.fields import Use
from analytics.ingest.problems import ProblemLog
from analytics.ingest.read import Part


def reshaped(
    parts: list[Part], said: Mapping[str, Use], instruments: Mapping[str, Instrument], log: ProblemLog
) -> list[Part]:
    """The tables as they are mapped."""
    return parts
