"""Who acts: in the run of a page whoever signed in there, in a route and in work beside the page whom it is done for.

Asked by the functions that hand out datasets, rows, downloads and links, so that no page has to say it and none can
forget it. Nobody in particular is nobody: outside a run, a route or such work there is a person only without sign-in.

``visitor() -> Person | Refused``   who acts, or why nobody does; the role as of now, once per run of a page
``person() -> Person``              the same; raises NotAllowedError, whose message is for the screen
``acting(person)``                  a ``with`` block done for a person
``carried(work)``                   work that another thread does, for whoever acts now
``request_visitor(cookies)``        who sent a request
``browser_name(browser, person)``   under which name this server keeps what a person has in a browser
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from analytics.access import NotAllowedError, Person, Refused
from analytics.app import sign_in
from analytics.wording import access as words

T = TypeVar("T")

_acting: ContextVar[Person | Refused | None] = ContextVar("acting", default=None)


def visitor() -> Person | Refused:
    """Who acts, or why nobody does."""
    found = _acting.get()
    if found is not None:
        return found
    context = get_script_run_ctx(suppress_warning=True)
    if context is None:
        return sign_in.visitor_of({})
    # What Streamlit makes anew for each run tells one run from the next; without it each question is asked anew.
    run = getattr(context, "parallel_coordinator", None)
    known = getattr(context, "_outcomes_visitor", None)
    if known is not None and run is not None and known[0] is run:
        return known[1]
    found = sign_in.visitor_of(st.user.to_dict())
    context._outcomes_visitor = (run, found)  # type: ignore[attr-defined]
    return found


def person() -> Person:
    """Who acts.

    Raises
    ------
    NotAllowedError
        Where nobody does: not signed in, not any more, or without a role.
    """
    found = visitor()
    if isinstance(found, Refused):
        raise NotAllowedError(words.WHY[found.why])
    return found


@contextmanager
def acting(who: Person | Refused) -> Iterator[None]:
    """Do what stands in the block for a person."""
    token = _acting.set(who)
    try:
        yield
    finally:
        _acting.reset(token)


def carried(work: Callable[..., T]) -> Callable[..., T]:
    """Work that another thread does, for whoever acts now."""
    who = visitor()

    @wraps(work)
    def done(*arguments: Any, **named: Any) -> T:
        with acting(who):
            return work(*arguments, **named)

    return done


def request_visitor(cookies: Mapping[str, str]) -> Person | Refused:
    """Who sent a request with these cookies."""
    return sign_in.visitor_of(sign_in.claims_of(cookies) if sign_in.is_on() else {})


def browser_name(browser: str, who: Person) -> str:
    """Two persons in one browser are two: what one of them loaded is not the other's."""
    return hashlib.sha256(f"{browser} {who.subject}".encode()).hexdigest() if who.subject else browser
