"""Somebody who was told some views and wants the rest: reads every number, sets up the equations, and solves them.

Knows the definitions and the record format of ``summary --format json``, and nothing of how results are withheld. Every
number gives an equation over counts that are not known: counts themselves, percentages with their denominator (a
fraction told as a number is a ratio of two counts), intervals (Wilson's, turned round), means with their interval and
spread (the t interval, turned round), bounds. Definitions give more: what adds up, what is part of what.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array
from scipy.stats import t as student

from analytics.definitions.measures import LEFT_OUT

Z = 1.959963984540054

BEFORE_THE_SCORES = ("no_sessions", "booster", "not_assessed", "no_baseline")
"""Reasons that are the same courses for every measure of an instrument."""

ASKED_OF = {
    **dict.fromkeys(("response", "partial_response", "important_change", "mean_improvement", "remission", "pain_30",
                     "pain_50", "pain_2_points"), "cases"),
    "item9_resolved": "positive", "item9_reduced": "positive", "item9_new": "zero", "item9_increased": "any",
    "nhs_recovery": "cases", "nhs_reliable_recovery": "cases", "follow_up": "cases"}
"""Of which courses a measure is asked, all others of those with both scores. With cases of 10 or more nobody starts in
remission, so remission is asked of those of whom response is."""

CAN_BE = {
    "cases": {"not_a_case", "incomplete_induction", "not_due", "no_endpoint"},
    "paired": {"incomplete_induction", "not_due", "no_endpoint"}}
_OF_ITEM_9 = {"not_at_risk", "items_missing", "incomplete_induction", "not_due", "no_endpoint"}

WITHIN = (("remission", "response"), ("reliable_deterioration", "worsening"), ("item9_resolved", "item9_reduced"),
          ("nhs_reliable_recovery", "nhs_recovery"))
"""The first is achieved only by courses that achieve the second."""

_LOOKS = 6
"""So many pairs of extreme ways are looked at before a count by itself: they show of most that they are not known."""

_NEAR = 1e-5

PARTS = ("counted", "achieved", "not_achieved", "eligible", "seen", "lost", "left", "all", *LEFT_OUT)

Terms = dict[int, float]


@dataclass
class Attack:
    """The equations and inequalities gathered so far, over counts in the smallest pieces that tables speak of."""

    place: dict[tuple, int] = field(default_factory=dict)
    equal: list[tuple[Terms, float]] = field(default_factory=list)
    less: list[tuple[Terms, float]] = field(default_factory=list)

    def at(self, *count: Any) -> int:
        return self.place.setdefault(count, len(self.place))

    def terms(self, cell: Iterable[tuple], instrument: str, measure: str, part: str) -> Terms:
        """A count as a sum over pieces of counts that are not sums of others."""
        found: Terms = {}
        for piece in cell:
            for count, weight in _parts(piece, instrument, measure, part):
                place = self.at(*count)
                found[place] = found.get(place, 0) + weight
        return found


def _parts(piece: tuple, instrument: str, measure: str, part: str) -> list[tuple[tuple, float]]:
    asked = ASKED_OF.get(measure, "paired")
    own = lambda name: (piece, instrument, asked, name)  # noqa: E731
    if measure == "follow_up":
        whole = [(own("counted"), 1), (own("no_endpoint"), 1)]
        if part in ("counted", "eligible"):
            return whole
        if part in ("achieved", "seen"):
            return [(own("counted"), 1)]
        if part in ("not_achieved", "lost"):
            return [(own("no_endpoint"), 1)]
    if part in ("counted", "seen"):
        return [(own("counted"), 1)]
    if part == "achieved":
        return [((piece, instrument, measure, "achieved"), 1)]
    if part == "not_achieved":
        return [(own("counted"), 1), ((piece, instrument, measure, "achieved"), -1)]
    if part == "eligible":
        return [(own("counted"), 1), (own("no_endpoint"), 1)]
    if part == "all":
        return [((piece, "all"), 1)]
    if part == "left":
        return [((piece, "all"), 1), *((count, -weight) for count, weight in _parts(
            piece, instrument, measure, "counted"))]
    if part in BEFORE_THE_SCORES:
        return [((piece, instrument, part), 1)]
    if part in LEFT_OUT or part == "lost":
        reason = "no_endpoint" if part == "lost" else part
        can_be = CAN_BE.get(asked, _OF_ITEM_9) - ({"no_endpoint"} if measure == "follow_up" else set())
        return [(own(reason), 1)] if reason in can_be else []
    return [(own(part), 1)]


def attack(records: Iterable[Mapping[str, Any]], cells: Sequence[tuple]) -> Attack:
    """Everything that the records say.

    Parameters
    ----------
    cells : the smallest pieces that the tables speak of, each as pairs of attribute and value
    """
    found, keys = Attack(), set()
    for record in records:
        told = record.get("disclosure") or {}
        where = record.get("where") or {}
        whole = cell_of({}, {}, cells, where)
        for result in record["results"]:
            keys.add((result["instrument"], result["measure"]))
            cell = cell_of(result["stratum"], told.get("merged") or {}, cells, where)
            _read(found, result, lambda part, cell=cell, result=result: found.terms(
                cell, result["instrument"], result["measure"], part))
        for one in told.get("ranges") or ():
            cell = cell_of(one["stratum"], told.get("merged") or {}, cells, where) if one["stratum"] else whole
            terms = found.terms(cell, one["instrument"], one["measure"], "achieved")
            found.less += [(terms, one["high"]), (_times(terms, -1), -one["low"])]
            found.equal.append((found.terms(cell, one["instrument"], one["measure"], "counted"), one["denominator"]))
        for flow in record["flow"]:
            found.equal.append((found.terms(whole, flow["instrument"], "response", "all"), flow["courses"]))
            for step in flow["steps"]:
                part = "left" if step["reason"] == "pooled" else step["reason"]
                found.equal.append((found.terms(whole, flow["instrument"], "response", part), step["lost"]))
        if record["counts"].get("courses") is not None:
            found.equal.append(({found.at(piece, "all"): 1.0 for piece in whole}, record["counts"]["courses"]))
    _define(found, cells, keys)
    return found


def cell_of(stratum: Mapping, merged: Mapping, cells: Sequence[tuple], where: Mapping) -> tuple:
    """The pieces a stratum consists of."""
    within = [piece for piece in cells if all(dict(piece)[name] in allowed for name, allowed in where.items())]
    names = set(stratum.values())
    if len(names) == 1 and next(iter(names)) in merged:
        members = merged[next(iter(names))]
        return tuple(piece for piece in within if ", ".join(
            "not recorded" if dict(piece)[name] is None else dict(piece)[name] for name in stratum) in members)
    return tuple(piece for piece in within if all(dict(piece)[name] == value for name, value in stratum.items()))


def _times(terms: Terms, factor: float) -> Terms:
    return {place: factor * weight for place, weight in terms.items()}


def _plus(*all_terms: Terms) -> Terms:
    found: Terms = {}
    for terms in all_terms:
        for place, weight in terms.items():
            found[place] = found.get(place, 0) + weight
    return found


def _read(on: Attack, result: Mapping[str, Any], of: Any) -> None:
    """Every number of one result."""
    n = result["denominator"] if "denominator" in result else result["n"]
    x = result.get("numerator")
    if result["interval"] == "wilson":
        inverted = wilson_turned_round(result["low"], result["high"])
        n, x = (n, x) if inverted is None else (inverted[1] if n is None else n, inverted[0] if x is None else x)
    if result["interval"] == "t" and n is None and result.get("sd") and result["high"] is not None:
        n = t_turned_round(result["sd"], result["high"] - result["low"])
    for part, value in (("all", result["courses"]), ("counted", n), ("achieved", x)):
        if value is not None:
            on.equal.append((of(part), value))
    if x is None and result["estimate"] is not None and result["measure"] != "mean_improvement":
        _ratio(on, of("achieved"), of("counted"), result["estimate"])
    left = result["left_out"]
    if "pooled" in left:
        on.equal.append((of("left"), left["pooled"]))
    elif result["courses"] is not None:
        on.equal += [(of(reason), left.get(reason, 0)) for reason in LEFT_OUT if of(reason)]
    for name in ("missing_as_failure", "missing_as_unchanged"):
        share = result.get(name)
        if share:
            on.equal.append((of("eligible"), share["denominator"] if "denominator" in share else share["n"]))
            on.equal += [(of("achieved"), share["numerator"])] if "numerator" in share else []
    if result["follow_up"] is not None:
        _ratio(on, of("seen"), of("eligible"), result["follow_up"])
    if result["evaluated"] is not None:
        _ratio(on, of("seen"), _plus(of("eligible"), of("no_baseline")), result["evaluated"])
    if result["looks_back"] is not None:
        _ratio(on, of("back"), of("told"), result["looks_back"])
    if result.get("bounds"):
        _ratio(on, of("achieved"), of("eligible"), result["bounds"][0])
        _ratio(on, _plus(of("achieved"), of("lost")), of("eligible"), result["bounds"][1])


def _ratio(on: Attack, part: Terms, whole: Terms, share: float) -> None:
    exact = Fraction(share).limit_denominator(5000)
    on.equal.append((_plus(_times(part, exact.denominator), _times(whole, -exact.numerator)), 0))


def wilson_turned_round(low: float | None, high: float | None) -> tuple[int, int] | None:
    """Numerator and denominator from the ends of a Wilson interval."""
    if low is None or high is None or high <= low:
        return None
    if low == 0 or high == 1:
        # One end is exact; the other is z**2 / (n + z**2).
        far = high if low == 0 else 1 - low
        n = round(Z**2 / far - Z**2)
        return (0, n) if low == 0 else (n, n)
    middle, half = (low + high) / 2, (high - low) / 2
    # Of the two equations for share and n, n follows by halving.
    least, most = 1.0, 1e7
    for _ in range(200):
        n = (least + most) / 2
        share = (middle * (1 + Z**2 / n)) - Z**2 / (2 * n)
        width = Z / (1 + Z**2 / n) * np.sqrt(max(share * (1 - share), 0) / n + Z**2 / (4 * n**2))
        least, most = (n, most) if width > half else (least, n)
    n = round(least)
    share = middle * (1 + Z**2 / n) - Z**2 / (2 * n)
    x = share * n
    return (round(x), n) if abs(x - round(x)) < 1e-4 and n < 1e6 else None


def t_turned_round(sd: float, width: float) -> int | None:
    """How many values a t interval rests on."""
    found = [n for n in range(2, 5000) if abs(2 * student.ppf(0.975, n - 1) * sd / np.sqrt(n) - width) < 1e-9]
    return found[0] if found else None


def _define(on: Attack, cells: Sequence[tuple], keys: set[tuple[str, str]]) -> None:
    """What holds by definition in every piece."""
    for piece in cells:
        for instrument, measure in sorted(keys):
            of = lambda part, key=(instrument, measure): on.terms([piece], *key, part)  # noqa: E731, B023
            on.equal.append((_plus(of("all"), _times(of("counted"), -1), *(
                _times(of(reason), -1) for reason in LEFT_OUT)), 0))
            for part, whole in (("achieved", "counted"), ("told", "seen"), ("back", "told")):
                on.less.append((_plus(of(part), _times(of(whole), -1)), 0))
        for instrument in sorted({key[0] for key in keys}):
            for first, second in WITHIN:
                if {(instrument, first), (instrument, second)} <= keys:
                    on.less.append((_plus(on.terms([piece], instrument, first, "achieved"), _times(
                        on.terms([piece], instrument, second, "achieved"), -1)), 0))
            kinds = [(instrument, f"nhs_{name}") for name in (
                "reliable_improvement", "reliable_deterioration", "no_reliable_change")]
            if set(kinds) <= keys:
                on.equal.append((_plus(on.terms([piece], *kinds[0], "counted"), *(
                    _times(on.terms([piece], *kind, "achieved"), -1) for kind in kinds)), 0))
            if {(instrument, "response"), (instrument, "partial_response")} <= keys:
                on.less.append((_plus(
                    on.terms([piece], instrument, "response", "achieved"),
                    on.terms([piece], instrument, "partial_response", "achieved"),
                    _times(on.terms([piece], instrument, "response", "counted"), -1)), 0))


@dataclass(frozen=True)
class Recovered:
    """A count that was not told and is known all the same."""

    what: tuple
    value: int


def recovered(
    on: Attack, targets: Mapping[tuple, Terms], most: int = 10, *, n_solved: int = 40
) -> list[Recovered]:
    """Which targets, sums of counts, are certain and are 1 to ``most``.

    By linear algebra first, all of them: a target that is the same for every solution. Then by the smallest and the
    largest value that counts of 0 or more allow, up to ``n_solved`` of those that a few looks leave open.
    """
    rows, values = _matrix(on, on.equal)
    stays = ~_are_none(rows, values)
    rows, values = _once(rows[:, stays], values)
    scale = np.maximum(np.abs(rows).max(axis=1), 1e-12)
    rows, values = rows / scale[:, None], values / scale
    left, sizes, right = np.linalg.svd(rows, full_matrices=False)
    is_rank = sizes > 1e-9 * sizes[0]
    known = right[is_rank]
    solution = known.T @ ((left[:, is_rank].T @ values) / sizes[is_rank])
    assert np.abs(rows @ solution - values).max() < 1e-5, "the equations contradict each other"
    vectors = _matrix(on, [(terms, 0) for terms in targets.values()])[0][:, stays]
    # Measures asked of the same courses have counts in common.
    first = _first_of_each(vectors)
    targets, vectors = [list(targets)[place] for place in first], vectors[first]
    off = np.abs(vectors - (vectors @ known.T) @ known).max(axis=1, initial=0)
    found, open_to = [], []
    for what, vector, distance in zip(targets, vectors, off, strict=True):
        value = float(vector @ solution)
        if distance > 1e-6:
            open_to.append((what, vector))
        elif 0.5 < value < most + 0.5:
            found.append(Recovered(what, round(value)))
    less, limits = _matrix(on, on.less)
    return found + (_by_bounds(less[:, stays], limits, rows, values, open_to, (most, n_solved)) if n_solved else [])


def _are_none(rows: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Counts that are 0 because a sum of counts is."""
    none = np.zeros(rows.shape[1], dtype=bool)
    while True:
        left = np.where(none, 0, rows)
        is_sum = ((left >= 0).all(axis=1) | (left <= 0).all(axis=1)) & (values == 0)
        new = none | (left[is_sum] != 0).any(axis=0)
        if (new == none).all():
            return none
        none = new


def _once(rows: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Equations without those that say nothing or the same again."""
    both = np.column_stack([rows, values])
    first = _first_of_each(both)
    first = first[(rows[first] != 0).any(axis=1)]
    return rows[first], values[first]


def _first_of_each(rows: np.ndarray) -> np.ndarray:
    """Places of rows without repeats: rows that are the same have the same weighted sum."""
    return np.unique(np.round(rows @ np.random.default_rng(0).normal(size=rows.shape[1]), 9), return_index=True)[1]


def _matrix(on: Attack, said: Sequence[tuple[Terms, float]]) -> tuple[np.ndarray, np.ndarray]:
    table = np.zeros((len(said), len(on.place)))
    for row, (terms, _) in zip(table, said, strict=True):
        for place, weight in terms.items():
            row[place] += weight
    return table, np.array([value for _, value in said], dtype=float)


def _by_bounds(
    less: np.ndarray, limits: np.ndarray, rows: np.ndarray, values: np.ndarray,
    targets: Sequence[tuple[tuple, np.ndarray]], at_most: tuple[int, int],
) -> list[Recovered]:
    if not targets:
        return []
    most, n_solved = at_most
    # No count is beyond a sum that was told; a roof over all keeps the answers finite.
    roof = 10 * max(np.abs(values).max(), 100)
    system = {"A_ub": csr_array(less), "b_ub": limits, "A_eq": csr_array(rows), "b_eq": values, "bounds": (0, roof)}
    forms = np.array([vector for _, vector in targets]).reshape(len(targets), -1)
    low, high = np.full(len(targets), np.inf), np.full(len(targets), -np.inf)
    chance = np.random.default_rng(0)

    def look(aim: np.ndarray) -> None:
        """Another way that the counts can be; what differs between ways is not known."""
        one = linprog(aim, **system)
        assert one.status == 0, f"the inequalities contradict each other: {one.message}"
        np.minimum(low, forms @ one.x, out=low)
        np.maximum(high, forms @ one.x, out=high)

    for _ in range(_LOOKS):
        aim = chance.normal(size=rows.shape[1])
        look(aim)
        look(-aim)

    def is_one(place: int) -> bool:
        """Whether no second whole number has been seen to be possible, and the one is small."""
        least = np.ceil(low[place] - _NEAR)
        return bool(least == np.floor(high[place] + _NEAR) and 1 <= least <= most)

    left = [place for place in range(len(targets)) if is_one(place)]
    for place in left[:n_solved]:
        for aim in (targets[place][1], -targets[place][1]):
            if is_one(place):
                look(aim)
    return [Recovered(targets[place][0], int(np.ceil(low[place] - _NEAR))) for place in left[:n_solved]
            if is_one(place)]


def targets_of(on: Attack, cells: Mapping[Any, tuple], keys: Iterable[tuple[str, str]]) -> dict[tuple, Terms]:
    """Every count of every cell that a table could have told, and what is between two measures of one instrument."""
    found = {}
    for name, cell in cells.items():
        for key in keys:
            for part in PARTS:
                terms = on.terms(cell, *key, part)
                if terms:
                    found[name, *key, part] = terms
        there = set(keys)
        for instrument in {key[0] for key in there}:
            between = [(pair, "achieved") for pair in WITHIN] + [(("reliable_deterioration", "response"), "counted")]
            for (one, other), part in between:
                if {(instrument, one), (instrument, other)} <= there:
                    terms = _plus(on.terms(cell, instrument, one, part),
                                  _times(on.terms(cell, instrument, other, part), -1))
                    sign = -1 if part == "achieved" else 1
                    found[name, instrument, f"{one} and {other}", part] = _times(terms, sign)
    return found
