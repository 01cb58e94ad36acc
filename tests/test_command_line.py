"""The command line as people script against it."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

import pandas as pd
import pytest

from analytics.__main__ import main
from analytics.definitions.measures import MEASURES
from analytics.definitions.tables import OUTCOMES
from tests.ingest.test_recipes import OWN
from tests.oracles import claus_2020

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared" / "data"
SAMPLE = [str(ROOT / "sample_data" / name) for name in ("assessments.csv", "sessions.csv", "patients.csv")]


@pytest.fixture
def clinic(tmp_path):
    """Four inductions: one responder, one not, one lost, one not a case; two sites."""
    (tmp_path / "scores.csv").write_text(
        "patient_id,day,phq9\na,0,20\na,30,9\nb,0,20\nb,30,15\nc,0,20\nd,0,9\nd,30,4\n", encoding="utf-8")
    (tmp_path / "sessions.csv").write_text(
        "patient_id,day,route\n" + "".join(f"{one},{day},IV\n" for one in "abcd" for day in (0, 3, 7, 10)),
        encoding="utf-8")
    (tmp_path / "patients.csv").write_text(
        "patient_id,site,observed_until_day\na,North,90\nb,South,90\nc,North,90\nd,South,90\n", encoding="utf-8")
    return [str(tmp_path / name) for name in ("scores.csv", "sessions.csv", "patients.csv")]


def printed(capsys, *arguments, code=0):
    assert main([*arguments]) == code
    return capsys.readouterr().out


def as_json(capsys, *arguments, code=0):
    return json.loads(printed(capsys, *arguments, "--format", "json", code=code))


def result(summary, measure="response", instrument="phq9", **stratum):
    return next(one for one in summary["results"]
                if (one["instrument"], one["measure"], one["stratum"]) == (instrument, measure, stratum))


def test_summary_counts_and_names_who_is_left_out(capsys, clinic):
    summary = as_json(capsys, "summary", *clinic, "--by", "site")
    assert summary["schema"] == "summary/1"
    assert summary["counts"]["patients"] == summary["counts"]["courses"] == 4
    assert [one["rows"] for one in summary["files"]] == [7, 16, 4]
    whole = result(summary)
    assert (whole["numerator"], whole["denominator"]) == (1, 2)
    assert whole["left_out"] == {"not_a_case": 1, "no_endpoint": 1}
    assert result(summary, site="North")["numerator"] == 1
    assert result(summary, site="South")["courses"] == 2


def test_a_result_has_every_field_of_the_contract(capsys, clinic):
    summary = as_json(capsys, "summary", *clinic)
    assert set(summary) >= {"schema", "as_of", "files", "rules", "counts", "results", "findings"}
    assert set(result(summary)) >= {
        "instrument", "measure", "stratum", "courses", "numerator", "denominator", "left_out", "estimate", "low",
        "high",
        "missing_as_failure", "interval", "bounds", "follow_up", "evaluated", "looks_back", "median_endpoint_day",
        "withheld"}
    assert set(result(summary, "mean_improvement")) >= {
        "courses", "n", "estimate", "low", "high", "sd", "left_out", "withheld"}
    assert set(summary["rules"]) >= {"preset", "gap_days", "baseline_window", "baseline_pick", "endpoint_window",
                                     "endpoint_pick", "endpoint_anchor", "eligible"}
    assert summary["rules"]["endpoint_window"] == [1, 31]


def test_the_options_change_the_question(capsys, clinic):
    everyone = as_json(capsys, "summary", *clinic, "--set", "eligible=all")
    assert (result(everyone)["numerator"], result(everyone)["denominator"]) == (2, 3)
    lower = as_json(capsys, "summary", *clinic, "--set", "phq9.caseness=9")
    assert result(lower)["denominator"] == 3
    north = as_json(capsys, "summary", *clinic, "--where", "site=North")
    assert north["counts"]["courses"] == 2
    strict = as_json(capsys, "summary", *clinic, "--rules", "induction_strict")
    assert result(strict)["denominator"] == 3


def test_text_and_csv_say_the_same(capsys, clinic):
    text = printed(capsys, "summary", *clinic)
    assert "1 of 2" in text
    rows = list(csv.DictReader(io.StringIO(printed(capsys, "summary", *clinic, "--by", "site", "--format", "csv"))))
    response = [row for row in rows if row["measure"] == "response"]
    assert [(row["site"], row["numerator"], row["denominator"]) for row in response] == [
        ("", "1", "2"), ("North", "1", "1"), ("South", "0", "1")]


@pytest.mark.parametrize("extension", ["csv", "parquet"])
def test_courses_writes_a_table_from_which_the_rate_can_be_counted_again(capsys, clinic, tmp_path, extension):
    out = tmp_path / f"out.{extension}"
    assert main(["courses", *clinic, "--out", str(out)]) == 0
    rows = pd.read_csv(out) if extension == "csv" else pd.read_parquet(out)
    assert len(rows) == 4
    counted = rows[rows["left_out"].isna()]
    assert counted["response"].astype(bool).tolist() == [True, False]
    assert {column.name for column in OUTCOMES} <= set(rows.columns)
    assert {"patient_id", "course_number", "kind", "site", "left_out_remission"} <= set(rows.columns)


def test_texts_of_a_file_are_no_formulas_on_the_way_out(capsys, tmp_path):
    (tmp_path / "s.csv").write_text("patient_id,day,phq9,site\na,0,20,=1+1\na,9,3,=1+1\nb,0,5,-4\n", encoding="utf-8")
    main(["courses", str(tmp_path / "s.csv"), "--out", str(tmp_path / "o.csv"), "--map", "site=attribute"])
    written = io.StringIO((tmp_path / "o.csv").read_text(encoding="utf-8"))
    sites = [row["site"] for row in csv.DictReader(written)]
    assert sites == ["'=1+1", "-4"]


@pytest.mark.parametrize(("content", "code"), [
    ("patient_id,day,phq9\na,0,20\na,30,9\n", 0), ("patient_id,day,phq9\na,0,20\na,30,300\n", 1), ("", 2)])
def test_check_tells_by_its_exit_code(capsys, tmp_path, content, code):
    (tmp_path / "one.csv").write_text(content, encoding="utf-8")
    record = as_json(capsys, "check", str(tmp_path / "one.csv"), code=code)
    assert record["schema"] == "check/1"
    for finding in record["findings"]:
        assert set(finding) == {"severity", "code", "file", "column", "rows", "problem", "remedy", "choices"}
    assert printed(capsys, "check", str(tmp_path / "one.csv"), code=code)
    printed(capsys, "check", str(tmp_path / "one.csv"), "--format", "csv", code=code)


@pytest.mark.parametrize("arguments", [
    ["summary", "nowhere.csv"], ["summary", "{clinic}", "--set", "gap=4"], ["summary", "{clinic}", "--set", "gap"],
    ["summary", "{clinic}", "--by", "ward"], ["summary", "{clinic}", "--where", "site"],
    ["summary", "{clinic}", "--map", "nothing=phq9"], ["summary", "{clinic}", "--map", "phq9=phq"],
    ["summary", "{clinic}", "--instrument", "hamd17"], ["courses", "{clinic}", "--out", "x.docx"],
    ["summary", "{clinic}", "--instruments-file", "nowhere.toml"]])
def test_a_mistake_of_the_caller_is_one_line_and_exit_2(capsys, clinic, arguments):
    arguments = [part for one in arguments for part in (clinic if one == "{clinic}" else [one])]
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert "Traceback" not in captured.err


@pytest.mark.parametrize("arguments", [["summary", "x.csv", "--rules", "best"], ["summary", "x.csv", "--as-of", "May"],
                                       ["sumary"], []])
def test_a_mistake_in_the_options_is_one_line_and_exit_2(capsys, arguments):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 binary \x00\xff", b"patient_id,day,phq9\n", b"just words\n",
                                     b"\x89PNG\r\n\x1a\n\x00\x00"])
def test_a_file_that_holds_no_table_is_one_line_and_exit_2(capsys, tmp_path, content):
    (tmp_path / "export.csv").write_bytes(content)
    assert main(["summary", str(tmp_path / "export.csv")]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.fixture
def japanese(tmp_path):
    """A file with a site that Windows 1252 has no letters for, and how it is read."""
    (tmp_path / "s.csv").write_text("patient_id,day,phq9,site\na,0,20,東\na,30,9,東\n", encoding="utf-8")
    return [str(tmp_path / "s.csv"), "--map", "site=attribute"]


@pytest.mark.parametrize("command", [
    ["check"], ["summary", "--by", "site"], ["summary", "--by", "site", "--format", "csv"],
    ["summary", "--by", "site", "--format", "json"]])
def test_a_console_of_windows_1252_can_print_everything(monkeypatch, japanese, command):
    console = io.TextIOWrapper(io.BytesIO(), encoding="cp1252")
    monkeypatch.setattr(sys, "stdout", console)
    assert main([command[0], *japanese, *command[1:]]) == 0
    console.flush()
    assert console.buffer.getvalue().decode("cp1252")


@pytest.mark.parametrize("command", [["summary", "--by", "site", "--format", "csv"], ["summary", "--help"]])
def test_a_process_of_windows_1252_can_print_everything(japanese, command):
    environment = os.environ | {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}
    done = subprocess.run([sys.executable, "-m", "analytics", command[0], *japanese, *command[1:]],
                          cwd=ROOT, env=environment, capture_output=True, check=False)
    assert done.returncode == 0
    assert done.stdout.decode("cp1252")


@pytest.fixture(scope="module")
def of_the_sample():
    """The summary of the sample by site, printed once for those who ask."""
    with redirect_stdout(io.TextIOWrapper(io.BytesIO(), encoding="utf-8")) as out:
        assert main(["summary", *SAMPLE, "--by", "site", "--format", "json"]) == 0
    out.flush()
    return json.loads(out.buffer.getvalue())


def test_the_sample_is_what_it_says_it_is(of_the_sample):
    summary = of_the_sample
    assert 780 <= summary["counts"]["patients"] <= 830
    for one in summary["results"]:
        size = one["n"] if one["measure"] == "mean_improvement" else one["denominator"]
        assert size + sum(one["left_out"].values()) == one["courses"]
        if not one["stratum"] and one["numerator" if "numerator" in one else "n"]:
            assert one["low"] <= one["estimate"] <= one["high"]
    assert {one["measure"] for one in summary["results"]} == set(MEASURES)
    assert [one["at"] for one in summary["time_points"]]


def test_dated_and_relative_samples_give_the_same_numbers(capsys, of_the_sample):
    dated = [str(ROOT / "sample_data" / "dated" / Path(one).name) for one in SAMPLE]
    by_date = as_json(capsys, "summary", *dated, "--by", "site")
    turned = as_json(capsys, "summary", *dated, "--by", "site", "--dates", "relative")
    assert of_the_sample["results"] == by_date["results"] == turned["results"]
    assert by_date["as_of"] is not None
    assert turned["as_of"] is None or turned["as_of"] == by_date["as_of"]


JANUARY = "who,on,PHQ tot V3 (wk),anx.total,ward\na,2026-01-02,20,12,x\na,2026-02-01,9,4,x\nb,2026-01-05,15,8,y\n"
FEBRUARY = ("who,on,phq_tot_v3_wk,anx.total,ward,extra\na,2026-01-02,20,12,x,1\na,2026-02-01,9,4,x,1\n"
            "b,2026-01-05,15,8,y,0\nc,2026-02-10,11,7,y,0\n")
BY_HAND = ["--map", "who=patient_id", "--map", "on=assessed_on", "--map", "PHQ tot V3 (wk)=phq9", "--map",
           "anx.total=gad7", "--map", "ward=attribute"]


@pytest.fixture
def months(tmp_path):
    """Two months of one export with one renamed and one new column, and a recipe made by hand from the first."""
    for name, text in (("january.csv", JANUARY), ("february.csv", FEBRUARY)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    recipe = tmp_path / "export.toml"
    assert main(["check", str(tmp_path / "january.csv"), *BY_HAND, "--save-recipe", str(recipe), "--rules",
                 "first_last", "--set", "eligible=all", "--dates", "relative"]) == 0
    return str(tmp_path / "january.csv"), str(tmp_path / "february.csv"), str(recipe)


def test_the_month_a_recipe_was_made_from_gives_the_same_summary_with_it(capsys, months):
    january, _, recipe = months
    capsys.readouterr()
    by_hand = as_json(capsys, "summary", january, *BY_HAND, "--rules", "first_last", "--set", "eligible=all",
                      "--dates", "relative")
    assert main(["summary", january, "--recipe", recipe, "--format", "json"]) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out) == by_hand
    assert captured.err == ""
    assert result(by_hand)["denominator"] == 1


def test_next_month_is_read_and_the_renamed_column_is_told_in_one_line(capsys, months):
    _, february, recipe = months
    capsys.readouterr()
    assert main(["check", february, "--recipe", recipe, "--format", "json"]) == 0
    captured = capsys.readouterr()
    used = {one["column"]: one["field"] for one in json.loads(captured.out)["columns"]}
    assert (used["anx.total"], used["ward"], used["phq_tot_v3_wk"]) == ("gad7", "attribute", None)
    assert captured.err.count("\n") == 1
    assert "PHQ tot V3 (wk)" in captured.err
    assert "--map phq_tot_v3_wk=phq9" in captured.err
    capsys.readouterr()
    assert main(["summary", february, "--recipe", recipe, "--map", "phq_tot_v3_wk=phq9", "--format", "json"]) == 0
    captured = capsys.readouterr()
    summary = json.loads(captured.out)
    assert {one["instrument"] for one in summary["results"]} == {"phq9", "gad7", "phq9+gad7"}
    assert summary["counts"]["patients"] == 3
    assert "--map" not in captured.err


def test_options_beside_a_recipe_win(capsys, months):
    january, _, recipe = months
    capsys.readouterr()
    summary = as_json(capsys, "summary", january, "--recipe", recipe)
    assert (summary["rules"]["preset"], summary["rules"]["eligible"], summary["as_of"]) == ("first_last", "all", None)
    other = as_json(capsys, "summary", january, "--recipe", recipe, "--rules", "induction", "--set",
                    "eligible=caseness", "--dates", "keep", "--map", "PHQ tot V3 (wk)=qids_sr16")
    assert (other["rules"]["preset"], other["rules"]["eligible"]) == ("induction", "caseness")
    assert other["as_of"] == "2026-02-01"
    assert {one["instrument"] for one in other["results"]} == {"qids_sr16", "gad7"}


def test_settings_by_indication_stay_with_their_preset(capsys, clinic, tmp_path):
    recipe = tmp_path / "r.toml"
    assert main(["check", *clinic, "--save-recipe", str(recipe), "--set", "by_indication.CRPS=induction_strict",
                 "--set", "gap_days=45"]) == 0
    capsys.readouterr()
    assert as_json(capsys, "summary", *clinic, "--recipe", str(recipe))["rules"]["gap_days"] == 45
    rules = as_json(capsys, "summary", *clinic, "--recipe", str(recipe), "--rules", "induction")["rules"]
    assert (rules["preset"], rules["gap_days"]) == ("induction", 45)


def test_a_clinics_own_instruments_travel_in_the_recipe(capsys, tmp_path):
    own = tmp_path / "own.toml"
    own.write_text(OWN, encoding="utf-8")
    (tmp_path / "s.csv").write_text("patient_id,day,ours\na,0,20\na,30,9\n", encoding="utf-8")
    recipe = tmp_path / "r.toml"
    assert main(["check", str(tmp_path / "s.csv"), "--map", "ours=our_scale", "--instruments-file", str(own),
                 "--save-recipe", str(recipe)]) == 0
    own.unlink()
    capsys.readouterr()
    summary = as_json(capsys, "summary", str(tmp_path / "s.csv"), "--recipe", str(recipe))
    assert result(summary, instrument="our_scale")["numerator"] == 1


def test_keyed_patient_codes_use_the_secret_of_the_store(capsys, clinic, tmp_path, monkeypatch):
    monkeypatch.setenv("KETAMINE_OUTCOMES_STORE", str(tmp_path / "store"))
    assert main(["summary", *clinic]) == 0
    assert not (tmp_path / "store").exists()
    codes = []
    for name in ("one.csv", "two.csv"):
        assert main(["courses", *clinic, "--map", "patient_id=patient_id[keyed]", "--out", str(tmp_path / name)]) == 0
        codes.append(pd.read_csv(tmp_path / name)["patient_id"].tolist())
    assert codes[0] == codes[1]
    assert len(set(codes[0])) == 4 and not set(codes[0]) & set("abcd")
    (tmp_path / "store" / "secret.key").write_bytes(b"short")
    capsys.readouterr()
    assert main(["summary", *clinic, "--map", "patient_id=patient_id[keyed]"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("content", [
    b"", b"[columns]\nphq9 = 'phq'\n", b"columns", b"\xff\xfe", b"[columns]\n[rules]\nx=1"])
def test_a_bad_recipe_is_one_line_and_exit_2(capsys, clinic, tmp_path, content):
    (tmp_path / "r.toml").write_bytes(content)
    for command in (["summary", *clinic, "--recipe", str(tmp_path / "r.toml")],
                    ["summary", *clinic, "--recipe", str(tmp_path / "no.toml")],
                    ["check", *clinic, "--save-recipe", str(tmp_path / "nowhere" / "r.toml")]):
        assert main(command) == 2
        captured = capsys.readouterr()
        assert captured.out == ""
        assert captured.err.count("\n") == 1


def test_no_recipe_is_written_from_files_without_a_column(capsys, tmp_path):
    (tmp_path / "empty.csv").write_bytes(b"")
    assert main(["check", str(tmp_path / "empty.csv"), "--save-recipe", str(tmp_path / "r.toml")]) == 2
    assert not (tmp_path / "r.toml").exists()
    assert capsys.readouterr().err.count("\n") == 1


needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="the folder of public data is not here")

CLAUS = [str(SHARED / "claus_2020" / "claus_2020.csv"), "--map", "id=patient_id", "--map", "time=visit", "--map",
         "hamd=hamd17", "--map", "bdi=bdi2", "--rules", "first_last", "--set", "baseline_visit=1", "--set",
         "endpoint_visit=4", "--set", "eligible=all"]


@needs_shared
def test_claus_2020_gives_the_printed_counts(capsys):
    summary = as_json(capsys, "summary", *CLAUS, "--by", "treatment")
    hamd, bdi = result(summary, instrument="hamd17"), result(summary, instrument="bdi2")
    assert (hamd["numerator"], hamd["denominator"], sum(hamd["left_out"].values())) == (16, 40, 3)
    assert (bdi["numerator"], bdi["denominator"]) == (11, 40)
    assert [result(summary, instrument="bdi2", treatment=arm)["denominator"] for arm in ("TAU", "PA")] == [19, 21]
    assert result(summary, "worsening", "hamd17")["denominator"] == 40


@needs_shared
def test_claus_2020_gives_the_printed_classes_by_the_whole_cohorts_deviation(capsys):
    summary = as_json(capsys, "summary", *CLAUS, "--by", "treatment", "--set", "bdi2.reliability=0.801", "--set",
                      "bdi2.functional_mean=7.69", "--set", "bdi2.functional_sd=7.52")
    found = next(one for one in summary["clinical_significance"] if one["instrument"] == "bdi2")
    assert found["error"] == pytest.approx(claus_2020.ERROR_OF_DIFFERENCE, abs=5e-7)
    assert found["cut_off_score"] == pytest.approx(claus_2020.CUT_OFF_C, abs=5e-6)
    whole, *arms = found["strata"]
    assert {name: whole[name] for name in claus_2020.COUNTS} == claus_2020.COUNTS
    for arm in arms:
        for name, n in claus_2020.COUNTS_BY_TREATMENT[arm["stratum"]["treatment"]].items():
            assert arm[name] == n


def test_scales_without_a_known_reliability_have_no_classes(capsys):
    summary = as_json(capsys, "summary", *SAMPLE)
    assert [one["instrument"] for one in summary["clinical_significance"]] == ["phq9", "gad7"]
    assert summary["clinical_significance"][1]["why"]


@needs_shared
def test_a_wide_file_without_patients_counts_its_rows(capsys):
    wide = [str(SHARED / "licorice_gargle" / "licorice_gargle.csv"), "--map", "preOp_pain=pain_nrs@pre", "--map",
            "pacu30min_throatPain=pain_nrs@30 min", "--map", "pacu90min_throatPain=pain_nrs@90 min", "--map",
            "postOp4hour_throatPain=pain_nrs@4 hours", "--map", "pod1am_throatPain=pain_nrs@1 day"]
    record = as_json(capsys, "check", *wide)
    assert "rows_as_patients" in {one["code"] for one in record["findings"]}
    summary = as_json(capsys, "summary", *wide, "--by", "treat", "--set", "eligible=all")
    assert summary["counts"]["patients"] == 235
    worse = as_json(capsys, "summary", *wide, "--by", "treat", "--set", "eligible=all", "--set",
                    "baseline_visit=pre", "--set", "endpoint_visit=30 min")
    arms = [one["denominator"] for one in worse["results"] if one["measure"] == "worsening" and one["stratum"]]
    assert sum(arms) == result(worse, "worsening", "pain_nrs")["denominator"]


def test_every_number_that_rests_on_few_courses_says_so(capsys, clinic, tmp_path):
    summary = as_json(capsys, "summary", *clinic, "--by", "site")
    assert result(summary)["mark"] == "too few for a percentage"
    assert result(summary, "nhs_recovery", site="South")["mark"] == "too few for a percentage"
    assert result(summary, "item9_new")["mark"] == "No course to count"
    for n, mark in ((4, "too few for a percentage"), (5, "unstable: fewer than 20"), (19, "unstable: fewer than 20"),
                    (20, None)):
        path = tmp_path / f"{n}.csv"
        path.write_text("patient_id,visit,phq9\n" + "".join(
            f"p{one},pre,20\np{one},post,{one}\n" for one in range(n)), encoding="utf-8")
        results = as_json(capsys, "summary", str(path))["results"]
        assert {one["mark"] for one in results if not one["measure"].startswith("item9")} == {mark}


def test_the_csv_tells_the_whole_cohort_from_the_courses_without_a_value(capsys, tmp_path):
    path = tmp_path / "scores.csv"
    path.write_text("patient_id,visit,phq9,site\na,pre,20,North\na,post,5,North\nb,pre,20,\nb,post,15,\n",
                    encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(
        printed(capsys, "summary", str(path), "--by", "site", "--by", "kind", "--format", "csv"))))
    assert [(one["stratum"], one["site"], one["courses"], one["mark"]) for one in rows
            if one["measure"] == "response"] == [
        ("all", "", "2", "too few for a percentage"),
        ("site=North; kind=assessed", "North", "1", "too few for a percentage"),
        ("site=; kind=assessed", "", "1", "too few for a percentage")]
    mean = next(one for one in rows if one["measure"] == "mean_improvement")
    assert (mean["estimate"], mean["sd"]) == ("10.0", "7.0710678118654755")
