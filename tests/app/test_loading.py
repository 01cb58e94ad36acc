"""Datasets, their answers and downloads: what is kept, for whom, and for how long."""

from __future__ import annotations

import gc
import hashlib
import threading
import weakref
from dataclasses import dataclass, replace

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

import analytics
from analytics.app import datasets, loading
from analytics.app.shelves import MOST_EXPORTS, NoRoomError, Recent, Shelves
from analytics.definitions.findings import Finding
from analytics.definitions.instruments import BUILT_IN
from analytics.definitions.rules import rule_set
from analytics.definitions.tables import FileRecord, Tables

HOUR = 3600.0
ANNE, BERT = "a" * 64, "b" * 64


def read(opened, *, mapping=None, dates="keep", **how):
    """The plainest reader there is: one file of assessments, one of attributes."""
    assert dates == "relative", "on screen there are no dates unless a person asks for them"
    tables = [pd.DataFrame({
        header: pd.Series([None if code < 0 else cells.texts[code] for code in cells.codes], dtype=object)
        for header, cells in zip(part.headers, part.cells, strict=True)}).rename(columns=mapping or {})
        for part in opened.parts]
    nothing = pd.DataFrame({"patient_id": [], "name": [], "value": []})
    scores = next((table.astype({"total": int}) for table in tables if "total" in table),
                  nothing.assign(instrument=[], total=[]))
    return Tables(
        scores, next((table for table in tables if "route" in table), pd.DataFrame({"patient_id": []})),
        next((table for table in tables if "value" in table), nothing), "day", dict(BUILT_IN),
        tuple(FileRecord(part.name, part.sha256, 1, "x") for part in opened.parts),
        () if "total" in scores and len(scores) else (Finding("blocks", "nothing", "No score came.", "Map one."),))


@pytest.fixture(autouse=True)
def core(monkeypatch):
    monkeypatch.setattr(datasets, "tables_of", read)
    monkeypatch.setattr(analytics, "outcomes", lambda tables, rules, as_of=None: Made(tables, rules), raising=False)
    monkeypatch.setattr(loading, "_shelves", Shelves())
    monkeypatch.setattr(loading, "_shared_answers", Recent())
    loading._shared.cache_clear()
    yield
    loading._shared.cache_clear()


@dataclass(frozen=True)
class Answer:
    """A record with a frame, as results are."""

    frame: pd.DataFrame


class Made:
    """What stands for outcomes here: the sum of all scores."""

    def __init__(self, tables, rules):
        self.total, self.rules = int(tables.assessments["total"].sum()), rules


def scores(*totals, name="scores.csv"):
    rows = "\n".join(f"P{number},phq9,{total}" for number, total in enumerate(totals))
    return name, f"patient_id,instrument,total\n{rows}\n".encode()


ATTRIBUTES = ("patients.csv", b"patient_id,name,value\nP0,site,North\nP1,site,East\nP0,Primary diagnosis,CRPS\n")
SESSIONS = ("sessions.csv", b"patient_id,route\nP0,IV\nP1,IM\n")


# --- keys --------------------------------------------------------------------------------------------


def test_a_key_changes_with_every_byte_and_with_the_mapping_but_not_with_order_or_name():
    first = loading.upload(ANNE, [scores(9), ATTRIBUTES])
    assert first.key == loading.upload(ANNE, [ATTRIBUTES, scores(9, name="other.csv")]).key
    keys = {first.key, loading.upload(ANNE, [scores(8), ATTRIBUTES]).key, loading.upload(ANNE, [scores(9)]).key,
            loading.upload(ANNE, [scores(9), ATTRIBUTES], {"total": "phq9"}).key}
    assert len(keys) == 4
    assert first.short == first.key[:16] and len(first.key) == 64
    assert [(one.name, one.sha256) for one in first.sources] == [
        (name, hashlib.sha256(content).hexdigest()) for name, content in (scores(9), ATTRIBUTES)]


@pytest.mark.parametrize("row", [0, 1, 29_999, 45_678, 59_999])
def test_one_score_changed_in_sixty_thousand_changes_the_answer(row):
    totals = [number % 27 for number in range(60_000)]
    before = loading.upload(ANNE, [scores(*totals)])
    assert loading.outcomes_of(before, rule_set()).total == sum(totals)
    totals[row] += 1
    after = loading.upload(ANNE, [scores(*totals)])
    assert loading.outcomes_of(after, rule_set()).total == sum(totals)


def test_a_frame_can_be_no_part_of_a_key():
    dataset = loading.upload(ANNE, [scores(9)])
    with pytest.raises(TypeError, match="unhashable"):
        loading.answer_of(dataset, ("sum", pd.DataFrame({"total": [1]})), lambda: 1)


def test_an_answer_is_made_once_per_rules():
    dataset = loading.upload(ANNE, [scores(9)])
    first = loading.outcomes_of(dataset, rule_set("induction"))
    assert loading.outcomes_of(dataset, rule_set("induction")) is first
    assert loading.outcomes_of(dataset, rule_set("induction", [("gap_days", "45")])) is not first
    assert loading.outcomes_of(dataset, rule_set("first_last")).rules.preset == "first_last"


def test_the_shape_lists_what_an_address_may_name():
    shape = loading.upload(ANNE, [scores(9, 10), ATTRIBUTES, SESSIONS]).shape
    assert [name for name, _ in shape.attributes] == ["Primary diagnosis", "kind", "route", "site"]
    assert dict(shape.attributes)["site"] == ("East", "North")
    assert dict(shape.attributes)["route"] == ("IM", "IV", "mixed")
    assert shape.indications == ("CRPS",)
    assert shape.present == ("phq9",) and set(shape.instruments) == set(BUILT_IN)


# --- browsers ----------------------------------------------------------------------------------------


def test_an_upload_never_meets_another_browser():
    mine = loading.upload(ANNE, [scores(9)])
    assert [one.key for one in loading.uploads(ANNE)] == [mine.key]
    assert loading.uploads(BERT) == ()
    assert mine.short not in {one.short for one in loading.datasets(BERT)}
    assert loading.dataset(BERT, mine.short) is None and loading.dataset(ANNE, mine.short) is mine
    with pytest.raises(ValueError, match="forgotten or never made"):
        loading.remap(BERT, mine.key, {})


def test_the_same_files_of_two_browsers_are_two_datasets():
    made = []
    for browser in (ANNE, BERT):
        dataset = loading.upload(browser, [scores(9)])
        made.append(loading.answer_of(dataset, ("list",), list))
    assert made[0] is not made[1]
    loading.forget(ANNE)
    assert loading.uploads(ANNE) == () and len(loading.uploads(BERT)) == 1


def test_an_answer_of_an_upload_is_not_kept_for_everyone():
    dataset = loading.upload(ANNE, [scores(9)])
    answer = loading.answer_of(dataset, ("set",), lambda: {"P0"})
    assert loading.answer_of(dataset, ("set",), set) is answer
    loading.forget(ANNE)
    assert loading.answer_of(dataset, ("set",), set) == set()
    assert loading._shared_answers.n_bytes() == 0 and not loading._shared_answers._answers


def test_what_is_forgotten_leaves_the_memory():
    dataset = loading.upload(ANNE, [scores(*range(20))])
    loading.outcomes_of(dataset, rule_set())
    loading.export_address(ANNE, "rows.csv", lambda held=dataset: bytes(len(held.tables.assessments)), key=("all",))
    gone = weakref.ref(dataset.tables.assessments)
    loading.forget(ANNE, dataset.key)
    del dataset
    gc.collect()
    assert gone() is None


def test_forgetting_one_upload_leaves_the_other():
    first, second = loading.upload(ANNE, [scores(9)]), loading.upload(ANNE, [scores(8)])
    assert [one.key for one in loading.uploads(ANNE)] == [second.key, first.key]
    loading.forget(ANNE, second.key)
    assert [one.key for one in loading.uploads(ANNE)] == [first.key]


def test_another_mapping_reads_the_same_files_anew():
    blocked = loading.upload(ANNE, [("odd.csv", b"patient_id,instrument,points\nP1,phq9,9\n")])
    assert blocked.tables.is_blocked
    assert blocked.key not in {one.key for one in loading.datasets(ANNE)}, "a blocked file shows no number"
    read_again = loading.remap(ANNE, blocked.key, {"points": "total"})
    assert not read_again.tables.is_blocked and read_again.mapping == (("points", "total"),)
    assert [one.key for one in loading.uploads(ANNE)] == [read_again.key]
    assert loading.datasets(ANNE)[0].key == read_again.key
    assert loading.remap(ANNE, read_again.key, {"points": "total"}).key == read_again.key
    assert len(loading.uploads(ANNE)) == 1


# --- time and room -----------------------------------------------------------------------------------


def test_an_upload_is_dropped_after_twelve_idle_hours_and_not_before():
    shelves = Shelves()
    shelves.upload(ANNE, [scores(9)], None, now=0)
    assert len(shelves.uploads(ANNE, now=12 * HOUR - 1)) == 1
    assert len(shelves.uploads(ANNE, now=24 * HOUR - 2)) == 1, "used since"
    assert shelves.uploads(ANNE, now=36 * HOUR - 2) == ()


def test_one_browser_in_use_does_not_keep_anothers_upload():
    shelves = Shelves()
    shelves.upload(ANNE, [scores(9)], None, now=0)
    shelves.upload(BERT, [scores(9)], None, now=11 * HOUR)
    shelves.drop_idle(now=12 * HOUR)
    assert shelves.answers(ANNE) is None and shelves.answers(BERT) is not None
    assert shelves.n_bytes() == shelves.shelf(BERT, now=12 * HOUR).n_bytes[shelves.uploads(BERT, 12 * HOUR)[0].key]


def test_a_server_that_is_full_says_so_and_has_room_again_after_forgetting():
    shelves = Shelves(most_bytes=20_000)
    first = shelves.upload(ANNE, [scores(*range(100))], None, now=0)
    assert 0 < shelves.n_bytes() <= 20_000
    with pytest.raises(NoRoomError, match="There is no room for these files"):
        shelves.upload(BERT, [scores(*range(5_000))], None, now=0)
    assert shelves.uploads(BERT, now=0) == ()
    again = shelves.upload(ANNE, [scores(*range(100))], None, now=0)
    assert again.key == first.key and len(shelves.uploads(ANNE, now=0)) == 1
    shelves.forget(ANNE)
    assert shelves.n_bytes() == 0


def test_files_are_kept_compressed():
    shelves = Shelves()
    name, content = scores(*[9] * 50_000)
    dataset = shelves.upload(ANNE, [(name, content)], None, now=0)
    packed = shelves.shelf(ANNE, now=0).packed[dataset.key]
    assert len(packed) < len(content) / 1.5


def test_only_the_last_answers_are_kept():
    recent = Recent(most=2, most_bytes=1000)
    made = []
    for key in ("a", "b", "a", "c", "a", "b"):
        recent.answer(key, lambda key=key: made.append(key))
    assert made == ["a", "b", "c", "b"]


def test_heavy_answers_make_room_for_each_other_and_the_newest_stays():
    recent = Recent(most=9, most_bytes=2500)
    for key, n_rows in (("a", 100), ("b", 100), ("c", 100)):
        recent.answer(key, lambda n_rows=n_rows: Answer(pd.DataFrame({"x": range(n_rows)})))
    assert recent.n_bytes() < 2500
    assert recent.answer("a", lambda: "made again") == "made again"
    heavy = pd.DataFrame({"x": range(10_000)})
    assert recent.answer("heavy", lambda: heavy) is heavy
    assert recent.answer("heavy", lambda: None) is heavy
    assert recent.answer("c", lambda: "made again") == "made again"


def test_an_answer_that_failed_is_made_again():
    recent = Recent()

    def fails():
        raise ValueError("visits first")

    with pytest.raises(ValueError):
        recent.answer("a", fails)
    assert recent.answer("a", lambda: 1) == 1


def test_several_who_ask_together_wait_for_one_answer():
    recent, made, answers = Recent(), [], []
    begun, go = threading.Event(), threading.Event()

    def slow():
        made.append(1)
        begun.set()
        assert go.wait(10)
        return 42

    threads = [threading.Thread(target=lambda: answers.append(recent.answer("a", slow))) for _ in range(8)]
    threads[0].start()
    assert begun.wait(10)
    for thread in threads[1:]:
        thread.start()
    go.set()
    for thread in threads:
        thread.join(10)
    assert answers == [42] * 8 and made == [1]


# --- downloads ---------------------------------------------------------------------------------------


def token(address):
    return address.split("/")[2]


def test_a_download_belongs_to_a_browser():
    address = loading.export_address(ANNE, "rows.csv", b"a,b\n")
    assert address == f"/export/{token(address)}/rows.csv" and len(token(address)) == 32
    assert loading.export(ANNE, token(address)).content() == b"a,b\n"
    assert loading.export(BERT, token(address)) is None
    assert loading.export_address(BERT, "rows.csv", b"a,b\n") != address


def test_a_large_download_that_differs_in_one_byte_is_another():
    first = bytearray(b"0123456789abcdef" * 200_000)
    addresses = [loading.export_address(ANNE, "rows.csv", bytes(first))]
    first[1_234_567] ^= 1
    addresses.append(loading.export_address(ANNE, "rows.csv", bytes(first)))
    assert addresses[0] != addresses[1]
    assert loading.export(ANNE, token(addresses[1])).content() == bytes(first)
    assert loading.export(ANNE, token(addresses[0])).content() != bytes(first)


def test_a_download_that_is_made_later_is_named_by_what_it_rests_on():
    made = []
    first = loading.export_address(ANNE, "rows.csv", lambda: made.append(1) or b"1", key=("k", rule_set()))
    assert not made
    assert loading.export(ANNE, token(first)).content() == b"1" and made == [1]
    assert loading.export_address(ANNE, "rows.csv", lambda: b"2", key=("k", rule_set("first_last"))) != first
    with pytest.raises(ValueError, match="A key was needed"):
        loading.export_address(ANNE, "rows.csv", lambda: b"1")


@pytest.mark.parametrize("name", ["", "a b.csv", '"x".csv', "a\r\nb.csv", "../a.csv", "ü.csv", ".hidden", "a" * 101])
def test_a_file_name_that_could_break_a_header_is_refused(name):
    with pytest.raises(ValueError, match="file name"):
        loading.export_address(ANNE, name, b"")


def test_downloads_go_with_the_shelf_and_only_the_last_stay():
    first = loading.export_address(ANNE, "rows.csv", b"0")
    for number in range(MOST_EXPORTS):
        last = loading.export_address(ANNE, "rows.csv", str(number + 1).encode())
    assert loading.export(ANNE, token(first)) is None and loading.export(ANNE, token(last)) is not None
    loading.forget(ANNE)
    assert loading.export(ANNE, token(last)) is None


def test_a_download_that_is_not_what_was_offered_is_not_served():
    address = loading.export_address(ANNE, "rows.csv", b"1")
    tampered = replace(loading.export(ANNE, token(address)), make=lambda: b"2")
    with pytest.raises(AssertionError, match="not what was offered"):
        tampered.content()


# --- the start ---------------------------------------------------------------------------------------


def test_without_a_command_line_the_sample_stands_alone():
    assert loading.command_line_dataset() is None
    sample = loading.sample_dataset()
    assert sample.is_sample and sample.owner is None and sample is loading.sample_dataset()


def test_files_of_the_command_line_stand_before_the_sample(monkeypatch, tmp_path):
    name, content = scores(9)
    (tmp_path / name).write_bytes(content)
    monkeypatch.setattr("sys.argv", ["/somewhere/dashboard.py", str(tmp_path / name)])
    loading.check_command_line()
    assert loading.datasets(ANNE)[0].given_as == "command_line"
    assert loading.command_line_dataset().label == name
    upload = loading.upload(ANNE, [scores(8)])
    assert loading.datasets(ANNE)[0] is upload
    monkeypatch.setattr("sys.argv", ["/somewhere/dashboard.py", str(tmp_path / "nowhere.csv")])
    with pytest.raises(SystemExit, match="There is no file"):
        loading.check_command_line()


def test_memory_is_settled_once():
    def script():
        from analytics.app import loading

        loading.settle_memory()

    loading.settle_memory.clear()
    gc.unfreeze()
    assert not AppTest.from_function(script).run().exception
    frozen = gc.get_freeze_count()
    assert frozen > 0
    assert not AppTest.from_function(script).run().exception
    assert gc.get_freeze_count() <= frozen
