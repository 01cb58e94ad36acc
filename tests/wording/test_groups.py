"""Groups, funnels and pictures of change in words."""

from dataclasses import replace

import numpy as np
import pytest

from analytics.definitions.instruments import BUILT_IN
from analytics.results.changes import Changes, Region
from analytics.results.clinical_significance import Classes, ClinicalSignificance
from analytics.results.funnels import FunnelPlot, Unit
from analytics.wording import changes, groups, rates
from tests.wording.made import MEAN, rate

SPACE = "\N{NO-BREAK SPACE}"


def lines(*counts):
    return [rates.drawn_line(rate(x, n, stratum={"site": name})) for (x, n), name in zip(counts, "ABCDE", strict=False)]


def means(*numbers):
    return [
        rates.drawn_line(replace(MEAN, stratum={"site": name}, estimate=one, low=one - 1, high=one + 1.5, n=60))
        for one, name in zip(numbers, "ABCDE", strict=False)
    ]


def test_the_title_names_measure_and_attributes():
    assert groups.title("response", ["site"]) == "Response by site"
    assert groups.title("mean_improvement", ["site", "kind"]) == "Improvement by site and kind of course"


def test_means_are_told_in_points_and_overlap_is_said():
    assert groups.sentence("mean_improvement", ["site"], means(8, 8.5)) == (
        "Between 8.0 and 8.5 points better on average, by site. All their intervals share a range, so the differences "
        "may be chance."
    )
    assert groups.sentence("mean_improvement", ["site"], means(2, 9)) == (
        "Between 2.0 and 9.0 points better on average, by site."
    )


def test_means_of_unstable_groups_are_left_aside():
    lines = means(8, 8.5, 20)
    said = groups.sentence("mean_improvement", ["site"], [*lines[:2], replace(lines[2], n=19)])
    assert said.startswith("Between 8.0 and 8.5 points") and said.endswith("1 group of fewer than 20 courses is left "
                                                                           "aside.")


def test_groups_without_a_mean_say_so():
    none = [rates.drawn_line(replace(MEAN, stratum={"site": "A"}, n=3))]
    assert groups.sentence("mean_improvement", ["site"], none) == "No value of site has enough courses for a mean."


def test_rates_are_told_without_a_ranking():
    said = groups.sentence("response", ["site"], lines((30, 60), (20, 60)))
    assert said.startswith(f"Between 33{SPACE}% and 50{SPACE}% of courses responded, by site.")


def test_small_groups_are_counted():
    cells = [rate(0, 0), rate(2, 4), rate(1, 4), rate(10, 19), rate(10, 20)]
    assert groups.small_groups(cells) == (
        "1 group has no course to count, 2 have fewer than 5 and no percentage and 1 is marked unstable (fewer than "
        "20)."
    )
    assert groups.small_groups([rate(10, 20)]) == ""


def test_a_row_has_every_number_that_may_be_shown():
    header = groups.header("response", ["site"])
    assert header[:2] == ("Site", "Response") and len(header) == len(
        groups.row(rate(30, 60, stratum={"site": "A"}), ["site"])
    )
    row = dict(zip(header, groups.row(rate(30, 60, stratum={"site": None}), ["site"]), strict=True))
    assert row["Site"] == "not recorded" and row["Response"] == f"50{SPACE}%" and row["Of those judged"] == "30 of 60"
    few = dict(zip(header, groups.row(rate(1, 4, stratum={"site": "A"}), ["site"]), strict=True))
    assert "%" not in "".join(few.values())


def test_a_cut_is_told_from_the_first_group_that_is_not_there():
    assert groups.cut_sentence(40, 40, "table") == ""
    assert groups.cut_sentence(1200, 40, "table") == "The first 40 of 1,200 groups; the table holds all of them."


def unit(value, place, side=0, **changes):
    return replace(Unit(value, 20, 40, None, None, None, None, 0.5, place, side), **changes)


def funnel(*units, **changes):
    nothing = np.empty((2, 0))
    return replace(
        FunnelPlot("site", "response", 0.5, units, np.empty(0), nothing, nothing, 1.0, False, 5, (), 0), **changes
    )


def test_a_funnel_says_who_lies_beyond_chance_and_that_chance_puts_some_there():
    said = groups.funnel_sentence(
        funnel(unit("North", "inside"), unit("South", "beyond_95", 1), unit(None, "beyond_998", -1))
    )
    assert (
        f"above: South (outside the 95{SPACE}% limits); below: not recorded (outside the 99.8{SPACE}% limits)" in said
    )
    assert f"Of 3, chance alone puts one in 20 outside the 95{SPACE}% limits." in said


def test_a_funnel_without_a_signal_or_without_anybody_says_that():
    assert groups.funnel_sentence(funnel(unit("North", "inside"))) == (
        f"None of 1 lies outside what chance explains around the common rate of 50{SPACE}%."
    )
    assert groups.funnel_sentence(funnel(unit("North", "too_small"))) == (
        "No site has 5 courses or more, so none is judged."
    )


def test_how_a_funnel_was_made_is_told():
    said = groups.funnel_context(funnel(phi=2.34, is_adjusted=True, n_not_recorded=3, why=("A reason.",)))
    for part in ("2.3 times", "observed / expected", "3 courses without a recorded site", "A reason."):
        assert part in said
    assert "times" not in groups.funnel_context(funnel())


def test_a_unit_says_its_counts_and_no_percentage_below_five():
    assert groups.funnel_text(unit("A", "inside"), 0.5) == f"50{SPACE}%, 20 of 40; within what chance explains"
    assert "%" not in groups.funnel_text(unit("A", "too_small", numerator=1, n=4), 0.5)
    adjusted = unit("A", "inside", expected=18.04, ratio=1.1086, low=0.7, high=1.52)
    assert "18.0 expected" in groups.funnel_text(adjusted, 0.5)
    assert groups.adjusted_rows(funnel(adjusted)) == (
        ("A", "20", "18.0", "1.11", "0.70 to 1.52", "within what chance explains"),
    )
    assert groups.adjusted_rows(funnel(unit("A", "too_small")))[0][2:5] == ("not known", "not known", "")


# --- change ------------------------------------------------------------------------------------------


def made(pairs, regions=(), *, is_higher_better=False, reached=None, n=None, is_thinned=False):
    baseline, endpoint, count = (np.array(one) for one in zip(*pairs, strict=True)) if pairs else (np.empty(0),) * 3
    total = int(count.sum())
    nothing = np.zeros(101)
    return Changes(
        total,
        baseline,
        endpoint,
        count,
        tuple(regions),
        np.empty(0),
        is_thinned,
        nothing if reached is None else reached,
        nothing,
        nothing,
        total if n is None else n,
        is_higher_better,
    )


def test_nobody_is_told_for_every_picture():
    for said in (
        changes.plane_sentence(made([])),
        changes.waterfall_sentence(made([])),
        changes.cumulative_sentence(made([]), 50),
    ):
        assert said == changes.NOBODY


def test_the_plane_counts_by_reliable_change_or_by_response_where_there_is_none():
    regions = [
        Region("improved", True, True, 3),
        Region("improved", False, False, 1),
        Region("worsened", False, False, 2),
    ]
    found = made([(20, 5, 6)], regions)
    assert changes.plane_sentence(found) == (
        "Of 6 courses: 4 reliably better, 0 without a reliable change and 2 reliably worse."
    )
    assert changes.region_rows(found)[0] == ("Reliably better", "yes", "yes", "3", f"50{SPACE}%")
    assert changes.plane_sentence(made([(20, 5, 6)], [Region(None, True, None, 2), Region(None, False, None, 4)])) == (
        "2 of 6 courses responded."
    )


@pytest.mark.parametrize(
    ("is_higher_better", "said"),
    [
        (False, "5 of 8 courses ended better than they started, 1 worse"),
        (True, "1 of 8 courses ended better than they started, 5 worse"),
    ],
)
def test_better_and_worse_follow_the_direction_of_the_scale(is_higher_better, said):
    found = made([(20, 5, 5), (20, 20, 2), (10, 16, 1)], is_higher_better=is_higher_better)
    assert changes.waterfall_sentence(found).startswith(said)
    assert changes.waterfall_sentence(found).endswith("2 the same.")


def test_a_thinned_waterfall_says_so():
    assert "evenly spaced ones are shown" in changes.waterfall_sentence(made([(20, 5, 5)], is_thinned=True))


def test_the_curve_is_read_at_the_response_line():
    reached = np.linspace(10, 0, 101)
    assert changes.cumulative_sentence(made([(20, 5, 10)], reached=reached), 30).startswith(
        f"70{SPACE}% improved by 30 % or more"
    )
    assert changes.cumulative_sentence(made([(20, 5, 4)], reached=reached), 50) == "Too few courses for a percentage."
    assert changes.curve_rows(made([(20, 5, 10)], reached=reached))[5] == ("50 %", "5", f"50{SPACE}%")


def classed(**changes):
    whole = Classes({}, 40, {"recovered": 10, "improved": 8, "unchanged": 22, "deteriorated": 0, "harmed": 0})
    nothing = np.empty(0)
    return replace(
        ClinicalSignificance(
            "bdi2", 40, 0.801, 30.0, 8.158, 5.147, "c", 21.01661, (whole,), nothing, nothing, nothing, nothing, ""
        ),
        **changes,
    )


def test_the_classes_say_what_they_rest_on():
    said = changes.significance_sentence(classed(), BUILT_IN["bdi2"])
    assert "10 recovered, 8 improved and 22 unchanged" in said and "deteriorated" not in said
    assert "beyond 10.1 points" in said and "cut-off c lies at 21.0" in said
    assert changes.significance_rows(classed())[0][1:] == ("10", f"25{SPACE}%")


def test_without_what_it_takes_the_reason_stands_there():
    found = classed(why="The reliability of this instrument is not known.", strata=())
    assert changes.significance_sentence(found, BUILT_IN["bdi2"]) == found.why
    assert changes.significance_rows(found) == ()
    assert changes.significance_context(found, BUILT_IN["bdi2"]) == ""
