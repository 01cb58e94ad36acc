"""A clinic's own instruments, from a TOML file with the fields of ``Instrument``.

One table an instrument, named by its key::

    [phq9_24h]
    title = "PHQ-9, last 24 hours"
    about = "depression"
    minimum = 0
    maximum = 27
    n_items = 9
    item_minimum = 0
    item_maximum = 3
    recall_days = 1
    caseness = {comparison = ">=", value = 10, source = "convention"}
    response = {value = 0.5, source = "convention"}
    remission = {comparison = "<", value = 5, source = "convention"}
    bands = [{start = 0, label = "minimal"}, {start = 5, label = "mild"}]
    bands_source = "convention"
    missing_items = {most_missing = 2, source = "as the PHQ-9"}
    licence = "Free to use"
    source = "Our clinic"

An export in FHIR is read by ``loinc = "44261-6"`` (the code of the total), ``codes = ["our-scale"]`` (a clinic's own,
as it stands or as ``system|code``) and ``item_codes = [...]`` (one an item, LOINC or own). A code means one thing only.

Response is a fraction of baseline, or a number of points with ``is_response_in_points = true``. For the classification
of Jacobson and Truax: ``reliability = {value = 0.9, source = "..."}``, ``functional_mean`` and ``functional_sd`` alike,
and ``jt_cut_off = {value = "c", source = "..."}``.

remission, reliable_change and important_change may be left out: the instrument then has none. So may the
item range where there are no items (``n_items = 0``), and every field that has a default in ``Instrument``.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

from analytics.definitions.instruments import BUILT_IN, Amount, Band, CutOff, Instrument, JtCutOff, MissingItems
from analytics.definitions.tables import ASSESSMENTS, SESSIONS

_COMPARISONS = (">=", ">", "<", "<=")
_MAY_BE_ABSENT = frozenset({"remission", "reliable_change", "important_change"})
_ITEM_RANGE = frozenset({"item_minimum", "item_maximum"})
_COLUMNS = frozenset(column.name for column in (*ASSESSMENTS, *SESSIONS)) | {
    "attribute", "ignore", "date", "record_type", "observed_until_day"}


class _FieldProblem(Exception):
    """What is wrong with one field; the file and the instrument are added on the way out."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(problem)
        self.name = name


def instruments_from_toml(path: str | Path) -> dict[str, Instrument]:
    """A clinic's own instruments by key, as the file at a path describes them.

    Raises
    ------
    ValueError
        When the file is no TOML, names a built-in instrument, or a field is missing, unknown or cannot be;
        the message names the file, the instrument and the field.
    OSError
        When the file cannot be read.
    """
    path = Path(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(f"{path.name}: an instruments file is UTF-8 text; this one is not.") from None
    return instruments_from_text(path.name, text)


def instruments_from_text(name: str, text: str) -> dict[str, Instrument]:
    """The same from the text of such a file; ``name`` is what messages call it."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise ValueError(f"{name}: this is not TOML: {problem}.") from None
    except RecursionError:
        raise ValueError(f"{name}: this is not TOML that can be read: it is nested too deeply.") from None
    if not content:
        raise ValueError(f"{name}: the file describes no instrument; one starts with a line such as [our_scale].")
    found = {key: _instrument(name, key, table) for key, table in content.items()}
    _require_own_codes(name, found)
    return found


def _require_own_codes(file: str, instruments: Mapping[str, Instrument]) -> None:
    """No code of an export stands for two scores."""
    taken: dict[str, str] = {}
    for key, instrument in instruments.items():
        for code in (instrument.loinc, *instrument.codes, *instrument.item_codes):
            if code and code in taken:
                raise ValueError(f"{file}, instrument {key}: the code {code} stands twice, first of {taken[code]}; "
                                 "it means one score or one answer.")
            taken[code] = key


def _instrument(file: str, key: str, table: Any) -> Instrument:
    if not isinstance(table, Mapping):
        raise ValueError(f"{file}: {key!r} stands outside of any instrument; "
                         "one starts with a line such as [our_scale].")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", key):
        raise ValueError(f"{file}: the key of an instrument has small letters, digits and _ only; {key!r} came.")
    if key in BUILT_IN:
        raise ValueError(f"{file}: {key} is built in and cannot be replaced; choose another key.")
    if key in _COLUMNS:
        raise ValueError(f"{file}: {key} is the name of a column; choose another key for the instrument.")
    try:
        instrument = Instrument(key=key, **_values(table))
        _require_consistent(instrument)
    except _FieldProblem as problem:
        raise ValueError(f"{file}, instrument {key}, field {problem.name}: {problem}") from None
    return instrument


def _values(table: Mapping[str, Any]) -> dict[str, Any]:
    """Every field read; those that may be left out as they are meant then."""
    known = {item.name: item for item in fields(Instrument) if item.name != "key"}
    for name in table:
        if name not in known:
            raise _FieldProblem(name, f"there is no such field; there are {', '.join(known)}.")
    has_items = table.get("n_items") != 0
    values: dict[str, Any] = {}
    for name, item in known.items():
        if name in table:
            values[name] = _READERS[name](name, table[name])
        elif name in _MAY_BE_ABSENT:
            values[name] = None
        elif name in _ITEM_RANGE and not has_items:
            values[name] = 0
        elif item.default is MISSING and item.default_factory is MISSING:
            raise _FieldProblem(name, "it is missing.")
    return values


def _text(name: str, given: Any) -> str:
    if not isinstance(given, str) or not given.strip():
        raise _FieldProblem(name, f"a text was expected; {given!r} came.")
    return given.strip()


def _number(name: str, given: Any) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float) or not math.isfinite(given):
        raise _FieldProblem(name, f"a number was expected; {given!r} came.")
    return given


def _whole(least: int, most: int) -> Callable[[str, Any], int]:
    def read(name: str, given: Any) -> int:
        number = _number(name, given)
        if number != int(number) or not least <= number <= most:
            raise _FieldProblem(name, f"a whole number from {least} to {most} was expected; {given!r} came.")
        return int(number)

    return read


def _flag(name: str, given: Any) -> bool:
    if not isinstance(given, bool):
        raise _FieldProblem(name, f"true or false was expected; {given!r} came.")
    return given


def _part(name: str, given: Any, *parts: str) -> Mapping[str, Any]:
    """A table of exactly the named parts."""
    if not isinstance(given, Mapping) or set(given) != set(parts):
        raise _FieldProblem(name, f"{{{', '.join(f'{part} = ...' for part in parts)}}} was expected.")
    return given


def _cut_off(name: str, given: Any) -> CutOff:
    parts = _part(name, given, "comparison", "value", "source")
    if parts["comparison"] not in _COMPARISONS:
        raise _FieldProblem(f"{name}.comparison", f"one of {', '.join(_COMPARISONS)} was expected; "
                                                  f"{parts['comparison']!r} came.")
    value, source = _number(f"{name}.value", parts["value"]), _text(f"{name}.source", parts["source"])
    return CutOff(parts["comparison"], value, source)


def _amount(name: str, given: Any) -> Amount:
    parts = _part(name, given, "value", "source")
    number = _number(f"{name}.value", parts["value"])
    if number <= 0:
        raise _FieldProblem(f"{name}.value", f"a number above 0 was expected; {number!r} came.")
    return Amount(number, _text(f"{name}.source", parts["source"]))


def _figure(name: str, given: Any) -> Amount:
    """A published figure, which may be 0 or less."""
    parts = _part(name, given, "value", "source")
    return Amount(_number(f"{name}.value", parts["value"]), _text(f"{name}.source", parts["source"]))


def _jt_cut_off(name: str, given: Any) -> JtCutOff:
    parts = _part(name, given, "value", "source")
    if parts["value"] not in ("a", "b", "c"):
        raise _FieldProblem(f"{name}.value", f"a, b or c was expected; {parts['value']!r} came.")
    return JtCutOff(parts["value"], _text(f"{name}.source", parts["source"]))


def _list(name: str, given: Any) -> list:
    if not isinstance(given, list):
        raise _FieldProblem(name, f"a list was expected; {given!r} came.")
    return given


def _bands(name: str, given: Any) -> tuple[Band, ...]:
    bands = [_part(name, band, "start", "label") for band in _list(name, given)]
    return tuple(Band(_number(f"{name}.start", band["start"]), _text(f"{name}.label", band["label"])) for band in bands)


def _missing_items(name: str, given: Any) -> MissingItems:
    parts = _part(name, given, "most_missing", "source")
    return MissingItems(_whole(0, 100)(f"{name}.most_missing", parts["most_missing"]),
                        _text(f"{name}.source", parts["source"]))


def _loinc(name: str, given: Any) -> str:
    text = _text(name, given)
    if not re.fullmatch(r"[0-9]{1,7}-[0-9]", text):
        raise _FieldProblem(name, f"a code such as 44261-6 was expected; {given!r} came.")
    return text


def _domains(name: str, given: Any) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(_whole(1, 100)(name, item) for item in _list(name, domain)) for domain in _list(name, given))


def _ranges(name: str, given: Any) -> tuple[tuple[float, float], ...]:
    ranges = [[_number(name, end) for end in _list(name, pair)] for pair in _list(name, given)]
    if any(len(pair) != 2 or pair[0] >= pair[1] for pair in ranges):
        raise _FieldProblem(name, "pairs of lowest and highest score were expected, as in [[0, 25]].")
    return tuple((low, high) for low, high in ranges)


def _aliases(name: str, given: Any) -> tuple[str, ...]:
    return tuple(_text(name, alias) for alias in _list(name, given))


def _answers(name: str, given: Any) -> tuple[tuple[str, ...], ...]:
    return tuple(_aliases(name, phrases) for phrases in _list(name, given))


_READERS: dict[str, Callable[[str, Any], Any]] = {
    "title": _text, "about": _text, "minimum": _number, "maximum": _number, "n_items": _whole(0, 100),
    "item_minimum": _whole(-100, 100), "item_maximum": _whole(-100, 100), "recall_days": _whole(0, 3650),
    "caseness": _cut_off, "response": _amount, "remission": _cut_off, "reliable_change": _amount,
    "important_change": _amount, "bands": _bands, "bands_source": _text, "missing_items": _missing_items,
    "licence": _text, "source": _text, "is_higher_better": _flag, "total_factor": _whole(1, 100),
    "domains": _domains, "self_harm_item": _whole(1, 100), "other_ranges": _ranges, "aliases": _aliases,
    "is_mean": _flag, "is_response_in_points": _flag, "is_remission_not_a_case": _flag, "nhs_caseness": _cut_off,
    "reliability": _amount, "functional_mean": _figure, "functional_sd": _amount, "jt_cut_off": _jt_cut_off,
    "is_whole": _flag, "answers": _answers, "loinc": _loinc, "codes": _aliases, "item_codes": _aliases,
}


def _require_consistent(instrument: Instrument) -> None:
    """Fields that contradict each other."""
    low, high = instrument.minimum, instrument.maximum
    if low >= high:
        raise _FieldProblem("maximum", f"it lies above minimum ({low:g}); {high:g} came.")
    if instrument.n_items and instrument.item_minimum >= instrument.item_maximum:
        raise _FieldProblem("item_maximum", f"it lies above item_minimum ({instrument.item_minimum}); "
                                            f"{instrument.item_maximum} came.")
    for name in ("caseness", "remission", "nhs_caseness", "functional_mean"):
        line = getattr(instrument, name)
        if line is not None and not low <= line.value <= high:
            raise _FieldProblem(f"{name}.value", f"it lies between {low:g} and {high:g}; {line.value:g} came.")
    if instrument.response.value > 1 and not instrument.is_response_in_points:
        raise _FieldProblem("response.value", "it is a fraction of baseline above 0 and up to 1; "
                                              f"{instrument.response.value:g} came.")
    if instrument.reliability is not None and instrument.reliability.value >= 1:
        raise _FieldProblem("reliability.value", f"it lies above 0 and below 1; {instrument.reliability.value:g} came.")
    in_points = ("response",) if instrument.is_response_in_points else ()
    for name in (*in_points, "reliable_change", "important_change", "functional_sd"):
        amount = getattr(instrument, name)
        if amount is not None and amount.value > high - low:
            raise _FieldProblem(f"{name}.value", f"it is at most {high - low:g} points; {amount.value:g} came.")
    _require_consistent_bands(instrument)
    _require_consistent_items(instrument)


def _require_consistent_bands(instrument: Instrument) -> None:
    starts = [band.start for band in instrument.bands]
    if starts != sorted(set(starts)) or any(not instrument.minimum <= start <= instrument.maximum for start in starts):
        raise _FieldProblem("bands", "they start at rising scores within the range.")


def _require_consistent_items(instrument: Instrument) -> None:
    n_items, most_missing = instrument.n_items, instrument.missing_items.most_missing
    if most_missing and (most_missing >= n_items or instrument.domains):
        raise _FieldProblem("missing_items.most_missing",
                            f"it is below the number of items ({n_items}), and 0 where there are domains.")
    if instrument.self_harm_item is not None and instrument.self_harm_item > n_items:
        raise _FieldProblem("self_harm_item", f"it is one of the {n_items} items; {instrument.self_harm_item} came.")
    if instrument.is_mean and (not n_items or instrument.domains or instrument.total_factor != 1):
        raise _FieldProblem("is_mean", "a mean is made of items, without domains and without a factor.")
    n_answers = instrument.item_maximum - instrument.item_minimum + 1
    if instrument.answers and len(instrument.answers) != n_answers:
        raise _FieldProblem("answers", f"it has a list of phrases for each of the {n_answers} answers; "
                                       f"{len(instrument.answers)} came.")
    if instrument.item_codes and len(instrument.item_codes) != n_items:
        raise _FieldProblem("item_codes", f"it has a code for each of the {n_items} items; "
                                          f"{len(instrument.item_codes)} came.")
    named = [item for domain in instrument.domains for item in domain]
    if any(not domain for domain in instrument.domains) or len(set(named)) < len(named) or any(
            item > n_items for item in named):
        raise _FieldProblem("domains", f"they are lists of items from 1 to {n_items}, each item in one of them.")
