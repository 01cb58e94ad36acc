"""Sentences about the screen and about small groups."""

from __future__ import annotations

import pytest

from analytics.results.uniqueness import SmallestGroup
from analytics.wording.privacy import screening_lines, smallest_group_line
from tests.ingest.files import loaded


def test_each_file_has_a_sentence_and_none_is_called_safe():
    lines = screening_lines(loaded("patient_id,day,phq9,dob\nP1,0,20,1970-01-01\n", "patient_id,site\nP1,North\n"))
    assert lines == ("Identifiers were found in scores.csv; the findings say in which columns.",
                     "No identifiers found in file2.csv.")
    assert "de-identified" not in " ".join(lines)


@pytest.mark.parametrize(("group", "line"), [
    (SmallestGroup(1, 23, 80, ("indication", "age band", "sex", "site")),
     "The smallest group by indication, age band, sex and site has 1 patient; 23 patients are alone in theirs."),
    (SmallestGroup(1, 1, 80, ("sex", "site")),
     "The smallest group by sex and site has 1 patient; 1 patient is alone in theirs."),
    (SmallestGroup(2, 0, 80, ("site",)), "The smallest group by site has 2 patients; nobody is alone in theirs."),
    (SmallestGroup(1, 1, 1, ()),
     "The files hold no indication, age band, sex or site by which patients could be told apart."),
    (SmallestGroup(0, 0, 0, ("site",)), "There is no patient to describe."),
])
def test_the_smallest_group_in_one_line(group, line):
    assert smallest_group_line(group) == line
