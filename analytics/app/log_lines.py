"""The log as JSON lines for whoever runs servers: what happened, never what a file, a link or a person said.

Asked for with ``OUTCOMES_LOG=json``. Without it the console stays as Streamlit has it, and ``event`` is silent.

``start(environment)``       first call of ``dashboard.py``
``event(name, **facts)``     one line; ``EVENTS`` says which facts an event may carry

A line of another library (warnings and worse) keeps its place and its level and loses its words: they may quote a
value.
"""

from __future__ import annotations

import json
import logging
import os
import re
import threading
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

VARIABLE = "OUTCOMES_LOG"

EVENTS: dict[str, frozenset[str]] = {
    "start": frozenset({"database", "sign_in"}),
    "stop": frozenset({"is_whole"}),
    "signed_in": frozenset({"subject", "role"}),
    "signed_out": frozenset({"subject"}),
    "closed": frozenset({"kind"}),
    "refused": frozenset({"kind", "place"}),
    "dataset_kept": frozenset({"dataset", "version"}),
    "share_made": frozenset({"share"}),
    "share_opened": frozenset({"share"}),
    "share_refused": frozenset({"share", "kind"}),
    "share_revoked": frozenset({"share"}),
}
"""What may be said, and with which facts: kinds, numbers and ids that we gave ourselves."""

_FACT_SHAPE = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
_LOGGER = logging.getLogger("analytics.events")


class Line(logging.LogRecord):
    """A record whose message is a JSON object without the words that were logged."""

    outcomes_event: Mapping[str, Any] | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        error = self.exc_info[1] if isinstance(self.exc_info, tuple) else None
        self.failure = None if error is None else {"kind": type(error).__name__, "place": place_of(error.__traceback__)}
        self.exc_info = self.exc_text = self.stack_info = None

    def getMessage(self) -> str:
        """The line."""
        said = self.outcomes_event
        if said is None:
            said = {"event": "failure" if self.failure else "library", "from": self.name, **(self.failure or {})}
        at = datetime.fromtimestamp(self.created, UTC).isoformat(timespec="milliseconds")
        return json.dumps({"at": at, "level": self.levelname.lower(), **said})


def place_of(trace: TracebackType | None) -> str:
    """Where in our own files an error came from, outermost first; else the file that raised it."""
    frames = traceback.extract_tb(trace)
    own = [frame for frame in frames if "analytics" in Path(frame.filename).parts] or frames[-1:]
    return " > ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in own)


def is_on(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether lines are asked for; anything but ``json`` and nothing ends the program in one line."""
    asked = environment.get(VARIABLE, "")
    if asked not in ("", "json"):
        raise SystemExit(f"{VARIABLE} may be json or left out.")
    return asked == "json"


def start(environment: Mapping[str, str] = os.environ) -> None:
    """Turn every line that this process logs from now on into JSON, where that is asked for."""
    if not is_on(environment):
        return
    from streamlit import config, logger

    logging.setLogRecordFactory(Line)
    logging.captureWarnings(True)
    config.set_option("logger.messageFormat", "%(message)s")
    logger.set_log_level("warning")
    logger.update_formatter()
    threading.excepthook = _thread_failed
    if not _LOGGER.handlers:
        _LOGGER.addHandler(logging.StreamHandler())
    _LOGGER.setLevel(logging.INFO)
    _LOGGER.propagate = False


def _thread_failed(failed: threading.ExceptHookArgs) -> None:
    _LOGGER.error("", exc_info=(failed.exc_type, failed.exc_value or failed.exc_type(), failed.exc_traceback))


def event(name: str, **facts: str | int) -> None:
    """Write one line, where lines are asked for.

    Raises
    ------
    ValueError
        An event or a fact that ``EVENTS`` does not have, or a fact that is no plain word of 64 letters at most. The
        message holds no fact.
    """
    unknown = set(facts) - EVENTS[name] if name in EVENTS else {name}
    if unknown:
        raise ValueError(f"No event carries {', '.join(sorted(unknown))}: EVENTS says what may be logged.")
    for fact, value in facts.items():
        if not _FACT_SHAPE.fullmatch(str(value)):
            raise ValueError(f"The fact {fact} of {name} is no plain word or number of 64 letters at most.")
    if logging.getLogRecordFactory() is Line:
        _LOGGER.info("", extra={"outcomes_event": {"event": name, **facts}})
