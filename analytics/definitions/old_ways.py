"""The ways in which clinics counted before: five questions, the answers to each, and the usual ways."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Literal

from analytics.definitions.rules import Rules

Question = Literal["who", "before", "after", "lost", "success"]
QUESTIONS: tuple[Question, ...] = ("who", "before", "after", "lost", "success")
"""Who counts; which score before; which after; what of those lost; what is success."""

OURS = "ours"
"""The answer of the rules in force."""

VISIT = "visit-"
"""An endpoint at one visit is this and the visit's label, letters and digits only, a hyphen between words."""

ANSWERS: Mapping[Question, tuple[str, ...]] = {
    "who": (OURS, "patients", "case_patients", "courses", "completers"),
    "before": (OURS, "last", "first", "worst"),
    "after": (OURS, "last_after", "last_ever", "best_after", "best_ever"),
    "lost": (OURS, "left_out", "failed", "succeeded", "carried"),
    "success": (OURS, "any", "third", "half", "important", "below_line", "half_or_below"),
}
"""The answers to each question.

who : ``patients`` each patient's first course, however mild; ``case_patients`` those of them that are cases at the
    start; ``courses`` every course, boosters and mild ones with the rest; ``completers`` every complete induction
before : up to day 0 and however long ago, the ``last`` or the ``worst`` score; ``first`` is the first score on file
after : ``*_after`` after the first session and before the next course; ``*_ever`` any later score of the patient, as
    long as it is later than the one before. ``best`` and ``last`` of either. Scores during and after a session count
lost : those without such a score are ``left_out``, ``failed`` or ``succeeded``; or their last score seen is
    ``carried`` forward, and where there is none after the start, the start itself
success : ``any`` improvement; down by a ``third`` (30 %) or ``half`` (50 %); the smallest ``important`` change;
    ``below_line`` of remission at the end, wherever it began; ``half_or_below`` either
"""


@dataclass(frozen=True)
class Way:
    """One way of counting: an answer to each question; what is not answered is as the rules in force have it.

    Raises
    ------
    ValueError
        When an answer is not one of ``ANSWERS``, nor for ``after`` a visit.
    """

    who: str = OURS
    before: str = OURS
    after: str = OURS
    lost: str = OURS
    success: str = OURS

    def __post_init__(self) -> None:
        for question in QUESTIONS:
            answer = self.answer(question)
            is_visit = question == "after" and re.fullmatch(VISIT + "[a-z0-9-]+", answer)
            if answer not in ANSWERS[question] and not is_visit:
                raise ValueError(f"{question} is one of {', '.join(ANSWERS[question])}; {answer!r} came.")

    def answer(self, question: Question) -> str:
        """The answer to one question."""
        return str(getattr(self, question))

    @property
    def code(self) -> str:
        """The way as one word: its answers in the order of ``QUESTIONS``."""
        return ".".join(self.answer(question) for question in QUESTIONS)


USUAL_WAYS: Mapping[str, Way] = {
    "first_to_last": Way("patients", "first", "last_ever", "left_out", "any"),
    "completers_best": Way("completers", "worst", "best_after", "left_out", "half"),
    "best_ever": Way("patients", "last", "best_ever", "left_out", "half"),
    "carried_forward": Way(lost="carried"),
    "completers": Way(who="completers", lost="left_out"),
    "lost_left_out": Way("case_patients", "last", "last_ever", "left_out", "half_or_below"),
}
"""The usual ways, by name."""


def way_from(code: str) -> Way:
    """The way of a name in ``USUAL_WAYS`` or of a ``Way.code``.

    Raises
    ------
    ValueError
        When it is neither.
    """
    if code in USUAL_WAYS:
        return USUAL_WAYS[code]
    answers = code.split(".")
    if len(answers) != len(QUESTIONS):
        raise ValueError(f"A way of counting is one of {', '.join(USUAL_WAYS)}, or five answers with full stops "
                         f"between; {code!r} came.")
    return Way(**dict(zip(QUESTIONS, answers, strict=True)))


def visit_answers(labels: Iterable[str]) -> dict[str, str]:
    """The answers to ``after`` that mean one visit, with its label, in the order of the labels.

    Labels that come out the same, or in another script, are numbered.
    """
    found: dict[str, str] = {}
    for label in labels:
        word = VISIT + ("-".join(re.findall("[a-z0-9]+", label.lower()))[:60] or "unnamed")
        number = 1
        while (answer := word if number == 1 else f"{word}-{number}") in found:
            number += 1
        found[answer] = label
    return found


def changed_rules(rules: Rules, way: Way, visit: str | None = None) -> Rules:
    """The rules with what the way changes of them; what rules cannot say is left to whoever counts.

    Parameters
    ----------
    visit : the label of the visit that ``way.after`` names
    """
    parts: tuple[Mapping[str, object], ...] = (
        _WHO.get(way.who, {}), _BEFORE.get(way.before, {}), _after(way, visit), _LOST.get(way.lost, {}))
    return replace(rules, **dict(chain.from_iterable(part.items() for part in parts)))


_EVERYBODY: Mapping[str, object] = {
    "eligible": "all", "complete_inductions_only": False, "complete_last_day_window": (None, None),
    "kinds": ("induction", "re_induction", "incomplete", "assessed"), "first_course_only": False,
    "drop_started_before": False, "requires_sessions": False,
}
_WHO: Mapping[str, Mapping[str, object]] = {
    "patients": _EVERYBODY,
    "case_patients": {**_EVERYBODY, "eligible": "caseness"},
    "courses": _EVERYBODY,
    "completers": {**_EVERYBODY, "complete_inductions_only": True},
}
_BEFORE: Mapping[str, Mapping[str, object]] = {
    "last": {"baseline_window": (None, 0), "baseline_pick": "last", "baseline_visit": None,
             "counts_from_index": False},
    "first": {"baseline_window": (None, None), "baseline_pick": "first", "baseline_visit": None,
             "counts_from_index": False},
    "worst": {"baseline_window": (None, 0), "baseline_pick": "worst", "baseline_visit": None,
             "counts_from_index": False},
}
_LOST: Mapping[str, Mapping[str, object]] = {
    "left_out": {"missing": "observed"}, "failed": {"missing": "failure"}, "succeeded": {"missing": "failure"},
    "carried": {"missing": "observed"},
}


def _after(way: Way, visit: str | None) -> Mapping[str, object]:
    if way.after == OURS:
        return {}
    return {"endpoint_window": (None, None), "endpoint_pick": "last", "endpoint_anchor": "day_0",
            "endpoint_target_day": None, "endpoint_visit": visit}
