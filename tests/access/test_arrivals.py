"""From a sign-in's claims to a person: expiry, sign-outs, roles, and the name."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from analytics.access import Person, Refused, arrival, roles_of, sign_out_time, subject_of
from analytics.access.arrivals import name_of

NOW = datetime(2026, 11, 3, 12, 0, 0, 500_000, tzinfo=UTC)
AT = int(NOW.timestamp())
ROLES = roles_of('[emails]\n"anna@clinic.example" = {role = "analyst", sites = ["North"]}')


def claims(**changes):
    found = {"is_logged_in": True, "iss": "https://id.example", "sub": "17", "iat": AT - 60, "exp": AT + 60,
             "email": "anna@clinic.example", "email_verified": True, "name": "Anna Berg"} | changes
    return {key: value for key, value in found.items() if value is not None}


def why(before=None, **changes):
    found = arrival(claims(**changes), NOW, before, ROLES)
    return found.why if isinstance(found, Refused) else None


def test_a_person_has_a_subject_a_name_a_role_and_sites():
    found = arrival(claims(), NOW, None, ROLES)
    assert found == Person(subject_of(claims()), "Anna Berg, anna@clinic.example", "analyst", frozenset({"North"}))


@pytest.mark.parametrize("changes", [{"is_logged_in": False}, {"is_logged_in": None}])
def test_without_a_sign_in_nobody_is_there(changes):
    assert why(**changes) == "not_signed_in"
    assert arrival({}, NOW, None, ROLES) == Refused("not_signed_in")


@pytest.mark.parametrize(("exp", "expected"), [
    (AT + 1, None), (AT, "expired"), (AT - 1, "expired"), (AT + 0.5, "expired"), (AT + 0.6, None)])
def test_a_token_is_over_at_the_second_of_its_expiry(exp, expected):
    assert why(exp=exp) == expected


@pytest.mark.parametrize("name", ["iat", "exp"])
@pytest.mark.parametrize("odd", [None, "1", True, float("nan"), float("inf"), [], {}])
def test_a_token_without_its_times_is_none(name, odd):
    assert why(**{name: odd}) == "unusable"


@pytest.mark.parametrize("name", ["iss", "sub"])
@pytest.mark.parametrize("odd", [None, "", 5, []])
def test_a_token_that_names_nobody_is_none(name, odd):
    assert why(**{name: odd}) == "unusable"


@pytest.mark.parametrize(("iat", "expected"), [
    (AT - 61, "ended"), (AT - 60, "ended"), (AT - 59.1, "ended"), (AT - 59, None)])
def test_a_sign_in_of_the_second_of_a_sign_out_is_over(iat, expected):
    before = datetime.fromtimestamp(AT - 60, UTC).isoformat(timespec="seconds")
    assert why(before, iat=iat) == expected
    assert why(before.replace("+00:00", ""), iat=iat) == expected, "the store's texts are UTC"


def test_who_has_no_role_is_nobody():
    assert why(email="dora@clinic.example") == "unknown"
    assert why(email_verified=False) == "unknown"


def test_subjects_of_two_issuers_are_two_persons():
    first = subject_of(claims())
    assert first != subject_of(claims(iss="https://other.example"))
    assert subject_of(claims(iss="a b", sub="c")) != subject_of(claims(iss="a", sub="b c"))
    assert "anna" not in first and len(first) == 64


def test_a_sign_out_ends_this_sign_in_though_the_providers_clock_runs_ahead():
    for iat in (AT - 5, AT, AT + 300):
        assert why(sign_out_time(claims(iat=iat), NOW), iat=iat, exp=AT + 900) == "ended"
    assert sign_out_time(claims(iat=AT - 5), NOW) == "2026-11-03T12:00:00+00:00"
    assert sign_out_time({}, NOW) == "2026-11-03T12:00:00+00:00"


@pytest.mark.parametrize(("name", "expected"), [
    ("Anna\n  Berg", "Anna Berg, anna@clinic.example"), (None, "anna@clinic.example"), (5, "anna@clinic.example"),
    ("A\u202eB", "AB, anna@clinic.example"), ("x" * 500, "x" * 100 + ", anna@clinic.example")])
def test_a_name_is_one_line_with_the_address_nobody_chooses(name, expected):
    assert name_of(claims(name=name)) == expected


def test_an_address_that_is_not_verified_names_nobody():
    assert name_of(claims(email_verified=False)) == "Anna Berg"
    assert name_of(claims(email="anna@evil.example@clinic.example")) == "Anna Berg", "nor do two in one"
    assert name_of({}) == "signed-in person"
