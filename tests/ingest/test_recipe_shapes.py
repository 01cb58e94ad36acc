"""Recipes of exports that are reshaped while they are read: month 2 by the recipe is month 2 by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from analytics.ingest.load import open_files, tables_of
from analytics.ingest.recipe_files import recipe_from_toml, recipe_to_toml
from analytics.ingest.recipes import headers_of, instruments_of, mapping_for, recipe_of
from tests.ingest.files import codes, finding, loaded, scores, source
from tests.ingest.redcap_exports import ANSWERS, PHQ9_WORDS
from tests.ingest.test_fhir import phq9
from tests.ingest.test_fhir_exports import GIVEN, MEDICATION, PATIENT
from tests.shapes.fhir import ndjson

SHEET = "PAT_ID,RECORDED_TIME,FLO_MEAS_NAME,MEAS_VALUE,unit\n"


def flow_sheet(month: int) -> dict[str, str]:
    return {"flow.csv": SHEET + "".join(
        f"Z{month}{patient},2024-0{month}-05,{name},{value},North\n" for patient in range(3)
        for name, value in (("R WORST PAIN TODAY", 60 + patient), ("R PHQ-9 SCORE", 20 - patient), ("BP", "120/80")))}


def relational(month: int) -> dict[str, str]:
    at = f"2024-0{month}"
    return {
        "events.csv": "event_id,patient_id,event_type,date,clinician\n" + "".join(
            f"E{month}{n},P{n},{kind},{at}-0{n + 1},C{n}\n"
            for n, kind in enumerate(("Intake", "Visit", "Booster"), start=1)),
        "surveys.csv": "survey_response_id,event_id,survey_name,total_score,extra\n" + "".join(
            f"S{month}{n},E{month}{n},PHQ-9,{20 - n},{n % 2}\n" for n in (1, 2, 3))}


def fhir(month: int) -> dict[str, bytes]:
    at = f"2024-0{month}"
    scored = [phq9(20 - month, f"a{month}", f"{at}-05"), phq9(9, f"b{month}", f"{at}-25")]
    return {"Patient.ndjson": ndjson([PATIENT]), "Observation.ndjson": ndjson(scored),
            "Medication.ndjson": ndjson([MEDICATION]),
            "MedicationAdministration.ndjson": ndjson([{**GIVEN, "id": f"t{month}", "effectiveDateTime": f"{at}-06"}])}


def questions(month: int) -> dict[str, str]:
    header = ["Client", "When was this?", *(f'"{text}"' for text in PHQ9_WORDS), "How bad was it at its worst?"]
    rows = [[f"C{month}{n}", f"0{month + 1}/0{n + 1}/2024", *(ANSWERS[(n + item) % 4] for item in range(9)), str(n + 3)]
            for n in range(4)]
    return {"form.csv": "\n".join(",".join(row) for row in (header, *rows)) + "\n"}


def survey(month: int) -> dict[str, str]:
    rows = [f"R{month}{n},P{n},2024-0{month}-0{n + 1},Check-in,{question},{answer}" for n in range(3)
            for question, answer in (("How was the worst of the pain?", n + 4), ("Other things to say", "none"),
                                     *((f'"{text}"', (n + item) % 4) for item, text in enumerate(PHQ9_WORDS)))]
    header = "response_id,patient_id,date,survey_name,question_text,answer_value"
    return {"survey.csv": "\n".join([header, *rows]) + "\n"}


CASES = {
    "flow sheet": (flow_sheet, {"R WORST PAIN TODAY": "pain_nrs_worst[0..100]", "unit": "attribute"}, "pain_nrs_worst"),
    "flow sheet by hand": (
        lambda month: {name: text.replace("FLO_MEAS_NAME,MEAS_VALUE", "row,what") for name, text in
                       flow_sheet(month).items()},
        {"row": "instrument", "what": "total", "R WORST PAIN TODAY": "pain_nrs_worst[0..100]"}, "pain_nrs_worst"),
    "relational": (relational, {"date": "treated_on", "clinician": "attribute", "extra": "ignore"}, "phq9"),
    "FHIR": (fhir, {"drug": "attribute"}, "phq9"),
    "questions as headers": (
        questions, {"Client": "patient_id", "When was this?": "assessed_on[mdy]",
                    "How bad was it at its worst?": "pain_nrs_worst"}, "pain_nrs_worst"),
    "questions in rows": (survey, {"How was the worst of the pain?": "pain_nrs_worst"}, "pain_nrs_worst"),
}


def opened(files: dict, mapping):
    return open_files([source(text, name) if isinstance(text, str) else type(source("", name))(name, text)
                       for name, text in files.items()], tuple(mapping))


@pytest.mark.parametrize("case", CASES)
def test_next_month_by_the_recipe_is_next_month_by_hand(case):
    made, said, key = CASES[case]
    first = opened(made(1), said)
    tables = tables_of(first, mapping=said)
    recipe = recipe_from_toml(recipe_to_toml(recipe_of(tables, first, "monthly", said=said), tables.columns))
    assert set(said) <= set(recipe.mapping), "what was said is not kept"
    second = opened(made(2), recipe.mapping)
    mapping, gone = mapping_for(recipe, headers_of(second, recipe.mapping))
    assert gone == ()
    again = tables_of(second, mapping=mapping, attributes=recipe.attributes, dates=recipe.dates,
                      instruments=instruments_of(recipe))
    by_hand = tables_of(opened(made(2), said), mapping=said)
    assert not by_hand.is_blocked
    assert key in set(by_hand.assessments["instrument"]), "the case is not drawn"
    for name in ("assessments", "sessions", "attributes"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(by_hand, name))
    severe = {one.code for one in by_hand.findings if one.severity != "note"}
    assert severe == {one.code for one in again.findings if one.severity != "note"}


def test_a_measure_that_is_gone_next_month_is_told_and_stops_nothing():
    said = {"R WORST PAIN TODAY": "pain_nrs_worst[0..100]"}
    first = opened(flow_sheet(1), said)
    recipe = recipe_of(tables_of(first, mapping=said), first, "monthly", said=said)
    without = {name: "".join(line for line in text.splitlines(keepends=True) if "WORST" not in line)
               for name, text in flow_sheet(2).items()}
    second = opened(without, recipe.mapping)
    mapping, gone = mapping_for(recipe, headers_of(second, recipe.mapping))
    assert gone == ("R WORST PAIN TODAY",)
    assert len(tables_of(second, mapping=mapping).assessments) == 3


def test_a_question_in_rows_can_be_said():
    text = survey(1)["survey.csv"]
    assert {row[1] for row in scores(loaded(text))} == {"phq9"}
    tables = loaded(text, mapping={"How was the worst of the pain?": "pain_nrs_worst"})
    assert [row[3] for row in scores(tables) if row[1] == "pain_nrs_worst"] == [4.0, 5.0, 6.0]
    assert "answers_in_rows" in codes(tables)
    assert "1 " in finding(tables, "answers_not_used").problem or finding(tables, "answers_not_used").rows
    with pytest.raises(ValueError, match="No file has a column"):
        loaded(text, mapping={"How was the best of the pain?": "pain_nrs_worst"})
