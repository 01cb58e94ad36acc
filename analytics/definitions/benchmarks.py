"""Published figures, each with the rules by which it was counted, so that other courses can be counted the same way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from analytics.definitions.instruments import CutOff

Success = Literal["response", "remission", "worsening"]


@dataclass(frozen=True)
class Figure:
    """One printed figure.

    Attributes
    ----------
    measure : ``remission`` is of all who are counted, those below the line from the start with the rest
    estimate : as printed, 0 to 1
    numerator, denominator : as printed; missing where the source prints a percentage alone
    margin : half the width of a printed interval, 0 to 1
    """

    measure: Success
    estimate: float
    numerator: int | None = None
    denominator: int | None = None
    margin: float | None = None


@dataclass(frozen=True)
class TheirRules:
    """How a source counted, in the words of ``rule_set``.

    Attributes
    ----------
    instrument : key of the scale
    preset, settings : the rules; windows count from the endpoint's anchor
    remission : the remission line of the source, where it printed a remission
    needs_sessions : whether nobody can count that way without the sessions
    needs_days : nor without the days
    """

    instrument: str
    preset: str
    settings: tuple[tuple[str, str], ...] = ()
    remission: CutOff | None = None
    needs_sessions: bool = True
    needs_days: bool = True


@dataclass(frozen=True)
class Benchmark:
    """One published row.

    Attributes
    ----------
    source : the citation as far as it is certain
    kind : ``endpoint`` of one cohort at one time; ``pooled`` over studies; ``ever_reached`` at any time, which is
        another figure and may stand beside a Kaplan-Meier curve only
    n : how many were counted
    window : how it was counted, in words
    rules : missing where no rules give the figure back
    differs : what is not the same however it is counted: patients, setting, treatment
    uncertain : what of the rules was taken from memory or is not printed where we could read it; said, never asserted
    """

    key: str
    source: str
    kind: Literal["endpoint", "pooled", "ever_reached"]
    n: int | None
    window: str
    figures: tuple[Figure, ...]
    rules: TheirRules | None
    differs: str
    uncertain: tuple[str, ...] = ()


_BELOW_5 = CutOff("<", 5, "Kroenke 2001, J Gen Intern Med 16:606")

_ALL = (
    Benchmark(
        "mcinnes_2022", "McInnes 2022, J Affect Disord 301:486", "endpoint", 537,
        "4 to 8 infusions within 7 to 28 days, PHQ-9 14 to 31 days after the last; 537 of 9,016 patients",
        (Figure("response", 0.536, 288, 537), Figure("remission", 0.289, 155, 537),
         Figure("worsening", 0.084, 45, 537)),
        TheirRules("phq9", "induction_strict", (), _BELOW_5),
        "Intravenous ketamine in many clinics of the United States; 6 of 100 patients had all that the count asks for.",
        ("the setting",)),
    Benchmark(
        "pfeiffer_2024", "Pfeiffer 2024, J Clin Psychiatry 85(1):23m14984", "endpoint", 215,
        "6 weeks after the first infusion, whoever had one; remission there is PHQ-9 of 5 or less",
        (Figure("response", 0.26), Figure("remission", 0.15)),
        TheirRules("phq9", "induction", (
            ("eligible", "all"), ("first_course_only", "true"), ("endpoint_anchor", "day_0"),
            ("endpoint_window", "28..56"), ("endpoint_pick", "closest"), ("endpoint_target_day", "42"),
            ("kinds", "induction,re_induction,incomplete"), ("phq9.remission_at_most", "5"),
        ), CutOff("<=", 5, "Pfeiffer 2024, J Clin Psychiatry 85(1):23m14984")),
        "Veterans in VA hospitals, intravenous, after many drugs had failed (6 trials in 20 years on average).",
        ("which scores near 6 weeks were taken: here the closest to day 42 of days 28 to 56",)),
    Benchmark(
        "hull_2022", "Hull 2022, J Affect Disord 314:59", "endpoint", 1247,
        "those who completed four sessions in 4 weeks and scored 10 or more at the start; PHQ-9 after the fourth",
        (Figure("response", 0.628), Figure("remission", 0.326)),
        TheirRules("phq9", "induction", (
            ("induction_max_sessions", "4"), ("complete_sessions", "4"), ("complete_inductions_only", "true"),
            ("induction_gap_days", "28"), ("first_course_only", "true"), ("endpoint_window", "1..14"),
            ("phq9.caseness", "10"), ("phq9.remission_below", "5")), _BELOW_5),
        "Tablets under the tongue at home with support by video; completers with enough scores alone.",
        ("how many days after the fourth session the last score lay: here 1 to 14",)),
    Benchmark(
        "sakurai_2020", "Sakurai 2020, J Affect Disord", "endpoint", 82, "six infusions in 3 weeks, QIDS-SR16",
        (Figure("response", 0.183, 15, 82),),
        TheirRules("qids_sr16", "induction", (
            ("eligible", "all"), ("first_course_only", "true"), ("complete_sessions", "6"),
            ("induction_max_sessions", "6"), ("induction_gap_days", "21"), ("induction_span_days", "21"),
            ("complete_inductions_only", "true"), ("endpoint_window", "1..14"))),
        "Intravenous ketamine in one university clinic.",
        ("the setting", "how many days after the sixth infusion the score lay: here 1 to 14",
         "volume and page of the source")),
    Benchmark(
        "wilkinson_2018", "Wilkinson 2018, J Clin Psychiatry", "endpoint", 44, "four infusions in 2 weeks",
        (Figure("response", 0.455, 20, 44), Figure("remission", 0.273, 12, 44)),
        TheirRules("madrs", "induction", (
            ("eligible", "all"), ("first_course_only", "true"), ("complete_sessions", "4"),
            ("induction_max_sessions", "4"), ("induction_span_days", "14"), ("complete_inductions_only", "true"),
            ("endpoint_window", "1..7")), CutOff("<=", 10, "convention")),
        "Intravenous ketamine in one university clinic.",
        ("the setting", "the scale: here the MADRS", "the remission line: here 10 or less",
         "how many days after the fourth infusion the score lay: here 1 to 7", "volume and page of the source")),
    Benchmark(
        "alnefeesi_2022", "Alnefeesi 2022 (meta-analysis)", "pooled", 2665, "mixed",
        (Figure("response", 0.45, margin=0.10), Figure("remission", 0.30, margin=0.059)), None,
        "Many studies with different scales, doses and days of the endpoint.", ("journal, volume and page",)),
    Benchmark(
        "oliver_2022", "Oliver 2022", "ever_reached", None, "response and remission reached at any time",
        (Figure("response", 0.72), Figure("remission", 0.38)), None,
        "Whoever reached it once counts, whatever came after.", ("journal, volume and page",)),
)

BENCHMARKS: Mapping[str, Benchmark] = {one.key: one for one in _ALL}
"""Every published row by key, the like of our own first."""


@dataclass(frozen=True)
class Fact:
    """Something else that was published; drawn only beside a result of the same kind."""

    key: str
    source: str
    about: Literal["durability", "pain"]
    statement: str
    estimate: float | None = None
    days: int | None = None
    is_from_memory: bool = False


FACTS = (
    Fact("mcinnes_4_weeks", "McInnes 2022, J Affect Disord 301:486", "durability",
         "about this share of responders without maintenance still responded", 0.8, 28),
    Fact("mcinnes_8_weeks", "McInnes 2022, J Affect Disord 301:486", "durability",
         "about this share of responders without maintenance still responded", 0.6, 56),
    Fact("pain_after_one", "Cohen 2018", "pain",
         "pain down by 30 % or more for at least 3 weeks after one infusion is the consensus reading of a positive "
         "outcome", 0.3, 21, is_from_memory=True),
    Fact("pain_after_series", "Cohen 2018", "pain",
         "pain down by 30 % or more for at least 6 weeks after a series is the consensus reading of a positive outcome",
         0.3, 42, is_from_memory=True),
)
"""Stored for the pages on durability and pain."""
