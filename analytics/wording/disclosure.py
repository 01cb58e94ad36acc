"""What was withheld, put together or refused, in words: never by the number that must not be told."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from analytics.definitions.instruments import BUILT_IN
from analytics.definitions.measures import MEASURES
from analytics.wording import rates
from analytics.wording.definitions import measure_title, outcome_verb
from analytics.wording.numbers import SPACE, count, inside_sentence, listed, percent, plural
from analytics.wording.rules import attribute, level

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
    are_several = len({one.instrument for one in told.ranges}) > 1
    sentences += [range_sentence(one, _scales(one.instrument) if are_several else "") for one in told.ranges]
    if told.n_withheld:
        sentences.append(f"{plural(told.n_withheld, 'number is', 'numbers are')} withheld: small ones, and larger ones "
                         "from which a small one would follow.")
    return (*sentences, *advice_sentences(told.advice))


def merged_sentence(name: str, values: tuple[str, ...]) -> str:
    """Which values stand together under one name."""
    shown = listed(values[:_LEAST_SHOWN]) if len(values) <= _LEAST_SHOWN else (
        f"{', '.join(values[:_LEAST_SHOWN])} and {count(len(values) - _LEAST_SHOWN)} more")
    return f"{name.strip()}: {shown}. Each alone, or one of them, would be too few to show."


def range_sentence(told: Any, scale: str = "") -> str:
    """A rare numerator: fewer than 11 of 85 worsened; after the name of its scale and of its group."""
    group = ", ".join(filter(None, (scale, *(level(name, value) for name, value in told.stratum.items()))))
    few = f"{'f' if group else 'F'}ewer than {told.high - told.low + 1}"
    if told.low:
        few = f"{'a' if group else 'A'}ll but {few.lower()}"
    verb = outcome_verb(MEASURES[told.measure])
    return f"{f'{group}: ' if group else ''}{few} of {plural(told.denominator, 'course')} {verb}."


def ranges_of(told: Any, result: Any) -> tuple[Any, ...]:
    """Those of the ranges told that are of a result."""
    return tuple(one for one in told.ranges if (one.instrument, one.measure, dict(one.stratum)) == (
        result.instrument, result.measure, dict(result.stratum)))


def harm_of_group(told: Any, harm: Any) -> str:
    """The share of a group that got worse, as a rate or as a range."""
    if harm.withheld:
        return " ".join(range_sentence(one) for one in ranges_of(told, harm))
    group = ", ".join(level(name, value) for name, value in harm.stratum.items())
    verb = outcome_verb(MEASURES[harm.measure])
    shown = f" ({percent(harm.estimate)})" if rates.is_shown(harm) else ""
    return f"{group}: {count(harm.numerator)} of {plural(harm.denominator, 'course')} {verb}{shown}."


def gate_of(told: Any, result: Any) -> tuple[Any, ...]:
    """Why the gate is shut to a result of the whole; empty where it is open."""
    return tuple(one for one in told.gate if not one.is_of_groups and (one.instrument, one.measure) in (
        (result.instrument, None), (result.instrument, result.measure)))


def advice_sentences(advice: Sequence[Any]) -> tuple[str, ...]:
    """What would let more be shown: for every scale how many courses a group needs, from the fewest."""
    needed: dict[str | None, dict[str, int]] = {}
    for one in advice:
        if one.kind == "more":
            needed.setdefault(one.title, {})[inside_sentence(measure_title(MEASURES[one.measure]))] = one.needed
    sentences = [_needed_sentence(title, measures) for title, measures in needed.items()]
    if any(one.kind == "period" for one in advice):
        sentences.append("Over a longer period, two quarters or years together, more could be shown.")
    return tuple(sentences)


def _needed_sentence(title: str | None, measures: Mapping[str, int]) -> str:
    parts = [f"{count(number)} for {listed(name for name, own in measures.items() if own == number)}"
             for number in sorted(set(measures.values()))]
    scale = f"{title}: a" if title else "A"
    return f"{scale} group needs judged courses, to be shown, of about {listed(parts)}."


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
    "kinds": "Count first inductions alone, those that were broken off among them: a setting of the rules, courses "
             "that count.",
}


def gate_sentences(gate: tuple[Any, ...]) -> tuple[str, ...]:
    """Why the public is not told, one sentence an instrument and reason, with what would open the gate."""
    reasons: dict[tuple[str, str | None, bool], list[str]] = {}
    for one in gate:
        reasons.setdefault((one.title or _scales(one.instrument), one.measure, one.is_of_groups), []).append(one.why)
    measures: dict[tuple[str, bool, tuple[str, ...]], list[str]] = {}
    for (title, measure, of_groups), whys in reasons.items():
        same = measures.setdefault((title, of_groups, tuple(dict.fromkeys(whys))), [])
        same += [] if measure is None else [inside_sentence(measure_title(MEASURES[measure]))]
    return tuple(_gate_sentence(", ".join((title, *names)), whys, " in some groups" * of_groups)
                 for (title, of_groups, whys), names in measures.items())


def _scales(key: str) -> str:
    """What the scales of the NHS set are called together, that have no title of their own."""
    return listed(BUILT_IN[one].title if one in BUILT_IN else one for one in key.split("+"))


def gate_reason(why: str) -> str:
    """One reason why the public is not told, and what would change it."""
    reason = _GATE[why]
    return f"{reason[:1].upper()}{reason[1:]}. {_REMEDIES.get(why, '')}".strip()


def _gate_sentence(what: str, whys: tuple[str, ...], where: str) -> str:
    remedies = " ".join(_REMEDIES[why] for why in whys if why in _REMEDIES)
    return f"Not for the public{where} ({what}): {listed(_GATE[why] for why in whys)}. {remedies}".strip()


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
