"""FHIR Observations and QuestionnaireResponses -> scores and answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from analytics.definitions.instruments import Instrument
from analytics.ingest.fhir_bundle import Bundle, Entry, Resource
from analytics.ingest.fhir_codes import (
    answer_text,
    codes_of,
    dicts,
    instrument_of_questionnaire,
    measure_of_concept,
    measure_of_link,
    number_text,
    quantity_text,
    text_of,
)
from analytics.ingest.headers import aliases_of
from analytics.ingest.measure_names import Measure, measure_of, measures_by_number, measures_of
from analytics.ingest.question_texts import matched_words, questions

_OBSERVATION_STATUSES = frozenset({"final", "amended", "corrected"})
_RESPONSE_STATUSES = frozenset({"completed", "amended"})
_DEEPEST = 20


@dataclass(frozen=True)
class Answer:
    """One score or answer; ``anchor`` names the assessment where a resource says which it belongs to."""

    row: int
    patient: str | None
    on: str | None
    anchor: str | None
    measure: Measure
    text: str | None


@dataclass
class ScoreReader:
    """Reads resources one by one; what they hold and what was wrong with them gathers here."""

    bundle: Bundle
    entries: list[Entry]
    instruments: Mapping[str, Instrument]
    problems: dict[str, list[int]] = field(default_factory=dict)
    rows: set[int] = field(default_factory=set)
    asked: dict[Measure, list[int]] = field(default_factory=dict)
    _found: list[Answer] = field(default_factory=list)
    _asked: dict[tuple[str, ...], list[Measure | None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.aliases = aliases_of(self.instruments)
        self.codes = codes_of(self.instruments)
        resources = {entry.key: entry.resource for entry in self.entries if entry.key is not None}
        self._visits = {key: resource for key, resource in resources.items() if key.startswith("Encounter/")}
        self._anchor = {key: anchor for entry in self.entries for key, anchor in self._anchored(entry, resources)}
        self._forms = {}
        for key, resource in resources.items():
            if key.startswith("Questionnaire/"):
                links = dict(self._links(resource))
                self._forms |= {name: links for name in (key, text_of(resource.get("url"))) if name}

    @property
    def answers(self) -> list[Answer]:
        """What was read; a score of the very time of one filled-in form belongs to it."""
        forms: dict[tuple, set[str]] = {}
        for one in self._found:
            if one.anchor is not None:
                forms.setdefault((one.patient, one.on, one.measure.instrument), set()).add(one.anchor)
        alone = {place: anchors.pop() for place, anchors in forms.items() if len(anchors) == 1}
        return [one if one.anchor is not None or one.on is None
                else replace(one, anchor=alone.get((one.patient, one.on, one.measure.instrument)))
                for one in self._found]

    def read(self, entry: Entry) -> None:
        """Take what an entry holds."""
        kind = entry.resource["resourceType"]
        if kind == "Observation":
            self._observation(entry)
        elif kind == "QuestionnaireResponse":
            self._response(entry)

    def _observation(self, entry: Entry) -> None:
        resource = entry.resource
        parts = dicts(resource.get("component"))
        held = [(self._meant(one), one) for one in (resource, *parts)]
        held = [(measure, one) for measure, one in held if measure is not None]
        if not held:
            return
        self.rows.add(entry.row)
        if any(one.get("modifierExtension") for one in (resource, *parts)):
            self._problem("resource_modified", entry)
        elif text_of(resource.get("status")) not in _OBSERVATION_STATUSES:
            self._problem("resource_status", entry)
        else:
            anchor = self._anchor.get(entry.key) or (entry.key if parts and len(held) > 1 else None)
            self._take(entry, anchor, ((measure, *_value(one, measure)) for measure, one in held))

    def _meant(self, holder: Mapping[str, Any]) -> Measure | None:
        return measure_of_concept(holder.get("code"), self.aliases, self.instruments, self.codes)

    def _response(self, entry: Entry) -> None:
        resource = entry.resource
        items = list(_leaves(resource.get("item")))
        meant = self._meant_items(resource, items)
        if not any(meant):
            return
        self.rows.add(entry.row)
        held = [(measure, item) for measure, item in zip(meant, items, strict=True) if measure is not None]
        if resource.get("modifierExtension") or any(item.get("modifierExtension") for _, item in held):
            self._problem("resource_modified", entry)
        elif text_of(resource.get("status")) not in _RESPONSE_STATUSES:
            self._problem("resource_status", entry)
        else:
            self._take(entry, entry.key or f"#{entry.row}",
                       ((measure, *_answered(item, measure)) for measure, item in held))

    def _meant_items(self, resource: Resource, items: list[Resource]) -> list[Measure | None]:
        """What each item asks: by LOINC in its link or in the questionnaire, by its words, by a full set of numbers."""
        canonical = text_of(resource.get("questionnaire"))
        links = self._forms.get(canonical.split("|")[0]) or self._forms.get(self.bundle.key_of(canonical) or "") or {}
        names = [text_of(item.get("linkId")) for item in items]
        meant = [links.get(name) or measure_of_link(name, self.codes)
                 or measure_of_link(text_of(item.get("definition")), self.codes)
                 for name, item in zip(names, items, strict=True)]
        if any(meant):
            return meant
        key = instrument_of_questionnaire(canonical, self.aliases, self.codes)
        meant = (measures_by_number(names, self.aliases, self.instruments, key if key in self.instruments else None)
                 or measures_of(names, self.aliases, self.instruments))
        meant = [measure or measure_of(text_of(item.get("text")), self.aliases, self.instruments)
                 for measure, item in zip(meant, items, strict=True)]
        return meant if any(meant) else self._by_questions(tuple(text_of(item.get("text")) for item in items))

    def _by_questions(self, texts: tuple[str, ...]) -> list[Measure | None]:
        """Items by the words of their questions, judged over the whole form."""
        if texts not in self._asked:
            found = questions(matched_words(text for text in texts if texts.count(text) == 1),
                              self.instruments)
            self._asked[texts] = [Measure(found[text].key, found[text].item) if text in found else None
                                  for text in texts]
        return self._asked[texts]

    def _links(self, questionnaire: Resource) -> Iterator[tuple[str, Measure]]:
        for item in _leaves(questionnaire.get("item")):
            measure = measure_of_concept({"coding": item.get("code")}, self.aliases, self.instruments, self.codes)
            if measure is not None:
                yield text_of(item.get("linkId")), measure

    def _anchored(self, entry: Entry, resources: Mapping[str, Resource]) -> Iterator[tuple[str, str]]:
        """Which assessment a score was derived from, or which answers it was made of."""
        if entry.key is None or entry.resource["resourceType"] != "Observation":
            return
        sources = [self.bundle.key_of(one) for one in dicts(entry.resource.get("derivedFrom"))]
        members = [self.bundle.key_of(one) for one in dicts(entry.resource.get("hasMember"))]
        form = next((key for key in sources if key in resources and key.startswith("QuestionnaireResponse/")), None)
        if form is not None:
            yield entry.key, form
        for key in (*members, *sources):
            if key in resources and key.startswith("Observation/"):
                yield key, form or entry.key
                yield entry.key, form or entry.key

    def _take(self, entry: Entry, anchor: str | None, held: Iterator[tuple[Measure, str | None, str | None]]) -> None:
        patient, on = self.bundle.patient_of(entry.resource), self._on(entry)
        for measure, text, problem in held:
            self.asked.setdefault(measure, []).append(entry.row)
            if problem is not None:
                self._problem(problem, entry)
            elif text is not None:
                self._found.append(Answer(entry.row, patient, on, anchor, measure, text))

    def _on(self, entry: Entry) -> str | None:
        resource = entry.resource
        period = resource.get("effectivePeriod")
        period = period if isinstance(period, dict) else {}
        own = [resource.get("effectiveDateTime"), resource.get("effectiveInstant"), period.get("end"),
               period.get("start"), resource.get("authored")]
        visit = self._visits.get(self.bundle.key_of(resource.get("encounter")) or "", {}).get("period")
        beside = [visit.get("start") if isinstance(visit, dict) else None, resource.get("issued")]
        found = next((text_of(one) for one in own if text_of(one)), None)
        if found is None and (found := next((text_of(one) for one in beside if text_of(one)), None)) is not None:
            self._problem("resource_date_beside", entry)
        return found

    def _problem(self, code: str, entry: Entry) -> None:
        self.problems.setdefault(code, []).append(entry.row)


def _leaves(items: object, depth: int = 0) -> Iterator[Resource]:
    """The items of a form, those inside groups and inside answers included."""
    for item in dicts(items) if depth < _DEEPEST else ():
        yield item
        yield from _leaves(item.get("item"), depth + 1)
        for answer in dicts(item.get("answer")):
            yield from _leaves(answer.get("item"), depth + 1)


def _value(holder: Mapping[str, Any], measure: Measure) -> tuple[str | None, str | None]:
    """The value of an Observation or a component as text, or the code of a problem."""
    if isinstance(holder.get("valueQuantity"), dict):
        return quantity_text(holder["valueQuantity"], measure)
    if isinstance(holder.get("valueCodeableConcept"), dict):
        concept = holder["valueCodeableConcept"]
        text = answer_text(dicts(concept.get("coding")), text_of(concept.get("text")))
        return text, "resource_value_unclear" if text is None else None
    names = ("valueInteger", "valueDecimal", "valueString")
    return next((number_text(holder[name]) for name in names if name in holder), None), None


def _answered(item: Resource, measure: Measure) -> tuple[str | None, str | None]:
    """The one answer of an item as text, or the code of a problem."""
    answers = dicts(item.get("answer"))
    if len(answers) > 1:
        return None, "resource_value_unclear"
    if not answers:
        return None, None
    answer = answers[0]
    if answer.get("modifierExtension"):
        return None, "resource_value_unclear"
    if isinstance(answer.get("valueCoding"), dict):
        text = answer_text([answer["valueCoding"]], "")
        return text, "resource_value_unclear" if text is None else None
    return _value(answer, measure)
