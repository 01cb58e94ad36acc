"""A link in real browsers: who leads and who follows, stepping away, its end, its passphrase, a phone."""

from __future__ import annotations

import json
import re
import time
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from playwright.sync_api import expect

from analytics.access import LOCAL
from analytics.app import present_charts, share_content
from analytics.reports.exhibits import Chart, Series
from analytics.store import Store
from tests.browser.test_present import LAID_OUT

pytestmark = pytest.mark.browser
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
SITES = ("North", "South", "West")


def now():
    return datetime.now(UTC).isoformat(timespec="seconds")


def slide(number):
    series = Series("Response", (0.53, 0.53, 0.4), low=(0.45, 0.44, 0.31), high=(0.6, 0.61, 0.5),
                    texts=("53 %, 90 of 171", "53 %, 80 of 152", "40 %, 41 of 102"))
    drawn = present_charts._intervals(Chart("interval", SITES, (series,)), present_charts.EITHER)
    return {"title": f"Slide {number}", "parts": list(SITES), "html": (
        f'<section class="stage" tabindex="0" aria-label="Response"><header><h1>Response by site, slide {number}</h1>'
        '</header><div class="stage-body"><div class="stage-chart interval few" style="--rows:3" role="img" '
        f'aria-label="Sites">{drawn}</div></div><p class="stage-reading">Between 40 and 53 of 100 responded.</p>'
        "<footer><p>As of the files' end.</p></footer></section>")}


def payload(**more):
    cohorts = [{"name": name, "slides": [slide(number) for number in range(start, start + 3)]}
               for name, start in (("All courses", 1), ("First inductions at North and South", 11))]
    return json.dumps({
        "schema": "share/1", "title": "Board, June", "audience": "board", "as_of": "", "version": None, "rules": "",
        "definition": share_content.definition(), "made_at": now(), "is_sample": True, "notices": [],
        "cohorts": cohorts} | more).encode()


@pytest.fixture(scope="module")
def stage(start, tmp_path_factory):
    folder = tmp_path_factory.mktemp("store")
    return start(("--store", str(folder))), Store(folder)


@pytest.fixture
def link(stage):
    """Make a link: its address and its id."""
    server, store = stage

    def made(shown=None, **options):
        share, token = store.shares.make({}, LOCAL, title="Board, June", audience="board",
                                         expires_at="2100-01-01T00:00:00+00:00", **options)
        store.shares.keep_render(share.id, None, share_content.definition(), shown or payload())
        return f"{server.address}/share/{share.id}#{token}", share.id

    return made


def lead(stage, id, slide, cohort=0, part=None):
    stage[1].shares.move(id, {"cohort": cohort, "slide": slide, "part": part}, LOCAL, now())


def at(page, number):
    expect(page.locator("#slide h1")).to_have_text(f"Response by site, slide {number}", timeout=20_000)


def test_two_follow_one_steps_away_and_comes_back_and_the_end_is_for_both(stage, link, open_page, watch):
    address, id = link()
    one, two = open_page(address), open_page(address, **PHONE)
    for page in (one, two):
        at(page, 1)
        expect(page.locator("#following")).to_contain_text("The presenter has not begun")
        expect(page.get_by_role("button", name="Look for myself")).to_be_hidden()
    began = time.monotonic()
    lead(stage, id, 1, part=2)
    for page in (one, two):
        at(page, 2)
    assert time.monotonic() - began < 2
    expect(one.locator(".is-marked")).to_have_text(re.compile("West"))
    expect(one.locator("#spoken")).to_have_text("2 of 3: Slide 2. The presenter points at West")
    expect(one.locator("#following")).to_have_text("Following the presenter, 2 people here", timeout=15_000)
    assert "#" not in one.url and "#" not in two.url

    one.keyboard.press("ArrowRight")
    at(one, 3)
    expect(one.locator("#following")).to_contain_text("Looking for yourself")
    lead(stage, id, 0, cohort=1)
    at(two, 11)
    at(one, 3)
    one.get_by_role("combobox", name="Cohort").select_option("First inductions at North and South")
    at(one, 13)
    one.get_by_role("button", name="Back to the presenter").click()
    at(one, 11)
    two.reload()
    at(two, 11)

    stage[1].shares.revoke(id, LOCAL)
    for page in (one, two):
        expect(page.locator("#said")).to_have_text("This link has been revoked.", timeout=5_000)
        assert not page.locator(".stage").count() and page.locator("#share").is_hidden()
    assert stage[1].shares.one(id, LOCAL).n_opens == 2


def test_a_passphrase_and_what_is_loud(stage, link, open_page, watch):
    loud = "The data changed since this link was made."
    address, _ = link(payload(notices=[loud]), passphrase="correct horse")
    page = open_page(address)
    page.get_by_label("Passphrase").fill("wrong horse")
    page.keyboard.press("Enter")
    expect(page.locator("#wrong")).to_have_text("That is not the passphrase of this link.")
    page.get_by_label("Passphrase").fill("correct horse")
    page.get_by_role("button", name="Open").click()
    at(page, 1)
    expect(page.get_by_role("alert")).to_have_text(loud)
    assert "horse" not in page.content()
    # The browser tells its console of every refusal.
    assert [one for one in watch.console if "403" not in one] == []
    watch.console.clear()


def test_a_link_without_its_token_shows_nothing(link, open_page, watch):
    address, _ = link()
    page = open_page(address.partition("#")[0])
    expect(page.locator("#said")).to_contain_text("open the whole link")
    watch.console.clear()


def test_a_phone_that_slept_asks_at_once_when_it_wakes(stage, link, open_page, watch):
    address, id = link()
    page = open_page(address, **PHONE)
    at(page, 1)
    page.context.set_offline(True)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#following")).to_contain_text("Connection lost", timeout=15_000)
    lead(stage, id, 2)
    page.context.set_offline(False)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    at(page, 3)
    # At once, not when the next question of 25 s is answered.
    expect(page.locator("#following")).to_contain_text("Following the presenter", timeout=6_000)
    watch.console.clear()


def test_data_that_changes_meanwhile_is_loud_and_a_script_in_it_does_not_run(stage, link, open_page, watch):
    address, id = link()
    page = open_page(address)
    at(page, 1)
    changed = json.loads(payload(made_at="2100-01-01T00:00:00+00:00"))
    changed["cohorts"][0]["slides"][0]["html"] += "<img src=x onerror='document.title=\"ran\"'>"
    stage[1].shares.keep_render(id, 1, share_content.definition(), json.dumps(changed).encode())
    expect(page.get_by_role("alert")).to_contain_text("The data behind this link has changed since you opened it")
    expect(page.locator("#slide img")).to_have_count(1)
    page.wait_for_timeout(300)
    assert page.title() == "Board, June"
    assert watch.console and all("Content Security Policy" in one for one in watch.console)
    watch.console.clear()


@pytest.mark.parametrize(("size", "scheme"), [((390, 844), "dark"), ((1280, 720), "light"), ((844, 390), "light")])
def test_a_slide_fits_between_what_stands_around_it(link, open_page, size, scheme):
    address, _ = link()
    page = open_page(address, viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)
    at(page, 1)
    found = page.evaluate(LAID_OUT)
    assert found["overflow"] <= 0 and found["cut"] == 0 and found["over"] == [] and found["least"] >= 14
    boxes = [page.locator(one).bounding_box() for one in ("#share > header", "#slide", "#controls")]
    assert all(one["y"] + one["height"] <= other["y"] + 1 for one, other in pairwise(boxes))
    assert boxes[-1]["y"] + boxes[-1]["height"] <= size[1] + 1 and boxes[1]["height"] > 0.5 * size[1]
    for name in ("Back", "Next"):
        assert page.get_by_role("button", name=name, exact=True).bounding_box()["height"] >= 36


def test_without_scripts_a_sentence_says_what_is_needed(link, open_page):
    page = open_page(link()[0], java_script_enabled=False)
    expect(page.get_by_text("needs JavaScript")).to_be_visible()


def test_nothing_of_a_token_stands_in_the_log(stage, link, open_page):
    address, _ = link()
    at(open_page(address), 1)
    assert address.partition("#")[2] not in stage[0].said()
