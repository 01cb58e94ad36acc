"""Presenting live: the screen shows what a link shows, and where it goes, everybody on the link goes too."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html import escape
from typing import Any

import streamlit as st

from analytics.app import present_panels, recipe_box, state, widgets
from analytics.app.pages import pages
from analytics.store import StoreError, utc_now
from analytics.store.share_following import ShareRefusedError
from analytics.wording import deck as deck_words
from analytics.wording import shares as words

_SHARE, _AT, _SEEN = "live share", "live at", "live seen"
_SECONDS = 2.0
_NOTHING = -1
_START = {"cohort": 0, "slide": 0, "part": None}


def begin(share_id: str) -> None:
    """Present this link from now on, from where it was left."""
    found = recipe_box.store().shares.position(share_id)
    state.remember(_SHARE, share_id)
    state.remember(_AT, dict(found[1]) if found else dict(_START))
    _move({})


def is_on() -> bool:
    """Whether a link is being presented."""
    return state.remembered(_SHARE) is not None


def end() -> None:
    """Present no link any more; those on it keep the last screen."""
    state.forget_remembered(_SHARE, _AT, _SEEN)


def show() -> None:
    """The screen of the link, for a room and for everybody on the link."""
    st.html(present_panels.STYLE)
    share_id = state.remembered(_SHARE)
    try:
        render = recipe_box.store().shares.render(share_id)
        standing = recipe_box.store().shares.standings([share_id], utc_now()).get(share_id)
    except StoreError as reason:
        _nothing(str(reason))
        return
    if standing is None or standing.refusal(utc_now()) is not None:
        _nothing(words.OVER)
        return
    if render is None:
        _nothing(words.NOT_MADE_YET)
        return
    state.remember(_SEEN, (render.version_id, render.definition, render.made_at))
    payload = json.loads(render.payload)
    at = _within(state.remembered(_AT, _START), payload)
    slide = payload["cohorts"][at["cohort"]]["slides"][at["slide"]]
    st.html(marked(slide["html"], at["part"]))
    _controls(payload, at, slide)


def _nothing(why: str) -> None:
    st.html(present_panels.kept_html(deck_words.NOTHING_TO_PRESENT, (why,), ()))
    with st.container(key="stage_controls", horizontal=True, vertical_alignment="center", gap="small"):
        _close()


def _within(at: Mapping[str, Any], payload: Mapping[str, Any]) -> dict[str, Any]:
    """The position as far as the link has it: a new version may have fewer screens or rows."""
    cohort = min(max(int(at["cohort"]), 0), len(payload["cohorts"]) - 1)
    slides = payload["cohorts"][cohort]["slides"]
    place = min(max(int(at["slide"]), 0), len(slides) - 1)
    part = at["part"]
    return {"cohort": cohort, "slide": place,
            "part": part if part is not None and 0 <= part < len(slides[place]["parts"]) else None}


def marked(html: str, part: int | None) -> str:
    """A slide with one part of its chart marked."""
    if part is None:
        return html
    here = re.compile(rf'<(\w+)((?: [^<>]*)?) data-part="{int(part)}"')
    return here.sub(lambda found: f"<{found[1]}{_with_mark(found[2])}", html)


def _with_mark(attributes: str) -> str:
    classed = re.sub(r'class="([^"]*)"', r'class="\1 is-marked"', attributes, count=1)
    return classed if classed != attributes else f'{attributes} class="is-marked"'


# --- where to ----------------------------------------------------------------------------------------


def _controls(payload: Mapping[str, Any], at: Mapping[str, Any], slide: Mapping[str, Any]) -> None:
    """Back, where we are, on, whom and what to point at, who is there, close."""
    place, n_slides = at["slide"], len(payload["cohorts"][at["cohort"]]["slides"])
    with st.container(key="stage_controls", horizontal=True, vertical_alignment="center", gap="small"):
        _there()
        present_panels.way(place, n_slides, _go, width="content")
        with st.popover("Point", icon=":material/ads_click:", key="stage_point"):
            _point(payload, at, slide)
        _close()
    with st.container(key="stage_clicker"):
        present_panels.clicker(place, n_slides, _go)
        _rows_by_keys(at["part"], len(slide["parts"]))


def _rows_by_keys(part: int | None, n_parts: int) -> None:
    """Down points at the next row, up at the one before it, and above the first at none."""
    down = 0 if part is None else part + 1
    st.button("Down", key="stage.part.down", shortcut="Down", disabled=down >= n_parts, on_click=_move,
              args=({"part": down},))
    st.button("Up", key="stage.part.up", shortcut="Up", disabled=part is None, on_click=_move,
              args=({"part": part - 1 if part else None},))


def _point(payload: Mapping[str, Any], at: Mapping[str, Any], slide: Mapping[str, Any]) -> None:
    """Another cohort, and a row of the chart; nothing that opens by itself, as Escape in there would end it all."""
    names = [one["name"] for one in payload["cohorts"]]
    if len(names) > 1:
        st.radio("Cohort", range(len(names)), format_func=lambda place: widgets.markdown_safe(names[place]),
                 **state.bound("live.cohort", at["cohort"], lambda view, place: _moved(
                     view, {"cohort": place, "part": None})))
    if slide["parts"]:
        st.radio("Point at", range(_NOTHING, len(slide["parts"])), format_func=lambda place: (
            "Nothing" if place == _NOTHING else widgets.markdown_safe(slide["parts"][place])), **state.bound(
                "live.part", _NOTHING if at["part"] is None else at["part"], lambda view, place: _moved(
                    view, {"part": None if place == _NOTHING else place})))


def _moved(view: Any, change: Mapping[str, Any]) -> Any:
    _move(change)
    return view


def _go(place: int) -> None:
    _move({"slide": place, "part": None})


def _move(change: Mapping[str, Any]) -> None:
    """Go there, and take everybody along; a link that is over says so at the next screen."""
    to = {**state.remembered(_AT, _START), **change}
    state.remember(_AT, to)
    try:
        recipe_box.store().shares.move(state.remembered(_SHARE), to, state.person(), utc_now())
    except ShareRefusedError:
        return
    except (StoreError, PermissionError) as reason:
        st.warning(widgets.markdown_safe(str(reason)))


@st.fragment(run_every=_SECONDS)
def _there() -> None:
    """How many are there; the whole screen again where the link ended or shows other data by now."""
    share_id = state.remembered(_SHARE)
    if share_id is None:
        return
    try:
        standing = recipe_box.store().shares.standings([share_id], utc_now()).get(share_id)
    except StoreError:
        return
    newest = standing.newest if standing else None
    seen = newest and (newest.version_id, newest.definition, newest.made_at)
    if standing is None or standing.refusal(utc_now()) is not None or seen != state.remembered(_SEEN):
        st.rerun()
    st.html(f'<p class="stage-there">{escape(words.present(standing.n_present))}</p>')


def _close() -> None:
    if st.button("Close", key="stage.end", icon=":material/close:", shortcut="Escape", help=words.END_HELP):
        end()
        st.switch_page(pages()["shares"])

