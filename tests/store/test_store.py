"""Recipes, their last loads, and notes: what is kept, and for whom."""

from __future__ import annotations

import pytest

from analytics.store.folder import content_hash

FRAMES = {"assessments": b"scores", "sessions": b""}


def test_a_recipe_comes_back_as_it_was_saved(place, store):
    text = "name = 'x'; DROP TABLE recipes; --\n\"é\"\n"
    number = store.save_recipe("o'clock; --", text, [{"headers": ["a.b", "\n"]}], "me")
    saved = place.store().recipe(number, "me")
    assert (saved.name, saved.toml_text, saved.shape, saved.owner) == (
        "o'clock; --", text, [{"headers": ["a.b", "\n"]}], "me")


def test_the_same_name_replaces_and_keeps_its_loads_another_owner_has_his_own(store):
    first = store.save_recipe("monthly", "1", [], "me")
    store.save_load(first, "jan", FRAMES, {}, "me")
    assert store.save_recipe("monthly", "2", [], "me") == first
    other = store.save_recipe("monthly", "3", [], "you")
    assert other != first
    assert [one.toml_text for one in store.recipes("me")] == ["2"]
    assert store.last_load(first, "me") is not None
    with pytest.raises(ValueError, match="name"):
        store.save_recipe(" ", "", [])


def test_nobody_reaches_what_is_anothers_and_everybody_what_is_everybodys(store):
    mine, everybodys = store.save_recipe("mine", "", [], "me"), store.save_recipe("all", "", [])
    store.save_load(mine, "jan", FRAMES, {}, "me")
    for stranger in ("you", "", "%", "m_"):
        assert [one.id for one in store.recipes(stranger)] == [everybodys]
        assert store.recipe(mine, stranger) is None
        assert store.last_load(mine, stranger) is None
        assert not store.delete_recipe(mine, stranger)
        store.forget_loads(mine, stranger)
        with pytest.raises(ValueError, match="not there"):
            store.save_load(mine, "feb", FRAMES, {}, stranger)
    assert store.last_load(mine, "me") is not None
    assert {one.id for one in store.recipes("me")} == {mine, everybodys}


def test_recipes_come_with_the_one_saved_last_first(place):
    times = iter(("2026-01-01", "2026-01-02", "2026-01-03"))
    store = place.store(now=lambda: next(times))
    for name in ("a", "b", "a"):
        store.save_recipe(name, "", [])
    assert [one.name for one in store.recipes()] == ["a", "b"]


def test_the_last_load_is_the_newest_and_the_one_before_is_found_by_another_key(place, store):
    number = store.save_recipe("monthly", "", [])
    assert store.last_load(number) is None
    for month in ("jan", "feb", "mar"):
        store.save_load(number, month, {"assessments": month.encode()}, {"rows": month})
    frames, facts = store.last_load(number)
    assert (frames, facts["rows"], facts["key"]) == ({"assessments": b"mar"}, "mar", "mar")
    assert store.last_load(number, other_than="mar")[0] == {"assessments": b"feb"}
    store.save_load(number, "mar", {"assessments": b"mended"}, {})
    assert store.last_load(number)[0] == {"assessments": b"mended"}
    assert store.last_load(number, other_than="mar")[0] == {"assessments": b"feb"}
    assert place.contents() == {content_hash({"assessments": text}) for text in (b"mended", b"feb")}


def test_two_recipes_may_share_a_dataset_and_one_goes_without_the_other(place, store):
    first, second = store.save_recipe("a", "", []), store.save_recipe("b", "", [])
    for number in (first, second):
        store.save_load(number, "jan", FRAMES, {})
    assert len(place.contents()) == 1
    assert store.delete_recipe(first)
    assert not store.delete_recipe(first)
    assert store.last_load(second)[0] == FRAMES
    store.forget_loads(second)
    assert place.contents() == set()
    assert store.recipe(second) is not None


def test_forgetting_an_owner_leaves_no_table_of_his(place, store):
    mine, yours = store.save_recipe("m", "", [], "me"), store.save_recipe("m", "", [], "you")
    store.save_load(mine, "jan", {"assessments": b"mine"}, {}, "me")
    store.save_load(yours, "jan", {"assessments": b"yours"}, {}, "you")
    store.forget("me")
    assert store.recipes("me") == []
    assert place.contents() == {content_hash({"assessments": b"yours"})}
    assert place.rows("SELECT count(*) FROM loads") == [(1,)]


@pytest.mark.parametrize("name", ["", "../up", "a/b", "A.b", "ä"])
def test_a_table_cannot_be_written_elsewhere(place, store, name):
    with pytest.raises(ValueError, match="named"):
        store.save_load(store.save_recipe("m", "", []), "jan", {name: b""}, {})
    assert place.contents() == set()


def test_a_save_that_fails_half_way_leaves_what_was_there(place, store, monkeypatch):
    number = store.save_recipe("m", "", [])
    store.save_load(number, "jan", FRAMES, {})
    monkeypatch.setattr("analytics.store.store.json.dumps", lambda value: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        store.save_load(number, "jan", {"assessments": b"new"}, {})
    monkeypatch.undo()
    assert store.last_load(number)[0] == FRAMES
    assert len(place.contents()) == 1


def test_a_note_stays_with_its_dataset_and_its_owner(place, store):
    store.keep_note("k1", "cohort.north", {"filters": [[2, [0, None]]]}, "me")
    store.keep_note("k1", "primary", ["site", "response"], "me")
    store.keep_note("k2", "primary", 1, "me")
    store.keep_note("k1", "primary", 2, "you")
    again = place.store()
    assert again.notes("k1", "me") == {"cohort.north": {"filters": [[2, [0, None]]]}, "primary": ["site", "response"]}
    assert again.notes("k1", "you") == {"primary": 2}
    assert again.notes("k1") == again.notes("k", "me") == {}


def test_a_note_of_the_same_name_replaces_and_can_be_dropped(store):
    store.keep_note("k1", "primary", 1)
    store.keep_note("k1", "primary", None)
    assert store.notes("k1") == {"primary": None}
    assert not store.drop_note("k1", "primary", "me")
    assert store.drop_note("k1", "primary") and not store.drop_note("k1", "primary")
    assert store.notes("k1") == {}
    with pytest.raises(ValueError, match="name"):
        store.keep_note("k1", " ", 1)


def test_forgetting_an_owner_forgets_his_notes_alone(store):
    store.keep_note("k1", "primary", 1, "me")
    store.keep_note("k1", "primary", 2)
    store.forget("me")
    assert store.notes("k1", "me") == {} and store.notes("k1") == {"primary": 2}
