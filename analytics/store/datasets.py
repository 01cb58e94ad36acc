"""Datasets that stay: their versions, who may see and change them, and how long old versions are kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, true, update

from analytics.access import NotAllowedError, Person
from analytics.store import removal
from analytics.store.audit import Audit
from analytics.store.database import Database
from analytics.store.folder import StoreError
from analytics.store.frames import check_names
from analytics.store.saved_datasets import (
    GoneError,
    SavedDataset,
    Version,
    dataset_of,
    of_versions,
    version_of,
    visible,
    with_latest,
)
from analytics.store.tables import DATASETS, SETTINGS, VERSIONS

RETENTION = "retention_days"
"""The setting that says how many days versions that are not the latest are kept."""


class Datasets:
    """The datasets of a store. Every method asks what the person may; another's private dataset is not there."""

    def __init__(self, database: Database, audit: Audit) -> None:
        self._database = database
        self._audit = audit

    def keep(
        self, name: str, frames: Mapping[str, bytes], facts: Mapping[str, Any], person: Person, *,
        dataset_id: int | None = None, is_private: bool = False,
    ) -> Version:
        """Keep tables as a new dataset, or as the next version of one; all of it or nothing.

        Parameters
        ----------
        name : of the new dataset; a next version leaves the dataset's name as it is
        frames : canonical tables after the screen, as Parquet, by a name of small letters, digits and _
        facts : plain values; ``facts["key"]`` tells these files from others
        dataset_id : the dataset that gets the next version; missing for a new one
        is_private : whether a new dataset is for this person alone

        Returns
        -------
        Version
            The latest as it is where content and key are the latest's already.

        Raises
        ------
        NotAllowedError
            Without the right ``load``.
        ValueError
            When a name is empty or cannot be a file's.
        GoneError
            When the dataset is not there, or is another person's private one.
        """
        person.needs("load")
        check_names(frames)
        if not name.strip():
            raise ValueError("A dataset needs a name.")
        values = {"key": facts["key"], "facts": json.dumps(dict(facts))}
        with self._database.kept() as connection:
            made = {"made_by": person.name, "made_at": self._database.now()}
            if dataset_id is None:
                dataset_id = _new(connection, name.strip(), person, is_private, made)
            dataset = _seen(connection, dataset_id, person)
            # Written under the lock, so that no other process sweeps it before its row is there.
            values["content"] = self._database.frames.write(connection, frames)
            latest = connection.execute(select(VERSIONS).where(VERSIONS.c.id == dataset.latest_version_id)).first()
            if latest is not None and (latest.content, latest.key) == (values["content"], values["key"]):
                return version_of(latest, latest.id)
            number = dataset.last_number + 1
            version_id = connection.execute(insert(VERSIONS).values(
                dataset_id=dataset_id, number=number, **values, **made)).inserted_primary_key[0]
            connection.execute(update(DATASETS).where(DATASETS.c.id == dataset_id).values(
                latest_version_id=version_id, last_number=number))
            self._tell(connection, person, "kept a dataset", dataset, version=number)
            return version_of(connection.execute(select(VERSIONS).where(VERSIONS.c.id == version_id)).one(), version_id)

    def all(self, person: Person) -> list[SavedDataset]:
        """Everybody's datasets and the person's own private ones, the one kept last first; needs ``aggregates``."""
        person.needs("aggregates")
        with self._database.reading() as connection:
            rows = connection.execute(with_latest().where(visible(person)).order_by(
                VERSIONS.c.made_at.desc().nulls_last(), DATASETS.c.id.desc()))
            return [dataset_of(row) for row in rows]

    def one(self, dataset_id: int, person: Person) -> SavedDataset | None:
        """One dataset; missing where there is none, or it is another's private one; needs ``aggregates``."""
        person.needs("aggregates")
        with self._database.reading() as connection:
            row = connection.execute(with_latest().where(DATASETS.c.id == dataset_id, visible(person))).first()
            return None if row is None else dataset_of(row)

    def versions(self, dataset_id: int, person: Person) -> list[Version]:
        """The versions of a dataset, the newest first; none where the dataset is not there; needs ``aggregates``."""
        person.needs("aggregates")
        with self._database.reading() as connection:
            rows = connection.execute(of_versions(person).where(VERSIONS.c.dataset_id == dataset_id)
                                      .order_by(VERSIONS.c.number.desc()))
            return [version_of(row, row.latest_version_id) for row in rows]

    def version(self, version_id: int, person: Person) -> Version | None:
        """One version; missing where there is none, or it is of another's private dataset; needs ``aggregates``."""
        person.needs("aggregates")
        with self._database.reading() as connection:
            row = connection.execute(of_versions(person).where(VERSIONS.c.id == version_id)).first()
            return None if row is None else version_of(row, row.latest_version_id)

    def frames(self, version_id: int, person: Person) -> dict[str, bytes]:
        """The tables of a version as they were kept; needs ``aggregates``.

        Raises
        ------
        GoneError
            When it is not there, or of another's private dataset.
        StoreError
            When the tables are damaged.
        """
        person.needs("aggregates")
        found = self._database.frames_named(of_versions(person).where(VERSIONS.c.id == version_id), "content")
        if found is None:
            raise GoneError("version")
        if found[1] is None:
            raise StoreError("The tables of this version are damaged or were removed; load the files again, or put a "
                             "backup back.")
        return found[1]

    def rename(self, dataset_id: int, name: str, person: Person) -> None:
        """Give a dataset another name; needs ``load``, and to own it or ``audit``."""
        if not name.strip():
            raise ValueError("A dataset needs a name.")
        with self._database.locked() as connection:
            dataset = _own(connection, dataset_id, person)
            connection.execute(update(DATASETS).where(DATASETS.c.id == dataset_id).values(name=name.strip()))
            self._tell(connection, person, "renamed a dataset", dataset, to=name.strip())

    def delete(self, dataset_id: int, person: Person) -> None:
        """Remove a dataset, its versions, tables, notes, and what links show of it; see ``removal``.

        Needs ``load``, and to own it or ``audit``.
        """
        with self._database.swept(is_delete=True) as connection:
            dataset = _own(connection, dataset_id, person)
            n_links = removal.remove_dataset(connection, dataset_id, self._database.now())
            self._tell(connection, person, "deleted a dataset", dataset, links_ended=n_links)

    def delete_version(self, version_id: int, person: Person) -> None:
        """Remove one version; of the latest, the one before becomes it. Needs what ``delete`` needs."""
        with self._database.swept(is_delete=True) as connection:
            row = connection.execute(select(VERSIONS).where(VERSIONS.c.id == version_id)).first()
            dataset = _own(connection, None if row is None else row.dataset_id, person, "version")
            n_links = removal.remove_versions(connection, [version_id], self._database.now())
            self._tell(connection, person, "deleted a version", dataset, version=row.number, links_ended=n_links)

    def retention(self) -> int | None:
        """How many days versions that are not the latest are kept; missing for as long as nobody deletes them."""
        with self._database.reading() as connection:
            days = connection.execute(select(SETTINGS.c.value).where(SETTINGS.c.name == RETENTION)).scalar()
            return None if days is None else int(days)

    def set_retention(self, days: int | None, person: Person) -> None:
        """Say how many days, 1 or more, versions that are not the latest are kept; needs ``audit``."""
        person.needs("audit")
        if days is not None and days < 1:
            raise ValueError(f"1 day or more was needed; {days} came.")
        with self._database.locked() as connection:
            connection.execute(delete(SETTINGS).where(SETTINGS.c.name == RETENTION))
            if days is not None:
                connection.execute(insert(SETTINGS).values(name=RETENTION, value=str(days)))
            self._audit.tell(connection, person, "set retention", {"days": days})

    def apply_retention(self, days: int, person: Person) -> int:
        """Delete every version that is not the latest and older than so many days; gives how many. Needs ``audit``.

        A version that is exactly so many days old stays, and the latest of a dataset stays however old it is.
        A link pinned to a deleted version ends.
        """
        person.needs("audit")
        now = self._database.now()
        oldest = (datetime.fromisoformat(now) - timedelta(days=days)).isoformat(timespec="seconds")
        with self._database.swept(is_delete=True) as connection:
            old = list(connection.execute(
                select(VERSIONS.c.id).join(DATASETS, DATASETS.c.id == VERSIONS.c.dataset_id).where(
                    VERSIONS.c.made_at < oldest, VERSIONS.c.id != DATASETS.c.latest_version_id)).scalars())
            if old:
                n_links = removal.remove_versions(connection, old, now)
                self._audit.tell(connection, person, "applied retention", {
                    "days": days, "versions_deleted": len(old), "links_ended": n_links})
            return len(old)

    def _tell(self, connection: Connection, person: Person, action: str, dataset: Row, **more: Any) -> None:
        self._audit.tell(connection, person, action, {"dataset": dataset.id, "name": dataset.name, **more})


def _new(connection: Connection, name: str, person: Person, is_private: bool, made: dict[str, str]) -> int:
    return connection.execute(insert(DATASETS).values(
        name=name, owner=person.subject, is_private=int(is_private), last_number=0, **made)).inserted_primary_key[0]


def _seen(connection: Connection, dataset_id: int, person: Person) -> Row:
    row = connection.execute(select(DATASETS).where(DATASETS.c.id == dataset_id, visible(person))).first()
    if row is None:
        raise GoneError
    return row


def _own(connection: Connection, dataset_id: int | None, person: Person, kind: str = "dataset") -> Row:
    """A dataset that the person may change: kept by her, or any where she may end what others made."""
    person.needs("load")
    may_be_found = true() if person.may("audit") else visible(person)
    row = connection.execute(select(DATASETS).where(DATASETS.c.id == dataset_id, may_be_found)).first()
    if row is None:
        raise GoneError(kind)
    if row.owner != person.subject and not person.may("audit"):
        raise NotAllowedError("Only the person who kept this dataset, or a director, may rename or delete it. "
                              f"Ask {row.made_by}.")
    return row
