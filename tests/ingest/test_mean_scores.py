"""Totals that are the mean of their items, and what the store keeps of an instrument."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import numpy as np
import pytest

from analytics.definitions.instruments import BUILT_IN, Amount, CutOff, JtCutOff
from analytics.ingest.frozen_tables import _instrument
from analytics.ingest.headers import aliases_of, score_header
from analytics.ingest.records import MISSING_ITEM
from analytics.ingest.scoring import scored

NO = MISSING_ITEM


def total(key, answers, stored=np.nan):
    return scored(np.array([answers]).T, np.array([stored]), BUILT_IN[key])


@pytest.mark.parametrize(("key", "answers", "expected", "is_prorated"), [
    ("peg", (5, 6, 8), 19 / 3, False), ("peg", (5, 6, NO), np.nan, False), ("bpi_severity", (7, 2, 5, 4), 4.5, False),
    ("bpi_severity", (7, 2, 5, NO), np.nan, False), ("bpi_interference", (1, 2, 3, 4, 5, 6, 8), 29 / 7, False),
    ("bpi_interference", (1, 2, 3, 5, NO, NO, NO), 2.75, True),
    ("bpi_interference", (1, 2, 3, NO, NO, NO, NO), np.nan, False)])
def test_a_mean_is_not_rounded_and_takes_its_least_number_of_answers(key, answers, expected, is_prorated):
    found = total(key, answers)
    assert found.total[0] == pytest.approx(expected, nan_ok=True)
    assert found.is_prorated[0] == is_prorated
    assert found.too_few[0] == np.isnan(expected)


@pytest.mark.parametrize(("stored", "disagrees"), [(6.3, False), (6.33, False), (6.2, True), (6.4, True)])
def test_a_stored_mean_may_be_rounded_to_a_tenth(stored, disagrees):
    found = total("peg", (5, 6, 8), stored)
    assert found.disagrees[0] == disagrees
    assert found.total[0] == pytest.approx(19 / 3)


@pytest.mark.parametrize(("header", "key"), [
    ("PEG", "peg"), ("WSAS total", "wsas"), ("MADRS", "madrs"), ("Y-BOCS", "ybocs"), ("PCL-5", "pcl5"),
    ("BPI severity", "bpi_severity"), ("bpi_interference", "bpi_interference"), ("Migraine days", "migraine_days")])
def test_the_new_instruments_are_known_by_their_names(header, key):
    assert score_header(header, aliases_of(BUILT_IN), BUILT_IN).key == key


def test_an_own_instrument_comes_back_from_the_store_as_it_was():
    source = "ours"
    own = replace(BUILT_IN["pcl5"], key="own", nhs_caseness=CutOff(">=", 30, source), reliability=Amount(0.9, source),
                  functional_mean=Amount(10, source), functional_sd=Amount(7, source), jt_cut_off=JtCutOff("a", source))
    record = json.loads(json.dumps(asdict(own)))
    assert _instrument(record) == own
    older = {name: value for name, value in record.items() if name not in ("jt_cut_off", "nhs_caseness")}
    assert _instrument(older).jt_cut_off is None
