"""Rights of roles, and of who is limited to sites."""

from __future__ import annotations

import pytest

from analytics.access import RIGHTS, NotAllowedError, Person

MATRIX = {
    "director": {"aggregates", "rows", "load", "decks", "shares", "audit"},
    "analyst": {"aggregates", "rows", "load", "decks"},
    "presenter": {"aggregates", "decks", "shares"},
    "viewer": set(),
}
"""As docs/sign_in.md has it."""


@pytest.mark.parametrize("sites", [None, frozenset({"North"})])
@pytest.mark.parametrize("role", MATRIX)
def test_every_cell_of_role_and_right(role, sites):
    person = Person("p", "Somebody", role, sites)
    rights = set().union(*RIGHTS.values())
    expected = MATRIX[role] - ({"audit"} if sites else set())
    assert {right for right in rights if person.may(right)} == expected
    for right in rights - expected:
        with pytest.raises(NotAllowedError, match=rf"\({role}{', limited to sites' if sites else ''}\) may not"):
            person.needs(right)
    for right in expected:
        person.needs(right)
