"""What the dashboard holds in memory: datasets, their answers, and downloads.

The only file that caches. Nothing here is keyed by a frame: keys are hashes of files, and parameters.
What belongs to a browser (uploads, their answers, downloads) stands on that browser's shelf and is
dropped as a whole; ``browser`` is always ``state.browser()``, a hash, never the cookie.

``settle_memory()``                            first call of ``main.py``
``import_models_later()``                      second call of ``main.py``; ``import_models()`` does it at once
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
``told(browser, audience, make) -> T``          what was shown outside so far; ``forget_told(browser, audience)``
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
from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import streamlit as st

from analytics.app.datasets import Dataset, made, source_file
from analytics.app.shelves import MOST_ANSWERS, Export, Recent, Shelves
from analytics.definitions.rules import RuleSet
from analytics.ingest.file_shapes import Shape as FileShape
from analytics.ingest.load import Opened, open_files, unpacked
from analytics.ingest.read import Source

if TYPE_CHECKING:
    from analytics.courses.outcomes import Outcomes

T = TypeVar("T")

SAMPLE_FILES = ("assessments.csv", "sessions.csv", "patients.csv")
_SAMPLE_FOLDER = Path(__file__).parents[2] / "sample_data"
MODELS_AFTER_SECONDS = 3.0
_SECRET = secrets.token_hex(32)


@cache
def _shared(paths: tuple[Path, ...], given_as: Any) -> Dataset:
    named = [(path.name, path.read_bytes()) for path in paths]
    return made(open_files([Source(name, content) for name, content in named]),
                [source_file(name, content) for name, content in named], None, given_as)


def sample_dataset() -> Dataset:
    """The invented sample that the dashboard starts with."""
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


# --- answers and uploads ---------------------------------------------------------------------------

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
    browser: str, files: Iterable[tuple[str, bytes]], mapping: Mapping[str, str] | None = None, **how: Any,
) -> Dataset:
    """Read files for this browser only. Raises NoRoomError, whose message is for the person.

    Parameters
    ----------
    how : ``dates``, ``attributes``, ``secret`` and ``progress`` as of ``ingest.load.tables_of``; ``recipe`` and
        ``start_rules`` of the dataset
    """
    return _shelves.upload(browser, files, mapping, time.monotonic(), **how)


def remap(browser: str, key: str, mapping: Mapping[str, str], **how: Any) -> Dataset:
    """An upload of this browser read in another way, in place of the old reading; ``how`` as of ``upload``."""
    return _shelves.remap(browser, key, mapping, time.monotonic(), **how)


def opened(browser: str, key: str) -> Opened:
    """The files of an upload of this browser, as they are kept."""
    return unpacked(_shelves.shelf(browser, time.monotonic()).packed[key])


def opened_again(browser: str, dataset: Dataset) -> Opened:
    """The files of any dataset this browser may see: an upload's as they are kept, the others from their place.

    Raises
    ------
    ValueError
        When a file on this computer is no longer the one that was read.
    """
    if dataset.owner is not None:
        return opened(browser, dataset.key)
    paths = command_line_paths() if dataset.given_as == "command_line" else tuple(
        _SAMPLE_FOLDER / name for name in SAMPLE_FILES)
    named = [(path.name, path.read_bytes()) for path in paths]
    if sorted(source_file(*one).sha256 for one in named) != sorted(one.sha256 for one in dataset.sources):
        raise ValueError("The files on this computer have changed since they were read. Start the dashboard again.")
    return open_files([Source(name, content) for name, content in named])


def file_shape(browser: str, key: str) -> FileShape:
    """The shape of the files of an upload as they came; empty where it is no upload of this browser."""
    return _shelves.shelf(browser, time.monotonic()).file_shapes.get(key, ())


def remember_difference(browser: str, key: str, found: Any) -> None:
    """Keep what changed since the last load beside an upload."""
    _shelves.shelf(browser, time.monotonic()).differences[key] = found


def difference(browser: str, key: str) -> Any:
    """What was kept beside an upload, or missing."""
    return _shelves.shelf(browser, time.monotonic()).differences.get(key)


def close(browser: str, key: str) -> None:
    """Let go of the columns of an upload that could identify a person."""
    _shelves.close(browser, key)


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


def told(browser: str, audience: str, make: Callable[[], T]) -> T:
    """What this browser showed to an audience so far, made when first asked for; it has ``forget(dataset key)``."""
    return _shelves.told(browser, audience, make, time.monotonic())


def forget_told(browser: str, audience: str) -> None:
    """Forget what this browser showed to an audience."""
    _shelves.forget_told(browser, audience)


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
