"""Every rating scale that ships, and how a person changes a cut-off of one. The records stand in ``instruments_*``."""

from __future__ import annotations

from analytics.definitions.cut_offs import CUT_OFF_SETTINGS, SET_BY_PERSON, with_cut_off
from analytics.definitions.instrument import (
    ALLOWANCE,
    CONVENTION,
    Amount,
    Band,
    Comparison,
    CutOff,
    Instrument,
    JtCutOff,
    MissingItems,
    SafetyScale,
)
from analytics.definitions.instruments_anxiety import GAD7, PCL5, YBOCS
from analytics.definitions.instruments_depression import BDI2, HAMD17, MADRS, PHQ8, PHQ9, QIDS_SR16
from analytics.definitions.instruments_function import WHO5, WSAS
from analytics.definitions.instruments_pain import (
    BPI_INTERFERENCE,
    BPI_SEVERITY,
    KINDS,
    MIGRAINE_DAYS,
    NRS,
    PEG,
    VAS,
)
from analytics.definitions.instruments_safety import SAFETY_SCALES

__all__ = (
    "ALLOWANCE", "BUILT_IN", "CONVENTION", "CUT_OFF_SETTINGS", "SAFETY_SCALES", "SET_BY_PERSON", "WITHOUT_LAST_ITEM",
    "Amount", "Band", "Comparison", "CutOff", "Instrument", "JtCutOff", "MissingItems", "SafetyScale", "with_cut_off",
)

BUILT_IN: dict[str, Instrument] = {
    instrument.key: instrument
    for instrument in (
        PHQ9, PHQ8, GAD7, QIDS_SR16, BDI2, HAMD17, MADRS, PCL5, YBOCS, WHO5, WSAS, NRS, *KINDS, VAS, PEG,
        BPI_SEVERITY, BPI_INTERFERENCE, MIGRAINE_DAYS,
    )
}
"""Every instrument that ships, by key."""

WITHOUT_LAST_ITEM = {"phq9": "phq8"}
"""The instrument that remains where the last item is never asked."""
