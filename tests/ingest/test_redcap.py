"""Exports of REDCap give what tidy files of the same cohort give; what REDCap adds of its own is no attribute."""

from __future__ import annotations

import pandas as pd
import pytest

from analytics.courses.outcomes import outcomes
from analytics.definitions.rules import rule_set
from tests.ingest.files import codes, finding, loaded, place, scores
from tests.ingest.redcap_exports import Cohort

SEEDS = (1, 2, 3)


def outcomes_table(tables) -> pd.DataFrame:
    return outcomes(tables, rule_set("induction", ())).table


@pytest.mark.parametrize("labels", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_repeating_forms_give_the_outcomes_of_tidy_files(seed, labels):
    cohort = Cohort(seed)
    tidy, export = loaded(*cohort.tidy()), loaded(cohort.repeating(labels=labels))
    pd.testing.assert_frame_equal(outcomes_table(tidy), outcomes_table(export))
    assert len(export.sessions) == len(cohort.sessions)


@pytest.mark.parametrize("labels", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_sessions_as_events_give_the_outcomes_of_tidy_files(seed, labels):
    cohort = Cohort(seed)
    tidy, export = loaded(*cohort.tidy()), loaded(cohort.by_events(labels=labels))
    pd.testing.assert_frame_equal(outcomes_table(tidy), outcomes_table(export))
    assert len(export.sessions) == len(cohort.sessions)


@pytest.mark.parametrize("labels", [False, True])
def test_the_time_a_survey_was_sent_in_is_the_date_of_its_scores(labels):
    cohort = Cohort(4)
    export = loaded(cohort.repeating(labels=labels, timestamps=True))
    pd.testing.assert_frame_equal(outcomes_table(loaded(*cohort.tidy())), outcomes_table(export))
    assert export.assessments["time"].dropna().unique().tolist() == [622]


@pytest.mark.parametrize("labels", [False, True])
def test_side_effects_sites_and_rows(labels):
    cohort = Cohort(5)
    tidy, export = loaded(*cohort.tidy()), loaded(cohort.repeating(labels=labels))
    for name in ("nausea", "dizziness", "headache"):
        assert export.sessions[name].tolist() == tidy.sessions[name].tolist()
    assert [name.lower() for name in export.attribute_names] == ["site"]
    assert export.attributes["value"].tolist() == tidy.attributes["value"].tolist()
    n_rows = len(cohort.scores) + len(cohort.sessions)
    assert sum(one.rows for one in export.files) == sum(one.rows_used for one in export.files) == n_rows


def test_patients_keep_their_record_id():
    cohort = Cohort(6)
    export = loaded(cohort.repeating(labels=False))
    assert {code for code, *_ in scores(export)} == {code for code, _ in cohort.patients}


def test_forms_that_are_not_complete_are_used_and_noted():
    cohort = Cohort(7)
    export = loaded(cohort.repeating(labels=False))
    one = finding(export, "form_not_complete")
    assert place(one)[:3] == ("note", "scores.csv", "gad7_complete")
    assert len(one.rows) == len(cohort.scores)
    assert not [use for use in export.columns if use.column.endswith("_complete") and use.field]


FORMS = ("record_id,redcap_repeat_instrument,redcap_repeat_instance,sex,visit_complete,phq9_timestamp,phq9_total,"
         "phq9_complete,infusion_date,dose_mg,infusion_complete\n")


def test_a_survey_that_was_not_completed_has_no_time():
    export = loaded(FORMS + "1,,,f,2,,,,,,\n1,phq9,1,,,[not completed],20,0,,,\n"
                    "1,phq9,2,,,2024-01-20 08:00:00,9,2,,,\n1,infusion,1,,,,,,2024-01-05,40,2\n")
    assert [row[2:] for row in scores(export)] == [(19742, 9.0)]
    assert finding(export, "day_missing").rows == (3,)
    assert "not_a_date" not in codes(export)


def test_a_date_of_the_form_wins_over_the_time_it_was_sent():
    header = FORMS.replace("phq9_timestamp,", "phq9_timestamp,phq9_date,")
    export = loaded(header + "1,phq9,1,,,2024-02-20 08:00:00,2024-01-20,9,2,,,\n")
    assert [row[2:] for row in scores(export)] == [(19742, 9.0)]
    assert {use.column: use.field for use in export.columns}["phq9_timestamp"] is None


def test_a_timestamp_of_a_form_with_two_instruments_dates_both():
    export = loaded("record_id,weekly_timestamp,phq9_total,gad7_total,weekly_complete\n"
                    "1,2024-01-20 08:00:00,9,8,2\n1,[not completed],7,6,0\n")
    assert [row[1:] for row in scores(export)] == [("gad7", 19742, 8.0), ("phq9", 19742, 9.0)]
    assert finding(export, "day_missing").rows == (3,)


@pytest.mark.parametrize(("headers", "values"), [
    ("weekly_timestamp,phq9_total,gad7_total,weekly_complete,phq9_date", "2024-01-20 08:00:00,9,8,2,2024-01-19"),
    ("weekly_timestamp,phq9_total,gad7_total,weekly_complete,pain_nrs,pain_complete",
     "2024-01-20 08:00:00,9,8,2,4,2"),
    ("weekly_timestamp,phq9_total,gad7_total,weekly_complete,late_timestamp,pain_nrs,who5_total,late_complete",
     "2024-01-20 08:00:00,9,8,2,2024-01-22 08:00:00,4,12,2"),
    ("weekly_timestamp,visit_date,phq9_total,gad7_total,weekly_complete", "2024-01-20 08:00:00,2024-01-19,9,8,2"),
])
def test_a_timestamp_of_two_instruments_is_not_guessed_beside_other_dates_and_scores(headers, values):
    export = loaded(f"record_id,{headers}\n1,{values}\n")
    assert {use.column: use.field for use in export.columns}["weekly_timestamp"] is None


def test_a_form_with_its_own_date_leaves_the_time_to_the_form_with_two_instruments():
    export = loaded("record_id,weekly_timestamp,phq9_total,gad7_total,weekly_complete,pain_timestamp,pain_nrs,"
                    "pain_complete\n1,2024-01-20 08:00:00,9,8,2,2024-01-22 08:00:00,4,2\n")
    assert [row[1:3] for row in scores(export)] == [("gad7", 19742), ("pain_nrs", 19744), ("phq9", 19742)]


INSTANCES = "record_id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,phq9_total,phq9_complete{}\n"


def test_instances_are_visits_where_nothing_has_a_date():
    export = loaded(INSTANCES.format("") + "1,a_arm_1,phq9,1,20,2\n1,a_arm_1,phq9,2,9,2\n2,a_arm_1,phq9,10,7,2\n"
                    "2,a_arm_1,phq9,9,8,2\n")
    assert export.axis == "visit"
    assert [row[2:] for row in scores(export)] == [("1", 20.0), ("2", 9.0), ("10", 7.0), ("9", 8.0)]
    assert "repeat instance as visit" in finding(export, "columns_likely").problem
    assert "visit_order_unknown" not in codes(export)


@pytest.mark.parametrize(("more", "header"), [(",2024-01-05", ",phq9_date"), (",14", ",day"), (",2024-01-05", ",seen")])
def test_instances_are_no_visits_beside_dates_and_days(more, header):
    export = loaded(INSTANCES.format(header) + f"1,a_arm_1,phq9,1,20,2{more}\n1,a_arm_1,phq9,2,9,2{more}\n")
    assert "repeat instance as visit" not in [use.column for use in export.columns]


def test_a_date_of_birth_places_nothing_and_a_blank_date_neither():
    export = loaded(INSTANCES.format(",dob,phq9_date") + "1,a_arm_1,phq9,1,20,2,1950-01-02,\n"
                    "1,a_arm_1,phq9,2,9,2,1950-01-02,\n")
    assert [row[2:] for row in scores(export)] == [("1", 20.0), ("2", 9.0)]


def test_events_are_visits_before_instances_are():
    export = loaded(INSTANCES.format("") + "1,baseline_arm_1,phq9,1,20,2\n1,week_4_arm_1,phq9,1,9,2\n")
    assert [row[2:] for row in scores(export)] == [("baseline_arm_1", 20.0), ("week_4_arm_1", 9.0)]


BOXES = "record_id,infusion_date,dose_mg,{},infusion_complete,phq9_date,phq9_total,phq9_complete\n"


@pytest.mark.parametrize("header", ["side_effects___1", "ae_list___2", "adverse_events___97",
                                    "Side effects (choice=Q)"])
def test_a_box_of_side_effects_without_a_label_is_asked_about(header):
    text = BOXES.format(header) + "1,2024-01-05,40,1,2,2024-01-03,20,2\n1,2024-01-08,40,0,2,,,\n"
    export = loaded(text)
    one = finding(export, "box_without_label")
    assert place(one)[:3] == ("note", "scores.csv", header)
    assert ("nausea", "nausea") in one.choices
    assert header not in export.attribute_names
    answered = loaded(text, mapping={header: "nausea"})
    assert answered.sessions["nausea"].tolist() == [True, False]
    assert "box_without_label" not in codes(answered)


@pytest.mark.parametrize("header", ["side_effects___none", "race___1", "side_effects___nausea", "causes___1"])
def test_other_boxes_are_not_asked_about(header):
    export = loaded(BOXES.format(header) + "1,2024-01-05,40,1,2,2024-01-03,20,2\n")
    assert "box_without_label" not in codes(export)
    assert (header in export.attribute_names) == (header in ("race___1", "causes___1"))


def test_a_form_that_was_never_begun_is_not_called_incomplete():
    assert "form_not_complete" not in codes(loaded(Cohort(8).by_events(labels=False)))


def test_an_event_date_makes_no_session_beside_repeating_sessions():
    export = loaded("record_id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,visit_date,sex,"
                    "visit_complete,phq9_date,phq9_total,phq9_complete,infusion_date,dose_mg,infusion_complete\n"
                    "1,baseline_arm_1,,,2024-01-02,f,2,,,,,,\n1,week_4_arm_1,,,2024-02-02,,2,,,,,,\n"
                    "1,baseline_arm_1,phq9,1,,,,2024-01-03,20,2,,,\n1,baseline_arm_1,infusion,1,,,,,,,2024-01-05,40,2\n")
    assert export.sessions["day"].tolist() == [19727]
    assert [row[2:] for row in scores(export)] == [(19725, 20.0)]


def test_boxes_of_a_form_that_was_not_filled_say_nothing():
    header = ("record_id,redcap_event_name,phq9_date,phq9_total,phq9_complete,infusion_date,side_effects___nausea,"
              "infusion_complete\n")
    export = loaded(header + "1,a_arm_1,2024-01-03,20,2,,0,0\n1,b_arm_1,,,,2024-01-05,0,2\n"
                    "1,c_arm_1,,,,2024-01-08,1,2\n")
    assert export.sessions["day"].tolist() == [19727, 19730]
    assert export.sessions["nausea"].tolist() == [False, True]


@pytest.mark.parametrize(("header", "texts", "expected"), [
    ("race___1", ("0", "1"), ("yes", "no")), ("Race (choice=White)", ("Checked", "Unchecked"), ("yes", "no")),
])
def test_boxes_become_yes_and_no(header, texts, expected):
    rows = "".join(f"{number},x,2,{texts[number % 2]},2,20,2024-01-03,2\n" for number in range(1, 9))
    export = loaded(f"record_id,name_of_site,a_complete,{header},b_complete,phq9_total,phq9_date,phq9_complete\n{rows}")
    assert set(export.attributes.loc[export.attributes["name"] == header, "value"]) == set(expected)


def test_groups_and_survey_identifiers():
    export = loaded("record_id,redcap_event_name,redcap_data_access_group,redcap_survey_identifier,phq9_date,"
                    "phq9_total,phq9_complete\n1,a_arm_1,north,q@z.example,2024-01-03,20,2\n"
                    "2,a_arm_1,south,y@z.example,2024-01-03,18,2\n")
    assert export.attribute_names == ("redcap_data_access_group",)
    assert {use.column: use.field for use in export.columns}["redcap_survey_identifier"] is None


def test_a_form_that_is_not_known_is_told_and_its_rows_are_accounted_for():
    export = loaded("record_id,redcap_repeat_instrument,redcap_repeat_instance,phq9_date,phq9_total,phq9_complete,"
                    "test_result,lab_complete\n1,,,2024-01-03,20,2,,\n1,lab,1,,,,red as brick,2\n"
                    "1,lab,2,,,,blue as ink,2\n")
    assert finding(export, "column_not_used").file == "scores.csv [lab]"
    assert [(one.rows, one.rows_used, one.rows_blank) for one in export.files] == [(1, 1, 0), (2, 0, 2)]


def test_without_rows_that_repeat_nothing_the_first_form_keeps_the_name_and_the_ragged_rows():
    export = loaded("record_id,redcap_repeat_instrument,redcap_repeat_instance,phq9_date,phq9_total,phq9_complete\n"
                    "1,phq9,1,2024-01-03,20,2\n1,phq9,2,2024-02-03,10,2,extra\n")
    assert [(one.name, one.rows, one.rows_used) for one in export.files] == [("scores.csv", 2, 1)]


def test_a_table_with_a_column_called_complete_is_not_one_of_redcap():
    tables = loaded("patient_id,day,phq9,study_complete\nP1,0,20,2\nP2,0,18,1\n")
    assert "form_not_complete" not in codes(tables)
