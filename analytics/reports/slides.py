"""Exhibits as a PowerPoint deck: one idea a slide, native charts, the sheet that defends the number as notes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from typing import Any

from pptx.dml.color import MSO_THEME_COLOR
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Emu, Inches, Pt

from analytics.reports.archive import zipped
from analytics.reports.defend import Origin
from analytics.reports.exhibits_data import Exhibit
from analytics.reports.plain_text import fits, fitting, printable
from analytics.reports.sections import Grid, Section
from analytics.reports.slides_charts import MOST_CATEGORIES, add_chart
from analytics.reports.slides_template import Base, own_base, template_base
from analytics.reports.trace import origin_section
from analytics.reports.web_page import is_withheld, one_audience
from analytics.wording import exhibits as words

_MADE_ON = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_TITLE_SIZES = (30.0, 26.0, 22.0)
_READING_SIZES, _LIMITS_SIZES, _FOOT_SIZES = (20.0, 18.0, 16.0), (16.0, 15.0, 14.0), (12.0, 11.0, 10.0)
_MOST_TABLE_ROWS, _MOST_TABLE_COLUMNS = 12, 3
_CELL, _LINE = 14.0, 14.0 * 1.2
_MOST_NOTES = 20_000


@dataclass(frozen=True)
class Deck:
    """A presentation as a file, and what the clinic's template lacks, in words."""

    content: bytes
    lacks: tuple[str, ...] = ()


def deck(exhibits: Sequence[Exhibit], origin: Origin, template: bytes | None = None) -> Deck:
    """The exhibits as slides, in their order; the same exhibits give the same bytes.

    Parameters
    ----------
    template : a clinic's .pptx or .potx, for its layouts and colours

    Raises
    ------
    ValueError
        When there is no exhibit, they are of several audiences, or the template cannot be used.
    """
    first = one_audience(exhibits)
    base = own_base() if template is None else template_base(template)
    traced = origin_section(exhibits, origin)
    for one in exhibits:
        _slide(base, one, traced)
    facts = base.deck.core_properties
    facts.title, facts.author, facts.last_modified_by = printable(first.title, 200), "", ""
    facts.subject, facts.keywords, facts.comments = ", ".join(first.marks), "", ""
    facts.created = facts.modified = _MADE_ON
    target = io.BytesIO()
    base.deck.save(target)
    with zipfile.ZipFile(target) as archive:
        return Deck(zipped({name: archive.read(name) for name in archive.namelist()}), words.template_lacks(base.lacks))


def _slide(base: Base, exhibit: Exhibit, traced: Section) -> None:
    slide = base.deck.slides.add_slide(base.layout)
    _title(slide, base, exhibit.title)
    left, top, width, height = base.room
    line, foot, said = Inches(0.42), Inches(0.62), Inches(1.3)
    said_marks = ", ".join(exhibit.marks)
    half = int(width - min(Pt(len(said_marks) * 14 * 0.6 + 10), width // 2))
    _text(slide, (left, top, half, line), [(exhibit.measure_title, (16.0, 15.0, 14.0, 12.0), MSO_THEME_COLOR.TEXT_2)])
    marks = _text(slide, (left + half, top, width - half, line),
                  [(said_marks, (14.0,), MSO_THEME_COLOR.ACCENT_2)], is_right=True)
    marks.name = "Marks"
    body = (left, int(top + line), width, int(height - line - foot - said))
    n_rows, below = 0, body[1] + body[3]
    if is_withheld(exhibit):
        _text(slide, body, [(sentence, _READING_SIZES, MSO_THEME_COLOR.TEXT_1) for sentence in exhibit.context])
    elif exhibit.chart is not None:
        add_chart(slide, exhibit.chart, body, f"{exhibit.title}. {exhibit.reading}", is_own=base.is_own)
    elif exhibit.table.rows:
        n_rows, tall = _table(slide, exhibit.table, body)
        below = min(below, body[1] + tall + Inches(0.1))
    else:
        below = body[1] + Inches(0.3)
    reading = [(exhibit.reading, _READING_SIZES, MSO_THEME_COLOR.TEXT_1)]
    more = exhibit.comment or exhibit.limits
    reading += [(more, _LIMITS_SIZES, MSO_THEME_COLOR.TEXT_2)] if more else []
    _text(slide, (left, below + Inches(0.08), width, said - Inches(0.08)), reading)
    place = (left, int(top + height - foot), width, foot)
    _text(slide, place, [(_footnote(exhibit, n_rows, place), _FOOT_SIZES, MSO_THEME_COLOR.TEXT_2)])
    slide.notes_slide.notes_text_frame.text = _notes(exhibit, traced)


def _footnote(exhibit: Exhibit, n_rows: int, place: tuple[int, int, int, int]) -> str:
    """Marks, measure, what is left to the workbook, and the context; what does not fit is left to the notes.

    The last two sentences, rules and as-of day, always stay.
    """
    head = [f"{'. '.join(exhibit.marks)}.", f"{exhibit.measure_title}."]
    if exhibit.chart is not None:
        # A line is drawn through all of its points.
        n_shown = 0 if exhibit.chart.kind == "line" else len(exhibit.chart.categories)
        head.append(words.more_groups(n_shown, MOST_CATEGORIES))
    else:
        head.append(words.more_rows(len(exhibit.table.rows), n_rows))
    # Where nothing may be shown the body says why.
    told = list(exhibit.context[-2:] if is_withheld(exhibit) else exhibit.context)
    width, height = Emu(place[2]).pt, Emu(place[3]).pt
    cut = ""
    while True:
        text = " ".join(filter(None, (*head, *told[:-2], cut, *told[-2:])))
        if len(told) <= 2 or fits(printable(text), width, height, _FOOT_SIZES[-1]):
            return text
        told.remove(max(told[:-2], key=len))
        cut = words.MORE_IN_NOTES


def _title(slide: Any, base: Base, title: str) -> None:
    """The finding in the layout's own title, small enough for two lines; other placeholders go: nothing fills them."""
    for shape in list(slide.placeholders):
        if slide.shapes.title is None or shape.shape_id != slide.shapes.title.shape_id:
            shape._element.getparent().remove(shape._element)
    holder = slide.shapes.title
    if holder is None:
        holder = slide.shapes.add_textbox(Inches(0.6), Inches(0.3), base.room[2], Inches(1.0))
    elif base.is_own or not base.has_title:
        holder.left, holder.top, holder.width, holder.height = base.room[0], Inches(0.35), base.room[2], Inches(1.0)
    text, size = fitting(printable(title), Emu(holder.width).pt - 14, Emu(holder.height).pt - 8, _TITLE_SIZES)
    frame = holder.text_frame
    frame.text = text
    frame.word_wrap = True
    paragraph = frame.paragraphs[0]
    paragraph.font.size = Pt(size)
    if base.is_own:
        frame.vertical_anchor, paragraph.alignment, paragraph.font.bold = MSO_ANCHOR.BOTTOM, PP_ALIGN.LEFT, True
        paragraph.font.color.theme_color = MSO_THEME_COLOR.TEXT_1
        frame.margin_left = frame.margin_right = 0


def _text(
    slide: Any, place: tuple[int, int, int, int], lines: Sequence[tuple[str, tuple[float, ...], Any]], *,
    is_right: bool = False,
) -> Any:
    """A box of lines, each in the largest of its sizes in which all of it fits."""
    box = slide.shapes.add_textbox(*(Emu(int(one)) for one in place))
    frame = box.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    height = Emu(int(place[3])).pt / len(lines)
    for number, (line, sizes, colour) in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        text, size = fitting(printable(line), Emu(int(place[2])).pt, height, sizes)
        run = paragraph.add_run()
        run.text, run.font.size = text, Pt(size)
        run.font.color.theme_color = colour
        paragraph.alignment = PP_ALIGN.RIGHT if is_right else PP_ALIGN.LEFT
        paragraph.space_after = Pt(3)
    return box


def _table(slide: Any, grid: Grid, place: tuple[int, int, int, int]) -> tuple[int, int]:
    """The rows that there is room for as a native table, in type that can be read; how many, and how tall in EMU.

    Of the columns the first and those that say most; notes and workbook hold all.
    """
    places, rows = _widest(grid), (grid.header, *grid.rows[:_MOST_TABLE_ROWS])
    shares = [max(8, min(60, max(len(row[one]) for row in rows))) for one in places]
    widths = [Emu(int(place[2] * share / sum(shares))).pt for share in shares]
    lines = [[fitting(printable(row[one]), width - 14, 2 * _LINE, (_CELL,))[0]
              for one, width in zip(places, widths, strict=True)] for row in rows]
    heights = [max(_LINE * (1 if fits(cell, width - 14, _LINE, _CELL) else 2)
                   for cell, width in zip(line, widths, strict=True)) + 7 for line in lines]
    n_rows = max(sum(1 for end in accumulate(heights) if end <= Emu(place[3]).pt) - 1, 1)
    shape = slide.shapes.add_table(n_rows + 1, len(places), *place[:3], Pt(sum(heights[:n_rows + 1])))
    for column, width in enumerate(widths):
        shape.table.columns[column].width = Pt(width)
    for number, line in enumerate(lines[:n_rows + 1]):
        shape.table.rows[number].height = Pt(heights[number])
        for column, text in enumerate(line):
            cell = shape.table.cell(number, column)
            cell.text, cell.vertical_anchor = text, MSO_ANCHOR.MIDDLE
            cell.margin_top = cell.margin_bottom = Pt(2)
            cell.text_frame.paragraphs[0].font.size = Pt(_CELL)
    return n_rows, int(Pt(sum(heights[:n_rows + 1])))


def _widest(grid: Grid) -> list[int]:
    """The columns a slide shows: the first, and those after it with most to say."""
    filled = [one for one in range(1, len(grid.header)) if any(row[one] for row in grid.rows[:_MOST_TABLE_ROWS])]
    most = sorted(filled, key=lambda one: -sum(len(row[one]) for row in grid.rows[:_MOST_TABLE_ROWS]))
    return [0, *sorted(most[:_MOST_TABLE_COLUMNS - 1])]


def _notes(exhibit: Exhibit, traced: Section) -> str:
    """Everything that the slide stands on, whole: names that were shortened, the sheet, where it comes from."""
    lines = [exhibit.title, exhibit.measure_title, exhibit.reading, exhibit.limits, exhibit.comment, *exhibit.context]
    parts = [Section(words.LABELS["table"], (), exhibit.table), *exhibit.notes, traced]
    for part in parts:
        lines += ["", part.title, *part.sentences]
        lines += [" | ".join(row) for row in ((part.grid.header, *part.grid.rows) if part.grid else ())]
    text = "\n".join(printable(line) for line in lines)
    return text if len(text) <= _MOST_NOTES else f"{text[:_MOST_NOTES]}\n{words.NOTES_CUT}"
