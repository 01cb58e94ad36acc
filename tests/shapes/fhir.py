"""Records written as FHIR R4 resources: a Bundle or NDJSON."""

from __future__ import annotations

import json

from analytics.ingest.read import Source
from tests.shapes.records import Records, clock
from tests.shapes.tables import beside

LOINC = "http://loinc.org"
TOTALS = {"phq9": "44261-6", "gad7": "70274-6", "pain_nrs": "72514-3"}
WORDS = {"pain_nrs_worst": "Worst pain (0-10)", "pain_nrs_average": "Average pain score", "who5": "WHO-5 score"}
ITEMS = {"phq9": ("44250-9", "44255-8", "44259-0", "44254-1", "44251-7", "44258-2", "44252-5", "44253-3", "44260-8")}
ANSWERS = ("LA6568-5", "LA6569-3", "LA6570-1", "LA6571-9")
ROUTES = {"IV": "47625008", "IM": "78421000", "nasal": "46713006", "lozenge": "37839007"}


def resources(records: Records) -> list[dict]:
    """Patients, scores and sessions as resources."""
    made = [{"resourceType": "Patient", "id": code, "name": [{"family": "Invented"}], "birthDate": "1950-01-01"}
            for code in records.patients]
    for place, row in enumerate(records.scores):
        made += _score(f"s{place}", row, _at(records, row))
    for place, row in enumerate(records.sessions):
        made.append(_session(f"t{place}", row, records.place(row)))
    return made


def _at(records: Records, row: dict) -> str:
    time = clock(row.get("time"))
    return records.place(row) + (f"T{time}:00-05:00" if time else "")


def observation(name: str, code: dict, value: float, subject: str, at: str, **more) -> dict:
    """One Observation."""
    return {"resourceType": "Observation", "id": name, "status": "final", "code": code,
            "subject": {"reference": subject}, "effectiveDateTime": at,
            "valueQuantity": {"value": value, "unit": "{score}", "system": "http://unitsofmeasure.org",
                              "code": "{score}"}, **more}


def _score(name: str, row: dict, at: str) -> list[dict]:
    key, subject = row["instrument"], f"Patient/{row['patient_id']}"
    items = {item: answer for item, answer in row.get("items", {}).items() if answer is not None}
    made = []
    if items:
        made.append(response(name, key, items, subject, at))
    if row["total"] is not None:
        code = ({"coding": [{"system": LOINC, "code": TOTALS[key]}]} if key in TOTALS else {"text": WORDS[key]})
        more = {"derivedFrom": [{"reference": f"QuestionnaireResponse/{name}"}]} if items else {}
        made.append(observation(name, code, row["total"], subject, at, **more))
    return made


def response(name: str, key: str, items: dict, subject: str, at: str) -> dict:
    """One filled-in form."""
    return {"resourceType": "QuestionnaireResponse", "id": name, "status": "completed",
            "subject": {"reference": subject}, "authored": at,
            "item": [{"linkId": f"/44249-1/{ITEMS[key][item - 1]}",
                      "answer": [{"valueCoding": {"system": LOINC, "code": ANSWERS[int(answer)]}}]}
                     for item, answer in items.items()]}


def _session(name: str, row: dict, on: str) -> dict:
    dosage: dict = {}
    if row.get("route"):
        dosage["route"] = {"coding": [{"system": "http://snomed.info/sct", "code": ROUTES[row["route"]]}]}
    if row.get("dose") is not None:
        dosage["dose"] = {"value": row["dose"], "unit": row["dose_unit"]}
    return {"resourceType": "MedicationAdministration", "id": name, "status": "completed",
            "medicationCodeableConcept": {"text": row.get("drug") or "Ketamine"},
            "subject": {"reference": f"https://ehr.example/fhir/Patient/{row['patient_id']}"},
            "effectivePeriod": {"start": on, "end": on}, **({"dosage": dosage} if dosage else {})}


def bundle(made: list[dict], kind: str = "searchset", **more) -> bytes:
    """Resources as a Bundle."""
    return json.dumps({"resourceType": "Bundle", "type": kind, **more, "entry": [
        {"fullUrl": f"https://ehr.example/fhir/{one['resourceType']}/{one['id']}", "resource": one}
        if "id" in one else {"resource": one} for one in made]}).encode()


def ndjson(made: list[dict]) -> bytes:
    """Resources one a line."""
    return "".join(json.dumps(one) + "\n" for one in made).encode()


def as_bundle(records: Records) -> list[Source]:
    """A Bundle, with sites and indications in a file beside it."""
    return [Source("bundle.json", bundle(resources(records))), beside(records)[-1]]


def as_ndjson(records: Records) -> list[Source]:
    """NDJSON as of a bulk export."""
    return [Source("export.ndjson", ndjson(resources(records))), beside(records)[-1]]
