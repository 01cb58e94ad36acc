"""How long a response lasted, by what was given after it, beside a published figure, and where there is no effect."""

from __future__ import annotations

import numpy as np
import pytest

from analytics.results.cohorts import in_cohort
from analytics.results.durability import durability
from analytics.results.durability_landmark import at_landmark
from analytics.results.durability_published import beside, why_not
from analytics.results.survival_curves import curves
from benchmarks.no_effect import simulate
from tests.drawn import attribute, induction, outcomes_of, score, session

ENDPOINT = 30
"""Day of every endpoint here: within 31 days of the last induction session, on day 10; 41 is the window's last."""


def responder(*later, end=8, more=(), name="P1", **columns):
    """A course from 20 to a score on day 30, later scores from day 42 on, and more sessions."""
    scores = [score(name, 0, 20), score(name, ENDPOINT, end), *(score(name, day, total) for day, total in later)]
    return scores, [*induction(name, **columns), *(session(name, day, **columns) for day in more)]


def of_one(*later, preset="induction", settings=None, **keywords):
    return outcomes_of(*responder(*later, **keywords), preset=preset, settings=settings)


def told(found):
    return list(zip(found.time.tolist(), found.is_event.tolist(), strict=True))


@pytest.mark.parametrize(("later", "is_confirmed", "expected"), [
    ([(50, 11), (60, 15)], True, (20, True)),
    ([(50, 11), (60, 10), (70, 9)], True, (40, False)),
    ([(50, 11), (60, 10), (70, 9)], False, (20, True)),
    ([(50, 9), (60, 11)], True, (30, True)),
    ([(50, 11), (60, 10), (70, 12), (80, 12)], True, (40, True)),
    ([(50, 10), (60, 10)], False, (30, False)),
])
def test_a_loss_counts_from_the_first_of_two_scores_without_a_response(later, is_confirmed, expected):
    assert told(durability(of_one(*later), "phq9", confirm=is_confirmed)) == [expected]


@pytest.mark.parametrize(("total", "is_event"), [(9, False), (10, True)])
def test_a_relapse_is_a_score_at_the_caseness_line(total, is_event):
    of = of_one((50, 9), (60, total), end=4)
    assert told(durability(of, "phq9", start="remission")) == [(30, is_event)]


def test_those_without_it_at_the_endpoint_are_left_out_by_name():
    rows = [responder((50, 8), name="P1", end=5), responder((50, 8), name="P2", end=4),
            responder((50, 8), name="P3", end=12), responder(name="P4"), responder((50, 5), name="P5")]
    del rows[4][0][1]
    of = outcomes_of([one for scores, _ in rows for one in scores], [one for _, given in rows for one in given])
    remission, response = (durability(of, "phq9", start=start) for start in ("remission", "response"))
    assert (remission.course.tolist(), remission.left_out) == ([1], {"no_endpoint": 1, "no_remission": 3})
    assert response.left_out == {"no_endpoint": 1, "no_later_score": 1, "no_response": 1}
    assert len(response.course) + sum(response.left_out.values()) == len(of.courses)


def test_the_next_course_ends_the_watching_and_the_score_of_its_first_day_counts():
    def of(day):
        scores, given = responder((60, 8), (day, 15))
        return outcomes_of(scores, [*given, *induction("P1", 100)])

    assert told(durability(of(100), "phq9"))[0] == (70, True)
    assert told(durability(of(101), "phq9"))[0] == (30, False)


def test_a_score_after_the_next_courses_start_confirms_nothing():
    scores, given = responder((100, 15), (104, 8))
    found = durability(outcomes_of(scores, [*given, *induction("P1", 100)]), "phq9")
    assert told(found)[0] == (70, True)


@pytest.mark.parametrize(("maintenance", "expected", "left_out"), [
    (55, [(20, False)], {}),
    (50, [(20, False)], {}),
    (49, [], {"no_later_score": 1}),
    (30, [], {"no_later_score": 1}),
    (29, [], {"maintenance_before_endpoint": 1}),
])
def test_maintenance_ends_the_watching_where_asked(maintenance, expected, left_out):
    of = of_one((50, 8), (60, 15), (70, 15), more=(maintenance,))
    censored = durability(of, "phq9", censor_at_maintenance=True)
    assert (told(censored), censored.left_out) == (expected, left_out)
    assert told(durability(of, "phq9")) == [(30, True)]


def test_maintenance_on_the_day_of_an_unconfirmed_loss_leaves_it_standing():
    of = of_one((50, 8), (60, 15), (70, 8), more=(60,))
    assert told(durability(of, "phq9", censor_at_maintenance=True)) == [(30, True)]
    assert told(durability(of, "phq9")) == [(40, False)]


def test_the_gap_is_between_scores_while_watched():
    assert durability(of_one((50, 8), (54, 8), (80, 8)), "phq9").gap_days == 20
    nobody = durability(of_one(), "phq9")
    assert (len(nobody.course), nobody.gap_days) == (0, None)


def test_a_scale_without_remission_and_visits_are_refused():
    scores = [score("P1", day, 5, instrument="pain_nrs") for day in (0, ENDPOINT)]
    with pytest.raises(ValueError, match="no measure called remission"):
        durability(outcomes_of(scores, induction("P1")), "pain_nrs", start="remission")
    visits = outcomes_of([score("P1", None, 20, visit="a"), score("P1", None, 5, visit="b")], axis="visit",
                         visits=("a", "b"), preset="first_last")
    with pytest.raises(ValueError, match="visits without days"):
        durability(visits, "phq9")


# --- landmark -------------------------------------------------------------------------------------------------


def several(*courses, **columns):
    """Responders named in order, each with its later scores and sessions; the dose of all of a course's sessions."""
    rows = [responder(*later, name=f"P{place}", more=more, dose=dose, dose_unit=unit)
            for place, (later, more, dose, unit) in enumerate(courses)]
    return outcomes_of([one for scores, _ in rows for one in scores], [one for _, given in rows for one in given],
                       **columns)


def plain(*days, more=(), dose=None, unit=None, lost=None):
    """Later scores on days from the endpoint, the one on ``lost`` and those after it without a response."""
    return [(ENDPOINT + day, 15 if lost is not None and day >= lost else 8) for day in days], more, dose, unit


def test_the_landmarks_own_day_is_one_before_its_end():
    of = several(plain(28), plain(29), plain(28, lost=28), plain(20, 29, lost=29), plain(14, lost=14),
                 plain(20, lost=20))
    at = at_landmark(of, durability(of, "phq9"), "maintenance", 28)
    assert (at.found.course.tolist(), told(at.found)) == ([1, 3], [(1, False), (1, True)])
    assert (at.n_lost, at.n_not_watched) == (3, 1)
    with pytest.raises(ValueError, match="0 or more"):
        at_landmark(of, durability(of, "phq9"), "maintenance", -1)


def test_what_was_given_on_the_landmarks_day_counts_and_the_day_after_does_not():
    of = several(plain(60), plain(60, more=(58,)), plain(60, more=(59,)), plain(60, more=(40, 58)),
                 plain(60, more=(25, 40, 55)))
    at = at_landmark(of, durability(of, "phq9"), "maintenance", 28)
    assert [at.grouping.values[one] for one in at.grouping.of_course] == [
        "no maintenance", "1 maintenance session", "no maintenance", "2 or more", "2 or more"]
    sessions = at_landmark(of, durability(of, "phq9"), "sessions", 28).grouping
    assert [sessions.values[one] for one in sessions.of_course] == ["1 to 4", "5 or 6", "1 to 4", "5 or 6", "7 or 8"]


def test_the_highest_dose_so_far_with_its_unit_in_the_order_of_size():
    of = several(plain(60, dose=10, unit="mg"), plain(60, dose=0.5, unit="mg/kg"), plain(60, dose=9, unit="mg"),
                 plain(60), plain(60, dose=2))
    found = durability(of, "phq9")
    grouping = at_landmark(of, found, "dose", 28).grouping
    assert [grouping.values[one] if one >= 0 else None for one in grouping.of_course] == [
        "10 mg", "0.5 mg/kg", "9 mg", None, "2"]
    assert grouping.values.index("9 mg") < grouping.values.index("10 mg")
    assert grouping.why_none.tolist() == ["", "", "", "not_recorded", ""]


def test_a_higher_dose_after_the_landmark_plays_no_part_and_two_units_are_no_group():
    scores, given = responder((90, 8))
    rise = [*given, session("P1", 40, dose=2, dose_unit="mg"), session("P1", 59, dose=3, dose_unit="mg")]
    of = outcomes_of(scores, rise)
    assert at_landmark(of, durability(of, "phq9"), "dose", 28).grouping.values == ("2 mg",)
    of = outcomes_of(scores, [*given, session("P1", 40, dose=2, dose_unit="mg"),
                              session("P1", 41, dose=2, dose_unit="mg/kg")])
    assert at_landmark(of, durability(of, "phq9"), "dose", 28).grouping.why_none.tolist() == ["several_units"]


def test_without_sessions_there_is_no_landmark():
    of = outcomes_of([score("P1", 0, 20), score("P1", 30, 5), score("P1", 60, 5)], preset="first_last")
    with pytest.raises(ValueError, match="hold sessions"):
        at_landmark(of, durability(of, "phq9"), "maintenance", 28)


# --- published ------------------------------------------------------------------------------------------------


def test_ours_by_their_rules_are_watched_until_maintenance():
    rows = [responder((50, 8), (60, 15), name="P1"), responder((50, 8), (60, 15), name="P2", more=(50,))]
    of = outcomes_of([one for scores, _ in rows for one in scores], [one for _, given in rows for one in given],
                     [attribute("P1", "site", "A")], preset="induction_strict")
    found = beside(of)
    assert (found.why_not, found.curves.groups[0].n, found.curves.groups[0].n_events) == ("", 2, 1)
    assert beside(of, {"site": ("A",)}).curves.groups[0].n == 1
    assert beside(of, {"site": ("B",)}).why_not == "nobody"
    assert beside(of, {"ward": ("B",)}).why_not == "no_attribute"


def test_what_cannot_be_counted_their_way_says_why():
    assert why_not(outcomes_of([score("P1", 0, 20, instrument="gad7")], induction("P1"))) == "no_instrument"
    assert beside(outcomes_of([score("P1", 0, 20)], preset="first_last")).why_not == "no_sessions"
    visits = outcomes_of([score("P1", None, 20, visit="a")], induction("P1"), axis="visit", visits=("a", "b"),
                         preset="first_last")
    assert why_not(visits) == "no_days"


# --- no effect ------------------------------------------------------------------------------------------------


def test_maintenance_without_any_effect_shows_one_only_where_staying_well_makes_the_groups():
    found = simulate(60, 150, seed=4)
    naive = found.pop("maintenance at any time (naive)")
    assert naive.share > 0.5
    assert len(found) == 7
    for name, one in found.items():
        # With 5 in 100, more than 9 of 60 come in 1 of 1,000 cases.
        assert one.rejected <= 9, name
    assert found["maintenance, landmark 28 days"].tested > 50


def test_filters_and_curves_go_together():
    of = several(plain(60), plain(20, lost=20))
    found = durability(of, "phq9")
    assert in_cohort(of, {}).sum() == len(found.course) == 2
    at = at_landmark(of, found, "maintenance", 14)
    drawn = curves(at.found, of.patient, at.grouping)
    assert [(one.value, one.n, one.n_events) for one in drawn.groups] == [("no maintenance", 2, 1)]
    assert np.isclose(drawn.groups[0].curve.share, [0.5, 0.5]).all()
