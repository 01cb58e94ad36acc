"""Exhibits of rates: the headline with its cards, groups, harm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from analytics.definitions.instruments import Instrument
from analytics.definitions.measures import MEASURES
from analytics.figures.intervals import interval_figure
from analytics.reports.exhibits_answers import Answers
from analytics.reports.exhibits_data import Ask, Card, Chart, Column, Exhibit, Ink, Numbers, Series
from analytics.reports.exhibits_kept import kept_by_gate_or
from analytics.reports.sections import Grid
from analytics.results.disclosure_gate import harm_of
from analytics.results.summary import Summary
from analytics.wording import definitions, rates
from analytics.wording import disclosure as disclosure_words
from analytics.wording import exhibits as words
from analytics.wording import exhibits_pages as page_words
from analytics.wording import groups as group_words
from analytics.wording.numbers import count, percent, sentence_case
from analytics.wording.rates import UNSTABLE, Line
from analytics.wording.rules import attribute, level

CARDS = ("response", "remission", "mean_improvement", "worsening", "item9_resolved", "follow_up")
PAIN_CARDS = ("pain_30", "pain_50", "mean_improvement", "worsening", "follow_up")
HARM = ("worsening", "reliable_deterioration", "item9_new", "item9_increased")

_INKS: dict[str, Ink] = {"benefit": "accent", "harm": "worsened", "process": "muted"}
_RATE_COLUMNS = (
    Column("Numerator", "count"), Column("Denominator", "count"), Column("Rate", "percent"),
    Column("Low", "percent"), Column("High", "percent"), Column("If the lost had failed", "percent"),
    Column("Courses", "count"), Column("Left out", "count"),
)
_MEAN_COLUMNS = (Column("Courses counted", "count"), Column("Mean", "points"), Column("Mean: low", "points"),
                 Column("Mean: high", "points"), Column("Standard deviation", "points"), Column("Courses", "count"),
                 Column("Left out", "count"))


def line_of(result: Any, title: str) -> Line:
    """A result in words under a title; one that is withheld says so and holds no number."""
    if result.withheld:
        return Line(title, words.WITHHELD, "", "", words.WITHHELD)
    return replace(rates.drawn_line(replace(result, stratum={})), title=title)


def headline_measure(instrument: Instrument) -> str:
    """The measure of the headline: pain is judged by its own."""
    return "pain_30" if instrument.is_pain else "response"


def headline(answers: Answers, ask: Ask) -> Exhibit:
    """How many got better and how sure we are, with the cards: benefit, harm, item 9, pain, follow-up."""
    instrument = answers.instrument(ask)
    measure = ask.measure or headline_measure(instrument)
    summary, found = _cards(answers, ask, instrument)
    result = next(one for one, named in found if one.measure == measure and named is instrument)
    if all(one.withheld for one, _ in found):
        named = f"headline-{instrument.key}", words.measure_name(measure, instrument), instrument.key
        return kept_by_gate_or(answers, ask, named, page_words.ALL_SMALL_KEPT, summary)
    shares = [(one, named) for one, named in found if one.measure != "mean_improvement"]
    return Exhibit(
        f"headline-{instrument.key}", ask, words.rate_title(result, instrument),
        words.measure_line(measure, instrument), words.rate_reading(result, instrument), words.rate_limits(result),
        answers.context(ask, result, instrument, summary), measures_grid(found), measures_numbers(found),
        measures_chart(shares), tuple(card_of(one, named) for one, named in found),
        answers.notes(ask, result, instrument), answers.marks(ask), figure=_measures_figure(shares))


def _cards(answers: Answers, ask: Ask, instrument: Instrument) -> tuple[Summary, list[tuple[Any, Instrument]]]:
    wanted = answers.measures(instrument, PAIN_CARDS if instrument.is_pain else CARDS)
    if ask.measure and ask.measure not in wanted:
        wanted = (ask.measure, *wanted)
    summary = answers.summary(ask, (instrument.key,), wanted)
    # The pair of the NHS set comes along where it is judged on this scale; its results have cards of their own.
    found = {one.measure: one for one in summary.results if one.instrument == instrument.key}
    cards = [(found[key], instrument) for key in wanted]
    pain = None if instrument.is_pain else answers.pain()
    if pain is not None:
        result = answers.result(ask, pain.key, "pain_30")
        cards.insert(len(cards) - 1, (result, pain))
    return summary, cards


def harm(answers: Answers, ask: Ask) -> Exhibit:
    """What got worse, as large as what got better: any worsening, reliable deterioration, item 9, other scales."""
    instrument = answers.instrument(ask)
    summary = answers.summary(ask, (instrument.key,), answers.measures(instrument, HARM))
    own = {one.measure: one for one in summary.results if one.instrument == instrument.key}
    found = [(own[key], instrument) for key in HARM if key in own]
    for key in answers.of.instrument_keys:
        if key != instrument.key:
            found.append((answers.result(ask, key, "worsening"), answers.of.instruments[key]))
    worse = found[0][0]
    if all(one.withheld for one, _ in found):
        named = f"harm-{instrument.key}", words.measure_name("worsening", instrument), instrument.key
        return kept_by_gate_or(answers, ask, named, page_words.ALL_SMALL_KEPT, summary)
    return Exhibit(
        f"harm-{instrument.key}", ask, words.harm_title(worse, instrument),
        words.measure_line("worsening", instrument),
        words.harm_reading([one for one, named in found if named is instrument]), words.rate_limits(worse),
        answers.context(ask, worse, instrument), measures_grid(found), measures_numbers(found),
        measures_chart(found, instrument), (), answers.notes(ask, worse, instrument), answers.marks(ask),
        figure=_measures_figure(found, instrument))


def strata(answers: Answers, ask: Ask) -> Exhibit:
    """One measure by one attribute or two, in the order of the values and never of their rates.

    Raises
    ------
    ValueError
        When no attribute, or one that is not there, is asked for.
    """
    if not ask.by:
        raise ValueError("An exhibit of groups takes the attribute to group by.")
    instrument = answers.instrument(ask)
    measure = ask.measure or headline_measure(instrument)
    instrument = answers.measured(ask, measure)
    summary = answers.summary(ask, (instrument.key,), (measure,), ask.by)
    overall, *cells = [one for one in summary.results if (one.instrument, one.measure) == (instrument.key, measure)]
    key = f"{measure}-by-{'-'.join(ask.by)}-{instrument.key}"
    lines = [line_of(one, ", ".join(level(name, value) for name, value in one.stratum.items())) for one in cells]
    if cells and all(one.withheld for one in cells):
        return kept_by_gate_or(answers, ask, (key, group_words.title(measure, ask.by), instrument.key),
                               words.STRATA_KEPT, summary)
    whole = line_of(overall, words.LABELS["all"])
    reading = words.strata_reading(measure, ask.by, lines)
    if ask.audience == "public":
        reading = f"{reading} {_harm_of_groups(summary, cells)}".strip()
    return Exhibit(
        key, ask, words.strata_title(measure, ask.by, lines),
        words.measure_line(measure, instrument), reading,
        words.strata_limits(ask.by), answers.context(ask, overall, instrument, summary),
        _strata_grid(ask.by, lines, cells), _strata_numbers(ask.by, cells),
        strata_chart(lines, whole, measure, instrument), (), answers.notes(ask, overall, instrument),
        answers.marks(ask), figure=_strata_figure(lines, whole, measure, instrument))


def _harm_of_groups(summary: Summary, cells: Sequence[Any]) -> str:
    """The share that got worse of every group whose result is told, in the same breath as its benefit."""
    told = [one.stratum for one in cells if not one.withheld]
    harm = harm_of(summary.of, cells[0].instrument)
    if MEASURES[cells[0].measure].direction != "benefit" or harm is None:
        return ""
    return " ".join(disclosure_words.harm_of_group(summary.told, one) for one in summary.results if (
        one.instrument, one.measure) == (cells[0].instrument, harm) and one.stratum in told)


def _measures_figure(found: Sequence[tuple[Any, Any]], plain: Any = None) -> Any:
    lines = [line_of(one, title_of(one, named, plain)) for one, named in found]
    inks = [_INKS[MEASURES[one.measure].direction] for one, _ in found]
    return lambda palette: interval_figure(lines, None, palette, inks=inks)


def _strata_figure(lines: Sequence[Line], whole: Line, measure: str, instrument: Any) -> Any:
    unit = points_of(measure, instrument)
    is_harm = MEASURES[measure].direction == "harm"
    return lambda palette: interval_figure(lines, whole, palette, unit, is_harm=is_harm)


def points_of(measure: str, instrument: Any) -> str | None:
    """What the axis of a mean counts; missing for a rate."""
    return f"{instrument.title}, points better" if measure == "mean_improvement" else None


def title_of(result: Any, instrument: Any, plain: Any = None) -> str:
    """A measure's short name, with the scale where it is another than the exhibit's."""
    title = definitions.CARD_TITLES.get(result.measure) or definitions.measure_title(MEASURES[result.measure])
    if MEASURES[result.measure].at_risk is not None:
        title = definitions.measure_title(MEASURES[result.measure])
    return title if plain is None or instrument is plain else f"{title}, {instrument.title}"


def card_of(result: Any, instrument: Any) -> Card:
    """A result as a card."""
    line = line_of(result, title_of(result, instrument))
    return Card(line.title, line.shown, line.counts, line.interval, line.mark,
                MEASURES[result.measure].direction == "harm")


def measures_chart(found: Sequence[tuple[Any, Any]], plain: Any = None) -> Chart:
    """Several measures in one chart: one series for what is better, one for what is worse, one for neither."""
    names = {"benefit": "Better", "harm": "Worse", "process": "Followed up"}
    lines = [line_of(one, title_of(one, named, plain)) for one, named in found]
    directions = [MEASURES[one.measure].direction for one, _ in found]
    series = [_series(names[direction], [line if own == direction else None
                                         for line, own in zip(lines, directions, strict=True)], _INKS[direction])
              for direction in names if direction in directions]
    return Chart("interval", tuple(line.title for line in lines), tuple(series))


def chart_of(found: Sequence[tuple[Any, Any]], instrument: Any) -> Chart:
    """One measure first, and what stands beside it in the same unit."""
    result = found[0][0]
    if result.measure != "mean_improvement":
        return measures_chart([one for one in found if one[0].measure != "mean_improvement"], instrument)
    line = line_of(result, title_of(result, instrument))
    return strata_chart([line], replace(line, estimate=None), result.measure, instrument)


def strata_chart(lines: Sequence[Line], whole: Line, measure: str, instrument: Any) -> Chart:
    """One measure in every group, with the whole cohort behind."""
    is_mean = measure == "mean_improvement"
    overall = None if whole.estimate is None else (f"{whole.title}: {whole.shown}", whole.estimate)
    series = _series(definitions.measure_title(MEASURES[measure]), lines, _INKS[MEASURES[measure].direction])
    return Chart("interval", tuple(line.title for line in lines), (series,), "points" if is_mean else "percent",
                 points_of(measure, instrument) or "", overall)


def _series(name: str, lines: Sequence[Line | None], ink: Ink) -> Series:
    def numbers(field: str) -> tuple[float | None, ...]:
        return tuple(None if line is None else getattr(line, field) for line in lines)

    texts = tuple("" if line is None else _beside(line) for line in lines)
    return Series(name, numbers("estimate"), numbers("low"), numbers("high"), texts,
                  tuple("" if line is None else _rests_on(line) for line in lines),
                  tuple(line is not None and line.mark == UNSTABLE for line in lines), ink)


def _rests_on(line: Line) -> str:
    if line.estimate is None:
        return _beside(line)
    return f"{line.counts}{', unstable' if line.mark == UNSTABLE else ''}"


def _beside(line: Line) -> str:
    """What stands beside a mark: its rate and counts, and why there is none."""
    if line.estimate is None:
        return ", ".join(filter(None, (line.shown if line.shown != "\N{EN DASH}" else "", line.counts)))
    return f"{line.shown}, {line.counts}{', unstable' if line.mark == UNSTABLE else ''}"


def measures_grid(found: Sequence[tuple[Any, Any]]) -> Grid:
    """Measures in words, one a row."""
    rows = []
    for result, instrument in found:
        line = line_of(result, title_of(result, instrument))
        rows.append((f"{line.title} ({instrument.title})", line.shown, line.counts, line.interval, _failed(result),
                     line.mark))
    return Grid(("Measure", "Result", "Of those judged", "95 % interval", "If the lost had failed", ""), tuple(rows))


def _strata_grid(by: Sequence[str], lines: Sequence[Line], cells: Sequence[Any]) -> Grid:
    name = sentence_case(" and ".join(attribute(one) for one in by))
    rows = tuple((line.title, line.shown, line.counts, line.interval, _failed(cell),
                  "" if cell.courses is None or cell.withheld else count(cell.courses), line.mark)
                 for line, cell in zip(lines, cells, strict=True))
    return Grid((name, "Result", "Of those judged", "95 % interval", "If the lost had failed", "Courses", ""), rows)


def _failed(result: Any) -> str:
    failed = getattr(result, "missing_as_failure", None)
    is_told = failed is not None and not result.withheld and rates.is_shown(result)
    return percent(failed.estimate) if is_told else ""


def measures_numbers(found: Sequence[tuple[Any, Any]]) -> Numbers:
    """The same, unrounded."""
    is_mean = [one.measure == "mean_improvement" for one, _ in found]
    means = _MEAN_COLUMNS[:5] if any(is_mean) else ()
    rows = tuple((
        definitions.measure_title(MEASURES[one.measure]), named.title,
        *((None,) * 6 + _mean_cells(one)[5:] if mean else _rate_cells(one)),
        *(_mean_cells(one)[:5] if mean else (None,) * len(means))) for (one, named), mean in zip(
            found, is_mean, strict=True))
    return Numbers((Column("Measure", "text"), Column("Scale", "text"), *_RATE_COLUMNS, *means), rows)


def _strata_numbers(by: Sequence[str], cells: Sequence[Any]) -> Numbers:
    is_mean = bool(cells) and cells[0].measure == "mean_improvement"
    columns = tuple(Column(sentence_case(attribute(name)), "text") for name in by)
    rows = tuple((*(level(name, value) for name, value in one.stratum.items()),
                  *(_mean_cells(one) if is_mean else _rate_cells(one))) for one in cells)
    return Numbers((*columns, *(_MEAN_COLUMNS if is_mean else _RATE_COLUMNS)), rows)


def _rate_cells(result: Any) -> tuple[float | None, ...]:
    """Numerator to left out; nothing of a result that is withheld, no percentage of fewer than are shown."""
    if result.withheld:
        return (None,) * len(_RATE_COLUMNS)
    shown = (result.estimate, result.low, result.high) if rates.is_shown(result) else (None,) * 3
    failed = result.missing_as_failure.estimate if result.missing_as_failure and rates.is_shown(result) else None
    return (result.numerator, result.denominator, *shown, failed, result.courses, _left(result))


def _mean_cells(result: Any) -> tuple[float | None, ...]:
    if result.withheld:
        return (None,) * len(_MEAN_COLUMNS)
    shown = (result.estimate, result.low, result.high, result.sd) if rates.is_shown(result) else (None,) * 4
    return (result.n, *shown, result.courses, _left(result))


def _left(result: Any) -> int | None:
    """All left out; missing where it is not told how many courses there were."""
    return None if result.courses is None else sum(result.left_out.values())
