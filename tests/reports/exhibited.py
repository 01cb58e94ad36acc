"""Reports to look at: a cohort drawn by hand, one whose texts would act if they could, and the sample."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import analytics
from analytics.reports.defend import Origin
from analytics.reports.exhibits import Answers, Ask, exhibit, standard_report
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


def watched(sites=None, *, lost=12, again=0, rounds=1):
    """Courses whose curves can be counted by hand; each site as (responded on day 14, on day 28, never).

    All start at 20. ``lost`` more of each site are last seen on day 20, at 15. Those of day 14 are seen again on day
    70: the first half still at 9, the others at 18. The first ``again`` of those who never did are seen on day 55, too.
    Everybody comes ``rounds`` times, 400 days apart.
    """
    scores, sessions, attributes = [], [], []
    sites = sites or {"North": (24, 24, 12), "South": (12, 24, 24)}
    for place, (site, (early, late, never)) in enumerate(sites.items()):
        seen = ([((14, 9), (70, 9 if one < early // 2 else 18)) for one in range(early)] + [((28, 8),)] * late
                + [((40, 15), (55, 15))] * again + [((40, 15),)] * (never - again) + [((20, 15),)] * lost)
        for number, later in enumerate(seen):
            patient = f"w{place}{number:03d}"
            for start in range(0, 400 * rounds, 400):
                scores += [score(patient, start + day, total, row=2 + len(scores)) for day, total in ((0, 20), *later)]
                sessions += induction(patient, start)
            attributes += [attribute(patient, "site", site), attribute(patient, "year", str(2023 + number % 2))]
    return outcomes_of(scores, sessions, attributes)


SIDES = (("North", {"site": ["North"]}), ("South", {"site": ["South"]}))


def page_asks(disclosure=None):
    """One ask or more for every kind beside those of the standard report, on the invented sample."""
    asks = (
        Ask("card", measure="remission"), Ask("card", measure="mean_improvement"), Ask("card", measure="nhs_recovery"),
        Ask("item9"), Ask("compare", sides=SIDES), Ask("compare", measure="mean_improvement", sides=SIDES),
        Ask("course"), Ask("course", by=("site",)), Ask("course", options=(("axis", "session"),)),
        Ask("response"), Ask("response", by=("site",), options=(("unit", "days"),)), Ask("durability"),
        Ask("durability", options=(("given", "maintenance"),)), Ask("trend"),
        Ask("trend", options=(("what", "volume"),)),
        Ask("trend", measure="mean_improvement"), Ask("effects"), Ask("pressure"), Ask("session", measure="nausea"),
        Ask("session", measure="any_effect", by=("site",)), Ask("amount", options=(("amount", "cadss"),)),
        Ask("amount", options=(("along", "route"), ("amount", "ready"))), Ask("amount", options=(("amount", "dose0"),)),
        Ask("routes"))
    return tuple(replace(one, disclosure=disclosure) for one in asks)


@cache
def pages():
    """Every exhibit of ``page_asks`` for the inside."""
    answers = sample_answers()
    return tuple(exhibit(answers, one) for one in page_asks()), answers.origin


@cache
def hostile_pages():
    """Curves, groups and a comparison of a cohort whose attribute and values would act if they could."""
    answers = answers_of(cohort(HOSTILE, name="=site<b>", per_value=6, responders=3), label="=1+1<i>.csv")
    by = ("=site<b>",)
    sides = tuple((value, {by[0]: [value]}) for value in HOSTILE[:2])
    asks = (Ask("course", by=by), Ask("response", by=by, options=(("unit", "days"),)), Ask("compare", sides=sides))
    return tuple(exhibit(answers, one) for one in asks), answers.origin


@cache
def sample_answers():
    """What exhibits of the invented sample are asked of."""
    files = [SAMPLE / f"{name}.csv" for name in ("assessments", "sessions", "patients")]
    tables = analytics.load(files)
    of = analytics.outcomes(tables, analytics.rule_set("clinic"))
    origin = Origin("Invented sample data", tuple((one.name, one.sha256) for one in tables.files), of.rules, {},
                    is_sample=True)
    return Answers(of, origin)


@cache
def sample():
    """The report of the invented sample."""
    return standard_report(sample_answers()), sample_answers().origin


def withheld():
    """An exhibit of which no number may be shown."""
    one = by_kind(drawn()[0], "strata")
    nothing = replace(one.chart, overall=None, series=tuple(
        replace(series, values=(None,) * 2, low=(None,) * 2, high=(None,) * 2, counts=(), hollow=())
        for series in one.chart.series))
    return replace(one, chart=nothing, context=("Fewer than 11 of them.", *one.context[-2:]))


def by_kind(exhibits, kind):
    """The first exhibit of a kind."""
    return next(one for one in exhibits if one.ask.kind == kind)
