"""What is usual for a session, so that a typing error shows: limits that make a note and never drop a row."""

from __future__ import annotations

import re
from dataclasses import dataclass

from analytics.definitions.instruments import CONVENTION

_SPRAVATO = "Spravato prescribing information, dosage and administration: devices of 28 mg, doses of 56 or 84 mg"

LIGHTEST_KG, HEAVIEST_KG = 40, 150
"""Weights between which a dose in mg is turned into one in mg/kg where nobody's weight is known."""


@dataclass(frozen=True)
class DoseLimit:
    """Doses that are usual for a route.

    Attributes
    ----------
    drug : pattern of the drug's name; missing means any that has no limit of its own
    minimum, maximum : in ``unit``, both inclusive
    steps : the only doses there are, where the drug comes in devices
    source : where the limits stand, or ``convention`` where no source was found
    """

    route: str
    unit: str
    minimum: float
    maximum: float
    source: str = CONVENTION
    drug: re.Pattern[str] | None = None
    steps: tuple[float, ...] = ()

    @property
    def words(self) -> str:
        """The limit for people: IV 0.1 to 2.5 mg/kg."""
        doses = (f"{', '.join(f'{one:g}' for one in self.steps[:-1])} or {self.steps[-1]:g}" if self.steps
                 else f"{self.minimum:g} to {self.maximum:g}")
        return f"{self.route} {doses} {self.unit}" + (" of esketamine" if self.drug else "")


ESKETAMINE = re.compile(r"esketamin|spravato|\bs-ketamin", re.IGNORECASE)


def _by_weight(route: str, minimum: float, maximum: float, unit: str = "mg/kg") -> tuple[DoseLimit, DoseLimit]:
    """A limit per kg and the broad one in mg that follows for people of unknown weight."""
    plain = unit.replace("/kg", "")
    return (DoseLimit(route, unit, minimum, maximum),
            DoseLimit(route, plain, minimum * LIGHTEST_KG, maximum * HEAVIEST_KG))


DOSE_LIMITS: tuple[DoseLimit, ...] = (
    DoseLimit("nasal", "mg", 28, 84, _SPRAVATO, ESKETAMINE, (28, 56, 84)),
    *_by_weight("IV", 0.1, 2.5),
    *_by_weight("IV", 0.05, 4, "mg/kg/h"),
    *_by_weight("IM", 0.1, 3),
    *_by_weight("subcutaneous", 0.1, 3),
    DoseLimit("nasal", "mg", 10, 150),
    DoseLimit("nasal", "mg/kg", 0.1, 3),
    DoseLimit("lozenge", "mg", 25, 600),
    DoseLimit("lozenge", "mg/kg", 0.3, 8),
    DoseLimit("oral", "mg", 10, 600),
    DoseLimit("oral", "mg/kg", 0.1, 8),
)
"""The first that fits route, unit and drug counts."""

MINUTES_LIMITS: dict[str, tuple[float, float]] = {
    "IV": (10, 480), "IM": (5, 300), "subcutaneous": (5, 480), "nasal": (5, 300), "lozenge": (5, 300),
    "oral": (5, 300),
}
"""Length of a session in minutes by route, both inclusive; convention. Pain infusions of several hours are usual."""

SEX_HEADERS = frozenset({"sex", "gender", "sexatbirth", "birthsex"})
"""Headers, letters and digits only, of what one patient has one of."""

AGE_BAND_HEADERS = frozenset({"ageband", "agegroup", "agecategory"})
"""Headers of a band that only rises."""

SITE_HEADERS = frozenset({"site", "sitename", "siteid", "sitecode", "clinic", "clinicname", "clinicid", "location",
                          "facility", "center", "centre"})
"""Headers of where a patient is treated."""
