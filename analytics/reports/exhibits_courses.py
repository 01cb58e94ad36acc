"""Exhibits of courses: where they went, and from severity to severity."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from analytics.figures.flow import flow_figure
from analytics.figures.severity import severity_figure
from analytics.figures.theme import severity_places
from analytics.reports.exhibits_answers import Answers
from analytics.reports.exhibits_data import SHADES, Ask, Chart, Column, Exhibit, Numbers, Series
from analytics.reports.exhibits_kept import kept_for_inside, why_shut
from analytics.reports.exhibits_rates import headline_measure
from analytics.reports.sections import Grid
from analytics.wording import exhibits as words
from analytics.wording import exhibits_pages as page_words
from analytics.wording import flow as flow_words
from analytics.wording import overview
from analytics.wording.flow import FlowStep
from analytics.wording.numbers import count, sentence_case


def flow(answers: Answers, ask: Ask) -> Exhibit:
    """From all courses to those that could be judged, one step a reason."""
    instrument = answers.instrument(ask)
    measure = ask.measure or headline_measure(instrument)
    result = answers.result(ask, instrument.key, measure)
    if result.withheld or result.courses is None:
        return kept_for_inside(answers, ask, f"flow-{instrument.key}", words.FLOW_TITLE,
                               why_shut(answers, ask, instrument.key) or words.FLOW_KEPT)
    steps = flow_steps(result, instrument)
    context = answers.context(ask, result, instrument)
    flows = answers.summary(ask, (instrument.key,), (measure,)).flows
    if ask.audience == "inside" and flows:
        context = (flow_words.patients_sentence(flows[0]), *context)
    return Exhibit(
        f"flow-{instrument.key}", ask, words.flow_title(result), words.FLOW_TITLE,
        words.flow_reading(result, steps), words.FLOW_LIMITS, context,
        Grid(("Courses", "Still in", "Left before this step"),
             tuple((count(step.remaining), step.label, step.left) for step in steps)),
        Numbers((Column("Step", "text"), Column("Still in", "count"), Column("Left before this step", "count"),
                 Column("Why", "text")),
                tuple((step.label, step.remaining, step.lost, step.left) for step in steps)),
        _flow_chart(steps), (), answers.notes(ask, result, instrument), answers.marks(ask),
        figure=lambda palette: flow_figure(steps, palette))


def flow_steps(result: Any, instrument: Any) -> tuple[FlowStep, ...]:
    """The steps of a result; reasons that were pooled for an audience make one step, the last."""
    steps = flow_words.steps(result, instrument)
    pooled = result.left_out.get("pooled", 0)
    if not pooled:
        return steps
    return (*steps, FlowStep(steps[-1].remaining - pooled, words.JUDGED, pooled, words.pooled_words(pooled),
                             words.JUDGED, words.pooled_words(pooled)))


def _flow_chart(steps: Sequence[FlowStep]) -> Chart:
    return Chart("bars", tuple(sentence_case(step.short_label) for step in steps), (
        Series("Still in", tuple(step.remaining for step in steps), texts=tuple(count(one.remaining) for one in steps)),
        Series("Left before this step", tuple(step.lost or None for step in steps),
               texts=tuple(one.short_left if one.lost else "" for one in steps), ink="unchanged")), "courses")


def severity(answers: Answers, ask: Ask) -> Exhibit | None:
    """The same courses by band, at the start and at the end; missing where the scale has no bands."""
    instrument = answers.instrument(ask)
    key = f"severity-{instrument.key}"
    if not instrument.bands:
        return None
    if ask.audience != "inside" and ask.disclosure.rounding is not None:
        return kept_for_inside(answers, ask, key, words.BANDS_TITLE, page_words.ROUNDED_KEPT)
    bands = answers.bands(ask, instrument.key)
    if bands is None:
        return kept_for_inside(answers, ask, key, words.BANDS_TITLE,
                               why_shut(answers, ask, instrument.key) or words.BANDS_KEPT)
    labels, before, after = (bands[name].tolist() for name in ("band", "baseline", "endpoint"))
    total = sum(before)
    result = answers.result(ask, instrument.key, headline_measure(instrument))
    texts = [tuple(overview.piece_text(number, total) for number in pair) for pair in zip(before, after, strict=True)]
    return Exhibit(
        key, ask, words.bands_title(labels, before, after, instrument),
        f"{words.BANDS_TITLE} ({instrument.title})", overview.bands_sentence(labels, before, after, instrument),
        words.BANDS_LIMITS, (words.bands_counts(total), *answers.context(ask, None, instrument)),
        Grid(("Band", "At the start", "At the end"), tuple(
            (label, count(one), count(other)) for label, one, other in zip(labels, before, after, strict=True))),
        _bands_numbers(labels, before, after, total), _bands_chart(labels, before, after, texts, total), (),
        answers.notes(ask, result, instrument), answers.marks(ask),
        figure=lambda palette: severity_figure(labels, bands["baseline"].to_numpy(), bands["endpoint"].to_numpy(),
                                               texts, palette))


def _bands_numbers(labels: Sequence[str], before: Sequence[int], after: Sequence[int], total: int) -> Numbers:
    columns = (Column("Band", "text"), Column("At the start", "count"), Column("At the end", "count"),
               Column("Share at the start", "percent"), Column("Share at the end", "percent"))
    return Numbers(columns, tuple(
        (label, one, other, *((one / total, other / total) if total >= overview.SMALLEST_SHOWN else (None, None)))
        for label, one, other in zip(labels, before, after, strict=True)))


def _bands_chart(
    labels: Sequence[str], before: Sequence[int], after: Sequence[int], texts: Sequence[tuple[str, str]], total: int
) -> Chart | None:
    if not total:
        return None
    shades = severity_places(len(labels))
    return Chart("stacked", words.SIDES, tuple(
        Series(label, (one / total, other / total), texts=pair, ink=SHADES[shade])
        for label, one, other, pair, shade in zip(labels, before, after, texts, shades, strict=True)))
