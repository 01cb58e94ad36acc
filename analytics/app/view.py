"""The view of a dataset: what the numbers on screen depend on, in one spelling.

    ``canonical(view) -> View``                  settings equal to the preset's left out, lists sorted
    ``rules_of(view) -> RuleSet``
    ``stated_settings(view, with_defaults=)``    every setting in the words of the command line
    ``check(view, shape) -> str``                changes when a rule or a cut-off in force does
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

from analytics.app import page_options
from analytics.app.datasets import Shape
from analytics.definitions.instruments import Instrument
from analytics.definitions.rules import (
    OF_COURSES,
    PRESETS,
    SETTING_KEYS,
    Rules,
    RuleSet,
    as_record,
    rule_set,
)

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
    measure : key of the measure that the sheet of one number, Groups and Compare show
    by2 : place of a second attribute that the groups are crossed with
    order : how groups are sorted, never by their rates
    side_a, side_b : filters of two cohorts that are compared, beyond ``filters``; both empty means the
        values of ``by``
    unit : which courses tests count: each patient's first, or all with patient-clustered errors
    landmark : day from which groups that formed after day 0 are compared
    way : the clinic's old way of counting, as a code of its five answers; empty where none was said
    choices : what was chosen on pages, beyond the defaults of ``page_options``
    audience : for whom the numbers are shown; every one but ``inside`` sees what ``disclosed`` lets through
    """

    dataset: str | None
    instrument: str | None
    preset: str = "clinic"
    settings: Settings = ()
    filters: Filters = ()
    by: int | None = None
    measure: str = "response"
    by2: int | None = None
    order: Literal["name", "size"] = "name"
    side_a: Filters = ()
    side_b: Filters = ()
    unit: Literal["first", "all"] = "first"
    landmark: int | None = None
    way: str = ""
    choices: page_options.Choices = ()
    audience: Literal["inside", "board", "public"] = "inside"


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


def stated_settings(view: View, *, with_defaults: bool) -> dict[str, str]:
    rules = rules_of(view)
    own, is_shared = _defaults(view.preset)
    given = dict(view.settings)
    stated = {}
    for key in SETTING_KEYS:
        if rules.base.counts_from_index and key in OF_COURSES:
            continue
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
    return replace(view, settings=tuple(stated_settings(view, with_defaults=False).items()),
                   filters=_sorted(view.filters), side_a=_sorted(view.side_a), side_b=_sorted(view.side_b),
                   choices=page_options.spelled(view.choices))


def with_values(filters: Filters, place: int, values: Iterable[int | None]) -> Filters:
    """The filters with other values of one attribute; none means that it is no filter."""
    others = tuple((one, kept) for one, kept in filters if one != place)
    chosen = tuple(values)
    return (*others, (place, chosen)) if chosen else others


def _sorted(filters: Filters) -> Filters:
    return tuple(sorted((place, tuple(sorted(set(values), key=lambda value: (value is None, value or 0))))
                        for place, values in filters if values))


def check(view: View, shape: Shape) -> str:
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
    lines = (instrument.caseness, instrument.remission, instrument.nhs_caseness)
    amounts = (instrument.response, instrument.reliable_change, instrument.important_change, instrument.reliability,
               instrument.functional_mean, instrument.functional_sd, instrument.jt_cut_off)
    return [instrument.is_response_in_points, instrument.minimum, instrument.maximum, instrument.is_higher_better,
            instrument.recall_days, instrument.missing_items.most_missing, *[str(line) for line in lines],
            *[None if amount is None else amount.value for amount in amounts]]
