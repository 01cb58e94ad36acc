"""Columns called Infusion 1, Infusion 2 and so on in a file of one row a patient: one session for each filled cell."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from analytics.ingest.awful_headers import NOT_NEEDED
from analytics.ingest.cells import MISSING, number_in
from analytics.ingest.dates import ORDERS, date_text, order_seen
from analytics.ingest.fields import DAYS, Use, map_option
from analytics.ingest.parts import Part
from analytics.ingest.problems import ProblemLog
from analytics.ingest.readings import read_days
from analytics.ingest.records import SessionRows
from analytics.ingest.sheets import Placement, Sheet
from analytics.ingest.synonyms import squeezed
from analytics.ingest.visits import DAY_LIMIT

_NUMBERED = re.compile(
    r"(?:(?P<before>date|day)[\s_]+(?:of[\s_]+)?)?(?:(?:iv|im|ketamine|esketamine|spravato|ket)[\s_-]+)?"
    r"(?:infusion|inf|session|treatment|tx|injection|ketamine|ket|spravato|dosing)[\s_]*(?:#|no\.?|nr\.?|number)?[\s_.-]*"
    r"0*(?P<number>[1-9][0-9]{0,2})(?:[\s_.-]*(?P<after>date|day|dt|on))?", re.IGNORECASE)
_FEWEST = 2
"""Numbered columns from which a row of sessions is seen."""

_MOSTLY = 0.8


def wide_session_uses(part: Part, uses: tuple[Use, ...], log: ProblemLog) -> tuple[Use, ...]:
    """The uses, with numbered columns of dates or days as the sessions of the row.

    What is said of one column goes for all of its row that nothing else is said of. Numbers that could be doses as
    well as days are asked about.
    """
    family = {use.header: int(match["number"]) for use in uses if (match := _NUMBERED.fullmatch(use.header.strip()))
              and ((use.field is None and not use.is_explicit and use.confidence != "open") or _is_said(use))}
    if len(set(family.values())) < _FEWEST or len(set(family.values())) < len(family):
        return uses
    said = next((use for use in uses if use.header in family and _is_said(use)), None)
    found = (said and ("treated_on", said.options)) or _proposed(part, list(family), log)
    if found is None:
        return uses
    field, options = found
    return tuple(use if use.header not in family or _is_said(use) else replace(
        use, field=field, visit=str(family[use.header]), options=options, may_be_attribute=False, confidence="likely",
        reason=f"session {family[use.header]} of the row, as its name and its values say") for use in uses)


def _is_said(use: Use) -> bool:
    return use.is_explicit and use.field == "treated_on" and use.visit is not None


def _proposed(part: Part, headers: list[str], log: ProblemLog) -> tuple[str, tuple[str, ...]] | None:
    texts = {header: [*part.column(header).sample()] for header in headers}
    every = [text for found in texts.values() for text in found]
    if not every:
        return None
    if sum(date_text(text) is not None for text in every) >= _MOSTLY * len(every):
        shown = frozenset().union(*(order_seen(part.column(header).texts).shown for header in headers))
        return "treated_on", tuple(order for order in ORDERS if shown == {order})
    if any(number_in(text) is None or not float(number_in(text)).is_integer() for text in every):
        return None
    if all("day" in (_NUMBERED.fullmatch(header.strip())["before"] or _NUMBERED.fullmatch(header.strip())["after"] or ""
                     ).lower() for header in headers):
        return "treated_on", (DAYS,)
    first = headers[0]
    words = f"treated_on[{DAYS}]@{_NUMBERED.fullmatch(first.strip())['number']}"
    log.add("session_columns_asked", part.name, first, count=len(headers), option=map_option(first, words),
            choices=(("days on which there was a session", words), NOT_NEEDED))
    return None


def is_wide(sheet: Sheet) -> bool:
    """Whether sessions stand in columns of their own."""
    return any(use.visit is not None for use in sheet.all_of("treated_on"))


def wide_places(sheet: Sheet) -> Iterable[Placement]:
    """Where the sessions of each such column stand."""
    missing = np.full(len(sheet), MISSING, dtype=np.int32)
    for use in sheet.all_of("treated_on"):
        if use.visit is None:
            continue
        if DAYS in use.options:
            reading = read_days(sheet.cells(use), -DAY_LIMIT, DAY_LIMIT)
            sheet.report(use, reading.problems, minimum=f"{-DAY_LIMIT}", maximum=f"{DAY_LIMIT}")
            yield Placement(reading.values, missing, missing)
        else:
            yield Placement(missing, sheet.dates(use)[0], missing)


def wide_session_rows(sheet: Sheet, columns: dict[str, np.ndarray]) -> list[SessionRows]:
    """One block of sessions a column; what the row says of a session goes for each of them."""
    blocks = []
    for place in wide_places(sheet):
        rows = SessionRows(
            patient=sheet.patient, course=sheet.course, day=place.day, date=place.date,
            file=np.full(len(sheet), sheet.file, dtype=np.int32), row=sheet.rows, columns=columns)
        blocks.append(rows.take(np.flatnonzero((place.day != MISSING) | (place.date != MISSING))))
    return [block for block in blocks if len(block)]


def dated_visits(part: Part, uses: tuple[Use, ...]) -> tuple[Use, ...]:
    """The uses, with the dates of visits whose scores stand in the same row: Baseline date beside Baseline PHQ-9."""
    visits = {squeezed(use.visit): use.visit for use in uses
              if use.field in ("total", "item") and use.visit is not None}
    if not visits or any(use.field in ("assessed_on", "date", "day") and use.visit is not None for use in uses):
        return uses
    return tuple(_dated(part, use, visits) for use in uses)


def _dated(part: Part, use: Use, visits: dict[str, str]) -> Use:
    word = squeezed(use.header)
    bare = word.removesuffix("date") if word.endswith("date") else word.removeprefix("date").removeprefix("of")
    sample = part.column(use.header).sample()
    if (use.field is not None or use.is_explicit or use.confidence == "open" or bare == word or bare not in visits
            or not sample or sum(date_text(text) is not None for text in sample) < _MOSTLY * len(sample)):
        return use
    return replace(use, field="assessed_on", visit=visits[bare], may_be_attribute=False, confidence="likely",
                   reason="a date called as the visit of a score beside it")
