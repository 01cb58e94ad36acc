"""Scales of pain. Kinds of pain (worst, average, least, now) are different series and are never pooled."""

from __future__ import annotations

from dataclasses import replace

from analytics.definitions.instrument import (
    COMPLETE,
    CONVENTION,
    FREE,
    Amount,
    Band,
    CutOff,
    Instrument,
    MissingItems,
)

_NO_ITEMS = {"n_items": 0, "item_minimum": 0, "item_maximum": 0}

NRS = Instrument(
    key="pain_nrs",
    title="Pain 0-10",
    about="pain",
    minimum=0,
    maximum=10,
    recall_days=1,
    caseness=CutOff(">=", 4, CONVENTION),
    response=Amount(0.3, "Farrar 2001, Pain 94:149; Dworkin 2008, J Pain 9:105"),
    remission=None,
    reliable_change=None,
    important_change=Amount(2, "Farrar 2001, Pain 94:149"),
    bands=(Band(0, "none"), Band(1, "mild"), Band(4, "moderate"), Band(7, "severe")),
    bands_source=CONVENTION,
    missing_items=COMPLETE,
    licence=FREE,
    source="Farrar 2001, Pain 94:149; Dworkin 2008, J Pain 9:105",
    other_ranges=((0, 1), (1, 5), (0, 100)),
    is_whole=False,
    aliases=("painnrs", "nrspain", "nrs", "pain", "painscore", "painlevel", "painintensity",
             "painrating", "pain010", "painscale", "numericratingscale", "painnrs010"),
    **_NO_ITEMS,
)


def _nrs_kind(kind: str, recall_days: int, *words: str) -> Instrument:
    """The 0-10 scale asked about one kind of pain: a series of its own, never pooled with another."""
    aliases = tuple(form for word in words
                    for form in (f"{word}pain", f"pain{word}", f"painnrs{word}", f"nrs{word}",
                                 f"{word}nrs", f"{word}pain010", f"pain{word}010", f"{word}painscore"))
    return replace(NRS, key=f"pain_nrs_{kind}", title=f"Pain 0-10, {kind}", recall_days=recall_days,
                   aliases=aliases)


VAS = replace(
    NRS,
    key="pain_vas",
    title="Pain VAS 0-100 mm",
    maximum=100,
    caseness=CutOff(">=", 40, CONVENTION),
    important_change=Amount(20, CONVENTION),
    bands=(Band(0, "none"), Band(5, "mild"), Band(45, "moderate"), Band(75, "severe")),
    bands_source="Jensen 2003, J Pain 4:407",
    source="Jensen 2003, J Pain 4:407; Dworkin 2008, J Pain 9:105",
    other_ranges=((0, 1), (0, 10)),
    aliases=("painvas", "vaspain", "vas", "pain0100", "painvas0100", "visualanalogscale",
             "visualanaloguescale", "vas100", "painvasmm"),
)

KINDS = (
    _nrs_kind("worst", 1, "worst", "max", "maximum"),
    _nrs_kind("average", 1, "average", "avg", "mean", "usual"),
    _nrs_kind("least", 1, "least", "min", "minimum", "lowest"),
    _nrs_kind("now", 0, "now", "current", "rightnow"),
)

PEG = replace(
    NRS,
    key="peg",
    title="PEG",
    n_items=3,
    item_maximum=10,
    recall_days=7,
    response=Amount(0.3, CONVENTION),
    important_change=Amount(1, CONVENTION),
    source="Krebs 2009, J Gen Intern Med 24:733",
    other_ranges=(),
    is_mean=True,
    aliases=("peg", "pegtotal", "pegscale", "peg3"),
)

_BPI = replace(
    PEG,
    key="bpi_severity",
    title="BPI severity",
    n_items=4,
    recall_days=1,
    licence="Copyright MD Anderson Cancer Center; a permission is needed to give it",
    source="Cleeland 1994, Ann Acad Med Singap 23:129",
    aliases=("bpiseverity", "bpipainseverity", "bpisev", "briefpaininventoryseverity"),
)

BPI_SEVERITY = _BPI

BPI_INTERFERENCE = replace(
    _BPI,
    key="bpi_interference",
    title="BPI interference",
    about="pain interference",
    n_items=7,
    important_change=Amount(1, "Dworkin 2008, J Pain 9:105"),
    missing_items=MissingItems(3, "BPI user guide (MD Anderson Cancer Center): at least 4 of 7 answered"),
    aliases=("bpiinterference", "bpipaininterference", "bpiint", "briefpaininventoryinterference"),
)

MIGRAINE_DAYS = Instrument(
    key="migraine_days",
    title="Migraine days of 28",
    about="migraine",
    minimum=0,
    maximum=28,
    recall_days=28,
    caseness=CutOff(">=", 4, CONVENTION),
    response=Amount(0.5, "Tassorelli 2018, Cephalalgia 38:815"),
    remission=None,
    reliable_change=None,
    important_change=None,
    bands=(),
    bands_source=CONVENTION,
    missing_items=COMPLETE,
    licence=FREE,
    source="Tassorelli 2018, Cephalalgia 38:815",
    is_whole=False,
    aliases=("migrainedays", "monthlymigrainedays", "migrainedaysof28", "migrainedaysper28", "migrainedayspermonth"),
    **_NO_ITEMS,
)
