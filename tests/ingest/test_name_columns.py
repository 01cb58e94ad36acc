"""Columns of names that no list knows, and columns of other things with capitals, under headers that say nothing."""

from __future__ import annotations

import numpy as np
import pytest

from analytics.ingest.identifier_values import Values, kind_of
from analytics.ingest.ordinary_words import is_ordinary
from analytics.ingest.person_names import GIVEN, SURNAMES, name_words


def kind(texts: tuple[str, ...], header: str = "X", n_patients: int = 20, **more) -> str | None:
    """What a column is taken for in which a few texts stand in turn, three rows a patient."""
    codes = np.arange(3 * n_patients) // 3 % len(texts)
    return kind_of(Values(header, texts, codes, np.arange(3 * n_patients) // 3, **more))


@pytest.mark.parametrize("texts", [
    ("Oyelaran Adebimpe", "Thistlewood, P"),
    ("Oyelaran Adebimpe", "Wojtkowiak Bronislava", "Thistlewood Perdita"),
    ("Thistlewood, P", "Adebimpe, O.", "Q. Quux"),
    ("OYELARAN ADEBIMPE", "THISTLEWOOD PERDITA"),
    ("Thistlewood, P",),
    ("Oyelaran Adebimpe", "Perdita Adebimpe", "Thistlewood Wojtkowiak"),
    ("Oyelaran Adebimpe, MD", "Thistlewood P, RN"),
])
@pytest.mark.parametrize("header", ["X", "Seen", "info"])
def test_staff_in_no_list_over_many_patients(texts, header):
    assert not {word for text in texts for word in name_words(text)} & (GIVEN | SURNAMES)
    assert kind(texts, header) == "names of persons"


@pytest.mark.parametrize("texts", [
    ("Ann Arbor", "Cedar Rapids", "Baton Rouge"), ("Palo Alto", "Walnut Creek"), ("Portland, OR", "Denver, CO"),
    ("Deep Calm", "Inner Journey"), ("Vitamin C", "Vitamin D"), ("Quux North", "Quux South"),
    ("Quuxar Alpine", "Quuxar Bravo", "Quuxar Corto"), ("Very Good", "Fairly Bad"), ("No Change", "Much Improved"),
    ("Ehlers Danlos", "Guillain Barre"), ("Johns Hopkins",), ("Oyelaran Adebimpe",), ("TMS PRN", "TKT XQR"),
    ("Ketamine IV", "Spravato"), ("Low Back", "Upper Limb"), ("Lexapro", "Zoloft", "Quuxine"),
    ("Oyelaran Adebimpe", "Ketamine IV", "Spravato"),
])
def test_other_things_with_capitals_are_left_alone(texts):
    assert kind(texts) is None


def test_nine_in_ten_texts_have_to_be_names():
    tens = [f"{given} {family}" for given, family in zip(
        ("Oyela", "Thistle", "Wojta", "Perdi", "Quiba", "Zandro", "Febro", "Gibba", "Lutto", "Vexa"),
        ("Adebim", "Wodrow", "Bronis", "Tarque", "Ossul", "Ulmar", "Indrak", "Ottwil", "Embar", "Akkum"), strict=True)]
    assert kind((*tens[:9], "Spravato")) == "names of persons"
    assert kind((*tens[:8], "Spravato", "Lexapro")) is None


def test_a_header_of_places_or_things_and_labels_of_visits_stand_for_themselves():
    texts = ("Oyelaran Adebimpe", "Thistlewood, P")
    assert kind(texts, "site name") is None
    assert kind(texts, is_labels=True) is None
    assert kind(texts, is_key=True) is None


def test_names_of_patients_in_small_letters_need_a_few_that_are_known():
    unknown = tuple(f"{given} quuxar" for given in ("oyela", "thistle", "wojta", "perdi", "quiba", "zandro", "febro"))
    assert kind((*unknown, "olga quuxor", "xavier quuxer"), n_patients=9) == "names of persons"
    assert kind((*unknown[:5], "olga quuxor"), n_patients=6) is None


def test_lone_words_of_seven_patients_are_names_unless_one_is_of_the_language():
    names = ("Requena", "Ricarte", "Cordera", "Feliux", "Terronz", "Brulle", "Rodalis")
    assert kind(names, n_patients=7) == "names of persons"
    assert kind(names[:6], n_patients=6) is None
    assert kind((*names[:6], "Teacher"), n_patients=7) is None


@pytest.mark.parametrize(("word", "is_one"), [
    ("rapids", True), ("infusion", True), ("duloxetine", True), ("hopkins", True), ("driver", True),
    ("adebimpe", False), ("thistlewood", False), ("x", False), ("", False),
])
def test_words_of_the_language(word, is_one):
    assert is_ordinary(word) == is_one
