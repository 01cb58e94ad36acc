"""Sites and clinicians in a funnel: what chance explains, and who lies beyond it."""

import pytest

from analytics.results.funnels import funnel_plot, is_unit
from analytics.results.groups import groups
from tests.drawn import attribute, induction, outcomes_of, score


def cohort(**sites):
    """Sites with (responders, courses); a second patient attribute says nothing."""
    scores, sessions, attributes, number = [], [], [], 0
    for site, (x, n) in sites.items():
        for place in range(n):
            patient, number = f"p{number:04d}", number + 1
            scores += [score(patient, 0, 20), score(patient, 30, 5 if place < x else 18)]
            sessions += induction(patient, days=(0, 3, 7, 10))
            attributes += [attribute(patient, "site", site)] if site != "none" else []
    return outcomes_of(scores, sessions, attributes)


def plot(of, order="name", **options):
    return funnel_plot(groups(of, "phq9", "response", ["site"], order=order), of, **options)


def places(found):
    return {unit.value: (unit.place, unit.side) for unit in found.units}


@pytest.mark.parametrize(("name", "is_so"), [
    ("site", True), ("Clinic", True), ("provider_code", True), ("treating clinician", True), ("centre", True),
    ("office location", True), ("indication", False), ("sex", False), ("clinical status", False),
    ("infusion site", False), ("state", False), ("route", False)])
def test_sites_and_clinicians_are_known_by_their_names(name, is_so):
    assert is_unit(name) is is_so


def test_a_unit_beyond_chance_is_told_by_how_far_and_to_which_side():
    found = plot(cohort(A=(20, 40), B=(19, 40), C=(21, 40), High=(36, 40), Low=(10, 40)))
    assert found.target == 106 / 200
    assert places(found) == {"A": ("inside", 0), "B": ("inside", 0), "C": ("inside", 0), "High": ("beyond_998", 1),
                             "Low": ("beyond_998", -1)}


def test_one_of_one_never_signals_whatever_is_asked():
    found = plot(cohort(A=(2, 40), One=(1, 1)), least_n=1)
    assert places(found)["One"] == ("too_small", 0)
    assert found.least_n == 2


def test_the_least_number_is_judged_and_one_less_is_not():
    of = cohort(A=(30, 60), Nine=(9, 9), Ten=(10, 10))
    found = places(plot(of, least_n=10))
    assert found["Nine"] == ("too_small", 0) and found["Ten"][0].startswith("beyond")


def test_a_unit_that_is_not_recorded_is_in_the_common_rate_and_no_unit():
    found = plot(cohort(A=(10, 20), none=(0, 20)))
    assert [unit.value for unit in found.units] == ["A"]
    assert found.target == 10 / 40 and found.n_not_recorded == 20


def test_limits_widen_where_units_vary_beyond_chance():
    of = cohort(A=(5, 40), B=(35, 40), C=(10, 40), D=(30, 40), E=(20, 40), F=(8, 40), G=(33, 40))
    plain, spread = plot(of), plot(of, is_overdispersed=True)
    assert plain.phi == 1 and spread.phi > 3
    n_beyond = [sum(unit.side != 0 for unit in found.units) for found in (plain, spread)]
    assert n_beyond[0] > n_beyond[1]
    assert (spread.low[0] <= plain.low[0]).all() and (spread.high[0] >= plain.high[0]).all()


def test_too_few_units_for_overdispersion_say_so():
    found = plot(cohort(A=(10, 20), B=(5, 20)), is_overdispersed=True)
    assert found.phi == 1 and "at least 5 units" in found.why[0]


def case_mix():
    """Heavy sees severe courses, Light mild ones; within a severity they do equally well."""
    scores, sessions, attributes, number = [], [], [], 0
    for site, baseline, x, n in (("Heavy", 26, 12, 60), ("Heavy", 12, 8, 12), ("Light", 26, 4, 20),
                                 ("Light", 12, 52, 78), ("Even", 26, 8, 40), ("Even", 12, 28, 40)):
        for place in range(n):
            patient, number = f"p{number:04d}", number + 1
            scores += [score(patient, 0, baseline), score(patient, 30, 5 if place < x else baseline - 2)]
            sessions += induction(patient)
            attributes += [attribute(patient, "site", site)]
    return outcomes_of(scores, sessions, attributes)


@pytest.mark.parametrize("order", ["name", "size"])
def test_case_mix_sets_units_where_their_own_courses_lead_one_to_expect(order):
    of = case_mix()
    plain = places(plot(of, order))
    assert plain["Heavy"][1] == -1 and plain["Light"][1] == 1
    found = plot(of, order, is_adjusted=True)
    assert found.is_adjusted and not found.why
    assert places(found) == {"Heavy": ("inside", 0), "Light": ("inside", 0), "Even": ("inside", 0)}
    # One covariate of two values fits each severity's own rate: 24 of 120 of the severe, 88 of 130 of the mild.
    expected = {unit.value: unit.expected for unit in found.units}
    assert expected == pytest.approx({"Heavy": 60 * 24 / 120 + 12 * 88 / 130, "Light": 20 * 24 / 120 + 78 * 88 / 130,
                                      "Even": 40 * 24 / 120 + 40 * 88 / 130}, abs=1e-4)
    heavy = next(unit for unit in found.units if unit.value == "Heavy")
    assert heavy.ratio == pytest.approx(20 / expected["Heavy"], abs=1e-4)
    assert heavy.estimate == pytest.approx(heavy.ratio * found.target)
    assert heavy.low < heavy.ratio < heavy.high and heavy.low < 1 < heavy.high


def test_without_enough_events_there_is_no_adjustment_and_a_reason():
    found = plot(cohort(A=(4, 20), B=(3, 20)), is_adjusted=True)
    assert not found.is_adjusted and "10 courses of either result" in found.why[0]
    assert found.units[0].ratio is None and found.units[0].estimate == 4 / 20


@pytest.mark.parametrize("sites", [{"A": (0, 20), "B": (0, 30)}, {"A": (20, 20), "B": (30, 30)}])
def test_none_and_all_have_no_unit_beyond(sites):
    assert {place for place, _ in places(plot(cohort(**sites))).values()} == {"inside"}


def test_nobody_to_count_gives_an_empty_funnel():
    of = outcomes_of([score("p", 0, 3)], induction("p"), [attribute("p", "site", "A")])
    found = plot(of)
    assert found.target is None and found.units == ()


def test_a_mean_and_two_attributes_are_refused():
    of = cohort(A=(5, 10))
    with pytest.raises(ValueError, match="one rate by one attribute"):
        funnel_plot(groups(of, "phq9", "mean_improvement", ["site"]), of)
    with pytest.raises(ValueError, match="one rate by one attribute"):
        funnel_plot(groups(of, "phq9", "response", ["site", "kind"]), of)
