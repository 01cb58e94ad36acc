"""Files made to do harm: refused or neutralised with a clear finding, in little time and memory."""

from __future__ import annotations

import io
import time
import tracemalloc

import pandas as pd
import pytest

from analytics.ingest import delimited, grid
from analytics.ingest.load import load
from analytics.ingest.read import Source
from tests.ingest.books import accounted, book
from tests.ingest.files import codes, finding, loaded, place, scores


def test_50_000_columns_are_refused_in_a_moment():
    header = ",".join(["patient_id", "day", "phq9", *(f"c{place}" for place in range(50_000))])
    started = time.monotonic()
    tables = loaded(f"{header}\n{'P1,0,20' + ',1' * 50_000}\n")
    assert time.monotonic() - started < 3
    assert place(finding(tables, "unreadable")) == ("blocks", "scores.csv", None, ())
    assert "50,003 columns" in finding(tables, "unreadable").problem


@pytest.mark.parametrize("kind", ["csv", "xlsx", "html", "parquet"])
def test_how_wide_a_table_may_be(monkeypatch, kind):
    monkeypatch.setattr(grid, "MOST_COLUMNS", 4)

    def content(n_more: int) -> bytes:
        more = [f"c{place}" for place in range(n_more)]
        rows = [["patient_id", "day", "phq9", *more], ["P1", "0", "20", *more]]
        if kind == "csv":
            return "\n".join(map(",".join, rows)).encode()
        if kind == "xlsx":
            return book(Scores=rows)
        if kind == "html":
            lines = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
            return f"<table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>".encode()
        target = io.BytesIO()
        pd.DataFrame([rows[1]], columns=rows[0]).to_parquet(target)
        return target.getvalue()

    assert len(scores(load([Source("wide", content(1))]))) == 1
    assert "5 columns" in finding(load([Source("wide", content(2))]), "unreadable").problem


def test_one_line_of_100_mb_is_refused_without_copies_of_it():
    content = b"patient_id,day,phq9\nP1,0," + b"9" * 100_000_000
    tracemalloc.start()
    started = time.monotonic()
    tables = load([Source("scores.csv", content)])
    seconds, peak = time.monotonic() - started, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "a line of more than 10 MB" in finding(tables, "unreadable").problem
    assert seconds < 10
    assert peak < 300_000_000


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_how_long_a_line_may_be(monkeypatch, end):
    monkeypatch.setattr(delimited, "LONGEST_LINE", 60)
    lines = ["patient_id,day,phq9,remark", "P1,0,20," + "x" * 51, "P2,0,18,y"]
    assert len(scores(loaded(end.join(lines).encode()))) == 2
    lines[1] += "x"
    assert codes(loaded(end.join(lines).encode())) == ["unreadable"]
    assert codes(loaded(end.join([*lines, "z" * 200]).encode())) == ["unreadable"]


PLANTED = ("=HYPERLINK(A1)", "@SUM(A1)", "<script>alert(1)</script>", "**bold** [x](javascript:x)", "{{7*7}}",
           "{0.__class__}", "%s%n", "'; DROP TABLE x; --", "\u202egnp.exe")


@pytest.mark.parametrize("text", PLANTED)
def test_formulas_and_markup_in_cells_and_headers_are_plain_text(text):
    quoted = '"' + text.replace('"', '""') + '"'
    tables = loaded(f"patient_id,day,phq9,{quoted}\nP1,0,{quoted},{quoted}\n{quoted},0,18,x\n".encode())
    assert scores(tables) == [(text, "phq9", 0, 18.0)]
    assert place(finding(tables, "not_a_number")) == ("drops_rows", "scores.csv", "phq9", (2,))
    assert text in [column.column for column in tables.columns]
    assert accounted(tables)


def test_text_without_end_of_quotation_marks():
    tables = loaded(("patient_id,day,phq9\n" + 'P1,0,"20\n' * 3000).encode())
    assert finding(tables, "lone_quote").rows
    assert accounted(tables)


@pytest.mark.parametrize("content", [
    b"\xff\xfe" + b"\0" * 50, b"\xff\xfe\x00", b"\xef\xbb\xbf\xff", b"\xff\xfe\0\0\x01", b"a,b\n\x001,\x002\n",
    b"sep=", b"sep=;", b"sep=;\n", b"\"", b"\"\n\"", b"\r", b"\n\r\n\r", b",", b",,,\n,,", b"\x1f\x8b", b"PK\x05\x06",
    b"PK\x03\x04", b"PAR1", b"{", b"[{", b"[[[[[", b"<table", b"<?xml", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"a",
    b"a\n1", b"{" * 100_000, b"[" * 100_000, b'{"a":' * 50_000, b"<a>" * 100_000, b"\xe9", b"a,\xe9\n1,\xff\n",
])
def test_fragments_of_files_are_refused_and_raise_nothing(content):
    assert load([Source("scores.csv", content)]).is_blocked
