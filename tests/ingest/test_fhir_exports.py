"""FHIR bulk exports: several NDJSON files of one export are read together."""

from __future__ import annotations

import json

import pytest

from analytics.ingest.load import load
from analytics.ingest.read import Source
from tests.ingest.books import accounted, zipped
from tests.ingest.files import codes, finding, place, scores
from tests.ingest.test_fhir import ALL, PATIENT, coded, form, phq9, without
from tests.shapes.fhir import ITEMS, bundle, ndjson, observation

MEDICATION = {"resourceType": "Medication", "id": "m1", "code": {"text": "Ketamine hydrochloride"}}
GIVEN = {"resourceType": "MedicationAdministration", "id": "t1", "status": "completed",
         "medicationReference": {"reference": "Medication/m1"}, "subject": {"reference": "Patient/p1"},
         "effectiveDateTime": "2024-01-06", "dosage": {"dose": {"value": 40, "unit": "mg"}}}
ENCOUNTER = {"resourceType": "Encounter", "id": "e1", "status": "finished", "period": {"start": "2024-01-05T09:00:00Z"}}
VISIT_SCORE = without(phq9(21, "v", encounter={"reference": "Encounter/e1"}), "effectiveDateTime")
DONE = {"resourceType": "Procedure", "id": "d1", "status": "completed", "code": {"text": "Ketamine infusion"},
        "subject": {"reference": "Patient/p1"}, "performedDateTime": "2024-01-06T10:00:00Z"}
EXPORT = {
    "Encounter.ndjson": [ENCOUNTER], "Medication.ndjson": [MEDICATION], "MedicationAdministration.ndjson": [GIVEN],
    "Observation.ndjson": [VISIT_SCORE, phq9(9, "w", "2024-02-05")], "Patient.ndjson": [PATIENT],
}


def sources(members: dict[str, list[dict]]) -> list[Source]:
    return [Source(name, ndjson(made)) for name, made in members.items()]


def loads(members: dict[str, list[dict]], folder) -> list:
    """An export as a zip, as a folder, and as files given together."""
    for name, made in members.items():
        (folder / name).write_bytes(ndjson(made))
    packed = zipped({name: ndjson(made) for name, made in members.items()})
    return [load([Source("export.zip", packed)]), load([folder]), load(sources(members))]


def test_references_resolve_across_the_files_of_an_export(tmp_path):
    for tables in loads(EXPORT, tmp_path):
        assert not tables.is_blocked
        assert [one[3] for one in scores(tables)] == [21.0, 9.0]
        assert tables.sessions[["drug", "dose"]].values.tolist() == [["ketamine", 40.0]]
        assert {one.rsplit("/", 1)[-1] for one in tables.assessments["file"]} == {"Observation.ndjson"}
        assert tables.assessments["file_row"].tolist() == [1, 2]
        assert {one.rsplit("/", 1)[-1] for one in tables.sessions["file"]} == {"MedicationAdministration.ndjson"}
        assert accounted(tables)
        assert [(one.rows, one.rows_used) for one in tables.files] == [(1, 0), (1, 0), (1, 1), (2, 2), (1, 0)]
        assert place(finding(tables, "resource_date_beside"))[2:] == (None, (1,))


def test_the_same_files_one_by_one_do_not_have_it():
    tables = load([Source("MedicationAdministration.ndjson", ndjson([GIVEN]))])
    assert finding(tables, "medication_not_found").rows == (1,)


def test_an_export_in_one_file_and_in_several_is_the_same():
    whole = load([Source("export.ndjson", ndjson([one for made in EXPORT.values() for one in made]))])
    apart = load(sources(EXPORT))
    for name in ("assessments", "sessions"):
        one, other = (getattr(tables, name).drop(columns=["file", "file_row"]) for tables in (whole, apart))
        assert one.equals(other)


def test_findings_name_the_row_of_their_own_file():
    members = {"Observation_1.ndjson": [phq9(20), phq9(9, "x", "2024-02-05", status="preliminary")],
               "Observation_2.ndjson": [phq9(8, "y", "2024-03-05"), phq9(7, "z", "2024-04-05", status="preliminary"),
                                        {"resourceType": "Condition", "id": "c"}]}
    files = sources(members)
    files[1] = Source(files[1].name, files[1].content + b"{broken\n")
    tables = load(files)
    told = {(one.code, one.file, one.rows) for one in tables.findings if one.severity == "drops_rows"}
    assert told == {("resource_status", "Observation_1.ndjson", (2,)),
                    ("resource_status", "Observation_2.ndjson", (2,)),
                    ("resource_unreadable", "Observation_2.ndjson", (4,))}
    assert finding(tables, "resources_not_used").file == "Observation_2.ndjson"
    assert list(zip(tables.assessments["file"], tables.assessments["file_row"], strict=True)) == [
        ("Observation_1.ndjson", 1), ("Observation_2.ndjson", 1)]
    assert accounted(tables)


def test_answers_of_one_form_in_two_files_are_one_assessment():
    items = [observation(f"i{number}", coded(code), 2, "Patient/p1", "2024-01-05", valueQuantity=None, valueInteger=2)
             for number, code in enumerate(ITEMS["phq9"], start=1)]
    items = [without(one, "valueQuantity") for one in items]
    panel = without(phq9(18, "panel", "2024-01-05", hasMember=[
        {"reference": f"Observation/{one['id']}"} for one in items]))
    tables = load(sources({"Observation_1.ndjson": [panel, *items[:4]], "Observation_2.ndjson": items[4:]}))
    assert [one[3] for one in scores(tables)] == [18.0]
    assert tables.assessments["n_items_missing"].tolist() == [0]
    assert finding(tables, "resources_read_elsewhere").file == "Observation_2.ndjson"
    assert finding(tables, "resources_read_elsewhere").rows == (1, 2, 3, 4, 5)
    assert accounted(tables)


def test_a_form_and_its_score_in_two_files_are_one_assessment():
    total = phq9(18, "s", derivedFrom=[{"reference": "QuestionnaireResponse/q"}])
    tables = load(sources({"Observation.ndjson": [total], "QuestionnaireResponse.ndjson": [form(ALL)]}))
    assert [one[3] for one in scores(tables)] == [18.0]


def test_a_procedure_and_its_administration_in_two_files_are_one_session():
    tables = load(sources({"Medication.ndjson": [MEDICATION], "MedicationAdministration.ndjson": [GIVEN],
                           "Observation.ndjson": [phq9()], "Procedure.ndjson": [DONE]}))
    assert len(tables.sessions) == 1
    assert place(finding(tables, "sessions_joined"))[1:] == ("Procedure.ndjson", None, (1,))
    assert accounted(tables)


def test_one_resource_in_two_files_of_an_export_is_read_once():
    newer = phq9(12, "a", meta={"versionId": "2"})
    tables = load(sources({"a.ndjson": [phq9(20, "a", meta={"versionId": "1"})], "b.ndjson": [newer]}))
    assert [one[3] for one in scores(tables)] == [12.0]
    assert place(finding(tables, "resource_again"))[1:] == ("a.ndjson", None, (1,))


def test_bundles_are_read_each_alone():
    one, other = bundle([PATIENT, phq9(20, "a")]), bundle([PATIENT, phq9(9, "a", "2024-02-05")])
    tables = load([Source("a.json", one), Source("b.json", other)])
    assert [score[3] for score in scores(tables)] == [20.0, 9.0]


def test_exports_in_two_archives_are_two_exports():
    one = zipped({"Medication.ndjson": ndjson([MEDICATION])})
    other = zipped({"MedicationAdministration.ndjson": ndjson([GIVEN])})
    tables = load([Source("a.zip", one), Source("b.zip", other)])
    assert "medication_not_found" in codes(tables)


@pytest.mark.parametrize("damaged", ["Medication.ndjson", "Patient.ndjson"])
def test_a_damaged_file_leaves_the_others(damaged):
    members = {name: ndjson(made) for name, made in EXPORT.items()}
    members[damaged] = json.dumps(EXPORT[damaged][0]).encode()[:-4]
    tables = load([Source("export.zip", zipped(members))])
    assert place(finding(tables, "member_not_read"))[:2] == ("drops_rows", f"export.zip/{damaged}")
    assert len(scores(tables)) == 2
    assert accounted(tables)


def test_other_files_beside_an_export_change_nothing():
    members = {name: ndjson(made) for name, made in EXPORT.items()} | {"guide.pdf": b"%PDF-1.7 x"}
    tables = load([Source("export.zip", zipped(members))])
    assert not tables.is_blocked
    assert len(scores(tables)) == 2
