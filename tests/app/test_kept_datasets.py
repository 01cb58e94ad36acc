"""Datasets that stay: kept with every version, found again, named by what they say, and gone when they are deleted."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

import analytics
from analytics.access import LOCAL, NotAllowedError, Person
from analytics.app import (
    audit_panels,
    dataset_names,
    dataset_notes,
    dataset_notes_panel,
    deck,
    intake,
    kept_datasets,
    kept_panels,
    loading,
    note_names,
    questions,
    recipe_box,
    rule_sets_panel,
    server,
    site_scope,
    state,
    visitors,
)
from analytics.app.address import Refusal, decode_view, encode_view
from analytics.app.datasets import KeptDataset, Shape
from analytics.app.kept_datasets import Keeping
from analytics.app.view import View, canonical
from analytics.definitions.rules import rule_set
from analytics.store import GoneError, StoreError
from analytics.store.folder import FOLDER_VARIABLE
from analytics.wording import kept as kept_words
from analytics.wording.deck import IN_DECK
from tests.app.test_data_page import press, shown
from tests.app.test_pages import browser, html, opened, scores, words  # noqa: F401
from tests.ingest.cohort import faulty_export

ANNE, BERT, DORA = (Person("anne", "Anne", "analyst"), Person("bert", "Bert", "analyst"),
                    Person("dora", "Dora", "director"))
SAMPLE = [Path(loading.__file__).parents[2] / "sample_data" / name for name in loading.SAMPLE_FILES]


@pytest.fixture(autouse=True)
def store(monkeypatch, tmp_path):
    """A store of its own for every test."""
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "store"))
    recipe_box.store.cache_clear()
    state.forget_remembered(kept_datasets.LISTED, kept_datasets.UNREADABLE, kept_datasets.VAIN)
    yield recipe_box.store()
    recipe_box.store.cache_clear()


def uploaded(name, *files, **how):
    return loading.upload(name, files, how.pop("mapping", None), **how)


def of_sites(*sites, n=12, after=8):
    """A file of patients at sites, one after the other."""
    lines = [f"{site}{place},{day},{score},{site}" for site in sites for place in range(n)
             for day, score in ((0, 20), (30, after))]
    return "scores.csv", ("patient_id,day,phq9,site\n" + "\n".join(lines) + "\n").encode()


def kept(name, upload, called="Clinic", into=None, person=LOCAL, **how):
    return kept_datasets.keep(name, upload, Keeping("" if into else called, into and into.saved.id, **how), person)


# --- the same to the last digit ----------------------------------------------------------------------


def files_of(kind):
    if kind == "sample":
        return [(path.name, path.read_bytes()) for path in SAMPLE], {}
    if kind == "faulty":
        return [("faulty.csv", faulty_export(5).encode())], {}
    if kind == "dated":
        rows = "".join(f"P{place},2025-0{month}-13,{score},{'North' if place % 2 else 'South'}\n"
                       for place in range(24) for month, score in ((1, 20), (2, 8 + place % 5)))
        return [("dated.csv", f"patient_id,date,phq9,site\n{rows}".encode())], {}
    header = "id,treat,bdi_pre,bdi_post,hamd_pre,hamd_post"
    rows = "".join(f"K{place},{'TAU' if place % 2 else 'PA'},{30 - place % 7},{12 + place % 9},"
                   f"{'' if place % 6 == 0 else 20},{9 + place % 4}\n" for place in range(43))
    return [("wide.csv", f"{header}\n{rows}".encode())], {
        "bdi_pre": "bdi2@pre", "bdi_post": "bdi2@post", "hamd_pre": "ignore", "hamd_post": "ignore"}


@pytest.mark.parametrize(("kind", "dates"), [("sample", "relative"), ("faulty", "relative"), ("dated", "relative"),
                                             ("dated", "keep"), ("wide", "relative")])
def test_a_kept_dataset_gives_the_same_to_the_last_digit(browser, kind, dates):  # noqa: F811
    files, mapping = files_of(kind)
    before = uploaded(browser, *files, mapping=mapping, dates=dates)
    after = kept(browser, before)
    assert_same(before, after)
    assert after.dates == dates and after.tables.axis == before.tables.axis


def assert_same(before, after):
    assert replace(after.shape, key="") == replace(before.shape, key="")
    assert after.tables.findings == before.tables.findings and after.tables.columns == before.tables.columns
    for file, patients in before.tables.patient_of_row.items():
        pd.testing.assert_series_equal(after.tables.patient_of_row[file], patients)
    visits = {} if before.tables.axis != "visit" else {"baseline_visit": "pre", "endpoint_visit": "post"}
    rules = rule_set("clinic", tuple(visits.items()))
    one, two = (analytics.outcomes(each.tables, rules) for each in (before, after))
    pd.testing.assert_frame_equal(one.table, two.table, check_exact=True)
    pd.testing.assert_frame_equal(one.courses, two.courses, check_exact=True)
    assert one.findings == two.findings and one.as_of == two.as_of
    for key in one.instrument_keys:
        found = [analytics.summarize(of, instruments=(key,)) for of in (one, two)]
        assert found[0].results == found[1].results


def test_an_instrument_of_the_clinic_comes_back_with_its_cut_offs(browser):  # noqa: F811
    before = uploaded(browser, of_sites("North"))
    own = replace(before.tables.instruments["phq9"], key="own", title="Our scale", caseness=replace(
        before.tables.instruments["phq9"].caseness, value=7))
    scored = before.tables.assessments.assign(instrument=pd.Categorical(["own"] * len(before.tables.assessments)))
    tables = replace(before.tables, instruments={**before.tables.instruments, "own": own}, assessments=scored)
    before = replace(before, tables=tables, shape=replace(
        before.shape, instruments=tables.instruments, present=("own",)))
    after = kept(browser, before)
    assert after.shape.instruments["own"] == after.tables.instruments["own"] == own
    assert_same(before, after)


# --- found again -------------------------------------------------------------------------------------


def restarted():
    """What a new start of the server has in memory: nothing."""
    recipe_box.store.cache_clear()
    loading._kept_tables.forget(lambda key: True)
    loading._shared_answers.forget(lambda key: True)


def test_it_comes_back_after_a_restart_in_another_browser_and_is_read_only_when_chosen(browser, monkeypatch):  # noqa: F811
    made = kept(browser, uploaded(browser, of_sites("North", "South")))
    loading.forget(browser)
    restarted()
    reads = []
    frames = type(recipe_box.store().datasets).frames
    monkeypatch.setattr(type(recipe_box.store().datasets), "frames",
                        lambda self, *asked: reads.append(asked) or frames(self, *asked))
    found = next(one for one in loading.datasets("another") if isinstance(one, KeptDataset))
    assert (found, found.label, found.is_latest) == (made, "Clinic, version 1", True)
    assert not reads, "a list must not read tables"
    assert len(found.tables.assessments) == 48 and len(found.tables.sessions) == 0
    assert len(reads) == 1, "what was read is at hand"
    assert [one.given_as for one in loading.datasets("another")] == ["kept", "sample"]


def test_a_link_means_the_same_after_a_restart_and_stays_at_its_version(browser):  # noqa: F811
    first = kept(browser, uploaded(browser, of_sites("North", "South")))
    view = questions.start_view(first.shape)
    link = encode_view(replace(view, filters=((view.by, (1,)),)), first.shape)
    second = kept(browser, uploaded(browser, of_sites("Centre", "North", "South")), into=first)
    restarted()
    latest, older = kept_datasets.offered(LOCAL, [first.short])
    assert (latest.of.number, older.of.number) == (2, 1) and latest.key == second.key
    assert not older.is_latest and older.label == "Version 1 of Clinic (not the latest)"
    found = decode_view(link, [latest.shape, older.shape])
    assert not isinstance(found, Refusal) and found.dataset == first.short
    place, (value,) = found.filters[0]
    assert older.shape.attributes[place][1][value] == "South", "not what stands there in the next version"
    assert [one.of.number for one in kept_datasets.offered(LOCAL)] == [2]


def test_a_version_is_found_by_its_number_without_a_page(browser):  # noqa: F811
    first = kept(browser, uploaded(browser, of_sites("North")))
    second = kept(browser, uploaded(browser, of_sites("North", n=13)), into=first)
    for made in (first, second):
        found = kept_datasets.dataset_of_version(made.of.id, LOCAL)
        assert (found.key, kept_datasets.id_of(found), kept_datasets.version_of(found)) == (
            made.key, first.saved.id, replace(made.of, is_latest=made is second))
    with pytest.raises(GoneError):
        kept_datasets.dataset_of_version(999, LOCAL)
    assert kept_datasets.id_of(loading.sample_dataset()) is kept_datasets.version_of(loading.sample_dataset()) is None


def test_the_same_again_adds_no_version_and_others_files_do(browser):  # noqa: F811
    first = kept(browser, uploaded(browser, of_sites("North")))
    assert kept(browser, uploaded(browser, of_sites("North")), into=first).of.id == first.of.id
    assert kept(browser, uploaded(browser, of_sites("North", after=9)), into=first).of.number == 2


def with_columns(*more, n=12):
    """A file as ``of_sites`` makes them, with further columns."""
    lines = [f"P{place},{day},{score},North" + ",x" * len(more) for place in range(n)
             for day, score in ((0, 20), (30, 8))]
    return "scores.csv", ("\n".join([",".join(("patient_id,day,phq9,site", *more)), *lines]) + "\n").encode()


def test_the_likeliest_dataset_comes_first_and_what_looks_otherwise_not_at_all(browser):  # noqa: F811
    exact = kept(browser, uploaded(browser, with_columns("sex", "arm")), "Exact")
    alike = kept(browser, uploaded(browser, with_columns("sex")), "Alike")
    assert [one.key for one in kept_datasets.offered(LOCAL)] == [alike.key, exact.key]
    upload = uploaded(browser, with_columns("sex", "arm", n=13))
    assert [one.saved.name for one in kept_datasets.fitting(browser, upload, LOCAL)] == ["Exact", "Alike"]
    other = uploaded(browser, ("other.csv", b"code,weeks,gad7_total,ward,room\nA,0,20,x,1\nA,4,8,x,1\n"),
                     mapping={"code": "patient_id", "weeks": "day", "gad7_total": "gad7"})
    assert other.recipe is None and alike.of.facts["recipe_id"] is None
    assert kept_datasets.fitting(browser, other, LOCAL) == []


def test_the_next_version_is_looked_for_among_what_the_person_may_see(browser):  # noqa: F811
    kept(browser, uploaded(browser, of_sites("North", "South")))
    upload = uploaded(browser, of_sites("North", "South", n=13))
    for sites, n in ((frozenset({"North"}), 1), (frozenset({"East"}), 0)):
        found = kept_datasets.fitting(browser, upload, Person("nora", "Nora", "analyst", sites))
        assert len(found) == n
        assert all(set(one.tables.attributes["value"].astype(str)) == sites for one in found)


def test_a_version_starts_with_the_rules_of_the_view_it_was_kept_from(browser):  # noqa: F811
    upload, own = uploaded(browser, of_sites("North")), ("induction", (("gap_days", "45"),))
    assert kept(browser, upload, "Plain").start_rules == upload.start_rules != own
    made = kept_datasets.keep(browser, upload, Keeping("Ours"), LOCAL, View(upload.short, "phq9", *own))
    assert made.start_rules == own and kept_datasets.offered(LOCAL)[0].start_rules == own


# --- who ---------------------------------------------------------------------------------------------


def test_a_private_dataset_is_nobody_elses_and_a_presenter_keeps_nothing(browser):  # noqa: F811
    upload = uploaded(browser, of_sites("North"))
    own = kept(browser, upload, person=ANNE, is_private=True)
    shared = kept(browser, upload, "Shared", person=ANNE)
    assert {one.saved.name for one in kept_datasets.offered(ANNE)} == {"Clinic", "Shared"}
    for other in (BERT, DORA, Person("p", "Pia", "presenter")):
        assert [one.key for one in kept_datasets.offered(other, [own.short])] == [shared.key]
        with pytest.raises(GoneError):
            kept_datasets.dataset_of_version(own.of.id, other)
    with pytest.raises(NotAllowedError, match="keep or delete data"):
        kept(browser, upload, person=Person("p", "Pia", "presenter"))
    with pytest.raises(NotAllowedError):
        kept_datasets.offered(Person("v", "Vic", "viewer"))


def test_nobody_in_particular_is_offered_nothing_where_others_reach_the_server(browser, monkeypatch):  # noqa: F811
    kept(browser, uploaded(browser, of_sites("North")))
    assert len(kept_datasets.offered(LOCAL)) == 1
    monkeypatch.setattr(server, "is_only_here", lambda: False)
    assert kept_datasets.offered(LOCAL) == ()
    assert len(kept_datasets.offered(DORA)) == 1


def test_somebody_limited_to_sites_sees_these_on_every_way(browser):  # noqa: F811
    first = kept(browser, uploaded(browser, of_sites("North", "South")))
    kept(browser, uploaded(browser, of_sites("North", "South", n=13)), into=first)
    limited = Person("nora", "Nora", "presenter", frozenset({"North"}))
    with visitors.acting(limited):
        listed = [one for one in loading.datasets("nora") if isinstance(one, KeptDataset)]
    older = kept_datasets.dataset_of_version(first.of.id, limited)
    for found in (*listed, older, *kept_datasets.versions(listed[0], limited)):
        assert set(found.tables.attributes["value"].astype(str)) == {"North"}
        assert dict(found.shape.attributes)["site"] == ("North",)
    assert len({older.key, first.key, listed[0].key}) == 3
    assert older.short in {site_scope.key_of_sites(one.key, limited.sites)[:16]
                           for one in kept_datasets.offered(limited, [older.short])}


def test_somebody_limited_to_sites_takes_nobodys_place_and_is_told_no_total(browser, monkeypatch):  # noqa: F811
    shared = kept(browser, uploaded(browser, of_sites("North", "South", n=17)))
    limited = Person("nora", "Nora", "analyst", frozenset({"North"}))
    upload = uploaded(browser, of_sites("North"))
    with pytest.raises(NotAllowedError, match="dataset of its own"):
        kept(browser, upload, into=shared, person=limited)
    own = kept(browser, upload, "Mine", person=limited)
    assert kept(browser, uploaded(browser, of_sites("North", n=13)), into=own, person=limited).of.number == 2
    monkeypatch.setattr(visitors, "visitor", lambda: limited)
    loading.forget(browser)
    (found,) = [one for one in loading.datasets(browser) if getattr(one, "saved", own.saved).name == "Clinic"]
    text = words(shown(found))
    assert "17 patients, 34 rows in use" in text and "34 patients" not in text and "Everyone with a role" in text


# --- trouble -----------------------------------------------------------------------------------------


def test_what_cannot_be_kept_stays_in_memory_and_says_why(browser, store, monkeypatch):  # noqa: F811
    upload = uploaded(browser, of_sites("North"))

    def full(*asked, **how):
        raise StoreError("The disk of the store's folder is full; nothing was saved.")

    monkeypatch.setattr(type(store.datasets), "keep", full)
    app = shown(upload)
    next(one for one in app.text_input if one.label == "Name of the dataset").set_value("Clinic")
    app = press(app, "Keep")
    assert not app.exception and "disk of the store's folder is full" in app.warning[0].value
    assert loading.uploads(browser)[0].key == upload.key and kept_datasets.offered(LOCAL) == ()


def test_files_of_which_nothing_counts_are_not_kept(browser):  # noqa: F811
    with pytest.raises(ValueError, match="Nothing can be counted"):
        kept(browser, uploaded(browser, ("x.csv", b"a,b\n1,2\n")))


def test_damaged_tables_are_a_sentence_and_other_datasets_go_on(browser, store):  # noqa: F811
    kept(browser, uploaded(browser, of_sites("North")))
    loading.forget(browser)
    restarted()
    for path in Path(store.folder, "datasets").rglob("assessments.parquet"):
        path.write_bytes(b"not what was written")
    with pytest.raises(StoreError, match="damaged"):
        _ = kept_datasets.offered(LOCAL)[0].tables
    app = opened("overview")
    assert "A kept dataset cannot be opened. The tables of this version are damaged" in app.warning[0].value
    assert "Invented sample data" in words(app) and [one for one in app.button if one.label == "Try again"]


def test_what_another_release_kept_is_named_and_not_read(browser, store):  # noqa: F811
    made = kept(browser, uploaded(browser, of_sites("North")))
    store.datasets.keep("Later", store.datasets.frames(made.of.id, LOCAL), made.of.facts | {"format": 2}, LOCAL)
    assert [one.saved.name for one in kept_datasets.offered(LOCAL)] == ["Clinic"]
    app = opened("overview")
    assert "kept by another version of this product" in app.warning[0].value and "12 of 12" in words(app)


def test_an_older_version_of_another_release_is_not_offered_to_who_asks_for_it(browser, store):  # noqa: F811
    first = kept(browser, uploaded(browser, of_sites("North")))
    strange = store.datasets.keep("x", store.datasets.frames(first.of.id, LOCAL),
                                  first.of.facts | {"format": 2, "key": "k"}, LOCAL, dataset_id=first.saved.id)
    third = kept(browser, uploaded(browser, of_sites("North", n=13)), into=first)
    wanted = [kept_datasets.key_of(strange)[:16], first.short]
    assert [one.of.id for one in kept_datasets.offered(LOCAL, wanted)] == [third.of.id, first.of.id]


@pytest.mark.parametrize(("seconds", "is_there"), [(loading.KEPT_IDLE_SECONDS - 1, True),
                                                   (loading.KEPT_IDLE_SECONDS, False)])
def test_what_nobody_used_for_an_hour_leaves_the_memory(browser, monkeypatch, seconds, is_there):  # noqa: F811
    made = kept(browser, uploaded(browser, of_sites("North")))
    monkeypatch.setattr(loading.time, "monotonic", lambda: 1000.0)
    loading.outcomes_of(made, rule_set("clinic"))
    monkeypatch.setattr(loading.time, "monotonic", lambda: 1000.0 + seconds)
    loading.drop_idle()
    assert (made.of.content_hash in loading._kept_tables._answers) is is_there
    assert (made.key in {held[0] for held in loading._shared_answers._answers}) is is_there


def test_old_versions_go_when_the_store_says_so(browser, store):  # noqa: F811
    first, second = two_versions(browser)
    kept_datasets.sweep()
    store.datasets.set_retention(7, LOCAL)
    kept_datasets.sweep()
    assert len(kept_datasets.versions(first, LOCAL)) == 2
    store.database.now = lambda: "2200-01-01T00:00:00+00:00"
    kept_datasets.sweep()
    assert [one.of.id for one in kept_datasets.versions(first, LOCAL)] == [second.of.id]


def test_to_keep_a_version_lets_those_go_that_are_too_old(browser, store):  # noqa: F811
    first = kept(browser, uploaded(browser, of_sites("North")))
    store.datasets.set_retention(7, LOCAL)
    store.database.now = lambda: "2200-01-01T00:00:00+00:00"
    second = kept(browser, uploaded(browser, of_sites("North", n=13)), into=first)
    assert [one.of.id for one in kept_datasets.versions(second, LOCAL)] == [second.of.id]


def test_while_the_store_cannot_be_asked_nobody_has_the_list_of_another(browser, store, monkeypatch):  # noqa: F811
    own = kept(browser, uploaded(browser, of_sites("North")), person=ANNE, is_private=True)
    assert [one.id for one in kept_datasets._listed_or_last(ANNE)] == [own.saved.id]

    def busy(*asked):
        raise StoreError("The store is in use by another program.")

    monkeypatch.setattr(type(store.datasets), "all", busy)
    assert kept_datasets._listed_or_last(BERT) == []
    assert [one.id for one in kept_datasets._listed_or_last(ANNE)] == [own.saved.id]


def test_while_the_store_cannot_be_asked_the_view_stays(browser, store, monkeypatch):  # noqa: F811
    kept(browser, uploaded(browser, of_sites("North")))
    loading.forget(browser)
    app = opened("overview")
    assert "12 of 12" in words(app)

    def busy(*asked):
        raise StoreError("The store is in use by another program.")

    monkeypatch.setattr(type(store.datasets), "all", busy)
    app.run()
    assert not app.exception and "12 of 12" in words(app)


# --- on the page -------------------------------------------------------------------------------------


def test_an_upload_is_kept_by_a_click_and_the_next_one_is_offered_as_its_version(browser):  # noqa: F811
    app = shown(uploaded(browser, of_sites("North", "South")))
    press(app, "Keep")
    assert "needs a name" in app.error[0].value
    next(one for one in app.text_input if one.label == "Name of the dataset").set_value("Clinic")
    app = press(app, "Keep")
    assert not app.exception and "Kept as Clinic, version 1" in app.success[0].value
    assert "Version 1, the only one, kept on" in words(app) and "by this computer" in words(app)
    app = shown(uploaded(browser, of_sites("Centre", "North", "South", after=9)))
    assert "look like those of Clinic" in words(app)
    assert next(one for one in app.selectbox if one.label == "Keep as").options[0] == "Version 2 of Clinic"
    app = press(app, "Keep")
    assert "Kept as Clinic, version 2" in app.success[0].value
    assert [one.of.number for one in kept_datasets.offered(LOCAL)] == [2]


def test_keeping_changes_nothing_of_what_is_seen(browser):  # noqa: F811
    upload = uploaded(browser, of_sites("North", "South"))
    begun = questions.start_view(upload.shape)
    view = canonical(replace(begun, measure="remission", filters=((begun.by, (1,)),)))
    app = opened("data", **encode_view(view, upload.shape))
    next(one for one in app.text_input if one.label == "Name of the dataset").set_value("Clinic")
    app = press(app, "Keep")
    (found,) = kept_datasets.offered(LOCAL)
    address = {key: app.query_params[key] for key in app.query_params}
    assert decode_view(address, [found.shape]) == replace(view, dataset=found.short)


def test_a_version_of_other_files_starts_with_its_own_view(browser):  # noqa: F811
    upload, other = uploaded(browser, of_sites("North", "South")), uploaded("another", of_sites("North"))
    assert upload.shape.is_like(replace(upload.shape, key="k" * 64)) and not upload.shape.is_like(other.shape)


def test_view_and_notes_go_along_to_what_is_kept_where_they_name_the_same(browser, monkeypatch):  # noqa: F811
    upload = uploaded(browser, of_sites("North"))
    by, north = place(upload, "North")
    dataset_notes.keep_cohort(upload, "Northerners", ((by, (north,)),))
    view, shown_with = questions.start_view(upload.shape), []
    monkeypatch.setattr(intake, "go_to", lambda dataset, carried: shown_with.append((dataset, carried)))
    same = kept(browser, upload)
    wider = kept("another", uploaded("another", of_sites("North", "South")), "Another")
    for one in (same, wider):
        kept_panels._kept(upload, one, view, is_new=True)
    assert shown_with == [(same, view), (wider, None)]
    assert dataset_notes.cohorts(same) == {"Northerners": ((by, (north,)),)}


def test_a_load_by_recipe_offers_the_next_version_with_what_changed(browser):  # noqa: F811
    first = uploaded(browser, of_sites("North"))
    recipe_box.save(browser, first, "Monthly", None)
    (offer,) = recipe_box.offers(browser, uploaded(browser, of_sites("North", after=9)))
    read = recipe_box.replay(browser, loading.uploads(browser)[0], offer, [], lambda doing, done: None)
    made = kept(browser, read)
    upload = uploaded(browser, of_sites("North", n=14))
    again = recipe_box.replay(browser, upload, recipe_box.offers(browser, upload)[0], [], lambda doing, done: None)
    assert kept_datasets.fitting(browser, again, LOCAL) == [made]
    app = shown(again)
    assert "What is new against Clinic, version 1" in [one.label for one in app.expander]
    assert "4 scores are new" in words(app) or "4 new" in words(app)


def test_an_older_version_says_so_loudly_and_leads_to_the_latest(browser):  # noqa: F811
    first = kept(browser, uploaded(browser, of_sites("North", n=12)))
    kept(browser, uploaded(browser, of_sites("North", n=15)), into=first)
    loading.forget(browser)
    (latest,) = kept_datasets.offered(LOCAL)
    view = questions.start_view(latest.shape)
    app = opened("overview", **encode_view(view, latest.shape))
    assert "15 of 15" in words(app) and not app.warning
    app = opened("overview", **encode_view(replace(view, dataset=first.short), first.shape))
    assert "12 of 12" in words(app) and "not the latest: version 2" in app.warning[0].value
    app = press(app, "Open the latest version")
    assert "15 of 15" in words(app) and not app.warning


@pytest.mark.parametrize(("latest_at", "says"), [
    ("2026-03-01T23:59:59", "was kept later the same day."), ("2026-03-02T00:00:00", "was kept on 2 March 2026.")])
def test_a_later_version_of_the_same_day_is_not_told_as_another_day(latest_at, says):
    assert kept_words.not_latest(1, "2026-03-01T08:00:00", 2, latest_at).endswith(says)


def test_deleting_asks_once_says_what_goes_and_leaves_nothing(browser, store):  # noqa: F811
    first = kept(browser, uploaded(browser, of_sites("North")))
    second = kept(browser, uploaded(browser, of_sites("North", n=15)), into=first)
    loading.forget(browser)
    app = press(opened("data"), "Delete this version")
    assert re.search(r"version 2 goes for good.*Version 1 becomes the latest", app.warning[0].value)
    assert len(kept_datasets.versions(first, LOCAL)) == 2, "it asked first"
    app = press(app, "Leave it")
    app = press(press(app, "Delete this version"), "Delete for good")
    assert not app.exception and "Clinic, version 2 was deleted" in app.success[0].value
    assert [one.of.number for one in kept_datasets.offered(LOCAL)] == [1]
    app = press(press(opened("data"), "Delete this dataset"), "Delete for good")
    assert kept_datasets.offered(LOCAL) == () and not list(Path(store.folder).rglob("*.parquet"))
    assert not {first.of.content_hash, second.of.content_hash} & set(loading._kept_tables._answers), "nor in memory"
    assert not {first.key, second.key} & {held[0] for held in loading._shared_answers._answers}


@pytest.mark.parametrize(("trouble", "status", "says"), [
    (None, 200, ""), (None, 404, "not available"),
    (GoneError("version"), 410, "was deleted since"), (StoreError("The disk failed."), 503, "failed")])
def test_a_download_of_what_was_deleted_since_is_a_sentence(browser, monkeypatch, trouble, status, says):  # noqa: F811
    dataset = kept(browser, uploaded(browser, of_sites("North")))
    address = loading.export_address(browser, "rows.csv", lambda: b"%d" % len(dataset.tables.assessments), key=("n",))
    if status == 404:
        # By somebody else, in another browser; what was made ready held the rows already.
        assert kept_datasets.changed(
            lambda: recipe_box.store().datasets.delete(dataset.saved.id, LOCAL), gone=[dataset]) == ""
    elif trouble is not None:
        loading._kept_tables.forget(lambda held: True)
        monkeypatch.setattr(type(recipe_box.store().datasets), "frames", lambda *asked: _raise(trouble))
    monkeypatch.setattr(server, "browser_name", lambda cookies: browser)
    monkeypatch.setattr(visitors, "request_visitor", lambda cookies: LOCAL)
    answer = server._export(SimpleNamespace(cookies={}, path_params={
        "token": address.split("/")[-2], "file_name": "rows.csv"}))
    assert answer.status_code == status and says in answer.body.decode()
    assert answer.headers["Cache-Control"] == "no-store"


def _raise(trouble):
    raise trouble


def test_another_dataset_is_shown_to_the_same_audience(browser, monkeypatch):  # noqa: F811
    dataset, asked = kept(browser, uploaded(browser, of_sites("North"))), []
    monkeypatch.setattr(state, "view", lambda: View("another", None, audience="board"))
    monkeypatch.setattr(state, "start_over", lambda *how: asked.append(how))
    intake.go_to(dataset)
    assert asked == [(dataset.short, "board", None)]


def test_a_director_sets_how_long_versions_stay_and_reads_the_log(browser, monkeypatch):  # noqa: F811
    first = kept(browser, uploaded(browser, of_sites("North")))
    second = kept(browser, uploaded(browser, of_sites("North", n=15)), into=first)
    app = at_the_log(monkeypatch, LOCAL)
    assert "stay until somebody deletes them" in words(app) and "kept a dataset" in words(app)
    app.number_input(key="retention.days").set_value(30)
    app = press(app, "Set")
    assert "older than 30 days go for good now" in app.warning[0].value, "a slip deletes nothing"
    assert press(app, "Leave it").warning.len == 0 and recipe_box.store().datasets.retention() is None
    app = press(press(app, "Set"), "Set, and delete for good")
    assert not app.exception and "Set. 0 versions were deleted." in app.success[0].value
    assert "older than 30 days" in words(app) and "set retention" in words(app)
    assert recipe_box.store().datasets.retention() == 30
    assert [one.of.id for one in kept_datasets.versions(first, LOCAL)] == [second.of.id, first.of.id]
    app.number_input(key="retention.days").set_value(29)
    assert press(app, "Set").warning.len == 1, "a day less may delete what stayed before"
    app.number_input(key="retention.days").set_value(30)
    app = press(press(app, "Leave it"), "Set")
    assert app.warning.len == 0 and "Set. 0 versions" in app.success[0].value, "as long as before deletes nothing new"
    app = at_the_log(monkeypatch, ANNE)
    assert "kept a dataset" not in words(app) and not [one for one in app.button if one.label == "Set"]


def test_the_log_names_who_set_the_days_and_that_the_program_deleted(browser, store, monkeypatch):  # noqa: F811
    first, second = two_versions(browser)
    monkeypatch.setattr(visitors, "visitor", lambda: DORA)
    store.database.now = lambda: "2200-01-01T12:34:56+00:00"
    audit_panels._set(30)
    assert [(one.who, one.action) for one in store.audit.entries(DORA, 2)] == [
        ("this program", "applied retention"), ("Dora", "set retention")]
    assert [one.of.id for one in kept_datasets.versions(first, LOCAL)] == [second.of.id]
    assert "2200-01-01 12:34:56" in words(at_the_log(monkeypatch, DORA))


def at_the_log(monkeypatch, person):
    """The Data page of a person with the log open: a fold opens in a browser alone."""
    monkeypatch.setattr(visitors, "visitor", lambda: person)
    monkeypatch.setattr(audit_panels.st, "expander", lambda *asked, **how: _Open())
    monkeypatch.setattr(intake, "step_body", lambda *asked: _Open())
    return opened("data")


class _Open:
    open = True

    def __enter__(self):
        return self

    def __exit__(self, *asked):
        return None


# --- what was said, by names -------------------------------------------------------------------------


def two_versions(name, sites=("Centre", "North", "South")):
    """A kept dataset of North and South, and its next version, in which the places of the sites are others."""
    first = kept(name, uploaded(name, of_sites("North", "South")))
    return first, kept(name, uploaded(name, of_sites(*sites)), into=first)


def of_inside(dataset):
    return questions.Question(dataset, View(dataset.short, "phq9", by=0))


def place(dataset, value, attribute="site"):
    where = [name for name, _ in dataset.shape.attributes].index(attribute)
    return where, dataset.shape.attributes[where][1].index(value)


def test_what_was_said_of_one_version_means_the_same_in_the_next(browser):  # noqa: F811
    first, second = two_versions(browser)
    (by, south), (_, moved) = place(first, "South"), place(second, "South")
    assert south != moved, "else the test shows nothing"
    dataset_notes.keep_cohort(first, "Southerners", ((by, (south, None)),))
    dataset_notes.declare_primary(first, f"{(by, (), ((by, (south,)),), ())}|phq9|response")
    dataset_notes.keep_change(first, "2025", "Another scale")
    question, later = of_inside(first), of_inside(second)
    deck.put(question, [replace(deck.of_view(question, "strata", "response", [by]), filters=((by, (south,)),),
                                title="Ours", sides=(((by, (0,)),), ((by, (south,)),)))])
    assert dataset_notes.cohorts(second) == {"Southerners": ((by, (moved, None)),)}
    assert dataset_notes.primary(second) == f"{(by, (), ((by, (moved,)),), ())}|phq9|response"
    assert dataset_notes.changes(second) == dataset_notes.changes(first) != ()
    (item,) = deck.items(later)
    north = place(second, "North")[1]
    assert (item.filters, item.sides, item.title) == (
        ((by, (moved,)),), (((by, (north,)),), ((by, (moved,)),)), "Ours")
    assert deck.items(question)[0].filters == ((by, (south,)),)
    assert dataset_notes.lacks(second) == ()
    assert "South" not in repr(recipe_box.store().notes(first.of.facts["key"])), "nothing under the key of the files"


def test_what_a_version_lacks_is_said_and_stays_with_the_others(browser):  # noqa: F811
    first, second = two_versions(browser, ("Centre", "North"))
    by, south = place(first, "South")
    dataset_notes.keep_cohort(first, "Southerners", ((by, (0, south)),))
    dataset_notes.declare_primary(first, f"{(by, ((by, (south,)),), (), ())}|phq9|response")
    question, later = of_inside(first), of_inside(second)
    deck.put(question, [replace(deck.of_view(question, "flow"), filters=((by, (south,)),)),
                        deck.of_view(question, "headline")])
    assert dataset_notes.cohorts(second) == {} and dataset_notes.primary(second) is None
    assert [one.kind for one in deck.items(later)] == ["headline"]
    assert {(one.kind, one.name, one.lacking, one.n_hidden) for one in dataset_notes.lacks(second)} == {
        (kind, name, (("site", "South"),), 1)
        for kind, name in (("cohort", "Southerners"), ("primary", ""), ("deck", "inside"))}
    deck.add(later, deck.of_view(later, "severity"))
    assert [one.kind for one in deck.items(question)] == ["headline", "severity", "flow"], "nothing was lost"
    deck.put(later, ())
    assert [one.kind for one in deck.items(question)] == ["flow"]
    loading.forget(browser)
    text = words(opened("data"))
    assert "The cohort Southerners cannot be shown of this version, which has no South of site." in text
    assert "1 exhibit of the deck for the inside is not shown: this version has no South of site." in text
    dataset_notes.forget_what_lacks(second)
    assert dataset_notes.lacks(second) == () == deck.items(question) and dataset_notes.cohorts(first) == {}


def test_of_a_deck_goes_what_the_version_lacks_and_no_more(browser):  # noqa: F811
    first, second = two_versions(browser, ("Centre", "North"))
    by, south = place(first, "South")
    question, later = of_inside(first), of_inside(second)
    deck.put(question, [replace(deck.of_view(question, "flow"), filters=((by, (south,)),)),
                        deck.of_view(question, "headline")])
    dataset_notes.keep_cohort(first, "Northerners", ((by, (place(first, "North")[1],)),))
    dataset_notes.forget_what_lacks(second)
    assert [one.kind for one in deck.items(later)] == [one.kind for one in deck.items(question)] == ["headline"]
    assert list(dataset_notes.cohorts(second)) == ["Northerners"] and dataset_notes.lacks(second) == ()


def test_what_could_not_be_kept_is_newer_than_what_is_and_can_be_dropped(browser, store, monkeypatch):  # noqa: F811
    upload = uploaded(browser, of_sites("North", "South"))
    by, south = place(upload, "South")
    dataset_notes.keep_cohort(upload, "Mine", ((by, (0,)),))

    def full(*asked):
        raise StoreError("The disk of the store's folder is full; nothing was saved.")

    with monkeypatch.context() as trouble:
        trouble.setattr(type(store), "keep_note", full)
        dataset_notes.keep_cohort(upload, "Mine", ((by, (south,)),))
        assert dataset_notes.cohorts(upload) == {"Mine": ((by, (south,)),)}
    dataset_notes.drop_cohort(upload, "Mine")
    assert dataset_notes.cohorts(upload) == {}


def test_filters_stand_in_the_order_of_places_whatever_the_order_of_names():
    named = [["site", ["South", None, "North"]], ["Sex", ["F"]]]
    shape = Shape("k", (("Sex", ("F", "M")), ("site", ("North", "South"))))
    assert note_names.filters_by_places(named, shape).found == ((0, (0,)), (1, (0, 1, None)))
    turned = Shape("k", (("site", ("South", "North")), ("Sex", ("M", "F"))))
    assert note_names.filters_by_places(named, turned).found == ((0, (0, 1, None)), (1, (1,)))
    assert note_names.filters_by_names(((0, (0,)), (1, (1, None))), shape) == [
        ["Sex", ["F"]], ["site", ["South", None]]]


def test_outside_it_is_said_that_a_deck_is_not_whole_and_no_value_is_named(browser, monkeypatch):  # noqa: F811
    first, second = two_versions(browser, ("Centre", "North"))
    by, south = place(first, "South")
    board = questions.Question(first, replace(of_inside(first).view, audience="board"))
    deck.put(board, [replace(deck.of_view(board, "flow"), filters=((by, (south,)),))])
    told = []
    monkeypatch.setattr(dataset_notes_panel.widgets, "hint", told.append)
    for audience in ("inside", "board", "public"):
        dataset_notes_panel.hidden(
            questions.Question(second, replace(of_inside(second).view, audience=audience)), "deck")
    (sentence,) = told
    assert sentence.startswith("1 exhibit of the deck cannot be shown") and "South" not in sentence


def test_what_was_said_of_an_upload_is_said_of_what_is_kept(browser):  # noqa: F811
    upload = uploaded(browser, of_sites("North", "South"))
    by, south = place(upload, "South")
    dataset_notes.keep_cohort(upload, "Southerners", ((by, (south,)),))
    made = kept(browser, upload)
    dataset_notes.keep_cohort(made, "Northerners", ((by, (0,)),))
    dataset_notes.take_over(upload, made)
    assert dataset_notes.cohorts(made) == {"Southerners": ((by, (south,)),), "Northerners": ((by, (0,)),)}
    dataset_notes.drop_cohort(made, "Southerners")
    assert dataset_notes.cohorts(upload) == {"Southerners": ((by, (south,)),)}, "what was said before stays readable"
    dataset_notes.keep_cohort(made, "Southerners", ((by, (0,)),))
    dataset_notes.take_over(upload, made)
    assert dataset_notes.cohorts(made)["Southerners"] == ((by, (0,)),), "what was said later counts"


def test_what_goes_along_means_the_same_where_the_lists_are_others(browser):  # noqa: F811
    upload = uploaded(browser, of_sites("North", "South"))
    by, south = place(upload, "South")
    made = kept(browser, uploaded(browser, of_sites("Centre", "North", "South")))
    dataset_notes.keep_cohort(upload, "Southerners", ((by, (south,)),))
    dataset_notes.take_over(upload, made)
    assert dataset_notes.cohorts(made)["Southerners"] == ((by, (place(made, "South")[1],)),)


def test_a_note_of_another_version_of_the_product_is_passed_over(browser, store):  # noqa: F811
    made = kept(browser, uploaded(browser, of_sites("North")))
    for name, value in (("cohort.x", [["site"]]), ("primary", "1|phq9|response"), ("deck.inside", [{"kind": 1}])):
        store.keep_note(made.notes_key, name, value)
    assert dataset_notes.cohorts(made) == {} and dataset_notes.primary(made) is None
    assert dataset_notes.deck(made, "inside") == [] and dataset_notes.lacks(made) == ()


def test_a_page_asks_the_store_for_its_notes_once(browser, store, monkeypatch):  # noqa: F811
    kept(browser, uploaded(browser, of_sites("North", "South")))
    loading.forget(browser)
    asked = []
    for of, name in ((type(store), "notes"), (type(store.datasets), "all")):
        plain = getattr(of, name)
        monkeypatch.setattr(of, name, lambda self, *args, plain=plain, name=name, **how: asked.append(
            (name, *args[:1])) or plain(self, *args, **how))
    app = opened("compare")
    assert not app.exception
    assert len(asked) == len(set(map(repr, asked))) == 3, "datasets, what was said of this one, and saved rules"


def test_what_is_put_into_the_deck_is_in_it_in_the_same_run(browser):  # noqa: F811
    kept(browser, uploaded(browser, of_sites("North", "South")))
    loading.forget(browser)
    app = next(one for one in opened("overview").button if one.key == "deck.add.headline").click().run()
    assert next(one for one in app.button if one.key == "deck.add.headline").label == IN_DECK


# --- names -------------------------------------------------------------------------------------------


def test_labels_are_told_apart_and_all_versions_are_one_dataset_to_the_public(browser, monkeypatch):  # noqa: F811
    first, second = two_versions(browser)
    monkeypatch.setattr(state, "wanted", lambda: frozenset({first.short}))
    there = loading.datasets(browser)
    inside, public = dataset_names.names("inside"), dataset_names.names("public")
    assert len(set(inside.values())) == len(there) == 5 and inside[second.short] == "Clinic, version 2"
    assert sorted(one for one in inside.values() if one.startswith("scores")) == ["scores.csv", "scores.csv (2)"]
    assert public[second.short] == "The clinic's data, 1"
    assert public[first.short] == "Version 1 of The clinic's data, 1 (not the latest)"
    assert "Clinic" not in repr(public)
    assert dataset_names.long_name(second).startswith("Clinic, version 2, ")


# --- saved rules -------------------------------------------------------------------------------------


def test_rules_are_saved_under_a_name_and_chosen_again(browser):  # noqa: F811
    rule_sets_panel.save("Strict", View(None, None, "induction", (("gap_days", "45"), ("phq9.caseness", "8"))))
    app = opened("overview")
    box = next(one for one in app.selectbox if one.label == "Saved rules")
    assert box.options == ["none of mine", "Strict"]
    app = box.set_value("Strict").run()
    assert not app.exception and app.query_params["r"] == "induction"
    assert "gap_days:45" in app.query_params["s"] and "phq9.caseness:8" in app.query_params["s"]
    app = press(app, "Forget these saved rules")
    assert "Saved rules" not in [one.label for one in app.selectbox]
    assert "gap_days:45" in app.query_params["s"], "the view keeps its rules"


def test_saved_rules_belong_to_a_person_and_those_of_another_version_are_passed_over(store, monkeypatch):
    rule_sets_panel.save("Plain", View(None, None, "clinic", ()))
    store.keep_note("rules", "Odd", {"preset": "clinic", "settings": [["no_such_rule", "1"]]})
    store.keep_note("rules", "Odder", ["clinic"])
    assert list(rule_sets_panel.saved()) == ["Plain"]
    assert rule_sets_panel.name_of(View("x", "phq9", "clinic")) == "Plain"
    monkeypatch.setattr(visitors, "visitor", lambda: ANNE)
    assert rule_sets_panel.saved() == {}
    assert recipe_box.owner_of("any browser") == "anne"
