"""The privacy screen by header: columns that could say who a patient is are not read."""

from __future__ import annotations

import re

_NOT_OF_PERSONS = frozenset({
    "site", "clinic", "visit", "event", "treatment", "drug", "form", "test", "scale", "instrument", "measure",
    "protocol", "location", "facility", "center", "centre", "hospital", "study", "arm", "group", "program",
    "programme", "medication", "file", "column", "session", "course", "questionnaire", "survey", "item", "category",
    "product", "project", "variable", "field", "sheet", "schedule", "timepoint", "department", "unit", "indication",
    "diagnosis", "procedure", "agent", "sites", "cohort", "phase",
})
"""What else may have a name."""

_NAMES = frozenset({
    "name", "names", "firstname", "lastname", "surname", "forename", "givenname", "familyname", "fullname",
    "middlename", "nickname", "maidenname", "patientname", "clientname", "initials", "fname", "lname",
})
_WORDS = _NAMES | frozenset({
    "dob", "birth", "birthdate", "birthday", "born", "dateofbirth", "birthyear", "yearofbirth",
    "email", "mail", "phone", "telephone", "mobile", "cell", "cellphone", "fax", "tel", "phonenumber",
    "address", "street", "zip", "zipcode", "postcode", "postal", "postalcode",
    "mrn", "ssn", "nhsnumber", "nhsno", "socialsecurity", "medicalrecord", "chartnumber", "passport", "url", "website",
    "patientfirst", "patientlast", "ptfirst", "ptlast",
    "vorname", "nachname", "geburtsdatum", "geburtstag", "telefon", "handy", "adresse", "anschrift", "strasse", "plz",
    "prenom", "pr\u00e9nom", "nom", "naissance", "courriel", "nombre", "apellido", "apellidos", "nacimiento", "correo",
    "telefono", "tel\u00e9fono", "direccion", "direcci\u00f3n", "contact", "contacts",
    "ip", "ipaddress", "facebook", "licenceplate", "licenseplate",
})
_NUMBERED = frozenset({
    "insurance", "member", "policy", "account", "chart", "record", "nhs", "medicare", "medicaid", "license", "licence",
    "beneficiary", "national", "identity",
})
_NUMBER_WORDS = frozenset({"number", "no", "num", "nr", "id"})
_PAIRS = (
    {"medical", "record"}, {"social", "security"}, {"e", "mail"}, {"web", "site"}, {"date", "born"}, {"health", "card"},
    {"hospital", "number"},
)
_PERSONS = frozenset({"patient", "client", "subject", "participant", "clinician", "provider", "doctor", "physician",
                      "nurse", "therapist", "prescriber", "first", "last", "given", "family", "full", "middle"})
_HARMLESS = frozenset({"recordid"})


def header_words(header: str) -> list[str]:
    """The words of a header in lower case: ``PatientName`` and ``patient_name`` give the same."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", header)
    return re.findall(r"[^\W\d_]+|\d+", spaced.lower())


def identifies(header: str) -> bool:
    """Whether a header says name, birth date, e-mail, phone, address, or a record, account or insurance number."""
    words = header_words(header)
    present, joined = set(words), "".join(words)
    if joined in _HARMLESS:
        return False
    if joined in _WORDS or any(pair <= present for pair in _PAIRS):
        return True
    found = present & _WORDS
    if found <= {"birth"} and present & {"sex", "gender", "assigned"}:
        found = set()
    if found <= {"contact", "contacts"} and present & {"on", "date", "day", "time", "attempts", "method", "type"}:
        found = set()
    if found:
        return not (found <= _NAMES and present & _NOT_OF_PERSONS) or bool(present & _PERSONS)
    return bool(present & _NUMBERED and present & _NUMBER_WORDS)


_OF_BIRTH = frozenset({"dob", "birth", "birthdate", "birthday", "born", "dateofbirth", "geburtsdatum", "geburtstag",
                       "naissance", "nacimiento"})
_OF_NUMBER = frozenset({"mrn", "ssn", "nhsnumber", "nhsno", "socialsecurity", "medicalrecord", "chartnumber",
                        "passport"})
_OF_POST = frozenset({"zip", "zipcode", "postcode", "postal", "postalcode", "plz"})
_OF_AGE = frozenset({"age", "ages", "alter", "edad", "leeftijd"})
_BANDS = frozenset({"band", "bands", "group", "groups", "category", "range", "decade", "bracket"})
_ROLES = frozenset({"clinician", "provider", "doctor", "physician", "nurse", "therapist", "prescriber", "psychiatrist",
                    "psychologist", "infusionist", "anesthesiologist", "anaesthetist", "assessor", "rater", "staff",
                    "attending", "counselor", "practitioner", "caregiver", "spouse", "mother", "father", "kin",
                    "emergency", "guardian", "person", "who"})
_SEEN_BY = frozenset({"by", "seen"})
_SAYS_NOTHING = frozenset({"field", "column", "variable", "item", "sheet", "file", "category"})
_CODED = frozenset({
    "snomed", "rxnorm", "loinc", "cpt", "icd", "ndc", "hcpcs", "lot", "batch", "procedure", "diagnosis", "drug",
    "product", "site", "clinic", "facility", "provider", "clinician", "protocol", "study", "form",
})
_THINGS = (_NOT_OF_PERSONS - _SAYS_NOTHING) | frozenset({
    "where", "place", "region", "state", "country", "county", "city", "town", "area", "district", "branch", "office",
    "race", "ethnicity", "language", "religion", "occupation", "employer", "insurance", "insurer", "payer", "plan",
    "referral", "route", "dose", "sex", "gender", "status", "type", "severity", "condition", "reason", "class",
})


def is_of_birth(header: str) -> bool:
    """Whether a header says when somebody was born."""
    return identifies(header) and bool({*header_words(header), "".join(header_words(header))} & _OF_BIRTH)


def is_of_number(header: str) -> bool:
    """Whether a header says the number of a record, an account or an insurance."""
    words = header_words(header)
    return identifies(header) and (bool(set(words) & _OF_NUMBER) or bool(set(words) & _NUMBERED))


def is_of_post(header: str) -> bool:
    """Whether a header says postcode."""
    return bool({*header_words(header), "".join(header_words(header))} & _OF_POST)


def is_of_age(header: str) -> bool:
    """Whether a header says an age in years and not a band of ages."""
    words = header_words(header)
    return not set(words) & _BANDS and (bool(set(words) & _OF_AGE) or re.fullmatch(
        r"(?:pt|pat|patient|client|subject)?age(?:y|yr|yrs|years|inyears|at\w*)?", "".join(words)) is not None)


def is_of_persons(header: str) -> bool:
    """Whether a header says a role in which somebody is named."""
    words = set(header_words(header))
    return bool(words & (_PERSONS | _ROLES) or words >= _SEEN_BY) and not words & {"code", "id"}


def is_of_places_or_things(header: str) -> bool:
    """Whether a header says a site, a treatment, a scale or another thing that has a name and is no person."""
    words = set(header_words(header))
    return bool(words & _THINGS) and not words & (_PERSONS | _ROLES)


def is_of_codes(header: str) -> bool:
    """Whether a header says a thing that has numbers of five digits, such as a procedure or a site."""
    return bool(set(header_words(header)) & _CODED)
