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


def test_a_timestamp_of_a_form_with_two_instruments_is_not_guessed():
    export = loaded("record_id,weekly_timestamp,phq9_total,gad7_total,weekly_complete,phq9_date\n"
                    "1,2024-01-20 08:00:00,9,8,2,2024-01-19\n")
    assert {use.column: use.field for use in export.columns}["weekly_timestamp"] is None


    alone = loaded("record_id,weekly_timestamp,phq9_total,gad7_total,weekly_complete\n1,2024-01-20 08:00:00,9,8,2\n")
    assert {use.column: use.field for use in alone.columns}["weekly_timestamp"] is None


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
