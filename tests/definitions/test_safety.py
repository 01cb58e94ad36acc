"""What the Safety page counts: every column is one of the sessions, every line has a source."""

from __future__ import annotations

from analytics.definitions import safety
from analytics.definitions.instruments_safety import CADSS
from analytics.definitions.tables import SESSIONS
from analytics.ingest.synonyms import HEADERS
from analytics.ingest.synonyms import SIDE_EFFECTS as READ
from tests.ingest.files import codes, loaded

COLUMNS = {column.name: column for column in SESSIONS}


def test_every_side_effect_is_a_yes_or_no_of_the_sessions_and_is_read():
    keys = [one.key for one in safety.SIDE_EFFECTS]
    assert set(keys) == set(READ) and len(keys) == len(set(keys))
    assert all(COLUMNS[key].kind == "yes/no" for key in keys)


def test_every_column_that_is_counted_is_one_of_the_sessions_with_a_header_of_its_own():
    for name in (*safety.READINGS, *(one.key for one in safety.LEVEL_SCALES), "cadss_peak", "cadss_leaving",
                 "minutes_until_ready", "stopped_early"):
        assert name in COLUMNS and name in HEADERS


def test_the_default_lines_are_those_of_the_definitions_and_say_convention():
    lines = safety.PRESSURE_LINES
    assert (lines.systolic, lines.diastolic, lines.systolic_rise, lines.diastolic_rise) == (180, 110, 40, 25)
    assert safety.READING_CHOICES[0] == (180, 110) and safety.RISE_CHOICES[0] == (40, 25)
    assert lines.source == "convention"
    assert all(one.source == "convention" for one in safety.PRESSURE_CRITERIA)


def test_the_line_of_dissociation_is_that_of_its_scale():
    assert str(CADSS.ready_to_leave) == "<= 4"
    assert "4" in safety.SESSION_MEASURES["cadss_above"].title and "4" in safety.SESSION_MEASURES["cadss_back"].title


def test_levels_cover_the_range_of_their_column_the_mildest_first():
    for scale in safety.LEVEL_SCALES:
        values = [one.value for one in scale.levels]
        column = COLUMNS[scale.key]
        assert set(values) == set(range(int(column.minimum), int(column.maximum) + 1))
        assert values == sorted(values, reverse=not scale.is_highest_gravest)
        assert scale.source != "convention"


def test_every_measure_says_what_it_counts_of_whom_and_by_which_source():
    for key, one in safety.SESSION_MEASURES.items():
        assert key == one.key and all((one.title, one.numerator, one.denominator, one.source))


SESSION_FILE = ("patient_id,treated_on,dose,CADSS peak,CADSS discharge,MOAA/S,C-SSRS highest\n"
                "P1,2024-01-05,40,12,2,4,1\nP1,2024-01-08,40,,,,\n")


def test_scores_before_leaving_and_levels_are_read_and_blanks_stay_unknown():
    sessions = loaded(SESSION_FILE).sessions
    assert sessions["cadss_leaving"].dropna().tolist() == [2]
    assert sessions["moaas_lowest"].dropna().tolist() == [4] and sessions["cssrs_highest"].dropna().tolist() == [1]


def test_a_level_that_cannot_be_is_a_finding_and_never_clipped():
    tables = loaded(SESSION_FILE.replace(",4,1", ",6,7"))
    assert "moaas_lowest" not in tables.sessions or tables.sessions["moaas_lowest"].isna().all()
    assert codes(tables).count("out_of_range") + codes(tables).count("missing_code") >= 1


def test_a_screener_beside_a_score_makes_no_session():
    tables = loaded("patient_id,assessed_on,phq9,C-SSRS highest\nP1,2024-01-05,20,1\nP1,2024-01-30,10,0\n")
    assert tables.sessions.empty and len(tables.assessments) == 2
