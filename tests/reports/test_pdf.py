"""The PDF, read back: numbers, marks on every page, both papers, letters that are missing."""

import io
from dataclasses import replace
from functools import cache

import pytest
from pypdf import PdfReader

from analytics.reports.exhibits import Ask, exhibit, standard_report
from analytics.reports.pdf import PAPERS, pdf
from analytics.reports.pdf_letters import is_lost, marked_up, runs, width_of
from analytics.results.disclosure import Disclosure
from tests.reports.exhibited import answers_of, cohort, drawn, hostile, withheld


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


@pytest.mark.parametrize(("text", "pieces"), [
    ("Łódź North", [("Arimo", "Łódź "), ("Vera", "North")]), ("Győr", [("Arimo", "Győr")]),
    ("Київ Αθήνα", [("Arimo", "Київ Αθήνα")]), ("plain − 5 %", [("Vera", "plain − 5 %")]),
    ("北京 site", [("Vera", "?? site")]), ("🙂 Łódź", [("Vera", "? "), ("Arimo", "Łódź")]), ("", []),
    ("a שלום עולם b", [("Vera", "a "), ("Arimo", "םלוע םולש "), ("Vera", "b")]),
])
def test_a_word_is_written_in_letters_that_have_its_signs(text, pieces):
    assert runs(text) == pieces


def test_a_text_in_other_letters_is_escaped_and_measured():
    assert marked_up("<b>Łódź</b> & x") == '<font name="Arimo">&lt;b&gt;Łódź&lt;/b&gt; </font>&amp; x'
    assert width_of("Łódź", "Vera", 10) == pytest.approx(width_of("Łódź", "Vera", 5) * 2)
    assert width_of("Łódź", "Vera", 10) > 10
    assert is_lost("北") and not is_lost("Łódź שלום Ω")


def test_names_from_all_over_europe_stand_on_paper_without_a_word_on_it():
    answers = answers_of(cohort(("Łódź", "Київ", "Győr", "Αθήνα", "שלום")), label="İzmir.csv")
    text = text_of(pdf(standard_report(answers), answers.origin))
    assert all(name in text for name in ("Łódź", "Київ", "Győr", "Αθήνα", "שלום", "İzmir.csv"))
    assert "question mark" not in text


@pytest.mark.parametrize("change", [{"title": "北"}, {"comment": "北"}, {"reading": "北"}])
def test_a_lost_sign_anywhere_is_told(change):
    assert "shown as a question mark" in text_of(pdf((replace(drawn()[0][0], **change),), drawn()[1]))


def test_where_nothing_may_be_shown_the_reasons_stand_in_place_of_axes():
    text = text_of(pdf((withheld(),), drawn()[1]))
    assert "Fewer than 11 of them." in text and "75%" not in text
    assert "75%" in text_of(pdf((drawn()[0][0],), drawn()[1]))


def test_a_public_page_names_no_file():
    answers = answers_of(cohort(), label="Dr Smith.csv")
    assert "Smith" not in text_of(pdf(standard_report(answers, disclosure=Disclosure("public")), answers.origin))


def test_a_title_is_never_parted_from_its_chart():
    answers = answers_of(cohort(tuple(f"Site {number:02d}" for number in range(30)), per_value=5, responders=3))
    head, groups = (exhibit(answers, ask) for ask in (Ask("headline"), Ask("strata", by=("site",))))
    pages = [text_of_page(page) for page in pages_of(pdf((head, groups), answers.origin))]
    page = next(text for text in pages if "Response by site" in text)
    assert "75%" in page and "Site 29" in page


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

    @cache
    def headed(n_rows):
        """Number and text of the page with the heading, under a table of so many rows."""
        shorter = replace(groups, table=replace(groups.table, rows=groups.table.rows[:n_rows]))
        texts = map(text_of_page, pages_of(pdf((head, shorter), answers.origin)))
        return next((place, text) for place, text in enumerate(texts) if "Defend this number" in text)

    last, first = 24, 47
    while first - last > 1:
        middle = (last + first) // 2
        last, first = (middle, first) if headed(middle)[0] == headed(last)[0] else (last, middle)
    assert headed(first)[0] == headed(last)[0] + 1, "no page ends there"
    for n_rows in range(last - 3, first + 2):
        assert "What it says" in headed(n_rows)[1], n_rows
