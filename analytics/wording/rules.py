"""Rules and cohorts in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analytics.definitions.instruments import Instrument
from analytics.definitions.rules import MEAN_DAYS, OF_COURSES, PRESETS, Rules, RuleSet
from analytics.wording.definitions import cut_off, plural_points
from analytics.wording.numbers import listed, percent, score, window

KINDS = {
    "induction": "first inductions",
    "re_induction": "re-inductions",
    "incomplete": "incomplete inductions",
    "booster": "boosters",
    "assessed": "courses without sessions",
}

PRESET_TITLES = {
    "clinic": "Clinic: by indication",
    **{name: rules.title for name, rules in PRESETS.items()},
}

CHOICES = {
    "baseline_pick": {"last": "last score", "first": "first score", "worst": "worst score",
                      "mean_last_7_days": f"mean of the last {MEAN_DAYS} days"},
    "endpoint_pick": {"last": "last score", "closest": "score closest to a day",
                      "last_available": "last score there is"},
    "endpoint_anchor": {"last_induction_session": "the last induction session",
                        "last_session": "the last session", "day_0": "day 0"},
    "eligible": {"caseness": "cases at the start", "all": "everyone with a score"},
    "missing": {"observed": "left out", "failure": "counted as not better", "unchanged": "counted as unchanged"},
    "scoring": {"prorated": "filled in by its rule", "complete": "never filled in"},
}
"""The settings that choose among words, and the words."""

SETTINGS = {
    "gap_days": "A gap of more days than this starts a new course",
    "induction_gap_days": "Induction ends at a gap of more days than this",
    "induction_span_days": "Induction ends after this day",
    "induction_max_sessions": "Most sessions an induction can have",
    "planned_sessions": "Sessions planned for every induction",
    "complete_sessions": "Sessions that make an induction complete",
    "kinds": "Courses that count",
    "baseline_window": "Days in which the starting score lies (day 0 is the first session)",
    "baseline_pick": "Starting score",
    "baseline_visit": "Visit of the starting score",
    "endpoint_window": "Days in which the endpoint lies",
    "endpoint_pick": "Endpoint",
    "endpoint_anchor": "The endpoint's days count from",
    "endpoint_target_day": "Day the closest score is sought for",
    "endpoint_visit": "Visit of the endpoint",
    "complete_last_day_window": "Days in which the last session of a complete induction lies",
    "eligible": "Who is asked, for measures of benefit",
    "missing": "A missing endpoint is",
    "first_course_only": "Only the first counted course of each patient",
    "complete_inductions_only": "Only complete inductions",
    "drop_started_before": "Leave out patients who may have started before the files begin",
    "scoring": "Unanswered items are",
}
"""What each setting of the rules says on screen."""


_OF_INDEX = {"kinds": "one a patient", "baseline_pick": "first score that is a case",
             "endpoint_anchor": "the starting score"}
"""What settings that are not free say where an index score stands for the course."""


def setting(rules: Rules, key: str) -> str:
    """The value of one setting in words."""
    chosen = getattr(rules, key)
    if rules.counts_from_index and key in OF_COURSES:
        return _OF_INDEX.get(key, "does not apply")
    if key == "kinds":
        return listed(KINDS[kind] for kind in chosen)
    if key in CHOICES:
        return CHOICES[key][chosen]
    if key.endswith("_window"):
        return window(chosen)
    if isinstance(chosen, bool):
        return "yes" if chosen else "no"
    return "not set" if chosen is None else str(chosen)


def rules_sentence(rules: Rules) -> str:
    """One set of rules in one sentence: which score stands for after."""
    if rules.endpoint_visit is not None:
        start = f"visit {rules.baseline_visit}" if rules.baseline_visit is not None else "the first visit"
        sentence = f"From {start} to visit {rules.endpoint_visit}"
    else:
        sentence = _endpoint_words(rules)
    if rules.counts_from_index:
        return sentence + (" that is a case" if rules.eligible == "caseness" else "")
    return sentence + ("" if rules.eligible == "caseness" else ", everyone with a score at the start")


def _endpoint_words(rules: Rules) -> str:
    anchor = CHOICES["endpoint_anchor"][rules.endpoint_anchor]
    if rules.counts_from_index:
        anchor = "the first score"
    if rules.endpoint_window == (None, None):
        first = {"first": "First score", "worst": "Worst score"}
        return f"{first.get(rules.baseline_pick, 'Score before treatment')} to last score"
    if rules.endpoint_pick == "last_available":
        return f"Last score there is after {anchor}"
    pick = "Last score"
    if rules.endpoint_pick == "closest":
        pick = f"Score closest to day {score(rules.endpoint_target_day or 0)}"
    return f"{pick} {_window_after(rules.endpoint_window, anchor)}"


def _window_after(days: tuple[int | None, int | None], anchor: str) -> str:
    low, high = days
    if low is None or low < 0:
        return f"{window(days)} from {anchor}"
    return f"{low} days or more after {anchor}" if high is None else f"{window(days)} after {anchor}"


def rule_set_sentence(rule_set: RuleSet) -> str:
    """The rules in force in one line, as on the chip above every page."""
    if not rule_set.is_by_indication:
        return rules_sentence(rule_set.base)
    pain = rule_set.rules_for("pain_series")
    sentence = rules_sentence(rule_set.base)
    if pain.endpoint_window != rule_set.base.endpoint_window:
        sentence += f"; pain indications {window(pain.endpoint_window)}"
    return sentence


def became_sentence(rule_set: RuleSet) -> str | None:
    """Why other rules are in force than were asked for; missing when they are not."""
    if rule_set.requested is None or rule_set.requested == rule_set.preset:
        return None
    return (f"The files hold no session, so the rules “{PRESET_TITLES[rule_set.requested]}” "
            f"became “{PRESET_TITLES[rule_set.preset]}”.")


def cut_offs(instrument: Instrument) -> tuple[tuple[str, str, str], ...]:
    """Every cut-off of an instrument: what it is, its value in words, its source."""
    lines = [("Counts as a case at the start", cut_off(instrument.caseness), instrument.caseness.source),
             ("Response", f"{_response(instrument)} better than at the start", instrument.response.source)]
    if instrument.remission is not None:
        lines.append(("Remission", cut_off(instrument.remission), instrument.remission.source))
    if instrument.reliable_change is not None:
        lines.append(("Reliable change", f"{score(instrument.reliable_change.value)} points",
                      instrument.reliable_change.source))
    if instrument.important_change is not None:
        lines.append(("Smallest important change", f"{score(instrument.important_change.value)} points",
                      instrument.important_change.source))
    if instrument.nhs_caseness is not None:
        lines.append(("Counts as a case in the NHS set", cut_off(instrument.nhs_caseness),
                      instrument.nhs_caseness.source))
    return (*lines, *_jacobson_truax(instrument))


def _response(instrument: Instrument) -> str:
    return (plural_points if instrument.is_response_in_points else percent)(instrument.response.value)


def _jacobson_truax(instrument: Instrument) -> tuple[tuple[str, str, str], ...]:
    """What the classification of Jacobson and Truax takes, as far as it is known."""
    figures = (("Reliability", instrument.reliability), ("Mean of people who are well", instrument.functional_mean),
               ("Standard deviation of people who are well", instrument.functional_sd))
    known = [(title, f"{figure.value:g}", figure.source) for title, figure in figures if figure is not None]
    line = instrument.jt_cut_off
    return (*known, *([("Jacobson-Truax cut-off", line.value, line.source)] if line is not None else []))


WORST_WARNING = (
    "The worst score as the start makes improvement look larger than it is: after their worst day people tend to be "
    "better anyway (regression to the mean)."
)

NOT_RECORDED = "not recorded"


def category(name: str | None) -> str:
    """A value of an attribute; a missing one in words."""
    return NOT_RECORDED if name is None else str(name)


ATTRIBUTES = {
    "kind": "kind of course", "course_number": "number of the course", "n_sessions": "sessions of the course",
    "n_induction": "induction sessions", "start_year": "year of the start", "start_quarter": "quarter of the start",
    "start_month": "month of the start", "route_first": "first route", "route_last": "last route",
    "drug_first": "first drug", "drug_last": "last drug", "dose_start": "first dose", "dose_highest": "highest dose",
    "dose_last": "last dose", "age_band": "age band",
}
"""Columns that courses are given, in words."""


def attribute(name: str) -> str:
    """The name of an attribute in words: ours, or a header of the file with spaces for its underscores."""
    return ATTRIBUTES.get(name) or name.replace("_", " ").strip() or name


def level(name: str, value: str | None) -> str:
    """A value of an attribute; the kinds of course in words."""
    return KINDS.get(value or "", category(value)) if name == "kind" else category(value)


def cohort_sentence(where: Mapping[str, Sequence[str | None]]) -> str:
    """The filters in words: site North or South; route IV."""
    chosen = [f"{attribute(name)} {listed((level(name, one) for one in levels), 'or')}"
              for name, levels in where.items() if levels]
    return "; ".join(chosen) if chosen else "All courses"
