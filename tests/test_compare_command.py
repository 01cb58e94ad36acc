"""The command ``compare`` as people script against it."""

from __future__ import annotations

import csv
import io
import json

import pytest

import analytics
from analytics.__main__ import main
from tests.test_command_line import SAMPLE, as_json, printed


@pytest.fixture
def clinic(tmp_path):
    """The example of the contract: 108 of 195 by IV, 70 of 170 by IM; one lost, one who changed route; two sites."""
    scores, sessions, patients = ["patient_id,day,phq9"], ["patient_id,day,route"], ["patient_id,site"]
    courses = [("IV", number < 108) for number in range(195)] + [("IM", number < 70) for number in range(170)]
    for number, (route, responded) in enumerate([*courses, ("IV", None), ("mixed", True)]):
        code = f"p{number:03}"
        scores += [f"{code},0,20"] + ([f"{code},30,{9 if responded else 15}"] if responded is not None else [])
        routes = ["IV", "IM"] * 2 if route == "mixed" else [route] * 4
        sessions += [f"{code},{day},{one}" for day, one in zip((0, 3, 7, 10), routes, strict=True)]
        patients += [f"{code},{('North', 'South', 'West')[number % 3]}"]
    paths = []
    for name, lines in (("scores", scores), ("sessions", sessions), ("patients", patients)):
        (tmp_path / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        paths.append(str(tmp_path / f"{name}.csv"))
    return paths


ASKED = ("--instrument", "phq9", "--measure", "response")


def test_the_json_of_the_contract(capsys, clinic):
    found = as_json(capsys, "compare", *clinic, "--by", "route", "--a", "IV", "--b", "IM", *ASKED)
    assert [found[key] for key in ("schema", "instrument", "measure", "by")] == [
        "compare/1", "phq9", "response", "route"]
    a, b = found["groups"]
    assert (a["value"], a["courses"], a["numerator"], a["denominator"]) == ("IV", 196, 108, 195)
    assert (b["value"], b["courses"], b["numerator"], b["denominator"]) == ("IM", 170, 70, 170)
    assert a["estimate"] == pytest.approx(0.55385, abs=1e-5)
    assert a["left_out"] == {"no_endpoint": 1}
    assert (a["low"], a["high"]) == pytest.approx((0.48, 0.62), abs=5e-3)
    difference = found["difference"]
    assert difference["method"] == "Miettinen-Nurminen"
    assert [difference[key] for key in ("estimate", "low", "high")] == pytest.approx([0.14208, 0.039, 0.242], abs=5e-4)
    assert found["test"]["name"] == "Pearson chi-square, no continuity correction"
    assert found["test"]["p"] == pytest.approx(0.0068, abs=5e-5)
    assert found["test"]["why"]
    assert found["adjusted"] is None
    ratio = found["effect_sizes"][0]
    assert ratio["name"] == "risk ratio"
    assert [ratio[key] for key in ("estimate", "low", "high")] == pytest.approx([1.345, 1.08, 1.675], abs=5e-4)
    assert 2 <= len(found["reading"]) <= 3
    assert found["unit"] == "first counted course of each patient"
    assert found["rules"]["endpoint_window"] == [1, 31]
    assert found["not_compared"] == {"mixed": 1}


def test_two_values_are_taken_in_sorted_order(capsys, clinic):
    found = as_json(capsys, "compare", *clinic, "--by", "route", *ASKED)
    assert [one["value"] for one in found["groups"]] == ["IM", "IV"]
    assert found["difference"]["estimate"] == pytest.approx(-0.14208, abs=5e-5)


def test_more_values_have_one_test_and_pairs(capsys, clinic):
    found = as_json(capsys, "compare", *clinic, "--by", "site", *ASKED)
    assert [one["value"] for one in found["groups"]] == ["North", "South", "West"]
    assert found["difference"] is None
    assert found["test"]["n"] == [one["denominator"] for one in found["groups"]]
    assert [(one["a"], one["b"]) for one in found["pairs"]] == [
        ("North", "South"), ("North", "West"), ("South", "West")]
    assert all(one["p_holm"] >= one["test"]["p"] for one in found["pairs"])


def test_means_have_the_adjusted_difference(capsys, clinic):
    found = as_json(capsys, "compare", *SAMPLE, "--by", "sex", "--instrument", "phq9", "--measure", "mean_improvement")
    assert set(found["adjusted"]) >= {"estimate", "low", "high", "p", "method"}
    for one in found["groups"]:
        assert set(one) >= {"value", "courses", "n", "mean", "sd"}
        assert "numerator" not in one
    assert [one["name"] for one in found["effect_sizes"]] == ["Glass's delta", "Hedges' g"]


def test_the_groups_are_those_of_summary(capsys):
    summary = as_json(capsys, "summary", *SAMPLE, "--by", "site", "--instrument", "phq9")
    found = as_json(capsys, "compare", *SAMPLE, "--by", "site", *ASKED)
    for group in found["groups"]:
        own = next(one for one in summary["results"] if (one["instrument"], one["measure"], one["stratum"]) == (
            "phq9", "response", {"site": group["value"]}))
        for key in ("courses", "numerator", "denominator", "left_out", "estimate", "low", "high", "follow_up"):
            assert group[key] == own[key]


def test_the_options_of_all_commands_and_its_own(capsys, clinic):
    north = as_json(capsys, "compare", *clinic, "--by", "route", *ASKED, "--where", "site=North")
    assert sum(one["courses"] for one in north["groups"]) == 122
    assert north["where"] == {"site": ["North"]}
    strict = as_json(capsys, "compare", *clinic, "--by", "route", *ASKED, "--set", "endpoint_window=21..31")
    assert [one["denominator"] for one in strict["groups"]] == [0, 0]
    late = as_json(capsys, "compare", *clinic, "--by", "route", *ASKED, "--landmark", "29")
    assert [one["value"] for one in late["groups"]] == ["IM", "IV", "mixed"]
    assert late["landmark"] == 29
    every = as_json(capsys, "compare", *clinic, "--by", "route", *ASKED, "--courses", "all")
    assert every["unit"] == "all counted courses, errors by patient"
    exact = as_json(capsys, "compare", *clinic, "--by", "route", *ASKED, "--exact", "boschloo", "--where", "site=North")
    assert exact["test"]["name"] == "Boschloo's exact test"


def test_an_empty_value_is_not_recorded(capsys, tmp_path, clinic):
    with open(clinic[2], encoding="utf-8") as stream:
        text = stream.read().replace("p000,North", "p000,")
    (tmp_path / "patients.csv").write_text(text, encoding="utf-8")
    found = as_json(capsys, "compare", *clinic, "--by", "site", *ASKED, "--a", "South", "--b", "")
    assert [(one["value"], one["courses"]) for one in found["groups"]][1] == (None, 1)


def test_text_and_csv_say_the_same(capsys, clinic):
    text = printed(capsys, "compare", *clinic, "--by", "route", "--a", "IV", "--b", "IM", *ASKED)
    assert "IV: 55 %; 108 of 195" in text
    assert "IV did better than IM" in text
    rows = list(csv.DictReader(io.StringIO(printed(capsys, "compare", *clinic, "--by", "route", *ASKED,
                                                   "--format", "csv"))))
    assert [(row["row"], row["a"], row["numerator"], row["denominator"]) for row in rows][:2] == [
        ("group", "IM", "70", "170"), ("group", "IV", "108", "195")]
    assert float(rows[2]["p"]) == pytest.approx(0.0068, abs=5e-5)


@pytest.mark.parametrize(("options", "words"), [
    (("--by", "ward", *ASKED), "ward"),
    ((*ASKED,), "compare takes --by COLUMN once; it came 0 times"),
    (("--by", "route", "--by", "site", *ASKED), "compare takes --by COLUMN once; it came 2 times"),
    (("--by", "route", "--measure", "response"), "compare takes --instrument KEY once; it came 0 times"),
    (("--by", "route", *ASKED, "--instrument", "gad7"), "--instrument KEY once; it came 2 times"),
    (("--by", "route", "--instrument", "gad7", "--measure", "response"), "no instrument in the files called 'gad7'"),
    (("--by", "route", "--instrument", "phq9", "--measure", "cure"), "no measure called 'cure'"),
    (("--by", "route", *ASKED, "--a", "IV"), "--a and --b together"),
    (("--by", "route", *ASKED, "--b", "IV"), "--a and --b together"),
    (("--by", "route", *ASKED, "--a", "IV", "--b", "nasal"), "No course has the value of route that was asked for"),
    (("--by", "route", *ASKED, "--a", "IV", "--b", "IV"), "the same one came twice"),
    (("--by", "route", *ASKED, "--a", "IV", "--b", "mixed"), "--landmark DAY"),
    (("--by", "kind", *ASKED), "--landmark DAY"),
    (("--by", "route", *ASKED, "--landmark", "-3"), "0 or more"),
])
def test_an_error_is_one_line_that_says_what_to_do(capsys, clinic, options, words):
    assert main(["compare", *clinic, *options]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    assert words in told.err


@pytest.mark.parametrize("options", [("--by", "route", "--instrument", "phq9"),
                                     ("--by", "route", *ASKED, "--landmark", "soon"),
                                     ("--by", "route", *ASKED, "--courses", "second"),
                                     ("--by", "route", *ASKED, "--exact", "fisher")])
def test_an_option_that_is_none_is_refused_in_one_line(capsys, clinic, options):
    with pytest.raises(SystemExit) as stopped:
        main(["compare", *clinic, *options])
    assert stopped.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("empty", [("--where", "site=East"), ("--where", "route=IV"), ("--set", "phq9.caseness=27")])
@pytest.mark.parametrize("form", ["text", "json", "csv"])
def test_where_there_is_nothing_to_compare_it_says_so(capsys, clinic, empty, form):
    text = printed(capsys, "compare", *clinic, "--by", "route", *ASKED, *empty, "--format", form)
    assert "NaN" not in text and "nan" not in text.replace("finance", "")
    if form == "json":
        assert len(json.loads(text)["reading"][0]) > 20


def test_the_same_from_a_notebook(capsys, clinic):
    of = analytics.outcomes(analytics.load(clinic), analytics.rule_set("clinic"))
    found = analytics.compare(of, "phq9", "response", "route")
    told = as_json(capsys, "compare", *clinic, "--by", "route", *ASKED)
    assert found.difference.estimate == told["difference"]["estimate"]
    assert found.test.p == told["test"]["p"]
