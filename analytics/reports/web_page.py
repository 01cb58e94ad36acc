"""The report as one HTML file: opens offline, reads with scripts off, prints; no text of a file acts in it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from html import escape
from typing import Any

from analytics.reports.defend import Origin
from analytics.reports.drawing import has_values, picture, svg
from analytics.reports.exhibits_data import Card, Exhibit
from analytics.reports.plain_text import LONGEST, printable
from analytics.reports.sections import Grid, Section, grid_html, without_empty_columns
from analytics.reports.trace import origin_section, told_label
from analytics.wording import exhibits as words
from analytics.wording.disclosure import refused_words, refused_words_sentence

MOST_TABLE_ROWS = 60
"""Longer tables are cut with a sentence that says so: the page stays small, and the workbook holds all."""

_KEPT_ROWS = 16
"""Print keeps an exhibit with no more rows on one page."""
_LONGEST_HEAD = 60
"""The head of a column does not break inside a word, so a long one is cut."""

STYLE = """
:root{color-scheme:light;--ink:#1b2a2b;--muted:#46585a;--accent:#0f766e;--worse:#a84409;--line:#d5dede}
*{box-sizing:border-box}
body{margin:0;background:#fff;color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif}
main{max-width:860px;margin:0 auto;padding:24px 20px 64px}
header p,footer p{color:var(--muted);margin:4px 0}
h1{font-size:2rem;line-height:1.2;margin:.4em 0}
h2{font-size:1.35rem;line-height:1.25;margin:0 0 .2em}
h3{font-size:1rem;margin:1em 0 .2em}
section.exhibit{border-top:1px solid var(--line);padding:28px 0 8px;margin-top:20px}
header p{font-weight:600}
.marks{display:flex;flex-wrap:wrap;gap:8px;margin:0 0 10px}
.mark{border:1px solid var(--muted);border-radius:4px;padding:1px 10px;font-size:.875rem;color:var(--muted)}
.mark.invented{border-color:var(--worse);color:var(--worse);font-weight:600}
.measure{color:var(--muted);margin:0 0 12px}
.lead{font-size:1.125rem;margin:12px 0 4px}
.limits{color:var(--muted);margin:0 0 8px}
.context{color:var(--muted);font-size:.875rem;margin:8px 0}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(180px,1fr));gap:12px;margin:16px 0}
.card{border:1px solid var(--line);border-radius:8px;padding:12px 14px}
.card b{display:block;font-size:1.75rem;line-height:1.2;font-variant-numeric:tabular-nums;color:var(--accent)}
.card.harm b{color:var(--worse)}
.card span{display:block;font-size:.875rem;color:var(--muted)}
.card span:first-child{color:var(--ink);font-weight:600}
.chart{overflow-x:auto}
.chart>svg{width:100%;height:auto;font-family:inherit}
.live .pair>svg{display:none}
.grid-scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.875rem;font-variant-numeric:tabular-nums}
th,td{text-align:left;vertical-align:top;padding:5px 12px 5px 0;border-bottom:1px solid var(--line);
overflow-wrap:anywhere;unicode-bidi:isolate}
th{color:var(--muted);font-weight:600;overflow-wrap:break-word}
td{min-width:8em}
td.short{white-space:nowrap;min-width:0}
p,h1,h2,h3,li{overflow-wrap:anywhere;unicode-bidi:plaintext}
details{margin:12px 0}
summary{cursor:pointer;color:var(--accent);font-weight:600}
.sheet-section h2{font-size:1rem;margin-top:1em}
.figure{min-height:60px}
@page{margin:14mm 12mm}
@media print{main{max-width:none;padding:0}html{font-size:12.5px}body{font-size:1rem}
section.exhibit{break-inside:avoid-page;padding:12px 0 2px;margin-top:8px}section.exhibit.long{break-inside:auto}
h1,h2,h3,.marks,.measure,.lead,.limits{break-after:avoid}.cards{grid-template-columns:repeat(4,1fr);gap:8px}
.figure,summary{display:none}.chart{overflow:visible}.chart>svg,.live .pair>svg{display:block;max-width:600px}
.card,.chart,tr{break-inside:avoid}td,th{padding:3px 10px 3px 0}}
@media(max-width:480px){h1{font-size:1.5rem}.cards{grid-template-columns:1fr 1fr}.chart>svg{min-width:600px}}
"""


def web_page(exhibits: Sequence[Exhibit], origin: Origin, *, is_interactive: bool = False) -> bytes:
    """The page.

    Parameters
    ----------
    exhibits : of one audience, the headline first
    is_interactive : whether the figures of Plotly stand beside the pictures; the page is then 5 MB larger

    Raises
    ------
    ValueError
        When there is no exhibit, or they are of several audiences.
    """
    first = one_audience(exhibits)
    script, figures = _scripts(exhibits) if is_interactive else ("", {})
    body = "".join([
        "<main>", _header(told_label(exhibits[0], origin)), *(_exhibit(one, figures.get(place, ""), is_first=place == 0)
                                     for place, one in enumerate(exhibits)),
        _section("origin", origin_section(exhibits, origin)), "</main>", script])
    title = escape(printable(first.title, LONGEST))
    return (f'<!doctype html><html lang="en"><head><meta charset="utf-8">{_policy(script)}'
            f'<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" '
            f'content="noindex"><meta name="referrer" content="no-referrer"><title>{title}</title>'
            f"<style>{STYLE}</style></head><body>{body}</body></html>").encode()


def one_audience(exhibits: Sequence[Exhibit]) -> Exhibit:
    """The first exhibit, after a look that all are made for one audience.

    Raises
    ------
    ValueError
        When there is no exhibit, they are of several audiences, or a title or comment promises the public something.
    """
    if not exhibits:
        raise ValueError("A report takes one exhibit or more; none came.")
    audiences = {one.ask.audience for one in exhibits}
    if len(audiences) > 1:
        raise ValueError(f"A report is made for one audience; exhibits of {', '.join(sorted(audiences))} came.")
    if "public" in audiences:
        refused = [word for one in exhibits for word in refused_words(f"{one.title} {one.comment}")]
        if refused:
            raise ValueError(refused_words_sentence(tuple(refused)))
    return exhibits[0]


def _policy(script: str) -> str:
    """Nothing is fetched, nothing is sent; only our own style, and only our own scripts where there are any."""
    style = f"'sha256-{_digest(STYLE)}'"
    scripts = "'none'"
    if script:
        bodies = [part.partition("</script>")[0] for part in script.split("<script>")[1:]]
        scripts = " ".join(f"'sha256-{_digest(one)}'" for one in bodies)
        # Plotly sets styles on the elements that it makes.
        style = "'unsafe-inline'"
    images = " img-src data: blob:;" if script else ""
    return ('<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; base-uri \'none\'; '
            f'form-action \'none\'; style-src {style};{images} script-src {scripts}">')


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _header(label: str) -> str:
    return f"<header><p>{_text(label)}</p></header>" if label else ""


def _marks(exhibit: Exhibit) -> str:
    marks = "".join(f'<span class="mark{" invented" * (mark == words.INVENTED)}">{escape(mark)}</span>'
                    for mark in exhibit.marks)
    return f'<p class="marks">{marks}</p>'


def _exhibit(one: Exhibit, figure: str, *, is_first: bool) -> str:
    heading = "h1" if is_first else "h2"
    is_told = not is_withheld(one)
    cards = f'<div class="cards">{"".join(map(_card, one.cards))}</div>' if one.cards and is_told else ""
    drawn = f'{svg(picture(one.chart), one.title, one.reading)}{figure}' if has_values(one.chart) else ""
    if drawn:
        # What may scroll on a phone is reached by the keyboard.
        drawn = f'<div class="chart{" pair" * bool(figure)}" tabindex="0" role="group" aria-label="Chart">{drawn}</div>'
    comment = f"<p><b>{words.LABELS['comment']}:</b> {_text(one.comment)}</p>" if one.comment else ""
    long = " long" * (is_first or len(one.table.rows) > _KEPT_ROWS)
    why = "context" if is_told else "lead"
    return (f'<section class="exhibit{long}" id="{_name(one.key)}">{_marks(one)}'
            f'<{heading}>{_text(one.title)}</{heading}><p class="measure">{_text(one.measure_title)}</p>{cards}{drawn}'
            f'<p class="lead">{_text(one.reading)}</p><p class="limits">{_text(one.limits)}</p>{comment}'
            f'{_table(one.table)}<p class="{why}">{_text(" ".join(one.context))}</p>{_notes(one)}</section>')


def is_withheld(one: Exhibit) -> bool:
    """Whether nothing of a chart or of cards may be shown: the reasons why take their place."""
    if one.chart is not None:
        return not has_values(one.chart)
    return bool(one.cards) and all(card.shown == words.WITHHELD for card in one.cards)


def _card(card: Card) -> str:
    lines = "".join(f"<span>{_text(line)}</span>" for line in (card.counts, card.interval, card.mark) if line)
    return (f'<div class="card{" harm" * card.is_harm}"><span>{_text(card.title)}</span><b>{_text(card.shown)}</b>'
            f"{lines}</div>")


def _text(text: str) -> str:
    return escape(printable(text, 4 * LONGEST))


def _name(key: str) -> str:
    """A name that an address may hold, whatever a file calls its columns."""
    return "e-" + hashlib.sha256(key.encode()).hexdigest()[:10]


def _table(grid: Grid) -> str:
    if not grid.rows:
        return ""
    more = words.more_rows(len(grid.rows), MOST_TABLE_ROWS)
    shown = without_empty_columns(printable_grid(grid, MOST_TABLE_ROWS))
    return grid_html(shown) + (f'<p class="context">{more}</p>' if more else "")


def printable_grid(grid: Grid, most_rows: int, most: int = LONGEST) -> Grid:
    """A table of texts that can be seen, each in a length that fits."""
    return Grid(tuple(printable(cell, min(most, _LONGEST_HEAD)) for cell in grid.header),
                tuple(tuple(printable(cell, most) for cell in row) for row in grid.rows[:most_rows]))


def _notes(one: Exhibit) -> str:
    if not one.notes:
        return ""
    return f"<details><summary>{words.LABELS['defend']}</summary>{''.join(map(_sheet, one.notes))}</details>"


def _section(name: str, section: Section) -> str:
    return f'<section class="exhibit" id="{name}">{_sheet(section)}</section>'


def _sheet(section: Section) -> str:
    sentences = "".join(f"<p>{_text(sentence)}</p>" for sentence in section.sentences)
    return f"<h3>{_text(section.title)}</h3>{sentences}{_table(section.grid) if section.grid else ''}"


def _scripts(exhibits: Sequence[Exhibit]) -> tuple[str, dict[int, str]]:
    """Plotly and the figures as JSON, and the place of each figure in the page."""
    from analytics.figures.offline import figures_script, plotly_script
    from analytics.figures.theme import PALETTES

    made: dict[str, Any] = {}
    places: dict[int, str] = {}
    for place, one in enumerate(exhibits):
        if one.figure is not None and has_values(one.chart):
            made[f"figure-{place}"] = one.figure(PALETTES["light"])
            places[place] = f'<div class="figure" id="figure-{place}"></div>'
    return f"<script>{plotly_script()}</script><script>{figures_script(made)}</script>", places
