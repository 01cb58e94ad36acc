"""Presenting live in real browsers: a link made on the screen, opened on a phone, led by the keys of a presenter."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import settled

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)

WITHIN_MS = 2_000
"""So long a move may take from the presenter's screen to the viewer's."""

BAR = """() => {
  const bar = document.querySelector('.st-key-stage_controls');
  const seen = [...bar.querySelectorAll('button, .stage-place, .stage-there')].map(one => one.getBoundingClientRect())
    .filter(box => box.width && box.height);
  const over = seen.filter((a, place) => seen.slice(place + 1).some(b =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1));
  return {over: over.length, outside: seen.filter(box => box.right > innerWidth + 1 || box.left < -1
            || box.bottom > innerHeight + 1).length, n: seen.length,
          wide: document.documentElement.scrollWidth - innerWidth}; }"""


@pytest.fixture(scope="module")
def shared(chromium, server):
    """A presenter at the page of links, the link, and a phone on it; one for all tests of this file."""
    contexts = [chromium.new_context(viewport=size) for size in (
        {"width": 1440, "height": 900}, {"width": 390, "height": 844})]
    presenter, phone = (one.new_page() for one in contexts)
    presenter.goto(server.address)
    settled(presenter)
    presenter.get_by_text("Board", exact=True).click()
    expect(presenter.get_by_text("For the board: confidential").first).to_be_visible()
    settled(presenter)
    presenter.get_by_role("link", name="Deck").click()
    presenter.get_by_role("link", name="Links", exact=True).click()
    presenter.get_by_label("Title").fill("Board, June")
    presenter.get_by_role("button", name="Make the link").click()
    code = presenter.locator(".st-key-shares-made code")
    expect(code).to_contain_text("/share/")
    phone.goto(code.inner_text())
    expect(phone.locator(".stage h1")).to_be_visible()
    yield presenter, phone, code.inner_text()
    for one in contexts:
        one.close()


def same(presenter, phone):
    title = presenter.locator(".stage h1").inner_text()
    expect(phone.locator(".stage h1")).to_have_text(re.compile(re.escape(title).replace(r"\ ", r"\s")),
                                                   timeout=WITHIN_MS)
    return title


def test_everybody_on_the_link_goes_where_the_presenter_goes(shared):
    presenter, phone, _ = shared
    presenter.get_by_role("button", name="Present live").click()
    expect(presenter.locator(".stage-place")).to_have_text(re.compile("1 of"))
    settled(presenter)
    first = same(presenter, phone)
    presenter.keyboard.press("ArrowRight")
    expect(presenter.locator(".stage-place")).to_have_text(re.compile("2 of"))
    assert same(presenter, phone) != first
    presenter.keyboard.press("ArrowDown")
    expect(presenter.locator(".stage .is-marked")).to_have_count(1)
    expect(phone.locator(".stage .is-marked")).to_have_count(1, timeout=WITHIN_MS)
    assert phone.locator(".is-marked .name").inner_text() == presenter.locator(".is-marked .name").inner_text()
    expect(presenter.locator(".stage-there")).to_have_text("1 person there now")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_mark_is_seen_without_colour_and_the_bar_fits(shared, scheme):
    presenter, _, _ = shared
    presenter.emulate_media(color_scheme=scheme)
    for width, height in ((1440, 900), (1280, 720), (390, 844)):
        presenter.set_viewport_size({"width": width, "height": height})
        presenter.wait_for_timeout(150)
        found = presenter.evaluate(BAR)
        assert not found["over"] and not found["outside"] and found["wide"] <= 0 and found["n"] >= 4, (width, found)
    presenter.set_viewport_size({"width": 1440, "height": 900})
    marked, other = (presenter.locator(one).first.evaluate(
        "one => { const css = getComputedStyle(one); return [css.outlineStyle, css.outlineWidth, "
        "getComputedStyle(one.querySelector('.name')).fontWeight]; }")
        for one in (".stage .is-marked", ".stage .step:not(.is-marked)"))
    assert marked == ["solid", "3px", "700"] and other[0] == "none" and other[2] == "400"


def test_escape_ends_and_revoking_ends_it_for_everybody(shared):
    presenter, phone, _ = shared
    presenter.keyboard.press("Escape")
    revoke = presenter.get_by_role("button", name="Revoke").first
    expect(revoke).to_be_visible()
    assert not presenter.locator(".stage").count() and phone.locator(".stage h1").is_visible()
    settled(presenter)
    revoke.click()
    expect(phone.get_by_text("This link has been revoked.")).to_be_visible()
    assert not phone.locator(".stage h1").count() or not phone.locator(".stage h1").is_visible()
    expect(presenter.get_by_text("Revoked.").first).to_be_visible()
