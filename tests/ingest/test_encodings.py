"""Texts in older encodings: read as they were written, or said to be unsure, and never silently wrong."""

from __future__ import annotations

import time

import pytest

from analytics.ingest.encodings import Guess, as_utf8, oddness
from tests.ingest.files import codes, finding, loaded, place

SITES = {
    "french": ["Montréal", "Hôpital Général", "Besançon"], "german": ["München", "Köln", "Gießen"],
    "spanish": ["Málaga", "León", "A Coruña"], "czech": ["Brno střed", "Plzeň", "Kroměříž", "Děčín"],
    "polish": ["Łódź", "Kraków", "Gdańsk", "Poznań"], "russian": ["Москва", "Казань", "Тверь"],
    "greek": ["Αθήνα", "Πάτρα", "Θεσσαλονίκη"], "japanese": ["東京", "大阪", "名古屋"],
    "english": ["St Mary’s", "North – 2", "“Lake” clinic"], "one word": ["Montréal", "North"],
    "hungarian": ["Győr", "Hódmezővásárhely"], "turkish": ["İstanbul", "Muğla", "Eskişehir"],
}


def export(language: str) -> str:
    sites = SITES[language]
    return "patient_id,day,phq9,site\n" + "".join(
        f"P{row},0,20,{sites[row % len(sites)]}\n" for row in range(3 * len(sites)))


@pytest.mark.parametrize(("language", "encoding", "title"), [
    ("french", "cp1252", "Windows-1252"), ("french", "mac_roman", "Mac Roman"), ("french", "cp850", "code page 850"),
    ("german", "cp1252", "Windows-1252"), ("german", "mac_roman", "Mac Roman"), ("german", "cp437", "code page 850"),
    ("spanish", "cp1252", "Windows-1252"), ("spanish", "mac_roman", "Mac Roman"),
    ("czech", "cp1250", "Windows-1250"), ("czech", "iso8859_2", "ISO 8859-2"), ("czech", "cp852", "code page 852"),
    ("polish", "cp1250", "Windows-1250"), ("polish", "iso8859_2", "ISO 8859-2"),
    ("polish", "mac_latin2", "Mac Central European"), ("russian", "cp1251", "Windows-1251"),
    ("russian", "koi8_r", "KOI8-R"), ("russian", "cp866", "code page 866"), ("greek", "cp1253", "Windows-1253"),
    ("japanese", "cp932", "Shift-JIS"), ("english", "cp1252", "Windows-1252"), ("english", "mac_roman", "Mac Roman"),
    ("one word", "cp1252", "Windows-1252"), ("one word", "mac_roman", "Mac Roman"),
])
def test_words_come_back_as_they_were_written(language, encoding, title):
    content, guess = as_utf8(export(language).encode(encoding))
    assert content.decode() == export(language)
    assert guess.title == title


@pytest.mark.parametrize(("language", "encoding", "title"), [
    ("hungarian", "cp1250", "Windows-1250"), ("turkish", "cp1254", "Windows-1254")])
def test_letters_that_do_as_well_in_another_encoding_are_said_to_be_unsure(language, encoding, title):
    tables = loaded(export(language).encode(encoding))
    one = finding(tables, "encoding_unsure")
    assert place(one) == ("note", "scores.csv", None, ())
    assert "read as Windows-1252" in one.problem
    assert title in one.problem
    assert "encoding_guessed" not in codes(tables)


@pytest.mark.parametrize(("language", "encoding"), [("french", "mac_roman"), ("english", "cp1252")])
def test_what_is_read_rightly_is_noted_with_its_encoding(language, encoding):
    tables = loaded(export(language).encode(encoding))
    assert codes(tables).count("encoding_guessed") == 1
    assert "encoding_unsure" not in codes(tables)
    assert set(tables.attributes["value"]) == set(SITES[language])


@pytest.mark.parametrize("language", sorted(SITES))
def test_utf_8_is_certain(language):
    assert as_utf8(export(language).encode()) == (export(language).encode(), None)


def test_a_few_damaged_signs_in_utf_8_make_no_other_encoding_of_it():
    whole = export("french").encode()
    content, guess = as_utf8(whole + "P99,0,20,Québec\n".encode("cp1252"))
    assert content.startswith(whole)
    assert guess.title == "UTF-8 with characters that cannot be read"
    assert as_utf8(export("french").encode("cp1252") + "P99,0,20,Québec\n".encode())[1].title == "Windows-1252"


@pytest.mark.parametrize(("head", "encoding"), [
    ('<html><meta http-equiv="Content-Type" content="text/html; charset=windows-1250">', "cp1250"),
    ("<meta charset=windows-1254>", "cp1254"),
    ("<?xml version='1.0' encoding='ISO-8859-1'?>", "cp1252")])
def test_a_page_that_says_its_encoding_is_believed(head, encoding):
    text = {"cp1250": "Győr", "cp1254": "Muğla", "cp1252": "Öl “x”"}[encoding]
    assert as_utf8(f"{head}<p>{text}".encode(encoding)) == (f"{head}<p>{text}".encode(), None)


@pytest.mark.parametrize("head", ["<meta charset=utf-8>", "<meta charset=quux>", "<p>", "charset=windows-1250 "])
def test_a_page_that_says_nothing_of_use_is_guessed(head):
    guess = as_utf8(f"{head}<p>Győr Hódmezővásárhely".encode("cp1250"))[1]
    assert guess.title == "Windows-1252"
    assert "Windows-1250" in guess.others


def test_a_mark_that_lies_is_not_believed():
    content, guess = as_utf8(b"\xef\xbb\xbf" + export("french").encode("mac_roman"))
    assert (content.decode(), guess.title) == (export("french"), "Mac Roman")


@pytest.mark.parametrize("content", [
    b"", b"a,b\n1,2\n", b"\xff", b"\x81\x8d\x8f\x90", b"a\xe9", bytes(range(128, 256))])
def test_any_bytes_give_text(content):
    text, guess = as_utf8(content)
    text.decode()
    assert (guess is None) == content.isascii()
    assert guess is None or isinstance(guess, Guess)


@pytest.mark.parametrize(("odd", "plain"), [
    ("MontrŽal", "Montréal"), ("Michał³", "Michał"), ("mÜller Köln", "Müller Köln"), ("Éé£a", "Éé"),
    ("Москвa", "Москва"), ("Plzeò Dìèín Kromìøíž", "Plzeň Děčín Kroměříž"), ("St Mary”s", "St Mary’s"),
    ("ÉCOLe ÉéCOLE", "ÉCOLE"), ("Ã©", "é"), ("½a", "½"), ("caf\N{REPLACEMENT CHARACTER}", "café"),
])
def test_what_nobody_writes(odd, plain):
    assert oddness(odd.split()) > 0
    assert oddness(plain.split()) == 0


def test_large_files_take_no_longer_than_a_look():
    plain = (b"P1,0,20,North\n" * 200_000) + "P2,0,20,Münster\n".encode()
    many = b"".join(b"P%d,0,20,M\xfcnster\n" % row for row in range(200_000))
    start = time.process_time()
    assert as_utf8(plain)[1] is None
    assert as_utf8(many)[1].title == "Windows-1252"
    assert time.process_time() - start < 2
