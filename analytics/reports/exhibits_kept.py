"""What is kept from an audience: exhibits that say why and hold no number, and what must be so before one is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from analytics.reports.exhibits_answers import Answers
from analytics.reports.exhibits_data import Ask, Exhibit
from analytics.reports.sections import Grid
from analytics.results.disclosure_groups import refuse_persons
from analytics.results.summary import Summary
from analytics.wording import audiences
from analytics.wording import disclosure as disclosure_words
from analytics.wording import exhibits as words
from analytics.wording import exhibits_pages as page_words


def kept_for_inside(
    answers: Answers, ask: Ask, key: str, title: str, why: str, summary: Summary | None = None
) -> Exhibit:
    """An exhibit that this audience may not see: it says why and holds no number."""
    return Exhibit(key, ask, words.KEPT_TITLE.format(title), title, why, "", answers.context(ask, None, None, summary),
                   Grid((), ()), marks=answers.marks(ask), is_kept=True)


def why_shut(answers: Answers, ask: Ask, instrument: str) -> str:
    """Why the gate to the public is shut to an instrument, and what would open it; empty where it is open.

    Raises
    ------
    NotForAudienceError
        When groups or filters name those who treat.
    """
    if ask.audience == "inside":
        return ""
    names = [name for _, where in ask.sides for name in where]
    refuse_persons(answers.of, (*ask.by, *ask.where, *names), ask.disclosure)
    return " ".join(disclosure_words.gate_sentences(answers.page(ask).gate(instrument, ask.where)))


def kept_by_gate_or(
    answers: Answers, ask: Ask, named: tuple[str, str, str], otherwise: str, summary: Summary | None = None
) -> Exhibit:
    """An exhibit of which every number is withheld: by the gate with its reasons, else for another reason.

    Parameters
    ----------
    named : key and title of the exhibit, and the key of the instrument
    """
    key, title, instrument = named
    shut = why_shut(answers, ask, instrument)
    if not shut and summary is not None and summary.told is not None:
        shut = " ".join(disclosure_words.gate_sentences(summary.told.gate))
    # What was done for the audience says the gate's reasons once more.
    return kept_for_inside(answers, ask, key, title, shut or otherwise, None if shut else summary)


def harm_beside(answers: Answers, ask: Ask, instrument: str, measure: str) -> str:
    """The share that got worse, that the public is told in the same breath as a benefit.

    Empty for the others, and where it may not be told: then no benefit is told either.
    """
    if ask.audience != "public":
        return ""
    said = answers.said(ask, instrument, measure)["public"]
    return "" if said is None else audiences.harm_said(said)


def why_curve_is_kept(answers: Answers, ask: Ask, instrument: str, measure: str) -> str:
    """Why no curve of an instrument is told to an audience, whatever its numbers; empty where one may be."""
    shut = why_shut(answers, ask, instrument)
    if shut or ask.audience == "inside":
        return shut
    if ask.disclosure.rounding is not None:
        return page_words.ROUNDED_KEPT
    if ask.audience == "public" and not harm_beside(answers, ask, instrument, measure):
        return audiences.HARM_KEPT
    return ""


def may_tell(
    answers: Answers, ask: Ask, instrument: str, masks: Sequence[np.ndarray], part: Mapping[str, Sequence[Any]]
) -> bool:
    """Whether the sizes of sets of courses may be told, all or none.

    Parameters
    ----------
    masks : arrays of bool over the courses
    part : filters of the group that the sets are of, beyond those of the ask
    """
    if ask.audience == "inside":
        return True
    if answers.is_exempt(ask) and not part:
        return True
    # A look at the sizes alone first: what is refused for them need not be remembered as asked for.
    if any(0 < int(mask.sum()) < ask.disclosure.threshold for mask in masks):
        return False
    return answers.page(ask).may_tell(instrument, masks, {**ask.where, **part})


