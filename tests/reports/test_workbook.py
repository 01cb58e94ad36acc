"""The workbook, read back: numbers with their formats, native charts, no formula anywhere."""

import io
import re
import zipfile
from dataclasses import replace

import pytest
from python_calamine import CalamineWorkbook

from analytics.reports.exhibits import Ask, exhibit, standard_report
from analytics.reports.workbook import sheet_names, workbook
from analytics.results.disclosure import Disclosure
from tests.reports.exhibited import answers_of, by_kind, cohort, drawn, hostile, sample, withheld


def book_of(content):
    return CalamineWorkbook.from_filelike(io.BytesIO(content))


def parts_of(content, pattern):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist() if re.match(pattern, name)}


def rows_of(content, name):
    return book_of(content).get_sheet_by_name(name).to_python()


@pytest.fixture(scope="module")
def made():
    return workbook(*drawn())


def test_a_sheet_an_exhibit_with_contents_and_origin(made):
    names = book_of(made).sheet_names
    assert names == ["Contents", "Headline", "Flow", "Severity", "By site", "Harm", "Published", "Definitions",
                     "Findings", "Origin"]


def test_the_numbers_stand_unrounded_under_their_names(made):
    rows = rows_of(made, "By site")
    head = next(place for place, row in enumerate(rows) if row[:2] == ["Site", "Numerator"])
    line = dict(zip(rows[head], rows[head + 1], strict=True))
    assert (line["Site"], line["Numerator"], line["Denominator"], line["Rate"]) == ("North", 6, 10, 0.6)
    assert line["If the lost had failed"] == pytest.approx(6 / 11)
    low = by_kind(drawn()[0], "strata").chart.series[0].low[0]
    assert line["Low"] == low


def test_cells_have_formats(made):
    styles = next(iter(parts_of(made, "xl/styles.xml").values()))
    for form in ("0.0 %", "#,##0", "0.0"):
        assert f'formatCode="{form}"' in styles or form == "#,##0"


def test_no_cell_is_a_formula_and_no_link_leads_out():
    for content in (workbook(*drawn()), workbook(*hostile()), workbook(*sample())):
        for name, text in parts_of(content, r"xl/(worksheets|tables)/.*").items():
            assert "<f>" not in text and "<f " not in text, name
            assert "External" not in text, name


def test_text_of_files_is_text():
    content = workbook(*hostile())
    cells = [str(cell) for name in book_of(content).sheet_names for row in rows_of(content, name) for cell in row]
    assert any(cell.startswith("=cmd|") for cell in cells)
    assert "<script>alert(1)</script>" in cells
    assert max(map(len, cells)) <= 2000
    assert not any("\u202e" in cell or "\x07" in cell for cell in cells)
    assert "By =site<b>" in book_of(content).sheet_names


def test_charts_are_native_and_bound_to_cells(made):
    charts = parts_of(made, r"xl/charts/chart\d+\.xml")
    assert len(charts) == sum(one.chart is not None for one in drawn()[0])
    text = next(chart for chart in charts.values() if "'By site'" in chart)
    assert "<c:lineChart>" in text and "c:errBars" in text
    plus = re.search(r"<c:plus><c:numRef><c:f>'By site'!\$([A-Z])\$(\d+):\$[A-Z]\$(\d+)", text)
    column, first, last = ord(plus.group(1)) - ord("A"), int(plus.group(2)), int(plus.group(3))
    rows = rows_of(made, "By site")
    chart = by_kind(drawn()[0], "strata").chart
    reach = [row[column] for row in rows[first - 1:last]]
    assert reach == pytest.approx([high - 0.6 for high in chart.series[0].high])
    values = re.search(r"<c:val><c:numRef><c:f>'By site'!\$([A-Z])\$(\d+)", text)
    assert rows[int(values.group(2)) - 1][ord(values.group(1)) - ord("A")] == 0.6
    below = re.search(r"<c:minus><c:numRef><c:f>'By site'!\$([A-Z])\$(\d+)", text)
    assert rows[int(below.group(2)) - 1][ord(below.group(1)) - ord("A")] == pytest.approx(
        0.6 - chart.series[0].low[0])


def test_every_sheet_names_its_audience_and_invented_data(made):
    for name in book_of(made).sheet_names:
        said = " ".join(str(cell) for row in rows_of(made, name) for cell in row)
        assert "Invented sample data" in said and "For the inside" in said, name
    for text in parts_of(made, r"xl/worksheets/sheet\d+\.xml").values():
        assert "Invented sample data, For the inside" in text


def test_the_origin_says_how_to_make_it_again(made):
    facts = dict(row[:2] for row in rows_of(made, "Origin") if row[0])
    assert facts["Version"].startswith("ketamine-outcomes ")
    assert facts["File 1: scores.csv"] == "SHA-256 " + "ab" * 32
    assert facts["Command"] == "python -m analytics report scores.csv --rules induction --by site --out report.html"


def test_where_nothing_may_be_shown_no_chart_is_drawn():
    content = workbook((withheld(),), drawn()[1])
    assert not parts_of(content, r"xl/charts/") and "Behind the chart" not in str(rows_of(content, "By site"))


def test_a_table_of_the_sheet_has_room_for_its_last_column(made):
    text = parts_of(made, r"xl/worksheets/sheet2\.xml").popitem()[1]
    rows = rows_of(made, "Headline")
    place = 1 + next(place for place, row in enumerate(rows) if row[:2] == ["Courses", "Still in"])
    # The last cell of a line runs on over the columns at its right.
    assert re.search(rf'<mergeCell ref="C{place + 1}:H{place + 1}"', text)


@pytest.mark.parametrize(("paper", "number"), [("a4", "9"), ("letter", "1")])
def test_sheets_fit_the_width_of_the_paper_and_lie_where_they_are_wide(paper, number):
    sheets = parts_of(workbook(*drawn(), paper), r"xl/worksheets/sheet\d+\.xml")
    for text in sheets.values():
        assert f'paperSize="{number}"' in text or (number == "1" and "paperSize" not in text)
        assert 'fitToHeight="0"' in text and 'fitToPage="1"' in text
    lying = [name for name, text in sheets.items() if 'orientation="landscape"' in text]
    assert "xl/worksheets/sheet2.xml" in lying and "xl/worksheets/sheet5.xml" not in lying


def test_a_chart_and_its_sheet_stand_on_pages_of_their_own(made):
    text = parts_of(made, r"xl/worksheets/sheet5\.xml").popitem()[1]
    (brk,) = re.findall(r'<brk id="(\d+)"', text)
    assert rows_of(made, "By site")[int(brk)][0] == "What it says"


def test_a_public_workbook_names_no_file():
    answers = answers_of(cohort())
    content = workbook(standard_report(answers, disclosure=Disclosure("public")), answers.origin)
    cells = [str(cell) for name in ("Origin", "Contents") for row in rows_of(content, name) for cell in row]
    assert not any("scores.csv" in cell or "SHA-256" in cell or "python -m" in cell for cell in cells)
    assert "For the public" in cells


def test_sheet_names_are_allowed_and_differ():
    answers = answers_of(cohort())
    one = exhibit(answers, Ask("headline"))
    asks = [Ask("strata", by=(name,)) for name in ("a/b:c*d?[e]", "x" * 60, "x" * 60 + "y", "'quoted'", "🙂", "/")]
    names = sheet_names([one, one, *(replace(one, ask=ask) for ask in asks)])
    assert len({name.lower() for name in names}) == len(names)
    assert all(0 < len(name) <= 31 and not re.search(r"[\[\]:*?/\\]", name) for name in names)
    assert names[:2] == ("Headline", "Headline 2")


def test_the_same_exhibits_give_the_same_bytes_and_ten_charts_are_small(made):
    assert workbook(*drawn()) == made
    assert len(workbook(*sample())) < 1_000_000
