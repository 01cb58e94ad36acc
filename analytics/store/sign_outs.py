"""Who signed out when: sessions that were issued earlier are over, on every server."""

from __future__ import annotations

from sqlalchemy import delete, insert, select

from analytics.store.database import Database
from analytics.store.tables import SIGN_OUTS


class SignOuts:
    """The sign-outs of a store, by the subject of the person."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def sign_out(self, subject: str, before: str) -> None:
        """End every session of a subject that was issued before a time.

        Parameters
        ----------
        before : time in UTC as the store writes it; an earlier one than is kept already changes nothing
        """
        with self._database.locked() as connection:
            kept = connection.execute(_of(subject)).scalar()
            if kept is None or kept < before:
                connection.execute(delete(SIGN_OUTS).where(SIGN_OUTS.c.subject == subject))
                connection.execute(insert(SIGN_OUTS).values(subject=subject, before=before))

    def signed_out_before(self, subject: str) -> str | None:
        """Sessions issued before this time are over; missing where the subject never signed out."""
        with self._database.reading() as connection:
            return connection.execute(_of(subject)).scalar()


def _of(subject: str):
    return select(SIGN_OUTS.c.before).where(SIGN_OUTS.c.subject == subject)
