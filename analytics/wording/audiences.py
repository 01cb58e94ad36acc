"""For whom the screen is, in words: what each audience sees, why a page or a view is not shown, what may be said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analytics.definitions.measures import MEASURES
from analytics.wording import rates
from analytics.wording.definitions import outcome_verb
from analytics.wording.disclosure import gate_of, gate_reason, range_sentence, ranges_of, refusal_sentence
from analytics.wording.numbers import SPACE, percent, plural

NAMES = {"inside": "Inside", "board": "Board", "public": "Public"}
"""What is chosen."""

MEANINGS = {
    "inside": "Everything, single courses too: for those who treat and count.",
    "board": "Confidential. Totals of the whole clinic; of its parts no small numbers, no single courses, no names "
             "of those who treat.",
    "public": f"No small numbers at all, and nothing before it can be believed: 30 courses judged, 80{SPACE}% followed "
              "up, first inductions only, harm beside benefit.",
}
"""What each audience sees."""

_TO = {"inside": "the inside", "board": "the board", "public": "the public"}


def banner(audience: str, threshold: int) -> str:
    """What stands at the top of every page that is not for the inside."""
    few = f"Counts of 1 to {threshold - 1}"
    if audience == "board":
        return f"For the board: confidential. {few} in parts of the clinic are not shown"
    return f"For the public. {few} are not shown"


def dataset_words(label: str, counts: Mapping[str, int]) -> str:
    """The dataset with as much of its size as is told."""
    words = (("patients", "patient"), ("courses", "course"))
    return ", ".join((label, *(plural(counts[key], word) for key, word in words if key in counts)))


def page_refused(title: str, audience: str) -> str:
    """Why a page is not shown."""
    return f"This page is for the inside: what it shows of “{title}” is not made for {_TO[audience]}."


def attribute_refused(audience: str) -> str:
    """Why a view that is filtered by those who treat is not shown."""
    return (f"Not shown: the filters name those who treat, and that is for the inside, not for {_TO[audience]}. Filter "
            "by another attribute.")


def view_refused(refusal: Any, *, is_of_rules: bool) -> str:
    """Why a view may not stand beside those shown before.

    Parameters
    ----------
    is_of_rules : whether the other view is of the same files under other rules
    """
    if refusal.why == "versions" and is_of_rules:
        return (f"Not shown: under these rules fewer than {refusal.threshold} courses come out otherwise than in "
                f"“{refusal.shown}”, and the two set off against each other would tell of those few. Go back to the "
                "rules that were shown.")
    return refusal_sentence(refusal)


def groups_refused(threshold: int) -> str:
    """Why groups may not be told beside what was told of another state of the data."""
    return (f"Not shown: set off against what was shown of another state of the data, these numbers would tell fewer "
            f"than {threshold} courses apart. Show it again when more have been added.")


SHOWN_BEFORE = "Shown so far"
START_OVER = "Nobody saw it: start over"
START_OVER_HINT = ("What was shown decides what else may be, as two views can be set off against each other. Start "
                   "over only if nobody outside saw them.")


def shown_before(names: tuple[str, ...], audience: str) -> str:
    """Which cohorts were shown."""
    said = "; ".join(names) or "nothing"
    return f"{SHOWN_BEFORE} to {_TO[audience]}: {said}."


GATE_TITLE = "Not for the public yet"
GATE_HEADLINE = "{} is not for the public yet"
GATE_LEAD = ("A rate that goes out is quoted without its footnotes, so it stays inside until it can be believed. This "
             "is what stands in the way.")
FIRST_ONLY = "Count first inductions only"


HARM_KEPT = ("The share that got worse may not be told, as a small count would follow from it, and no benefit is told "
             "without it. Wait for more courses, or take a longer period.")


def gate_lines(gate: tuple[Any, ...]) -> tuple[str, ...]:
    """What keeps an instrument's results from the public, and what would open the gate: one reason a line."""
    reasons = dict.fromkeys(one.why for one in gate)
    return tuple(HARM_KEPT if why == "harm_kept" else gate_reason(why) for why in reasons)


def harm_said(said: Any) -> str:
    """The share that got worse, from ``disclosure_said``, as a number or a range; empty where it may not be told."""
    harm = said.harm
    if harm is None:
        return ""
    if harm.withheld:
        return " ".join(range_sentence(one) for one in ranges_of(said.told, harm))
    shown = f"{percent(harm.estimate)} " if rates.is_shown(harm) else ""
    verb = outcome_verb(MEASURES[harm.measure])
    return f"{shown}{verb} ({rates.counts(harm)})." if shown else f"{rates.counts(harm)} {verb}."


# --- what may be said to whom -----------------------------------------------------------------------


def not_said(told: Any, result: Any) -> str:
    """What may be said of a result that is not told: why not, and what may be said in its place."""
    own = gate_of(told, result)
    ranges = ranges_of(told, result)
    if own:
        return f"Not yet. {' '.join(gate_lines(own))}"
    if ranges:
        return " ".join(range_sentence(one) for one in ranges)
    return (f"Nothing: counts of 1 to {told.disclosure.threshold - 1} are not told, and larger ones from which a small "
            "one would follow.")
