"""What is kept of dates of birth, ages and postcodes."""

from __future__ import annotations

import pytest

from analytics.ingest.reductions import age_band_of, three_digits_of, year_in, year_of


@pytest.mark.parametrize(("text", "year"), [
    ("1950-01-02", 1950), ("1950/1/2", 1950), ("02.01.1950", 1950), ("01/31/1950", 1950), ("31/01/1950", 1950),
    ("2 Jan 1950", 1950), ("January 2, 1950", 1950), ("2nd January 1950", 1950), ("19500102", 1950), ("1/2/50", 1950),
    ("1/2/31", 1931), ("1/2/30", 2030), ("1950-01-02 10:30:00", 1950), ("1950-01-02T00:00:00Z", 1950),
    ("13.13.1950", None), ("1950-13-32", None), ("19501302", None), ("12345678", None), ("1950", None), ("7.5.2", None),
    ("12 mg 1950", None), ("", None), ("1849-01-01", None), ("1850-01-01", 1850), ("2101-01-01", None),
])
def test_the_year_of_a_date_in_any_form(text, year):
    assert year_in(text) == year


def test_a_year_stays_a_year():
    assert year_of("1950") == "1950"
    assert year_of("1950-01-02") == "1950"
    assert year_of("50") is None


@pytest.mark.parametrize(("text", "band"), [
    ("0", "0-9"), ("9", "0-9"), ("10", "10-19"), ("39.9", "30-39"), ("40", "40-49"), ("89", "80-89"), ("90", "90+"),
    ("93 years", "90+"), ("41y", "40-49"), ("125", "90+"), ("126", None), ("-4", None), ("old", None), ("", None),
    ("40-49", "40-49"), ("0-9", "0-9"), ("90+", "90+"), ("40-48", None), ("40-59", None), ("4049", None),
])
def test_ten_years_of_age(text, band):
    assert age_band_of(text) == band


@pytest.mark.parametrize(("text", "digits"), [
    ("02139", "021"), ("2139", "021"), ("02139-4307", "021"), ("021394307", "021"), ("05901", "000"), ("059", "000"),
    ("021", "021"), ("SW1A 1AA", "SW1"), ("k1a 0b1", "K1A"), ("12", None), ("123456", None), ("North", None),
    ("", None),
])
def test_three_digits_of_a_postcode(text, digits):
    assert three_digits_of(text) == digits
