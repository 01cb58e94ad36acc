"""Recipes: made, written, read, found again and replayed."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.ingest.file_shapes import FOUND_AGAIN, matches, shape_of
from analytics.ingest.load import open_files, tables_of
from analytics.ingest.recipe_files import recipe_from_toml, recipe_to_toml
from analytics.ingest.recipes import Recipe, headers_of, instruments_of, mapping_for, recipe_of, with_renamed
from tests.ingest.cohort import faulty_export
from tests.ingest.files import loaded, source
from tests.ingest.redcap_exports import Cohort

AWFUL = ["PHQ tot V3 (wk)", "a.b.c", '"quoted"', "it's", "two\nlines", "tab\there", "back\\slash", "#no comment",
         "[table]", "= 1", " ", "", "é東\N{GRINNING FACE}", "\x7f\x00", "'''", '"""',
         "Over the last 2 weeks, how often?"]

OWN = """\
[our_scale]
title = "Ours"
about = "depression"
minimum = 0
maximum = 30
n_items = 0
recall_days = 1
caseness = {comparison = ">=", value = 10, source = "convention"}
response = {value = 0.5, source = "convention"}
bands = [{start = 0, label = "none"}]
bands_source = "convention"
missing_items = {most_missing = 0, source = "none"}
licence = "Free"
source = "Our clinic"
"""


def read(*texts, mapping=None, **options):
    opened = open_files([source(text, f"file{place}.csv") for place, text in enumerate(texts)], tuple(mapping or ()))
    return tables_of(opened, mapping=mapping, **options), opened


def replayed(recipe, *texts):
    opened = open_files([source(text, f"next{place}.csv") for place, text in enumerate(texts)], tuple(recipe.mapping))
    mapping, gone = mapping_for(recipe, headers_of(opened, recipe.mapping))
    return tables_of(opened, mapping=mapping, attributes=recipe.attributes, dates=recipe.dates,
                     instruments=instruments_of(recipe)), gone


# --- made --------------------------------------------------------------------------------------------


def test_what_was_said_and_what_was_proposed_become_entries():
    tables, opened = read("who,day,score,site,junk\na,0,20,North,x1\nb,3,9,South,x2\n",
                          mapping={"who": "patient_id", "score": "phq9", "junk": "ignore"})
    assert {use.column: use.confidence for use in tables.columns}["day"] == "sure"
    recipe = recipe_of(tables, opened, "monthly", dates="relative", preset="induction",
                       settings=[("gap_days", "45"), ("gap_days", "90")])
    assert recipe == Recipe("monthly", {"who": "patient_id", "day": "day", "score": "phq9", "junk": "ignore"},
                            ("site",), "relative", "induction", (("gap_days", "90"),), "",
                            (("who", "day", "score", "site", "junk"),))


def test_a_proposed_attribute_is_no_entry_and_a_said_one_is():
    said, opened = read("patient_id,day,phq9,ward\na,0,20,x\nb,0,9,x\n", mapping={"ward": "attribute"})
    assert recipe_of(said, opened, "m").mapping["ward"] == "attribute"
    proposed, opened = read("patient_id,day,phq9,site\na,0,20,x\nb,0,9,x\n")
    recipe = recipe_of(proposed, opened, "m")
    assert recipe.attributes == ("site",) and "site" not in recipe.mapping


def test_proposed_texts_and_dates_are_no_entries_so_that_next_month_is_screened():
    january = "patient_id,assessed_on,visit,course_id,phq9\na,2026-01-02,week 1,c1,20\nb,2026-01-03,week 2,c2,9\n"
    tables, opened = read(january)
    assert all(use.field is not None for use in tables.columns)
    recipe = recipe_of(tables, opened, "m")
    assert dict(recipe.mapping) == {"phq9": "phq9"}
    february = january.replace("c1", "nobody@example.org")
    screened, plain = replayed(recipe, february)[0], read(february)[0]
    assert [one.code for one in screened.findings] == [one.code for one in plain.findings]
    said, opened = read(january, mapping={"course_id": "course_id"})
    assert dict(recipe_of(said, opened, "m").mapping) == {"course_id": "course_id", "phq9": "phq9"}


def test_columns_that_were_not_read_and_units_in_headers_stay_open():
    tables, opened = read("patient_id,day,dose_mg,route,bdi,email\na,0,40,IV,7,x@y.org\na,3,40,IV,8,x@y.org\n")
    recipe = recipe_of(tables, opened, "m")
    assert not {"bdi", "email", "dose_mg"} & {*recipe.mapping, *recipe.attributes}
    again, _ = replayed(recipe, "patient_id,day,dose_mg,route,bdi,email\na,0,40,IV,7,x@y.org\n")
    assert again.sessions["dose_unit"].tolist() == ["mg"]


def test_a_header_that_two_files_use_differently_is_proposed_afresh():
    scores = "patient_id,day,phq9,date\na,0,20,\nb,0,9,\n"
    patients = "patient_id,site,date\na,N,2026-01-02\nb,S,2026-01-03\n"
    tables, opened = read(scores, patients)
    uses = {use.field for use in tables.columns if use.column == "date"}
    assert len(uses) > 1, "the case is not drawn"
    assert "date" not in recipe_of(tables, opened, "m").mapping


@pytest.mark.parametrize("dates", ["keep", "relative"])
@pytest.mark.parametrize("texts", [
    [faulty_export(5)],
    ["patient_id,assessed_on,phq9_1,phq9_2,gad7\na,2026-01-02,1,2,9\nb,2026-01-03,0,0,3\n",
     "patient_id,treated_on,route,dose_mg\na,2026-01-01,IV,40\nb,2026-01-04,IM,50\n", "patient_id,sex\na,f\nb,m\n"],
    ["patient_id,phq9_baseline,phq9_week 4,date_baseline\na,20,9,2026-01-02\nb,7,3,2026-01-03\n"],
    ["patient_id,day,instrument,total\na,0,phq9,20\na,0,gad7,9\n"]])
def test_the_same_files_replayed_are_the_same_tables(texts, dates):
    tables, opened = read(*texts, dates=dates)
    recipe = recipe_of(tables, opened, "m", dates=dates)
    again, gone = replayed(recipe_from_toml(recipe_to_toml(recipe, tables.columns)), *texts)
    assert gone == ()
    for name in ("assessments", "sessions", "attributes"):
        left, right = getattr(tables, name), getattr(again, name)
        pd.testing.assert_frame_equal(left.drop(columns="file"), right.drop(columns="file"))


@pytest.mark.parametrize("labels", [False, True])
def test_exports_of_redcap_replayed_are_the_same_tables(labels):
    text = Cohort(1).repeating(labels=labels)
    tables, opened = read(text)
    again, gone = replayed(recipe_of(tables, opened, "m"), text)
    assert gone == ()
    for name in ("assessments", "sessions", "attributes"):
        left, right = getattr(tables, name), getattr(again, name)
        pd.testing.assert_frame_equal(left.drop(columns="file"), right.drop(columns="file"))


def test_what_was_said_of_a_flow_sheet_is_kept_although_its_columns_became_others():
    text = "who,when,row,what\nP1,2024-01-05,R PHQ-9 SCORE,20\nP1,2024-01-05,PHQ-9 Q1,2\n"
    said = {"who": "patient_id", "when": "assessed_on", "row": "instrument", "what": "total"}
    tables, opened = read(text, mapping=said)
    assert not {"row", "what"} & {use.column for use in tables.columns}, "the case is not drawn"
    recipe = recipe_of(tables, opened, "m", said=said)
    assert dict(recipe.mapping) == said
    again, gone = replayed(recipe, text)
    assert gone == ()
    assert again.assessments["total"].tolist() == tables.assessments["total"].tolist() == [20]


def test_next_month_with_a_column_gone_is_read_and_the_column_is_told():
    mapping = {"who": "patient_id", "score": "phq9", "anx": "gad7"}
    tables, opened = read("who,day,score,anx\na,0,20,9\n", mapping=mapping)
    again, gone = replayed(recipe_of(tables, opened, "m"), "who,day,score,extra\nb,3,9,1\n")
    assert gone == ("anx",)
    assert again.assessments["total"].tolist() == [9]


# --- written and read ---------------------------------------------------------------------------------


def test_awful_headers_come_back_exactly():
    recipe = Recipe("a name\nof two lines", dict.fromkeys(AWFUL, "phq9@week 4"), tuple(AWFUL), "relative",
                    "induction", (("phq9.caseness", "8"), ("baseline_visit", 'the "first"')), OWN, (tuple(AWFUL), ()))
    assert recipe_from_toml(recipe_to_toml(recipe)) == recipe


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@settings(max_examples=50, deadline=None)
@given(headers=st.dictionaries(texts, st.sampled_from(["phq9", "day", "gad7.3", "pain_vas[0..1]@wk 4", "ignore"])),
       attributes=st.lists(texts), shape=st.lists(st.lists(texts).map(tuple)), name=texts)
def test_any_header_comes_back_exactly(headers, attributes, shape, name):
    recipe = Recipe(name, headers, tuple(attributes), shape=tuple(shape))
    assert recipe_from_toml(recipe_to_toml(recipe)) == recipe


def test_columns_that_are_not_named_are_comments_and_harmless():
    tables, _ = read("patient_id,day,phq9,bdi,no\x07te\na,0,20,7,x\n")
    recipe = Recipe("m", {"phq9": "phq9"})
    text = recipe_to_toml(recipe, tables.columns)
    assert "#   bdi: " in text
    assert recipe_from_toml(text) == recipe


def test_a_recipe_holds_no_value_of_a_cell():
    tables, opened = read("patient_id,day,phq9,site,comment\nzz81,0,20,Northwood,zz82\nzz83,0,9,Southwood,zz84\n")
    text = recipe_to_toml(recipe_of(tables, opened, "m"), tables.columns)
    assert not [value for value in ("zz8", "Northwood", "Southwood") if value in text]


def test_a_file_of_windows_and_an_edited_one_are_read():
    text = recipe_to_toml(Recipe("m", {"a": "phq9"}, instruments_text=OWN))
    assert recipe_from_toml("\N{ZERO WIDTH NO-BREAK SPACE}" + text.replace("\n", "\r\n")).mapping == {"a": "phq9"}
    assert recipe_from_toml('[columns]\n"PHQ total" = "phq9"\n') == Recipe("", {"PHQ total": "phq9"})


@pytest.mark.parametrize(("text", "words"), [
    ("columns", ["not TOML", "Expected '='"]),
    ("a = " + "[" * 5000, ["nested too deeply"]),
    ("name = 'x'", ["columns", "missing"]),
    ("column = {}", ["'column'", "columns"]),
    ("columns = 4", ["columns", "a table was expected", "a number"]),
    ("[columns]\na = 4", ["columns.'a'", "a text", "a number"]),
    ("[columns]\na.b = 'phq9'", ["columns.'a'", "a table came", "quotation marks"]),
    ("[columns]\na = 'phq'", ["a=phq", "there is no such field"]),
    ("[columns]\na = 'our_scale'", ["a=our_scale"]),
    ("dates = 'never'\n[columns]", ["dates", "keep, relative", "'never'"]),
    ("dates = true\n[columns]", ["dates", "true or false"]),
    ("attributes = 'site'\n[columns]", ["attributes", "a list of texts"]),
    ("attributes = ['site', 4]\n[columns]", ["attributes, entry 2", "a number"]),
    ("name = 2026-01-02\n[columns]", ["name", "a date or time"]),
    ("recipe = 2\n[columns]", ["recipe = 1"]),
    ("[columns]\n[rules]\nprest = 'clinic'", ["rules", "'prest'", "preset, settings"]),
    ("[columns]\n[rules]\npreset = 'best'", ["rules.preset", "clinic", "'best'"]),
    ("[columns]\n[rules.settings]\ngap_days = 4", ["rules.settings.'gap_days'", "a text"]),
    ("[columns]\n[rules.settings]\ngap = '4'", ["'gap'"]),
    ("[columns]\n[rules.settings]\n'our.caseness' = '4'", ["'our'"]),
    ("[columns]\n[instruments]\ntext = '[phq9]'", ["phq9", "built in"]),
    ("[columns]\n[tables]\nheaders = []", ["tables", "[[tables]]"]),
    ("[columns]\n[[tables]]\nheads = []", ["tables, entry 1", "'heads'"]),
    ("[columns]\n[[tables]]\nheaders = [1]", ["tables, entry 1: headers, entry 1", "a number"])])
def test_a_bad_recipe_says_which_key_is_wrong_in_one_line(text, words):
    with pytest.raises(ValueError) as raised:
        recipe_from_toml(text, "march.toml")
    message = str(raised.value)
    assert message.startswith("march.toml: ")
    assert "\n" not in message
    for word in words:
        assert word in message


def test_instruments_of_the_clinic_travel_with_the_recipe():
    recipe = Recipe("m", {"a": "our_scale"}, instruments_text=OWN)
    assert recipe_from_toml(recipe_to_toml(recipe)) == recipe
    assert list(instruments_of(recipe)) == ["our_scale"]
    assert instruments_of(Recipe("m")) == {}


# --- found again --------------------------------------------------------------------------------------

HEADERS = ("patient", "day", "PHQ tot V3 (wk)", "anx total", "site")


def test_files_are_found_again_whatever_they_are_called_and_in_any_order():
    scores, sessions = "patient,day,phq\na,0,1\n", "patient,treated on,route\na,2026-01-01,IV\n"
    one, other = [open_files([source(text, name) for text, name in files]) for files in (
        [(scores, "jan.csv"), (sessions, "s.csv")], [(sessions, "x.csv"), (scores.replace("a,0", "b,3"), "feb.csv")])]
    assert shape_of(one) == shape_of(other)
    assert matches(shape_of(one), shape_of(other)).score == 1


def test_many_tables_of_one_shape_count_once():
    one, month = "patient_id,day,phq9\na,0,1\n", "patient_id,day,phq9\na,{},1\n"
    several = open_files([source(month.format(day), f"{day}.csv") for day in range(1, 4)])
    assert matches(shape_of(open_files([source(one)])), shape_of(several)).score == 1


@pytest.mark.parametrize(("after", "is_found"), [
    (HEADERS, True), (tuple(header.upper() + " " for header in HEADERS), True), (HEADERS[:4], True),
    ((*HEADERS, "new"), True), (HEADERS[:3], True), (HEADERS[:2], False), (("a", "b", "c"), False), ((), False)])
def test_nearly_the_same_headers_are_found_again_others_are_not(after, is_found):
    found = matches((HEADERS,), (after,))
    assert found.is_found_again == is_found
    assert found.is_found_again == (found.score >= FOUND_AGAIN)


def test_a_missing_file_lowers_the_score_from_either_side():
    other = ("patient", "treated on", "route", "dose", "minutes")
    assert matches((HEADERS, other), (HEADERS,)).score == matches((HEADERS,), (HEADERS, other)).score < 1
    assert matches((), ()).score == matches((HEADERS,), ()).score == 0


@pytest.mark.parametrize(("old", "new", "is_pair"), [
    ("PHQ tot V3 (wk)", "phq_tot_v3_wk", True), ("anx total", "anxiety total", True),
    ("phq9 week 4", "phq9 week 8", False),
    ("phq9_w4", "phq9_w_4", True), ("site", "clinic", False), ("total", "totals", True), ("!!", "??", False)])
def test_a_renamed_column_is_proposed_where_the_names_are_alike(old, new, is_pair):
    found = matches((("patient", old),), (("patient", new),))
    assert found.renamed == (((old, new),) if is_pair else ())
    assert (found.gone, found.new) == ((old,), (new,))


def test_each_header_is_in_one_pair_the_most_alike_first():
    found = matches((("score total", "score totals"),), (("score_totals", "score totalx"),))
    assert found.renamed == (("score total", "score totalx"), ("score totals", "score_totals"))
    one = matches((("score total", "score totals"),), (("score_totals",),))
    assert one.renamed == (("score totals", "score_totals"),)


def test_many_other_headers_are_no_renaming():
    old, new = tuple(f"a{place}" for place in range(500)), tuple(f"a_{place}" for place in range(500))
    assert matches((old,), (new,)).renamed == ()


def test_a_renaming_that_was_agreed_to_changes_every_part():
    recipe = Recipe("m", {"a": "phq9", "b": "day"}, ("c",), shape=(("a", "b", "c"),))
    renamed = with_renamed(recipe, [("a", "A 2"), ("c", "C")])
    assert renamed == Recipe("m", {"A 2": "phq9", "b": "day"}, ("C",), shape=(("A 2", "b", "C"),))


def test_the_shape_of_read_files_is_that_of_opened_ones_where_no_rows_become_columns():
    tables = loaded("patient_id,day,phq9,x\na,0,1,2\n", "patient_id,site\na,N\n")
    opened = open_files([source("patient_id,day,phq9,x\na,0,1,2\n"), source("patient_id,site\na,N\n", "p.csv")])
    assert shape_of(tables) == shape_of(opened)
