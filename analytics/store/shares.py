"""Links that show a prepared deck to people outside the dashboard: made, opened, counted, ended.

A link has a public name (``id``) and a token of 256 random bits; of the token, of passphrases and of visits the
store keeps hashes alone. Who opens a link gets a visit of its own, which is asked for at every later step, so that
the end of a link is its end for everybody at once. ::

    share, token = store.shares.make(content, person, title="Board, June", audience="board", expires_at=at)
    visit = store.shares.open(share.id, token, passphrase, now)        # raises ShareRefusedError
    share = store.shares.visited(share.id, visit, now)                 # raises it too: expired, revoked
    store.shares.revoke(share.id, person)
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, insert, or_, select, update

from analytics.access.people import Person
from analytics.store.audit import Audit
from analytics.store.database import Database
from analytics.store.share_following import Following, ShareRefusedError, put, refusal
from analytics.store.share_secrets import (
    hash_of,
    is_passphrase,
    is_token,
    later,
    new_secret,
    passphrase_hash,
    seconds_between,
    utc,
    wait_after,
)
from analytics.store.tables import DATASETS, SHARE_GUESSES, SHARE_VISITS, SHARES, VERSIONS

ID_BYTES = 16
LONGEST_TITLE = 200
MOST_OPENS = 100_000
VIEWER = Person("", "a viewer of a link", "viewer")
"""Who opens a link, as the audit log says it."""


@dataclass(frozen=True)
class Share:
    """A link. A missing version follows the latest one; times are ISO texts in UTC."""

    id: str
    title: str
    audience: str
    content: Mapping[str, Any]
    dataset_id: int | None
    version_id: int | None
    owner: str
    made_by: str
    made_at: str
    expires_at: str
    has_passphrase: bool
    most_opens: int | None
    n_opens: int
    revoked_at: str | None


class Shares(Following):
    """The links of a store."""

    def __init__(self, database: Database, audit: Audit) -> None:
        super().__init__(database)
        self._audit = audit

    def make(self, content: Mapping[str, Any], person: Person, *, title: str, audience: str, expires_at: str,
             dataset_id: int | None = None, version_id: int | None = None, passphrase: str | None = None,
             most_opens: int | None = None) -> tuple[Share, str]:
        """Make a link; gives it and its token, which is told this once.

        The person's sites are kept with the content: what is counted for the link later is counted of them alone.

        Raises
        ------
        NotAllowedError
            Where the person may not make links.
        ValueError
            Where something asked for can't be; the text says what is needed.
        """
        person.needs("shares")
        now, expires_at = self._database.now(), utc(expires_at)
        _check(title, expires_at, now, most_opens)
        token, kept = new_secret(), passphrase_hash(passphrase) if passphrase else None
        values = {
            "id": secrets.token_urlsafe(ID_BYTES), "token_hash": hash_of(token), "owner": person.subject,
            "made_by": person.name, "made_at": now, "title": title.strip(), "audience": audience,
            "content": json.dumps(dict(content) | {"sites": _sites(person)}),
            "dataset_id": dataset_id, "version_id": version_id,
            "expires_at": expires_at, "passphrase_hash": kept, "most_opens": most_opens, "n_opens": 0,
        }
        with self._database.locked() as connection:
            _check_dataset(connection, person, dataset_id, version_id)
            connection.execute(insert(SHARES).values(**values))
            self._audit.tell(connection, person, "made a link", _told_of(values))
            row = connection.execute(select(SHARES).where(SHARES.c.id == values["id"])).one()
        return _share(row), token

    def all(self, person: Person) -> list[Share]:
        """The person's links, of who may read the audit log everybody's; the newest first."""
        person.needs("shares")
        with self._database.reading() as connection:
            rows = connection.execute(select(SHARES).where(_seen_by(person))
                                      .order_by(SHARES.c.made_at.desc(), SHARES.c.id)).all()
        return [_share(row) for row in rows]

    def one(self, id: str, person: Person) -> Share | None:
        """One link; missing where there is none, or it is another person's."""
        person.needs("shares")
        with self._database.reading() as connection:
            row = connection.execute(select(SHARES).where(SHARES.c.id == id, _seen_by(person))).first()
        return None if row is None else _share(row)

    def revoke(self, id: str, person: Person) -> bool:
        """End a link, at once and for everybody; whether there was one to end."""
        person.needs("shares")
        with self._database.locked() as connection:
            ended = connection.execute(
                update(SHARES).where(SHARES.c.id == id, _seen_by(person), SHARES.c.revoked_at.is_(None))
                .values(revoked_at=self._database.now())).rowcount
            if ended:
                self._audit.tell(connection, person, "revoked a link", {"share": id})
        return bool(ended)

    def hashes(self) -> dict[str, str]:
        """The hashes of all tokens by the link's name: a guess is refused without asking the database."""
        with self._database.reading() as connection:
            return {row.id: row.token_hash for row in connection.execute(select(SHARES.c.id, SHARES.c.token_hash))}

    def open(self, id: str, token: str, passphrase: str | None, now: str) -> str:
        """Open a link; gives the visit's secret, which is told this once.

        Raises
        ------
        ShareRefusedError
            ``unknown`` for an id that is not there and for a wrong token; the others only after the right one:
            ``revoked``, ``expired``, ``too_many_opens``, ``passphrase`` (none came, or a wrong one), ``slow_down``.
        """
        now = utc(now)
        with self._database.locked() as connection:
            row = connection.execute(select(SHARES).where(SHARES.c.id == id)).first()
            if not is_token(token, None if row is None else row.token_hash):
                raise ShareRefusedError("unknown")
            _refuse(row, now)
            kept = row.passphrase_hash
            if kept is not None and not passphrase:
                raise ShareRefusedError("passphrase")
            if kept is not None:
                _count_guess(connection, id, now)
        if kept is not None and not is_passphrase(passphrase or "", kept):
            raise ShareRefusedError("passphrase")
        return self._visit(id, now)

    def visited(self, id: str, visit_secret: str, now: str) -> Share:
        """The link of a visit.

        Raises
        ------
        ShareRefusedError
            ``unknown`` where the visit is not of this link; ``revoked`` and ``expired``.
        """
        with self._database.reading() as connection:
            row = connection.execute(select(SHARES).join(SHARE_VISITS, SHARE_VISITS.c.share_id == SHARES.c.id).where(
                SHARES.c.id == id, SHARE_VISITS.c.visit_hash == hash_of(visit_secret))).first()
        if row is None:
            raise ShareRefusedError("unknown")
        over = refusal(row.revoked_at, row.expires_at, now)
        if over:
            raise ShareRefusedError(over)
        return _share(row)

    def _visit(self, id: str, now: str) -> str:
        """Count one opening and keep its visit, or refuse: one statement, so that two can't take the last one."""
        secret = new_secret()
        with self._database.locked() as connection:
            counted = connection.execute(update(SHARES).where(
                SHARES.c.id == id, SHARES.c.revoked_at.is_(None), SHARES.c.expires_at > now,
                or_(SHARES.c.most_opens.is_(None), SHARES.c.n_opens < SHARES.c.most_opens),
            ).values(n_opens=SHARES.c.n_opens + 1)).rowcount
            if not counted:
                row = connection.execute(select(SHARES).where(SHARES.c.id == id)).first()
                if row is not None:
                    _refuse(row, now)
                raise ShareRefusedError("unknown")
            connection.execute(delete(SHARE_GUESSES).where(SHARE_GUESSES.c.share_id == id))
            connection.execute(insert(SHARE_VISITS).values(share_id=id, visit_hash=hash_of(secret), opened_at=now))
            self._audit.tell(connection, VIEWER, "opened a link", {"share": id})
        return secret


def _check(title: str, expires_at: str, now: str, most_opens: int | None) -> None:
    if not 0 < len(title.strip()) <= LONGEST_TITLE:
        raise ValueError(f"A link needs a title of at most {LONGEST_TITLE} signs.")
    if expires_at <= now:
        raise ValueError("A link has to end in the future.")
    if most_opens is not None and not 1 <= most_opens <= MOST_OPENS:
        raise ValueError(f"A link may be opened 1 to {MOST_OPENS:,} times, or as often as people like.")


def _check_dataset(connection: Connection, person: Person, dataset_id: int | None, version_id: int | None) -> None:
    """Whether the person may see the dataset, and the version is one of its own."""
    if dataset_id is None:
        if version_id is not None:
            raise ValueError("A version belongs to a dataset; name it too.")
        return
    seen = and_(DATASETS.c.id == dataset_id, or_(DATASETS.c.is_private == 0, DATASETS.c.owner == person.subject))
    if connection.execute(select(DATASETS.c.id).where(seen)).first() is None:
        raise ValueError("The dataset is not there any more; choose another one.")
    own = and_(VERSIONS.c.id == version_id, VERSIONS.c.dataset_id == dataset_id)
    if version_id is not None and connection.execute(select(VERSIONS.c.id).where(own)).first() is None:
        raise ValueError("The version is not there any more; choose another one.")


def _sites(person: Person) -> list[str] | None:
    return None if person.sites is None else sorted(person.sites)


def _refuse(row: Row, now: str) -> None:
    over = refusal(row.revoked_at, row.expires_at, now)
    if over is None and row.most_opens is not None and row.n_opens >= row.most_opens:
        over = "too_many_opens"
    if over:
        raise ShareRefusedError(over)


def _count_guess(connection: Connection, id: str, now: str) -> None:
    """Count a passphrase before it is looked at, so that many at once are as slow as one after the other."""
    # The row of the link is held until the end of the transaction: on PostgreSQL others wait for it here.
    connection.execute(select(SHARES.c.id).where(SHARES.c.id == id).with_for_update())
    row = connection.execute(select(SHARE_GUESSES).where(SHARE_GUESSES.c.share_id == id)).first()
    if row is not None and now < row.until:
        raise ShareRefusedError("slow_down", seconds_between(now, row.until))
    n = 1 if row is None else row.n + 1
    put(connection, SHARE_GUESSES, {"share_id": id}, {"n": n, "until": later(now, wait_after(n))})


def _seen_by(person: Person):
    return True if person.may("audit") else SHARES.c.owner == person.subject


def _told_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """What the audit log holds of a new link: nothing that opens it."""
    names = ("title", "audience", "dataset_id", "version_id", "expires_at", "most_opens")
    return {"share": values["id"]} | {name: values[name] for name in names} | {
        "has_passphrase": values["passphrase_hash"] is not None}


def _share(row: Row) -> Share:
    return Share(row.id, row.title, row.audience, json.loads(row.content), row.dataset_id, row.version_id, row.owner,
                 row.made_by, row.made_at, row.expires_at, row.passphrase_hash is not None, row.most_opens,
                 row.n_opens, row.revoked_at)
