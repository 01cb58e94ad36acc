"""Files of a report for the board and the public, read back whole: no small count follows, and nothing withheld is in
them, in no text, cache, attribute, length or order."""

from __future__ import annotations

import io
import json
import re
import zipfile
from functools import cache

import numpy as np
import pytest
import xlsxwriter
from pptx import Presentation
from reportlab.pdfgen.canvas import Canvas

from analytics.reports.exhibits import KINDS, Ask, exhibit
from analytics.reports.report_files import Settings, report
from analytics.results.comparison import compare
from analytics.results.comparison_sides import Levels
from analytics.results.disclosure import Disclosure
from analytics.results.disclosure_comparison import disclosed_comparison
from analytics.results.summary import summarize
from analytics.wording.comparison_record import comparison_record, comparison_rows
from analytics.wording.comparison_text import comparison_text
from analytics.wording.disclosure import refused_record, told_record
from tests.results import export_reader
from tests.results.clinic_files import files_of, reported, told_of, twin
from tests.results.clinics import clinic
from tests.results.export_equations import Told
from tests.results.export_strays import sentences, strays

PAGE = ".html"
EXTENSIONS = (PAGE, ".pptx", ".xlsx", ".pdf")
CLINICS = (("board", 150, 8), ("public", 150, 8))
"""Audience, courses and seed: one of which the public is told something. ``benchmarks.attacker_exports`` takes more."""

NAMES = ("site", "route")


@cache
def drawn(size, seed):
    return files_of(clinic(size, seed, is_well_followed=seed % 2 == 0))


@cache
def report_of(audience, size, seed):
    return reported(drawn(size, seed), audience, instrument="phq9")


def written(made):
    """Every file of a report; the page with its interactive charts, as those are more than the page without."""
    return {extension: report(made, extension, Settings(is_interactive=extension == PAGE))[0]
            for extension in EXTENSIONS}


@cache
def files(audience, size, seed):
    return written(report_of(audience, size, seed))


read = cache(export_reader.pieces)


# --- equations ---------------------------------------------------------------------------------------


def said(made, contents):
    """What files say but the PDF, whose text is in the page and has no tables that can be told apart."""
    told = Told(made.answers.of, NAMES)
    told.add(table for content in contents if content[:4] != b"%PDF" for table in export_reader.tables(content))
    return told


@pytest.mark.parametrize("case", CLINICS[:1], ids=str)
def test_all_files_together_give_no_small_count(case):
    told = said(report_of(*case), files(*case).values())
    assert len(told.records[0]["results"]) > 20 and len(told.bands) > 10, "the tables were not read"
    assert told.small_counts(case[0], n_solved=5) == []


def test_files_for_the_inside_give_them():
    made = report_of("inside", 150, 8)
    found = said(made, [report(made, ".xlsx")[0]]).small_counts("board", n_solved=0)
    assert len(found) > 10
    assert {"achieved", "left"} <= {one.what[3] for one in found}


# --- no number beside the told ones ------------------------------------------------------------------


@cache
def constants(audience):
    """What stands in the files of another clinic, that has nothing in common with these: no number of theirs."""
    return frozenset().union(*(sentences(read(content)) for content in files(audience, 311, 1004).values()))


@pytest.mark.parametrize("case", CLINICS, ids=str)
def test_every_number_of_every_file_is_a_told_one(case):
    for extension, content in files(*case).items():
        found = sentences(read(content)) - constants(case[0])
        assert len(found) > 30, extension
        assert sorted(set(strays(found, report_of(*case)))) == [], extension


def test_reasons_beside_a_published_figure_are_pooled_where_rare():
    found = sentences(read(files("board", 150, 8)[PAGE]))
    assert not [one for one in found if re.search(r"\d+ (never measured|without a score|lost to follow-up)", one)]
    assert [one for one in found if "left out for several reasons" in one]


@pytest.mark.parametrize("case", CLINICS, ids=str)
def test_there_is_no_bundle_outside(case):
    with pytest.raises(ValueError, match="A bundle is for the inside"):
        report(report_of(*case), ".zip")


# --- twins: nothing that is withheld changes anything ------------------------------------------------


def bare(pieces):
    """Pieces without hashes of files."""
    return [(one.place, re.sub(r"[0-9a-f]{64}", "#", one.text)) for one in pieces]


@cache
def twins(audience, size, seed, what, draw):
    """The report of a clinic that is told the same and of which the inside is told something else."""
    found = twin_of(drawn(size, seed), report_of(audience, size, seed), what, np.random.default_rng(draw), most=30)
    assert found is not None, "no twin was found"
    return found


def twin_of(own, base, what, chance, most):
    audience = base.exhibits[0].ask.audience
    for _ in range(most):
        other = twin(own, what, chance)
        made = reported(other, audience, instrument="phq9")
        if told_of(made.answers) == told_of(base.answers) and inside_of(made) != inside_of(base):
            return made, other
    return None


def inside_of(made):
    """What the inside is told of responders by site and route."""
    of = made.answers.of
    return [[(one.stratum, one.numerator, one.denominator) for one in summarize(of, (name,), {}, ("phq9",), (
        "response",)).results] for name in NAMES]


TWINS = (("board", 150, 8, "site", 0), ("board", 150, 8, "site", 12), ("public", 150, 3, "scores", 0))
"""Draws with which every withheld site has another number of responders in one twin at least."""


@pytest.mark.parametrize("case", TWINS, ids=str)
def test_files_of_twins_are_the_same(case):
    made, _ = twins(*case)
    for extension, content in written(made).items():
        assert bare(read(content)) == bare(read(files(*case[:3])[extension])), extension


def test_files_of_twins_for_the_inside_differ():
    _, other = twins(*TWINS[0])
    pages = [report(one, PAGE)[0] for one in (reported(other, "inside", instrument="phq9"), report_of(
        "inside", 150, 8))]
    assert bare(read(pages[0])) != bare(read(pages[1]))


@pytest.mark.parametrize("case", TWINS[1:], ids=str)
def test_exhibits_of_every_kind_are_the_same_for_twins(case):
    made, _ = twins(*case)
    for kind in KINDS:
        shown = [_shown(one, Ask(kind, "phq9", by=("sex",) if kind == "strata" else (), disclosure=Disclosure(case[0])))
                 for one in (report_of(*case[:3]), made)]
        assert shown[0] == shown[1], kind


def _shown(made, ask):
    """An exhibit with its figure, or why there is none."""
    from analytics.figures.theme import PALETTES

    try:
        one = exhibit(made.answers, ask)
    except ValueError as reason:
        return str(reason)
    if one is None:
        return ""
    figure = "" if one.figure is None else one.figure(PALETTES["light"]).to_json()
    return re.sub(r"[0-9a-f]{64}", "#", repr(one).replace(repr(one.figure), "")) + figure


# --- comparisons -------------------------------------------------------------------------------------


def compared(of, by, measure, courses="first"):
    return compare(of, "phq9", measure, Levels(by), courses=courses)


def small_of(record):
    """Small counts that a record of a comparison tells, or its difference of courses and patients."""
    found = []
    for group in record["groups"]:
        own = group["compared"]
        n, x = own.get("denominator", own.get("n")), own.get("numerator")
        counts = [n, n - own["patients"], *([] if x is None else [x, n - x])]
        found += [(group["value"], one) for one in counts if 1 <= one <= 10]
    return found


ASKED = [(by, measure, courses) for by, courses in (("site", "first"), ("route", "all"), ("sex", "first"))
         for measure in ("response", "worsening", "mean_improvement")]


def test_a_comparison_is_told_whole_or_not_at_all():
    of, board, told = clinic(300, 5), Disclosure("board"), 0
    for by, measure, courses in ASKED:
        comparison = compared(of, by, measure, courses)
        found = disclosed_comparison(of, comparison, board)
        if isinstance(found, str):
            record = refused_record(comparison, found, board)
            assert not re.search(r"\d", json.dumps([one | {"value": ""} for one in record["groups"]]))
            assert not re.search(r"\d", re.sub("1 to 10", "", record["why"]))
            continue
        told += 1
        record = told_record(comparison_record(found), board)
        assert small_of(record) == [] and not {"not_compared", "overlap", "patients_in_several"} & set(record)
    assert 0 < told < len(ASKED)
    assert any(small_of(comparison_record(compared(of, by, "worsening"))) for by in ("site", "route"))


def test_a_comparison_of_twins_is_the_same_in_every_format():
    (made, _), board = twins(*TWINS[0]), Disclosure("board")
    n_same = 0
    for by, measure, courses in ASKED:
        pair = [disclosed_comparison(one.answers.of, compared(one.answers.of, by, measure, courses), board)
                for one in (report_of("board", 150, 8), made)]
        if any(isinstance(one, str) for one in pair):
            assert pair[0] == pair[1]
            continue
        records = [comparison_record(one) for one in pair]
        if [one["groups"] for one in records] == [one["groups"] for one in records[:1]] * 2:
            n_same += 1
            assert told_record(records[0], board) | {"x": comparison_text(pair[0])} == told_record(
                records[1], board) | {"x": comparison_text(pair[1])}
            assert comparison_rows(pair[0]).equals(comparison_rows(pair[1]))
    assert n_same


# --- the reader --------------------------------------------------------------------------------------


def test_the_reader_sees_notes_hidden_sheets_caches_and_attributes():
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.notes_slide.notes_text_frame.text = "note 3141"
    slide.shapes.title._element.nvSpPr.cNvPr.set("descr", "alt 3142")
    target = io.BytesIO()
    deck.save(target)
    book = io.BytesIO()
    with xlsxwriter.Workbook(book) as workbook:
        sheet = workbook.add_worksheet("Hidden")
        workbook.add_worksheet("Seen").activate()
        sheet.hide()
        sheet.write_row(0, 0, ["cell 3143", 3144])
        drawn_chart = workbook.add_chart({"type": "line"})
        drawn_chart.add_series({"values": "=Hidden!$B$1:$B$1"})
        sheet.insert_chart("D2", drawn_chart)
    paper = io.BytesIO()
    canvas = Canvas(paper)
    canvas.drawString(50, 50, "paper 3145")
    canvas.save()
    page = (b'<!doctype html><svg><title>svg 3146</title></svg><p title="hover 3147">x</p>'
            b'<script>Plotly.newPlot("a",f.data);})({"data":[{"x":{"dtype":"i2","bdata":"TAw="},"text":["3149"]}]});</script>')
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("inner.xlsx", book.getvalue())
        archive.writestr("results.json", '{"a": [3150]}')
    everything = " ".join(one.text for content in (target.getvalue(), paper.getvalue(), page, packed.getvalue())
                          for one in read(content))
    assert [number for number in range(3141, 3151) if str(number) not in everything] == []


def test_a_number_planted_in_any_file_is_a_stray_one():
    made, found = report_of("board", 150, 8), files("board", 150, 8)
    assert strays({"7,777 of S0", "0.77777 in S1"}, made) == ["0.77777 in S1", "7,777 of S0"]
    page = found[PAGE].replace(b"</main>", b'<svg aria-label="S0 has 7777"></svg></main>')
    assert "S0 has 7777" in strays(sentences(read(page)) - constants("board"), made)
