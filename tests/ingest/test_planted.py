"""The privacy screen on a seeded part of the invented exports; the whole is measured in benchmarks/screening.py."""

from __future__ import annotations

import pickle
from collections import Counter

import pytest

from analytics.ingest.load import load
from analytics.ingest.read import Source
from benchmarks.planted import Export, corpus
from benchmarks.screening import Measured, measured, table

SEED = 20


@pytest.fixture(scope="module")
def exports() -> list[Export]:
    return list(corpus(32, SEED))


@pytest.fixture(scope="module")
def result(exports) -> Measured:
    return measured(exports)


@pytest.mark.parametrize("kind", [
    "e-mail addresses", "phone numbers", "social security or health service numbers", "web addresses",
    "network addresses", "dates of birth", "ages over 89", "record or account numbers"])
def test_what_has_a_form_is_found(result, kind):
    assert result.planted[kind] >= 3
    assert result.recall(kind) >= 0.98


def test_names_and_addresses_are_found(result):
    kinds = ("names of persons", "names of clinicians", "street addresses", "postcodes", "free text")
    planted = sum(result.planted[kind] for kind in kinds)
    assert planted >= 20
    assert sum(result.found[kind] for kind in kinds) / planted >= 0.95


def test_sites_visits_treatments_and_drugs_do_not_alarm(result):
    things = Counter(what for _, _, what, _ in result.alarms)
    for what in ("site", "visit", "treatment", "drug", "clinician code", "indication", "patient code"):
        assert result.n_harmless[what] >= 5
        assert things[what] == 0


def test_hardly_anything_else_alarms(result):
    assert len(result.alarms) <= 0.01 * sum(result.n_harmless.values())
    assert "| all |" in table(result)


def test_no_planted_value_is_in_what_is_kept(exports):
    for export in exports[::16]:
        found = set(measured([export]).missed)
        if found or not export.planted:
            continue
        kept = pickle.dumps(load(Source(export.name, export.text.encode())))
        assert not [text for text in export.cells if len(text) > 5 and text.encode() in kept], export.name
