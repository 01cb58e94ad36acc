"""The course of scores in words: names of points, what is said, and what is kept back when courses are few."""

from dataclasses import replace

import numpy as np
import pytest

from analytics.definitions.instruments import BUILT_IN
from analytics.results.trajectories import Trajectories, Trajectory
from analytics.results.trajectories_beside import Beside
from analytics.results.trajectories_sessions import SessionShares
from analytics.results.trajectories_windows import Windows, day_windows
from analytics.statistics.agreement import agreement
from analytics.wording import trajectories as words
from analytics.wording import trajectories_beside as beside_words
from analytics.wording import trajectories_points as points_words

PHQ9, PAIN = BUILT_IN["phq9"], BUILT_IN["pain_nrs_average"]
NAN = np.nan
NB = "\N{NO-BREAK SPACE}"


def one(n=(40, 30, 10), started=40, mean=(18.04, 12.06, 9.0), stratum=None, **changes):
    n = np.array(n)
    mean = np.where(n > 0, np.array(mean, dtype=float), NAN)
    low, high = np.where(n > 1, mean - 1.5, NAN), np.where(n > 1, mean + 2.5, NAN)
    found = Trajectory(
        stratum or {}, started, n, mean, low, high, np.stack([mean - 4, mean - 0.5, mean + 3]),
        np.zeros(3, dtype=bool), {"next_course": np.array([0, 1, 2]), "not_yet": np.array([0, 3, 4]),
                                  "no_score": started - n - np.array([0, 4, 6])},
        np.array([18.04, 17.5, 16.25]), np.array([40, 20, 6]), np.array([40, 25, 8]))
    return replace(found, **changes)


DAYS = Windows("day", np.array([0, 4, 11]), np.array([0, 10, 17]), np.array([0.0, 7, 14]), 17)
SESSIONS = Windows("session", np.arange(3), np.arange(3), np.arange(3.0), 90)
VISITS = Windows("visit", np.arange(3), np.arange(3), np.arange(3.0), np.inf, ("first", "<b>mid", "last"))


def made(whole=None, windows=DAYS, groups=(), n_groups=0, left_out=None, courses=100):
    return Trajectories("phq9", "response", windows, courses, left_out or {"booster": 20, "not_a_case": 40},
                        whole or one(), tuple(groups), n_groups)


def test_windows_have_names():
    names = points_words.window_names(day_windows(180))
    assert names[:4] == ("start", "days 1–3", "week 1", "week 2") and names[13:] == (
        "week 12", "weeks 13–16", "weeks 17–20", "weeks 21–24")
    assert points_words.window_names(SESSIONS) == ("start", "after 1 session", "after 2 sessions")
    assert points_words.window_names(VISITS) == ("first", "<b>mid", "last")
    assert points_words.window_spans(DAYS) == ("baseline", "days 4–10", "days 11–17")
    assert points_words.window_spans(SESSIONS)[1] == "first after it" and points_words.window_spans(VISITS) == ("",) * 3


def test_labels_under_the_axis_lie_so_far_apart_that_they_can_be_read():
    assert points_words.ticks(day_windows(90)) == ((0, 3, 5, 7, 9, 11, 13), ("start", "2", "4", "6", "8", "10", "12"))
    assert points_words.ticks(day_windows(30))[1] == ("start", "1", "2", "3", "4")
    assert points_words.ticks(day_windows(180))[1][-2:] == ("17–20", "21–24")
    assert points_words.ticks(SESSIONS)[1] == ("start", "1", "2") and points_words.ticks(VISITS)[1][1] == "<b>mid"
    early = Windows("day", np.array([0, 1]), np.array([0, 3]), np.array([0.0, 2]), 3)
    assert points_words.ticks(early)[1] == ("start", "0.3")


def test_numbers_under_the_axis_take_up_to_three_lines_and_each_point_has_one():
    lines = points_words.lines_of_n(day_windows(90), 3)
    assert lines == ((0, 3, 5, 7, 9, 11, 13), (1, 4, 6, 8, 10, 12), (2,))
    assert points_words.lines_of_n(day_windows(90), 1) == (lines[0],)
    assert points_words.lines_of_n(SESSIONS, 3) == ((0, 1, 2),)


def test_no_windows_have_no_label():
    none = Windows("visit", np.array([], int), np.array([], int), np.array([]), np.inf)
    assert points_words.ticks(none) == ((), ()) and points_words.lines_of_n(none, 3) == ()


def test_the_sentence_speaks_of_the_last_point_with_half():
    assert words.sentence(made(), PHQ9) == (
        "In week 1, the last point with half of those who started, the mean PHQ-9 was 12.1 "
        f"(95{NB}% interval 10.6 to 14.6), from 17.5 in the same 30 courses at the start.")


def test_where_no_later_point_has_half_it_says_so():
    said = words.sentence(made(one(n=(40, 19, 10))), PHQ9)
    assert said.startswith("In week 2, where fewer than half of those who started have a score, the mean PHQ-9 was 9.0")
    assert said.endswith("in the same 10 courses at the start (unstable: fewer than 20).")


def test_exactly_half_is_half_and_twenty_are_stable():
    said = words.sentence(made(one(n=(40, 20, 19))), PHQ9)
    assert said.startswith("In week 1, the last point with half") and "unstable" not in said


def test_of_more_points_with_half_the_last_is_spoken_of():
    assert words.sentence(made(one(n=(40, 30, 25))), PHQ9).startswith("In week 2, the last point with half")


def test_an_interval_that_is_not_known_is_not_said():
    whole = one()
    assert "interval" not in words.sentence(made(replace(whole, low=whole.low * NAN)), PHQ9)


@pytest.mark.parametrize(("windows", "begins"), [(SESSIONS, "After 1 session, the"), (VISITS, "At “<b>mid”, the")])
def test_sessions_and_visits_are_named_in_the_sentence(windows, begins):
    assert words.sentence(made(windows=windows), PHQ9).startswith(begins)


@pytest.mark.parametrize(("n", "is_said"), [(4, False), (5, True)])
def test_a_mean_of_fewer_than_five_is_not_said(n, is_said):
    said = words.sentence(made(one(n=(6, n, 0), started=6)), PHQ9)
    assert ("12.1" in said) is is_said
    assert ("no later point holds 5 courses or more, too few for a mean" in said) is not is_said


def test_nobody_starts():
    nobody = made(one(n=(0, 0, 0), started=0), left_out={"not_a_case": 100})
    assert words.sentence(nobody, PHQ9).startswith("No course to count") and words.remaining(nobody) == ""
    assert words.who(nobody, PHQ9) == "0 of 100 courses start the curve; 100 scored below 10 at the start."


def test_groups_are_named_with_their_counts_at_a_point_that_each_can_show():
    groups = [one(stratum={"site": "North"}), one(n=(30, 8, 6), started=30, stratum={"site": None})]
    said = words.sentence(made(groups=groups, n_groups=2), PHQ9)
    assert said == (f"In week 1 the mean PHQ-9 was North 12.1 (30 of 40) and {points_words.group_name(groups[1])} 12.1 "
                    "(8 of 30, unstable). The groups may differ in more than this.")
    few = one(n=(4, 2, 1), started=4, stratum={"site": "X"})
    assert "No group holds 5" in words.sentence(made(groups=[few], n_groups=1), PHQ9)
    assert "X" not in words.sentence(made(groups=[groups[0], few], n_groups=2), PHQ9)


def test_who_remains_and_how_they_differ():
    assert words.remaining(made()) == (
        "Fewer than half of the 40 courses that started have a score from week 2 on: hollow marks and broken lines. "
        "In week 2 they are 10: at the start 16.3 points on average, all who started 18.0; 6 of the 10 still had a "
        "session then or later, of all who started 8.")


def test_who_remains_without_sessions_and_with_all_there():
    whole = one(n=(40, 39, 20), n_treated=np.full(3, -1))
    said = words.remaining(made(whole))
    assert said.startswith("At every point half or more of the 40 courses") and said.endswith("all who started 18.0.")


def test_points_below_half_are_named_or_counted():
    assert "have a score in week 1: hollow" in words.remaining(made(one(n=(40, 5, 30))))
    assert "have a score after 2 sessions and on:" in words.remaining(made(windows=SESSIONS))
    names, last = points_words.window_names(day_windows(90)), 13
    assert words._at(names, np.array([1, 12, last])) == "in days 1–3 and from week 11 on"
    assert words._at(names, np.array([1, 3, last])) == "in days 1–3, in week 2 and from week 12 on"
    assert words._at(names, np.array([1, 3, 5, last])) == "at 4 of 14 points"
    assert words._at(names, np.arange(14)) == "from start on"


def test_who_starts_and_who_does_not():
    assert words.who(made(), PHQ9) == (
        "40 of 100 courses start the curve; 20 boosters; 40 scored below 10 at the start.")


def test_the_legend_says_which_score_stands_for_a_course():
    assert "middle half" in words.legend(made(), has_band=True)
    assert "middle half" not in words.legend(made(), has_band=False)
    assert "last score of each course" in words.legend(made(), has_band=False)
    assert "first score of each course" in words.legend(made(windows=SESSIONS), has_band=False)
    assert "scores at that visit" in words.legend(made(windows=VISITS), has_band=False)
    assert "more than one course" not in words.legend(made(), has_band=False)
    clustered = one(is_clustered=np.array([False, True, False]))
    assert "more than one course" in words.legend(made(clustered), has_band=False)
    assert "table" not in words.legend(made(), has_band=False)
    weeks = made(windows=day_windows(90))
    assert "table" in words.legend(weeks, has_band=False)
    assert "table" not in words.legend(weeks, has_band=False, n_lines=3)


def test_groups_that_are_not_drawn_are_said():
    groups = [one(stratum={"site": str(place)}) for place in range(7)]
    assert words.more_groups(made(groups=groups, n_groups=9)) == "The 7 largest of 9 groups are drawn."
    assert words.more_groups(made(groups=groups, n_groups=7)) == ""


def test_the_table_has_every_point_with_who_is_not_there():
    found = made()
    head, rows = points_words.header(found, None), points_words.rows(found, None)
    assert [len(row) for row in rows] == [len(head)] * 3
    assert rows[1] == ("Week 1", "days 4–10", "30", "12.1", "10.6 to 14.6", "8.1 to 15.1", "11.6", "17.5",
                       "1", "3", "6", "")
    assert rows[2][-1] == "fewer than half, unstable"


def test_the_table_keeps_a_mean_of_few_back():
    rows = points_words.rows(made(one(n=(40, 4, 0))), None)
    assert rows[1][2:8] == ("4", "–", "–", "–", "–", "–") and rows[1][-1] == "fewer than half, too few for a mean"
    assert rows[2][2:8] == ("0", "–", "–", "–", "–", "–")


def test_the_table_of_groups_names_them_and_gives_sessions_once():
    shares = SessionShares(40, {"induction": np.array([40, 20, 0]), "booster": np.array([0, 0, 1])}, True)
    found = made(groups=[one(stratum={"site": "North"})], n_groups=1)
    head, rows = points_words.header(found, shares), points_words.rows(found, shares)
    assert {len(row) for row in rows} == {len(head)} and len(rows) == 6
    assert rows[1][0] == "All courses" and rows[1][-2:] == (f"20 (50{NB}%)", f"0 (0{NB}%)")
    assert rows[4][0] == "North" and rows[4][-2:] == ("", "")


@pytest.mark.parametrize(("started", "text"), [(4, "2 of 4"), (5, f"2 (40{NB}%)")])
def test_shares_of_sessions_of_few_courses_are_counts(started, text):
    shares = SessionShares(started, {"induction": np.array([2, 2, 2])}, False)
    assert points_words.rows(made(one(n=(started, 0, 0), started=started)), shares)[0][-1] == text


def test_a_pointer_over_a_mark_says_its_point():
    texts = points_words.hover(one(n=(40, 30, 4)), points_words.window_names(DAYS))
    assert texts[1] == f"All courses, week 1: mean 12.1 (95{NB}% interval 10.6 to 14.6), 30 of 40 courses"
    assert texts[2] == ""
    last = points_words.hover(one(), points_words.window_names(DAYS))[2]
    assert last.endswith("10 of 40 courses; fewer than half, unstable")
    assert points_words.share_hover("booster", np.array([2]), 40, ("week 1",)) == (
        f"boosters, week 1: 2 (5{NB}%) of 40 courses",)


@pytest.mark.parametrize(("n", "is_firm"), [((20, 20, 20), True), ((40, 19, 19), False)])
def test_a_point_is_full_with_half_and_with_twenty(n, is_firm):
    assert points_words.is_firm(one(n=n, started=38))[1] == is_firm
    assert not points_words.is_firm(one(n=(10, 10, 10), started=10))[0]
    assert not points_words.is_firm(one(n=(100, 49, 50), started=100))[1]
    assert points_words.is_shown(one(n=(5, 4, 0))).tolist() == [True, False, False]


def test_sessions_under_the_axis_are_explained():
    shares = SessionShares(1, {}, True)
    assert "a booster is a course of its own" in words.sessions_sentence(shares, "day")
    said = words.sessions_sentence(replace(shares, has_boosters=False), "session")
    assert "of that number" in said and "booster" not in said


def test_titles():
    assert words.title(PHQ9, "day") == "PHQ-9 by day"
    assert words.title(PHQ9, "session", "site") == "PHQ-9 by session, each site"


# --- mood and pain -----------------------------------------------------------------------------------


def pair(cells, n_patients=None, first=None, second=None):
    """Cells: both, first alone, second alone, neither."""
    flags = [pairs for pairs, n in zip(((1, 1), (1, 0), (0, 1), (0, 0)), cells, strict=True) for _ in range(n)]
    table = agreement([a for a, _ in flags], [b for _, b in flags])
    second = replace(made(second or one()), instrument=PAIN.key, measure="pain_30")
    return Beside(made(first or one()), second, table, n_patients or sum(cells), 7)


def test_mood_and_pain_in_one_sentence():
    said = beside_words.beside_sentence(pair((10, 5, 5, 10)), PHQ9, PAIN)
    assert said == ("Of 40 courses that start both curves, from the start to week 1: PHQ-9 18.0 to 12.1 (30 scores) "
                    f"and {PAIN.title} 18.0 to 12.1 (30 scores).")


def test_mood_and_pain_of_few_or_nobody():
    nobody, few = one(n=(0, 0, 0), started=0), one(n=(6, 4, 0), started=6)
    empty = pair((0, 0, 0, 0), first=nobody, second=nobody)
    assert "No course starts" in beside_words.beside_sentence(empty, PHQ9, PAIN)
    assert "too few for a mean" in beside_words.beside_sentence(pair((1, 1, 1, 1), first=few, second=few), PHQ9, PAIN)
    lower = one(n=(40, 4, 10))
    assert "no later point holds enough" in beside_words.beside_sentence(pair((1, 1, 1, 1), second=lower), PHQ9, PAIN)


def test_agreement_in_words_with_kappa():
    said = beside_words.agreement_sentence(pair((10, 5, 3, 12)), PHQ9, PAIN)
    assert said.startswith(f"Of 30 courses judged at the endpoint on both, 10 responded on both scales, 5 on PHQ-9 "
                           f"alone, 3 on {PAIN.title} alone and 12 on neither: the same on both in 73{NB}%.")
    assert f"kappa 0.47, 95{NB}% interval 0.15 to 0.78" in said and "repeat" not in said
    assert "2 are repeat courses" in beside_words.agreement_sentence(pair((10, 5, 3, 12), 28), PHQ9, PAIN)
    assert "1 is a repeat course" in beside_words.agreement_sentence(pair((10, 5, 3, 12), 29), PHQ9, PAIN)


@pytest.mark.parametrize(("cells", "percent", "kappa"), [((1, 1, 1, 1), False, False), ((2, 1, 1, 1), True, False),
                                                         ((8, 4, 3, 4), True, False), ((8, 4, 4, 4), True, True)])
def test_agreement_of_few_courses_is_counts(cells, percent, kappa):
    said = beside_words.agreement_sentence(pair(cells), PHQ9, PAIN)
    assert ("%" in said.partition("Beyond")[0]) is percent and ("kappa" in said) is kappa
    assert ("unstable" in said) is (5 <= sum(cells) < 20)


def test_agreement_of_nobody_and_of_one_answer():
    assert "No course is judged" in beside_words.agreement_sentence(pair((0, 0, 0, 0)), PHQ9, PAIN)
    said = beside_words.agreement_sentence(pair((30, 0, 0, 0)), PHQ9, PAIN)
    assert "kappa" not in said and "same one answer" in said


def test_the_four_cells_have_their_sums():
    assert beside_words.agreement_header(PAIN)[1] == f"{PAIN.title}: responded"
    assert beside_words.agreement_rows(pair((10, 5, 3, 12)), PHQ9) == (
        ("PHQ-9: responded", "10", "5", "15"), ("PHQ-9: did not respond", "3", "12", "15"),
        ("Courses", "13", "17", "30"))


def test_the_table_of_both_scales():
    head, rows = beside_words.beside_table(pair((1, 0, 0, 0), second=one(n=(40, 3, 30))), PHQ9, PAIN)
    assert {len(row) for row in rows} == {len(head)}
    assert rows[1] == ("Week 1", "30", "12.1", "10.6 to 14.6", "3", "–", "–", "fewer than half, too few for a mean")
    assert rows[0][-1] == ""
    same = beside_words.beside_table(pair((1, 0, 0, 0)), PHQ9, PAIN)[1]
    assert same[2][-1] == "fewer than half, unstable"


def test_what_responding_means_on_either_scale():
    said = beside_words.measures_sentence(pair((1, 0, 0, 0)), PHQ9, PAIN)
    assert "50" in said and "30" in said
    assert beside_words.beside_who(pair((1, 0, 0, 0)), PHQ9, PAIN).endswith("7 courses more on PHQ-9 alone.")
