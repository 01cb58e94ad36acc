"""The exhibit of a comparison: two groups in every measure, as differences with their intervals."""

from __future__ import annotations

from collections.abc import Sequence

from analytics.definitions.measures import MEASURES
from analytics.reports.exhibits_answers import Answers
from analytics.reports.exhibits_data import Ask, Chart, Column, Exhibit, Numbers, Series
from analytics.reports.exhibits_kept import kept_for_inside, why_shut
from analytics.reports.exhibits_rates import headline_measure
from analytics.reports.sections import Grid, Section
from analytics.results.comparison import Comparison, compare_measures
from analytics.results.comparison_sides import Cohort, Cohorts, Levels, SettledLater
from analytics.results.disclosure_comparison import disclosed_comparison
from analytics.wording import comparison_tables as tables
from analytics.wording import definitions, exhibits_pages
from analytics.wording import disclosure as disclosure_words
from analytics.wording.comparison import reading
from analytics.wording.comparison_notes import notes
from analytics.wording.comparison_phrases import headline_of, name_of
from analytics.wording.definitions import measure_title
from analytics.wording.numbers import SMALLEST_SHOWN


def compare(answers: Answers, ask: Ask) -> Exhibit:
    """Two groups: the chosen measure in words, every measure as a difference with its interval.

    Raises
    ------
    ValueError
        When it is not asked for two groups, or they cannot be compared.
    """
    instrument = answers.instrument(ask)
    measure = ask.measure or headline_measure(instrument)
    found = _found(answers, ask, measure)
    key, title = f"compare-{measure}-{instrument.key}", exhibits_pages.compared_title(found[0])
    shut = why_shut(answers, ask, instrument.key)
    if shut:
        return kept_for_inside(answers, ask, key, title, shut)
    told = [disclosed_comparison(answers.of, one, ask.disclosure, answers.page(ask)) if ask.audience != "inside"
            else one for one in found]
    if isinstance(told[0], str):
        why = disclosure_words.comparison_refused(found[0].by, told[0], ask.disclosure)
        return kept_for_inside(answers, ask, key, title, why)
    # Another measure of the same groups may be told beside the first or not, each by itself.
    return _exhibit(answers, ask, key, [one for one in told if not isinstance(one, str)],
                    [one.measure for one, kept in zip(found, told, strict=True) if isinstance(kept, str)])


def _found(answers: Answers, ask: Ask, measure: str) -> list[Comparison]:
    """The comparison in the chosen measure, then in all others of what it is read from."""
    read_from = answers.measured(ask, measure)
    measures = [measure, *(one.key for one in answers.of.measures_of(read_from.key) if one.key != measure)]
    landmark = ask.option("landmark")
    try:
        found = compare_measures(answers.of, read_from.key, measures, _groups(ask), where=ask.where,
                                 courses="all" if ask.option("courses") == "all" else "first",
                                 landmark=int(landmark) if landmark else None)
    except SettledLater as reason:
        raise ValueError(tables.settled_later(reason.name)) from None
    if len(found[0].groups) != 2:
        raise ValueError(f"A comparison of two groups was asked for; {len(found[0].groups)} came.")
    return list(found)


def _groups(ask: Ask) -> Levels | Cohorts:
    """Two values of one attribute, or two cohorts."""
    if len(ask.sides) != 2:
        raise ValueError("An exhibit of a comparison takes two sides.")
    (first, one), (second, other) = ask.sides
    is_pair = len(one) == len(other) == 1 and set(one) == set(other) and all(
        len(values) == 1 for side in (one, other) for values in side.values())
    if is_pair:
        (name, (value,)), (_, (against,)) = *one.items(), *other.items()
        return Levels(name, (value, against))
    return Cohorts(Cohort(first, dict(one)), Cohort(second, dict(other)))


def _exhibit(answers: Answers, ask: Ask, key: str, found: Sequence[Comparison], kept: Sequence[str]) -> Exhibit:
    first = found[0]
    said = reading(first)
    names = [name_of(first, one.value) for one in first.groups]
    rows = tuple(tables.measures_row(one) for one in found)
    rows += tuple((measure_title(MEASURES[one]), *(exhibits_pages.NOT_COMPARED,) * 3) for one in kept)
    is_inside = ask.audience == "inside"
    context = (exhibits_pages.direction_words(names[0]), exhibits_pages.EXPLORATORY,
               *(notes(first) if is_inside else ()))
    what = definitions.what_counts(MEASURES[first.measure], first.instrument)
    sheet = tuple(_sections(found)) if is_inside else ()
    return Exhibit(
        key, ask, exhibits_pages.comparison_title(first),
        f"{exhibits_pages.compared_title(first)}: {what} ({first.instrument.title})", said[0],
        said[1] if len(said) > 1 else exhibits_pages.COMPARE_LIMITS,
        (*context, *answers.context(ask, None, first.instrument)), Grid(tables.measures_header(first), rows),
        _numbers(found, names), _chart(found), (), sheet, answers.marks(ask))


def _sections(found: Sequence[Comparison]) -> list[Section]:
    first = found[0]
    second = name_of(first, first.groups[1].value)
    effects = tables.effects_rows(first.effect_sizes, second)
    made = [Section(exhibits_pages.TESTS_TITLE, (), Grid(tables.TESTS_HEADER, tables.tests_rows(first)))]
    if effects:
        made.append(Section(exhibits_pages.EFFECT_SIZES_TITLE, (), Grid(tables.EFFECTS_HEADER, effects)))
    return made


def _ends(one: Comparison) -> tuple[float | None, float | None, float | None]:
    """The difference with its interval: of shares in percentage points; missing where none may be shown."""
    headline, text = headline_of(one), tables.difference_text(one)
    if headline is None or not text.endswith(")"):
        return None, None, None
    ends = (headline.estimate, headline.low, headline.high)
    if MEASURES[one.measure].kind == "mean":
        return ends
    return tuple(exhibits_pages.percentage_points(end) for end in ends)  # type: ignore[return-value]


def _chart(found: Sequence[Comparison]) -> Chart | None:
    """Every share in one chart; means have another unit and stand in the table, unless a mean was asked for."""
    kind = MEASURES[found[0].measure].kind
    drawn = [one for one in found if MEASURES[one.measure].kind == kind]
    values, low, high = zip(*(_ends(one) for one in drawn), strict=True)
    if all(value is None for value in values):
        return None
    unit = exhibits_pages.FOREST_UNIT if kind == "rate" else exhibits_pages.FOREST_MEAN_UNIT
    texts = tuple(tables.difference_text(one) for one in drawn)
    counts = tuple("" if value is not None else text for value, text in zip(values, texts, strict=True))
    series = Series(unit, values, low, high, texts, counts, (False,) * len(drawn))
    return Chart("interval", tuple(measure_title(MEASURES[one.measure]) for one in drawn), (series,), "points", unit)


def _numbers(found: Sequence[Comparison], names: Sequence[str]) -> Numbers:
    columns = [Column("Measure", "text")]
    for name in names:
        columns += [Column(f"{name}: numerator", "count"), Column(f"{name}: courses", "count"),
                    Column(f"{name}: rate", "percent"), Column(f"{name}: mean", "points")]
    columns += [Column("Difference, percentage points or points", "points"), Column("Low", "points"),
                Column("High", "points")]
    rows = []
    for one in found:
        is_mean = MEASURES[one.measure].kind == "mean"
        cells: list[float | None] = []
        for group in one.groups:
            compared = group.compared
            shown = compared.estimate if compared.n >= SMALLEST_SHOWN else None
            cells += [compared.numerator, compared.n, None if is_mean else shown, shown if is_mean else None]
        rows.append((measure_title(MEASURES[one.measure]), *cells, *_ends(one)))
    return Numbers(tuple(columns), tuple(rows))
