"""What a link shows: names that outlive a version, words where something is missing, nothing to be set off against."""

from __future__ import annotations

import json
import re
import threading
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

import pytest

from analytics.app import dataset_notes, deck, share_content, told_across
from analytics.app.datasets import made, source_file
from analytics.app.deck import Item
from analytics.app.questions import Question
from analytics.app.view import View
from analytics.ingest.load import open_files
from analytics.ingest.read import Source

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
SIZES = (("North", 60), ("South", 60), ("West", 40))


def lines(site, first, n, better=2):
    """Patients of one site: every second, or every n-th, responds; numbered, so that a later version adds to them."""
    return [f"{site}{place},{day},{score},{site},{'F' if place % 3 else 'M'}"
            for place in range(first, first + n)
            for day, score in ((0, 20), (30, 8 if place % better == 0 else 15))]


@cache
def clinic(more=(), header="patient_id,day,phq9,site,sex", sizes=SIZES):
    """A clinic of three sites, and as many more patients at some of them as asked for."""
    found = [line for site, n in sizes for line in lines(site, 0, n)]
    found += [line for site, n in more for line in lines(site, 500, n)]
    return of_text("\n".join([header, *found]) + "\n")


def of_text(text):
    content = text.encode()
    opened = open_files([Source("scores.csv", content)])
    mapping = {"clinician": "attribute"} if "clinician" in text else None
    return made(opened, [source_file("scores.csv", content)], mapping, "command_line")


def item(kind, by=(), where=(), **more):
    return {"kind": kind, "instrument": "phq9", "measure": None, "by": list(by),
            "filters": [list(one) for one in where], "title": "", "comment": "", "options": [], "sides": [],
            "side_names": []} | more


ITEMS = (item("headline"), item("strata", ["site"]), item("strata", ["sex"]))


def content(items=ITEMS, cohorts=(), **more):
    return {"title": "June", "audience": "board", "instrument": "phq9", "preset": "first_last", "settings": [],
            "items": list(items), "dataset_key": "x", "sites": None,
            "cohorts": [{"name": "All courses", "where": {}},
                        *({"name": name, "where": where} for name, where in cohorts)]} | more


def shown(asked, dataset, before=()):
    return json.loads(share_content.payload_of(asked, dataset, before, now=NOW))


def slides(asked, dataset, before=(), cohort=0):
    return shown(asked, dataset, before)["cohorts"][cohort]["slides"]


def is_kept(slide):
    return "stage empty" in slide["html"]


def why(slide):
    return re.search(r'stage-reading">(.*?)</p>', slide["html"])[1]


def told(slide):
    """Name of each row, and the two numbers of its rate: 30 of 60."""
    found = re.findall(r'class="name"[^>]*>([^<]*)</span>.*?class="value">(.*?)</span>', slide["html"])
    numbers = {name: re.search(r"(\d+) of (\d+)", text) for name, text in found}
    return {name: (int(one[1]), int(one[2])) for name, one in numbers.items() if one}


# --- the payload -------------------------------------------------------------------------------------


def test_it_is_made_without_a_session_and_says_where_it_comes_from():
    found = []
    thread = threading.Thread(target=lambda: found.append(shown(content(), clinic())))
    thread.start()
    thread.join()
    (payload,) = found
    assert set(payload) == {"schema", "title", "audience", "as_of", "version", "definition", "made_at", "rules",
                            "is_sample", "cohorts", "notices"}
    assert (payload["schema"], payload["title"], payload["audience"]) == ("share/1", "June", "board")
    assert payload["made_at"] == "2026-06-01T09:00:00+00:00" and payload["version"] is None
    assert payload["rules"] and payload["as_of"].startswith("as of") and payload["notices"] == []
    headline, by_site, _ = payload["cohorts"][0]["slides"]
    assert set(headline) == {"title", "html", "parts"}
    assert by_site["parts"] == ["North", "South", "West"]
    assert told(by_site) == {"North": (30, 60), "South": (30, 60), "West": (20, 40)}
    assert "For the board, confidential" in by_site["html"] and "scores.csv" not in json.dumps(payload)


def test_the_same_again_is_the_same_whatever_of_it_was_shown():
    first = shown(content(), clinic())
    assert shown(content(), clinic(), [(content(), clinic())]) == first
    assert shown(content(), clinic(), [(content(title="May"), clinic())] * 2) == first


def test_every_part_stands_in_the_slide_by_its_place():
    for kind in (item("headline"), item("flow"), item("severity"), item("strata", ["site"]), item("trend"),
                 item("course")):
        (slide,) = slides(content([kind]), clinic())
        assert {int(one) for one in re.findall(r'data-part="(\d+)"', slide["html"])} <= set(range(len(slide["parts"])))
        assert slide["parts"] or is_kept(slide) or 'class="stage-chart' not in slide["html"]


def test_words_of_a_person_are_shown_and_inert():
    one = item("strata", ["site"], title="<b>Sites</b>", comment="Ask <i>me</i>")
    (slide,) = slides(content([one]), clinic())
    assert slide["title"] == "<b>Sites</b>"
    assert "&lt;b&gt;Sites" in slide["html"] and "<b>Sites" not in slide["html"] and "<i>me" not in slide["html"]


def test_nothing_is_made_for_the_inside():
    with pytest.raises(ValueError, match="for the board or for the public"):
        shown(content(audience="inside"), clinic())


def test_the_public_hears_why_there_is_nothing_yet():
    small = clinic(sizes=(("North", 20),))
    payload = shown(content(audience="public"), small)
    assert all(is_kept(one) for one in payload["cohorts"][0]["slides"])
    assert "Not for the public yet" in why(payload["cohorts"][0]["slides"][0])
    assert payload["notices"] == ["3 of 3 screens not shown; each says why."]


def test_definitions_are_told_by_name_and_not_by_place_in_memory(monkeypatch):
    first = share_content.definition()
    assert re.fullmatch("[0-9a-f]{16}", first) and share_content.definition.__wrapped__() == first
    phq9 = share_content.BUILT_IN["phq9"]
    monkeypatch.setitem(share_content.BUILT_IN, "phq9", replace(
        phq9, remission=replace(phq9.remission, value=phq9.remission.value + 1)))
    assert share_content.definition.__wrapped__() != first
    assert share_content._plain(len) == "len"


# --- names -------------------------------------------------------------------------------------------


def test_a_new_site_moves_no_cohort_and_no_filter():
    cohort = [("North", {"site": ["North"]})]
    asked = content([item("headline"), item("card", where=[["site", ["South"]]])], cohort)
    before = shown(asked, clinic())
    after = shown(asked, clinic((("Aaa", 30),)))
    for cohort, place in ((1, 0), (0, 1)):
        one, other = (found["cohorts"][cohort]["slides"][place]["html"] for found in (before, after))
        assert told({"html": one}) == told({"html": other}) != {}


@pytest.mark.parametrize(("header", "one", "says"), [
    ("patient_id,day,phq9,branch,sex", item("strata", ["site"]), "no site"),
    ("patient_id,day,phq9,branch,sex", item("headline", where=[["site", ["North"]]]), "no site"),
    ("patient_id,day,phq9,site,sex", item("headline", where=[["site", ["North", "East"]]]), "a value of site"),
    ("patient_id,day,gad7,site,sex", item("headline"), "no scores of PHQ-9"),
    ("patient_id,day,phq9,site,sex", item("pie"), "does not know"),
    ("patient_id,day,phq9,site,sex", item("headline", options=[["axis", "moon"]]), "does not know"),
    ("patient_id,day,phq9,site,sex", item("headline", measure="luck"), "does not know"),
    ("patient_id,day,phq9,site,sex", item("headline", sides="x"), "does not know"),
])
def test_what_a_version_lacks_is_said_on_its_slide(header, one, says):
    found = slides(content([one, item("headline")]), clinic(header=header))
    assert is_kept(found[0]) and says in why(found[0]) and len(found) == 2
    assert found[0]["parts"] == [] and found[0]["title"].endswith("not shown")


def test_a_missing_value_is_not_named():
    (slide,) = slides(content([item("headline", where=[["site", ["Dr. Ann Walker"]]])]), clinic())
    assert is_kept(slide) and "Walker" not in slide["html"]


def test_a_cohort_narrows_an_item_and_never_widens_it():
    both = content([item("card", where=[["site", ["North", "South"]]])],
                   [("North and West", {"site": ["North", "West"]}), ("West", {"site": ["West"]})])
    first, second, third = (one["slides"][0] for one in shown(both, clinic())["cohorts"])
    assert told(first) == {"Response": (60, 120)} and told(second) == {"Response": (30, 60)}
    assert is_kept(third) and "another site" in why(third)


def test_who_treats_is_not_told():
    dataset = clinic(header="patient_id,day,phq9,clinician,sex")
    for one in (item("strata", ["clinician"]), item("headline", where=[["clinician", ["North"]]])):
        (slide,) = slides(content([one]), dataset)
        assert is_kept(slide) and "North" not in slide["html"] and "names those who treat" in why(slide)


# --- set off against each other ----------------------------------------------------------------------


@pytest.mark.parametrize(("n", "kept"), [(1, True), (10, True), (11, False), (0, False)])
def test_two_versions_that_differ_by_a_few_courses(n, kept):
    later = clinic((("North", n),))
    asked = content([item("headline")])
    (slide,) = slides(asked, later, [(asked, clinic())])
    assert is_kept(slide) is kept
    assert not kept or "fewer than 11" in why(slide)
    assert not is_kept(slides(asked, later)[0])


def test_a_score_that_was_corrected_is_as_good_as_a_new_course():
    text = "\n".join(["patient_id,day,phq9,site,sex", *lines("North", 0, 60)])
    changed = of_text(text.replace("North7,30,15", "North7,30,2"))
    asked = content([item("headline")])
    (slide,) = slides(asked, changed, [(asked, of_text(text))])
    assert is_kept(slide)


@pytest.mark.parametrize(("more", "is_whole_kept", "are_sites_kept"), [
    ((("North", 6), ("South", 6)), False, True),
    # Half of those that are new respond, and of the rate of a group neither half may be told.
    ((("North", 22),), False, False), ((("North", 21),), False, True), ((("North", 11),), False, True),
    ((("North", 22), ("South", 22)), False, False), ((("North", 22), ("South", 5)), False, True)])
def test_a_table_by_site_tells_nothing_of_the_few_new_courses_of_one(more, is_whole_kept, are_sites_kept):
    asked = content(ITEMS[:2])
    whole, by_site = slides(asked, clinic(more), [(asked, clinic())])
    assert (is_kept(whole), is_kept(by_site)) == (is_whole_kept, are_sites_kept)
    if are_sites_kept:
        assert "another state of the data" in why(by_site)


def test_a_cohort_is_not_set_off_against_a_row_of_the_version_before():
    before = content(ITEMS[:2])
    after = content([item("headline")], [("North", {"site": ["North"]})])
    later = clinic((("North", 6), ("South", 30)))
    whole, north = shown(after, later, [(before, clinic())])["cohorts"]
    assert not is_kept(whole["slides"][0]) and is_kept(north["slides"][0])
    assert not is_kept(shown(after, later)["cohorts"][1]["slides"][0])


def test_what_was_refused_bears_on_nothing_that_comes_later():
    asked = content([item("headline")])
    versions = [clinic(), clinic((("North", 6),)), clinic((("North", 14),))]
    before = [(asked, one) for one in versions]
    assert is_kept(slides(asked, versions[1], before[:1])[0])
    assert not is_kept(slides(asked, versions[2], before[:2])[0])


OVERLAP = [("North and South", {"site": ["North", "South"]})]
SMALL = (("North", 60), ("South", 60), ("East", 30), ("West", 7))


def test_two_links_by_overlapping_cohorts():
    dataset = clinic(sizes=SMALL)
    one = content([item("headline")], [("Without West", {"site": ["North", "South", "East"]})])
    two = content([item("headline")], [("Large", {"site": ["North", "South"]}),
                                       ("With West", {"site": ["North", "South", "West"]})])
    assert [is_kept(cohort["slides"][0]) for cohort in shown(one, dataset)["cohorts"]] == [False, True]
    alone = shown(content([item("headline")], [("A", {"site": ["North", "South", "West"]})]), dataset)
    assert not is_kept(alone["cohorts"][1]["slides"][0])
    after = [is_kept(cohort["slides"][0]) for cohort in shown(two, dataset, [(one, dataset)])["cohorts"]]
    assert after == [False, False, True]


def test_tables_of_two_links_are_audited_together():
    """Of 14 men in the West 7 responded: nobody may subtract the women from all."""
    women, everyone = content([item("strata", ["site"], where=[["sex", ["F"]]])]), content([item("strata", ["site"])])
    first, alone = (told(slides(one, clinic())[0]) for one in (women, everyone))
    beside = told(slides(everyone, clinic(), [(women, clinic())])[0])
    assert "West" in first and "West" in alone and "West" not in beside


def test_other_rules_of_another_link_count_as_another_state():
    text = "\n".join(["patient_id,day,phq9,site,sex", *lines("North", 0, 80), "North3,10,27,North,M"]) + "\n"
    asked, worst = content([item("headline")]), content([item("headline")], settings=[["baseline_pick", "worst"]])
    dataset = of_text(text)
    assert not is_kept(slides(worst, dataset)[0])
    assert is_kept(slides(worst, dataset, [(asked, dataset)])[0])


TWO_WAYS = content([item("headline")]), content([item("headline")], settings=[["baseline_pick", "worst"]])


def corrected():
    """One patient of eighty has a second, worse score before."""
    return of_text("\n".join(["patient_id,day,phq9,site,sex", *lines("North", 0, 80), "North3,10,27,North,M"]) + "\n")


@pytest.mark.parametrize(("one", "two", "dataset"), [
    (*TWO_WAYS, corrected),
    (content([item("strata", ["site"], where=[["sex", ["F"]]])]), content([item("strata", ["site"])]), clinic),
    (content([item("headline")], [("A", {"site": ["North", "South"]})]),
     content([item("headline")], [("B", {"site": ["North", "South", "West"]})]), lambda: clinic(sizes=SMALL)),
], ids=["rules", "items", "cohorts"])
def test_of_links_that_differ_in_one_thing_each_is_gone_through(one, two, dataset):
    """The last one before is the one that is made: what the first told counts all the same."""
    of = dataset()
    before = [(one, of), (two, of)]
    assert shown(two, of, before) == shown(two, of, before[:1]) != shown(two, of)
    assert shown(two, of, [(two, of), (one, of)]) == shown(two, of)


def test_an_attacker_with_all_versions_finds_no_small_count():
    """Every number of every version that is shown, row by row, and every difference of two."""
    asked = content([item("headline"), item("strata", ["site"]), item("strata", ["sex"])],
                    [("North", {"site": ["North"]})])
    more = [(), (("North", 15), ("South", 3)), (("North", 30), ("South", 26), ("West", 2)),
            (("North", 60), ("South", 60), ("West", 50))]
    versions = [clinic(one) for one in more]
    before, seen, n_shown = [], {}, 0
    for version in versions:
        payload = shown(asked, version, before)
        before.append((asked, version))
        for cohort in payload["cohorts"]:
            for place, slide in enumerate(cohort["slides"]):
                n_shown += not is_kept(slide)
                for name, now in told(slide).items():
                    if cohort["name"] != "All courses" or place in (1, 2):
                        seen.setdefault((cohort["name"], place, name), []).append(now)
    assert 12 < n_shown < 24
    for numbers in seen.values():
        for place, (x, n) in enumerate(numbers):
            for before_x, before_n in numbers[:place]:
                differences = (abs(x - before_x), abs(n - before_n), abs(n - before_n - x + before_x))
                assert not any(0 < one < 11 for one in differences)


def test_the_attacker_finds_them_where_nothing_is_gone_through_before():
    asked = content([item("strata", ["site"])])
    one, two = (told(slides(asked, dataset)[0]) for dataset in (clinic(), clinic((("North", 4),))))
    assert two["North"][1] - one["North"][1] == 4


def test_sets_of_states_that_have_nothing_new_are_told(monkeypatch):
    of = Question(clinic(), View(clinic().short, "phq9", "first_last", audience="board")).outcomes
    across = told_across.Across()
    north = (of.courses["site"] == "North").to_numpy(bool)
    few = north.copy()
    few[few.nonzero()[0][3:]] = False
    assert across.tell("one", of, [north, few], 11) and across.tell("two", of, [north, few], 11)


# --- what is kept ------------------------------------------------------------------------------------


@pytest.fixture
def question(monkeypatch):
    dataset = clinic()
    names = [name for name, _ in dataset.shape.attributes]
    site = names.index("site")
    monkeypatch.setattr(dataset_notes, "cohorts", lambda dataset: {"North": ((site, (0,)),), "Women": (
        (names.index("sex"), (0,)),)})
    kept = (Item("strata", "phq9", None, (site,), title="Sites"),
            Item("compare", "phq9", "response", sides=(((site, (0,)),), ((site, (1,)),)),
                 options=(("courses", "first"),)))
    monkeypatch.setattr(deck, "items", lambda question: kept)
    return Question(dataset, View(dataset.short, "phq9", "first_last", audience="board"))


def test_content_holds_names_and_the_chosen_cohorts(question):
    kept = share_content.content_of(question, ["North"], "June", sites={"b", "a"})
    assert json.loads(json.dumps(kept)) == kept
    assert kept["cohorts"] == [{"name": "All courses", "where": {}}, {"name": "North", "where": {"site": ["North"]}}]
    assert kept["items"][0]["by"] == ["site"] and kept["items"][0]["title"] == "Sites"
    assert kept["items"][1]["sides"] == [[["site", ["North"]]], [["site", ["South"]]]]
    assert kept["items"][1]["side_names"] == ["North", "site South"]
    assert kept["sites"] == ["a", "b"] and kept["dataset_key"] == question.dataset.key
    first, second = slides(kept, question.dataset)
    assert first["title"] == "Sites" and "North" in second["title"]


def test_an_empty_deck_is_the_standard_report(question, monkeypatch):
    monkeypatch.setattr(deck, "items", lambda question: ())
    place = [name for name, _ in question.dataset.shape.attributes].index("site")
    filtered = replace(question, view=replace(question.view, filters=((place, (0,)),)))
    kept = share_content.content_of(filtered, [], "June")
    assert {one["kind"] for one in kept["items"]} == set(deck.STANDARD)
    assert all(one["filters"] == [] for one in kept["items"])


def test_as_many_cohorts_as_may_be_stand_beside_all_courses(question):
    kept = share_content.content_of(question, ["North"] * share_content.MOST_COHORTS, "June")
    assert len(kept["cohorts"]) == share_content.MOST_COHORTS + 1


def test_a_cohort_that_went_and_the_inside_are_refused(question):
    with pytest.raises(ValueError, match="no longer kept"):
        share_content.content_of(question, ["West"], "June")
    with pytest.raises(ValueError, match="no longer kept"):
        share_content.content_of(question, ["North"] * (share_content.MOST_COHORTS + 1), "June")
    with pytest.raises(ValueError, match="for the board or for the public"):
        share_content.content_of(replace(question, view=replace(question.view, audience="inside")), [], "June")
