"""Items -> totals, by the instrument's own rule for unanswered items."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.definitions.instruments import ALLOWANCE, Instrument
from analytics.ingest.records import MISSING_ITEM


@dataclass(frozen=True)
class Scored:
    """What items and a stored total give; one element a row.

    Attributes
    ----------
    total : NaN where there is none
    is_prorated : whether unanswered items were replaced by the mean of those answered
    n_missing : unanswered items
    is_answered : whether any item was answered; without one the items say nothing about the row
    disagrees : the stored total is not what the items give, which are all there; the items were used
    differs : items are missing and the stored total is not what those answered give; the stored one was used
    too_few : items were answered, too few for a total, and there is no stored total
    """

    total: np.ndarray
    is_prorated: np.ndarray
    n_missing: np.ndarray
    is_answered: np.ndarray
    disagrees: np.ndarray
    differs: np.ndarray
    too_few: np.ndarray


def scored(items: np.ndarray, stored: np.ndarray, instrument: Instrument) -> Scored:
    """Totals from items and stored totals.

    Parameters
    ----------
    items : one line an item of the instrument, one column a row; ``MISSING_ITEM`` where unanswered
    stored : the total in the file, NaN where there is none

    Notes
    -----
    With all items answered the items win over a stored total. With items missing a stored total stands;
    without one, up to ``most_missing`` unanswered items are replaced by the mean of those answered and the
    total is rounded half up, in integers: 8 items that sum to 4 give 4.5, which is 5. A total that is itself a
    mean is not rounded; a stored one may be, to a tenth.
    """
    is_missing = items == MISSING_ITEM
    n_missing = is_missing.sum(axis=0, dtype=np.int32)
    n_answered = instrument.n_items - n_missing
    is_complete, is_answered = n_missing == 0, n_answered > 0
    made = _total(items, is_missing, n_answered, instrument)
    may_be_made = is_answered & (n_missing <= instrument.missing_items.most_missing)
    has_stored = ~np.isnan(stored)
    is_different = has_stored & (np.abs(stored - made) > (_TENTH if instrument.is_mean else 0) + ALLOWANCE)
    is_prorated = may_be_made & ~is_complete & ~has_stored
    return Scored(
        total=np.where(is_complete | is_prorated, made, stored),
        is_prorated=is_prorated,
        n_missing=n_missing,
        is_answered=is_answered,
        disagrees=is_complete & is_different,
        differs=may_be_made & ~is_complete & is_different,
        too_few=is_answered & ~may_be_made & ~has_stored,
    )


_TENTH = 0.05
"""How far a mean that was rounded to a tenth may lie from itself."""


def _total(
    items: np.ndarray, is_missing: np.ndarray, n_answered: np.ndarray, instrument: Instrument
) -> np.ndarray:
    if instrument.domains:
        return _domain_total(items, instrument)
    if instrument.is_mean:
        return np.where(is_missing, 0, items).sum(axis=0, dtype=np.int64) / np.maximum(n_answered, 1)
    return _prorated_sum(items, is_missing, n_answered, instrument)


def _prorated_sum(
    items: np.ndarray, is_missing: np.ndarray, n_answered: np.ndarray, instrument: Instrument
) -> np.ndarray:
    """floor(mean * number of items + 0.5), without a fraction on the way; the plain sum where all are answered."""
    total = np.where(is_missing, 0, items).sum(axis=0, dtype=np.int64)
    answered = np.maximum(n_answered, 1).astype(np.int64)
    rounded = (2 * total * instrument.n_items + answered) // (2 * answered)
    return (rounded * instrument.total_factor).astype(np.float64)


def _domain_total(items: np.ndarray, instrument: Instrument) -> np.ndarray:
    """The sum of the highest answer of each domain; only meant where every item is answered."""
    highest = [items[[item - 1 for item in domain]].max(axis=0).astype(np.int64) for domain in instrument.domains]
    return (sum(highest) * instrument.total_factor).astype(np.float64)
