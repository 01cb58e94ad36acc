"""Which column is what."""

from __future__ import annotations

import pytest

from analytics.definitions.instruments import BUILT_IN
from analytics.ingest.fields import map_option, use_said
from analytics.ingest.headers import aliases_of, score_header
from analytics.ingest.identifiers import identifies
from tests.ingest.files import codes, finding, loaded, place, scores

ALIASES = aliases_of(BUILT_IN)


def uses(tables) -> dict[str, str | None]:
    return {use.column: use.field for use in tables.columns}


@pytest.mark.parametrize(("header", "key"), [
    ("PHQ-9 Total", "phq9"), ("phq9_total_score", "phq9"), ("PHQ9", "phq9"), ("phq_9_sum", "phq9"),
    ("Total PHQ-9", "phq9"), ("phq9totalscore", "phq9"), ("PHQ-9 (0-27)", "phq9"), ("GAD-7 score", "gad7"),
    ("qids_sr_total", "qids_sr16"), ("BDI-II", "bdi2"), ("hdrs17", "hamd17"), ("HAMD-17 tot", "hamd17"),
    ("WHO-5", "who5"), ("Pain (0-10)", "pain_nrs"), ("pain_score", "pain_nrs"), ("NRS", "pain_nrs"),
    ("worst pain", "pain_nrs_worst"), ("pain_avg", "pain_nrs_average"), ("Pain VAS (0-100)", "pain_vas"),
    ("painNow", "pain_nrs_now"),
])
def test_headers_of_totals(header, key):
    found = score_header(header, ALIASES, BUILT_IN)
    assert (found.key, found.item, found.visit, found.number) == (key, None, None, None)


@pytest.mark.parametrize(("header", "key", "item"), [
    ("phq9_q1", "phq9", 1), ("PHQ9_item3", "phq9", 3), ("phq9_item_9", "phq9", 9), ("phq_9_q1", "phq9", 1),
    ("phq_q2", "phq9", 2), ("DPQ010", "phq9", 1), ("DPQ090", "phq9", 9), ("gad7 question 7", "gad7", 7),
    ("who5_i5", "who5", 5),
])
def test_headers_of_items(header, key, item):
    found = score_header(header, ALIASES, BUILT_IN)
    assert (found.key, found.item, found.visit, found.number) == (key, item, None, None)


@pytest.mark.parametrize(("header", "key", "visit"), [
    ("phq9_baseline", "phq9", "baseline"), ("phq9_week4", "phq9", "week4"), ("phq9_total_w4", "phq9", "w4"),
    ("gad7 baseline", "gad7", "baseline"), ("bdi2_post", "bdi2", "post"), ("baseline_phq9_total", "phq9", "baseline"),
    ("pain_worst_week 4", "pain_nrs_worst", "week 4"), ("PHQ-9 Follow-up 2", "phq9", "Follow-up 2"),
    ("phq9_month_6", "phq9", "month_6"), ("PHQ9 30 min", "phq9", "30 min"), ("phq9_visit2", "phq9", "visit2"),
])
def test_headers_of_scores_at_a_visit(header, key, visit):
    found = score_header(header, ALIASES, BUILT_IN)
    assert (found.key, found.visit) == (key, visit)


@pytest.mark.parametrize("header", [
    "pain_location", "back_pain", "phq9_severity", "phq9_complete", "DPQ100", "phq9_q10", "who5_6q", "painkillers",
    "preOp_pain", "PHQ-9 (0-30)", "phq9_q1 (0-3)",
    "phq8_total", "hamd", "bdi", "who", "hamd21", "paint", "gadget", "nrs_ward", "xphq9", "baselinephq9x",
    "non phq9",
])
def test_headers_that_say_nothing_certain(header):
    found = score_header(header, ALIASES, BUILT_IN)
    assert found is None or found.number is not None


@pytest.mark.parametrize("header", [
    "name", "Patient Name", "patient_name", "FirstName", "last name", "surname", "DOB", "date of birth", "birth_date",
    "Email", "e-mail address", "phone", "Mobile no", "cell", "fax", "home address", "street", "zip", "ZIP code",
    "postcode", "MRN", "medical record number", "chart number", "SSN", "social security no", "insurance_number",
    "member id", "policy no", "account number", "url", "ip address", "clinician_name", "provider name", "initials",
    "NHS number", "patient_name_form", "record_number",
])
def test_headers_that_could_identify(header):
    assert identifies(header)


@pytest.mark.parametrize("header", [
    "site_name", "clinic name", "visit_name", "drug name", "instrument_name", "redcap_event_name", "protocol name",
    "record_id", "patient_id", "insurance", "sex_at_birth", "medication_name", "test name", "course_id", "site",
    "clinician_code", "phq9", "day", "number_of_sessions", "hospital_id", "username"[:4],
])
def test_headers_that_are_harmless(header):
    assert not identifies(header)


def test_identifying_columns_are_not_read_and_listed():
    tables = loaded("""
        patient_id,patient_name,dob,email,MRN,day,phq9,site_name
        P1,Zanzibar Quill,1970-01-01,q@z.example,M1,0,20,North
        P2,Yolanda Quux,1971-01-01,y@z.example,M2,0,18,South""")
    one = finding(tables, "identifier_not_read")
    assert one.problem == "4 columns were not read: they look like patient_name, dob, email, MRN."
    assert place(one) == ("note", "scores.csv", None, ())
    assert tables.attribute_names == ("site_name",)
    assert "column_not_used" not in codes(tables)


def test_naming_an_identifier_as_attribute_is_not_enough_but_mapping_is():
    text = """
        patient_id,clinician_name,day,phq9
        P1,A,0,20
        P2,B,0,18"""
    assert loaded(text, attributes=["clinician_name"]).attribute_names == ()
    mapped = loaded(text, mapping={"clinician_name": "attribute"})
    assert mapped.attribute_names == ("clinician_name",)
    assert place(finding(mapped, "identifier_mapped")) == ("note", "scores.csv", "clinician_name", ())


@pytest.mark.parametrize(("text", "options", "column"), [
    ("MRN,day,phq9\nM1,0,20\n", {"mapping": {"MRN": "patient_id"}}, "MRN"),
    ("MRN,day,phq9\nM1,0,20\n", {}, "MRN"),
    ("Patient Name,day,phq9\nA B,0,20\n", {}, "Patient Name"),
])
def test_a_patient_key_that_identifies_is_refused(text, options, column):
    tables = loaded(text, **options)
    assert place(finding(tables, "patient_key_identifies")) == ("blocks", "scores.csv", column, ())
    assert tables.is_blocked


def test_without_a_patient_column_the_file_is_refused_and_a_likely_one_named():
    assert place(finding(loaded("id,day,phq9\n7,0,20\n"), "no_patient_column")) == ("blocks", "scores.csv", "id", ())
    assert "--map id=patient_id" in finding(loaded("id,day,phq9\n7,0,20\n"), "no_patient_column").remedy
    assert finding(loaded("who,day,phq9\n7,0,20\n"), "no_patient_column").column is None
    assert "--map COLUMN=patient_id" in finding(loaded("who,day,phq9\n7,0,20\n"), "no_patient_column").remedy


def test_options_with_spaces_and_brackets_are_quoted():
    tables = loaded("patient_id,day,phq9,PHQ 9 4\nP1,0,20,3\nP2,0,20,1\n")
    assert finding(tables, "column_ambiguous").remedy == (
        'Say --map "PHQ 9 4=phq9.4" if it is item 4, --map "PHQ 9 4=phq9@4" if it is the total at visit 4.')
    assert map_option("phq9_1", "phq9.1") == "--map phq9_1=phq9.1"
    assert map_option("vas", "pain_vas[0..1]") == '--map "vas=pain_vas[0..1]"'


def test_a_file_nothing_is_known_of_is_refused():
    assert place(finding(loaded("red,green\na,b\n"), "nothing_recognised")) == ("blocks", "scores.csv", None, ())


@pytest.mark.parametrize("header", ["patient", "client_id", "Subject ID", "participant_id", "study_id", "USUBJID",
                                    "SEQN", "record_id", "PatientCode", "pid"])
def test_names_of_the_patient(header):
    assert scores(loaded(f"{header},day,phq9\nP1,0,20\n")) == [("P1", "phq9", 0, 20.0)]


def test_the_surest_patient_column_wins():
    tables = loaded("record_id,patient_id,day,phq9\n1,P1,0,20\n2,P2,0,19\n")
    assert [row[0] for row in scores(tables)] == ["P1", "P2"]
    assert uses(tables)["record_id"] is None
    assert finding(tables, "column_ambiguous").column == "record_id"


def test_explicit_mapping_wins_over_names():
    tables = loaded("patient_id,code,day,phq9,other\nA,P1,0,20,3\nB,P2,0,18,4\n",
                    mapping={"code": "patient_id", "other": "phq9", "phq9": "ignore"})
    assert scores(tables) == [("P1", "phq9", 0, 3.0), ("P2", "phq9", 0, 4.0)]
    assert uses(tables)["phq9"] == "ignore"


@pytest.mark.parametrize(("text", "words"), [
    ("colour", "there is no such field"), ("phq9.10", "9 items"), ("phq9.0", "9 items"), ("pain_vas[1..0]", "lowest"),
    ("pain_nrs.1", "0 items"), ("route@week 4", "visit"), ("route[0..1]", "range"), ("phq9.3[0..1]", "range"),
    ("", "no such"),
    ("phq9@", "no such"), ("patient_id.2", "items"),
])
def test_a_mapping_that_cannot_be_is_the_callers_mistake(text, words):
    with pytest.raises(ValueError, match=words):
        loaded("patient_id,day,x\nP1,0,20\n", mapping={"x": text})


def test_a_header_that_no_file_has_is_the_callers_mistake():
    with pytest.raises(ValueError, match="No file has a column 'y'; there are day, patient_id, x"):
        loaded("patient_id,day,x\nP1,0,20\n", mapping={"y": "phq9"})


@pytest.mark.parametrize(("text", "words"), [
    ("phq9", "phq9"), ("PHQ9.3", "phq9.3"), ("pain_vas[0..1]@week 4", "pain_vas[0..1]@week 4"), ("bdi2@3", "bdi2@3"),
    ("phq9.9@post", "phq9.9@post"), ("assessed_on@baseline", "assessed_on@baseline"), ("ignore", None),
    ("phq9[0..27]", "phq9[0..27]"), ("Attribute", "attribute"), ("who5[0..25]", "who5[0..25]"),
])
def test_the_words_of_a_mapping(text, words):
    assert use_said("x", text, BUILT_IN).words == words


def test_numbered_columns_are_items_when_all_are_there():
    header = ",".join(f"phq9_{item}" for item in range(1, 10))
    tables = loaded(f"patient_id,day,{header}\nP1,0,3,3,3,3,3,3,3,3,3\nP2,0,0,1,0,1,0,1,0,1,0\n")
    assert scores(tables) == [("P1", "phq9", 0, 27.0), ("P2", "phq9", 0, 4.0)]
    assert uses(tables)["phq9_9"] == "phq9.9"


def test_the_column_phq9_is_item_9_beside_phq1_to_phq8():
    header = ",".join(f"phq{item}" for item in range(1, 10))
    tables = loaded(f"patient_id,day,{header}\nP1,0,3,3,3,3,3,3,3,3,2\nP2,0,0,1,0,1,0,1,0,1,3\n")
    assert scores(tables) == [("P1", "phq9", 0, 26.0), ("P2", "phq9", 0, 7.0)]
    assert tables.assessments["self_harm_item"].tolist() == [2, 3]


def test_the_column_phq9_stays_a_total_when_its_values_are_no_answers():
    header = ",".join(f"phq{item}" for item in range(1, 10))
    tables = loaded(f"patient_id,day,{header}\nP1,0,3,3,3,3,3,3,3,3,26\n")
    assert scores(tables) == [("P1", "phq9", 0, 26.0)]
    assert uses(tables)["phq1"] is None


def test_low_totals_among_high_ones_do_not_make_the_column_phq9_an_item():
    header = ",".join(f"phq{item}" for item in range(1, 10))
    rows = "".join(f"P{n},0,0,1,0,1,0,0,0,0,{total}\n" for n, total in enumerate((2, 3, 2, 20)))
    tables = loaded(f"patient_id,day,{header}\n{rows}")
    assert [row[3] for row in scores(tables)] == [2.0, 3.0, 2.0, 20.0]


def test_one_typing_error_does_not_unmake_a_set_of_items():
    header = ",".join(f"phq9_{item}" for item in range(1, 10))
    rows = "".join(f"P{n},0,3,2,1,0,1,2,3,2,1\n" for n in range(3))
    tables = loaded(f"patient_id,day,{header}\n{rows}P9,0,30,2,1,0,1,2,3,2,1\n")
    assert place(finding(tables, "out_of_range")) == ("drops_rows", "scores.csv", "phq9_1", (5,))
    assert [row[3] for row in scores(tables)] == [15.0, 15.0, 15.0, 14.0]


def test_some_numbered_columns_are_items_or_visits_and_stay_open():
    tables = loaded("patient_id,day,gad7,phq9_1,phq9_2,phq9_3,phq9_4\nP1,0,12,3,4,12,9\n")
    found = [one for one in tables.findings if one.code == "column_ambiguous"]
    assert [one.column for one in found] == ["phq9_1", "phq9_2", "phq9_3", "phq9_4"]
    assert "--map phq9_1=phq9.1" in found[0].remedy
    assert "--map phq9_1=phq9@1" in found[0].remedy
    assert [words for _, words in found[0].choices] == ["phq9.1", "phq9@1", "ignore"]
    assert [words for _, words in found[1].choices] == ["phq9@2", "ignore"]
    assert all(one.severity == "note" for one in found)


def test_all_numbers_with_values_above_an_item_stay_open():
    header = ",".join(f"gad7_{item}" for item in range(1, 8))
    tables = loaded(f"patient_id,day,phq9,{header}\nP1,0,12,20,18,12,9,8,7,6\nP1,3,12,20,18,12,9,8,7,6\n")
    assert [row[1] for row in scores(tables)] == ["phq9", "phq9"]


@pytest.mark.parametrize("header", ["bdi", "hamd", "HDRS", "who", "hamd24", "phq2", "phq8", "pcl", "bpi", "shaps"])
def test_names_that_only_resemble_an_instrument_are_told(header):
    tables = loaded(f"patient_id,day,gad7,{header}\nP1,0,12,3\nP2,0,11,3\n")
    assert place(finding(tables, "column_ambiguous")) == ("note", "scores.csv", header, ())
    assert uses(tables)[header] is None


def test_what_is_not_used_is_listed_once():
    tables = loaded("patient_id,day,phq9,colour_code,time,id\n"
                    "P1,0,20,a,1,1\nP1,1,20,b,2,2\nP2,0,18,c,3,3\nP2,1,18,d,4,4\n")
    one = finding(tables, "column_not_used")
    assert one.problem == "3 columns were not used: colour_code, time, id."
    assert one.severity == "note"
    assert all(use.reason for use in tables.columns)


def test_time_is_read_only_when_it_is_a_time_of_day():
    tables = loaded("patient_id,day,time,phq9\nP1,0,08:30,20\nP1,1,2:05 pm,19\nP2,0,25:00,18\n"
                    .replace("25:00", "soon") + "".join(f"P{n},0,09:0{n},10\n" for n in range(3, 10)))
    assert tables.assessments["time"].tolist()[:2] == [510, 845]
    assert place(finding(tables, "not_a_time")) == ("note", "scores.csv", "time", (4,))


def test_a_long_file_names_the_instrument_in_a_column():
    tables = loaded("""
        patient_id,day,scale,score
        P1,0,PHQ-9 total,20
        P1,0,gad7,12
        P1,0,unheard of,5
        P1,28,PHQ9,300
        P1,29,,4
        P2,0,gad7,
        P2,0,unheard of,""")
    assert scores(tables) == [("P1", "gad7", 0, 12.0), ("P1", "phq9", 0, 20.0)]
    assert place(finding(tables, "instrument_unknown")) == ("drops_rows", "scores.csv", "scale", (4, 6))
    assert place(finding(tables, "out_of_range")) == ("drops_rows", "scores.csv", "score", (5,))
    assert tables.files[0].rows_blank == 2


def test_a_column_of_instruments_without_a_value_column():
    tables = loaded("patient_id,day,scale,gad7\nP1,0,PHQ-9,12\n")
    assert scores(tables) == [("P1", "gad7", 0, 12.0)]


def test_a_value_column_without_instruments_is_not_read():
    tables = loaded("patient_id,day,phq9,value\nP1,0,20,7.5\nP1,1,20,8.5\nP2,0,20,7.5\nP2,2,20,9.5\n")
    assert uses(tables)["value"] is None


def test_attributes_by_name_and_by_values():
    story = "a sentence that goes on and on " * 2
    rows = "".join(f"P{n},{day},20,North,{'ab'[n % 2]},{n * 2 + day},2024-01-0{1 + n % 2},{story}\n"
                   for n in range(12) for day in (0, 28))
    tables = loaded(f"patient_id,day,phq9,site,pathway,weight,referral_day,story\n{rows}")
    assert tables.attribute_names == ("pathway", "site")


def test_a_column_that_changes_inside_patients_is_no_attribute():
    rows = "".join(f"P{n},{day},20,{'ab'[day > 0]}\n" for n in range(12) for day in (0, 28))
    assert loaded(f"patient_id,day,phq9,mood\n{rows}").attribute_names == ()
    kept = loaded(f"patient_id,day,phq9,mood\n{rows}", attributes=["mood"])
    assert kept.attribute_names == ("mood",)


def test_a_column_with_a_value_for_every_patient_is_no_attribute():
    rows = "".join(f"P{n},0,20,code{n}\n" for n in range(12))
    assert loaded(f"patient_id,day,phq9,secret\n{rows}").attribute_names == ()


def test_numbers_with_many_values_are_no_attribute():
    rows = "".join(f"P{n},0,20,{30 + n % 13}\n" for n in range(60))
    assert loaded(f"patient_id,day,phq9,weight\n{rows}").attribute_names == ()
    rows = "".join(f"P{n},0,20,{30 + n % 12}\n" for n in range(60))
    assert loaded(f"patient_id,day,phq9,weight\n{rows}").attribute_names == ("weight",)


def test_route_in_a_file_of_scores():
    everywhere = loaded("patient_id,day,phq9,route\nP1,0,20,IV\nP2,0,18,IM\n")
    assert everywhere.sessions.empty
    assert everywhere.attribute_names == ("route",)
    assert place(finding(everywhere, "route_as_attribute")) == ("note", "scores.csv", "route", ())
    somewhere = loaded("patient_id,day,phq9,route\nP1,0,20,IV\nP2,0,18,\n")
    assert somewhere.sessions["route"].tolist() == ["IV"]
    without_days = loaded("patient_id,visit,phq9,route\nP1,pre,20,IV\nP1,post,9,IV\nP2,pre,18,\nP2,post,8,\n")
    assert without_days.sessions.empty and without_days.attribute_names == ("route",)
    assert place(finding(without_days, "route_as_attribute")) == ("note", "scores.csv", "route", ())
    mapped = loaded("patient_id,day,phq9,route\nP1,0,20,IV\nP2,0,18,IM\n", mapping={"route": "route"})
    assert len(mapped.sessions) == 2


@pytest.mark.parametrize("header", [
    "Nachname", "Vorname", "Geburtsdatum", "nom", "apellido", "fecha nacimiento", "contact"])
def test_headers_in_other_languages_identify_too(header):
    assert identifies(header)


@pytest.mark.parametrize(("header", "words"), [
    ("pain_nrs_worst_post", ["pain_nrs_worst", "pain_nrs_worst[after]", "pain_nrs_worst@post"]),
    ("phq9_pre", ["phq9", "phq9[before]", "phq9@pre"])])
def test_a_score_called_pre_or_post_alone_in_rows_with_days_is_asked_about(header, words):
    tables = loaded(f"patient_id,day,gad7,{header}\nP1,0,9,8\nP1,9,4,3\n")
    assert [choice for _, choice in finding(tables, "column_ambiguous").choices][:3] == words
    pair = loaded(f"patient_id,day,{header},{header.rsplit('_', 1)[0]}_week4\nP1,0,9,8\n")
    assert "column_ambiguous" not in codes(pair)


def test_german_and_french_names_of_columns():
    german = loaded("Patienten-ID;Datum;PHQ-9 Summe\nP1;21.02.2024;20\n", "Patienten-ID;Infusionsdatum;Dosis (mg/kg)\n"
                    "P1;23.02.2024;0,5\n")
    french = loaded("Code patient;Date du questionnaire;Score PHQ-9\nP1;21.02.2024;20\nP1;28/02/2024;9\n",
                    "Code patient;Date de perfusion;Voie\nP1;13/02/2024;IV\n")
    for tables, n_scores in ((german, 1), (french, 2)):
        assert len(tables.assessments) == n_scores
        assert len(tables.sessions) == 1
