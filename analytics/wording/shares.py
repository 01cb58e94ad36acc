"""Links in words: what a viewer is told, what a version of the data lacks, and what the presenter reads."""

from __future__ import annotations

from analytics.wording.deck import FOR, KINDS
from analytics.wording.numbers import count, plural
from analytics.wording.overview import day_words
from analytics.wording.rules import attribute

# --- what a viewer reads -----------------------------------------------------------------------------

ALL_COURSES = "All courses"
OTHER_DATA = "another version of the data"
NOT_KNOWN = "Not shown: this release of the dashboard does not know what was asked for here. Make a new link."
VISITS_NEEDED = ("Not shown: the labels of the visits have no order that can be read in this version of the data. "
                 "Choose the two visits on the Data page and make a new link.")


def version_name(number: int) -> str:
    """What a version of the data is called."""
    return f"version {count(number)} of the data"


def kept_title(kind: str) -> str:
    """The title of a screen that is not shown."""
    return f"{KINDS.get(kind, 'One screen')}: not shown"


def attribute_missing(name: str) -> str:
    """What is said where a version lacks an attribute."""
    return f"Not shown: this version of the data has no {attribute(name).lower()}."


def value_missing(name: str) -> str:
    """What is said where a version lacks a value; which one is not said: it may name a person who treats."""
    return (f"Not shown: a value of {attribute(name).lower()} that this screen asks for is not in this version of the "
            "data. The others alone would be another group under the same name.")


def instrument_missing(title: str) -> str:
    """What is said where a version lacks an instrument."""
    return f"Not shown: this version of the data has no scores of {title or 'the scale that this screen asks for'}."


def nobody_in_both(name: str) -> str:
    """What is said where a screen and a cohort ask for different values of one attribute."""
    return f"Not shown: this screen is about another {attribute(name).lower()} than the group chosen."


def slides_kept(n_kept: int, n_slides: int) -> str:
    """How many screens are not shown; empty where all are."""
    return "" if not n_kept else f"{count(n_kept)} of {plural(n_slides, 'screen')} not shown; each says why."


# --- what the presenter reads ------------------------------------------------------------------------

NOT_FOR_INSIDE = ("A link is for the board or for the public: what the inside sees holds small counts that must not "
                  "leave it. Choose For whom at the side first.")
COHORT_GONE = "One of the cohorts is no longer kept with this dataset. Open the page again and choose anew."
LEAD = ("A link shows the deck for {} to whoever has it, and nothing else: no filters, no rules, no single courses. It "
        "ends when you say so.")
NOTHING_MADE = "You have made no link yet."
SHOWN_ONCE = "Copy it now: it is shown this once. Only a hash of it is kept, so nobody can look it up again."
LOCAL_ONLY = ("Without sign-in this dashboard serves only this computer, so the link opens here and nowhere else. To "
              "send the same to somebody, take the web page below: one file, opens offline, cannot be revoked.")
AS_A_FILE = "The same as a file"
BESIDE = "A link can be revoked and can follow the data. A file needs no server, and stays as it is."
FOLLOWS, PINNED = "Always the latest version", "This version and no other"
NOT_KEPT = ("These data are not kept in the store, so the link shows what they hold now. Keep the dataset on the Data "
            "page to let a link follow its versions.")
COHORTS_HELP = "Cohorts that you kept on the Compare page. Whoever has the link may look at these, and at no others."
PASSPHRASE_HELP = "At least 10 letters. Tell it by another way than the link: by telephone, not in the same mail."
OPENS_HELP = "How many browsers may open it; each may come back as often as it likes. Empty: any number."
SHORTEST_PASSPHRASE = 10
TITLE_NEEDED = "Give the link a title: it is what a viewer reads first."
PASSPHRASE_SHORT = f"A passphrase of at least {SHORTEST_PASSPHRASE} letters was needed, or none."
DATE_NEEDED = "Choose a day after today on which the link ends."
OVER = "This link is over: it was revoked or has expired. Make a new one to present live."
NOT_MADE_YET = "This link has nothing to show yet. Wait a moment, or make a new one."
END_HELP = "End; those on the link keep the last screen"

EXPIRY = {"1 hour": 1, "1 day": 24, "7 days": 7 * 24, "30 days": 30 * 24}
"""Choices of when a link ends, and their hours."""
ON_A_DATE = "On a date"


def state_of(*, is_revoked: bool, is_expired: bool, is_used_up: bool) -> str:
    """Whether a link opens, and why not."""
    if is_revoked:
        return "Revoked"
    if is_expired:
        return "Expired"
    return "Opened as often as it may be" if is_used_up else "Open"


def opens(n_opens: int, most: int | None) -> str:
    """How often a link was opened."""
    if not n_opens and most is None:
        return "Not opened yet"
    of = f" of {count(most)}" if most is not None else ""
    return f"Opened {count(n_opens)}{of} {'time' if (most or n_opens) == 1 else 'times'}"


def present(n: int) -> str:
    """How many people look at a link now."""
    return "Nobody there now" if not n else f"{plural(n, 'person', 'people')} there now"


def expires(at: str, *, is_over: bool) -> str:
    """When a link ends, to the minute."""
    return f"{'Ended' if is_over else 'Ends'} {day_words(at[:10])}, {at[11:16]} UTC"


def data_of(*, follows: bool, number: int | None) -> str:
    """Which data a link shows."""
    if follows:
        return "Follows the latest version"
    return f"Version {count(number)} of the data" if number is not None else "The data of the day it was made"


def for_whom(audience: str) -> str:
    """For whom a link is."""
    return f"For {FOR.get(audience, audience)}"


def made_by(name: str, at: str) -> str:
    """Who made a link, and on which day."""
    return f"Made by {name} on {day_words(at[:10])}"
