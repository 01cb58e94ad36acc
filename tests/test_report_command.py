"""``report`` from the command line: files by extension, audiences, and a bundle that is made again."""

import html
import json
import re
import shlex
import zipfile
from datetime import date

import pytest
from pptx import Presentation
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from analytics.__main__ import main
from analytics.reports.report_files import is_sample
from tests.reports.exhibited import SAMPLE


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Forty patients, of whom 16 responded, 14 did not and 10 were lost; in two sites."""
    folder = tmp_path_factory.mktemp("files")
    scores, sessions, patients = ["patient_id,day,phq9"], ["patient_id,day,route"], ["patient_id,site"]
    for number in range(40):
        code = f"P{number:02d}"
        sessions += [f"{code},{day},IV" for day in (0, 3, 7, 10)]
        scores.append(f"{code},0,20")
        if number < 30:
            scores.append(f"{code},30,{8 if number < 16 else 15}")
        patients.append(f"{code},{'North' if number % 2 else 'South'}")
    for name, lines in (("scores.csv", scores), ("sessions.csv", sessions), ("patients.csv", patients)):
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def paths(folder):
    return [str(folder / name) for name in ("scores.csv", "sessions.csv", "patients.csv")]


def run(capsys, *arguments):
    """Exit code, standard output and standard error."""
    code = main(["report", *map(str, arguments)])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_every_extension_is_written_at_once(files, tmp_path, capsys):
    outs = [tmp_path / f"report{extension}" for extension in (".html", ".pptx", ".xlsx", ".pdf", ".zip")]
    code, _, said = run(capsys, *paths(files), *(part for out in outs for part in ("--out", out)))
    assert code == 0 and said.count("report written to") == 5
    page = outs[0].read_text(encoding="utf-8").replace("\N{NO-BREAK SPACE}", " ")
    assert "53 % of courses responded on PHQ-9" in page and "16 of 30" in page
    assert "Invented sample data" not in page
    deck = Presentation(outs[1])
    assert "53" in deck.slides[0].shapes.title.text
    assert "By site" in CalamineWorkbook.from_path(outs[2]).sheet_names
    assert "16 of 30" in PdfReader(outs[3]).pages[0].extract_text()
    assert outs[4].read_bytes()[:2] == b"PK"


def test_groups_filters_and_instrument_are_taken(files, tmp_path, capsys):
    out = tmp_path / "report.html"
    run(capsys, *paths(files), "--by", "route", "--where", "site=North", "--instrument", "phq9", "--out", out)
    page = out.read_text(encoding="utf-8")
    assert "Response by route" in page and "Response by site" not in page and "Filters: site North." in page


def test_the_board_is_told_the_whole_and_no_group(files, tmp_path, capsys):
    out = tmp_path / "board.html"
    code, *_ = run(capsys, *paths(files), "--audience", "board", "--out", out)
    page = out.read_text(encoding="utf-8")
    assert code == 0 and "For the board, confidential" in page and "16 of 30" in page
    assert "8 of 15" not in page and "For the inside" not in page
    inside = tmp_path / "inside.html"
    run(capsys, *paths(files), "--out", inside)
    assert "8 of 15" in inside.read_text(encoding="utf-8")


def test_a_smaller_threshold_shows_more(files, tmp_path, capsys):
    out = tmp_path / "board.html"
    run(capsys, *paths(files), "--audience", "board", "--suppress", "2", "--out", out)
    assert "8 of 15" in out.read_text(encoding="utf-8")


def test_a_template_that_lacks_something_is_told(files, tmp_path, capsys):
    template = tmp_path / "clinic.pptx"
    Presentation().save(template)
    code, _, said = run(capsys, *paths(files), "--template", template, "--out", tmp_path / "a.pptx")
    assert code == 0 and "The template's slides are not wide" in said


def test_paper_and_interactive_charts_are_choices(files, tmp_path, capsys):
    run(capsys, *paths(files), "--paper", "letter", "--out", tmp_path / "a.pdf")
    assert float(PdfReader(tmp_path / "a.pdf").pages[0].mediabox.width) == 612
    run(capsys, *paths(files), "--interactive", "--out", tmp_path / "a.html")
    assert "Plotly.newPlot" in (tmp_path / "a.html").read_text(encoding="utf-8")


def test_a_bundle_made_again_is_equal(files, tmp_path, capsys):
    bundle = tmp_path / "b.zip"
    code, _, said = run(capsys, *paths(files), "--set", "gap_days=45", "--where", "site=North", "--bundle", bundle)
    assert code == 0 and "bundle written to b.zip" in said
    code, said, _ = run(capsys, *paths(files), "--bundle", bundle)
    assert code == 0 and said == "Made again: the same files, the same rules, equal results.\n"


@pytest.mark.parametrize("audience", ["board", "public"])
@pytest.mark.parametrize("option", ["--bundle", "--out"])
def test_a_bundle_is_for_the_inside_alone(files, tmp_path, capsys, audience, option):
    page = tmp_path / "a.html"
    code, out, said = run(capsys, *paths(files), "--audience", audience, "--out", page, option, tmp_path / "b.ZIP")
    assert code == 2 and out == "" and said.count("A bundle is for the inside: it names files and columns") == 1
    assert not page.exists() and not (tmp_path / "b.ZIP").exists()


def test_a_bundle_of_another_audience_is_not_made_again(files, tmp_path, capsys):
    bundle = tmp_path / "b.zip"
    run(capsys, *paths(files), "--bundle", bundle)
    with zipfile.ZipFile(bundle) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    texts["question.json"] = texts["question.json"].replace('"inside"', '"board"')
    with zipfile.ZipFile(bundle, "w") as archive:
        for name, text in texts.items():
            archive.writestr(name, text)
    code, _, said = run(capsys, *paths(files), "--bundle", bundle)
    assert code == 2 and "A bundle is for the inside" in said


def test_one_changed_score_is_named_by_file_and_row_and_never_its_value(files, tmp_path, capsys):
    bundle = tmp_path / "b.zip"
    run(capsys, *paths(files), "--bundle", bundle)
    for name in ("scores.csv", "sessions.csv", "patients.csv"):
        text = (files / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(text.replace("P05,30,8\n", "P05,30,17\n"), encoding="utf-8")
    row = (files / "scores.csv").read_text(encoding="utf-8").splitlines().index("P05,30,8") + 1
    code, said, _ = run(capsys, *paths(tmp_path), "--bundle", bundle)
    assert code == 1 and said.startswith("THIS IS NOT THE SAME REPORT: ")
    assert f"scores.csv: row {row} changed." in said and "sessions.csv" not in said
    assert "Response, PHQ-9, Numerator: 16 became 15." in said
    assert "17" not in said.split("row")[1].split("\n")[0] and "P05" not in said


def printed(page, kind):
    """The command lines that a page prints, as words."""
    text = html.unescape(re.sub(r"<[^>]+>", "\n", page))
    return shlex.split(re.search(rf"python -m analytics ({kind} [^\n]*)", text).group(1))


def test_the_printed_commands_make_the_same_report_and_the_same_number(files, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(files)
    out = tmp_path / "report.html"
    run(capsys, "scores.csv", "sessions.csv", "patients.csv", "--rules", "induction", "--set", "endpoint_window=14..31",
        "--set", "phq9.caseness=8", "--where", "site=North", "--where", "site=", "--by", "route", "--audience", "board",
        "--suppress", "5", "--map", "phq9=phq9", "--out", out)
    page = out.read_text(encoding="utf-8")
    words = printed(page, "report")
    assert words[-2:] == ["--out", "report.html"]
    assert main([*words[:-1], str(tmp_path / "again.html")]) == 0
    assert (tmp_path / "again.html").read_bytes() == out.read_bytes()
    inside = tmp_path / "inside.html"
    run(capsys, "scores.csv", "sessions.csv", "patients.csv", "--where", "site=North", "--out", inside)
    page = inside.read_text(encoding="utf-8")
    assert main([*printed(page, "summary"), "--format", "json"]) == 0
    (found,) = [one for one in json.loads(capsys.readouterr().out)["results"] if one["measure"] == "response"]
    assert f'{found["numerator"]} of {found["denominator"]}' in page and found["denominator"] == 15


def test_a_bundle_is_counted_as_it_says(files, tmp_path, capsys):
    bundle = tmp_path / "b.zip"
    run(capsys, *paths(files), "--as-of", "2026-03-31", "--bundle", bundle)
    code, _, said = run(capsys, *paths(files), "--bundle", bundle, "--rules", "first_last", "--by", "site")
    assert code == 2 and "says how it was counted; leave --rules, --by out" in said
    code, said, _ = run(capsys, *paths(files), "--bundle", bundle, "--out", tmp_path / "again.html")
    assert code == 0 and said.startswith("Made again") and (tmp_path / "again.html").is_file()


def test_a_mapping_is_made_again(tmp_path, capsys):
    source = tmp_path / "odd.csv"
    lines = ["code,when,number"] + [f"P{number:02d},{day},{total}" for number in range(40)
                                    for day, total in ((0, 20), (30, 8 if number % 3 else 15))]
    source.write_text("\n".join(lines), encoding="utf-8")
    said = ["--map", "code=patient_id", "--map", "when=day", "--map", "number=hamd17"]
    assert run(capsys, source, *said, "--bundle", tmp_path / "b.zip")[0] == 0
    assert run(capsys, source, "--bundle", tmp_path / "b.zip")[0] == 0


@pytest.mark.parametrize(("arguments", "words"), [
    ((), "report takes --out FILE or --bundle FILE"), (("--out", "a.docx"), r"\.html, \.pptx, \.xlsx, \.pdf, \.zip"),
    (("--out", "nowhere/a.html"), "folder that does not exist"), (("--out", "a"), "no extension came"),
    (("--out", "a.html", "--suppress", "5"), "--suppress takes --audience"),
    (("--out", "a.html", "--instrument", "phq9", "--instrument", "gad7"), "once; it came 2 times"),
    (("--out", "a.html", "--audience", "board", "--suppress", "1"), "2 or more; 1 came"),
    (("--out", "a.html", "--by", "nowhere"), "no attribute called 'nowhere'"),
])
def test_what_cannot_be_made_is_said_in_one_line(files, tmp_path, capsys, monkeypatch, arguments, words):
    monkeypatch.chdir(tmp_path)
    code, out, said = run(capsys, *paths(files), *arguments)
    assert code == 2 and out == ""
    assert len(said.strip().splitlines()) == 1
    assert re.search(words, said), said


def test_what_is_no_bundle_is_not_written_over(files, tmp_path, capsys):
    other = tmp_path / "thesis.zip"
    other.write_bytes(b"my only copy")
    code, _, said = run(capsys, *paths(files), "--bundle", other)
    assert code == 2 and "thesis.zip: a bundle of a report was expected" in said
    assert other.read_bytes() == b"my only copy"


def test_the_sample_is_known_by_its_content(tmp_path, capsys):
    assert not is_sample(["ab" * 32])
    for name in ("assessments", "sessions", "patients"):
        (tmp_path / f"renamed_{name}.csv").write_bytes((SAMPLE / f"{name}.csv").read_bytes())
    out = tmp_path / "sample.html"
    run(capsys, *sorted(tmp_path.glob("*.csv")), "--out", out)
    assert out.read_text(encoding="utf-8").count(">Invented sample data<") > 10


def test_dates_are_kept_for_the_as_of_day(tmp_path, capsys):
    lines = ["patient_id,assessed_on,hamd17"]
    lines += [f"P{number:02d},{on},{total}" for number in range(12)
              for on, total in ((date(2024, 1, 2), 20), (date(2024, 2, 3), 8))]
    (tmp_path / "scores.csv").write_text("\n".join(lines), encoding="utf-8")
    run(capsys, tmp_path / "scores.csv", "--out", tmp_path / "a.html")
    assert "As of 3 February 2024." in (tmp_path / "a.html").read_text(encoding="utf-8")
