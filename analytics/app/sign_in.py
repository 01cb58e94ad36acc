"""Sign-in: whether it is set up, who a browser's sign-in says somebody is, and signing out.

Sign-in is Streamlit's own, by OpenID Connect; its cookie is signed and lives 30 days whatever the token in it says.
That the token has not run out, that nobody signed out since, and which role the person has now is asked here, at every
run of a page and every request.

``is_on() -> bool``                      settled at the start: what is taken out of a file later opens no door
``check()``                              ends the program in sentences where sign-in is set up by half
``providers() -> tuple[str | None, ...]``
``claims_of(cookies) -> Mapping``        what a request's own sign-in says, for routes and sockets
``visitor_of(claims) -> Person | Refused``
``sign_out(claims)``                     ends every session of this person that began before
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit import auth_util
from streamlit.runtime.secrets import secrets_singleton
from streamlit.web.server.starlette import starlette_websocket
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from analytics.access import (
    LOCAL,
    Person,
    Refused,
    RolesError,
    RolesFile,
    arrival,
    sign_out_time,
    subject_of,
)
from analytics.app import log_lines
from analytics.store import StoreError
from analytics.wording import access as words

ROLES_VARIABLE = "OUTCOMES_ROLES"
ROLES_NAME = "roles.toml"
SHORTEST_COOKIE_SECRET = 32
_SHARED = frozenset({"redirect_uri", "cookie_secret", "expose_tokens"})
_OF_A_PROVIDER = ("client_id", "client_secret", "server_metadata_url")

TELL_AGAIN_SECONDS = 60.0

_log = logging.getLogger(__name__)
_told: dict[str, float] = {}


@cache
def is_on() -> bool:
    """Whether people sign in here."""
    return bool(_auth())


def _auth() -> Mapping[str, Any]:
    """The part ``auth`` of the secrets, empty where there is none."""
    found = auth_util.get_secrets_auth_section()
    return found if isinstance(found, Mapping) else {"auth": found} if found else {}


def check() -> None:
    """End the program where sign-in is set up by half: half a door is none."""
    mistakes = _mistakes()
    if mistakes:
        raise SystemExit("\n".join(mistakes))
    is_on()


def _mistakes() -> list[str]:
    if st.get_option("server.trustedUserHeaders"):
        return [words.TRUSTED_HEADERS]
    if not secrets_singleton.load_if_toml_exists():
        there = any(Path(one).exists() for one in st.get_option("secrets.files"))
        return [words.SECRETS_UNREADABLE] if there else []
    auth = _auth()
    if not auth and "auth" not in secrets_singleton:
        return []
    mistakes = [words.lacks(name) for name in ("redirect_uri", "cookie_secret") if not isinstance(auth.get(name), str)]
    if isinstance(auth.get("cookie_secret"), str) and len(auth["cookie_secret"]) < SHORTEST_COOKIE_SECRET:
        mistakes.append(words.short_secret(SHORTEST_COOKIE_SECRET))
    if isinstance(auth.get("redirect_uri"), str) and not auth["redirect_uri"].endswith("/oauth2callback"):
        mistakes.append(words.REDIRECT)
    mistakes += _provider_mistakes(auth)
    if not auth_util.is_authlib_installed():
        mistakes.append(words.NO_AUTHLIB)
    try:
        roles_file().roles()
    except RolesError as error:
        mistakes.append(words.roles_mistake(str(error), str(roles_file().path), ROLES_VARIABLE))
    return mistakes


def _provider_mistakes(auth: Mapping[str, Any]) -> list[str]:
    parts = {name: part for name, part in auth.items() if isinstance(part, Mapping)}
    asked = {**({"": auth} if not parts or "client_id" in auth else {}), **parts}
    found = [words.provider_lacks(name, key) for name, part in asked.items() for key in _OF_A_PROVIDER
             if not isinstance(part.get(key), str) and name != "client_kwargs"]
    return found + [words.provider_name(name) for name in parts if "_" in name and name != "client_kwargs"]


def providers() -> tuple[str | None, ...]:
    """The names of the providers; missing for one that has none."""
    named = [name for name, part in _auth().items() if isinstance(part, Mapping) and name != "client_kwargs"]
    return (*([None] if "client_id" in _auth() else []), *named)


@cache
def roles_file() -> RolesFile:
    """The file that says who has which role: the one named in OUTCOMES_ROLES, else the one beside the secrets."""
    named = os.environ.get(ROLES_VARIABLE)
    if named:
        return RolesFile(Path(named))
    places = [Path(one).with_name(ROLES_NAME) for one in st.get_option("secrets.files")]
    return RolesFile(next((place for place in reversed(places) if place.exists()), places[-1]))


def claims_of(cookies: Mapping[str, str]) -> Mapping[str, Any]:
    """What the sign-in cookie of a request says; empty where there is none that this server signed."""
    origin = auth_util.get_origin_from_redirect_uri()
    if origin is None:
        return {}
    signed = starlette_websocket._get_signed_cookie_with_chunks(dict(cookies), USER_COOKIE_NAME)
    return starlette_websocket._parse_decoded_user_cookie(signed, origin) if signed else {}


def visitor_of(claims: Mapping[str, Any]) -> Person | Refused:
    """Who somebody with these claims is now; without sign-in whoever was let in sits at this computer."""
    if not is_on():
        return LOCAL
    if not claims.get("is_logged_in"):
        return Refused("not_signed_in")
    try:
        subject = subject_of(claims)
        before = _store().signed_out.signed_out_before(subject) if subject else None
        return arrival(claims, datetime.now(UTC), before, roles_file().roles())
    except RolesError as error:
        _tell("roles", words.roles_mistake(str(error), str(roles_file().path), ROLES_VARIABLE))
    except StoreError as error:
        _tell("store", f"Nobody is let in: {error}")
    return Refused("closed")


def _tell(kind: str, sentence: str) -> None:
    """Write why the door is closed to the log, not at every knock."""
    now = time.monotonic()
    if now - _told.get(sentence, -TELL_AGAIN_SECONDS) >= TELL_AGAIN_SECONDS:
        _told.clear()
        _told[sentence] = now
        _log.error(sentence)
        log_lines.event("closed", kind=kind)


def sign_out(claims: Mapping[str, Any]) -> None:
    """End every session of this person that began before now, on every server of the store."""
    subject = subject_of(claims)
    if subject is not None:
        _store().signed_out.sign_out(subject, sign_out_time(claims, datetime.now(UTC)))
        log_lines.event("signed_out", subject=subject)


def _store() -> Any:
    # Here and not above: what the store's keeper imports asks who is there.
    from analytics.app import recipe_box

    return recipe_box.store()
