"""What goes when a dataset or a version goes, within the transaction of the caller.

Gone are its rows, its tables (unless another version or dataset holds the very same bytes), the last load of a recipe
with the same tables, what people said of it (notes under ``dataset:<id>``), and every link that showed it, which is
revoked and emptied. What stays: the line in the audit log, and the name and times of a link.

How far "gone" reaches: on SQLite freed pages are overwritten (``secure_delete``) and the journal is emptied; files
are unlinked, not overwritten, as on any file system. On PostgreSQL deleted rows stay in the server's files until
VACUUM has passed and the pages are written over, and in its write-ahead log until that is recycled, plus in replicas'
and archived logs. Copies made before, backups above all, hold what was there. Disk encryption is what stands against
whoever takes the disk.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, delete, func, select, update

from analytics.store.tables import (
    DATASETS,
    LOADS,
    NOTES,
    SHARE_POSITIONS,
    SHARE_PRESENCE,
    SHARE_RENDERS,
    SHARES,
    VERSIONS,
)

_OF_A_LINK = (SHARE_RENDERS, SHARE_POSITIONS, SHARE_PRESENCE)


def note_key(dataset_id: int) -> str:
    """Under what notes about a kept dataset stand."""
    return f"dataset:{dataset_id}"


def remove_dataset(connection: Connection, dataset_id: int, now: str) -> int:
    """Remove a dataset and all that hangs on it; gives how many links were ended by it."""
    n_links = _end_links(connection, SHARES.c.dataset_id == dataset_id, now)
    contents = set(connection.execute(
        select(VERSIONS.c.content).where(VERSIONS.c.dataset_id == dataset_id)).scalars())
    connection.execute(delete(DATASETS).where(DATASETS.c.id == dataset_id))
    connection.execute(delete(NOTES).where(NOTES.c.dataset == note_key(dataset_id)))
    _forget_loads(connection, contents)
    return n_links


def remove_versions(connection: Connection, version_ids: Sequence[int], now: str) -> int:
    """Remove versions; where a latest is among them, the one before becomes it. Gives how many links were ended.

    Links that follow the latest go on, and keep what they told of the version: counted results that were told
    already, against which the next telling is held.
    """
    n_links = _end_links(connection, SHARES.c.version_id.in_(version_ids), now)
    gone = connection.execute(select(VERSIONS).where(VERSIONS.c.id.in_(version_ids))).all()
    connection.execute(delete(VERSIONS).where(VERSIONS.c.id.in_(version_ids)))
    _forget_loads(connection, {row.content for row in gone})
    for dataset_id in {row.dataset_id for row in gone}:
        newest = select(VERSIONS.c.id).where(VERSIONS.c.dataset_id == dataset_id).order_by(VERSIONS.c.number.desc())
        connection.execute(update(DATASETS).where(DATASETS.c.id == dataset_id).values(
            latest_version_id=newest.limit(1).scalar_subquery()))
    return n_links


def _end_links(connection: Connection, which, now: str) -> int:
    """Revoke and empty links; gives how many of them were not revoked before.

    Visits stay, so that who looks at a link is told that it was revoked.
    """
    links = list(connection.execute(select(SHARES.c.id).where(which)).scalars())
    if not links:
        return 0
    n_live = connection.execute(
        select(func.count()).select_from(SHARES).where(SHARES.c.id.in_(links), SHARES.c.revoked_at.is_(None))).scalar()
    for table in _OF_A_LINK:
        connection.execute(delete(table).where(table.c.share_id.in_(links)))
    connection.execute(update(SHARES).where(SHARES.c.id.in_(links)).values(
        revoked_at=func.coalesce(SHARES.c.revoked_at, now), content="{}", dataset_id=None, version_id=None))
    return int(n_live or 0)


def _forget_loads(connection: Connection, contents: set[str]) -> None:
    """A recipe's load with these very tables goes too, unless another kept dataset holds them."""
    others = set(connection.execute(select(VERSIONS.c.content).where(VERSIONS.c.content.in_(contents))).scalars())
    connection.execute(delete(LOADS).where(LOADS.c.dataset.in_(contents - others)))
