"""Present mode by itself: one exhibit a screen, its keys, its marks, what it never shows."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest

from analytics.app import present_charts, present_panels
from analytics.app.datasets import KeptDataset
from analytics.figures.theme import PALETTES
from analytics.reports.exhibits import Ask, Chart, Exhibit, Series
from analytics.reports.sections import Grid
from analytics.wording.exhibits import INVENTED
from tests.app.test_pages import browser, html, opened, scores, uploaded, words  # noqa: F401


def button(app, key):
    return next(one for one in app.button if one.key == key)


def address(app, **changes):
    found = {key: value[0] if isinstance(value, list) else value for key, value in app.query_params.items()}
    return found | changes


def test_one_exhibit_a_screen_with_marks_foot_and_position():
    app = opened("present")
    text = words(app)
    assert html(app).count('<section class="stage"') == 1 and "1 of 8" in text
    assert "Invented sample data" in text and "For the inside" in text
    mark, foot = re.search(r"<footer>(.*?)<p>(.*?)</p></footer>", html(app)).groups()
    assert "For the inside" in mark and "Invented" not in mark
    assert foot.startswith("As of") and "Response: improved by at least" in foot and "Rules: Last score" in foot
    assert not app.get("plotly_chart") and not app.sidebar.children and not app.toggle


def test_next_back_and_end():
    app = opened("present")
    assert button(app, "stage.back").disabled and not button(app, "stage.on").disabled
    titles = []
    for _ in range(8):
        titles.append(re.search(r"<h1>(.*?)</h1>", html(app))[1])
        if not button(app, "stage.on").disabled:
            button(app, "stage.on").click().run()
    assert len(set(titles)) == 8 and "8 of 8" in words(app) and button(app, "stage.on").disabled
    button(app, "stage.up").click().run()
    assert "7 of 8" in words(app)
    button(app, "stage.end").click().run()
    assert '<section class="stage"' not in html(app) and len(app.get("plotly_chart")) == 3
    app.switch_page("views/present.py").run()
    assert "1 of 8" in words(app)


def test_the_keys_are_those_of_presenters():
    keys = {one.key: one.proto.shortcut for one in opened("present").button}
    assert keys == {"stage.back": "left", "stage.on": "right", "stage.end": "escape", "stage.up": "pageup",
                    "stage.down": "pagedown", "stage.first": "home", "stage.last": "end"}


def test_the_first_and_the_last_by_one_key():
    app = opened("present")
    assert button(app, "stage.first").disabled and not button(app, "stage.last").disabled
    button(app, "stage.last").click().run()
    assert "8 of 8" in words(app) and button(app, "stage.last").disabled
    button(app, "stage.first").click().run()
    assert "1 of 8" in words(app)


def test_nothing_to_count_is_said(browser):  # noqa: F811
    uploaded(browser, "patient_id,day,unknown\nP1,0,3\n")
    app = opened("present")
    assert not app.exception and '<section class="stage"' not in html(app)


@pytest.mark.parametrize("pairs", [[(20, 8)], [(20, 8)] * 4, [(20, None)] * 6, [(3, 2)] * 6])
def test_small_numbers_and_missing_ones(browser, pairs):  # noqa: F811
    uploaded(browser, scores(*pairs))
    app = opened("present")
    assert not app.exception and '<section class="stage"' in html(app)
    assert "nan" not in words(app).lower().split()
    if len(pairs) < 5:
        assert not re.search(r"\d %", re.search(r'stage-number">.*?</div>', html(app))[0])


def test_the_public_hears_why_there_is_nothing_yet(browser):  # noqa: F811
    uploaded(browser, scores(*[(20, 8)] * 12))
    app = opened("present", **address(opened("overview"), au="public"))
    assert "There is nothing to present" in words(app) and "Not for the public yet" in words(app)
    marks = re.search(r'<section class="stage empty">.*?stage-marks">(.*?)</p>', html(app))[1]
    assert "For the public" in marks and "Invented" not in marks
    assert "12" not in re.sub(r"1 to \d+|\b30\b", "", words(app)) and not app.exception


def test_nothing_of_the_sample_still_has_both_marks():
    app = opened("present", **address(opened("overview"), au="public"))
    marks = re.search(r'<section class="stage empty">.*?stage-marks">(.*?)</p>', html(app))[1]
    assert "Invented sample data" in marks and "For the public" in marks and "For the inside" not in marks


def test_the_board_has_its_mark_and_no_list_of_findings():
    app = opened("present", **address(opened("overview"), au="board"))
    assert "For the board, confidential" in words(app) and "For the inside" not in words(app)
    places = int(re.search(r"1 of (\d+)", words(app))[1])
    for _ in range(places):
        assert '<div class="stage-chart' in html(app) or "not shown" in words(app).lower()
        if not button(app, "stage.on").disabled:
            button(app, "stage.on").click().run()


@pytest.mark.parametrize(("n", "is_crowded"), [(410, False), (411, True)])
def test_many_words_are_set_smaller(n, is_crowded, monkeypatch):
    one = Exhibit("key", Ask("strata"), "t" * 10, "Response", "r" * (n - 100), "l" * 100, (), Grid((), ()),
                  marks=(INVENTED, "For the inside"))
    monkeypatch.setattr(present_panels, "foot", lambda question, exhibit: "As of the files' end.")
    assert ('class="stage crowded"' in present_panels.slide_html(None, one)) is is_crowded


@pytest.mark.parametrize(("number", "latest", "mark"), [
    (1, 2, "Not the latest data: version 1, and version 2 is there"), (2, 2, ""), (1, None, "")])
def test_a_version_that_is_not_the_latest_is_marked_on_every_screen(number, latest, mark, monkeypatch):
    newest = latest and SimpleNamespace(id=latest, number=latest)
    dataset = KeptDataset("key", "Clinic", "upload", (), (), shape=None, saved=SimpleNamespace(latest=newest),
                          of=SimpleNamespace(id=number, number=number), read=None)
    question = SimpleNamespace(dataset=dataset, view=SimpleNamespace(audience="board"))
    one = Exhibit("key", Ask("strata"), "Title", "Response", "r", "l", (), Grid((), ()), marks=(INVENTED,))
    monkeypatch.setattr(present_panels, "foot", lambda question, exhibit: "")
    shown = present_panels.slide_html(question, one, present_panels.older(question))
    empty = present_panels.nothing_html(question, SimpleNamespace(left_out={}))
    for page in (shown, empty):
        assert ("Not the latest" in page) is bool(mark)
        assert f'<span class="stage-mark invented">{mark}</span>' in page or not mark
    assert "Not the latest" not in present_panels.slide_html(question, one)


# --- the chart as HTML -------------------------------------------------------------------------------


def drawn(n, kind="interval", unit="percent", **more):
    values = tuple(place / n for place in range(n))
    series = Series("Response", values, values, tuple(min(one + 0.1, 1) for one in values),
                    tuple(f"text {place}" for place in range(n)), (), (False,) * n)
    return Chart(kind, tuple(f"group {place}" for place in range(n)), (series,), unit, **more)


def lines(chart):
    return present_charts._intervals(chart, PALETTES["light"])


def test_marks_stand_where_their_numbers_are():
    text = lines(drawn(4, overall=("All: 30 %", 0.3)))
    assert re.findall(r'class="dot" style="left:([\d.]+)%', text) == ["0.00", "25.00", "50.00", "75.00"]
    assert re.findall(r'class="span" style="left:([\d.]+)%;width:([\d.]+)%', text)[3] == ("75.00", "10.00")
    assert text.count('class="whole" style="left:30.00%"') == 4


def test_points_have_an_axis_from_nought_or_below():
    series = Series("Mean", (-2.0, 8.0), (-4.0, 6.0), (1.0, 12.0), ("x", "y"))
    chart = Chart("interval", ("a", "b"), (series,), "points")
    text = lines(chart)
    # From -5 to 12.5 in steps of 2.5: the ends of both intervals lie on it.
    assert re.findall(r'class="dot" style="left:([\d.]+)%', text) == ["17.14", "74.29"]
    assert [float(one) for one in re.findall(r'<b style="left:([\d.]+)%', text)] == pytest.approx(
        [100 * place / 7 for place in range(8)], abs=0.01)


@pytest.mark.parametrize(("n", "shown"), [(10, 10), (11, 10), (1, 1)])
def test_no_more_lines_than_can_be_read(n, shown):
    assert lines(drawn(n)).count('class="dot"') == shown


def test_a_value_that_is_withheld_has_its_words_and_no_mark():
    series = Series("Response", (0.5, None), (0.4, None), (0.6, None), ("50 %", "not shown"), (), (True, False))
    text = lines(Chart("interval", ("a", "b"), (series,)))
    assert text.count('class="dot"') == 1 and "not shown" in text
    assert f'background:{PALETTES["light"].paper};border-color' in text


def test_names_of_files_are_inert_and_short():
    series = Series("<b>s</b>", (0.5,), (), (), ("<i>t</i>",))
    text = lines(Chart("interval", ("<script>" + "x" * 10_000,), (series, series)))
    assert "<script" not in text and "&lt;script&gt;" in text and "<i>t" not in text and len(text) < 3_000
    assert '<span class="name" dir="auto">&lt;script' in text


def test_series_differ_by_shape_and_no_colour_alone():
    series = tuple(Series(name, (place / 4,), (), (), (name,)) for place, name in enumerate("abcd"))
    text = lines(Chart("interval", ("x",), series))
    assert re.findall(r'class="(dot[^"]*)"', text) == ["dot", "dot square", "dot diamond", "dot"]
    assert re.findall(r'class="(mark[^"]*)"', text) == ["mark", "mark square", "mark diamond", "mark"]


def test_every_colour_of_a_chart_is_there_for_both_themes():
    light, dark = PALETTES["light"], PALETTES["dark"]
    assert present_charts.EITHER.accent == f"light-dark({light.accent}, {dark.accent})"
    assert present_charts.EITHER.severity[4] == f"light-dark({light.severity[4]}, {dark.severity[4]})"


@pytest.mark.parametrize(("n", "is_few"), [(7, True), (8, False)])
def test_names_have_a_second_line_where_there_are_few(n, is_few):
    drawn_chart = present_charts.chart_html(SimpleNamespace(chart=drawn(n), measure_title="Response"))
    assert (' few" style' in drawn_chart) is is_few and f"--rows:{n}" in drawn_chart


def test_lines_with_two_series_count_twice_and_rows_that_are_cut_do_not_count():
    two = drawn(3)
    assert present_charts._lines(Chart("interval", two.categories, two.series * 2)) == 6
    assert present_charts._lines(drawn(30)) == 10
    assert present_charts._lines(drawn(2, "stacked")) == 2


def test_a_line_is_broken_where_a_value_is_missing():
    series = Series("Mean", (0.0, 0.5, None, 1.0), (0.0, 0.4, None, None), (0.1, 0.6, None, None), ("",) * 4)
    text = present_charts._line(Chart("line", ("a", "b", "c", "<d>"), (series,)), PALETTES["light"])
    # One run of two points, there and back 3 px apart; a single point has no line. No picture: Streamlit takes it out.
    assert re.findall(r"polygon\(([^\"]*)\)", text) == [
        "0.00% calc(100.00% - 1.5px),33.33% calc(50.00% - 1.5px),33.33% calc(50.00% + 1.5px),"
        "0.00% calc(100.00% + 1.5px)"]
    assert "<svg" not in text
    assert re.findall(r'class="dot" style="left:([\d.]+)%;bottom:([\d.]+)%', text) == [
        ("0.00", "0.00"), ("33.33", "50.00"), ("100.00", "100.00")]
    assert re.findall(r'class="reach" style="left:([\d.]+)%;bottom:([\d.]+)%;height:([\d.]+)%', text) == [
        ("0.00", "0.00", "10.00"), ("33.33", "40.00", "20.00")]
    assert "<d>" not in text and "&lt;d&gt;" in text


@pytest.mark.parametrize(("n", "shown"), [(8, 8), (9, 5), (16, 8), (17, 6)])
def test_a_long_line_names_every_second_or_third_place(n, shown):
    text = present_charts._line(drawn(n, "line"), PALETTES["light"])
    assert re.search(r'class="below">(.*?)</div>', text)[1].count("<b ") == shown
