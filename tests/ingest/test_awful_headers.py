"""Awful headers are proposed rightly or left open; measured over a corpus."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from functools import cache

import pytest

from analytics.definitions.instruments import BUILT_IN
from analytics.ingest.fields import use_said
from tests.ingest.awful_headers import HEADERS, VALUES, Header
from tests.ingest.files import loaded, source


@cache
def proposed(one: Header):
    """What the header is taken for by itself, and the findings about it."""
    columns = [*one.beside, (one.header, one.values)]
    text = io.StringIO()
    rows = [[header for header, _ in columns], *zip(*(VALUES[kind] for _, kind in columns), strict=True)]
    csv.writer(text, lineterminator="\n").writerows(rows)
    tables = loaded(replace(source(text.getvalue().encode()), name=one.file))
    header = one.header.strip()
    return (next((use for use in tables.columns if use.column == header), None),
            [found for found in tables.findings if found.column == header])


def test_the_corpus_is_wide():
    assert len(HEADERS) >= 150
    assert len({(one.header, one.values, one.beside, one.file) for one in HEADERS}) == len(HEADERS)


@pytest.mark.parametrize("one", HEADERS, ids=lambda one: f"{one.header.strip()}-{one.values}")
def test_no_header_is_guessed_wrongly(one):
    use, _ = proposed(one)
    is_read = use is not None and use.field is not None and use.confidence != "open"
    assert not is_read or use.field == one.expected, f"{use.field}, {use.confidence}: {use.reason}"


def test_nearly_all_headers_that_can_be_told_are_told():
    known = [one for one in HEADERS if one.expected is not None]
    missed = [one.header for one in known if (use := proposed(one)[0]) is None or use.field != one.expected]
    assert len(missed) <= 0.03 * len(known), missed


def choices(text: str, column: str, **options) -> list[str]:
    """The words of ``--map`` that a question about a column offers."""
    tables = loaded(text, **options)
    return [words for found in tables.findings if found.column == column for _, words in found.choices]


def rows(*columns: str) -> str:
    """A table of six rows from headers and kinds of values, as ``phq9:phq``."""
    pairs = [column.rsplit(":", 1) for column in columns]
    lines = [",".join(header for header, _ in pairs)]
    lines += [",".join(cells) for cells in zip(*(VALUES[kind] for _, kind in pairs), strict=True)]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(("column", "kind", "expected"), [
    ("PHQ tot V3 (wk)", "phq", ["phq9", "phq9@v 3", "phq9@wk 3", "ignore"]),
    ("q9sum_fu", "phq", ["phq9@fu", "ignore"]),
    ("phq-9 (12/3)", "phq", ["phq9", "phq9@3", "ignore"]),
    ("WHO-5 (0-25)", "raw", ["who5[0..25]", "ignore"]),
    ("PHQ9 scr", "phq", ["phq9", "phq9@scr", "ignore"]),
    ("Total Score", "bdi", ["bdi2", "hamd17", "pain_vas", "who5", "ignore"]),
    ("gad7_4", "low", ["gad7.4", "gad7@4", "ignore"]), ("gad7_4", "gad", ["gad7@4", "ignore"]),
    ("bdi", "bdi", ["bdi2", "ignore"]),
])
def test_a_question_offers_every_reading(column, kind, expected):
    offered = choices(rows("patient_id:code", "day:days", f"{column}:{kind}"), column)
    if column == "Total Score":
        assert offered[-1] == "ignore"
        assert {"bdi2", "hamd17"} <= set(offered)
    else:
        assert offered == expected


def test_every_choice_is_a_mapping_that_can_be_said():
    for one in HEADERS:
        for found in proposed(one)[1]:
            for meaning, words in found.choices:
                assert meaning
                use_said(one.header, words, BUILT_IN)


def test_an_answer_to_a_question_settles_it():
    text = rows("patient_id:code", "day:days", "PHQ tot V3 (wk):phq")
    tables = loaded(text, mapping={"PHQ tot V3 (wk)": "phq9"})
    assert len(tables.assessments) == 6
    assert not [found for found in tables.findings if found.choices]


def test_a_later_column_of_a_name_is_asked_about_and_the_first_is_less_sure():
    tables = loaded(rows("patient_id:code", "phq9:phq", "date:date", "date:other"))
    uses = {use.column: use for use in tables.columns}
    assert (uses["date"].field, uses["date"].confidence) == ("date", "likely")
    assert uses["date (column 4)"].field is None
    assert choices(rows("patient_id:code", "phq9:phq", "date:date", "date:other"), "date (column 4)") == [
        "assessed_on", "treated_on", "ignore"]
    same = loaded(rows("patient_id:code", "phq9:phq", "date:date", "date:date"))
    assert {use.column: use.confidence for use in same.columns}["date"] == "sure"


def test_scores_around_sessions_are_before_and_after_them_or_visits():
    text = rows("patient_id:code", "infusion_date:date", "dose_mg:dose", "pain_pre:pain", "pain_post:pain")
    assert choices(text, "pain_pre") == ["pain_nrs[before]", "pain_nrs@pre", "ignore"]
    assert choices(text, "pain_post") == ["pain_nrs[after]", "pain_nrs@post", "ignore"]
    tables = loaded(text, mapping={"pain_pre": "pain_nrs[before]", "pain_post": "pain_nrs[after]"})
    assert tables.assessments["timing"].astype(str).tolist().count("before") == 6
    assert len(tables.assessments) == 12


def test_items_of_a_table_called_after_its_instrument():
    text = rows("patient_id:code", "day:days", *(f"Q{item}:low" for item in range(1, 8)))
    tables = loaded(replace(source(text.encode()), name="gad7_2024.csv"))
    assert tables.assessments["instrument"].astype(str).unique().tolist() == ["gad7"]
    assert {use.confidence for use in tables.columns if use.field and use.field.startswith("gad7")} == {"likely"}
    other = loaded(replace(source(text.encode()), name="scores_2024.csv"))
    assert other.assessments.empty


@pytest.mark.parametrize("values", ["1,3,0,2,2,1", "1,3,0,2,2,4"])
def test_a_total_whose_values_could_be_answers_is_less_sure(values):
    lines = [f"P{place},0,{value}" for place, value in enumerate(values.split(","))]
    tables = loaded("patient_id,day,phq9\n" + "\n".join(lines) + "\n")
    use = next(use for use in tables.columns if use.column == "phq9")
    assert (use.field, use.confidence) == ("phq9", "likely" if values.endswith("1") else "sure")


def test_likely_columns_are_told_once_a_file():
    text = rows("patient_id:code", "day:days", "PHQ sum:phq", "gad tot:gad", "bdi2:bdi")
    found = [found for found in loaded(text).findings if found.code == "columns_likely"]
    assert len(found) == 1
    assert "PHQ sum, gad tot" in found[0].problem
    assert "bdi2" not in found[0].problem
