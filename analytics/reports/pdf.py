"""Exhibits on paper: a PDF made without a browser, pictures as vectors, every page with its marks."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, Literal

import reportlab
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    KeepTogether,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
)

from analytics import __version__
from analytics.figures.theme import PALETTES
from analytics.reports.defend import Origin
from analytics.reports.drawing import Box, Dot, Picture, Shape, Stroke, picture
from analytics.reports.exhibits_data import Card, Exhibit
from analytics.reports.plain_text import LONGEST, printable
from analytics.reports.sections import Grid, Section, without_empty_columns
from analytics.reports.trace import origin_section
from analytics.reports.web_page import one_audience
from analytics.wording import exhibits as words

Paper = Literal["a4", "letter"]

PAPERS: dict[str, tuple[float, float]] = {"a4": A4, "letter": LETTER}
MOST_TABLE_ROWS = 60
_TALLEST = 590
"""Height of a picture in points: with its title it fits a page of either paper."""
_MOST_KEPT_ROWS = 14
"""An exhibit with a longer table may run over two pages."""
_ONE_LINE = 24
"""A cell of no more signs stays on one line, so that a count is not broken."""

_MARGIN = 16 * mm
_PALETTE = PALETTES["light"]
_FONT, _BOLD = "Vera", "VeraBd"
_MISSING = "?"


@cache
def _signs() -> frozenset[int]:
    """The signs that the letters have; they come with the library, so that a page looks the same everywhere."""
    folder = Path(reportlab.__file__).parent / "fonts"
    for name in (_FONT, _BOLD):
        pdfmetrics.registerFont(TTFont(name, str(folder / f"{name}.ttf")))
    return frozenset(pdfmetrics.getFont(_FONT).face.charToGlyph)


def _shown(text: str, most: int = 4 * LONGEST) -> str:
    """A text in the signs that the letters have; a question mark stands for each other one."""
    return "".join(sign if ord(sign) in _signs() else _MISSING for sign in printable(text, most))


def _styles() -> dict[str, ParagraphStyle]:
    plain = ParagraphStyle("plain", fontName=_FONT, fontSize=9, leading=12.5, textColor=HexColor(_PALETTE.text),
                           splitLongWords=1)

    def style(name: str, **changes: Any) -> ParagraphStyle:
        return ParagraphStyle(name, parent=plain, **changes)

    muted = HexColor(_PALETTE.muted)
    return {
        "plain": plain, "muted": style("muted", textColor=muted),
        "small": style("small", fontSize=7.5, leading=10, textColor=muted, spaceBefore=3),
        "cell": style("cell", fontSize=8, leading=10.5), "head": style("head", fontSize=8, leading=10.5,
                                                                        fontName=_BOLD, textColor=muted),
        "h1": style("h1", fontName=_BOLD, fontSize=19, leading=23, spaceAfter=3),
        "h2": style("h2", fontName=_BOLD, fontSize=13, leading=16.5, spaceBefore=14, spaceAfter=2),
        "h3": style("h3", fontName=_BOLD, fontSize=9.5, leading=13, spaceBefore=7),
        "lead": style("lead", fontSize=11, leading=15, spaceBefore=5),
        "number": style("number", fontName=_BOLD, fontSize=16, leading=20, textColor=HexColor(_PALETTE.accent)),
        "harm": style("harm", fontName=_BOLD, fontSize=16, leading=20, textColor=HexColor(_PALETTE.worsened)),
        "card": style("card", fontName=_BOLD, fontSize=8, leading=10.5),
    }


def pdf(exhibits: Sequence[Exhibit], origin: Origin, paper: Paper = "a4") -> bytes:
    """The exhibits on pages of A4 or Letter; the same exhibits give the same bytes.

    Raises
    ------
    ValueError
        When there is no exhibit, they are of several audiences, or the paper is another.
    """
    first = one_audience(exhibits)
    if paper not in PAPERS:
        raise ValueError(f"Paper is one of {', '.join(PAPERS)}; {paper!r} came.")
    _signs()
    styles, (width, height) = _styles(), PAPERS[paper]
    target = io.BytesIO()
    document = BaseDocTemplate(
        target, pagesize=(width, height), invariant=1, title=_shown(first.title, 200), author="",
        subject=", ".join(first.marks), lang="en")
    frame = Frame(_MARGIN, _MARGIN + 12, width - 2 * _MARGIN, height - 2 * _MARGIN - 30, 0, 0, 0, 0)
    document.addPageTemplates(PageTemplate("page", [frame], onPage=lambda canvas, of: _page(canvas, of, first, origin)))
    inner = width - 2 * _MARGIN
    story: list[Flowable] = []
    for one in exhibits:
        story += _exhibit(one, styles, inner)
    for section in (*_defended(first), origin_section(exhibits, origin)):
        story += _section(section, styles, inner)
    if any(ord(sign) not in _signs() for part in _names(exhibits) for sign in printable(part, LONGEST)):
        story.append(_paragraph(words.SIGNS_LOST, styles["small"]))
    document.build(story)
    return target.getvalue()


def _names(exhibits: Sequence[Exhibit]) -> list[str]:
    return [cell for one in exhibits for row in one.table.rows for cell in row]


def _page(canvas: Any, document: Any, first: Exhibit, origin: Origin) -> None:
    """Marks at the top and at the bottom of every page."""
    width, height = document.pagesize
    canvas.saveState()
    canvas.setFont(_BOLD, 8)
    canvas.setFillColor(HexColor(_PALETTE.worsened))
    canvas.drawString(_MARGIN, height - _MARGIN + 4, ", ".join(first.marks))
    canvas.setFont(_FONT, 7.5)
    canvas.setFillColor(HexColor(_PALETTE.muted))
    canvas.drawRightString(width - _MARGIN, height - _MARGIN + 4, _shown(origin.label, 60))
    canvas.drawString(_MARGIN, _MARGIN - 6, f"{first.context[-1]} ketamine-outcomes {__version__}")
    canvas.drawRightString(width - _MARGIN, _MARGIN - 6, str(document.page))
    canvas.restoreState()


def _paragraph(text: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(escape(_shown(text)), style)


def _exhibit(one: Exhibit, styles: dict[str, ParagraphStyle], width: float) -> list[Flowable]:
    is_first = one.ask.kind == "headline"
    drawn = _Drawn(picture(one.chart), width) if one.chart is not None else None
    story: list[Flowable] = [] if is_first or drawn else [CondPageBreak(150)]
    story.append(_paragraph(one.title, styles["h1" if is_first else "h2"]))
    story.append(_paragraph(one.measure_title, styles["muted"]))
    story += [Spacer(1, 6), _cards(one.cards, styles, width)] if one.cards else []
    story += [Spacer(1, 8), drawn] if drawn else []
    story.append(_paragraph(one.reading, styles["lead"]))
    story += [_paragraph(one.limits, styles["muted"])] if one.limits else []
    story += [_paragraph(f"{words.LABELS['comment']}: {one.comment}", styles["plain"])] if one.comment else []
    story += _table(one.table, styles, width)
    story.append(_paragraph(" ".join(one.context), styles["small"]))
    return [KeepTogether(story)] if drawn and len(one.table.rows) <= _MOST_KEPT_ROWS else story


def _cards(cards: Sequence[Card], styles: dict[str, ParagraphStyle], width: float) -> Table:
    made = [[_paragraph(card.title, styles["card"]),
             _paragraph(card.shown, styles["harm" if card.is_harm else "number"]),
             *(_paragraph(line, styles["cell"]) for line in (card.counts, card.interval, card.mark) if line)]
            for card in cards]
    rows = [made[place:place + 4] for place in range(0, len(made), 4)]
    rows[-1] += [""] * (4 - len(rows[-1]))
    table = Table(rows, [width / 4] * 4)
    boxes = [("BOX", (place % 4, place // 4), (place % 4, place // 4), 0.6, HexColor(_PALETTE.unchanged))
             for place in range(len(made))]
    table.setStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 7),
                    ("TOPPADDING", (0, 0), (-1, -1), 5), ("BOTTOMPADDING", (0, 0), (-1, -1), 6), *boxes])
    return table


def _table(grid: Grid, styles: dict[str, ParagraphStyle], width: float) -> list[Flowable]:
    if not grid.rows:
        return []
    shown = without_empty_columns(Grid(grid.header, grid.rows[:MOST_TABLE_ROWS]))
    lines = [[_cell(cell, styles["head"]) for cell in shown.header]]
    lines += [[_cell(cell, styles["cell"]) for cell in row] for row in shown.rows]
    table = Table(lines, _widths(shown, width), repeatRows=1)
    line = HexColor(_PALETTE.grid)
    table.setStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LINEBELOW", (0, 0), (-1, -1), 0.5, line),
                    ("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (-1, -1), 6),
                    ("TOPPADDING", (0, 0), (-1, -1), 2), ("BOTTOMPADDING", (0, 0), (-1, -1), 3)])
    more = words.more_rows(len(grid.rows), MOST_TABLE_ROWS)
    return [Spacer(1, 5), table, *([_paragraph(more, styles["small"])] if more else [])]


def _widths(grid: Grid, width: float) -> list[float]:
    """Widths of columns: short cells and the words of the header whole, the rest by how much there is to say."""
    least, wanted = [], []
    for place, head in enumerate(grid.header):
        words_ = [(word, _BOLD) for word in head.split()]
        cells = [_shown(row[place], LONGEST) for row in grid.rows]
        words_ += [(cell, _FONT) for cell in cells if len(cell) <= _ONE_LINE]
        least.append(max((pdfmetrics.stringWidth(_shown(word), font, 8) for word, font in words_), default=0) + 9)
        wanted.append(max(len(cell) for cell in (head, *cells)))
    over = width - sum(least)
    if over < 0:
        return [width * one / sum(least) for one in least]
    more = [min(max(many * 4.4 - one, 0), 260) for many, one in zip(wanted, least, strict=True)]
    share = over / (sum(more) or 1)
    rest = 0 if sum(more) else over / len(least)
    return [one + many * share + rest for one, many in zip(least, more, strict=True)]


def _cell(text: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(escape(_shown(text, LONGEST)), style)


def _defended(first: Exhibit) -> tuple[Section, ...]:
    return (Section(words.LABELS["defend"], ()), *first.notes) if first.notes else ()


def _section(section: Section, styles: dict[str, ParagraphStyle], width: float) -> list[Flowable]:
    is_part = section.sentences or section.title == words.LABELS["origin"]
    story: list[Flowable] = [CondPageBreak(60 if is_part else 150),
                             _paragraph(section.title, styles["h3" if is_part else "h2"])]
    story += [_paragraph(sentence, styles["plain"]) for sentence in section.sentences]
    return story + (_table(section.grid, styles, width) if section.grid else [])


class _Drawn(Flowable):
    """A picture in the width of the page, as vectors."""

    def __init__(self, drawn: Picture, width: float) -> None:
        super().__init__()
        self.drawn, self.scale = drawn, min(width / drawn.width, _TALLEST / drawn.height)
        self.width, self.height = width, drawn.height * self.scale

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        self.canv.saveState()
        self.canv.scale(self.scale, self.scale)
        for one in self.drawn.shapes:
            _paint(self.canv, one, self.drawn.height)
        self.canv.restoreState()


def _paint(canvas: Any, one: Shape, height: float) -> None:
    """One shape; paper counts upwards."""
    if isinstance(one, Box):
        canvas.setFillColor(HexColor(one.fill))
        canvas.rect(one.x, height - one.y - one.height, one.width, one.height, stroke=0, fill=1)
    elif isinstance(one, Stroke):
        canvas.setStrokeColor(HexColor(one.colour))
        canvas.setLineWidth(one.width)
        canvas.setDash(*((3, 4) if one.is_dashed else ()))
        path = canvas.beginPath()
        path.moveTo(one.points[0][0], height - one.points[0][1])
        for x, y in one.points[1:]:
            path.lineTo(x, height - y)
        canvas.drawPath(path)
    elif isinstance(one, Dot):
        canvas.setDash()
        canvas.setLineWidth(2)
        canvas.setStrokeColor(HexColor(one.colour))
        canvas.setFillColor(HexColor(one.fill))
        canvas.circle(one.x, height - one.y, one.radius, stroke=1, fill=1)
    else:
        canvas.setFillColor(HexColor(one.colour))
        canvas.setFont(_BOLD if one.is_bold else _FONT, one.size)
        draw = {"start": canvas.drawString, "middle": canvas.drawCentredString, "end": canvas.drawRightString}
        draw[one.anchor](one.x, height - one.y, _shown(one.text))
