"""Groups: one cell a combination, in an order that is never that of their rates."""

import pytest

from analytics.results.groups import groups
from analytics.results.rates import Mean
from tests.drawn import attribute, induction, outcomes_of, score


def cohort(*rows):
    """Patients of a site and a route: (site, route, baseline, endpoint); a missing word is not recorded."""
    scores, sessions, attributes = [], [], []
    for number, (site, arm, before, after) in enumerate(rows):
        patient = f"p{number:02d}"
        scores += [score(patient, 0, before)] + ([score(patient, 30, after)] if after is not None else [])
        sessions += induction(patient)
        attributes += [attribute(patient, name, value) for name, value in (("site", site), ("arm", arm)) if value]
    return outcomes_of(scores, sessions, attributes)


ROWS = [("North", "A", 20, 5), ("North", "A", 20, 18), ("South", "A", 20, 5), ("South", "B", 20, 6),
        ("South", "B", 20, 19), ("East", "B", 20, 20), (None, "B", 20, 4)]


def test_a_cell_holds_its_courses_and_nothing_else():
    found = groups(cohort(*ROWS), "phq9", "response", ["site"])
    assert [(cell.stratum["site"], cell.numerator, cell.denominator) for cell in found.cells] == [
        ("East", 0, 1), ("North", 1, 2), ("South", 2, 3), (None, 1, 1)]
    assert (found.overall.numerator, found.overall.denominator, found.overall.stratum) == (4, 7, {})
    assert found.levels == (("East", "North", "South", None),)


def test_by_size_the_larger_comes_first_and_names_settle_ties():
    found = groups(cohort(*ROWS), "phq9", "response", ["site"], order="size")
    assert [cell.stratum["site"] for cell in found.cells] == ["South", "North", "East", None]


@pytest.mark.parametrize("order", ["name", "size"])
def test_the_order_does_not_follow_the_rates(order):
    better = [(site, arm, 20, 5 if site == "East" else 20) for site, arm, _, _ in ROWS]
    worse = [(site, arm, 20, 20 if site == "East" else 5) for site, arm, _, _ in ROWS]
    first, second = (groups(cohort(*rows), "phq9", "response", ["site"], order=order) for rows in (better, worse))
    assert [cell.stratum for cell in first.cells] == [cell.stratum for cell in second.cells]


def test_two_attributes_cross_and_combinations_without_a_course_are_not_made_up():
    found = groups(cohort(*ROWS), "phq9", "response", ["site", "arm"])
    assert [(*cell.stratum.values(), cell.denominator) for cell in found.cells] == [
        ("East", "B", 1), ("North", "A", 2), ("South", "A", 1), ("South", "B", 2), (None, "B", 1)]
    assert found.levels == (("East", "North", "South", None), ("A", "B"))


def test_strata_add_up_to_the_whole():
    of = cohort(*ROWS, ("North", "B", 20, None), ("West", "B", 5, 2))
    found = groups(of, "phq9", "response", ["site", "arm"])
    for name in ("courses", "numerator", "denominator"):
        assert sum(getattr(cell, name) for cell in found.cells) == getattr(found.overall, name)
    assert next(cell for cell in found.cells if cell.stratum["site"] == "West").left_out == {"not_a_case": 1}


def test_a_mean_is_sorted_by_its_own_n():
    found = groups(cohort(*ROWS, ("East", "A", 20, None)), "phq9", "mean_improvement", ["site"], order="size")
    assert all(isinstance(cell, Mean) for cell in found.cells)
    assert [cell.n for cell in found.cells] == [3, 2, 1, 1]


def test_a_filter_leaves_only_its_courses():
    found = groups(cohort(*ROWS), "phq9", "response", ["site"], {"arm": ["B"]})
    assert [(cell.stratum["site"], cell.denominator) for cell in found.cells] == [("East", 1), ("South", 2), (None, 1)]


@pytest.mark.parametrize("by", [[], ["site", "arm", "route"]])
def test_none_or_three_attributes_are_refused(by):
    with pytest.raises(ValueError, match="One or two attributes"):
        groups(cohort(*ROWS), "phq9", "response", by)


def test_an_attribute_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match="no attribute called 'ward'"):
        groups(cohort(*ROWS), "phq9", "response", ["ward"])
