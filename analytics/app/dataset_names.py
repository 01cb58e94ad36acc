"""What datasets are called on screen: by their files, and for the public by no name of a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from analytics.app import kept_datasets, loading, state
from analytics.app.datasets import Dataset
from analytics.app.questions import Question
from analytics.wording import kept as words
from analytics.wording.files import unnamed


def names(audience: str) -> dict[str, str]:
    """What each dataset of this browser is called, by its short key."""
    there = loading.datasets(state.browser())
    found = {one.short: one.label for one in there}
    if audience == "public":
        # Counted from the oldest, which stands last: a new upload leaves the others their numbers.
        hidden = list(dict.fromkeys(_of(one) for one in reversed(there) if not one.is_sample))
        found |= {one.short: _version(one, unnamed(hidden.index(_of(one)) + 1, len(hidden)))
                  for one in there if not one.is_sample}
    return told_apart(found)


def told_apart(labels: Mapping[str, str]) -> dict[str, str]:
    """Labels by short key, newest first, with a number behind one that an older dataset has: a list shows labels alone,
    and what is chosen is told by them.
    """
    n_there: Counter[str] = Counter()
    found = {}
    for short, label in reversed(labels.items()):
        n_there[label] += 1
        found[short] = label if n_there[label] == 1 else f"{label} ({n_there[label]})"
    return {short: found[short] for short in labels}


def _of(dataset: Dataset) -> str:
    """What is counted as one dataset: all versions of a kept one."""
    number = kept_datasets.id_of(dataset)
    return dataset.short if number is None else f"dataset:{number}"


def _version(dataset: Dataset, name: str) -> str:
    version = kept_datasets.version_of(dataset)
    return name if version is None or version.is_latest else words.older(name, version.number)


def name(question: Question) -> str:
    """What the dataset of a view is called for its audience."""
    dataset, is_named = question.dataset, question.view.audience != "public" or question.dataset.is_sample
    return dataset.label if is_named else names("public").get(dataset.short, unnamed(1, 1))


def long_name(dataset: Dataset) -> str:
    """What a dataset is called inside, where there is room to say when it was kept, and by whom."""
    version = kept_datasets.version_of(dataset)
    return dataset.label if version is None else words.long_label(dataset.label, version.made_at, version.made_by)


def long_names(datasets: Iterable[Dataset]) -> dict[str, str]:
    """Datasets, newest first, by short key, as a list inside shows them."""
    return told_apart({one.short: long_name(one) for one in datasets})
