"""The audit log, sign-outs and the secret."""

from __future__ import annotations

import pytest

from analytics.access import LOCAL, NotAllowedError, Person
from analytics.store import Entry, StoreError


def test_lines_come_back_the_newest_first_and_at_most_so_many(place):
    times = iter(f"2026-01-0{day}T00:00:00+00:00" for day in range(1, 10))
    store = place.store(now=lambda: next(times))
    anne = Person("anne", "Anne", "viewer")
    for number in range(3):
        store.audit.write(anne, "looked", {"number": number, "name": "é"})
    assert place.store().audit.entries(LOCAL, most=2) == [
        Entry("2026-01-03T00:00:00+00:00", "Anne", "looked", {"number": 2, "name": "é"}),
        Entry("2026-01-02T00:00:00+00:00", "Anne", "looked", {"number": 1, "name": "é"})]
    assert place.rows("SELECT DISTINCT subject FROM audit") == [("anne",)]
    with pytest.raises(NotAllowedError):
        store.audit.entries(anne)


@pytest.mark.parametrize("change", ["UPDATE audit SET who = 'nobody'", "DELETE FROM audit"])
def test_no_line_is_changed_or_removed(place, store, change):
    store.audit.write(LOCAL, "looked", {})
    with pytest.raises(Exception, match="appended to only"):
        place.change(change)
    assert [one.who for one in store.audit.entries(LOCAL)] == ["this computer"]


def test_a_line_is_told_in_the_transaction_of_what_it_tells(store):
    with pytest.raises(ZeroDivisionError), store.database.locked() as connection:
        store.audit.tell(connection, LOCAL, "looked", {})
        raise ZeroDivisionError
    assert store.audit.entries(LOCAL) == []


def test_a_sign_out_ends_what_was_issued_before_and_an_earlier_one_changes_nothing(place, store):
    assert store.signed_out.signed_out_before("anne") is None
    store.signed_out.sign_out("anne", "2026-01-02T00:00:00+00:00")
    store.signed_out.sign_out("anne", "2026-01-01T00:00:00+00:00")
    assert place.store().signed_out.signed_out_before("anne") == "2026-01-02T00:00:00+00:00"
    store.signed_out.sign_out("anne", "2026-01-03T00:00:00+00:00")
    assert store.signed_out.signed_out_before("anne") == "2026-01-03T00:00:00+00:00"
    assert store.signed_out.signed_out_before("ann") is None


def test_a_sign_out_again_leaves_the_sign_outs_of_others(store):
    store.signed_out.sign_out("bert", "2026-01-01T00:00:00+00:00")
    for day in (1, 3):
        store.signed_out.sign_out("anne", f"2026-01-0{day}T00:00:00+00:00")
    assert store.signed_out.signed_out_before("bert") == "2026-01-01T00:00:00+00:00"


def test_the_secret_is_made_once_and_a_damaged_one_is_not_replaced(place, store):
    secret = store.secret()
    assert len(secret) == 32 and secret != bytes(32)
    assert place.store().secret() == secret
    for damage in (secret[:31], b""):
        if place.is_server:
            place.change(f"UPDATE settings SET value = '{damage.hex() or 'no number'}' WHERE name = 'secret'")
        else:
            (store.folder / "secret.key").write_bytes(damage)
        with pytest.raises(StoreError, match="another code"):
            store.secret()
