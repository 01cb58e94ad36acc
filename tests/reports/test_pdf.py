"""The PDF, read back: numbers, marks on every page, both papers, letters that are missing."""

import io
from dataclasses import replace

import pytest
from pypdf import PdfReader

from analytics.reports.exhibits import Ask, exhibit, standard_report
from analytics.reports.pdf import PAPERS, pdf
from analytics.results.disclosure import Disclosure
from tests.reports.exhibited import answers_of, cohort, drawn, hostile


def pages_of(content):
    return list(PdfReader(io.BytesIO(content)).pages)


def text_of(content):
    return "\n".join(page.extract_text() for page in pages_of(content)).replace("\N{NO-BREAK SPACE}", " ")


def text_of_page(page):
    return page.extract_text()


@pytest.fixture(scope="module")
def made():
    return pdf(*drawn())


def test_the_first_page_says_how_many_and_how_sure(made):
    text = pages_of(made)[0].extract_text().replace("\N{NO-BREAK SPACE}", " ")
    for words in ("60 % of courses responded on PHQ-9", "12 of 20", "Got worse", "2 of 20", "chance alone"):
        assert words in text


def test_every_page_has_its_marks(made):
    assert len(pages_of(made)) > 2
    for page in pages_of(made):
        text = page.extract_text()
        assert "Invented sample data, For the inside" in text and "ketamine-outcomes" in text


def test_pictures_are_vectors(made):
    assert all(not page.images for page in pages_of(made))


@pytest.mark.parametrize("paper", PAPERS)
def test_both_papers(paper):
    page = pages_of(pdf(*drawn(), paper))[0]
    assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx(PAPERS[paper], abs=0.01)


def test_another_paper_is_refused():
    with pytest.raises(ValueError, match="Paper is one of a4, letter; 'a0' came"):
        pdf(*drawn(), "a0")


def test_text_of_files_is_text():
    content = pdf(*hostile())
    text = text_of(content)
    assert "<script>" in text and "javascript:alert(1)" in text and "=cmd" in text
    for page in pages_of(content):
        assert "/Annots" not in page or not page["/Annots"]
    assert b"/JavaScript" not in content and b"/URI" not in content and b"/Launch" not in content
    assert "shown as a question mark" in text


def test_names_whose_letters_are_there_need_no_word_on_it(made):
    assert "question mark" not in text_of(made)


def test_the_same_exhibits_give_the_same_bytes(made):
    assert pdf(*drawn()) == made


def test_a_board_page_of_forty_courses_answers():
    answers = answers_of(cohort(per_value=20, responders=9))
    text = text_of(pdf(standard_report(answers, disclosure=Disclosure("board")), answers.origin))
    assert "18 of 40" in text and "For the board, confidential" in text and "For the inside" not in text


def test_a_comment_and_a_long_table_stand_on_paper():
    answers = answers_of(cohort(tuple(f"Site {number:02d}" for number in range(61)), per_value=1, responders=1))
    one = exhibit(answers, Ask("strata", by=("site",)))
    text = text_of(pdf((one,), answers.origin))
    assert "1 more in the workbook." in text and "Site 59" in text


def test_a_heading_stands_on_the_page_of_what_it_heads():
    answers = answers_of(cohort(tuple(f"Site {number:02d}" for number in range(48)), per_value=1, responders=1))
    head, groups = (exhibit(answers, ask) for ask in (Ask("headline"), Ask("strata", by=("site",))))
    for n_rows in range(24, 48):
        shorter = replace(groups, table=replace(groups.table, rows=groups.table.rows[:n_rows]))
        page = next(text for text in map(text_of_page, pages_of(pdf((head, shorter), answers.origin)))
                    if "Defend this number" in text)
        assert "What it says" in page, n_rows
