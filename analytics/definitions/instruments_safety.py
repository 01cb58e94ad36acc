"""Scales of safety: looked at around a session, never counted as benefit."""

from __future__ import annotations

from analytics.definitions.instrument import COMPLETE, CONVENTION, CutOff, SafetyScale

CADSS = SafetyScale(
    key="cadss",
    title="CADSS",
    about="dissociation",
    minimum=0,
    maximum=92,
    n_items=23,
    item_minimum=0,
    item_maximum=4,
    recall_days=0,
    ready_to_leave=CutOff("<=", 4, CONVENTION),
    missing_items=COMPLETE,
    licence="Copyright of the authors; given by a trained rater",
    source="Bremner 1998, J Trauma Stress 11:125",
)

SAFETY_SCALES: dict[str, SafetyScale] = {scale.key: scale for scale in (CADSS,)}
"""Every safety scale, by key."""
