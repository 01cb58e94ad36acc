"""What spreadsheets keep beside their values: rows that are not shown, and days that count from 1904."""

from __future__ import annotations

import datetime
import io
import struct

import pytest
import xlsxwriter

from analytics.ingest.hidden_markup import Hiding
from analytics.ingest.load import load
from analytics.ingest.old_book_facts import OldBookFacts, old_book_facts
from analytics.ingest.read import Source
from tests.ingest.books import OLD_BOOK
from tests.ingest.files import codes, finding, place, scores

DAY = datetime.date(2024, 1, 5)


def opened(content: bytes, name: str = "book.xls", **options):
    return load([Source(name, content)], **options)


def with_hidden(row: int) -> bytes:
    """The old workbook with one row hidden."""
    at = OLD_BOOK.index(b"\x08\x02\x10\x00" + struct.pack("<H", row)) + 4 + 12
    return OLD_BOOK[:at] + bytes([OLD_BOOK[at] | 0x20]) + OLD_BOOK[at + 1:]


def test_hidden_rows_of_an_old_workbook():
    tables = opened(with_hidden(3))
    assert place(finding(tables, "hidden_rows")) == ("note", "book.xls [Scores]", None, (4,))
    assert scores(tables) == scores(opened(OLD_BOOK))
    assert "hidden_rows" not in codes(opened(OLD_BOOK))
    assert "hidden_rows" not in codes(opened(with_hidden(0)))


def test_days_of_an_old_workbook_that_count_from_1904():
    at = OLD_BOOK.index(b"\x22\x00\x02\x00\x00\x00") + 4
    shifted = OLD_BOOK[:at] + b"\x01" + OLD_BOOK[at + 1:]
    assert old_book_facts(shifted).is_from_1904
    assert not old_book_facts(OLD_BOOK).is_from_1904
    days, usual = ([row[2] for row in scores(opened(content))] for content in (shifted, OLD_BOOK))
    assert [one - other for one, other in zip(days, usual, strict=True)] == [1462] * len(usual)


@pytest.mark.parametrize("content", [
    b"", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLD_BOOK[:600], OLD_BOOK[:-1200], OLD_BOOK[:30] + b"\xff" * 600,
    OLD_BOOK[:76] + b"\x00" * 436 + OLD_BOOK[512:], OLD_BOOK.replace("Workbook".encode("utf-16-le"), b"\x00" * 16),
])
def test_a_damaged_old_workbook_says_nothing(content):
    found = old_book_facts(content)
    assert isinstance(found, OldBookFacts)
    assert not any(found.hidden)


def test_old_workbooks_damaged_anywhere_are_followed_to_an_end():
    for at in range(0, len(OLD_BOOK), 7):
        old_book_facts(OLD_BOOK[:at] + bytes([OLD_BOOK[at] ^ 0xFF]) + OLD_BOOK[at + 1:])


def book_1904(header: str, *, is_from_1904: bool = True, has_dates: bool = True) -> bytes:
    """Two patients on the same day, the second as a bare number."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "date_1904": is_from_1904}) as made:
        sheet, day = made.add_worksheet("Scores"), made.add_format({"num_format": "yyyy-mm-dd"})
        zero = datetime.date(1904, 1, 1) if is_from_1904 else datetime.date(1899, 12, 30)
        number = (DAY - zero).days
        sheet.write_row(0, 0, ["patient_id", header, "phq9", "code"])
        for row, patient in enumerate(("P1", "P2"), start=1):
            sheet.write_row(row, 0, [patient, number, 20, 43834])
        if has_dates:
            sheet.write_datetime(1, 1, DAY, day)
    return target.getvalue()


@pytest.mark.parametrize("is_from_1904", [False, True])
def test_bare_days_beside_dates(is_from_1904):
    tables = opened(book_1904("assessed_on", is_from_1904=is_from_1904), "b.xlsx", attributes=["code"])
    assert {row[2] for row in scores(tables)} == {(DAY - datetime.date(1970, 1, 1)).days}
    assert ("days_from_1904" in codes(tables)) == is_from_1904
    assert set(tables.attributes["value"]) == {"43834"}


@pytest.mark.parametrize("is_from_1904", [False, True])
def test_bare_days_alone_under_a_header_that_says_so(is_from_1904):
    content = book_1904("assessed_on", is_from_1904=is_from_1904, has_dates=False)
    tables = opened(content, "b.xlsx", mapping={"assessed_on": "assessed_on[serial]"})
    assert {row[2] for row in scores(tables)} == {(DAY - datetime.date(1970, 1, 1)).days}
    if is_from_1904:
        assert place(finding(tables, "days_from_1904")) == ("note", "b.xlsx [Scores]", "assessed_on", (2, 3))


def test_numbers_that_are_no_days_stay():
    tables = opened(book_1904("weight"), "b.xlsx")
    assert finding(tables, "days_from_1904").column == "weight"
    assert "days_from_1904" not in codes(opened(book_1904("weight", has_dates=False), "b.xlsx"))


PAGE = ("<html><head><style>{style}</style></head><body><table><tr><th>patient_id</th><th>day</th><th>phq9</th></tr>"
        "<tr><td>P1</td><td>0</td><td>20</td></tr>{row}</table></body></html>")
ROW = "<tr {}><td>P2</td><td>0</td><td>18</td></tr>"


@pytest.mark.parametrize(("row", "style"), [
    (ROW.format('style="display:none"'), ""), (ROW.format("style='height:0;DISPLAY : NONE'"), ""),
    (ROW.format('style="visibility:hidden"'), ""), (ROW.format('style="visibility: collapse"'), ""),
    (ROW.format("hidden"), ""), (ROW.format('class="a b"'), ".b {display:none}"),
    (ROW.format('id="r7"'), "<!-- td, #r7 {color:red; display: none} -->"),
    (f'<tbody style="display:none">{ROW.format("")}</tbody>', ""),
    (ROW.format("").replace("<td>", "<td style='display:none'>"), ""),
])
def test_rows_that_a_page_does_not_show_are_read_and_told(row, style):
    tables = opened(PAGE.format(row=row, style=style).encode())
    assert [one[0] for one in scores(tables)] == ["P1", "P2"]
    assert finding(tables, "hidden_rows").rows == (3,)


@pytest.mark.parametrize(("row", "style"), [
    (ROW.format(""), ""), (ROW.format('style="display:table-row"'), ""), (ROW.format('class="a"'), ".b {display:none}"),
    (ROW.format('class="a"'), ".a {color:red}"), (ROW.format('style="visibility:visible"'), ""),
    (ROW.format("").replace("<td>P2", "<td style='display:none'>P2"), ""),
    (ROW.format('class="b"'), "/* .b {display:none} */ p{}"), (ROW.format('class="a"'), ".a .b {display:none}"),
])
def test_rows_that_a_page_shows(row, style):
    assert "hidden_rows" not in codes(opened(PAGE.format(row=row, style=style).encode()))


def test_a_style_without_end_is_looked_through_once():
    Hiding("{" * 200_000)
    Hiding("/*" * 100_000)
    Hiding(".a" * 100_000 + "{display:none}")
