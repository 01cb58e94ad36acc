"""What exhibits ask of the outcomes, each answered once, and told as its audience may hear it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from analytics.courses.outcomes import Outcomes
from analytics.courses.series import Series as ScoreSeries
from analytics.courses.series import series
from analytics.courses.sessions import CourseSessions, course_sessions
from analytics.definitions.instruments import Instrument
from analytics.definitions.measures import MEASURES
from analytics.definitions.nhs import NhsScales
from analytics.definitions.rules import Rules
from analytics.reports.defend import Beside, Origin, audience_options, command, defend_sheet
from analytics.reports.exhibits_data import Ask
from analytics.reports.sections import Section
from analytics.results.cohorts import as_key, in_cohort
from analytics.results.disclosure import Disclosure, Page
from analytics.results.disclosure_kinds import POOLED
from analytics.results.disclosure_parts import pooled_where_rare
from analytics.results.disclosure_said import Said, said_of
from analytics.results.missing import missing
from analytics.results.published import CountedTheirWay, published
from analytics.results.rates import paired_bands
from analytics.results.summary import Summary, summarize
from analytics.wording import defence
from analytics.wording import disclosure as disclosure_words
from analytics.wording import exhibits as words
from analytics.wording import published as published_words
from analytics.wording.rules import cohort_sentence, rule_set_sentence


@dataclass(frozen=True)
class Answers:
    """The outcomes of one dataset, where they come from, and what was asked of them already.

    All exhibits of one deck, sheet or page are made from one of these: what may be told of a number depends on the
    numbers that stand beside it.
    """

    of: Outcomes
    origin: Origin
    kept: dict[Any, Any] = field(default_factory=dict)

    def once(self, key: Any, make: Callable[[], Any]) -> Any:
        """What ``make`` gives, made the first time it is asked for."""
        if key not in self.kept:
            self.kept[key] = make()
        return self.kept[key]

    def summary(
        self, ask: Ask, instruments: Sequence[str], measures: Sequence[str], by: Sequence[str] = ()
    ) -> Summary:
        """Results as the ask's audience may hear them."""
        key = ("summary", as_key(ask.where), tuple(instruments), tuple(measures), tuple(by), ask.disclosure)
        return self.once(key, lambda: self.told(ask, summarize(self.of, by, ask.where, instruments, measures)))

    def page(self, ask: Ask) -> Page:
        """The page on which everything for the ask's audience is told; not for the inside."""
        return self.once(("page", ask.disclosure), lambda: Page(self.of, ask.disclosure))

    def told(self, ask: Ask, summary: Summary) -> Summary:
        """A summary as the ask's audience may hear it beside all that it heard; the inside hears all of it."""
        return summary if ask.audience == "inside" else self.page(ask).disclosed(summary)

    def is_exempt(self, ask: Ask) -> bool:
        """Whether every total of these courses is told: to the inside, and those of the whole clinic to the board."""
        return ask.audience == "inside" or self.page(ask).is_exempt(ask.where)

    def result(self, ask: Ask, instrument: str, measure: str) -> Any:
        """One result of the whole cohort."""
        found = self.summary(ask, (instrument,), (measure,)).result(instrument, measure)
        assert found is not None, "A result is asked for a measure that the instrument has."
        return found

    def published(self, ask: Ask) -> tuple[Any, ...]:
        """Published figures with our courses counted their way; outside only of the whole clinic to the board.

        Counted by other rules these are other courses, and nothing audits them beside those that are told.
        """
        if not self.is_exempt(ask):
            return ()
        found = self.once(("published", as_key(ask.where)), lambda: published(self.of, ask.where))
        return found if ask.audience == "inside" else tuple(_pooled(one, ask.disclosure.threshold) for one in found)

    def bands(self, ask: Ask, instrument: str) -> Any:
        """Courses by band before and after; missing where the scale has none."""
        return self.once(("bands", as_key(ask.where), instrument, ask.disclosure), lambda: self._bands(ask, instrument))

    def _bands(self, ask: Ask, instrument: str) -> Any:
        table = paired_bands(self.of, instrument, in_cohort(self.of, ask.where))
        if ask.audience == "inside" or table is None:
            return table
        page = self.page(ask)
        return None if page.gate(instrument, ask.where) else page.bands(instrument, table, ask.where)

    def missing(self, ask: Ask, instrument: str, measure: str) -> Any:
        """What those lost could do to a number."""
        return self.once(("missing", as_key(ask.where), instrument, measure),
                         lambda: missing(self.of, instrument, measure, ask.where))

    def instrument(self, ask: Ask) -> Instrument:
        """The instrument that is asked for, or the one with most courses that have both scores.

        Raises
        ------
        ValueError
            When the files hold no instrument, or not the one asked for.
        """
        pairs = self.once("pairs", lambda: pairs_of(self.of))
        if not pairs:
            raise ValueError("The files hold no score of an instrument that is known, so there is nothing to report.")
        if ask.instrument is not None and ask.instrument not in pairs:
            raise ValueError(f"There is no instrument called {ask.instrument!r} in the files; "
                             f"there are {', '.join(pairs)}.")
        return self.of.instruments[ask.instrument or next(iter(pairs))]

    def pain(self) -> Instrument | None:
        """The pain scale with most courses that have both scores."""
        keys = self.once("pairs", lambda: pairs_of(self.of))
        return next((self.of.instruments[key] for key in keys if self.of.instruments[key].is_pain), None)

    def measures(self, instrument: Instrument, wanted: Sequence[str]) -> tuple[str, ...]:
        """Those of the wanted measures that the instrument has, in the wanted order."""
        there = {one.key for one in self.of.measures_of(instrument.key)}
        return tuple(key for key in wanted if key in there)

    def series(self, instrument: str) -> ScoreSeries:
        """Every score of an instrument in its course."""
        return self.once(("series", instrument), lambda: series(self.of, instrument))

    def sessions(self) -> CourseSessions:
        """Every session in its course."""
        return self.once("sessions", lambda: course_sessions(self.of))

    def measured(self, ask: Ask, measure: str) -> Instrument | NhsScales:
        """What a measure is read from: the instrument, or the two scales of the NHS set where it is judged on them."""
        instrument, nhs = self.instrument(ask), self.of.nhs
        is_of_set = nhs is not None and nhs.is_pair and instrument.key in nhs.member_keys
        return nhs if nhs is not None and is_of_set and MEASURES[measure].needs == "nhs" else instrument

    def rules_sentence(self) -> str:
        """The rules in force in one line."""
        return rule_set_sentence(self.of.rules)

    def context(
        self, ask: Ask, result: Any, instrument: Any, summary: Summary | None = None
    ) -> tuple[str, ...]:
        """Counts, filters, rules and as-of of an exhibit; ahead of them what was done to a summary for its audience."""
        as_of = self.of.as_of.isoformat() if self.of.as_of else None
        told = disclosure_words.told_sentences(summary.told) if summary is not None and summary.told else ()
        return (*told, *words.context(result, instrument, self.rules_sentence(), as_of, cohort_sentence(ask.where)))

    def marks(self, ask: Ask) -> tuple[str, ...]:
        """What stands on every slide, sheet and page."""
        return words.marks(ask.audience, self.origin.is_sample)

    def notes(self, ask: Ask, result: Any, instrument: Any) -> tuple[Section, ...]:
        """The sheet that defends a number; for other audiences than the inside without any further number."""
        return self.once(("notes", as_key(ask.where), instrument.key, result.measure, ask.disclosure),
                         lambda: self._notes(ask, result, instrument))

    def _notes(self, ask: Ask, result: Any, instrument: Any) -> tuple[Section, ...]:
        origin = replace(self.origin, where=ask.where)
        measure = MEASURES[result.measure]
        is_benefit = measure.kind == "rate" and measure.direction == "benefit" and isinstance(instrument, Instrument)
        told = self.said(ask, instrument.key, result.measure) if is_benefit else {}
        if ask.audience != "inside":
            return _outside_notes(ask, result, instrument, origin, self.rules_of(instrument), told)
        beside = Beside()
        if measure.kind == "rate" and measure.direction != "process" and instrument.key in self.of.instruments:
            harm = self.result(ask, instrument.key, "worsening")
            # What the lost could do is asked of benefit: of harm the sheet says that they are not filled in.
            lost = self.missing(ask, instrument.key, result.measure) if measure.direction == "benefit" else None
            beside = Beside(None, self.published(ask), lost, harm, told or None)
        return defend_sheet(result, instrument, origin, self.rules_of(instrument), beside).sections

    def said(self, ask: Ask, instrument: str, measure: str) -> dict[str, Said | None]:
        """What may be said of a result, by audience: to the inside of all others, outside of the ask's own alone."""
        others = tuple(replace(ask, disclosure=Disclosure(one)) for one in ("board", "public"))
        return {one.audience: said_of(self.page(one), instrument, measure, ask.where)
                for one in (others if ask.audience == "inside" else (ask,))}

    def rules_of(self, instrument: Any) -> Rules:
        """The rules that most courses of an instrument follow."""
        rules = self.of.rules
        is_pain = isinstance(instrument, Instrument) and instrument.is_pain
        return rules.rules_for("pain_series") if rules.is_by_indication and is_pain else rules.base


def _pooled(one: CountedTheirWay, threshold: int) -> CountedTheirWay:
    """Reasons under other rules as one: beside ours they would tell how few went from one reason to another."""
    if len(one.left_out) > 1:
        return replace(one, left_out={POOLED: sum(one.left_out.values())})
    return pooled_where_rare(one, threshold)


def _outside_notes(
    ask: Ask, result: Any, instrument: Any, origin: Origin, rules: Rules, told: Mapping[str, Said | None]
) -> tuple[Section, ...]:
    """Definition, interval, sayings, limits and origin: no number besides those that are told."""
    sayings = tuple(f"{audience.capitalize()}: {published_words.said_outside(one, instrument, origin.rules)}"
                    for audience, one in told.items())
    may_not = published_words.may_not_be_said(replace(result, left_out={}), instrument) if not result.withheld else ()
    sure = defence.sure_sentences(result, rules) if not result.withheld else ()
    # The command names files, columns and filters as the clinic calls them.
    again = () if ask.audience == "public" else (
        f"Command: {command(result.instrument, origin)} {audience_options(ask.disclosure)}",)
    return (
        Section("What it says", (defence.what_it_says(result, instrument),)),
        *([Section("How sure", sure)] if sure else []),
        *([Section("What may be said", sayings)] if sayings else []),
        Section("What may not be said", (*may_not, *defence.limits_sentences(result, instrument))),
        Section("How to make it again", (f"Rules: {rule_set_sentence(origin.rules)}.", *again)),
    )


def pairs_of(of: Outcomes) -> dict[str, int]:
    """Courses with both scores by instrument, most first; ties in the order of the instruments."""
    if not len(of.table):
        return dict.fromkeys(of.instrument_keys, 0)
    both = of.table["baseline"].notna() & of.table["endpoint"].notna()
    counted = of.table.loc[both, "instrument"].value_counts()
    found = {key: int(counted.get(key, 0)) for key in of.instrument_keys}
    return dict(sorted(found.items(), key=lambda pair: -pair[1]))
