"""The privacy screen by values: what it finds, what it leaves alone, and what is left of what it found."""

from __future__ import annotations

import io
import pickle
import re
import zipfile

import numpy as np
import pyarrow as pa
import pytest
import xlsxwriter

from analytics.ingest.cells import Cells
from analytics.ingest.fields import Use
from analytics.ingest.load import open_files, tables_of, unpacked
from analytics.ingest.problems import ProblemLog
from analytics.ingest.pseudonyms import keyed
from analytics.ingest.read import Part, Source
from analytics.ingest.screen import MOST_ROWS, screened
from tests.ingest.files import codes, finding, loaded, place, source

SECRET = b"sixteen bytes or more"


def export(header: str, values: list[str], others: str = "") -> str:
    """One row a patient and value, with a score; ``{}`` in others is the number of the row."""
    rows = "\n".join(f'P{row},{row},20,"{value}"' + others.format(row) for row, value in enumerate(values))
    extra = ",other" if others else ""
    return f"patient_id,day,phq9,{header}{extra}\n{rows}\n"


def found_in(header: str, values: list[str]) -> str | None:
    """Why a column was not read, if it was found to identify."""
    tables = loaded(export(header, values))
    use = next(use for use in tables.columns if use.column == header)
    assert use.is_identifier == ("identifier_not_read" in codes(tables))
    return use.reason if use.is_identifier else None


NAMES = ["Mary Smith", "John Quill", "Yolanda Quux", "Zoe Ames", "Ben Okoro"]


@pytest.mark.parametrize(("values", "kind"), [
    ([f"q{row}@z.example" for row in range(4)], "e-mail addresses"),
    (["555-867-5309", "555-867-0310", "555-867-9311"], "phone numbers"),
    (["900-12-3456", "901-22-4456", "907-32-5456"], "social security or health service numbers"),
    (["9434765919", "9434765870", "4010232137", "0000000000", "1111111111"],
     "social security or health service numbers"),
    (["www.z.example/1", "www.z.example/2"], "web addresses"),
    (["192.0.2.1", "192.0.2.2"], "network addresses"),
    (["1950-01-02", "1971-11-12", "1999-05-06"], "dates of birth"),
    (["02139-4307", "02140", "02141"], "postcodes"),
    (["45488", "73772", "34589", "44813", "69038", "44813"], "postcodes"),
    (["SW1A 1AA", "M1 1AE"], "postcodes"),
    (NAMES, "names of persons"),
    (["Dr Quill", "Dr Quux", "Dr Quill"], "names of persons"),
    (["12 High Street", "4 Elm Ave", "9 Oak Lane"], "street addresses"),
    (["00412345", "00998877", "00123987"], "record or account numbers"),
    (["Pt says she is better", "he was not well at all", "no change since the last one", "felt worse for a day",
      "is back at work and walks"], "free text"),
])
def test_a_column_under_a_name_that_says_nothing(values, kind):
    assert found_in("extra", values) == f"its values look like {kind}"


@pytest.mark.parametrize(("header", "values"), [
    ("extra", ["North", "South", "West"]), ("extra", ["Austin", "Charlotte", "Jackson"]),
    ("site", ["Mary Bird", "Lee Hall"]), ("extra", ["Ketamine IV", "Spravato"]), ("extra", ["C01", "C02"]),
    ("clinician", ["C01", "RN2"]),
    ("extra", ["96365", "99214", "96365", "96365", "96366"]), ("extra", ["10001", "10002", "10003", "10004", "10005"]),
    ("extra", ["2024-01-05", "2024-02-06", "2024-03-07"]), ("extra", ["12", "20", "27"]), ("extra", ["May", "June"]),
    ("extra", ["CRPS type I", "CRPS type II"]), ("extra", ["", "", ""]), ("extra", ["unknown", "NA"]),
    ("extra", ["001-01-0001", "002-01-0002", "001-01-0003"]), ("extra", ["2024001", "2024002", "2024003"]),
    ("age", ["34", "89"]), ("age_band", ["90-99", "40-49"]), ("weight", ["91.5", "102.0"]), ("dosage", ["95", "100"]),
    ("cpt", ["45488", "73772", "34589", "44813", "69038"]), ("extra", ["12345", "23456"]),
])
def test_columns_of_other_things_do_not_alarm(header, values):
    assert found_in(header, values) is None


@pytest.mark.parametrize("header", ["age", "Age (years)", "pt_age", "AgeAtIntake"])
def test_an_age_over_89_is_found_and_89_is_not(header):
    assert found_in(header, ["34", "89", "88"]) is None
    assert found_in(header, ["34", "90", "88"]) == "its values look like ages over 89"


def test_dates_of_birth_lie_before_the_other_dates():
    rows = [("P1", "2024-01-05", "1990-02-03"), ("P2", "2024-01-06", "1950-02-03")]
    text = "patient_id,assessed_on,phq9,d1\n" + "\n".join(f"{one},{on},20,{born}" for one, on, born in rows)
    assert "dates of birth" in finding(loaded(text), "identifier_not_read").problem
    recent = text.replace("1990-", "2023-").replace("1950-", "2022-")
    assert "identifier_not_read" not in codes(loaded(recent))


def test_the_finding_lists_names_and_kinds_and_offers_what_may_be_kept():
    tables = loaded(export("d1", ["1950-01-02", "1971-11-12"], ",q{}@z.example"))
    assert finding(tables, "identifier_not_read").problem == (
        "2 columns were not read: they look like d1 (dates of birth), other (e-mail addresses).")
    reducible = finding(tables, "identifier_reducible")
    assert place(reducible) == ("note", "scores.csv", "d1", ())
    assert reducible.choices == (("keep the year only", "attribute[year]"),)


@pytest.mark.parametrize(("header", "values", "words", "kept"), [
    ("dob", ["1950-01-02", "02/11/1971", ""], "attribute[year]", ["1950", "1971"]),
    ("age", ["93", "40", "39.5"], "attribute[age band]", ["90+", "40-49", "30-39"]),
    ("zip", ["02139", "2140-1234", "05901"], "attribute[three digits]", ["021", "021", "000"]),
])
def test_what_may_be_kept_is_read_and_nothing_else(header, values, words, kept):
    tables = loaded(export(header, values), mapping={header: words})
    assert sorted(tables.attributes["value"]) == sorted(kept)
    assert "identifier_mapped" not in codes(tables)
    assert "not_reduced" not in codes(tables)


def test_what_cannot_be_reduced_is_not_read_and_named():
    tables = loaded(export("dob", ["1950-01-02", "some day", "unknown"]), mapping={"dob": "attribute[year]"})
    assert place(finding(tables, "not_reduced")) == ("drops_rows", "scores.csv", "dob", (3,))
    assert tables.attributes["value"].tolist() == ["1950"]


def test_a_cell_that_identifies_is_blanked_and_the_column_read():
    rows = "\n".join(f"P{row},0,20,{'North' if row % 2 else 'South'}" for row in range(10))
    tables = loaded(f"patient_id,day,phq9,site\n{rows}\nP10,0,20,q@z.example\nP11,0,20,call 555-867-5309\n")
    one = finding(tables, "identifier_in_cells")
    assert place(one) == ("drops_rows", "scores.csv", "site", (12, 13))
    assert "e-mail addresses or phone numbers" in one.problem
    assert set(tables.attributes["value"]) == {"North", "South"}
    record = tables.files[0]
    assert (record.rows, record.rows_used, record.rows_blank) == (12, 12, 0)


def test_naming_a_column_in_attributes_is_not_enough_but_mapping_is():
    text = export("extra", NAMES)
    assert loaded(text, attributes=["extra"]).attribute_names == ()
    mapped = loaded(text, mapping={"extra": "attribute"})
    assert mapped.attribute_names == ("extra",)
    assert place(finding(mapped, "identifier_mapped")) == ("note", "scores.csv", "extra", ())


@pytest.mark.parametrize("keys", [
    [f"q{row}@z.example" for row in range(4)], NAMES, ["900-12-3456", "901-22-4456"], ["Smith_Mary", "Jones_Ben"],
    ["Smith01", "Jones02", "Garcia03"],
])
def test_a_patient_key_whose_values_identify_is_refused_and_can_be_keyed(keys):
    text = "patient_id,day,phq9\n" + "\n".join(f'"{key}",0,20\n"{key}",9,10' for key in keys)
    tables = loaded(text)
    one = finding(tables, "patient_key_identifies")
    assert place(one) == ("blocks", "scores.csv", "patient_id", ())
    assert one.choices[0][1] == "patient_id[keyed]"
    assert tables.assessments.empty
    coded = loaded(text, mapping={"patient_id": "patient_id[keyed]"}, secret=SECRET)
    assert not coded.is_blocked
    made = coded.assessments["patient_id"].cat.categories
    assert len(made) == len(keys)
    assert all(re.fullmatch("k-[0-9a-f]{12}", code) for code in made)
    again = loaded(text, mapping={"patient_id": "patient_id[keyed]"}, secret=SECRET)
    assert list(again.assessments["patient_id"].cat.categories) == list(made)
    other = loaded(text, mapping={"patient_id": "patient_id[keyed]"}, secret=SECRET + b"!")
    assert not set(other.assessments["patient_id"].cat.categories) & set(made)


def test_a_record_number_as_key_is_keyed_by_its_header():
    text = "MRN,day,phq9\n00412,0,20\n00413,0,18\n"
    assert finding(loaded(text), "patient_key_identifies").choices[0][1] == "patient_id[keyed]"
    coded = loaded(text, mapping={"MRN": "patient_id[keyed]"}, secret=SECRET)
    assert coded.assessments["patient_id"].nunique() == 2
    assert "00412" not in str(coded.assessments.to_dict())


def test_without_a_key_the_finding_says_how_and_nothing_is_read():
    tables = loaded("MRN,day,phq9\n00412,0,20\n", mapping={"MRN": "patient_id[keyed]"})
    assert place(finding(tables, "no_key_for_codes")) == ("blocks", "scores.csv", "MRN", ())
    assert tables.assessments.empty


def test_codes_made_with_a_key():
    texts = ["Mary  Smith", "mary smith", "17.0", None, "unknown"]
    codes_made = keyed(Cells(pa.array(texts)), SECRET)
    assert codes_made.codes[0] == codes_made.codes[1]
    assert codes_made.codes[3] == codes_made.codes[4] == -1
    # Computed with Python's own hmac on the command line: HMAC-SHA256 of "17" under the secret.
    assert keyed(Cells(pa.array(["17.0"])), SECRET).texts == keyed(Cells(pa.array(["17"])), SECRET).texts
    with pytest.raises(ValueError, match="at least 16 bytes; 15 came"):
        keyed(Cells(pa.array(["17"])), b"a" * 15)
    assert keyed(Cells(pa.array(["17"])), b"a" * 16).texts


def test_a_code_of_the_clinic_is_no_identifier():
    for keys in (["10001234", "10001235", "10001239"], ["A-17", "B-18"], ["12", "13"], ["c1@", "c2"], ["ALPHA", "BETA"],
                 ["001-01-0001", "001-01-0002", "002-01-0001", "002-01-0003"],
                 ["212-555-0001", "212-555-0002", "212-555-0003"]):
        text = "patient_id,day,phq9\n" + "\n".join(f"{key},0,20" for key in keys)
        tables = loaded(text)
        assert not tables.is_blocked, keys
        assert len(tables.assessments) == len(keys)


def test_nothing_that_was_dropped_is_in_what_is_kept():
    planted = ["quux.zanzibar@z.example", "555-867-5309", "900-12-3456", "Zanzibar Quill", "1931-07-08",
               "12 Quokka Street", "00412345", "192.0.2.77", "Quoll felt better and the dog was happy"]
    headers = [f"c{place}" for place in range(len(planted))]
    rows = []
    for row in range(8):
        values = [text if row == 3 else text.replace("7", str(row)).replace("8", str(row)).replace("Z", "ABCDEFGH"[row])
                  .replace("Quo", f"Qu{'aeiouxyz'[row]}").replace("4", str(row)) for text in planted]
        rows.append(f"P{row},2024-01-0{row + 1},20,North," + ",".join(values))
    stray = "P9,2024-01-09,20,zzyzx@z.example," + "," * (len(planted) - 1)
    header = f"patient_id,assessed_on,phq9,site,{','.join(headers)}"
    tables = loaded("\n".join([header, *rows, *rows[:3], stray]) + "\n")
    assert tables.attribute_names == ("site",)
    kept = pickle.dumps(tables) + repr((tables.findings, tables.columns, tables.files)).encode()
    for text in [*planted, "zzyzx"]:
        for part in (text, *(word for word in text.split() if len(word) > 4 and word not in ("Street", "better"))):
            assert part.encode() not in kept, text


def test_a_screened_part_holds_nothing_of_what_was_dropped():
    part = Part("scores.csv", "", ("patient_id", "extra"), (
        Cells(pa.array(["P1", "P2", "P3"])), Cells(pa.array(["a@z.example", "b@z.example", "c@z.example"]))),
        np.array([2, 3, 4]), 3)
    uses = (Use("patient_id", "patient_id", ""), Use("extra", None, "", may_be_attribute=True))
    after, judged = screened(part, uses, ProblemLog())
    assert after.column("extra").texts == ()
    assert judged[1].identifier == "e-mail addresses"
    assert not judged[1].may_be_attribute
    assert part.column("extra").texts


def test_in_a_large_table_the_rows_of_some_patients_stand_for_all():
    n_rows = MOST_ROWS * 4
    rows = np.arange(n_rows)
    sites = np.where(rows % 2, "North", "South").astype(object)
    sites[n_rows - 3] = "q@z.example"
    columns = {
        "patient_id": np.char.add("P", (rows // 8).astype(str)),
        "born": np.char.add((1940 + rows // 8 % 60).astype(str), "-02-03"),
        "extra": np.char.add("q", np.char.add((rows // 8).astype(str), "@z.example")),
        "site": sites.astype(str), "token": np.char.add("t", rows.astype(str)),
    }
    part = Part("scores.csv", "", tuple(columns), tuple(Cells(pa.array(texts)) for texts in columns.values()), rows + 2,
                n_rows)
    uses = (Use("patient_id", "patient_id", ""), Use("born", None, "", may_be_attribute=True),
            Use("extra", None, "", may_be_attribute=True), Use("site", "attribute", ""),
            Use("token", None, "", may_be_attribute=True))
    log = ProblemLog()
    _, judged = screened(part, uses, log)
    assert [use.identifier for use in judged] == [None, "dates of birth", "e-mail addresses", None, None]
    one = next(found for found in log.findings() if found.code == "identifier_in_cells")
    assert one.rows == (n_rows - 1,)
    _, without = screened(part, uses[1:], ProblemLog())
    assert without[1].identifier == "e-mail addresses"


def test_names_in_headers_files_and_sheets_reach_no_record():
    source = Source("Quill_Mary_phq9.csv", b"patient_id,day,phq9,Mary Quill,Mary Smith\nP1,0,20,1,2\nP2,0,20,2,3\n")
    tables = loaded(source)
    shown = repr((tables.findings, tables.columns, tables.files)) + str(tables.assessments["file"].cat.categories)
    assert "Mary" not in shown
    assert "(column 4)" in shown
    assert "file 1" in shown


def test_files_kept_open_can_let_go_of_single_cells():
    rows = "\n".join(f"P{row},0,20,North" for row in range(10))
    opened = open_files(source(f"patient_id,day,phq9,site\n{rows}\nP10,0,20,q@z.example\n"))
    tables = tables_of(opened)
    after = opened.without_cells(tables.findings)
    assert unpacked(opened.packed()).parts[0].column("site").texts == ("North", "q@z.example")
    assert unpacked(after.packed()).parts[0].column("site").texts == ("North",)
    assert after.parts[0].column("site").codes.tolist() == [0] * 10 + [-1]
    assert "identifier_in_cells" not in codes(tables_of(after))


def test_sheets_that_are_called_as_a_person_are_shown_by_their_number():
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        for name in ("Scores", "Mary Quill"):
            sheet = book.add_worksheet(name)
            code = f"P{name[0]}"
            for row, cells in enumerate([("patient_id", "day", "phq9"), (code, 0, 20), (code, 9, 10)]):
                sheet.write_row(row, 0, cells)
    tables = loaded(Source("book.xlsx", content.getvalue()))
    assert [record.name for record in tables.files] == ["book.xlsx [Scores]", "book.xlsx [sheet 2]"]
    assert b"Quill" not in pickle.dumps(tables)


def test_an_archive_is_no_exception():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("Smith_Mary.csv", "patient_id,day,phq9\nP1,0,20\n")
        archive.writestr("more.csv", "patient_id,site\nP1,North\n")
    tables = loaded(Source("export.zip", content.getvalue()))
    assert "Mary" not in repr((tables.findings, tables.columns, tables.files))


def test_rows_of_visits_whose_patients_only_a_record_number_tells_apart_are_no_patients():
    rows = "\n".join(f"88{place % 5},{name},2025-03-{place + 10},{20 - place}"
                     for place, name in enumerate(["Anna Kern", "Bert Miller"] * 5))
    tables = loaded(f"MRN,Patient Name,Date,phq9_week4\n{rows}\n")
    one = finding(tables, "patient_key_identifies")
    assert (one.severity, one.column, one.choices[0][1]) == ("blocks", "MRN", "patient_id[keyed]")
    undated = loaded("MRN,phq9_baseline,phq9_week4\n881,20,9\n882,18,4\n")
    assert "rows_as_patients" in codes(undated) and not undated.is_blocked


def test_a_likely_code_of_patients_is_a_question():
    one = finding(loaded("id,day,phq9\n1,0,20\n"), "no_patient_column")
    assert one.choices == (("the patient's code", "patient_id"),)
