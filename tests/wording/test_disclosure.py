"""The sentences about what is withheld: they never hold the number that is."""

from __future__ import annotations

import pytest

from analytics.results.disclosure_kinds import Advice, Disclosure, Range, Refusal, Shut, Told
from analytics.wording import audiences
from analytics.wording import disclosure as words
from analytics.wording.rates import WITHHELD, card, counts_sentence, is_shown, mark
from tests.wording.made import MEAN, RATE


@pytest.mark.parametrize(("disclosure", "held"), [
    (Disclosure(), "nothing is withheld"), (Disclosure("board"), "counts of 1 to 10"),
    (Disclosure("public", 5), "counts of 1 to 4"), (Disclosure("board", rounding=5), "rounded to 5")])
def test_the_audience_is_named(disclosure, held):
    assert held in words.audience_sentence(disclosure)


def test_everything_done_to_a_summary_is_said():
    told = Told(Disclosure("public"), {"2 together": ("A", "not recorded")},
                (Advice("more", "phq9", "response", 28), Advice("period"), Advice("merged", values=("A", "B"))),
                (Range("phq9", "worsening", 0, 10, 85),),
                (Shut("phq9", "few", title="PHQ-9"), Shut("phq9", "follow_up", title="PHQ-9")), 3)
    assert words.told_sentences(told) == (
        "For the public: counts of 1 to 10, and what they could be worked out from, are not shown.",
        "Not for the public (PHQ-9): fewer than 30 courses could be judged and fewer than 80\N{NO-BREAK SPACE}% of "
        "those who should have been judged were followed up. Wait for more courses, or take a longer period. Follow up "
        "more of those treated: the number itself would not be believed.",
        "2 together: A and not recorded. Each alone, or one of them, would be too few to show.",
        "Fewer than 11 of 85 courses got worse.",
        "3 numbers are withheld: small ones, and larger ones from which a small one would follow.",
        "A group needs judged courses, to be shown, of about 28 for response.",
        "Over a longer period, two quarters or years together, more could be shown.")


def test_a_range_from_above():
    assert words.range_sentence(Range("phq9", "response", 70, 80, 80)) == (
        "All but fewer than 11 of 80 courses responded.")


def test_what_a_group_needs_is_said_once_a_scale():
    advice = tuple(Advice("more", scale, measure, needed, title=title) for scale, measure, needed, title in (
        ("phq9", "response", 28, "PHQ-9"), ("gad7", "response", 30, "GAD-7"), ("phq9", "worsening", 90, "PHQ-9"),
        ("phq9", "remission", 28, "PHQ-9")))
    assert words.advice_sentences(advice) == (
        "PHQ-9: a group needs judged courses, to be shown, of about 28 for response and remission and 90 for "
        "got worse.",
        "GAD-7: a group needs judged courses, to be shown, of about 30 for response.")


def test_a_shut_gate_says_a_reason_once_for_all_measures_it_holds_for():
    gate = tuple(Shut("phq9", "follow_up", measure, "PHQ-9", is_of_groups=is_of_groups)
                 for measure, is_of_groups in (("response", True), ("remission", True), ("response", False)))
    groups, whole = words.gate_sentences(gate)
    assert groups.startswith("Not for the public in some groups (PHQ-9, response, remission): fewer than 80")
    assert whole.startswith("Not for the public (PHQ-9, response): fewer than 80")


@pytest.mark.parametrize(("is_of_groups", "said"), [(False, "Not yet. "), (True, "Nothing: counts of 1 to 10")])
def test_what_holds_of_some_groups_alone_is_no_gate_of_the_whole(is_of_groups, said):
    from analytics.results.disclosure_parts import withheld

    told = Told(Disclosure("public"), gate=(Shut("phq9", "follow_up", "response", "PHQ-9", is_of_groups),))
    assert audiences.not_said(told, withheld(RATE)).startswith(said)


def test_a_range_of_a_group_names_it_and_its_scale():
    one = Range("phq9", "worsening", 0, 10, 85, {"site": "North"})
    assert words.range_sentence(one) == "North: fewer than 11 of 85 courses got worse."
    assert words.range_sentence(one, "PHQ-9") == "PHQ-9, North: fewer than 11 of 85 courses got worse."


def test_many_names_are_cut():
    sentence = words.merged_sentence("20 together", tuple(f"S{one}" for one in range(20)))
    assert "S11 and 8 more" in sentence
    assert "S12" not in sentence


def test_a_refusal_names_the_view_shown_before():
    assert "“the clinic” this view would tell fewer than 11" in words.refusal_sentence(
        Refusal("the clinic", "isolates", 11))
    assert "differ from those of “March” in fewer than 11" in words.refusal_sentence(Refusal("March", "versions", 11))


@pytest.mark.parametrize(("text", "found"), [
    ("Our success rate", ("success",)), ("Cured: a recovery", ("Cured", "recovery")), ("Succession of sites", ()),
    ("Secure and obscure", ()), ("54 % responded", ())])
def test_words_that_read_as_a_promise(text, found):
    assert words.refused_words(text) == found
    assert bool(words.refused_words_sentence(found)) is bool(found)


@pytest.mark.parametrize("made", [RATE, MEAN])
def test_a_withheld_result_in_words(made):
    from analytics.results.disclosure_parts import withheld

    bare = withheld(made)
    assert (card(bare).shown, card(bare).counts) == ("\N{EN DASH}", WITHHELD)
    assert not is_shown(bare)
    assert mark(bare) == WITHHELD
    assert not any(letter.isdigit() for letter in counts_sentence(bare, None))
