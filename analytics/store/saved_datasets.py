"""What is told of kept datasets and versions, and the questions that find them for a person."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select

from analytics.access import Person
from analytics.store.folder import StoreError
from analytics.store.tables import DATASETS, VERSIONS


class GoneError(StoreError):
    """A dataset or version that is not there, or not for this person: the two look the same."""

    def __init__(self, kind: str = "dataset") -> None:
        super().__init__(f"The {kind} is not there any more, or is another person's; choose another.")


@dataclass(frozen=True)
class Version:
    """One state of a dataset; it never changes.

    Attributes
    ----------
    number : 1 for the first; one that was deleted is not given again
    content_hash : names the frames by what is in them
    key : tells these files and their meaning from others, as ``facts["key"]``
    """

    id: int
    dataset_id: int
    number: int
    content_hash: str
    key: str
    facts: dict[str, Any]
    made_by: str
    made_at: str
    is_latest: bool


@dataclass(frozen=True)
class SavedDataset:
    """A dataset and its latest version, which is missing where the only one was deleted."""

    id: int
    name: str
    owner: str
    made_by: str
    made_at: str
    is_private: bool
    latest: Version | None
    n_versions: int


def visible(person: Person) -> ColumnElement[bool]:
    """Everybody's datasets and the person's own private ones."""
    return (DATASETS.c.is_private == 0) | (DATASETS.c.owner == person.subject)


def of_versions(person: Person) -> Select:
    """The versions of the datasets a person may see, each with the latest's id."""
    return (select(VERSIONS, DATASETS.c.latest_version_id).join(DATASETS, DATASETS.c.id == VERSIONS.c.dataset_id)
            .where(visible(person)))


def with_latest() -> Select:
    """Datasets with their number of versions, and the latest version's columns under ``version_...``."""
    each = VERSIONS.alias("each")
    counted = select(func.count()).select_from(each).where(each.c.dataset_id == DATASETS.c.id).scalar_subquery()
    latest = [column.label(f"version_{column.name}") for column in VERSIONS.c]
    return select(DATASETS, counted.label("n_versions"), *latest).outerjoin(
        VERSIONS, VERSIONS.c.id == DATASETS.c.latest_version_id)


def dataset_of(row: Row) -> SavedDataset:
    """A row of ``with_latest`` as it is told."""
    latest = None
    if row.version_id is not None:
        latest = Version(row.version_id, row.id, row.version_number, row.version_content, row.version_key,
                         json.loads(row.version_facts), row.version_made_by, row.version_made_at, True)
    return SavedDataset(row.id, row.name, row.owner, row.made_by, row.made_at, bool(row.is_private), latest,
                        row.n_versions)


def version_of(row: Row, latest_version_id: int | None) -> Version:
    """A row of ``versions`` as it is told."""
    return Version(row.id, row.dataset_id, row.number, row.content, row.key, json.loads(row.facts), row.made_by,
                   row.made_at, row.id == latest_version_id)
