"""Small strata put together before anything is withheld, and attributes that name those who treat."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from analytics.courses.outcomes import Outcomes
from analytics.ingest.identifiers import header_words
from analytics.ingest.person_names import evidence, has_title
from analytics.results.cohorts import Strata
from analytics.results.disclosure_kinds import Disclosure, NotForAudienceError

_ROLES = frozenset({
    "clinician", "clinicians", "provider", "doctor", "physician", "nurse", "therapist", "prescriber", "psychiatrist",
    "psychologist", "infusionist", "anesthesiologist", "anaesthetist", "assessor", "rater", "staff", "attending",
    "counselor", "counsellor", "practitioner", "consultant", "surgeon", "operator"})
"""Words of a header that say a person who treats; a code of theirs is as good as a name to those who know the codes."""

_MOST_NAMES = 0.5
"""From this share of values on that are names of persons, an attribute names persons."""


def refuse_persons(of: Outcomes, names: Iterable[str], disclosure: Disclosure) -> None:
    """Raises NotForAudienceError where an attribute names those who treat, unless it is for the inside."""
    if disclosure.audience == "inside":
        return
    for name in names:
        if name in of.courses and names_persons(name, of.courses[name]):
            raise NotForAudienceError(
                f"The attribute {name!r} names those who treat, and is told to the inside only; group and filter by "
                "another one.")


def names_persons(header: str, values: pd.Series) -> bool:
    """Whether an attribute names persons who treat: by the word of a role in its header, or by its values."""
    if any(f"{first}{second}" in _ROLES or first in _ROLES for first, second in _pairs(header_words(header))):
        return True
    texts = [str(value) for value in values.dropna().unique()[:200] if not str(value).isdigit()]
    named = sum(has_title(text) or evidence(text) == "sure" for text in texts)
    return bool(texts) and named >= _MOST_NAMES * len(texts)


def _pairs(words: Sequence[str]) -> list[tuple[str, str]]:
    return list(zip(words, [*words[1:], ""], strict=True))


def put_together(
    cells: Strata, counted: np.ndarray, achieved: np.ndarray, threshold: int
) -> tuple[Strata, dict[str, tuple[str, ...]]]:
    """Strata in which the rate can be told, the small ones as one; and what is in it by its name.

    Parameters
    ----------
    counted, achieved : masks over the courses: denominator and numerator of the rate the strata are made for

    Too small is a stratum with fewer than the threshold in the denominator, or with 1 to ``threshold`` - 1 in the
    numerator or outside it. If all the small ones are too few together, the smallest of the others joins them. Where
    only one group would be left, the strata stay as they are: there is nothing to tell by them.
    """
    inside = cells.of_course >= 0
    n, x = (np.bincount(cells.of_course[inside & mask], minlength=len(cells)) for mask in (counted, achieved))
    is_small = ~_can_be_told(n, x, threshold)
    if not is_small.any():
        return cells, {}
    order = np.argsort(n, kind="stable")
    for one in order[~is_small[order]]:
        if _is_enough(n[is_small], x[is_small], threshold):
            break
        is_small[one] = True
    if is_small.all() or not _is_enough(n[is_small], x[is_small], threshold):
        return cells, {}
    return _joined(cells, is_small)


def _can_be_told(n: np.ndarray, x: np.ndarray, threshold: int) -> np.ndarray:
    return (n >= threshold) & ((x == 0) | (x >= threshold)) & ((x == n) | (n - x >= threshold))


def _is_enough(n: np.ndarray, x: np.ndarray, threshold: int) -> bool:
    # So many strata of the largest or of the smallest size that is withheld would be known one by one.
    is_pinned = n.sum() in (len(n), (threshold - 1) * len(n))
    return len(n) > 1 and not is_pinned and bool(_can_be_told(n.sum(), x.sum(), threshold))


def _joined(cells: Strata, is_small: np.ndarray) -> tuple[Strata, dict[str, tuple[str, ...]]]:
    kept = np.flatnonzero(~is_small)
    new = np.full(len(cells) + 1, len(kept))
    new[kept] = np.arange(len(kept))
    new[-1] = -1
    name = f"{int(is_small.sum())} together"
    taken = {value for label in cells.labels for value in label.values()}
    while name in taken:
        name += " "
    members = tuple(", ".join("not recorded" if value is None else value for value in cells.labels[one].values())
                    for one in np.flatnonzero(is_small))
    labels = (*(cells.labels[one] for one in kept), dict.fromkeys(cells.labels[0], name))
    return Strata(new[cells.of_course], labels), {name: members}
