"""Scales of wellbeing and of function."""

from __future__ import annotations

from analytics.definitions.instrument import COMPLETE, CONVENTION, FREE, Amount, Band, CutOff, Instrument

WHO5 = Instrument(
    key="who5",
    title="WHO-5",
    about="wellbeing",
    minimum=0,
    maximum=100,
    n_items=5,
    item_minimum=0,
    item_maximum=5,
    recall_days=14,
    caseness=CutOff("<", 50, "Topp 2015, Psychother Psychosom 84:167"),
    response=Amount(0.5, CONVENTION),
    remission=None,
    reliable_change=Amount(10, "Topp 2015, Psychother Psychosom 84:167"),
    important_change=Amount(10, "Topp 2015, Psychother Psychosom 84:167"),
    bands=(),
    bands_source=CONVENTION,
    missing_items=COMPLETE,
    licence="Free to use (WHO, CC BY-NC-SA 3.0 IGO)",
    source="Topp 2015, Psychother Psychosom 84:167",
    is_higher_better=True,
    total_factor=4,
    other_ranges=((0, 25),),
    aliases=("who5", "who5index", "who5wellbeing", "who5wellbeingindex"),
    answers=(("at no time", "none of the time"), ("some of the time",),
             ("less than half of the time", "less than half the time"),
             ("more than half of the time", "more than half the time"), ("most of the time",),
             ("all of the time", "all the time")),
)

_MUNDT = "Mundt 2002, Br J Psychiatry 180:461"

WSAS = Instrument(
    key="wsas",
    title="WSAS",
    about="function",
    minimum=0,
    maximum=40,
    n_items=5,
    item_minimum=0,
    item_maximum=8,
    recall_days=0,
    caseness=CutOff(">=", 10, _MUNDT),
    response=Amount(0.5, CONVENTION),
    remission=CutOff("<", 10, _MUNDT),
    reliable_change=Amount(8, CONVENTION),
    important_change=None,
    bands=(Band(0, "subclinical"), Band(10, "significant"), Band(20, "moderately severe")),
    bands_source=_MUNDT,
    missing_items=COMPLETE,
    licence=FREE,
    source=_MUNDT,
    aliases=("wsas", "worksocialadjustmentscale", "workandsocialadjustmentscale"),
)
