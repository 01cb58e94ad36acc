"""The page of links, and presenting one live, run page by page against the store of the tests."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta

import pytest

from analytics.access import LOCAL, Person
from analytics.app import (
    kept_datasets,
    loading,
    present_live,
    recipe_box,
    share_content,
    share_making,
    share_panels,
)
from analytics.app.kept_datasets import Keeping
from analytics.app.share_making import Asked
from analytics.store import StoreError
from analytics.wording import shares as words
from tests.app.test_audiences import at, shown_to
from tests.app.test_pages import browser, html, opened, scores, uploaded  # noqa: F401
from tests.app.test_pages import words as text_of

LATER = "2099-01-01T00:00:00+00:00"


@pytest.fixture
def shares(browser, monkeypatch):  # noqa: F811
    """The links of the tests' store, none left over; an upload that can be counted."""
    uploaded(browser, scores(*[(20, 8 if place % 3 else 15) for place in range(60)], site="North"))
    store = recipe_box.store().shares
    for one in store.all(LOCAL):
        store.revoke(one.id, LOCAL)
    return store


def links(audience="board"):
    return at(shown_to(opened(), audience), "shares")


def button(app, key):
    return next(one for one in app.button if one.key == key)


def made(app, title="June", **more):
    next(one for one in app.text_input if one.label == "Title").set_value(title)
    for label, value in more.items():
        next(one for one in app.text_input if one.label.startswith(label)).set_value(value)
    button(app, "shares.make").click().run()
    assert not app.exception, app.exception
    return app


def codes(app):
    return [one.value for one in app.code if "/share/" in one.value]


def open_ones(shares):
    return [one for one in shares.all(LOCAL) if one.revoked_at is None]


# --- making ------------------------------------------------------------------------------------------


def test_a_link_is_made_shown_once_listed_and_revoked(shares):
    app = made(links(), Passphrase="correct horse battery")
    (share,) = open_ones(shares)
    (address,) = codes(app)
    token = address.partition("#")[2]
    assert re.fullmatch(rf"http://[^/]+/share/{re.escape(share.id)}#[\w-]{{43}}", address)
    assert share.has_passphrase and share.title == "June" and share.audience == "board"
    assert "shown this once" in text_of(app) and "serves only this computer" in text_of(app)
    payload = json.loads(shares.render(share.id).payload)
    assert payload["title"] == "June" and len(payload["cohorts"][0]["slides"]) >= 5
    assert token not in json.dumps(payload) and not any(one.value for one in app.text_input)
    assert "Open. Nobody there now." in text_of(app) and "Not opened yet" in text_of(app)
    shares.open(share.id, token, "correct horse battery", datetime.now(UTC).isoformat(timespec="seconds"))
    button(app, "shares.have").click().run()
    assert not codes(app) and token not in html(app) and "Opened 1 time" in text_of(app)
    button(app, f"share.revoke.{share.id}").click().run()
    assert open_ones(shares) == [] and "Revoked." in text_of(app) and not app.exception
    assert not [one for one in app.button if one.key and share.id in one.key]


@pytest.mark.parametrize(("more", "says"), [
    ({"title": " "}, words.TITLE_NEEDED), ({"Passphrase": "x" * 9}, words.PASSPHRASE_SHORT)])
def test_what_a_link_lacks_is_said(shares, more, says):
    app = made(links(), **more)
    assert [one.value for one in app.warning] == [says] and open_ones(shares) == []


def test_ten_letters_are_a_passphrase(shares):
    made(links(), Passphrase="x" * 10)
    assert len(open_ones(shares)) == 1


def test_the_day_is_needed_where_it_was_said_and_ends_with_the_day(shares):
    app = links()
    next(one for one in app.selectbox if one.label == "Ends after").set_value("On a date").run()
    made(app)
    assert [one.value for one in app.warning] == [words.DATE_NEEDED]
    next(iter(app.date_input)).set_value(date(2030, 3, 4))
    made(app)
    assert [one.expires_at for one in open_ones(shares)] == ["2030-03-04T23:59:59+00:00"]


@pytest.mark.parametrize(("choice", "hours"), [(None, 7 * 24), ("1 hour", 1), ("30 days", 30 * 24)])
def test_a_link_ends_after_a_week_or_as_chosen(shares, choice, hours):
    app = links()
    if choice is not None:
        next(one for one in app.selectbox if one.label == "Ends after").set_value(choice).run()
    before = datetime.now(UTC).replace(microsecond=0)
    made(app)
    (share,) = open_ones(shares)
    ends = datetime.fromisoformat(share.expires_at) - timedelta(hours=hours)
    assert before <= ends <= datetime.now(UTC)


@pytest.mark.parametrize("most", [None, 1, 3])
def test_a_link_opens_as_often_as_was_said_and_the_next_one_is_asked_anew(shares, most):
    app = links()
    limit = next(one for one in app.number_input if one.label.startswith("Most opens"))
    made(limit.set_value(most).run() if most else app)
    assert [one.most_opens for one in open_ones(shares)] == [most]
    assert [one.value for one in app.number_input if one.label.startswith("Most opens")] == [None]


def test_the_public_is_promised_nothing_by_a_title(shares):
    app = made(links("public"), "We cure most")
    assert "promise" in app.warning[0].value and open_ones(shares) == []
    assert not made(links(), "We cure most").warning and len(open_ones(shares)) == 1, "the board may be told so"


@pytest.mark.parametrize(("base", "path"), [("", "/share"), ("clinic", "/clinic/share"), ("/a/b/", "/a/b/share")])
def test_the_address_stands_below_the_path_of_the_dashboard(monkeypatch, base, path):
    monkeypatch.setattr(share_panels.st, "get_option", lambda name: base if name == "server.baseUrlPath" else None)
    assert share_panels.address_of("id", "token") == f"http://localhost{path}/id#token"


def test_there_is_none_for_the_inside_but_a_way(shares):
    app = at(opened(), "shares")
    assert "A link is for the board or for the public" in text_of(app)
    assert not [one for one in app.button if one.key == "shares.make"]
    button(app, "shares.for.board").click().run()
    assert button(app, "shares.make") and not app.exception


def test_a_store_that_fails_is_a_sentence(shares, monkeypatch):
    app = links()

    def fails(*asked, **more):
        raise StoreError("The disk is full. Make room.")

    monkeypatch.setattr(type(shares), "make", fails)
    made(app)
    assert [one.value for one in app.warning] == ["The disk is full. Make room."] and not codes(app)


def test_the_web_page_stands_beside_it(shares):
    app = links()
    assert re.search(r'/export/[0-9a-f]{32}/outcomes-board\.html', html(app))


def test_hostile_titles_are_inert(shares):
    app = made(links(), "<script>x</script> [a](b) :red[c]")
    bodies = "".join(one.proto.body for one in app.html)
    assert "&lt;script&gt;" in bodies and "<script" not in bodies and not app.exception


# --- the list ----------------------------------------------------------------------------------------


def keys_of(app, share):
    return {one.key.split(".")[1] for one in app.button if one.key and share.id in one.key}


def test_a_link_that_expired_is_listed_and_can_be_neither_led_nor_revoked(shares, monkeypatch):
    with monkeypatch.context() as then:
        then.setattr(recipe_box.store().database, "now", lambda: "2020-01-01T00:00:00+00:00")
        over, _ = shares.make({}, LOCAL, title="Long ago", audience="board", expires_at="2020-01-02T00:00:00+00:00")
    open_one, _ = shares.make({}, LOCAL, title="June", audience="board", expires_at=LATER)
    app = links()
    assert keys_of(app, over) == set() and keys_of(app, open_one) == {"live", "revoke"}
    assert "Expired." in text_of(app) and "Ended 2 January 2020" in text_of(app)


def test_another_persons_link_is_revoked_by_a_director_and_not_led(shares):
    theirs, _ = shares.make({}, Person("sam", "Sam", "presenter"), title="Sam's", audience="board", expires_at=LATER)
    app = links()
    assert keys_of(app, theirs) == {"revoke"} and "Sam" in text_of(app)
    button(app, f"share.revoke.{theirs.id}").click().run()
    assert open_ones(shares) == [] and not app.exception


def test_a_link_that_was_opened_as_often_as_it_may_be_says_so(shares):
    share, token = shares.make({}, LOCAL, title="June", audience="board", expires_at=LATER, most_opens=2)
    for n, says in ((1, "Open."), (2, "Opened as often as it may be.")):
        shares.open(share.id, token, None, datetime.now(UTC).isoformat(timespec="seconds"))
        text = text_of(links())
        assert f"{says} Nobody there now." in text and f"Opened {n} of 2 times" in text


def test_what_a_link_shows_of_the_data_is_said(shares, browser):  # noqa: F811
    (upload, *_) = loading.uploads(browser)
    app = made(links())
    assert words.FOLLOWS not in text_of(app) and words.NOT_KEPT in text_of(app) and not data_choice(app)
    assert "Follows the latest version" not in text_of(app)
    dataset = kept_datasets.keep(browser, upload, Keeping("Clinic"), LOCAL)
    loading.forget(browser)
    try:
        app = made(links(), "Pinned")
        (pinned,) = [one for one in open_ones(shares) if one.title == "Pinned"]
        assert (pinned.dataset_id, pinned.version_id) == (dataset.saved.id, dataset.of.id)
        assert "Version 1 of the data" in text_of(app) and "Follows the latest version" not in text_of(app)
        data_choice(app)[0].set_value(words.FOLLOWS).run()
        app = made(app, "Following")
        (following,) = [one for one in open_ones(shares) if one.title == "Following"]
        assert (following.dataset_id, following.version_id) == (dataset.saved.id, None)
        assert "Follows the latest version" in text_of(app)
    finally:
        recipe_box.store().datasets.delete(dataset.saved.id, LOCAL)


def data_choice(app):
    return [one for one in app.radio if one.label == "Data"]


# --- what else was shown -----------------------------------------------------------------------------


def test_who_may_not_make_links_makes_none(shares):
    with pytest.raises(PermissionError, match="may not make links"):
        share_making.make(None, Asked("x", (), False, LATER), Person("s", "Ann", "analyst"))


def test_a_link_that_nobody_saw_counts_for_nothing_once_it_is_revoked(shares):
    content = {"dataset_key": "x", "audience": "board"}
    share, token = shares.make(content, LOCAL, title="June", audience="board", expires_at=LATER)
    assert share_making._was_seen(share)
    shares.revoke(share.id, LOCAL)
    assert not share_making._was_seen(shares.one(share.id, LOCAL))
    other, token = shares.make(content, LOCAL, title="June", audience="board", expires_at=LATER)
    shares.open(other.id, token, None, "2026-06-01T00:00:00+00:00")
    shares.revoke(other.id, LOCAL)
    assert share_making._was_seen(shares.one(other.id, LOCAL))


def test_a_link_that_was_led_on_a_screen_was_seen(shares):
    share, _ = shares.make({}, LOCAL, title="June", audience="board", expires_at=LATER)
    shares.move(share.id, {"cohort": 0, "slide": 0, "part": None}, LOCAL, "2026-06-01T00:00:00+00:00")
    shares.revoke(share.id, LOCAL)
    assert share_making._was_seen(shares.one(share.id, LOCAL))


def test_what_links_showed_is_gone_through_in_the_order_of_their_making(shares, browser, monkeypatch):  # noqa: F811
    (dataset, *_) = loading.uploads(browser)
    for day in ("02", "03", "01"):
        monkeypatch.setattr(recipe_box.store().database, "now", lambda day=day: f"2026-06-{day}T00:00:00+00:00")
        shares.make({"dataset_key": dataset.key, "made": day}, LOCAL, title="x", audience="public", expires_at=LATER)
    assert [(content["made"], of) for content, of in share_making.before(dataset, "public", LOCAL)] == [
        ("01", dataset), ("02", dataset), ("03", dataset)]


def test_links_of_the_same_upload_are_gone_through_before(shares, browser):  # noqa: F811
    app = made(links())
    (first,) = open_ones(shares)
    (dataset,) = [one for one in loading.uploads(browser)
                  if one.key == first.content["dataset_key"]]
    assert share_making.before(dataset, "board", LOCAL)[-1] == (first.content, dataset)
    assert share_making.before(dataset, "public", LOCAL) == []
    assert not app.exception


# --- live --------------------------------------------------------------------------------------------


def live(app, share):
    button(app, f"share.live.{share.id}").click().run()
    at(app, "present")
    return app


def point(app):
    return next(one for one in app.radio if one.label == "Point at")


def test_the_screen_shows_the_link_and_leads_those_on_it(shares):
    app = made(links())
    (share,) = open_ones(shares)
    app = live(app, share)
    slides = json.loads(shares.render(share.id).payload)["cohorts"][0]["slides"]
    assert shares.position(share.id)[1] == {"cohort": 0, "slide": 0, "part": None}
    assert f"1 of {len(slides)}" in text_of(app) and "Nobody there now" in text_of(app)
    button(app, "stage.on").click().run()
    assert shares.position(share.id)[1]["slide"] == 1 and "2 of" in text_of(app)
    button(app, "stage.part.down").click().run()
    assert shares.position(share.id)[1] == {"cohort": 0, "slide": 1, "part": 0}
    assert html(app).count("is-marked") - html(at(app, "present")).count(".is-marked") >= 0
    assert re.search(r'class="step is-marked"', html(app))
    assert point(app).value == 0 and point(app).options[0] == "Nothing"
    # Escape closes the list of a selectbox, and Streamlit hears it as the key of Close, too.
    assert not app.selectbox
    point(app).set_value(-1).run()
    assert shares.position(share.id)[1]["part"] is None and "step is-marked" not in html(app)
    point(app).set_value(0).run()
    assert shares.position(share.id)[1]["part"] == 0
    button(app, "stage.part.up").click().run()
    assert shares.position(share.id)[1]["part"] is None
    button(app, "stage.last").click().run()
    assert shares.position(share.id)[1]["slide"] == len(slides) - 1 and button(app, "stage.on").disabled
    shares.revoke(share.id, LOCAL)
    app.run()
    assert words.OVER in text_of(app) and not app.exception
    button(app, "stage.end").click().run()
    at(app, "present")
    assert '<section class="stage"' in html(app) and words.OVER not in text_of(app)


def test_the_keys_of_live_are_those_of_presenters_and_two_more(shares):
    app = made(links())
    app = live(app, open_ones(shares)[0])
    keys = {one.key: one.proto.shortcut for one in app.button if one.key.startswith("stage.")}
    assert keys == {"stage.back": "left", "stage.on": "right", "stage.end": "escape", "stage.up": "pageup",
                    "stage.down": "pagedown", "stage.first": "home", "stage.last": "end", "stage.part.down": "down",
                    "stage.part.up": "up"}


SLIDE = ('<div class="line" data-part="1"><b data-part="10">x</b></div><i class="dot" style="left:1%" data-part="1">'
         '</i><b data-part="1">y</b>')


def test_a_mark_is_put_on_one_part_and_no_other():
    assert present_live.marked(SLIDE, None) == SLIDE
    assert present_live.marked(SLIDE, 1) == (
        '<div class="line is-marked"><b data-part="10">x</b></div><i class="dot is-marked" style="left:1%">'
        '</i><b class="is-marked">y</b>')
    assert present_live.marked(SLIDE, 7) == SLIDE


@pytest.mark.parametrize(("at_", "to"), [
    ({"cohort": 5, "slide": 9, "part": 4}, {"cohort": 1, "slide": 0, "part": None}),
    ({"cohort": -1, "slide": -1, "part": -1}, {"cohort": 0, "slide": 0, "part": None}),
    ({"cohort": 0, "slide": 1, "part": 1}, {"cohort": 0, "slide": 1, "part": 1}),
    ({"cohort": 0, "slide": 1, "part": 2}, {"cohort": 0, "slide": 1, "part": None})])
def test_a_position_stays_within_what_the_link_has(at_, to):
    payload = {"cohorts": [{"slides": [{"parts": []}, {"parts": ["a", "b"]}]}, {"slides": [{"parts": ["c"]}]}]}
    assert present_live._within(at_, payload) == to


# --- in words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("n", "most", "says"), [
    (0, None, "Not opened yet"), (0, 1, "Opened 0 of 1 time"), (1, None, "Opened 1 time"),
    (2, None, "Opened 2 times"), (1, 10, "Opened 1 of 10 times")])
def test_opens_in_words(n, most, says):
    assert words.opens(n, most) == says


def test_states_in_words():
    both = {"is_revoked": False, "is_expired": False, "is_used_up": False}
    assert words.state_of(**both) == "Open"
    assert words.state_of(**both | {"is_used_up": True}) == "Opened as often as it may be"
    assert words.state_of(**both | {"is_used_up": True, "is_expired": True}) == "Expired"
    assert words.state_of(is_revoked=True, is_expired=True, is_used_up=True) == "Revoked"
    assert words.present(0) == "Nobody there now" and words.present(1) == "1 person there now"
    assert words.expires("2026-06-01T09:05:00+00:00", is_over=False) == "Ends 1 June 2026, 09:05 UTC"
    assert words.expires("2026-06-01T09:05:00+00:00", is_over=True) == "Ended 1 June 2026, 09:05 UTC"
    assert words.data_of(follows=True, number=None) == "Follows the latest version"
    assert words.data_of(follows=False, number=3) == "Version 3 of the data"
    assert words.slides_kept(0, 3) == "" and share_content.SCHEMA == "share/1"
