"""Two cohorts from filters, courses on both sides, and groups made by what happened after day 0."""

from __future__ import annotations

import pytest

from analytics.results.comparison import compare
from analytics.results.comparison_sides import Cohort, Cohorts, Levels, Overlap, sides
from analytics.results.landmark import at_risk, landmarked
from analytics.results.summary import summarize
from analytics.wording.comparison import reading
from analytics.wording.comparison_notes import notes
from tests.drawn import attribute, induction, outcomes_of, score, session
from tests.results.test_comparison import BETTER, SAME, arms, counts


def cohort(name, **where):
    return Cohort(name, {key: list(values) for key, values in where.items()})


def of_sites():
    """Sites N, S and W; all of N and half of S are men."""
    of = arms(N=counts(12, 20), S=counts(5, 20), W=counts(4, 12))
    of.courses["sex"] = ["m"] * 20 + ["m", "f"] * 10 + ["f"] * 12
    return of


def test_two_cohorts_that_share_nothing():
    of = of_sites()
    found = compare(of, "phq9", "response", Cohorts(cohort("north", arm="N"), cohort("others", arm="SW")))
    same = compare(of, "phq9", "response", Levels("arm", ("N", "S")))
    assert (found.by, [one.value for one in found.groups]) == ("cohort", ["north", "others"])
    assert found.overlap == Overlap(0, 0)
    assert found.groups[0].result.estimate == same.groups[0].result.estimate
    assert found.difference.estimate == pytest.approx(12 / 20 - 9 / 32)
    assert found.not_compared == {}


def test_a_course_in_both_cohorts_is_in_both_rates_and_on_neither_side():
    of = of_sites()
    men, south = cohort("men", sex="m"), cohort("south", arm="S")
    found = compare(of, "phq9", "response", Cohorts(men, south))
    for group, where in zip(found.groups, (men.where, south.where), strict=True):
        own = summarize(of, where=where).result("phq9", "response")
        assert (group.result.numerator, group.result.denominator, group.result.low) == (
            own.numerator, own.denominator, own.low)
    assert found.overlap == Overlap(10, 10)
    assert [one.result.denominator for one in found.groups] == [30, 20]
    assert [one.compared.n for one in found.groups] == [20, 10]
    assert found.not_compared == {"other_values": 12, "in_both_cohorts": 10}
    assert found.difference.estimate == pytest.approx(12 / 20 - found.groups[1].compared.numerator / 10)
    assert any("10 courses of 10 patients are in both cohorts" in one for one in notes(found))


def test_a_cohort_inside_another_leaves_nothing_to_compare_and_says_why():
    found = compare(of_sites(), "phq9", "response", Cohorts(cohort("north", arm="N"), cohort("everyone")))
    assert [one.compared.n for one in found.groups] == [0, 32]
    assert found.difference is None
    assert "north has no course to compare" in reading(found)[0]
    assert "both sides" in reading(found)[0]


def test_a_patient_in_both_cohorts_with_other_courses_is_counted():
    sessions = induction("a") + induction("a", 200) + induction("b")
    scores = [score("a", 0, 20), score("a", 30, 9), score("a", 200, 20), score("a", 230, 9), score("b", 0, 20),
              score("b", 30, 19)]
    of = outcomes_of(scores, sessions)
    found = compare(of, "phq9", "response", Cohorts(cohort("first", course_number="1"),
                                                    cohort("later", course_number="2")))
    assert found.overlap == Overlap(0, 1)
    assert found.patients_in_several == 1
    assert [one.compared.n for one in found.groups] == [2, 0]
    assert any(one.startswith("1 patient is in both cohorts") for one in notes(found))


def test_two_cohorts_need_two_names():
    with pytest.raises(ValueError, match="names of their own"):
        compare(of_sites(), "phq9", "response", Cohorts(cohort("x", arm="N"), cohort("x", arm="S")))


def clinic():
    """Six patients with another way through each: when their sessions were, and by which route."""
    ways = {
        "short": [(0, "IV"), (3, "IV")],
        "plain": [(0, "IV"), (3, "IV"), (7, "IV"), (10, "IV")],
        "late_switch": [(0, "IV"), (3, "IV"), (7, "IV"), (20, "IM")],
        "switch": [(0, "IV"), (3, "IM"), (7, "IM"), (10, "IM")],
        "kept_on": [(0, "IM"), (3, "IM"), (7, "IM"), (10, "IM"), (28, "IM")],
        "no_score": [(0, "IM"), (3, "IM"), (7, "IM"), (10, "IM")],
    }
    sessions = [session(name, day, route=route, dose=0.5 + number / 4, dose_unit="mg/kg")
                for name, days in ways.items() for number, (day, route) in enumerate(days)]
    scores = [score(name, 0, 20) for name in ways] + [
        score("short", 12, 9), score("plain", 20, 9), score("late_switch", 40, 9), score("switch", 36, 19),
        score("kept_on", 38, 9)]
    return outcomes_of(scores, sessions)


PLACES = ("kept_on", "late_switch", "no_score", "plain", "short", "switch")


def at(of, name, day):
    return dict(zip(PLACES, landmarked(of, day).courses[name], strict=True))


@pytest.mark.parametrize(("day", "those"), [
    (11, "kept_on late_switch plain short switch"), (12, "kept_on late_switch plain switch"),
    (35, "kept_on late_switch switch"), (36, "kept_on late_switch"), (40, "")])
def test_those_at_risk_are_judged_on_a_later_day(day, those):
    assert [name for name, stays in zip(PLACES, at_risk(clinic(), "phq9", day), strict=True) if stays] == those.split()


def test_the_sessions_so_far_make_the_groups():
    of = clinic()
    assert at(of, "n_sessions", 7)["kept_on"] == at(of, "n_sessions", 9)["kept_on"] == "3"
    assert at(of, "n_sessions", 6)["kept_on"] == "2"
    assert at(of, "n_sessions", 10)["short"] == "2"
    assert at(of, "n_induction", 28)["kept_on"] == "4"
    assert at(of, "n_sessions", 28)["kept_on"] == "5"
    assert at(of, "kind", 9)["plain"] == "incomplete"
    assert at(of, "kind", 10)["plain"] == "induction"
    assert at(of, "kind", 10)["short"] == "incomplete"
    assert (at(of, "maintenance", 27)["kept_on"], at(of, "maintenance", 28)["kept_on"]) == ("no", "yes")
    assert at(of, "maintenance", 28)["plain"] == "no"


def test_the_route_and_dose_so_far():
    of = clinic()
    assert of.courses["route"].tolist()[1] == "mixed"
    assert at(of, "route", 19)["late_switch"] == "IV"
    assert at(of, "route", 20)["late_switch"] == "mixed"
    assert at(of, "route_last", 20)["late_switch"] == "IM"
    assert at(of, "route", 0)["switch"] == "IV"
    assert at(of, "dose_highest so far", 7)["plain"] == "1"
    assert at(of, "dose_last so far", 3)["plain"] == "0.75"
    assert at(of, "dose_unit", 7)["plain"] == "mg/kg"


def test_later_courses_of_a_patient_have_their_own_days():
    sessions = induction("a") + induction("a", 200, days=(0, 3, 7, 10, 12)) + [session("a", 400)]
    scores = [score("a", 0, 20), score("a", 30, 9), score("a", 200, 20), score("a", 230, 9)]
    for axis in ("day", "date"):
        of = outcomes_of(scores, sessions, axis=axis)
        so_far = landmarked(of, 11).courses
        assert so_far["n_sessions"].tolist() == ["4", "4", "1"]
        assert so_far["kind"].tolist() == ["induction", "re_induction", "booster"]
        assert landmarked(of, 5).courses["kind"].tolist() == ["incomplete", "booster", "booster"]
        assert landmarked(of, 12).courses["n_sessions"].tolist() == ["4", "5", "1"]


def test_sessions_of_a_course_that_the_rules_do_not_keep_are_of_no_other():
    sessions = induction("a") + induction("a", 80)
    scores = [score("a", 0, 20), score("a", 40, 9)]
    of = outcomes_of(scores, sessions, settings={"first_course_only": "true"})
    assert landmarked(of, 200).courses["n_sessions"].tolist() == ["4"]


def test_sessions_of_a_patient_whom_the_rules_do_not_keep_are_of_nobody_else():
    sessions = induction("a", 100) + induction("b") + induction("b", 100)
    scores = [score("a", 100, 20), score("a", 130, 9), score("b", 0, 20)]
    of = outcomes_of(scores, sessions, settings={"drop_started_before": "true"}, axis="date")
    assert of.courses["patient_id"].tolist() == ["a"]
    assert landmarked(of, 20).courses["n_sessions"].tolist() == ["4"]


def test_courses_with_ids_keep_their_sessions():
    sessions = induction("a", course="y", days=(0, 3, 7)) + induction("a", 5, days=(0, 1), course="x") + induction("b")
    scores = [score("a", 0, 20, course="y"), score("a", 30, 9, course="y"), score("b", 0, 20), score("b", 30, 9)]
    of = outcomes_of(scores, sessions)
    by_id = dict(zip(of.courses["course_id"].astype(object).where(of.courses["course_id"].notna(), None),
                     landmarked(of, 7).courses["n_sessions"], strict=True))
    assert by_id == {"y": "3", "x": "2", None: "3"}


def test_a_course_without_sessions_is_in_no_group_at_a_landmark():
    of = outcomes_of([score("a", 0, 20), score("a", 40, 9), score("b", 0, 20), score("b", 30, 9)], induction("b"),
                     preset="first_last")
    assert landmarked(of, 5).courses["n_sessions"].isna().tolist() == [True, False]
    assert landmarked(of, 5).courses["kind"].isna().tolist() == [True, False]


def test_files_without_sessions_have_no_group_at_a_landmark():
    of = outcomes_of([score("a", 0, 20), score("a", 40, 9)], preset="first_last")
    assert landmarked(of, 5).courses["n_sessions"].isna().all()
    assert compare(of, "phq9", "response", "n_sessions", landmark=5).groups == ()


def test_doses_of_two_units_have_no_highest():
    sessions = [session("a", 0, dose=50, dose_unit="mg"), session("a", 3, dose=0.5, dose_unit="mg/kg"),
                session("a", 7), session("b", 0)]
    so_far = landmarked(outcomes_of([score("a", 0, 20)], sessions), 10).courses
    assert so_far["dose_highest so far"].isna().tolist() == [True, True]
    assert so_far["dose_last so far"].tolist()[0] == "0.5"
    before = landmarked(outcomes_of([score("a", 0, 20)], sessions), 2).courses
    assert before["dose_highest so far"].tolist()[0] == "50"


@pytest.mark.parametrize("name", ["kind", "n_sessions", "n_induction", "route_last", "dose_highest", "maintenance"])
def test_groups_made_after_day_0_are_refused_without_a_landmark(name):
    with pytest.raises(ValueError, match=f"{name} is settled only by what happened after day 0.*--landmark DAY"):
        compare(clinic(), "phq9", "response", name)
    found = compare(clinic(), "phq9", "response", name, landmark=11)
    assert sum(one.result.courses for one in found.groups) == 5
    assert found.not_compared == {"not_judged_after_landmark": 1}
    assert any(one.startswith("Landmark day 11:") for one in notes(found))


def test_a_mixed_route_is_no_group_without_a_landmark():
    found = compare(clinic(), "phq9", "response", "route")
    assert [one.value for one in found.groups] == ["IM", "IV"]
    assert found.not_compared == {"mixed": 2}
    with pytest.raises(ValueError, match=r"route mixed is settled.*or by route_first"):
        compare(clinic(), "phq9", "response", Levels("route", ("IV", "mixed")))
    at_ten = compare(clinic(), "phq9", "response", "route", landmark=10)
    assert [(one.value, one.result.courses) for one in at_ten.groups] == [("IM", 1), ("IV", 3), ("mixed", 1)]
    first = compare(clinic(), "phq9", "response", "route_first")
    assert [one.result.courses for one in first.groups] == [2, 4]


def test_cohorts_that_differ_in_what_came_later_are_refused_and_those_that_share_it_are_not():
    differ = Cohorts(cohort("short", kind=["incomplete"]), cohort("whole", kind=["induction"]))
    with pytest.raises(ValueError, match="kind is settled"):
        compare(clinic(), "phq9", "response", differ)
    found = compare(clinic(), "phq9", "response", differ, landmark=5)
    assert [one.result.courses for one in found.groups] == [5, 0]
    at_ten = compare(clinic(), "phq9", "response", differ, landmark=10)
    assert [one.result.courses for one in at_ten.groups] == [2, 3]
    doses = Cohorts(cohort("low", dose_highest=["0.5"]), cohort("high", dose_highest=["0.75"]))
    assert [one.result.courses for one in compare(clinic(), "phq9", "response", doses, landmark=3).groups] == [0, 5]
    shared = Cohorts(cohort("IV", kind=["induction"], route=["IV"]), cohort("IM", kind=["induction"], route=["IM"]))
    assert [one.result.courses for one in compare(clinic(), "phq9", "response", shared).groups] == [1, 2]


def test_a_column_of_the_files_called_maintenance_is_an_attribute_of_day_0():
    of = arms(a=counts(2, 3))
    of.courses["maintenance"] = ["planned", "planned", "none"]
    assert len(compare(of, "phq9", "response", "maintenance").groups) == 2
    assert landmarked(of, 5).courses["maintenance"].tolist() == ["planned", "planned", "none"]


def test_a_landmark_with_an_attribute_of_day_0_counts_those_judged_later():
    of = arms(a=[BETTER] * 3, b=[SAME] * 3)
    found = compare(of, "phq9", "response", "arm", landmark=29)
    assert [one.result.denominator for one in found.groups] == [3, 3]
    later = compare(of, "phq9", "response", "arm", landmark=30)
    assert later.groups == ()
    assert later.not_compared == {"not_judged_after_landmark": 6}
    assert reading(later) == ("No course matches, so there is nothing to compare.",)


def test_a_landmark_needs_days():
    assert len(compare(arms(a=counts(2, 3)), "phq9", "response", "arm", landmark=0).groups) == 1
    with pytest.raises(ValueError, match="0 or more; -1 came"):
        compare(arms(a=counts(2, 3)), "phq9", "response", "arm", landmark=-1)
    visits = outcomes_of([score("a", None, 20, visit="pre"), score("a", None, 9, visit="post")], axis="visit",
                         visits=("pre", "post"), preset="first_last")
    with pytest.raises(ValueError, match="A landmark is a day, and the files hold visits without days"):
        sides(visits, "phq9", Levels("kind"), landmark=3)


def test_the_rules_of_each_indication_say_what_is_complete():
    sessions = [session("pain", 0), session("mood", 0)]
    scores = [score("pain", 0, 20), score("pain", 20, 9), score("mood", 0, 20), score("mood", 20, 9)]
    rows = [attribute("pain", "indication", "CRPS"), attribute("mood", "indication", "depression")]
    of = outcomes_of(scores, sessions, rows, preset="clinic")
    assert landmarked(of, 5).courses["kind"].tolist() == ["incomplete", "induction"]
