"""Chips, captions, notes, files and findings in words."""

import pytest

from analytics.definitions.findings import SEVERITIES, Finding
from analytics.definitions.instruments import BUILT_IN
from analytics.definitions.tables import ColumnUse, FileRecord
from analytics.results.summary import TimePoint
from analytics.wording import files, overview
from tests.wording.made import rate
from tests.wording.test_numbers import plain

PHQ9 = BUILT_IN["phq9"]


def test_chips():
    assert overview.dataset_words("Invented sample data", {"patients": 812, "courses": 1}) == (
        "Invented sample data, 812 patients, 1 course")
    assert overview.as_of_words("2026-03-31") == "as of 31 March 2026"
    assert overview.as_of_words(None) == "as of the files' end"
    assert "31 March 2026" in overview.as_of_sentence("2026-03-31")
    assert "no calendar" in overview.as_of_sentence(None)
    assert "turned into days" in overview.as_of_sentence(None, True)


def test_the_line_below_a_chart():
    assert overview.context_line(934, "First score to last score", None) == (
        "934 courses. First score to last score. As of the files' end.")


@pytest.mark.parametrize(("number", "total", "words"), [(0, 60, ""), (15, 60, "25 %"), (2, 4, "2")])
def test_a_piece_of_a_bar(number, total, words):
    assert plain(overview.piece_text(number, total)) == words


def test_bands_say_the_gravest_and_the_mildest():
    labels = ["minimal", "mild", "severe"]
    assert plain(overview.bands_sentence(labels, [5, 5, 10], [12, 6, 2], PHQ9)) == (
        "Severe on PHQ-9: 50 % at the start, 10 % at the end. Minimal: 25 % at the start, 60 % at the end. "
        "The same 20 courses both times.")
    assert overview.bands_sentence(labels, [1, 1, 2], [2, 2, 0], PHQ9) == (
        "Of 4 courses with both scores 2 started severe.")
    assert overview.bands_sentence(labels, [0, 0, 0], [0, 0, 0], PHQ9) == (
        "No course has a score both at the start and at the end.")


def test_notes_only_where_there_is_something():
    assert overview.notes({}, 60) == ()
    found = overview.notes({"assessments_after_as_of": 1, "sessions_after_as_of": 0, "possibly_started_before": 13,
                            "patients_without_sessions": 2}, 60)
    assert found == ("1 row after the as-of day is not used.",
                     "13 patients may have started before the files begin (first session within 60 days of their "
                     "first date); counted.", "2 patients have scores and no session.")
    assert overview.notes({"sessions_after_as_of": 2, "patients_without_sessions": 1}, 60) == (
        "2 rows after the as-of day are not used.", "1 patient has scores and no session.")


def test_a_further_look():
    row = overview.look_row(TimePoint("days 1-3", rate(12, 24)), BUILT_IN["pain_nrs_worst"])
    assert [plain(cell) for cell in row] == ["Pain 0-10, worst", "Days 1-3", "50 %", "12 of 24", "40–60 %", ""]


FIELDS = ("patient_id", "day", "visit", "route", "attribute", "ignore")


def test_every_field_a_column_can_be_has_words():
    words = files.field_words(FIELDS, {"pain_vas": BUILT_IN["pain_vas"], "gad7": BUILT_IN["gad7"]})
    assert list(words)[:3] == ["ignore", "attribute", "patient_id"]
    assert words["route"] == "IV, IM, nasal, lozenge or other (route)"
    assert words["gad7"] == "GAD-7, total (gad7)"
    assert words["gad7.7"] == "GAD-7, item 7" and "gad7.8" not in words
    assert words["pain_vas[0..1]"] == "Pain VAS 0-100 mm, written as 0 to 1"


@pytest.mark.parametrize(("field", "text"), [
    (None, "not used"), ("gad7", "GAD-7, total (gad7)"), ("gad7@4", "GAD-7, total (gad7) at visit 4"), ("odd", "odd"),
])
def test_what_a_column_was_taken_for(field, text):
    words = files.field_words(FIELDS, {"gad7": BUILT_IN["gad7"]})
    assert files.use_words(ColumnUse("a.csv", "x", field, ""), words) == text


def test_counts_add_up():
    records = (FileRecord("a.csv", "", 5120, "assessments", 4980, 20), FileRecord("b.csv", "", 3, "sessions", 3, 0))
    assert files.files_sentence(records) == "2 files, 5,123 rows"
    assert files.counts_sentence(records) == "5,123 rows = 4,983 used + 120 not used + 20 blank"


def test_columns_and_findings_in_one_line():
    columns = [ColumnUse("a", "x", "phq9", ""), ColumnUse("a", "y", None, ""), ColumnUse("a", "z", "ignore", "")]
    assert files.columns_sentence(columns) == "1 of 3 columns understood"
    assert files.findings_sentence(()) == "nothing found"
    notes = [Finding(severity, "code", "Problem.", "Remedy.") for severity in (*SEVERITIES, "note")]
    assert files.findings_sentence(notes) == "4 findings: 1 to mend first, 1 about what was not used, 2 good to know"


def test_where_a_finding_is():
    assert files.where_words(Finding("note", "c", "P.", "R.")) == "all files"
    assert files.where_words(Finding("note", "c", "P.", "R.", "a.csv", "x", (4,))) == "a.csv, column x, row 4"
    many = files.where_words(Finding("note", "c", "P.", "R.", "a.csv", None, tuple(range(2, 102))))
    assert many.startswith("a.csv, rows 2, 3,") and many.endswith("(100 in all)")


@pytest.mark.parametrize(("field", "says"), [
    ("bdi2", "it is the BDI-II, total"), ("who5", "it is the WHO-5, total, 0 to 100"),
    ("phq9.2", "it is the PHQ-9, item 2")])
def test_an_answer_names_the_scale_that_it_says_a_column_is(field, says):
    assert files.answer_words(files.IT_IS_THAT, field, BUILT_IN) == says
    assert files.answer_words("the patient's code", "patient_id", BUILT_IN) == "the patient's code"
