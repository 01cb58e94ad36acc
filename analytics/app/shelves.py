"""What the server keeps in memory for each browser: uploads, their answers, and downloads."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, TypeVar

import pandas as pd

from analytics.access import NotAllowedError, Person, Right
from analytics.app.datasets import Dataset, made, source_file
from analytics.definitions.tables import Tables
from analytics.ingest.file_shapes import Shape as FileShape
from analytics.ingest.file_shapes import shape_of as file_shape_of
from analytics.ingest.load import Opened, open_files, unpacked
from analytics.ingest.read import Source
from analytics.wording.access import NOT_YOURS

T = TypeVar("T")

IDLE_SECONDS = 12 * 3600
MOST_BYTES = 4 * 1024**3
"""Memory for all uploads of all browsers together."""

MOST_ANSWERS = 64
MOST_ANSWER_BYTES = 512 * 1024**2
"""Answers kept per shelf; the one not asked for longest goes first."""

MOST_EXPORTS = 64

OPEN_SECONDS = 10 * 60
"""How long columns that could identify a person are kept for the answer what to keep of them."""


IDENTIFIER_QUESTIONS = frozenset({"identifier_reducible", "patient_key_identifies"})


class NoRoomError(RuntimeError):
    """The server holds as many uploads as it may; the message is for the person who uploads."""


class Recent:
    """The answers asked for last. Each is made once, even when several ask for it together."""

    def __init__(self, most: int = MOST_ANSWERS, most_bytes: int = MOST_ANSWER_BYTES) -> None:
        self.most = most
        self.most_bytes = most_bytes
        self._answers: OrderedDict[Hashable, Future[Any]] = OrderedDict()
        self._n_bytes: dict[Hashable, int] = {}
        self._lock = threading.Lock()

    def answer(self, key: Hashable, make: Callable[[], T]) -> T:
        """The answer under this key; an error is passed on and not kept."""
        with self._lock:
            is_new = key not in self._answers
            future = self._answers.setdefault(key, Future())
            self._answers.move_to_end(key)
        if not is_new:
            return make() if future.exception() else future.result()
        try:
            made = make()
        except BaseException as error:
            with self._lock:
                self._answers.pop(key, None)
            future.set_exception(error)
            raise
        future.set_result(made)
        self._weigh(key, size_of(made))
        return made

    def forget(self, is_gone: Callable[[Any], bool]) -> None:
        """Let go of the answers under some keys."""
        with self._lock:
            for key in [key for key in self._answers if is_gone(key)]:
                del self._answers[key]
                self._n_bytes.pop(key, None)

    def n_bytes(self) -> int:
        """Memory that the answers' frames take."""
        with self._lock:
            return sum(self._n_bytes.values())

    def _weigh(self, key: Hashable, n_bytes: int) -> None:
        """Note an answer's size and let the oldest go; the newest always stays."""
        with self._lock:
            self._n_bytes[key] = n_bytes
            while len(self._answers) > 1 and (
                    len(self._answers) > self.most or sum(self._n_bytes.values()) > self.most_bytes):
                oldest, _ = self._answers.popitem(last=False)
                self._n_bytes.pop(oldest, None)


@dataclass(frozen=True)
class Export:
    """One download, bound to the browser whose shelf it stands on.

    Attributes
    ----------
    needs : the right that a person must have when it is made ready, and again when it is fetched
    sites : to which the person was limited whom it was made ready for
    """

    file_name: str
    media_type: str
    digest: str | None
    make: Callable[[], bytes] = field(repr=False)
    needs: Right = "rows"
    sites: frozenset[str] | None = None

    def content_for(self, person: Person) -> bytes:
        """The bytes for a person, as the role is now.

        Raises
        ------
        NotAllowedError
            Where the role has not the right, or is limited to other sites than when the download was made ready.
        """
        person.needs(self.needs)
        if person.sites != self.sites:
            raise NotAllowedError(NOT_YOURS)
        return self.content()

    def content(self) -> bytes:
        """The bytes; those that were handed over at once are checked against their digest."""
        content = self.make()
        digest = hashlib.sha256(content).hexdigest()
        assert self.digest in (None, digest), "A download is not what was offered."
        return content


@dataclass
class _Shelf:
    """What one browser has here."""

    last_used: float
    packed: dict[str, bytes] = field(default_factory=dict)
    open_until: dict[str, float] = field(default_factory=dict)
    file_shapes: dict[str, FileShape] = field(default_factory=dict)
    differences: dict[str, Any] = field(default_factory=dict)
    secret: bytes | None = field(default=None, repr=False)
    n_bytes: dict[str, int] = field(default_factory=dict)
    datasets: OrderedDict[str, Dataset] = field(default_factory=OrderedDict)
    answers: Recent = field(default_factory=Recent)
    exports: OrderedDict[str, Export] = field(default_factory=OrderedDict)
    told: dict[str, Any] = field(default_factory=dict)


class Shelves:
    """One shelf per browser. No method reaches from one browser to another's shelf.

    Opened files are kept compressed beside their tables, because another mapping reads them anew; columns
    that could identify a person are let go with the answer what to keep of them, or after ``OPEN_SECONDS``.
    ``now`` is in seconds of a clock that never goes back.
    """

    def __init__(self, most_bytes: int = MOST_BYTES, idle_seconds: float = IDLE_SECONDS) -> None:
        self.most_bytes = most_bytes
        self.idle_seconds = idle_seconds
        self._shelves: dict[str, _Shelf] = {}
        self._lock = threading.RLock()

    def shelf(self, browser: str, now: float) -> _Shelf:
        """This browser's shelf, used now."""
        with self._lock:
            self.drop_idle(now)
            shelf = self._shelves.setdefault(browser, _Shelf(now))
            shelf.last_used = now
            return shelf

    def drop_idle(self, now: float) -> None:
        """Drop every shelf that was not used for ``idle_seconds``, and close what stood open too long."""
        with self._lock:
            for browser, shelf in list(self._shelves.items()):
                if now - shelf.last_used >= self.idle_seconds:
                    del self._shelves[browser]
                    continue
                for key in [key for key, until in shelf.open_until.items() if now >= until]:
                    self.close(browser, key)

    def n_bytes(self) -> int:
        """Memory that all uploads and the answers made of them take."""
        with self._lock:
            return sum(sum(shelf.n_bytes.values()) + shelf.answers.n_bytes()
                       for shelf in self._shelves.values())

    def upload(
        self, browser: str, files: Iterable[tuple[str, bytes]], mapping: Mapping[str, str] | None, now: float,
        **how: Any,
    ) -> Dataset:
        """Read files for this browser. Raises NoRoomError where the server may hold no more."""
        named = list(files)
        self._check_room(sum(len(content) for _, content in named))
        opened = open_files([Source(name, content) for name, content in named], tuple(mapping or ()),
                            **{key: value for key, value in how.items() if key == "progress"})
        sources = [source_file(name, content) for name, content in named]
        dataset = made(opened, sources, mapping, "upload", owner=browser, **how)
        return self._put(browser, dataset, opened, now, how.get("secret"))

    def remap(self, browser: str, key: str, mapping: Mapping[str, str], now: float, **how: Any) -> Dataset:
        """The same files read in another way; the old reading is dropped."""
        shelf = self.shelf(browser, now)
        packed, before = shelf.packed.get(key), shelf.datasets.get(key)
        if packed is None or before is None:
            raise ValueError("An upload of this browser was needed; it was forgotten or never made.")
        opened = unpacked(packed)
        same = {name: getattr(before, name) for name in ("dates", "attributes", "recipe", "start_rules")}
        dataset = made(opened, before.sources, mapping, "upload", owner=browser, **(same | how))
        shape = shelf.file_shapes.get(key)
        if dataset.key != key:
            self.forget(browser, key)
        if shape is not None:
            shelf.file_shapes[dataset.key] = shape
        return self._put(browser, dataset, opened, now, how.get("secret"))

    def _put(
        self, browser: str, dataset: Dataset, opened: Opened, now: float, secret: bytes | None = None
    ) -> Dataset:
        shape = file_shape_of(opened)
        opened = opened.without_cells(dataset.tables.findings)
        if not asks_about_identifiers(dataset.tables):
            opened = opened.screened(dataset.tables, secret)
        packed = opened.packed()
        n_bytes = len(packed) + size_of(dataset.tables)
        with self._lock:
            shelf = self.shelf(browser, now)
            self._check_room(n_bytes - shelf.n_bytes.get(dataset.key, 0))
            shelf.packed[dataset.key] = packed
            shelf.secret = secret or shelf.secret
            shelf.n_bytes[dataset.key] = n_bytes
            shelf.datasets[dataset.key] = dataset
            shelf.datasets.move_to_end(dataset.key, last=False)
            shelf.open_until[dataset.key] = now + OPEN_SECONDS
            shelf.file_shapes.setdefault(dataset.key, shape)
        return dataset

    def close(self, browser: str, key: str) -> None:
        """Let go of the columns that could identify a person: nothing more is asked about them."""
        with self._lock:
            shelf = self._shelves.get(browser)
            if shelf is None or shelf.open_until.pop(key, None) is None or key not in shelf.packed:
                return
            shelf.packed[key] = unpacked(shelf.packed[key]).screened(shelf.datasets[key].tables, shelf.secret).packed()

    def _check_room(self, n_bytes: int) -> None:
        if self.n_bytes() + n_bytes > self.most_bytes:
            raise NoRoomError(
                "There is no room for these files: all uploads on this server together may take "
                f"{self.most_bytes / 1024**2:,.0f} MB. Forget a dataset that you no longer need, or try later.")

    def uploads(self, browser: str, now: float) -> tuple[Dataset, ...]:
        """This browser's uploads, newest first."""
        return tuple(self.shelf(browser, now).datasets.values())

    def forget_exports(self) -> None:
        """Drop what every browser could download; the pages make it ready again."""
        with self._lock:
            for shelf in self._shelves.values():
                shelf.exports = OrderedDict()

    def forget(self, browser: str, key: str | None = None) -> None:
        """Drop one upload with all that was made of it, or the whole shelf."""
        with self._lock:
            shelf = self._shelves.get(browser)
            if shelf is None or key is None:
                self._shelves.pop(browser, None)
                return
            for held in (shelf.packed, shelf.n_bytes, shelf.datasets, shelf.open_until, shelf.file_shapes,
                         shelf.differences):
                held.pop(key, None)
            shelf.answers, shelf.exports = Recent(), OrderedDict()
            books = list(shelf.told.values())
        # Not under our lock: a book holds its own while it asks us for answers.
        for book in books:
            book.forget(key)

    def told(self, browser: str, audience: str, make: Callable[[], Any], now: float) -> Any:
        """What this browser showed to an audience, made when first asked for."""
        shelf = self.shelf(browser, now)
        with self._lock:
            if audience not in shelf.told:
                shelf.told[audience] = make()
            return shelf.told[audience]

    def forget_told(self, browser: str, audience: str) -> None:
        """Forget what this browser showed to an audience."""
        with self._lock:
            shelf = self._shelves.get(browser)
            if shelf is not None:
                shelf.told.pop(audience, None)

    def answers(self, browser: str) -> Recent | None:
        """Where answers made of this browser's uploads are kept; missing once it was forgotten."""
        with self._lock:
            shelf = self._shelves.get(browser)
            return shelf.answers if shelf else None

    def offer(self, browser: str, token: str, export: Export, now: float) -> None:
        """Keep a download for this browser, the last few of them."""
        shelf = self.shelf(browser, now)
        with self._lock:
            shelf.exports[token] = export
            shelf.exports.move_to_end(token)
            while len(shelf.exports) > MOST_EXPORTS:
                shelf.exports.popitem(last=False)

    def export(self, browser: str, token: str, now: float) -> Export | None:
        """A download of this browser; missing where it has none under this token."""
        with self._lock:
            self.drop_idle(now)
            shelf = self._shelves.get(browser)
            if shelf is None:
                return None
            shelf.last_used = now
            return shelf.exports.get(token)


def size_of(record: Any) -> int:
    """Bytes that a frame, or the frames and series of a record, take."""
    held = [getattr(record, item.name) for item in fields(record)] if is_dataclass(record) else [record]
    sizes = [one.memory_usage(deep=True) for one in held if isinstance(one, pd.DataFrame | pd.Series)]
    return sum(int(size.sum()) if isinstance(size, pd.Series) else int(size) for size in sizes)


def asks_about_identifiers(tables: Tables) -> bool:
    """Whether a person may still say what to keep of a column that could identify."""
    return any(one.choices for one in tables.findings if one.code in IDENTIFIER_QUESTIONS)
