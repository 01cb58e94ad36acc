"""FHIR Procedures and MedicationAdministrations of ketamine -> sessions."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from analytics.ingest.fhir_bundle import Bundle, Entry, Resource
from analytics.ingest.fhir_codes import drug_of, number_text, route_in, route_in_name, text_of


@dataclass(frozen=True)
class Session:
    """One administration; ``also`` are rows of other resources about the same one."""

    row: int
    patient: str | None
    treated_on: str | None
    drug: str
    route: str | None
    dose: str | None = None
    dose_unit: str | None = None
    also: tuple[int, ...] = ()


@dataclass
class SessionReader:
    """Reads resources one by one; sessions and what was wrong with them gather here."""

    bundle: Bundle
    entries: list[Entry]
    problems: dict[str, list[int]] = field(default_factory=dict)
    rows: set[int] = field(default_factory=set)
    joined: list[int] = field(default_factory=list)
    _given: list[Session] = field(default_factory=list)
    _done: list[Session] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._medications = {entry.key: entry.resource for entry in self.entries
                             if entry.key is not None and entry.resource["resourceType"] == "Medication"}

    def read(self, entry: Entry) -> None:
        """Take the session an entry holds."""
        kind = entry.resource["resourceType"]
        if kind not in ("Procedure", "MedicationAdministration"):
            return
        concept = entry.resource.get("code") if kind == "Procedure" else self._medication(entry.resource)
        if concept is None and kind == "MedicationAdministration":
            self.rows.add(entry.row)
            self.problems.setdefault("medication_not_found", []).append(entry.row)
            return
        drug = drug_of(concept)
        if drug is None:
            return
        self.rows.add(entry.row)
        if entry.resource.get("modifierExtension"):
            self.problems.setdefault("resource_modified", []).append(entry.row)
        elif text_of(entry.resource.get("status")) != "completed":
            self.problems.setdefault("resource_status", []).append(entry.row)
        elif kind == "Procedure":
            self._done.append(Session(entry.row, self.bundle.patient_of(entry.resource),
                                      _start(entry.resource, "performed"), drug, route_in_name(concept)))
        else:
            self._given.append(_given(entry, self.bundle.patient_of(entry.resource), drug, concept))

    def sessions(self) -> list[Session]:
        """The sessions; a procedure on the day of an administration to the patient is that administration."""
        places = {(one.patient, _day(one)): place for place, one in reversed(list(enumerate(self._given)))}
        sessions = list(self._given)
        for one in self._done:
            place = places.get((one.patient, _day(one))) if one.patient and one.treated_on else None
            if place is None:
                sessions.append(one)
                continue
            given = sessions[place]
            sessions[place] = replace(given, route=given.route or one.route, also=(*given.also, one.row))
            self.joined.append(one.row)
        return sorted(sessions, key=lambda one: one.row)

    def _medication(self, resource: Resource) -> object:
        concept = resource.get("medicationCodeableConcept")
        if isinstance(concept, dict):
            return concept
        reference = resource.get("medicationReference")
        local = text_of(reference.get("reference")) if isinstance(reference, dict) else ""
        contained = resource.get("contained")
        for one in contained if local.startswith("#") and isinstance(contained, list) else ():
            if isinstance(one, dict) and one.get("id") == local[1:]:
                return one.get("code")
        known = self._medications.get(self.bundle.key_of(reference) or "", {}).get("code")
        display = text_of(reference.get("display")) if isinstance(reference, dict) else ""
        return {"text": display} if known is None and display else known


def _given(entry: Entry, patient: str | None, drug: str, concept: object) -> Session:
    dosage = entry.resource.get("dosage")
    dosage = dosage if isinstance(dosage, dict) else {}
    dose = dosage.get("dose")
    dose = dose if isinstance(dose, dict) else {}
    return Session(entry.row, patient, _start(entry.resource, "effective"), drug,
                   route_in(dosage.get("route")) or route_in_name(concept), number_text(dose.get("value")),
                   text_of(dose.get("unit")) or text_of(dose.get("code")) or None)


def _start(resource: Resource, stem: str) -> str | None:
    period = resource.get(f"{stem}Period")
    start = period.get("start") if isinstance(period, dict) else None
    return text_of(resource.get(f"{stem}DateTime")) or text_of(start) or None


def _day(session: Session) -> str:
    return (session.treated_on or "")[:10]
