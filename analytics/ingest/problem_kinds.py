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
        "Replace it in the export by a code of the clinic's own, the same in every file, or have it replaced here by "
        "codes made with a local key: --map COLUMN=patient_id[keyed]."),
    "axes_differ": _blocks(
        "This file places its rows by {has}, the others by {wanted}; rows cannot be put in one order.",
        "Give every file the same kind of column: dates, days from one origin per patient, or visits{or_say}."),
    "scores_without_dates": _note(
        "{n:row holds|rows hold} scores placed by {has}, and sessions are placed by {wanted}.",
        "Give the scores {wanted}, or say how they are placed: {ways}."),
    "sessions_left_out": _drops(
        "{n:row holds a session|rows hold sessions} and visits place all scores; sessions were left out.",
        "Give the scores days or dates to count from sessions."),
    "days_restart": _blocks(
        "Session days of {n:a patient start|patients start} again, and rows carry no course id: courses would be "
        "mixed.",
        "Count days from one origin per patient, or give every row of sessions and scores a course_id."),
    "date_order_unknown": _blocks(
        "The dates can be read in several ways, as 03/04 can, and no value settles the order; no row can be placed.",
        "Say which one it is: {ways}."),
    "date_serial_unknown": _blocks(
        "The column of dates holds numbers that could be a spreadsheet's serial days; no row can be placed.",
        "Say what they are: {ways}."),
    "date_holds_numbers": _blocks(
        "The column is called a date and holds small whole numbers; no row can be placed.",
        "Say what they are: {ways}."),
    "day_unit_unknown": _blocks(
        "The column of days holds weeks, which could be days to count with or names of visits; no row can be placed.",
        "Say what they are: {ways}."),
    "leading_zeros_differ": _blocks(
        "No patient code is the same in this file and another unless leading zeros are dropped, and then all of one "
        "file are; the patients were not joined.",
        "Say whether they are the same: {ways}."),
    "ids_per_site": _blocks(
        "{n:patient code stands|patient codes stand} at several sites for people who cannot be the same: codes seem to "
        "be unique within a site only.",
        "Say whether they are: {ways}."),
    "codes_at_several_sites": _note(
        "{n:patient code stands|patient codes stand} at several sites, which is most of them: codes may be unique "
        "within a site only. Each code was read as one patient.",
        "Say whether they are: {ways}."),
    "ids_per_file": _blocks(
        "{n:patient code stands|patient codes stand} in several of {names}, which hold the same columns, for people "
        "who cannot be the same or whose rows lie in the midst of each other: codes seem to be unique within a file "
        "only.",
        "Say whether they are: {ways}."),
    "codes_in_several_files": _note(
        "{n:patient code stands|patient codes stand} in several of {names}, which hold the same columns. Each code was "
        "read as one patient.",
        "Say whether they are: {ways}."),
    "file_without_label": _blocks(
        "Patient codes are said to be unique within a file only, and the name of this file does not say to which of "
        "the others it belongs.",
        "Name files of one site alike, as in north_scores.csv and north_sessions.csv."),
    "codes_alike": _note(
        "{n:patient code is|patient codes are} written in several ways that differ in letter case, spaces or hyphens "
        "only. Each way was read as a patient of its own.",
        "Say whether they are the same: {ways}."),
    "no_site_column": _blocks(
        "Patient codes are said to be unique within a site only, and this file has no column of sites.",
        "Add the site to the file, or say --map COLUMN=attribute for the column that holds it."),
    # Reading
    "encoding_guessed": _note(
        "The file is not UTF-8; it was read as {encoding}.", "Nothing to do if accented letters look right."),
    "encoding_unsure": _note(
        "The file is not UTF-8 and does not say what it is; it was read as {encoding}. Read as {others} it would give "
        "words as well, with other letters in patient codes, sites and the like.",
        "Look at names with accents; if they are wrong, export the file as UTF-8."),
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
        "Another column has the same name; the later one goes by that name and its number, as in name (column 5).",
        "Give every column its own name."),
    "blank_header": _note(
        "{n:column has|columns have} no name; not read unless mapped, as in --map \"(column 3)=attribute\".",
        "Name them in the export, or leave them out."),
    "sheet_not_used": _note(
        "The sheet or file holds no column that was recognised; it was not read.",
        "Say what its columns are with --map COLUMN=FIELD if it should be."),
    "duplicate_file": _drops(
        "The file has the same content as another one and was not read again.", "Give each file once."),
    # Archives, folders and workbooks
    "too_large": _blocks("The file or folder is larger than {limit} and was not read.", "{what_to_do}"),
    "archive_too_large": _blocks(
        "The archive unpacks to far more than a table of its size would; it was not unpacked.", "{what_to_do}"),
    "too_many_files": _blocks("There are more than {limit} files inside; none was read.", "Give the tables alone."),
    "empty_archive": _blocks("There is no file inside.", "Give the tables, or an archive that holds them."),
    "no_table_inside": _blocks(
        "None of the files inside is a table that can be read.", "Export the tables as CSV or XLSX and give those."),
    "member_not_read": _drops("The file inside was not read: it looks like {looks_like}.", "{what_to_do}"),
    "member_not_used": _drops(
        "This file was not used, others of the same export were. {why}", "{what_to_do}"),
    "member_name_unsafe": _note(
        "The name of a file in the archive points outside of it; only the last part of the name was kept, and nothing "
        "was written anywhere.",
        "Ask where the archive comes from if that is a surprise."),
    "sheet_no_header": _drops(
        "It cannot be told which row of this sheet or file names the columns; it was not read.",
        "Put a row with the names of the columns above the values, or leave the sheet out."),
    "sheet_empty": _note("The table holds a header and no rows.", "Nothing to do if it should be empty."),
    "sheet_hidden": _note("The sheet is hidden in the workbook; it was read.", "Delete it if it should not count."),
    "sheet_names_asked": _note(
        "{n:sheet has|sheets have} the same columns and no column that names the patient; the names of the sheets may "
        "say whose rows they hold.",
        "Say what they are, as in --map \"(sheet)=patient_id\"."),
    "hidden_rows": _note(
        "{n:row is|rows are} hidden in the workbook; read like the others.",
        "Delete them, or clear the filter and export again, if they should not count."),
    "merged_filled": _note(
        "{n:row lies|rows lie} under a cell that was merged over several rows; each got the value of that cell.",
        "Check these rows; unmerge the cells before the export if that is not meant."),
    "merged_not_filled": _note(
        "{n:row lies|rows lie} under a cell that was merged over several rows; their cells were taken as blank.",
        "Unmerge the cells and fill in each row where that is not meant."),
    "formula_without_value": _drops(
        "{n:cell holds|cells hold} a formula whose result was not saved; counted as missing.",
        "Open the workbook in a spreadsheet program, save it, and give it again."),
    # Where the table is
    "header_moved": _note(
        "The columns are named in row {row}; {n:row|rows} above it {n:was|were} taken as a title and not read.",
        "Nothing to do if that is right."),
    "header_joined": _note(
        "The names of the columns stand in two rows; they were put together.",
        "Check the names; write them in one row if they are not right."),
    "second_header": _drops(
        "{n:row below the header holds|rows below the header hold} units or questions where other rows hold values; "
        "not read.",
        "Nothing to do if that is right; otherwise delete the row below the header."),
    "repeated_header": _drops(
        "{n:row repeats|rows repeat} the header and {n:was|were} not read.", "Nothing to do."),
    "total_row": _drops(
        "{n:row is a total, a mean or a remark|rows are totals, means or remarks} and no patient's; not read.",
        "Nothing to do if that is right; otherwise delete or rename the label in the row's first cell."),
    # Columns
    "identifier_not_read": _note(
        "{these} not read: they look like {names}.",
        "Leave them out of the export; if one is harmless, --map COLUMN=attribute reads it."),
    "identifier_reducible": _note(
        "The column looks like {what} and was not read; a part of it that does not identify can be kept.",
        "Say {option} to {meaning}."),
    "identifier_in_cells": _drops(
        "{n:row holds|rows hold} {what} in this column; these cells were not read.",
        "Take them out of the export; the rest of the column was read."),
    "not_reduced": _drops(
        "{n:row holds|rows hold} something else than {expected}, of which nothing was kept.",
        "Correct the cells, or leave the column out."),
    "no_key_for_codes": _blocks(
        "The patients of this file are to get codes made with a key, and there is no key here.",
        "Choose a folder for saved data: the key is made and kept there. Or put codes in place of the column in the "
        "export."),
    "identifier_mapped": _note(
        "The column looks like it could identify a person; it was read because it was mapped by name.",
        "Take the mapping away if that was not meant."),
    "column_not_used": _note(
        "{these} not used: {names}.", "Say what they are with --map COLUMN=FIELD if they matter."),
    "column_ambiguous": _note("{why}", "{what_to_do}"),
    "columns_likely": _note(
        "{these} read on weaker evidence than a usual name: {names}.",
        "Look at what they were taken for; --map COLUMN=FIELD says it, --map COLUMN=ignore takes it back."),
    "form_not_complete": _note(
        "{n:row comes|rows come} from a form that is not marked as complete; used like any other.",
        "Nothing to do if the answers are right."),
    "box_without_label": _note(
        "The column is one box of a list of side effects, and its name does not say which; it was not read.",
        "Say which one it is, as in {option}, or export the data with labels."),
    "suspicious_range": _note(
        "The scores of {title} lie where another form of the scale has its range, {other}; "
        "they were read as {own}.", "{what_to_do}"),
    "route_as_attribute": _note(
        "The route is filled on every row of a file with scores, or the rows have no day; it was taken as an "
        "attribute, not as sessions.",
        "If each row is a session too, say {option}."),
    "date_not_used": _note(
        "The date was not read as the day of a session: the file's other columns describe patients.",
        "Say {option} if each row is a session."),
    "item_columns_missing": _drops(
        "The file has columns for {n_there} of the {n_items} items of {title}, so no total was made from them.",
        "Export all items, or the total."),
    "answers_from_one": _drops(
        "The answers to {title} in {n:row|rows} go from {low} to {high} and none is lower: they may be counted from 1. "
        "No total was made from them.",
        "If they are, say {option}; it goes for all items."),
    "items_not_used": _note(
        "The file has columns for {n_there} of the {n_items} items of {title}; the stored total was used alone.",
        "Export all items if the total should be checked against them."),
    "rows_as_patients": _note(
        "The file has no patient column; each row was taken as one patient.",
        "If rows belong together, name the patient's code with --map COLUMN=patient_id."),
    "instrument_unknown": _drops(
        "{n:row names|rows name} an instrument that is not known or not told exactly enough.",
        "Use the key of an instrument in that column, or describe the instrument in an instruments file."),
    "measures_in_rows": _note(
        "The file holds one measurement a row, its name under this column and its value under {value}; {n:value was|"
        "values were} read as a score or an answer. Answers of one patient and time were put on one line.",
        "Nothing to do; a finding about such a line names the first of its rows."),
    "measure_not_used": _note(
        "{n:row holds|rows hold} measures that are not read ({names}); the rows named here are the first with names "
        "that are not known.",
        "Nothing to do for vital signs. If a score is among them, name it in the export as PHQ-9 Total or PHQ-9 Q1."),
    "joined_by_id": _note(
        "Rows carry the id of a row of {parent}, where it is a unique key; {names} came from there.",
        "Nothing to do if that is what the id means; otherwise --map the id to ignore or leave {parent} out."),
    "id_not_found": _drops(
        "{n:row carries|rows carry} an id that is not in {parent}, so nothing says whose or when they are.",
        "Export both tables for the same time, or fill in patient and date."),
    "joined_patient_differs": _drops(
        "{n:row names|rows name} another patient than the row of {parent} with the same id; nothing was taken from it.",
        "Correct the patient or the id."),
    "dates_not_sessions": _note(
        "The table has dates, and neither scores nor treatments; its rows were not taken as sessions.",
        "Nothing to do; if each row is a session, map the date to treated_on."),
    "totals_beside_answers": _note(
        "{n:row gives|rows give} the total of a form whose answers are in {child}; the total was read there.",
        "Nothing to do."),
    "id_is_patient": _note(
        "The table names patients by this column: its ids are those of the other tables.", "Nothing to do."),
    "events_are_sessions": _note(
        "The table lists events; {n:row|rows} whose kind is a treatment were taken as sessions, the others not.",
        "Check the number; if each row is a session, map the date to treated_on."),
    "appointment_types_asked": _note(
        "The table lists appointments, and it cannot be told which of their types are sessions; none was taken as one.",
        "Say which: {ways}."),
    "session_columns_asked": _note(
        "{n:column is|columns are} called after numbered sessions and hold whole numbers, which could be days; not "
        "read.",
        "Say {option} if they are days; it goes for all of them."),
    "events_not_held": _note(
        "{n:event was|events were} cancelled, missed or moved; not taken as sessions.", "Nothing to do."),
    "events_open": _note(
        "The table lists events and nothing says which of them are treatments; none was taken as a session.",
        "Say {option} if each row is a session."),
    "not_treatments": _note(
        "The table lists medicines most of which are not ketamine; its rows were not taken as sessions.",
        "Leave the table out, or map its date to treated_on if each row is a session."),
    "answers_in_rows": _note(
        "The table holds one answer a row; {n:answer was|answers were} put side by side, one line a filled-in form.",
        "Nothing to do; a finding about such a line names the first of its rows."),
    "answers_not_used": _note(
        "{n:row answers a question|rows answer questions} of no scale that is known; the first is named here.",
        "Nothing to do unless a scale is among them: name it by its survey and the number of the question."),
    "resources_numbered": _note(
        "This is a FHIR file: a row number is the place of an entry in the Bundle, or of a line, counted from 1.",
        "Nothing to do."),
    "resources_not_used": _note(
        "{n:resource holds|resources hold} nothing that is read: {names}.",
        "Nothing to do unless scores or sessions are among them; scores are known by their LOINC codes."),
    "resource_unreadable": _drops(
        "{n:entry is|entries are} no FHIR resource that can be read.", "Export the file again."),
    "resource_status": _drops(
        "{n:resource has|resources have} a status that does not count; scores count when final, amended or corrected, "
        "forms when completed or amended, sessions when completed.",
        "Nothing to do if they were withdrawn or are not finished; otherwise set their status and export again."),
    "resource_modified": _drops(
        "{n:resource carries|resources carry} a modifier extension, which may turn its meaning round; not used.",
        "Have the sender leave such resources out, or export them without the modifier."),
    "resource_again": _drops(
        "{n:resource is|resources are} an older version or a copy of another one in the file; the newest was used.",
        "Nothing to do."),
    "resource_versions_unclear": _drops(
        "{n:resource has|resources have} the id of another one and other content, and no version tells which is newer.",
        "Export with the version or time of each resource, or leave the wrong ones out."),
    "resource_value_unclear": _drops(
        "{n:resource holds|resources hold} an answer that is no single number: a comparator, or several answers.",
        "Correct them in the source; until then they count as missing."),
    "resource_unit_unknown": _drops(
        "{n:score carries|scores carry} a unit that is not one of scores.",
        "Export scores with the unit {{score}} or none."),
    "medication_not_found": _drops(
        "{n:administration points|administrations point} to a medicine that is not in the file, so nobody can tell "
        "whether it was ketamine.",
        "Give the medicines in the same file; NDJSON files may simply be joined."),
    "resources_read_elsewhere": _note(
        "{n:resource belongs|resources belong} to an assessment of which another file of the export holds the first "
        "answer; read there.",
        "Nothing to do."),
    "resource_date_beside": _note(
        "{n:resource gives|resources give} no time of its own; the start of its encounter, or the time it was issued, "
        "was taken.",
        "Check that scores were taken on those days."),
    "sessions_joined": _note(
        "{n:procedure lies|procedures lie} on the day of an administration to the same patient; taken as one session.",
        "Nothing to do unless there were two sessions on that day."),
    "bundle_is_a_page": _note(
        "The Bundle says that more pages follow; only this one was given.",
        "Give the other pages too, or export everything in one file."),
    # Cells
    "patient_missing": _drops(
        "{n:row has|rows have} no patient code.", "Fill in the code; rows without one cannot be used."),
    "patient_on_first_row": _drops(
        "{n:row has|rows have} no patient code; codes seem to stand on the first row of each patient alone.",
        "Say {option} if a blank row belongs to the patient above it."),
    "day_missing": _drops(
        "{n:row has|rows have} {what} and no {axis}.", "Fill in the {axis}."),
    "session_day_asked": _note(
        "The table holds sessions and no column that says when they were; this one could.", "Say {option} if it does."),
    "date_without_year": _drops(
        "{n:value is a date|values are dates} without a year, as a spreadsheet may show and save them.",
        "Show the whole date in the column's format, and export again."),
    "not_a_date": _drops(
        "{n:value is not a date|values are not dates}; a day that exists was expected, such as YYYY-MM-DD.",
        "Correct the cells; 31/02/2024 is no day, and 13/04/2024 is none where the month comes first."),
    "date_out_of_range": _drops(
        "{n:date lies|dates lie} outside 1990 to 2099.", "Correct the dates."),
    "date_ambiguous": _drops(
        "{n:date has|dates have} two readings, as 03/04 has, and no value of the column settles the order; "
        "their rows were not used, and every figure rests on the others alone.",
        "Say the order of the column, or write these dates as YYYY-MM-DD."),
    "days_from_1904": _note(
        "{n:cell holds|cells hold} a number of days in a workbook that counts them from 1904; read so.",
        "Nothing to do if the dates are right; cells formatted as dates need no such reading."),
    "serial_dates_read": _note(
        "{n:cell holds|cells hold} a number among dates; read as a spreadsheet's serial day, counted from 1900.",
        "Check these rows; format the cells as dates before the export."),
    "short_years": _note(
        "{n:date has|dates have} a year of two digits; 00 to 89 were read as 2000 to 2089, 90 to 99 as 1990 to 1999.",
        "Nothing to do if that is right."),
    "column_waits": _note(
        "How the column is written cannot be told from its values, so it was not read; another column places the rows.",
        "Say what it is if it matters: {ways}."),
    "days_from_one": _note(
        "No row has day 0 and {n:patient has a first session|patients have their first session} on day 1: days may be "
        "counted from 1. They were read as they stand.",
        "Say which one it is: {ways}. It matters for days before the first session only."),
    "id_damaged": _drops(
        "{n:row has a patient code|rows have patient codes} that a spreadsheet turned into a rounded number, as "
        "1.2E+11; different patients may share one.",
        "Export the codes as text."),
    "site_missing": _drops(
        "{n:row has|rows have} a patient code that is unique within a site only, and no site.",
        "Fill in the site."),
    "excel_date_damage": _drops(
        "{n:value is a date|values are dates} where a number or a range was expected: a spreadsheet turns 5-9 into "
        "9-May.",
        "Format the column as text before the values are typed or opened, and export it again."),
    "number_in_text": _note(
        "{n:value holds|values hold} words beside the number; the number was read as the score.",
        "Check a few of these rows."),
    "band_not_score": _drops(
        "{n:value is|values are} a range of scores and not a score; {expected} was expected.",
        "Export the score itself; a range cannot be compared."),
    "answer_unclear": _drops(
        "{n:answer has|answers have} words and a number that do not mean the same; {expected} was expected.",
        "Check how the form writes its answers."),
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
    "read_as_phq8": _note(
        "Item 9 of the PHQ-9 is empty on every row and items 1 to 8 are there; the file was read as the PHQ-8, and "
        "nothing is known of item 9.",
        "Export item 9 if it was asked."),
    "ranges_mixed": _drops(
        "Scores of {title} from 0 to 1 stand in one column with scores of a wider range; none of the column was used.",
        "Give each form a column of its own, and say which range it has."),
    "ranges_differ": _drops(
        "The scores of {title} lie in the range {other} here and in another one elsewhere; {n:row was|rows were} not "
        "used, because two ranges are never pooled.", "{what_to_do}"),
    "same_day_timing_unknown": _note(
        "{n:row holds|rows hold} one of two scores of a patient on the day of a session, and nothing says which was "
        "before it. Rules took the one that shows less improvement.",
        "Give the time of day or a column called timing, or say when the scores of a column were taken."),
    # Rows against each other
    "duplicate_row": _drops(
        "{n:row repeats|rows repeat} another row exactly and {n:was|were} used once.", "Leave repeated rows out."),
    "same_day_scores": _note(
        "{n:row holds|rows hold} different scores of one patient and instrument on one {axis}; rules pick one of them.",
        "Correct the rows, or give the time of day or whether the score was before the session."),
    "same_day_sessions": _note(
        "{n:row holds|rows hold} different sessions of one patient on one day; both were kept.",
        "Check whether one of them is a correction of the other."),
    "file_resent": _drops(
        "Every row of the file stands in another file too, which was used; {n:row was|rows were} not used again.",
        "Leave the file out: the other one holds all of it."),
    "score_jump": _note(
        "{n:score differs|scores differ} from the one of the day before or after by nearly the whole range of {title}; "
        "such a change within a day is rare. Kept.",
        "Check both scores against the forms."),
    "after_observed": _note(
        "{n:row lies|rows lie} after the patient's last observed day; such rows are not counted.",
        "Correct the day of the row, or the last observed day."),
    "maintenance_first": _note(
        "{n:session is|sessions are} marked as maintenance and no induction session of the patient came before.",
        "Check the phase, or add the sessions of the induction."),
    "timing_against_time": _note(
        "{n:score is|scores are} marked as before the session at a later time of day than one of that day marked "
        "during or after it.",
        "Correct the timing or the time of day."),
    "numbers_go_back": _note(
        "{n:row has|rows have} a lower number than an earlier row of the patient, although these numbers count up.",
        "Check the number and the day of these rows."),
    "sessions_too_close": _note(
        "{n:session follows|sessions follow} one of the day before, which is rare for this route in these files. Kept.",
        "Check the days; one of the two may be a typing error."),
    "dose_unusual": _note(
        "{n:dose lies|doses lie} outside what is usual for the route; {expected} was expected. Kept.",
        "Check the dose and its unit."),
    "minutes_unusual": _note(
        "{n:session is|sessions are} shorter or longer than is usual for the route; {expected} was expected. Kept.",
        "Check the length; it is read as minutes."),
    "pressure_swapped": _note(
        "{n:diastolic pressure is|diastolic pressures are} not below the systolic one of the same reading. Kept.",
        "Check whether the two were exchanged."),
    "attribute_changes": _note(
        "{n:row gives|rows give} a patient another value than other rows do, and people have one of it; the value of "
        "the course's first day is used.",
        "Give the patient one value, or check the patient codes of these rows."),
    "age_band_falls": _note(
        "{n:row gives|rows give} a patient a lower age band than an earlier row.",
        "Check the bands, or the patient codes of these rows."),
    "site_collapses": _note(
        "{n:site has|sites have} a third or less of its usual number of {what} in the last full month; the rows named "
        "are the last ones of such a site.",
        "Check that the export holds all of the last month for every site."),
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
