"""What changed since the last load, in words: the sentences of the Data page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analytics.definitions.instruments import Instrument
from analytics.definitions.measures import MEASURES
from analytics.wording import definitions
from analytics.wording.numbers import SPACE, count, listed, percent, plural, points, rows
from analytics.wording.rates import NO_COURSE, counts, is_shown, size

_NOT_COMPARED = "The scores and sessions cannot be set against the last load: "

REFUSALS = {
    "axes": f"{_NOT_COMPARED}one has dates, days or visits where the other has not.",
    "origins": f"{_NOT_COMPARED}dates were turned into days in one of them only. Load the files with dates handled "
               "as last time.",
}

NOTHING_CHANGED = "Nothing changed since the last load."

_NOUNS = {"assessments": ("score", "scores"), "sessions": ("session", "sessions"),
          "attributes": ("patient's attribute", "patients' attributes")}
_MOST_NAMES = 10


def difference_sentences(found: Any, instruments: Mapping[str, Instrument]) -> list[str]:
    """Everything that changed, one sentence each, the gravest first where something fell.

    Parameters
    ----------
    found : from ``results.differences``
    instruments : of the new tables, for their titles
    """
    sentences = [*_falls(found), *columns_sentences(found.columns), *_patients(found.patients)]
    sentences += [REFUSALS[found.refusal]] if found.refusal else [one for table in found.rows for one in _rows(table)]
    sentences = sentences or [NOTHING_CHANGED]
    sentences += [rate_sentence(one, instruments) for one in found.rates]
    return sentences + ([f"Rates could not be counted on both sides: {found.not_counted}"] if found.not_counted else [])


def columns_sentences(columns: Any) -> list[str]:
    """Columns that are new, gone, and perhaps only renamed."""
    renamed = dict(columns.renamed)
    new = [header for header in columns.new if header not in renamed.values()]
    gone = [header for header in columns.gone if header not in renamed]
    sentences = [f"The column {now} may be what was {old}; say so if it is." for old, now in renamed.items()]
    sentences += [f"New {_columns(new)}: {_names(new)}."] if new else []
    return sentences + ([f"{_columns(gone).capitalize()} that {_are(len(gone))} gone: {_names(gone)}."] if gone else [])


def _columns(headers: Sequence[str]) -> str:
    return "column" if len(headers) == 1 else "columns"


def _names(headers: Sequence[str]) -> str:
    more = len(headers) - _MOST_NAMES
    return listed([*headers[:_MOST_NAMES], *([f"{count(more)} more"] if more > 0 else [])])


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _falls(found: Any) -> list[str]:
    return [f"{one.attribute} {one.site} has {plural(one.after, 'row')} of scores and sessions; "
            f"it had {count(one.before)} in the last load." for one in found.sites]


def _patients(patients: Any) -> list[str]:
    if patients.before and patients.after and not patients.both:
        return ["No patient code of the last load occurs in the new files: were the codes made afresh?"]
    return _sentence(("patient", "patients"), (("new", patients.new), ("gone", patients.gone)))


def _rows(table: Any) -> list[str]:
    sentences = _sentence(_NOUNS[table.table], (("new", table.added), ("changed", table.changed),
                                                ("gone", table.gone)))
    if table.totals_changed:
        one_total = table.totals_changed == 1
        sentences.append(f"{plural(table.totals_changed, 'total')} {'is' if one_total else 'are'} not what "
                         f"{'it was' if one_total else 'they were'}: {where(table.totals_changed_rows)}.")
    if 2 * table.gone > table.before:
        sentences.append(f"More than half of the last load's {_NOUNS[table.table][1]} are gone: the new files may hold "
                         "a shorter time or other patients.")
    return sentences


def _sentence(nouns: tuple[str, str], numbers: Sequence[tuple[str, int]]) -> list[str]:
    """12 scores are new, 3 changed, 1 is gone; empty where every number is 0."""
    there = [(word, number) for word, number in numbers if number]
    parts = []
    for place, (word, number) in enumerate(there):
        noun = f" {nouns[number != 1]}" if place == 0 else ""
        parts.append(f"{count(number)}{noun} {word}" if word == "changed" else
                     f"{count(number)}{noun} {_are(number)} {word}")
    return [", ".join(parts) + "."] if parts else []


def where(file_rows: Sequence[tuple[str, Sequence[int]]]) -> str:
    """Rows by file: march.csv, rows 4 and 17."""
    return "; ".join(f"{file}, row{'s' if len(numbers) > 1 else ''} {rows(numbers)}" for file, numbers in file_rows)


def rate_sentence(change: Any, instruments: Mapping[str, Instrument]) -> str:
    """One figure before and after: PHQ-9 response was 54 % (288 of 537), is 53 % (301 of 566)."""
    instrument = instruments.get(change.instrument)
    title = definitions.measure_title(MEASURES[change.measure])
    name = f"{instrument.title if instrument else change.instrument}, {title[:1].lower()}{title[1:]}"
    if change.before is None:
        return f"{name}: is new: {_shown(change.after)}."
    if change.after is None:
        return f"{name}: was {_shown(change.before)}, is not there any more."
    return f"{name}: was {_shown(change.before)}, is {_shown(change.after)}."


def _shown(result: Any) -> str:
    if size(result) == 0:
        return NO_COURSE.lower()
    if not is_shown(result):
        return counts(result) if not result.withheld else "withheld"
    estimate = (f"{points(result.estimate)}{SPACE}points" if result.measure == "mean_improvement"
                else percent(result.estimate))
    return f"{estimate} ({counts(result)})"
