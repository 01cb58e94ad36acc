"""A clinic's own instruments: what is read, and which field of a bad file is wrong."""

from __future__ import annotations

import re

import pytest

from analytics.definitions.custom_instruments import instruments_from_toml
from analytics.definitions.instruments import BUILT_IN, Amount, Band, CutOff, MissingItems

GOOD = """
[phq9_24h]
title = "PHQ-9, last 24 hours"
about = "depression"
minimum = 0
maximum = 27
n_items = 9
item_minimum = 0
item_maximum = 3
recall_days = 1
caseness = {comparison = ">=", value = 10, source = "convention"}
response = {value = 0.5, source = "convention"}
remission = {comparison = "<", value = 5, source = "convention"}
reliable_change = {value = 6, source = "as the PHQ-9"}
bands = [{start = 0, label = "minimal"}, {start = 5, label = "mild"}]
bands_source = "convention"
missing_items = {most_missing = 2, source = "as the PHQ-9"}
licence = "Free to use"
source = "Our clinic"
self_harm_item = 9
aliases = ["phq 24h"]
"""

TOTALS_ONLY = """
[relief]
title = "Relief"
about = "pain"
minimum = 0
maximum = 4.5
n_items = 0
recall_days = 0
caseness = {comparison = ">", value = 1, source = "convention"}
response = {value = 0.3, source = "convention"}
bands = []
bands_source = "convention"
missing_items = {most_missing = 0, source = "none"}
licence = "Free"
source = "Our clinic"
is_higher_better = true
is_whole = false
other_ranges = [[0, 1], [0, 100]]
"""


def instruments(tmp_path, text: str):
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    return instruments_from_toml(path)


def test_every_field_is_read(tmp_path):
    own = instruments(tmp_path, GOOD + TOTALS_ONLY)
    assert list(own) == ["phq9_24h", "relief"]
    one, other = own.values()
    assert (one.key, one.title, one.maximum, one.n_items, one.self_harm_item) == (
        "phq9_24h", "PHQ-9, last 24 hours", 27, 9, 9)
    assert one.caseness == CutOff(">=", 10, "convention")
    assert one.response == Amount(0.5, "convention")
    assert one.reliable_change == Amount(6, "as the PHQ-9")
    assert one.important_change is None
    assert one.bands == (Band(0, "minimal"), Band(5, "mild"))
    assert one.missing_items == MissingItems(2, "as the PHQ-9")
    assert one.aliases == ("phq 24h",)
    assert other.remission is None
    assert other.is_higher_better
    assert not other.is_whole
    assert other.other_ranges == ((0, 1), (0, 100))
    assert (other.n_items, other.item_minimum, other.item_maximum) == (0, 0, 0)


def test_codes_of_an_export(tmp_path):
    text = GOOD + 'loinc = "99999-9"\ncodes = ["phq24", "urn:z|p24"]\nitem_codes = [' + ", ".join(
        f'"i{item}"' for item in range(1, 10)) + "]\n"
    one = instruments(tmp_path, text)["phq9_24h"]
    assert (one.loinc, one.codes, one.item_codes[8]) == ("99999-9", ("phq24", "urn:z|p24"), "i9")
    bare = instruments(tmp_path, GOOD)["phq9_24h"]
    assert (bare.loinc, bare.codes, bare.item_codes) == ("", (), ())


@pytest.mark.parametrize(("more", "field"), [
    ('loinc = "phq"', "loinc"), ('loinc = "44261"', "loinc"), ("codes = 3", "codes"), ('codes = [" "]', "codes"),
    ('item_codes = ["a", "b"]', "item_codes"), ("item_codes = [1]", "item_codes"),
])
def test_codes_that_cannot_be(tmp_path, more, field):
    with pytest.raises(ValueError, match=f"instrument phq9_24h, field {field}:"):
        instruments(tmp_path, f"{GOOD}{more}\n")


def test_a_code_means_one_thing(tmp_path):
    twice = GOOD + 'codes = ["z"]\n' + TOTALS_ONLY + 'codes = ["z"]\n'
    with pytest.raises(ValueError, match="instrument relief: the code z stands twice, first of phq9_24h"):
        instruments(tmp_path, twice)
    with pytest.raises(ValueError, match="the code 99999-9 stands twice"):
        instruments(tmp_path, GOOD + 'loinc = "99999-9"\ncodes = ["99999-9"]\n')


def test_domains(tmp_path):
    text = GOOD.replace("most_missing = 2", "most_missing = 0") + "domains = [[1, 2], [3]]\n"
    assert instruments(tmp_path, text)["phq9_24h"].domains == ((1, 2), (3,))


@pytest.mark.parametrize(("old", "new", "field"), [
    ('title = "PHQ-9, last 24 hours"', "", "title"), ('title = "PHQ-9, last 24 hours"', "title = 3", "title"),
    ('about = "depression"', 'about = " "', "about"), ("maximum = 27", "", "maximum"),
    ("maximum = 27", 'maximum = "27"', "maximum"), ("maximum = 27", "maximum = true", "maximum"),
    ("maximum = 27", "maximum = nan", "maximum"), ("maximum = 27", "maximum = 0", "maximum"),
    ("n_items = 9", "n_items = 9.5", "n_items"), ("n_items = 9", "n_items = -1", "n_items"),
    ("item_maximum = 3", "", "item_maximum"), ("item_maximum = 3", "item_maximum = 0", "item_maximum"),
    ("recall_days = 1", "recall_days = 'one'", "recall_days"), ("recall_days = 1", "", "recall_days"),
    ('comparison = ">=", ', "", "caseness"), ('">="', '"=>"', "caseness.comparison"),
    ("value = 10,", "value = 28,", "caseness.value"), ("value = 10,", "value = 'ten',", "caseness.value"),
    ("value = 0.5", "value = 0", "response.value"), ("value = 0.5", "value = 1.5", "response.value"),
    ("value = 5,", "value = -1,", "remission.value"), ("value = 6,", "value = 28,", "reliable_change.value"),
    ("start = 5", "start = 0", "bands"), ("start = 5", "start = 28", "bands"),
    ("start = 5", "start = 'five'", "bands.start"),
    ('label = "mild"', 'label = ""', "bands.label"), ('{start = 5, label = "mild"}', '{start = 5}', "bands"),
    ('bands = [{', 'bands = "no" #', "bands"), ("most_missing = 2", "most_missing = 9", "missing_items.most_missing"),
    ("most_missing = 2", "most_missing = -1", "missing_items.most_missing"),
    ('licence = "Free to use"', "", "licence"), ('source = "Our clinic"', "", "source"),
    ("self_harm_item = 9", "self_harm_item = 10", "self_harm_item"),
    ("self_harm_item = 9", "colour = 'red'", "colour"), ("self_harm_item = 9", "key = 'x'", "key"),
    ("self_harm_item = 9", "is_whole = 1", "is_whole"), ("self_harm_item = 9", "total_factor = 0", "total_factor"),
    ("self_harm_item = 9", "other_ranges = [[1, 0]]", "other_ranges"),
    ("self_harm_item = 9", "other_ranges = [[0]]", "other_ranges"),
    ("self_harm_item = 9", "other_ranges = 3", "other_ranges"),
    ("self_harm_item = 9", "domains = [[1, 10]]", "missing_items.most_missing"),
    ('aliases = ["phq 24h"]', "aliases = [3]", "aliases"),
])
def test_a_bad_field_is_named_with_its_file_and_instrument(tmp_path, old, new, field):
    assert old in GOOD
    with pytest.raises(ValueError, match=rf"^own\.toml, instrument phq9_24h, field {re.escape(field)}: "):
        instruments(tmp_path, GOOD.replace(old, new, 1))


@pytest.mark.parametrize("domains", ["[[1, 10]]", "[[1], [1]]", "[[]]"])
def test_bad_domains(tmp_path, domains):
    text = GOOD.replace("most_missing = 2", "most_missing = 0") + f"domains = {domains}\n"
    with pytest.raises(ValueError, match="field domains: "):
        instruments(tmp_path, text)


@pytest.mark.parametrize(("text", "words"), [
    (GOOD.replace("phq9_24h", "phq9", 1), "phq9 is built in"),
    (GOOD.replace("phq9_24h", "route", 1), "name of a column"),
    (GOOD.replace("phq9_24h", '"PHQ 24"', 1), "small letters"), ("title = 'x'\n", "outside of any instrument"),
    ("", "describes no instrument"), ("[phq9_24h\n", "not TOML"), ("a = " + "[" * 5000, "nested too deeply"),
])
def test_a_file_that_cannot_be_used(tmp_path, text, words):
    with pytest.raises(ValueError, match=words) as raised:
        instruments(tmp_path, text)
    assert str(raised.value).startswith("own.toml: ")


def test_a_file_that_is_no_text(tmp_path):
    path = tmp_path / "own.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ValueError, match="UTF-8"):
        instruments_from_toml(path)


def test_a_mark_at_the_start_does_no_harm(tmp_path):
    path = tmp_path / "own.toml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    assert list(instruments_from_toml(str(path))) == ["phq9_24h"]


@pytest.mark.parametrize("key", sorted(BUILT_IN))
def test_no_built_in_can_be_replaced(tmp_path, key):
    with pytest.raises(ValueError, match=f"{key} is built in"):
        instruments(tmp_path, GOOD.replace("phq9_24h", key, 1))
