"""What one text tells, and what only looks like it."""

from __future__ import annotations

import pytest

from analytics.ingest.identifier_patterns import (
    EMAIL,
    NATIONAL,
    NETWORK,
    PHONE,
    WEB,
    has_check_digit,
    is_address,
    is_postcode,
    kind_in,
)
from analytics.ingest.labels import file_shown, header_shown, sheets_shown
from analytics.ingest.person_names import evidence


@pytest.mark.parametrize(("text", "kind"), [
    ("q@z.example", EMAIL), ("write to q.w@z-y.example today", EMAIL),
    ("555-867-5309", PHONE), ("(555) 867-5309", PHONE), ("+44 20 7946 0958", PHONE), ("call 555.867.5309 x12", PHONE),
    ("06 12 34 56 78", PHONE), ("+1 (555) 867 5309", PHONE), ("07700 900123", PHONE),
    ("900-12-3456", NATIONAL), ("QQ 12 34 56 C", None), ("AB123456C", NATIONAL), ("943 476 5919", NATIONAL),
    ("https://z.example/x", WEB), ("www.z.example", WEB), ("z-y.org", WEB), ("@some_body", WEB),
    ("192.0.2.7", NETWORK), ("2001:db8::7", NETWORK), ("00:1b:44:11:3a:b7", NETWORK),
])
def test_texts_that_identify(text, kind):
    assert kind_in(text) == kind


@pytest.mark.parametrize("text", [
    "2024-01-05", "2024-01-05 10:30:00", "05.01.2024", "05/01/2024", "12:30:15", "120/80", "0.5 mg/kg", "0-10",
    "10,000",    "F33.2", "G90.50", "0143-9509-10", "101-0023", "S1-0042", "1.2E+11", "week 2 @ home", "2.1.0",
    "300.400.500.600",
    "Several days", "week 12-14", "12345678", "-99", "40 - 49", "North", "", "P0001", "12-34-5678", "3-4 times",
])
def test_texts_that_do_not(text):
    assert kind_in(text) is None


def test_the_check_digit_of_a_health_number():
    assert has_check_digit("9434765919")
    assert not has_check_digit("9434765918")
    assert has_check_digit("0000000000")
    assert not has_check_digit("1000000000")


@pytest.mark.parametrize("text", [
    "12 High Street", "4711 Elm Ave. Apt 5", "Hauptstraße 12", "12, rue Voltaire", "Calle Mayor 7", "PO Box 99",
    "Springfield, IL 62704",
])
def test_addresses(text):
    assert is_address(text)


@pytest.mark.parametrize("text", ["High dose", "Step 2", "week 12", "Park Avenue Center", "10 mg way too much", "1st"])
def test_no_addresses(text):
    assert not is_address(text)


@pytest.mark.parametrize(("text", "is_one"), [
    ("02139-4307", True), ("SW1A 1AA", True), ("m11ae", True), ("K1A 0B1", True),
    ("02139", False), ("QQ1A 1AA", False), ("D1A 0B1", False), ("P001", False), ("F33.2", False),
])
def test_postcodes_that_cannot_be_numbers(text, is_one):
    assert is_postcode(text) is is_one


@pytest.mark.parametrize(("text", "said"), [
    ("Mary Smith", "sure"), ("Smith, Mary", "sure"), ("SMITH MARY", "sure"), ("mary smith", "sure"),
    ("Dr Quill", "sure"), ("Mary Smith, MD", "sure"), ("Smith J.", "sure"), ("Smith_Mary", "sure"),
    ("Zanzibar Quill", "shape"),
    ("Mary", "word"), ("Quill", "lone"), ("Charlotte", "lone"), ("王伟", "lone"),
    ("Dr Quill's Clinic", ""), ("North", ""), ("Ketamine IV", ""), ("week two", ""), ("C01", ""), ("MD", ""), ("", ""),
    ("Mary Smith " * 9, ""), ("St. Mary Hospital", ""), ("several days", ""), ("a, b", "plain"), ("-", ""),
])
def test_what_a_text_says_of_a_name(text, said):
    assert evidence(text) == said


def test_names_of_columns_sheets_and_files_that_are_of_persons_are_not_shown():
    assert header_shown("Mary Smith", 6) == "(column 7)"
    assert header_shown("q@z.example", 0) == "(column 1)"
    assert header_shown("Mary Smith PHQ-9", 6) == "(column 7)"
    assert header_shown("Connor Davidson", 6) == "Connor Davidson"
    assert header_shown("Connor Davidson Resilience total", 6) == "Connor Davidson Resilience total"
    assert header_shown("Patient Name", 6) == "Patient Name"
    assert header_shown("PHQ tot V3 (wk)", 6) == "PHQ tot V3 (wk)"
    assert sheets_shown(["Mary Smith"]) == ["sheet 1"]
    assert sheets_shown(["May", "Mary"]) == ["May", "sheet 2"]
    assert sheets_shown(["Charlotte"]) == ["Charlotte"]
    assert sheets_shown(["Kowalczyk, Theodora", "Northern Branch"]) == ["sheet 1", "Northern Branch"]
    assert sheets_shown(["Mary Smith", "Theodora Kowalczyk", "KC101"]) == ["sheet 1", "sheet 2", "KC101"]
    assert file_shown("Smith_Mary_phq9.xlsx", 2) == "file 2"
    assert file_shown("out.zip/MarySmith.csv", 2) == "out.zip/file 2"
    assert file_shown("phq9 Charlotte 2024.csv", 2) == "phq9 Charlotte 2024.csv"
    assert file_shown("scores.csv", 2) == "scores.csv"
