"""What the dashboard holds in memory: datasets, their answers, and downloads.

The only file that caches. Nothing here is keyed by a frame: keys are hashes of files, and parameters.
What belongs to a browser (uploads, their answers, downloads) stands on that browser's shelf and is
dropped as a whole; ``browser`` is always ``state.browser()``, a hash, never the cookie.

``settle_memory()``                            first call of ``main.py``
``check_command_line()``                       first call of ``dashboard.py``; a wrong path ends the program
``sample_dataset() -> Dataset``                the invented sample
``command_line_dataset() -> Dataset | None``   the files after ``--``
``datasets(browser) -> tuple[Dataset, ...]``   all this browser may see and that can be counted, start first
``dataset(browser, short) -> Dataset | None``  one of those
``upload(browser, files, mapping=None) -> Dataset``    ``files``: pairs of name and bytes; raises NoRoomError
``remap(browser, key, mapping) -> Dataset``    the same files read with another mapping, in place of the old
``uploads(browser) -> tuple[Dataset, ...]``    newest first, those that are blocked too
``forget(browser, key=None)``                  one upload, or all that this browser has here
``drop_idle()``                                shelves that nobody used for 12 hours
``outcomes_of(dataset, rules) -> Outcomes``    made once; ValueError as ``analytics.outcomes``
``headline_instrument(dataset, rules) -> str | None``
``answer_of(dataset, key, make) -> T``         anything else, made once; ``key`` names all it rests on
``export_address(browser, file_name, content, media_type="text/csv", key=None) -> str``
    Address of a download for this browser only. ``content``: bytes, or a function without arguments
    that makes them when asked for; then ``key`` names everything they rest on.
``export(browser, token) -> Export | None``    for the route
"""

from __future__ import annotations

import gc
import hashlib
import json
import re
import secrets
import sys
import threading
import time
import zlib
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import pandas as pd
import streamlit as st

from analytics.definitions.instruments import Instrument
from analytics.definitions.rules import INDICATION_HEADERS, KINDS, RuleSet
from analytics.definitions.tables import Tables

if TYPE_CHECKING:
    from analytics.courses.outcomes import Outcomes

T = TypeVar("T")

IDLE_SECONDS = 12 * 3600
MOST_BYTES = 4 * 1024**3
"""Memory for all uploads of all browsers together."""

MOST_ANSWERS = 64
MOST_ANSWER_BYTES = 512 * 1024**2
"""Answers kept per shelf; the one not asked for longest goes first."""

MOST_EXPORTS = 64
SAMPLE_FILES = ("assessments.csv", "sessions.csv", "patients.csv")
_SAMPLE_FOLDER = Path(__file__).parents[2] / "sample_data"
_SECRET = secrets.token_hex(32)


class NoRoomError(RuntimeError):
    """The server holds as many uploads as it may; the message is for the person who uploads."""


@dataclass(frozen=True)
class SourceFile:
    """One file a dataset was made of."""

    name: str
    sha256: str
    n_bytes: int


@dataclass(frozen=True)
class Shape:
    """What of a dataset an address may name, by place in sorted lists.

    Attributes
    ----------
    key : of the dataset
    attributes : name and values of every attribute, both sorted
    visits : labels of the visits, sorted
    indications : values of the attribute that names the indication, sorted
    instruments : all that are known, by key
    present : keys of those that the files hold, sorted
    """

    key: str
    attributes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    visits: tuple[str, ...] = ()
    indications: tuple[str, ...] = ()
    instruments: Mapping[str, Instrument] = field(default_factory=dict, repr=False)
    present: tuple[str, ...] = ()

    @property
    def short(self) -> str:
        """The part of the key that stands in an address."""
        return self.key[:16]


@dataclass(frozen=True)
class Dataset:
    """Files as they were read, under a key that changes with any byte of them and with how they were read.

    Attributes
    ----------
    key : sha256 over the files' hashes, the mapping and the settings of the load
    mapping : what a person said the columns are, as pairs of column and field
    given_as : where it came from; an upload belongs to ``owner``
    shape : what an address may name of it
    """

    key: str
    label: str
    given_as: Literal["sample", "command_line", "upload"]
    sources: tuple[SourceFile, ...]
    mapping: tuple[tuple[str, str], ...]
    tables: Tables = field(repr=False, compare=False)
    shape: Shape = field(repr=False, compare=False)
    owner: str | None = None

    @property
    def is_sample(self) -> bool:
        """Whether this is the invented sample."""
        return self.given_as == "sample"

    @property
    def short(self) -> str:
        """The part of the key that stands in an address."""
        return self.key[:16]


# --- making datasets ---------------------------------------------------------------------------------


def dataset_key(hashes: Iterable[str], mapping: Mapping[str, str], settings: Mapping[str, str]) -> str:
    """The key of the files with these hashes, read in this way; the order of files changes nothing."""
    named = json.dumps([sorted(hashes), sorted(mapping.items()), sorted(settings.items())])
    return hashlib.sha256(named.encode()).hexdigest()


def _made(named: list[tuple[str, bytes]], mapping: Mapping[str, str] | None, label: str, given_as: Any,
          owner: str | None = None) -> Dataset:
    import analytics

    mapping = dict(mapping or {})
    settings = {"dates": "relative"}
    sources = tuple(SourceFile(name, hashlib.sha256(content).hexdigest(), len(content))
                    for name, content in named)
    key = dataset_key((source.sha256 for source in sources), mapping, settings)
    tables = analytics.load([analytics.Source(name, content) for name, content in named],
                            mapping=mapping or None, **settings)
    return Dataset(key, label, given_as, sources, tuple(sorted(mapping.items())), tables,
                   shape_of(key, tables), owner)


def shape_of(key: str, tables: Tables) -> Shape:
    """What an address may name of these tables; drug, route and kind are attributes of a course too."""
    values: dict[str, tuple[str, ...]] = {"kind": tuple(sorted(KINDS))}
    for name in ("drug", "route"):
        if name in tables.sessions:
            words = _words(tables.sessions[name])
            values[name] = tuple(sorted({*words, "mixed"} if len(words) > 1 else words))
    pairs = tables.attributes[["name", "value"]].astype("str").drop_duplicates()
    values |= {f"{name} (file)" if name in values else str(name): _words(group)
               for name, group in pairs.groupby("name")["value"]}
    names = sorted(pairs["name"].dropna().unique())
    indication = next((name for name in names
                       if re.sub("[^a-z0-9]", "", name.lower()) in INDICATION_HEADERS), None)
    visits = _words(tables.assessments["visit"]) if "visit" in tables.assessments else ()
    return Shape(key, tuple(sorted(values.items())), visits, values[indication] if indication else (),
                 tables.instruments, _words(tables.assessments["instrument"]))


def _words(column: pd.Series) -> tuple[str, ...]:
    return tuple(sorted(str(word) for word in column.dropna().unique()))


@cache
def _shared(paths: tuple[Path, ...], given_as: Any) -> Dataset:
    label = "Invented sample data" if given_as == "sample" else _label([path.name for path in paths])
    return _made([(path.name, path.read_bytes()) for path in paths], None, label, given_as)


def _label(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{len(names)} files: {', '.join(names)}"


def sample_dataset() -> Dataset:
    """The invented sample that the dashboard starts with."""
    with _making:
        return _shared(tuple(_SAMPLE_FOLDER / name for name in SAMPLE_FILES), "sample")


def command_line_paths() -> tuple[Path, ...]:
    """The files named after ``--`` when the dashboard was started."""
    program, *arguments = sys.argv
    return tuple(Path(argument) for argument in arguments) if Path(program).name == "dashboard.py" else ()


def command_line_dataset() -> Dataset | None:
    """The files named on the command line, for everyone who opens this dashboard."""
    paths = command_line_paths()
    with _making:
        return _shared(paths, "command_line") if paths else None


def check_command_line() -> None:
    """End the program in one line where a file that was named is not there."""
    for path in command_line_paths():
        if not path.is_file():
            raise SystemExit(f"There is no file {str(path)!r}. After -- come the files to open: "
                             "streamlit run dashboard.py -- scores.csv sessions.csv")


# --- answers -----------------------------------------------------------------------------------------


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
    """One download, bound to the browser whose shelf it stands on."""

    file_name: str
    media_type: str
    digest: str | None
    make: Callable[[], bytes] = field(repr=False)

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
    packed: dict[str, list[tuple[str, bytes]]] = field(default_factory=dict)
    n_bytes: dict[str, int] = field(default_factory=dict)
    datasets: OrderedDict[str, Dataset] = field(default_factory=OrderedDict)
    answers: Recent = field(default_factory=Recent)
    exports: OrderedDict[str, Export] = field(default_factory=OrderedDict)


# --- uploads -----------------------------------------------------------------------------------------


class Shelves:
    """One shelf per browser. No method reaches from one browser to another's shelf.

    Files are kept compressed beside their tables, because another mapping reads them anew.
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
        """Drop every shelf that was not used for ``idle_seconds``."""
        with self._lock:
            for browser, shelf in list(self._shelves.items()):
                if now - shelf.last_used >= self.idle_seconds:
                    del self._shelves[browser]

    def n_bytes(self) -> int:
        """Memory that all uploads and the answers made of them take."""
        with self._lock:
            return sum(sum(shelf.n_bytes.values()) + shelf.answers.n_bytes()
                       for shelf in self._shelves.values())

    def upload(self, browser: str, files: Iterable[tuple[str, bytes]], mapping: Mapping[str, str] | None,
               now: float) -> Dataset:
        """Read files for this browser. Raises NoRoomError where the server may hold no more."""
        named = list(files)
        self._check_room(sum(len(content) for _, content in named))
        packed = [(name, zlib.compress(content, 1)) for name, content in named]
        dataset = _made(named, mapping, _label([name for name, _ in named]), "upload", browser)
        return self._put(browser, dataset, packed, now)

    def remap(self, browser: str, key: str, mapping: Mapping[str, str], now: float) -> Dataset:
        """The same files read with another mapping; the old reading is dropped."""
        shelf = self.shelf(browser, now)
        packed = shelf.packed.get(key)
        if packed is None:
            raise ValueError("An upload of this browser was needed; it was forgotten or never made.")
        named = [(name, zlib.decompress(content)) for name, content in packed]
        dataset = _made(named, mapping, _label([name for name, _ in named]), "upload", browser)
        if dataset.key != key:
            self.forget(browser, key)
        return self._put(browser, dataset, packed, now)

    def _put(self, browser: str, dataset: Dataset, packed: list[tuple[str, bytes]], now: float) -> Dataset:
        n_bytes = sum(len(content) for _, content in packed) + size_of(dataset.tables)
        with self._lock:
            shelf = self.shelf(browser, now)
            self._check_room(n_bytes - shelf.n_bytes.get(dataset.key, 0))
            shelf.packed[dataset.key] = packed
            shelf.n_bytes[dataset.key] = n_bytes
            shelf.datasets[dataset.key] = dataset
            shelf.datasets.move_to_end(dataset.key, last=False)
        return dataset

    def _check_room(self, n_bytes: int) -> None:
        if self.n_bytes() + n_bytes > self.most_bytes:
            raise NoRoomError(
                "There is no room for these files: all uploads on this server together may take "
                f"{self.most_bytes / 1024**2:,.0f} MB. Forget a dataset that you no longer need, or try later.")

    def uploads(self, browser: str, now: float) -> tuple[Dataset, ...]:
        """This browser's uploads, newest first."""
        return tuple(self.shelf(browser, now).datasets.values())

    def forget(self, browser: str, key: str | None = None) -> None:
        """Drop one upload with all that was made of it, or the whole shelf."""
        with self._lock:
            shelf = self._shelves.get(browser)
            if shelf is None or key is None:
                self._shelves.pop(browser, None)
                return
            for held in (shelf.packed, shelf.n_bytes, shelf.datasets):
                held.pop(key, None)
            shelf.answers, shelf.exports = Recent(), OrderedDict()

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


_making = threading.RLock()
_shelves = Shelves()
_shared_answers = Recent(4 * MOST_ANSWERS)


def datasets(browser: str) -> tuple[Dataset, ...]:
    """Everything this browser may see and that can be counted; the first is what it starts with."""
    own = tuple(upload for upload in uploads(browser) if not upload.tables.is_blocked)
    given = command_line_dataset()
    return (*own, *([given] if given and not given.tables.is_blocked else []), sample_dataset())


def dataset(browser: str, short: str) -> Dataset | None:
    """One of the datasets this browser may see, by its short key."""
    return next((one for one in datasets(browser) if one.short == short), None)


def upload(
    browser: str, files: Iterable[tuple[str, bytes]], mapping: Mapping[str, str] | None = None
) -> Dataset:
    """Read files for this browser only. Raises NoRoomError, whose message is for the person."""
    return _shelves.upload(browser, files, mapping, time.monotonic())


def remap(browser: str, key: str, mapping: Mapping[str, str]) -> Dataset:
    """An upload of this browser read with another mapping, in place of the old reading."""
    return _shelves.remap(browser, key, mapping, time.monotonic())


def uploads(browser: str) -> tuple[Dataset, ...]:
    """This browser's uploads, newest first, also those that are blocked."""
    return _shelves.uploads(browser, time.monotonic())


def forget(browser: str, key: str | None = None) -> None:
    """Drop one upload of this browser, or all it has here."""
    _shelves.forget(browser, key)


def drop_idle() -> None:
    """Drop what nobody used for 12 hours."""
    _shelves.drop_idle(time.monotonic())


def outcomes_of(dataset: Dataset, rules: RuleSet) -> Outcomes:
    """The outcomes of a dataset under rules, made once."""
    import analytics

    return answer_of(dataset, ("outcomes", rules), lambda: analytics.outcomes(dataset.tables, rules))


def headline_instrument(dataset: Dataset, rules: RuleSet) -> str | None:
    """The instrument with most courses that have both scores; missing where the files hold none."""
    try:
        table = outcomes_of(dataset, rules).table
    except ValueError:  # the rules must name the visits first
        return next(iter(dataset.shape.present), None)
    pairs = table[table["baseline"].notna() & table["endpoint"].notna()] if "baseline" in table else table
    counts = pairs["instrument"].astype("str").value_counts()
    best = sorted(counts.index, key=lambda key: (-counts[key], key))
    return next(iter(best), next(iter(dataset.shape.present), None))


def answer_of(dataset: Dataset, key: tuple[Hashable, ...], make: Callable[[], T]) -> T:
    """What ``make`` gives, made once per dataset and key.

    Parameters
    ----------
    key : names the answer and everything it rests on beside the dataset; never a frame (frames have no
        hash, and a sampled one would give one patient's score for another's)
    """
    if dataset.owner is None:
        return _shared_answers.answer((dataset.key, *key), make)
    answers = _shelves.answers(dataset.owner)
    return answers.answer((dataset.key, *key), make) if answers else make()


def export_address(browser: str, file_name: str, content: bytes | Callable[[], bytes],
                   media_type: str = "text/csv", key: tuple[Hashable, ...] | None = None) -> str:
    """The address of a download for this browser only.

    Parameters
    ----------
    content : the bytes, or what makes them when the person asks
    key : names everything the bytes rest on, where ``content`` makes them
    """
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", file_name):
        raise ValueError("A file name of letters, digits, dot, dash and underscore was needed.")
    if isinstance(content, bytes):
        held = content
        digest, make = hashlib.sha256(held).hexdigest(), lambda: held
    elif key is not None:
        digest, make = None, content
    else:
        raise ValueError("A key was needed, naming everything the download rests on; none came.")
    named = json.dumps([_SECRET, browser, file_name, media_type, digest, repr(key)])
    token = hashlib.sha256(named.encode()).hexdigest()[:32]
    _shelves.offer(browser, token, Export(file_name, media_type, digest, make), time.monotonic())
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"{'/' + base if base else ''}/export/{token}/{file_name}"


def export(browser: str, token: str) -> Export | None:
    """A download of this browser, for the route."""
    return _shelves.export(browser, token, time.monotonic())


@st.cache_resource(show_spinner=False)
def settle_memory() -> None:
    """Take what was imported out of the garbage collector's sight, once per server.

    Streamlit collects all garbage after each run; with pandas loaded that costs 100 ms a click.
    """
    gc.collect()
    gc.freeze()
