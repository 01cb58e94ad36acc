"""The address of a view: what the numbers on screen depend on, as codes that can be copied.

It holds codes and places in the dataset's sorted lists, never a patient's key or a text from a file, and it
writes defaults out.

``v`` version of this format, ``d`` first 16 hex digits of the dataset's key, ``i`` instrument, ``m`` measure,
``r`` preset, ``s`` settings as on the command line (``gap_days:45,endpoint_window:14..31``; in a list ``~``
for the comma; a visit or an indication by its place), ``k`` check of the rules and cut-offs in force, ``f``
filters (``<attribute>.<value>[.<value>...]`` joined by ``_``, ``n`` for missing), ``by`` and ``by2`` attributes,
``o`` order of groups, ``a`` and ``b`` filters of two cohorts, ``u`` courses that tests count, ``l`` landmark day,
``w`` the old way of counting, ``p`` what was chosen on pages (``<code>:<value>`` of every choice), ``au`` for whom;
``none`` where empty.

Why a codec of our own and not Streamlit's ``bind=``: that leaves defaults out of the address and drops what
it does not know, so an old link would show other numbers under the same address. Here ``s`` states every
setting that is one value for all courses, ``k`` refuses a link whose rules have since changed, and whatever
is not understood is refused in words.

    ``encode_view(view, shape) -> dict[str, str]``, ``decode_view(params, shapes) -> View | Refusal``
    ``other_dataset(short) -> Refusal``
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from analytics.app import page_options, way_codes
from analytics.app.datasets import Shape
from analytics.app.view import Filters, Settings, View, canonical, check, stated_settings
from analytics.definitions.measures import MEASURES

ADDRESS_VERSION = "4"
"""Raised whenever a parameter or a choice of a page comes or goes: an older link then says so in words."""
PARAMETERS = ("v", "d", "i", "m", "r", "s", "k", "f", "by", "by2", "o", "a", "b", "u", "l", "w", "p", "au")
NONE = "none"
MISSING = "n"
_VALUE = "[a-z0-9_.~+-]*"
MOST_LANDMARK = 3650
"""No landmark lies later than ten years after day 0."""


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
                for key, value in stated_settings(view, with_defaults=True).items()]
    return {"v": ADDRESS_VERSION, "d": shape.short, "i": view.instrument or NONE, "m": view.measure,
            "r": view.preset, "s": ",".join(settings) or NONE, "k": check(view, shape), "f": _coded(view.filters),
            "by": _coded_number(view.by), "by2": _coded_number(view.by2), "o": view.order, "a": _coded(view.side_a),
            "b": _coded(view.side_b), "u": view.unit, "l": _coded_number(view.landmark),
            "w": way_codes.encoded(view.way, shape.visits) or NONE, "p": page_options.encoded(view.choices),
            "au": view.audience}


def with_other_courses(address: Mapping[str, str], view: View) -> dict[str, str]:
    """The address of a view that differs from the one of ``address`` in filters, measure, instrument and choices alone.

    Quicker than to encode it: a page leads to as many views as its figures have points.
    """
    return dict(address) | {"f": _coded(view.filters), "m": view.measure, "i": view.instrument or NONE,
                            "p": page_options.encoded(view.choices),
            "au": view.audience}


def _coded(filters: Filters) -> str:
    return "_".join(".".join([str(place), *(MISSING if value is None else str(value) for value in values)])
                    for place, values in filters) or NONE


def _coded_number(number: int | None) -> str:
    return NONE if number is None else str(number)


def _fitting(view: View, shape: Shape) -> View:
    """The view, where everything it names is in the dataset. Raises ValueError otherwise."""
    if view.dataset != shape.short:
        raise ValueError(f"The shape of dataset {view.dataset} was needed; that of {shape.short} came.")
    if view.instrument is not None and view.instrument not in shape.present:
        raise ValueError(f"An instrument of this dataset was needed: {', '.join(shape.present) or 'none'}.")
    if view.measure not in MEASURES:
        raise ValueError(f"A measure was needed, one of {', '.join(MEASURES)}; another came.")
    n_values = [len(values) for _, values in shape.attributes]
    if any(not 0 <= place < len(n_values) for place in (view.by, view.by2) if place is not None):
        raise ValueError("Attributes of this dataset were needed; another came.")
    for filters in (view.filters, view.side_a, view.side_b):
        _check_filters(filters, n_values)
    if view.by2 is not None and view.by2 == view.by:
        raise ValueError("Two different attributes were needed to cross; one came twice.")
    if view.order not in ("name", "size") or view.unit not in ("first", "all"):
        raise ValueError("An order (name, size) and a unit (first, all) were needed; others came.")
    if view.audience not in ("inside", "board", "public"):
        raise ValueError("An audience (inside, board, public) was needed; another came.")
    if view.landmark is not None and not 0 <= view.landmark <= MOST_LANDMARK:
        raise ValueError(f"A landmark is a day from 0 to {MOST_LANDMARK}; another number came.")
    way_codes.encoded(view.way, shape.visits)
    return view


def _check_filters(filters: Filters, n_values: Sequence[int]) -> None:
    places = [place for place, _ in filters]
    if len(set(places)) != len(places) or any(not 0 <= place < len(n_values) for place in places):
        raise ValueError("Attributes of this dataset, each once, were needed; another or a repeated one came.")
    if any(value is not None and not 0 <= value < n_values[place] for place, values in filters for value in values):
        raise ValueError("Values of this dataset's attributes were needed; others came.")


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
    view = View(
        shape.short, None if params["i"] == NONE else params["i"], params["r"], _decoded_settings(params["s"], shape),
        _decoded_filters(params["f"]), _decoded_number(params["by"]), params["m"], _decoded_number(params["by2"]),
        params["o"], _decoded_filters(params["a"]), _decoded_filters(params["b"]), params["u"],
        _decoded_number(params["l"]), way_codes.decoded("" if params["w"] == NONE else params["w"], shape.visits),
        page_options.decoded(params["p"]), params["au"])
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


def _decoded_number(text: str) -> int | None:
    return None if text == NONE else _index(text)


def _index(text: str, n: int = 10_000_000) -> int:
    if not re.fullmatch("0|[1-9][0-9]{0,6}", text) or int(text) >= n:
        raise ValueError(f"a place below {n} was needed")
    return int(text)
