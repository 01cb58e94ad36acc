"""The exhibits of a deck: each is made for its audience from what was told so far, or says why there is none.

Nothing here asks who sits at the browser: present mode, files and links are all made by it.

    ``made(question, items, book, with_names=) -> Shown``
    ``exhibit_of(question, item, book, with_names=) -> Exhibit | str``
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from analytics.app import deck_options, panels
from analytics.app.questions import Question
from analytics.wording import audiences
from analytics.wording import deck as words

if TYPE_CHECKING:
    from analytics.app.deck import Item
    from analytics.app.told import Book
    from analytics.reports.exhibits import Answers, Ask, Exhibit


@dataclass(frozen=True)
class Shown:
    """What is presented and exported.

    Attributes
    ----------
    exhibits : all made for one audience
    left_out : why an item is not among them, by its code
    is_standard : whether it is the standard report, because the deck is empty
    findings : what each exhibit says, where a person's own title stands in its place
    """

    answers: Answers
    exhibits: tuple[Exhibit, ...]
    left_out: Mapping[str, str]
    is_standard: bool
    findings: tuple[str, ...] = ()


def made(question: Question, asked: tuple[Item, ...] | None, book: Book | None, *, with_names: bool) -> Shown:
    """The exhibits of questions, made once; outside from what was told so far: that bears on what else may be.

    Parameters
    ----------
    asked : missing means the standard report
    book : what was shown to the audience; missing for the inside
    with_names : whether those who treat are named, to the inside alone
    """
    key = (question.view.instrument, asked, with_names)
    if book is None:
        return question.answer("deck", lambda: _all_of(question, asked, None, with_names), *key)
    with book.lock:
        return book.answers(question).once(("deck", question.view.filters, *key),
                                           lambda: _all_of(question, asked, book, with_names=False))


def _all_of(question: Question, asked: tuple[Item, ...] | None, book: Book | None, with_names: bool) -> Shown:
    answers = answers_of(question, book)
    if asked is None:
        return _standard(question, answers, book, with_names)
    exhibits, left_out = [], {}
    for one in asked:
        found = _exhibit(question, answers, one, book, with_names)
        if isinstance(found, str):
            left_out[one.code] = found
        else:
            exhibits.append(found)
    return Shown(answers, tuple(exhibits), left_out, is_standard=False)


def exhibit_of(question: Question, one: Item, book: Book) -> Exhibit | str:
    """One item's exhibit for an audience outside, or why there is none, in words."""
    with book.lock:
        return _exhibit(question, book.answers(question), one, book, with_names=False)


def answers_of(question: Question, book: Book | None = None) -> Answers:
    """What exhibits are made from: for an audience outside from what it was told, which its book knows."""
    from analytics.reports.exhibits import Answers

    return Answers(question.outcomes, panels.origin(question)) if book is None else book.answers(question)


def _standard(question: Question, answers: Answers, book: Book | None, with_names: bool) -> Shown:
    from analytics.reports.exhibits import standard_report

    why = _kept(question, question.where, book, with_names)
    if why:
        return Shown(answers, (), {"standard": why}, is_standard=True)
    try:
        exhibits = standard_report(answers, instrument=question.view.instrument, where=question.where,
                                   disclosure=question.told_to)
    except ValueError as reason:
        return Shown(answers, (), {"standard": str(reason)}, is_standard=True)
    refused = [None if book is None else book.tell(question, one.ask) for one in exhibits]
    left_out = {one.key: why for one, why in zip(exhibits, refused, strict=True) if why}
    exhibits = tuple(one for one in exhibits if one.key not in left_out)
    return Shown(answers, exhibits, left_out if exhibits or left_out else {"standard": words.ALL_KEPT},
                 is_standard=True)


def _exhibit(question: Question, answers: Answers, one: Item, book: Book | None, with_names: bool) -> Exhibit | str:
    """An item's exhibit, or why there is none."""
    from analytics.reports.exhibits import exhibit

    ask = ask_of(question, one)
    own = Question(question.dataset, replace(question.view, filters=one.filters, instrument=one.instrument))
    why = _kept(own, (*ask.by, *ask.where, *(name for _, side in ask.sides for name in side)), book, with_names)
    if why:
        return why
    try:
        found = exhibit(answers, ask)
        refused = None if book is None or found is None else book.tell(own, ask)
    except ValueError as reason:
        return str(reason)
    return refused or found or words.NOTHING


def ask_of(question: Question, one: Item) -> Ask:
    """An item as an ask for the audience of the view."""
    from analytics.app import comparing
    from analytics.reports.exhibits import Ask

    by = tuple(question.column(question.dataset.shape.attributes[place][0]) for place in one.by)
    names = one.side_names
    if one.sides and not names:
        view = replace(question.view, side_a=one.sides[0], side_b=one.sides[1])
        names = comparing.names_of_sides(Question(question.dataset, view))
    sides = tuple((name, question.where_of(side)) for name, side in zip(names, one.sides, strict=True))
    return Ask(one.kind, one.instrument, one.measure, by, question.where_of(one.filters), question.told_to,
               deck_options.told(one.options, is_internal=question.dataset.dates == "keep"), sides)


def _kept(question: Question, names: Iterable[str], book: Book | None, with_names: bool) -> str:
    """Why a view is not told to its audience, beside all that was told before; empty where it may be."""
    why = "" if with_names else _naming(question, names)
    if why or book is None:
        return why
    gate = book.gate(question)
    if gate:
        return " ".join((f"{audiences.GATE_TITLE}.", *audiences.gate_lines(gate)))
    return book.show(question) or ""


def _naming(question: Question, names: Iterable[str]) -> str:
    """Why attributes are not told where they name those who treat; empty where none does."""
    from analytics.results.disclosure_groups import names_persons

    courses = question.outcomes.courses
    found = next((name for name in names if name in courses and names_persons(name, courses[name])), None)
    return "" if found is None else words.names_kept(found, is_inside=question.view.audience == "inside")
