"""The list holds exactly the courses that a figure counted, in the order that was asked for."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from analytics.definitions.measures import LEFT_OUT
from analytics.results.attention import item9_positive_last, lost_response
from analytics.results.cohorts import in_cohort
from analytics.results.course_list import (
    course_rows,
    in_band,
    in_order_of,
    is_listed,
    places_of,
    rows_of,
    starts_with,
)
from analytics.results.groups import groups
from analytics.results.rates import paired_bands
from analytics.results.summary import summarize
from tests.drawn import attribute, induction, outcomes_of, score, session


def mixed(settings=None, preset="induction"):
    """Sixty patients with every way to be in or out of a rate that files of one scale hold; seeded."""
    chance = np.random.default_rng(7)
    scores, sessions, attributes, until = [], [], [], {}
    for place in range(60):
        code = f"P{place:02}"
        before, after = (int(one) for one in chance.integers(0, 28, 2))
        item9 = None if place % 7 == 0 else int(chance.integers(0, 4))
        if place % 5:
            scores.append(score(code, -3 if place % 11 else -40, before, item9=item9))
        if place % 4:
            scores.append(score(code, 24, after, item9=int(chance.integers(0, 4))))
        if place % 13 == 1:
            scores = [one | {"instrument": "gad7"} if one["patient_id"] == code else one for one in scores]
        scores.append(score(code, 0, int(chance.integers(0, 21)), instrument="gad7"))
        if place % 9:
            sessions += induction(code, days=(0, 3, 7, 10) if place % 3 else (0, 3))
        if place % 6 == 1 and place % 9:
            sessions.append(session(code, 150))
        attributes.append(attribute(code, "site", ("North", "South", "West")[place % 3]))
        if place % 10 == 3:
            until[code] = 35
    return outcomes_of(scores, sessions, attributes, settings=settings, preset=preset, observed_until=until)


RULES = ({}, {"settings": {"missing": "failure"}}, {"settings": {"missing": "unchanged"}},
         {"settings": {"eligible": "all"}}, {"preset": "induction_strict"})


@cache
def cohort(place=0):
    """The sixty under one of ``RULES``."""
    return mixed(**RULES[place])


@cache
def listed(place, key, measure):
    """The list of one measure, made once for all that look at it."""
    return course_rows(cohort(place), "phq9" if "+" in key else key, key, measure)


@pytest.mark.parametrize("place", range(len(RULES)))
@pytest.mark.parametrize("key", ["phq9", "gad7", "phq9+gad7"])
def test_every_list_has_as_many_courses_as_its_figure_says(place, key):
    of = cohort(place)
    for measure in of.measures_of(key):
        rows = listed(place, key, measure.key)
        (result,) = summarize(of, instruments=key.split("+"), measures=(measure.key,)).results[-1:]
        assert result.instrument == key
        judged = int(is_listed(rows, "judged").sum())
        if measure.kind == "mean":
            assert judged == result.n
        else:
            assert judged == result.denominator
            assert is_listed(rows, "responders").sum() == result.numerator
            assert is_listed(rows, "not").sum() == result.denominator - result.numerator
        for reason in LEFT_OUT:
            assert is_listed(rows, "left_out", reason).sum() == result.left_out.get(reason, 0), (measure.key, reason)
        assert is_listed(rows, "left_out").sum() == sum(result.left_out.values())
        assert is_listed(rows, "all").sum() == result.courses == len(of.courses)


def test_together_the_cohorts_hold_every_reason():
    seen = {reason for place in range(len(RULES)) for measure in cohort(place).measures_of("phq9")
            for reason in LEFT_OUT if is_listed(listed(place, "phq9", measure.key), "left_out", reason).any()}
    assert seen == set(LEFT_OUT)


@pytest.mark.parametrize("measure", ["response", "worsening", "follow_up", "mean_improvement"])
def test_every_group_leads_to_its_own_courses(measure):
    of = cohort()
    rows, found = course_rows(of, "phq9", "phq9", measure), groups(of, "phq9", measure, ("site", "kind"))
    for cell in found.cells:
        stays = in_cohort(of, {name: (value,) for name, value in cell.stratum.items()})
        n = cell.n if measure == "mean_improvement" else cell.denominator
        assert (is_listed(rows, "judged") & stays).sum() == n


def test_every_severity_band_leads_to_its_own_courses():
    of = cohort()
    rows, everyone = course_rows(of, "phq9", "phq9", "response"), np.ones(len(of.courses), dtype=bool)
    drawn = paired_bands(of, "phq9", everyone)
    for place in range(len(drawn)):
        assert in_band(of, rows, "start", place).sum() == drawn["baseline"].iloc[place]
        assert in_band(of, rows, "end", place).sum() == drawn["endpoint"].iloc[place]
    assert not in_band(of, rows, "start", 7).any()


def test_worse_is_the_numerator_of_got_worse_whatever_the_measure():
    of = cohort()
    (worse,) = summarize(of, instruments=("phq9",), measures=("worsening",)).results
    assert is_listed(course_rows(of, "phq9", "phq9", "remission"), "worse").sum() == worse.numerator > 0


def test_lists_and_reasons_that_are_not_there_are_refused():
    rows = course_rows(cohort(), "phq9", "phq9", "response")
    with pytest.raises(ValueError, match="list was needed"):
        is_listed(rows, "everyone")
    with pytest.raises(ValueError, match="reason was needed"):
        is_listed(rows, "left_out", "moved away")
    with pytest.raises(ValueError, match="order was needed"):
        in_order_of(cohort(), rows, is_listed(rows, "all"), "name", is_down=False)


def small():
    """Three patients: 20 to 9, 12 to 12, and 27 without an end; the second starts late."""
    scores = [score("B", 0, 20), score("B", 24, 9), score("A", 50, 12), score("A", 74, 12), score("C", -2, 27)]
    return outcomes_of(scores, [*induction("A", 50), *induction("B"), *induction("C", days=(0, 3, 7, 10, 14))])


@pytest.mark.parametrize(("sort", "up", "down"), [
    ("patient", "ABC", "CBA"), ("start", "BCA", "ABC"), ("sessions", "ABC", "CAB"), ("baseline", "ABC", "CBA"),
    ("endpoint", "BAC", "ABC"), ("change", "ABC", "BAC"), ("outcome", "BAC", "CAB"),
])
def test_every_order_both_ways_with_the_unknown_last(sort, up, down):
    of = small()
    rows = course_rows(of, "phq9", "phq9", "response")
    for is_down, expected in ((False, up), (True, down)):
        found = in_order_of(of, rows, is_listed(rows, "all"), sort, is_down=is_down)
        assert "".join(of.courses["patient_id"].astype(str).to_numpy()[found]) == expected


def test_a_code_is_found_by_its_beginning_whatever_its_case():
    of = outcomes_of([score(code, 0, 20) for code in ("ab1", "AB2", "b1")],
                     [row for code in ("ab1", "AB2", "b1") for row in induction(code)])
    codes = of.courses["patient_id"].astype(str).to_numpy()
    assert sorted(codes[starts_with(of, " aB ")]) == ["AB2", "ab1"]
    assert list(codes[starts_with(of, "b1")]) == ["b1"]
    assert starts_with(of, "  ").all() and not starts_with(of, "x").any()
    assert not starts_with(of, ".").any(), "a code is no pattern"


def test_places_and_blocks_of_rows():
    of = small()
    assert places_of(of, np.array([2, 0])).tolist() == [True, False, True]
    assert rows_of(of, "phq9")["course"].tolist() == [0, 1, 2]


@pytest.mark.parametrize(("after", "name"), [(19, "responders"), (20, "not"), (21, "not")])
def test_of_a_mean_those_stand_apart_who_improved_at_all(after, name):
    of = outcomes_of([score("P1", -3, 20), score("P1", 24, after)], induction("P1"))
    assert is_listed(course_rows(of, "phq9", "phq9", "mean_improvement"), name).tolist() == [True]


def test_an_empty_cohort_lists_nobody():
    of = outcomes_of([score("P1", 0, 20)], preset="first_last", settings={"kinds": "induction"})
    rows = course_rows(of, "phq9", "phq9", "response")
    assert in_order_of(of, rows, is_listed(rows, "all"), "change", is_down=True).tolist() == []


# --- item 9 at the last score --------------------------------------------------------------------------


def last(*scores, sessions=(), **tables):
    of = outcomes_of(list(scores), [*induction("P1"), *sessions], **tables)
    found = item9_positive_last(of)
    return list(zip(found.course.tolist(), found.day.tolist(), found.answer.tolist(), strict=True))


@pytest.mark.parametrize(("answers", "expected"), [
    ((2, 1), [(0, 24, 1)]), ((2, 0), []), ((0, 1), [(0, 24, 1)]), ((1, None), []), ((None, 3), [(0, 24, 3)]),
])
def test_positive_at_the_last_score_and_nothing_after(answers, expected):
    assert last(score("P1", -3, 20, item9=answers[0]), score("P1", 24, 9, item9=answers[1])) == expected


def test_a_later_score_of_another_scale_is_not_the_last_of_this_one():
    assert last(score("P1", 24, 9, item9=1), score("P1", 60, 9, instrument="gad7")) == [(0, 24, 1)]


def test_a_score_without_a_total_or_after_a_session_counts_too():
    assert last(score("P1", 0, 9, item9=0), score("P1", 24, None, item9=2)) == [(0, 24, 2)]
    assert last(score("P1", 0, 9, item9=0), score("P1", 3, 8, item9=2, timing="after")) == [(0, 3, 2)]


def test_of_two_on_one_day_an_answer_stands_before_a_blank():
    for row in ((1, None), (None, 1)):
        assert last(*(score("P1", 24, 9, item9=one) for one in row)) == [(0, 24, 1)]


def test_of_two_on_one_day_the_later_time_and_without_times_the_higher_answer():
    timed = [score("P1", 24, 9, item9=2, time=540), score("P1", 24, 9, item9=0, time=600)]
    assert last(*timed) == []
    assert last(*[one | {"time": None} for one in timed]) == [(0, 24, 2)]
    assert last(timed[0], timed[1] | {"time": None}) == [(0, 24, 2)]


def test_the_course_is_the_last_that_had_begun():
    again = induction("P1", 100)
    assert last(score("P1", 99, 9, item9=1), sessions=again) == [(0, 99, 1)]
    assert last(score("P1", 100, 9, item9=1), sessions=again) == [(1, 0, 1)]
    assert last(score("P1", -3, 9, item9=1), sessions=again) == [(0, -3, 1)]


def test_a_score_after_the_patient_was_last_observed_is_not_known():
    assert last(score("P1", 0, 9, item9=1), score("P1", 24, 9, item9=0), observed_until={"P1": 23}) == [(0, 0, 1)]
    assert last(score("P1", 0, 9, item9=1), score("P1", 24, 9, item9=0), observed_until={"P1": 24}) == []


def test_visits_have_a_last_one_only_where_their_order_is_known():
    rows = [score("P1", None, 9, item9=0, visit="first"), score("P1", None, 9, item9=1, visit="last")]
    visits = {"axis": "visit", "visits": ("first", "last"), "preset": "first_last"}
    found = item9_positive_last(outcomes_of(rows, **visits))
    assert found.course.tolist() == [0] and np.isnan(found.day).all()
    named = {"settings": {"baseline_visit": "first", "endpoint_visit": "last"}, "is_visit_order_known": False}
    assert not len(item9_positive_last(outcomes_of(rows, **visits, **named)).course)


def test_files_without_item_9_have_nobody_on_the_list():
    assert last(score("P1", 0, 9, instrument="gad7")) == []


# --- lost response -------------------------------------------------------------------------------------


def lost(*after):
    of = outcomes_of([score("P1", 0, 20), score("P1", 24, 9), *(score("P1", day, total) for day, total in after)],
                     induction("P1"))
    found = lost_response(of, "phq9")
    return list(zip(found.course.tolist(), found.day.tolist(), strict=True))


@pytest.mark.parametrize(("after", "expected"), [
    (((50, 11),), [(0, 50)]), (((50, 10),), []), (((50, 11), (60, 10)), []), (((50, 11), (60, 12)), [(0, 50)]),
    ((), []),
])
def test_a_response_is_lost_where_the_next_score_confirms_it(after, expected):
    assert lost(*after) == expected


def test_visits_without_days_cannot_be_watched():
    of = outcomes_of([score("P1", None, 9, visit="first")], axis="visit", visits=("first", "last"), preset="first_last")
    assert lost_response(of, "phq9") is None
