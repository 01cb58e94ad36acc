"""Time to response and durability against a second, plain implementation, on generated cohorts.

The witness in ``tests/plain/over_time.py`` was written from definitions.md alone, in dictionaries and loops.
"""

from collections import Counter
from functools import cache, cached_property
from itertools import pairwise

import numpy as np
import pytest

from analytics.courses.outcomes import outcomes
from analytics.courses.series import series
from analytics.courses.sessions import course_sessions
from analytics.results.durability import durability
from analytics.results.time_to_response import time_to
from tests.courses import test_second_implementation as second
from tests.plain import cohorts, over_time, over_time_cohorts
from tests.plain import courses as plain_courses
from tests.plain import outcomes as plain_outcomes

ALL_WATCHED_LONG = tuple(range(60))
"""What ``python -m benchmarks.searches`` goes through."""

WATCHED_LONG = (3, 5, 7, 8, 9, 10, 14, 16, 19, 22, 24, 29, 32, 35, 48, 49, 50, 51, 53)
OTHERS = (0, 20, 30, 40, 45, 50, 55, 60, 70, 75, 95, 301, 307, 313, 405, 411)
"""Few seeds, of ``cohorts`` such whose files hold days, in which all is met that is met in any: rules, events and
reasons by measure, unit and options."""

MEASURES = ("response", "remission", "pain_30")


class Case:
    """A cohort, the product's outcomes of it, and the plain rows."""

    def __init__(self, cohort):
        self.cohort = cohort
        self.of = outcomes(second.tables_of(cohort), cohort.rule_set)
        self.until = {patient_id: plain_courses.until_of(patient_id, cohort.as_of, cohort.observed_until)
                      for patient_id in cohort.indications}
        found = plain_courses.courses(cohort.assessments, cohort.sessions, cohort.rules_of, self.until,
                                      are_dates=cohort.axis == "date", instruments=cohort.instruments)
        self.rows = plain_outcomes.outcomes(found, cohort.assessments, cohort.instruments, cohort.rules_of, self.until,
                                            cohorts.VISITS)
        self._series = {}

    def series_of(self, key):
        """The series of one instrument, made once for all that is asked of it."""
        if key not in self._series:
            self._series[key] = series(self.of, key)
        return self._series[key]

    @cached_property
    def sessions(self):
        """The sessions of the courses, made once."""
        return course_sessions(self.of)

    def plain(self, key):
        """What the plain functions are asked with, for one instrument."""
        rows = [row for row in self.rows if row["instrument"] == key]
        return rows, self.cohort.assessments, self.cohort.instruments[key], self.cohort.rules_of, self.until

    def measures(self, key):
        """The measures that this instrument has a time to."""
        return [one for one in MEASURES if one in {measure.key for measure in self.of.measures_of(key)}]

    @property
    def counts_sessions(self):
        """Whether there are sessions, and rules that look at them."""
        return bool(self.cohort.sessions) and not self.of.rules.base.counts_from_index


@cache
def watched_long(seed):
    return Case(over_time_cohorts.cohort(seed))


@cache
def other(seed):
    return Case(cohorts.cohort(seed))


EVERY = [pytest.param(watched_long, seed, id=f"watched long {seed}") for seed in WATCHED_LONG] + [
    pytest.param(other, seed, id=f"cohort {seed}") for seed in OTHERS]


def differences(what, found, witness):
    """What is not the same of courses, times, events and reasons."""
    followed = list(zip(found.course.tolist(), found.time.tolist(), found.is_event.tolist(), strict=True))
    expected, left_out = witness
    lines = [f"{what}: ours {one}" for one in followed if one not in expected]
    lines += [f"{what}: the witness {one}" for one in expected if one not in followed]
    if found.left_out != left_out:
        lines.append(f"{what}: ours {found.left_out}, the witness {left_out}")
    return lines


def told(case, lines):
    shown = "\n  ".join(lines[:12])
    return f"{case.cohort.preset} {dict(case.cohort.settings)}, axis {case.cohort.axis}\n  {shown}"


@pytest.mark.parametrize(("made", "seed"), EVERY)
def test_times_to_response_and_remission_agree(made, seed):
    case = made(seed)
    lines = []
    for key in case.of.instrument_keys:
        for measure in case.measures(key):
            for unit in ("days", "sessions") if case.counts_sessions else ("days",):
                witness = over_time.time_to(*case.plain(key), measure=measure, unit=unit)
                lines += differences(f"{key} {measure} in {unit}", time_to(
                    case.of, key, measure, unit, scores=case.series_of(key)), witness)
    assert not lines, told(case, lines)


@pytest.mark.parametrize(("made", "seed"), EVERY)
def test_durability_agrees(made, seed):
    case = made(seed)
    lines = []
    for key in case.of.instrument_keys:
        for start in ("response", "remission"):
            if start not in case.measures(key):
                continue
            for options in ({"confirm": confirm, "censor_at_maintenance": censor}
                            for confirm in (True, False) for censor in (True, False)):
                witness = over_time.durability(*case.plain(key), start=start, **options)
                found = durability(
                    case.of, key, start=start, scores=case.series_of(key), sessions=case.sessions, **options)
                lines += differences(f"{key} from {start} {options}", found, witness)
    assert not lines, told(case, lines)


@pytest.mark.parametrize(("made", "seed"), EVERY)
def test_followed_and_left_out_are_all_courses(made, seed):
    case = made(seed)
    for key in case.of.instrument_keys:
        scores = case.series_of(key)
        found = [time_to(case.of, key, scores=scores), durability(case.of, key, scores=scores),
                 durability(case.of, key, censor_at_maintenance=True, scores=scores, sessions=case.sessions)]
        assert {len(one.course) + sum(one.left_out.values()) for one in found} == {len(case.of.courses)}
        for one in found:
            assert len(np.unique(one.course)) == len(one.course)
            assert (one.time >= 0).all()


def kinds_of_next(case, course):
    """The kind of the patient's next course, where the rules keep it."""
    found = [row["course"]["kind"] for row in case.rows
             if row["course"]["patient_id"] == course["patient_id"]
             and row["course"]["first_day"] == course["next_first_day"]]
    return found[0] if found else None


def named_cases(case):
    """How often each case that the issue names is met, by responders at the endpoint unless it says otherwise."""
    met = Counter()
    for key in case.of.instrument_keys:
        rows, assessments, instrument, rules_of, until = case.plain(key)
        for row in rows:
            course, base, end = row["course"], row["baseline_score"], row["endpoint_score"]
            met["baseline 0"] += row["left_out"]["response"] == "baseline_zero"
            if row["left_out"]["response"] is not None or not row["flag"]["response"]:
                continue
            rules = rules_of[course["patient_id"]]
            own = [one for one in assessments if one["patient_id"] == course["patient_id"]
                   and one["instrument"] == key and one["total"] is not None and one["day"] > end["day"]]
            scores = [one for one in over_time.scores_of(course, assessments, instrument, rules,
                                                         until[course["patient_id"]]) if one["day"] > end["day"]]
            days, next_day = [one["day"] for one in scores], course["next_first_day"]
            maintenance = over_time.first_maintenance(course)
            lost = [over_time.is_lost("response", row, one, instrument) for one in scores]
            met["higher is better"] += instrument.is_higher_better and bool(scores)
            met["pain"] += instrument.key.startswith("pain") and bool(scores)
            met["no later score"] += not scores
            met["loss not confirmed"] += any(bad and not after for bad, after in pairwise(lost))
            met["loss at the last score alone"] += over_time.first_loss(lost, True) == len(lost) - 1 and len(lost) > 1
            met["two scores on one day"] += len({one["day"] for one in own}) < len(own)
            met["during or after a session"] += any(one["timing"] in ("during", "after") for one in own)
            met["of another course by its id"] += any(
                one["course_id"] not in (None, course["course_id"]) and one["day"] not in days
                and (next_day is None or one["day"] <= next_day) for one in own)
            if next_day is not None and scores:
                met["on the next course's first day"] += next_day in days
                met["after the next course's first day"] += any(one["day"] > next_day for one in own)
                met["a booster next"] += kinds_of_next(case, course) == "booster"
            if maintenance is not None and scores:
                met["maintenance before the endpoint"] += maintenance < end["day"]
                met["maintenance on the endpoint's day"] += maintenance == end["day"]
                met["maintenance before the first later score"] += end["day"] < maintenance < days[0]
                met["maintenance on the day of a later score"] += maintenance in days
                met["a loss taken back only after maintenance began"] += any(
                    bad and not after and days[at] <= maintenance < days[at + 1]
                    for at, (bad, after) in enumerate(pairwise(lost)))
            met["a score on the day of a session"] += any(day in course["session_days"] for day in days)
            met["baseline not before the endpoint"] += base["day"] >= end["day"]
    return met


def test_the_cohorts_reach_every_named_case():
    met = sum((named_cases(watched_long(seed)) for seed in WATCHED_LONG), Counter())
    rare = {name: met[name] for name in (
        "baseline 0", "higher is better", "pain", "no later score", "loss not confirmed",
        "loss at the last score alone", "two scores on one day", "during or after a session",
        "of another course by its id", "on the next course's first day", "after the next course's first day",
        "a booster next", "maintenance before the endpoint", "maintenance on the endpoint's day",
        "maintenance before the first later score", "maintenance on the day of a later score",
        "a loss taken back only after maintenance began", "a score on the day of a session") if met[name] < 5}
    assert not rare
    assert not met["baseline not before the endpoint"]
    assert {watched_long(seed).cohort.axis for seed in WATCHED_LONG} == {"day", "date"}


@pytest.mark.parametrize(("is_bad", "confirmed", "single"), [
    ([], None, None), ([0], None, None), ([1], 0, 0), ([1, 0], None, 0), ([0, 1], 1, 1), ([1, 1], 0, 0),
    ([1, 0, 1], 2, 0), ([0, 1, 0, 1, 1], 3, 1), ([0, 0, 1, 0], None, 2)])
def test_the_witness_reads_a_loss_as_it_is_defined(is_bad, confirmed, single):
    assert over_time.first_loss(is_bad, True) == confirmed
    assert over_time.first_loss(is_bad, False) == single


@pytest.mark.parametrize("seed", [9, 19])
def test_files_of_scores_alone_count_no_sessions(seed):
    case = watched_long(seed)
    with pytest.raises(ValueError, match="sessions"):
        time_to(case.of, case.of.instrument_keys[0], unit="sessions")


def test_files_of_visits_have_no_time():
    case = other(12)
    assert case.cohort.axis == "visit"
    for ask in (time_to, durability):
        with pytest.raises(ValueError, match="day"):
            ask(case.of, case.of.instrument_keys[0])
