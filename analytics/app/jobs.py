"""Work that takes a while: done beside the page, told in words and a fraction, and stopped at a person's word."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from analytics.app import visitors
from analytics.ingest.load import Progress


class CancelledError(RuntimeError):
    """A person stopped the work."""


class Job:
    """One piece of work in a thread of its own.

    Attributes
    ----------
    doing, done : what is being done, and how much is, from 0 to 1
    """

    def __init__(self, work: Callable[[Progress], Any]) -> None:
        self.doing, self.done = "Starting", 0.0
        self._is_cancelled, self._is_over = threading.Event(), threading.Event()
        self._result: Any = None
        self._error: BaseException | None = None
        threading.Thread(target=self._run, args=(visitors.carried(work),), daemon=True).start()

    def _run(self, work: Callable[[Progress], Any]) -> None:
        try:
            self._result = work(self._tell)
        except BaseException as error:  # handed to whoever asks for the result
            self._error = error
        finally:
            self._is_over.set()

    def _tell(self, doing: str, done: float) -> None:
        if self._is_cancelled.is_set():
            raise CancelledError("The work was stopped.")
        self.doing, self.done = doing, done

    def cancel(self) -> None:
        """Stop at the next step; what was there before stays."""
        self._is_cancelled.set()

    @property
    def is_cancelled(self) -> bool:
        """Whether a person stopped it."""
        return self._is_cancelled.is_set()

    def wait(self, seconds: float) -> bool:
        """Whether the work is over after at most this time."""
        return self._is_over.wait(seconds)

    def result(self) -> Any:
        """What the work gave; raises what it raised."""
        assert self._is_over.is_set(), "A result was asked for before the work was over."
        if self._error is not None:
            raise self._error
        return self._result
