"""``--audience`` and ``--suppress`` as people script against them."""

from __future__ import annotations

import csv
import io

import pytest

from analytics.__main__ import main
from tests.test_command_line import as_json, printed

ASKED = ("--instrument", "phq9")


@pytest.fixture
def clinic(tmp_path):
    """Site North 20 of 40, South 12 of 20, and so 8 that did not respond; each has its clinician."""
    scores, sessions, patients = ["patient_id,day,phq9"], ["patient_id,day"], ["patient_id,site,clinician"]
    for number in range(60):
        responded = number < 20 or 40 <= number < 52
        site = "North" if number < 40 else "South"
        scores += [f"p{number},0,20", f"p{number},30,{9 if responded else 15}"]
        sessions += [f"p{number},{day}" for day in (0, 3, 7, 10)]
        patients.append(f"p{number},{site},C{site[0]}")
    paths = []
    for name, lines in (("scores", scores), ("sessions", sessions), ("patients", patients)):
        (tmp_path / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        paths.append(str(tmp_path / f"{name}.csv"))
    return paths


def responses(record):
    return {one["stratum"].get("site"): one for one in record["results"] if one["measure"] == "response"}


def test_the_command_line_is_inside(capsys, clinic):
    record = as_json(capsys, "summary", *clinic, *ASKED, "--by", "site")
    assert responses(record)["South"]["numerator"] == 12
    assert "disclosure" not in record
    assert record == as_json(capsys, "summary", *clinic, *ASKED, "--by", "site", "--audience", "inside")


def test_json_for_the_board(capsys, clinic):
    record = as_json(capsys, "summary", *clinic, *ASKED, "--by", "site", "--audience", "board")
    found = responses(record)
    assert (found[None]["numerator"], found[None]["denominator"]) == (32, 60)
    assert found["South"]["withheld"]
    assert found["North"]["withheld"]  # the whole less North is South
    assert found["South"]["numerator"] is found["South"]["estimate"] is found["South"]["courses"] is None
    assert record["disclosure"]["audience"] == "board"
    assert record["disclosure"]["threshold"] == 11


@pytest.mark.parametrize(("least", "is_withheld"), [("8", False), ("9", True)])
def test_a_threshold_of_ones_own(capsys, clinic, least, is_withheld):
    record = as_json(capsys, "summary", *clinic, *ASKED, "--by", "site", "--audience", "board", "--suppress", least)
    assert responses(record)["South"]["withheld"] is is_withheld


def test_counts_are_rounded_where_that_is_asked(capsys, clinic):
    record = as_json(capsys, "summary", *clinic, *ASKED, "--audience", "board", "--round", "5")
    whole = responses(record)[None]
    assert (whole["numerator"], whole["denominator"]) == (30, 60)
    assert record["disclosure"]["rounding"] == 5


@pytest.mark.parametrize(("options", "said"), [
    (("--round", "5"), "--round takes --audience board or public"),
    (("--audience", "board", "--round", "1"), "multiples of 2 or more")])
def test_a_rounding_that_cannot_be(capsys, clinic, options, said):
    assert main(["summary", *clinic, *options]) == 2
    assert said in capsys.readouterr().err


def test_behind_the_gate_nothing_is_called_small(capsys, clinic):
    text = printed(capsys, "summary", *clinic, *ASKED, "--audience", "public", "--where", "site=South")
    assert "Not for the public (PHQ-9): fewer than 30 courses could be judged" in text
    assert "Response: not for the public" in text
    assert "small numbers" not in text
    assert "withheld" not in text


def test_text_and_csv_say_it_too(capsys, clinic):
    asked = ("summary", *clinic, *ASKED, "--by", "site", "--audience", "board")
    text = printed(capsys, *asked)
    assert "For the board, confidential" in text
    assert "Response (site South): -; small numbers, not shown" in text
    rows = list(csv.DictReader(io.StringIO(printed(capsys, *asked, "--format", "csv"))))
    south = next(one for one in rows if one["site"] == "South" and one["measure"] == "response")
    assert (south["numerator"], south["denominator"], south["audience"]) == ("", "", "board")
    whole = next(one for one in rows if one["stratum"] == "all" and one["measure"] == "response")
    assert (whole["numerator"], whole["denominator"], whole["courses"]) == ("32", "60", "60")


def test_the_public_is_told_with_harm(capsys, clinic):
    record = as_json(capsys, "summary", *clinic, *ASKED, "--audience", "public")
    assert responses(record)[None]["numerator"] == 32
    assert any(one["measure"] == "reliable_deterioration" for one in record["results"])
    assert record["files"] == record["findings"] == []


@pytest.mark.parametrize(("options", "said"), [
    (("summary", "--by", "clinician", "--audience", "board"), "clinician"),
    (("summary", "--suppress", "5"), "--audience"),
    (("summary", "--audience", "board", "--suppress", "1"), "2 or more"),
    (("compare", "--measure", "response", "--by", "clinician", "--audience", "board"), "clinician")])
def test_what_may_not_be_asked_is_one_line_and_exit_2(capsys, clinic, options, said):
    from analytics.__main__ import main

    command, *rest = options
    assert main([command, *clinic, *ASKED, *rest]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


COMPARE = ("--measure", "response", "--by", "site")


def test_a_comparison_that_would_tell_is_refused_in_every_format(capsys, clinic):
    asked = ("compare", *clinic, *ASKED, *COMPARE, "--audience", "board")
    record = as_json(capsys, *asked)
    assert record["withheld"]
    assert record["groups"] == [{"value": "North", "withheld": True}, {"value": "South", "withheld": True}]
    for form in ("text", "csv"):
        out = printed(capsys, *asked, "--format", form)
        assert "is not shown to the board" in out
        assert not {"12", "20", "32", "60"} & set(out.replace(",", " ").split())


def test_a_comparison_that_tells_nothing_small_is_told(capsys, clinic):
    asked = ("compare", *clinic, *ASKED, *COMPARE, "--audience", "board", "--suppress", "8")
    record = as_json(capsys, *asked)
    assert [(one["numerator"], one["denominator"]) for one in record["groups"]] == [(20, 40), (12, 20)]
    assert record["audience"] == "board"
    assert "not_compared" not in record
    assert "12 of 20" in printed(capsys, *asked)
    assert "board" in printed(capsys, *asked, "--format", "csv")
