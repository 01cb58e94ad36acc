"""Who has which role: a TOML file that names persons by e-mail, by a claim of their sign-in, or by domain. ::

    [emails]
    "anna@clinic.example" = "director"
    "ben@clinic.example" = {role = "analyst", sites = ["North"]}

    [claims.groups]
    "outcomes presenters" = "presenter"

    [domains]
    "clinic.example" = "viewer"

The most specific wins: an e-mail over a claim, a claim over a domain. Of two claims that fit the one written first
wins; e-mails and domains cannot tie, because none may be written twice. A domain is the whole part after the @:
``clinic.example`` is neither ``evil-clinic.example`` nor ``north.clinic.example``. An e-mail that the provider has not
verified counts for nothing, for its domain either. Who fits nothing has no access. A file with one mistake gives
nobody access: it is never read in part.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from analytics.access.people import Role

PARTS = ("emails", "claims", "domains")

CHOSEN_BY_THEMSELVES = frozenset({
    "name", "given_name", "family_name", "middle_name", "nickname", "preferred_username", "profile", "picture",
    "website", "gender", "birthdate", "zoneinfo", "locale", "phone_number", "address", "updated_at"})
"""Claims that many providers let a person write: no role may hang on them."""

EVERYBODYS_CLAIMS = frozenset({
    "iss", "aud", "azp", "typ", "acr", "amr", "alg", "nonce", "at_hash", "c_hash", "auth_time", "iat", "nbf", "exp",
    "jti", "origin", "provider", "is_logged_in"})
"""Claims that say the same of everybody whom the provider knows, or of a sign-in and not of a person."""

NOT_IN_AN_EMAIL = frozenset(" ,;<>()[]\"\\")

EVERYBODYS_DOMAINS = frozenset({
    "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com", "icloud.com",
    "me.com", "aol.com", "gmx.de", "gmx.net", "gmx.com", "web.de", "mail.ru", "proton.me", "protonmail.com"})
"""Where anybody can have an address within minutes."""


class RolesError(ValueError):
    """The roles file cannot be used; the message is for the person who runs the dashboard and quotes no entry."""


@dataclass(frozen=True)
class Grant:
    """A role, and the sites it is limited to; missing means all."""

    role: Role
    sites: frozenset[str] | None = None


@dataclass(frozen=True)
class Roles:
    """A roles file that was read.

    Attributes
    ----------
    emails, domains : grants by e-mail and by domain, in small letters
    claims : name of the claim, its value, and the grant, in the order of the file
    """

    emails: Mapping[str, Grant]
    claims: tuple[tuple[str, str, Grant], ...]
    domains: Mapping[str, Grant]

    def grant(self, claims: Mapping[str, object]) -> Grant | None:
        """What a person with these claims of a sign-in gets; missing where nothing fits."""
        email = verified_email(claims)
        if email in self.emails:
            return self.emails[email]
        for name, value, grant in self.claims:
            if value in _values(claims.get(name)):
                return grant
        return self.domains.get(email.partition("@")[2]) if email is not None else None


def verified_email(claims: Mapping[str, object]) -> str | None:
    """The e-mail in small letters; missing where there is none, it is not verified, or it is not one address.

    Only ASCII letters are made small: other letters can look or fold alike and be another address.
    """
    email, is_verified = claims.get("email"), claims.get("email_verified")
    if not (is_verified is True or is_verified == "true") or not isinstance(email, str):
        return None
    name, _, domain = email.partition("@")
    is_one = name and domain and "@" not in domain and email.isprintable() and not NOT_IN_AN_EMAIL & set(email)
    return small(email) if is_one else None


def small(text: str) -> str:
    """A text with its ASCII letters made small."""
    return "".join(letter.lower() if letter.isascii() else letter for letter in text)


def _values(came: object) -> tuple[str, ...]:
    several = came if isinstance(came, list | tuple) else [came]
    return tuple(one for one in several if isinstance(one, str))


def roles_of(text: str) -> Roles:
    """The roles a file says.

    Raises
    ------
    RolesError
        With every mistake in the file, a sentence each.
    """
    try:
        came = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = str(error).rpartition("(at ")[2].rstrip(")") or "an unknown place"
        raise RolesError(f"The roles file is not TOML: there is a mistake at {place}.") from None
    except RecursionError:
        raise RolesError("The roles file is not TOML that can be read: it is nested too deeply.") from None
    mistakes = [f"The roles file has a part that is none of {', '.join(PARTS)}."] * bool(set(came) - set(PARTS))
    emails = _grants(came.get("emails", {}), "emails", mistakes)
    domains = _grants(came.get("domains", {}), "domains", mistakes)
    claims = _claims(came.get("claims", {}), mistakes)
    mistakes += [*_wrong_emails(emails), *_wrong_domains(domains)]
    found = Roles(_by_small(emails, "emails", mistakes), claims, _by_small(domains, "domains", mistakes))
    if not mistakes and not (emails or claims or domains):
        mistakes.append("The roles file names nobody: add a person to the part emails.")
    if mistakes:
        raise RolesError(" ".join(mistakes))
    return found


def _claims(came: Any, mistakes: list[str]) -> tuple[tuple[str, str, Grant], ...]:
    if not isinstance(came, dict):
        mistakes.append("claims is a table of tables: [claims.groups] with a line for each group.")
        return ()
    found = []
    for name, part in came.items():
        if small(name) in CHOSEN_BY_THEMSELVES:
            mistakes.append(f"No role may hang on the claim {name}: people can write it themselves.")
        if small(name) in EVERYBODYS_CLAIMS:
            mistakes.append(f"No role may hang on the claim {name}: it tells nobody from anybody.")
        if isinstance(part, dict) and not all(value.strip() for value in part):
            mistakes.append(f"claims.{name} has an entry without a value.")
        if small(name) in ("email", "email_verified"):
            mistakes.append("E-mails belong in the part emails, not under claims.")
        found += [(name, value, grant) for value, grant in _grants(part, f"claims.{name}", mistakes)]
    return tuple(found)


def _grants(part: Any, name: str, mistakes: list[str]) -> list[tuple[str, Grant]]:
    if not isinstance(part, dict):
        mistakes.append(f"{name} is a table: a line for each, as in \"name\" = \"analyst\".")
        return []
    found = []
    for place, (key, came) in enumerate(part.items(), start=1):
        grant = _grant(came)
        if isinstance(grant, str):
            mistakes.append(f"Entry {place} of {name}: {grant}")
        else:
            found.append((key, grant))
    return found


def _grant(came: Any) -> Grant | str:
    """A grant, or what is wrong with it."""
    said = {"role": came} if isinstance(came, str) else came
    if not isinstance(said, dict) or set(said) - {"role", "sites"}:
        return 'write "analyst", or {role = "analyst", sites = ["North"]}.'
    if said.get("role") not in get_args(Role):
        return f"the role is one of {', '.join(get_args(Role))}."
    if "sites" not in said:
        return Grant(said["role"])
    sites = said["sites"]
    if not isinstance(sites, list) or not sites or not all(isinstance(one, str) and one.strip() for one in sites):
        return "sites is a list of one name or more; leave it out for all sites."
    return Grant(said["role"], frozenset(site.strip() for site in sites))


def _wrong_emails(emails: Iterable[tuple[str, Grant]]) -> list[str]:
    def is_one(email: str) -> bool:
        name, _, domain = email.partition("@")
        return bool(name and domain) and "@" not in domain and not any(letter.isspace() for letter in email)

    return [f"Entry {place} of emails is not an e-mail address." for place, (email, _) in enumerate(emails, start=1)
            if not is_one(email)]


_DOMAIN = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def _wrong_domains(domains: Iterable[tuple[str, Grant]]) -> list[str]:
    wrong = []
    for place, (domain, _) in enumerate(domains, start=1):
        if small(domain) in EVERYBODYS_DOMAINS:
            wrong.append(f"Entry {place} of domains: anybody can have an address there. Name the persons in emails.")
        elif not _DOMAIN.fullmatch(domain):
            wrong.append(f"Entry {place} of domains is not a domain: write the part after the @.")
    return wrong


def _by_small(grants: list[tuple[str, Grant]], name: str, mistakes: list[str]) -> dict[str, Grant]:
    found = {small(key): grant for key, grant in grants}
    if len(found) < len(grants):
        mistakes.append(f"The part {name} has an entry twice; capital letters do not count.")
    return found


class RolesFile:
    """A roles file, looked at anew at every question, so that who is taken out is out at once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._read: tuple[bytes, Roles | RolesError] | None = None

    def roles(self) -> Roles:
        """The roles as the file says them now.

        Raises
        ------
        RolesError
            Where the file is not there or has a mistake: then nobody has access.
        """
        try:
            content = self.path.read_bytes()
        except OSError:
            raise RolesError("The roles file is not there or cannot be read.") from None
        if self._read is None or self._read[0] != content:
            self._read = content, _read(content)
        found = self._read[1]
        if isinstance(found, RolesError):
            raise RolesError(str(found))
        return found


def _read(content: bytes) -> Roles | RolesError:
    try:
        return roles_of(content.decode("utf-8-sig"))  # Some editors begin a file with a mark of their own.
    except UnicodeDecodeError:
        return RolesError("The roles file is not UTF-8 text.")
    except RolesError as error:
        return error
