"""Every number in words, both sides of each edge."""

import pytest

from analytics.wording import numbers
from analytics.wording.numbers import console, listed, percent, percent_range, plural, points, points_range, rows


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(("fraction", "decimals", "words"), [
    (288 / 537, 0, "54 %"), (288 / 537, 1, "53.6 %"), (0.5, 0, "50 %"), (0, 0, "0 %"), (1, 0, "100 %"),
    (0.125, 0, "13 %"), (0.285, 0, "29 %"), (0.994, 0, "99 %"), (0.995, 0, ">99 %"), (0.9999, 0, ">99 %"),
    (0.005, 0, "1 %"), (0.0049, 0, "<1 %"), (0.0001, 1, "<0.1 %"), (None, 0, "not known"),
])
def test_percent(fraction, decimals, words):
    assert plain(percent(fraction, decimals)) == words


@pytest.mark.parametrize(("low", "high", "words"), [
    (0.494, 0.5781, "49–58 %"), (0, 0.299, "0–30 %"), (0.7, 1, "70–100 %"), (None, None, "not known"),
])
def test_percent_range(low, high, words):
    assert plain(percent_range(low, high)) == words


@pytest.mark.parametrize(("number", "words"), [
    (8.06, "8.1"), (8.05, "8.1"), (-1.25, "−1.3"), (-0.04, "0.0"), (0, "0.0"), (1234.5, "1,234.5"), (None, "not known"),
])
def test_points(number, words):
    assert points(number) == words


def test_points_range_may_cross_zero():
    assert points_range(-0.55, 1.2) == "−0.6 to 1.2"
    assert points_range(None, 1.0) == "not known"


@pytest.mark.parametrize(("number", "words"), [(1, "1 course"), (0, "0 courses"), (1250, "1,250 courses")])
def test_plural(number, words):
    assert plural(number, "course") == words


def test_plural_of_an_odd_noun():
    assert plural(2, "entry", "entries") == "2 entries"


@pytest.mark.parametrize(("words", "sentence"), [
    ([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c"),
])
def test_listed(words, sentence):
    assert listed(words) == sentence


@pytest.mark.parametrize(("days", "words"), [
    ((1, 31), "1–31 days"), ((None, None), "any day"), ((None, 0), "up to day 0"), ((14, None), "from day 14 on"),
    ((-30, 0), "day −30 to day 0"),
])
def test_window(days, words):
    assert numbers.window(days) == words


def test_rows_shows_the_first_and_how_many():
    assert rows((4, 7)) == "4, 7"
    assert rows(range(2, 22)) == ", ".join(map(str, range(2, 22)))
    assert rows(range(2, 1302)).endswith("20, 21 ... (1,300 in all)")


def test_a_row_number_has_no_thousands_sign():
    assert rows((12345,)) == "12345"


@pytest.mark.parametrize("text", ["49–58\N{NO-BREAK SPACE}%", "−0.6 to 1.2", "≥ 10 → 5 ≤ 4", "“Müller”"])
def test_console_survives_a_windows_console(text):
    assert console(text).encode("cp1252")


def test_console_keeps_what_it_can():
    assert console("−1, ≥ 10, “ä”, 日本") == "-1, >= 10, “ä”, 日本"


@pytest.mark.parametrize(("name", "is_isolated"), [("North", False), ("Été", False), ("مركز", True), ("בית 2", True)])
def test_a_name_from_right_to_left_keeps_to_itself(name, is_isolated):
    said = numbers.isolated(name)
    assert (said != name) is is_isolated
    assert said.strip("\N{FIRST STRONG ISOLATE}\N{POP DIRECTIONAL ISOLATE}") == name
