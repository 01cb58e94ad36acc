"""What a link shows and where its presenter is: renders, positions, who is there."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from analytics.access.people import Person
from analytics.store.database import Database
from analytics.store.share_secrets import later, utc
from analytics.store.tables import DATASETS, SHARE_POSITIONS, SHARE_PRESENCE, SHARE_RENDERS, SHARES

PRESENCE_SECONDS = 15
"""A server that said nothing for longer has nobody there."""

LONGEST_POSITION = 1_000

REFUSALS = ("unknown", "expired", "revoked", "passphrase", "too_many_opens", "slow_down")


class ShareRefusedError(Exception):
    """A link is not opened.

    Attributes
    ----------
    kind : of ``REFUSALS``
    wait_seconds : when it may be tried again; 0 where waiting does not help
    """

    def __init__(self, kind: str, wait_seconds: int = 0) -> None:
        super().__init__(f"The link is not opened: {kind.replace('_', ' ')}.")
        self.kind, self.wait_seconds = kind, wait_seconds


@dataclass(frozen=True)
class Render:
    """What a link shows, as it was made from one version under one way of counting.

    ``version_id`` is 0 where the link shows no kept dataset.
    """

    share_id: str
    version_id: int
    definition: str
    made_at: str
    payload: bytes = b""


@dataclass(frozen=True)
class Standing:
    """What may change while somebody looks at a link.

    Attributes
    ----------
    seq : grows with every move of the presenter; 0 before the first
    position : where the presenter is; missing before the first move
    newest : the newest render, without payload; missing before there is one
    latest_version_id : of the dataset behind it; missing without a dataset
    follows : whether it shows the latest version
    n_present : people who look at it now, on all servers
    """

    share_id: str
    revoked_at: str | None
    expires_at: str
    seq: int
    position: Mapping[str, Any] | None
    newest: Render | None
    latest_version_id: int | None
    follows: bool
    n_present: int

    def refusal(self, now: str) -> str | None:
        """Why it is shown no more; at the very second of its expiry it is over."""
        return refusal(self.revoked_at, self.expires_at, now)


def refusal(revoked_at: str | None, expires_at: str, now: str) -> str | None:
    """Why a link is over; missing where it is not. At the very second of its expiry it is."""
    if revoked_at is not None:
        return "revoked"
    return "expired" if utc(now) >= expires_at else None


class Following:
    """The part of ``Shares`` that changes while people look."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep_render(self, id: str, version_id: int | None, definition: str, payload: bytes) -> None:
        """Keep what a link shows; the same version under the same way of counting replaces what was kept."""
        key = {"share_id": id, "version_id": version_id or 0, "definition": definition}
        with self._database.locked() as connection:
            if connection.execute(select(SHARES.c.id).where(SHARES.c.id == id)).first() is None:
                raise ShareRefusedError("unknown")
            put(connection, SHARE_RENDERS, key, {"payload": payload, "made_at": self._database.now()})

    def render(self, id: str) -> Render | None:
        """The newest render of a link with its payload; missing before there is one."""
        with self._database.reading() as connection:
            row = connection.execute(select(SHARE_RENDERS).where(SHARE_RENDERS.c.share_id == id)
                                     .order_by(*_NEWEST_FIRST).limit(1)).first()
        return None if row is None else Render(row.share_id, row.version_id, row.definition, row.made_at, row.payload)

    def told(self, dataset_id: int, audience: str) -> list[tuple[dict[str, Any], int]]:
        """What all links of a dataset told an audience so far, those that are over too, oldest first.

        Each is the content of a link and the version that it was shown of.
        """
        of = SHARE_RENDERS.c
        with self._database.reading() as connection:
            rows = connection.execute(
                select(SHARES.c.content, of.version_id).join(SHARES, SHARES.c.id == of.share_id)
                .where(SHARES.c.dataset_id == dataset_id, SHARES.c.audience == audience)
                .order_by(of.made_at, of.share_id, of.version_id)).all()
        return [(json.loads(row.content), row.version_id) for row in rows]

    def move(self, id: str, position: Mapping[str, Any], person: Person, now: str) -> int:
        """Lead everybody who looks at a link; gives the number of the move.

        Raises
        ------
        NotAllowedError
            Where the person may not make links.
        ShareRefusedError
            Where the link is another person's, or over.
        """
        person.needs("shares")
        text = json.dumps(dict(position))
        if len(text) > LONGEST_POSITION:
            raise ValueError("A position is a few numbers.")
        with self._database.locked() as connection:
            row = connection.execute(select(SHARES).where(SHARES.c.id == id, SHARES.c.owner == person.subject)).first()
            over = "unknown" if row is None else refusal(row.revoked_at, row.expires_at, now)
            if over:
                raise ShareRefusedError(over)
            values = {"position": text, "at": utc(now)}
            question = (_upsert(connection, SHARE_POSITIONS, {"share_id": id}, values | {"seq": 1},
                                values | {"seq": SHARE_POSITIONS.c.seq + 1}).returning(SHARE_POSITIONS.c.seq))
            return int(connection.execute(question).scalar_one())

    def position(self, id: str) -> tuple[int, dict[str, Any]] | None:
        """The number of the last move and where it led; missing before the first."""
        with self._database.reading() as connection:
            row = connection.execute(select(SHARE_POSITIONS).where(SHARE_POSITIONS.c.share_id == id)).first()
        return None if row is None else (row.seq, json.loads(row.position))

    def here(self, id: str, server: str, n: int, now: str) -> None:
        """Say how many people look at a link through one server; to be said again within ``PRESENCE_SECONDS``."""
        with self._database.locked() as connection:
            gone = SHARE_PRESENCE.c.at <= later(now, -PRESENCE_SECONDS)
            mine = SHARE_PRESENCE.c.server == server
            connection.execute(delete(SHARE_PRESENCE).where(SHARE_PRESENCE.c.share_id == id, gone | mine))
            if n and connection.execute(select(SHARES.c.id).where(SHARES.c.id == id)).first() is not None:
                put(connection, SHARE_PRESENCE, {"share_id": id, "server": server}, {"n": n, "at": utc(now)})

    def present(self, id: str, now: str) -> int:
        """How many people look at a link now, on all servers."""
        with self._database.reading() as connection:
            return _present(connection, [id], now).get(id, 0)

    def standings(self, ids: Collection[str], now: str) -> dict[str, Standing]:
        """What may change while somebody looks, of several links at once; those that are not there are left out."""
        with self._database.reading() as connection:
            rows = connection.execute(
                select(SHARES.c.id, SHARES.c.revoked_at, SHARES.c.expires_at, SHARES.c.version_id,
                       SHARE_POSITIONS.c.seq, SHARE_POSITIONS.c.position, DATASETS.c.latest_version_id)
                .outerjoin(SHARE_POSITIONS, SHARE_POSITIONS.c.share_id == SHARES.c.id)
                .outerjoin(DATASETS, DATASETS.c.id == SHARES.c.dataset_id).where(SHARES.c.id.in_(ids))).all()
            newest = _newest(connection, ids)
            n_present = _present(connection, ids, now)
        return {row.id: _standing(row, newest.get(row.id), n_present.get(row.id, 0)) for row in rows}


_NEWEST_FIRST = (SHARE_RENDERS.c.made_at.desc(), SHARE_RENDERS.c.version_id.desc())


def _standing(row, newest: Render | None, n_present: int) -> Standing:
    position = None if row.position is None else json.loads(row.position)
    follows = row.version_id is None and row.latest_version_id is not None
    return Standing(row.id, row.revoked_at, row.expires_at, row.seq or 0, position, newest, row.latest_version_id,
                    follows, n_present)


def _newest(connection: Connection, ids: Collection[str]) -> dict[str, Render]:
    """The newest render of each, without its payload."""
    of = SHARE_RENDERS.c
    found: dict[str, Render] = {}
    for row in connection.execute(select(of.share_id, of.version_id, of.definition, of.made_at)
                                  .where(of.share_id.in_(ids)).order_by(*_NEWEST_FIRST)):
        found.setdefault(row.share_id, Render(*row))
    return found


def _present(connection: Connection, ids: Collection[str], now: str) -> dict[str, int]:
    of = SHARE_PRESENCE.c
    rows = connection.execute(select(of.share_id, func.sum(of.n)).where(
        of.share_id.in_(ids), of.at > later(now, -PRESENCE_SECONDS)).group_by(of.share_id))
    return {share_id: int(n) for share_id, n in rows}


def _upsert(connection: Connection, table: Table, key: Mapping[str, Any], new: Mapping[str, Any],
            changed: Mapping[str, Any]):
    made = {"sqlite": sqlite, "postgresql": postgresql}[connection.dialect.name].insert(table).values(**key, **new)
    return made.on_conflict_do_update(index_elements=list(key), set_=dict(changed))


def put(connection: Connection, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Write one row, in place of the one with the same key."""
    connection.execute(_upsert(connection, table, key, values, values))
