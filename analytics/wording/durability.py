"""How long a response or a remission lasted, in words."""

from __future__ import annotations

from analytics.definitions.instruments import BUILT_IN, Instrument
from analytics.results.durability import MAINTENANCE_BEFORE_ENDPOINT, WEEKS, Durable
from analytics.results.durability_landmark import AtLandmark
from analytics.results.durability_published import PRINTED, Beside, their_rules
from analytics.results.survival_curves import Curves
from analytics.results.time_to_response import NO_LATER_SCORE
from analytics.wording import rates, survival
from analytics.wording.definitions import cut_off, response
from analytics.wording.numbers import DASH, SMALLEST_SHOWN, count, listed, percent, plural, sentence_case
from analytics.wording.rules import attribute

FROM = {"response": "From response to loss", "remission": "From remission to relapse"}
CONFIRM = {"yes": "By the next score", "no": "At the first score"}
MAINTENANCE = {"watch": "Goes on", "censor": "Ends the watching"}
SPLITS = {"maintenance": "By maintenance given", "dose": "By highest dose", "sessions": "By sessions"}
LANDMARKS = {"14": "2 weeks", "28": "4 weeks", "56": "8 weeks", "84": "12 weeks"}
AT_RISK = {"response": "Still watched, still responding", "remission": "Still watched, no relapse yet"}
TITLES = {"response": "How long a response lasts", "remission": "How long a remission lasts"}
SHARE = {"response": "Still responding", "remission": "Not relapsed"}
_LOST = {"response": "lost it", "remission": "relapsed"}
_WHO = {"response": "who responded at their endpoint", "remission": "in remission at their endpoint"}
_OWN = {
    "no_response": "not responding at their endpoint", "no_remission": "not in remission at their endpoint",
    NO_LATER_SCORE: "without a later score while watched",
    MAINTENANCE_BEFORE_ENDPOINT: "in maintenance before their endpoint",
}
TICKS = (0, 28, 56, 84, 112, 140, 182)
_SAID_WEEK = 8


def axis(at: AtLandmark | None) -> str:
    """What the time counts from."""
    return "Weeks since the endpoint" if at is None else "Weeks since the landmark"


def _landmark(at: AtLandmark) -> str:
    return survival.weeks(at.day)


def sentence(found: Durable, drawn: Curves, at: AtLandmark | None = None) -> str:
    """What the curves say."""
    if not drawn.groups:
        return f"{rates.NO_COURSE}: none was watched {'past the landmark' if at else 'after its endpoint'}."
    if drawn.by and not survival.has_curve(drawn):
        return survival.no_curve_sentence(drawn)
    if drawn.by:
        since = f", counted from the landmark {_landmark(at)} after the endpoint" if at else ""
        return f"By estimate half had {_LOST[found.start]}{since}: {survival.medians_words(drawn, 'days')}."
    group = drawn.groups[0]
    who = f"{survival.counted(drawn, group.n)} {_WHO[found.start]}"
    if group.n < SMALLEST_SHOWN:
        return f"{count(group.n_events)} of {who} {_LOST[found.start]} while watched: too few for a curve."
    week = survival.estimate_words(group.curve, _SAID_WEEK * survival.WEEK, is_rising=False)
    also = f" After {_SAID_WEEK} weeks {week} {_still(found)}." if week else ""
    if not survival.has_median(group.curve):
        return f"Fewer than half of {who} had {_LOST[found.start]} as long as enough were watched.{also}"
    after = survival.median_words(group.curve, "days")
    return f"By estimate half of {who} had {_LOST[found.start]} after {after}.{also}"


def _still(found: Durable) -> str:
    return {"response": "still responded", "remission": "had not relapsed"}[found.start]


def definition(found: Durable, instrument: Instrument) -> str:
    """What counts as lost, from when to when."""
    if found.start == "remission":
        lost = f"A relapse is a later score of {cut_off(instrument.caseness)}"
    else:
        lost = f"A response is lost at a later score less than {response(instrument)} better than at the start".replace(
            "of the starting score better than at the start", "better than at the start")
    again = ("that the next score, where there is one while watched, confirms" if found.is_confirmed
             else "confirmed or not")
    return f"{lost}, {again}. Watched from the endpoint to the last score, at most to the next course's first day."


def notes(found: Durable, drawn: Curves, instrument: Instrument, at: AtLandmark | None = None) -> tuple[str, ...]:
    """What counts as lost, who is in the curve and who is not, and what it cannot say; only what applies."""
    why_not = survival.left_out_sentence(len(found.course), found.left_out, _OWN, f"watched after a {found.start}",
                                         instrument)
    if not survival.has_curve(drawn):
        return tuple(one for one in (survival.small_sentence(drawn), definition(found, instrument), why_not) if one)
    said = (
        survival.small_sentence(drawn),
        definition(found, instrument),
        landmark_sentence(at) if at is not None else maintenance_sentence(found),
        why_not,
        survival.drawn_sentence(drawn),
        survival.gap_sentence(found.gap_days, "A relapse" if found.start == "remission" else "A loss"),
        survival.CENSORING)
    return tuple(one for one in said if one)


def maintenance_sentence(found: Durable) -> str:
    """What maintenance does to the watching, and what that does to the estimate."""
    if found.is_censored_at_maintenance:
        return ("Maintenance ends the watching. Such censoring is informative: who is given maintenance, and when, "
                "rests on how the patient fares, so the curve can lie too high or too low and stands for "
                "nobody's treatment.")
    return ("Maintenance goes on and is part of what is seen: the curve is of a response with whatever was given after "
            "it, not of one left alone.")


def landmark_sentence(at: AtLandmark) -> str:
    """Why there is a landmark, who is left at it, and what it cannot mend."""
    left = [f"{count(number)} {words}" for number, words in (
        (at.n_lost, "lost by then"), (at.n_not_watched, "not watched beyond it")) if number]
    gone = f" (not: {listed(left)})" if left else ""
    return (f"Landmark {_landmark(at)} after the endpoint: only those still responding and watched after it{gone}, in "
            "groups by what was given up to it; what was given later plays no part. Without it, staying well long "
            "enough would make the groups. Those given more may still have differed before: this is no trial. A last "
            "bad score that nothing confirms counts as lost, more often where the watching ends sooner.")


def weeks_header(found: Durable, drawn: Curves) -> tuple[str, ...]:
    """The columns of the table of weeks."""
    by = (sentence_case(survival.by_words(drawn)),) if drawn.by else ()
    return (*by, "After", SHARE[found.start], survival.interval_title(), AT_RISK[found.start], "")


def weeks_rows(drawn: Curves) -> tuple[tuple[str, ...], ...]:
    """The share at each of the weeks that are told."""
    return survival.share_rows(drawn, [week * survival.WEEK for week in WEEKS],
                               [plural(week, "week") for week in WEEKS], is_rising=False)


def medians_header(found: Durable, drawn: Curves) -> tuple[str, ...]:
    """The columns of the table of medians."""
    by = (sentence_case(survival.by_words(drawn)),) if drawn.by else ()
    return (*by, survival.unit_of(drawn).capitalize(), f"Of them {_LOST[found.start]}", "Median")


def split_names(by: str | None, *, has_sessions: bool) -> dict[str, str]:
    """How the curve can be split; what was given only where there are sessions."""
    names = {"all": "All together"} | ({} if by is None else {"by": f"By {attribute(by)}"})
    return names | (SPLITS if has_sessions else {})


# --- published ------------------------------------------------------------------------------------------------

PUBLISHED_TITLE = "Beside a published figure"
PUBLISHED_HEADER = ("After", "McInnes 2022 prints about", "Ours by their rules", survival.interval_title(),
                    "Still watched, still responding", "")

_WHY_NOT = {
    "no_sessions": "it counts by infusions, and our files hold no sessions.",
    "no_days": "it counts days, and our files hold visits without days.",
    "no_attribute": "the filters ask for something that courses do not have under its rules.",
    "nobody": "no course of ours responded by its rules and was watched after that.",
}


def published_rows(found: Beside) -> tuple[tuple[str, ...], ...]:
    """Each printed share with ours at the same time."""
    rows = []
    for fact in PRINTED:
        assert fact.estimate is not None and fact.days is not None, "a printed share has a time"
        ours = ("",) * 3 + ("",)
        if found.curves is not None and found.curves.groups:
            said = survival.share_words(found.curves.groups[0].curve, fact.days, is_rising=False)
            ours = (said.shown, said.interval, said.at_risk, said.mark)
        rows.append((survival.weeks(fact.days), percent(fact.estimate), ours[0] or DASH, *ours[1:]))
    return tuple(rows)


def published_sentences(found: Beside) -> tuple[str, ...]:
    """What was printed, ours counted that way or why not, and what still differs."""
    source = found.benchmark.source
    printed = listed(f"{percent(one.estimate)} at {survival.weeks(one.days or 0)}" for one in PRINTED)
    start = f"{source}: of responders without maintenance about {printed} still responded."
    if found.why_not:
        scale = BUILT_IN[their_rules().instrument].title
        why = _WHY_NOT.get(found.why_not, f"it was measured with the {scale}, which our files do not hold.")
        return (f"{start} Ours cannot be counted so: {why}",)
    assert found.found is not None and found.curves is not None, "a cohort that is counted has a curve"
    group = found.curves.groups[0]
    return (
        f"{start} Ours by their rules: {plural(group.n, 'patient')} with {found.benchmark.window.split('; ')[0]}, who "
        f"responded and were watched until maintenance or the next course; {count(group.n_events)} lost the response.",
        f"What still differs: {found.benchmark.differs} From which day they counted, and whether a loss had to be "
        "confirmed, is not known to us; here it is the endpoint, and confirmed. Ending the watching at maintenance is "
        "informative in theirs and in ours.")

