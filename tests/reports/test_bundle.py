"""A bundle is made again with equal results, and says what changed: a file and a row, never a value."""

import io
import json
import warnings
import zipfile
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from analytics.ingest.cells import Cells
from analytics.ingest.parts import Part
from analytics.reports.bundle import MOST_BYTES, bundle_of, bundle_zip, differences, opened_bundle
from analytics.reports.fingerprint import FEWEST, Changed, changed_rows, fingerprints
from analytics.reports.report_files import file_name
from tests.reports.exhibited import drawn


def part(scores, *, name="scores.csv", first_row=2, other=None):
    """A file of two columns, as it was opened."""
    columns = (np.array([f"P{number:03d}" for number in range(len(scores))]), np.array(scores).astype(str))
    cells = tuple(Cells(pa.array(column.tolist())) for column in columns)
    return Part(name, "ab" * 32, ("patient_id", other or "phq9"), cells,
                np.arange(first_row, first_row + len(scores)), len(scores))


def scores_of(n_rows, seed=1):
    return np.random.default_rng(seed).integers(0, 28, n_rows)


def made(parts=(), exhibits=None, origin=None):
    exhibits, origin = exhibits or drawn()[0], origin or drawn()[1]
    return bundle_of(exhibits, origin, parts, "[columns]\n", {})


@pytest.mark.parametrize("n_rows", [64, 100, 128, 129, 300, 1000])
def test_one_changed_score_is_found_wherever_it_stands(n_rows):
    scores = scores_of(n_rows)
    before = fingerprints([part(scores)])["scores.csv"]
    assert changed_rows(before, [part(scores)], "scores.csv") == ()
    for place in {0, 1, n_rows // 2, n_rows - 2, n_rows - 1}:
        other = scores.copy()
        other[place] = (other[place] + 1) % 28
        assert changed_rows(before, [part(other)], "scores.csv") == (Changed(place + 2, place + 2),)


def test_row_numbers_are_those_of_the_file():
    scores = scores_of(100)
    before = fingerprints([part(scores, first_row=5)])["scores.csv"]
    scores[3] += 1
    assert changed_rows(before, [part(scores, first_row=5)], "scores.csv") == (Changed(8, 8),)


def test_two_changed_rows_of_a_block_are_told_as_somewhere_among_it():
    scores = scores_of(128)
    before = fingerprints([part(scores)])["scores.csv"]
    scores[[3, 90]] = (scores[[3, 90]] + 1) % 28
    assert changed_rows(before, [part(scores)], "scores.csv") == (Changed(2, 129),)
    # In blocks of their own each is found.
    scores = scores_of(256)
    before = fingerprints([part(scores)])["scores.csv"]
    scores[[3, 200]] = (scores[[3, 200]] + 1) % 28
    assert changed_rows(before, [part(scores)], "scores.csv") == (Changed(5, 5), Changed(202, 202))


def test_a_score_that_moved_to_another_column_or_row_is_a_change():
    scores = scores_of(100)
    before = fingerprints([part(scores)])["scores.csv"]
    assert changed_rows(before, [part(scores, other="gad7")], "scores.csv")
    swapped = scores.copy()
    swapped[[0, 1]] = swapped[[1, 0]]
    assert scores[0] != scores[1] and changed_rows(before, [part(swapped)], "scores.csv")


def test_a_fingerprint_holds_fewer_bits_than_the_scores():
    for n_rows in (FEWEST - 1, FEWEST, 128, 10_000):
        found = fingerprints([part(scores_of(n_rows))])["scores.csv"]
        assert all(0 <= one < 2**16 for one in found.halves)
        assert 16 * len(found.halves) < n_rows * np.log2(28)


def test_of_few_rows_only_that_something_changed_is_told():
    scores = scores_of(FEWEST - 1)
    before = fingerprints([part(scores)])["scores.csv"]
    assert len(before.halves) == 1
    scores[7] += 1
    assert changed_rows(before, [part(scores)], "scores.csv") == (Changed(2, FEWEST),)


def test_rows_that_came_or_went_are_counted_and_not_searched():
    before = fingerprints([part(scores_of(100))])["scores.csv"]
    assert changed_rows(before, [part(scores_of(101))], "scores.csv") == ()
    assert changed_rows(before, [], "scores.csv") == ()


def test_a_bundle_comes_back_as_it_was_and_equal():
    before = made([part(scores_of(100))])
    content = bundle_zip(before)
    assert bundle_zip(made([part(scores_of(100))])) == content
    again = opened_bundle(content, "b.zip")
    assert again.hashes == before.hashes and again.prints == before.prints and again.question == before.question
    assert differences(again, before, [part(scores_of(100))]) == ()


def test_a_bundle_holds_rules_recipe_filters_hashes_results_version_and_command_but_no_row():
    with zipfile.ZipFile(io.BytesIO(bundle_zip(made([part(scores_of(100))])))) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    assert set(texts) == {"README.txt", "recipe.toml", "question.json", "files.json", "results.json"}
    question, files, results = (json.loads(texts[name]) for name in ("question.json", "files.json", "results.json"))
    assert question["command"].startswith("python -m analytics report scores.csv") and question["version"]
    assert question["audience"] == "inside" and question["where"] == {}
    assert files["scores.csv"]["sha256"] == "ab" * 32 and files["scores.csv"]["rows"] == 100
    assert results["rules"]["gap_days"] == 60
    assert "P003" not in "".join(texts.values())


def test_a_changed_score_is_named_and_so_is_each_number_that_moved():
    scores = scores_of(100)
    before = opened_bundle(bundle_zip(made([part(scores)])), "b.zip")
    scores[10] = (scores[10] + 5) % 28
    exhibits = drawn()[0]
    rows = list(exhibits[0].numbers.rows)
    rows[0] = (*rows[0][:2], 13, *rows[0][3:])
    moved = (replace(exhibits[0], numbers=replace(exhibits[0].numbers, rows=tuple(rows))), *exhibits[1:])
    origin = replace(drawn()[1], files=(("scores.csv", "cd" * 32),))
    found = differences(before, made([part(scores)], moved, origin), [part(scores)])
    sentences = [one.sentence for one in found]
    assert sentences[:2] == ["scores.csv is not the same file.", "scores.csv: row 12 changed."]
    assert sentences[2].endswith("Response, PHQ-9, Numerator: 12 became 13.") and len(sentences) == 3
    assert [one.kind for one in found] == ["file", "row", "number"]


def test_everything_else_that_differs_is_told():
    before = made([part(scores_of(100))])
    after = replace(
        before, version="9.9", rules=before.rules | {"gap_days": 45}, hashes={"other.csv": "00"}, prints={},
        exhibits={key: one for key, one in before.exhibits.items() if key != "findings"})
    sentences = " ".join(one.sentence for one in differences(before, after, []))
    for words in ("version 9.9 made it again", "Rule gap_days: 60 became 45.", "scores.csv is missing.",
                  "other.csv was not part of it.", "is gone."):
        assert words in sentences
    back = " ".join(one.sentence for one in differences(after, before, []))
    assert "is new." in back


def test_other_line_ends_are_another_file_with_the_same_cells():
    before = made([part(scores_of(100))])
    after = replace(before, hashes={"scores.csv": "cd" * 32})
    assert [one.sentence for one in differences(before, after, [part(scores_of(100))])] == [
        "scores.csv is not the same file.", "scores.csv: no cell of a table in it changed."]
    longer = replace(after, prints=fingerprints([part(scores_of(101))]))
    assert differences(before, longer, [part(scores_of(101))])[1].sentence == "scores.csv: 100 rows of data became 101."


def test_the_last_digits_of_another_machine_are_no_difference():
    before = made()
    key = "headline-phq9"
    rows = [list(row) for row in before.exhibits[key]["rows"]]
    rows[0][4] += 1e-13
    almost = replace(before, exhibits=before.exhibits | {key: before.exhibits[key] | {"rows": rows}})
    assert differences(before, almost, []) == ()
    rows[0][4] += 1e-6
    assert [one.kind for one in differences(before, almost, [])] == ["bundle", "number"]


def zip_of(files):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return target.getvalue()


@pytest.mark.parametrize("content", [
    b"", b"no zip", bundle_zip(made())[:900], zip_of({"a.txt": "a"}), zip_of(dict.fromkeys(
        ("README.txt", "recipe.toml", "question.json", "files.json", "results.json"), "[]")),
    zip_of(dict.fromkeys(("README.txt", "recipe.toml", "question.json", "files.json", "results.json"), "\udcff"
                         .encode("utf-8", "surrogateescape")))])
def test_what_is_no_bundle_is_refused_in_words(content):
    with pytest.raises(ValueError, match=r"^b\.zip: a bundle of a report was expected; this is none, or it was chan"):
        opened_bundle(content, "b.zip")


def files_of(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def set_in(text, *path, to):
    """JSON in which one place holds something else."""
    record = json.loads(text)
    place = record
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = to
    return json.dumps(record)


EXHIBIT = ("exhibits", "headline-phq9")


CHANGES = {
    "question.json": [
        (("audience",), ["inside"]), (("where",), [1]), (("where",), {"site": "North"}), (("where",), {"site": [1]}),
        (("by",), "site"), (("by",), [["site"]]), (("by",), None), (("as_of",), "31.3.2026"), (("as_of",), 20260331),
        (("suppress",), "many"), (("suppress",), True), (("instrument",), 1), (("bundle",), "1")],
    "files.json": [
        (("scores.csv", "rows"), -1), (("scores.csv", "rows"), 1.5), (("scores.csv", "halves"), ["x"]),
        (("scores.csv", "halves"), [10**30]), (("scores.csv", "sha256"), None)],
    "results.json": [
        (("rules",), [1]), (("exhibits",), []), (EXHIBIT, 1), ((*EXHIBIT, "columns"), None),
        ((*EXHIBIT, "rows"), [[1]]), ((*EXHIBIT, "title"), 1), ((*EXHIBIT, "rows", 0, 0), {"a": 1}),
        ((*EXHIBIT, "rows", 0, 4), float("nan"))],
}


@pytest.mark.parametrize(("name", "path", "to"), [(name, *one) for name, many in CHANGES.items() for one in many])
def test_a_changed_bundle_is_refused_in_words(name, path, to):
    files = files_of(bundle_zip(made([part(scores_of(100))])))
    with pytest.raises(ValueError, match="this is none, or it was changed"):
        opened_bundle(zip_of(files | {name: set_in(files[name], *path, to=to)}), "b.zip")


@pytest.mark.parametrize("more", [[("../../evil.txt", "x")], [("/etc/passwd", "x")], [("notes.txt", "x")],
                                  [("results.json", "{}")]])
def test_a_bundle_holds_its_own_files_once_and_no_other(more):
    files = files_of(bundle_zip(made()))
    assert opened_bundle(zip_of(files), "b.zip").version == made().version
    target = io.BytesIO(zip_of(files))
    with zipfile.ZipFile(target, "a") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, text in more:
            archive.writestr(name, text)
    with pytest.raises(ValueError, match="this is none, or it was changed"):
        opened_bundle(target.getvalue(), "b.zip")


def test_a_bundle_that_would_fill_the_memory_is_refused():
    files = files_of(bundle_zip(made()))
    deep = zip_of(files | {"results.json": "[" * 200_000})
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
        archive.writestr("README.txt.bak", bytes(MOST_BYTES))
    for content in (deep, target.getvalue()):
        with pytest.raises(ValueError, match="this is none, or it was changed"):
            opened_bundle(content, "b.zip")


def test_rules_within_rules_are_told_by_their_names():
    before = made()
    before = replace(before, rules=before.rules | {"presets": {"pain": {"gap_days": 50, "kinds": []}}})
    after = replace(before, rules=before.rules | {"presets": {"pain": {"gap_days": 60, "kinds": []}}})
    assert [one.sentence for one in differences(before, after, [])] == ["Rule presets.pain.gap_days: 50 became 60."]


def test_results_that_differ_where_nothing_else_does_are_told_loudly():
    before = made()
    rows = [list(row) for row in before.exhibits["headline-phq9"]["rows"]]
    rows[0][2] = 13
    moved = before.exhibits | {"headline-phq9": before.exhibits["headline-phq9"] | {"rows": rows}}
    found = differences(replace(before, exhibits=moved), before, [])
    assert [one.kind for one in found] == ["bundle", "number"]
    assert "a definition changed without a new version, or someone changed the bundle" in found[0].sentence
    older = replace(before, exhibits=moved, version="0.0.9")
    assert [one.kind for one in differences(older, before, [])] == ["version", "number"]


def test_a_changed_definition_is_named():
    before = made()
    rows = [list(row) for row in before.exhibits["definitions"]["rows"]]
    place = next(place for place, row in enumerate(rows) if row[0] == "Response")
    rows[place][1] = "improved by at least 40 % of the starting score"
    moved = before.exhibits | {"definitions": before.exhibits["definitions"] | {"rows": rows}}
    sentences = [one.sentence for one in differences(before, replace(before, exhibits=moved), [])]
    assert any("Response, Meaning: improved by at least 50" in one and "became improved by at least 40 %" in one
               for one in sentences)


def test_a_name_in_a_bundle_does_nothing_to_a_terminal():
    before = made()
    after = replace(before, hashes=before.hashes | {"\x1b[2J\u202ename.csv" + "x" * 900: "00"})
    (sentence,) = [one.sentence for one in differences(before, after, [])]
    assert "\x1b" not in sentence and "\u202e" not in sentence and len(sentence) <= 600


def test_a_fingerprint_of_another_length_names_no_row():
    scores = scores_of(100)
    before = fingerprints([part(scores)])["scores.csv"]
    assert changed_rows(replace(before, halves=before.halves[:5]), [part(scores)], "scores.csv") == ()


def test_a_bundle_of_a_later_version_is_refused_in_words():
    with zipfile.ZipFile(io.BytesIO(bundle_zip(made()))) as archive:
        files = {name: archive.read(name).decode() for name in archive.namelist()}
    files["question.json"] = files["question.json"].replace('"bundle": 1', '"bundle": 2')
    with pytest.raises(ValueError, match="later version"):
        opened_bundle(zip_of(files), "b.zip")


def test_two_exports_that_differ_in_one_score_never_share_a_name():
    """A server that tells downloads apart by their length and a sample would give out the first for the second."""
    one = bytearray(3 * 2**20)
    other = bytearray(one)
    other[1_500_001] = 1
    assert file_name("report", bytes(one), ".xlsx") != file_name("report", bytes(other), ".xlsx")
    assert file_name("report", bytes(one), ".xlsx") == file_name("report", bytes(one), ".xlsx")
