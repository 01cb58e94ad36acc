"""The links of this server: its store, its clock, and how a link that follows its data is made anew."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from starlette.routing import Route

from analytics.access import Person
from analytics.app.share_latest import Latest
from analytics.app.share_routes import Desk
from analytics.store import SYSTEM
from analytics.store.share_following import ShareRefusedError
from analytics.store.shares import Shares


def routes(base: str = "") -> list[Route]:
    """The routes of links below the path that the dashboard is served under."""
    return desk().routes(base)


@functools.cache
def desk() -> Desk:
    """What the routes of this server share."""
    return Desk(_shares, Latest(make_newest, _definition))


async def close() -> None:
    """Let everybody go who waits for news of a link."""
    await desk().live.close()


def make_newest(id: str, version_id: int) -> None:
    """Count what a link shows from a version of its data, and keep it; needs no session.

    Whatever links of the same dataset told the same audience before is gone through first, so that two of them set
    off against each other tell nothing that neither may tell.
    """
    # Here, not above: what makes links needs sessions, which this file must not.
    from analytics.app import kept_datasets, share_content, share_making

    share = _shares().one(id, SYSTEM)
    if share is None or share.dataset_id is None:
        raise ShareRefusedError("unknown")
    who = maker(share.owner, share.made_by, share.content)
    dataset = kept_datasets.dataset_of_version(version_id, who)
    payload = share_content.payload_of(share.content, dataset, share_making.before(dataset, share.audience, who))
    _shares().keep_render(id, version_id, share_content.definition(), payload)


def maker(owner: str, made_by: str, content: Mapping[str, Any]) -> Person:
    """Who made a link, with no more rights than making links needs and the sites that he or she had then."""
    sites = content.get("sites")
    return Person(owner, made_by, "presenter", None if sites is None else frozenset(sites))


def _shares() -> Shares:
    # Not above: it imports what wires these routes.
    from analytics.app import recipe_box

    return recipe_box.store().shares


@functools.cache
def _definition() -> str:
    from analytics.app import share_content

    return share_content.definition()
