"""The plain-language readings on a table of cases: one sentence of result, one of limits."""

from dataclasses import replace

import pytest

from analytics.definitions.instruments import BUILT_IN
from analytics.definitions.measures import MEASURES
from analytics.results.rates import Share
from analytics.wording import definitions, exhibits
from analytics.wording.flow import steps
from analytics.wording.rates import Line
from tests.wording.made import MEAN, RATE, rate
from tests.wording.test_numbers import plain

PHQ9 = BUILT_IN["phq9"]
OBSERVED = replace(RATE, numerator=288, denominator=737, estimate=288 / 737, low=0.356, high=0.427,
                   observed=Share(288, 537, 288 / 537, 0.494, 0.578), missing_as_failure=None)
WITHHELD = replace(RATE, numerator=None, denominator=None, estimate=None, low=None, high=None, left_out={},
                   missing_as_failure=None, withheld=True)


@pytest.mark.parametrize(("result", "said"), [
    (RATE, "Of 537 courses that could be judged, 288 responded: 54 %, and chance alone could make it anything from "
           "49 % to 58 %."),
    (OBSERVED, "Of 737 courses that should have been judged, 288 responded: 39 %, and chance alone could make it "
               "anything from 36 % to 43 %."),
    (rate(0, 30), "Of 30 courses that could be judged, 0 responded: 0 %, and chance alone could make it anything from "
                  "0 % to 10 %."),
    (rate(30, 30), "Of 30 courses that could be judged, 30 responded: 100 %, and chance alone could make it anything "
                   "from 90 % to 100 %."),
    (rate(12, 19), "Of 19 courses that could be judged, 12 responded: 63 %, and chance alone could make it anything "
                   "from 53 % to 73 %; fewer than 20 courses make it unstable."),
    (rate(12, 20), "Of 20 courses that could be judged, 12 responded: 60 %, and chance alone could make it anything "
                   "from 50 % to 70 %."),
    (rate(3, 4), "Of 4 courses that could be judged, 3 responded: too few for a percentage."),
    (rate(4, 5), "Of 5 courses that could be judged, 4 responded: 80 %, and chance alone could make it anything from "
                 "70 % to 90 %; fewer than 20 courses make it unstable."),
    (rate(1, 1), "Of 1 course that could be judged, 1 responded: too few for a percentage."),
    (rate(0, 0), "No course could be judged, so nothing can be said on how many responded."),
    (replace(rate(30, 40), low=None), "Of 40 courses that could be judged, 30 responded: 75 %."),
    (WITHHELD, "How many responded is not shown to this audience."),
    (replace(RATE, measure="worsening"), "Of 537 courses that could be judged, 288 got worse: 54 %, and chance alone "
                                         "could make it anything from 49 % to 58 %."),
])
def test_a_rate_is_read_in_one_sentence(result, said):
    assert plain(exhibits.rate_reading(result, PHQ9)) == said


@pytest.mark.parametrize(("result", "said"), [
    (RATE, "200 more should have been judged and were lost (had none of them made it: 39 %), and there is no control "
           "group."),
    (rate(20, 40), exhibits.NO_CONTROL), (OBSERVED, exhibits.NO_CONTROL), (WITHHELD, exhibits.NO_CONTROL),
    (replace(RATE, measure="worsening", missing_as_failure=None),
     "200 were lost and are not filled in: it may be more; there is no control group, so it does not say what "
     "treatment caused."),
    (rate(2, 40, measure="worsening"), "Nobody is filled in: it may be more; there is no control group, so it does not "
                                       "say what treatment caused."),
    (replace(RATE, measure="follow_up"), "Those who were followed up may differ from those who were lost."),
])
def test_what_a_rate_does_not_say_is_one_sentence(result, said):
    assert plain(exhibits.rate_limits(result)) == said


@pytest.mark.parametrize(("result", "said"), [
    (RATE, "54 % of courses responded on PHQ-9"), (rate(3, 4), "3 of 4 courses responded on PHQ-9"),
    (rate(0, 0), "No course to count on PHQ-9"), (WITHHELD, "Response on PHQ-9: not shown"),
])
def test_a_title_is_a_finding(result, said):
    assert plain(exhibits.rate_title(result, PHQ9)) == said


def line(title, estimate, n=40):
    mark = "" if n >= 20 else "unstable: fewer than 20"
    return Line(title, f"{estimate:.0%}" if estimate is not None else "3 of 4", "", "", mark, estimate, n=n)


@pytest.mark.parametrize(("lines", "said"), [
    ([line("N", 0.5), line("S", 0.4)], "Response by site: between 40 % and 50 %"),
    ([line("N", 0.5), line("S", 0.4), line("W", 0.9, 19)],
     "Response by site: between 40 % and 50 % in groups of 20 courses or more"),
    ([line("N", 0.5, 20), line("S", 0.4, 19)], "Response by site: between 40 % and 50 %, unstable"),
    ([line("N", 0.5), line("S", 0.5)], "Response by site: 50 % in each group"),
    ([line("N", 0.5), line("S", 0.5), line("W", 0.9, 19)],
     "Response by site: 50 % in each of the groups of 20 courses or more"),
    ([line("N", 0.5, 19), line("S", 0.5, 19)], "Response by site: 50 % in each group, unstable"),
    ([line("N", 0.5), line("S", None)], "Response by site: 50% in the one group that has enough courses"),
    ([line("N", None)], "Response by site: no group has enough courses"),
    ([], "Response by site: no group has enough courses"),
])
def test_groups_are_titled_by_their_range_and_never_ranked(lines, said):
    assert plain(exhibits.strata_title("response", ("site",), lines)) == said


def test_means_by_group_are_titled_in_points():
    lines = [line("N", 8.04), line("S", 6.5)]
    assert exhibits.strata_title("mean_improvement", ("site",), lines).endswith("between 6.5 and 8.0 points")


def test_harm_is_read_measure_by_measure():
    found = [replace(RATE, measure="worsening"), rate(1, 4, measure="item9_new"), rate(0, 0, measure="item9_increased"),
             replace(WITHHELD, measure="reliable_deterioration")]
    assert plain(exhibits.harm_reading(found)) == (
        "288 of 537 got worse (54 %), 1 of 4 newly endorsed item 9 and how many got reliably worse is not shown.")
    assert exhibits.harm_reading([rate(0, 0, measure="worsening")]) == "No course could be judged for harm."


def test_the_flow_is_read_with_its_commonest_reason():
    way = steps(RATE, PHQ9)
    assert plain(exhibits.flow_reading(RATE, way)) == (
        "Of 914 courses, 537 could be judged; the commonest reason among the others: 200 lost to follow-up.")
    assert exhibits.flow_reading(rate(4, 4), steps(rate(4, 4), PHQ9)).endswith("nobody left on the way.")
    one = rate(4, 4, courses=7, left_out={"no_endpoint": 3})
    assert exhibits.flow_reading(one, steps(one, PHQ9)) == "Of 7 courses, 4 could be judged; 3 lost to follow-up."


def test_bands_are_titled_by_the_gravest():
    labels = ["minimal", "severe"]
    assert plain(exhibits.bands_title(labels, [10, 30], [30, 10], PHQ9)) == (
        "Severe on PHQ-9: 75 % at the start, 25 % at the end")
    assert "too few for percentages" in exhibits.bands_title(labels, [1, 3], [3, 1], PHQ9)
    assert "too few" not in exhibits.bands_title(labels, [1, 4], [3, 2], PHQ9)


def test_the_context_pools_reasons_that_were_pooled():
    pooled = replace(RATE, left_out={"pooled": 377})
    assert exhibits.context(pooled, PHQ9, "Last score", None, "All courses") == (
        "537 of 914 courses counted; 377 left out for several reasons.", "Rules: Last score.", "As of the files' end.")
    unknown = replace(RATE, courses=None, left_out={})
    assert exhibits.context(unknown, PHQ9, "Last score", "2026-03-31", "site North") == (
        "537 courses counted.", "Filters: site North.", "Rules: Last score.", "As of 31 March 2026.")
    assert exhibits.context(WITHHELD, PHQ9, "Last score", None, "All courses")[0] == "Rules: Last score."
    counts = exhibits.context(MEAN, PHQ9, "Last score", None, "All courses")[0]
    assert counts.startswith("537 of 914 courses counted; 20 boosters")


def test_findings_are_counted_by_what_they_did():
    class Found:
        def __init__(self, severity):
            self.severity = severity

    assert exhibits.findings_title([]) == "Nothing was found in the files"
    assert exhibits.findings_title([Found("note")]) == "1 note on the files, nothing was lost"
    assert exhibits.findings_title([Found("note"), Found("drops_rows")]).startswith("1 finding in the files on rows")
    assert exhibits.findings_reading([]) == "The files hold nothing that the checks object to."
    assert exhibits.findings_reading([Found("note"), Found("drops_rows")]) == (
        "1 finding on rows or values that were not used and 1 note on things good to know.")


def test_a_published_figure_is_titled_only_where_ours_stands_beside_it():
    assert exhibits.published_title([], "response") == "No published figure can be set beside ours"
    assert exhibits.published_reading([], "response").startswith("Our courses cannot be counted")


def test_nothing_says_what_may_not_be_said():
    for key in MEASURES:
        for result in (replace(RATE, measure=key), replace(WITHHELD, measure=key)):
            if MEASURES[key].kind == "rate" and MEASURES[key].needs != "nhs":
                said = f"{exhibits.rate_title(result, PHQ9)} {exhibits.rate_reading(result, PHQ9)}".lower()
                assert not any(word in said for word in ("success", "cure", "recover", "significant", "effective"))
                assert definitions.outcome_verb(MEASURES[key]) in said or result.withheld
