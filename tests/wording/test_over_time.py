"""Time to response and durability in words: sentences, small numbers, who is left out, what cannot be said."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analytics.definitions.benchmarks import BENCHMARKS
from analytics.definitions.instruments import BUILT_IN
from analytics.results.comparison_sides import SettledLater
from analytics.results.durability import Durable
from analytics.results.durability_landmark import AtLandmark
from analytics.results.durability_published import Beside
from analytics.results.survival_curves import Grouping, curves
from analytics.results.time_to_response import EverBy, Share, TimeTo, ever_by
from analytics.statistics.survival import kaplan_meier
from analytics.wording import durability as lasting
from analytics.wording import survival
from analytics.wording import time_to_response as response
from tests.wording.made import rate

PHQ9, PAIN = BUILT_IN["phq9"], BUILT_IN["pain_nrs"]
NB = "\N{NO-BREAK SPACE}"


def found_of(times, is_event, unit="days", measure="response", **left_out):
    times = np.array(times, dtype=float)
    return TimeTo("phq9", measure, unit, np.arange(len(times)), times, np.array(is_event, dtype=bool), left_out, 14.0)


def lasting_of(times, is_event, start="response", **changes):
    made = Durable("phq9", start, True, False, np.arange(len(times)), np.array(times, dtype=float),
                   np.array(is_event, dtype=bool), {}, 25.0)
    return replace(made, **changes)


def drawn_of(found, group=None, by="site", values=("North", "South"), courses="first", patient=None):
    n = len(found.course)
    group = np.zeros(n, dtype=int) if group is None else np.array(group)
    grouping = Grouping(by if len(set(group.tolist())) > 1 else "", values if len(set(group.tolist())) > 1 else ("",),
                        group, np.where(group < 0, "not_recorded", "").astype(object))
    return curves(found, np.arange(n) if patient is None else patient, grouping, courses)


FORTY = found_of([*range(1, 31), *[60] * 10], [1] * 30 + [0] * 10)


def test_half_had_responded_with_the_interval_and_a_fixed_day():
    # R 4.2.2, the interval on day 28 from 1 less 0.444 and 0.168:
    # quantile(survfit(Surv(c(1:30, rep(60, 10)), c(rep(1, 30), rep(0, 10))) ~ 1, conf.type="log-log"), 0.5)
    assert response.sentence(FORTY, drawn_of(FORTY)) == (
        f"By estimate half of 40 patients had responded after 20.5 days (95{NB}% interval 14 to 26). By day 28 an "
        f"estimated 70{NB}% (95{NB}% interval 56\N{EN DASH}83{NB}%, unstable: fewer than 20) had.")


def test_fewer_than_half():
    found = found_of([*range(1, 11), *[60] * 30], [1] * 10 + [0] * 30)
    said = response.sentence(found, drawn_of(found))
    assert said.startswith("Fewer than half of 40 patients had responded as long as enough were followed. By day 28")
    assert f"25{NB}%" in said


def test_the_median_is_not_told_where_fewer_than_five_were_still_watched():
    four = kaplan_meier(np.array([1, 2, 9, 9, 9, 9]), np.array([0, 0, 1, 1, 1, 0]))
    assert survival.median_words(four, "days") == "not reached"
    assert survival.median_words(kaplan_meier(np.array([1, 9, 9, 9, 9, 9]), np.array([0, 1, 1, 1, 0, 0])), "days"
                                 ).startswith("9 days (95")
    assert survival.median_words(kaplan_meier(np.arange(1, 5), np.ones(4)), "days") == "too few for a median"
    assert survival.median_words(kaplan_meier(np.arange(1, 6), np.ones(5)), "sessions") == "not reached"


def test_an_open_interval_reads_or_more():
    curve = kaplan_meier(np.array([1, 2, 3, 4, 5, 6, 8, 8, 8, 8, 8, 8]), np.array([1] * 6 + [0] * 6))
    assert survival.median_words(curve, "sessions") == f"7 sessions (95{NB}% interval 2 or more)"


@pytest.mark.parametrize(("n", "shown"), [(0, "No course to count"), (4, "2 of 4 patients"), (5, "half of 5 patients")])
def test_small_numbers_have_no_percentage(n, shown):
    found = found_of(range(1, n + 1), [1, 1, 0, 0, 0][:n])
    said = response.sentence(found, drawn_of(found))
    assert shown in said
    assert "%" not in said and "nan" not in said


@pytest.mark.parametrize(("watched", "shown", "mark"), [
    (4, "too few watched", ""), (5, f"50{NB}%", "unstable: fewer than 20"), (19, f"50{NB}%", "unstable: fewer than 20"),
    (20, f"50{NB}%", "")])
def test_a_share_rests_on_those_still_watched(watched, shown, mark):
    curve = kaplan_meier(np.array([1] * watched + [9] * watched), np.array([1] * watched + [0] * watched))
    assert survival.share_words(curve, 5, is_rising=False) == survival.Share(
        shown, survival.share_words(curve, 5, is_rising=False).interval, str(watched), mark)


def test_a_group_below_five_has_no_share_also_after_the_event_of_all():
    everyone = kaplan_meier(np.arange(1, 5), np.ones(4))
    assert survival.share_words(everyone, 9, is_rising=False).shown == "too few for a percentage"


def test_a_share_at_which_nobody_was_watched_and_one_after_the_event_of_all():
    half = kaplan_meier(np.arange(1, 41), np.array([1, 0] * 20))
    assert survival.share_words(half, 99, is_rising=False).shown == "nobody watched so long"
    everyone = kaplan_meier(np.arange(1, 41), np.ones(40))
    assert survival.share_words(everyone, 99, is_rising=False).shown == f"0{NB}%"
    assert survival.share_words(everyone, 99, is_rising=True).shown == f"100{NB}%"
    before = survival.share_words(everyone, 0, is_rising=True)
    assert (before.shown, before.interval, before.at_risk) == (f"0{NB}%", "", "40")


def test_a_rising_share_turns_its_interval_round():
    curve = FORTY and kaplan_meier(FORTY.time, FORTY.is_event)
    falling, rising = (survival.share_words(curve, 10, is_rising=one) for one in (False, True))
    assert (falling.shown, rising.shown) == (f"75{NB}%", f"25{NB}%")
    # R: summary(survfit(...), times=10): 0.585 to 0.857.
    assert falling.interval == f"59\N{EN DASH}86{NB}%" and rising.interval == f"14\N{EN DASH}41{NB}%"


def test_groups_are_told_in_their_order_with_the_test_by_name():
    found = found_of([*range(1, 21), *range(30, 50)], [1] * 40)
    drawn = drawn_of(found, [0] * 20 + [1] * 20)
    said = response.sentence(found, drawn)
    assert said.index("North after 10.5 days") < said.index("South after 39.5 days")
    test = survival.test_sentence(drawn)
    assert test.startswith("Log-rank test of 2 groups (20 and 20 patients): p < 0.001.")
    assert "Why, it does not say" in test and "Exploratory" in test
    row = survival.test_row(drawn.test)
    assert len(row) == len(survival.test_header(drawn)) and row[1].startswith("chi-square ")
    same = drawn_of(found, [0, 1] * 20)
    assert "does not show that they are alike" in survival.test_sentence(same)


def test_no_test_says_why_in_words():
    found = found_of(range(1, 20), [1] * 19)
    drawn = drawn_of(found, [0] * 10 + [1] * 9)
    assert survival.test_sentence(drawn) == "No log-rank test: fewer than two groups have 10 or more."
    assert survival.test_row(drawn.test)[2] == "none"
    assert survival.test_sentence(drawn_of(found)) == ""
    three = drawn_of(found_of(range(1, 31), [1] * 30), [0] * 10 + [1] * 9 + [2] * 11, values=("A", "B", "C"))
    assert "those with fewer than 10 left aside" in survival.test_sentence(three)


def test_who_is_not_followed_is_told_by_reason_and_adds_up():
    found = found_of([3, 9], [1, 0], booster=2, no_baseline=1, no_later_score=4)
    said = " ".join(response.notes(found, drawn_of(found), PHQ9))
    assert ("2 of 9 courses followed; not: 2 boosters, 1 without a score at the start, 4 without a score after the "
            "start.") in said
    assert "follow the one before" not in said, "Without a curve nothing is said of how to read it."
    many = found_of([3, 5, 7, 9, 11], [1, 0, 1, 1, 0])
    said = " ".join(response.notes(many, drawn_of(many), PHQ9))
    assert "half of all scores follow the one before within 14 days" in said
    assert "Whoever got there once counts" in said


def test_the_curve_says_whom_it_counts():
    found = found_of([3, 5, 7, 9], [1, 0, 1, 1])
    drawn = drawn_of(found, [0, 0, 1, -1], patient=np.array([0, 0, 1, 2]))
    assert survival.drawn_sentence(drawn) == (
        "The curve counts 2 patients, each by the first followed course; not drawn: 1 of a later course of the same "
        "patient and 1 without a record of site.")
    every = drawn_of(found, patient=np.array([0, 0, 1, 2]), courses="all")
    assert survival.drawn_sentence(every) == (
        "The curve counts 4 courses of 3 patients; its interval allows for patients with several.")
    assert "Too few for a curve: North (1) and South (1)." in response.notes(found, drawn, PHQ9)[0]


@pytest.mark.parametrize("n", [4, 5])
def test_groups_too_small_for_a_curve_are_one_sentence(n):
    found = found_of(list(range(1, 2 * n + 1)), [1] * (2 * n))
    drawn = drawn_of(found, [0] * n + [1] * n)
    said = response.sentence(found, drawn)
    assert (said == "No group has 5 patients or more: too few for a curve.") is (n < 5)
    assert survival.has_curve(drawn) is (n >= 5)
    whole = drawn_of(found_of([1] * n, [1] * n))
    assert survival.small_sentence(whole) == ("" if n < 5 else "Unstable, fewer than 20: The cohort (5).")


def test_ever_responded_and_responder_at_endpoint_have_labels_of_their_own():
    found = found_of([1, 2, 4, 6, 6, 9], [1, 1, 1, 1, 0, 0], unit="sessions")
    rows = response.ever_rows(found, ever_by(found, np.arange(6), (1, 4)), rate(3, 6))
    assert [row[:3] for row in rows] == [
        ("Ever responded after 1 session", f"17{NB}%", "1 of 6"),
        ("Ever responded after 4 sessions", f"50{NB}%", "3 of 6"),
        ("Ever responded, at any score", f"67{NB}%", "4 of 6"), ("Responder at endpoint", f"50{NB}%", "3 of 6")]
    assert all(len(row) == len(response.EVER_HEADER) for row in rows)
    five = response.ever_rows(found, (EverBy(None, Share(1, 5, 0.2, 0.1, 0.6)),), rate(1, 5))
    assert [row[1] for row in five] == [f"20{NB}%"] * 2 and five[0][4] == "unstable: fewer than 20"
    few = response.ever_rows(found, (EverBy(None, Share(1, 4, 0.25, 0.1, 0.6)),), rate(0, 0))
    assert few[0][1:] == ("too few for a percentage", "1 of 4", "", "")
    assert few[1][1:3] == ("No course to count", "0 of 0")
    said = response.ever_sentence(found, ever_by(found, np.arange(6), ()), rate(3, 6))
    assert "At some score: 67" in said and "At the endpoint: 50" in said and "Neither may stand for the other" in said
    assert f"67{NB}% (4 of 6, unstable: fewer than 20)" in said and f"50{NB}% (3 of 6, unstable: fewer than 20)" in said
    assert response.ever_sentence(found_of([], []), ever_by(found_of([], []), np.arange(0), ()), rate(0, 0)
                                  ).startswith("No course to count")


def test_a_printed_figure_of_those_who_ever_responded_stands_beside_depression_alone():
    assert response.ever_published("response", PHQ9)[0] == 0.72
    share, said = response.ever_published("remission", PHQ9)
    assert share == 0.38 and f"38{NB}%" in said and "Not certain: journal, volume and page" in said
    assert response.ever_published("pain_30", PAIN) == (None, "")
    assert response.ever_published("response", BUILT_IN["gad7"]) == (None, "")


def test_an_attribute_settled_later_is_refused_in_words():
    said = survival.not_split(SettledLater("kind is settled later", "kind"))
    assert said.startswith("Kind of course is settled only by what happened after the start")
    assert survival.not_split(ValueError("other")) == "other"


# --- durability -----------------------------------------------------------------------------------------------


LONG = lasting_of([*range(10, 310, 10), *[200] * 10], [1] * 30 + [0] * 10)


def test_durability_tells_the_median_and_eight_weeks():
    said = lasting.sentence(LONG, drawn_of(LONG))
    assert said.startswith("By estimate half of 40 patients who responded at their endpoint had lost it after 205 days")
    assert f"After 8 weeks an estimated 88{NB}%" in said and said.endswith("still responded.")
    relapse = replace(LONG, start="remission")
    assert "in remission at their endpoint had relapsed after" in lasting.sentence(relapse, drawn_of(relapse))
    rows = lasting.weeks_rows(drawn_of(LONG))
    assert [row[0] for row in rows] == ["4 weeks", "8 weeks", "12 weeks", "26 weeks"]
    # Lost by day 28, 56, 84, 182: 2, 5, 8, 18 of 40, nobody censored before.
    assert [row[1] for row in rows] == [f"{one}{NB}%" for one in (95, 88, 80, 55)]
    assert [row[3] for row in rows] == ["38", "35", "32", "22"]


@pytest.mark.parametrize("n", [0, 4, 5])
def test_durability_of_few_has_no_percentage(n):
    found = lasting_of(range(1, n + 1), [1, 0, 0, 0, 0][:n])
    said = lasting.sentence(found, drawn_of(found))
    assert "%" not in said and "nan" not in said
    assert said.startswith({0: "No course to count", 4: "1 of 4 patients", 5: "Fewer than half of 5 patients"}[n])


def test_what_counts_as_lost_follows_the_scale_and_the_options():
    assert "less than 50\N{NO-BREAK SPACE}% better than at the start, that the next score" in lasting.definition(
        LONG, PHQ9)
    assert "less than 30\N{NO-BREAK SPACE}% better" in lasting.definition(LONG, PAIN)
    assert "less than 10 points better than at the start" in lasting.definition(LONG, BUILT_IN["pcl5"])
    relapse = replace(LONG, start="remission", is_confirmed=False)
    assert "A relapse is a later score of 10 or more, confirmed or not" in lasting.definition(relapse, PHQ9)


def test_censoring_at_maintenance_is_called_informative():
    assert "informative" in lasting.maintenance_sentence(replace(LONG, is_censored_at_maintenance=True))
    assert "informative" not in lasting.maintenance_sentence(LONG)


def test_reasons_of_durability_are_in_words():
    found = lasting_of([5], [1], left_out={"booster": 1, "maintenance_before_endpoint": 2, "no_later_score": 3,
                                          "no_response": 4})
    said = " ".join(lasting.notes(found, drawn_of(found), PHQ9))
    assert ("1 of 11 courses watched after a response; not: 1 booster, 2 in maintenance before their endpoint, 3 "
            "without a later score while watched, 4 not responding at their endpoint.") in said
    assert "_" not in said


def test_a_landmark_says_who_is_left_and_from_when_time_counts():
    at = AtLandmark(28, LONG, Grouping("maintenance", (), np.zeros(0), np.zeros(0)), 3, 2)
    said = lasting.landmark_sentence(at)
    assert "Landmark 4 weeks after the endpoint" in said and "(not: 3 lost by then and 2 not watched beyond it)" in said
    assert lasting.axis(at) == "Weeks since the landmark"
    drawn = drawn_of(LONG, [0] * 20 + [1] * 20, by="maintenance", values=("none", "1 session"))
    assert lasting.sentence(LONG, drawn, at).startswith(
        "By estimate half had lost it, counted from the landmark 4 weeks after the endpoint: none after 105 days")
    assert lasting.medians_header(LONG, drawn)[0] == "Maintenance"
    assert at.n_lost and lasting.notes(LONG, drawn, PHQ9, at)[1] == said


def test_split_by_what_was_given_is_offered_with_sessions_alone():
    assert list(lasting.split_names("site", has_sessions=True)) == ["all", "by", "maintenance", "dose", "sessions"]
    assert list(lasting.split_names(None, has_sessions=False)) == ["all"]
    assert response.by_names(None) == {"all": "All together"}


def test_the_published_share_stands_beside_ours_and_what_differs_is_said():
    benchmark = BENCHMARKS["mcinnes_2022"]
    found = Beside(benchmark, LONG, drawn_of(LONG), "")
    assert [row[:3] for row in lasting.published_rows(found)] == [
        ("4 weeks", f"80{NB}%", f"95{NB}%"), ("8 weeks", f"60{NB}%", f"88{NB}%")]
    assert all(len(row) == len(lasting.PUBLISHED_HEADER) for row in lasting.published_rows(found))
    said = " ".join(lasting.published_sentences(found))
    assert "40 patients with 4 to 8 infusions within 7 to 28 days" in said and "30 lost the response" in said
    assert "What still differs" in said and "informative" in said
    for reason, word in (("no_instrument", "PHQ-9"), ("no_sessions", "no sessions"), ("no_days", "visits"),
                         ("no_attribute", "filters"), ("nobody", "no course of ours")):
        assert word in lasting.published_sentences(Beside(benchmark, None, None, reason))[0]


def test_ticks_end_where_nobody_is_watched_any_more():
    assert survival.shown_ticks((0, 28, 56, 84), drawn_of(lasting_of([5, 30], [1, 0]))) == (0, 28, 56)
    assert survival.shown_ticks((0, 28, 56, 84), drawn_of(lasting_of([5, 28], [1, 0]))) == (0, 28)
    assert survival.shown_ticks((0, 28, 56, 84), drawn_of(lasting_of([5, 400], [1, 0]))) == (0, 28, 56, 84)
    assert survival.shown_ticks((0, 28, 56), drawn_of(lasting_of([], []))) == (0, 28)
