"""A document as data: sections of sentences and tables, written as Markdown or as HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from html import escape

_MAY_SCROLL = 4
"""Columns from which a table may be wider than its page."""


@dataclass(frozen=True)
class Grid:
    """A small table of texts."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Section:
    """One heading with what stands under it.

    Attributes
    ----------
    level : 1 for the document's title, 2 for a section, 3 for a part of one
    sentences : paragraphs, plain text
    """

    title: str
    sentences: tuple[str, ...] = ()
    grid: Grid | None = None
    level: int = 2

    @property
    def words(self) -> str:
        """Everything the section says, in lower case, for a search."""
        cells = (cell for row in (self.grid.rows if self.grid else ()) for cell in row)
        return " ".join((self.title, *self.sentences, *cells)).lower()


LONG = 12
"""A table of more rows is cut to those that a search is for."""


def matching(sections: Iterable[Section], wanted: str) -> tuple[Section, ...]:
    """The sections in which every word that is wanted occurs; all of them when nothing is wanted.

    Of a long table only the rows that hold every word stay, where there are any.
    """
    words = wanted.lower().split()
    return tuple(_with_rows(section, words) for section in sections if all(word in section.words for word in words))


def _with_rows(section: Section, words: list[str]) -> Section:
    grid = section.grid
    if grid is None or len(grid.rows) <= LONG or not words:
        return section
    rows = tuple(row for row in grid.rows if all(word in " ".join(row).lower() for word in words))
    return replace(section, grid=Grid(grid.header, rows)) if rows else section


def without_empty_columns(grid: Grid) -> Grid:
    """The same table without columns that say nothing in any row."""
    said = [place for place in range(len(grid.header)) if any(row[place] for row in grid.rows)] if grid.rows else []
    if not said:
        return grid
    return Grid(tuple(grid.header[place] for place in said), tuple(
        tuple(row[place] for place in said) for row in grid.rows))


def as_markdown(sections: Iterable[Section]) -> str:
    """The sections as Markdown; signs that Markdown would read are escaped."""
    return "\n".join(_section_markdown(section) for section in sections)


def as_html(sections: Iterable[Section]) -> str:
    """The sections as HTML; every text is escaped."""
    return "\n".join(_section_html(section) for section in sections)


def _section_markdown(section: Section) -> str:
    parts = [f"{'#' * section.level} {_plain(section.title)}\n"]
    parts += [f"{_plain(sentence)}\n" for sentence in section.sentences]
    if section.grid is not None:
        parts.append(_grid_markdown(section.grid))
    return "\n".join(parts)


def _grid_markdown(grid: Grid) -> str:
    lines = [grid.header, tuple("---" for _ in grid.header), *grid.rows]
    return "\n".join("| " + " | ".join(_plain(cell) for cell in line) + " |" for line in lines) + "\n"


def _plain(text: str) -> str:
    return re.sub(r"([\\`*<>\[\]|$])", r"\\\1", text.replace("\n", " "))


def _section_html(section: Section) -> str:
    heading = f"<h{section.level}>{escape(section.title)}</h{section.level}>"
    sentences = "".join(f"<p>{escape(sentence)}</p>" for sentence in section.sentences)
    table = grid_html(section.grid) if section.grid is not None else ""
    return f'<section class="sheet-section">{heading}{sentences}{table}</section>'


_SHORT = 22
"""A cell of no more signs stays on one line, so that a count is not broken."""


def _cell(text: str) -> str:
    return f'<td class="short">{escape(text)}</td>' if len(text) <= _SHORT else f"<td>{escape(text)}</td>"


def grid_html(grid: Grid, css_class: str = "grid") -> str:
    """A table as HTML; every cell is escaped. A wide one, which may scroll, is reached by the keyboard."""
    head = "".join(f'<th scope="col">{escape(cell)}</th>' if cell else "<td></td>" for cell in grid.header)
    body = "".join(f"<tr>{''.join(_cell(cell) for cell in row)}</tr>" for row in grid.rows)
    reached = ' tabindex="0" role="group" aria-label="Table"' if len(grid.header) >= _MAY_SCROLL else ""
    return (f'<div class="grid-scroll"{reached}><table class="{css_class}"><thead><tr>{head}</tr></thead>'
            f"<tbody>{body}</tbody></table></div>")
