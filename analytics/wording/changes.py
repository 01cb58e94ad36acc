"""The pictures of change in words: what each says, and the counts in each region."""

from __future__ import annotations

from typing import Any

from analytics.definitions.instruments import Instrument
from analytics.wording.definitions import cut_off, plural_points
from analytics.wording.numbers import SMALLEST_SHOWN, count, listed, percent, plural, points, score

NOBODY = "No course counts for response with a score both at the start and at the end."
CHANGES = {"improved": "Reliably better", "unchanged": "No reliable change", "worsened": "Reliably worse", None: "All"}
CLASS_TITLES = {
    "recovered": "Recovered: reliably better and across the cut-off",
    "improved": "Improved: reliably better, not across",
    "unchanged": "Unchanged: within the error of two scores",
    "deteriorated": "Deteriorated: reliably worse, not across",
    "harmed": "Harmed: reliably worse and back across the cut-off",
}
"""The words of Jacobson and Truax, said in full, because recovered means another thing elsewhere."""

CLASS_NAMES = {key: title.partition(":")[0] for key, title in CLASS_TITLES.items()}


def plane_sentence(found: Any) -> str:
    """What the plane of before and after says."""
    if not found.n:
        return NOBODY
    by_change: dict[str | None, int] = {}
    for one in found.regions:
        by_change[one.change] = by_change.get(one.change, 0) + one.n
    if None in by_change:
        responded = sum(one.n for one in found.regions if one.is_response)
        return f"{count(responded)} of {plural(found.n, 'course')} responded."
    parts = [f"{count(by_change.get(kind, 0))} {words}" for kind, words in (
        ("improved", "reliably better"), ("unchanged", "without a reliable change"), ("worsened", "reliably worse"))]
    return f"Of {plural(found.n, 'course')}: {listed(parts)}."


REGION_HEADER = ("Change", "Response", "Remission", "Courses", "Share")


def region_rows(found: Any) -> tuple[tuple[str, ...], ...]:
    """Every region with its count."""
    def answer(is_so: bool | None) -> str:
        return "not defined" if is_so is None else "yes" if is_so else "no"

    return tuple((CHANGES[one.change], answer(one.is_response), answer(one.is_remission), count(one.n),
                  percent(one.n / found.n) if found.n >= SMALLEST_SHOWN else "") for one in found.regions)


def line_labels(instrument: Instrument) -> dict[str, str]:
    """What the lines over the plane are."""
    fraction = instrument.response.value
    response = plural_points(fraction) if instrument.is_response_in_points else percent(fraction)
    found = {"none": "No change", "response": f"Response: {response} better"}
    if instrument.remission is not None:
        found["remission"] = f"Remission: {cut_off(instrument.remission)}"
    if instrument.reliable_change is not None:
        found["reliable"] = f"Reliable change: {plural_points(instrument.reliable_change.value)}"
    return found


def waterfall_sentence(found: Any) -> str:
    """How many got better, stayed as they were, got worse."""
    if not found.n:
        return NOBODY
    better = sum(int(n) for before, after, n in _pairs(found) if _gain(found, before, after) > 0)
    worse = sum(int(n) for before, after, n in _pairs(found) if _gain(found, before, after) < 0)
    thinned = " Too many to draw: evenly spaced ones are shown." if found.is_thinned else ""
    return (f"{count(better)} of {plural(found.n, 'course')} ended better than they started, {count(worse)} worse, "
            f"{count(found.n - better - worse)} the same.{thinned}")


def _pairs(found: Any):
    return zip(found.baseline, found.endpoint, found.count, strict=True)


def _gain(found: Any, before: float, after: float) -> float:
    return (after - before) if found.is_higher_better else (before - after)


def cumulative_sentence(found: Any, share_at_response: int | None) -> str:
    """What the curve says at half, and at the response line."""
    if not found.n_with_fraction:
        return NOBODY
    if found.n_with_fraction < SMALLEST_SHOWN:
        return "Too few courses for a percentage."
    at = 50 if share_at_response is None else share_at_response
    return (f"{percent(found.reached[at] / found.n_with_fraction)} improved by {at} % or more, "
            f"{percent(found.reached[25] / found.n_with_fraction)} by a quarter or more, "
            f"{percent(found.reached[75] / found.n_with_fraction)} by three quarters or more.")


CURVE_HEADER = ("Improved by at least", "Courses", "Share")


def curve_rows(found: Any) -> tuple[tuple[str, ...], ...]:
    """The curve at every tenth."""
    n = found.n_with_fraction
    tenths = range(0, 101, 10)
    shares = [percent(found.reached[at] / n) if n >= SMALLEST_SHOWN else "" for at in tenths]
    return tuple((f"{at} %", count(int(found.reached[at])), share) for at, share in zip(tenths, shares, strict=True))


def significance_sentence(found: Any, instrument: Instrument) -> str:
    """What the classes of Jacobson and Truax say, with what they rest on."""
    if found.why:
        return found.why
    whole = found.strata[0]
    parts = [f"{count(whole.counts[name])} {name}" for name in CLASS_TITLES if whole.counts[name]]
    return (f"After Jacobson and Truax, of {plural(whole.n, 'course')} with both scores: {listed(parts)}. A change is "
            f"reliable beyond {points(1.96 * found.error)} points; cut-off {found.cut_off} lies at "
            f"{points(found.cut_off_score)}.")


def significance_context(found: Any, instrument: Instrument) -> str:
    """The figures that the classes rest on, with their sources."""
    if found.why or instrument.reliability is None:
        return ""
    parts = [f"Reliability {score(found.reliability)}: {instrument.reliability.source}"]
    if instrument.functional_mean is not None and instrument.functional_sd is not None:
        parts.append(f"people without the complaint: mean {score(instrument.functional_mean.value)}, SD "
                     f"{score(instrument.functional_sd.value)} ({instrument.functional_mean.source})")
    parts.append(f"SD at the start {points(found.sd_baseline, 2)}, of the whole cohort before any grouping")
    return "; ".join(parts) + ". Recovered is their word for across the cut-off; it is not remission."


def significance_rows(found: Any) -> tuple[tuple[str, ...], ...]:
    """Every class with its count."""
    whole = found.strata[0] if found.strata else None
    if whole is None:
        return ()
    return tuple((CLASS_TITLES[name], count(number), percent(number / whole.n) if whole.n >= SMALLEST_SHOWN else "")
                 for name, number in whole.counts.items())
