"""What an audience may be told: results with everything taken out from which a small count could be worked out.

The inside is told all of it. The board is told every total of the whole clinic, and of its parts what cannot be worked
back to a count of 1 to 10. The public is told by that rule throughout, once the gate is open. What is told of one page
is audited together: ``Page`` remembers it, so that two tables set off against each other give nothing away either.
``docs/threat_model.md`` says against whom this stands, and what it does not hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from analytics.courses.outcomes import Outcomes
from analytics.definitions.measures import MEASURES
from analytics.results.cohorts import Strata, Where, as_key, in_cohort, strata
from analytics.results.disclosure_audit import WHOLE, Auditor, TellSet
from analytics.results.disclosure_flow import bands_of, flows, significance
from analytics.results.disclosure_gate import harm_of, is_refused_word, range_of, shut, title_of, unbelievable
from analytics.results.disclosure_groups import put_together, refuse_persons
from analytics.results.disclosure_kinds import (
    Advice,
    Audience,
    Disclosure,
    NotForAudienceError,
    Range,
    Refusal,
    Shut,
    Told,
)
from analytics.results.disclosure_ledger import Ledger
from analytics.results.disclosure_parts import Result, pooled_where_rare, with_parts, with_rounded_counts, withheld
from analytics.results.disclosure_sets import PARTS, Part, ResultSets, Sets
from analytics.results.ground import headline_measure
from analytics.results.rates import Counting, Rate, means, rates
from analytics.results.summary import Summary, TimePoint, summarize

__all__ = ["Advice", "Audience", "Disclosure", "Ledger", "NotForAudienceError", "Page", "Range", "Refusal", "Shut",
           "Told", "disclosed"]

_FIRST = ("response", "pain_30", "reliable_deterioration", "worsening", "remission", "mean_improvement", "follow_up")
"""What is told first where not all can be told; the others follow in the order of the measures."""


def disclosed(summary: Summary, disclosure: Disclosure) -> Summary:
    """A summary as an audience may be told it, on a page of its own; for the inside as it is.

    Raises
    ------
    ValueError
        When the summary no longer knows its outcomes, or names those who treat (``NotForAudienceError``).
    """
    if disclosure.audience == "inside":
        return summary
    if summary.of is None:
        raise ValueError("A summary that knows its outcomes was needed, as summarize gives it; this one does not.")
    return Page(summary.of, disclosure).disclosed(summary)


class Page:
    """One page, deck or file of linked tables of one dataset for one audience.

    What is told grows with every call, and what was told decides what else may be: ask in the order in which it
    matters, the whole first. Asking again for what was told gives the same.
    """

    def __init__(self, of: Outcomes, disclosure: Disclosure) -> None:
        self.of, self.disclosure = of, disclosure
        self._sets: dict[str, Sets] = {}
        self._auditors: dict[str, Auditor] = {}
        self._strata: dict[tuple, tuple[Strata, dict[str, tuple[str, ...]]]] = {}
        self._gates: dict[tuple, tuple[Shut, ...]] = {}

    def disclosed(self, summary: Summary) -> Summary:
        """A summary as the audience may be told it beside everything told on this page.

        The whole stays where it is; small strata are put together, so there may be fewer. A number that is not told is
        missing, and a result without any is ``withheld``.

        Raises
        ------
        NotForAudienceError
            When it is grouped or filtered by an attribute that names those who treat.
        """
        if self.disclosure.audience == "inside":
            return summary
        refuse_persons(self.of, (*summary.by, *summary.where), self.disclosure)
        return _Telling(self, summary).summary()

    def bands(self, instrument: str, table: pd.DataFrame | None, where: Where | None = None) -> pd.DataFrame | None:
        """Courses by severity band before and after, from ``paired_bands``; neighbouring bands put together.

        Missing where not even two bands can be told.
        """
        if table is None or self.is_exempt(where or {}):
            return table
        return bands_of(self, instrument, table, where or {})

    def may_tell(self, instrument: str, masks: Sequence[np.ndarray], where: Where | None = None) -> bool:
        """Whether the sizes of these sets of courses may be told, all or none; they are then told.

        Parameters
        ----------
        masks : arrays of bool over the courses; only those that the filters leave are looked at
        """
        if self.disclosure.audience == "inside":
            return True
        auditor, group = self.auditor(instrument), self.group(instrument, in_cohort(self.of, where or {}), where or {})
        return auditor.may_tell([TellSet(group, auditor.kind(mask)) for mask in masks])

    def is_exempt(self, where: Where) -> bool:
        """Whether every number over these courses is told: to the inside, and totals of the clinic to the board."""
        return self.disclosure.audience == "inside" or (self.disclosure.audience == "board" and not where)

    def sets(self, instrument: str) -> Sets:
        """The sets of courses behind the results of an instrument."""
        if instrument not in self._sets:
            self._sets[instrument] = Sets(self.of, instrument)
        return self._sets[instrument]

    def auditor(self, instrument: str) -> Auditor:
        """The auditor of an instrument; the two scales of the NHS set share theirs, as their results contain others."""
        nhs = self.of.nhs
        members = {*nhs.member_keys, nhs.key} if nhs is not None and nhs.is_pair else set()
        family = members if instrument in members else {instrument}
        name = min(family)
        if name not in self._auditors:
            auditor = Auditor(len(self.of.courses), self.disclosure.threshold, self.disclosure.audience == "board")
            if auditor.is_whole_told:
                for key in family & set(self.of.result_keys):
                    for measure in self.of.measures_of(key):
                        auditor.declare(self.sets(key).of_measure(measure.key).every())
            self._auditors[name] = auditor
        return self._auditors[name]

    def group(self, instrument: str, mask: np.ndarray, where: Where, by: Iterable[str] = ()) -> int:
        """The place of a group of courses in the auditor of an instrument."""
        if mask.all():
            return WHOLE
        return self.auditor(instrument).group(mask, frozenset((*where, *by)))

    def gate(self, instrument: str, where: Where) -> tuple[Shut, ...]:
        """Why nothing of an instrument may be told to the public; empty for the board."""
        key = (instrument, as_key(where))
        if self.disclosure.audience != "public" or instrument not in self.of.result_keys:
            return ()
        if key not in self._gates:
            stays = in_cohort(self.of, where)
            headline = summarize(self.of, (), where, (instrument,), (self.headline(instrument),))
            result = next(one for one in headline.results if one.instrument == instrument)
            self._gates[key] = (shut(self.of, self.sets(instrument), result, stays)
                                or self._harm_kept(instrument, where, stays))
        return self._gates[key]

    def _harm_kept(self, instrument: str, where: Where, stays: np.ndarray) -> tuple[Shut, ...]:
        """Tells the harm of a cohort ahead of all else, by its rate or as a range; shut where neither may be told."""
        harm = harm_of(self.of, instrument)
        assert harm is not None, "The gate is shut to what has no harm beside it."
        result = next(one for one in summarize(self.of, (), where, (instrument,), (harm,)).results
                      if (one.instrument, one.measure) == (instrument, harm))
        group, sets = self.group(instrument, stays, where), self.sets(instrument).of_measure(harm)
        auditor = self.auditor(instrument)
        core = [TellSet(group, auditor.kind(mask)) for mask in sets.parts["core"]]
        is_told = not unbelievable(result) and (auditor.may_tell(core) or (
            range_of(result, self.disclosure.threshold) is not None
            and auditor.may_tell([TellSet(group, auditor.kind(sets.counted))])))
        return () if is_told else (Shut(instrument, "harm_kept", title=title_of(self.of, instrument)),)

    def headline(self, instrument: str) -> str:
        """The measure at the top of an instrument's page, that strata are made for and the gate looks at."""
        own = self.of.instruments.get(instrument)
        return headline_measure(own).key if own is not None else "nhs_recovery"

    def strata(self, by: tuple[str, ...], where: Where, instrument: str) -> tuple[Strata, dict[str, tuple[str, ...]]]:
        """The strata of a table, one partition for all its measures and instruments: made when first asked for."""
        key = (by, as_key(where))
        if key not in self._strata:
            sets = self.sets(instrument).of_measure(self.headline(instrument))
            cells = strata(self.of, by, in_cohort(self.of, where))
            self._strata[key] = put_together(cells, sets.counted, sets.achieved, self.disclosure.threshold)
        return self._strata[key]


class _Telling:
    """One summary on its way to its audience."""

    def __init__(self, page: Page, summary: Summary) -> None:
        self.page, self.asked = page, summary
        self.of, self.where, self.by = page.of, summary.where, summary.by
        self.stays = in_cohort(page.of, summary.where)
        self.merged: dict[str, tuple[str, ...]] = {}
        self.advice: list[Advice] = []
        self.ranges: list[Range] = []
        self.gate: list[Shut] = []
        self._harmless: dict[str, set[int]] = {}

    def summary(self) -> Summary:
        """The summary, told."""
        # All wholes before any stratum: what the whole says is wanted most.
        wholes = {(one.instrument, one.measure): one for one in self._with_harm() if not one.stratum}
        told = {key: self._whole(wholes[key]) for key in sorted(wholes, key=_rank)}
        parts = {key: self._strata(*key, told[key]) for key in sorted(wholes, key=_rank)} if self.by else {}
        results = tuple(self._rounded(one) for key in wholes for one in (told[key], *parts.get(key, ())))
        asked, is_exempt = self.asked, self.page.is_exempt(self.where)
        return replace(
            asked, results=results, counts=self._counts(told), flows=flows(asked.flows, told, self.page, is_exempt),
            files=asked.files if self.page.disclosure.audience == "board" else (), findings=(),
            time_points=self._time_points(), significance=significance(asked.significance, is_exempt),
            told=Told(self.page.disclosure, self.merged, tuple(dict.fromkeys(self.advice)), tuple(self.ranges),
                      tuple(dict.fromkeys(self.gate)),
                      sum(one.withheld and not self.page.gate(one.instrument, self.where) for one in results)))

    def _with_harm(self) -> list[Result]:
        """The results asked for, and for the public the harm beside each instrument's."""
        results = list(self.asked.results)
        if self.page.disclosure.audience == "public":
            for instrument in dict.fromkeys(one.instrument for one in results):
                harm = harm_of(self.of, instrument)
                if harm and not any((one.instrument, one.measure) == (instrument, harm) for one in results):
                    found = summarize(self.of, (), self.where, (instrument,), (harm,)).results
                    results += [one for one in found if one.instrument == instrument]
        return results

    def _whole(self, result: Result) -> Result:
        if self.page.is_exempt(self.where):
            return pooled_where_rare(result, self.page.disclosure.threshold)
        gate = self.page.gate(result.instrument, self.where)
        self.gate += gate
        if gate or not self._is_for_public(result):
            return withheld(result)
        group = self.page.group(result.instrument, self.stays, self.where)
        told = self._tell(result.instrument, result.measure, {group: result})[group]
        if told.withheld:
            self._add_range(result, group)
        return told

    def _is_for_public(self, result: Result) -> bool:
        if self.page.disclosure.audience != "public":
            return True
        if is_refused_word(result.measure):
            self.gate.append(Shut(result.instrument, "word", result.measure, title_of(self.of, result.instrument)))
            return False
        found = unbelievable(result)
        self.gate += [Shut(result.instrument, why, result.measure, title_of(self.of, result.instrument),
                           bool(result.stratum)) for why in found]
        return not found

    def _add_range(self, result: Result, group: int) -> bool:
        """Whether fewer than the threshold, of how many, is told: of a numerator that is rare, or rarely missing."""
        found = range_of(result, self.page.disclosure.threshold)
        if found is None:
            return False
        auditor = self.page.auditor(result.instrument)
        counted = self.page.sets(result.instrument).of_measure(result.measure).counted
        is_told = auditor.may_tell([TellSet(group, auditor.kind(counted))])
        self.ranges += [found] if is_told else []
        return is_told

    def _strata(self, instrument: str, measure: str, whole: Result) -> list[Result]:
        if not any(one.stratum and one.instrument == instrument for one in self.asked.results):
            return []
        results = self._by_group(instrument, measure)
        if self.page.gate(instrument, self.where):
            return [withheld(one) for one in results.values()]
        open_to = {group: one for group, one in results.items() if self._is_for_public(one)}
        if self.page.disclosure.audience == "public" and MEASURES[measure].direction == "benefit":
            open_to = {group: one for group, one in open_to.items() if group in self._with_harm_told(instrument)}
        told = self._tell(instrument, measure, open_to)
        shown = [told.get(group, withheld(one)) for group, one in results.items()]
        if any(one.withheld for one in shown):
            self._advise(whole)
        return shown

    def _by_group(self, instrument: str, measure: str) -> dict[int, Result]:
        """The results of the groups, by their places in the auditor."""
        cells, merged = self.page.strata(self.by, self.where, instrument)
        self._say_merged(merged)
        counting = Counting(self.of, instrument, cells)
        results = (rates if MEASURES[measure].kind == "rate" else means)(counting, MEASURES[measure])
        return {self.page.group(instrument, cells.of_course == cell, self.where, self.by): result
                for cell, result in enumerate(results)}

    def _with_harm_told(self, instrument: str) -> set[int]:
        """The groups whose share that got worse is told, by its rate or as a range: no benefit is told without it."""
        if instrument not in self._harmless:
            harm = harm_of(self.of, instrument)
            assert harm is not None, "The gate is shut to what has no harm beside it."
            results = self._by_group(instrument, harm)
            told = self._tell(instrument, harm, {
                group: one for group, one in results.items() if not unbelievable(one)})
            self._harmless[instrument] = {
                group for group, one in told.items() if not one.withheld or self._add_range(results[group], group)}
        return self._harmless[instrument]

    def _say_merged(self, merged: dict[str, tuple[str, ...]]) -> None:
        self.merged |= merged
        self.advice += [Advice("merged", values=values) for values in merged.values()]

    def _advise(self, whole: Result) -> None:
        """How many judged courses a group needs, at the rate of the whole: never of its own, which it would tell."""
        least = self.page.disclosure.threshold
        needed = least
        if isinstance(whole, Rate):
            rate = 0.5 if whole.withheld or whole.estimate is None else whole.estimate
            rarer = min(rate, 1 - rate)
            needed = int(np.ceil(least / rarer - 1e-9)) if rarer > 0 else least
        self.advice.append(Advice("more", whole.instrument, whole.measure, needed,
                                  title=title_of(self.of, whole.instrument)))
        if any(name.startswith("start_") for name in (*self.by, *self.where)):
            self.advice.append(Advice("period"))

    def _tell(self, instrument: str, measure: str, asked: dict[int, Result]) -> dict[int, Result]:
        """Each group's result with the parts that may be told, and withheld where not even its core may."""
        auditor, sets = self.page.auditor(instrument), self.page.sets(instrument).of_measure(measure)
        kinds = {part: [auditor.kind(mask) for mask in sets.parts[part]] for part in PARTS}
        told: dict[int, list[Part]] = {group: [] for group in asked}
        everything = [TellSet(group, kind) for group in asked for part in PARTS for kind in kinds[part]]
        if asked and auditor.may_tell(everything):
            told = {group: list(PARTS) for group in asked}
        else:
            for part in PARTS:
                able = [group for group in asked if part == "core" or "core" in told[group]]
                for group in _told_of(auditor, able, kinds[part], is_each=part in ("core", "courses")):
                    told[group].append(part)
        return {group: self._with(result, told[group], sets, auditor.groups[group])
                for group, result in asked.items()}

    def _with(self, result: Result, parts: list[Part], sets: ResultSets, mask: np.ndarray) -> Result:
        if not parts:
            return withheld(result)
        # At least the threshold on either side of the middle, so that no one's day is told.
        has_median = (sets.seen & mask).sum() >= 2 * self.page.disclosure.threshold - 1
        return with_parts(result, parts, bool(has_median))

    def _counts(self, told: dict) -> dict[str, int]:
        """Totals of the clinic for the board; else the courses, where they may be told."""
        if self.page.is_exempt(self.where):
            return self.asked.counts
        courses = next((one.courses for one in told.values() if one.courses is not None), None)
        if courses is None:
            return {}
        to = self.page.disclosure.rounding
        return {"courses": courses if to is None else (2 * courses + to) // (2 * to) * to}

    def _time_points(self) -> tuple[TimePoint, ...]:
        # Their courses are judged on other days; what follows from those beside these is not audited.
        if not self.page.is_exempt(self.where):
            return ()
        least = self.page.disclosure.threshold
        return tuple(replace(one, rate=self._rounded(pooled_where_rare(one.rate, least)))
                     for one in self.asked.time_points)

    def _rounded(self, result: Result) -> Result:
        to = self.page.disclosure.rounding
        return result if to is None else with_rounded_counts(result, to)


def _told_of(auditor: Auditor, groups: list[int], kinds: list[int], *, is_each: bool) -> list[int]:
    """The groups of which these sizes may be told: all at once, else the largest first if each may stand alone."""
    if not groups or auditor.may_tell([TellSet(group, kind) for group in groups for kind in kinds]):
        return groups
    if not is_each:
        return []
    size = {group: auditor.size(TellSet(group, kinds[0])) for group in groups}
    return [group for group in sorted(groups, key=lambda one: -size[one])
            if auditor.may_tell([TellSet(group, kind) for kind in kinds])]


def _rank(key: tuple[str, str]) -> tuple[int, str, int]:
    instrument, measure = key
    place = _FIRST.index(measure) if measure in _FIRST else len(_FIRST) + list(MEASURES).index(measure)
    return place, instrument, 0
