"""Links to a kept dataset: pinned or following, and what its versions and links told before."""

from __future__ import annotations

import json

import pytest

from analytics.access import LOCAL, Person
from analytics.app import kept_datasets, loading, recipe_box, share_desk, share_making, state
from analytics.app import told as told_so_far
from analytics.app.kept_datasets import Keeping
from analytics.app.questions import Question
from analytics.app.share_making import Asked
from analytics.app.view import View
from analytics.store.share_following import ShareRefusedError
from tests.app.test_pages import browser  # noqa: F401
from tests.app.test_share_content import is_kept, lines, told

LATER = "2099-01-01T00:00:00+00:00"


def kept(name, more=(), into=None):
    rows = [*lines("North", 0, 60), *lines("South", 0, 60), *more]
    text = "\n".join(["patient_id,day,phq9,site,sex", *rows]) + "\n"
    read = loading.upload(name, [("scores.csv", text.encode())])
    return read, kept_datasets.keep(name, read, Keeping("Clinic", into and into.saved.id), LOCAL)


def question(dataset):
    return Question(dataset, View(dataset.short, "phq9", "first_last", audience="board"))


def linked(dataset, *, follows=True):
    return share_making.make(question(dataset), Asked("June", (), follows, LATER), LOCAL).share


def screens(share):
    """The whole clinic's headline, and the table by site."""
    payload = json.loads(recipe_box.store().shares.render(share.id).payload)
    slides = payload["cohorts"][0]["slides"]
    return payload, slides[0], next(one for one in slides if "site" in one["title"] or "By group" in one["title"])


@pytest.fixture
def first(browser):  # noqa: F811
    """The upload and its first version; what this browser showed is forgotten."""
    found = kept(browser)
    yield found
    loading.forget_told(state.browser(), "board")
    recipe_box.store().datasets.delete(found[1].saved.id, LOCAL)


def test_a_following_link_is_made_anew_from_the_next_version(browser, first):  # noqa: F811
    _, dataset = first
    share = linked(dataset)
    assert (share.dataset_id, share.version_id) == (dataset.saved.id, None)
    payload, headline, by_site = screens(share)
    assert payload["version"]["number"] == 1 and not is_kept(headline) and told(by_site)["North"] == (30, 60)
    _, later = kept(browser, lines("North", 500, 16), dataset)
    share_desk.make_newest(share.id, later.of.id)
    payload, headline, by_site = screens(share)
    assert payload["version"]["number"] == 2 and payload["notices"]
    assert not is_kept(headline) and is_kept(by_site) and "another state of the data" in by_site["html"]


def test_a_link_of_somebody_with_sites_follows_these_alone(browser, first):  # noqa: F811
    limited = Person("nora", "Nora", "presenter", frozenset({"North"}))
    asked = question(kept_datasets.dataset_of_version(first[1].of.id, limited))
    share = share_making.make(asked, Asked("June", (), True, LATER), limited).share
    _, later = kept(browser, [*lines("North", 500, 40), *lines("South", 500, 40), *lines("West", 0, 40)], first[1])
    for version, said in ((first[1], "30 of 60"), (later, "50 of 100")):
        share_desk.make_newest(share.id, version.of.id)
        payload = json.loads(recipe_box.store().shares.render(share.id).payload)
        headline = payload["cohorts"][0]["slides"][0]["html"]
        assert said in headline and "South" not in json.dumps(payload) and "West" not in json.dumps(payload)


def test_a_version_that_differs_by_one_course_is_not_shown_by_another_link(browser, first):  # noqa: F811
    _, dataset = first
    linked(dataset, follows=False)
    _, later = kept(browser, lines("North", 500, 1), dataset)
    # As by another browser, which showed nothing: what links told is known all the same.
    loading.forget_told(state.browser(), "board")
    other = linked(later, follows=False)
    assert other.version_id == later.of.id
    _, headline, _ = screens(other)
    assert is_kept(headline) and "fewer than 11" in headline["html"]


def test_what_a_deleted_version_showed_hides_nothing_that_a_later_one_showed(browser, first):  # noqa: F811
    _, dataset = first
    share = linked(dataset)
    _, later = kept(browser, lines("North", 500, 30), dataset)
    share_desk.make_newest(share.id, later.of.id)
    assert [of.of.number for _, of in share_making.before(later, "board", LOCAL)] == [1, 2]
    recipe_box.store().datasets.delete_version(dataset.of.id, LOCAL)
    assert [of.of.number for _, of in share_making.before(later, "board", LOCAL)] == [2]


def test_a_link_without_kept_data_is_not_made_anew(browser, first):  # noqa: F811
    upload, dataset = first
    share = linked(upload, follows=False)
    before = recipe_box.store().shares.render(share.id)
    for id in (share.id, "none"):
        with pytest.raises(ShareRefusedError):
            share_desk.make_newest(id, dataset.of.id)
    assert recipe_box.store().shares.render(share.id) == before
    recipe_box.store().shares.revoke(share.id, LOCAL)


def test_links_made_before_the_data_were_kept_count_too(browser, first):  # noqa: F811
    upload, dataset = first
    share = linked(upload, follows=False)
    assert share.dataset_id is None and share_making.before(dataset, "board", LOCAL) == [(share.content, dataset)]
    recipe_box.store().shares.revoke(share.id, LOCAL)
    kept_one = linked(dataset)
    assert share_making.before(upload, "board", LOCAL) == [(kept_one.content, dataset)]
    assert share_making.before(upload, "public", LOCAL) == []


def test_what_the_room_saw_counts_for_the_link_and_the_other_way_round(browser, first):  # noqa: F811
    _, dataset = first
    book, asked = told_so_far.book("board"), question(dataset)
    assert book.show(asked) is None
    linked(dataset)
    assert book.names == ("All courses",)
    _, later = kept(browser, lines("North", 500, 1), dataset)
    assert "fewer than 11" in (book.show(question(later)) or "")
