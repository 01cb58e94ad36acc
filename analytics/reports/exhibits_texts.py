"""Exhibits beside the numbers: published figures, what the numbers mean, what was found in the files."""

from __future__ import annotations

from typing import Any

from analytics.definitions.findings import SEVERITIES, Finding
from analytics.definitions.measures import MEASURES
from analytics.reports.exhibits_answers import Answers
from analytics.reports.exhibits_data import Ask, Chart, Column, Exhibit, Numbers, Series
from analytics.reports.exhibits_kept import kept_for_inside, why_shut
from analytics.reports.exhibits_rates import CARDS, HARM, PAIN_CARDS, headline_measure
from analytics.reports.sections import Grid, Section
from analytics.wording import definitions, rates
from analytics.wording import exhibits as words
from analytics.wording import published as published_words
from analytics.wording import rules as rule_words
from analytics.wording.files import SEVERITY_TITLES
from analytics.wording.numbers import count, percent, sentence_case

_RULES = ("gap_days", "induction_gap_days", "induction_span_days", "induction_max_sessions", "complete_sessions",
          "kinds", "baseline_window", "baseline_pick", "endpoint_window", "endpoint_pick", "endpoint_anchor",
          "eligible", "missing", "scoring")


def published(answers: Answers, ask: Ask) -> Exhibit | None:
    """Printed figures beside our courses counted their way; missing where none was printed for the measure."""
    instrument = answers.instrument(ask)
    measure = ask.measure or headline_measure(instrument)
    key = f"published-{measure}"
    if not answers.is_exempt(ask) or (ask.audience != "inside" and ask.disclosure.rounding is not None):
        why = why_shut(answers, ask, instrument.key) or words.PUBLISHED_KEPT
        return kept_for_inside(answers, ask, key, words.PUBLISHED_TITLE, why)
    found = [one for one in answers.published(ask)
             if any(beside.printed.measure == measure and beside.ours is not None for beside in one.figures)]
    if not found:
        return None
    pairs = [(one, beside) for one in found for beside in one.figures
             if beside.printed.measure == measure and beside.ours is not None]
    everything = answers.published(ask)
    return Exhibit(
        key, ask, words.published_title(found, measure),
        f"{definitions.measure_title(MEASURES[measure])}: {words.PUBLISHED_TITLE.lower()}",
        words.published_reading(everything, measure), words.PUBLISHED_LIMITS,
        answers.context(ask, None, instrument),
        Grid((*published_words.BESIDE_HEADER, "How they counted"), tuple(
            (*row, one.benchmark.window) for one in found for row in published_words.rows_of(one, measure))),
        _published_numbers(pairs), _published_chart(pairs), (),
        tuple(Section(one.benchmark.source, published_words.published_sentences(one)) for one in everything),
        answers.marks(ask))


def _published_numbers(pairs: list[Any]) -> Numbers:
    columns = (Column("Source", "text"), Column("Printed", "percent"), Column("Ours by their rules", "percent"),
               Column("Low", "percent"), Column("High", "percent"), Column("Numerator", "count"),
               Column("Denominator", "count"))
    return Numbers(columns, tuple(
        (one.benchmark.source, beside.printed.estimate, *_told(beside.ours), beside.ours.numerator,
         beside.ours.denominator) for one, beside in pairs))


def _told(ours: Any) -> tuple[float | None, ...]:
    return (ours.estimate, ours.low, ours.high) if ours.denominator >= rates.SMALLEST_SHOWN else (None,) * 3


def _published_chart(pairs: list[Any]) -> Chart:
    ours = [beside.ours for _, beside in pairs]
    told = [_told(one) for one in ours]
    printed = tuple(beside.printed.estimate for _, beside in pairs)
    return Chart("interval", tuple(words.short_source(one.benchmark.source) for one, _ in pairs), (
        Series("Ours, counted their way", *(tuple(one[place] for one in told) for place in range(3)),
               tuple(f"{'' if numbers[0] is None else percent(numbers[0]) + ', '}{count(one.numerator)} of "
                     f"{count(one.denominator)}" for one, numbers in zip(ours, told, strict=True)),
               tuple(f"ours {count(one.numerator)} of {count(one.denominator)}" for one in ours),
               tuple(one.denominator < rates.SMALLEST_STABLE for one in ours)),
        Series("Printed", printed, (), (), tuple(published_words.printed(beside.printed) for _, beside in pairs),
               ink="muted")))


def meanings(answers: Answers, ask: Ask) -> Exhibit:
    """Every definition in force: measures, cut-offs with their sources, rules of courses and windows."""
    instrument = answers.instrument(ask)
    rules = answers.rules_of(instrument)
    wanted = dict.fromkeys((*(PAIN_CARDS if instrument.is_pain else CARDS), *HARM))
    rows = [(definitions.measure_title(MEASURES[key]), definitions.what_counts(MEASURES[key], instrument),
             MEASURES[key].source) for key in answers.measures(instrument, tuple(wanted))]
    rows += [(f"{instrument.title}: {title}", said, source) for title, said, source in rule_words.cut_offs(instrument)]
    rows += [(rule_words.SETTINGS[key], rule_words.setting(rules, key), "") for key in _RULES]
    left = [(definitions.REASON_TITLES[key], said, "") for key, said in definitions.REASON_MEANINGS.items()]
    became = rule_words.became_sentence(answers.of.rules)
    grid = Grid(("Term", "Meaning", "Source"), (*rows, *left))
    reading = f"{sentence_case(answers.rules_sentence())}. {became or ''}".strip()
    return Exhibit("definitions", ask, words.DEFINITIONS_TITLE, words.LABELS["definitions"], reading,
                   words.DEFINITIONS_LIMITS, answers.context(ask, None, instrument), grid, _text_numbers(grid),
                   marks=answers.marks(ask))


def findings(answers: Answers, ask: Ask) -> Exhibit:
    """What was found in the files, gravest first."""
    if ask.audience != "inside":
        return kept_for_inside(answers, ask, "findings", words.LABELS["findings"], words.FINDINGS_KEPT)
    found: list[Finding] = sorted(answers.of.findings, key=lambda one: SEVERITIES.index(one.severity))
    rows = tuple((SEVERITY_TITLES[one.severity], one.file or "", one.column or "", count(len(one.rows)), one.problem,
                  one.remedy) for one in found)
    grid = Grid(("What it did", "File", "Column", "Rows", "What was found", "What to do"), rows)
    numbers = Numbers(tuple(Column(name, "count" if name == "Rows" else "text") for name in grid.header), tuple(
        (*row[:3], len(one.rows), *row[4:]) for one, row in zip(found, rows, strict=True)))
    return Exhibit("findings", ask, words.findings_title(found), words.LABELS["findings"],
                   words.findings_reading(found), words.FINDINGS_LIMITS, answers.context(ask, None, None), grid,
                   numbers, marks=answers.marks(ask))


def _text_numbers(grid: Grid) -> Numbers:
    return Numbers(tuple(Column(name, "text") for name in grid.header), grid.rows)
