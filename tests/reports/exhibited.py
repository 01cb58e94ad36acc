"""Reports to look at: a cohort drawn by hand, one whose texts would act if they could, and the sample."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import analytics
from analytics.reports.defend import Origin
from analytics.reports.exhibits import Answers, standard_report
from tests.drawn import attribute, induction, outcomes_of, score

SAMPLE = Path(__file__).parents[2] / "sample_data"
SHA = "ab" * 32

HOSTILE = (
    "=cmd|' /C calc'!A0", "<script>alert(1)</script>", "[x](javascript:alert(1))", "x" * 10_000, "שלום עולם",
    "🙂 smile", "bell\x07 and \u202eturned", "@SUM(1+1)*cmd", "\" onload=\"alert(1)", "&amp; {{7*7}} ${x} %s",
)
"""Values of an attribute that would act in a sheet, a page or a terminal, or break a layout."""


def cohort(values=("North", "South"), *, name="site", per_value=10, responders=6, item9=False):
    """Courses of one instrument: in every value so many responders (20 to 9), one worse (20 to 25), the rest 20 to 15;
    one more in each is lost."""
    scores, sessions, attributes = [], [], []
    for place, value in enumerate(values):
        for number in range(per_value + 1):
            patient = f"p{place:02d}{number:03d}"
            after = 9 if number < responders else 25 if number == responders else 15
            items = {"item9": 2} if item9 else {}
            scores.append(score(patient, 0, 20, row=2 + len(scores), **items))
            if number < per_value:
                scores.append(score(patient, 30, after, row=2 + len(scores), **({"item9": 0} if item9 else {})))
            sessions += induction(patient)
            attributes.append(attribute(patient, name, value))
    return outcomes_of(scores, sessions, attributes)


def answers_of(of, *, label="scores.csv", is_sample=False):
    """What exhibits are asked of."""
    return Answers(of, Origin(label, (("scores.csv", SHA),), of.rules, {}, is_sample=is_sample))


@cache
def drawn():
    """The report of the cohort drawn by hand: 12 of 20 responded, 2 got worse, 2 more were lost."""
    answers = answers_of(cohort(), is_sample=True)
    return standard_report(answers), answers.origin


@cache
def hostile():
    """The report of a cohort whose attribute and values would act if they could."""
    answers = answers_of(cohort(HOSTILE, name="=site<b>", per_value=6, responders=3), label="=1+1<i>.csv")
    return standard_report(answers, by=("=site<b>",)), answers.origin


@cache
def sample():
    """The report of the invented sample."""
    files = [SAMPLE / f"{name}.csv" for name in ("assessments", "sessions", "patients")]
    tables = analytics.load(files)
    of = analytics.outcomes(tables, analytics.rule_set("clinic"))
    origin = Origin("Invented sample data", tuple((one.name, one.sha256) for one in tables.files), of.rules, {},
                    is_sample=True)
    return standard_report(Answers(of, origin)), origin


def by_kind(exhibits, kind):
    """The first exhibit of a kind."""
    return next(one for one in exhibits if one.ask.kind == kind)
