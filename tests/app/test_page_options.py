"""Choices of pages: in the address, defaults written out, and nothing else understood."""

from dataclasses import replace

import pytest

from analytics.app import page_options
from analytics.app.page_options import OPTIONS, chosen, decoded, encoded, spelled, with_choice
from analytics.app.view import View, canonical

VIEW = View("0" * 16, "phq9")


def test_a_view_has_every_default_until_something_is_chosen():
    assert all(chosen(VIEW, key) == option.values[0] for key, option in OPTIONS.items())
    changed = with_choice(VIEW, "course.axis", "session")
    assert chosen(changed, "course.axis") == "session" and chosen(changed, "course.until") == "90"


def test_to_choose_the_default_again_leaves_no_trace():
    assert with_choice(with_choice(VIEW, "course.axis", "session"), "course.axis", "day") == VIEW


def test_one_spelling_whatever_the_order():
    one = with_choice(with_choice(VIEW, "safety.phase", "booster"), "over.part", "response")
    other = with_choice(with_choice(VIEW, "over.part", "response"), "safety.phase", "booster")
    assert one == other == canonical(one)


def test_every_choice_goes_into_the_address_and_comes_back():
    for key, option in OPTIONS.items():
        for value in option.values:
            choices = spelled([(key, value)])
            assert decoded(encoded(choices)) == choices
    assert encoded(()).count(":") == len(OPTIONS)


@pytest.mark.parametrize("broken", [
    "", "op:course", encoded(()) + ",op:course", encoded(()).replace("op:course", "op:elsewhere"),
    encoded(()).replace("op:course,", ""), encoded(()).replace("op", "xx"), encoded(()).upper()])
def test_anything_else_is_refused(broken):
    with pytest.raises(ValueError, match="needed"):
        decoded(broken)


@pytest.mark.parametrize("choices", [(("over.part", "elsewhere"),), (("nothing", "course"),)])
def test_a_view_with_an_unknown_choice_is_no_view(choices):
    with pytest.raises(ValueError, match="choice"):
        canonical(replace(VIEW, choices=choices))


def test_codes_are_unique_and_fit_an_address():
    codes = [option.code for option in OPTIONS.values()]
    assert len(set(codes)) == len(codes) == len(page_options._BY_CODE)
    assert all(value.replace("_", "").isalnum() for option in OPTIONS.values() for value in option.values)
