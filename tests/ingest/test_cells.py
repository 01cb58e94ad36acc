"""What single cells say."""

from __future__ import annotations

import datetime
import math

import pyarrow as pa
import pytest

from analytics.ingest.cells import MISSING, Cells, date_in, number_in, time_in
from analytics.ingest.readings import read_dates, read_days, read_numbers, read_yes_no


def column(*texts: str | None) -> Cells:
    return Cells(pa.array(texts, type=pa.string()))


@pytest.mark.parametrize(("text", "number"), [
    ("7", 7.0), ("7.5", 7.5), ("7,5", 7.5), ("-3", -3.0), ("+4", 4.0), (".5", 0.5), ("1e1", 10.0), ("14.0", 14.0),
    ("", None), ("seven", None), ("inf", None), ("nan", None), ("1e400", None), ("0x10", None), ("1_0", None),
    ("1,000", None), ("12,500", None), ("0,125", 0.125), ("5 mg", None), ("٣", None), ("1.2.3", None),
    ("1.234,5", 1234.5), ("1,234.5", 1234.5), ("1 234", 1234.0), ("1 234,5", 1234.5), ("1\u00a0234", 1234.0),
    ("1'234.5", 1234.5), ("1,234,567", 1234567.0), ("1.234.567", 1234567.0), ("1.234.567,5", 1234567.5),
    ("-1 234", -1234.0), ("1 23", None), ("12 1234", None), ("1,234,5", None), ("0 234", None), ("1,2,3", None),
    ("14 (moderate)", None),
])
def test_numbers(text, number):
    assert number_in(text) == number


@pytest.mark.parametrize(("text", "on", "minutes"), [
    ("2024-01-05", datetime.date(2024, 1, 5), None), ("2024/1/5", datetime.date(2024, 1, 5), None),
    ("2024-01-05T10:15", datetime.date(2024, 1, 5), 615), ("2024-01-05 10:15:30.5", datetime.date(2024, 1, 5), 615),
    ("2024-01-05T23:30:00+02:00", datetime.date(2024, 1, 5), 1410),
    ("2024-01-05 00:00:00", datetime.date(2024, 1, 5), None),
    ("2024-02-29T09:00Z", datetime.date(2024, 2, 29), 540),
    ("31/12/2024", datetime.date(2024, 12, 31), None), ("12/31/2024", datetime.date(2024, 12, 31), None),
    ("31.12.2024", datetime.date(2024, 12, 31), None), ("5 Mar 2024", datetime.date(2024, 3, 5), None),
    ("Mar 5, 2024", datetime.date(2024, 3, 5), None), ("05-MAR-24", datetime.date(2024, 3, 5), None),
    ("Friday, 5th March 2024", datetime.date(2024, 3, 5), None), ("5. März 2024", datetime.date(2024, 3, 5), None),
    ("2024-Mar-05", datetime.date(2024, 3, 5), None), ("20240105", datetime.date(2024, 1, 5), None),
    ("20240105T1015", datetime.date(2024, 1, 5), 615), ("2024.1.5", datetime.date(2024, 1, 5), None),
    ("5/5/2024", datetime.date(2024, 5, 5), None), ("31/12/2024 2:05 pm", datetime.date(2024, 12, 31), 845),
    ("2024-01-05 23:30 CEST", datetime.date(2024, 1, 5), 1410),
    ("2024-01-05 23:30 Europe/Berlin", datetime.date(2024, 1, 5), 1410),
    ("Fri Mar 5 2024 23:30:00 GMT-0500 (EST)", datetime.date(2024, 3, 5), 1410),
])
def test_dates(text, on, minutes):
    assert date_in(text) == (on, minutes)


@pytest.mark.parametrize("text", ["31/02/2024", "03/04/2024", "2024-02-30", "2023-02-29", "yesterday", "2024-01/05",
                                  "2024-01-05 25:00", "45000", "30 Feb 2024", "20241301", "9-May", "May 2024",
                                  "5 Foo 2024", "2024-01-05 13:00 pm", "18000105", "2024/13/1", "31/12", "13/13/2024"])
def test_what_is_no_date(text):
    assert date_in(text) is None


@pytest.mark.parametrize(("text", "minutes"), [
    ("08:05", 485), ("23:59", 1439), ("0:00", 0), ("9:30:15", 570), ("2:05 pm", 845), ("12:00 am", 0), ("24:00", None),
    ("13:00 pm", None), ("12:60", None), ("noon", None),
])
def test_times(text, minutes):
    assert time_in(text) == minutes


def test_limits_of_numbers_are_inclusive():
    reading = read_numbers(column("0", "27", "27.5", "-0.5", "28", " 5 ", None, "NA", "x"), 0, 27)
    assert [None if math.isnan(value) else value for value in reading.values] == [
        0, 27, None, None, None, 5, None, None, None]
    assert {code: rows.tolist() for code, rows in reading.problems.items()} == {
        "out_of_range": [2, 3, 4], "not_a_number": [8]}


def test_clean_and_unclean_columns_give_the_same_numbers():
    texts = ["3", "0", None, "27", "1e1"]
    clean, unclean = read_numbers(column(*texts), 0, 27), read_numbers(column(*texts, "n/a"), 0, 27)
    assert str(clean.values.tolist()) == str(unclean.values[:-1].tolist())
    assert not clean.problems
    assert not unclean.problems


@pytest.mark.parametrize("text", ["0x5", "inf", "nan1", "1_0"])
def test_what_other_parsers_take_for_numbers_is_none(text):
    assert list(read_numbers(column("3", text), 0, 27).problems) == ["not_a_number"]


def test_a_column_that_says_nan_everywhere_holds_nothing():
    assert not read_numbers(column("nan", "3"), 0, 27).problems


@pytest.mark.parametrize("text", ["-9", "-99", "77", "88", "98", "99", "777", "888", "999", "9999", "-999", "99.0"])
def test_codes_for_missing_are_codes_outside_the_range_only(text):
    assert list(read_numbers(column("3", text), 0, 27).problems) == ["missing_code"]
    assert not read_numbers(column("3", text), -1000, 10000).problems


@pytest.mark.parametrize("text", ["", "NA", "n/a", "N/A", "NULL", "None", "nan", "-", ".", "*", "?", "Refused",
                                  "declined",
                                  "unknown", "Missing", "not done", "Not applicable", "#N/A"])
def test_words_for_missing(text):
    reading = read_numbers(column("3", text), 0, 27)
    assert math.isnan(reading.values[1])
    assert not reading.problems


def test_days_are_whole():
    reading = read_days(column("14.0", "-30", "14.5", "two", None, "36501", "0"), -36500, 36500)
    assert reading.values.tolist()[:2] == [14, -30]
    assert reading.values.tolist()[6] == 0
    assert reading.problems["not_a_day"].tolist() == [2, 3, 5]


def test_dates_outside_the_years_known():
    reading, _ = read_dates(column("1990-01-01", "1989-12-31", "2099-12-31", "2100-01-01"))
    assert reading.values.tolist()[0] == 7305
    assert reading.problems["date_out_of_range"].tolist() == [1, 3]


def test_yes_and_no():
    reading = read_yes_no(column("Yes", "n", "TRUE", "0", "x", "", "unknown", "maybe", "99"))
    assert [None if math.isnan(value) else value for value in reading.values] == [1, 0, 1, 0, 1, None, None, None, None]
    assert {code: rows.tolist() for code, rows in reading.problems.items()} == {"not_yes_no": [7], "missing_code": [8]}


def test_texts_that_trimming_makes_equal_are_one():
    cells = column(" a", "a ", "a", "  ", None)
    assert cells.texts == ("a",)
    assert cells.codes.tolist() == [0, 0, 0, -1, -1]


def test_truth_values_are_no_numbers():
    assert list(read_numbers(Cells(pa.array([True, None])), 0, 27).problems) == ["not_a_number"]


def test_blank_and_missing_dates():
    reading, minutes = read_dates(column("2024-01-05", "NA", None, "2024-01-06T10:00"))
    assert (reading.values[[1, 2]] == MISSING).all()
    assert minutes.tolist() == [MISSING, MISSING, MISSING, 600]


def test_numbers_are_no_dates():
    assert list(read_dates(Cells(pa.array([4500])))[0].problems) == ["not_a_date"]
    assert read_dates(Cells(pa.array([20240105])))[0].values.tolist() == [19727]


def test_typed_columns_read_as_their_texts():
    assert Cells(pa.array([1.0, 2.5, None])).texts == ("1", "2.5")
    assert Cells(pa.array([datetime.date(2024, 1, 5)])).texts == ("2024-01-05",)
    assert Cells(pa.array([datetime.datetime(2024, 1, 5, 10, 15)])).texts == ("2024-01-05 10:15:00",)
    assert Cells(pa.array([datetime.time(10, 15)])).texts == ("10:15",)
    assert Cells(pa.array([True, False])).texts == ("True", "False")
