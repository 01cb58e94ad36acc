"""Exhibits in words: titles that are findings, one sentence of result, one of limits, footnotes, marks.

All words of slides, sheets, pages and PDFs that are not those of a result stand here, so that a second language is
one file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analytics.definitions.instruments import Instrument
from analytics.definitions.measures import MEASURES
from analytics.definitions.nhs import NhsScales
from analytics.wording import definitions, overview, rates
from analytics.wording import groups as group_words
from analytics.wording.numbers import SMALLEST_SHOWN, SPACE, count, listed, percent, plural, points, sentence_case
from analytics.wording.rates import Line
from analytics.wording.rules import attribute

INVENTED = "Invented sample data"
AUDIENCES = {"inside": "For the inside", "board": "For the board, confidential", "public": "For the public"}
WITHHELD = "not shown"

NO_CONTROL = "There is no control group, so it does not say what treatment caused."

LABELS = {
    "reading": "What it says", "limits": "What it does not say", "table": "The numbers", "defend": "Defend this number",
    "origin": "Where it comes from", "definitions": "Definitions", "findings": "Findings", "contents": "Contents",
    "interval_note": f"Dots are rates, lines their 95{SPACE}% intervals; a hollow dot is unstable.",
    "all": "All courses", "numbers": "Behind the chart", "comment": "Comment",
}


def audience_words(audience: str) -> str:
    """Who something is for."""
    return AUDIENCES[audience]


def marks(audience: str, is_sample: bool) -> tuple[str, ...]:
    """What stands on every slide, sheet and page."""
    return (*([INVENTED] if is_sample else []), audience_words(audience))


# --- titles ----------------------------------------------------------------------------------------


def rate_title(result: Any, instrument: Instrument | NhsScales) -> str:
    """A finding: 50 % of courses responded on PHQ-9."""
    if result.withheld:
        return f"{definitions.measure_title(MEASURES[result.measure])} on {instrument.title}: {WITHHELD}"
    return f"{rates.headline(result, instrument).title} on {instrument.title}"


def measure_name(measure: str, instrument: Instrument | NhsScales) -> str:
    """A measure and what it is read from: Response on PHQ-9."""
    return f"{definitions.measure_title(MEASURES[measure])} on {instrument.title}"


def mean_title(result: Any, instrument: Instrument | NhsScales) -> str:
    """A finding: 8.1 points better on average on PHQ-9."""
    return f"{rates.mean_headline(result).title} on {instrument.title}"


def mean_reading(result: Any) -> str:
    """One mean in one plain sentence."""
    found = rates.mean_headline(result)
    return f"{found.title}: {found.text}" if rates.is_shown(result) else f"{found.title}. {found.text}"


def measure_line(measure: str, instrument: Instrument | NhsScales) -> str:
    """What is counted: Response: improved by at least 50 % of the starting score (PHQ-9)."""
    chosen = MEASURES[measure]
    what = definitions.what_counts(chosen, instrument)
    return f"{definitions.measure_title(chosen)}: {what} ({instrument.title})"


def strata_title(measure: str, by: Sequence[str], lines: Sequence[Line]) -> str:
    """The groups in a finding, without a ranking."""
    name = group_words.title(measure, by)
    shown = [line for line in lines if line.estimate is not None]
    if not shown:
        return f"{name}: no group has enough courses"
    if len(shown) == 1:
        return f"{name}: {shown[0].shown} in the one group that has enough courses"
    stable = [line for line in shown if line.mark != rates.UNSTABLE]
    told = stable if len(stable) > 1 else shown
    low, high = min(line.estimate or 0 for line in told), max(line.estimate or 0 for line in told)
    among = "" if len(stable) == len(shown) else f" in groups of {rates.SMALLEST_STABLE} courses or more"
    if told is shown and among:
        among = ", unstable"
    ends = (points(low), points(high)) if measure == "mean_improvement" else (percent(low), percent(high))
    unit = " points" if measure == "mean_improvement" else ""
    if ends[0] == ends[1]:
        each = among.replace(" in", " in each of the", 1) if among.startswith(" in") else f" in each group{among}"
        return f"{name}: {ends[0]}{unit}{each}"
    return f"{name}: between {ends[0]} and {ends[1]}{unit}{among}"


def flow_title(result: Any) -> str:
    """How many of all could be judged."""
    counted = rates.size(result)
    return f"{count(counted)} of {plural(result.courses, 'course')} could be judged"


def flow_reading(result: Any, steps: Sequence[Any]) -> str:
    """The whole way in one sentence, with the reason for which most left."""
    counted = f"Of {plural(result.courses, 'course')}, {count(rates.size(result))} could be judged"
    left = [step for step in steps if step.lost]
    if not left:
        return f"{counted}: nobody left on the way."
    if len(left) == 1:
        return f"{counted}; {left[0].left}."
    most = max(left, key=lambda step: step.lost)
    return f"{counted}; the commonest reason among the others: {most.left}."


def pooled_words(number: int) -> str:
    """Courses left out for reasons that are told together."""
    return f"{count(number)} left out for several reasons"


def bands_counts(total: int) -> str:
    """Whom the bands speak of."""
    return f"The same {plural(total, 'course')} both times: those with a score at the start and at the end."


def bands_title(labels: Sequence[str], baseline: Sequence[int], endpoint: Sequence[int], instrument: Any) -> str:
    """The gravest band, before and after."""
    total = sum(baseline)
    if total < SMALLEST_SHOWN:
        return f"{plural(total, 'course')} with both scores on {instrument.title}: too few for percentages"
    before, after = percent(baseline[-1] / total), percent(endpoint[-1] / total)
    return f"{sentence_case(labels[-1])} on {instrument.title}: {before} at the start, {after} at the end"


def harm_title(worse: Any, instrument: Any) -> str:
    """How many got worse, in the words and at the size of the benefit."""
    return rate_title(worse, instrument)


def published_title(found: Sequence[Any], measure: str) -> str:
    """The first printed figure with ours beside it."""
    for one in found:
        for beside in one.figures:
            if beside.printed.measure == measure and beside.ours and beside.ours.denominator >= SMALLEST_SHOWN:
                return (f"By the rules of {short_source(one.benchmark.source)}: "
                        f"{percent(beside.ours.estimate)} of ours, "
                        f"{percent(beside.printed.estimate)} of theirs")
    return "No published figure can be set beside ours"


def short_source(source: str) -> str:
    """A source without its journal: McInnes 2022."""
    return source.partition(",")[0]


DEFINITIONS_TITLE = "What every number here means"


def findings_title(findings: Sequence[Any]) -> str:
    """How much of the files was not used."""
    lost = sum(one.severity != "note" for one in findings)
    if not findings:
        return "Nothing was found in the files"
    if not lost:
        return f"{plural(len(findings), 'note')} on the files, nothing was lost"
    return f"{plural(lost, 'finding')} in the files on rows or values that were not used"


# --- one sentence of result ------------------------------------------------------------------------


def rate_reading(result: Any, instrument: Instrument | NhsScales) -> str:
    """One rate in one plain sentence: counts, percentage, and how far chance alone could move it."""
    verb = definitions.outcome_verb(MEASURES[result.measure])
    if result.withheld:
        return f"How many {verb} is not shown to this audience."
    if not result.denominator:
        return f"No course could be judged, so nothing can be said on how many {verb}."
    whole = f"{plural(result.denominator, 'course')} that could be judged"
    if result.observed is not None:
        whole = f"{plural(result.denominator, 'course')} that should have been judged"
    said = f"Of {whole}, {count(result.numerator)} {verb}"
    if not rates.is_shown(result):
        return f"{said}: {rates.TOO_FEW}."
    said += f": {percent(result.estimate)}"
    if result.low is None or result.high is None:
        return f"{said}."
    said += f", and chance alone could make it anything from {percent(result.low)} to {percent(result.high)}"
    return f"{said}; fewer than {rates.SMALLEST_STABLE} courses make it unstable." if rates.mark(result) else f"{said}."


def strata_reading(measure: str, by: Sequence[str], lines: Sequence[Line]) -> str:
    """Groups in one sentence or two, without a ranking."""
    return group_words.sentence(measure, by, lines)


def harm_reading(results: Sequence[Any]) -> str:
    """Every measure of harm in one sentence."""
    parts = []
    for one in results:
        verb = definitions.outcome_verb(MEASURES[one.measure])
        if one.withheld:
            parts.append(f"how many {verb} is not shown")
        elif one.denominator:
            shown = f" ({percent(one.estimate)})" if rates.is_shown(one) else ""
            parts.append(f"{count(one.numerator)} of {count(one.denominator)} {verb}{shown}")
    return f"{sentence_case(listed(parts))}." if parts else "No course could be judged for harm."


def findings_reading(findings: Sequence[Any]) -> str:
    """How many findings did what."""
    if not findings:
        return "The files hold nothing that the checks object to."
    lost, noted = (sum((one.severity != "note") is is_lost for one in findings) for is_lost in (True, False))
    parts = [f"{plural(lost, 'finding')} on rows or values that were not used"] if lost else []
    parts += [f"{plural(noted, 'note')} on things good to know"] if noted else []
    return f"{sentence_case(listed(parts))}."


def published_reading(found: Sequence[Any], measure: str) -> str:
    """How many printed figures ours could be set beside."""
    beside = [one for one in found for figure in one.figures if figure.printed.measure == measure
              and figure.ours is not None]
    without = sum(any(figure.printed.measure == measure for figure in one.figures) for one in found) - len(beside)
    if not beside:
        return "Our courses cannot be counted by the rules of any published figure of this measure."
    said = (f"Each is printed as its source has it, and beside it stand our courses counted by that source's rules "
            f"({plural(len(beside), 'figure')})")
    return f"{said}; {count(without)} more cannot be counted so." if without else f"{said}."


# --- one sentence of limits ------------------------------------------------------------------------


def rate_limits(result: Any) -> str:
    """What a rate does not say, in one sentence."""
    lost = result.left_out.get("no_endpoint", 0) if result.left_out else 0
    direction = MEASURES[result.measure].direction
    if direction == "harm":
        known = f"{count(lost)} were lost and are not filled in" if lost else "Nobody is filled in"
        return f"{known}: it may be more; there is no control group, so it does not say what treatment caused."
    if result.measure == "follow_up":
        return "Those who were followed up may differ from those who were lost."
    if lost and result.measure == "mean_improvement":
        return f"{count(lost)} more were lost and may have fared otherwise, and there is no control group."
    if lost and result.missing_as_failure is not None and result.observed is None and rates.is_shown(result):
        return (f"{count(lost)} more should have been judged and were lost (had none of them made it: "
                f"{percent(result.missing_as_failure.estimate)}), and there is no control group.")
    return NO_CONTROL


def strata_limits(by: Sequence[str]) -> str:
    """What groups side by side do not say."""
    names = listed(attribute(name) for name in by)
    return (f"Unless patients were assigned by chance, groups differ in more than {names}: a difference alone is no "
            f"effect of {names}.")


FLOW_TITLE = "Where the courses went"
FLOW_KEPT = "Too few courses for this audience, so the way to them is not shown."
BANDS_TITLE = "From severity to severity"
PUBLISHED_TITLE = "Published figures, and ours counted their way"
SIDES = ("At the start", "At the end")
JUDGED = "could be judged"

FLOW_LIMITS = "Those who could not be judged may have fared otherwise; each left for the first reason that applies."
BANDS_LIMITS = ("Scores tend to fall from a bad day whatever is done, and only courses with both scores are in it; "
                "there is no control group.")
PUBLISHED_LIMITS = "Patients, setting and scales differ however it is counted: a printed figure is no target."
DEFINITIONS_LIMITS = "Another cut-off, window or way with missing scores gives another number."
FINDINGS_LIMITS = "It says what the program could see in the files, not whether the scores are true."
KEPT_TITLE = "{} is kept for the inside"
PUBLISHED_KEPT = ("Counting the same courses by other rules is a second view that may tell single courses apart, so it "
                  "is kept for the inside.")
STRATA_KEPT = "No group is large enough to be told to this audience without a small count following from it."
BANDS_KEPT = ("Not even two bands can be told without a small count following from them, so they are kept for the "
              "inside.")
FINDINGS_KEPT = "Findings count single rows of the files, so they are kept for the inside."

# --- context, footnotes ----------------------------------------------------------------------------


def context(result: Any, instrument: Any, rules: str, as_of: str | None, where: str) -> tuple[str, ...]:
    """Counts, cohort, rules and as-of, each a sentence."""
    counts = ""
    if result is not None and not result.withheld:
        counted = f"{plural(rates.size(result), 'course')} counted"
        if result.courses is not None:
            counted = f"{count(rates.size(result))} of {plural(result.courses, 'course')} counted"
        counts = f"{'; '.join((counted, *kept_words(result.left_out, instrument, result.measure)))}."
    return tuple(one for one in (
        counts, "" if where == "All courses" else f"Filters: {where}.", f"Rules: {rules}.",
        f"{sentence_case(overview.as_of_words(as_of))}.") if one)


def kept_words(left_out: Mapping[str, int], instrument: Any, measure: str) -> tuple[str, ...]:
    """Reasons with their counts; those that were pooled stand as one."""
    chosen = MEASURES[measure]
    return tuple(pooled_words(number) if key == "pooled"
                 else definitions.counted_reason(number, key, instrument, chosen) for key, number in left_out.items())


def more_rows(n_rows: int, most: int) -> str:
    """Where the rows stand that a slide or a page cannot hold; empty where it holds all."""
    return "" if n_rows <= most else f"{count(n_rows - most)} more in the workbook."


def more_groups(n_groups: int, most: int) -> str:
    """How many groups are drawn where not all are."""
    return "" if n_groups <= most else f"The chart shows the first {count(most)} of {count(n_groups)} groups."


def remake_words(command: str) -> str:
    """How a report is made again."""
    return f"Make it again: {command}"


SIGNS_LOST = ("Some names hold signs that these letters lack, each shown as a question mark; the web page has them "
              "whole.")

TEMPLATE_LACKS = {
    "title": "The template has no layout with a title; titles are plain text boxes.",
    "room": "The template leaves too little room below its title; charts were placed over the whole slide.",
    "shape": "The template's slides are not wide; charts were made to fit.",
    "slides": "The template's own slides were left out; its layouts and colours were used.",
}


def template_lacks(keys: Sequence[str]) -> tuple[str, ...]:
    """What a clinic's template lacks or lost, in words."""
    return tuple(TEMPLATE_LACKS[key] for key in keys)


MORE_IN_NOTES = "More stands in the notes."
NOTES_CUT = "The notes are cut here; the workbook and the page hold all."
