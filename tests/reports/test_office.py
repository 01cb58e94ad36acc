"""Slides and workbook opened by a real office program: every page is there, and the numbers can be read on it."""

import shutil
import subprocess

import pytest
from pypdf import PdfReader

from analytics.reports.slides import deck
from analytics.reports.workbook import workbook
from tests.reports.exhibited import drawn, hostile

OFFICE = shutil.which("soffice")
pytestmark = pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """The pages of a file as LibreOffice shows them; it is started once for all files, as that takes longest."""
    folder = tmp_path_factory.mktemp("office")
    files = {"deck.pptx": deck(*drawn()).content, "hostile.pptx": deck(*hostile()).content,
             "book.xlsx": workbook(*drawn())}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    done = subprocess.run(
        [OFFICE, "--headless", f"-env:UserInstallation=file://{folder}/office", "--convert-to", "pdf", "--outdir",
         folder, *(folder / name for name in files)], capture_output=True, text=True, timeout=180, check=False)

    def pages_of(name):
        made = (folder / name).with_suffix(".pdf")
        if not made.is_file():
            assert "could not be loaded" in done.stderr, done.stderr
            pytest.skip("LibreOffice here lacks the part that opens this kind of file")
        return [page.extract_text().replace("\N{NO-BREAK SPACE}", " ") for page in PdfReader(made).pages]

    return pages_of


def test_slides_open(opened):
    pages = opened("deck.pptx")
    assert len(pages) == len(drawn()[0])
    assert "60 % of courses responded on PHQ-9" in pages[0]
    assert all("Invented sample data" in page for page in pages)
    # Labels are drawn from the numbers behind the chart.
    assert "60 %" in pages[0].replace("60 % of courses", "") and "10 %" in pages[0]


def test_slides_of_hostile_texts_open(opened):
    pages = opened("hostile.pptx")
    assert len(pages) == len(hostile()[0])


def test_the_workbook_opens(opened):
    pages = opened("book.xlsx")
    text = "\n".join(pages)
    assert "60 % of courses responded on PHQ-9" in pages[0] and "60.0 %" in text
    assert "#NAME" not in text and "#REF" not in text and "Err:" not in text
