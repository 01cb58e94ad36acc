"""What the tables of files and screens say, as the equations of ``attacker``: read as a person reads them.

A row says a measure of a scale by its label, a group by its name; counts stand as "12 of 20" or in columns. Bands of
severity are counts of the same courses, so they have equations with the measures of their scale.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from analytics.courses.outcomes import Outcomes
from analytics.definitions.instruments import Instrument
from analytics.definitions.measures import LEFT_OUT, MEASURES
from analytics.results.cohorts import groupable_names, strata
from analytics.wording.definitions import CARD_TITLES, measure_title, outcome_verb, reason
from analytics.wording.rules import attribute, level
from tests.results.attacker import Attack, Recovered, Terms, attack, cell_of, recovered, targets_of
from tests.results.export_reader import Table

Where = Mapping[str, Sequence[str | None]]

KEYS = {title: key for key, one in MEASURES.items() for title in (CARD_TITLES.get(key), measure_title(one)) if title}
_COUNTED = re.compile(r"([\d,]+) of ([\d,]+) courses? counted((?:; [^.;]+)*)\.")
_RANGE = re.compile(r"(?:([^.:]+): )?([Ff]ewer|[Aa]ll but fewer) than (\d+) of ([\d,]+) courses? ([a-z][^.]*)\.")
_OF_GROUP = re.compile(r"([^.:]+): ([\d,]+) of ([\d,]+) courses? ([a-z][^.(]*?)(?: \([^)]*\))?\.")
_MERGED = re.compile(r"(\d+ together): ([^.]*)\. Each alone")


class Told:
    """Everything that tables of one clinic say.

    Parameters
    ----------
    names : attributes that groups and filters are made by
    """

    def __init__(self, of: Outcomes, names: Sequence[str]) -> None:
        self.of, self.names = of, tuple(name for name in names if name in groupable_names(of))
        self.scales = {one.title: one for one in of.instruments.values()}
        self.records: list[dict[str, Any]] = []
        self.bands: list[tuple[Where, str, str, tuple[str, ...], int]] = []
        self.shares: list[tuple[Where, dict[str, Any], float, float]] = []
        labels = strata(of, self.names, [True] * len(of.courses)).labels if self.names else ({},)
        self.pieces = [tuple(sorted(label.items())) for label in labels]

    def add(self, tables: Iterable[Table], where: Where | None = None) -> None:
        """Read tables that are of the courses that a filter leaves."""
        tables = list(tables)
        merged = {name: tuple(re.split(", | and ", text)) for one in tables for name, text in _MERGED.findall(one.said)}
        results = [result for one in tables for result in self._results(one, where or {})]
        record = {"results": results, "flow": [], "counts": {}, "where": where or {}, "disclosure": {
            "merged": merged, "ranges": [one for table in tables for one in self._ranges(table)]}}
        self.records.append(record)

    def _results(self, table: Table, where: Where) -> Iterator[dict[str, Any]]:
        first = table.header[0] if table.header else ""
        by = {_capital(attribute(name)): name for name in self.names}
        title, _, scale = table.measure.rpartition(" (")
        scale, own = scale.rstrip(")"), KEYS.get(title.partition(":")[0])
        if own and scale in self.scales:
            for x_n in _COUNTED.finditer(table.said):
                yield self._counted(own, self.scales[scale], *x_n.groups())
        for row in table.rows:
            cells = dict(zip(table.header, row, strict=False))
            if first == "Measure":
                name, _, in_text = str(row[0]).rpartition(" (")
                named = cells.get("Scale") or in_text.rstrip(")")
                key = KEYS.get(name or str(row[0])) or KEYS.get(str(row[0]))
                if key and named in self.scales:
                    yield from self._result(cells, key, named, {}, where)
            elif first in by and own and scale in self.scales:
                stratum = {by[first]: self._value(by[first], str(row[0]))}
                yield from self._result(cells, own, scale, stratum, where)
            elif first == "Band" and scale in self.scales:
                self._band(cells, self.scales[scale], where)

    def _value(self, name: str, label: str) -> str | None:
        values = {level(name, dict(piece)[name]): dict(piece)[name] for piece in self.pieces}
        return values.get(label, label)

    def _counted(self, key: str, instrument: Instrument, n: str, courses: str, rest: str) -> dict[str, Any]:
        """The footnote of an exhibit: how many of all, and why not the others."""
        words = {reason(one, instrument, MEASURES[key]): one for one in LEFT_OUT}
        parts = [re.match(r"([\d,]+) (.*)", one.strip()) for one in rest.split(";") if one.strip()]
        left = {words.get(one[2], "pooled"): _int(one[1]) for one in parts if one}
        all_left = _int(courses) - _int(n)
        is_whole = "pooled" not in left and sum(left.values()) == all_left
        return _plain(key, instrument.key, {}) | {
            "denominator": _int(n), "courses": _int(courses), "left_out": left if is_whole else {"pooled": all_left}}

    def _result(
        self, cells: Mapping[str, Any], key: str, scale: str, stratum: dict[str, Any], where: Where
    ) -> Iterator[dict[str, Any]]:
        result = _plain(key, self.scales[scale].key, stratum)
        if "Numerator" in cells:
            n = cells["Denominator"] if cells["Denominator"] is not None else cells.get("Courses counted")
            counts = (cells["Numerator"], n, cells["Courses"], cells["Left out"])
        elif "Courses counted" in cells:
            counts = (None, cells["Courses counted"], cells["Courses"], cells["Left out"])
        else:
            # Of fewer than five there is no percentage, and the counts stand in its place.
            texts = (str(cells.get(name) or "") for name in ("Of those judged", "Result"))
            x_n = next((found for found in map(_counts, texts) if found != (None, None)), (None, None))
            counts = (*x_n, _whole(cells.get("Courses")), None)
        x, n, courses, left = (None if one is None else round(one) for one in counts)
        is_rate = MEASURES[key].kind == "rate"
        result |= {"numerator": x if is_rate else None, "denominator": n, "courses": courses}
        assert n is not None or courses is None, "courses are told of a group whose denominator cannot be read"
        if courses is not None:
            result["left_out"] = {"pooled": courses - n if left is None else left}
        low, high = _share(cells.get("If the lost had failed"))
        if low is not None:
            self.shares.append((where, result, low, high))
        yield result

    def _ranges(self, table: Table) -> Iterator[dict[str, Any]]:
        scale = self.scales.get(table.measure.rpartition(" (")[2].rstrip(")"))
        verbs = {outcome_verb(one): key for key, one in MEASURES.items()}
        said = [(group, verb, n, (0, int(few) - 1) if kind.lower() == "fewer" else (_int(n) - int(few) + 1, _int(n)))
                for group, kind, few, n, verb in set(_RANGE.findall(table.said))]
        said += [(group, verb, n, (_int(x), _int(x))) for group, x, n, verb in set(_OF_GROUP.findall(table.said))]
        for group, verb, n, (low, high) in said:
            stratum = self._stratum(table, group.strip())
            if scale is not None and verb in verbs and stratum is not None:
                yield {"instrument": scale.key, "measure": verbs[verb], "low": low, "high": high,
                       "denominator": _int(n), "stratum": stratum}

    def _stratum(self, table: Table, group: str) -> dict[str, Any] | None:
        """The group that a sentence below a table by one attribute names; missing where it names none of them."""
        by = {_capital(attribute(name)): name for name in self.names}
        name = by.get(table.header[0]) if table.header else None
        labels = [str(row[0]) for row in table.rows]
        if not group:
            return {}
        return {name: self._value(name, group)} if name is not None and group in labels else None

    def _band(self, cells: Mapping[str, Any], instrument: Instrument, where: Where) -> None:
        names = tuple(str(cells["Band"]).split(" or "))
        for side, head in (("start", "At the start"), ("end", "At the end")):
            self.bands.append((where, instrument.key, side, names, _whole(cells[head]) or 0))

    # --- the equations -------------------------------------------------------------------------------

    def attack(self) -> Attack:
        """Everything that was said, as equations and inequalities."""
        on = attack(self.records, self.pieces)
        for where, result, low, high in self.shares:
            merged = next(one["disclosure"]["merged"] for one in self.records if one["where"] == where)
            cell = cell_of(result["stratum"], merged, self.pieces, where)
            part, whole = (on.terms(cell, result["instrument"], result["measure"], name)
                           for name in ("achieved", "eligible"))
            if low == high:
                exact = Fraction(low).limit_denominator(5000)
                on.equal.append((_sum(part, exact.denominator, whole, -exact.numerator), 0))
            else:
                on.less += [(_sum(part, 1, whole, -high), 0), (_sum(part, -1, whole, low), 0)]
        self._define_bands(on)
        for where, key, side, names, value in self.bands:
            cell = cell_of({}, {}, self.pieces, where)
            on.equal.append(({on.at(piece, key, side, name): 1.0 for piece in cell for name in names}, value))
        return on

    def _define_bands(self, on: Attack) -> None:
        """Bands hold the courses with both scores; cases, remission and response lie in known bands."""
        for key in sorted({one[1] for one in self.bands}):
            instrument = self.of.instruments[key]
            case, bands = instrument.caseness.value, instrument.bands
            ends = {"remission": instrument.remission.value - 1 if instrument.remission else None,
                    "response": instrument.maximum * (1 - instrument.response.value)}
            for piece in self.pieces:
                def side(name: str, keep: Any, piece: Any = piece, key: str = key, bands: Any = bands) -> Terms:
                    return {on.at(piece, key, name, one.label): 1.0 for one in bands if keep(one)}

                paired = on.terms([piece], key, "worsening", "counted")
                on.equal += [(_sum(side(name, lambda one: True), 1, paired, -1), 0) for name in ("start", "end")]
                on.equal.append((_sum(side("start", lambda one, case=case: one.start >= case), 1, on.terms(
                    [piece], key, "response", "counted"), -1), 0))
                on.less += [(_sum(on.terms([piece], key, name, "achieved"), 1, side(
                    "end", lambda one, most=most: one.start <= most), -1), 0)
                    for name, most in ends.items() if most is not None]

    def small_counts(self, audience: str, n_solved: int = 20) -> list[Recovered]:
        """The counts of 1 to 10 that follow; of the board's those of parts of the clinic."""
        on = self.attack()
        if not on.equal:
            return []
        keys = sorted({(one["instrument"], one["measure"]) for record in self.records for one in record["results"]})
        cells: dict[Any, tuple] = {piece: (piece,) for piece in self.pieces}
        for name in self.names:
            for value in {dict(piece)[name] for piece in self.pieces}:
                cells[name, value] = cell_of({name: value}, {}, self.pieces, {})
        for record in self.records:
            cells[str(record["where"])] = cell_of({}, {}, self.pieces, record["where"])
        if audience == "board":
            cells = {name: cell for name, cell in cells.items() if set(cell) != set(self.pieces)}
        targets = targets_of(on, cells, keys)
        for _, key, side, names, _ in self.bands:
            for at, cell in cells.items():
                for name in names:
                    targets[at, key, side, name] = {on.at(piece, key, side, name): 1.0 for piece in cell}
        return recovered(on, targets, n_solved=n_solved)


def _plain(key: str, instrument: str, stratum: dict[str, Any]) -> dict[str, Any]:
    nothing = ("courses", "denominator", "numerator", "low", "high", "estimate", "follow_up", "evaluated", "looks_back",
               "bounds", "missing_as_failure")
    return {"instrument": instrument, "measure": key, "stratum": stratum, "interval": "", "left_out": {},
            **dict.fromkeys(nothing)}


def _counts(text: str) -> tuple[int | None, int | None]:
    """Numerator and denominator of "12 of 20", "20 courses" and "no course to count"."""
    if text == "no course to count":
        return 0, 0
    both, one = re.match(r"([\d,]+) of ([\d,]+)", text), re.match(r"([\d,]+) courses?", text)
    if both:
        return _int(both[1]), _int(both[2])
    return None, _int(one[1]) if one else None


def _whole(value: Any) -> int | None:
    if value in (None, ""):
        return None
    return _int(value) if isinstance(value, str) else round(value)


def _share(value: Any) -> tuple[float | None, float | None]:
    """Between which ends a share lies: one where it is told whole, half a percent around where it is rounded."""
    if isinstance(value, str):
        found = re.fullmatch(r"(\d+)\s%", value)
        return (None, None) if not found else (int(found[1]) / 100 - 0.005, int(found[1]) / 100 + 0.005)
    return value, value


def _int(text: str) -> int:
    return int(text.replace(",", ""))


def _sum(one: Terms, times: float, other: Terms, and_times: float) -> Terms:
    found = {place: times * weight for place, weight in one.items()}
    for place, weight in other.items():
        found[place] = found.get(place, 0) + and_times * weight
    return found


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
