"""What the Compare page asks: two values of an attribute, all its values, or two cohorts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from analytics.app import dataset_notes
from analytics.app.questions import Question
from analytics.app.view import Filters, View
from analytics.results.baseline_table import baseline_table
from analytics.results.before_after import before_after
from analytics.results.comparison import Standing, compare_measures
from analytics.results.comparison_sides import Cohort, Cohorts, Levels
from analytics.wording.rules import cohort_sentence


def groups(question: Question) -> Levels | Cohorts:
    """The groups of the view."""
    first, second = question.view.side_a, question.view.side_b
    if not is_of_sides(question.view):
        return Levels(question.by or "")
    if not is_pair_of_values(question.view):
        return Cohorts(*(Cohort(name, question.where_of(side)) for name, side in zip(
            names_of_sides(question), (first, second), strict=True)))
    name, words = question.dataset.shape.attributes[first[0][0]]
    places = (first[0][1][0], second[0][1][0])
    return Levels(question.column(name), tuple(None if place is None else words[place] for place in places))


def is_pair_of_values(view: View) -> bool:
    """Whether the two sides are one value each of the same attribute."""
    first, second = view.side_a, view.side_b
    return (len(first) == len(second) == 1 and first[0][0] == second[0][0]
            and len(first[0][1]) == len(second[0][1]) == 1 and first != second)


def is_of_sides(view: View) -> bool:
    """Whether two sides were chosen, and not all values of an attribute."""
    return bool(view.side_a or view.side_b)


def can_filter(view: View, side: Filters) -> bool:
    """Whether a side's filters can be added to those of the view: no attribute stands in both."""
    return not {place for place, _ in view.filters} & {place for place, _ in side}


def names_of_sides(question: Question) -> tuple[str, str]:
    """What two cohorts are called: by the name they were kept under, else by their filters."""
    kept = {filters: name for name, filters in dataset_notes.cohorts(question.dataset).items()}
    first, second = (kept.get(side) or cohort_sentence(question.where_of(side))
                     for side in (question.view.side_a, question.view.side_b))
    return (first, second) if first != second else (f"{first} (A)", f"{second} (B)")


def comparison(question: Question, measure: str, standing: Standing) -> Any:
    """The groups in one measure of the headline instrument. Raises ValueError where they cannot be compared."""
    return replace(_comparisons(question, question.read_from(measure).key, groups(question))[measure],
                   standing=standing)


def comparisons(question: Question) -> list[Any]:
    """The groups in every measure of the headline instrument, and in those of the NHS set."""
    measures, compared = question.measures(), groups(question)
    return [_comparisons(question, question.read_from(one).key, compared)[one] for one in measures]


def _comparisons(question: Question, key: str, compared: Levels | Cohorts) -> dict[str, Any]:
    """Every measure that is read from one instrument: together they take little longer than one."""
    view = question.view
    measures = [one for one in question.measures() if question.read_from(one).key == key]
    found = question.answer("comparisons", lambda: compare_measures(
        question.outcomes, key, measures, compared, where=question.where, courses=view.unit,
        landmark=view.landmark), key, *_rests_on(view, compared))
    return dict(zip(measures, found, strict=True))


def _rests_on(view: View, compared: Levels | Cohorts) -> tuple[Any, ...]:
    names = (compared.a.name, compared.b.name) if isinstance(compared, Cohorts) else ()
    return view.by, view.side_a, view.side_b, view.unit, view.landmark, names


def table_at_the_start(question: Question) -> Any:
    """What the groups were like before treatment."""
    key, compared = question.measured.key, groups(question)
    return question.answer("baseline table", lambda: baseline_table(
        question.outcomes, key, question.measure, compared, where=question.where,
        landmark=question.view.landmark), key, question.measure, *_rests_on(question.view, compared))


def change_of(question: Question, side: Filters) -> Any:
    """How far the scores of one cohort moved; an empty side is all courses of the filters."""
    assert question.instrument is not None, "A change is asked for a dataset with an instrument."
    key, where = question.instrument.key, {**question.where, **question.where_of(side)}
    return question.answer("before after", lambda: before_after(question.outcomes, key, where), key, side)


def code(question: Question, measure: str) -> str:
    """The code of one comparison, by which it is declared primary and counted; never a text of a file."""
    view = question.view
    where = (None if is_of_sides(view) else view.by, view.filters, view.side_a, view.side_b)
    return f"{where}|{question.read_from(measure).key}|{measure}"


def standing(question: Question) -> Standing:
    """Whether the comparison in view is the primary one, and of how many that were looked at it is one."""
    codes = [code(question, measure) for measure in question.measures()]
    n_seen = dataset_notes.count_comparison(question.dataset, *codes)
    is_primary = dataset_notes.primary(question.dataset) == code(question, question.measure)
    return Standing("primary" if is_primary else "exploratory", n_seen)
