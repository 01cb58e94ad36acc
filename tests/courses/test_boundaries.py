"""The boundary table of the definitions, both sides of every line."""

from __future__ import annotations

import pytest

from tests.drawn import flag, induction, outcomes_of, reason, row_of, score


def paired(baseline: float, endpoint: float, instrument: str = "phq9", **settings: str):
    scores = [score("a", 0, baseline, instrument=instrument), score("a", 30, endpoint, instrument=instrument)]
    return outcomes_of(scores, induction("a"), settings=settings)


@pytest.mark.parametrize(
    ("baseline", "endpoint", "response", "remission", "improved", "worsened"),
    [
        (20, 10, True, False, True, False),
        (20, 9, True, False, True, False),
        (10, 5, True, False, False, False),
        (27, 14, False, False, True, False),
        (27, 13, True, False, True, False),
        (11, 5, True, False, True, False),
        (10, 16, False, False, False, True),
        (10, 15, False, False, False, False),
        (12, 4, True, True, True, False),
    ],
)
def test_a_case_is_judged_exactly(baseline, endpoint, response, remission, improved, worsened):
    of = paired(baseline, endpoint)
    assert [flag(of, name) for name in ("response", "remission", "reliable_improvement", "reliable_deterioration")] == [
        response, remission, improved, worsened]


def test_nine_to_four_is_left_out_because_nine_is_not_a_case():
    of = paired(9, 4)
    assert reason(of) == reason(of, "remission") == "not_a_case"
    assert flag(of, "reliable_improvement") is False
    everyone = paired(9, 4, eligible="all")
    assert flag(everyone, "response") is True
    assert flag(everyone, "remission") is True


def test_four_to_two_cannot_remit():
    of = paired(4, 2, eligible="all")
    assert flag(of, "response") is True
    assert reason(of, "remission") == "already_in_remission"
    assert flag(of, "reliable_improvement") is False


@pytest.mark.parametrize("endpoint", [0, 5])
def test_a_baseline_of_zero_has_no_percent_change(endpoint):
    of = paired(0, endpoint, eligible="all")
    assert reason(of) == reason(of, "partial_response") == "baseline_zero"
    assert reason(of, "follow_up") is None
    assert reason(of, "remission") == "already_in_remission"
    assert row_of(of)["improvement"] == -endpoint
    assert flag(of, "worsening") is (endpoint > 0)
    assert flag(of, "reliable_deterioration") is False


@pytest.mark.parametrize(("baseline", "endpoint", "partial"), [
    (20, 15, True), (20, 16, False), (20, 11, True), (20, 10, False)])
def test_partial_response_is_a_quarter_to_less_than_half(baseline, endpoint, partial):
    assert flag(paired(baseline, endpoint), "partial_response") is partial


@pytest.mark.parametrize(("endpoint", "important"), [(15, True), (16, False)])
def test_smallest_important_change_is_five_points(endpoint, important):
    assert flag(paired(20, endpoint), "important_change") is important


def test_thirty_percent_of_seven_is_reached_at_four_point_nine():
    of = paired(7.0, 4.9, "pain_nrs")
    assert flag(of, "pain_30", instrument="pain_nrs") is True
    assert flag(of, "response", instrument="pain_nrs") is True
    assert flag(of, "pain_2_points", instrument="pain_nrs") is True
    assert flag(paired(7.0, 4.91, "pain_nrs"), "pain_30", instrument="pain_nrs") is False


@pytest.mark.parametrize(("endpoint", "two_points", "half"), [(2, True, True), (2.1, False, False), (3, False, False)])
def test_pain_two_points_and_half(endpoint, two_points, half):
    of = paired(4, endpoint, "pain_nrs_worst")
    assert flag(of, "pain_2_points", instrument="pain_nrs_worst") is two_points
    assert flag(of, "pain_50", instrument="pain_nrs_worst") is half


@pytest.mark.parametrize(("endpoint", "important"), [(60, True), (61, False)])
def test_two_points_of_ten_are_twenty_millimetres(endpoint, important):
    assert flag(paired(80, endpoint, "pain_vas"), "pain_2_points", instrument="pain_vas") is important


@pytest.mark.parametrize(("baseline", "endpoint", "response"), [(40, 60, True), (40, 59, False), (48, 24, False)])
def test_on_who5_higher_is_better(baseline, endpoint, response):
    of = paired(baseline, endpoint, "who5")
    assert flag(of, "response", instrument="who5") is response
    assert row_of(of, instrument="who5")["improvement"] == endpoint - baseline
    assert flag(of, "worsening", instrument="who5") is (endpoint < baseline)


@pytest.mark.parametrize(("baseline", "expected"), [(49, None), (50, "not_a_case")])
def test_a_case_on_who5_lies_below_fifty(baseline, expected):
    assert reason(paired(baseline, 90, "who5"), instrument="who5") == expected


@pytest.mark.parametrize(("instrument", "baseline", "endpoint", "remits"), [
    ("qids_sr16", 20, 5, True), ("qids_sr16", 20, 6, False), ("bdi2", 30, 9, True), ("bdi2", 30, 10, False),
    ("hamd17", 25, 7, True), ("hamd17", 25, 8, False), ("phq9", 20, 4, True), ("phq9", 20, 5, False),
    ("madrs", 30, 10, True), ("madrs", 30, 11, False), ("ybocs", 30, 12, True), ("ybocs", 30, 13, False),
    ("wsas", 30, 9, True), ("wsas", 30, 10, False), ("pcl5", 50, 31, True), ("pcl5", 50, 32, False)])
def test_the_remission_line_of_each_instrument(instrument, baseline, endpoint, remits):
    assert flag(paired(baseline, endpoint, instrument), "remission", instrument=instrument) is remits


@pytest.mark.parametrize(("instrument", "baseline", "expected"), [
    ("phq9", 10, None), ("phq9", 9, "not_a_case"), ("gad7", 10, None), ("gad7", 9, "not_a_case"),
    ("qids_sr16", 11, None), ("qids_sr16", 10, "not_a_case"), ("bdi2", 14, None), ("bdi2", 13, "not_a_case"),
    ("hamd17", 17, None), ("hamd17", 16, "not_a_case"), ("pain_nrs", 4, None), ("pain_nrs", 3, "not_a_case"),
    ("pain_vas", 40, None), ("pain_vas", 39, "not_a_case"), ("madrs", 20, None), ("madrs", 19, "not_a_case"),
    ("ybocs", 16, None), ("ybocs", 15, "not_a_case"), ("wsas", 10, None), ("wsas", 9, "not_a_case"),
    ("pcl5", 32, None), ("pcl5", 31, "not_a_case"), ("peg", 4, None), ("peg", 3.9, "not_a_case"),
    ("migraine_days", 4, None), ("migraine_days", 3, "not_a_case")])
def test_the_caseness_line_of_each_instrument(instrument, baseline, expected):
    assert reason(paired(baseline, 1, instrument), instrument=instrument) == expected


def test_a_cut_off_can_be_set():
    assert reason(paired(9, 4, **{"phq9.caseness": "8"})) is None
    assert flag(paired(12, 5, **{"phq9.remission_below": "6"}), "remission") is True
    assert flag(paired(12, 5, **{"phq9.remission_at_most": "5"}), "remission") is True
    assert flag(paired(20, 15, **{"phq9.response_fraction": "0.25"}), "response") is True
    assert flag(paired(20, 15, **{"phq9.reliable_change": "5"}), "reliable_improvement") is True


@pytest.mark.parametrize(("baseline", "endpoint", "response"), [(50, 40, True), (50, 41, False), (40, 32, False)])
def test_a_response_on_the_pcl5_is_ten_points(baseline, endpoint, response):
    of = paired(baseline, endpoint, "pcl5")
    assert flag(of, "response", instrument="pcl5") is response
    assert flag(of, "reliable_improvement", instrument="pcl5") is response


def test_points_are_compared_exactly():
    """6.3 - 5.3 is less than 1 in floating point, and is 1."""
    of = paired(6.3, 5.3, "bpi_interference")
    assert flag(of, "important_change", instrument="bpi_interference") is True
    of = paired(50.3, 40.3, "pcl5", **{"pcl5.response_points": "10"})
    assert flag(of, "response", instrument="pcl5") is True


def test_a_baseline_of_zero_cannot_respond_in_points_and_is_told():
    of = paired(0, 0, "pcl5", eligible="all")
    assert reason(of, instrument="pcl5") is None
    assert flag(of, "response", instrument="pcl5") is False
    share = paired(0, 0, "pcl5", eligible="all", **{"pcl5.response_fraction": "0.3"})
    assert reason(share, instrument="pcl5") == "baseline_zero"


@pytest.mark.parametrize(("instrument", "baseline", "endpoint", "response"), [
    ("ybocs", 20, 13, True), ("ybocs", 20, 14, False), ("peg", 7.0, 4.9, True), ("peg", 7.0, 5.0, False),
    ("migraine_days", 8, 4, True), ("migraine_days", 8, 5, False), ("madrs", 30, 15, True), ("madrs", 30, 16, False)])
def test_the_response_of_each_instrument(instrument, baseline, endpoint, response):
    assert flag(paired(baseline, endpoint, instrument), "response", instrument=instrument) is response
