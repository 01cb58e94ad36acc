"""The range in which a file writes the scores of an instrument: judged, asked, and never two of them pooled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from analytics.definitions.instruments import Instrument
from analytics.ingest.cells import MISSING
from analytics.ingest.fields import Use, map_option
from analytics.ingest.problems import ProblemLog
from analytics.ingest.records import AssessmentRows

Range = tuple[float, float]

_ENOUGH = 5
"""Scores from which a column alone can show its range."""

_ENOUGH_FROM_ONE = 30
"""The same for a range that starts at 1 and lies within the instrument's own, as little pain does too."""


@dataclass(frozen=True)
class ScoresSeen:
    """The scores of one instrument in one column of a file, for judging the range that the file uses.

    Attributes
    ----------
    values : scores within the instrument's range, as in the file
    beyond : numbers outside of it
    use : the column; missing in a long file, where a range cannot be mapped
    rows : the assessments that were made of them
    """

    file: str
    instrument: str
    values: np.ndarray
    beyond: np.ndarray
    use: Use | None
    rows: AssessmentRows | None = None


def note_ranges(seen: Sequence[ScoresSeen], instruments: Mapping[str, Instrument], log: ProblemLog) -> None:
    """Note scores that all lie in a range another form of the scale uses, all columns and visits together."""
    for key in dict.fromkeys(one.instrument for one in seen):
        of_key = [one for one in seen if one.instrument == key]
        values = np.concatenate([one.values for one in of_key])
        other = _other_range(values, np.concatenate([one.beyond for one in of_key]), instruments[key])
        for one in of_key if other is not None else ():
            _tell(log, one, instruments[key], other)


def unmixed(
    blocks: Iterable[AssessmentRows], seen: Sequence[ScoresSeen], instruments: Mapping[str, Instrument],
    log: ProblemLog,
) -> list[AssessmentRows]:
    """The assessments without the scores of a column whose range is clearly not the one of other columns."""
    blocks = [_without_mixed(block, seen, instruments, log) for block in blocks]
    for key in dict.fromkeys(one.instrument for one in seen):
        of_key = [one for one in seen if one.instrument == key]
        clear = [_clear_range(one, instruments[key]) for one in of_key]
        own = instruments[key].minimum, instruments[key].maximum
        if len({found for found in clear if found is not None}) < 2:
            continue
        for one, other in zip(of_key, clear, strict=True):
            if other not in (None, own) and one.rows is not None:
                blocks = [_without_totals(block, one, key, instruments, other, log) if block is one.rows else block
                          for block in blocks]
    return [block for block in blocks if len(block)]


def _without_mixed(
    block: AssessmentRows, seen: Sequence[ScoresSeen], instruments: Mapping[str, Instrument], log: ProblemLog
) -> AssessmentRows:
    """A block without its scores where shares of 1 stand among scores above the range."""
    for one in seen:
        if one.rows is not block or not _is_mixed(one, instruments[one.instrument]):
            continue
        is_told = _are_stored(block, one.instrument, instruments)
        log.add("ranges_mixed", one.file, one.use.header if one.use is not None else None, rows=block.row[is_told],
                title=instruments[one.instrument].title)
        return block.take(np.flatnonzero(~is_told))
    return block


def _are_stored(block: AssessmentRows, key: str, instruments: Mapping[str, Instrument]) -> np.ndarray:
    """Which rows of a block hold a stored total of an instrument and not one made from answers."""
    return (block.instrument == list(instruments).index(key)) & (block.n_items_missing == MISSING)


def _is_mixed(one: ScoresSeen, instrument: Instrument) -> bool:
    """Whether a column holds shares of 1 and also scores of a range wider than the instrument's own.

    Half of the scores within the range are between 0 and 1: in a column of one form they would be rare.
    """
    beyond = one.beyond[one.beyond > instrument.maximum]
    widest = max((high for _, high in instrument.other_ranges), default=instrument.maximum)
    n_shares = int(((one.values > 0) & (one.values < 1)).sum())
    return min(len(beyond), n_shares) >= _ENOUGH and 2 * n_shares >= len(one.values) and beyond.max() <= widest


def _without_totals(
    block: AssessmentRows, one: ScoresSeen, key: str, instruments: Mapping[str, Instrument], other: Range,
    log: ProblemLog,
) -> AssessmentRows:
    """A block without the stored totals of an instrument; totals made from answers stay."""
    is_told = _are_stored(block, key, instruments)
    choices = _choices(one, instruments[key], other)
    log.add("ranges_differ", one.file, one.use.header if one.use is not None else None, rows=block.row[is_told],
            choices=choices, title=instruments[key].title, other=_words(other), what_to_do=_remedy(one, choices))
    return block.take(np.flatnonzero(~is_told))


def _tell(log: ProblemLog, one: ScoresSeen, instrument: Instrument, other: Range) -> None:
    choices = _choices(one, instrument, other)
    log.add("suspicious_range", one.file, one.use.header if one.use is not None else None, choices=choices,
            title=instrument.title, other=_words(other), own=_words((instrument.minimum, instrument.maximum)),
            what_to_do=_remedy(one, choices))


def _choices(one: ScoresSeen, instrument: Instrument, other: Range) -> tuple[tuple[str, str], ...]:
    if one.use is None:
        return ()
    own = instrument.minimum, instrument.maximum
    return tuple((_words(scale), replace(one.use, scale=scale).words) for scale in (other, own))


def _remedy(one: ScoresSeen, choices: tuple[tuple[str, str], ...]) -> str:
    if one.use is None:
        return "Convert the scores in the export if the file uses that form."
    return f"If the file uses that form, say {map_option(one.use.header, choices[0][1])}."


def _words(scale: Range) -> str:
    return f"{scale[0]:g} to {scale[1]:g}"


def _other_range(values: np.ndarray, beyond: np.ndarray, instrument: Instrument) -> Range | None:
    """The range the scores seem to be in, the narrowest that holds them; missing where it is the instrument's own."""
    n_above = int((beyond > instrument.maximum).sum())
    if n_above > len(values):
        wider = [other for other in instrument.other_ranges if other[1] > instrument.maximum]
        return next((other for other in sorted(wider, key=lambda pair: pair[1]) if beyond.max() <= other[1]), None)
    if not len(values) or n_above or values.max() <= 0:
        return None
    narrower = sorted((other for other in instrument.other_ranges if other[1] < instrument.maximum),
                      key=lambda pair: pair[1])
    return next((other for other in narrower if _fits(values, other, instrument)), None)


def _fits(values: np.ndarray, scale: Range, instrument: Instrument) -> bool:
    """Whether scores within the instrument's own range are rather in a narrower one."""
    low, high = scale
    if values.min() < low or values.max() > high:
        return False
    if low > instrument.minimum:
        # A range that starts at 1 is told from little pain only where both its ends occur, and nothing between.
        is_whole = bool((values == np.floor(values)).all())
        return len(values) >= _ENOUGH_FROM_ONE and is_whole and values.min() == low and values.max() == high
    factor = instrument.total_factor
    if factor > 1 and len(values) >= _ENOUGH and (values % factor == 0).all():
        return False
    # Scores of 0 and 1 alone are as likely little pain as another scale.
    return high > 1 or bool((values != np.floor(values)).any())


def _clear_range(one: ScoresSeen, instrument: Instrument) -> Range | None:
    """The range that the scores of one column show beyond doubt; missing where they could be in several."""
    values, beyond = one.values, one.beyond[one.beyond > instrument.maximum]
    own = instrument.minimum, instrument.maximum
    if len(values) + len(beyond) < _ENOUGH:
        return None
    if len(beyond):
        return _other_range(values, one.beyond, instrument) or own
    narrower = [other for other in instrument.other_ranges if other[1] < instrument.maximum]
    if not narrower or values.max() > max(high for _, high in narrower):
        return own
    factor = instrument.total_factor
    is_raw = factor > 1 and 2 * int((values % factor != 0).sum()) > len(values)
    is_share = values.max() <= 1 and len(np.unique(values[values != np.floor(values)])) > 1
    if not is_raw and not is_share:
        return None
    return next((other for other in sorted(narrower, key=lambda pair: pair[1]) if values.max() <= other[1]), None)
