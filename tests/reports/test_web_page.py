"""The page: reads with scripts off, fetches nothing, and no text of a file acts in it."""

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from analytics.reports.exhibits import Ask, exhibit, standard_report
from analytics.reports.web_page import STYLE, web_page
from analytics.results.disclosure import Disclosure
from tests.reports.exhibited import HOSTILE, answers_of, cohort, drawn, hostile, sample, withheld

VOID = {"meta", "br", "rect", "circle", "polyline"}


class Read(HTMLParser):
    """Elements, attributes and texts of a page; what is not closed is a fault."""

    def __init__(self, content):
        super().__init__()
        self.tags, self.attributes, self.texts, self.open = [], [], [], []
        self.feed(content.decode("utf-8"))
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, *one) for one in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, *one) for one in attrs]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if not self.open or self.open[-1] not in ("style", "script"):
            self.texts.append(data)


@pytest.fixture(scope="module")
def page():
    return web_page(*sample())


def policy_of(content):
    return re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', content.decode()).group(1)


def test_the_page_reads_without_scripts_and_is_small(page):
    read = Read(page)
    assert "script" not in read.tags and len(page) < 500_000
    assert not read.open
    text = " ".join(read.texts)
    for words in ("50\N{NO-BREAK SPACE}% of courses responded on PHQ-9", "211 of 425",
                  "Of 425 courses that could be judged", "Defend this number", "Where it comes from", "SHA-256"):
        assert words in text
    assert read.tags.count("svg") == sum(one.chart is not None for one in sample()[0])
    assert read.tags.count("table") > 10 and read.tags.count("h1") == 1


def test_nothing_is_fetched_sent_or_uploaded(page):
    read = Read(page)
    assert not {"iframe", "form", "input", "button", "link", "img", "object", "base"} & set(read.tags)
    acts = {"src", "href", "action", "style", "srcset", "background"}
    assert not [one for one in read.attributes if one[1] in acts or one[1].startswith("on")]
    policy = policy_of(page)
    assert policy.startswith("default-src 'none'") and "script-src 'none'" in policy and "unsafe" not in policy


def test_the_policy_lets_our_own_style_in(page):
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in policy_of(page)
    assert f"<style>{STYLE}</style>" in page.decode()


def test_the_page_prints_in_both_papers():
    assert "@page{margin:14mm 12mm}" in STYLE and "size:" not in STYLE.split("@page")[1].split("}")[0]
    assert "@media print" in STYLE


def test_an_interactive_chart_is_seen_in_place_of_the_picture_alone():
    """Plotly draws with pictures of its own inside ours: only the one that it stands for gives way."""
    assert ".live .pair>svg{display:none}" in STYLE and ".chart>svg{width:100%" in STYLE
    assert not re.search(r"(?:^|[,}\s])svg\{|\.pair svg", STYLE)
    page = web_page(*drawn(), is_interactive=True).decode()
    assert re.search(r'<div class="chart pair"[^>]*><svg.*?</svg><div class="figure" id="figure-0"></div></div>', page)


def test_where_nothing_may_be_shown_the_reasons_are_read_first():
    page = web_page((withheld(),), drawn()[1]).decode()
    assert "<svg" not in page and '<p class="lead">Fewer than 11 of them.' in page
    assert '<p class="context">Fewer' not in page


def test_columns_that_say_nothing_are_left_out_and_the_first_title_is_the_pages():
    one = drawn()[0][0]
    empty = replace(one, table=replace(one.table, header=("What", "Nothing"), rows=(("a", ""), ("b", ""))))
    read = Read(web_page((empty, one), drawn()[1]))
    assert "Nothing" not in read.texts and "What" in read.texts
    assert (read.tags.count("h1"), read.tags.count("h2")) == (1, 1)


def test_the_public_reads_no_name_of_a_file():
    answers = answers_of(cohort(), label="Dr Smith.csv")
    page = web_page(standard_report(answers, disclosure=Disclosure("public")), answers.origin).decode()
    assert "Smith" not in page and "scores.csv" not in page
    assert "Dr Smith.csv" in web_page(standard_report(answers, disclosure=Disclosure("board")), answers.origin).decode()


def test_every_exhibit_has_its_marks():
    read = Read(web_page(*drawn()))
    assert read.texts.count("Invented sample data") == len(drawn()[0]) + 1
    assert read.texts.count("For the inside") == len(drawn()[0]) + 1


def test_text_of_files_is_inert():
    content = web_page(*hostile())
    read = Read(content)
    assert "script" not in read.tags and "b" not in [tag for tag in read.tags if tag == "i"]
    assert not [one for one in read.attributes if one[1].startswith("on")]
    assert not [one for one in read.attributes if "javascript" in (one[2] or "")]
    text = " ".join(read.texts)
    assert HOSTILE[1] in text and HOSTILE[2] in text and HOSTILE[4] in text
    assert "\u202e" not in text and "\x07" not in text
    assert max(len(word) for one in read.texts for word in one.split()) < 450
    names = re.findall(r' id="([^"]*)"', content.decode())
    assert names and all(re.fullmatch(r"e-[0-9a-f]{10}|origin", one) for one in names)


def test_an_interactive_page_uploads_nothing_and_shows_no_logo():
    content = web_page(*hostile(), is_interactive=True)
    assert b'"showSendToCloud": false' in content and b'"displaylogo": false' in content
    assert b'"showSendToCloud": true' not in content
    read = Read(content)
    assert read.tags.count("script") == 2
    scripts = re.findall(r"<script>(.*?)</script>", content.decode(), re.DOTALL)
    policy = policy_of(content)
    for script in scripts:
        assert base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() in policy
    assert "<script>alert" not in scripts[1] and "</" not in scripts[1]
    drawn_ = re.findall(r'Plotly\.newPlot\("(figure-\d+)",f\.data,f\.layout,(\{.*?\})\);', scripts[1])
    assert [name for name, _ in drawn_] and all(not json.loads(config)["showSendToCloud"] for _, config in drawn_)


def test_a_kept_exhibit_says_why():
    answers = answers_of(cohort())
    board = Disclosure("board")
    kept = exhibit(answers, Ask("strata", by=("site",), disclosure=board))
    text = " ".join(Read(web_page((*standard_report(answers, disclosure=board), kept), answers.origin)).texts)
    assert "Response by site is kept for the inside" in text and "For the board, confidential" in text
    assert "For the inside" not in text


def test_a_table_too_long_for_a_page_is_cut_and_told():
    answers = answers_of(cohort(tuple(f"s{number}" for number in range(61)), per_value=1, responders=1))
    one = exhibit(answers, Ask("strata", by=("site",)))
    text = web_page((one,), answers.origin).decode()
    assert "1 more in the workbook." in text and "<td class=\"short\">s8</td>" in text


def test_a_title_that_promises_the_public_something_is_refused():
    answers = answers_of(cohort())
    one = exhibit(answers, Ask("headline", disclosure=Disclosure("public")))
    with pytest.raises(ValueError, match="reads as a promise"):
        web_page((replace(one, title="Cured in six weeks"),), answers.origin)
    inside = exhibit(answers, Ask("headline"))
    assert b"Cured in six weeks" in web_page((replace(inside, title="Cured in six weeks"),), answers.origin)
