"""Cut-offs, measures and reasons in words."""

import dataclasses

import pytest

from analytics.definitions.instruments import BUILT_IN, CutOff
from analytics.definitions.measures import LEFT_OUT, MEASURES
from analytics.results.disclosure_kinds import POOLED
from analytics.wording import definitions
from tests.wording.test_numbers import plain

PHQ9, WORST = BUILT_IN["phq9"], BUILT_IN["pain_nrs_worst"]


@pytest.mark.parametrize(("line", "within", "outside"), [
    (CutOff(">=", 10, ""), "10 or more", "below 10"),
    (CutOff(">", 10, ""), "more than 10", "10 or less"),
    (CutOff("<", 5, ""), "below 5", "5 or more"),
    (CutOff("<=", 7, ""), "7 or less", "more than 7"),
    (CutOff(">=", 4.5, ""), "4.5 or more", "below 4.5"),
])
def test_cut_offs(line, within, outside):
    assert definitions.cut_off(line) == within
    assert definitions.outside_cut_off(line) == outside


@pytest.mark.parametrize(("measure", "instrument", "words"), [
    ("response", "phq9", "improved by at least 50 % of the starting score"),
    ("response", "pain_nrs", "improved by at least 30 % of the starting score"),
    ("remission", "phq9", "no longer depressed by score (below 5)"),
    ("remission", "gad7", "no longer anxious by score (below 5)"),
    ("reliable_improvement", "phq9", "ended at least 6 points better than at the start"),
    ("reliable_deterioration", "phq9", "ended at least 6 points worse than at the start"),
    ("important_change", "phq9", "improved by at least 5 points"),
    ("pain_2_points", "pain_nrs", "improved by at least 2 points"),
    ("pain_2_points", "pain_vas", "improved by at least 20 points"),
    ("item9_resolved", "phq9", "item 9 went from 1 or more to 0"),
    ("partial_response", "phq9", "improved by 25 % to less than 50 % of the starting score"),
])
def test_what_counts(measure, instrument, words):
    assert plain(definitions.what_counts(MEASURES[measure], BUILT_IN[instrument])) == words


def test_one_point_is_singular():
    assert definitions.plural_points(1) == "1 point"


@pytest.mark.parametrize("measure", MEASURES.values(), ids=lambda one: one.key)
def test_every_measure_has_words(measure):
    instrument = PHQ9 if measure.applies_to(PHQ9) else WORST
    assert measure.key in definitions.TITLES
    assert definitions.measure_title(measure) == definitions.TITLES[measure.key]
    assert definitions.about(measure, instrument)
    assert definitions.what_counts(measure, instrument)
    assert "resolved" not in definitions.measure_title(measure).lower()


def test_a_measure_without_words_is_called_by_its_own():
    other = dataclasses.replace(MEASURES["response"], key="other", title="Other", numerator="did")
    assert (definitions.measure_title(other), definitions.outcome_verb(other)) == ("Other", "other")
    assert definitions.what_counts(other, PHQ9) == "did"
    assert definitions.about(other, PHQ9) == "PHQ-9"


@pytest.mark.parametrize(("measure", "instrument", "words"), [
    ("response", "phq9", "score at least halved"), ("response", "pain_nrs", "at least 30 % better"),
    ("response", "who5", "at least 50 % better"), ("worsening", "phq9", "higher score at the end"),
    ("worsening", "who5", "lower score at the end"), ("pain_30", "pain_nrs_worst", "worst pain"),
    ("pain_30", "pain_nrs", "Pain 0-10"), ("remission", "phq9", "below 5 at the end"), ("remission", "who5", ""),
])
def test_about(measure, instrument, words):
    assert plain(definitions.about(MEASURES[measure], BUILT_IN[instrument])) == words


@pytest.mark.parametrize(("key", "words"), [
    ("no_sessions", "3 without a session on record"), ("booster", "3 boosters"),
    ("not_assessed", "3 never measured with PHQ-9"), ("no_baseline", "3 without a score at the start"),
    ("not_a_case", "3 scored below 10 at the start"), ("already_in_remission", "3 already below 5 at the start"),
    ("baseline_zero", "3 scored 0 at the start, so no percentage exists"),
    ("not_at_risk", "3 not in the group at the start"),
    ("items_missing", "3 without an answer to item 9 before and after"),
    ("incomplete_induction", "3 induction not completed"), ("not_due", "3 not yet due"),
    ("no_endpoint", "3 lost to follow-up"), ("something_new", "3 something new"),
])
def test_reasons(key, words):
    assert definitions.counted_reason(3, key, PHQ9) == words


def test_reasons_that_depend_on_more():
    assert definitions.counted_reason(1, "booster", PHQ9) == "1 booster"
    assert definitions.reason("not_at_risk", PHQ9, MEASURES["item9_new"]) == "item 9 was already 1 or more at the start"
    assert definitions.reason("not_at_risk", PHQ9, MEASURES["item9_resolved"]) == "item 9 was 0 at the start"
    assert definitions.reason("already_in_remission", BUILT_IN["who5"]) == "already in remission"


def test_every_reason_has_a_title_and_a_meaning():
    assert list(definitions.REASON_TITLES) == [*LEFT_OUT, POOLED]
    assert list(definitions.REASON_MEANINGS) == list(LEFT_OUT)


@pytest.mark.parametrize(("key", "words"), [
    ("phq9", "the last 14 days"), ("pain_nrs", "the last 1 day"), ("pain_nrs_now", "right now"),
])
def test_recall(key, words):
    assert definitions.recall(BUILT_IN[key]) == words
