"""WCAG 2.2 AA in a real browser: axe on every page in both themes, and what axe cannot see: the keyboard.

axe-core is taken from the package ``axe-playwright-python``, which holds it as a file; nothing is fetched.
"""

from __future__ import annotations

import re
from importlib.resources import files

import pytest
from playwright.sync_api import expect

from analytics.figures.theme import PALETTES
from tests.browser.conftest import settled

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
STREAMLITS_OWN = {
    ("presentation-role-conflict", "stFileUploaderDropzone"):
        "The drop zone has role=presentation and a name; the button in it is reached, named and pressed by itself.",
}
"""Rule and ``data-testid`` of what Streamlit draws, and why it is neither ours nor in anybody's way."""

FOUND = """async tags => {
  const found = await axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations'],
                                         preload: false});
  return found.violations.flatMap(rule => rule.nodes.map(node => {
    const one = document.querySelector(node.target[0]);
    return [rule.id, one?.closest('[data-testid]')?.dataset.testid ?? '', node.target.join(' ')]; })); }"""

CHARTS = """() => [...document.querySelectorAll('[data-testid=stPlotlyChart], .stage-chart')].map(
  one => (one.closest('[aria-label]') ?? one.querySelector('[aria-label]'))?.getAttribute('aria-label') ?? '')"""

NONE_LEFT = """ink => {
  const told = document.createElement('i');
  told.style.color = ink;
  return ![...document.querySelectorAll('.js-plotly-plot text:not(.bartext)')].some(
    one => getComputedStyle(one).fill === told.style.color); }"""
"""No word of a chart has the ink of the other theme any more."""

FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const box = one.getBoundingClientRect(), inks = [];
  for (let mark = one, up = 0; mark && up < 4; mark = mark.parentElement, up++) {
    const style = getComputedStyle(mark);
    if (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) inks.push(style.outlineColor); }
  const again = 'seen' in one.dataset;
  one.dataset.seen = '';
  return {name: (one.getAttribute('aria-label') || one.innerText || one.title || one.id || '').trim(), inks, again,
          place: one.closest('[data-testid=stSidebar]') ? 'sidebar' : one.closest('.st-key-chips') ? 'chips' :
                 one.matches('[data-testid=stMain]') ? 'frame' : one.closest('[data-testid=stMain]') ? 'page' : 'frame',
          isIn: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth}; }"""
"""Where the keyboard is: what it is called, the colours of its rings of 2 px and more, whether it was there before."""

MISSED = """() => [...document.querySelectorAll('a[href], button, input, textarea, summary, [tabindex="0"]')].filter(
  one => one.checkVisibility({visibilityProperty: true}) && one.getClientRects().length
    && !one.disabled && one.tabIndex >= 0 && !('seen' in one.dataset)
    // Of radio buttons and of tags one is reached by Tab, the others by arrows.
    && !one.closest('[role=radiogroup]')?.querySelector('[data-seen]') && !one.matches('[data-tag]')
).map(one => `${one.tagName} ${one.getAttribute('aria-label') || one.innerText || one.className}`)"""
"""What could be used and was not reached."""


def drawn(page):
    """The page, with nothing on it that is still to come."""
    settled(page)
    expect(page.locator("[data-testid=stSkeleton]")).to_have_count(0, timeout=90_000)


def in_other_theme(page):
    """The page in the theme that it is not in, its charts drawn anew; the name of that theme."""
    app = page.locator("[data-testid=stApp]")
    scheme = "light" if app.evaluate("one => getComputedStyle(one).colorScheme") == "dark" else "dark"
    page.emulate_media(color_scheme=scheme)
    expect(app).to_have_css("color-scheme", scheme)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("r")
    return scheme


def audited(page, where):
    """What axe says of a page in both themes, without what is Streamlit's own; every chart has a name."""
    drawn(page)
    found = violations(page, where)
    scheme = in_other_theme(page)
    drawn(page)
    page.wait_for_function(NONE_LEFT, arg=PALETTES["light" if scheme == "dark" else "dark"].text)
    return found + violations(page, f"{where}, {scheme}")


def violations(page, where):
    # What the mouse rests on shows a hint, in a layer of Streamlit's own outside of every landmark.
    page.mouse.move(0, 0)
    expect(page.locator("#stFloatingOverlayPortal > *")).to_have_count(0)
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    found = [tuple(one) for one in page.evaluate(FOUND, RULES)]
    charts = page.evaluate(CHARTS)
    assert all(len(name) > 10 for name in charts), (where, charts)
    return [(where, *one) for one in found if one[:2] not in STREAMLITS_OWN]


def opened(page, name):
    page.get_by_role("link", name=name, exact=True).first.click()
    expect(page).to_have_url(re.compile(f"/{name.lower().replace(' ', '_').replace('overview', '')}"))
    return settled(page)


def test_axe_finds_nothing_of_ours_on_any_page(page):
    found = audited(page, "Overview")
    for name in ("Groups", "Compare", "Counting", "Trends", "Safety", "Courses", "Data", "Methods", "Deck"):
        found += audited(opened(page, name), name)
    opened(page, "Over time")
    for part in ("Response", "Durability", "Course"):
        page.get_by_role("radio", name=re.compile(part)).first.click()
        expect(page.get_by_role("radio", name=re.compile(part)).first).to_be_checked()
        found += audited(page, f"Over time: {part}")
    address = page.url
    page.goto(re.sub(r"/over_time", "/defend", address))
    found += audited(page, "Defend")
    page.goto(re.sub(r"/over_time", "/present", address))
    expect(page.locator(".stage-place")).to_have_text("1 of 8")
    for place in range(1, 4):
        found += audited(page, f"Present {place}")
        page.keyboard.press("ArrowRight")
        expect(page.locator(".stage-place")).to_have_text(f"{place + 1} of 8")
    assert found == []


def test_axe_finds_nothing_where_the_board_and_the_public_see_other_pages(page):
    address, found = page.url, []
    for audience, pages in (("board", ("", "groups", "deck", "present", "defend")),
                            ("public", ("", "deck", "present", "defend"))):
        for name in pages:
            page.goto(address.replace("/?", f"/{name}?").replace("au=inside", f"au={audience}"))
            expect(page.locator(".invented, .stage-mark").last).to_contain_text(f"For the {audience}")
            found += audited(page, f"{audience}: {name}")
    assert found == []


# --- the keyboard ------------------------------------------------------------------------------------


def stops(page):
    """Every place that Tab leads to, until it comes back to the first one or leaves the page."""
    found = []
    for _ in range(150):
        page.keyboard.press("Tab")
        one = page.evaluate(FOCUSED)
        if one is None or one["again"]:
            return found
        found.append(one)
    raise AssertionError(f"The keyboard does not leave the page: {[one['name'] for one in found[-5:]]}")


@pytest.mark.parametrize(("name", "scheme"), [("Overview", "light"), ("Groups", "dark"), ("Data", "light")])
def test_tab_reaches_every_control_in_order_and_is_seen(open_page, server, name, scheme):
    page = settled(open_page(server.address, color_scheme=scheme))
    if name != "Overview":
        opened(page, name)
    expect(page.locator("[data-testid=stSkeleton]")).to_have_count(0, timeout=90_000)
    page.evaluate("document.activeElement.blur()")
    page.locator("[data-testid=stMain]").evaluate("one => one.scrollTo(0, 0)")
    # From the first place of the page, wherever a click left the keyboard.
    page.evaluate("document.querySelector('[data-testid=stSkipToContent]').focus()")
    first, found = page.evaluate(FOCUSED), stops(page)
    assert first["name"] == "Skip to main content" and len(found) > 15
    assert page.evaluate(MISSED) == []
    assert [one["name"] for one in found if not one["name"]] == []
    assert [one["name"] for one in found if not one["isIn"]] == []
    ring = {"light": "rgb(15, 118, 110)", "dark": "rgb(43, 179, 165)"}[scheme]
    assert [one["name"] for one in found if ring not in one["inks"]] == []
    places = [one["place"] for one in found if one["place"] != "frame"]
    order = [place for place, before in zip(places, ["", *places], strict=False) if place != before]
    assert order == [place for place in ("sidebar", "chips", "page") if place in order]


def test_chips_menus_and_choices_are_used_by_keys_alone(page):
    chip = page.locator("details.chip", has_text="All courses")
    chip.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(chip.locator("div").first).to_be_visible()
    page.keyboard.press("Space")
    expect(chip.locator("div").first).to_be_hidden()

    menu = page.get_by_role("button", name="Export")
    menu.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="PowerPoint", exact=True)).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="PowerPoint", exact=True)).to_have_count(0)
    expect(menu).to_be_focused()

    table = page.get_by_role("checkbox", name="Show as table").or_(page.get_by_role("switch", name="Show as table"))
    table.first.focus()
    page.keyboard.press("Space")
    expect(page.locator("table.grid").first).to_be_visible()

    page.get_by_role("radio", name="Inside", exact=True).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator(".headline .invented").last).to_contain_text("For the board")
