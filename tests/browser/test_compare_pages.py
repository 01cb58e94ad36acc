"""Groups, Compare and Counting in a real browser: what is chosen by clicking, kept, and carried by the address."""

from __future__ import annotations

import io

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import settled
from tests.browser.test_pages import choose

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)


def title(page):
    return page.locator(".headline.page h1")


def opened(page, name):
    page.get_by_role("link", name=name, exact=True).click()
    expect(title(page)).to_be_visible()
    return settled(page)


def press(page, name):
    page.get_by_role("radio", name=name, exact=True).click()
    settled(page)


def test_two_values_are_compared_by_clicking_and_the_copied_link_shows_them_again(page, open_page):
    opened(page, "Compare")
    press(page, "Two values")
    choose(page, "B", "West")
    expect(title(page)).to_have_text("Response: North and West")
    expect(page.locator(".cards.two .card")).to_have_count(2)
    expect(page.get_by_text("West better")).to_have_count(2)
    page.get_by_role("button", name="Copy link").click()
    link = page.locator("[data-testid=stPopoverBody] code").inner_text().replace("\n", "")
    other = settled(open_page(link))
    expect(title(other)).to_have_text("Response: North and West")


def test_a_cohort_that_is_kept_under_a_name_is_there_after_a_reload(page):
    opened(page, "Compare")
    press(page, "Two values")
    press(page, "Two cohorts")
    page.get_by_role("button", name="Keep under a name").first.click()
    box = page.get_by_role("textbox", name="Name of the cohort")
    box.fill("The northern house")
    box.press("Tab")
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.get_by_text("Cohort A: The northern house")).to_be_visible()
    page.reload()
    expect(title(page)).to_be_visible()
    settled(page)
    press(page, "Two cohorts")
    expect(page.get_by_text("Cohort A: The northern house")).to_be_visible()


def test_an_old_way_of_counting_is_in_the_address_and_on_the_sheet_of_one_page(page, open_page, server):
    pypdf = pytest.importorskip("pypdf")
    opened(page, "Counting")
    press(page, "From your number to ours")
    choose(page, "How did the clinic count before?", "Best score ever")
    said = page.locator("p.reading", has_text="The old way gives").inner_text()
    address = page.url.split("?")[1]
    assert "w=none" not in address
    sheet = settled(open_page(f"{server.address}/defend?{address}"))
    expect(sheet.locator(".defence")).to_contain_text(said)
    for paper in ("A4", "Letter"):
        assert len(pypdf.PdfReader(io.BytesIO(sheet.pdf(format=paper))).pages) == 1
