"""How the dates and days of a column are written, settled over all files, or asked where the values do not tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from analytics.ingest.cells import Cells, number_in, writes_date
from analytics.ingest.dates import FIRST_SERIAL, LAST_SERIAL, ORDERS, Order, OrderSeen, order_seen
from analytics.ingest.fields import DAYS, Use, map_option
from analytics.ingest.problems import ProblemLog
from analytics.ingest.read import Part
from analytics.ingest.readings import week_in
from analytics.ingest.visits import DAY_LIMIT

_DATES = ("date", "assessed_on", "treated_on", "observed_until_day")
_ORDER_WORDS: dict[Order, str] = {
    "dmy": "day before month", "mdy": "month before day", "ymd": "year, month, day"}
_DOTTED = ", as dates with dots mostly are"
_MOSTLY = 0.8


@dataclass(frozen=True)
class _Column:
    """One column of dates in one file, with what its values say."""

    part: int
    use: Use
    seen: OrderSeen


def with_ways(parts: Sequence[Part], uses: Sequence[tuple[Use, ...]], log: ProblemLog) -> list[tuple[Use, ...]]:
    """The uses of all tables, with the way in which each column of dates or days is written.

    A column whose way cannot be told is asked about and not read. Where no other column places its rows, the
    finding blocks, and the use stays, marked as open.
    """
    columns: list[_Column] = []
    settled: dict[tuple[int, str], Use] = {}
    for place, (part, of_part) in enumerate(zip(parts, uses, strict=True)):
        for use in of_part:
            cells = part.column(use.header) if use.field in (*_DATES, "day") else None
            if cells is None or _is_said(use):
                continue
            asked = _asked_about(cells, use)
            if asked is not None:
                settled[place, use.header] = _ask(part, use, of_part, log, *asked)
            elif use.field != "day" and (seen := _order(cells)) is not None:
                columns.append(_Column(place, use, seen))
    for column in columns:
        part, use = parts[column.part], column.use
        order = _order_of(column, columns)
        settled[column.part, use.header] = (
            _with_option(use, order, f"; {_ORDER_WORDS[order]}, as its values show") if order is not None
            else _asked_order(part, column, uses[column.part], log))
    return [tuple(settled.get((place, use.header), use) for use in of_part) for place, of_part in enumerate(uses)]


def is_open(use: Use) -> bool:
    """Whether it is asked how a column is written, so that no cell of it is read."""
    return use.confidence == "open"


def order_said(use: Use) -> Order | None:
    """The order of a date's parts that a use names."""
    return next((order for order in ORDERS if order in use.options), None)


def _is_said(use: Use) -> bool:
    return bool({*ORDERS, "serial", "weeks", DAYS} & set(use.options))


def _order(cells: Cells) -> OrderSeen | None:
    """What a column says about the order of its dates; missing where none needs one."""
    if cells.clean_dates is not None:
        return None
    seen = order_seen(cells.texts)
    return seen if seen.shown or seen.n_open else None


def _order_of(column: _Column, columns: Sequence[_Column]) -> Order | None:
    """The one order that a column's values show; else the one that the same column of other files shows."""
    if len(column.seen.shown) == 1:
        return next(iter(column.seen.shown))
    if column.seen.shown:
        return None
    name = column.use.header, column.use.field
    same = [one.seen.shown for one in columns if (one.use.header, one.use.field) == name]
    shown = frozenset().union(*same)
    return next(iter(shown)) if len(shown) == 1 and shown <= set(column.seen.possible) else None


def _with_option(use: Use, option: str, reason: str) -> Use:
    return replace(use, options=(*use.options, option), reason=use.reason + reason)


def _asked_about(cells: Cells, use: Use) -> tuple[str, tuple[tuple[str, str], ...]] | None:
    """Code and choices of the question that numbers under a date, or weeks under a day, ask; missing without one."""
    if use.field == "day":
        return _weeks_asked(cells, use)
    if cells.clean_dates is not None:
        return None
    texts = cells.sample()
    if not texts or any(writes_date(text) for text in texts):
        return None
    numbers = [number for text in texts if (number := number_in(text)) is not None]
    if len(numbers) < _MOSTLY * len(texts):
        return None
    if all(FIRST_SERIAL <= number < LAST_SERIAL + 1 for number in numbers):
        serial = replace(use, options=(*use.options, "serial")).words
        return "date_serial_unknown", (("a spreadsheet's serial numbers of days", serial), ("not to be read", "ignore"))
    if use.field != "observed_until_day" and all(
            number == int(number) and abs(number) <= DAY_LIMIT for number in numbers):
        at = f"@{use.visit}" if use.visit else ""
        choices = (("days from one origin per patient", f"day{at}"), ("numbers of visits", "visit"),
                   ("not to be read", "ignore"))
        return "date_holds_numbers", tuple(choice for choice in choices if not (at and choice[1] == "visit"))
    return None


def _weeks_asked(cells: Cells, use: Use) -> tuple[str, tuple[tuple[str, str], ...]] | None:
    if cells.clean_numbers() is not None or not any(week_in(text) is not None for text in cells.sample()):
        return None
    weeks = replace(use, options=(*use.options, "weeks")).words
    choices = (("weeks of seven days, counted from day 0", weeks), ("names of visits", "visit"))
    return "day_unit_unknown", choices if use.visit is None else choices[:1]


def order_choices(use: Use, cells: Cells) -> tuple[tuple[str, str], ...]:
    """The orders that a column of dates may be in, each with the words of ``--map`` that say it."""
    seen = order_seen(cells.texts)
    possible = [order for order in ORDERS if order in {*seen.possible, *seen.shown}]
    are_dotted = all(text.count(".") == 2 for text in cells.sample() if writes_date(text))
    return tuple((f"{_ORDER_WORDS[order]}{_DOTTED if are_dotted and order == 'dmy' else ''}",
                  replace(use, options=(*use.options, order)).words) for order in possible)


def _asked_order(part: Part, column: _Column, of_part: tuple[Use, ...], log: ProblemLog) -> Use:
    """The use of a column whose order is not known; a few dates with two readings are told by row instead."""
    if 2 * column.seen.n_open <= column.seen.n_dates - column.seen.n_same:
        return column.use
    return _ask(part, column.use, of_part, log, "date_order_unknown",
                order_choices(column.use, part.column(column.use.header)))


def _ask(
    part: Part, use: Use, of_part: tuple[Use, ...], log: ProblemLog, code: str, choices: tuple[tuple[str, str], ...]
) -> Use:
    """Ask, and give the use as it stands meanwhile: marked where it places the rows, closed elsewhere."""
    others = _DATES[:-1] if use.field == "day" else ("day",)
    places = use.field != "observed_until_day" and not any(other.field in others for other in of_part)
    ways = " or ".join(map_option(use.header, words) for _, words in choices)
    log.add(code if places else "column_waits", part.name, use.header, choices=choices, ways=ways)
    reason = f"{use.reason}; asked about"
    if places:
        return replace(use, confidence="open", reason=reason)
    return replace(use, field=None, confidence="open", is_told=True, reason=reason)
