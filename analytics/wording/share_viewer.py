"""The page of a link in words: what its buttons are called, what is loud, what stands where a link is over."""

from __future__ import annotations

REFUSED = {
    "unknown": ("This link shows nothing. It may be over; if not, open the whole link as it was sent to you, with "
                "everything after the # sign."),
    "expired": "This link has expired.",
    "revoked": "This link has been revoked.",
    "too_many_opens": "This link has been opened as often as it may be.",
    "passphrase": "That is not the passphrase of this link.",
    "slow_down": "There were too many attempts. Wait a little, then try again.",
    "nothing": "This link has nothing to show yet. Ask the person who sent it to prepare it again.",
    "not_reached": "The dashboard did not answer. Try again.",
}
"""What a viewer reads in place of the slides, by kind of refusal; expired and revoked say nothing else."""

NO_SCRIPTS = ("This page follows a presenter and needs JavaScript. Allow it for this address, or ask the person who "
              "sent the link for the same as a web page that needs none.")

VIEWER = {
    "page": "Shared results",
    "opening": "Opening the link.",
    "ask": "This link asks for a passphrase. The person who sent it knows it.",
    "passphrase": "Passphrase",
    "open": "Open",
    "back": "Back",
    "next": "Next",
    "cohort": "Cohort",
    "away": "Look for myself",
    "return": "Back to the presenter",
    "following": "Following the presenter",
    "looking": "Looking for yourself",
    "not_begun": "The presenter has not begun",
    "one_here": "1 person here",
    "many_here": "{n} people here",
    "lost": "Connection lost; trying again. What you see is as it was.",
    "not_reached": "The dashboard does not answer. This page tries again by itself.",
    "place": "{place} of {n}",
    "spoken": "{place} of {n}: {title}",
    "marked": "The presenter points at {part}",
    "replaced": "The data behind this link has changed since you opened it at {at}. What you see now is newer.",
    "recounted": "The way these figures are counted has changed since you opened this link at {at}.",
    "slides": "Slides",
    "controls": "Controls",
    "board": "For the board: confidential",
    "public": "For the public",
}
"""What the page says and its buttons are called; {n} and the like are filled in by the page itself."""


def slow_down(wait_seconds: int) -> str:
    """When the next passphrase is looked at."""
    if wait_seconds <= 90:
        return f"There were too many attempts. Try again in {max(wait_seconds, 1)} s."
    return f"There were too many attempts. Try again in {-(-wait_seconds // 60)} minutes."


def day_of(at: str) -> str:
    """The minute of a time that the store wrote, as people read it."""
    return f"{at[:10]}, {at[11:16]} UTC"


def newer_is_made(made_at: str) -> str:
    """The newest data is being counted; what is shown is older."""
    return (f"The data behind this link has changed since {day_of(made_at)}. The new figures are being made; "
            "until then you see the older ones.")


def newer_failed(made_at: str) -> str:
    """The newest data could not be shown; what is shown is older."""
    return (f"The data behind this link has changed since {day_of(made_at)}, and the new figures could not be made. "
            "What you see is out of date.")


def newer_exists(made_at: str) -> str:
    """The link stays with its version while a newer one is there."""
    return (f"The data behind this link has changed since {day_of(made_at)}. "
            "The link was made to stay with the data that it shows.")


def counted_otherwise(made_at: str) -> str:
    """The product counts otherwise than when the figures were made."""
    return (f"The way these figures are counted has changed since {day_of(made_at)}: the same data would give other "
            "numbers today. Ask the presenter before you use them.")
