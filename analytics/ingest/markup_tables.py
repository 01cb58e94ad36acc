"""Tables in HTML pages and in SpreadsheetML, which programs save under names such as .xls."""

from __future__ import annotations

import io
from collections.abc import Iterator

from analytics.ingest.grid import NotATable
from analytics.ingest.hidden_markup import Hiding, may_hide
from analytics.ingest.raw_sheets import RawSheet

MOST_BYTES = 200_000_000
MOST_CELLS = 5_000_000
_EXPORT = "Export the table as CSV or XLSX and give that file."
_SPREADSHEET = "{urn:schemas-microsoft-com:office:spreadsheet}"


def markup_sheets(content: bytes) -> list[RawSheet]:
    """The tables of a text in UTF-8 that starts like HTML or XML.

    Raises
    ------
    NotATable
        When it holds no table, or declares entities or another document type than HTML.
    """
    if len(content) > MOST_BYTES:
        raise NotATable("a web page or XML of unusual size", _EXPORT)
    head = content[:4096].lower()
    is_xml = head.lstrip().startswith(b"<?xml") and b"<html" not in head
    if b"<!entity" in content.lower() or (is_xml and b"<!doctype" in head):
        raise NotATable("XML with entities, which no export writes", _EXPORT)
    if b"urn:schemas-microsoft-com:office:spreadsheet" in head and is_xml:
        sheets = list(_spreadsheet_sheets(content))
    else:
        sheets = [] if is_xml else list(_html_tables(content))
    if not sheets:
        raise NotATable("a web page or XML without a table", _EXPORT)
    return sheets


class _Records:
    """Rows of text as they come, filled up to one width at the end."""

    def __init__(self) -> None:
        self.records: list[list[str]] = []
        self.merged: list[tuple[tuple[int, int], tuple[int, int]]] = []
        self.hidden: list[int] = []
        self.n_cells = 0
        self.texts: dict[str, str] = {}

    def row(self, place: int) -> list[str]:
        """The row at a place; rows that are left out above it are blank."""
        self._require_room(place - len(self.records))
        while len(self.records) <= place:
            self.records.append([])
        return self.records[place]

    def put(self, row: list[str], column: int, text: str) -> None:
        """A cell of a row; those left out before it are blank."""
        self._require_room(column - len(row))
        row.extend([""] * (column + 1 - len(row)))
        row[column] = self.texts.setdefault(text, text)

    def _require_room(self, count: int) -> None:
        self.n_cells += max(0, count) + 1
        if self.n_cells > MOST_CELLS:
            raise NotATable("a table of unusual size in a web page or XML", _EXPORT)

    def sheet(self, name: str) -> RawSheet:
        """The rows as a sheet."""
        width = max(map(len, self.records), default=0)
        if width * len(self.records) > 4 * MOST_CELLS:
            raise NotATable("a table of unusual size in a web page or XML", _EXPORT)
        for record in self.records:
            record.extend([""] * (width - len(record)))
        return RawSheet(name, self.records, tuple(self.merged), tuple(self.hidden))


def _spreadsheet_sheets(content: bytes) -> Iterator[RawSheet]:
    from lxml import etree

    wanted = [_SPREADSHEET + tag for tag in ("Worksheet", "Row")]
    walk = etree.iterparse(io.BytesIO(content), events=("start", "end"), tag=wanted, encoding="utf-8",
                           resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    records, name, place = _Records(), "", -1
    try:
        for event, element in walk:
            if event == "start":
                if element.tag.endswith("Worksheet"):
                    records, name, place = _Records(), element.get(_SPREADSHEET + "Name", ""), -1
            elif element.tag.endswith("Row"):
                place = _number(element.get(_SPREADSHEET + "Index"), place + 2) - 1
                _spreadsheet_row(element, place, records)
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
            else:
                yield records.sheet(name)
    except etree.XMLSyntaxError:
        raise NotATable("damaged XML", _EXPORT) from None


def _spreadsheet_row(element, place: int, records: _Records) -> None:
    row, column = records.row(place), -1
    if element.get(_SPREADSHEET + "Hidden") == "1":
        records.hidden.append(place)
    for cell in element.iterchildren(_SPREADSHEET + "Cell"):
        column = _number(cell.get(_SPREADSHEET + "Index"), column + 2) - 1
        data = cell.find(_SPREADSHEET + "Data")
        kind = data.get(_SPREADSHEET + "Type") if data is not None else ""
        text = "".join(data.itertext()).strip() if data is not None else ""
        if kind == "DateTime":
            text = text.removesuffix(".000").removesuffix("T00:00:00").replace("T", " ")
        elif kind == "Boolean":
            text = {"1": "True", "0": "False"}.get(text, text)
        records.put(row, column, text)
        down = _number(cell.get(_SPREADSHEET + "MergeDown"), 0)
        across = _number(cell.get(_SPREADSHEET + "MergeAcross"), 0)
        if down or across:
            records.merged.append(((place, column), (place + down, column + across)))
        column += across


def _html_tables(content: bytes) -> Iterator[RawSheet]:
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        page = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        return
    tables = page.iter("table") if page is not None else ()
    hiding = Hiding("".join(text for style in page.iter("style") for text in style.itertext())
                    ) if page is not None and may_hide(content) else None
    innermost = [table for table in tables if next(table.iterdescendants("table"), None) is None]
    for number, table in enumerate(innermost, start=1):
        records = _Records()
        below: dict[int, int] = {}
        for place, line in enumerate(table.iter("tr")):
            _html_row(line, place, records, below)
            if hiding is not None and hiding.hides_row(line):
                records.hidden.append(place)
        if any(map(any, records.records)):
            yield records.sheet(f"table {number}" if len(innermost) > 1 else "")


def _html_row(line, place: int, records: _Records, below: dict[int, int]) -> None:
    """One row; ``below`` says for a column how many rows below a cell still covers."""
    row, column = records.row(place), 0
    for cell in line.iterchildren("td", "th"):
        while below.get(column, 0) > 0:
            below[column] -= 1
            column += 1
        text = " ".join(_text_in(cell).split())
        records.put(row, column, text)
        across = min(_number(cell.get("colspan"), 1), 1000)
        down = min(_number(cell.get("rowspan"), 1), 100_000) - 1
        if down:
            below.update(dict.fromkeys(range(column, column + across), down))
        if down or across > 1:
            records.merged.append(((place, column), (place + down, column + across - 1)))
        column += max(1, across)
    for other in [other for other in below if other >= column and below[other] > 0]:
        below[other] -= 1


def _text_in(cell) -> str:
    if not len(cell):
        return cell.text or ""
    return "".join(cell.xpath(".//text()[not(parent::script or parent::style)]"))


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text is not None and text.isdecimal() and len(text) < 8 and int(text) > 0 else otherwise
