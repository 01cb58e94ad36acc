"""Contrast of the stylesheet's colours, as WCAG 2.2 counts it: 4.5 to 1 for text, 3 to 1 for what is not text.

axe leaves undecided what stands on a gradient or beside a picture; the colours themselves are measured here.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.figures.test_figures import contrast

ROOT = Path(__file__).parents[2]
COLOURS = {name: (light, dark) for name, light, dark in re.findall(
    r"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);",
    (ROOT / "analytics/app/style.css").read_text(encoding="utf-8"))}
THEME = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))["theme"]


@pytest.fixture(params=[0, 1], ids=["light", "dark"])
def tone(request):
    return request.param


def grounds(tone):
    """What text and marks stand on: page, card, box, sidebar."""
    theme = THEME["light" if tone == 0 else "dark"]
    names = ("backgroundColor", "secondaryBackgroundColor")
    boxes = {part[name] for part in (theme, theme["sidebar"]) for name in names}
    return boxes | {COLOURS["paper"][tone], COLOURS["surface"][tone]}


def least(name, tone, on=None):
    return min(contrast(COLOURS[name][tone], ground) for ground in on or grounds(tone))


@pytest.mark.parametrize("name", ["text", "muted", "link"])
def test_text_is_read_on_every_ground(name, tone):
    assert least(name, tone) >= 4.5


def test_what_is_said_in_the_colour_of_harm_is_read_on_the_page(tone):
    assert least("worsened", tone, {COLOURS["paper"][tone], COLOURS["surface"][tone]}) >= 4.5


@pytest.mark.parametrize("name", ["accent", "neutral", "edge"])
def test_marks_rings_and_edges_are_seen_on_every_ground(name, tone):
    assert least(name, tone) >= 3


@pytest.mark.parametrize("name", ["text", "muted"])
def test_text_is_read_where_a_wide_table_fades(name, tone):
    assert least(name, tone, {COLOURS["line"][tone]}) >= 4.5


def test_the_ring_in_menus_is_seen_in_both_themes():
    ring = re.search(r"outline: 2px solid var\(--accent, (#[0-9a-f]{6})\)",
                     (ROOT / "analytics/app/style.css").read_text(encoding="utf-8"))[1]
    assert min(contrast(ring, ground) for tone in (0, 1) for ground in grounds(tone)) >= 3
