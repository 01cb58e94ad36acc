"""Roles, their rights, and the persons who have them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["director", "analyst", "presenter", "viewer"]

Right = Literal["aggregates", "rows", "load", "decks", "shares", "audit"]

RIGHTS: dict[Role, frozenset[Right]] = {
    "director": frozenset({"aggregates", "rows", "load", "decks", "shares", "audit"}),
    "analyst": frozenset({"aggregates", "rows", "load", "decks"}),
    "presenter": frozenset({"aggregates", "decks", "shares"}),
    "viewer": frozenset(),
}
"""What each role may do.

``aggregates``: see counted results of datasets; ``rows``: see single courses, patients' codes and rows of files;
``load``: upload, map, keep and delete datasets; ``decks``: prepare what is presented; ``shares``: make links and
present live; ``audit``: read the audit log, set retention, end what others made. A viewer has what a link shows.
"""

_LACKS = {
    "aggregates": "see results beyond the links you were sent",
    "rows": "see single courses or rows of files",
    "load": "load, keep or delete data",
    "decks": "prepare decks",
    "shares": "make links or present live",
    "audit": "read the audit log or end what others made",
}


class NotAllowedError(PermissionError):
    """A person asked for what the role does not have; the message is for the person."""


@dataclass(frozen=True)
class Person:
    """Somebody who uses the dashboard.

    Attributes
    ----------
    subject : names the person for good: issuer and subject of the sign-in as one hash; empty for whoever sits at the
        computer that serves, where there is no sign-in
    name : as the screen and the audit log say it
    sites : the sites whose patients the person may see counted; missing means all
    """

    subject: str
    name: str
    role: Role
    sites: frozenset[str] | None = None

    def may(self, right: Right) -> bool:
        """Whether the role has a right; ``audit`` names what all sites keep, and is for who may see them all."""
        return right in RIGHTS[self.role] and (right != "audit" or self.sites is None)

    def needs(self, right: Right) -> None:
        """Go on where the role has a right.

        Raises
        ------
        NotAllowedError
            Where it does not.
        """
        if not self.may(right):
            limited = ", limited to sites" if self.sites is not None else ""
            raise NotAllowedError(f"Your role here ({self.role}{limited}) may not {_LACKS[right]}. "
                                  "Ask the person who runs this dashboard for another role.")


LOCAL = Person("", "this computer", "director")
"""Whoever sits at the computer that serves: without sign-in nobody else is let in."""
