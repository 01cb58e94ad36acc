"""Folders, gzip and zip archives, and what is in them."""

from __future__ import annotations

import bz2
import gzip
import io
import os
import stat
import tarfile
import zipfile

import pytest

from analytics.ingest import unpack
from analytics.ingest.load import load
from analytics.ingest.read import Source
from tests.ingest.books import OLD_BOOK, accounted, book, zipped
from tests.ingest.files import codes, finding, place, scores

SCORES = "patient_id,day,phq9\nP1,0,20\nP1,28,9\nP2,0,18\n"
SESSIONS = "patient_id,day,dose_mg\nP1,0,40\nP2,0,35\n"
EXPECTED = [("P1", "phq9", 0, 20.0), ("P1", "phq9", 28, 9.0), ("P2", "phq9", 0, 18.0)]


def opened(content: bytes, name: str = "export.zip", **options):
    return load([Source(name, content)], **options)


def names(tables) -> list[str]:
    return [one.name for one in tables.files]


def test_an_archive_is_its_files():
    tables = opened(zipped({"out/scores.csv": SCORES, "out/deep/sessions.csv": SESSIONS}))
    assert scores(tables) == EXPECTED
    assert len(tables.sessions) == 2
    assert names(tables) == ["export.zip/out/deep/sessions.csv", "export.zip/out/scores.csv"]
    assert not tables.is_blocked
    assert accounted(tables)


def test_workbooks_and_archives_in_an_archive():
    more = book(Later=[["patient_id", "day", "gad7"], ["P1", 0, 11]])
    packed = gzip.compress(SESSIONS.encode())
    tables = opened(zipped({"a.xlsx": more, "b.zip": zipped({"c.csv": SCORES}), "d.csv.gz": packed}))
    assert scores(tables) == [("P1", "gad7", 0, 11.0), *EXPECTED]
    assert names(tables) == ["export.zip/a.xlsx [Later]", "export.zip/b.zip/c.csv", "export.zip/d.csv.gz"]


def test_a_packed_file_is_the_file():
    assert scores(opened(gzip.compress(SCORES.encode(), mtime=0), "scores.csv.gz")) == EXPECTED
    assert names(opened(gzip.compress(SCORES.encode(), mtime=0), "scores.csv.gz")) == ["scores.csv.gz"]
    assert [row[0] for row in scores(opened(gzip.compress(OLD_BOOK), "scores.xls.gz"))][-1] == "P3"


def test_a_folder_is_its_files(tmp_path):
    folder = tmp_path / "export"
    for name, text in {"b/scores.csv": SCORES, "a.csv": SESSIONS, ".hidden.csv": "x", "__MACOSX/a.csv": "x",
                       ".git/a.csv": "x", "~$a.xlsx": "x", "b/Thumbs.db": "x"}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "c.zip").write_bytes(zipped({"gad.csv": "patient_id,day,gad7\nP1,0,11\n"}))
    tables = load([folder])
    assert names(tables) == ["export/a.csv", "export/b/scores.csv", "export/c.zip/gad.csv"]
    assert codes(tables) == ["not_due_unknown"]


def test_hidden_members_are_not_looked_at():
    tables = opened(zipped({"scores.csv": SCORES, "__MACOSX/._scores.csv": b"\0\5", ".DS_Store": b"\0\1"}))
    assert codes(tables) == []


def test_what_is_no_table_beside_tables_is_named_and_blocks_nothing():
    tables = opened(zipped({"scores.csv": SCORES, "guide.pdf": b"%PDF-1.7 x", "empty.csv": "", "plot.png": b"\x89PNG",
                            "book.xlsx": book(A=[]), "bad.zip": b"PK\x03\x04broken", "bad.gz": b"\x1f\x8bbroken",
                            "page.html": "<html>no</html>", "colours.csv": "red,green\na,b\nc,d\n",
                            "values.csv": "1,2\n3,4\n", "heads.csv": "patient_id,day,gad7\n"}))
    assert scores(tables) == EXPECTED
    assert not tables.is_blocked
    told = {(one.code, one.file.removeprefix("export.zip/")) for one in tables.findings}
    assert told == {("member_not_read", name) for name in (
        "guide.pdf", "empty.csv", "plot.png", "book.xlsx", "bad.zip", "bad.gz", "page.html")} | {
        ("sheet_not_used", "colours.csv"), ("sheet_no_header", "values.csv"), ("sheet_empty", "heads.csv")}


@pytest.mark.parametrize("members", [{"guide.pdf": b"%PDF-1.7 x"}, {"a.csv": "", "b.csv": "1,2\n3,4\n"}])
def test_an_archive_without_any_table_is_refused(members):
    tables = opened(zipped(members))
    assert place(finding(tables, "no_table_inside")) == ("blocks", "export.zip", None, ())


def test_an_archive_of_tables_of_which_none_is_known_is_refused():
    tables = opened(zipped({"a.csv": "red,green\na,b\n", "b.csv": "blue,black\na,b\n"}))
    assert place(finding(tables, "nothing_recognised")) == ("blocks", "export.zip", None, ())


def test_empty_archives_and_folders(tmp_path):
    assert place(finding(opened(zipped({})), "empty_archive"))[0] == "blocks"
    assert codes(opened(zipped({"folder/": b""}))) == ["empty_archive"]
    (tmp_path / "nothing").mkdir()
    assert finding(load([tmp_path / "nothing"]), "empty_archive").file == "nothing"


def test_the_same_file_twice_in_archives_is_read_once():
    tables = load([Source("a.zip", zipped({"x.csv": SCORES, "y.csv": SCORES})),
                   Source("b.zip", zipped({"z.csv": SCORES}))])
    assert scores(tables) == EXPECTED
    assert [one.file for one in tables.findings if one.code == "duplicate_file"] == ["a.zip/y.csv", "b.zip/z.csv"]
    assert not tables.is_blocked


def test_members_of_one_name_are_told_apart():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive, pytest.warns(UserWarning):
        archive.writestr("a.csv", SCORES)
        archive.writestr("a.csv", SESSIONS)
    assert names(opened(target.getvalue())) == ["export.zip/a.csv", "export.zip/a.csv (2)"]


@pytest.mark.parametrize("name", [
    "../../etc/scores.csv", "/etc/scores.csv", "..\\..\\scores.csv", "C:\\x\\scores.csv", "a/../../scores.csv",
])
def test_names_that_lead_out_of_the_archive_are_cut(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    tables = opened(zipped({name: SCORES}))
    assert scores(tables) == EXPECTED
    assert names(tables) == ["export.zip/scores.csv"]
    assert place(finding(tables, "member_name_unsafe")) == ("note", "export.zip/scores.csv", None, ())
    assert list(tmp_path.iterdir()) == []


def test_control_characters_and_endless_names_are_cut():
    tables = opened(zipped({"a\nb\x1b\u202e.csv": SCORES, f"{'n' * 400}.csv": SESSIONS}))
    shown = [name.removeprefix("export.zip/") for name in names(tables)]
    assert shown[0] == "a_b__.csv"
    assert len(shown[1]) == 150


def test_a_bomb_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(unpack, "RATIO_FROM", 1_000_000)
    bomb = bytes(20_000_000)
    for content in (zipped({"a.csv": bomb}), gzip.compress(bomb)):
        tables = opened(content)
        assert place(finding(tables, "archive_too_large")) == ("blocks", "export.zip", None, ())
    nested = opened(zipped({"b.zip": zipped({"a.csv": bomb}), "c.csv": SCORES}))
    assert finding(nested, "archive_too_large").file == "export.zip/b.zip"


def test_limits_are_inclusive(monkeypatch):
    monkeypatch.setattr(unpack, "MOST_BYTES", len(SCORES) + len(SESSIONS))
    assert codes(opened(zipped({"a.csv": SCORES, "b.csv": SESSIONS}))) == ["not_due_unknown"]
    assert codes(opened(zipped({"a.csv": SCORES, "b.csv": SESSIONS + " "}))) == ["archive_too_large"]
    monkeypatch.setattr(unpack, "MOST_MEMBERS", 2)
    assert "too_many_files" not in codes(opened(zipped({"a.csv": SCORES, "b.csv": SESSIONS})))
    assert codes(opened(zipped({"a.csv": "", "b.csv": "", "c.csv": ""}))) == ["too_many_files"]


def test_limits_of_folders_and_paths(monkeypatch, tmp_path):
    for name in "ab":
        (tmp_path / f"{name}.csv").write_text(SCORES, encoding="utf-8")
    monkeypatch.setattr(unpack, "MOST_BYTES", len(SCORES))
    assert codes(load([tmp_path / "a.csv"])) == []
    assert codes(load([tmp_path])) == ["too_large"]
    monkeypatch.setattr(unpack, "MOST_BYTES", len(SCORES) - 1)
    assert place(finding(load([tmp_path / "a.csv"]), "too_large")) == ("blocks", "a.csv", None, ())
    assert codes(load([tmp_path])) == ["too_large"]
    monkeypatch.setattr(unpack, "MOST_MEMBERS", 1)
    assert codes(load([tmp_path])) == ["too_many_files"]


def test_a_file_that_grows_while_it_is_read(monkeypatch, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.setattr(unpack, "MOST_BYTES", 10)
    end = os.open(tmp_path / "pipe", os.O_RDWR)
    os.write(end, b"x" * 20)
    assert codes(load([tmp_path / "pipe"])) == ["too_large"]
    os.close(end)


def test_a_sparse_file_of_2_gb_is_refused_without_reading_it(tmp_path):
    with (tmp_path / "scores.csv").open("wb") as stream:
        stream.write(SCORES.encode())
        stream.truncate(2_000_000_000)
    tables = load([tmp_path / "scores.csv"])
    assert finding(tables, "too_large").problem == "The file or folder is larger than 1 GB and was not read."


def test_archives_in_archives_in_archives_are_not_opened():
    third = zipped({"a.csv": SCORES})
    tables = opened(zipped({"b.zip": zipped({"c.zip": third})}))
    assert "inside an archive inside" in finding(tables, "member_not_read").problem
    packed = opened(gzip.compress(gzip.compress(gzip.compress(SCORES.encode(), mtime=0))))
    assert "inside an archive inside" in finding(packed, "unreadable").problem


def test_members_with_a_password_links_and_damage():
    content = bytearray(zipped({"a.csv": SCORES, "b.csv": SESSIONS}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.find(mark) + offset] |= 1
    tables = opened(bytes(content))
    assert "password" in finding(tables, "member_not_read").problem
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        link = zipfile.ZipInfo("link.csv")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/hostname")
        archive.writestr("scores.csv", SCORES)
    assert "link" in finding(opened(target.getvalue()), "member_not_read").problem
    damaged = target.getvalue().replace(b"P1,28", b"P1,29")
    assert any("damaged file in the archive" in one.problem for one in opened(damaged).findings)


@pytest.mark.parametrize(("content", "words"), [
    (bz2.compress(SCORES.encode()), "bzip2"), (gzip.compress(SCORES.encode(), mtime=0)[:-9], "damaged gzip"),
    (gzip.compress(SCORES.encode(), mtime=0)[:12] + bytes(50), "damaged gzip"),
])
def test_packed_files_that_are_not_read(content, words):
    assert words in finding(opened(content, "scores.csv.x"), "unreadable").problem


def test_a_tar_archive_says_so():
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:gz") as archive:
        member = tarfile.TarInfo("scores.csv")
        member.size = len(SCORES)
        archive.addfile(member, io.BytesIO(SCORES.encode()))
    assert "tar archive" in finding(opened(target.getvalue()), "unreadable").problem


def test_an_empty_path_is_not_the_folder_one_stands_in():
    with pytest.raises(FileNotFoundError, match="A file or a folder was needed"):
        load([""])
