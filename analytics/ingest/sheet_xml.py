"""What the XML of a workbook says that its values do not: hidden rows, formulas without a result, and how large it is.

A workbook is looked through before it is opened: a few bytes can declare a table that no memory holds.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from xml.parsers import expat

from analytics.ingest.grid import NotATable

MOST_BYTES = 500_000_000
"""Of one unpacked member of a workbook."""

MOST_CELLS = 30_000_000
SPARSE_CELLS = 2_000_000
"""A sheet larger than this must have a twentieth of its cells filled."""

_AGAIN = "Copy the table alone into a new workbook, or save it as .csv, and give that file."
_REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")


@dataclass
class SheetFacts:
    """What is known of a sheet besides its values; rows and columns count from 0.

    Attributes
    ----------
    uncached : cells with a formula whose result was not saved
    is_from_1904 : whether the numbers of days of the workbook count from 1904
    """

    hidden: list[int] = field(default_factory=list)
    uncached: list[tuple[int, int]] = field(default_factory=list)
    n_filled: int = 0
    height: int = 0
    width: int = 0
    is_from_1904: bool = False

    def require_room(self) -> None:
        """Refuse a sheet that would fill the memory."""
        size = self.height * self.width
        if size > MOST_CELLS or (size > SPARSE_CELLS and size > 20 * self.n_filled):
            raise NotATable(f"a sheet of {self.height:,} rows and {self.width:,} columns with {self.n_filled:,} cells "
                            "filled", _AGAIN)


def member(archive: zipfile.ZipFile, name: str) -> bytes:
    """The XML of a member.

    Raises
    ------
    NotATable
        When it is too large, declares entities, or is written in an encoding that hides what it holds.
    """
    if archive.getinfo(name).file_size > MOST_BYTES:
        raise NotATable("a workbook that unpacks to far more than any export", _AGAIN)
    content = archive.read(name)
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise NotATable("a workbook with XML entities, which no spreadsheet writes", _AGAIN)
    if b"\0" in content[:200] or content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise NotATable("a workbook in an encoding that no spreadsheet writes", _AGAIN)
    return content


class _Xlsx:
    """Follows the XML of one sheet of an .xlsx file."""

    def __init__(self, *, zero_is_uncached: bool) -> None:
        self.facts = SheetFacts()
        self.zero_is_uncached = zero_is_uncached
        self.row = self.column = -1
        self.is_formula = self.is_filled = self.is_value = False
        self.value = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "c":
            self.is_formula = self.is_filled = False
            self.value = ""
            match = _REFERENCE.fullmatch(attributes.get("r", ""))
            if match is None:
                self.column += 1
            else:
                self.column = 0
                for letter in match[1].upper():
                    self.column = self.column * 26 + ord(letter) - 64
                self.column -= 1
                self.row = max(0, int(match[2]) - 1)
        elif tag == "v":
            self.is_filled = self.is_value = True
        elif tag == "is":
            self.is_filled = True
            self.value = "text"
        elif tag == "f":
            self.is_formula = True
        elif tag == "row":
            self.row = int(attributes["r"]) - 1 if attributes.get("r", "").isdecimal() else self.row + 1
            self.column = -1
            if attributes.get("hidden") in ("1", "true"):
                self.facts.hidden.append(self.row)

    def text(self, text: str) -> None:
        if self.is_value:
            self.value += text

    def end(self, name: str) -> None:
        tag = name.rpartition(":")[2]
        if tag == "v":
            self.is_value = False
        elif tag == "c":
            if self.is_formula and (not self.value or (self.zero_is_uncached and self.value == "0")):
                self.facts.uncached.append((self.row, self.column))
            if self.is_filled:
                self.facts.n_filled += 1
                self.facts.height = max(self.facts.height, self.row + 1)
                self.facts.width = max(self.facts.width, self.column + 1)


class _Ods:
    """Follows the XML of an .ods file, whose cells and rows say how often they repeat."""

    def __init__(self) -> None:
        self.sheets: list[SheetFacts] = []
        self.row = self.column = 0
        self.filled = self.repeats = 0
        self.hidden = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag in ("table-cell", "covered-table-cell"):
            count = _count(attributes.get("table:number-columns-repeated"))
            is_filled = any(key.startswith(("office:", "calcext:")) for key in attributes)
            self.column += count
            if is_filled:
                self.filled += count
                self.sheets[-1].width = max(self.sheets[-1].width, self.column)
        elif tag == "table-row" and self.sheets:
            self.column = self.filled = 0
            self.repeats = _count(attributes.get("table:number-rows-repeated"))
            self.hidden = attributes.get("table:visibility") in ("collapse", "filter")
        elif tag == "table":
            self.sheets.append(SheetFacts())
            self.row = 0
        elif tag == "p" and self.sheets and not self.filled:
            self.filled = 1
            self.sheets[-1].width = max(self.sheets[-1].width, self.column)

    def text(self, text: str) -> None:
        """Values are read elsewhere."""

    def end(self, name: str) -> None:
        if name.rpartition(":")[2] != "table-row" or not self.sheets:
            return
        facts = self.sheets[-1]
        self.row += self.repeats
        if self.filled:
            facts.n_filled += self.filled * min(self.repeats, 1000)
            facts.height = self.row
            if self.hidden:
                facts.hidden += range(self.row - min(self.repeats, 1000), self.row)


def _count(text: str | None) -> int:
    return max(1, int(text)) if text is not None and text.isdecimal() and len(text) < 10 else 1


def xlsx_facts(content: bytes, *, zero_is_uncached: bool) -> SheetFacts:
    """What the XML of one sheet of an .xlsx file says."""
    reader = _Xlsx(zero_is_uncached=zero_is_uncached)
    _follow(reader, content)
    reader.facts.require_room()
    return reader.facts


def ods_facts(content: bytes) -> list[SheetFacts]:
    """What the content of an .ods file says of each sheet."""
    reader = _Ods()
    _follow(reader, content)
    for facts in reader.sheets:
        facts.require_room()
    return reader.sheets


def _follow(reader: _Xlsx | _Ods, content: bytes) -> None:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.text
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, IndexError):
        raise NotATable("a damaged workbook", "Save it again, or as .csv.") from None
