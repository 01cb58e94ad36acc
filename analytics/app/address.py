"""The view of a dataset and its address: what the numbers on screen depend on, as codes that can be copied.

The view is what the numbers on screen depend on. Its address can be copied: it holds codes and places in
the dataset's sorted lists, never a patient's key or a text from a file, and it writes defaults out.

``v`` version of this format, ``d`` first 16 hex digits of the dataset's key, ``i`` instrument, ``m`` measure,
``r`` preset, ``s`` settings as on the command line (``gap_days:45,endpoint_window:14..31``; in a list ``~``
for the comma; a visit or an indication by its place), ``k`` check of the rules and cut-offs in force, ``f``
filters (``<attribute>.<value>[.<value>...]`` joined by ``_``, ``n`` for missing), ``by`` attribute; ``none``
where empty.

Why a codec of our own and not Streamlit's ``bind=``: that leaves defaults out of the address and drops what
it does not know, so an old link would show other numbers under the same address. Here ``s`` states every
setting that is one value for all courses, ``k`` refuses a link whose rules have since changed, and whatever
is not understood is refused in words.

    ``encode_view(view, shape) -> dict[str, str]``, ``decode_view(params, shapes) -> View | Refusal``
    ``canonical(view) -> View``                  settings equal to the preset's left out, lists sorted
    ``other_dataset(short) -> Refusal``
    ``rules_of(view) -> RuleSet``
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from analytics.app.datasets import Shape
from analytics.definitions.instruments import Instrument
from analytics.definitions.measures import MEASURES
from analytics.definitions.rules import (
    PRESETS,
    SETTING_KEYS,
    Rules,
    RuleSet,
    as_record,
    rule_set,
)

ADDRESS_VERSION = "1"
PARAMETERS = ("v", "d", "i", "m", "r", "s", "k", "f", "by")
NONE = "none"
MISSING = "n"
_VALUE = "[a-z0-9_.~+-]*"

Filters = tuple[tuple[int, tuple[int | None, ...]], ...]
Settings = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class View:
    """What the numbers on screen depend on.

    Attributes
    ----------
    dataset : short key
    instrument : key of the headline instrument, or missing where the dataset has none
    preset, settings : the rules, as ``rule_set`` takes them
    filters : places of an attribute and of the values that stay; a missing place is a missing value
    by : place of the attribute that the strata are made by
    measure : key of the measure that the sheet of one number shows
    """

    dataset: str | None
    instrument: str | None
    preset: str = "clinic"
    settings: Settings = ()
    filters: Filters = ()
    by: int | None = None
    measure: str = "response"


@dataclass(frozen=True)
class Refusal:
    """Why an address is not shown.

    Attributes
    ----------
    dataset : the short key that the address asks for, where ``kind`` is other_dataset
    """

    kind: Literal["unreadable", "other_version", "other_dataset", "other_rules"]
    sentence: str
    dataset: str | None = None


# --- the rules of a view -----------------------------------------------------------------------------


def rules_of(view: View) -> RuleSet:
    """The rules of a view. Raises ValueError where a setting is not one."""
    try:
        return rule_set(view.preset, view.settings)
    except OverflowError:
        raise ValueError("A setting is a number that can be written out; an endless one came.") from None


def _defaults(preset: str) -> tuple[Rules, Callable[[str], bool]]:
    """A preset's own rules, and whether a setting of it is one value for all courses.

    ``clinic`` follows two presets; writing out a default in which they differ would force it on both.
    """
    if preset != "clinic":
        return PRESETS[preset], lambda key: True
    mood, pain = PRESETS["induction"], PRESETS["pain_series"]
    return mood, lambda key: getattr(mood, key) == getattr(pain, key)


def _text(value: Any) -> str:
    """A setting's value in the words of the command line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple) and all(isinstance(part, str) for part in value):
        return ",".join(value)
    if isinstance(value, tuple):
        return "..".join("" if end is None else str(end) for end in value)
    return "" if value is None else str(value)


def _amount(text: str) -> str:
    return repr(float(text)).removesuffix(".0")


def _stated_settings(view: View, *, with_defaults: bool) -> dict[str, str]:
    rules = rules_of(view)
    own, is_shared = _defaults(view.preset)
    given = dict(view.settings)
    stated = {}
    for key in SETTING_KEYS:
        value = getattr(rules.base, key)
        is_default = is_shared(key) and value == getattr(own, key)
        if (key in given and not is_default) or (with_defaults and is_shared(key) and value is not None):
            stated[key] = _text(value)
    for key in sorted(key for key in given if "." in key):
        stated[key] = given[key] if key.startswith("by_indication.") else _amount(given[key])
    return stated


def canonical(view: View) -> View:
    """The same view in one spelling: settings that change nothing left out, lists sorted.

    Raises
    ------
    ValueError
        When the preset or a setting is not one.
    """
    filters = tuple(sorted((place, tuple(sorted(set(values), key=lambda value: (value is None, value or 0))))
                           for place, values in view.filters if values))
    return replace(view, settings=tuple(_stated_settings(view, with_defaults=False).items()), filters=filters)


def _check(view: View, shape: Shape) -> str:
    """Eight hex digits of everything in the rules and cut-offs that moves a number."""
    rules = rules_of(view)
    instruments = rules.instruments(shape.instruments)
    by_indication = {name: rules.preset_for(name) for name in shape.indications}
    presets = {rules.preset_for(None), *by_indication.values()} | (
        {"induction", "pain_series", "first_last"} if rules.is_by_indication else set())
    in_force = {
        "rules": {name: as_record(rules.rules_for(name)) for name in sorted(presets)},
        "by_indication": by_indication,
        "instruments": {key: _cut_offs(instrument) for key, instrument in sorted(instruments.items())},
    }
    return hashlib.sha256(json.dumps(in_force, sort_keys=True).encode()).hexdigest()[:8]


def _cut_offs(instrument: Instrument) -> list[Any]:
    lines = (instrument.caseness, instrument.remission)
    amounts = (instrument.response, instrument.reliable_change, instrument.important_change)
    return [instrument.minimum, instrument.maximum, instrument.is_higher_better, instrument.recall_days,
            instrument.missing_items.most_missing, *[str(line) for line in lines],
            *[None if amount is None else amount.value for amount in amounts]]


# --- the codec ---------------------------------------------------------------------------------------


def encode_view(view: View, shape: Shape) -> dict[str, str]:
    """The address of a view of the dataset with this shape: every parameter, defaults written out.

    Raises
    ------
    ValueError
        When the view is of another dataset, names what the dataset does not have, or a setting is not one.
    """
    view = _fitting(canonical(view), shape)
    settings = [f"{_coded_key(key, shape)}:{_coded_value(key, value, shape)}"
                for key, value in _stated_settings(view, with_defaults=True).items()]
    filters = [".".join([str(place), *(MISSING if value is None else str(value) for value in values)])
               for place, values in view.filters]
    return {"v": ADDRESS_VERSION, "d": shape.short, "i": view.instrument or NONE, "m": view.measure,
            "r": view.preset, "s": ",".join(settings) or NONE, "k": _check(view, shape), "f": "_".join(filters) or NONE,
            "by": NONE if view.by is None else str(view.by)}


def _fitting(view: View, shape: Shape) -> View:
    """The view, where everything it names is in the dataset. Raises ValueError otherwise."""
    if view.dataset != shape.short:
        raise ValueError(f"The shape of dataset {view.dataset} was needed; that of {shape.short} came.")
    if view.instrument is not None and view.instrument not in shape.present:
        raise ValueError(f"An instrument of this dataset was needed: {', '.join(shape.present) or 'none'}.")
    if view.measure not in MEASURES:
        raise ValueError(f"A measure was needed, one of {', '.join(MEASURES)}; another came.")
    n_values = [len(values) for _, values in shape.attributes]
    places = [place for place, _ in view.filters] + ([] if view.by is None else [view.by])
    if len({place for place, _ in view.filters}) != len(view.filters) or any(
            not 0 <= place < len(n_values) for place in places):
        raise ValueError("Attributes of this dataset, each once, were needed; another or a repeated one came.")
    if any(value is not None and not 0 <= value < n_values[place]
           for place, values in view.filters for value in values):
        raise ValueError("Values of this dataset's attributes were needed; others came.")
    return view


def _coded_key(key: str, shape: Shape) -> str:
    field, _, name = key.partition(".")
    return f"{field}.{_place(name, shape.indications)}" if field == "by_indication" else key


def _coded_value(key: str, value: str, shape: Shape) -> str:
    if key in ("baseline_visit", "endpoint_visit"):
        return _place(value, shape.visits) if value else ""
    return value.replace(",", "~")


def _place(name: str, names: Sequence[str]) -> str:
    if name not in names:
        raise ValueError("A visit or an indication of this dataset was needed; another came.")
    return str(names.index(name))


_UNREADABLE = Refusal(
    "unreadable", "This link is incomplete or was changed on its way, so the numbers its sender saw cannot "
                  "be shown. Ask for the link again, or start with your own view.")
_OTHER_RULES = Refusal(
    "other_rules", "The rules or cut-offs behind this link have changed since it was made, so it would show "
                   "other numbers than its sender saw. Ask for a new link.")


def decode_view(params: Mapping[str, str | Sequence[str]], shapes: Iterable[Shape]) -> View | Refusal:
    """The view of an address, or why it is not shown. Nothing is guessed, filled in or dropped.

    Parameters
    ----------
    params : the address' parameters; one given twice is a sequence of two
    shapes : of the datasets that are loaded for this browser
    """
    known = {shape.short: shape for shape in shapes}
    values = {key: (value,) if isinstance(value, str) else tuple(value) for key, value in params.items()}
    version = values.get("v", ())
    if len(version) == 1 and version[0] != ADDRESS_VERSION and re.fullmatch("[0-9]{1,4}", version[0]):
        return Refusal(
            "other_version", "This link was made by another version of the dashboard (its format is "
                             f"{version[0]}, this one reads {ADDRESS_VERSION}). Ask for a new link.")
    if set(values) != set(PARAMETERS) or any(len(value) != 1 for value in values.values()):
        return _UNREADABLE
    single = {key: value[0] for key, value in values.items()}
    if (version != (ADDRESS_VERSION,) or not re.fullmatch("[0-9a-f]{16}", single["d"])
            or not re.fullmatch("[0-9a-f]{8}", single["k"])):
        return _UNREADABLE
    if single["d"] not in known:
        return other_dataset(single["d"])
    try:
        came = _decoded(single, known[single["d"]])
        spelled = encode_view(came, known[single["d"]])
    except ValueError:
        return _UNREADABLE
    if spelled["k"] != single["k"]:
        return _OTHER_RULES
    return came if spelled == single else _UNREADABLE


def other_dataset(short: str) -> Refusal:
    """The refusal of a view whose dataset this browser has not loaded."""
    return Refusal(
        "other_dataset", f"This link shows dataset {short}, which is not loaded in this browser. Load the "
                         "same files on the Data page, with the same meaning of their columns.", short)


def _decoded(params: Mapping[str, str], shape: Shape) -> View:
    """The view of well-formed parameters. Raises ValueError for anything else."""
    view = View(shape.short, None if params["i"] == NONE else params["i"], params["r"],
                _decoded_settings(params["s"], shape), _decoded_filters(params["f"]),
                None if params["by"] == NONE else _index(params["by"]), params["m"])
    return _fitting(canonical(view), shape)


def _decoded_settings(text: str, shape: Shape) -> Settings:
    settings: dict[str, str] = {}
    for part in () if text == NONE else text.split(","):
        coded, colon, value = part.partition(":")
        if not (colon and re.fullmatch(r"[a-z0-9_]+(\.[a-z0-9_]+)?", coded) and re.fullmatch(_VALUE, value)):
            raise ValueError("key:value was needed")
        field, _, place = coded.partition(".")
        key = coded
        if field == "by_indication":
            key = f"{field}.{shape.indications[_index(place, len(shape.indications))]}"
        if key in ("baseline_visit", "endpoint_visit") and value:
            value = shape.visits[_index(value, len(shape.visits))]
        if key in settings:
            raise ValueError("each setting once was needed")
        settings[key] = value.replace("~", ",")
    return tuple(settings.items())


def _decoded_filters(text: str) -> Filters:
    filters = []
    for part in () if text == NONE else text.split("_"):
        place, *rest = part.split(".")
        values = tuple(None if value == MISSING else _index(value) for value in rest)
        if not values or len(set(values)) != len(values):
            raise ValueError("at least one value, each once, was needed")
        filters.append((_index(place), values))
    return tuple(filters)


def _index(text: str, n: int = 10_000_000) -> int:
    if not re.fullmatch("0|[1-9][0-9]{0,6}", text) or int(text) >= n:
        raise ValueError(f"a place below {n} was needed")
    return int(text)
