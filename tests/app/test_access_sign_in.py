"""Sign-in set up whole, by half, and not at all; and what stands between a cookie and a person."""

from __future__ import annotations

import logging
import time

import pytest
import streamlit as st

from analytics.access import LOCAL, Person, Refused, RolesFile
from analytics.app import recipe_box, sign_in
from analytics.store import StoreError

WHOLE = {"redirect_uri": "http://localhost:8501/oauth2callback", "cookie_secret": "x" * 32, "client_id": "a",
         "client_secret": "b", "server_metadata_url": "https://id.example/.well-known/openid-configuration"}
NAMED = {key: WHOLE[key] for key in ("client_id", "client_secret", "server_metadata_url")}


class Secrets(dict):
    """The secrets as Streamlit has them."""

    def load_if_toml_exists(self):
        return bool(self)


@pytest.fixture
def said(monkeypatch, tmp_path):
    """The secrets and the roles file, which a test changes."""
    found = Secrets()
    monkeypatch.setattr(sign_in, "secrets_singleton", found)
    monkeypatch.setattr(sign_in.auth_util, "get_secrets_auth_section", lambda: found.get("auth", {}))
    path = tmp_path / "roles.toml"
    path.write_text('[emails]\n"anna@clinic.example" = "analyst"', encoding="utf-8")
    file = RolesFile(path)
    monkeypatch.setattr(sign_in, "roles_file", lambda: file)
    sign_in.is_on.cache_clear()
    yield found
    sign_in.is_on.cache_clear()


def mistakes(said, auth):
    said["auth"] = auth
    return " ".join(sign_in._mistakes())


def test_nothing_set_up_is_no_mistake(said):
    assert sign_in._mistakes() == [] and not sign_in.is_on()
    said["other"] = 1
    assert sign_in._mistakes() == [] and not sign_in.is_on()
    sign_in.check()


@pytest.mark.parametrize("auth", [
    WHOLE, {key: WHOLE[key] for key in ("redirect_uri", "cookie_secret")} | {"clinic": NAMED},
    WHOLE | {"client_kwargs": {"prompt": "login"}}, WHOLE | {"clinic": NAMED}], ids=["one", "named", "options", "two"])
def test_a_whole_part_is_no_mistake(said, auth):
    assert mistakes(said, auth) == "" and sign_in.is_on()


def test_providers_have_a_button_each(said):
    said["auth"] = WHOLE | {"clinic": NAMED, "client_kwargs": {}}
    assert sign_in.providers() == (None, "clinic")
    said["auth"] = {"clinic": NAMED}
    assert sign_in.providers() == ("clinic",)


@pytest.mark.parametrize("name", WHOLE)
def test_what_is_missing_is_named(said, name):
    assert f"lacks {name}" in mistakes(said, {key: value for key, value in WHOLE.items() if key != name})


@pytest.mark.parametrize(("auth", "sentence"), [
    ({}, "lacks redirect_uri"), ("yes", "lacks redirect_uri"),
    (WHOLE | {"cookie_secret": "x" * 31}, "too short"),
    (WHOLE | {"redirect_uri": "http://localhost:8501/"}, "must end"),
    (WHOLE | {"my_clinic": NAMED}, "without underscore"),
    (WHOLE | {"clinic": {"client_id": "a"}}, "[auth.clinic] of the secrets lacks client_secret"),
])
def test_half_a_door_is_none(said, auth, sentence):
    found = mistakes(said, auth)
    assert sentence in found
    with pytest.raises(SystemExit, match="secrets"):
        sign_in.check()


def test_a_roles_file_that_is_missing_or_wrong_ends_the_start(said):
    sign_in.roles_file().path.write_text("[emails", encoding="utf-8")
    assert "Nobody is let in" in mistakes(said, WHOLE)
    sign_in.roles_file().path.unlink()
    assert "not there" in mistakes(said, WHOLE)


def test_the_word_of_a_header_is_not_taken(said, monkeypatch):
    monkeypatch.setattr(st, "get_option", lambda name: {"X-User": "email"} if "trusted" in name else [])
    assert "trustedUserHeaders" in mistakes(said, WHOLE)


def test_secrets_that_cannot_be_read_end_the_start(said, monkeypatch, tmp_path):
    (tmp_path / "secrets.toml").write_text("[", encoding="utf-8")
    monkeypatch.setattr(st, "get_option", lambda name: [str(tmp_path / "secrets.toml")] if "files" in name else None)
    assert "cannot be read" in " ".join(sign_in._mistakes())


def test_taken_out_while_it_runs_it_opens_no_door(said):
    said["auth"] = WHOLE
    assert sign_in.is_on()
    said.clear()
    assert sign_in.is_on() and sign_in.visitor_of({}) == Refused("not_signed_in")


# --- a person ----------------------------------------------------------------------------------------


def claims(**changes):
    now = int(time.time())
    return {"is_logged_in": True, "iss": "i", "sub": "a", "iat": now - 9, "exp": now + 60,
            "email": "anna@clinic.example", "email_verified": True} | changes


def test_without_sign_in_claims_are_nothing(said):
    assert sign_in.visitor_of(claims()) is LOCAL


def test_a_person_is_who_the_claims_name_until_a_sign_out(said):
    said["auth"] = WHOLE
    mine = claims(sub="until a sign-out")
    assert isinstance(sign_in.visitor_of(mine), Person)
    sign_in.sign_out(mine)
    assert sign_in.visitor_of(mine) == Refused("ended")
    assert isinstance(sign_in.visitor_of(claims(sub="another")), Person)
    assert isinstance(sign_in.visitor_of(mine | {"iat": int(time.time()) + 2}), Person), "signed in again"
    sign_in.sign_out({})


def test_where_sign_outs_cannot_be_asked_nobody_is_let_in(said, monkeypatch, caplog):
    said["auth"] = WHOLE

    def broken():
        raise StoreError("The store cannot be used.")

    monkeypatch.setattr(recipe_box, "store", broken)
    sign_in._told.clear()
    with caplog.at_level(logging.ERROR):
        assert [sign_in.visitor_of(claims()) for _ in range(3)] == [Refused("closed")] * 3
    assert [record.message for record in caplog.records] == ["Nobody is let in: The store cannot be used."]


def test_a_cookie_that_this_server_did_not_sign_says_nothing(said, monkeypatch):
    said["auth"] = WHOLE
    monkeypatch.setattr(sign_in.auth_util, "get_origin_from_redirect_uri", lambda: "http://localhost:8501")
    assert sign_in.claims_of({"_streamlit_user": "x"}) == {} == sign_in.claims_of({})
    monkeypatch.setattr(sign_in.auth_util, "get_origin_from_redirect_uri", lambda: None)
    assert sign_in.claims_of({"_streamlit_user": "x"}) == {}
