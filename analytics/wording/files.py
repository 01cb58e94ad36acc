"""Files, columns and findings in words: the Data page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from analytics.definitions.findings import SEVERITIES, Finding, Severity
from analytics.definitions.instruments import Instrument
from analytics.definitions.tables import ASSESSMENTS, SESSIONS, ColumnUse, FileRecord
from analytics.results.near_misses import NearMiss
from analytics.wording.numbers import count, plural, rows, score

SEVERITY_TITLES: dict[Severity, str] = {
    "blocks": "Nothing can be counted until this is mended",
    "drops_rows": "A row or a value was not used",
    "note": "Good to know, nothing was lost",
}

KIND_TITLES = {
    "assessments": "scores", "sessions": "sessions", "attributes": "patients", "mixed": "scores and sessions",
}

NOT_USED = "ignore"

LEAVE_WORDS = "Leave it out, or leave it as it is"

IT_IS_THAT = "it is that"
"""An answer of the files' reader that means the likeliest of several scales."""

CONFIDENCE_WORDS = {"said": "as you said", "sure": "sure", "likely": "likely, please look", "open": "not read"}

DATES_WORDS = {
    "relative": "Make them days from each patient's first session (no date is shown or kept in the numbers)",
    "keep": "Keep them: an internal view, months can be shown, not for sharing",
}
CHANGE_DATES_WORDS = {"relative": "Make dates relative", "keep": "Keep real dates"}

_OWN_FIELDS = {
    "date": "date of the row, YYYY-MM-DD",
    "record_type": "tells sessions from scores",
    "observed_until_day": "last day the patient was observed",
    "attribute": "something to group and filter by",
    NOT_USED: "not used",
}


def field_words(fields: Iterable[str], instruments: Mapping[str, Instrument]) -> dict[str, str]:
    """Everything a column can be, in the command line's words and in people's words; the likeliest first."""
    meanings = {column.name: column.meaning for column in (*ASSESSMENTS, *SESSIONS)} | _OWN_FIELDS
    known = list(fields)
    first = [name for name in (NOT_USED, "attribute", "patient_id", "day", "date", "visit") if name in known]
    words = {name: f"{meanings[name]} ({name})" for name in first}
    for instrument in instruments.values():
        words[instrument.key] = f"{instrument.title}, total ({instrument.key})"
        for low, high in instrument.other_ranges:
            words[f"{instrument.key}[{score(low)}..{score(high)}]"] = (
                f"{instrument.title}, written as {score(low)} to {score(high)}")
    words |= {name: f"{meanings[name]} ({name})" for name in known if name in meanings and name not in words}
    for instrument in instruments.values():
        words |= {f"{instrument.key}.{item}": f"{instrument.title}, item {item}"
                  for item in range(1, instrument.n_items + 1)}
    return words


def use_words(use: ColumnUse, words: Mapping[str, str]) -> str:
    """What a column was taken for."""
    if use.field is None:
        return "not used"
    field, _, visit = use.field.partition("@")
    return words.get(field, field) + (f" at visit {visit}" if visit else "")


def files_sentence(files: Sequence[FileRecord]) -> str:
    """How much was read: 2 files, 5,120 rows."""
    return f"{plural(len(files), 'file')}, {plural(sum(one.rows for one in files), 'row')}"


def columns_sentence(columns: Sequence[ColumnUse]) -> str:
    """How many columns were understood."""
    used = sum(one.field not in (None, NOT_USED) for one in columns)
    return f"{count(used)} of {plural(len(columns), 'column')} understood"


VISITS_WORDS = "Which visits are before and after? Without a choice the first and the last visit count."


def about_use(use: ColumnUse) -> str:
    """Why a column was taken for something, and how sure that is."""
    return ": ".join(one for one in (CONFIDENCE_WORDS[use.confidence], use.reason) if one)


def axis_sentence(axis: str, visits: Sequence[str] = (), *, is_turned_relative: bool) -> str:
    """How rows are placed in time."""
    if axis == "visit":
        return f"Rows are placed by visits: {', '.join(visits)}."
    if is_turned_relative:
        return "Rows are placed by dates, turned into days from each patient's first session."
    return {"day": "Rows are placed by days from one origin per patient.",
            "date": "Rows are placed by calendar dates, which are kept here."}[axis]


def questions_sentence(number: int) -> str:
    """How many questions are open."""
    return plural(number, "question") if number else "nothing"


def loaded_sentence(files: Sequence[FileRecord], *, is_blocked: bool) -> str:
    """Whether the rows can be counted, and how many are."""
    return "not yet" if is_blocked else f"{plural(sum(one.rows_used for one in files), 'row')} in use"


def findings_sentence(findings: Sequence[Finding]) -> str:
    """How many findings of each gravity."""
    if not findings:
        return "nothing found"
    words = {"blocks": "to mend first", "drops_rows": "about what was not used", "note": "good to know"}
    numbers = {severity: sum(one.severity == severity for one in findings) for severity in SEVERITIES}
    return f"{plural(len(findings), 'finding')}: " + ", ".join(
        f"{number} {words[severity]}" for severity, number in numbers.items() if number)


def rows_not_used(file: FileRecord) -> int:
    """Rows that hold something and were not used."""
    return file.rows - file.rows_used - file.rows_blank


def counts_sentence(files: Sequence[FileRecord]) -> str:
    """The counts that add up: rows = used + not used + blank."""
    used, blank = sum(one.rows_used for one in files), sum(one.rows_blank for one in files)
    not_used = sum(map(rows_not_used, files))
    return (f"{count(used + not_used + blank)} rows = {count(used)} used + {count(not_used)} not used + "
            f"{count(blank)} blank")


def where_words(finding: Finding) -> str:
    """File, column and rows of a finding: the first 20 rows and how many there are."""
    where = [finding.file or "all files"]
    if finding.column is not None:
        where.append(f"column {finding.column}")
    if finding.rows:
        where.append(f"row{'s' if len(finding.rows) > 1 else ''} {rows(finding.rows)}")
    return ", ".join(where)


def near_miss_sentence(near: NearMiss, instrument: Instrument) -> str:
    """31 of 62 courses without a baseline of PHQ-9 miss its window by 15 days or less."""
    verb = "misses" if near.n_courses == 1 else "miss"
    what = "a baseline" if near.window == "baseline" else "an endpoint"
    return (f"{count(near.n_courses)} of {plural(near.n_missing, 'course')} without {what} of {instrument.title} "
            f"{verb} its window by {plural(near.within_days, 'day')} or less")


def answer_words(means: str, field: str, instruments: Mapping[str, Instrument]) -> str:
    """What an answer says that a column is; where the question names several scales, which of them."""
    if means != IT_IS_THAT:
        return means
    which = field_words([field], instruments)[field].removesuffix(f" ({field})")
    whole = instruments.get(field)
    span = f", {score(whole.minimum)} to {score(whole.maximum)}" if whole is not None and whole.other_ranges else ""
    return f"it is the {which}{span}"


def unnamed(place: int, n_datasets: int) -> str:
    """What a dataset is called where nobody may read the names of its files; numbered where there are several."""
    return "The clinic's data" if n_datasets == 1 else f"The clinic's data, {count(place)}"


def copy_note(differences: Sequence[str]) -> str:
    """What a synthetic copy is, and where its findings are not those of the original."""
    lines = ["A synthetic copy: the same columns and kinds of findings as the original files, and no patient.",
             "Look at it before you hand it on: headers, names of visits, yes and no are those of the original."]
    if differences:
        lines += ["", "Where the findings of the copy differ from the original's:", *differences]
    return "\n".join(lines) + "\n"
