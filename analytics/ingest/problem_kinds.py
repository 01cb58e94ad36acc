"""What can be wrong with a file: one text a kind of problem, in the words that people read.

No text quotes a cell: a finding names rows and a column, and what kind of thing was expected there.
"""

from __future__ import annotations

from dataclasses import dataclass

from analytics.definitions.findings import Severity


@dataclass(frozen=True)
class ProblemKind:
    """A kind of problem; ``{n:value is|values are}`` in a text becomes "1 value is" or "3 values are"."""

    severity: Severity
    problem: str
    remedy: str


def _blocks(problem: str, remedy: str) -> ProblemKind:
    return ProblemKind("blocks", problem, remedy)


def _drops(problem: str, remedy: str) -> ProblemKind:
    return ProblemKind("drops_rows", problem, remedy)


def _note(problem: str, remedy: str) -> ProblemKind:
    return ProblemKind("note", problem, remedy)


_CORRECT = "Correct the cells in the file and load it again; until then they count as missing."

PROBLEM_KINDS: dict[str, ProblemKind] = {
    # The file as a whole
    "unreadable": _blocks(
        "The file is not a table that can be read: it looks like {looks_like}.", "{what_to_do}"),
    "empty": _blocks("The file is empty.", "Export it again, with a header and at least one row."),
    "no_rows": _blocks("The file holds a header and no rows.", "Export it again with its rows."),
    "no_header": _blocks(
        "The first row looks like values and not like the names of columns.",
        "Put a row with the names of the columns above the values."),
    "nothing_recognised": _blocks(
        "No column was recognised as a score, a session or a known attribute.",
        "Say what the columns are, as in --map COLUMN=phq9; --map COLUMN=patient_id names the patient's code."),
    "no_patient_column": _blocks(
        "No column holds the patient's code.",
        "Name it with {option}; use a code, never a name or a record number."),
    "patient_key_identifies": _blocks(
        "The column that says which patient a row belongs to would identify the person.",
        "Replace it in the export by a code of the clinic's own, the same in every file."),
    "axes_differ": _blocks(
        "This file places its rows by {has}, the others by {wanted}; rows cannot be put in one order.",
        "Give every file the same kind of column: dates, days from one origin per patient, or visits."),
    "days_restart": _blocks(
        "Session days of {n:a patient start|patients start} again, and rows carry no course id: courses would be "
        "mixed.",
        "Count days from one origin per patient, or give every row of sessions and scores a course_id."),
    # Reading
    "encoding_guessed": _note(
        "The file is not UTF-8; it was read as {encoding}.", "Nothing to do if accented letters look right."),
    "nul_bytes": _note(
        "{n:row holds|rows hold} NUL characters; they were replaced, so that the cells fail their own checks.",
        "Export the file again; it may be damaged."),
    "row_ragged": _drops(
        "{n:row has|rows have} more cells than the header names.",
        "Quote cells that hold the delimiter, or give the extra columns a name."),
    "row_short": _note(
        "{n:row has|rows have} fewer cells than the header; the rest were taken as blank.",
        "Check that no delimiter is missing."),
    "lone_quote": _note(
        "{n:row holds|rows hold} a quotation mark without its partner; it was taken as part of the text.",
        "Check these rows; double the mark inside quoted cells."),
    "duplicate_header": _note(
        "Another column has the same name; the first was read, the later one was not.",
        "Give every column its own name."),
    "blank_header": _note(
        "{n:column has|columns have} no name; not read unless mapped, as in --map \"(column 3)=attribute\".",
        "Name them in the export, or leave them out."),
    "sheet_not_used": _note(
        "The sheet holds no column that was recognised; it was not read.",
        "Say what its columns are with --map COLUMN=FIELD if it should be."),
    "duplicate_file": _drops(
        "The file has the same content as another one and was not read again.", "Give each file once."),
    # Columns
    "identifier_not_read": _note(
        "{these} not read: they look like {names}.",
        "Leave them out of the export; if one is harmless, --map COLUMN=attribute reads it."),
    "identifier_mapped": _note(
        "The column looks like it could identify a person; it was read because it was mapped by name.",
        "Take the mapping away if that was not meant."),
    "column_not_used": _note(
        "{these} not used: {names}.", "Say what they are with --map COLUMN=FIELD if they matter."),
    "column_ambiguous": _note("{why}", "{what_to_do}"),
    "suspicious_range": _note(
        "The scores of {title} lie where another form of the scale has its range, {other}; "
        "they were read as {own}.", "{what_to_do}"),
    "route_as_attribute": _note(
        "The route is filled on every row of a file with scores; it was taken as an attribute, not as sessions.",
        "If each row is a session too, say {option}."),
    "date_not_used": _note(
        "The date was not read as the day of a session: the file's other columns describe patients.",
        "Say {option} if each row is a session."),
    "item_columns_missing": _drops(
        "The file has columns for {n_there} of the {n_items} items of {title}, so no total was made from them.",
        "Export all items, or the total."),
    "items_not_used": _note(
        "The file has columns for {n_there} of the {n_items} items of {title}; the stored total was used alone.",
        "Export all items if the total should be checked against them."),
    "rows_as_patients": _note(
        "The file has no patient column; each row was taken as one patient.",
        "If rows belong together, name the patient's code with --map COLUMN=patient_id."),
    "instrument_unknown": _drops(
        "{n:row names|rows name} an instrument that is not known or not told exactly enough.",
        "Use the key of an instrument in that column, or describe the instrument in an instruments file."),
    # Cells
    "patient_missing": _drops(
        "{n:row has|rows have} no patient code.", "Fill in the code; rows without one cannot be used."),
    "day_missing": _drops(
        "{n:row has|rows have} {what} and no {axis}.", "Fill in the {axis}."),
    "not_a_date": _drops(
        "{n:value is not a date|values are not dates}; YYYY-MM-DD was expected.",
        "Write dates as YYYY-MM-DD: other forms can be read in two ways."),
    "date_out_of_range": _drops(
        "{n:date lies|dates lie} outside 1990 to 2099.", "Correct the dates."),
    "not_a_day": _drops(
        "{n:value is not a day|values are not days}; a whole number from {minimum} to {maximum} was expected.",
        "Correct the days, or use dates."),
    "not_a_time": _note(
        "{n:value is not a time|values are not times} of day; HH:MM was expected. Counted as missing.",
        "Write times as HH:MM."),
    "not_a_number": _drops(
        "{n:value is not a number|values are not numbers}; {expected} was expected.", _CORRECT),
    "out_of_range": _drops(
        "{n:value lies|values lie} outside the range; {expected} was expected.", _CORRECT),
    "missing_code": _note(
        "{n:value is|values are} a usual code for a missing answer and outside the range; counted as missing.",
        "Nothing to do if that is what the code means; otherwise correct the cells."),
    "fractional_total": _note(
        "{n:total is not a whole number|totals are not whole numbers} although {title} has whole totals; kept.",
        "Check how the totals were made."),
    "not_yes_no": _drops(
        "{n:value is|values are} neither yes nor no.",
        "Write yes or no (or 1 or 0); until then they count as missing."),
    "word_not_known": _note(
        "{n:value is|values are} not among the words expected here: {expected}. {then}", "Use one of these words."),
    # Items
    "total_disagrees": _drops(
        "{n:stored total disagrees|stored totals disagree} with the items, which are all there; the items were used.",
        "Check how the export makes the total."),
    "total_with_missing_items": _note(
        "{n:stored total differs|stored totals differ} from what the answered items give, and items are missing; "
        "the stored total was kept and is marked.",
        "Check how the export treats unanswered items."),
    "too_few_items": _drops(
        "{n:row has|rows have} too many unanswered items for a total of {title}, and no stored total.",
        "Complete the items or give the total; until then the row has no score."),
    "repeated_value_disagrees": _drops(
        "A value repeated on the rows of one patient differs between {n:row|rows}; it was not used.",
        "Give the patient one value, or one row a visit."),
    # Rows against each other
    "duplicate_row": _drops(
        "{n:row repeats|rows repeat} another row exactly and {n:was|were} used once.", "Leave repeated rows out."),
    "same_day_scores": _note(
        "{n:row holds|rows hold} different scores of one patient and instrument on one {axis}; rules pick one of them.",
        "Correct the rows, or give the time of day or whether the score was before the session."),
    "same_day_sessions": _note(
        "{n:row holds|rows hold} different sessions of one patient on one day; both were kept.",
        "Check whether one of them is a correction of the other."),
    "sessions_without_scores": _note(
        "{n:patient has|patients have} sessions and no score.",
        "Check that the scores of these patients were exported."),
    "scores_without_sessions": _note(
        "{n:patient has|patients have} scores and no session, while others have sessions.",
        "Check that the sessions of these patients were exported, and that codes agree between files."),
    "no_patient_in_common": _drops(
        "No patient code of the sessions is among those of the scores, so no score could be placed in a course.",
        "Check how the files write the codes: 12 and 0012 are two patients. Text columns keep leading zeros."),
    "attributes_only": _note(
        "{n:patient has|patients have} neither a session nor a score.", "Nothing to do if they were never treated."),
    "attribute_contradicts": _drops(
        "{n:row gives|rows give} a patient a value that another row contradicts; it counts as missing.",
        "Give the patient one value, or a day with each value."),
    "course_id_unknown": _note(
        "{n:score carries|scores carry} a course id that no session of the patient has.",
        "Check the course ids of the rows."),
    "observed_until_disagrees": _note(
        "{n:row gives|rows give} a patient different last observed days; the earliest was used.",
        "Give each patient one last observed day."),
    "observed_until_not_used": _note(
        "The last observed day is given as {has} while rows have {wanted}; it was not used.",
        "Give it in the same form as the days of the rows."),
    "planned_sessions_disagree": _note(
        "{n:row gives|rows give} a patient different numbers of planned sessions; the smallest was used.",
        "Give each patient, or each course, one number."),
    "not_due_unknown": _note(
        "The files hold days without dates and no last observed day: running courses cannot be told from lost ones.",
        "Add a column observed_until_day, or use dates."),
    "visit_order_unknown": _note(
        "The order of the visits cannot be told from their names.",
        "Name them, as in --set baseline_visit=... --set endpoint_visit=...."),
}
"""Every kind of problem by its code."""
