"""The deck, read back from its file: native charts with the right numbers behind them, notes, marks, templates."""

import io
import re
import zipfile
from dataclasses import replace

import pytest
from pptx import Presentation
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Inches, Pt
from python_calamine import CalamineWorkbook

from analytics.reports.exhibits import Ask, exhibit, standard_report
from analytics.reports.sheet_formats import label_format
from analytics.reports.slides import deck
from analytics.reports.slides_charts import MOST_CATEGORIES
from analytics.reports.slides_template import MOST_BYTES
from analytics.results.disclosure import Disclosure
from tests.reports.exhibited import HOSTILE, answers_of, by_kind, cohort, drawn, hostile, sample, withheld


def slides_of(content):
    return list(Presentation(io.BytesIO(content)).slides)


def chart_of(slide):
    return next(shape.chart for shape in slide.shapes if shape.has_chart)


def texts_of(slide):
    found = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    for shape in slide.shapes:
        if shape.has_table:
            found += [cell.text for row in shape.table.rows for cell in row.cells]
    return found


def sheet_of(chart):
    book = CalamineWorkbook.from_filelike(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))
    return book.get_sheet_by_name("Sheet1").to_python()


@pytest.fixture(scope="module")
def made():
    return deck(*drawn())


def test_a_slide_an_exhibit_with_the_finding_as_its_title(made):
    slides = slides_of(made.content)
    assert [slide.shapes.title.text for slide in slides] == [one.title for one in drawn()[0]]
    assert made.lacks == ()


def test_the_chart_is_native_and_holds_the_numbers(made):
    place = next(place for place, one in enumerate(drawn()[0]) if one.ask.kind == "strata")
    chart = chart_of(slides_of(made.content)[place])
    plot = chart.plots[0]
    assert list(plot.categories) == ["North\n(6 of 10, unstable)", "South\n(6 of 10, unstable)"]
    response, whole = plot.series
    assert tuple(response.values) == (0.6, 0.6)
    assert whole.name.startswith("All courses: 60") and tuple(whole.values) == (0.6, 0.6)
    sheet = sheet_of(chart)
    assert sheet[0][:2] == ["", "Response"] and sheet[1][:2] == ["North\n(6 of 10, unstable)", 0.6]


def test_error_bars_stand_ahead_of_the_categories_and_reach_the_ends(made):
    one = by_kind(drawn()[0], "strata")
    place = drawn()[0].index(one)
    chart = chart_of(slides_of(made.content)[place])
    element = chart.plots[0].series[0]._element
    tags = [child.tag for child in element]
    assert tags.index(qn("c:errBars")) < tags.index(qn("c:cat")) < tags.index(qn("c:val"))
    bars = element.find(qn("c:errBars"))
    plus, minus = ([float(value.text) for value in bars.find(qn(f"c:{side}")).iter(qn("c:v"))]
                   for side in ("plus", "minus"))
    low, high = one.chart.series[0].low, one.chart.series[0].high
    assert plus[0] == pytest.approx(high[0] - 0.6) and minus[0] == pytest.approx(0.6 - low[0])
    assert plus[0] != pytest.approx(minus[0])
    # The bars are bound to columns of the sheet behind, which hold the same lengths.
    sheet = sheet_of(chart)
    for side, lengths in (("plus", plus), ("minus", minus)):
        column = re.search(r"\$([A-Z])\$2", bars.find(qn(f"c:{side}")).find(f".//{qn('c:f')}").text).group(1)
        assert sheet[1][ord(column) - ord("A")] == pytest.approx(lengths[0])
        assert sheet[0][ord(column) - ord("A")] == f"Response: {side}"


def test_error_bars_of_a_second_series_are_bound_to_its_own_columns(made):
    chart = chart_of(slides_of(made.content)[0])
    sheet = sheet_of(chart)
    for series in chart.plots[0].series:
        for side in ("plus", "minus"):
            where = series._element.find(qn("c:errBars")).find(qn(f"c:{side}")).find(f".//{qn('c:f')}").text
            column = ord(re.search(r"\$([A-Z])\$2", where).group(1)) - ord("A")
            assert sheet[0][column] == f"{series.name}: {side}"


def test_an_unstable_dot_is_hollow_and_says_so(made):
    place = next(place for place, one in enumerate(drawn()[0]) if one.ask.kind == "strata")
    series = chart_of(slides_of(made.content)[place]).plots[0].series[0]
    assert len(series._element.findall(qn("c:dPt"))) == 2
    assert chart_of(slides_of(made.content)[0]).plots[0].series[0]._element.findall(qn("c:dPt")) == []


def test_pieces_too_narrow_for_a_label_have_none():
    _, origin = sample()
    one = by_kind(sample()[0], "severity")
    chart = chart_of(slides_of(deck((one,), origin).content)[0])
    shares = [series.values for series in one.chart.series]
    for series, values in zip(chart.plots[0].series, shares, strict=True):
        assert tuple(series.values) == pytest.approx(values)
        gone = {int(label.find(qn("c:idx")).get("val")) for label in series._element.iter(qn("c:dLbl"))}
        assert gone == {place for place, value in enumerate(values) if value < 0.045}


def test_every_slide_names_its_audience_and_invented_data(made):
    for slide in slides_of(made.content):
        text = " ".join(texts_of(slide))
        assert text.count("Invented sample data") == 2 and "For the inside" in text
        assert "As of" in text
        assert "Invented sample data" in slide.notes_slide.notes_text_frame.text


def test_notes_are_the_sheet_and_where_it_comes_from(made):
    notes = slides_of(made.content)[0].notes_slide.notes_text_frame.text
    for words in ("What it says", "Who is missing, and what if", "How to make it again", "SHA-256 " + "ab" * 32,
                  "python -m analytics report"):
        assert words in notes


def test_type_can_be_read(made):
    for slide in slides_of(made.content):
        sizes = [run.font.size for shape in slide.shapes if shape.has_text_frame
                 for paragraph in shape.text_frame.paragraphs for run in paragraph.runs if run.font.size]
        assert min(sizes) >= Pt(10)
        assert sorted(sizes)[1] >= Pt(14)
        for shape in slide.shapes:
            if shape.has_chart:
                assert shape.chart.font.size >= Pt(14)


def test_nothing_lies_outside_the_slide(made):
    deck_ = Presentation(io.BytesIO(made.content))
    for slide in deck_.slides:
        for shape in slide.shapes:
            assert shape.left >= 0 and shape.top >= 0
            assert shape.left + shape.width <= deck_.slide_width
            assert shape.top + shape.height <= deck_.slide_height
        assert [one.placeholder_format.idx for one in slide.placeholders] == [0]


def test_charts_have_a_description():
    slide = slides_of(deck(*drawn()).content)[0]
    frame = next(shape for shape in slide.shapes if shape.has_chart)
    assert "courses responded" in frame._element.nvGraphicFramePr.cNvPr.get("descr")


def test_the_same_exhibits_give_the_same_bytes_and_no_author(made):
    assert deck(*drawn()).content == made.content
    facts = Presentation(io.BytesIO(made.content)).core_properties
    assert facts.author == "" and facts.last_modified_by == ""


def test_text_of_files_is_inert():
    content = deck(*hostile()).content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if re.match(r"ppt/(slides|charts|notesSlides)/", name) and name.endswith((".xml", ".rels")):
                text = archive.read(name).decode()
                assert "<a:hlinkClick" not in text and "<a:fld" not in text and "<script" not in text, name
                assert "TargetMode=\"External\"" not in text, name
                assert "\u202e" not in text and "\x07" not in text
    place = next(place for place, one in enumerate(hostile()[0]) if one.ask.kind == "strata")
    slide = slides_of(content)[place]
    chart = chart_of(slide)
    assert len(list(chart.plots[0].categories)) == min(len(HOSTILE), MOST_CATEGORIES)
    assert max(len(name) for name in chart.plots[0].categories) < 60
    book = chart.part.chart_workbook.xlsx_part.blob
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    sheet = [row[0] for row in sheet_of(chart)]
    assert any(str(cell).startswith("=cmd|") for cell in sheet)
    notes = slide.notes_slide.notes_text_frame.text
    assert "<script>alert(1)</script>" in notes and "x" * 10_000 in notes


def test_more_groups_than_can_be_read_are_cut_and_told():
    answers = answers_of(cohort(tuple(f"Site {number:02d}" for number in range(14)), per_value=5, responders=3))
    one = exhibit(answers, Ask("strata", by=("site",)))
    slide = slides_of(deck((one,), answers.origin).content)[0]
    assert len(list(chart_of(slide).plots[0].categories)) == MOST_CATEGORIES
    assert any("The chart shows the first 10 of 14 groups." in text for text in texts_of(slide))
    assert "Site 13" in slide.notes_slide.notes_text_frame.text


def test_where_nothing_may_be_shown_the_reasons_stand_in_place_of_axes():
    slide = slides_of(deck((withheld(),), drawn()[1]).content)[0]
    assert not any(shape.has_chart for shape in slide.shapes)
    texts = texts_of(slide)
    assert any("Fewer than 11 of them." in text and "Rules" in text for text in texts)
    foot = next(text for text in texts if text.startswith("Invented sample data. "))
    assert "Fewer than 11" not in foot and foot.endswith(withheld().context[-1])


def test_a_footnote_too_long_keeps_marks_rules_and_the_day():
    one = drawn()[0][0]
    many = tuple(f"Of these {number} something long is told here that no foot has room for." for number in range(30))
    slide = slides_of(deck((replace(one, context=(*many, *one.context)),), drawn()[1]).content)[0]
    foot = next(text for text in texts_of(slide) if text.startswith("Invented sample data. For the inside. "))
    assert foot.endswith(f"More stands in the notes. {' '.join(one.context[-2:])}")
    assert many[29] in slide.notes_slide.notes_text_frame.text
    short = slides_of(deck((one,), drawn()[1]).content)[0]
    assert not any("More stands in the notes" in text for text in texts_of(short))


def test_a_table_has_the_rows_that_there_is_room_for_and_says_how_many_more():
    place, one = next((place, one) for place, one in enumerate(drawn()[0]) if one.ask.kind == "definitions")
    slide = slides_of(deck(*drawn()).content)[place]
    table = next(shape.table for shape in slide.shapes if shape.has_table)
    n_rows = len(table.rows) - 1
    assert 5 < n_rows < len(one.table.rows)
    shown = [table.cell(number, 0).text for number in range(1, n_rows + 1)]
    assert shown == [row[0] for row in one.table.rows[:n_rows]]
    assert any(f"{len(one.table.rows) - n_rows} more in the workbook." in text for text in texts_of(slide))


def test_names_below_a_chart_stay_level(made):
    axis = chart_of(slides_of(made.content)[0]).category_axis._element
    assert axis.find(f"{qn('c:txPr')}/{qn('a:bodyPr')}").get("rot") == "0"


def test_a_board_deck_says_so():
    answers = answers_of(cohort())
    content = deck(standard_report(answers, disclosure=Disclosure("board")), answers.origin).content
    for slide in slides_of(content):
        assert any("For the board, confidential" in text for text in texts_of(slide))


def test_a_deck_is_for_one_audience_and_not_empty():
    answers = answers_of(cohort())
    mixed = (exhibit(answers, Ask("headline")), exhibit(answers, Ask("headline", disclosure=Disclosure("board"))))
    with pytest.raises(ValueError, match="one audience; exhibits of board, inside came"):
        deck(mixed, answers.origin)
    with pytest.raises(ValueError, match="none came"):
        deck((), answers.origin)


# --- a clinic's template ---------------------------------------------------------------------------


def template(*, slides=0, wide=True, change=None):
    """A clinic's template as bytes: a plain one, after ``change``."""
    made = Presentation()
    if wide:
        made.slide_width = Inches(13.333)
    for _ in range(slides):
        made.slides.add_slide(made.slide_layouts[1])
    if change:
        change(made)
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def test_a_template_gives_its_layouts_and_keeps_none_of_its_slides():
    found = deck(*drawn(), template(slides=3))
    slides = slides_of(found.content)
    assert len(slides) == len(drawn()[0])
    assert all(slide.slide_layout.name in ("Title Only", "Title and Vertical Text") for slide in slides)
    assert found.lacks == ("The template's own slides were left out; its layouts and colours were used.",)


def test_charts_take_the_colours_of_the_template():
    content = deck(*drawn(), template()).content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        charts = [archive.read(name).decode() for name in archive.namelist() if re.match(r"ppt/charts/chart\d", name)]
        themes = [archive.read(name).decode() for name in archive.namelist() if "theme/theme1" in name]
    assert all("srgbClr" not in chart for chart in charts) and any("accent1" in chart for chart in charts)
    assert "0F766E" not in themes[0]


def test_a_narrow_template_is_told_and_nothing_falls_off():
    found = deck(*drawn(), template(wide=False))
    assert found.lacks == ("The template's slides are not wide; charts were made to fit.",)
    made = Presentation(io.BytesIO(found.content))
    for slide in made.slides:
        assert all(shape.left + shape.width <= made.slide_width for shape in slide.shapes)


def test_a_template_without_a_title_is_told():
    def without_titles(made):
        for layout in made.slide_layouts:
            for shape in list(layout.placeholders):
                if shape.placeholder_format.idx == 0:
                    shape._element.getparent().remove(shape._element)

    found = deck(*drawn(), template(change=without_titles))
    assert "The template has no layout with a title; titles are plain text boxes." in found.lacks
    assert any(drawn()[0][0].title in text for text in texts_of(slides_of(found.content)[0]))


def test_a_template_with_little_room_is_told():
    def with_a_tall_title(made):
        for layout in made.slide_layouts:
            for shape in layout.placeholders:
                if shape.placeholder_format.idx == 0:
                    shape.left, shape.top, shape.width, shape.height = 0, 0, made.slide_width, Inches(6)

    assert any("too little room" in one for one in deck(*drawn(), template(change=with_a_tall_title)).lacks)


def retyped(content, before, after):
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(target, "w") as other:
        for name in archive.namelist():
            text = archive.read(name)
            other.writestr(name, text.replace(before, after) if name == "[Content_Types].xml" else text)
    return target.getvalue()


def changed(name, content):
    """A template in which one part is another, or gone."""
    target = io.BytesIO()
    with (zipfile.ZipFile(io.BytesIO(template())) as archive,
          zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as other):
        parts = {one: archive.read(one) for one in archive.namelist()} | {name: content}
        for one, text in parts.items():
            if text is not None:
                other.writestr(one, text)
    return target.getvalue()


def damaged(content):
    """A template of which some bytes were written over."""
    return content[:5_000] + b"\xff" * 400 + content[5_400:]


def resized(width, height):
    def change(made):
        made.slide_width, made.slide_height = width, height
    return change


def shapes_over(slide):
    """Pairs of shapes of a slide that lie over each other."""
    boxes = [(one.name, one.left, one.top, one.left + one.width, one.top + one.height) for one in slide.shapes]
    return [(a[0], b[0]) for place, a in enumerate(boxes) for b in boxes[place + 1:]
            if a[1] < b[3] and b[1] < a[3] and a[2] < b[4] and b[2] < a[4]]


def only(name):
    """A template without layouts but one."""
    def change(made):
        for layout in list(made.slide_layouts):
            if layout.name != name:
                made.slide_layouts.remove(layout)
    return change


@pytest.mark.parametrize("content", [
    None, template(wide=False), template(change=only("Title Slide")), template(change=only("Blank"), wide=False),
    template(change=resized(Inches(7), Inches(5))), template(change=resized(Inches(7.5), Inches(13.3)))])
def test_nothing_lies_over_anything_or_outside_on_any_template(content):
    exhibits = [by_kind(drawn()[0], kind) for kind in ("headline", "strata", "definitions")]
    made = Presentation(io.BytesIO(deck(exhibits, drawn()[1], content).content))
    for slide in made.slides:
        assert shapes_over(slide) == []
        assert all(one.left >= 0 and one.left + one.width <= made.slide_width and one.top >= 0
                   and one.top + one.height <= made.slide_height for one in slide.shapes
                   if not one.is_placeholder)


def test_nothing_lies_over_a_clinics_own_foot():
    def with_a_bar(made):
        made.slide_master.shapes._spTree.append(parse_xml(
            f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="99" name="bar"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr>'
            f'<a:xfrm><a:off x="0" y="{Inches(6.2)}"/><a:ext cx="{made.slide_width}" cy="{Inches(1.3)}"/></a:xfrm>'
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr></p:sp>'))

    for slide in slides_of(deck(drawn()[0][:1], drawn()[1], template(change=with_a_bar)).content):
        assert max(one.top + one.height for one in slide.shapes) <= Inches(6.2)


def test_a_potx_is_a_template_too():
    content = retyped(template(), b"presentation.main+xml", b"template.main+xml")
    assert len(slides_of(deck(*drawn(), content).content)) == len(drawn()[0])


@pytest.mark.parametrize(("content", "words"), [
    (b"no zip", "this is none"), (b"", "this is none"), (template()[:9_000], "this is none"),
    (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "has a password, or is of an older PowerPoint"),
    (changed("ppt/presentation.xml", b"<a"), "a broken one"), (changed("ppt/slideLayouts/slideLayout3.xml", b"<a"),
                                                                "a broken one"),
    (changed("ppt/slideLayouts/slideLayout6.xml", None), "a broken one"),
    (changed("ppt/media/film.bin", bytes(MOST_BYTES + 1)), "more than 128 MB; take its films"),
    (damaged(template()), "this is none"),
    (template(change=resized(Inches(6.99), Inches(5))), "Charts need slides of 7 by 5 inches or more"),
    (template(change=resized(Inches(7), Inches(4.99))), "Charts need slides of 7 by 5 inches or more"),
    (retyped(template(), b"presentationml.presentation.main+xml", b"x.macroEnabled.main+xml"), "macros"),
    (retyped(template(), b"presentationml.presentation.main+xml", b"wordprocessingml.document.main+xml"),
     "this is none"),
])
def test_what_is_no_template_is_refused_in_words(content, words):
    with pytest.raises(ValueError, match=words):
        deck(*drawn(), content)


@pytest.mark.parametrize(("values", "unit", "form"), [
    ((0.5,), "percent", '[=0]0 %;[<0.005]"<1 %";0 %'), ((0.994, 1.0), "percent", '[=0]0 %;[<0.005]"<1 %";0 %'),
    ((0.995, 0.2), "percent", '[=1]0 %;[>=0.995]">99 %";0 %'), ((3.0,), "points", "0.0"), ((3,), "courses", "#,##0"),
    ((None,), "percent", '[=0]0 %;[<0.005]"<1 %";0 %'),
])
def test_labels_never_round_to_none_or_all(values, unit, form):
    assert label_format(values, unit) == form


def test_our_theme_has_our_colours(made):
    with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
        theme = archive.read("ppt/theme/theme1.xml").decode()
    assert "0F766E" in theme


def test_marks_are_never_cut():
    for content in (deck(*drawn()).content, deck(*drawn(), template(wide=False)).content):
        for slide in slides_of(content):
            marks = next(shape for shape in slide.shapes if shape.name == "Marks").text_frame.text
            assert marks == "Invented sample data, For the inside"
