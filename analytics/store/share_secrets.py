"""Secrets of links: tokens, visits and passphrases, of which the store keeps hashes alone."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from datetime import UTC, datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

TOKEN_BYTES = 32
"""256 random bits."""

FREE_GUESSES = 3
"""Wrong passphrases of a link before the next one has to wait."""

LONGEST_WAIT = 15 * 60
"""Seconds that the next passphrase has to wait at most."""

LEAST_PASSPHRASE, MOST_PASSPHRASE = 8, 200

_AT_ONCE = threading.BoundedSemaphore(2)
# One check takes 64 MiB and a fifth of a second: more at once would slow everybody else.
_HASHER = PasswordHasher()
_NOBODY = "0" * 64


def new_secret() -> str:
    """A secret of 256 random bits, as it may stand in an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hash_of(secret: str) -> str:
    """What the store keeps of a secret: it has 256 bits, so that no slow hash is needed."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def is_token(token: str, kept: str | None) -> bool:
    """Whether a token is the one whose hash is kept; takes as long where nothing is kept."""
    return hmac.compare_digest(hash_of(token), kept or _NOBODY) and kept is not None


def passphrase_hash(passphrase: str) -> str:
    """What the store keeps of a passphrase (argon2id).

    Raises
    ------
    ValueError
        Where it is shorter or longer than a passphrase may be.
    """
    if not LEAST_PASSPHRASE <= len(passphrase) <= MOST_PASSPHRASE:
        raise ValueError(f"A passphrase has {LEAST_PASSPHRASE} to {MOST_PASSPHRASE} signs.")
    with _AT_ONCE:
        return _HASHER.hash(passphrase)


def is_passphrase(passphrase: str, kept: str) -> bool:
    """Whether a passphrase is the one whose hash is kept; at most two are looked at at once."""
    if len(passphrase) > MOST_PASSPHRASE:
        return False
    with _AT_ONCE:
        try:
            return _HASHER.verify(kept, passphrase)
        except (VerificationError, InvalidHashError):
            return False


def wait_after(n_guesses: int) -> int:
    """Seconds until the next guess is looked at, after so many wrong ones: 0 for the first three, then 2, 4, 8, ..."""
    return 0 if n_guesses <= FREE_GUESSES else min(2 ** min(n_guesses - FREE_GUESSES, 20), LONGEST_WAIT)


def utc(at: str) -> str:
    """A time as the store writes it: ISO, in UTC, to the second.

    Raises
    ------
    ValueError
        Where it is no time, or one without its zone.
    """
    moment = datetime.fromisoformat(at)
    if moment.tzinfo is None:
        raise ValueError("A time needs its zone.")
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def later(at: str, seconds: int) -> str:
    """A time so many seconds later; earlier where they are negative."""
    return (datetime.fromisoformat(utc(at)) + timedelta(seconds=seconds)).isoformat(timespec="seconds")


def seconds_between(earlier: str, later: str) -> int:
    """Seconds from one time of the store to a later one."""
    return int((datetime.fromisoformat(later) - datetime.fromisoformat(earlier)).total_seconds())
