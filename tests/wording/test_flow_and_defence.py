"""Where the courses went, and what stands on the sheet of a doubted number."""

from dataclasses import replace

import pytest

from analytics.definitions.instruments import BUILT_IN
from analytics.definitions.measures import LEFT_OUT, MEASURES
from analytics.definitions.rules import PRESETS
from analytics.results.rates import Share
from analytics.results.summary import Flow
from analytics.wording import defence, flow
from tests.wording.made import MEAN, RATE, rate
from tests.wording.test_numbers import plain

PHQ9 = BUILT_IN["phq9"]


def test_the_way_from_all_courses_to_those_counted():
    steps = flow.steps(RATE, PHQ9)
    assert [(step.remaining, step.label, step.left) for step in steps] == [
        (914, "courses", ""), (894, "inductions", "20 boosters"),
        (874, "measured with PHQ-9", "20 never measured with PHQ-9"),
        (813, "with a score at the start", "61 without a score at the start"),
        (753, "scored 10 or more at the start", "60 scored below 10 at the start"),
        (737, "due", "16 not yet due"), (537, "followed up", "200 lost to follow-up")]
    assert steps[-1].remaining == RATE.denominator


def test_the_same_way_in_a_word_or_two():
    assert [(step.short_label, step.short_left) for step in flow.steps(RATE, PHQ9)] == [
        ("courses", ""), ("inductions", "20 boosters"), ("with any PHQ-9", "20 never measured"),
        ("with a starting score", "61 without"), ("scored 10 or more", "60 milder"), ("due", "16 not yet due"),
        ("followed up", "200 lost to follow-up")]


@pytest.mark.parametrize("key", LEFT_OUT)
def test_every_reason_has_a_step(key):
    assert flow.still_in(key, PHQ9, MEASURES["item9_new"])
    assert all(len(words) <= 26 for words in flow.shortly(key, PHQ9, MEASURES["response"]))
    assert flow.still_in(key, BUILT_IN["who5"], MEASURES["response"])


def test_flow_sentences():
    assert flow.flow_sentence(RATE, PHQ9) == (
        "537 of 914 courses could be judged. 200 that should have been judged were lost to follow-up.")
    assert flow.flow_sentence(rate(3, 6), PHQ9) == "6 of 6 courses could be judged."
    assert flow.patients_sentence(Flow("phq9", 812, 0, 800, 914, ())) == "800 patients with 914 courses."
    assert flow.patients_sentence(Flow("phq9", 812, 12, 800, 914, ())) == (
        "800 patients with 914 courses. 12 patients of 812 in the files have neither a session nor a score.")


def said(result):
    return [plain(sentence) for sentence in defence.missing_sentences(result)]


def test_who_is_missing_and_what_if():
    assert said(RATE) == [
        "200 courses were lost to follow-up; 73 % of those who should have been judged were.",
        "If none of them had made it, the number would be 39 % (288 of 737).",
        "Whatever became of them, it lies between 39 % and 66 %.",
        "61 courses without a score at the start cannot be judged at all.",
        "16 courses are not yet due and will be counted later."]


def test_one_course_is_singular():
    one = replace(RATE, left_out={"no_baseline": 1, "not_due": 1, "no_endpoint": 1})
    assert said(one)[0].startswith("1 course was lost")
    assert "1 course is not yet due" in said(one)[-1]


def test_nobody_missing():
    assert said(rate(30, 60)) == ["Nobody was lost: every course that should have been judged has a score at the end."]
    assert said(rate(0, 0)) == ["Nobody who should have been judged is on record."]


def test_harm_is_not_filled_in():
    harm = replace(RATE, measure="worsening", missing_as_failure=None)
    assert "Harm is not filled in for those who are lost: counting them as unharmed would flatter." in said(harm)
    assert not any("If none" in sentence for sentence in said(harm))


def test_missing_as_failure_gives_those_seen():
    failing = replace(RATE, left_out={}, observed=Share(288, 537, 288 / 537, 0.49, 0.58))
    assert any("Of those with a score at the end alone it would be 54 % (288 of 537)." in one for one in said(failing))


def test_no_percentage_below_five():
    few = replace(rate(1, 4, left_out={"no_endpoint": 6}), bounds=(0.1, 0.7))
    assert not any("between" in sentence or "If none" in sentence for sentence in said(few))


def test_a_mean_if_the_lost_had_not_changed():
    assert "If those lost had not changed at all, it would be 5.9 points." in said(MEAN)
    unchanged = replace(MEAN, observed={"n": 400, "estimate": 9.0, "low": None, "high": None, "sd": None})
    assert any("it would be 9.0 points" in sentence for sentence in said(unchanged))
    assert not any("unchanged" in one or "had not" in one for one in said(replace(MEAN, missing_as_unchanged=None)))


def test_follow_up_speaks_of_itself():
    assert said(replace(RATE, measure="follow_up", left_out={}, bounds=None))[0] == (
        "This number is itself the share of courses that were followed up.")


def test_how_sure():
    assert [plain(one) for one in defence.sure_sentences(RATE, PRESETS["induction"])] == [
        "95 % interval 49–58 % (Wilson interval): chance alone in who came could move the number that far.",
        "Half of the end scores lie within 24 days of the last induction session.",
        "31 % of them ask about days that reach back into the induction."]
    few = replace(rate(1, 3), median_endpoint_day=None, looks_back=None)
    assert defence.sure_sentences(few, PRESETS["induction"]) == ("Too few for a percentage.",)
    assert "7.5 to 8.6 points (t interval)" in plain(defence.sure_sentences(MEAN, PRESETS["induction"])[0])
    unstable = replace(rate(6, 12), median_endpoint_day=None, looks_back=0.0)
    assert defence.sure_sentences(unstable, PRESETS["induction"])[1:] == ("Unstable: fewer than 20.",)


@pytest.mark.parametrize(("measure", "instrument", "word"), [
    ("remission", "phq9", "cured"), ("item9_new", "phq9", "no monitoring"), ("pain_30", "pain_nrs", "never pooled"),
    ("response", "phq9", "how long it lasts"), ("worsening", "phq9", "regression to the mean"),
])
def test_what_it_does_not_say(measure, instrument, word):
    sentences = " ".join(defence.limits_sentences(replace(RATE, measure=measure), BUILT_IN[instrument]))
    assert word in sentences and "no control group" in sentences


def test_what_it_says():
    assert plain(defence.what_it_says(RATE, PHQ9)) == (
        "PHQ-9: improved by at least 50 % of the starting score. Asked of courses that scored 10 or more at the start.")
    assert plain(defence.what_it_says(replace(RATE, measure="worsening", left_out={}), PHQ9)) == (
        "PHQ-9: ended with a worse score than at the start, by any amount.")
