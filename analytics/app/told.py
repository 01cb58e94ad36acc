"""What was shown outside so far: the cohorts, and everything that was told of them.

Two views that are set off against each other must not tell a few courses apart, so what was shown decides what else may
be. Each audience has one book a browser, kept by ``loading``; it goes when the browser is idle, or at a person's word.
A link has a book of its own, written anew from all that was shown to its audience; no browser is needed for that.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import Any

from analytics.app import dataset_names, loading, panels, state
from analytics.app.questions import Question
from analytics.app.told_across import Across, sets_of
from analytics.reports.exhibits import Answers, Ask
from analytics.results.disclosure import Ledger, Refusal
from analytics.wording import audiences as words
from analytics.wording.rules import cohort_sentence, rule_set_sentence


class Book:
    """What was shown to one audience. ``lock`` is held while anything is made for it.

    Parameters
    ----------
    name_of : what the dataset of a question is called before its audience
    """

    def __init__(self, name_of: Callable[[Question], str] = dataset_names.name) -> None:
        self.lock = threading.RLock()
        self._name_of = name_of
        self._across = Across()
        self._ledger: Ledger | None = None
        self._ledger_of: Hashable = None
        self._states: dict[str, Hashable] = {}
        self._answers: dict[Hashable, Answers] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The cohorts that were shown, oldest first."""
        return tuple(self._states)

    def forget(self, key: str) -> None:
        """Drop what was made of a dataset; which cohorts of it were shown stays known."""
        with self.lock:
            for state_of in [one for one in self._answers if one[0] == key]:
                del self._answers[state_of]
            if self._ledger_of is not None and self._ledger_of[0] == key:
                self._ledger_of = None

    def show(self, question: Question) -> str | None:
        """Why a view may not be shown beside those shown before; else it is shown from now on."""
        if not question.are_filters_told:
            return words.attribute_refused(question.view.audience)
        with self.lock:
            now = _state(question)
            if self._ledger is None or self._ledger_of != now:
                before = self._ledger.shown if self._ledger else ()
                self._ledger, self._ledger_of = Ledger(question.outcomes, question.disclosure, before), now
            n_shown, name = len(self._ledger.shown), self._name(question)
            refusal = self._ledger.show(name, question.stays)
            if refusal is not None:
                return words.view_refused(refusal, is_of_rules=self._is_of_rules(refusal, now))
            if len(self._ledger.shown) > n_shown:
                self._states.setdefault(name, now)
            return None

    def tell(self, question: Question, asked: Ask) -> str | None:
        """Why an exhibit, once made, may not be told beside what was told of other states of the data; else it is."""
        with self.lock:
            answers = self.answers(question)
            is_told = self._across.tell(_state(question), answers.of, sets_of(answers, asked),
                                        question.disclosure.threshold)
            return None if is_told else words.groups_refused(question.disclosure.threshold)

    def gate(self, question: Question) -> tuple[Any, ...]:
        """Why nothing of the headline instrument may be told to the public; empty where it may, and for others.

        Shut also where the share that got worse may not be told, not even as a range: ``Page`` tells it first.
        """
        if question.instrument is None or question.view.audience != "public" or not question.are_filters_told:
            return ()
        with self.lock:
            return self.answers(question).page(ask(question, "headline")).gate(question.instrument.key, question.where)

    def _is_of_rules(self, refusal: Refusal, now: Any) -> bool:
        shown: Any = self._states.get(refusal.shown)
        return shown is not None and shown[0] == now[0] and shown != now

    def _name(self, question: Question) -> str:
        """The cohort in words; with rules and dataset where they are not those that were shown first."""
        first: Any = next(iter(self._states.values()), _state(question))
        parts = [cohort_sentence(question.where)]
        parts += [self._name_of(question)] if question.dataset.key != first[0] else []
        parts += [rule_set_sentence(question.outcomes.rules)] if question.rules != first[1] else []
        return ", ".join(parts)

    def answers(self, question: Question) -> Answers:
        """What exhibits of this dataset under these rules are made from: one for all filters and groups."""
        with self.lock:
            key = _state(question)
            if key not in self._answers:
                self._answers[key] = Answers(question.outcomes, replace(panels.origin(question), where={}))
            return self._answers[key]


def _state(question: Question) -> tuple[str, Any]:
    return question.dataset.key, question.rules


def book(audience: str) -> Book:
    """What this browser showed to an audience."""
    return loading.told(state.browser(), audience, Book)


def start_over(audience: str) -> None:
    """Forget what was shown to an audience, at a person's word that nobody saw it."""
    loading.forget_told(state.browser(), audience)


def ask(question: Question, kind: str, **more: Any) -> Ask:
    """What one exhibit of this view is asked for, for its audience."""
    return Ask(kind, question.instrument.key if question.instrument else None, where=question.where,
               disclosure=question.told_to, **more)


def gate(question: Question) -> tuple[Any, ...]:
    """Why nothing may be told to the public beside what this browser showed; empty where it may, and for others."""
    return () if question.view.audience != "public" else book("public").gate(question)


def counts(question: Question) -> dict[str, int]:
    """Patients and courses of this view, as far as they are told; empty where the view may not be shown."""
    found = book(question.view.audience)
    if question.instrument is None or gate(question):
        return {}
    with found.lock:
        if found.show(question) is not None:
            return {}
        measure = question.headline
        summary = found.answers(question).summary(ask(question, "headline"), (question.instrument.key,), (measure,))
        return {key: number for key, number in summary.counts.items() if key in ("patients", "courses")}
