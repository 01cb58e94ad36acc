"""Exhibits of single measures: one card as a slide, and item 9 as one chart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from analytics.definitions.measures import MEASURES
from analytics.figures.intervals import interval_figure
from analytics.reports.exhibits_answers import Answers
from analytics.reports.exhibits_data import Ask, Chart, Exhibit
from analytics.reports.exhibits_kept import kept_by_gate_or
from analytics.reports.exhibits_rates import (
    card_of,
    chart_of,
    headline_measure,
    line_of,
    measures_grid,
    measures_numbers,
    points_of,
    title_of,
)
from analytics.results.disclosure_gate import HARM
from analytics.results.safety_item9 import ITEM_9
from analytics.wording import exhibits as words
from analytics.wording import exhibits_pages as page_words


def card(answers: Answers, ask: Ask) -> Exhibit:
    """One measure with its counts and its interval; the public is told of a benefit with the harm beside it.

    Raises
    ------
    ValueError
        When the instrument does not have the measure.
    """
    instrument = answers.instrument(ask)
    measure = ask.measure or headline_measure(instrument)
    read_from = answers.measured(ask, measure) if measure in MEASURES else instrument
    if measure not in {one.key for one in answers.of.measures_of(read_from.key)}:
        raise ValueError(f"The scale {read_from.title} has no measure called {measure!r}.")
    key = f"card-{measure}-{read_from.key}"
    summary = answers.summary(ask, (read_from.key,), (measure,))
    found = [(one, read_from) for one in summary.results if one.instrument == read_from.key and one.measure == measure]
    result = found[0][0]
    if result.withheld:
        named = key, words.measure_name(measure, read_from), read_from.key
        return kept_by_gate_or(answers, ask, named, page_words.ALL_SMALL_KEPT, summary)
    found += [(one, read_from) for one in summary.results
              if ask.audience == "public" and one.instrument == read_from.key and one.measure in HARM
              and one.measure != measure and not one.stratum]
    is_mean = measure == "mean_improvement"
    lines = [line_of(one, title_of(one, named)) for one, named in found]
    return Exhibit(
        key, ask, words.mean_title(result, read_from) if is_mean else words.rate_title(result, read_from),
        words.measure_line(measure, read_from),
        words.mean_reading(result) if is_mean else words.rate_reading(result, read_from), words.rate_limits(result),
        answers.context(ask, result, read_from, summary), measures_grid(found), measures_numbers(found),
        chart_of(found, read_from), tuple(card_of(one, named) for one, named in found),
        answers.notes(ask, result, read_from), answers.marks(ask),
        figure=lambda palette: interval_figure(
            lines[:1], None, palette, points_of(measure, read_from), is_harm=MEASURES[measure].direction == "harm"))


def item9(answers: Answers, ask: Ask) -> Exhibit | None:
    """Item 9 at the endpoint in its four measures; missing where the scale has none."""
    instrument = answers.instrument(ask)
    wanted = answers.measures(instrument, ITEM_9)
    if not wanted:
        return None
    key = f"item9-{instrument.key}"
    summary = answers.summary(ask, (instrument.key,), wanted)
    found: Sequence[tuple[Any, Any]] = [
        (one, instrument) for one in (summary.result(instrument.key, name) for name in wanted) if one is not None]
    if all(one.withheld for one, _ in found):
        named = key, page_words.ITEM9_TITLE.format(instrument.title), instrument.key
        return kept_by_gate_or(answers, ask, named, page_words.ALL_SMALL_KEPT, summary)
    lines = [line_of(one, title_of(one, named)) for one, named in found]
    chart: Chart = chart_of(found, instrument)
    first = next(one for one, _ in found if not one.withheld)
    return Exhibit(
        key, ask, page_words.item9_title(instrument, lines),
        page_words.ITEM9_TITLE.format(instrument.title), words.harm_reading([one for one, _ in found]),
        page_words.ITEM9_LIMITS, answers.context(ask, first, instrument, summary), measures_grid(found),
        measures_numbers(found), chart, (), answers.notes(ask, first, instrument), answers.marks(ask),
        figure=lambda palette: interval_figure(lines, None, palette))
