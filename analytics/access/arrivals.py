"""From the claims of a sign-in to a person, or why there is none."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from analytics.access.people import Person
from analytics.access.roles import Roles, verified_email

Why = Literal["not_signed_in", "unusable", "expired", "ended", "unknown", "closed"]

LONGEST_NAME = 100


@dataclass(frozen=True)
class Refused:
    """Why somebody is nobody here.

    Attributes
    ----------
    why : ``not_signed_in``; ``unusable`` (the sign-in lacks what names a person and its times); ``expired``;
        ``ended`` (signed out since); ``unknown`` (no role); ``closed`` (the roles or the sign-outs cannot be read)
    """

    why: Why


def subject_of(claims: Mapping[str, object]) -> str | None:
    """What names a person for good, of issuer and subject together; missing where either is."""
    issuer, subject = claims.get("iss"), claims.get("sub")
    if not (isinstance(issuer, str) and isinstance(subject, str) and issuer and subject):
        return None
    return hashlib.sha256(f"{len(issuer)} {issuer} {subject}".encode()).hexdigest()


def arrival(
    claims: Mapping[str, object], now: datetime, signed_out_before: str | None, roles: Roles
) -> Person | Refused:
    """Who somebody with these claims is, now.

    Parameters
    ----------
    claims : of the identity token, and ``is_logged_in``
    signed_out_before : as ISO text; a sign-in of that second or an earlier one is over

    Returns
    -------
    Person or Refused
        At the very second of its expiry a token is over.
    """
    if not claims.get("is_logged_in"):
        return Refused("not_signed_in")
    subject, issued, expires = subject_of(claims), seconds(claims.get("iat")), seconds(claims.get("exp"))
    if subject is None or issued is None or expires is None:
        return Refused("unusable")
    if expires <= now.timestamp():
        return Refused("expired")
    if signed_out_before is not None and int(issued) <= _at(signed_out_before):
        return Refused("ended")
    grant = roles.grant(claims)
    if grant is None:
        return Refused("unknown")
    return Person(subject, name_of(claims), grant.role, grant.sites)


def seconds(came: object) -> float | None:
    """A time of a token in seconds since 1970; missing where it is none."""
    is_time = isinstance(came, int | float) and not isinstance(came, bool) and math.isfinite(came)
    return float(came) if is_time else None


def _at(text: str) -> float:
    at = datetime.fromisoformat(text)
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()


def name_of(claims: Mapping[str, object]) -> str:
    """What a person is called: the name, and the verified e-mail, which nobody can choose alone."""
    name, email = claims.get("name"), verified_email(claims)
    known = " ".join(name.split()) if isinstance(name, str) else ""
    printable = "".join(letter for letter in known if letter.isprintable())[:LONGEST_NAME]
    return ", ".join(part for part in (printable, email) if part) or "signed-in person"


def sign_out_time(claims: Mapping[str, object], now: datetime) -> str:
    """The second to write at a sign-out: now, or that of the sign-in where the provider's clock runs ahead."""
    issued = seconds(claims.get("iat")) or 0.0
    return datetime.fromtimestamp(max(int(now.timestamp()), int(issued)), UTC).isoformat(timespec="seconds")
