"""What datasets are called on screen: by their files, and for the public by no name of a file."""

from __future__ import annotations

from analytics.app import loading, state
from analytics.app.questions import Question
from analytics.wording.files import unnamed


def names(audience: str) -> dict[str, str]:
    """What each dataset of this browser is called, by its short key."""
    there = loading.datasets(state.browser())
    found = {one.short: one.label for one in there}
    if audience == "public":
        # Counted from the oldest, which stands last: a new upload leaves the others their numbers.
        hidden = [one.short for one in reversed(there) if not one.is_sample]
        found |= {short: unnamed(place, len(hidden)) for place, short in enumerate(hidden, start=1)}
    return found


def name(question: Question) -> str:
    """What the dataset of a view is called for its audience."""
    dataset, is_named = question.dataset, question.view.audience != "public" or question.dataset.is_sample
    return dataset.label if is_named else names("public").get(dataset.short, unnamed(1, 1))
