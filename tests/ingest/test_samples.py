"""What a person sees of a column: ranges, common words, patterns; never a patient's own value."""

from __future__ import annotations

import pyarrow as pa
import pytest

from analytics.ingest.cells import Cells
from analytics.ingest.fields import Use
from analytics.ingest.samples import sample_of


def sample(values, field="attribute", **options):
    return sample_of(Cells(pa.array(values, pa.string())), Use("x", field, ""), **options)


@pytest.mark.parametrize(("values", "words"), [
    (["3", "27", None, "NA"], "3 to 27"), (["4"], "4"), ([None, "NA"], "empty"), (["7,5", "1"], "1 to 7.5"),
    (["North"] * 5 + ["South"] * 9, "South, North"), (["North"] * 4 + ["South"] * 4, "like AAAAA"),
    (["North"] * 5 + ["Anna Kern"], "North and 1 more"), (["2024-03-01", "2024-03-02"], "like 9999-99-99"),
    (["x" * 60] * 9, "like long texts"),
])
def test_a_sample_says_what_stands_there(values, words):
    assert sample(values) == words


def test_codes_and_identifiers_show_no_value():
    assert sample(["P01"] * 9, "patient_id") == "like A99"
    assert sample(["anna@clinic.test"] * 9, None, is_identifier=True) == "not shown"


def test_words_of_many_kinds_are_not_quoted():
    assert sample([f"word{chr(97 + n)}" for n in range(26)] * 6 + ["w0", "w1", "w2", "w3", "w4"] * 6).startswith("like")
