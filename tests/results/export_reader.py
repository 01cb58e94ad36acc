"""Files of a report read back, as somebody with every tool reads them: each text, cache and attribute, with its place.

Knows what a page, a deck, a workbook, a PDF and a bundle are, and nothing of what our program meant by them.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import numpy as np
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

_TYPES = {"i1": np.int8, "u1": np.uint8, "i2": np.int16, "u2": np.uint16, "i4": np.int32, "u4": np.uint32,
          "f4": np.float32, "f8": np.float64}


@dataclass(frozen=True)
class Piece:
    """A text, a number or an attribute, and where it stands."""

    place: str
    text: str


@dataclass(frozen=True)
class Table:
    """A table as a person reads it.

    Attributes
    ----------
    title, measure : what stands above it
    said : all other sentences of the same sheet or section
    """

    title: str
    measure: str
    said: str
    header: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


# --- every piece -------------------------------------------------------------------------------------


def pieces(content: bytes) -> list[Piece]:
    """Everything in a file; a file within a file is read, too. Pictures and settings of printers by their hash."""
    return list(_read("", content))


def _read(name: str, content: bytes) -> Iterator[Piece]:
    if content[:4] == b"%PDF":
        yield from _of_pdf(name, content)
    elif content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for one in archive.namelist():
                yield Piece(f"{name}/name", one)
                yield from _read(f"{name}/{one}", archive.read(one))
    elif content.lstrip()[:9].lower() == b"<!doctype":
        yield from _of_page(name, content.decode())
    elif name.endswith((".xml", ".rels", ".svg", ".vml")):
        yield from _of_xml(name, content)
    elif name.endswith(".json"):
        yield from leaves(json.loads(content), name)
    else:
        assert name.endswith((".txt", ".toml", ".jpeg", ".bin")), f"nobody reads {name}"
        yield Piece(name, content.decode() if name.endswith((".txt", ".toml")) else hashlib.sha256(content).hexdigest())


def _of_pdf(name: str, content: bytes) -> Iterator[Piece]:
    reader = PdfReader(io.BytesIO(content))
    for key, value in (reader.metadata or {}).items():
        yield Piece(f"{name}/facts {key}", str(value))
    for number, page in enumerate(reader.pages, start=1):
        yield Piece(f"{name}/page {number}", page.extract_text())
        # What is drawn: lines and bars have lengths.
        yield Piece(f"{name}/drawn {number}", page.get_contents().get_data().decode("latin-1"))


def _of_xml(name: str, content: bytes) -> Iterator[Piece]:
    root = ElementTree.fromstring(content)
    # The cell of a text holds the place of the text among all texts.
    places = {cell[0] for cell in root.iter() if cell.get("t") == "s" and len(cell)}
    for one in root.iter():
        tag = one.tag.rpartition("}")[2]
        if (one.text or "").strip() and one not in places:
            yield Piece(f"{name}/{tag}", one.text or "")
        for key, value in one.attrib.items():
            yield Piece(f"{name}/{tag}@{key.rpartition('}')[2]}", value)


class _Page(HTMLParser):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.name, self.tags, self.found = name, [], []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags = [*self.tags, tag] if tag in ("script", "style") else self.tags
        self.found += [Piece(f"{self.name}/{tag}@{key}", value or "") for key, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        self.tags = self.tags[:-1] if self.tags[-1:] == [tag] else self.tags

    def handle_data(self, data: str) -> None:
        if self.tags[-1:] == ["style"]:
            return
        if self.tags[-1:] != ["script"]:
            self.found += [Piece(f"{self.name}/text", data)] if data.strip() else []
        elif "Plotly.newPlot(" in data[:400]:
            for one in re.finditer(r"\}\)\((?=\{)", data):
                self.found += leaves(json.JSONDecoder().raw_decode(data, one.end())[0], f"{self.name}/figure")


def _of_page(name: str, text: str) -> Iterator[Piece]:
    page = _Page(name)
    page.feed(text)
    yield from page.found


def leaves(value: Any, place: str) -> list[Piece]:
    """Everything in JSON; arrays that Plotly packs are unpacked."""
    if isinstance(value, dict):
        if set(value) >= {"dtype", "bdata"}:
            packed = np.frombuffer(base64.b64decode(value["bdata"]), _TYPES[value["dtype"]])
            return [Piece(place, repr(one)) for one in packed.tolist()]
        return [piece for key, one in value.items() for piece in leaves(one, f"{place}.{key}")]
    if isinstance(value, list):
        return [piece for one in value for piece in leaves(one, place)]
    return [] if value is None else [Piece(place, value if isinstance(value, str) else repr(value))]


# --- tables ------------------------------------------------------------------------------------------


def tables(content: bytes) -> list[Table]:
    """The tables of a page, a workbook, a deck's notes or a bundle."""
    if content[:2] != b"PK":
        return page_tables(content.decode())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        if "results.json" in names:
            return _of_bundle(json.loads(archive.read("results.json")))
        if "xl/workbook.xml" in names:
            return _of_workbook(content)
        notes = sorted((one for one in names if re.fullmatch(r"ppt/notesSlides/notesSlide\d+\.xml", one)),
                       key=lambda one: int(re.findall(r"\d+", one)[0]))
        return [table for one in notes for table in _of_notes(archive.read(one))]


def _of_bundle(results: dict) -> list[Table]:
    return [Table(one["title"], one["measure"], one["reading"], tuple(column["name"] for column in one["columns"]),
                  tuple(map(tuple, one["rows"]))) for one in results["exhibits"].values()]


def _of_workbook(content: bytes) -> list[Table]:
    """The numbers of each sheet: from the first row of two cells or more to the next empty one."""
    found = []
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    for name in book.sheet_names:
        rows = [tuple(row) for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)]
        said = " ".join(str(cell) for row in rows for cell in row if isinstance(cell, str))
        starts = [place for place, row in enumerate(rows) if sum(cell != "" for cell in row) > 1]
        if not starts:
            continue
        header = tuple(cell for cell in rows[starts[0]] if cell != "")
        body = rows[starts[0] + 1:]
        end = next((place for place, row in enumerate(body) if not any(cell != "" for cell in row)
                    or row[0] == "Behind the chart"), len(body))
        found.append(Table(str(rows[0][0]), str(rows[1][0]), said, header, tuple(
            tuple(None if cell == "" else cell for cell in row[:len(header)]) for row in body[:end])))
    return found


def _of_notes(content: bytes) -> list[Table]:
    """The table in the notes of a slide, which are one text of lines."""
    namespace = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
    lines = ["".join(text.text or "" for text in one.iter(f"{namespace}t"))
             for one in ElementTree.fromstring(content).iter(f"{namespace}p")]
    if "The numbers" not in lines or len(lines) < 2:
        return []
    start = lines.index("The numbers") + 1
    body = []
    for line in lines[start:]:
        if "|" not in line:
            break
        body.append(tuple(re.split(r" ?\| ?", line)))
    return [Table(lines[0], lines[1], " ".join(lines[:start]), body[0], tuple(body[1:]))] if body else []


@dataclass
class _Reading:
    titles: list[str] = field(default_factory=list)
    measure: str = ""
    said: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)


class _Tables(HTMLParser):
    """Tables with the heading and the sentences around them; a heading begins what is said anew."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[_Reading] = [_Reading()]
        self.path: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("h1", "h2", "h3"):
            self.found.append(_Reading())
        if tag == "tr":
            self.found[-1].rows.append([])
        if tag in ("td", "th"):
            self.found[-1].rows[-1].append("")
        self.path.append((tag, dict(attrs).get("class") or ""))

    def handle_endtag(self, tag: str) -> None:
        while self.path and self.path.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        now, tags = self.found[-1], [tag for tag, _ in self.path]
        if {"style", "script", "svg"} & set(tags):
            return
        if {"td", "th"} & set(tags):
            now.rows[-1][-1] += data
        elif tags and tags[-1] in ("h1", "h2", "h3"):
            now.titles.append(data)
        elif self.path and self.path[-1] in (("p", "measure"), ("p", "context")) and not now.measure:
            now.measure = data
            now.said.append(data)
        else:
            now.said.append(data)


def page_tables(html: str) -> list[Table]:
    """The tables of a page of HTML."""
    reader = _Tables()
    reader.feed(html)
    return [Table("".join(one.titles), one.measure, " ".join(one.said), tuple(one.rows[0]),
                  tuple(map(tuple, one.rows[1:]))) for one in reader.found if one.rows]
