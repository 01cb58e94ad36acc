"""Where the dashboard stands: the view, its address, and what pages remember.

The only file that touches ``st.session_state`` and ``st.query_params``.

Once a browser session has a view, the session's view is true and the address follows it; only the first run
and a step back or forward read the address. (A click made before the browser has drawn the last address
sends the old one along; read as true, it would undo the last change.)

For ``main.py``
    ``apply(shapes, start) -> View | Refusal``   once per run, before any widget; ``start(shape) -> View``
For pages
    ``view() -> View``                           the view of this run
    ``refusal() -> Refusal | None``              why there is none
    ``set_view(**changes)``                      from a callback, or before ``st.rerun()``
    ``start_over(dataset=None)``                 the start view, of this dataset (its short key) or the first
    ``bound(name, shown, change) -> dict``       key and callback of a widget that is part of the view:
        ``st.selectbox("Rules", names, **bound("rules", view.preset, lambda v, new: replace(v, preset=new)))``
    ``said() -> str | None``                     what was wrong with the last change, once; the view stayed
    ``remembered(key, default)``, ``remember(key, value)``, ``forget_remembered(*keys)``
    ``kept(name, default) -> dict``              the same of another widget that outlives a page switch
    ``typed(key)``                               what stands in another widget, for a callback
    ``fresh(name) -> str``, ``renew(name)``      key of a widget that can be emptied (the uploader)
    ``once(name, make)``, ``anew(name)``         what is asked for many times in a run and made once; made anew
    ``wanted() -> frozenset[str]``               short keys that view, link and address ask for
    ``may_see_rows() -> bool``                   whether rows of single patients may be shown
    ``browser() -> str``                         the name under which this server knows the browser
    ``person() -> Person``                       who uses this session, and what the role may, as of this run
    ``visitor() -> Person | Refused``            the same, or why it is nobody
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, NoReturn, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from analytics.access import Person, Refused
from analytics.app import server, sockets, visitors
from analytics.app.address import Refusal, decode_view, encode_view, other_dataset
from analytics.app.datasets import Shape
from analytics.app.view import View, canonical

T = TypeVar("T")

_VIEW, _SHAPE, _REFUSAL, _WAITING, _WANTED, _SAID, _BROWSER, _RUN, _PAGE = (
    "_view", "_shape", "_refusal", "_waiting", "_wanted", "_said", "_browser", "_run", "_page")


def apply(shapes: Iterable[Shape], start: Callable[[Shape], View]) -> View | Refusal:
    """The view of this run; writes its address. Call once per run, before any widget.

    Parameters
    ----------
    shapes : of the datasets this browser may see, the one to start with first
    start : the view a dataset starts with
    """
    _leave_page()
    known = {shape.short: shape for shape in shapes}
    came = _came(known, start)
    st.session_state[_REFUSAL] = came if isinstance(came, Refusal) else None
    if isinstance(came, Refusal):
        st.session_state.pop(_VIEW, None)
        return came
    shape = known[came.dataset or ""]
    st.session_state[_VIEW], st.session_state[_SHAPE] = came, shape
    st.session_state.pop(_WAITING, None)
    address = encode_view(came, shape)
    if _params() != {key: [value] for key, value in address.items()}:
        st.query_params.from_dict(address)
    return came


def _leave_page() -> None:
    """On another page, forget what the widgets of the last one held.

    A widget is another one on another page, under the same key: it would find the key taken and begin without a value.
    """
    context = get_script_run_ctx(suppress_warning=True)
    page = context.page_script_hash if context is not None else None
    if st.session_state.get(_PAGE) != page:
        for key in [one for one in st.session_state if str(one).startswith(("view.", "kept."))]:
            del st.session_state[key]
    st.session_state[_PAGE] = page


def _came(known: Mapping[str, Shape], start: Callable[[Shape], View]) -> View | Refusal:
    if _WANTED in st.session_state:
        wanted, audience, carried = st.session_state.pop(_WANTED)
        begun = carried if carried and wanted in known else start(known.get(wanted) or next(iter(known.values())))
        return canonical(replace(begun, audience=audience))
    kept_view: View | None = st.session_state.get(_VIEW)
    params = _params()
    if params and (kept_view is None or _is_history_step()):
        # A link that waits for its dataset must survive the way to the Data page.
        st.session_state[_WAITING] = params
        return decode_view(params, known.values())
    if kept_view is not None:
        return kept_view if kept_view.dataset in known else other_dataset(kept_view.dataset or "")
    if _WAITING in st.session_state:
        return decode_view(st.session_state[_WAITING], known.values())
    return canonical(start(next(iter(known.values()))))


def _params() -> dict[str, list[str]]:
    return {key: st.query_params.get_all(key) for key in st.query_params}


def _is_history_step() -> bool:
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def view() -> View:
    """The view of this run. Asserts that there is one: ask ``refusal()`` first where there may be none."""
    found = st.session_state.get(_VIEW)
    assert isinstance(found, View), "A page asked for the view before apply() made one, or after a refusal."
    return found


def refusal() -> Refusal | None:
    """Why there is no view in this run."""
    return st.session_state.get(_REFUSAL)


def set_view(**changes: Any) -> None:
    """Change the view from a callback, or before ``st.rerun()``; the next run shows it and its address.

    Another dataset starts with its own start view, for the same audience: places in one dataset's lists mean nothing
    in another's.

    Raises
    ------
    ValueError
        When a setting is not one, or a place is not in the dataset.
    """
    _keep(replace(view(), **changes))


def _keep(changed: View) -> None:
    shape: Shape = st.session_state[_SHAPE]
    if changed.dataset != shape.short:
        # The screen may stand in front of its audience.
        start_over(changed.dataset, changed.audience)
        return
    encode_view(changed, shape)
    st.session_state[_VIEW] = canonical(changed)


def start_over(dataset: str | None = None, audience: str = "inside", carried: View | None = None) -> None:
    """Leave view, link and refusal; the next run starts with this dataset, or with the first.

    Parameters
    ----------
    carried : the view to start with, where this dataset is that of the view under another key
    """
    for key in (_VIEW, _SHAPE, _REFUSAL, _WAITING):
        st.session_state.pop(key, None)
    st.session_state[_WANTED] = dataset, audience, carried and replace(carried, dataset=dataset)


def bound(name: str, shown: Any, change: Callable[[View, Any], View]) -> dict[str, Any]:
    """Key and callback of a widget that shows a part of the view and changes it.

    Parameters
    ----------
    shown : what the widget shows for the view of this run; give the widget no value of its own
    change : the new view from the old one and what the person chose; a ValueError leaves the view as it
        is and is handed out by ``said()``
    """
    key = f"view.{name}"
    if key not in st.session_state or st.session_state[key] != shown:
        st.session_state[key] = shown
    return {"key": key, "on_change": _change_view, "args": (key, change)}


def _change_view(key: str, change: Callable[[View, Any], View]) -> None:
    try:
        _keep(change(view(), st.session_state[key]))
    except ValueError as reason:
        st.session_state[_SAID] = str(reason)


def said() -> str | None:
    """What was wrong with the last change, once."""
    return st.session_state.pop(_SAID, None)


def remembered(key: str, default: Any = None) -> Any:
    """What a page asked to remember for this browser session."""
    return st.session_state.get(f"remembered.{key}", default)


def remember(key: str, value: Any) -> None:
    """Remember something for this browser session; never rows of a file."""
    st.session_state[f"remembered.{key}"] = value


def forget_remembered(*keys: str) -> None:
    """Drop what was remembered under these keys."""
    for key in keys:
        st.session_state.pop(f"remembered.{key}", None)


def kept(name: str, default: Any) -> dict[str, Any]:
    """Key and callback of a widget whose value outlives a switch of pages but is no part of the view."""
    key = f"kept.{name}"
    if key not in st.session_state:
        st.session_state[key] = remembered(name, default)
    return {"key": key, "on_change": lambda: remember(name, st.session_state[key])}


def typed(key: str) -> Any:
    """What stands in a widget, for a callback that another widget calls."""
    return st.session_state.get(key)


def fresh(name: str) -> str:
    """The key of a widget that ``renew`` can empty."""
    return f"{name}.{remembered(f'renewed.{name}', 0)}"


def renew(name: str) -> None:
    """Empty the widget at the next run; an uploader gives its files' memory back."""
    remember(f"renewed.{name}", remembered(f"renewed.{name}", 0) + 1)


def once(name: str, make: Callable[[], T]) -> T:
    """What ``make`` gives, made once a run, its callbacks included; outside of a run made each time."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is None:
        return make()
    mark, made = st.session_state.get(_RUN, (None, {}))
    if mark is not context.cursors:  # Streamlit makes new ones for every run.
        mark, made = context.cursors, {}
        st.session_state[_RUN] = mark, made
    if name not in made:
        made[name] = make()
    found: T = made[name]
    return found


def anew(name: str) -> None:
    """Make at the next asking what ``once`` made under names that begin so, because it has changed."""
    made = st.session_state.get(_RUN, (None, {}))[1]
    for one in [one for one in made if one.startswith(name)]:
        del made[one]


def run_again(otherwise: Exception, key: str, value: Any) -> NoReturn:
    """Leave the run here, remember something and begin another; where there is no run, raise an error."""
    if get_script_run_ctx(suppress_warning=True) is not None:
        remember(key, value)
        st.rerun()
    raise otherwise


def wanted() -> frozenset[str]:
    """Short keys of the datasets that the view, a link that waits and the address ask for, or asked for in this run."""
    kept_view, waiting = st.session_state.get(_VIEW), st.session_state.get(_WAITING, {})
    asked = {*st.query_params.get_all("d"), *waiting.get("d", ()), st.session_state.get(_WANTED, ("",))[0],
             kept_view.dataset if isinstance(kept_view, View) else ""}
    found: set[str] = once("wanted", set)
    found |= {one for one in asked if one}
    return frozenset(found)


def browser() -> str:
    """The name under which this server knows the person in the browser; without cookies, good for this session only.

    The session is theirs from now on: nobody else can go on in it, or load files into it.

    Raises
    ------
    NotAllowedError
        For nobody: what there is belongs to persons.
    """
    found = server.browser_of(st.context.cookies)
    if found is None:
        found = st.session_state.setdefault(_BROWSER, "session-" + secrets.token_hex(32))
    found = visitors.browser_name(found, person())
    context = get_script_run_ctx()
    if context is not None:
        sockets.bind(context.session_id, found)
    return found


def visitor() -> Person | Refused:
    """Who uses this session, or why it is nobody."""
    return visitors.visitor()


def person() -> Person:
    """Who uses this session; raises NotAllowedError where nobody does."""
    return visitors.person()


def may_see_rows() -> bool:
    """Whether patients' codes and single courses may be shown: inside, to those whose role has them."""
    found = st.session_state.get(_VIEW)
    return person().may("rows") and (found is None or found.audience == "inside")
