"""Present mode in a real browser: keys, a projector, a phone; and the files of the export menu, opened."""

from __future__ import annotations

import io
import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import settled

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)

LAID_OUT = """() => {
  const stage = document.querySelector('.stage'), body = stage.querySelector('.stage-body');
  const inside = [...stage.children].every(one => one.getBoundingClientRect().bottom <= innerHeight + 1);
  const types = [...stage.querySelectorAll('.stage-chart .name, .stage-chart .value, .stage-chart b')].map(
    one => parseFloat(getComputedStyle(one).fontSize));
  return {overflow: Math.max(stage.scrollHeight - stage.clientHeight, body.scrollHeight - body.clientHeight,
                             document.documentElement.scrollHeight - innerHeight,
                             document.documentElement.scrollWidth - innerWidth),
          cut: [...stage.querySelectorAll('h1, .stage-reading, .stage-limits, footer')].filter(
            one => one.scrollHeight > one.clientHeight + 2).length,
          inside, least: Math.min(...types), title: parseFloat(getComputedStyle(stage.querySelector('h1')).fontSize),
          sidebar: [...document.querySelectorAll('[data-testid=stSidebar], [data-testid=stHeader]')].filter(
            one => one.getBoundingClientRect().width && getComputedStyle(one).display !== 'none').length}; }"""


def presented(page):
    page.get_by_role("link", name="Present", exact=True).click()
    expect(page.locator(".stage")).to_be_visible()
    return settled(page)


def place(page):
    return page.locator(".stage-place").inner_text()


def test_arrows_a_clicker_and_escape(page):
    presented(page)
    expect(page.locator(".stage-place")).to_have_text("1 of 8")
    for key, now in (("ArrowRight", "2 of 8"), ("PageDown", "3 of 8"), ("ArrowLeft", "2 of 8"), ("PageUp", "1 of 8"),
                     ("ArrowLeft", "1 of 8")):
        page.keyboard.press(key)
        settled(page)
        expect(page.locator(".stage-place")).to_have_text(now)
    page.keyboard.press("Escape")
    expect(page.locator(".cards").first).to_be_visible()
    assert not page.locator(".stage").count()
    expect(page.get_by_text("For whom")).to_be_visible()


def test_the_buttons_are_reached_by_tab(page):
    presented(page)
    page.keyboard.press("Tab")
    seen = []
    for _ in range(15):
        seen.append(page.evaluate("document.activeElement.innerText") or "")
        page.keyboard.press("Tab")
    assert any("Next" in one for one in seen) and any("End" in one for one in seen), seen


@pytest.mark.parametrize(("width", "height", "least", "title", "scheme"), [
    (1280, 720, 18, 35, "light"), (1440, 900, 18, 35, "dark"), (390, 844, 16, 20, "dark")])
def test_every_screen_fits_without_scrolling(open_page, server, width, height, least, title, scheme):
    page = settled(open_page(server.address, viewport={"width": width, "height": height}, color_scheme=scheme))
    presented(page)
    for now in range(1, 9):
        expect(page.locator(".stage-place")).to_have_text(f"{now} of 8")
        found = page.evaluate(LAID_OUT)
        assert found["overflow"] <= 1 and found["inside"] and not found["sidebar"] and not found["cut"], (now, found)
        assert found["least"] >= least and found["title"] >= title, (now, found)
        page.keyboard.press("ArrowRight")
        settled(page)


def test_a_chart_is_added_and_presented_first(page):
    add = page.locator(".st-key-deck-add-flow").get_by_role("button")
    expect(add).to_have_count(1)
    add.click()
    settled(page)
    expect(page.get_by_role("button", name="In the deck")).to_be_disabled()
    presented(page)
    expect(page.locator(".stage-place")).to_have_text("1 of 1")
    assert "could be judged" in page.locator(".stage h1").inner_text()
    page.keyboard.press("Escape")
    settled(page)
    page.get_by_role("link", name="Deck (1)").click()
    page.get_by_role("button", name="Empty the deck").click()
    expect(page.get_by_text("is empty, so Present and Export")).to_be_visible()


def downloaded(page, label):
    with page.expect_download() as waiting:
        page.get_by_role("link", name=label, exact=True).click()
    return waiting.value.suggested_filename, waiting.value.path().read_bytes()


def test_the_files_of_the_menu_open(page, open_page, tmp_path):
    from pptx import Presentation
    from python_calamine import CalamineWorkbook

    page.get_by_role("button", name="Export").click()
    expect(page.get_by_role("link", name="PowerPoint", exact=True)).to_be_visible()
    name, content = downloaded(page, "PowerPoint")
    assert re.fullmatch(r"outcomes-sample-inside-slides-[0-9a-f]{12}\.pptx", name)
    slides = Presentation(io.BytesIO(content)).slides
    assert len(slides) == 10 and sum(any(shape.has_chart for shape in slide.shapes) for slide in slides) == 8
    sheets = CalamineWorkbook.from_filelike(io.BytesIO(downloaded(page, "Excel workbook")[1]))
    assert len(sheets.sheet_names) == 12
    assert downloaded(page, "PDF, A4")[1][:4] == b"%PDF"
    assert downloaded(page, "Bundle to make it again")[1][:2] == b"PK"
    for label, n_charts in (("Web page", 0), ("Web page with interactive charts", 7)):
        path = tmp_path / "page.html"
        path.write_bytes(downloaded(page, label)[1])
        offline = open_page(path.as_uri(), offline=True)
        expect(offline.locator("h1").first).to_contain_text("of courses responded")
        expect(offline.locator(".js-plotly-plot")).to_have_count(n_charts)


def test_a_chart_gives_its_picture_and_keeps_its_place(page):
    expect(page.locator(".js-plotly-plot")).to_have_count(3)
    chart = settled(page).locator(".js-plotly-plot").first
    chart.hover()
    before = chart.bounding_box()
    assert page.locator(".js-plotly-plot").first.locator(".modebar-btn").count() == 1
    with page.expect_download() as waiting:
        chart.locator(".modebar-btn").click()
    assert waiting.value.suggested_filename == "outcomes-invented-sample-inside-flow.png"
    assert waiting.value.path().read_bytes()[:4] == b"\x89PNG"
    assert chart.bounding_box() == before
