"""The range a file writes scores in: found, asked, converted, and two of them never pooled."""

from __future__ import annotations

import pytest

from tests.ingest.files import codes, finding, loaded, place, scores


def column(header: str, *values: object, first: int = 0) -> str:
    return f"patient_id,day,{header}\n" + "".join(
        f"P{number},0,{value}\n" for number, value in enumerate(values, start=first))


def choices(tables, code: str = "suspicious_range") -> list[str]:
    return [words for _, words in finding(tables, code).choices]


@pytest.mark.parametrize(("header", "values", "expected"), [
    ("nrs", (0.3, 1), ["pain_nrs[0..1]", "pain_nrs[0..10]"]),
    ("nrs", (62, 45), ["pain_nrs[0..100]", "pain_nrs[0..10]"]),
    ("vas", (7, 10), ["pain_vas[0..10]", "pain_vas[0..100]"]),
    ("vas", (0.7, 0.2), ["pain_vas[0..1]", "pain_vas[0..100]"]),
    ("who5", (13, 25), ["who5[0..25]", "who5[0..100]"]),
])
def test_a_range_that_is_asked_has_both_as_choices(header, values, expected):
    assert choices(loaded(column(header, *values))) == expected


@pytest.mark.parametrize(("answer", "total"), [("who5[0..25]", 52.0), ("who5[0..100]", 13.0)])
def test_either_answer_ends_the_question(answer, total):
    tables = loaded(column("who5", 13, 25), mapping={"who5": answer})
    assert scores(tables)[0][3] == total
    assert "suspicious_range" not in codes(tables)


def test_the_choice_keeps_the_visit_of_its_column():
    assert choices(loaded("patient_id,vas_pre\nP1,7\nP2,9\n")) == ["pain_vas[0..10]@pre", "pain_vas[0..100]@pre"]


@pytest.mark.parametrize(("total", "file"), [(0.0, 1), (2.5, 2), (10.0, 5)])
def test_one_to_five_is_converted(total, file):
    tables = loaded(column("nrs", file), mapping={"nrs": "pain_nrs[1..5]"})
    assert scores(tables)[0][3] == total
    assert "out_of_range" in codes(loaded(column("nrs", 0, 6), mapping={"nrs": "pain_nrs[1..5]"}))


def test_one_to_five_is_asked_where_many_scores_stand_at_both_ends():
    values = [1, 2, 3, 4, 5] * 6
    assert choices(loaded(column("nrs", *values)))[0] == "pain_nrs[1..5]"
    for other in (values[:-1], [*values[:-1], 0], [*values[:-1], 6], [2, 3, 4, 5, 2] * 6, [1, 2, 3, 4, 4] * 6,
                  [*values, 2.5]):
        assert "suspicious_range" not in codes(loaded(column("nrs", *other)))


def test_percent_of_who5_are_steps_of_four():
    assert "suspicious_range" not in codes(loaded(column("who5", 4, 8, 12, 20, 24)))
    assert "suspicious_range" in codes(loaded(column("who5", 4, 8, 12, 20, 23)))
    assert "suspicious_range" in codes(loaded(column("who5", 4, 8, 12, 20)))


def test_two_ranges_are_never_pooled():
    tenths, tens = (0.3, 0.5, 0.7, 0.9, 1), (3, 5, 7, 9, 10)
    tables = loaded(column("nrs", *tenths), column("nrs_x", *tens, first=5), mapping={"nrs_x": "pain_nrs"})
    assert place(finding(tables, "ranges_differ")) == ("drops_rows", "scores.csv", "nrs", (2, 3, 4, 5, 6))
    assert choices(tables, "ranges_differ") == ["pain_nrs[0..1]", "pain_nrs[0..10]"]
    assert [row[3] for row in scores(tables)] == list(map(float, tens))
    assert tables.files[0].rows_used == tables.files[0].rows_blank == 0
    answered = loaded(column("nrs", *tenths), column("nrs_x", *tens, first=5),
                      mapping={"nrs_x": "pain_nrs", "nrs": "pain_nrs[0..1]"})
    assert len(scores(answered)) == 10
    assert "ranges_differ" not in codes(answered)


def test_raw_who5_beside_percent_is_not_used():
    tables = loaded(column("who5", 13, 7, 9, 21, 25), column("who5", 52, 28, 36, 84, 100, first=5))
    assert finding(tables, "ranges_differ").file == "scores.csv"
    assert len(scores(tables)) == 5


def test_little_pain_in_one_file_is_no_other_range():
    for few in ((0, 1, 0, 1, 1), (0.5, 0.5, 0.5, 1, 0), (0.3, 0.5, 0.7, 1)):
        tables = loaded(column("nrs", *few), column("nrs", 3, 5, 7, 9, 10, first=5))
        assert "ranges_differ" not in codes(tables)
        assert len(scores(tables)) == len(few) + 5
    low = loaded(column("who5", 12, 8, 4, 20, 24), column("who5", 52, 28, 36, 84, 100, first=5))
    assert "ranges_differ" not in codes(low)


def test_a_column_of_hundreds_beside_one_of_tens():
    tables = loaded(column("nrs", 62, 45, 80, 33, 5), column("nrs", *[3, 5, 7, 9, 10] * 2, first=5))
    assert place(finding(tables, "ranges_differ"))[1:] == ("scores.csv", "nrs", (6,))
    assert finding(tables, "out_of_range").rows == (2, 3, 4, 5)
    assert len(scores(tables)) == 10


def test_totals_made_from_answers_stay_where_ranges_differ():
    header = "patient_id,day," + ",".join(f"who5_q{item}" for item in range(1, 6)) + ",who5\n"
    answers = "".join(f"P{number},0,{number % 6},3,3,3,3,{12 + number % 6}\n" for number in range(1, 6))
    stored = "".join(f"P{number},0,,,,,,{number}\n" for number in range(6, 8))
    tables = loaded(header + answers + stored, column("who5", 52, 28, 36, 84, 100, first=10))
    assert place(finding(tables, "ranges_differ"))[3] == (7, 8)
    assert len(scores(tables)) == 10


def test_ranges_in_long_files_are_told_by_file():
    long = "patient_id,day,scale,score\n"
    tables = loaded(long + "".join(f"P{number},0,who5,{value}\n" for number, value in enumerate((13, 7, 9, 21, 25)))
                    + "P1,0,phq9,13\n", column("who5", 52, 28, 36, 84, 100, first=5))
    assert place(finding(tables, "ranges_differ")) == ("drops_rows", "scores.csv", None, (2, 3, 4, 5, 6))
    assert [row[1] for row in scores(tables)].count("phq9") == 1
    assert finding(tables, "ranges_differ").choices == ()


def test_one_file_alone_in_another_range_is_asked_about_and_read():
    tables = loaded(column("nrs", 0.3, 0.5, 0.7, 0.9, 1))
    assert codes(tables) == ["suspicious_range"]
    assert len(scores(tables)) == 5


SHARES, WIDE = (0.4, 0.2, 0.5, 0.3, 0.7), (45, 36, 51, 62, 40)


@pytest.mark.parametrize(("values", "is_mixed"), [
    ((*SHARES, *WIDE), True), ((*SHARES[:4], *WIDE), False), ((*SHARES, *WIDE[:4]), False),
    ((*SHARES, 2, 3, 4, 5, 6, *WIDE), True), ((*SHARES, 2, 3, 4, 5, 6, 7, *WIDE), False),
    ((*SHARES, *WIDE[:4], 101), False),
])
def test_two_forms_in_one_column_are_not_used(values, is_mixed):
    tables = loaded(column("nrs", *values))
    assert ("ranges_mixed" in codes(tables)) == is_mixed
    if is_mixed:
        assert finding(tables, "ranges_mixed").severity == "drops_rows" and scores(tables) == []
