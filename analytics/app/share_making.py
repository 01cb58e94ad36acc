"""A link made at a person's word: what its audience was shown before is gone through first.

    ``make(question, asked, person) -> Made``         a link with its first screens
    ``before(dataset, audience, person) -> list``             what links of a dataset showed an audience, oldest first
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from analytics.access import Person
from analytics.app import kept_datasets, log_lines, recipe_box, share_content, share_desk, told
from analytics.app.datasets import Dataset, KeptDataset
from analytics.app.questions import Question
from analytics.store import SYSTEM, GoneError
from analytics.store.shares import Share


@dataclass(frozen=True)
class Asked:
    """How a link is to be.

    Attributes
    ----------
    cohorts : names of kept cohorts beside all courses
    follows : whether it shows the latest version of a kept dataset, else the one of the view
    expires_at : ISO text in UTC
    passphrase, most_opens : missing for none, and for as often as people like
    """

    title: str
    cohorts: tuple[str, ...]
    follows: bool
    expires_at: str
    passphrase: str | None = None
    most_opens: int | None = None


@dataclass(frozen=True)
class Made:
    """A new link, with the token that is told this once."""

    share: Share
    token: str


def make(question: Question, asked: Asked, person: Person) -> Made:
    """Make a link to the deck for the audience of the view.

    What this browser showed the audience counts, too: the room and the link are one audience.

    Raises
    ------
    NotAllowedError
        Without the right ``shares``.
    ValueError, StoreError
        When it cannot be made; the message is for the person.
    """
    person.needs("shares")
    dataset, audience = question.dataset, question.view.audience
    content = share_content.content_of(question, asked.cohorts, asked.title, person.sites)
    payload = share_content.payload_of(content, dataset, before(dataset, audience, person), book=told.book(audience))
    version, shares = kept_datasets.version_of(dataset), recipe_box.store().shares
    share, token = shares.make(
        content, person, title=asked.title, audience=audience, dataset_id=kept_datasets.id_of(dataset),
        version_id=None if asked.follows or version is None else version.id, expires_at=asked.expires_at,
        passphrase=asked.passphrase, most_opens=asked.most_opens)
    shares.keep_render(share.id, None if version is None else version.id, share_content.definition(), payload)
    log_lines.event("share_made", share=share.id)
    return Made(share, token)


def before(dataset: Dataset, audience: str, person: Person) -> list[tuple[Mapping[str, Any], Dataset]]:
    """What links showed an audience of a dataset, whatever the version, oldest first: their contents and its versions.

    Links that are over count, too: what was seen stays known. A version that was deleted can be set off against nothing
    any more.

    Parameters
    ----------
    person : who may see the dataset, which may be a private one
    """
    there = _versions(dataset, person)
    found = [(content, of) for number in {one.saved.id for one in there}
             for content, of in _of_kept(number, audience, person)]
    by_files: dict[str, Dataset] = {one.of.facts["key"]: one for one in there} | {_files(dataset): dataset}
    for share in reversed(recipe_box.store().shares.all(SYSTEM)):
        key = share.content.get("dataset_key")
        if share.dataset_id is None and share.audience == audience and key in by_files and _was_seen(share):
            found.append((share.content, by_files[key]))
    return found


def _of_kept(dataset_id: int, audience: str, person: Person) -> Iterator[tuple[Mapping[str, Any], Dataset]]:
    for content, version_id in recipe_box.store().shares.told(dataset_id, audience):
        try:
            whose = share_desk.maker(person.subject, person.name, content)
            yield content, kept_datasets.dataset_of_version(version_id, whose)
        except GoneError:
            continue


def _was_seen(share: Share) -> bool:
    """Whether anybody saw what a link shows, or still may; a presenter shows it on a screen without opening it."""
    is_led = recipe_box.store().shares.position(share.id) is not None
    return share.revoked_at is None or share.n_opens > 0 or is_led


def _files(dataset: Dataset) -> str:
    """The key of the files that a dataset was made of."""
    return str(dataset.of.facts["key"]) if isinstance(dataset, KeptDataset) else dataset.key


def _versions(dataset: Dataset, person: Person) -> list[KeptDataset]:
    """Every version of the kept dataset that these files are one of, whole; none where they were not kept."""
    datasets, files = recipe_box.store().datasets, _files(dataset)
    whose = share_desk.maker(person.subject, person.name, {})
    for saved in datasets.all(whose):
        if isinstance(dataset, KeptDataset) and saved.id != dataset.saved.id:
            continue
        found = datasets.versions(saved.id, whose)
        if isinstance(dataset, KeptDataset) or any(one.facts["key"] == files for one in found):
            return [kept_datasets.dataset_of_version(one.id, whose) for one in found]
    return []
