"""The smallest group of patients by what describes them, counted by hand."""

from __future__ import annotations

from analytics.results.uniqueness import SmallestGroup, smallest_group
from tests.ingest.files import loaded


def test_the_smallest_group_by_what_the_files_hold():
    tables = loaded("""
        patient_id,day,phq9,site,gender,Diagnosis
        P1,0,20,North,F,MDD
        P1,9,10,North,F,MDD
        P2,0,18,North,F,MDD
        P3,0,18,South,F,MDD
        P4,0,17,South,F,CRPS
        P5,0,17,South,F,CRPS""")
    assert smallest_group(tables) == SmallestGroup(1, 1, 5, ("indication", "sex", "site"))


def test_a_missing_value_is_a_group_of_its_own():
    tables = loaded("""
        patient_id,day,phq9,site
        P1,0,20,North
        P2,0,18,North
        P3,0,18,
        P4,0,18,""")
    assert smallest_group(tables) == SmallestGroup(2, 0, 4, ("site",))


def test_without_attributes_and_without_patients():
    assert smallest_group(loaded("patient_id,day,phq9\nP1,0,20\nP2,0,9\n")) == SmallestGroup(2, 0, 2, ())
    assert smallest_group(loaded("patient_id,day,phq9\nP1,0,\n")).n_patients == 0


def test_a_patient_without_scores_and_sessions_is_not_counted():
    tables = loaded("patient_id,day,phq9\nP1,0,20\nP2,0,9\n", "patient_id,site\nP1,North\nP2,North\nP3,South\n")
    assert smallest_group(tables) == SmallestGroup(2, 0, 2, ("site",))


def test_of_several_values_the_first_by_day_counts():
    tables = loaded("""
        patient_id,day,phq9,site
        P1,9,20,South
        P1,0,20,North
        P2,0,18,North""")
    assert smallest_group(tables) == SmallestGroup(2, 0, 2, ("site",))
