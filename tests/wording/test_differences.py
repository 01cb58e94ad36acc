"""What changed since the last load, as sentences."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analytics.definitions.instruments import BUILT_IN
from analytics.definitions.rules import rule_set
from analytics.ingest.file_shapes import Match
from analytics.results.differences import PatientChanges, RateChange, RowChanges, SiteFall, differences
from analytics.wording.differences import (
    NOTHING_CHANGED,
    REFUSALS,
    columns_sentences,
    difference_sentences,
    rate_sentence,
    where,
)
from tests.drawn import drawn_tables, induction, score

NO_COLUMNS = Match(1.0, (), (), ())
ALL_THE_SAME = PatientChanges(5, 5, 5, 0, 0)


def cohort(n_better: int, n_worse: int):
    scores, sessions = [], []
    for place in range(n_better + n_worse):
        patient = f"p{place:03}"
        sessions += induction(patient)
        scores += [score(patient, 0, 20), score(patient, 20, 4 if place < n_better else 19)]
    return drawn_tables(scores, sessions)


@pytest.fixture(scope="module")
def quiet():
    """Two loads between which nothing changed."""
    return differences(cohort(0, 0), cohort(0, 0))


def said(found) -> list[str]:
    return difference_sentences(found, BUILT_IN)


def rows(table="assessments", before=100, added=0, changed=0, gone=0, **more) -> RowChanges:
    same = before - changed - gone
    return RowChanges(table, before, same + changed + added, same, added, changed, gone, **more)


def test_nothing_is_said_to_have_changed_where_nothing_did(quiet):
    assert said(quiet) == [NOTHING_CHANGED]


@pytest.mark.parametrize(("numbers", "sentence"), [
    ({"added": 12, "changed": 3, "gone": 1}, "12 scores are new, 3 changed, 1 is gone."),
    ({"added": 1}, "1 score is new."), ({"changed": 1}, "1 score changed."), ({"gone": 2}, "2 scores are gone."),
    ({"added": 1200, "gone": 50}, "1,200 scores are new, 50 are gone.")])
def test_rows_are_counted_in_words(quiet, numbers, sentence):
    assert said(replace(quiet, rows=(rows(**numbers),))) == [sentence]


def test_every_table_has_its_noun(quiet):
    found = replace(quiet, rows=(rows(added=1), rows("sessions", added=2), rows("attributes", gone=1)))
    assert said(found) == ["1 score is new.", "2 sessions are new.", "1 patient's attribute is gone."]


@pytest.mark.parametrize(("gone", "n_sentences"), [(50, 1), (51, 2)])
def test_more_than_half_gone_is_said_to_be_odd(quiet, gone, n_sentences):
    assert len(said(replace(quiet, rows=(rows(gone=gone),)))) == n_sentences


def test_changed_totals_are_pointed_to(quiet):
    where_they_are = (("feb.csv", (4, 17)), ("mar.csv", (1200,)))
    assert where(where_they_are) == "feb.csv, rows 4, 17; mar.csv, row 1200"
    found = replace(quiet, rows=(rows(changed=3, totals_changed=3, totals_changed_rows=where_they_are),))
    assert said(found)[1] == "3 totals are not what they were: feb.csv, rows 4, 17; mar.csv, row 1200."
    one = replace(quiet, rows=(rows(changed=1, totals_changed=1, totals_changed_rows=(("feb.csv", (4,)),)),))
    assert said(one)[1] == "1 total is not what it was: feb.csv, row 4."


def test_patients_and_codes_made_afresh(quiet):
    assert said(replace(quiet, patients=PatientChanges(5, 6, 4, 2, 1))) == ["2 patients are new, 1 is gone."]
    assert "made afresh" in said(replace(quiet, patients=PatientChanges(5, 6, 0, 6, 5)))[0]
    assert said(replace(quiet, patients=PatientChanges(0, 6, 0, 6, 0))) == ["6 patients are new."]


def test_a_fallen_site_comes_first(quiet):
    found = replace(quiet, sites=(SiteFall("site", "North", 240, 1),), patients=PatientChanges(5, 6, 5, 1, 0))
    assert said(found) == [
        "site North has 1 row of scores and sessions; it had 240 in the last load.", "1 patient is new."]


def test_columns_are_new_gone_or_perhaps_renamed():
    assert columns_sentences(NO_COLUMNS) == []
    assert columns_sentences(Match(0.9, ("b2", "c"), ("b1", "a"), (("b1", "b2"),))) == [
        "The column b2 may be what was b1; say so if it is.", "New column: c.", "Column that is gone: a."]
    many = tuple(f"q{place}" for place in range(13))
    assert columns_sentences(Match(0.5, many, (), ())) == [
        "New columns: q0, q1, q2, q3, q4, q5, q6, q7, q8, q9 and 3 more."]


@pytest.mark.parametrize("refusal", ["axes", "origins"])
def test_what_cannot_be_compared_says_so(quiet, refusal):
    assert said(replace(quiet, refusal=refusal, rows=())) == [REFUSALS[refusal]]


def change(before, after, measure="response") -> RateChange:
    found = differences(before, after, rule_set("induction"))
    return next(one for one in found.rates if one.measure == measure)


def plain(sentence: str) -> str:
    return sentence.replace("\N{NO-BREAK SPACE}", " ")


def test_a_rate_before_and_after_with_its_counts():
    assert plain(rate_sentence(change(cohort(3, 3), cohort(4, 8)), BUILT_IN)) == (
        "PHQ-9, response: was 50 % (3 of 6), is 33 % (4 of 12).")
    mean = plain(rate_sentence(change(cohort(3, 3), cohort(6, 0), "mean_improvement"), BUILT_IN))
    assert mean == "PHQ-9, improvement: was 8.5 points (6 courses), is 16.0 points (6 courses)."


def test_a_rate_of_few_is_no_percentage():
    assert rate_sentence(change(cohort(2, 2), cohort(0, 0)), BUILT_IN) == (
        "PHQ-9, response: was 2 of 4, is not there any more.")
    assert rate_sentence(change(cohort(0, 0), cohort(2, 2)), BUILT_IN) == "PHQ-9, response: is new: 2 of 4."
    unmeasured = drawn_tables([score("a", 90, 20)], induction("a"))
    assert rate_sentence(change(unmeasured, cohort(2, 2)), BUILT_IN) == (
        "PHQ-9, response: was no course to count, is 2 of 4.")


def test_files_that_cannot_be_counted_are_told(quiet):
    assert said(replace(quiet, not_counted="Because.")) == [
        NOTHING_CHANGED, "Rates could not be counted on both sides: Because."]
