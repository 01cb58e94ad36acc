"""The same patient codes in several files of one kind: one patient in all of them, or one in each file."""

from __future__ import annotations

import pytest

from analytics.ingest.file_labels import file_labels, kinds_of
from analytics.ingest.load import open_files
from tests.ingest.files import codes, finding, loaded, place, source

ASKED = {"ids_per_file", "codes_in_several_files"}
HEAD = "patient_id,date,phq9\n"


def drawn(month: int, *days_and_scores: tuple[int, int]) -> str:
    return HEAD + "".join(f"{code},2024-{month:02d}-{day:02d},{score}\n"
                          for code in range(1, 7) for day, score in days_and_scores)


NORTH, SOUTH, LATER = drawn(1, (2, 20), (20, 9)), drawn(1, (9, 18), (27, 5)), drawn(2, (2, 8), (20, 4))
TREATED = "patient_id,treated_on,dose\n" + "".join(f"{code},2024-01-05,40\n" for code in range(1, 7))
PER_FILE = {"patient_id": "patient_id[per file]"}


def read(named, **options):
    return loaded(*(source(text, name) for name, text in named.items()), **options)


def asked(named, **options):
    return sorted(ASKED & set(codes(read(named, **options))))


def patients(tables):
    return sorted({*tables.assessments["patient_id"].astype(str), *tables.sessions["patient_id"].astype(str)})


def test_rows_in_the_midst_of_each_other_in_files_called_as_sites_are_asked_about():
    tables = read({"north.csv": NORTH, "south.csv": SOUTH})
    one = finding(tables, "ids_per_file")
    assert place(one) == ("blocks", "north.csv", "patient_id", tuple(range(2, 14)))
    assert one.problem.startswith("6 patient codes stand in several of north.csv and south.csv")
    assert [words for _, words in one.choices] == ["patient_id", "patient_id[per file]"]
    assert asked({"north.csv": NORTH, "south.csv": SOUTH}, mapping={"patient_id": "patient_id"}) == []


def test_codes_of_a_file_are_made_of_its_name_the_same_in_scores_and_sessions():
    tables = read({"north_scores.csv": NORTH, "south_scores.csv": SOUTH, "north_sessions.csv": TREATED,
                   "south_sessions.csv": TREATED.replace("40", "50")}, mapping=PER_FILE)
    assert patients(tables) == sorted(f"{site} {code}" for site in ("north", "south") for code in range(1, 7))
    assert codes(tables) == []
    assert len(tables.sessions) == 12


def test_a_file_of_which_the_name_says_no_site_is_refused_where_others_do():
    tables = read({"north_scores.csv": NORTH, "south_scores.csv": SOUTH, "sessions.csv": TREATED}, mapping=PER_FILE)
    assert place(finding(tables, "file_without_label")) == ("blocks", "sessions.csv", "patient_id", ())


def test_without_a_code_a_row_stays_without_a_patient():
    tables = read({"north.csv": NORTH + ",2024-01-09,3\n", "south.csv": SOUTH}, mapping=PER_FILE)
    assert finding(tables, "patient_missing").rows == (14,)
    assert len(patients(tables)) == 12


@pytest.mark.parametrize(("one", "other"), [
    ("jan.csv", "feb.csv"), ("scores 2024-01.csv", "scores 2024-02.csv"), ("20240101.csv", "20240201.csv"),
    ("January 2024.csv", "March.csv"), ("week 1.csv", "week 2.csv"), ("q1_2024.csv", "q2_2024.csv"),
])
@pytest.mark.parametrize("text", [LATER, SOUTH])
def test_files_of_months_are_of_the_same_patients(one, other, text):
    assert asked({one: NORTH, other: text}) == []
    assert patients(read({one: NORTH, other: text}, mapping=PER_FILE))[0].endswith("1")
    assert len(patients(read({one: NORTH, other: text}, mapping=PER_FILE))) == 6


@pytest.mark.parametrize(("one", "other"), [
    ("export1.csv", "export2.csv"), ("old.csv", "new.csv"), ("a.csv", "b.csv"), ("intake.csv", "follow-up.csv"),
    ("phq9.csv", "gad7.csv"),
])
def test_files_that_go_on_where_others_end_are_no_question(one, other):
    assert asked({one: NORTH, other: LATER}) == []


def test_files_that_overlap_by_the_same_rows_are_no_question():
    lines = NORTH.splitlines(keepends=True)
    assert asked({"first.csv": "".join(lines[:9]), "second.csv": HEAD + "".join(lines[4:])}) == []
    assert asked({"north.csv": NORTH, "north copy.csv": NORTH.replace("phq9", "phq9 ")}) == []


def test_mixed_rows_in_files_that_are_only_numbered_are_told():
    tables = read({"export1.csv": NORTH, "export2.csv": SOUTH})
    assert place(finding(tables, "codes_in_several_files"))[:3] == ("note", "export1.csv", "patient_id")
    assert len(patients(tables)) == 6


def test_one_patient_who_came_back_is_told_of_no_site():
    one = HEAD + "1,2024-01-02,20\n1,2024-01-20,9\n2,2024-01-02,20\n3,2024-01-02,20\n4,2024-01-02,20\n"
    other = HEAD + "1,2024-01-09,18\n7,2024-01-27,5\n8,2024-01-27,5\n9,2024-01-27,5\n"
    assert asked({"export1.csv": one, "export2.csv": other}) == []
    assert asked({"north.csv": one, "south.csv": other}) == []


def test_half_of_the_codes_of_a_site_are_told_where_nothing_else_speaks():
    other = HEAD + "1,2024-03-09,18\n7,2024-03-27,5\n"
    assert asked({"north.csv": NORTH, "south.csv": other}) == ["codes_in_several_files"]
    assert asked({"north.csv": NORTH, "south.csv": other + "8,2024-03-09,3\n"}) == []
    assert asked({"north.csv": NORTH, "south.csv": LATER}) == ["codes_in_several_files"]


@pytest.mark.parametrize(("attribute", "one", "other"), [("sex", "f", "m"), ("age_band", "20-29", "60-69")])
def test_people_who_contradict_each_other_are_asked_about_whatever_the_files_are_called(attribute, one, other):
    head = f"patient_id,{attribute},indication\n"
    first = head + "".join(f"{code},{one},MDD\n" for code in range(1, 7))
    second = head + "".join(f"{code},{other},PTSD\n" for code in range(1, 7))
    assert asked({"p1.csv": first, "p2.csv": second, "scores.csv": NORTH}) == ["ids_per_file"]
    assert asked({"p1.csv": first, "p2.csv": second.replace(other, one), "scores.csv": NORTH}) == []


def test_other_scores_at_one_visit_are_those_of_other_people():
    one = "patient_id,phq9_pre,phq9_post\n" + "".join(f"{code},20,9\n" for code in range(1, 4))
    assert asked({"north.csv": one, "south.csv": one.replace("20,9", "18,7")}) == ["ids_per_file"]
    assert asked({"export1.csv": one, "export2.csv": one.replace("20,9", "20,")}) == []


def test_a_column_of_sites_speaks_for_itself():
    north, south = (text.replace("phq9\n", "phq9,site\n").replace("9\n", f"9,{site}\n").replace("0\n", f"0,{site}\n")
                    for text, site in ((NORTH, "N"), (SOUTH, "S")))
    assert asked({"north.csv": north, "south.csv": south.replace("8\n", "8,S\n").replace("5\n", "5,S\n")}) == []


def labels(*names, heads=("a,b",)):
    parts = open_files([source(f"{heads[place % len(heads)]}\n{place},2\n", name)
                        for place, name in enumerate(names)]).parts
    return list(file_labels(parts).values())


@pytest.mark.parametrize(("names", "expected"), [
    (("North_jan.csv", "North_feb.csv", "South_jan.csv"), ["north", "north", "south"]),
    (("site1.csv", "site2.csv"), ["1", "2"]), (("NorthScores.csv", "SouthScores.csv"), ["north", "south"]),
    (("scores.csv", "scores_south.csv"), ["", "south"]), (("north 2024.csv", "north 2025.csv"), ["north", "north"]),
    (("north 03-2024.csv", "south 03-2024.csv"), ["north", "south"]),
])
def test_what_tells_files_apart_is_never_a_time(names, expected):
    assert labels(*names) == expected


def test_a_month_with_one_site_alone_has_the_label_of_the_month_with_two():
    assert labels("north_scores.csv", "north_sessions.csv", heads=("a,b", "c,d")) == ["north", "north"]
    assert labels("scores.csv") == [""]


def test_tables_are_of_one_kind_when_most_headers_are_the_same():
    def n_kinds(*heads):
        return len(kinds_of(open_files([source(f"{head}\n{place},2,3,4\n", f"{place}.csv")
                                        for place, head in enumerate(heads)]).parts))

    assert n_kinds("a,b,c,d", "a,b,c,e") == 1
    assert n_kinds("a,b,c,d", "a,b,e,f") == 2
