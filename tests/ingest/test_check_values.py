"""Values of sessions and patients against what is usual."""

from __future__ import annotations

import pytest

from analytics.definitions.plausible import DOSE_LIMITS
from tests.ingest.files import codes, finding, loaded, place

SCORES = "patient_id,day,phq9\nP1,-1,20\n"


@pytest.mark.parametrize(("route", "drug", "dose", "unit", "is_told"), [
    ("IV", "ketamine", "0.1", "mg/kg", False), ("IV", "ketamine", "0.09", "mg/kg", True),
    ("IV", "", "2.5", "mg/kg", False), ("IV", "", "2.6", "mg/kg", True),
    ("IV", "", "50", "mg/kg", True), ("IV", "", "4", "mg", False), ("IV", "", "3.9", "mg", True),
    ("IV", "", "375", "mg", False), ("IV", "", "376", "mg", True), ("IV", "", "4.1", "mg/kg/h", True),
    ("IM", "", "3", "mg/kg", False), ("IM", "", "3.1", "mg/kg", True),
    ("nasal", "esketamine", "84", "mg", False), ("nasal", "esketamine", "28", "mg", False),
    ("nasal", "Spravato", "60", "mg", True), ("nasal", "ketamine", "60", "mg", False),
    ("nasal", "", "9", "mg", True), ("nasal", "ketamine", "151", "mg", True),
    ("lozenge", "", "600", "mg", False), ("lozenge", "", "24", "mg", True),
    ("oral", "", "0", "mg", True), ("", "", "4000", "mg", False), ("IV", "", "4000", "", False),
])
def test_doses_that_are_unusual_for_the_route(route, drug, dose, unit, is_told):
    tables = loaded(f"patient_id,day,route,drug,dose,dose_unit\nP1,0,{route},{drug},{dose},{unit}\n", SCORES)
    if is_told:
        assert place(finding(tables, "dose_unusual")) == ("note", "scores.csv", "dose", (2,))
        assert tables.sessions["dose"].tolist() == [float(dose)]
    else:
        assert "dose_unusual" not in codes(tables)


def test_a_dose_says_what_was_expected_and_every_limit_has_a_source():
    tables = loaded("patient_id,day,route,drug,dose,dose_unit\nP1,0,nasal,esketamine,60,mg\nP1,3,IV,,9,mg/kg\n", SCORES)
    problem = finding(tables, "dose_unusual").problem
    assert "28, 56 or 84 mg of esketamine" in problem
    assert "IV 0.1 to 2.5 mg/kg" in problem
    assert all(one.source and one.minimum < one.maximum for one in DOSE_LIMITS)


@pytest.mark.parametrize(("route", "minutes", "is_told"), [
    ("IV", "10", False), ("IV", "9", True), ("IV", "480", False), ("IV", "481", True), ("nasal", "5", False),
    ("nasal", "301", True), ("IV", "", False), ("", "1", False),
])
def test_lengths_that_are_unusual(route, minutes, is_told):
    tables = loaded(f"patient_id,day,route,minutes\nP1,0,{route},{minutes}\nP1,3,IV,40\n", SCORES)
    assert ("minutes_unusual" in codes(tables)) == is_told


@pytest.mark.parametrize(("systolic", "diastolic", "is_told"), [
    ("80", "120", True), ("80", "80", True), ("81", "80", False), ("", "120", False), ("120", "", False),
])
def test_pressures_that_were_exchanged(systolic, diastolic, is_told):
    tables = loaded("patient_id,day,dose,systolic_peak,diastolic_peak,systolic_before\n"
                    f"P1,0,1,{systolic},{diastolic},50\n", SCORES)
    if is_told:
        assert place(finding(tables, "pressure_swapped")) == ("note", "scores.csv", "diastolic_peak", (2,))
    else:
        assert "pressure_swapped" not in codes(tables)


def test_two_sexes_over_time():
    tables = loaded("patient_id,day,phq9,sex\nP1,0,20,F\nP1,9,8,M\nP1,20,8,F\nP2,0,9,F\nP2,9,8,Female\nP3,0,9,M\n")
    assert place(finding(tables, "attribute_changes")) == ("note", "scores.csv", "sex", (3,))


def test_two_sexes_as_often_name_both_rows_and_over_files_each_in_its_own():
    tables = loaded("patient_id,day,phq9,sex\nP1,0,20,F\nP1,9,8,M\n")
    assert finding(tables, "attribute_changes").rows == (2, 3)
    files = loaded("patient_id,day,phq9,sex\nP1,0,20,F\nP1,9,8,F\n", "patient_id,gender\nP1,male\nP2,female\n")
    assert place(finding(files, "attribute_changes")) == ("note", "file2.csv", "gender", (2,))


def test_two_sexes_on_one_day_contradict_and_unknown_is_no_sex():
    tables = loaded("patient_id,day,phq9,sex\nP1,0,20,F\nP1,0,20,M\nP2,0,9,F\nP2,9,8,unknown\n")
    assert place(finding(tables, "attribute_contradicts")) == ("drops_rows", "scores.csv", "sex", (2, 3))
    assert "attribute_changes" not in codes(tables)


@pytest.mark.parametrize("header", ["sex", "age_band", "indication"])
def test_an_attribute_without_days_that_contradicts(header):
    tables = loaded("patient_id,day,phq9\nP1,0,20\n", f"patient_id,{header}\nP1,30-39\nP1,40-49\n")
    assert place(finding(tables, "attribute_contradicts")) == ("drops_rows", "file2.csv", header, (2, 3))


def test_an_age_band_rises_and_never_falls():
    rising = "patient_id,day,phq9,age_band\nP1,0,20,30-39\nP1,400,8,40-49\n"
    assert "age_band_falls" not in codes(loaded(rising))
    falling = loaded(rising + "P1,500,9,30-39\n")
    assert place(finding(falling, "age_band_falls")) == ("note", "scores.csv", "age_band", (4,))
