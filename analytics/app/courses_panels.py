"""The panels of the Courses page: which list, its rows, and the one course that is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import streamlit as st

from analytics.app import frame, loading, one_course_panel, page_options, panels, state, visitors, widgets
from analytics.app.questions import Question
from analytics.definitions.measures import MEASURES
from analytics.results.attention import Attention, item9_positive_last, lost_response
from analytics.results.cohorts import in_cohort
from analytics.results.course_list import (
    CourseRows,
    course_rows,
    in_band,
    in_order_of,
    is_listed,
    places_of,
    starts_with,
)
from analytics.results.worklist import Worklist, why_no_worklist, worklist
from analytics.wording import course_list as words
from analytics.wording.definitions import measure_title

PAGE = 100
"""Courses that are sent at once."""

ROW = 35
"""Height of a row in pixels: a short list ends with its last course."""

_ATTENTION = ("lost", "item9")


@dataclass(frozen=True)
class Listed:
    """The courses of a list, in order.

    Attributes
    ----------
    of, rows : the outcomes and what the measure says of every course; those of the worklist are as of its day
    course : positions in the courses of ``of``, in order
    found : what put the courses on the list, where that is not the measure; missing else
    """

    of: Any
    rows: CourseRows
    course: Any
    found: Attention | Worklist | None = None


def why_no_rows() -> None:
    """That this page is of single courses, and who may see them."""
    frame.title("Courses")
    widgets.hint(words.NO_ROWS)


def show(question: Question) -> None:
    """Title and what is listed first, then the choices, then rows and the open course."""
    visitors.person().needs("rows")
    name = page_options.chosen(question.view, "courses.list")
    head = st.container()
    choose(question, name)
    why = why_none(question, name)
    if why is not None:
        with head:
            frame.title("Courses", why)
        return
    found = listed(question, name, on_of(question) if name == "worklist" else None)
    reason = page_options.chosen(question.view, "courses.reason")
    with head:
        frame.title("Courses", words.lead(len(found.course), name, question.measure, reason, question.measured,
                                          band_words(question) if name != "worklist" else ""))
    body(question, found)


def why_none(question: Question, name: str) -> str | None:
    """Why there can be no such list, in a sentence; missing where there can."""
    of = question.outcomes
    if name == "worklist":
        why = why_no_worklist(of)
        return words.NO_WORKLIST["no_dates" if question.dataset.dates != "keep" else why] if (
            why is not None or question.dataset.dates != "keep") else None
    if name == "lost" and of.axis == "visit":
        return words.NO_DAYS
    return None


# --- which courses -----------------------------------------------------------------------------------


def choose(question: Question, name: str) -> None:
    """The list, the measure it speaks of, and the order."""
    measures = {key: measure_title(MEASURES[key]) for key in question.measures()}
    with st.container(horizontal=True, vertical_alignment="bottom", key="courses_choices"):
        widgets.choose_option(question, "courses.list", "List", words.lists(question.measure), as_="select")
        st.selectbox("Measure", list(measures), format_func=measures.__getitem__, **state.bound(
            "courses.measure", question.measure, one_course_panel.set_measure))
        if name == "left_out":
            widgets.choose_option(question, "courses.reason", "Left out because",
                                  words.reasons(question.measure, question.measured), as_="select")
        if name != "worklist" and question.instrument is not None and question.instrument.bands:
            widgets.choose_option(question, "courses.band", "Severity", words.bands(question.instrument), as_="select")
        if name != "worklist":
            widgets.choose_option(question, "courses.sort", "Sorted by", words.SORTS, as_="select")
            widgets.choose_option(question, "courses.way", "Order", words.WAYS, as_="select")


def band_words(question: Question) -> str:
    """The severity that is asked for, in words; empty where none is."""
    band = page_options.chosen(question.view, "courses.band")
    return "" if band == "none" else words.bands(question.instrument).get(band, "of no severity of this scale")


def on_of(question: Question) -> date:
    """The day of the worklist, which a person picks; the as-of day where nobody did."""
    as_of = question.outcomes.as_of
    assert as_of is not None, "Dated files have an as-of day."
    picked = st.date_input("As of", min_value=date(1970, 1, 1), format="YYYY-MM-DD", width=180,
                           **state.kept(f"courses.on.{question.dataset.short}", as_of))
    return picked if isinstance(picked, date) else as_of


def rows_of(question: Question) -> CourseRows:
    """What the view's measure says of every course; made once for all filters."""
    visitors.person().needs("rows")
    asked = (question.instrument.key, question.measured.key, question.measure)
    return loading.answer_of(question.dataset, ("course rows", question.rules, *asked),
                             lambda: course_rows(question.outcomes, *asked))


def listed(question: Question, name: str, on: date | None = None) -> Listed:
    """The courses of a list within the cohort, in the order of the view."""
    if name == "worklist":
        return listed_windows(question, on)
    of, rows = question.outcomes, rows_of(question)
    found = attention_of(question, name) if name in _ATTENTION else None
    chosen = question.stays & (places_of(of, found.course) if found is not None else is_listed(
        rows, name, page_options.chosen(question.view, "courses.reason")))
    side, _, place = page_options.chosen(question.view, "courses.band").partition("_")
    if place:
        chosen = chosen & in_band(of, rows, side, int(place))
    sort, way = (page_options.chosen(question.view, f"courses.{key}") for key in ("sort", "way"))
    return Listed(of, rows, in_order_of(of, rows, chosen, sort, is_down=way == "down"), found)


def attention_of(question: Question, name: str) -> Attention:
    """The courses that something other than the measure puts on a list; made once for all filters."""
    visitors.person().needs("rows")
    of, key = question.outcomes, question.instrument.key
    if name == "item9":
        return loading.answer_of(question.dataset, ("item 9 last", question.rules), lambda: item9_positive_last(of))
    return loading.answer_of(question.dataset, ("lost response", question.rules, key),
                             lambda: lost_response(of, key, question.series(key)))


def listed_windows(question: Question, on: date | None) -> Listed:
    """The worklist as of a day: nothing that happened later is known to it."""
    from analytics.courses.outcomes import outcomes

    visitors.person().needs("rows")
    key, on = question.instrument.key, on or question.outcomes.as_of

    def found_on() -> tuple[Worklist, CourseRows]:
        of = question.outcomes
        if on != of.as_of:
            of = outcomes(question.dataset.tables, question.rules, on)
        return worklist(of, key, in_cohort(of, question.where)), course_rows(
            of, key, question.measured.key, question.measure)

    found, rows = question.answer("worklist", found_on, key, question.measured.key, question.measure, on)
    return Listed(found.of, rows, found.course, found)


# --- rows --------------------------------------------------------------------------------------------


@st.fragment
def body(question: Question, found: Listed) -> None:
    """The rows at the left, the open course at the right; below it on a phone."""
    left, right = st.columns([1.5, 1], gap="large")
    with left:
        opened = table(question, found)
    with right:
        if opened is None:
            widgets.hint("No course to show.")
        else:
            one_course_panel.show(question, found.of, opened)


def table(question: Question, found: Listed) -> int | None:
    """One page of rows; gives the position of the course that is open, which is on the list."""
    visitors.person().needs("rows")
    text = st.text_input("Find a patient", placeholder="A code, or its beginning", icon=":material/search:",
                         **state.kept("courses.search", ""))
    course = found.course[starts_with(found.of, text)[found.course]] if text.strip() else found.course
    asked = (question.dataset.key, question.view, text, found.of.as_of)
    first = page_first(hash(asked), len(course))
    shown = course[first:first + PAGE]
    opened = rows_with_choice(question, found, shown, f"{hash((*asked, first)) & 0xffffffffffff:x}", course)
    pager(len(course), first)
    widgets.said("", below(question, found))
    download(question, found)
    return opened


def page_first(asked: int, n: int) -> int:
    """The place of the first row that is shown; the first of all where something else is asked than before."""
    if state.remembered("courses.asked") != asked:
        state.remember("courses.asked", asked)
        state.remember("courses.first", 0)
    first = state.remembered("courses.first", 0)
    return first if first < n else 0


def rows_with_choice(question: Question, found: Listed, shown: Any, key: str, course: Any) -> int | None:
    """The rows, of which one can be chosen; gives the open course."""
    opened = one_course_panel.opened(found.of, course)
    frame_of_rows = table_of(question, found, shown, with_runs=True)
    places = [place for place, one in enumerate(shown) if one == opened]
    event = st.dataframe(
        frame_of_rows, key=f"courses.rows.{key}", hide_index=True, placeholder="\N{EN DASH}",
        height=min(560, ROW * (len(shown) + 1) + 3),
        on_select="rerun", selection_mode="single-row", selection_default={"selection": {"rows": places}},
        column_config=columns(question), alt="The courses of the list, one a row")
    chosen = event["selection"]["rows"]
    if chosen and chosen[0] < len(shown):
        opened = int(shown[chosen[0]])
        one_course_panel.open_course(found.of, opened)
    return opened


def table_of(question: Question, found: Listed, course: Any, *, with_runs: bool) -> Any:
    """The courses at some positions as a table; with the run of scores only where it is drawn."""
    visitors.person().needs("rows")
    runs = question.series(question.instrument.key) if with_runs and found.of is question.outcomes else None
    shown = words.table(found.of, found.rows, course, runs, with_dates=question.dataset.dates == "keep")
    if isinstance(found.found, Worklist):
        return words.with_windows(shown, found.found, course)
    if found.found is not None:
        name = page_options.chosen(question.view, "courses.list")
        return words.with_attention(shown, found.found, course, name)
    return shown


def columns(question: Question) -> dict[str, Any]:
    """How the columns are drawn."""
    instrument = question.instrument
    widths = {"No.": 40, "Before": 60, "After": 50, "Better by": 75, "Sessions": 70, "Day after": 75, "Days left": 75}
    number = {name: st.column_config.NumberColumn(name, format="%g", width=width, help=words.COLUMNS.get(name))
              for name, width in widths.items()}
    return number | {
        "Patient": st.column_config.TextColumn("Patient", pinned=True, width=70),
        "Outcome": st.column_config.TextColumn("Outcome", width=150),
        "Scores": st.column_config.LineChartColumn(
            "Scores", y_min=instrument.minimum, y_max=instrument.maximum, width=70,
            help=f"Every {instrument.title} of the course, by day, from {instrument.minimum:g} to "
                 f"{instrument.maximum:g}.")}


def pager(n: int, first: int) -> None:
    """Which rows are shown, and the way to the others."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.html(f'<p class="context">{words.place(first + 1, min(first + PAGE, n), n)}</p>')
        if n > PAGE:
            with st.container(horizontal=True, width="content"):
                st.button("Previous", icon=":material/chevron_left:", disabled=first == 0,
                          on_click=state.remember, args=("courses.first", max(first - PAGE, 0)))
                st.button("Next", icon=":material/chevron_right:", disabled=first + PAGE >= n,
                          on_click=state.remember, args=("courses.first", first + PAGE))


def below(question: Question, found: Listed) -> tuple[str, ...]:
    """What the list rests on."""
    context = panels.context(question, len(found.course))
    if isinstance(found.found, Worklist):
        return (*words.worklist_sentences(found.found), words.AS_LISTS)
    return (context, words.AS_LISTS) if found.found is not None else (context,)


def download(question: Question, found: Listed) -> None:
    """Every row of the list as CSV, for this browser."""
    def content() -> bytes:
        return csv_of(table_of(question, found, found.course, with_runs=False))

    address = loading.export_address(state.browser(), "courses.csv", content, key=(
        "course list", question.dataset.key, question.rules, question.view, found.of.as_of))
    st.html(widgets.download_html("Download the list (CSV)", address, "courses.csv"))


def csv_of(rows: Any) -> bytes:
    """A table as a file that no spreadsheet reads as formulas."""
    from analytics.reports.cells import inert_table

    return inert_table(rows).to_csv(index=False, lineterminator="\n").encode()
