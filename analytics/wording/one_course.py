"""Why one course counts as it does, in a sentence that names the scores and their days."""

from __future__ import annotations

from analytics.definitions.instruments import Instrument
from analytics.definitions.measures import MEASURES, Measure
from analytics.definitions.rules import Window
from analytics.results.one_course import Judged, OneCourse, Point, Scored
from analytics.wording.definitions import case_words, cut_off, outside_cut_off, plural_points
from analytics.wording.numbers import MINUS, count_plain, listed, percent, plural, score

KINDS = {"induction": "first induction", "re_induction": "re-induction", "incomplete": "incomplete induction",
         "booster": "booster", "assessed": "course without sessions"}
"""One course of each kind."""

COUNTS_AS = {
    "response": "a responder",
    "partial_response": "a responder in part",
    "remission": "a remission",
    "important_change": "noticeably better",
    "reliable_improvement": "reliably better",
    "reliable_deterioration": "reliably worse",
    "worsening": "worse",
    "pain_30": "pain down by 30 %",
    "pain_50": "pain down by 50 %",
    "pain_2_points": "pain down by 2 points",
    "item9_resolved": "item 9 no longer endorsed",
    "item9_reduced": "item 9 lower",
    "item9_new": "item 9 newly endorsed",
    "item9_increased": "item 9 higher",
    "follow_up": "followed up",
    "nhs_recovery": "NHS recovery",
    "nhs_reliable_improvement": "reliably better by the NHS rule",
    "nhs_reliable_deterioration": "reliably worse by the NHS rule",
    "nhs_no_reliable_change": "no reliable change by the NHS rule",
    "nhs_reliable_recovery": "reliable recovery by the NHS rule",
}
"""What a course counts as that has what a measure counts."""


def day_words(day: int | None) -> str:
    """A day from day 0: day -3."""
    return "" if day is None else f"day {MINUS if day < 0 else ''}{count_plain(abs(day))}"


def at(point: Point) -> str:
    """When a score was taken: (day -3), or the visit; empty where neither is known."""
    when = day_words(point.day) or (f"visit {point.visit}" if point.visit else "")
    return f" ({when})" if when else ""


def points_of(point: Point) -> str:
    """A score as it stands on the form; the mean of several to one decimal."""
    return score(round(point.total, 2))


def title(course: OneCourse) -> str:
    """Whose course it is, and the how-manieth."""
    return f"{course.code}, course {count_plain(course.number)}"


def about(course: OneCourse, *, with_date: bool) -> str:
    """What kind of course it is, when it began, and what was given."""
    parts = [sentence_start(KINDS[course.kind])]
    if course.n_sessions is not None:
        parts.append(plural(course.n_sessions, "session"))
    if course.n_induction is not None and course.n_sessions is not None and course.n_induction < course.n_sessions:
        parts.append(f"{count_plain(course.n_induction)} of them induction")
    if course.started_on is not None and with_date:
        parts.append(f"first session on {course.started_on.isoformat()}")
    elif course.first_day:
        parts.append(f"first session on day {count_plain(course.first_day)} of the patient")
    if course.next_day is not None:
        parts.append(f"the next course begins on {day_words(course.next_day)}")
    return ", ".join(parts) + "."


def sentence_start(text: str) -> str:
    """The text with its first letter large."""
    return text[:1].upper() + text[1:]


def why(course: OneCourse, judged: Judged) -> str:
    """Why a course counts as it does for a measure, in one sentence or two."""
    measure = MEASURES[judged.measure]
    if judged.reason is not None:
        return f"Left out: {_left_out(course, judged, measure)}."
    if measure.needs == "nhs":
        return _nhs(course, judged)
    scored = judged.on[0]
    if scored.endpoint is None:
        return _without_endpoint(course, judged, measure)
    if measure.kind == "mean":
        return f"Counts with its improvement: {moved(scored)}, {gained(scored)}."
    if measure.at_risk is not None:
        return _item9(judged, scored)
    if measure.key == "follow_up":
        return f"Counts as followed up because there is a score after treatment: {moved(scored)}."
    return _verdict(judged, scored, measure)


def _verdict(judged: Judged, scored: Scored, measure: Measure) -> str:
    """A measure of one score before and one after."""
    noun, detail = COUNTS_AS[measure.key], "; ".join(filter(None, (gained(scored), _needed(measure, scored))))
    if judged.flag:
        return f"Counts as {noun} because {moved(scored)}: {detail}."
    return f"Does not count as {noun}: {moved(scored)}, {detail}."


def moved(scored: Scored) -> str:
    """From the score before to the one after: 21 (day -3) fell to 9 (day 24)."""
    before, after = scored.baseline, scored.endpoint
    assert before is not None and after is not None, "A way from score to score is asked for a course with both."
    verb = "stayed at" if before.total == after.total else "fell to" if after.total < before.total else "rose to"
    return f"{points_of(before)}{at(before)} {verb} {points_of(after)}{at(after)}"


def gained(scored: Scored) -> str:
    """The change in the good direction, so that a rise on a scale where higher is better reads as better."""
    gain = round(scored.improvement or 0.0, 2)
    if gain == 0:
        return "no change"
    return f"{plural_points(abs(gain))} {'better' if gain > 0 else 'worse'}"


def _needed(measure: Measure, scored: Scored) -> str:
    """What the measure asks for, in points of this course's own starting score."""
    instrument, start = scored.instrument, scored.baseline
    assert start is not None, "What is needed is asked for a course with a starting score."
    amounts = {"reliable_improvement": instrument.reliable_change, "reliable_deterioration": instrument.reliable_change,
               "important_change": instrument.important_change}
    if measure.key == "remission" and instrument.remission is not None:
        return f"remission is a score at the end of {cut_off(instrument.remission)}".replace("of below", "below")
    if measure.key == "partial_response":
        low, high = _share(0.25, start), _share(0.5, start)
        return f"{_TAKES} {low} and less than {high} (25 % and 50 % of {points_of(start)})"
    if measure.key == "worsening":
        return ""
    if amounts.get(measure.key) is not None:
        way = "a worsening" if measure.direction == "harm" else "an improvement"
        return f"it takes {way} of at least {plural_points(amounts[measure.key].value)}"
    if measure.key == "pain_2_points":
        return f"{_TAKES} {plural_points(0.2 * (instrument.maximum - instrument.minimum))}"
    if measure.key == "response" and instrument.is_response_in_points:
        return f"{_TAKES} {plural_points(instrument.response.value)}"
    fraction = {"pain_30": 0.3, "pain_50": 0.5}.get(measure.key, instrument.response.value)
    return f"{_TAKES} {_share(fraction, start)} ({percent(fraction)} of {points_of(start)})"


_TAKES = "it takes an improvement of at least"


def _share(fraction: float, start: Point) -> str:
    return plural_points(round(fraction * start.total, 3))


def _item9(judged: Judged, scored: Scored) -> str:
    """Item 9 before and after, never called a response."""
    before, after = scored.baseline, scored.endpoint
    assert before is not None and after is not None, "Item 9 is judged on two scores."
    way = f"item 9 went from {before.self_harm}{at(before)} to {after.self_harm}{at(after)}"
    if before.self_harm == after.self_harm:
        way = f"item 9 was {before.self_harm}{at(before)} and is {after.self_harm} again{at(after)}"
    if judged.flag:
        return f"Counts as {COUNTS_AS[judged.measure]} because {way}."
    return f"Does not count as {COUNTS_AS[judged.measure]}: {way}."


def _without_endpoint(course: OneCourse, judged: Judged, measure: Measure) -> str:
    """A course without an endpoint that counts all the same, because the rules say what it counts as."""
    lacks = f"there is {_no_score(course, judged)}"
    if measure.key == "follow_up":
        return f"Does not count as followed up: {lacks}."
    if measure.kind == "mean":
        return f"Counts as unchanged, as these rules count a missing endpoint: {lacks}."
    return f"Does not count as {COUNTS_AS[measure.key]}: {lacks}, {_AS_FAILURE}."


_AS_FAILURE = "and these rules count a missing endpoint as not better"


# --- left out ----------------------------------------------------------------------------------------


def _left_out(course: OneCourse, judged: Judged, measure: Measure) -> str:
    """The reason in words of this course."""
    scored = judged.on[0]
    start = scored.baseline
    title = listed((one.instrument.title for one in judged.on), "or")
    match judged.reason:
        case "no_sessions":
            return "no session of this patient is on record, and the rules need sessions"
        case "booster":
            given, needed = plural(course.n_induction or 0, "session"), count_plain(course.rules.complete_sessions)
            return (f"a booster, {given} after a complete induction, where another takes {needed}; boosters are in no "
                    "rate per course")
        case "not_assessed":
            return f"this patient was never measured with {title}"
        case "no_baseline":
            return _no_baseline(course, judged, title)
        case "not_a_case":
            return _not_a_case(course, judged, measure)
        case "already_in_remission":
            line = scored.instrument.remission
            assert line is not None and start is not None, "Remission is asked where there is a line and a score."
            return f"started at {points_of(start)}{at(start)}, already {cut_off(line)}, and cannot reach remission"
        case "baseline_zero":
            assert start is not None, "A starting score of 0 is a score."
            return f"started at 0{at(start)}, and of 0 there is no percentage"
        case "not_at_risk":
            assert start is not None, "Item 9 is asked of a starting score."
            asked = "1 or more" if measure.at_risk == "positive" else "0"
            return f"item 9 was {start.self_harm}{at(start)}, and only those with {asked} at the start are asked"
        case "items_missing":
            return _items_missing(scored)
        case "incomplete_induction":
            return _incomplete(course)
        case "not_due":
            return _not_due(course, judged)
        case "no_endpoint":
            return f"lost to follow-up, {_no_score(course, judged)}"
    raise AssertionError(f"No sentence for the reason {judged.reason}")


def _no_baseline(course: OneCourse, judged: Judged, title: str) -> str:
    """No score that may stand for before, and the nearest one that there is."""
    rules = course.rules
    if rules.baseline_visit is not None:
        return f"no {title} at visit {rules.baseline_visit}"
    if not course.has_days:
        return f"no {title} at a visit that may stand for the start"
    if rules.counts_from_index:
        return f"no {title} from which the course could start"
    window = judged.on[0].baseline_window
    return f"no {title} {_between(window)}, where the starting score must lie" if window else f"no {title} at the start"


def _not_a_case(course: OneCourse, judged: Judged, measure: Measure) -> str:
    starts = [(one.instrument, one.baseline) for one in judged.on if one.baseline is not None]
    if not starts:
        lines = listed((f"{one.instrument.title} {_line(one.instrument)}" for one in judged.on), "or")
        return f"no score is {lines}, from which these rules count"
    if measure.needs == "nhs":
        scores = listed(f"{one.title} {points_of(start)}{at(start)}" for one, start in starts)
        return f"no case at the start: {scores}; a case is {case_words(course.of.nhs)}"
    (instrument, start), line = starts[0], starts[0][0].caseness
    return (f"started at {points_of(start)}{at(start)}, {outside_cut_off(line)}, and this measure asks those who "
            f"{case_words(instrument)}")


def _line(instrument: Instrument) -> str:
    return cut_off(instrument.caseness)


def _items_missing(scored: Scored) -> str:
    sides = [(name, point) for name, point in (("at the start", scored.baseline), ("at the end", scored.endpoint))
             if point is not None and point.self_harm is None]
    return f"item 9 is not answered {listed(f'{name}{at(point)}' for name, point in sides)}"


def _incomplete(course: OneCourse) -> str:
    rules, n_induction = course.rules, course.n_induction or 0
    if n_induction < rules.complete_sessions:
        return (f"the induction has {plural(n_induction, 'session')}, and these rules need "
                f"{count_plain(rules.complete_sessions)}")
    return (f"the last induction session was on {day_words(course.last_induction_day)}, and these rules need it "
            f"{_between(rules.complete_last_day_window)}")


def _not_due(course: OneCourse, judged: Judged) -> str:
    closes = max((one.closes for one in judged.on if one.closes is not None), default=None)
    known = day_words(course.last_known_day)
    has_one = any(one.endpoint is not None for one in judged.on)
    more = "; the score that is there already may not be the last" if has_one else ""
    until = f"the files speak for this patient until {known}" if known else "the files do not reach that far"
    return f"not yet due: the window of the endpoint closes on {day_words(closes)}, and {until}{more}"


def _no_score(course: OneCourse, judged: Judged) -> str:
    """That there is no endpoint, and where it would have had to lie."""
    title = listed((one.instrument.title for one in judged.on), "or")
    if course.rules.endpoint_visit is not None:
        return f"no {title} at visit {course.rules.endpoint_visit}"
    window = judged.on[0].endpoint_window
    if not course.has_days or window is None or window == (None, None):
        return f"no second {title}"
    closes = judged.on[0].closes
    is_cut = closes is not None and window[1] is not None and window[1] < closes
    cut = f", when the next course began (the window would have closed on {day_words(closes)})" if is_cut else ""
    return f"no {title} {_between(window)}{cut}"


def _between(window: Window) -> str:
    """Both ends of a window: from day 11 to day 41."""
    low, high = window
    if low is None:
        return f"up to {day_words(high)}"
    return f"from {day_words(low)} on" if high is None else f"from {day_words(low)} to {day_words(high)}"


# --- the NHS set -------------------------------------------------------------------------------------


def _nhs(course: OneCourse, judged: Judged) -> str:
    """The NHS set on every scale that has both scores."""
    paired = [one for one in judged.on if one.baseline is not None and one.endpoint is not None]
    noun = COUNTS_AS[judged.measure]
    if not paired:
        return f"Does not count as {noun}: there is {_no_score(course, judged)}, {_AS_FAILURE}."
    ways = listed(f"{one.instrument.title} {moved(one)}" for one in paired)
    said = []
    if "recovery" in judged.measure:
        said.append(_nhs_case(paired))
    if judged.measure != "nhs_recovery":
        said.append(_nhs_change(paired))
    head = f"Counts as {noun} because {ways}: " if judged.flag else f"Does not count as {noun}: {ways}; "
    return f"{head}{'; '.join(said)}."


def _nhs_case(paired: list[Scored]) -> str:
    def on(place: int) -> str:
        names = [one.instrument.title for one in paired if one.is_case[place]]
        return f"on {listed(names)}" if names else "on no scale"

    return f"a case at the start {on(0)}, at the end {on(1)}"


def _nhs_change(paired: list[Scored]) -> str:
    words = {"better": "reliably better", "worse": "reliably worse", "neither": "no reliable change"}
    return listed(f"{one.instrument.title} {words[one.reliably]}" for one in paired)
