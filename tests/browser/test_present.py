"""Present mode in a real browser: keys, a projector, a phone; and the files of the export menu, opened."""

from __future__ import annotations

import io
import re
from itertools import product

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
  const texts = [...stage.querySelectorAll('h1, .stage-number, .name, .value, .legend, .axis b, .stage > p, footer')]
    .map(one => [one, one.getBoundingClientRect()]).filter(([one, box]) => box.width && box.height);
  const over = texts.flatMap(([one, a], place) => texts.slice(place + 1).filter(([other, b]) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3).map(([other]) => [one.innerText, other.innerText]));
  return {over,
          overflow: Math.max(stage.scrollHeight - stage.clientHeight, body.scrollHeight - body.clientHeight,
                             document.documentElement.scrollHeight - innerHeight,
                             document.documentElement.scrollWidth - innerWidth),
          cut: [...stage.querySelectorAll('h1, .stage > p, footer')].filter(
            one => one.scrollHeight > one.clientHeight + 2).length,
          inside, least: Math.min(...types), title: parseFloat(getComputedStyle(stage.querySelector('h1')).fontSize),
          sidebar: [...document.querySelectorAll('[data-testid=stSidebar], [data-testid=stHeader]')].filter(
            one => one.getBoundingClientRect().width && getComputedStyle(one).display !== 'none').length}; }"""


def presented(page):
    page.get_by_role("link", name="Present", exact=True).click()
    expect(page.locator(".stage")).to_be_visible()
    return settled(page)


def at(page, text):
    expect(page.locator(".stage-place")).to_have_text(text)


def test_arrows_a_clicker_home_end_and_escape(page):
    presented(page)
    at(page, "1 of 8")
    for key, now in (("ArrowRight", "2 of 8"), ("PageDown", "3 of 8"), ("ArrowLeft", "2 of 8"), ("PageUp", "1 of 8"),
                     ("ArrowLeft", "1 of 8"), ("End", "8 of 8"), ("PageDown", "8 of 8"), ("Home", "1 of 8")):
        page.keyboard.press(key)
        at(settled(page), now)
    page.keyboard.press("Escape")
    expect(page.locator(".cards").first).to_be_visible()
    assert not page.locator(".stage").count()
    expect(page.get_by_text("For whom")).to_be_visible()


def test_the_buttons_are_reached_by_tab(page):
    presented(page)
    page.evaluate("document.activeElement.blur()")
    seen = []
    for _ in range(15):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.innerText") or "")
    assert any("Next" in one for one in seen) and any("Close" in one for one in seen), seen


SCREENS = [(1280, 720, 18, 35), (1920, 1080, 18, 35), (390, 844, 16, 20), (844, 390, 16, 20)]
"""A projector, a large screen, a phone that stands and one that lies: least type of a chart and of the title, in px."""


def test_every_screen_fits_without_scrolling(page):
    presented(page)
    for now in range(1, 9):
        at(page, f"{now} of 8")
        for (width, height, least, title), scheme in product(SCREENS, ("light", "dark")):
            page.set_viewport_size({"width": width, "height": height})
            page.emulate_media(color_scheme=scheme)
            found, where = page.evaluate(LAID_OUT), (now, width, scheme)
            assert found["overflow"] <= 1 and found["inside"] and not found["sidebar"], (where, found)
            assert not found["cut"] and not found["over"], (where, found)
            assert found["least"] >= least and found["title"] >= title, (where, found)
        page.keyboard.press("ArrowRight")
        settled(page)


WORDS = """() => {
  const stage = document.querySelector('.stage'), add = document.createElement('p');
  stage.classList.add('crowded');
  stage.querySelector('h1').textContent = 'Half of those who were followed up responded, '.repeat(4).slice(0, 160);
  add.className = 'stage-comment';
  add.textContent = 'What we do next: call those who were lost between the sessions. '.repeat(7).slice(0, 400);
  stage.querySelector('.stage-reading').after(add); }"""
"""The longest title and comment that a deck takes."""


def test_the_longest_words_fit_a_projector_and_scroll_on_a_phone(page):
    presented(page)
    for now in range(1, 9):
        at(page, f"{now} of 8")
        page.evaluate(WORDS)
        for width, height, least, _ in SCREENS:
            page.set_viewport_size({"width": width, "height": height})
            found = page.evaluate(LAID_OUT)
            assert not found["cut"] and not found["over"] and found["least"] >= least, (now, width, found)
            assert found["overflow"] <= 1 or width < 1000, (now, width, found)
        page.keyboard.press("ArrowRight")
        settled(page)


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


def test_a_chart_is_added_and_presented_first(page):
    add = page.locator(".st-key-deck-add-flow").get_by_role("button")
    expect(add).to_have_count(1)
    add.click()
    expect(page.get_by_role("button", name="In the deck, take it out")).to_be_visible()
    settled(page)
    presented(page)
    at(page, "1 of 1")
    assert "could be judged" in page.locator(".stage h1").inner_text()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Deck (1)").click()
    page.get_by_role("button", name="Empty the deck").click()
    expect(page.get_by_text("is empty, so Present and Export")).to_be_visible()
