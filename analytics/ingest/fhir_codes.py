"""Codes of FHIR resources: which score or answer a coding is, what an answer counts, which drug and route it names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from analytics.definitions.instruments import Instrument
from analytics.ingest.cells import as_text
from analytics.ingest.measure_names import Measure, measure_of
from analytics.ingest.synonyms import route_of

LOINC: dict[str, Measure] = {
    "44261-6": Measure("phq9"), "70274-6": Measure("gad7"),
    "72514-3": Measure("pain_nrs"), "38208-5": Measure("pain_nrs"), "38214-3": Measure("pain_vas"),
    **{code: Measure("phq9", item) for item, code in enumerate(
        ("44250-9", "44255-8", "44259-0", "44254-1", "44251-7", "44258-2", "44252-5", "44253-3", "44260-8"), start=1)},
    **{code: Measure("gad7", item) for item, code in enumerate(
        ("69725-0", "68509-9", "69733-4", "69734-2", "69735-9", "69689-8", "69736-7"), start=1)},
}
"""Totals and items by LOINC code; the last item of the PHQ-9 is 44260-8, its total 44261-6."""

_PANELS = {"44249-1": "phq9", "69737-5": "gad7"}
_ANSWERS = {"LA6568-5": "0", "LA6569-3": "1", "LA6570-1": "2", "LA18938-3": "2", "LA6571-9": "3"}
_LOINC_SYSTEMS = frozenset({"http://loinc.org", "https://loinc.org", "http://loinc.org/",
                            "urn:oid:2.16.840.1.113883.6.1"})
_RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
_LOINC_CODE = re.compile(r"(?<![0-9])[0-9]{4,6}-[0-9](?![0-9])")
_UNITS = frozenset({"", "1", "{score}", "score", "{points}", "points", "point", "pts", "{#}", "#", "{number}", "count",
                    "{nrs}", "nrs", "{total}", "{totalscore}", "{phq-9 score}"})
_ORDINALS = ("ordinalValue", "itemWeight", "iso21090-CO-value", "valueset-ordinalValue", "questionnaire-ordinalValue")
_ROUTES = {"47625008": "IV", "78421000": "IM", "46713006": "nasal", "37839007": "lozenge", "26643006": "oral",
           "34206005": "subcutaneous"}
_KETAMINE = re.compile(r"ketamin|spravato", re.IGNORECASE)
_NO_TREATMENT = re.compile(r"consult|educat|counsel|screen|evaluat|assess|consent|integrat|allerg|level|history|plan",
                           re.IGNORECASE)
_ROUTE_WORDS = re.compile(r"\b(iv|intravenous|im|intramuscular|nasal|intranasal|spravato|sublingual|subcutaneous|oral|"
                          r"lozenge|troche)\b", re.IGNORECASE)
_ESKETAMINE_VISITS = frozenset({"G2082", "G2083"})


def dicts(value: object) -> list[dict[str, Any]]:
    """The objects of what should be a list of objects; an object alone is a list of one."""
    if isinstance(value, dict):
        return [value]
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def text_of(value: object) -> str:
    """A text, trimmed; empty where something else stands."""
    return value.strip() if isinstance(value, str) else ""


@dataclass(frozen=True)
class Codes:
    """What codes mean: LOINC's, and those that the instruments of a clinic name as their own.

    Attributes
    ----------
    own : by the code as it stands, or by ``system|code``
    """

    loinc: dict[str, Measure] = field(default_factory=dict)
    own: dict[str, Measure] = field(default_factory=dict)

    def of_coding(self, coding: Mapping[str, Any]) -> Measure | None:
        """What one coding means."""
        code, system = text_of(coding.get("code")), text_of(coding.get("system"))
        if system in _LOINC_SYSTEMS:
            return self.loinc.get(code)
        return self.own.get(f"{system}|{code}") or self.own.get(code)


def codes_of(instruments: Mapping[str, Instrument]) -> Codes:
    """The codes of all instruments; what a clinic's instrument names goes before what is known of LOINC."""
    codes = Codes({code: measure for code, measure in LOINC.items() if measure.instrument in instruments})
    for key, instrument in instruments.items():
        total = [(code, Measure(key)) for code in (instrument.loinc, *instrument.codes) if code]
        items = [(code, Measure(key, item)) for item, code in enumerate(instrument.item_codes, start=1)]
        for code, measure in (*total, *items):
            (codes.loinc if _LOINC_CODE.fullmatch(code) else codes.own)[code] = measure
    return codes


def measure_of_concept(
    concept: object, aliases: Mapping[str, str], instruments: Mapping[str, Instrument], codes: Codes
) -> Measure | None:
    """The score or answer that a CodeableConcept means: by its codes; by its words only where no LOINC code stands."""
    codings = [coding for one in dicts(concept) for coding in dicts(one.get("coding"))]
    known = {measure for coding in codings if (measure := codes.of_coding(coding)) is not None}
    if known or any(text_of(coding.get("system")) in _LOINC_SYSTEMS for coding in codings):
        return known.pop() if len(known) == 1 else None
    words = [text_of(one.get("text")) for one in dicts(concept)] + [text_of(one.get("display")) for one in codings]
    meant = {measure_of(word, aliases, instruments) for word in words if word} - {None}
    return meant.pop() if len(meant) == 1 else None


def measure_of_link(link: str, codes: Codes) -> Measure | None:
    """The score or answer that a linkId means by the code at its end, as in ``/44249-1/44250-9``."""
    own = codes.own.get(link) or codes.own.get(link.rstrip("/").rsplit("/", 1)[-1])
    if own is not None:
        return own
    named = _LOINC_CODE.findall(link)
    return codes.loinc.get(named[-1]) if named else None


def instrument_of_questionnaire(canonical: str, aliases: Mapping[str, str], codes: Codes) -> str | None:
    """The instrument that the address of a questionnaire names by a panel's code or in its last part."""
    bare = canonical.split("|")[0]
    own = codes.own.get(bare) or codes.own.get(bare.rstrip("/").rsplit("/", 1)[-1])
    if own is not None and own.item is None:
        return own.instrument
    panel = next((_PANELS[code] for code in _LOINC_CODE.findall(bare) if code in _PANELS), None)
    return panel or aliases.get(re.sub(r"[\W_]+", "", bare.rstrip("/").rsplit("/", 1)[-1].lower()))


def quantity_text(quantity: Mapping[str, Any], measure: Measure) -> tuple[str | None, str | None]:
    """A quantity as text, or the code of a problem: a comparator, or a unit that is not one of scores."""
    if text_of(quantity.get("comparator")):
        return None, "resource_value_unclear"
    units = {text_of(quantity.get(name)).lower() for name in ("unit", "code")} - _UNITS
    if units - ({"mm"} if measure.instrument == "pain_vas" else set()):
        return None, "resource_unit_unknown"
    return number_text(quantity.get("value")), None


def number_text(value: object) -> str | None:
    """A number, or what should be one, as the text of a cell."""
    return None if value is None or isinstance(value, bool | dict | list) else as_text(value) or None


def answer_text(codings: Iterable[Mapping[str, Any]], text: str) -> str | None:
    """What a coded answer counts: by its code, by a weight it carries, else its words."""
    codings = list(codings)
    known = {_ANSWERS[code] for coding in codings if (code := text_of(coding.get("code"))) in _ANSWERS}
    weights = {weight for coding in codings if (weight := _weight(coding)) is not None}
    for found in (known, weights):
        if found:
            return found.pop() if len(found) == 1 else None
    digits = [code for coding in codings if re.fullmatch(r"[0-9]{1,3}", code := text_of(coding.get("code")))]
    words = [text_of(coding.get("display")) for coding in codings]
    return next((word for word in (*digits, *words, text) if word), None)


def _weight(coding: Mapping[str, Any]) -> str | None:
    for extension in dicts(coding.get("extension")):
        if text_of(extension.get("url")).rsplit("/", 1)[-1] in _ORDINALS:
            return number_text(next((extension[name] for name in ("valueDecimal", "valueInteger")
                                     if name in extension), None))
    return None


def words_of(concept: object) -> list[str]:
    """The text and the displays of a CodeableConcept."""
    return [word for one in dicts(concept)
            for word in (text_of(one.get("text")), *(text_of(coding.get("display"))
                                                     for coding in dicts(one.get("coding")))) if word]


def drug_of(concept: object) -> str | None:
    """ketamine or esketamine, where a concept names the giving of it."""
    codings = [coding for one in dicts(concept) for coding in dicts(one.get("coding"))]
    if any(text_of(coding.get("code")) in _ESKETAMINE_VISITS for coding in codings):
        return "esketamine"
    words = " ".join(words_of(concept)).lower()
    if _KETAMINE.search(words) and not _NO_TREATMENT.search(words):
        return "esketamine" if "esketamin" in words or "spravato" in words else "ketamine"
    is_ingredient = any(text_of(coding.get("system")) == _RXNORM and text_of(coding.get("code")) == "6130"
                        for coding in codings)
    return "ketamine" if is_ingredient else None


def route_in(concept: object) -> str | None:
    """The route that a concept of a route says."""
    codes = [text_of(coding.get("code")) for one in dicts(concept) for coding in dicts(one.get("coding"))]
    by_code = next((_ROUTES[code] for code in codes if code in _ROUTES), None)
    words = [re.sub(r"\s+route.*$", "", word, flags=re.IGNORECASE) for word in words_of(concept)]
    return by_code or next((route for word in words if (route := route_of(word))), None) or next(iter(words), None)


def route_in_name(concept: object) -> str | None:
    """The route in the name of a treatment or a product, as in ``IV ketamine infusion``; one only."""
    routes = {route_of(match) for word in words_of(concept) for match in _ROUTE_WORDS.findall(word)}
    return routes.pop() if len(routes) == 1 else None
