"""What a link shows: the deck for one audience among prepared cohorts, as names, and the screens made of them.

A route's thread makes the screens where a link follows its dataset, so nothing here asks for a browser session.

    ``content_of(question, cohorts, title) -> record``        what is kept with the link
    ``payload_of(content, dataset, before) -> bytes``         what a viewer's browser gets: words and aggregates
    ``definition() -> str``                                   changes when the product's definitions do
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

import analytics
from analytics.app import dataset_notes, deck, deck_exhibits, kept_datasets, present_charts, present_panels, share_names
from analytics.app.datasets import Dataset
from analytics.app.questions import Question
from analytics.app.share_names import Where
from analytics.app.told import Book
from analytics.app.view import View
from analytics.definitions.instruments import BUILT_IN
from analytics.definitions.instruments_safety import SAFETY_SCALES
from analytics.definitions.measures import MEASURES
from analytics.definitions.rules import PRESETS
from analytics.definitions.safety import SESSION_MEASURES
from analytics.reports.exhibits import Exhibit
from analytics.results.disclosure_kinds import THRESHOLD
from analytics.wording import shares as words
from analytics.wording.exhibits import marks
from analytics.wording.overview import as_of_words
from analytics.wording.rules import rule_set_sentence

SCHEMA = "share/1"
MOST_COHORTS = 8
AUDIENCES = ("board", "public")
"""For whom a link may be: what the inside sees holds counts that must not leave it."""

Before = Sequence[tuple[Mapping[str, Any], Dataset]]
"""What the same audience was shown before, oldest first: contents of links, each with its version of the data."""


# --- what is kept ------------------------------------------------------------------------------------


def content_of(
    question: Question, cohorts: Sequence[str], title: str, sites: Collection[str] | None = None
) -> dict[str, Any]:
    """The deck for the audience of the view, or the standard report, by names.

    Parameters
    ----------
    cohorts : names of kept cohorts of the dataset that stand beside all courses
    sites : those whose patients the person who makes it may see counted; missing means all

    Raises
    ------
    ValueError
        When the view is for the inside, or a cohort is not kept; the message is for the person.
    """
    view, kept = question.view, dataset_notes.cohorts(question.dataset)
    if view.audience not in AUDIENCES:
        raise ValueError(words.NOT_FOR_INSIDE)
    if len(cohorts) > MOST_COHORTS or any(name not in kept for name in cohorts):
        raise ValueError(words.COHORT_GONE)
    items = deck.items(question) or deck.standard(replace(question, view=replace(view, filters=())))
    record = {
        "title": title, "audience": view.audience, "instrument": view.instrument, "preset": view.preset,
        "settings": [list(pair) for pair in view.settings],
        "items": [share_names.item_named(question, one) for one in items],
        "cohorts": [{"name": words.ALL_COURSES, "where": {}},
                    *({"name": name, "where": share_names.where_of(question, kept[name])} for name in cohorts)],
        "dataset_key": question.dataset.key, "sites": None if sites is None else sorted(sites)}
    return dict(json.loads(json.dumps(record)))


# --- the definitions ---------------------------------------------------------------------------------


@cache
def definition() -> str:
    """A hash of everything in this release that says what a number means: measures, cut-offs, rules, what is told."""
    held = [analytics.__version__, SCHEMA, THRESHOLD, MEASURES, BUILT_IN, SAFETY_SCALES, PRESETS, SESSION_MEASURES]
    return hashlib.sha256(json.dumps(_plain(held), sort_keys=True).encode()).hexdigest()[:16]


def _plain(value: Any) -> Any:
    """A record as plain values, the same in every process; of a function its name."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(str(_plain(one)) for one in value)
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return getattr(value, "__qualname__", None) if callable(value) else value


# --- the screens -------------------------------------------------------------------------------------


def payload_of(
    content: Mapping[str, Any], dataset: Dataset, before: Before = (), *, book: Book | None = None,
    now: datetime | None = None,
) -> bytes:
    """The screens of a link as JSON: what a viewer may see, and nothing from which less could be told apart.

    Parameters
    ----------
    before : what else its audience was shown; it is gone through first, so that two links, or two versions of the
        data, set off against each other tell nothing that neither may tell
    book : where it is written what the audience was shown besides; missing for a new one
    now : when it is made; missing means now
    """
    book = Book(_name_of) if book is None else book
    with book.lock:
        for earlier, of in {_mark(*one): one for one in before}.values():
            _cohorts(earlier, of, book)
        question, cohorts = _question(content, dataset), _cohorts(content, dataset, book)
    of = question.outcomes if question.can_count else None
    payload = {
        "schema": SCHEMA, "title": content["title"], "audience": content["audience"],
        "as_of": as_of_words(of.as_of.isoformat() if of.as_of else None) if of else "",
        "version": _version(dataset), "definition": definition(),
        "made_at": (now or datetime.now(UTC)).isoformat(timespec="seconds"),
        "rules": rule_set_sentence(of.rules) if of else "", "is_sample": dataset.is_sample, "cohorts": cohorts,
        "notices": _notices(cohorts)}
    for cohort in cohorts:
        for slide in cohort["slides"]:
            del slide["is_kept"]
    return json.dumps(payload, ensure_ascii=False).encode()


def _mark(content: Mapping[str, Any], dataset: Dataset) -> str:
    shown = {key: content[key] for key in ("audience", "instrument", "preset", "settings", "items", "cohorts")}
    return json.dumps([dataset.key, shown], sort_keys=True)


def _name_of(question: Question) -> str:
    """What a version of the data is called before an audience: by its number, never by a file."""
    version = _version(question.dataset)
    return words.OTHER_DATA if version is None else words.version_name(version["number"])


def _version(dataset: Dataset) -> dict[str, Any] | None:
    """Number and day of a version that is kept in the store; missing for others."""
    found = kept_datasets.version_of(dataset)
    return None if found is None else {"number": found.number, "made_at": found.made_at}


def _question(content: Mapping[str, Any], dataset: Dataset, instrument: str | None = None) -> Question:
    settings = tuple((name, value) for name, value in content["settings"])
    return Question(dataset, View(dataset.short, instrument or content["instrument"], content["preset"], settings,
                                  audience=content["audience"]))


def _cohorts(content: Mapping[str, Any], dataset: Dataset, book: Book) -> list[dict[str, Any]]:
    """Every screen of every cohort, in the order in which they are told."""
    if content["audience"] not in AUDIENCES:
        raise ValueError(words.NOT_FOR_INSIDE)
    question = _question(content, dataset)
    return [{"name": one["name"], "slides": [_slide(question, item, one["where"], book) for item in content["items"]]}
            for one in content["cohorts"]]


def _slide(question: Question, record: Mapping[str, Any], cohort: Where, book: Book) -> dict[str, Any]:
    found = _shown(question, record, cohort, book)
    if isinstance(found, str):
        title = words.kept_title(record["kind"])
        top = marks(question.view.audience, question.dataset.is_sample)
        return {"title": title, "html": present_panels.kept_html(title, (found,), top), "parts": [], "is_kept": True}
    exhibit = replace(found, title=record["title"] or found.title, comment=record["comment"])
    return {"title": exhibit.title, "html": present_panels.slide_html(question, exhibit),
            "parts": list(present_charts.parts(exhibit)), "is_kept": False}


def _shown(question: Question, record: Mapping[str, Any], cohort: Where, book: Book) -> Exhibit | str:
    """An item's exhibit among a cohort, or why there is none."""
    one = share_names.item_of(record, cohort, question.dataset)
    if isinstance(one, str):
        return one
    if question.needs_visits:
        return words.VISITS_NEEDED
    if question.refused is not None:
        return question.refused
    return deck_exhibits.exhibit_of(question, one, book)


def _notices(cohorts: Sequence[Mapping[str, Any]]) -> list[str]:
    """What a viewer must not miss: that screens are not shown. That data or definitions changed, the link says."""
    n_kept = sum(slide["is_kept"] for cohort in cohorts for slide in cohort["slides"])
    said = words.slides_kept(n_kept, sum(len(cohort["slides"]) for cohort in cohorts))
    return [said] if said else []
