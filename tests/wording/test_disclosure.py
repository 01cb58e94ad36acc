"""The sentences about what is withheld: they never hold the number that is."""

from __future__ import annotations

import pytest

from analytics.results.disclosure_kinds import Advice, Disclosure, Range, Refusal, Shut, Told
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
        "To show response of a group, about 28 judged courses in it are needed.",
        "Over a longer period, two quarters or years together, more could be shown.")


def test_a_range_from_above():
    assert words.range_sentence(Range("phq9", "response", 70, 80, 80)) == (
        "All but fewer than 11 of 80 courses responded.")


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
