"""The headline, the cards and what stands beside a number."""

from dataclasses import replace

import pytest

from analytics.definitions.instruments import BUILT_IN
from analytics.results.rates import Share
from analytics.wording import rates
from tests.wording.made import MEAN, RATE, rate
from tests.wording.test_numbers import plain

PHQ9 = BUILT_IN["phq9"]


def headline(result):
    found = rates.headline(result, PHQ9)
    return plain(found.title), plain(found.text)


def test_the_headline_says_how_many_how_sure_and_who_is_missing():
    assert headline(RATE) == ("54 % of courses responded", (
        "288 of 537 who could be judged (67 %), 95 % interval 49–58 %. If none of the 200 we lost had responded: "
        "39 %. 61 more have no baseline."))


def test_nobody_missing_is_not_mentioned():
    assert headline(rate(30, 60)) == (
        "50 % of courses responded", "30 of 60 who could be judged (100 %), 95 % interval 40–60 %.")


def test_harm_is_never_filled_in():
    harm = replace(RATE, measure="worsening", missing_as_failure=None)
    title, text = headline(harm)
    assert title == "54 % of courses got worse"
    assert "What became of the 200 we lost is not known." in text and "If none" not in text


def test_a_headline_that_counts_the_missing_as_failures_says_so_and_gives_the_others():
    seen = Share(288, 537, 288 / 537, 0.49, 0.58)
    failing = replace(RATE, denominator=737, estimate=288 / 737, observed=seen, left_out={"no_baseline": 1})
    assert headline(failing) == ("39 % of courses responded", (
        "288 of 737 who should have been judged, those without a score at the end as not, 95 % interval 49–58 %. "
        "Of the 537 with a score at the end: 54 %. 1 more has no baseline."))


@pytest.mark.parametrize(("n", "is_shown", "mark"), [
    (0, False, "No course to count"), (1, False, "too few for a percentage"), (4, False, "too few for a percentage"),
    (5, True, "unstable: fewer than 20"), (19, True, "unstable: fewer than 20"), (20, True, ""),
])
def test_small_numbers(n, is_shown, mark):
    result = rate(n // 2, n)
    assert rates.is_shown(result) is is_shown
    assert rates.mark(result) == mark
    assert ("%" in rates.card(result).shown) is is_shown
    assert (rates.card(result).estimate is not None) is is_shown


def test_below_five_neither_headline_nor_card_has_a_percentage():
    few = replace(rate(1, 4, left_out={"no_endpoint": 6}), courses=10, missing_as_failure=Share(1, 10, 0.1, None, None))
    title, text = headline(few)
    assert title == "1 of 4 courses responded"
    card = rates.card(few)
    assert "%" not in title + text + card.shown + card.counts + card.interval


def test_a_withheld_result_shows_no_percentage():
    assert not rates.is_shown(replace(RATE, withheld=True))


def test_nobody_to_count():
    nobody = rate(0, 0, left_out={"booster": 1, "not_a_case": 12}, courses=13)
    assert headline(nobody) == ("No course to count", "Of 13 courses: 1 booster, 12 scored below 10 at the start.")
    assert rates.card(nobody).mark == "12 milder at the start"
    assert headline(rate(0, 0)) == ("No course to count", "No course matches the filters.")


def test_a_card_carries_its_counts_and_the_worst_case():
    card = rates.card(RATE)
    assert (card.title, plain(card.shown), card.counts, plain(card.interval)) == (
        "Response", "54 %", "288 of 537", "49–58 %")
    assert card.if_lost_failed == 288 / 737
    assert rates.card(replace(RATE, missing_as_failure=None)).if_lost_failed is None


def test_a_mean_in_words():
    card = rates.card(MEAN)
    assert (plain(card.shown), card.counts, card.interval) == ("8.1 points", "537 courses", "7.5 to 8.6")
    found = rates.mean_headline(MEAN)
    assert plain(found.title) == "8.1 points better on average"
    assert plain(found.text) == "537 courses, 95 % interval 7.5 to 8.6."
    assert plain(rates.mean_headline(replace(MEAN, estimate=-0.5)).title) == "0.5 points worse on average"
    assert "Unstable" in rates.mean_headline(replace(MEAN, n=12)).text
    assert rates.mean_headline(replace(MEAN, n=3)).title == "3 courses only"
    assert rates.mean_headline(replace(MEAN, n=0)).title == "No course to count"


def test_a_stratum_is_titled_by_its_values():
    assert rates.stratum_line(replace(RATE, stratum={"site": "North", "kind": "re_induction"})).title == (
        "North, re-inductions")
    assert rates.stratum_line(replace(RATE, stratum={"site": None})).title == "not recorded"


def strata(*counts):
    return [rates.stratum_line(rate(x, n, stratum={"site": str(place)})) for place, (x, n) in enumerate(counts)]


@pytest.mark.parametrize(("counts", "sentence"), [
    (((1, 4),), "No value of site has enough courses for a percentage."),
    (((30, 60),), "0: 50 % of courses responded (30 of 60)."),
    (((30, 60), (33, 60)), "Between 50 % and 55 % of courses responded, by site. All their intervals share a range, so "
                           "the differences may be chance."),
    (((10, 100), (80, 100)), "Between 10 % and 80 % of courses responded, by site."),
    (((10, 100), (9, 10)), "Between 10 % and 90 % of courses responded, by site. Fewer than 20 courses make 1 of these "
                           "unstable."),
    (((5, 19), (9, 10)), "Between 26 % and 90 % of courses responded, by site. Fewer than 20 courses make all of these "
                         "unstable."),
    (((9, 19), (5, 10)), "Between 47 % and 50 % of courses responded, by site. Fewer than 20 courses make all of these "
                         "unstable."),
    (((10, 100), (80, 100), (19, 19)), "Between 10 % and 80 % of courses responded, by site. 1 group of fewer than 20 "
                                       "courses is left aside."),
    (((12, 20), (50, 100), (0, 19), (10, 10)), "Between 50 % and 60 % of courses responded, by site. All their "
     "intervals share a range, so the differences may be chance. 2 groups of fewer than 20 courses are left aside."),
])
def test_strata_are_never_ranked(counts, sentence):
    assert plain(rates.strata_sentence(strata(*counts), "site", "responded")) == sentence


def test_counted_and_left_out_make_all_courses():
    assert RATE.denominator + sum(RATE.left_out.values()) == RATE.courses
    assert rates.counts_sentence(RATE, PHQ9) == (
        "537 of 914 courses counted; 20 boosters; 20 never measured with PHQ-9; 61 without a score at the start; "
        "60 scored below 10 at the start; 16 not yet due; 200 lost to follow-up")
