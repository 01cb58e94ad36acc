"""Invented exports with and without planted identifiers, for measuring the privacy screen.

Names, addresses and numbers come from Faker and not from the lists of the screen, so that a hit is no tautology.
"""

from __future__ import annotations

import csv
import datetime
import io
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from faker import Faker

LOCALES = ("en_US", "en_US", "en_US", "en_GB", "en_CA", "de_DE", "fr_FR", "es_ES")
NEUTRAL = (
    "field_7",
    "x1",
    "ref",
    "info",
    "data2",
    "misc",
    "extra",
    "q_17",
    "other_1",
    "col_k",
    "value_text",
    "tag",
    "Feld 3",
    "detail",
    "u2",
    "Column F",
)


@dataclass(frozen=True)
class Export:
    """One file.

    Attributes
    ----------
    planted : the kind of identifier by header
    harmless : what every other column is, by header
    cells : texts that identify by themselves and must not be found in anything that was read
    """

    name: str
    text: str
    planted: dict[str, str] = field(default_factory=dict)
    harmless: dict[str, str] = field(default_factory=dict)
    cells: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Maker:
    """What makes values for one file: chance, and a locale."""

    chance: random.Random
    fake: Faker
    locale: str

    def one(self, *choices):
        return self.chance.choice(choices)


def _phone(make: _Maker) -> str:
    return make.fake.phone_number()


def _phones(make: _Maker) -> Callable[[], str]:
    """One way of writing a number, as a program has it, or the many ways in which people write one."""

    def digits(pattern: str) -> str:
        return "".join(
            make.chance.choice("23456789") if sign == "N" else make.chance.choice("0123456789") if sign == "9" else sign
            for sign in pattern
        )

    patterns = (
        "(N99) N99-9999",
        "N99-N99-9999",
        "+1 N99 N99 9999",
        "N99.N99.9999",
        "+44 20 N999 9999",
        "07N99 999999",
        "+49 30 N999999",
        "020 N999 9999",
        "06 99 99 99 99",
        "1-N99-N99-9999",
    )
    pattern = make.chance.choice((*patterns, None, None))
    return (lambda: _phone(make)) if pattern is None else (lambda: digits(pattern))


def _names(make: _Maker) -> Callable[[], str]:
    fake = make.fake
    return make.one(
        lambda: f"{fake.first_name()} {fake.last_name()}",
        lambda: f"{fake.last_name()}, {fake.first_name()}",
        lambda: f"{fake.first_name()} {fake.last_name()}".upper(),
        lambda: f"{fake.last_name()} {fake.first_name()[0]}.",
        lambda: f"{fake.first_name()} {make.chance.choice('ABCDEFGHJKLM')}. {fake.last_name()}",
        fake.first_name,
        fake.last_name,
        lambda: f"{fake.first_name()} {fake.last_name()}".lower(),
    )


def _birth(make: _Maker) -> Callable[[], str]:
    form = make.one("%Y-%m-%d", "%m/%d/%Y", "%d.%m.%Y", "%d %b %Y", "%Y%m%d", "%d-%m-%Y", "%B %d, %Y", "%m/%d/%y")
    return lambda: (
        datetime.date(1935 + make.chance.randrange(70), 1, 1) + datetime.timedelta(make.chance.randrange(365))
    ).strftime(form)


def _social(make: _Maker) -> Callable[[], str]:
    def number(pattern: str) -> str:
        return "".join(make.chance.choice("0123456789") if sign == "9" else sign for sign in pattern)

    if make.locale == "en_GB":
        return lambda: number(
            f"{make.chance.choice(('AB', 'JK', 'NE', 'PX', 'SR'))} 99 99 99 {make.chance.choice('ABCD')}"
        )
    pattern = make.one("999-99-9999", "999 99 9999")
    return lambda: number(pattern)


def _post(make: _Maker) -> Callable[[], str]:
    if make.locale in ("en_GB", "en_CA"):
        return make.fake.postcode
    near = [f"{make.chance.randrange(10, 99)}{make.chance.randrange(1000):03d}" for _ in range(40)]
    return make.one(
        lambda: make.chance.choice(near), lambda: f"{make.chance.choice(near)}-{make.chance.randrange(9999):04d}"
    )


def _number(make: _Maker) -> Callable[[], str]:
    style = make.one("MRN-{:06d}", "{:08d}", "H{:07d}", "{:010d}", "ACC{:06d}", "{:07d}")
    return lambda: style.format(make.chance.randrange(10**5, 10**6))


_SENTENCES = (
    "Pt reports feeling better after the {} infusion",
    "She was anxious about her {} and slept badly",
    "Called on {} about the bill, will come back with husband",
    "He says the {} was worse than before",
    "Doing well, walks the dog again every {}",
    "No change since {}; asked for a letter to the employer",
)


def _sentences(make: _Maker) -> Callable[[], str]:
    return lambda: make.chance.choice(_SENTENCES).format(make.fake.word()) + " " + make.fake.word()


def _titled(make: _Maker) -> Callable[[], str]:
    staff = [f"{make.one('Dr', 'Dr.', 'Dr')} {make.fake.last_name()}" for _ in range(make.chance.randrange(2, 5))]
    return lambda: make.chance.choice(staff)


def _staff(make: _Maker) -> Callable[[], str]:
    staff = [f"{make.fake.first_name()} {make.fake.last_name()}" for _ in range(make.chance.randrange(2, 6))]
    return lambda: make.chance.choice(staff)


PLANTED: dict[str, tuple[Callable[[_Maker], Callable[[], str]], tuple[str, ...]]] = {
    "e-mail addresses": (lambda make: make.fake.email, ("email", "E-Mail", "contact", "login")),
    "phone numbers": (_phones, ("phone", "Mobile no", "Tel.", "best number")),
    "social security or health service numbers": (_social, ("SSN", "social security", "nat_no")),
    "web addresses": (lambda make: make.one(make.fake.url, lambda: "www." + make.fake.domain_name()), ("url", "link")),
    "network addresses": (
        lambda make: make.one(make.fake.ipv4, make.fake.ipv4, make.fake.ipv6),
        ("ip", "ip_address", "from_host"),
    ),
    "dates of birth": (_birth, ("dob", "Date of birth", "birth_date", "d1")),
    "ages over 89": (
        lambda make: lambda: str(make.chance.choice((91, 94, 34, 52, 61, 47))),
        ("age", "Age (years)", "pt_age"),
    ),
    "postcodes": (_post, ("zip", "ZIP code", "postcode", "area_code_home")),
    "names of persons": (_names, ("Patient Name", "name", "Last, First", "who")),
    "names of clinicians": (
        lambda make: make.one(_titled, _staff)(make),
        ("clinician", "provider", "seen by", "therapist"),
    ),
    "street addresses": (
        lambda make: make.one(make.fake.street_address, lambda: make.fake.address().replace("\n", ", ")),
        ("address", "home address", "street", "lives at"),
    ),
    "record or account numbers": (_number, ("MRN", "chart number", "policy no", "account_no")),
    "free text": (_sentences, ("notes", "comments", "Remarks", "how did it go")),
}
"""By kind: what makes the values of one file, and headers under which they are found; neutral ones come on top."""

_PER_VISIT = frozenset({"free text"})
_FEW = frozenset({"names of clinicians"})

HARMLESS: dict[str, tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]] = {
    "site": (
        ("site", "Clinic", "location", "site_name", "branch", "Standort", "where seen"),
        (
            ("North", "South", "West"),
            ("Austin", "Charlotte", "Madison", "Jackson"),
            ("Boston", "Denver", "Portland"),
            ("Jackson Clinic", "Mercy Hospital", "Lakeside Wellness"),
            ("St. Mary's", "Mount Sinai", "Johns Hopkins"),
            ("Downtown", "Uptown"),
            ("Site A", "Site B", "Site C"),
            ("Victoria", "Florence"),
            ("Main Street Clinic", "Park Avenue Center"),
            ("12 High Street Clinic", "40 Hill Road Clinic"),
            ("Martha Jefferson Hospital", "Mary Bird Center"),
            ("San Jose", "Santa Rosa", "Fort Wayne"),
            ("Ann Arbor", "Cedar Rapids", "Baton Rouge"),
            ("Palo Alto", "Walnut Creek"),
            ("Silver Spring", "College Park"),
        ),
    ),
    "visit": (
        ("visit", "Visit name", "timepoint", "event"),
        (
            ("baseline", "week 2", "week 4"),
            ("Screening", "V1", "V2", "Follow-up"),
            ("Pre", "Post"),
            ("May", "June", "July"),
            ("Day 0", "Day 14", "Day 28"),
        ),
    ),
    "treatment": (
        ("treatment", "arm", "Treatment group", "protocol", "program"),
        (
            ("Ketamine IV", "Spravato", "Lozenge"),
            ("Racemic ketamine", "Esketamine nasal", "TAU"),
            ("Arm A", "Arm B"),
            ("Mood protocol", "Pain protocol"),
            ("Ketamine + CBT", "Ketamine alone"),
            ("Standard", "Accelerated"),
            ("Deep Calm", "Inner Journey"),
            ("Six Infusions", "Four Infusions", "Single Dose"),
        ),
    ),
    "drug": (
        ("drug", "medication", "concomitant", "antidepressant"),
        (
            ("ketamine", "esketamine"),
            ("Ketalar", "Spravato", "Anesket"),
            ("Sertraline", "Escitalopram", "Bupropion", "Duloxetine"),
            ("Lexapro", "Zoloft", "Wellbutrin", "Cymbalta", "Effexor"),
            ("Ketamine HCl 50 mg/mL", "Esketamine 28 mg"),
        ),
    ),
    "clinician code": (
        ("clinician", "provider_code", "therapist", "clinician_id", "rater"),
        (("C01", "C02", "C03"), ("RN1", "MD2"), ("A", "B", "C"), ("11", "12", "15"), ("Prov-1", "Prov-2")),
    ),
    "indication": (
        ("indication", "diagnosis", "Primary diagnosis", "dx"),
        (
            ("CRPS", "MDD", "PTSD"),
            ("CRPS type I", "CRPS type II", "Fibromyalgia"),
            ("Charcot Marie Tooth", "Ehlers Danlos", "Crohn disease"),
            ("F33.2", "F32.1", "G90.50"),
            ("Major depressive disorder, recurrent, severe", "Complex regional pain syndrome of arm"),
        ),
    ),
    "insurance": (
        ("insurance", "payer"),
        (("Aetna", "Cigna", "Self pay"), ("Blue Cross Blue Shield", "Medicare", "United Healthcare")),
    ),
    "sex": (("sex", "gender"), (("F", "M"), ("Female", "Male", "Prefer not to say"))),
    "race": (
        ("race", "ethnicity"),
        (("White", "Black", "Asian", "Hispanic"), ("African American", "Native American", "White")),
    ),
    "age band": (("age_band", "Age group"), (("18-29", "30-39", "40-49", "90+"),)),
    "severity": (("severity", "phq_band"), (("mild", "moderate", "severe"), ("Moderately severe", "Severe"))),
    "referral": (
        ("referral source", "referred_by"),
        (("GP", "Self", "Psychiatrist"), ("Word of mouth", "Web search", "Primary care")),
    ),
    "answer": (
        ("q_mood", "how often", "sleep"),
        (("Several days", "Not at all", "Nearly every day", "More than half the days"),),
    ),
    "code": (
        ("cpt", "procedure code", "lot", "icd", "ndc"),
        (("96365", "96366", "99214"), ("LOT2231", "LOT2232"), ("F33.1", "F33.2"), ("0143-9509-10", "42023-0113-10")),
    ),
    "marital": (
        ("marital status", "employment"),
        (("Married", "Single", "Widowed"), ("Employed", "Retired", "Student")),
    ),
    "language": (("language", "preferred language"), (("English", "Spanish", "French", "German"),)),
    "month": (("month", "season"), (("April", "May", "June"), ("Summer", "Autumn"))),
}
"""What is no identifier, with its headers and lists of values."""

_UNDER_ANY_HEADER = frozenset({"site", "visit", "treatment", "drug", "indication", "insurance", "severity", "answer"})
"""Things that stand under a header that says nothing as well: their values alone have to tell that they are none."""

_PER_PATIENT_NUMBERS: dict[str, tuple[tuple[str, ...], Callable[[random.Random], str]]] = {
    "weight": (("weight", "weight_kg", "wt"), lambda chance: f"{chance.uniform(45, 130):.1f}"),
    "bmi": (("bmi",), lambda chance: f"{chance.uniform(18, 40):.2f}"),
    "age": (("age", "age_at_intake"), lambda chance: str(chance.randrange(18, 89))),
    "start year": (("start_year", "yr"), lambda chance: str(chance.choice((2022, 2023, 2024)))),
    "enrolled": (
        ("enrolled", "intake_date", "first contact on"),
        lambda chance: f"2023-{chance.randrange(1, 13):02d}-{chance.randrange(1, 29):02d}",
    ),
    "pressure": (("bp", "vitals"), lambda chance: f"{chance.randrange(100, 150)}/{chance.randrange(60, 95)}"),
    "dose": (("dose_text", "dosage given"), lambda chance: f"{chance.choice((0.5, 0.75, 1.0))} mg/kg"),
    "clock": (("started", "clock"), lambda chance: f"{chance.randrange(8, 17):02d}:{chance.randrange(60):02d}"),
    "points": (("madrs_sum", "custom_scale"), lambda chance: str(chance.randrange(0, 60))),
}


def corpus(n_each: int, seed: int) -> Iterator[Export]:
    """Exports with planted identifiers and as many without, in turn."""
    chance = random.Random(seed)
    for place in range(n_each):
        locale = LOCALES[place % len(LOCALES)]
        fake = Faker(locale)
        fake.seed_instance(chance.randrange(10**9))
        make = _Maker(chance, fake, locale)
        kinds = list(PLANTED)
        chosen = [kinds[place % len(kinds)], *chance.sample(kinds, chance.randrange(0, 3))]
        yield _export(make, f"planted_{place:03d}.csv", list(dict.fromkeys(chosen)))
        yield _export(make, f"clean_{place:03d}.csv", [])


def _export(make: _Maker, name: str, kinds: list[str]) -> Export:
    chance = make.chance
    n_patients, n_visits = chance.choice((8, 12, 20, 45)), chance.choice((1, 1, 3, 4))
    has_dates = chance.random() < 0.6
    first = chance.randrange(100, 4000)
    style = chance.choice(("P{:03d}", "{}", "S1-{:04d}", "KET{:03d}", "{:05d}"))
    patients = [style.format(first + place) for place in range(n_patients)]
    rows = [(patient, visit) for patient in patients for visit in range(n_visits)]
    columns: dict[str, list[str]] = {"patient_id": [patient for patient, _ in rows]}
    start = {patient: datetime.date(2023, 1, 9) + datetime.timedelta(chance.randrange(500)) for patient in patients}
    columns["assessed_on" if has_dates else "day"] = [
        str(start[patient] + datetime.timedelta(14 * visit)) if has_dates else str(14 * visit)
        for patient, visit in rows
    ]
    columns["phq9"] = [str(chance.randrange(28)) for _ in rows]
    export = Export(name, "", {}, {})
    for kind in kinds:
        _plant(make, kind, columns, export, patients, rows)
    _add_harmless(make, columns, export, patients, rows)
    order = list(columns)
    chance.shuffle(order)
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(order)
    writer.writerows(zip(*(columns[header] for header in order), strict=True))
    cells = tuple(
        sorted(
            {text for header in export.planted for text in columns[header] if export.planted[header] != "ages over 89"}
        )
    )
    return Export(name, lines.getvalue(), export.planted, export.harmless, cells)


def _plant(make: _Maker, kind: str, columns: dict, export: Export, patients: list[str], rows: list) -> None:
    value, headers = PLANTED[kind]
    named = make.chance.random() < 0.45 or kind == "ages over 89"
    header = make.chance.choice(headers if named else NEUTRAL)
    if header in columns:
        return
    new = value(make)
    if kind in _PER_VISIT:
        columns[header] = [new() for _ in rows]
    else:
        of_patient = {patient: new() for patient in patients}
        if kind == "ages over 89":
            of_patient[patients[0]] = "93"
        blank = 0.1 if make.chance.random() < 0.3 else 0.0
        columns[header] = ["" if make.chance.random() < blank else of_patient[patient] for patient, _ in rows]
    export.planted[header] = kind


def _add_harmless(make: _Maker, columns: dict, export: Export, patients: list[str], rows: list) -> None:
    chance = make.chance
    for name in chance.sample(list(HARMLESS), chance.randrange(3, 7)):
        headers, lists = HARMLESS[name]
        is_neutral = name in _UNDER_ANY_HEADER and chance.random() < 0.3
        header, values = chance.choice(NEUTRAL if is_neutral else headers), chance.choice(lists)
        if header in columns:
            continue
        of_patient = {patient: chance.choice(values) for patient in patients}
        columns[header] = [
            values[visit % len(values)] if name == "visit" else of_patient[patient] for patient, visit in rows
        ]
        export.harmless[header] = name
    for name in chance.sample(list(_PER_PATIENT_NUMBERS), chance.randrange(1, 4)):
        headers, new = _PER_PATIENT_NUMBERS[name]
        header = chance.choice(headers)
        if header in columns:
            continue
        columns[header] = [new(chance) for _ in rows]
        export.harmless[header] = name
