"""The Data page: questions answered, columns corrected, dates chosen, recipes kept, work shown and stopped."""

from __future__ import annotations

import io
import re
import threading
import time
import zipfile

import pytest

from analytics.app import loading, recipe_box, server
from analytics.app.jobs import CancelledError, Job
from analytics.app.shelves import OPEN_SECONDS, Shelves
from tests.app.test_pages import browser, html, opened, words  # noqa: F401
from tests.ingest.books import book

ANNE, BERT = "a" * 64, "b" * 64
DATED = "patient_id,date,phq9,Sex\n" + "".join(
    f"P{place},0{month}/03/2025,{score},F\n" for place in range(6) for month, score in ((1, 20), (2, 8)))
RECORDS = "MRN,DOB,day,phq9\n" + "".join(
    f"88{place:04d},{place + 1:02d}/07/1970,{day},{score}\n" for place in range(6) for day, score in ((0, 20), (30, 8)))


def shown(dataset):
    app = opened("data")
    box = next(one for one in app.selectbox if one.label == "Dataset" and one.key and one.key.startswith("data."))
    return box.set_value(dataset.short).run()


def press(app, label):
    return next(one for one in app.button if one.label == label).click().run()


# --- questions ---------------------------------------------------------------------------------------


def test_an_ambiguous_date_is_asked_and_the_answer_counts(browser):  # noqa: F811
    dataset = loading.upload(browser, [("scores.csv", DATED.encode())])
    assert dataset.tables.is_blocked
    app = shown(dataset)
    assert "1 question" in html(app)
    app.radio[0].set_value("date[dmy]")
    app = press(app, "Answer and read again")
    assert not app.exception
    (read,) = loading.uploads(browser)
    assert dict(read.mapping) == {"date": "date[dmy]"} and not read.tables.is_blocked
    assert read.tables.is_turned_relative


def test_leaving_everything_as_it_is_asks_no_more(browser):  # noqa: F811
    dataset = loading.upload(browser, [("scores.csv", DATED.encode())])
    app = press(shown(dataset), "Answer and read again")
    assert not app.exception and "1 question" not in html(app)
    assert loading.uploads(browser)[0].key == dataset.key


def at_visits(name="Visit", labels=("Pre", "Post")):
    return f"Patient,{name},PHQ-9\n" + "".join(
        f"K{place},{label},{score}\n" for place in range(12) for label, score in zip(labels, (20, 8), strict=True))


IN_DAYS = "Patient,Session day,Dose mg\n" + "".join(f"K{place},{day},40\n" for place in range(12) for day in (0, 4))


@pytest.mark.parametrize("page", ["data", "overview", "groups", "compare", "counting"])
def test_sessions_of_which_none_could_be_used_are_a_sentence_on_every_page(browser, page):  # noqa: F811
    loading.upload(browser, [("scores.csv", at_visits().encode()), ("infusions.csv", IN_DAYS.encode())])
    app = opened(page)
    assert not app.exception and not app.error
    assert "none of them could be used" in words(app) or page == "data"


def test_visits_beside_days_are_answered_with_visits_for_all(browser):  # noqa: F811
    dataset = loading.upload(browser, [("scores.csv", at_visits().encode()), ("infusions.csv", IN_DAYS.encode())],
                             {"Session day": "day"})
    assert dataset.tables.is_blocked
    app = shown(dataset)
    app.radio[0].set_value("visit[for all]")
    app = press(app, "Answer and read again")
    assert not app.exception
    (read,) = loading.uploads(browser)
    assert not read.tables.is_blocked and read.tables.axis == "visit" and read.tables.sessions.empty
    app.switch_page("views/overview.py").run()
    assert "12 of 12" in words(app)


def test_what_stops_the_load_can_be_left_out_by_a_click(browser):  # noqa: F811
    placed = "Patient,Day,PHQ-9\n" + "".join(f"K{place},{day},{20 - day}\n" for place in range(12) for day in (-1, 16))
    wide = "Patient,GAD7 pre,GAD7 post\n" + "".join(f"K{place},15,6\n" for place in range(12))
    files = [("scores.csv", placed), ("gad.csv", wide), ("infusions.csv", IN_DAYS)]
    dataset = loading.upload(browser, [(name, text.encode()) for name, text in files], {"Session day": "day"})
    assert [one.code for one in dataset.tables.findings if one.severity == "blocks"] == ["axes_differ"]
    app = shown(dataset)
    app.radio[0].set_value("ignore")
    app = press(app, "Answer and read again")
    (read,) = loading.uploads(browser)
    assert not read.tables.is_blocked and "question" not in html(app).split("What is wrong")[0].split("answer")[-1]
    assert dict(read.mapping) == {"Session day": "day", "GAD7 pre": "ignore", "GAD7 post": "ignore"}


def test_one_column_in_place_of_another_that_was_said_before(browser):  # noqa: F811
    text = "Patient,started,ended,Dose mg\n" + "".join(
        f"K{place},2025-01-{day:02d},2025-01-{day + 1:02d},40\n" for place in range(6) for day in (3, 20))
    said = {"started": "treated_on", "ended": "treated_on"}
    dataset = loading.upload(browser, [("infusions.csv", text.encode())], said)
    asked = next(one for one in dataset.tables.findings if one.code == "column_ambiguous")
    app = shown(dataset)
    app.radio[0].set_value("treated_on")
    press(app, "Answer and read again")
    (read,) = loading.uploads(browser)
    other = next(header for header in said if header != asked.column)
    assert dict(read.mapping) == {asked.column: "treated_on", other: "ignore"}
    assert "column_ambiguous" not in {one.code for one in read.tables.findings}


def test_names_of_sheets_are_asked_about_once(browser):  # noqa: F811
    sheet = [["Date", "PHQ-9"], ["2025-01-03", 20], ["2025-02-03", 8]]
    sheets = {f"K{place}": sheet for place in range(4)}
    dataset = loading.upload(browser, [("patients.xlsx", book(**sheets))])
    codes = [one.code for one in dataset.tables.findings if one.severity == "blocks"]
    assert codes == ["no_patient_column"]
    app = shown(dataset)
    app.radio[0].set_value("patient_id")
    press(app, "Answer and read again")
    (read,) = loading.uploads(browser)
    assert not any(one.choices for one in read.tables.findings) and not read.tables.is_blocked


# --- dates -------------------------------------------------------------------------------------------


def test_real_dates_are_kept_only_where_a_person_says_so_and_the_page_names_it(browser):  # noqa: F811
    text = "patient_id,date,phq9\n" + "".join(
        f"P{place},2025-0{month}-13,{score}\n" for place in range(6) for month, score in ((1, 20), (2, 8)))
    dataset = loading.upload(browser, [("scores.csv", text.encode())])
    assert dataset.tables.is_turned_relative and dataset.dates == "relative"
    app = press(shown(dataset), "Keep real dates")
    assert not app.exception
    (read,) = loading.uploads(browser)
    assert read.dates == "keep" and read.tables.axis == "date" and read.key != dataset.key
    app.switch_page("views/overview.py").run()
    assert "Internal view: real dates are kept" in words(app)


# --- what could identify -----------------------------------------------------------------------------


def test_what_could_identify_is_let_go_with_the_answer():
    shelves = Shelves()
    dataset = shelves.upload(ANNE, [("x.csv", RECORDS.encode())], {"MRN": "patient_id[keyed]"}, now=0,
                             secret=b"s" * 32)
    kept = loading.unpacked(shelves.shelf(ANNE, 0).packed[dataset.key])
    assert "DOB" in kept.parts[0].headers, "the year may still be kept"
    shelves.close(ANNE, dataset.key)
    kept = loading.unpacked(shelves.shelf(ANNE, 0).packed[dataset.key])
    assert "DOB" not in kept.parts[0].headers
    assert all(text.startswith("k-") for text in kept.parts[0].column("MRN").texts), "record numbers are gone"
    again = shelves.remap(ANNE, dataset.key, {"MRN": "patient_id[keyed]"}, now=1, secret=b"s" * 32)
    assert list(again.tables.assessments["patient_id"]) == list(dataset.tables.assessments["patient_id"])


@pytest.mark.parametrize(("seconds", "is_kept"), [(OPEN_SECONDS - 1, True), (OPEN_SECONDS, False)])
def test_what_could_identify_is_let_go_after_ten_minutes(seconds, is_kept):
    shelves = Shelves()
    dataset = shelves.upload(ANNE, [("x.csv", RECORDS.encode())], {"MRN": "patient_id[keyed]"}, now=0,
                             secret=b"s" * 32)
    shelves.drop_idle(now=seconds)
    kept = loading.unpacked(shelves.shelf(ANNE, seconds).packed[dataset.key])
    assert ("DOB" in kept.parts[0].headers) == is_kept


def test_a_kept_year_leaves_no_birth_date_behind():
    shelves = Shelves()
    mapping = {"MRN": "patient_id[keyed]", "DOB": "attribute[year]"}
    dataset = shelves.upload(ANNE, [("x.csv", RECORDS.encode())], mapping, now=0, secret=b"s" * 32)
    kept = loading.unpacked(shelves.shelf(ANNE, 0).packed[dataset.key])
    assert kept.parts[0].column("DOB").texts == ("1970",)
    again = shelves.remap(ANNE, dataset.key, mapping, now=1, secret=b"s" * 32)
    assert set(again.tables.attributes["value"].astype(str)) == {"1970"}


# --- recipes -----------------------------------------------------------------------------------------


def month(n_patients):
    rows = "".join(f"K{place},{day},{score},x\n" for place in range(n_patients) for day, score in ((0, 20), (30, 8)))
    return f"Pt,When (day),Points,Odd\n{rows}".encode()


MAPPING = {"Pt": "patient_id", "When (day)": "day", "Points": "phq9"}


@pytest.fixture
def store(monkeypatch, tmp_path):
    monkeypatch.setenv("KETAMINE_OUTCOMES_STORE", str(tmp_path / "store"))
    recipe_box.store.cache_clear()
    yield
    recipe_box.store.cache_clear()


@pytest.mark.usefixtures("store")
def test_a_recipe_is_saved_offered_and_replayed_with_what_changed(browser):  # noqa: F811
    first = loading.upload(browser, [("march.csv", month(6))], MAPPING)
    recipe_box.save(browser, first, "Monthly", None)
    second = loading.upload(browser, [("april.csv", month(9))])
    assert second.tables.is_blocked
    app = shown(second)
    assert "recipe Monthly" in html(app)
    app = press(app, "Load with this recipe")
    assert not app.exception
    read = next(one for one in loading.uploads(browser) if one.recipe is not None)
    assert dict(read.mapping) == MAPPING and not read.tables.is_blocked
    changes, _ = recipe_box.difference(browser, read)
    assert (changes.of("assessments").added, changes.of("assessments").gone, changes.patients.new) == (6, 0, 3)
    assert "6 new" in html(app) or "6 scores are new" in html(app)
    assert recipe_box.offers(browser, read) == [], "a recipe in use is not offered again"


@pytest.mark.usefixtures("store")
def test_loads_belong_to_a_browser_where_others_can_reach_the_server(monkeypatch):
    options = {"server.address": "0.0.0.0"}
    monkeypatch.setattr(server.st, "get_option", lambda name: options.get(name, ""))
    assert recipe_box.owner_of(ANNE) == ANNE
    first = loading.upload(ANNE, [("march.csv", month(6))], MAPPING)
    recipe_box.save(ANNE, first, "Monthly", None)
    second = loading.upload(BERT, [("april.csv", month(9))])
    assert recipe_box.offers(BERT, second) == []
    for address in ("localhost", "127.0.0.1", "::1"):
        options["server.address"] = address
        assert recipe_box.owner_of(ANNE) == ""
    loading.forget(ANNE)
    loading.forget(BERT)


@pytest.mark.usefixtures("store")
def test_a_store_that_cannot_be_made_is_a_sentence(browser, monkeypatch, tmp_path):  # noqa: F811
    (tmp_path / "file").write_text("x", encoding="utf-8")
    monkeypatch.setenv("KETAMINE_OUTCOMES_STORE", str(tmp_path / "file" / "store"))
    recipe_box.store.cache_clear()
    dataset = loading.upload(browser, [("march.csv", month(6))], MAPPING)
    app = shown(dataset)
    assert not app.exception and "The store's folder cannot be made" in html(app)
    assert recipe_box.secret() is None


# --- lists to take away ------------------------------------------------------------------------------


def test_the_lists_can_be_taken_away_and_the_copy_has_no_patient(browser):  # noqa: F811
    rows = "".join(f"KX{place:03d},{day},{score},North\n" for place in range(30) for day, score in ((0, 20), (30, 8)))
    text = f"patient_id,day,phq9,site\n{rows}KX001,40,300,North\n"
    dataset = loading.upload(browser, [("scores.csv", text.encode())])
    app = shown(dataset)
    addresses = re.findall(r'/export/([0-9a-f]+)/([a-z_.]+)"', html(app))
    content = {name: loading.export(browser, token).content() for token, name in addresses}
    assert {"fix_list.xlsx", "findings.csv", "synthetic_copy.zip", "template.xlsx", "guide.html",
            "recipe.toml"} <= set(content)
    assert content["fix_list.xlsx"].startswith(b"PK")
    with zipfile.ZipFile(io.BytesIO(content["synthetic_copy.zip"])) as archive:
        (name,) = [one for one in archive.namelist() if one.endswith(".csv")]
        copy = archive.read(name)
    assert b"KX0" not in copy and copy.startswith(b"patient_id,day,phq9,site")
    assert [one.code for one in loading.upload(browser, [(name, copy)]).tables.findings] == [
        one.code for one in dataset.tables.findings]


# --- work --------------------------------------------------------------------------------------------


def test_work_tells_how_far_it_is_and_stops_at_a_word():
    go_on, told = threading.Event(), threading.Event()

    def work(progress):
        progress("Reading file 1 of 2", 0.3)
        told.set()
        go_on.wait(10)
        progress("Reading file 2 of 2", 0.6)
        return "never"

    job = Job(work)
    assert told.wait(10) and (job.doing, job.done) == ("Reading file 1 of 2", 0.3)
    job.cancel()
    go_on.set()
    assert job.wait(10)
    with pytest.raises(CancelledError):
        job.result()


@pytest.mark.parametrize("kind", [ValueError, SystemExit])
def test_what_work_raises_reaches_whoever_asks(kind):
    def work(progress):
        raise kind("What was needed did not come.")

    job = Job(work)
    assert job.wait(10)
    with pytest.raises(kind, match="What was needed"):
        job.result()


def test_work_keeps_no_server_from_ending():
    job = Job(lambda progress: threading.current_thread().daemon)
    assert job.wait(10) and job.result() is True


def test_a_running_job_shows_progress_and_cancel(browser, monkeypatch):  # noqa: F811
    go_on = threading.Event()

    def slowly(progress):
        progress("Reading file 1 of 1", 0.2)
        go_on.wait(20)
        progress("Setting the rows against each other", 0.8)

    app = opened("data")
    job = Job(slowly)
    app.session_state["remembered.data.job"] = job
    time.sleep(0.05)
    app.run()
    assert not app.exception and any(one.label == "Cancel" for one in app.button)
    app = press(app, "Cancel")
    go_on.set()
    assert job.wait(10)
    app.run()
    assert not app.exception and "Reading was stopped" in app.warning[0].value
