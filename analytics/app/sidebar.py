"""What a person may choose: dataset, instrument, rules, filters. Every choice is part of the view."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from html import escape
from typing import Any

import streamlit as st

from analytics.app import dataset_names, loading, questions, rule_sets_panel, state
from analytics.app.questions import Question
from analytics.app.view import Settings, View, with_values
from analytics.app.widgets import filter_boxes, markdown_safe
from analytics.definitions.instruments import Instrument
from analytics.definitions.rules import KINDS, OF_COURSES, PRESET_NAMES, PRESETS
from analytics.wording import audiences
from analytics.wording import rules as words

_NUMBERS = ("gap_days", "induction_gap_days", "induction_span_days", "induction_max_sessions", "planned_sessions",
            "complete_sessions", "endpoint_target_day")
_WINDOWS = ("baseline_window", "endpoint_window", "complete_last_day_window")
_FLAGS = ("first_course_only", "complete_inductions_only", "drop_started_before")


def sidebar(question: Question) -> None:
    """The whole sidebar."""
    with st.sidebar:
        warning = state.said()
        if warning:
            st.warning(markdown_safe(warning))
        choose_audience(question)
        choose_dataset(question)
        if question.can_count:
            choose_instrument(question)
        choose_rules(question)
        choose_filters(question)


def choose_audience(question: Question) -> None:
    """For whom the numbers are shown, and what that means."""
    shown = question.view.audience
    st.segmented_control("For whom", list(audiences.NAMES), format_func=audiences.NAMES.__getitem__, required=True,
                         **state.bound("audience", shown, lambda view, new: replace(view, audience=new or shown)))
    st.html(f'<p class="context">{escape(audiences.MEANINGS[shown])}</p>')


def choose_dataset(question: Question) -> None:
    """The datasets this browser may see."""
    labels = dataset_names.names(question.view.audience)
    st.selectbox("Dataset", list(labels), format_func=labels.__getitem__, **state.bound(
        "dataset", question.view.dataset, _started))


def _started(view: View, short: str) -> View:
    """The first view of another dataset, for the same audience."""
    dataset = loading.dataset(state.browser(), short)
    assert dataset is not None, "A dataset was chosen that is not there."
    return replace(questions.start_view(dataset.shape), audience=view.audience)


def choose_instrument(question: Question) -> None:
    """The instrument of the headline."""
    titles = {key: one.title for key, one in question.instruments.items()}
    if titles:
        st.selectbox("Instrument", list(titles), format_func=titles.__getitem__, **state.bound(
            "instrument", question.view.instrument, lambda view, key: replace(view, instrument=key)))


# --- rules -------------------------------------------------------------------------------------------


def choose_rules(question: Question) -> None:
    """The preset, and every parameter of it behind a fold."""
    st.selectbox("Rules", PRESET_NAMES, format_func=words.PRESET_TITLES.__getitem__, **state.bound(
        "preset", question.view.preset, lambda view, name: replace(view, preset=name, settings=_cut_offs(view))))
    if question.rules.base.baseline_pick == "worst":
        st.warning(words.WORST_WARNING)
    rule_sets_panel.choose(question)
    fold = st.expander("Rules in detail", key="rules_fold", on_change="rerun")
    if not fold.open:
        return
    with fold:
        if question.rules.is_by_indication:
            choose_by_indication(question)
        choose_parameters(question)
        if question.can_count and question.instrument is not None:
            choose_cut_offs(question.view, question.instrument)
        st.button("Back to the preset", on_click=state.set_view, kwargs={"settings": ()},
                  disabled=not question.view.settings)


def _cut_offs(view: View) -> Settings:
    """The settings that do not belong to a preset."""
    return tuple(pair for pair in view.settings if "." in pair[0] and not pair[0].startswith("by_indication."))


def _set(key: str) -> Callable[[View, Any], View]:
    """Sets one setting; nothing chosen leaves it to the preset."""

    def change(view: View, chosen: Any) -> View:
        settings = {name: text for name, text in view.settings if name != key}
        if chosen not in (None, "", []):
            settings[key] = _text(chosen)
        return replace(view, settings=tuple(settings.items()))

    return change


def _text(chosen: Any) -> str:
    if isinstance(chosen, bool):
        return str(chosen).lower()
    return ",".join(chosen) if isinstance(chosen, list) else str(chosen)


def choose_by_indication(question: Question) -> None:
    """Which rules each indication of the files follows."""
    presets = ("induction", "pain_series", "induction_strict")
    for place, name in enumerate(question.dataset.shape.indications):
        st.selectbox(markdown_safe(name), presets, format_func=words.PRESET_TITLES.__getitem__, **state.bound(
            f"by_indication.{place}", question.rules.preset_for(name), _set(f"by_indication.{name}")))


def choose_parameters(question: Question) -> None:
    """Every parameter of the rules."""
    for key in words.SETTINGS:
        if question.rules.base.counts_from_index and key in OF_COURSES:
            continue
        if key in _WINDOWS:
            choose_window(question, key)
        elif key in _NUMBERS:
            shown, hint = _number_shown(question, key)
            st.number_input(words.SETTINGS[key], value=None, step=1, placeholder=hint,
                            **state.bound(key, shown, _set(key)))
        elif key in _FLAGS:
            st.checkbox(words.SETTINGS[key], **state.bound(key, getattr(question.rules.base, key), _set(key)))
        elif key in words.CHOICES:
            st.selectbox(words.SETTINGS[key], list(words.CHOICES[key]), format_func=words.CHOICES[key].__getitem__,
                         **state.bound(key, getattr(question.rules.base, key), _set(key)))
        elif key == "kinds":
            st.multiselect(words.SETTINGS[key], [kind for kind in KINDS if kind != "booster"],
                           format_func=words.KINDS.__getitem__,
                           **state.bound(key, list(question.rules.base.kinds), _set(key)))
        elif question.dataset.shape.visits:
            choose_visit(question, key)


def _number_shown(question: Question, key: str) -> tuple[int | None, str]:
    """The number in force, or none with a hint where it differs by indication."""
    value = getattr(question.rules.base, key)
    pain = getattr(PRESETS["pain_series"], key)
    if question.rules.is_by_indication and key not in dict(question.view.settings) and pain != value:
        return None, f"{value}; pain {pain}"
    return value, "not set"


def choose_window(question: Question, key: str) -> None:
    """A window of days: first and last day, either may be open."""
    base, pain = question.rules.base, PRESETS["pain_series"]
    window = getattr(base, key)
    is_split = (question.rules.is_by_indication and key not in dict(question.view.settings)
                and getattr(pain, key) != window)
    hint = f" ({words.setting(base, key)}; pain {words.setting(pain, key)})" if is_split else ""
    st.html(f'<p class="widget-label">{escape(words.SETTINGS[key] + hint)}</p>')
    shown = (None, None) if is_split else window
    for side, name, column in zip((0, 1), ("first day", "last day"), st.columns(2), strict=True):
        column.number_input(f"{words.SETTINGS[key]}: {name}", value=None, step=1, placeholder=name,
                            label_visibility="collapsed",
                            **state.bound(f"{key}.{side}", shown[side], _set_end(key, side, window)))


def _set_end(key: str, side: int, window: tuple[int | None, int | None]) -> Callable[[View, Any], View]:
    def change(view: View, chosen: int | None) -> View:
        ends = ["" if end is None else str(end) for end in window]
        ends[side] = "" if chosen is None else str(chosen)
        return _set(key)(view, "..".join(ends))

    return change


def choose_visit(question: Question, key: str) -> None:
    """The visit that stands for before or after."""
    st.selectbox(words.SETTINGS[key], ["", *question.dataset.shape.visits],
                 format_func=lambda name: name or "not set",
                 **state.bound(key, getattr(question.rules.base, key) or "", _set(key)))


def choose_cut_offs(view: View, instrument: Instrument) -> None:
    """The cut-offs of the headline instrument."""
    lines = {"caseness": (f"{instrument.title}: counts as a case at the start ({instrument.caseness.comparison})",
                          instrument.caseness.value),
             "response_points" if instrument.is_response_in_points else "response_fraction": (
                 f"{instrument.title}: response, "
                 + ("points" if instrument.is_response_in_points else "as a fraction of the start"),
                 instrument.response.value)}
    if instrument.remission is not None:
        is_below = instrument.remission.comparison == "<"
        lines["remission_below" if is_below else "remission_at_most"] = (
            f"{instrument.title}: remission {'below' if is_below else 'at most'}", instrument.remission.value)
    for name in ("reliable_change", "important_change"):
        amount = getattr(instrument, name)
        if amount is not None:
            lines[name] = (f"{instrument.title}: {name.replace('_', ' ')}, points", amount.value)
    for name, (label, value) in lines.items():
        key = f"{instrument.key}.{name}"
        st.number_input(label, value=None, step=0.05 if name == "response_fraction" else 1.0, format="%g",
                        **state.bound(key, float(value), _set(key)))


# --- filters -----------------------------------------------------------------------------------------


def choose_filters(question: Question) -> None:
    """One filter an attribute; nothing chosen means all."""
    filter_boxes(question, question.view.filters, "filter", _filter_label,
                 lambda view, place, values: replace(view, filters=with_values(view.filters, place, values)))


def _filter_label(name: str) -> str:
    label = words.attribute(name)
    return label.capitalize() if name == "kind" else label


def choose_visit_rules(question: Question) -> None:
    """The visits before and after, and who is asked: what files with visits alone need to be told."""
    base = question.rules.base
    for column, key in zip(st.columns(2), ("baseline_visit", "endpoint_visit"), strict=True):
        column.selectbox(words.SETTINGS[key], ["", *question.dataset.shape.visits],
                         format_func=lambda name: name or "not set",
                         **state.bound(f"data.{key}", getattr(base, key) or "", _set(key)))
    st.selectbox(words.SETTINGS["eligible"], list(words.CHOICES["eligible"]),
                 format_func=words.CHOICES["eligible"].__getitem__,
                 **state.bound("data.eligible", base.eligible, _set("eligible")))
