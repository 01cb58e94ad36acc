"""A dataset cut to sites: whose rows stay, and that nothing of others is left in any part of it."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from analytics.access import NotAllowedError, Person
from analytics.app import loading, site_scope, visitors

BROWSER = "d" * 64
ROWS = [("A1", "North"), ("A2", "North"), ("B1", "South"), ("C1", "North"), ("U1", "")]


def csv(header="site", more=""):
    """A1, A2 and the unreadable A3 of North, B1 and the unreadable B2 of South, C1 of both, U1 of none."""
    lines = [f"patient_id,day,phq9,{header}"]
    for code, site in ROWS:
        lines += [f"{code},0,20,{site}", f"{code},14,5,{'South' if code == 'C1' else site}"]
    lines += ["A3,0,19,North", "A3,14,999,North", "B2,0,19,South", "B2,14,999,South"]
    return ("\n".join(lines) + "\n" + more).encode()


def loaded(content=None, name="scores.csv", sites=None):
    with visitors.acting(Person("p", "p", "analyst", sites)):
        read = loading.upload(BROWSER, [(name, content or csv())])
        return read, loading.datasets(BROWSER)


@pytest.fixture(autouse=True)
def nothing_left():
    yield
    loading.forget(BROWSER)


def codes(tables):
    return {str(code) for frame in (tables.assessments, tables.sessions, tables.attributes)
            for code in frame["patient_id"]}


NORTH, SOUTH, BOTH = frozenset({"North"}), frozenset({"South"}), frozenset({"North", "South"})


@pytest.mark.parametrize(("sites", "expected"), [
    (NORTH, {"A1", "A2", "A3"}), (SOUTH, {"B1", "B2"}), (BOTH, {"A1", "A2", "A3", "B1", "B2", "C1"})])
def test_patients_are_those_all_of_whose_sites_are_the_persons(sites, expected):
    _, found = loaded(sites=sites)
    tables = found[0].tables
    assert codes(tables) == expected
    assert set(tables.assessments["patient_id"].cat.categories) == expected
    assert dict(found[0].shape.attributes)["site"] == tuple(sorted(sites))


def test_rows_of_findings_are_the_persons_patients():
    whole, _ = loaded()
    rows = {row for one in whole.tables.findings for row in one.rows}
    cut = loading.scoped(whole, NORTH).tables
    kept = {row for one in cut.findings for row in one.rows}
    assert rows and kept and kept < rows
    named = {code for series in cut.patient_of_row.values() for code in series.astype(str)}
    assert named == {"A3"}


def test_that_others_alone_have_a_fault_is_not_told():
    whole, _ = loaded(csv(more="B3,soon,10,South\nB3,0,10,South\n"))
    codes_of = {name: {one.code for one in tables.findings if one.rows or name == "cut"} for name, tables in (
        ("whole", whole.tables), ("cut", loading.scoped(whole, NORTH).tables))}
    without_rows = {one.code for one in whole.tables.findings if not one.rows}
    assert codes_of["whole"] - codes_of["cut"] - without_rows


MANY = "".join(f"{site}{place},{day},999,{name}\n" for site, name, n in (("A", "North", 3), ("B", "South", 20))
               for place in range(10, 10 + n) for day in (0, 14))


@pytest.mark.parametrize("sites", [NORTH, SOUTH])
def test_a_finding_does_not_say_how_often_it_is_so_at_other_sites(sites):
    whole, _ = loaded(csv(more=MANY))
    before = {one.code: one for one in whole.tables.findings}
    after = {one.code: one for one in loading.scoped(whole, sites).tables.findings}
    cut = [code for code, one in after.items() if one.rows and len(one.rows) < len(before[code].rows)]
    assert cut, "a fault at both sites"
    for code in cut:
        count = before[code].problem.split()[0]
        assert count == str(len(before[code].rows)) and after[code].problem.startswith("Some ")
        assert count not in after[code].problem.split()


@pytest.mark.parametrize(("problem", "n_rows", "expected"), [
    ("1,200 values lie outside.", 3, "Some values lie outside."), ("3 values lie outside.", 3, "3 values lie outside."),
    ("4 values lie outside.", 3, "Some values lie outside."), ("1 event was open.", 0, "An event was open."),
    ("1 row is short.", 0, "A row is short."), ("2 columns were not used: a.", 0, "2 columns were not used: a."),
    ("The file has no rows.", 0, "The file has no rows."),
    ("2 patient codes stand at several sites.", 0, "Some patient codes stand at several sites."),
])
def test_what_is_counted_of_others_is_not_said(problem, n_rows, expected):
    assert site_scope._uncounted(problem, n_rows) == expected


def test_no_code_of_others_is_left_as_a_category():
    cut = loading.scoped(loaded(csv(more=MANY))[0], NORTH).tables
    for codes_of_rows in cut.patient_of_row.values():
        assert not any(str(code).startswith("B") for code in getattr(codes_of_rows, "cat", codes_of_rows).categories)


def test_files_are_named_with_the_rows_that_are_the_persons():
    whole, _ = loaded()
    before, after = whole.tables.files[0], loading.scoped(whole, SOUTH).tables.files[0]
    assert after.sha256 == before.sha256 and after.name == before.name
    assert after.rows == after.rows_used < before.rows


def test_rows_are_counted_file_by_file():
    sessions = b"patient_id,day,drug,dose,dose_unit,route\n" + b"".join(
        b"%s,%d,ketamine,40,mg,iv\n" % (code, day) for code in (b"A1", b"A2", b"B1") for day in (1, 3))
    with visitors.acting(Person("p", "p", "analyst")):
        whole = loading.upload(BROWSER, [("scores.csv", csv()), ("sessions.csv", sessions)])
    for sites, n_scores, n_sessions in ((NORTH, 5, 4), (SOUTH, 3, 2), (BOTH, 10, 6)):
        rows = {one.name: one.rows for one in loading.scoped(whole, sites).tables.files}
        assert rows == {"scores.csv": n_scores, "sessions.csv": n_sessions}


def test_observation_ends_and_samples_are_cut_too():
    tables = loaded()[0].tables
    tables = replace(tables, observed_until=pd.Series([9, 9], index=["A1", "B1"], dtype="Int32"))
    cut = site_scope.tables_of_sites(tables, NORTH)
    assert list(cut.observed_until.index) == ["A1"]
    assert all(one.sample == "" for one in cut.columns)


@pytest.mark.parametrize("header", ["Site", "clinic", "CLINIC"])
def test_the_attribute_is_named_site_or_clinic(header):
    _, found = loaded(csv(header), sites=NORTH)
    assert codes(found[0].tables) == {"A1", "A2", "A3"}


@pytest.mark.parametrize("header", ["clinic,site", "site,clinic"])
def test_where_both_are_there_the_site_counts(header):
    told = {"A1": {"site": "North", "clinic": "South"}, "B1": {"site": "South", "clinic": "North"}}
    rows = [f"{code},{day},{score}," + ",".join(told[code][name] for name in header.split(","))
            for code in told for day, score in ((0, 20), (14, 5))]
    whole, found = loaded("\n".join([f"patient_id,day,phq9,{header}", *rows, ""]).encode(), sites=NORTH)
    assert codes(found[0].tables) == {"A1"} and site_scope.site_attribute(whole) == "site"


def test_a_row_without_a_site_makes_nobody_somebody_elses():
    tables = loaded()[0].tables
    blank = tables.attributes.iloc[:2].assign(patient_id=["A1", "U1"], name="site", value=pd.NA)
    attributes = pd.concat([tables.attributes.astype({"patient_id": str, "name": str, "value": object}), blank])
    tables = replace(tables, attributes=attributes)
    assert site_scope.patients_of(tables, NORTH) == {"A1", "A2", "A3"}


def test_files_that_tell_no_site_are_not_counted_but_stay_the_loaders():
    read, found = loaded(csv("ward"), sites=NORTH)
    assert read.key not in {one.key for one in found} and all(one.is_sample for one in found)
    with visitors.acting(Person("p", "p", "analyst", NORTH)):
        assert loading.uploads(BROWSER) == (read,)


def test_sites_that_nobody_is_of_give_no_dataset():
    _, found = loaded(sites=frozenset({"Elsewhere"}))
    assert found == ()
    with visitors.acting(Person("p", "p", "analyst", frozenset({"Elsewhere"}))), pytest.raises(NotAllowedError):
        loading.sample_dataset()


def test_the_sample_follows_the_same_rule():
    whole = loading.sample_dataset()
    with visitors.acting(Person("p", "p", "presenter", NORTH)):
        cut = loading.sample_dataset()
    assert 0 < len(codes(cut.tables)) < len(codes(whole.tables))
    assert loading.sample_dataset() is whole


def test_each_choice_of_sites_has_a_key_and_answers_of_its_own():
    whole, _ = loaded()
    cuts = [loading.scoped(whole, sites) for sites in (NORTH, SOUTH, BOTH)]
    assert len({whole.key, *(one.key for one in cuts)}) == 4
    assert len({loading.answer_of(one, ("n",), lambda one=one: len(one.tables.assessments)) for one in cuts}) == 3
    assert loading.scoped(whole, NORTH).key == cuts[0].key
    assert loading.scoped(whole, NORTH).tables is cuts[0].tables, "made once"


def test_a_part_of_an_upload_is_mapped_and_forgotten_as_the_upload():
    with visitors.acting(Person("p", "p", "analyst", NORTH)):
        read = loading.upload(BROWSER, [("scores.csv", csv())])
        assert codes(read.tables) == {"A1", "A2", "A3"}
        again = loading.remap(BROWSER, read.key, {}, attributes=())
        assert again.key == read.key and loading.opened(BROWSER, read.key).parts
        loading.forget(BROWSER, read.key)
        assert loading.uploads(BROWSER) == ()


def test_whole_files_of_others_are_not_for_a_person_with_sites():
    with visitors.acting(Person("p", "p", "analyst", NORTH)), pytest.raises(NotAllowedError, match="some sites"):
        loading.opened_again(BROWSER, loading.sample_dataset())


def test_further_datasets_are_cut_as_the_others():
    whole = loading.sample_dataset()
    given = replace(whole, label="Kept", key="e" * 64)
    before = dict(loading._further)
    loading.also_offers("test", lambda person: [given])
    try:
        with visitors.acting(Person("p", "p", "presenter", NORTH)):
            labels = {one.label: len(codes(one.tables)) for one in loading.datasets(BROWSER)}
        assert labels["Kept"] < len(codes(whole.tables))
    finally:
        loading._further.clear()
        loading._further.update(before)


def test_outcomes_are_of_the_cut_patients_alone():
    from analytics.definitions.rules import rule_set

    cut = loading.scoped(loaded()[0], NORTH)
    assert set(loading.outcomes_of(cut, rule_set("clinic")).courses["patient_id"].astype(str)) <= {"A1", "A2", "A3"}
