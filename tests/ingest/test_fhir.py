"""FHIR R4: Bundles and NDJSON, codes, statuses, versions, references; and that nothing brings it down."""

from __future__ import annotations

import json
from copy import deepcopy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.ingest.fhir import fhir_files, fhir_parts
from analytics.ingest.load import load
from analytics.ingest.problems import ProblemLog
from analytics.ingest.read import Source
from tests.ingest.files import codes, finding, place, scores
from tests.shapes.fhir import LOINC, bundle, ndjson, observation, response

PATIENT = {"resourceType": "Patient", "id": "p1", "name": [{"family": "Xqazza", "given": ["Xqbzzb"]}],
           "birthDate": "1950-01-01", "identifier": [{"value": "Xqczzc"}]}


def coded(code: str, system: str = LOINC, **more) -> dict:
    return {"coding": [{"system": system, "code": code, **more}]}


def phq9(value=20, name="a", at="2024-01-05T09:30:00Z", **more) -> dict:
    return observation(name, coded("44261-6"), value, "Patient/p1", at, **more)


def without(resource: dict, *names: str) -> dict:
    return {name: value for name, value in resource.items() if name not in names}


def read(*resources: dict, content: bytes | None = None, **more):
    return load([Source("bundle.json", bundle(list(resources), **more) if content is None else content)])


def totals(tables) -> list[tuple]:
    return [(patient, key, total) for patient, key, _, total in scores(tables)]


def form(answers: dict[int, int], name: str = "q", **more) -> dict:
    return {**response(name, "phq9", answers, "Patient/p1", "2024-01-05T09:30:00Z"), **more}


ALL = dict.fromkeys(range(1, 10), 2)


@pytest.mark.parametrize(("code", "value", "key"), [
    ("44261-6", 20, "phq9"), ("70274-6", 20, "gad7"), ("72514-3", 7, "pain_nrs"), ("38208-5", 7, "pain_nrs"),
    ("38214-3", 70, "pain_vas")])
def test_totals_by_their_codes(code, value, key):
    tables = read(PATIENT, observation("a", coded(code), value, "Patient/p1", "2024-01-05"))
    assert totals(tables) == [("p1", key, value)]


def test_rows_are_places_of_entries_and_lines():
    made = [PATIENT, phq9(20), phq9(9, "b", "2024-02-05")]
    tables = read(*made)
    assert tables.assessments["file_row"].tolist() == [2, 3]
    assert finding(tables, "resources_numbered").severity == "note"
    assert (tables.files[0].rows, tables.files[0].rows_used, tables.files[0].rows_blank) == (3, 2, 1)
    lines = ndjson(made).replace(b"\n", b"\n\n", 1) + b"{broken\n"
    tables = read(content=lines)
    assert tables.assessments["file_row"].tolist() == [3, 4]
    assert place(finding(tables, "resource_unreadable")) == ("drops_rows", "bundle.json", None, (5,))
    assert (tables.files[0].rows, tables.files[0].rows_used, tables.files[0].rows_blank) == (4, 2, 1)


@pytest.mark.parametrize("content", [
    json.dumps(phq9()).encode(), json.dumps(phq9(), indent=2).encode(), json.dumps([phq9()]).encode(),
    b"\xef\xbb\xbf" + json.dumps(phq9()).encode(),
    json.dumps({"resourceType": "Bundle", "type": "collection", "entry": [{"resource": phq9()}]}, indent=1).encode()])
def test_one_resource_in_every_wrapping(content):
    assert totals(read(content=content)) == [("p1", "phq9", 20)]


@pytest.mark.parametrize("content", [
    b'{"a": 1}', b"[1, 2]", b'[{"a": "resourceType"}]', b'{"data": {"resourceType": "x"}}',
    b"patient_id,day\n", b"", b"{",
    b'{"note": "\\"resourceType\\""}'])
def test_other_files_are_not_fhir(content):
    assert fhir_files(Source("x.json", content), ProblemLog()) is None


def test_damaged_json_is_refused():
    tables = read(content=bundle([phq9()])[:-20])
    assert finding(tables, "unreadable").severity == "blocks"


@pytest.mark.parametrize("status", ["final", "amended", "corrected"])
def test_statuses_that_count(status):
    assert totals(read(phq9(status=status))) == [("p1", "phq9", 20)]


@pytest.mark.parametrize("status", ["preliminary", "registered", "cancelled", "entered-in-error", "unknown", "", None,
                                    "Final", ["final"]])
def test_statuses_that_do_not(status):
    tables = read(PATIENT, phq9(status=status), phq9(9, "b"))
    assert totals(tables) == [("p1", "phq9", 9)]
    assert place(finding(tables, "resource_status")) == ("drops_rows", "bundle.json", None, (2,))


@pytest.mark.parametrize(("status", "counts"), [("completed", True), ("amended", True), ("in-progress", False),
                                                ("stopped", False), ("entered-in-error", False)])
def test_statuses_of_forms(status, counts):
    tables = read(form(ALL, status=status), phq9(9, "b", "2024-03-05"))
    assert totals(tables) == ([("p1", "phq9", 18)] if counts else []) + [("p1", "phq9", 9)]


def test_the_last_item_is_item_9_and_no_total():
    tables = read(form({**dict.fromkeys(range(1, 9), 2), 9: 3}))
    assert totals(tables) == [("p1", "phq9", 19)]
    assert tables.assessments["self_harm_item"].tolist() == [3]


def test_a_form_in_groups_with_every_kind_of_answer():
    flat = form(ALL)["item"]
    flat[1]["answer"] = [{"valueInteger": 3}]
    flat[2]["answer"] = [{"valueDecimal": 1.0}]
    flat[3]["answer"] = [{"valueString": "Several days"}]
    flat[4]["answer"] = [{"valueCoding": {"code": "x", "display": "Nearly every day"}}]
    flat[5]["answer"] = [{"valueCoding": {"code": "y", "extension": [
        {"url": "http://hl7.org/fhir/StructureDefinition/ordinalValue", "valueDecimal": 0}]}}]
    flat[6]["answer"] = []
    group = {"linkId": "g", "item": [{"linkId": "h", "item": flat[:5]}, {
        "linkId": "asked", "answer": [{"valueBoolean": True, "item": flat[5:]}]}]}
    tables = read(form(ALL, item=[group]))
    # 2 + 3 + 1 + 1 + 3 + 0 + (unanswered) + 2 + 2 = 14 of 8 answers; 14 / 8 * 9 = 15.75, rounded 16
    assert totals(tables) == [("p1", "phq9", 16)]
    assert tables.assessments["prorated"].tolist() == [True]


def test_links_of_another_form_are_known_by_its_questionnaire():
    asked = {"resourceType": "Questionnaire", "id": "mood", "url": "https://clinic.example/mood", "item": [
        {"linkId": f"x{item}", "code": [{"system": LOINC, "code": one["linkId"].split("/")[-1]}]}
        for item, one in enumerate(form(ALL)["item"])]}
    filled = form(ALL, questionnaire="https://clinic.example/mood|2.1")
    for item, one in enumerate(filled["item"]):
        one["linkId"] = f"x{item}"
    assert totals(read(asked, filled)) == [("p1", "phq9", 18)]
    assert totals(read(filled, phq9(9, "b"))) == [("p1", "phq9", 9)]


@pytest.mark.parametrize("link", ["PHQ.{}", "{}", "phq9-{}", "/44249-1/q{}"])
def test_links_by_number_need_the_whole_set(link):
    filled = form(ALL, questionnaire="http://example.org/Questionnaire/phq-9")
    for item, one in enumerate(filled["item"], start=1):
        one["linkId"] = link.format(item)
    filled["item"].append({"linkId": link.format(10), "answer": [{"valueCoding": {"code": "LA6574-3"}}]})
    assert totals(read(filled)) == [("p1", "phq9", 18)]
    filled["item"][4]["linkId"] = "other"
    assert totals(read(filled, phq9(9, "b"))) == [("p1", "phq9", 9)]


def test_a_panel_with_components_and_one_with_members():
    parts = [{"code": coded(one["linkId"].split("/")[-1]), "valueInteger": 1} for one in form(ALL)["item"]]
    panel = {**without(phq9(9, "panel"), "valueQuantity", "code"), "code": coded("44249-1"),
             "component": [*parts, {"code": coded("44261-6"), "valueInteger": 9}]}
    assert totals(read(panel)) == [("p1", "phq9", 9)]
    members = [{**without(phq9(1, f"m{number}", f"2024-01-05T09:3{number % 10}:00Z"), "code", "valueQuantity"), **part}
               for number, part in enumerate(parts)]
    whole = phq9(9, "panel", hasMember=[{"reference": f"Observation/m{number}"} for number in range(9)])
    tables = read(*members, whole)
    assert totals(tables) == [("p1", "phq9", 9)]
    assert (tables.files[0].rows, tables.files[0].rows_used) == (10, 10)


def test_a_total_beside_its_form_is_checked_against_it():
    tables = read(form(ALL), phq9(17, "b"))
    assert totals(tables) == [("p1", "phq9", 18)]
    assert place(finding(tables, "total_disagrees")) == ("drops_rows", "bundle.json", "phq9", (1,))
    later = phq9(18, "b", "2024-01-05T11:00:00Z", derivedFrom=[{"reference": "QuestionnaireResponse/q"}])
    tables = read(form(ALL), later)
    assert totals(tables) == [("p1", "phq9", 18)]
    assert tables.files[0].rows_used == 2


@pytest.mark.parametrize("reference", [
    "Patient/p1", "https://ehr.example/fhir/Patient/p1", "Patient/p1/_history/3",
    "https://ehr.example/fhir/Patient/p1/_history/12"])
def test_references_to_a_patient(reference):
    assert totals(read({**phq9(), "subject": {"reference": reference}})) == [("p1", "phq9", 20)]


def test_references_by_uuid():
    uuid = "urn:uuid:0b1c2d3e-0000-4000-8000-000000000001"
    entries = [{"fullUrl": uuid, "resource": without(PATIENT, "id")},
               {"fullUrl": "urn:uuid:2", "resource": {**without(phq9(), "id"), "subject": {"reference": uuid}}}]
    content = json.dumps({"resourceType": "Bundle", "type": "transaction", "entry": entries}).encode()
    assert totals(read(content=content)) == [("0b1c2d3e-0000-4000-8000-000000000001", "phq9", 20)]
    entries[0]["resource"]["id"] = "p7"
    content = json.dumps({"resourceType": "Bundle", "type": "transaction", "entry": entries}).encode()
    assert totals(read(content=content)) == [("p7", "phq9", 20)]


@pytest.mark.parametrize("subject", [
    {"reference": "Group/g1"}, {"reference": "#p1"}, {"identifier": {"value": "Xqczzc"}, "display": "Xqazza"}, None,
    {"reference": 7}, {"reference": "https://ehr.example/p1"}])
def test_a_score_of_nobody_is_named(subject):
    tables = read(PATIENT, {**phq9(), "subject": subject}, phq9(9, "b"))
    assert totals(tables) == [("p1", "phq9", 9)]
    assert finding(tables, "patient_missing").rows == (2,)


def test_names_and_identifiers_are_never_read():
    tables = read(PATIENT, {**phq9(), "subject": {"reference": "Patient/p1", "display": "Xqazza"},
                            "performer": [{"display": "Xqbzzb"}], "note": [{"text": "Xqczzc"}]})
    held = fhir_parts(fhir_files(Source("b.json", bundle([PATIENT, phq9()])), ProblemLog()), ProblemLog())
    texts = {text for part in held for cells in part.cells for text in cells.texts}
    assert texts == {"p1", "20", "2024-01-05T09:30:00Z"}
    assert "xq" not in str((tables.findings, tables.columns)).lower()


@pytest.mark.parametrize(("times", "day"), [
    ({"effectiveDateTime": "2024-01-05T23:30:00-05:00"}, 19727), ({"effectiveDateTime": "2024-01-05"}, 19727),
    ({"effectivePeriod": {"start": "2024-01-04", "end": "2024-01-05T10:00:00Z"}}, 19727),
    ({"effectivePeriod": {"start": "2024-01-05"}}, 19727), ({"effectiveInstant": "2024-01-05T10:00:00.123Z"}, 19727),
    ({"issued": "2024-01-06T10:00:00.000+00:00"}, 19728), ({"encounter": {"reference": "Encounter/e1"}}, 19730),
    ({"encounter": {"reference": "Encounter/e1"}, "issued": "2024-01-06T10:00:00Z"}, 19730)])
def test_days(times, day):
    visit = {"resourceType": "Encounter", "id": "e1", "period": {"start": "2024-01-08T09:00:00Z"}}
    tables = read({**without(phq9(), "effectiveDateTime"), **times}, visit)
    assert [row[2] for row in scores(tables)] == [day]
    has_own = any(name.startswith("effective") for name in times)
    assert ("resource_date_beside" in codes(tables)) is not has_own


@pytest.mark.parametrize("on", ["2024", "2024-13-01", "soon"])
def test_dates_that_are_none_are_named(on):
    tables = read(phq9(at=on), phq9(9, "b"))
    assert [total for *_, total in totals(tables)] == [9]
    assert any(one.severity == "drops_rows" and 1 in one.rows for one in tables.findings)


def test_modifiers_are_not_passed_over():
    not_so = [{"url": "http://example.org/not", "valueBoolean": True}]
    parts = [{"code": coded("44261-6"), "valueInteger": 9, "modifierExtension": not_so}]
    tables = read(phq9(modifierExtension=not_so), phq9(9, "b"),
                  {**phq9(1, "c"), "code": coded("44249-1"), "component": parts})
    assert totals(tables) == [("p1", "phq9", 9)]
    assert finding(tables, "resource_modified").rows == (1, 3)
    assert "resource_modified" in codes(read(form(ALL, modifierExtension=not_so)))


def test_versions_of_one_resource():
    old = phq9(20, meta={"versionId": "1", "lastUpdated": "2024-01-05T10:00:00Z"})
    new = phq9(12, meta={"versionId": "2", "lastUpdated": "2024-01-06T10:00:00+02:00"})
    for pair, again in (((old, new), 1), ((new, old), 2)):
        tables = read(*pair)
        assert totals(tables) == [("p1", "phq9", 12)]
        assert place(finding(tables, "resource_again")) == ("drops_rows", "bundle.json", None, (again,))
    withdrawn = {**new, "status": "entered-in-error"}
    assert totals(read(old, withdrawn)) == []
    numbered = [phq9(20, meta={"versionId": "9"}), phq9(12, meta={"versionId": "10"})]
    assert totals(read(*numbered)) == [("p1", "phq9", 12)]


def test_copies_without_versions():
    assert totals(read(phq9(), phq9())) == [("p1", "phq9", 20)]
    assert finding(read(phq9(), phq9()), "resource_again").rows == (2,)
    tables = read(phq9(20), phq9(12), phq9(9, "b"))
    assert totals(tables) == [("p1", "phq9", 9)]
    assert finding(tables, "resource_versions_unclear").rows == (1, 2)


@pytest.mark.parametrize("value", [
    {"valueQuantity": {"value": 20, "comparator": "<"}}, {"valueQuantity": {"value": 20, "unit": "%"}},
    {"valueQuantity": {"value": 20, "code": "mm"}}, {"valueCodeableConcept": {"coding": []}}])
def test_values_that_are_no_plain_score(value):
    tables = read({**without(phq9(), "valueQuantity"), **value}, phq9(9, "b"))
    assert totals(tables) == [("p1", "phq9", 9)]
    assert {"resource_value_unclear", "resource_unit_unknown"} & set(codes(tables))


@pytest.mark.parametrize("value", [
    {"valueQuantity": {"value": 20}}, {"valueQuantity": {"value": "20", "unit": "score"}}, {"valueInteger": 20},
    {"valueString": "20"}, {"valueDecimal": 20.0}, {"valueQuantity": {"value": 20, "unit": "points", "code": "1"}}])
def test_values_that_are(value):
    assert totals(read({**without(phq9(), "valueQuantity"), **value})) == [("p1", "phq9", 20)]


def test_several_answers_are_no_answer():
    filled = form(ALL)
    filled["item"][3]["answer"].append({"valueInteger": 0})
    tables = read(filled)
    assert tables.assessments["n_items_missing"].tolist() == [1]
    assert finding(tables, "resource_value_unclear").rows == (1,)


def test_codes_that_are_not_known_are_counted():
    tables = read(phq9(), {**phq9(1, "b"), "code": coded("55758-7")}, {**phq9(1, "c"), "code": coded("8480-6")},
                  {"resourceType": "Practitioner", "id": "d"}, {"resourceType": "Xqazza", "id": "e"})
    assert totals(tables) == [("p1", "phq9", 20)]
    assert "2 Observation, 1 Practitioner, 1 of other kinds" in finding(tables, "resources_not_used").problem
    both = {"coding": [{"system": LOINC, "code": "44261-6"}, {"system": LOINC, "code": "70274-6"}]}
    assert totals(read({**phq9(), "code": both})) == []
    local = {"coding": [{"system": "urn:oid:1.2.3", "code": "44261-6"}], "text": "Worst pain (0-10)"}
    assert totals(read({**phq9(7), "code": local})) == [("p1", "pain_nrs_worst", 7)]


def given_ketamine(name="m", at="2024-01-05T09:00:00Z", **more) -> dict:
    return {"resourceType": "MedicationAdministration", "id": name, "status": "completed",
            "medicationCodeableConcept": {"text": "Ketamine HCl 50 mg/mL"}, "subject": {"reference": "Patient/p1"},
            "effectivePeriod": {"start": at}, "dosage": {
                "route": coded("47625008", "http://snomed.info/sct"), "dose": {"value": 0.5, "unit": "mg/kg"}}, **more}


def done(text: str, at="2024-01-05", name="x", **more) -> dict:
    return {"resourceType": "Procedure", "id": name, "status": "completed", "code": {"text": text},
            "subject": {"reference": "Patient/p1"}, "performedDateTime": at, **more}


def test_administrations_are_sessions():
    tables = read(given_ketamine(), given_ketamine("n", "2024-01-08", status="not-done"),
                  given_ketamine("o", medicationCodeableConcept={"text": "Ondansetron"}), phq9())
    one = tables.sessions.iloc[0]
    assert len(tables.sessions) == 1
    assert one[["day", "drug", "route", "dose", "dose_unit"]].tolist() == [19727, "ketamine", "IV", 0.5, "mg/kg"]
    assert finding(tables, "resource_status").rows == (2,)
    assert "1 MedicationAdministration" in finding(tables, "resources_not_used").problem


def test_medications_by_reference_and_by_code():
    medicine = {"resourceType": "Medication", "id": "k", "code": {"text": "Spravato 28 mg nasal spray"}}
    bare = without(given_ketamine(), "medicationCodeableConcept", "dosage")
    tables = read(medicine, {**bare, "medicationReference": {"reference": "Medication/k"}}, phq9())
    assert tables.sessions[["drug", "route"]].to_numpy().tolist() == [["esketamine", "nasal"]]
    inside = {**bare, "medicationReference": {"reference": "#k"}, "contained": [medicine]}
    assert len(read(inside, phq9()).sessions) == 1
    rxnorm = coded("6130", "http://www.nlm.nih.gov/research/umls/rxnorm")
    assert read({**bare, "medicationCodeableConcept": rxnorm}, phq9()).sessions["drug"].tolist() == ["ketamine"]


def test_medicines_that_are_in_another_file():
    bare = without(given_ketamine(), "medicationCodeableConcept")
    tables = read({**bare, "medicationReference": {"reference": "Medication/k"}}, phq9())
    assert tables.sessions.empty
    assert place(finding(tables, "medication_not_found")) == ("drops_rows", "bundle.json", None, (1,))
    named = {**bare, "medicationReference": {"reference": "Medication/k", "display": "ketamine 50 mg/mL injection"}}
    assert len(read(named, phq9()).sessions) == 1


def test_a_procedure_is_the_administration_of_its_day():
    tables = read(done("IV ketamine infusion"), given_ketamine(), done("IV ketamine infusion", "2024-01-08", "y"),
                  phq9())
    assert tables.sessions["day"].tolist() == [19727, 19730]
    assert tables.sessions["route"].tolist() == ["IV", "IV"]
    assert finding(tables, "sessions_joined").rows == (1,)
    assert tables.files[0].rows_used == 4


@pytest.mark.parametrize("text", ["Ketamine consultation", "Education about ketamine", "Esketamine REMS screening",
                                  "Colonoscopy", "Allergy to ketamine"])
def test_other_procedures_are_no_sessions(text):
    assert read(done(text), phq9()).sessions.empty


def test_pages_are_told():
    tables = read(phq9(), link=[{"relation": "self", "url": "x"}, {"relation": "next", "url": "y"}])
    assert finding(tables, "bundle_is_a_page").severity == "note"
    assert "bundle_is_a_page" not in codes(read(phq9(), link=[{"relation": "self", "url": "x"}]))


def test_a_response_of_a_batch_holds_bundles():
    inner = json.loads(bundle([phq9(), phq9(9, "b", "2024-02-05")]))
    tables = read(PATIENT, {**inner, "id": "z"})
    assert [total for *_, total in totals(tables)] == [20, 9]
    assert set(tables.assessments["file_row"]) == {2}


VALUE = st.recursive(
    st.sampled_from([None, True, 0, 7, 20.5, "", "final", "2024-01-05", "Patient/p1", "44261-6", "/44250-9", "LA6568-5",
                     "Observation", "http://loinc.org", -1e400]),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.sampled_from([
        "code", "coding", "system", "value", "reference", "item", "answer", "linkId", "start", "text", "valueCoding",
        "versionId", "extension", "url"]), inner, max_size=3)), max_leaves=6)
WHOLE = (PATIENT, phq9(), form(ALL), given_ketamine(), done("IV ketamine infusion"),
         {"resourceType": "Questionnaire", "id": "mood", "item": [{"linkId": "1", "code": []}]},
         {"resourceType": "Encounter", "id": "e1", "period": {"start": "2024-01-08"}})


@settings(max_examples=24, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 30), VALUE, st.booleans()), max_size=8))
def test_no_damage_brings_an_exception(damages):
    made = [deepcopy(one) for one in WHOLE]
    for which, name, value, deep in damages:
        spot = made[which]
        names = sorted(spot)
        if deep and isinstance(spot[names[name % len(names)]], list | dict) and spot[names[name % len(names)]]:
            inner = spot[names[name % len(names)]]
            inner[next(iter(inner)) if isinstance(inner, dict) else 0] = value
        else:
            spot[names[name % len(names)]] = value
    for content in (json.dumps({"resourceType": "Bundle", "entry": [{"resource": one} for one in made]}).encode(),
                    "".join(json.dumps(one) + "\n" for one in made).encode()):
        tables = load([Source("x.json", content)])
        record = tables.files[0] if tables.files else None
        assert record is None or (record.rows_blank >= 0 and record.rows_used <= record.rows)


@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 3000), st.binary(max_size=4))
def test_no_cut_brings_an_exception(cut, added):
    content = bundle(list(WHOLE))
    load([Source("x.json", content[:cut] + added + content[cut + len(added):])])


def test_deep_nesting_is_refused():
    deep = b'{"resourceType": "Bundle", "entry": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    assert finding(read(content=deep), "unreadable").severity == "blocks"
    item: dict = {"linkId": "/44250-9", "answer": [{"valueInteger": 1}]}
    for _ in range(60):
        item = {"linkId": "g", "item": [item]}
    assert read(form(ALL, item=[item]), phq9(9, "b")).assessments["total"].tolist() == [9]
