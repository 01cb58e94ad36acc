"""What was withheld, put together or refused, in words: never by the number that must not be told."""

from __future__ import annotations

import re
from typing import Any

from analytics.definitions.measures import MEASURES
from analytics.wording.definitions import measure_title, outcome_verb
from analytics.wording.numbers import SPACE, count, listed, plural
from analytics.wording.rules import attribute

AUDIENCE_TITLES = {
    "inside": "Inside: nothing is withheld",
    "board": "Board: confidential",
    "public": "Public",
}
"""What stands on everything that is made for an audience."""

REFUSED_WORDS = ("success", "successful", "cure", "cured", "curing", "cures", "recovery", "recovered", "recover")
"""What the public reads as a promise, in any text that goes out."""

WITHHELD = "Small numbers, not shown"

_LEAST_SHOWN = 12
"""So many names of a group that was put together are listed."""


def audience_sentence(disclosure: Any) -> str:
    """For whom, and by which rule."""
    if disclosure.audience == "inside":
        return "For the inside: nothing is withheld."
    rounded = f" Counts are rounded to {disclosure.rounding}." if disclosure.rounding else ""
    few = f"counts of 1 to {disclosure.threshold - 1}, and what they could be worked out from, are not shown"
    if disclosure.audience == "board":
        return f"For the board, confidential: totals of the whole clinic are shown; of its parts, {few}.{rounded}"
    return f"For the public: {few}.{rounded}"


def told_sentences(told: Any) -> tuple[str, ...]:
    """Everything that was done to a summary before it was told, one sentence each."""
    sentences = [audience_sentence(told.disclosure), *gate_sentences(told.gate)]
    sentences += [merged_sentence(name, values) for name, values in told.merged.items()]
    sentences += [range_sentence(one) for one in told.ranges]
    if told.n_withheld:
        sentences.append(f"{plural(told.n_withheld, 'number is', 'numbers are')} withheld: small ones, and larger ones "
                         "from which a small one would follow.")
    sentences += [advice_sentence(one) for one in told.advice if one.kind != "merged"]
    return tuple(sentences)


def merged_sentence(name: str, values: tuple[str, ...]) -> str:
    """Which values stand together under one name."""
    shown = listed(values[:_LEAST_SHOWN]) if len(values) <= _LEAST_SHOWN else (
        f"{', '.join(values[:_LEAST_SHOWN])} and {count(len(values) - _LEAST_SHOWN)} more")
    return f"{name.strip()}: {shown}. Each alone, or one of them, would be too few to show."


def range_sentence(told: Any) -> str:
    """A rare numerator of the whole: fewer than 11 of 85 worsened."""
    verb = outcome_verb(MEASURES[told.measure])
    few = told.high - told.low + 1
    if told.low == 0:
        return f"Fewer than {few} of {plural(told.denominator, 'course')} {verb}."
    return f"All but fewer than {few} of {plural(told.denominator, 'course')} {verb}."


def advice_sentence(advice: Any) -> str:
    """What would let more be shown."""
    if advice.kind == "period":
        return "Over a longer period, two quarters or years together, more could be shown."
    if advice.kind == "merged":
        return merged_sentence(f"{len(advice.values)} together", advice.values)
    return (f"To show {measure_title(MEASURES[advice.measure]).lower()} of a group, about "
            f"{plural(advice.needed, 'judged course')} in it are needed.")


_GATE = {
    "few": "fewer than 30 courses could be judged",
    "follow_up": f"fewer than 80{SPACE}% of those who should have been judged were followed up",
    "kinds": "it counts repeated inductions, and the public is told of first ones only",
    "interval": "there is no interval to say how sure it is",
    "harm": "there is no measure of harm to stand beside it",
    "harm_kept": "the share that got worse may not be told, and no benefit is told without it",
    "word": "its name holds a word that reads as a promise",
}

_REMEDIES = {
    "harm_kept": "Wait for more courses, or take a longer period.",
    "few": "Wait for more courses, or take a longer period.",
    "follow_up": "Follow up more of those treated: the number itself would not be believed.",
    "kinds": "Count first inductions alone (kinds=induction,incomplete).",
}


def gate_sentences(gate: tuple[Any, ...]) -> tuple[str, ...]:
    """Why the public is not told, one sentence an instrument or measure, with what would open the gate."""
    reasons: dict[tuple[str, str | None], list[str]] = {}
    for one in gate:
        reasons.setdefault((one.title or one.instrument, one.measure), []).append(one.why)
    return tuple(_gate_sentence(instrument, measure, tuple(dict.fromkeys(whys)))
                 for (instrument, measure), whys in reasons.items())


def gate_reason(why: str) -> str:
    """One reason why the public is not told, and what would change it."""
    reason = _GATE[why]
    return f"{reason[:1].upper()}{reason[1:]}. {_REMEDIES.get(why, '')}".strip()


def _gate_sentence(title: str, measure: str | None, whys: tuple[str, ...]) -> str:
    what = f"{title}{'' if measure is None else ', ' + measure_title(MEASURES[measure]).lower()}"
    remedies = " ".join(_REMEDIES[why] for why in whys if why in _REMEDIES)
    return f"Not for the public ({what}): {listed(_GATE[why] for why in whys)}. {remedies}".strip()


def refusal_sentence(refusal: Any) -> str:
    """Why a view may not be shown beside those that were."""
    if refusal.why == "versions":
        return (f"Not shown: these data differ from those of “{refusal.shown}” in fewer than {refusal.threshold} "
                "courses, and the two set off against each other would tell of those few. Show it again when more "
                "have been added.")
    return (f"Not shown: beside “{refusal.shown}” this view would tell fewer than {refusal.threshold} courses apart. "
            "Take a wider filter, or one of the prepared cohorts.")


def refused_words(text: str) -> tuple[str, ...]:
    """The words of a title or comment that the public may not be told, as they stand in it."""
    return tuple(word for word in re.findall(r"\w+", text) if word.lower() in REFUSED_WORDS)


def refused_words_sentence(words: tuple[str, ...]) -> str:
    """Why a text may not go to the public; empty where it may."""
    if not words:
        return ""
    quoted = listed(f"“{word}”" for word in dict.fromkeys(words))
    return (f"{quoted} {'reads' if len(set(words)) == 1 else 'read'} as a promise: say what was counted, as responded "
            "or scored below the line.")


_NOT_COMPARED = {
    "small": "it would tell small counts, or numbers from which they could be worked out. Compare larger groups, fewer "
             "of them, or a longer period; where some patients came back a few times, compare one course of each",
    "landmark": "what had happened up to a landmark is settled for other courses than those of the other tables, and "
                "small counts could follow from both",
    "cohorts": "two filters may share courses, and small counts could follow from both",
    "public": "a comparison shows one measure, and the public is told of a benefit with the harm beside it",
}


def comparison_refused(by: str, why: str, disclosure: Any) -> str:
    """Why a comparison is not told."""
    return f"The comparison by {attribute(by)} is not shown to the {disclosure.audience}: {_NOT_COMPARED[why]}."


def refused_record(comparison: Any, why: str, disclosure: Any) -> dict[str, Any]:
    """A comparison that is not told, in the shape of ``compare --format json`` without its numbers."""
    return {
        "schema": "compare/1", "instrument": comparison.instrument.key, "measure": comparison.measure,
        "by": comparison.by, "as_of": comparison.as_of, "where": comparison.where, **disclosure_record(disclosure),
        "withheld": True, "why": comparison_refused(comparison.by, why, disclosure),
        "groups": [{"value": one.value, "withheld": True} for one in comparison.groups], "difference": None,
        "test": None, "adjusted": None, "effect_sizes": []}


def told_record(record: dict[str, Any], disclosure: Any) -> dict[str, Any]:
    """The record of a comparison that is told: without what was not looked at together with its counts."""
    kept = {key: value for key, value in record.items()
            if key not in ("patients_in_several", "not_compared", "overlap", "files")}
    return kept | {"notes": [told_note(one) for one in record["notes"]]} | disclosure_record(disclosure)


def told_note(text: str) -> str:
    """A note without the clause that would be wrong: a group is told with the courses compared, all or not."""
    return text.replace(", which here are all counted courses", "")


def disclosure_record(disclosure: Any) -> dict[str, Any]:
    """For whom something is, as plain values."""
    return {"audience": disclosure.audience, "threshold": disclosure.threshold, "rounding": disclosure.rounding}
