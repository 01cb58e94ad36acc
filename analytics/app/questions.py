"""What the pages ask of a dataset under a view, and its answers; each is made once and kept by loading.py."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from analytics.app import address, loading, state
from analytics.app.datasets import Dataset, Shape
from analytics.app.view import Filters, View, rules_of
from analytics.definitions.instruments import Instrument
from analytics.definitions.measures import MEASURES
from analytics.definitions.nhs import NhsScales
from analytics.definitions.rules import RuleSet

if TYPE_CHECKING:
    import numpy as np

    from analytics.courses.outcomes import Outcomes
    from analytics.courses.series import Series
    from analytics.courses.sessions import CourseSessions
    from analytics.definitions.old_ways import Way
    from analytics.results.disclosure import Disclosure
    from analytics.results.near_misses import NearMiss
    from analytics.results.summary import Summary, TimePoint

CARDS = ("response", "remission", "mean_improvement", "worsening", "item9_resolved", "follow_up")
PAIN_CARDS = ("pain_30", "pain_50", "mean_improvement", "worsening", "follow_up")


@dataclass(frozen=True)
class Question:
    """A dataset and a view of it, with everything that follows from the two."""

    dataset: Dataset
    view: View

    @cached_property
    def rules(self) -> RuleSet:
        """The rules that the view asks for; ``outcomes.rules`` says which came into force."""
        return rules_of(self.view)

    @cached_property
    def where(self) -> dict[str, tuple[str | None, ...]]:
        """The filters as attributes and the values that stay."""
        return self.where_of(self.view.filters)

    def where_of(self, filters: Filters) -> dict[str, tuple[str | None, ...]]:
        """Filters of places as attributes and the values that stay."""
        found = {}
        for place, values in filters:
            name, words = self.dataset.shape.attributes[place]
            found[self.column(name)] = tuple(None if value is None else words[value] for value in values)
        return found

    @cached_property
    def by(self) -> str | None:
        """The attribute that the strata are made by."""
        return None if self.view.by is None else self.column(self.dataset.shape.attributes[self.view.by][0])

    def column(self, name: str) -> str:
        """The column of the courses that holds an attribute: one that is named like ours is marked there."""
        marked = f"{name} (file)"
        is_ours = name in ("kind", "drug", "route")
        return marked if not is_ours and marked in self.outcomes.courses else name

    @cached_property
    def outcomes(self) -> Outcomes:
        """What happened to every course under these rules."""
        return loading.outcomes_of(self.dataset, self.rules)

    @cached_property
    def instruments(self) -> dict[str, Instrument]:
        """The instruments of the files by key, with the cut-offs in force."""
        return {key: self.outcomes.instruments[key] for key in self.outcomes.instrument_keys}

    @cached_property
    def instrument(self) -> Instrument | None:
        """The headline instrument."""
        return self.instruments.get(self.view.instrument or "")

    @property
    def headline(self) -> str:
        """The measure of the headline: pain is judged by its own."""
        return "pain_30" if self.instrument is not None and self.instrument.is_pain else "response"

    @cached_property
    def by2(self) -> str | None:
        """The attribute that the groups are crossed with."""
        return None if self.view.by2 is None else self.column(self.dataset.shape.attributes[self.view.by2][0])

    def measures(self) -> tuple[str, ...]:
        """The measures that exist for the headline instrument, and those of the NHS set where it is judged on it."""
        if self.instrument is None:
            return ()
        own, nhs = self.outcomes.measures_of(self.instrument.key), self.outcomes.nhs
        is_of_set = nhs is not None and nhs.is_pair and self.instrument.key in nhs.member_keys
        return tuple(one.key for one in (*own, *(self.outcomes.measures_of(nhs.key) if nhs and is_of_set else ())))

    @property
    def measure(self) -> str:
        """The measure of the view; that of the headline where the instrument does not have the one asked for."""
        return self.view.measure if self.view.measure in self.measures() else self.headline

    @property
    def measured(self) -> Instrument | NhsScales:
        """The instrument that the view's measure is read from, or the two scales of the NHS set."""
        return self.read_from(self.measure)

    def read_from(self, measure: str) -> Instrument | NhsScales:
        """What one measure is read from."""
        assert self.instrument is not None, "A measure is asked for a dataset with an instrument."
        nhs = self.outcomes.nhs
        return nhs if MEASURES[measure].needs == "nhs" and nhs is not None and nhs.is_pair else self.instrument

    @cached_property
    def address(self) -> dict[str, str]:
        """The view as an address."""
        return address.encode_view(self.view, self.dataset.shape)

    @cached_property
    def everyone(self) -> dict[str, str]:
        """The same view without filters, as an address."""
        return address.encode_view(replace(self.view, filters=()), self.dataset.shape)

    @property
    def needs_visits(self) -> bool:
        """Whether a person must say which visits are before and after: their labels have no order."""
        rules = self.rules.base
        return (self.dataset.tables.axis == "visit" and not self.dataset.tables.is_visit_order_known
                and (rules.baseline_visit is None or rules.endpoint_visit is None))

    @cached_property
    def refused(self) -> str | None:
        """Why the files cannot be counted under these rules, in words; missing where they can."""
        from analytics.courses.outcomes import NotCountableError

        try:
            _ = self.outcomes
        except NotCountableError as reason:
            return str(reason)
        return None

    @property
    def can_count(self) -> bool:
        """Whether there are outcomes under these rules."""
        return not self.needs_visits and self.refused is None

    def answer(self, name: str, make: Any, *rests_on: Any) -> Any:
        """What ``make`` gives for this dataset, these rules and filters; made once for what else it rests on."""
        asked = (name, self.rules, tuple(sorted(self.where.items())), *rests_on)
        return loading.answer_of(self.dataset, asked, make)

    @cached_property
    def disclosure(self) -> Disclosure:
        """For whom the numbers are shown."""
        from analytics.results.disclosure import Disclosure

        return Disclosure(self.view.audience)

    @property
    def told_to(self) -> Disclosure | None:
        """To whom an exhibit of this view is told; missing for the inside, which is told everything."""
        return None if self.view.audience == "inside" else self.disclosure

    def is_told(self, place: int) -> bool:
        """Whether an attribute may be named to the audience: those who treat are named inside alone."""
        from analytics.results.disclosure_groups import names_persons

        if self.view.audience == "inside":
            return True
        if not self.can_count:
            return False
        column = self.column(self.dataset.shape.attributes[place][0])
        courses = self.outcomes.courses
        return column not in courses or not self.answer_of_all(
            "persons", lambda: names_persons(column, courses[column]), column)

    @property
    def are_filters_told(self) -> bool:
        """Whether all filters are by attributes that may be named to the audience."""
        return all(self.is_told(place) for place, _ in self.view.filters)

    def answer_of_all(self, name: str, make: Any, *rests_on: Any) -> Any:
        """What ``make`` gives for this dataset and these rules whatever the filters."""
        return loading.answer_of(self.dataset, (name, self.rules, *rests_on), make)

    @cached_property
    def stays(self) -> np.ndarray:
        """Which courses the filters keep; bool, one element a course."""
        from analytics.results.cohorts import in_cohort

        return self.answer("stays", lambda: in_cohort(self.outcomes, self.where))

    def series(self, instrument: str) -> Series:
        """Every score of an instrument in its course; made once for all filters."""
        from analytics.courses.series import series

        return loading.answer_of(self.dataset, ("series", self.rules, instrument),
                                 lambda: series(self.outcomes, instrument))

    def sessions(self) -> CourseSessions:
        """Every session in its course; made once for all filters."""
        from analytics.courses.sessions import course_sessions

        return loading.answer_of(self.dataset, ("sessions", self.rules), lambda: course_sessions(self.outcomes))

    def cards(self) -> Summary:
        """The headline instrument's cards, with counts and flow for the cohort."""
        import analytics

        assert self.instrument is not None, "Cards are asked for a dataset with an instrument."
        wanted = PAIN_CARDS if self.instrument.is_pain else CARDS
        return self.answer("cards", lambda: analytics.summarize(
            self.outcomes, where=self.where, instruments=(self.instrument.key,), measures=wanted), self.instrument.key)

    def pain_card(self) -> Any:
        """Pain down by 30 % on the pain scale with most pairs; missing where there is none beside the headline."""
        import analytics

        key = next((key for key in pairs(self.outcomes) if self.instruments[key].is_pain), None)
        if key is None or self.instrument is None or self.instrument.is_pain:
            return None
        return self.answer("pain card", lambda: analytics.summarize(
            self.outcomes, where=self.where, instruments=(key,), measures=("pain_30",)), key).results[0]

    def rate(self, instrument: str, measure: str) -> Summary:
        """One measure of one instrument, with all that travels with it."""
        import analytics

        return self.answer("rate", lambda: analytics.summarize(
            self.outcomes, where=self.where, instruments=(instrument,), measures=(measure,)), instrument, measure)

    def strata(self, measure: str) -> Summary:
        """One measure of the headline instrument by the view's attribute, the whole cohort first."""
        import analytics

        assert self.instrument is not None and self.by is not None, "Strata need an instrument and an attribute."
        return self.answer("strata", lambda: analytics.summarize(
            self.outcomes, by=(self.by,), where=self.where, instruments=(self.instrument.key,), measures=(measure,),
        ), self.instrument.key, self.by, measure)

    def bands(self) -> Any:
        """Courses by severity band before and after; missing where the instrument has no bands."""
        from analytics.results.cohorts import in_cohort
        from analytics.results.rates import paired_bands

        assert self.instrument is not None, "Bands are asked for a dataset with an instrument."
        of, key = self.outcomes, self.instrument.key
        return self.answer("bands", lambda: paired_bands(of, key, in_cohort(of, self.where)), key)

    def bridge(self, way: Way, order: tuple[Any, ...], measure: str) -> Any:
        """From an old way of counting to ours, in one measure of the headline instrument."""
        from analytics.results.bridge import bridge

        assert self.instrument is not None, "A bridge is asked for a dataset with an instrument."
        key = self.instrument.key
        return self.answer("bridge", lambda: bridge(self.outcomes, way, key, self.where, order, measure),
                           key, way, order, measure)

    def published(self) -> tuple[Any, ...]:
        """Published figures with our courses counted their way."""
        from analytics.results.published import published

        return self.answer("published", lambda: published(self.outcomes, self.where))

    def missing(self, measure: str) -> Any:
        """What those lost could do to one measure of the headline instrument."""
        from analytics.results.missing import missing

        assert self.instrument is not None, "Those lost are asked for in a dataset with an instrument."
        key = self.instrument.key
        return self.answer("missing", lambda: missing(self.outcomes, key, measure, self.where), key, measure)

    def near_misses(self) -> tuple[NearMiss, ...]:
        """Courses that miss a window by a few days."""
        from analytics.results.near_misses import near_misses

        return self.answer("near misses", lambda: near_misses(self.outcomes, self.where))

    @property
    def has_pain_series(self) -> bool:
        """Whether there is a pain scale and any course may follow the pain series."""
        has_pain = any(one.is_pain for one in self.instruments.values())
        presets = {self.rules.preset_for(name) for name in (*self.dataset.shape.indications, None)}
        return has_pain and "pain_series" in presets and self.outcomes.rules.requested is None

    def time_points(self) -> tuple[TimePoint, ...]:
        """The further looks of the pain series; empty where no course follows it."""
        from analytics.results.summary import pain_time_points

        return self.answer("time points", lambda: pain_time_points(self.outcomes, self.where))


def pairs(outcomes: Outcomes) -> dict[str, int]:
    """Courses with both scores by instrument, most first."""
    both = outcomes.table["baseline"].notna() & outcomes.table["endpoint"].notna() if len(outcomes.table) else ()
    counted = outcomes.table.loc[both, "instrument"].value_counts() if len(outcomes.table) else {}
    found = {key: int(counted.get(key, 0)) for key in outcomes.instrument_keys}
    return dict(sorted(found.items(), key=lambda pair: -pair[1]))


def start_view(shape: Shape) -> View:
    """The view a dataset starts with: the clinic's rules, the instrument with most pairs, strata by site."""
    dataset = loading.dataset(state.browser(), shape.short)
    assert dataset is not None, "A start view was asked for a dataset that is not there."
    names = [name for name, _ in shape.attributes]
    by = next((place for place, name in enumerate(names) if name.lower() in ("site", "clinic", "treatment")), None)
    if by is None:
        by = names.index("route") if "route" in names else 0
    preset, settings = dataset.start_rules
    first = View(shape.short, next(iter(shape.present), None), preset=preset, settings=settings, by=by)
    question = Question(dataset, first)
    if question.needs_visits:
        return first
    return replace(first, instrument=loading.headline_instrument(dataset, question.rules))


def current() -> Question | None:
    """The question of this run; missing after a refusal, and while the view's files are being read anew."""
    if state.refusal() is not None:
        return None
    dataset = loading.dataset(state.browser(), state.view().dataset or "")
    return None if dataset is None else Question(dataset, state.view())
