"""Sentences and rows of the bridge, of definitions side by side, of published figures and of those lost."""

from __future__ import annotations

import re

import pytest

from analytics.definitions.instruments import BUILT_IN
from analytics.definitions.old_ways import ANSWERS, OURS, QUESTIONS, USUAL_WAYS, Way
from analytics.definitions.rules import PRESETS, rule_set
from analytics.results.bridge import bridge
from analytics.results.missing import missing
from analytics.results.published import REASONS, published
from analytics.results.recount import Counted
from analytics.results.side_by_side import side_by_side
from analytics.results.summary import summarize
from analytics.results.what_if import ALTERNATIVES, what_if
from analytics.wording import bridge as bridge_words
from analytics.wording import missing as missing_words
from analytics.wording import published as published_words
from analytics.wording import side_by_side as side_words
from tests.drawn import induction, outcomes_of, score

PHQ9 = BUILT_IN["phq9"]


def cohort(*pairs, **keywords):
    scores, sessions = [], []
    for number, (baseline, endpoint) in enumerate(pairs):
        scores += [score(f"p{number:02d}", 0, baseline)] if baseline is not None else []
        scores += [score(f"p{number:02d}", 30, endpoint)] if endpoint is not None else []
        sessions += induction(f"p{number:02d}")
    return outcomes_of(scores, sessions, **keywords)


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{MINUS SIGN}", "-").replace("\N{EN DASH}", "-")


MIXED = [(20, 9)] * 6 + [(20, 15)] * 4 + [(9, 8)] * 5 + [(20, None)] * 5


def test_why_it_is_not_the_number_we_used_to_say():
    found = bridge(cohort(*MIXED), USUAL_WAYS["first_to_last"], "phq9")
    sentences = [plain(one) for one in bridge_words.bridge_sentences(found)]
    assert sentences[0] == (
        "Counted before by: who counts: each patient once (the first course), however mild; which score before: the "
        "first score on file; which score after: the last score on file, whenever it was; what of those lost: left "
        "out; what is success: any improvement.")
    assert sentences[1] == ("The old way gives 100 % (15 of 15). By the rules in force 60 % responded (6 of 10): 40 "
                            "percentage points lower.")
    assert sentences[2] == (
        "Who counts. Not each patient once (the first course), however mild, but courses, boosters aside, that scored "
        "10 or more at the start. 5 courses fewer count, and 100 % stays 100 %.")
    assert sentences[6] == (
        "What is success. Not any improvement, but improved by at least 50 % of the starting score. The same number of "
        "courses count, and 100 % becomes 60 %.")
    assert sentences[-1].startswith("Every step is a count of its own")


def test_an_old_answer_that_is_ours_in_other_words_says_so():
    sentences = [plain(one) for one in bridge_words.bridge_sentences(bridge(
        cohort(*MIXED), Way(lost="left_out", success="half"), "phq9"))]
    assert sentences[2] == ("What of those lost. Left out, then as now. The same number of courses count, and 60 % "
                            "stays 60 %.")
    assert "at least 50 % of the starting score, then as now." in sentences[3]
    failed = bridge(cohort(*MIXED, settings={"missing": "failure"}), Way(lost="left_out", success="third"), "phq9")
    texts = bridge_words.bridge_sentences(failed)
    assert not any("then as now" in one for one in texts)
    pain = outcomes_of([score("a", 0, 8, instrument="pain_nrs"), score("a", 30, 4, instrument="pain_nrs")],
                       induction("a"))
    for measure, success, is_same in (("pain_30", "third", True), ("pain_30", "half", False),
                                      ("pain_50", "half", True), ("pain_2_points", "half", False)):
        found = bridge(pain, Way(success=success), "pain_nrs", measure=measure)
        assert bridge_words.is_same(found.steps[0], found) is is_same


def test_the_changes_of_the_waterfall_add_up_on_paper():
    of = cohort(*[(20, 9)] * 7, *[(20, 12)] * 6, *[(9, 4)] * 5, *[(12, None)] * 3, (20, 21))
    for way in USUAL_WAYS.values():
        rungs = bridge_words.waterfall(bridge(of, way, "phq9"))
        moved = [int(plain(one.change)) for one in rungs if one.change]
        shown = [int(plain(one.shown).removesuffix(" %")) for one in rungs]
        assert shown[0] + sum(moved) == shown[-1]
        rows = bridge_words.bridge_rows(bridge(of, way, "phq9"))
        assert all(len(row) == len(bridge_words.BRIDGE_HEADER) for row in rows)
        assert rows[0][0] == "The old way" and rows[0][4] == ""


def test_few_courses_have_no_percentage():
    found = bridge(cohort((20, 9), (9, 4), (20, 15)), Way("patients"), "phq9")
    both = "The old way gives 2 of 3; by the rules in force 1 of 2 responded."
    assert bridge_words.bridge_sentences(found)[1] == both
    assert bridge_words.waterfall(found)[1].shown == "too few for a percentage"
    assert bridge_words.waterfall(found)[1].before is None
    assert "1 course fewer counts: 2 of 3 becomes 1 of 2." in bridge_words.bridge_sentences(found)[2]
    assert bridge_words.rate(Counted(0, 0)) == "no course to count"
    assert plain(bridge_words.change(Counted(1, 5), Counted(3, 5))) == "+40"
    assert plain(bridge_words.change(Counted(3, 5), Counted(1, 5))) == "-40"
    assert bridge_words.change(Counted(3, 5), Counted(3, 5)) == "0"
    assert bridge_words.change(Counted(1, 4), Counted(3, 5)) == ""


def test_what_cannot_be_counted_says_why_and_nothing_else():
    alone = outcomes_of([score("a", 0, 20), score("a", 30, 5)], preset="first_last")
    found = bridge(alone, Way(before="worst"), "phq9")
    assert bridge_words.waterfall(found) == ()
    assert bridge_words.bridge_sentences(found) == (
        "Which score before, the worst score up to day 0, however long ago: cannot be counted, because the files hold "
        "no session, so nobody knows what came before treatment and what after.",)
    same = bridge(alone, Way(), "phq9")
    assert bridge_words.bridge_sentences(same)[0] == "Counted before as now."


def test_every_answer_and_every_way_has_words():
    for question in QUESTIONS:
        for key in ANSWERS[question]:
            assert bridge_words.answer(question, key)
            assert bridge_words.answer(question, key) != key
        for preset in (*PRESETS, "clinic"):
            assert bridge_words.our_answer(question, rule_set(preset), PHQ9, "response")
    assert bridge_words.answer("after", "visit-week-4") == "the score of the visit “week 4”"
    assert set(bridge_words.WAY_TITLES) == set(USUAL_WAYS)
    assert set(bridge_words.QUESTION_TITLES) == set(QUESTIONS)
    assert bridge_words.answer("who", OURS) == "as the rules in force have it"


@pytest.mark.parametrize(("settings", "question", "words"), [
    ({"eligible": "all"}, "who", "courses, boosters aside, with a score at the start"),
    ({"complete_inductions_only": "yes", "first_course_only": "yes"}, "who",
     "complete inductions that scored 10 or more at the start, the first of each patient"),
    ({}, "before", "the last score, day -30 to day 0"),
    ({"baseline_window": ".."}, "before", "the last score"),
    ({"baseline_visit": "pre"}, "before", "the score of the visit pre"),
    ({}, "after", "last score 1-31 days after the last induction session"),
    ({"missing": "failure"}, "lost", "counted as not better"),
])
def test_our_answers(settings, question, words):
    assert plain(bridge_words.our_answer(question, rule_set("induction", settings.items()), PHQ9, "response")) == words


def test_definitions_side_by_side_are_rows():
    found = side_by_side(cohort(*MIXED), "phq9")
    rows = [tuple(map(plain, row)) for row in side_words.measure_rows(found, PHQ9)]
    assert rows[0][:5] == ("Response", "improved by at least 50 % of the starting score", "60 %", "6 of 10", "31-83 %")
    assert all(len(row) == len(side_words.MEASURES_HEADER) for row in rows)
    agreed = [tuple(map(plain, row)) for row in side_words.agreement_rows(found)]
    assert agreed[1][:6] == ("Response and remission", "0", "6", "0", "4", "40 %")
    assert all(len(row) == len(side_words.AGREEMENT_HEADER) for row in agreed)
    sentence = side_words.agreement_sentence(found.agreements[1])
    assert sentence == ("Of 10 courses judged by both, 0 had response and remission, 6 response alone, 0 remission "
                        "alone and 4 neither.")
    presets = [tuple(map(plain, row)) for row in side_words.preset_rows(found)]
    assert presets[0][0] == "Induction (in force)"
    assert presets[0][2:5] == ("60 %", "6 of 10", "67 %")
    assert all(len(row) == len(side_words.PRESETS_HEADER) for row in presets)
    assert plain(side_words.presets_sentence(found, PHQ9)).startswith("Between ")


def test_a_kappa_has_two_decimals_and_its_interval():
    pairs = [(20, 4)] * 6 + [(20, 9)] * 3 + [(20, 15)] * 6
    found = side_by_side(cohort(*pairs), "phq9")
    row = next(row for row in side_words.agreement_rows(found) if row[0] == "Response and remission")
    # 12 of 15 agree, and 0.6 * 0.4 + 0.4 * 0.6 would by chance: (0.80 - 0.48) / (1 - 0.48).
    assert plain(row[6]).startswith("0.62 (")


def test_two_measures_nobody_is_judged_by():
    found = side_by_side(cohort((20, None), (9, 4)), "phq9")
    assert side_words.agreement_sentence(found.agreements[0]).startswith("No course is judged by both response and")
    assert side_words.presets_sentence(found, PHQ9).startswith("Fewer than two of the rules")


def test_presets_that_cannot_be_applied_say_why():
    alone = outcomes_of([score("a", 0, 20), score("a", 30, 5)], preset="first_last")
    notes = {row[0]: row[5] for row in side_words.preset_rows(side_by_side(alone, "phq9"))}
    assert notes["Induction"] == "The files hold no session."
    assert notes["Clinic: by indication"].startswith("Without sessions")


def test_what_if_in_rows_and_one_sentence():
    of = cohort(*MIXED)
    found = what_if(of.tables, of.rules, "phq9")
    rows = [tuple(map(plain, row)) for row in side_words.what_if_rows(found)]
    assert rows[0] == ("As the rules in force have it", "6 of 10", "60 %", "", "")
    missing_row = next(row for row in rows if row[0] == "A missing endpoint is: counted as not better")
    assert missing_row[1:] == ("6 of 15", "40 %", "+5", "-20")
    assert all(len(row) == len(side_words.WHAT_IF_HEADER) for row in rows)
    assert plain(side_words.what_if_sentence(found)).startswith("Of the settings asked about, one moves the rate most")
    few = cohort((20, 9))
    assert side_words.what_if_sentence(what_if(few.tables, few.rules, "phq9")).startswith("1 of 1 courses: too few")
    for setting in ALTERNATIVES:
        assert setting in side_words.SETTINGS


def test_published_figures_beside_ours():
    found = published(cohort(*MIXED))
    strict = [plain(one) for one in published_words.published_sentences(found[0])]
    assert strict[0] == ("McInnes 2022, J Affect Disord 301:486 prints response 53.6 % (288 of 537); our courses by "
                         "their rules: 40 % (6 of 15), 95 % interval 20-64 %, unstable: fewer than 20.")
    assert strict[1].endswith("our courses by their rules: 0 % (0 of 15), 95 % interval 0-20 %, unstable: fewer than "
                              "20.")
    rows = [tuple(map(plain, row)) for row in published_words.published_rows(found)]
    assert rows[0][:6] == ("McInnes 2022, J Affect Disord 301:486", "Response", "53.6 % (288 of 537)", "40 %",
                           "20-64 %", "6 of 15")
    assert rows[3][2] == "26 %"
    assert all(len(row) == len(published_words.PUBLISHED_HEADER) for row in rows)
    by_key = {one.benchmark.key: [plain(text) for text in published_words.published_sentences(one)] for one in found}
    assert by_key["sakurai_2020"][0] == ("Sakurai 2020, J Affect Disord prints response 18.3 % (15 of 82). It was "
                                         "measured with the QIDS-SR16, which our files do not hold.")
    assert by_key["alnefeesi_2022"][0].startswith(
        "Alnefeesi 2022 (meta-analysis) prints response 45.0 % (plus or minus 10.0 %) and remission 30.0 % (plus")
    assert "Kaplan-Meier" in by_key["oliver_2022"][0]
    assert by_key["pfeiffer_2024"][-1].startswith("Not certain, from memory or not")


def test_published_rows_without_a_course_of_ours():
    nobody = published(cohort(*[(20, None)] * 3))[0]
    said = published_words.published_sentences(nobody)[0]
    assert said.endswith("No course of ours is left by their rules. Of 3 courses: 3 lost to follow-up.")
    few = plain(published_words.published_sentences(published(cohort((20, 9)))[0])[0])
    assert few.endswith("of our courses 1 of 1 by their rules, too few for a percentage.")
    assert set(published_words._WHY_NOT) | {"no_instrument", "nobody"} == set(REASONS)


def test_what_may_be_said_and_what_not():
    of = cohort(*[(20, 9)] * 20, *[(20, 15)] * 12, *[(20, None)] * 4)
    summary = summarize(of)
    result, harm = summary.result("phq9", "response"), summary.result("phq9", "worsening")
    rules = of.rules
    said = {who: plain(text) for who, text in published_words.may_be_said(result, PHQ9, rules, harm)}
    assert said["Inside"] == (
        "PHQ-9: 63 % of courses responded (20 of 32, 95 % interval 45-77 %); 4 courses were lost to follow-up. Rule: "
        "last score 1-31 days after the last induction session.")
    assert said["Public"] == "Not yet: it is not of first inductions alone."
    first = rule_set("induction", [("kinds", "induction")])
    public = plain(dict(published_words.may_be_said(result, PHQ9, first, harm))["Public"])
    assert public.endswith("0 % got worse (0 of 32).")
    assert published_words.public_lacks(result, first) == ("the share that got worse does not stand beside it",)
    sentences = published_words.may_not_be_said(result, PHQ9)
    assert any("“success”" in one for one in sentences)
    assert "Not without the 4 who were lost: they may have fared otherwise." in sentences


@pytest.mark.parametrize(("n", "lost", "is_enough"), [(30, 7, True), (29, 7, False), (30, 8, False), (32, 8, True)])
def test_the_gate_of_the_public(n, lost, is_enough):
    of = cohort(*[(20, 9)] * n, *[(20, None)] * lost, settings={"kinds": "induction"})
    summary = summarize(of)
    lacks = published_words.public_lacks(summary.result("phq9", "response"), of.rules,
                                         summary.result("phq9", "worsening"))
    assert (lacks == ()) is is_enough


def test_nothing_may_be_said_of_nobody():
    result = summarize(cohort((20, None))).result("phq9", "response")
    assert published_words.may_be_said(result, PHQ9, rule_set("induction"))[0][1].startswith("No course to count")
    assert published_words.may_not_be_said(result, PHQ9)


def test_those_lost_in_rows_and_sentences():
    found = missing(cohort(*MIXED), "phq9", "response")
    rows = [tuple(map(plain, row)) for row in missing_words.reading_rows(found)]
    assert rows[0] == ("are left out", "6 of 10", "60 %")
    assert rows[1] == ("had all failed", "6 of 15", "40 %")
    assert rows[-1] == ("had fared in the worst or in the best way", "6 to 11 of 15", "40 % to 73 %")
    assert all(len(row) == len(missing_words.READINGS_HEADER) for row in rows)
    assert all(len(row) == len(missing_words.WHO_HEADER) for row in missing_words.who_rows(found))
    sentences = [plain(one) for one in missing_words.missing_sentences(found, PHQ9)]
    assert sentences[0] == ("For the rate of all to stay what it is among those followed (60 %), 3 of the 5 lost must "
                            "be courses that responded (60 %).")
    assert sentences[2] == ("For the rate of all to be 50 %, 2 of the 5 lost must be courses that responded (40 %).")
    assert sentences[3].startswith("At the start those lost had a mean PHQ-9 of 20.0, those followed of 20.0.")
    assert sentences[4].endswith("more, at the same rate, would make the interval 20 percentage points wide.")


def test_nobody_followed_nobody_lost_and_nobody_at_all():
    all_lost = missing(cohort(*[(20, None)] * 6), "phq9", "response")
    assert missing_words.missing_sentences(all_lost, PHQ9) == (
        "All 6 courses that should have been judged were lost: nothing can be said.",)
    assert missing_words.reading_rows(all_lost)[0][2] == "no course to count"
    none_lost = missing_words.missing_sentences(missing(cohort(*[(20, 9)] * 6), "phq9", "response"), PHQ9)
    assert none_lost[0] == "Nobody was lost."
    nobody = missing(cohort((9, 4)), "phq9", "response")
    assert missing_words.missing_sentences(nobody, PHQ9) == ("No course to count with PHQ-9.",)
    mean = missing(cohort(*MIXED), "phq9", "mean_improvement")
    assert [plain(row[2]) for row in missing_words.reading_rows(mean)] == ["8.6 points", "5.7 points"]
    harm = [row[0] for row in missing_words.reading_rows(missing(cohort(*MIXED), "phq9", "worsening"))]
    assert harm == ["are left out", "had fared in the worst or in the best way"]


@pytest.mark.parametrize("pairs", [((20, None),), ((20, 9),), ((9, 4),), ((None, None), (20, 9))])
def test_no_sentence_or_row_ever_says_nan_or_none(pairs):
    of = cohort(*pairs)
    texts = [*bridge_words.bridge_sentences(bridge(of, USUAL_WAYS["best_ever"], "phq9"))]
    found = side_by_side(of, "phq9")
    for rows in (side_words.measure_rows(found, PHQ9), side_words.agreement_rows(found), side_words.preset_rows(found),
                 side_words.what_if_rows(what_if(of.tables, of.rules, "phq9")),
                 published_words.published_rows(published(of))):
        texts += [cell for row in rows for cell in row]
    for measure in ("response", "mean_improvement", "worsening"):
        lost = missing(of, "phq9", measure)
        texts += [*missing_words.missing_sentences(lost, PHQ9)]
        texts += [cell for row in (*missing_words.reading_rows(lost), *missing_words.who_rows(lost)) for cell in row]
    for one in published(of):
        texts += published_words.published_sentences(one)
    assert not [one for one in texts if re.search(r"\b(nan|None)\b", one)]
