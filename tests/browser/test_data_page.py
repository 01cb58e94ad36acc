"""The Data page in a browser: an awful file goes from drop to rates, and next month's loads with one click."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.test_pages import choose, settled, step


def export(path, n_patients, header="Pt code;PHQ tot V3 (wk);When;Where", tail=""):
    """A title above the header, names nobody can guess, days before months; half of the patients are halved."""
    lines = ["Monthly export of the clinic", "", header]
    for patient in range(n_patients):
        before, after = 20, 10 if patient % 2 else 16
        site = "North" if patient % 3 else "South"
        lines += [f"K{patient:03d};{before};01/{patient % 9 + 1:02d}/2025;{site}{tail}",
                  f"K{patient:03d};{after};28/{patient % 9 + 1:02d}/2025;{site}{tail}"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def drop(page, path):
    page.get_by_role("link", name="Data", exact=True).click()
    settled(page)
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Read 1 file").wait_for()
    settled(page).get_by_role("button", name="Read 1 file").click()
    # The steps of the files before stand there until these are read.
    expect(page.get_by_role("button", name="Read 1 file")).to_have_count(0)
    expect(page.get_by_role("progressbar")).to_have_count(0)
    expect(settled(page).locator(".steps")).to_contain_text("What we understood")


def test_an_awful_file_goes_to_rates_and_next_month_takes_one_click(page, tmp_path):
    drop(page, export(tmp_path / "march.csv", 40))
    step(page, "2. What we understood")
    for label, text in (("Pt code", "(patient_id)"), ("PHQ tot V3 (wk)", "PHQ-9, total"), ("When", "(assessed_on)"),
                        ("Where", "(attribute)")):
        choose(page, label, text)
    page.get_by_role("button", name="Apply and read again").click()
    page.get_by_role("link", name="Open the overview").click()
    expect(page.locator(".headline")).to_contain_text("20 of 40 who could be judged")
    settled(page).get_by_role("link", name="Data", exact=True).click()
    step(settled(page), "5. Loaded")
    page.get_by_role("textbox", name="Name of the recipe").fill("Monthly")
    page.get_by_role("textbox", name="Name of the recipe").press("Tab")
    settled(page).get_by_role("button", name="Save as a recipe").click()
    expect(page.get_by_text("Saved. Files of the same shape will be offered")).to_be_visible()

    drop(page, export(tmp_path / "april.csv", 50, "Pt code;PHQ tot V3 (wk);When;Where;Extra", ";x"))
    expect(page.get_by_text("look like those of the recipe Monthly")).to_be_visible()
    settled(page).get_by_role("button", name="Load with this recipe").click()
    report = page.locator("[data-testid=stExpander]", has_text="What changed since the load of")
    expect(report).to_contain_text(re.compile("20 scores are new|20 new"))
    expect(report).to_contain_text("Extra")
    page.get_by_role("link", name="Open the overview").click()
    expect(page.locator(".headline")).to_contain_text("25 of 50 who could be judged")


def keep(page):
    settled(page).get_by_role("button", name="Keep", exact=True).click()
    expect(page.get_by_text("Kept as")).to_be_visible()
    return settled(page)


def test_a_kept_dataset_is_there_in_another_browser_and_its_first_version_stays_where_its_link_leads(
        page, open_page, start, tmp_path):
    server = start()
    page.goto(server.address)
    drop(settled(page), plain(tmp_path / "march.csv", ("North", "South"), 20))
    page.get_by_role("textbox", name="Name of the dataset").fill("Clinic outcomes")
    page.get_by_role("textbox", name="Name of the dataset").press("Tab")
    first = keep(settled(page)).url.replace("/data?", "/?")
    drop(page, plain(tmp_path / "april.csv", ("Centre", "North", "South"), 20))
    expect(page.get_by_text("These files look like those of Clinic outcomes")).to_be_visible()
    keep(page)

    other = settled(open_page(server.address))
    expect(other.locator(".headline")).to_contain_text("60 of 60 who could be judged")
    expect(other.locator(".chips")).to_contain_text("Clinic outcomes, version 2")
    other.goto(first)
    expect(other.get_by_text("This is version 1")).to_contain_text("not the latest")
    expect(settled(other).locator(".headline")).to_contain_text("40 of 40 who could be judged")
    settled(other).get_by_role("button", name="Open the latest version").click()
    # Until the run ends the page it leaves is still there.
    expect(other.locator(".headline", has_text="60 of 60 who could be judged")).to_be_visible()
    settled(other).get_by_role("link", name="Data", exact=True).click()
    settled(other).get_by_role("button", name="Delete this dataset").click()
    expect(other.get_by_text("goes for good: 2 versions")).to_be_visible()
    settled(other).get_by_role("button", name="Delete for good").click()
    expect(other.get_by_text("Clinic outcomes was deleted")).to_be_visible()
    settled(other).goto(first)
    expect(other.get_by_text("This link cannot be shown")).to_be_visible()


def plain(path, sites, n_patients):
    """A file that needs no answer: everybody halves the score."""
    rows = [f"{site}{place:03d},{day},{score},{site}" for site in sites for place in range(n_patients)
            for day, score in ((0, 20), (30, 8))]
    path.write_text("\n".join(["patient_id,day,phq9,site", *rows]) + "\n", encoding="utf-8")
    return path
