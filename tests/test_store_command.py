"""``python -m analytics store``: what it says, and how it ends."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from analytics.__main__ import main
from analytics.access import LOCAL
from analytics.store import DATABASE_VARIABLE, FOLDER_VARIABLE, Store
from analytics.store.check import Problem
from analytics.wording import store as words


@pytest.fixture(autouse=True)
def kept(tmp_path, monkeypatch):
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "usual"))
    monkeypatch.delenv(DATABASE_VARIABLE, raising=False)
    store = Store(tmp_path / "kept")
    store.datasets.keep("a name nobody may read", {"a": b"1"}, {"key": "k"}, LOCAL)
    store.close()
    return tmp_path / "kept"


def run(capsys, *arguments):
    code = main(["store", *map(str, arguments)])
    return code, capsys.readouterr()


def test_a_backup_goes_into_an_empty_store_and_is_checked(kept, tmp_path, capsys):
    code, said = run(capsys, "backup", tmp_path / "b.zip", "--folder", kept)
    assert code == 0 and said.err == (
        "backup written to b.zip; it holds patients' codes and results, and is not encrypted\n")
    code, said = run(capsys, "restore", tmp_path / "b.zip", "--folder", tmp_path / "new")
    assert code == 0 and said.err.startswith("b.zip restored into ")
    code, said = run(capsys, "check", "--folder", tmp_path / "new")
    assert code == 0 and said.out.startswith("The store is whole: ")
    code, said = run(capsys, "restore", tmp_path / "b.zip", "--folder", kept)
    assert code == 2 and "not empty" in said.err and "nobody" not in said.err
    code, said = run(capsys, "backup", tmp_path / "b.zip", "--folder", kept)
    assert code == 2 and said.err == "analytics: b.zip: is there already; name another file\n"
    store = Store(tmp_path / "new")
    assert store.datasets.all(LOCAL)[0].name == "a name nobody may read"
    store.close()


def test_what_is_damaged_is_told_by_check_and_backup(kept, tmp_path, capsys):
    next((kept / "datasets").rglob("a.parquet")).write_bytes(b"2")
    code, said = run(capsys, "check", "--folder", kept)
    assert code == 1 and said.out.splitlines() == [
        f"1 problem in the store, {kept / 'outcomes.sqlite'}:",
        "- Version 1: its tables are damaged or missing. Restore a backup, or delete the version."]
    code, said = run(capsys, "backup", tmp_path / "b.zip", "--folder", kept)
    assert code == 1 and "1 set of tables could not be read and are not in it" in said.err


@pytest.mark.parametrize("does", [("check",), ("backup", "b.zip")])
def test_a_store_that_is_not_there_is_not_made(tmp_path, capsys, does, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, said = run(capsys, *does)
    assert code == 2 and words.NO_STORE in said.err
    assert not (tmp_path / "usual").exists() and not (tmp_path / "b.zip").exists()


def test_the_store_is_named_as_the_dashboard_names_it(kept, capsys):
    assert run(capsys, "check", "--store", kept)[0] == 0


def test_no_store_is_made_for_a_backup_that_is_not_there(tmp_path, capsys):
    code, said = run(capsys, "restore", tmp_path / "none.zip", "--store", tmp_path / "new")
    assert code == 2 and "none.zip" in said.err and not (tmp_path / "new").exists()


def with_other_rows(whole):
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    changed = io.BytesIO()
    with zipfile.ZipFile(changed, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, b"[]" if name == "rows/versions.json" else content)
    return changed.getvalue()


def spoilt(whole):
    """What is packed of the first member begins with what no packer writes."""
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        first = archive.infolist()[0]
    at = first.header_offset + 30 + len(first.filename) + len(first.extra)
    return whole[:at] + b"\xff" + whole[at + 1:]


def packed_otherwise(whole):
    """The first member says that it is packed in a way that nobody knows."""
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        at = archive.start_dir + 10
    return whole[:at] + b"\x63" + whole[at + 1:]


def locked(whole):
    """The first member says that it has a password."""
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        first, start = archive.infolist()[0].header_offset, archive.start_dir
    content = bytearray(whole)
    content[first + 6] = content[start + 8] = 1
    return bytes(content)


@pytest.mark.parametrize("damage", [lambda whole: b"no archive", with_other_rows, lambda whole: whole[:-40],
                                    spoilt, packed_otherwise, locked])
def test_no_store_is_made_for_what_is_no_whole_backup(kept, tmp_path, capsys, damage):
    assert run(capsys, "backup", tmp_path / "b.zip", "--store", kept)[0] == 0
    (tmp_path / "b.zip").write_bytes(damage((tmp_path / "b.zip").read_bytes()))
    code, said = run(capsys, "restore", tmp_path / "b.zip", "--store", tmp_path / "new")
    assert code == 2 and "Nothing was restored" in said.err and not (tmp_path / "new").exists()


def test_a_backup_into_a_folder_that_is_not_there_names_the_folder(kept, tmp_path, capsys):
    code, said = run(capsys, "backup", tmp_path / "usb" / "b.zip", "--store", kept)
    assert code == 2 and said.err == "analytics: usb: there is no such folder; make it, or name another\n"


def test_a_store_that_cannot_be_used_is_told(kept, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv(DATABASE_VARIABLE, "mysql://user:hunter2@host/db")
    code, said = run(capsys, "check")
    assert code == 2 and "postgresql+psycopg://USER" in said.err and "hunter2" not in said.err
    monkeypatch.delenv(DATABASE_VARIABLE)
    (kept / "outcomes.sqlite").write_bytes(b"no database" * 100)
    code, said = run(capsys, "check", "--folder", kept)
    assert code == 2 and "damaged; move it" in said.err
    code, said = run(capsys, "restore", tmp_path / "nowhere.zip")
    assert code == 2 and said.err == "analytics: nowhere.zip: No such file or directory\n"


def test_every_problem_has_its_words():
    kinds = ("database", "reference", "latest", "tables", "load", "plain", "orphan", "secret")
    lines = [words.problem_line(Problem(kind, "versions", 1234)) for kind in kinds]
    assert len(set(lines)) == len(kinds) and all(line.endswith(".") for line in lines)
    assert "versions: 1,234 rows name what is not there" in lines[1] and "Version 1234:" in lines[3]
    assert words.check_text("x", [Problem("secret", "", 1)] * 2).startswith("2 problems in the store, x:\n- The secret")
    assert json.dumps(lines).isascii()
