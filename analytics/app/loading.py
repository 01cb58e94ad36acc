"""What the dashboard holds in memory: datasets, their answers, and downloads.

The only file that caches. Nothing here is keyed by a frame: keys are hashes of files, and parameters.
What belongs to a person in a browser (uploads, their answers, downloads) stands on one shelf and is
dropped as a whole; ``browser`` is always ``state.browser()``, a hash, never the cookie.

Every function that hands out data asks ``visitors.person()`` who acts, and raises NotAllowedError where the role
has not the right. Somebody limited to sites is given every dataset cut to the patients of these, under another key;
here the functions that take a key know which upload a cut one is of.

``settle_memory()``                            first call of ``main.py``
``import_models_later()``                      second call of ``main.py``; ``import_models()`` does it at once
``check_command_line()``                       first call of ``dashboard.py``; a wrong path ends the program
``sample_dataset() -> Dataset``                the invented sample
``also_offers(name, make)``                    further datasets: ``make(person)`` gives them, whole; see ``datasets``
``scoped(dataset, sites) -> Dataset | None``   cut to sites as everything here is; for work that no person waits for
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
``kept_tables(content_hash, read)``            tables of a version in the store; ``forget_kept(content_hash, key)``
``answer_of(dataset, key, make) -> T``         anything else, made once; ``key`` names all it rests on
``told(browser, audience, make) -> T``          what was shown outside so far; ``forget_told(browser, audience)``
``export_address(browser, file_name, content, media_type="text/csv", key=None, needs="rows") -> str``
    Address of a download for this browser and person only. ``content``: bytes, or a function without
    arguments that makes them when asked for; then ``key`` names everything they rest on. ``needs``: the
    right to it, asked now and when it is fetched; what counts results alone says ``"aggregates"``.
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
from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import streamlit as st

from analytics.access import NotAllowedError, Person, Right
from analytics.app import site_scope, visitors
from analytics.app.datasets import Dataset, made, source_file
from analytics.app.shelves import MOST_ANSWERS, Export, Recent, Shelves
from analytics.definitions.rules import RuleSet
from analytics.definitions.tables import Tables
from analytics.ingest.file_shapes import Shape as FileShape
from analytics.ingest.load import Opened, open_files, unpacked
from analytics.ingest.read import Source
from analytics.wording import access as words

if TYPE_CHECKING:
    from analytics.courses.outcomes import Outcomes

T = TypeVar("T")

SAMPLE_FILES = ("assessments.csv", "sessions.csv", "patients.csv")
_SAMPLE_FOLDER = Path(__file__).parents[2] / "sample_data"
MODELS_AFTER_SECONDS = 3.0
KEPT_IDLE_SECONDS = 3600
MOST_KEPT = 8
"""Versions of kept datasets whose tables are at hand; together they take no more than answers do."""

_SECRET = secrets.token_hex(32)


@cache
def _shared(paths: tuple[Path, ...], given_as: Any) -> Dataset:
    named = [(path.name, path.read_bytes()) for path in paths]
    return made(open_files([Source(name, content) for name, content in named]),
                [source_file(name, content) for name, content in named], None, given_as)


def sample_dataset() -> Dataset:
    """The invented sample that the dashboard starts with.

    Raises
    ------
    NotAllowedError
        Where the person is limited to sites of which it has no patient.
    """
    found = _seen(_sample())
    if found is None:
        raise NotAllowedError(words.NOTHING)
    return found


def _sample() -> Dataset:
    with _making:
        return _shared(tuple(_SAMPLE_FOLDER / name for name in SAMPLE_FILES), "sample")


def command_line_paths() -> tuple[Path, ...]:
    """The files named after ``--`` when the dashboard was started."""
    return tuple(Path(argument) for argument in _arguments()[0])


def command_line_store() -> Path | None:
    """The folder named with ``--store``, where recipes are kept; missing for the usual one."""
    return _arguments()[1]


def _arguments() -> tuple[list[str], Path | None]:
    """The files named when the dashboard was started, and the store's folder."""
    program, *arguments = sys.argv
    if Path(program).name != "dashboard.py":
        return [], None
    if "--store" not in arguments:
        return arguments, None
    place = arguments.index("--store")
    if place + 1 == len(arguments):
        raise SystemExit("--store needs a folder: streamlit run dashboard.py -- --store FOLDER scores.csv")
    return arguments[:place] + arguments[place + 2:], Path(arguments[place + 1])


def command_line_dataset() -> Dataset | None:
    """The files named on the command line, for everyone who opens this dashboard, as far as the person may see them."""
    paths = command_line_paths()
    with _making:
        found = _shared(paths, "command_line") if paths else None
    return _seen(found) if found is not None else None


def check_command_line() -> None:
    """End the program in one line where a file that was named is not there."""
    for path in command_line_paths():
        if not path.is_file():
            raise SystemExit(f"There is no file {str(path)!r}. After -- come the files to open: "
                             "streamlit run dashboard.py -- scores.csv sessions.csv")


# --- answers and uploads ---------------------------------------------------------------------------

_making = threading.RLock()
_shelves = Shelves()
_shared_answers = Recent(4 * MOST_ANSWERS)
_kept_tables = Recent(MOST_KEPT)
_kept_used: dict[tuple[str, str], float] = {}


_further: dict[str, Callable[[Person], Iterable[Dataset]]] = {}


def also_offers(name: str, make: Callable[[Person], Iterable[Dataset]]) -> None:
    """Offer further datasets beside uploads, files and the sample.

    Parameters
    ----------
    name : of who offers them; given again it takes the place of what was offered before
    make : gives the whole datasets that a person may know of; they are cut to the person's sites here
    """
    _further[name] = make


def datasets(browser: str) -> tuple[Dataset, ...]:
    """Everything the person may see and that can be counted; the first is what a browser starts with.

    Raises
    ------
    NotAllowedError
        Where the role sees no counted results.
    """
    person = visitors.person()
    person.needs("aggregates")
    own = (upload for upload in _shelves.uploads(browser, time.monotonic()) if not upload.tables.is_blocked)
    further = (one for make in _further.values() for one in make(person))
    seen = (*map(_seen, own), *map(_seen, further), command_line_dataset(), _seen(_sample()))
    return tuple(one for one in seen if one is not None and not (one.given_as == "command_line" and
                                                                 one.tables.is_blocked))


def _seen(whole: Dataset) -> Dataset | None:
    """A dataset as the person may see it; missing where nothing of it is the person's."""
    return scoped(whole, visitors.person().sites)


def scoped(whole: Dataset, sites: frozenset[str] | None) -> Dataset | None:
    """A dataset cut to the patients of some sites; missing where it has none of them. Missing sites mean all."""
    if sites is None:
        return whole
    found = site_scope.of_sites(whole, sites, answer_of)
    if found is not None:
        _whole_keys[found.key] = whole.key
    return found


_whole_keys: dict[str, str] = {}


def _whole(key: str) -> str:
    """The key of an upload, given its own or that of the part of it that somebody sees."""
    return _whole_keys.get(key, key)


def dataset(browser: str, short: str) -> Dataset | None:
    """One of the datasets this browser may see, by its short key."""
    return next((one for one in datasets(browser) if one.short == short), None)


def upload(
    browser: str, files: Iterable[tuple[str, bytes]], mapping: Mapping[str, str] | None = None, **how: Any,
) -> Dataset:
    """Read files for this browser only. Raises NoRoomError, whose message is for the person.

    Parameters
    ----------
    how : ``dates``, ``attributes``, ``secret`` and ``progress`` as of ``ingest.load.tables_of``; ``recipe`` and
        ``start_rules`` of the dataset
    """
    visitors.person().needs("load")
    read = _shelves.upload(browser, files, mapping, time.monotonic(), **how)
    return _seen(read) or read


def remap(browser: str, key: str, mapping: Mapping[str, str], **how: Any) -> Dataset:
    """An upload of this browser read in another way, in place of the old reading; ``how`` as of ``upload``."""
    visitors.person().needs("load")
    read = _shelves.remap(browser, _whole(key), mapping, time.monotonic(), **how)
    return _seen(read) or read


def opened(browser: str, key: str) -> Opened:
    """The files of an upload of this browser, as they are kept: whole, for whoever loaded them."""
    visitors.person().needs("rows")
    return unpacked(_shelves.shelf(browser, time.monotonic()).packed[_whole(key)])


def opened_again(browser: str, dataset: Dataset) -> Opened:
    """The files of any dataset this browser may see: an upload's as they are kept, the others from their place.

    Raises
    ------
    ValueError
        When a file on this computer is no longer the one that was read.
    NotAllowedError
        Where the role has no rows, or where others' files hold patients of sites that are not the person's.
    """
    person = visitors.person()
    person.needs("rows")
    if dataset.owner is not None:
        return opened(browser, dataset.key)
    if person.sites is not None:
        raise NotAllowedError(words.WHOLE_FILES)
    if dataset.given_as == "kept":
        raise ValueError("The store keeps what was read of the files, and not the files. Load them again for this.")
    paths = command_line_paths() if dataset.given_as == "command_line" else tuple(
        _SAMPLE_FOLDER / name for name in SAMPLE_FILES)
    named = [(path.name, path.read_bytes()) for path in paths]
    if sorted(source_file(*one).sha256 for one in named) != sorted(one.sha256 for one in dataset.sources):
        raise ValueError("The files on this computer have changed since they were read. Start the dashboard again.")
    return open_files([Source(name, content) for name, content in named])


def file_shape(browser: str, key: str) -> FileShape:
    """The shape of the files of an upload as they came; empty where it is no upload of this browser."""
    return _shelves.shelf(browser, time.monotonic()).file_shapes.get(_whole(key), ())


def remember_difference(browser: str, key: str, found: Any) -> None:
    """Keep what changed since the last load beside an upload."""
    _shelves.shelf(browser, time.monotonic()).differences[_whole(key)] = found


def difference(browser: str, key: str) -> Any:
    """What was kept beside an upload, or missing."""
    return _shelves.shelf(browser, time.monotonic()).differences.get(_whole(key))


def close(browser: str, key: str) -> None:
    """Let go of the columns of an upload that could identify a person."""
    _shelves.close(browser, _whole(key))


def uploads(browser: str) -> tuple[Dataset, ...]:
    """This browser's uploads, newest first, also those that are blocked or tell no site.

    Counted is only what ``datasets`` gives; these are for the person who loaded them to look into.
    """
    if not visitors.person().may("load"):
        return ()
    return tuple(_seen(one) or one for one in _shelves.uploads(browser, time.monotonic()))


def forget(browser: str, key: str | None = None) -> None:
    """Drop one upload of this browser, or all it has here."""
    _shelves.forget(browser, _whole(key) if key is not None else None)


def drop_idle() -> None:
    """Drop what nobody used for 12 hours, and of what the store keeps what nobody used for one.

    Another server may have deleted it: there is no longer anybody who could see it, and nothing of it stays here.
    """
    _shelves.drop_idle(time.monotonic())
    for (content_hash, key), used in list(_kept_used.items()):
        if time.monotonic() - used >= KEPT_IDLE_SECONDS:
            forget_kept(content_hash, key)


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


def kept_tables(content_hash: str, key: str, read: Callable[[], Tables]) -> Tables:
    """The tables of a version that the store keeps, named by what is in them; read once for all who may see them."""
    _kept_used[content_hash, key] = time.monotonic()
    return _kept_tables.answer(content_hash, read)


def forget_downloads() -> None:
    """Let go of every download: one holds rows, and does not say of which dataset. Pages make them ready again."""
    _shelves.forget_exports()


def forget_kept(content_hash: str, key: str) -> None:
    """Let go of the tables of a version that was deleted, and of every answer made of it."""
    _kept_used.pop((content_hash, key), None)
    _kept_tables.forget(lambda held: held == content_hash)
    cut = {short for short, whole in _whole_keys.items() if whole == key}
    _shared_answers.forget(lambda held: held[0] in {key, *cut})


def told(browser: str, audience: str, make: Callable[[], T]) -> T:
    """What this browser showed to an audience so far, made when first asked for; it has ``forget(dataset key)``."""
    return _shelves.told(browser, audience, make, time.monotonic())


def forget_told(browser: str, audience: str) -> None:
    """Forget what this browser showed to an audience."""
    _shelves.forget_told(browser, audience)


def export_address(browser: str, file_name: str, content: bytes | Callable[[], bytes],
                   media_type: str = "text/csv", key: tuple[Hashable, ...] | None = None,
                   needs: Right = "rows") -> str:
    """The address of a download for this browser and person only.

    Parameters
    ----------
    content : the bytes, or what makes them when the person asks
    key : names everything the bytes rest on, where ``content`` makes them
    needs : the right to it; who says nothing hands out rows

    Raises
    ------
    NotAllowedError
        Where the person has not the right.
    """
    person = visitors.person()
    person.needs(needs)
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", file_name):
        raise ValueError("A file name of letters, digits, dot, dash and underscore was needed.")
    if isinstance(content, bytes):
        held = content
        digest, make = hashlib.sha256(held).hexdigest(), lambda: held
    elif key is not None:
        digest, make = None, content
    else:
        raise ValueError("A key was needed, naming everything the download rests on; none came.")
    sites = sorted(person.sites) if person.sites is not None else None
    named = json.dumps([_SECRET, browser, file_name, media_type, digest, repr(key), needs, sites])
    token = hashlib.sha256(named.encode()).hexdigest()[:32]
    _shelves.offer(browser, token, Export(file_name, media_type, digest, make, needs, person.sites), time.monotonic())
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
    _collect_and_freeze()


@st.cache_resource(show_spinner=False)
def import_models_later() -> None:
    """Import what fits models in the background, once per server, so that the first comparison need not wait for it.

    A moment after the first page was asked for: until then that page has the processor for itself.
    """
    timer = threading.Timer(MODELS_AFTER_SECONDS, import_models)
    timer.daemon = True
    timer.start()


def import_models() -> None:
    """Import what fits models now, and take it out of the garbage collector's sight."""
    from analytics.statistics import mean_differences

    mean_differences.import_models()
    _collect_and_freeze()


def _collect_and_freeze() -> None:
    gc.collect()
    gc.freeze()
