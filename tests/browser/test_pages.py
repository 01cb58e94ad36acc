"""What a person sees in a real browser: first screen, own files, the printed sheet, phone and dark."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import settled

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)


def headline(page):
    return re.sub(r"\s+", " ", page.locator(".headline").inner_text())


def choose(page, label, text):
    """Choose what contains the text in a box, by keyboard; the list is opened anew where a redraw closed it."""
    box = page.get_by_role("combobox", name=label, exact=True)
    option = page.get_by_role("option").first
    for patience in (6_000, 12_000, 30_000):
        settled(page)
        box.click()
        box.fill(text)
        try:
            expect(option).to_contain_text(text, ignore_case=True, timeout=patience)
        except AssertionError:
            page.keyboard.press("Escape")
        else:
            box.press("Enter")
            settled(page)
            return
    raise AssertionError(f"The box {label} never offered {text}.")


def step(page, title):
    """Open a step of the page, if it is not open."""
    fold = page.locator("[data-testid=stExpander]", has=page.locator("summary", has_text=title)).first
    if fold.locator("details").first.get_attribute("open") is None:
        fold.locator("summary").first.click()
    return fold


def study(folder: Path) -> Path:
    """A file of visits with headers nobody can guess: 43 patients, 40 with both visits, 16 of them halved."""
    lines = ["id,treatment,time,bdi,hamd"]
    for place in range(43):
        arm = "Active" if place % 2 else "TAU"
        lines.append(f"{place},{arm},1,30,24")
        lines += [f"{place},{arm},{visit},28,20" for visit in (2, 3)]
        lines += [f"{place},{arm},4,{15 if place < 11 else 20},{12 if place < 16 else 18}"] if place < 40 else []
    path = folder / "study.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def map_and_choose(page, path):
    """Upload a file through the Data page, say what its columns are, choose the visits."""
    page.get_by_role("link", name="Data", exact=True).click()
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Read 1 file").click()
    expect(page.get_by_text("Nothing can be counted from these files yet")).to_be_visible()
    step(page, "2. What we understood")
    expect(page.get_by_role("combobox", name="hamd", exact=True)).to_be_visible()
    for label, text in (("id", "(patient_id)"), ("time", "(visit)"), ("hamd", "(hamd17)"), ("bdi", "(bdi2)")):
        choose(page, label, text)
    page.get_by_role("button", name="Apply and read again").click()
    expect(page.get_by_role("link", name="Open the overview")).to_be_visible()
    step(page, "3. What needs your answer")
    choose(page, "Visit of the starting score", "1")
    choose(page, "Visit of the endpoint", "4")
    choose(page, "Who is asked, for measures of benefit", "everyone")
    page.get_by_role("link", name="Open the overview").click()
    expect(page.locator(".cards")).to_be_visible()


# --- first start -------------------------------------------------------------------------------------


def test_the_first_screen_has_headline_cards_and_the_top_of_the_flow(page):
    assert re.search(r"Invented sample data \d+ % of courses responded \d+ of \d+ who could be judged", headline(page))
    expect(page.locator(".card")).to_have_count(7)
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    page.wait_for_function("document.querySelector('.cards').getBoundingClientRect().bottom < 640", timeout=30_000)
    # Until the styles of the cards are there the chart stands far below them.
    page.wait_for_function("document.querySelector('.js-plotly-plot').getBoundingClientRect().y < 740", timeout=30_000)
    chips = page.locator(".st-key-chips summary, .st-key-chips button").all()
    assert len(chips) == 6
    assert len({round(chip.bounding_box()["y"]) for chip in chips}) == 1


def test_each_chip_opens_what_it_names(page):
    for label, words in (("Invented sample data", "assessments.csv"), ("Last score", "Rules stand in the sidebar"),
                         ("All courses", "Filters stand in the sidebar"), ("As of", "\n")):
        chip = page.locator("details.chip", has_text=label).first
        chip.locator("summary").click()
        expect(chip.locator("div").first).to_be_visible()
        assert page.locator("details.chip[open]").count() == 1
        assert words in chip.inner_text()
    page.locator("details.chip").first.locator("summary").click()
    page.get_by_role("link", name="Open the Data page").click()
    expect(page).to_have_url(re.compile("/data"))


def test_the_chip_of_the_filters_takes_them_away(page):
    before = headline(page)
    choose(page, "site", "North")
    page.keyboard.press("Escape")
    page.locator("details.chip", has_text="site North").locator("summary").click()
    page.get_by_role("link", name="Show all courses").click()
    expect(page.locator("details.chip", has_text="All courses")).to_be_visible()
    assert headline(settled(page)) == before


def test_no_page_is_wider_than_a_phone(open_page, server):
    page = settled(open_page(server.address, viewport={"width": 390, "height": 844}))
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    first, second, third = (page.locator(".card").nth(place).bounding_box() for place in range(3))
    assert first["y"] == second["y"] and third["y"] > first["y"]
    links = page.locator("[data-testid=stSidebarNav] a").all()
    assert len(links) == 10
    for link in links:
        # The menu is folded away.
        link.evaluate("one => one.click()")
        expect(page).to_have_url(re.compile(re.escape(link.get_attribute("href")) + r"(\?|$)"))
        settled(page)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            width = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
            assert width <= 390, (link.inner_text(), scheme)


def test_dark_is_dark(open_page, server):
    page = settled(open_page(server.address, color_scheme="dark"))
    shown = page.locator(".headline h1").evaluate("one => getComputedStyle(one).color")
    assert min(int(part) for part in re.findall(r"\d+", shown)[:3]) > 180
    label = page.locator(".js-plotly-plot text.annotation-text").first
    expect(label).to_have_css("fill", re.compile(r"rgb\((1[6-9]\d|2\d\d), (1[6-9]\d|2\d\d), (1[6-9]\d|2\d\d)\)"))


def test_a_filter_changes_the_numbers_and_the_copied_link_shows_them_again(page, open_page, server):
    before = headline(page)
    choose(page, "site", "North")
    page.keyboard.press("Escape")
    expect(page.locator(".st-key-chips")).to_contain_text("site North")
    changed = headline(page)
    assert changed != before
    page.get_by_role("button", name="Copy link").click()
    link = page.locator(".stPopoverBody code, [data-testid=stPopoverBody] code").inner_text().replace("\n", "")
    assert link.startswith(server.address)
    assert headline(settled(open_page(link))) == changed


def test_rules_can_be_changed_in_the_sidebar(page):
    before = headline(page)
    page.locator("[data-testid=stExpander]", has_text="Rules in detail").locator("summary").click()
    settled(page)
    choose(page, "Who is asked, for measures of benefit", "everyone")
    expect(page.locator(".st-key-chips")).to_contain_text("everyone with a score")
    assert headline(page) != before
    page.get_by_role("button", name="Back to the preset").click()
    settled(page)
    assert headline(page) == before


# --- own files ---------------------------------------------------------------------------------------


def test_a_study_is_uploaded_mapped_and_survives_a_reload(page, tmp_path, open_page):
    map_and_choose(page, study(tmp_path))
    choose(page, "Instrument", "BDI")
    assert "11 of 40 who could be judged" in headline(page)
    choose(page, "Instrument", "HAM-D")
    assert "16 of 40 who could be judged" in headline(page)
    page.reload()
    expect(page.locator(".cards")).to_be_visible()
    assert "16 of 40 who could be judged" in headline(page)
    assert "Invented" not in headline(page)

    other = settled(open_page(page.url))
    assert "This link cannot be shown" in headline(other)
    assert re.search(r"dataset [0-9a-f]{16}", headline(other))
    assert "16 of 40" not in other.content() and "Invented sample" not in headline(other)


def test_forgotten_data_is_gone_and_findings_can_be_downloaded(page, tmp_path):
    page.get_by_role("link", name="Data", exact=True).click()
    page.locator("input[type=file]").set_input_files(study(tmp_path))
    page.get_by_role("button", name="Read 1 file").click()
    expect(page.get_by_text("Nothing can be counted from these files yet")).to_be_visible()
    settled(page)
    step(page, "4. What is wrong with the rows")
    settled(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download all findings (CSV)").click()
    assert download.value.suggested_filename == "findings.csv"
    assert "severity" in Path(download.value.path()).read_text(encoding="utf-8-sig")
    page.get_by_role("button", name="Forget this data").click()
    expect(page.get_by_text("The data was forgotten")).to_be_visible()
    expect(page.get_by_text("study.csv")).to_have_count(0)


# --- the sheet ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("card", ["Response", "Item 9"])
def test_a_sheet_prints_on_one_page_of_either_paper(page, card):
    pypdf = pytest.importorskip("pypdf")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name=f"Defend {card}", exact=True).click()
    sheet = settled(opened.value)
    expect(sheet.locator(".defence h1")).to_be_visible()
    lines = [line for line in sheet.locator(".defence").inner_text().splitlines() if line.strip()]
    for paper in ("A4", "Letter"):
        pdf = pypdf.PdfReader(io.BytesIO(sheet.pdf(format=paper)))
        assert len(pdf.pages) == 1
        printed = re.sub(r"\s+", "", pdf.pages[0].extract_text()).replace("ﬁ", "fi").replace("ﬀ", "ff")
        for line in lines:
            assert re.sub(r"\s+", "", line) in printed, line
        assert "Methods" not in printed and "Copylink" not in printed


def test_the_methods_are_searched_and_print(page):
    page.get_by_role("link", name="Methods", exact=True).click()
    box = page.get_by_role("textbox", name="Search the methods")
    box.fill("zimmerman")
    box.press("Enter")
    expect(page.get_by_role("heading", name="HAM-D 17 (hamd17)")).to_be_visible()
    expect(page.get_by_role("heading", name="GAD-7 (gad7)")).to_have_count(0)
    assert len(page.pdf(format="A4")) > 5_000
