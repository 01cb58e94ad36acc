"""The order of day and month is settled by the column or asked, never guessed by the row."""

from __future__ import annotations

import datetime

import pytest

from analytics.ingest.dates import date_text, order_seen, serial_day
from analytics.ingest.readings import read_days
from tests.ingest.files import codes, finding, loaded, place
from tests.ingest.test_cells import column


def dated(*dates: str, header: str = "assessed_on") -> str:
    rows = "".join(f'P{number},"{on}",{number + 5}\n' for number, on in enumerate(dates))
    return f"patient_id,{header},phq9\n{rows}"


def days(tables) -> list[str]:
    rows = tables.assessments
    return [str(datetime.date(1970, 1, 1) + datetime.timedelta(days=int(day))) for day in rows["day"]]


def uses(tables) -> dict[str, str | None]:
    return {use.column: use.field for use in tables.columns}


@pytest.mark.parametrize(("shows", "expected", "words"), [
    ("31/12/2024", "2024-04-03", "assessed_on[dmy]"), ("13/12/2024", "2024-04-03", "assessed_on[dmy]"),
    ("12/31/2024", "2024-03-04", "assessed_on[mdy]"), ("12/13/2024", "2024-03-04", "assessed_on[mdy]"),
])
def test_one_date_with_one_reading_settles_its_column(shows, expected, words):
    tables = loaded(dated("03/04/2024", shows, "2024-06-01", "5 Mar 2024"))
    assert days(tables)[0] == expected
    assert days(tables)[2:] == ["2024-06-01", "2024-03-05"]
    assert codes(tables) == []
    assert uses(tables)["assessed_on"] == words


def test_an_order_no_value_settles_is_asked():
    tables = loaded(dated("03/04/2024", "12/12/2024", "01/02/2024"))
    found = finding(tables, "date_order_unknown")
    assert place(found) == ("blocks", "scores.csv", "assessed_on", ())
    assert [words for _, words in found.choices] == ["assessed_on[dmy]", "assessed_on[mdy]"]
    assert '--map "assessed_on=assessed_on[dmy]"' in found.remedy
    assert codes(tables) == ["date_order_unknown"]


@pytest.mark.parametrize(("option", "expected"), [("dmy", "2024-04-03"), ("mdy", "2024-03-04")])
def test_the_answer_settles_the_order(option, expected):
    tables = loaded(dated("03/04/2024", "12/12/2024", "01/02/2024"), mapping={"assessed_on": f"assessed_on[{option}]"})
    assert days(tables)[0] == expected
    assert codes(tables) == []


def test_an_order_that_changes_no_day_is_not_asked():
    assert days(loaded(dated("05/05/2024", "12/12/2024"))) == ["2024-05-05", "2024-12-12"]
    assert codes(loaded(dated("05/05/2024", "12/12/2024"))) == []


def test_orders_that_contradict_are_asked_and_few_such_dates_are_left_out():
    few = loaded(dated("31/12/2024", "12/31/2024", "03/04/2024"))
    assert place(finding(few, "date_ambiguous")) == ("drops_rows", "scores.csv", "assessed_on", (4,))
    assert days(few) == ["2024-12-31", "2024-12-31"]
    many = loaded(dated("31/12/2024", "12/31/2024", "03/04/2024", "05/06/2024", "07/08/2024"))
    assert finding(many, "date_order_unknown").severity == "blocks"
    answered = loaded(dated("31/12/2024", "12/31/2024", "03/04/2024"), mapping={"assessed_on": "assessed_on[dmy]"})
    assert place(finding(answered, "not_a_date")) == ("drops_rows", "scores.csv", "assessed_on", (3,))
    assert days(answered) == ["2024-12-31", "2024-04-03"]


def test_no_such_day_settles_nothing():
    tables = loaded(dated("31/02/2024", "03/04/2024"))
    assert "date_order_unknown" in codes(tables)
    assert place(finding(loaded(dated("31/02/2024", "13/04/2024")), "not_a_date"))[3] == (2,)


def test_the_same_column_of_another_file_settles_the_order():
    one, other = dated("03/04/2024", "05/06/2024"), dated("31/12/2024").replace("P0", "P7")
    tables = loaded(one, other)
    assert days(tables) == ["2024-04-03", "2024-06-05", "2024-12-31"]
    asked = loaded(one, other.replace("assessed_on", "completed_on"))
    assert place(finding(asked, "date_order_unknown"))[1] == "scores.csv"


def test_files_that_contradict_each_other_keep_their_own_order_and_settle_no_third():
    tables = loaded(dated("31/12/2024", "03/04/2024"), dated("12/31/2024", "03/04/2024"), dated("03/04/2024"))
    assert [one.file for one in tables.findings if one.code == "date_order_unknown"] == ["file3.csv"]
    two = loaded(dated("31/12/2024", "03/04/2024"), dated("12/31/2024", "03/04/2024"))
    assert sorted(days(two)) == ["2024-03-04", "2024-04-03", "2024-12-31"]


def test_a_column_that_places_no_row_does_not_block():
    text = "patient_id,day,date,phq9\nP1,0,03/04/2024,20\nP2,3,05/06/2024,18\n"
    tables = loaded(text)
    assert place(finding(tables, "column_waits")) == ("note", "scores.csv", "date", ())
    assert finding(tables, "column_waits").choices
    assert tables.axis == "day"
    assert len(tables.assessments) == 2


def test_the_order_of_rows_changes_no_date():
    texts = ["03/04/2024", "31/12/2024", "2024-06-01", "5/5/24"]
    assert sorted(days(loaded(dated(*texts)))) == sorted(days(loaded(dated(*reversed(texts)))))


def test_years_of_two_digits_have_a_pivot_and_a_note():
    assert {text: date_text(text).readings.get("dmy") for text in ("1 Jan 89", "1 Jan 90", "1 Jan 00", "1 Jan 99")} == {
        "1 Jan 89": datetime.date(2089, 1, 1), "1 Jan 90": datetime.date(1990, 1, 1),
        "1 Jan 00": datetime.date(2000, 1, 1), "1 Jan 99": datetime.date(1999, 1, 1)}
    tables = loaded(dated("5 Mar 24", "5 Mar 2024"))
    assert place(finding(tables, "short_years")) == ("note", "scores.csv", "assessed_on", (2,))
    assert days(tables) == ["2024-03-05"] * 2


def test_years_of_two_digits_come_last_where_the_days_show_it():
    tables = loaded(dated("03/04/24", "31/04/24".replace("31", "30"), "15/04/24", "16/04/24"))
    assert days(tables) == ["2024-04-03", "2024-04-30", "2024-04-15", "2024-04-16"]
    unclear = finding(loaded(dated("13/04/24")), "date_order_unknown")
    assert [words for _, words in unclear.choices] == [f"assessed_on[{order}]" for order in ("dmy", "mdy", "ymd")]
    first = loaded(dated("24/04/03", "24/04/30", "24/04/15", "24/04/16", "24/05/02"))
    assert days(first) == ["2024-04-03", "2024-04-30", "2024-04-15", "2024-04-16", "2024-05-02"]
    assert order_seen(["45/04/03"]).shown == {"ymd"}
    said = loaded(dated("13/04/24"), mapping={"assessed_on": "assessed_on[ymd]"})
    assert days(said) == ["2013-04-24"]


@pytest.mark.parametrize(("number", "on"), [
    (32874, datetime.date(1990, 1, 1)), (45291, datetime.date(2023, 12, 31)), (73050, datetime.date(2099, 12, 31)),
])
def test_serial_days(number, on):
    assert serial_day(number) == (on, None)


def test_serial_days_end_and_have_times():
    assert serial_day(32873) is None
    assert serial_day(73051) is None
    assert serial_day(45291.5) == (datetime.date(2023, 12, 31), 720)
    assert serial_day(45291.99999) == (datetime.date(2023, 12, 31), 1439)


def test_serial_numbers_alone_are_asked_and_among_dates_read_and_told():
    asked = finding(loaded(dated("45291", "45300")), "date_serial_unknown")
    assert asked.severity == "blocks"
    assert [words for _, words in asked.choices] == ["assessed_on[serial]", "ignore"]
    answered = loaded(dated("45291", "45300"), mapping={"assessed_on": "assessed_on[serial]"})
    assert days(answered) == ["2023-12-31", "2024-01-09"]
    assert codes(answered) == []
    among = loaded(dated("2024-01-05", "45291", "12"))
    assert place(finding(among, "serial_dates_read")) == ("note", "scores.csv", "assessed_on", (3,))
    assert place(finding(among, "not_a_date"))[3] == (4,)
    assert days(among) == ["2024-01-05", "2023-12-31"]


def test_small_numbers_under_a_date_are_asked():
    asked = finding(loaded(dated("0", "14", "28")), "date_holds_numbers")
    assert place(asked) == ("blocks", "scores.csv", "assessed_on", ())
    assert [words for _, words in asked.choices] == ["day", "visit", "ignore"]
    answered = loaded(dated("0", "14", "28"), mapping={"assessed_on": "day"})
    assert answered.assessments["day"].tolist() == [0, 14, 28]


def test_days_in_words():
    reading = read_days(column("Day 14", "day -3", "D14", "d 7", "14 days", "day_2", "Dx 3", "week 2"), -36500, 36500)
    assert reading.values.tolist()[:6] == [14, -3, 14, 7, 14, 2]
    assert reading.problems["not_a_day"].tolist() == [6, 7]


def test_weeks_are_days_only_when_said():
    text = "patient_id,day,phq9\nP1,week 0,20\nP2,week 2,18\nP3,-1,9\n"
    asked = finding(loaded(text), "day_unit_unknown")
    assert place(asked) == ("blocks", "scores.csv", "day", ())
    assert [words for _, words in asked.choices] == ["day[weeks]", "visit"]
    assert loaded(text, mapping={"day": "day[weeks]"}).assessments["day"].tolist() == [0, 14, -7]


def test_days_from_one_have_no_day_naught():
    reading = read_days(column("1", "2", "-1", "0", None), -36500, 36500, is_from_one=True)
    assert reading.values.tolist()[:3] == [0, 1, -1]
    assert reading.problems["not_a_day"].tolist() == [3]


def test_the_last_observed_day_as_a_date_in_another_order():
    scores = "patient_id,assessed_on,phq9\nP1,2024-01-05,20\nP2,2024-01-06,18\n"
    until = "patient_id,observed_until,site\nP1,13/04/2024,a\nP2,01/05/2024,b\n"
    assert loaded(scores, until).observed_until.tolist() == [19826, 19844]
    waits = loaded(scores, until.replace("13/", "03/"))
    assert place(finding(waits, "column_waits")) == ("note", "file2.csv", "observed_until", ())
    assert waits.observed_until.empty


def test_dates_of_single_instruments_are_answered_one_by_one():
    text = "patient_id,phq9_date,phq9,gad7_date,gad7\nP1,03/04/2024,20,05/06/2024,12\n"
    asked = [one for one in loaded(text).findings if one.code == "date_order_unknown"]
    assert [one.column for one in asked] == ["phq9_date", "gad7_date"]
    tables = loaded(text, mapping={"phq9_date": "assessed_on[dmy]", "gad7_date": "assessed_on[mdy]"})
    rows = tables.assessments
    assert dict(zip(rows["instrument"].astype(str), days(tables), strict=True)) == {
        "gad7": "2024-05-06", "phq9": "2024-04-03"}


def test_the_order_that_was_found_can_be_said_again():
    text = dated("03/04/2024", "31/12/2024")
    words = uses(loaded(text))["assessed_on"]
    assert days(loaded(dated("03/04/2024", "01/02/2024"), mapping={"assessed_on": words})) == [
        "2024-04-03", "2024-02-01"]


@pytest.mark.parametrize("text", ["9-May", "May 9", "12. Mai", "3/Jan"])
def test_a_date_without_a_year_is_called_that(text):
    assert codes(loaded(f"patient_id,date,phq9\nP1,{text},20\nP1,2024-05-09,20\n"))[0] == "date_without_year"


@pytest.mark.parametrize("text", ["9-Foo", "May", "9", "Mayday 9"])
def test_what_is_no_date_at_all_is_not(text):
    assert "date_without_year" not in codes(loaded(f"patient_id,date,phq9\nP1,{text},20\nP1,2024-05-09,20\n"))
