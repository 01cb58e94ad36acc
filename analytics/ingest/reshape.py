"""Tables of a shape of their own turned into tables that the mapping can read: one way in for every shape."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from analytics.definitions.instruments import Instrument
from analytics.ingest.events import with_events_told
from analytics.ingest.fields import Use
from analytics.ingest.flow_sheets import names_in_rows, with_flow_sheets
from analytics.ingest.problems import ProblemLog
from analytics.ingest.read import Part
from analytics.ingest.redcap import with_redcap
from analytics.ingest.relations import with_relations
from analytics.ingest.survey_answers import questions_in_rows, with_survey_answers


def names_to_say(parts: Iterable[Part], said: Mapping[str, Use]) -> frozenset[str]:
    """Names of measurements and questions that stand in rows and become columns, so that a mapping may name them."""
    return frozenset(name for part in parts for name in (*names_in_rows(part, said), *questions_in_rows(part)))


def reshaped(
    parts: list[Part], said: Mapping[str, Use], instruments: Mapping[str, Instrument], log: ProblemLog
) -> list[Part]:
    """The tables as they are mapped."""
    parts = with_redcap(parts, said, log)
    parts = with_relations(parts, said, log)
    parts = with_events_told(parts, said, instruments, log)
    parts = with_survey_answers(parts, said, instruments, log)
    parts = with_flow_sheets(parts, said, instruments, log)
    return parts
