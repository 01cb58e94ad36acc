"""Exhibits on paper: a PDF made without a browser, pictures as vectors, every page with its marks."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any, Literal

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
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
from analytics.reports.drawing import Box, Dot, Picture, Shape, Stroke, has_values, picture
from analytics.reports.exhibits_data import Card, Exhibit
from analytics.reports.pdf_letters import BOLD, PLAIN, draw, is_lost, marked_up, signs, width_of
from analytics.reports.plain_text import LONGEST, printable
from analytics.reports.sections import Grid, Section, without_empty_columns
from analytics.reports.trace import origin_section, told_label
from analytics.reports.web_page import is_withheld, one_audience
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


def _styles() -> dict[str, ParagraphStyle]:
    plain = ParagraphStyle("plain", fontName=PLAIN, fontSize=9, leading=12.5, textColor=HexColor(_PALETTE.text),
                           splitLongWords=1)

    def style(name: str, **changes: Any) -> ParagraphStyle:
        return ParagraphStyle(name, parent=plain, **changes)

    muted = HexColor(_PALETTE.muted)
    return {
        "plain": plain, "muted": style("muted", textColor=muted),
        "small": style("small", fontSize=7.5, leading=10, textColor=muted, spaceBefore=3),
        "cell": style("cell", fontSize=8, leading=10.5), "head": style("head", fontSize=8, leading=10.5,
                                                                        fontName=BOLD, textColor=muted),
        "h1": style("h1", fontName=BOLD, fontSize=19, leading=23, spaceAfter=3),
        "h2": style("h2", fontName=BOLD, fontSize=13, leading=16.5, spaceBefore=14, spaceAfter=2),
        "h3": style("h3", fontName=BOLD, fontSize=9.5, leading=13, spaceBefore=7),
        "lead": style("lead", fontSize=11, leading=15, spaceBefore=5),
        "number": style("number", fontName=BOLD, fontSize=16, leading=20, textColor=HexColor(_PALETTE.accent)),
        "harm": style("harm", fontName=BOLD, fontSize=16, leading=20, textColor=HexColor(_PALETTE.worsened)),
        "card": style("card", fontName=BOLD, fontSize=8, leading=10.5),
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
    signs(PLAIN), signs(BOLD)
    styles, (width, height) = _styles(), PAPERS[paper]
    target = io.BytesIO()
    document = BaseDocTemplate(
        target, pagesize=(width, height), invariant=1, title=printable(first.title, 200), author="",
        subject=", ".join(first.marks), lang="en")
    frame = Frame(_MARGIN, _MARGIN + 12, width - 2 * _MARGIN, height - 2 * _MARGIN - 30, 0, 0, 0, 0)
    document.addPageTemplates(PageTemplate("page", [frame], onPage=lambda canvas, of: _page(canvas, of, first, origin)))
    inner = width - 2 * _MARGIN
    story: list[Flowable] = []
    for one in exhibits:
        story += _exhibit(one, styles, inner, is_first=one is first)
    for section in (*_defended(first), origin_section(exhibits, origin)):
        story += _section(section, styles, inner)
    if any(map(is_lost, _texts(exhibits, origin))):
        story.append(_paragraph(words.SIGNS_LOST, styles["small"]))
    document.build(story)
    return target.getvalue()


def _texts(exhibits: Sequence[Exhibit], origin: Origin) -> list[str]:
    """What may hold a name of the files or a word of a person."""
    found = [told_label(exhibits[0], origin)]
    for one in exhibits:
        found += [one.title, one.measure_title, one.reading, one.comment, *one.context]
        found += [cell for row in (one.table.header, *one.table.rows) for cell in row]
        found += one.chart.categories if one.chart is not None else ()
    return found


def _page(canvas: Any, document: Any, first: Exhibit, origin: Origin) -> None:
    """Marks at the top and at the bottom of every page."""
    width, height = document.pagesize
    canvas.saveState()
    canvas.setFont(BOLD, 8)
    canvas.setFillColor(HexColor(_PALETTE.worsened))
    canvas.drawString(_MARGIN, height - _MARGIN + 4, ", ".join(first.marks))
    canvas.setFillColor(HexColor(_PALETTE.muted))
    draw(canvas, (width - _MARGIN, height - _MARGIN + 4), printable(told_label(first, origin), 60), PLAIN, 7.5, "end")
    canvas.setFont(PLAIN, 7.5)
    canvas.drawString(_MARGIN, _MARGIN - 6, f"{first.context[-1]} ketamine-outcomes {__version__}")
    canvas.drawRightString(width - _MARGIN, _MARGIN - 6, str(document.page))
    canvas.restoreState()


def _paragraph(text: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(marked_up(text, style.fontName), style)


def _exhibit(one: Exhibit, styles: dict[str, ParagraphStyle], width: float, *, is_first: bool) -> list[Flowable]:
    drawn = _Drawn(picture(one.chart), width) if has_values(one.chart) else None
    is_told = not is_withheld(one)
    story: list[Flowable] = [] if is_first or drawn else [CondPageBreak(150)]
    story.append(_paragraph(one.title, styles["h1" if is_first else "h2"]))
    story.append(_paragraph(one.measure_title, styles["muted"]))
    story += [Spacer(1, 6), _cards(one.cards, styles, width)] if one.cards and is_told else []
    story += [Spacer(1, 8), drawn] if drawn else []
    story.append(_paragraph(one.reading, styles["lead"]))
    story += [_paragraph(one.limits, styles["muted"])] if one.limits else []
    story += [_paragraph(f"{words.LABELS['comment']}: {one.comment}", styles["plain"])] if one.comment else []
    rest = [*_table(one.table, styles, width),
            _paragraph(" ".join(one.context), styles["small" if is_told else "lead"])]
    if not drawn:
        return story + rest
    # Title and chart are never parted; a long table runs on.
    return [KeepTogether(story + rest)] if len(one.table.rows) <= _MOST_KEPT_ROWS else [KeepTogether(story), *rest]


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
        words_ = [(word, BOLD) for word in head.split()]
        cells = [printable(row[place], LONGEST) for row in grid.rows]
        words_ += [(cell, PLAIN) for cell in cells if len(cell) <= _ONE_LINE]
        least.append(max((width_of(word, font, 8) for word, font in words_), default=0) + 9)
        wanted.append(max(len(cell) for cell in (head, *cells)))
    over = width - sum(least)
    if over < 0:
        return [width * one / sum(least) for one in least]
    more = [min(max(many * 4.4 - one, 0), 260) for many, one in zip(wanted, least, strict=True)]
    # What no cell asks for is shared alike: one column that took it all would stand far from the others.
    share = min(over / (sum(more) or 1), 1.0)
    rest = (over - share * sum(more)) / len(least)
    return [one + many * share + rest for one, many in zip(least, more, strict=True)]


def _cell(text: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(marked_up(text, style.fontName, LONGEST), style)


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
        draw(canvas, (one.x, height - one.y), one.text, BOLD if one.is_bold else PLAIN, one.size, one.anchor)
