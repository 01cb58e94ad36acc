"""The Courses page in a real browser: from a mark to its courses and back, by mouse and by keyboard; one row opened."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import settled

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)


def title(page):
    return page.locator(".headline.page h1")


def lead(page):
    return page.locator(".headline.page p")


def click_mark(page, mark):
    """Click the middle of a mark of a chart, where Plotly's own layer lies above it."""
    mark.wait_for(state="attached", timeout=90_000)
    mark.scroll_into_view_if_needed()
    settled(page)
    box = mark.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2 - 3, box["y"] + box["height"] / 2)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_timeout(300)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def chart(page, name):
    return page.locator(f"[class*='st-key-chart-{name}']")


def test_a_bar_of_the_flow_leads_to_its_courses_and_the_way_back_stays(page):
    said = page.get_by_text(re.compile(r"lost to follow-up\.")).first.inner_text()
    n_lost = re.search(r"(\d+) that should have been judged", said).group(1)
    bars = chart(page, "flow").locator(".barlayer .trace").nth(1).locator(".point path")
    click_mark(page, bars.last)
    expect(title(page)).to_have_text("Courses")
    expect(lead(page)).to_have_text(f"{n_lost} courses left out of the rate: response, lost to follow-up.")
    settled(page)
    page.get_by_role("link", name="Overview", exact=True).click()
    expect(page.locator(".cards").first).to_be_visible()
    settled(page)
    expect(title(page)).to_have_count(0)
    again = chart(page, "flow").locator(".barlayer .trace").nth(1).locator(".point path")
    click_mark(page, again.last)
    expect(lead(page)).to_contain_text("lost to follow-up")


def test_a_group_leads_to_the_courses_judged_in_it(open_page, server):
    page = settled(open_page(f"{server.address}/groups"))
    expect(title(page)).to_be_visible()
    settled(page)
    n = chart(page, "groups").locator(".annotation-text").first.text_content()
    click_mark(page, chart(page, "groups").locator(".scatterlayer .point").first)
    expect(title(page)).to_have_text("Courses")
    expect(lead(page)).to_contain_text(f"{n} courses that could be judged")
    expect(page.get_by_text("site North").first).to_be_visible()


def test_a_band_of_severity_leads_to_its_courses(page):
    click_mark(page, chart(page, "severity").locator(".barlayer .trace").last.locator(".point path").last)
    expect(title(page)).to_have_text("Courses")
    expect(page.get_by_role("combobox", name="Severity")).to_have_count(1)
    expect(lead(page)).to_contain_text("severe at the start")


def test_the_keyboard_has_a_way_too(page):
    summary = page.locator("details.ways summary").first
    summary.focus()
    page.keyboard.press("Enter")
    link = page.locator("details.ways[open] a", has_text="lost to follow-up").first
    n = link.inner_text().split()[0]
    link.focus()
    page.keyboard.press("Enter")
    expect(title(page)).to_have_text("Courses")
    expect(lead(page)).to_contain_text(f"{n} courses left out")


def test_a_row_opens_its_course_and_the_address_names_nobody(page):
    page.get_by_role("link", name="Courses", exact=True).click()
    expect(title(page)).to_have_text("Courses")
    settled(page)
    rows = page.locator("[data-testid=stDataFrame]")
    box = rows.bounding_box()
    page.mouse.click(box["x"] + 15, box["y"] + 35 * 6 + 18)
    settled(page)
    opened = page.locator("h2.chart-title", has_text=", course ")
    expect(opened).not_to_have_text("P0001, course 1")
    name = opened.inner_text().split(",")[0]
    assert name not in page.url
    before = page.url
    page.get_by_role("button", name="Next", exact=True).click()
    expect(page.get_by_text("101 to 200 of")).to_be_visible()
    settled(page)
    expect(opened).to_contain_text(name)
    assert page.url == before
    box = page.get_by_role("textbox", name="Find a patient")
    box.fill("p0009")
    box.press("Enter")
    expect(opened).to_contain_text("P0009")
    assert "0009" not in page.url.lower()
