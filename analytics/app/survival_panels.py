"""What the parts Response and Durability share: a curve with those at risk, its tables and its test."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st

from analytics.app import compare_choices, state, widgets
from analytics.app.questions import Question
from analytics.figures.survival import Axis, Printed, SurvivalLine, survival_figure
from analytics.reports.sections import Grid, grid_html
from analytics.results.survival_curves import Curves, Grouping, all_together, by_attribute, steps
from analytics.statistics.survival import n_at_risk
from analytics.wording import survival as words
from analytics.wording.numbers import SMALLEST_SHOWN, count


def grouping_of(question: Question, is_split: bool) -> tuple[Grouping, str]:
    """The groups of the view's attribute and no sentence; or all together, and why where they cannot be split."""
    if not is_split or question.by is None:
        return all_together(question.outcomes), ""
    try:
        return by_attribute(question.outcomes, question.by), ""
    except ValueError as reason:
        return all_together(question.outcomes), words.not_split(reason)


def choose_unit(question: Question) -> None:
    """Which courses a curve counts, among the options."""
    st.popover("Options", icon=":material/tune:").segmented_control(
        "Courses counted", list(compare_choices.UNITS), format_func=compare_choices.UNITS.__getitem__, required=True,
        **state.bound("over.unit", question.view.unit, lambda view, unit: replace(view, unit=unit or view.unit)))


def lines_of(found: Curves, axis: Axis, *, is_rising: bool) -> list[SurvivalLine]:
    """The curves as they are drawn: full as far as enough were watched, thin after; none for a group too small."""
    return [_line(found, one, axis, is_rising=is_rising) for one in found.groups if one.n >= SMALLEST_SHOWN]


def _line(found: Curves, group: Any, axis: Axis, *, is_rising: bool) -> SurvivalLine:
    whole = steps(group.curve, axis.ticks[-1], is_rising=is_rising)
    n_firm = max(int(np.count_nonzero(whole.n_at_risk >= SMALLEST_SHOWN)), 1)
    at_risk = tuple(count(int(one)) for one in n_at_risk(group.curve, np.array(axis.ticks, dtype=float)))
    return SurvivalLine(words.group_name(found, group), whole.part(0, n_firm),
                        whole.part(n_firm - 1, None) if n_firm < len(whole.times) else whole.part(0, 0), at_risk)


def curve(
    name: str, title: str, found: Curves, axis: Axis, sentence: str, *, is_rising: bool,
    printed: Sequence[Printed] = (),
) -> None:
    """The chart alone; nothing where no group is large enough for a curve."""
    lines = lines_of(found, axis, is_rising=is_rising)
    if lines:
        widgets.plot(name, survival_figure(lines, axis, widgets.palette(), printed), f"{title}. {sentence}")


def test(name: str, found: Curves) -> None:
    """The test in a sentence, and folded with its name, why it and what it assumes."""
    if found.test is None:
        return
    st.html(widgets.said_html([words.test_sentence(found)], ()))
    with st.expander("The test and what it assumes", key=f"{name}.test"):
        st.html(grid_html(Grid(words.test_header(found), (words.test_row(found.test),))))


def asked(question: Question) -> tuple[Any, ...]:
    """What every curve rests on besides rules and filters."""
    assert question.instrument is not None, "A curve is asked for a dataset with an instrument."
    return (question.instrument.key, question.view.unit, question.by)


def folded(name: str, label: str, draw: Callable[[], None]) -> None:
    """Something behind a toggle, made only where it is asked for."""
    if st.toggle(label, key=f"toggle.{name}"):
        draw()
