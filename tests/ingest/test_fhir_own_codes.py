"""A clinic's own instrument in FHIR: known by the codes that its file names, in Observations and in filled-in forms."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analytics.definitions.instruments import BUILT_IN
from analytics.ingest.fhir_codes import codes_of
from analytics.ingest.load import load
from analytics.ingest.measure_names import Measure
from analytics.ingest.read import Source
from tests.ingest.files import codes, scores
from tests.shapes.fhir import LOINC, bundle, observation

OURS = "urn:clinic.example"
OWN = {"calm": replace(
    BUILT_IN["gad7"], key="calm", title="Calm scale", aliases=(), loinc="99998-7", codes=("calm-total", f"{OURS}|7"),
    item_codes=("calm-1", "99991-1", *(f"calm-{item}" for item in range(3, 8))))}
PATIENT = {"resourceType": "Patient", "id": "p1"}
AT = "2024-01-05T09:30:00Z"


def read(*resources: dict, instruments=OWN):
    return load([Source("bundle.json", bundle([PATIENT, *resources]))], instruments=instruments)


def total(system: str, code: str, value: float = 9, **more) -> dict:
    return observation("a", {"coding": [{"system": system, "code": code}], **more}, value, "Patient/p1", AT)


def form(items: list[dict], **more) -> dict:
    return {"resourceType": "QuestionnaireResponse", "id": "q", "status": "completed", "authored": AT,
            "subject": {"reference": "Patient/p1"}, "item": items, **more}


def answered(links: list[str], answer: int = 1) -> list[dict]:
    return [{"linkId": link, "answer": [{"valueInteger": answer}]} for link in links]


@pytest.mark.parametrize(("system", "code"), [
    (LOINC, "99998-7"), (OURS, "calm-total"), ("", "calm-total"), (OURS, "7")])
def test_totals_by_loinc_or_by_a_code_of_the_clinic(system, code):
    assert [row[1::2] for row in scores(read(total(system, code)))] == [("calm", 9.0)]


@pytest.mark.parametrize(("system", "code"), [
    (OURS, "99998-7"), (LOINC, "calm-total"), ("urn:other.example", "7"), (LOINC, "99997-7"), (OURS, "")])
def test_codes_that_are_another_system_s_are_not_taken(system, code):
    tables = read(total(system, code))
    assert len(tables.assessments) == 0
    assert "resources_not_used" in codes(tables)


def test_without_the_instruments_file_nothing_is_known_of_it():
    assert len(read(total(LOINC, "99998-7"), instruments=None).assessments) == 0


def test_built_in_instruments_keep_their_codes():
    tables = read(total(LOINC, "44261-6", 20))
    assert [row[1::2] for row in scores(tables)] == [("phq9", 20.0)]


def test_two_codes_that_mean_two_things_mean_nothing():
    both = {"coding": [{"system": LOINC, "code": "44261-6"}, {"system": OURS, "code": "calm-total"}]}
    assert len(read(observation("a", both, 9, "Patient/p1", AT)).assessments) == 0
    known = {"coding": [{"system": LOINC, "code": "12345-6"}, {"system": OURS, "code": "calm-total"}]}
    assert [row[1] for row in scores(read(observation("a", known, 9, "Patient/p1", AT)))] == ["calm"]


LINKS = ["calm-1", "/form/99991-1", *(f"/form/calm-{item}" for item in range(3, 8))]


def test_a_form_by_the_codes_of_its_items():
    tables = read(form(answered(LINKS, 2)))
    assert [row[1::2] for row in scores(tables)] == [("calm", 14.0)]
    assert tables.assessments["item_7"].tolist() == [2]


def test_a_form_by_the_address_of_its_questionnaire_and_numbers():
    tables = read(form(answered([f"{item}" for item in range(1, 8)]), questionnaire="https://z.example/calm-total|1"))
    assert [row[1::2] for row in scores(tables)] == [("calm", 7.0)]


def test_a_form_by_the_codes_in_its_questionnaire():
    asked = {"resourceType": "Questionnaire", "id": "f", "url": "https://z.example/f", "status": "active", "item": [
        {"linkId": f"l{item}", "code": [{"system": LOINC if code[0] == "9" else OURS, "code": code}]}
        for item, code in enumerate(OWN["calm"].item_codes, start=1)]}
    tables = read(asked, form(answered([f"l{item}" for item in range(1, 8)]), questionnaire="https://z.example/f"))
    assert [row[1::2] for row in scores(tables)] == [("calm", 7.0)]


def test_components_with_items():
    parts = [{"code": {"coding": [{"system": LOINC if code[0] == "9" else OURS, "code": code}]}, "valueInteger": 3}
             for code in OWN["calm"].item_codes]
    whole = {**total(OURS, "calm-total", 21), "component": parts}
    tables = read(whole)
    assert [row[1::2] for row in scores(tables)] == [("calm", 21.0)]
    assert tables.assessments["item_1"].tolist() == [3]


def test_what_codes_mean():
    known = codes_of({**BUILT_IN, **OWN})
    assert known.loinc["99991-1"] == Measure("calm", 2)
    assert known.own["calm-1"] == Measure("calm", 1)
    assert known.loinc["44260-8"] == Measure("phq9", 9)
    assert "44260-8" not in codes_of(OWN).loinc
