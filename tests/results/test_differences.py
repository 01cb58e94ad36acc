"""Two loads set against each other: every kind of change, and its neighbour that is none."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from analytics.definitions.rules import rule_set
from analytics.definitions.tables import ColumnUse
from analytics.results import differences as differences_module
from analytics.results.differences import SMALLEST_SITE, differences
from tests.drawn import attribute, drawn_tables, induction, score, session
from tests.ingest.files import loaded, source

JANUARY = [score("a", 0, 20, row=2), score("a", 30, 9, row=3), score("b", 0, 15, row=4)]


def changes(before, after, table="assessments", **options):
    found = differences(drawn_tables(before, **options), drawn_tables(after, **options)).of(table)
    assert found.before == found.same + found.changed + found.gone
    assert found.after == found.same + found.changed + found.added
    return found


def kinds(found):
    return found.same, found.added, found.changed, found.gone


def test_the_same_rows_in_another_order_and_place_are_the_same():
    moved = [replace_row(one, row) for one, row in zip(JANUARY[::-1], (12, 13, 14), strict=True)]
    found = changes(JANUARY, moved)
    assert kinds(found) == (3, 0, 0, 0)
    assert found.changed_rows == found.totals_changed_rows == ()


def replace_row(one, row):
    return one | {"file_row": row}


def test_each_kind_of_change_is_counted_once_and_changed_rows_are_named():
    february = [score("a", 0, 20, row=5), score("a", 30, 8, row=6), score("c", 0, 15, row=7),
                score("c", 30, 1, row=8)]
    found = changes(JANUARY, february)
    assert kinds(found) == (1, 2, 1, 1)
    assert found.changed_rows == found.totals_changed_rows == (("scores.csv", (6,)),)
    assert found.totals_changed == 1


@pytest.mark.parametrize(("before", "after", "totals"), [
    (9, None, 1), (None, 9, 1), (None, None, 0), (9, 9, 0), (0, None, 1), (9, 9.5, 1)])
def test_a_total_that_came_or_went_is_a_changed_total(before, after, totals):
    kept = [score("b", 0, 5), score("b", 1, None, item9=1)]
    found = changes([*kept, score("a", 0, before, item9=0)], [*kept, score("a", 0, after, item9=0)])
    assert (found.changed, found.totals_changed) == (totals, totals)


def test_what_changed_beside_the_total_is_changed_but_no_changed_total():
    found = changes([score("a", 0, 20, item9=0), score("b", 0, 9, item9=2)],
                    [score("a", 0, 20, item9=1), score("b", 0, 9, item9=2)])
    assert kinds(found) == (1, 0, 1, 0)
    assert found.totals_changed == 0
    scored = score("b", 0, 9)
    unscored = changes([score("a", 0, None, item9=0), scored], [score("a", 0, None, item9=1), scored])
    assert (unscored.changed, unscored.totals_changed) == (1, 0)


def test_a_column_that_came_changes_no_row():
    without, with_items = [score("a", 0, 20)], [score("a", 0, 20, item9=1, n_items_missing=0)]
    assert kinds(changes(without, with_items)) == kinds(changes(with_items, without)) == (1, 0, 0, 0)
    untimed, timed = [score("a", 0, 20)], [score("a", 0, 20, time=600)]
    assert kinds(changes(untimed, timed)) == (1, 0, 0, 0)


def test_another_time_of_the_same_day_is_another_score():
    assert kinds(changes([score("a", 0, 20, time=600)], [score("a", 0, 20, time=601)])) == (0, 1, 0, 1)


def test_other_days_instruments_and_patients_are_other_scores():
    for other in (score("a", 1, 20), score("a", 0, 20, instrument="gad7"), score("z", 0, 20)):
        assert kinds(changes([score("a", 0, 20)], [other])) == (0, 1, 0, 1)


def test_several_scores_of_one_day_are_paired_once_each_equal_ones_first():
    two, three = [score("a", 0, 5), score("a", 0, 9)], [score("a", 0, 4), score("a", 0, 9), score("a", 0, 5)]
    assert kinds(changes(two, three)) == (2, 1, 0, 0)
    assert kinds(changes(three, two)) == (2, 0, 0, 1)
    assert kinds(changes(two, [score("a", 0, 9), score("a", 0, 6)])) == (1, 0, 1, 0)
    assert kinds(changes(two, [score("a", 0, 9), score("a", 0, 9)])) == (1, 0, 1, 0)


def test_visits_stand_for_days_where_there_are_none():
    visits = ("1", "2")
    before = [score("a", None, 20, visit="1"), score("a", None, 9, visit="2")]
    after = [score("a", None, 20, visit="1"), score("a", None, 8, visit="2"), score("b", None, 3, visit="1")]
    assert kinds(changes(before, after, axis="visit", visits=visits)) == (1, 1, 1, 0)


def test_a_table_that_was_empty_or_is_now():
    assert kinds(changes([], JANUARY)) == (0, 3, 0, 0)
    assert kinds(changes(JANUARY, [])) == (0, 0, 0, 3)
    assert kinds(changes([], [])) == (0, 0, 0, 0)


def test_sessions_and_attributes_are_compared_too():
    before = drawn_tables([], induction("a", dose=40.0), [attribute("a", "site", "North")])
    after = drawn_tables([], [*induction("a", days=(0, 3, 7), dose=40.0), session("a", 14, dose=60.0)],
                         [attribute("a", "site", "South"), attribute("a", "sex", "f")])
    found = differences(before, after)
    assert kinds(found.of("sessions")) == (3, 1, 0, 1)
    assert kinds(found.of("attributes")) == (0, 1, 1, 0)
    dearer = drawn_tables([], [one | {"dose": 50.0} if one["day"] == 3 else one for one in induction("a", dose=40.0)])
    assert kinds(differences(before, dearer).of("sessions")) == (3, 0, 1, 0)


def test_patients_are_told_by_their_codes_and_only_those_with_a_row():
    before = drawn_tables([score("a", 0, 1), score("b", 0, 1)], [session("c", 0)])
    after = drawn_tables([score("b", 0, 1)], [session("c", 3)], [attribute("d", "site", "North")])
    found = differences(before, after).patients
    assert (found.before, found.after, found.both, found.new, found.gone) == (3, 3, 2, 1, 1)


def test_other_axes_and_other_origins_are_not_compared():
    day, dated = drawn_tables(JANUARY), drawn_tables(JANUARY, axis="date")
    found = differences(day, dated)
    assert (found.refusal, found.rows) == ("axes", ())
    assert found.patients.both == 2
    turned = replace(day, is_turned_relative=True)
    assert differences(day, turned).refusal == "origins"
    assert differences(turned, turned).refusal is None


def clinic(n_north: int, n_south: int, name: str = "site"):
    scores = [score("n", day, 5) for day in range(n_north)] + [score("s", day, 5) for day in range(n_south)]
    return drawn_tables(scores, [], [attribute("n", name, "North"), attribute("s", name, "South")])


@pytest.mark.parametrize(("before", "after", "is_told"), [
    (SMALLEST_SITE, SMALLEST_SITE // 2, True), (SMALLEST_SITE, SMALLEST_SITE // 2 + 1, False),
    (SMALLEST_SITE - 1, 0, False), (SMALLEST_SITE, 0, True), (21, 10, True), (21, 11, False)])
def test_a_site_that_fell_to_half_is_told(before, after, is_told):
    falls = differences(clinic(before, 30), clinic(after, 30)).sites
    assert [(one.attribute, one.site, one.before, one.after) for one in falls] == (
        [("site", "North", before, after)] if is_told else [])


def test_only_sites_are_looked_at_and_a_patient_counts_at_his_last():
    assert differences(clinic(20, 30, "Clinic Name"), clinic(1, 30, "Clinic Name")).sites
    assert not differences(clinic(20, 30, "route"), clinic(1, 30, "route")).sites
    moved = drawn_tables([score("n", day, 5) for day in range(20)], [],
                         [attribute("n", "site", "South"), attribute("n", "site", "North")])
    assert [one.site for one in differences(clinic(20, 0), moved).sites] == []


def cohort(n_better: int, n_worse: int):
    scores, sessions = [], []
    for place in range(n_better + n_worse):
        patient = f"p{place:03}"
        sessions += induction(patient)
        scores += [score(patient, 0, 20), score(patient, 20, 4 if place < n_better else 19)]
    return drawn_tables(scores, sessions)


def test_rates_stand_before_and_after_under_the_same_rules():
    found = differences(cohort(3, 3), cohort(4, 8), rule_set("induction"))
    change = next(one for one in found.rates if one.measure == "response")
    assert (change.before.numerator, change.before.denominator) == (3, 6)
    assert (change.after.numerator, change.after.denominator) == (4, 12)
    assert {one.measure for one in found.rates} == {"response", "remission", "worsening", "mean_improvement"}
    assert found.not_counted is None


def test_an_instrument_that_came_has_no_rate_before():
    pain = drawn_tables([*cohort_scores("phq9"), *cohort_scores("gad7")], induction("a"))
    found = differences(drawn_tables(cohort_scores("phq9"), induction("a")), pain, rule_set("induction"))
    change = next(one for one in found.rates if (one.instrument, one.measure) == ("gad7", "response"))
    assert change.before is None
    assert change.after is not None


def cohort_scores(instrument):
    return [score("a", 0, 20, instrument=instrument), score("a", 20, 4, instrument=instrument)]


def test_files_that_cannot_be_counted_are_told_and_the_rest_is_there():
    unordered = drawn_tables([score("a", None, 20, visit="x")], axis="visit", visits=("x",), is_visit_order_known=False)
    found = differences(unordered, cohort(1, 1), rule_set("induction"))
    assert found.not_counted
    assert all(one.before is None for one in found.rates)
    assert found.rates


def test_columns_are_set_against_each_other():
    before, after = drawn_tables([]), drawn_tables([])
    before = replace(before, columns=tuple(ColumnUse("jan.csv", one, None, "") for one in ("id", "phq total", "w4")))
    after = replace(after, columns=tuple(ColumnUse("feb.csv", one, None, "") for one in ("id", "PHQ_totl", "w8")))
    columns = differences(before, after).columns
    assert columns.renamed == (("phq total", "PHQ_totl"),)
    assert columns.new == ("PHQ_totl", "w8")
    assert columns.gone == ("phq total", "w4")


def test_files_as_they_are_read_differ_only_where_a_cell_does():
    january = """
        patient_id,assessed_on,phq9,site
        a,2026-01-02,20,North
        b,2026-01-03,15,South
    """
    february = january.replace("b,2026-01-03,15", "b,2026-01-03,16") + "c,2026-02-01,9,South\n"
    found = differences(loaded(january), loaded(source(february, "february.csv")))
    assert kinds(found.of("assessments")) == (1, 1, 1, 0)
    assert found.of("assessments").totals_changed_rows == (("february.csv", (3,)),)
    assert kinds(found.of("attributes")) == (2, 1, 0, 0)


def test_the_plain_values_are_json_and_hold_no_patient():
    found = differences(cohort(3, 3), cohort(4, 8), rule_set("induction"))
    text = json.dumps(found.as_json(), allow_nan=False)
    record = json.loads(text)
    assert set(record) == {"schema", "columns", "patients", "refusal", "rows", "sites", "rates", "not_counted"}
    assert [one["table"] for one in record["rows"]] == ["assessments", "sessions", "attributes"]
    assert "p001" not in text


def test_against_a_plain_second_count_of_drawn_rows(monkeypatch):
    # Cohorts are counted here by their rows alone: the tests above hold the rates beside them.
    monkeypatch.setattr(differences_module, "_rates", lambda *_: ((), None))
    drawn = np.random.default_rng(11)
    for _ in range(15):
        sides = [[(drawn.choice(list("abc")), int(drawn.integers(3)), int(drawn.integers(3)))
                  for _ in range(drawn.integers(0, 14))] for _ in range(2)]
        found = changes(*[[score(*row) for row in side] for side in sides])
        left, right = ([*side] for side in sides)
        for row in [*left]:
            if row in right:
                left.remove(row)
                right.remove(row)
        keys, others = [row[:2] for row in left], [row[:2] for row in right]
        n_changed = sum(min(keys.count(key), others.count(key)) for key in set(keys))
        assert kinds(found) == (len(sides[0]) - len(left), len(right) - n_changed, n_changed, len(left) - n_changed)
