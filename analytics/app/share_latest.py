"""What is loud about a link, and its newest state: made in the background when the data behind it has changed."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable

from analytics.store.share_following import Standing
from analytics.wording import share_viewer as words

Key = tuple[str, int]


class Latest:
    """Keeps what links show up to date.

    Parameters
    ----------
    make : counts what a link shows from a version of its dataset and keeps it, by the link's name and the version's
        number; runs in a thread of its own
    definition : says how figures are counted today
    """

    def __init__(self, make: Callable[[str, int], None], definition: Callable[[], str]) -> None:
        self._make, self._definition = make, definition
        self._lock = threading.Lock()
        self._being_made: set[Key] = set()
        self._failed: set[Key] = set()
        self._told: dict[str, str] = {}

    def prepare(self) -> None:
        """Have at hand what is asked for often."""
        self._definition()

    def look(self, standing: Standing) -> None:
        """Begin to make the newest state of a link that follows its data, where it is not there."""
        key = _missing(standing)
        if key is None:
            return
        with self._lock:
            if key in self._failed or any(id == key[0] for id, _ in self._being_made):
                return
            self._being_made.add(key)
        threading.Thread(target=self._run, args=(key,), name="share", daemon=True).start()

    def _run(self, key: Key) -> None:
        try:
            self._make(*key)
        except Exception:
            # Of whatever kind: the older state stays, and the link says so; a message may quote a value.
            with self._lock:
                self._failed.add(key)
        finally:
            with self._lock:
                self._being_made.discard(key)

    def notices(self, standing: Standing) -> list[str]:
        """What a viewer has to know before a number is read: data or definition changed since it was made.

        That they changed since the link was made, the payload itself says.
        """
        newest = standing.newest
        if newest is None:
            return []
        found, key = [], _missing(standing)
        if key is not None:
            found.append((words.newer_failed if key in self._failed else words.newer_is_made)(newest.made_at))
        elif standing.latest_version_id not in (None, newest.version_id):
            found.append(words.newer_exists(newest.made_at))
        if newest.definition != self._definition():
            found.append(words.counted_otherwise(newest.made_at))
        return found

    def tag(self, standing: Standing) -> str:
        """Names what a viewer should see: another tag, another page."""
        of = standing.newest
        seen = (of and (of.version_id, of.definition, of.made_at), self.notices(standing))
        return hashlib.sha256(repr(seen).encode()).hexdigest()[:16]

    def is_news(self, standing: Standing) -> bool:
        """Whether the tag is another one than when this was asked last."""
        tag = self.tag(standing)
        before, self._told[standing.share_id] = self._told.get(standing.share_id), tag
        return before != tag


def _missing(standing: Standing) -> Key | None:
    """The version that a link should show and does not yet; missing where it shows what it should."""
    latest, newest = standing.latest_version_id, standing.newest
    if not standing.follows or latest is None or newest is None or latest == newest.version_id:
        return None
    return standing.share_id, latest
