"""Safety in words: neutral, with what each number rests on. Blank is unknown, never none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analytics.definitions.instruments import Instrument
from analytics.definitions.instruments_safety import CADSS
from analytics.definitions.safety import (
    READING_CHOICES,
    RISE_CHOICES,
    SESSION_MEASURES,
    SIDE_EFFECTS,
    PressureLines,
)
from analytics.wording.definitions import cut_off, outside_cut_off
from analytics.wording.numbers import (
    DASH,
    SMALLEST_SHOWN,
    count,
    isolated,
    listed,
    percent,
    percent_range,
    plural,
    score,
)
from analytics.wording.rates import NINETY_FIVE, TOO_FEW, UNSTABLE, Headline, Line, mark_of, overlap, ranged
from analytics.wording.rules import attribute, level

NO_ALERT = ("This page is no monitoring or alerting tool. It counts what the files hold on the day somebody looks; "
            "nobody is told when a number changes, and a low number does not say that a patient is safe.")
"""What the page says before any number."""

PHASES = {"all": "All sessions", "induction": "Induction", "maintenance": "Maintenance", "booster": "Boosters"}
READINGS = {f"{high}_{low}": f"{high} systolic or {low} diastolic" for high, low in READING_CHOICES}
RISES = {f"{high}_{low}": f"{high} systolic or {low} diastolic" for high, low in RISE_CHOICES}

NO_SESSIONS = ("The files hold no session, so there are no side effects, vital signs or doses to count. Add the file "
               "of sessions with the columns of the form: nausea, cadss_peak, systolic_peak, stopped_early and so on.")
NO_FORMS = "The files hold no side effect of any session: no column of the form is filled."
NO_CADSS = "Dissociation: the files hold no CADSS score of a session (column cadss_peak)."
NO_PRESSURE = ("Blood pressure: the files hold no reading during a session or before leaving (columns systolic_peak, "
               "diastolic_peak, systolic_leaving, diastolic_leaving).")
NO_SHARE = "no share: the files never say no"

_RARE = 0.1
"""Below this a share is shown with a decimal: 0.6 % and 1.4 % are not both about 1 %."""

_SESSION_REASONS = {
    "no_form": "without any form", "not_answered": "not answered on the form",
    "before_only": "with a reading before only", "no_reading_before": "without a reading before",
    "no_peak": "without a highest CADSS score",
    "not_above": f"never above {score(CADSS.ready_to_leave.value)}", "no_leaving": "without a score before leaving",
}
_COURSE_REASONS = {
    "booster": "boosters", "no_sessions": "without such a session", "no_form": "without an answer on any form",
    "not_assessed": "never measured", "no_baseline": "without a score at the start",
    "not_at_risk": "not in the group at the start", "items_missing": "item 9 unanswered at the start",
    "incomplete_induction": "induction not completed",
    "no_first_score": "without a score between session 1 and session 2",
    "first_missing": "item 9 unanswered after session 1",
}


def title(measure: str) -> str:
    """The name of a session measure."""
    return SESSION_MEASURES[measure].title


def harm_title(rate: Any, instrument: Instrument) -> str:
    """Of which instrument, and whether reliably worse or worse at all."""
    return f"{instrument.title}, {'at all' if rate.measure == 'worsening' else 'reliably'}"


def share_percent(fraction: float) -> str:
    """A share of harm: with a decimal where it is rare."""
    return percent(fraction, 1 if 0 < fraction < _RARE else 0)


def share_line(share: Any, name: str) -> Line:
    """A share in words under a title of the caller's; below five counted there is no percentage."""
    counts = f"{count(share.numerator)} of {plural(share.denominator, share.unit)}"
    if share.denominator == 0:
        return Line(name, DASH, f"no {share.unit} to count")
    if not share.says_no:
        return Line(name, count(share.numerator), NO_SHARE, n=share.denominator)
    if share.denominator < SMALLEST_SHOWN:
        return Line(name, f"{count(share.numerator)} of {count(share.denominator)}", TOO_FEW, n=share.denominator)
    interval = percent_range(share.low, share.high, 1 if share.high < _RARE else 0)
    return Line(name, share_percent(share.estimate), counts, interval, mark_of(share.denominator) or "", share.estimate,
                share.low, share.high, n=share.denominator)


def card_counts(share: Any) -> str:
    """Numerator and denominator alone, or why there is no share."""
    line = share_line(share, "")
    return f"{count(share.numerator)} of {count(share.denominator)}" if line.estimate is not None else line.counts


def stratum_line(share: Any) -> Line:
    """A share of one stratum: titled by its values."""
    return share_line(share, ", ".join(level(name, value) for name, value in share.stratum.items()))


def left_out_words(share: Any) -> str:
    """Who is not in a share, by reason; empty where nobody is left out."""
    words = _SESSION_REASONS if share.unit == "session" else _COURSE_REASONS
    return ", ".join(f"{count(number)} {words[key]}" for key, number in share.left_out.items())


def looked_words(looked: Any) -> str:
    """How many sessions, of whom."""
    which = {"all": "", "booster": " of boosters"}.get(looked.phase, f" of the {looked.phase} phase")
    return f"{plural(len(looked), 'session')}{which} of {plural(looked.n_patients, 'patient')}."


def forms_sentence(looked: Any, phase: str) -> str:
    """How many sessions have a filled form."""
    n = len(looked)
    which = {"all": "", "booster": " of boosters"}.get(phase, f" of the {phase} phase")
    elsewhere = looked.forms.n_elsewhere
    more = f" {plural(elsewhere, 'session')} of courses that the rules do not keep are not in it." if elsewhere else ""
    if not n:
        return f"There is no session{which} to look at.{more}"
    share = f" ({percent(looked.n_filled / n)})" if n >= SMALLEST_SHOWN else ""
    have = "has" if looked.n_filled == 1 else "have"
    return (f"{count(looked.n_filled)} of {plural(n, 'session')}{which} {have} a filled form{share}, of "
            f"{plural(looked.n_patients, 'patient')}. What is blank is unknown, never none.{more}")


def lead(looked: Any, found: Mapping[str, Sequence[Any]]) -> Headline:
    """The page's first lines where there is no score to speak of."""
    effects = found.get("any_effect")
    if not effects or not effects[0].denominator:
        return Headline(plural(len(looked), "session"), "No side effect is answered on any form.")
    shown = share_line(effects[0], "")
    return Headline(f"{shown.shown} of sessions had a side effect on record",
                    ". ".join(part[:1].upper() + part[1:] for part in (f"{shown.counts} with an answer", shown.mark)
                              if part) + ".")


MOST_NAMED = 8
"""Of more groups the lowest and the highest share are told alone."""


def harm_sentence(lines: Sequence[Line]) -> str:
    """What the shares of those who got worse say, without a ranking."""
    shown = [line for line in lines if line.estimate is not None]
    if not shown:
        return "No group has enough courses for a percentage."
    if len(shown) > MOST_NAMED:
        low, high = (choose(shown, key=lambda line: line.estimate) for choose in (min, max))
        unstable = sum(bool(line.mark) for line in shown)
        of_them = f", {count(unstable)} of them {UNSTABLE}" if unstable else ""
        return f"Got worse: between {low.shown} and {high.shown} of courses in {count(len(shown))} groups{of_them}."
    said = listed(f"{isolated(line.title)} {line.shown} ({_counts_of(line)})" for line in shown[:4])
    more = f"; {count(len(shown) - 4)} more below" if len(shown) > 4 else ""
    return f"Got worse: {said}{more}."


def strata_sentence(lines: Sequence[Line], by: str) -> str:
    """What a share by stratum says, without a ranking."""
    shown = [line for line in lines if line.estimate is not None]
    if not shown:
        return "No group has enough sessions for a percentage."
    if len(shown) == 1:
        return f"{isolated(shown[0].title)}: {shown[0].shown} of sessions ({_counts_of(shown[0])})."
    told, aside = ranged(shown, "session")
    low, high = min(line.estimate or 0 for line in told), max(line.estimate or 0 for line in told)
    return (f"Between {share_percent(low)} and {share_percent(high)} of sessions, by {attribute(by)}."
            f"{overlap(told)}{aside}")


def effects_sentence(found: Mapping[str, Sequence[Any]]) -> str:
    """What the side effects say: any, and the two that are recorded most often."""
    each = [found[effect.key][0] for effect in SIDE_EFFECTS if effect.key in found]
    shown = [share for share in each if share.says_no and share.denominator >= SMALLEST_SHOWN]
    any_effect = found.get("any_effect", [None])[0]
    if not shown or any_effect is None or any_effect.denominator < SMALLEST_SHOWN:
        return "No side effect is answered on enough forms for a percentage."
    most = sorted((share for share in shown if share.numerator), key=lambda share: -share.estimate)[:2]
    said = listed(f"{title(share.measure).lower()} ({share_percent(share.estimate)})" for share in most)
    ending = f"; most often {said}" if most else ""
    counts = _counts_of(share_line(any_effect, ""), f"{count(any_effect.numerator)} of {count(any_effect.denominator)}")
    return (f"{share_percent(any_effect.estimate)} of sessions with an answer ({counts}) have at least one side effect "
            f"on record{ending}.")


def only_yes_sentence(found: Mapping[str, Sequence[Any]]) -> str:
    """Which columns never say no; empty where all do."""
    names = [title(key).lower() for key, shares in found.items() if not shares[0].says_no]
    if not names:
        return ""
    return (f"To {listed(names)} the files say yes or nothing: whether a blank means no or not asked cannot be told, "
            "so no share is shown.")


RATES_HEADER = ("", "Of sessions", "", f"{NINETY_FIVE} interval", "Not in it", "Of courses", "",
                f"{NINETY_FIVE} interval", "Not in it", "")


def rates_row(session: Any, course: Any | None, name: str) -> tuple[str, ...]:
    """One measure as a row: per session, then per course."""
    one, other = share_line(session, name), share_line(course, name) if course is not None else None
    of_courses = ("",) * 4
    if other is not None and course is not None:
        of_courses = (other.shown, other.counts, other.interval, left_out_words(course))
    return (name, one.shown, one.counts, one.interval, left_out_words(session), *of_courses,
            one.mark or (other.mark if other else ""))


def clustered_note(has_courses: bool) -> str:
    """How the intervals are made."""
    courses = (" A course has it where at least one of its sessions has; boosters are in no rate per course."
               if has_courses else " Boosters are in no rate per course.")
    return ("Disc: of sessions; diamond: of courses. " if has_courses else "") + (
        f"{NINETY_FIVE} intervals count with patients who are in more than once (Wilson on the effective number)."
        f"{courses}")


def dissociation_sentence(found: Mapping[str, Sequence[Any]], has_leaving: bool) -> str:
    """How often CADSS rose above the line of leaving, and whether it was back."""
    above = found["cadss_above"][0]
    line, over, within = share_line(above, ""), outside_cut_off(CADSS.ready_to_leave), cut_off(CADSS.ready_to_leave)
    said = f"CADSS rose to {over} in {_shown_of(line)} with a score."
    if not has_leaving:
        return (f"{said} Whether it was back to {within} before leaving is unknown: the files hold no score from then "
                "(column cadss_leaving).")
    back = _shown_of(share_line(found["cadss_back"][0], ""))
    return f"{said} Of those and with a score before leaving, it was back to {within} in {back}."


def _shown_of(line: Line) -> str:
    return line.counts if line.shown == DASH else f"{line.shown} ({_counts_of(line)})"


def _counts_of(line: Line, counts: str = "") -> str:
    """Numerator and denominator, and that the share is unstable where it is."""
    return ", ".join(one for one in (counts or line.counts, line.mark) if one)


def pressure_lines_words(lines: PressureLines) -> str:
    """The lines in force, with their source."""
    return (f"Lines: {score(lines.systolic)} systolic or {score(lines.diastolic)} diastolic at any reading, or a rise "
            f"of more than {score(lines.systolic_rise)} or {score(lines.diastolic_rise)} mmHg from before "
            f"({lines.source}).")


def pressure_sentence(found: Mapping[str, Sequence[Any]]) -> str:
    """How many sessions are excursions, and by which criterion most often."""
    whole = share_line(found["pressure"][0], "")
    if whole.estimate is None:
        return f"Blood pressure excursions: {whole.shown} ({whole.counts})."
    criteria = sorted((found[key][0] for key in found if key.endswith(("_line", "_rise"))),
                      key=lambda share: -share.numerator)
    most = f"; most often by {title(criteria[0].measure).lower()} ({count(criteria[0].numerator)})" if (
        criteria and criteria[0].numerator) else ""
    return f"{whole.shown} of sessions are excursions of blood pressure ({_counts_of(whole)}){most}."
