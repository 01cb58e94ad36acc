"""Lists of appointments: the rows whose type names an administration are sessions, the others are not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from analytics.ingest.cells import Cells
from analytics.ingest.events import KINDS, is_treatment
from analytics.ingest.fields import Use, map_option
from analytics.ingest.held import status_of
from analytics.ingest.parts import Part
from analytics.ingest.problems import ProblemLog
from analytics.ingest.proposals import ask
from analytics.ingest.records import NO_CODE
from analytics.ingest.sessions import SESSION_FIELDS
from analytics.ingest.synonyms import ASSESSMENT_WORDS, ATTRIBUTE_WORDS, SESSION_WORDS, squeezed, timing_of

SESSIONS = "sessions"
_CLASSIC = SESSION_WORDS | ASSESSMENT_WORDS | ATTRIBUTE_WORDS
_CLEAR = re.compile(r"ketamin|spravato|infusion|injection", re.IGNORECASE)
_MAYBE = ("kap", "treatment", "session", "dosing", "dose", "booster", "maintenance", "induction", "iv", "im",
          "procedure", "troche", "lozenge", "administration")
"""Words of types that name an administration in one clinic and something else in another."""

_MOST_TYPES = 200
_OF_SESSIONS = frozenset({"treated_on", *SESSION_FIELDS}) - {"route"}


def with_types(parts: Sequence[Part], each: Sequence[tuple[Use, ...]], log: ProblemLog) -> list[tuple[Use, ...]]:
    """The uses of all tables, with columns of types that say which rows are sessions, and questions about them."""
    of_sessions = [any(use.field in _OF_SESSIONS for use in uses) for uses in each]
    dated = [_is_dated(uses) and not any(use.field == "instrument" for use in uses) for uses in each]
    found = []
    for place, (part, uses) in enumerate(zip(parts, each, strict=True)):
        elsewhere = any(has for other, has in enumerate(of_sessions) if other != place)
        is_open = dated[place] and not of_sessions[place] and not any(use.field == "record_type" for use in uses)
        uses = _typed(part, uses, log, is_elsewhere=elsewhere) if is_open else uses
        has_more = elsewhere or any(_holds_dates_alone(one) for other, one in enumerate(each) if other != place)
        found.append(_around_asked(part, uses, log, is_elsewhere=has_more))
    return found


def types_told(cells: Cells, use: Use) -> Cells:
    """The words of a column of types as session or assessment; words that say it themselves stay."""
    said = [option.split()[1:] for option in use.options if option.startswith(f"{SESSIONS} ")]
    if not said and all(squeezed(text) in _CLASSIC or squeezed(text).removesuffix("s") in _CLASSIC
                        for text in cells.texts):
        return cells
    told = ["session" if _is_session(text, said) else "assessment" for text in cells.texts]
    return Cells(pa.array(told, type=pa.string()).take(pa.array(cells.codes, mask=cells.codes == NO_CODE)))


def _is_session(text: str, said: list[list[str]]) -> bool:
    if said:
        return bool(_tokens(text) & {word.lower() for words in said for word in words})
    return is_treatment(text) or squeezed(text).removesuffix("s") in SESSION_WORDS


def _tokens(text: str) -> set[str]:
    words = re.findall(r"[^\W_]+", text.lower())
    return {*words, *(word.removesuffix("s") for word in words)}


def _is_dated(uses: Sequence[Use]) -> bool:
    return any(use.field in ("date", "day", "assessed_on") and use.visit is None and use.instrument is None
               for use in uses)


def _holds_dates_alone(uses: Sequence[Use]) -> bool:
    return _is_dated(uses) and not any(use.field in ("total", "item") for use in uses)


def _typed(part: Part, uses: tuple[Use, ...], log: ProblemLog, *, is_elsewhere: bool) -> tuple[Use, ...]:
    """A table of dated rows with its column of types read, asked about, or left where nothing is a session."""
    has_scores = any(use.field in ("total", "item") for use in uses)
    kind = _kind_column(part, uses)
    if kind is None or (is_elsewhere and has_scores):
        return uses
    texts = part.column(kind.header).texts
    clear = [text for text in texts if _CLEAR.search(text) and is_treatment(text)]
    maybe = sorted({word for text in texts if text not in clear for word in _tokens(text) & {*_MAYBE}
                    if is_treatment(text) or not _says_other(text)})
    if (not clear and not maybe) or (len(clear) == len(texts) and not has_scores):
        return uses
    if kind.field == "visit":
        return _asked(part, kind, uses, log, [("the rows of treatments are sessions", "record_type"),
                                              ("these are visits, no sessions", "visit")])
    if maybe or is_elsewhere:
        sure = sorted({word for text in clear for word in _tokens(text) & {"ketamine", "esketamine", "spravato",
                                                                           "infusion", "injection"}})
        choices = [(f"sessions are the rows whose type holds {' or '.join(words)}",
                    f"record_type[{SESSIONS} {' '.join(words)}]") for words in (sure, [*sure, *maybe]) if words]
        return _asked(part, kind, uses, log, [*dict.fromkeys(choices), ("no row is a session",
                                                                        f"record_type[{SESSIONS} none]")])
    is_session = part.column(kind.header).spread(np.array([is_treatment(text) for text in texts], dtype=bool), False)
    log.add("events_are_sessions", part.name, kind.header, rows=part.rows[is_session])
    return tuple(replace(use, field="record_type", may_be_attribute=False, confidence="likely",
                         reason="its words tell treatments from other appointments") if use is kind else use
                 for use in uses)


def _says_other(text: str) -> bool:
    """Whether a type is one of an appointment without a treatment, as a consultation."""
    return not is_treatment(f"ketamine {text}")


def _kind_column(part: Part, uses: Sequence[Use]) -> Use | None:
    """The column of types of appointments; a visit counts where its words name treatments and others."""
    free = [use for use in uses if not use.is_explicit and use.identifier is None and use.confidence != "open"
            and len(part.column(use.header).texts) <= _MOST_TYPES and use.header != status_of(part.headers)]
    named = {squeezed(use.header): use for use in reversed(free) if use.field in (None, "attribute")}
    kind = next((named[word] for word in KINDS if word in named), None)
    visit = next((use for use in free if use.field == "visit" and squeezed(use.header) != "redcapeventname"
                  and any(_CLEAR.search(text) and is_treatment(text) for text in part.column(use.header).texts)), None)
    return kind if kind is not None else visit


def _asked(
    part: Part, kind: Use, uses: tuple[Use, ...], log: ProblemLog, choices: Sequence[tuple[str, str]]
) -> tuple[Use, ...]:
    """Ask which rows are sessions; until it is said none is, and scores stay what they are."""
    ways = " or ".join(map_option(kind.header, words) for _, words in choices)
    log.add("appointment_types_asked", part.name, kind.header, choices=tuple(choices), ways=ways)
    uses = tuple(replace(use, confidence="open", is_told=True) if use is kind and use.field is None else use
                 for use in uses)
    return _without_sessions(uses)


def _without_sessions(uses: Sequence[Use]) -> tuple[Use, ...]:
    """The uses of a table whose general date must not make sessions of its rows."""
    if any(use.field in ("total", "item") for use in uses):
        return tuple(uses)
    return tuple(replace(use, field="assessed_on") if use.field == "date" and not use.is_explicit else
                 replace(use, field=None, is_told=True) if use.field == "day" and not use.is_explicit else use
                 for use in uses)


def _around_asked(part: Part, uses: tuple[Use, ...], log: ProblemLog, *, is_elsewhere: bool) -> tuple[Use, ...]:
    """Pairs of scores called pre and post in a table of dated rows: of the day's session, or a visit's; asked about.

    One row a patient and no session elsewhere is a wide table, whose visits they are.
    """
    pairs = [use for use in uses if use.field == "total" and use.visit is not None and not use.is_explicit
             and timing_of(use.visit) is not None]
    if len({timing_of(use.visit) for use in pairs}) < 2 or not _is_dated(uses):
        return uses
    if not _repeats_patients(part, uses) and not is_elsewhere:
        return uses
    asked = {}
    for use in pairs:
        timing = timing_of(use.visit)
        words = replace(use, visit=None, options=(*use.options, timing)).words
        asked[use.header] = ask(part, use.header, "The column's name could mean before or after the session of the "
                                "row's day, or a visit; it was not read.",
                                [(f"{timing} the session of that day", words),
                                 (f"the visit called {use.visit}", use.words)], log)
    return _without_sessions([asked.get(use.header, use) for use in uses])


def _repeats_patients(part: Part, uses: Sequence[Use]) -> bool:
    use = next((use for use in uses if use.field == "patient_id"), None)
    if use is None:
        return False
    codes = part.column(use.header).codes
    codes = codes[codes != NO_CODE]
    return len(np.unique(codes)) < len(codes)
