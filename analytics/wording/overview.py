"""The words of the overview: chips, captions, notes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from analytics.definitions.instruments import Instrument
from analytics.wording.numbers import SMALLEST_SHOWN, count, percent, plural
from analytics.wording.rates import line

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December")


def day_words(iso: str) -> str:
    """A date as people write it: 31 March 2026."""
    on = date.fromisoformat(iso)
    return f"{on.day} {_MONTHS[on.month - 1]} {on.year}"


def as_of_words(as_of: str | None) -> str:
    """The day the figures speak for; files on relative days have none."""
    return f"as of {day_words(as_of)}" if as_of else "as of the files' end"


def as_of_missing(is_turned_relative: bool) -> str:
    """Why no calendar day is shown."""
    if is_turned_relative:
        return ("The dates of the files were turned into days from each patient's first session; the figures speak for "
                "the latest date in the files.")
    return "The files count days, so there is no calendar day these figures speak for."


def as_of_sentence(as_of: str | None, is_turned_relative: bool = False) -> str:
    """What the as-of day does."""
    if as_of is None and is_turned_relative:
        return as_of_missing(is_turned_relative) + " A course whose endpoint window closes after it is not yet due."
    if as_of is None:
        return ("The files count days and hold no calendar, so the figures speak for all that is in them. A course is "
                "not yet due only where the files say until which day each patient was observed.")
    return (f"The figures speak for {day_words(as_of)}, the latest day in the files. Rows after it are not used; a "
            "course whose endpoint window closes after it is not yet due.")


def dataset_words(label: str, counts: Mapping[str, int]) -> str:
    """The dataset with its size: Invented sample data, 812 patients, 934 courses."""
    return f"{label}, {plural(counts['patients'], 'patient')}, {plural(counts['courses'], 'course')}"


def context_line(courses: int, rules: str, as_of: str | None) -> str:
    """The line of counts, rules and as-of below every chart."""
    said = as_of_words(as_of)
    return f"{plural(courses, 'course')}. {rules}. {said[:1].upper()}{said[1:]}."


def piece_text(number: int, total: int) -> str:
    """What stands in one piece of a bar: its share, or its count where shares are not shown."""
    if not number:
        return ""
    return percent(number / total) if total >= SMALLEST_SHOWN else count(number)


def bands_sentence(labels: list[str], baseline: list[int], endpoint: list[int], instrument: Instrument) -> str:
    """What two stacked bars of bands say: the gravest and the mildest band, before and after."""
    total = sum(baseline)
    if not total:
        return "No course has a score both at the start and at the end."
    gravest, mildest = labels[-1], labels[0]
    if total < SMALLEST_SHOWN:
        return f"Of {plural(total, 'course')} with both scores {count(baseline[-1])} started {gravest}."
    shares = [percent(side[place] / total) for place in (-1, 0) for side in (baseline, endpoint)]
    return (f"{gravest.capitalize()} on {instrument.title}: {shares[0]} at the start, {shares[1]} at the end. "
            f"{mildest.capitalize()}: {shares[2]} at the start, {shares[3]} at the end. The same "
            f"{plural(total, 'course')} both times.")


def notes(counts: Mapping[str, int], gap_days: int) -> tuple[str, ...]:
    """What else must be known about the cohort: each a sentence, only where it is not zero."""
    late = counts.get("assessments_after_as_of", 0) + counts.get("sessions_after_as_of", 0)
    before, without = counts.get("possibly_started_before", 0), counts.get("patients_without_sessions", 0)
    found = []
    if late:
        found.append(f"{plural(late, 'row')} after the as-of day {_is(late)} not used.")
    if before:
        found.append(f"{plural(before, 'patient')} may have started before the files begin (first session within "
                     f"{gap_days} days of their first date); counted.")
    if without:
        found.append(f"{plural(without, 'patient')} {'has' if without == 1 else 'have'} scores and no session.")
    return tuple(found)


def _is(number: int) -> str:
    return "is" if number == 1 else "are"


def look_row(look: Any, instrument: Instrument) -> tuple[str, ...]:
    """A further look of the pain series as a row of a table."""
    shown = line(look.rate, look.at)
    at = f"{look.at[0].upper()}{look.at[1:]}"
    return instrument.title, at, shown.shown, shown.counts, shown.interval, shown.mark
