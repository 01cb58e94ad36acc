"""Safety in words: neutral, never resolved, no percentage of a handful, unknown said as unknown."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from analytics.definitions.instruments import BUILT_IN
from analytics.definitions.safety import CSSRS, PRESSURE_LINES, PressureLines
from analytics.results.safety import LevelCounts
from analytics.results.safety_exposure import Exposure
from analytics.results.safety_item9 import Item9Table
from analytics.results.safety_shares import SafetyShare
from analytics.results.safety_spread import DoseBand, DoseCourse, RouteMix, Spread, Spreads
from analytics.wording import safety, safety_amounts, safety_item9
from tests.wording.made import rate

SHARE = SafetyShare("nausea", "session", {}, 120, 12, 100, {"no_form": 15, "not_answered": 5}, 0.12, 0.07, 0.198,
                    "wilson_clustered")
SPREAD = Spread("IV", 40, 12, 50.0, 60.0, 70.0, 80.5, 90.0)


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{EN DASH}", "-")


def share(x, n, **changes):
    return replace(SHARE, numerator=x, denominator=n, estimate=x / n if n else None, low=0.01 if n else None,
                   high=0.02 if n else None, left_out={}, total=n, **changes)


def test_a_share_travels_with_counts_interval_and_reasons():
    line = safety.share_line(SHARE, "Nausea")
    assert (plain(line.shown), line.counts, plain(line.interval), line.mark) == (
        "12 %", "12 of 100 sessions", "7-20 %", "")
    assert safety.left_out_words(SHARE) == "15 without any form, 5 not answered on the form"


@pytest.mark.parametrize(("x", "n", "shown", "counts", "mark"), [
    (0, 0, "-", "no session to count", ""), (1, 4, "1 of 4", "too few for a percentage", ""),
    (1, 5, "20 %", "1 of 5 sessions", "unstable: fewer than 20"),
    (1, 19, "5.3 %", "1 of 19 sessions", "unstable: fewer than 20"), (1, 20, "5.0 %", "1 of 20 sessions", ""),
    (2, 20, "10 %", "2 of 20 sessions", ""), (1, 5000, "<0.1 %", "1 of 5,000 sessions", ""),
    (1, 1, "1 of 1", "too few for a percentage", ""),
])
def test_small_and_rare_shares(x, n, shown, counts, mark):
    line = safety.share_line(share(x, n), "")
    assert (plain(line.shown), line.counts, line.mark) == (shown, counts, mark)
    assert (line.estimate is None) is (n < 5)


def test_a_column_that_never_says_no_has_no_percentage():
    line = safety.share_line(share(7, 7, says_no=False), "Fatigue")
    assert (line.shown, line.counts, line.estimate) == ("7", "no share: the files never say no", None)
    said = safety.only_yes_sentence({"fatigue": [share(7, 7, says_no=False)], "nausea": [SHARE]})
    assert "To fatigue the files say yes or nothing" in said and "nausea" not in said
    assert safety.only_yes_sentence({"nausea": [SHARE]}) == ""


def test_what_is_blank_is_said_to_be_unknown():
    looked = SimpleNamespace(__len__=None, n_filled=1, n_patients=1, forms=SimpleNamespace(n_elsewhere=2), phase="all")
    looked = type("Looked", (), {**vars(looked), "__len__": lambda self: 7})()
    said = plain(safety.forms_sentence(looked, "all"))
    assert said == ("1 of 7 sessions has a filled form (14 %), of 1 patient. What is blank is unknown, never none. 2 "
                    "sessions of courses that the rules do not keep are not in it.")
    assert safety.looked_words(looked) == "7 sessions of 1 patient."


def test_the_page_says_that_it_is_no_alert():
    assert "no monitoring or alerting tool" in safety.NO_ALERT


def test_side_effects_are_named_most_frequent_first_and_by_no_adjective():
    found = {"any_effect": [share(40, 100)], "nausea": [share(12, 100)],
             "headache": [share(30, 100, measure="headache")], "vomiting": [share(3, 100, measure="vomiting")],
             "dizziness": [share(1, 3)], "fatigue": [share(9, 9, says_no=False)]}
    assert plain(safety.effects_sentence(found)) == (
        "40 % of sessions with an answer (40 of 100) have at least one side effect on record; most often headache "
        "(30 %) and nausea (12 %).")
    shaky = {"any_effect": [share(8, 14)], "nausea": [share(2, 14)]}
    assert "57 % of sessions with an answer (8 of 14, unstable: fewer than 20)" in plain(safety.effects_sentence(shaky))
    none = {"any_effect": [share(0, 100)], "nausea": [share(0, 100)]}
    assert plain(safety.effects_sentence(none)) == (
        "0 % of sessions with an answer (0 of 100) have at least one side effect on record.")
    for few in ({}, {"any_effect": [share(1, 4)], "nausea": [share(1, 4)]}):
        assert safety.effects_sentence(few) == "No side effect is answered on enough forms for a percentage."


@pytest.mark.parametrize("has_leaving", [True, False])
def test_the_return_of_dissociation_is_unknown_where_no_score_says_it(has_leaving):
    found = {"cadss_above": [share(75, 100)], "cadss_back": [share(70, 75)]}
    said = plain(safety.dissociation_sentence(found, has_leaving))
    assert said.startswith("CADSS rose to more than 4 in 75 % (75 of 100 sessions) with a score.")
    assert ("it was back to 4 or less in 93 % (70 of 75 sessions)" in said) is has_leaving
    assert ("is unknown" in said) is not has_leaving


def test_lines_of_blood_pressure_are_printed_with_their_source():
    assert safety.pressure_lines_words(PRESSURE_LINES) == (
        "Lines: 180 systolic or 110 diastolic at any reading, or a rise of more than 40 or 25 mmHg from before "
        "(convention).")
    assert "160 systolic or 100" in safety.pressure_lines_words(PressureLines(160, 100, 30, 20))
    found = {"pressure": [share(10, 100)], "systolic_line": [replace(share(7, 100), measure="systolic_line")],
             "diastolic_rise": [replace(share(4, 100), measure="diastolic_rise")]}
    assert plain(safety.pressure_sentence(found)) == (
        "10 % of sessions are excursions of blood pressure (10 of 100 sessions); most often by systolic reading (7).")
    assert "1 of 4" in safety.pressure_sentence({"pressure": [share(1, 4)]})


def test_a_row_holds_both_shares_and_both_reasons():
    course = replace(SHARE, unit="course", left_out={"booster": 3, "no_form": 1})
    row = [plain(cell) for cell in safety.rates_row(SHARE, course, "Nausea")]
    assert row == ["Nausea", "12 %", "12 of 100 sessions", "7-20 %", "15 without any form, 5 not answered on the form",
                   "12 %", "12 of 100 courses", "7-20 %", "3 boosters, 1 without an answer on any form", ""]
    assert len(safety.rates_row(SHARE, None, "Nausea")) == len(safety.RATES_HEADER) == len(row)


def test_groups_are_not_ranked_and_shared_ranges_are_said():
    lines = [safety.share_line(replace(SHARE, stratum={"site": name}), name) for name in ("South", "North")]
    assert "All their intervals share a range" in safety.strata_sentence(lines, "site")
    few = safety.share_line(share(19, 19), "West")
    assert plain(safety.strata_sentence([*lines, few], "site")) == (
        "Between 12 % and 12 % of sessions, by site. All their intervals share a range, so the differences may be "
        "chance. 1 group of fewer than 20 sessions is left aside.")
    assert safety.strata_sentence([], "site") == "No group has enough sessions for a percentage."
    assert safety.stratum_line(replace(SHARE, stratum={"site": None})).title == "not recorded"
    said = plain(safety.harm_sentence(lines))
    assert said == "Got worse: South 12 % (12 of 100 sessions) and North 12 % (12 of 100 sessions)."


def test_item_9_is_no_longer_endorsed_and_never_resolved():
    table = Item9Table(np.array([[90, 6, 0, 4], [10, 2, 0, 0], [3, 0, 1, 0], [0, 0, 0, 4]]), {}, 24.5)
    said = plain(safety_item9.table_sentence(table, "endpoint"))
    assert said == ("Of 120 courses with both answers, 20 endorsed item 9 at the start; 13 (65 %) of them no longer "
                    "did at the end. Of 100 at 0, 10 (10 %) newly endorsed it. The second score lies on day 24.5 "
                    "(median).")
    row = safety_item9.measures_row(rate(13, 20, measure="item9_resolved"), None, BUILT_IN["phq9"])
    assert row[0] == "Item 9 no longer endorsed" and len(row) == len(safety_item9.HEADER)
    assert "resolved" not in " ".join((said, *row, safety_item9.MEANING, *safety_item9.EXPLAINED.values()))
    same = replace(table, rates={"item9_resolved": rate(13, 20, measure="item9_resolved")})
    assert plain(safety_item9.table_sentence(same, "endpoint")) == said
    failures = replace(table, rates={"item9_resolved": rate(13, 61, measure="item9_resolved")})
    assert plain(safety_item9.table_sentence(failures, "endpoint")) == said + (
        " The rate of those who no longer endorse it counts 41 courses more, without an answer at the end, as still "
        "endorsing it, as these rules do.")
    nobody = Item9Table(np.zeros((4, 4), int), {}, None)
    assert "No course has an answer to item 9" in safety_item9.table_sentence(nobody, "first")
    few = Item9Table(np.array([[4, 0, 0, 0], [4, 0, 0, 0], [0] * 4, [0] * 4]), {}, 3.0)
    assert "%" not in safety_item9.table_sentence(few, "first")


def test_quantiles_below_five_are_not_shown():
    assert safety_amounts.spread_row(SPREAD, "IV") == ("IV", "40", "12", "50", "60", "70", "80.5", "90", "")
    assert safety_amounts.spread_row(replace(SPREAD, n=19), "IV")[-1] == "unstable: fewer than 20"
    assert safety_amounts.spread_row(replace(SPREAD, n=4), "IV") == ("IV", "4", "12", "", "", "", "", "", "too few")
    assert "too few" in safety_amounts.box_text(replace(SPREAD, n=4), "IV")
    assert safety_amounts.spread_sentence([replace(SPREAD, n=4)], "Minutes", ["IV"]) == (
        "Minutes: too few sessions for a median.")


def test_medians_of_groups_are_named():
    other = replace(SPREAD, group="nasal", median=95.0)
    assert safety_amounts.spread_sentence([SPREAD, other], "Minutes", ["IV", "nasal"]) == (
        "Minutes: medians between 70 (IV) and 95 (nasal).")
    assert safety_amounts.spread_sentence([SPREAD, SPREAD], "Minutes", ["IV", "IM"]) == (
        "Minutes: median 70 in every group.")
    assert safety_amounts.spread_sentence([SPREAD], "Minutes", ["IV"]) == (
        "Minutes: median 70, half between 60 and 80.5.")
    assert "3 without" in safety_amounts.spread_context(Spreads("minutes_until_ready", (SPREAD,), 40, 3))


def test_groups_have_names_where_nothing_is_recorded():
    assert safety_amounts.group_label(DoseBand("IV", 0.5, 0.75, "mg/kg")) == "IV, 0.5 to 0.75 mg/kg"
    assert safety_amounts.group_label(DoseBand(None, 84, 84, None)) == "no route, 84 without unit"
    assert safety_amounts.group_label(None) == "not recorded"
    assert (safety_amounts.number_label(8), safety_amounts.number_label(9)) == ("8", "9 or later")


def test_doses_and_routes_in_words():
    first, last = (replace(SPREAD, group=number, median=dose) for number, dose in ((1, 0.5), (9, 1.0)))
    course = DoseCourse("IV", "mg/kg", (first, last), 80)
    assert safety_amounts.dose_sentence(course) == (
        "IV, mg/kg: median 0.5 mg/kg at session 1, 1 mg/kg at session 9 or later (80 sessions).")
    few = DoseCourse(None, None, (replace(first, n=2),), 2)
    assert safety_amounts.dose_sentence(few) == (
        "Route not recorded, unit not recorded: 2 sessions, too few for a median.")
    mix = RouteMix(("IV", None), (1, 2), np.array([[15, 3], [5, 1]]))
    assert plain(safety_amounts.mix_sentence(mix)) == "Of 24 sessions: IV 75 % (18) and not recorded 25 % (6)."
    assert [plain(" ".join(row)) for row in safety_amounts.mix_rows(mix, ("1", "2"))] == [
        "1 15 (75 %) 5 (25 %) 20", "2 3 1 4"]


def test_sessions_a_year_say_how_time_is_measured():
    whole, one, two = (Exposure(year, 60, 10.0, 12, rate, 5.0, 7.0, 1) for year, rate in
                       ((None, 6.0), (1, 9.96), (2, 0.126)))
    assert safety_amounts.exposure_sentence((whole, one, two)) == (
        "6.0 sessions per patient-year over all observed time: 10.0 in the first year after the first session, 0.13 in "
        "the second.")
    assert safety_amounts.exposure_row(two)[1] == "0.13" and safety_amounts.exposure_row(whole)[0] == "all years"
    assert safety_amounts.exposure_row(replace(one, patients=4))[2] == "too few for a percentage"
    assert "the rate too high" in safety_amounts.exposure_context((whole,), "last_row")
    assert "1 patient without observed time is not in it" in safety_amounts.exposure_context((whole,), "as_of")
    nobody = Exposure(None, 0, 0.0, 0, None, None, None)
    assert "No patient has any observed time" in safety_amounts.exposure_sentence((nobody,))
    assert "nan" not in " ".join(safety_amounts.exposure_row(nobody))


def test_levels_are_counted_never_averaged():
    found = LevelCounts("cssrs_highest", tuple(range(7)), (40, 6, 3, 0, 0, 1, 0), (10, 4, 2, 0, 0, 1, 0), 12)
    assert safety_amounts.level_sentence(found, CSSRS) == (
        "10 of 50 sessions with a level are graver than 0, none; 12 sessions have none recorded. Levels are counted, "
        "never averaged (Posner 2011, Am J Psychiatry 168:1266).")
    assert plain(" ".join(safety_amounts.level_rows(found, CSSRS)[1])) == "1 wish to be dead 6 12.0 % 4"
    few = replace(found, n_sessions=(3, 1, 0, 0, 0, 0, 0))
    assert "%" not in " ".join(" ".join(row) for row in safety_amounts.level_rows(few, CSSRS))


def test_of_many_groups_the_lowest_and_the_highest_share_are_told():
    lines = [safety.share_line(share(place, 10 + 10 * (place > 4)), f"Ward {place}") for place in range(9)]
    assert plain(safety.harm_sentence(lines)) == (
        "Got worse: between 0 % and 40 % of courses in 9 groups, 5 of them unstable: fewer than 20.")
    assert "Ward 3" in safety.harm_sentence(lines[:8])


def test_one_group_alone_is_no_range():
    assert plain(safety.strata_sentence([safety.share_line(share(8, 14), "South")], "site")) == (
        "South: 57 % of sessions (8 of 14 sessions, unstable: fewer than 20).")
