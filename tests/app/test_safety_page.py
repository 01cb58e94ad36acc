"""The Safety page by itself: the sample, nothing to count, sessions alone, small numbers, choices, hostile names."""

from __future__ import annotations

import pytest

from analytics.app import loading, state
from tests.app.test_compare_pages import control, sites
from tests.app.test_pages import browser, opened, scores, uploaded, words  # noqa: F401


def sessions(n=24, n_sessions=4, **columns):
    """Sessions of patients P0 and so on, on days 0, 3, 6 ...; a column is a text or a function of patient and day."""
    names = list(columns)
    lines = [",".join([f"P{place}", str(3 * day), *(
        str(make(place, day)) if callable(make) else make for make in columns.values())])
        for place in range(n) for day in range(n_sessions)]
    return "\n".join([",".join(["patient_id", "day", *names]), *lines]) + "\n"


def text_of(value):
    """A parameter of an address, which stands there once."""
    return value[0] if isinstance(value, list) else value


def loaded(name, *files):
    return loading.upload(name, [(f"file{place}.csv", text.encode()) for place, text in enumerate(files)])


FORM = {"route": "IV", "dose": "0.5", "dose_unit": "mg/kg", "nausea": lambda place, day: "yes" if day == 0 else "no",
        "cadss_peak": lambda place, day: 10 + day, "cadss_leaving": lambda place, day: 2 + 4 * (place == 0),
        "systolic_before": "120", "systolic_peak": lambda place, day: 182 if place == 1 else 140,
        "minutes_until_ready": lambda place, day: 40 + 10 * day, "stopped_early": "no",
        "cssrs_highest": lambda place, day: int(place == 2), "moaas_lowest": "5"}


def test_the_sample_fills_the_page_and_says_what_it_is_not():
    app = opened("safety")
    text = words(app)
    assert not {"nan", "null", "inf", "none"} & (set(text.lower().split()) - {"none."})
    assert "This page is no monitoring or alerting tool" in text
    assert "of courses got reliably worse" in text and "Item 9 newly endorsed" in text
    assert "have a filled form" in text and "blank is unknown, never none" in text
    assert "resolved" not in text.lower()
    assert len(app.get("plotly_chart")) >= 6


def test_every_part_of_a_full_form_is_shown(browser):  # noqa: F811
    loaded(browser, sites(), sessions(**FORM))
    text = words(opened("safety"))
    for said in ("25 % of sessions with an answer (24 of 96) have at least one side effect",
                 "CADSS rose to more than 4 in 100 % (96 of 96 sessions)",
                 "it was back to 4 or less in 96",
                 "4.2 % of sessions are excursions of blood pressure (4 of 96 sessions)",
                 "C-SSRS screener, highest level", "wish to be dead", "Sedation, lowest MOAA/S level",
                 "IV, mg/kg: median 0.5 mg/kg", "Sessions per patient-year", "convention"):
        assert said in text, said


def test_without_a_score_and_without_a_session_it_says_what_is_missing(browser):  # noqa: F811
    uploaded(browser, "patient_id,sex\nP1,F\n", "patients.csv")
    assert "No course to count" in words(opened("safety"))


def test_sessions_alone_are_enough(browser):  # noqa: F811
    loaded(browser, sessions(**FORM))
    text = words(opened("safety"))
    assert "of sessions had a side effect on record" in text and "This page is no monitoring" in text


def test_scores_alone_say_that_there_is_no_session(browser):  # noqa: F811
    uploaded(browser, sites())
    text = words(opened("safety"))
    assert "The files hold no session" in text and "Who got worse" in text


def test_one_course_gives_counts_and_no_percentage(browser):  # noqa: F811
    loaded(browser, scores((20, 25)), sessions(1, 2, **FORM))
    text = words(opened("safety"))
    assert "1 of 1" in text and "nan" not in text.lower().split()
    assert "100 %" not in text and "50 %" not in text


def test_an_empty_cohort_says_so(browser):  # noqa: F811
    dataset = loaded(browser, sites(), sessions(**FORM))
    place = next(at for at, (name, _) in enumerate(dataset.shape.attributes) if name == "site")
    app = opened("safety")
    params = {key: text_of(value) for key, value in app.query_params.items()} | {"f": f"{place}.n"}
    text = words(opened("safety", **params))
    assert "There is no session to look at" in text and "nan" not in text.lower().split()


def test_files_without_any_form_say_which_columns_are_missing(browser):  # noqa: F811
    loaded(browser, sites(), sessions(route="IV"))
    text = words(opened("safety"))
    for said in ("no column of the form is filled", "column cadss_peak", "column minutes_until_ready", "systolic_peak"):
        assert said in text


@pytest.mark.parametrize(("value", "said"), [
    ("maintenance", "no session of the maintenance phase"), ("induction", "96 sessions of the induction phase")])
def test_the_phase_that_is_chosen_stands_in_the_address(browser, value, said):  # noqa: F811
    loaded(browser, sites(), sessions(**FORM))
    app = control(opened("safety"), "Sessions").set_value(value).run()
    assert not app.exception and said in words(app)
    assert f"sp:{value}" in text_of(app.query_params["p"])


def test_by_an_attribute_every_group_is_named_and_never_ranked(browser):  # noqa: F811
    odd = "<img src=x onerror=alert(1)>[a](javascript:b)"
    loaded(browser, sites().replace("North", odd), sessions(**FORM))
    app = control(opened("safety"), "Rates").set_value("by").run()
    assert not app.exception
    assert "Any side effect, share of sessions by site" in words(app)
    assert "<img src=x" not in "\n".join(one.proto.body for one in app.html)


def test_other_lines_of_blood_pressure_change_the_count(browser):  # noqa: F811
    loaded(browser, sites(), sessions(**FORM | {"systolic_peak": lambda place, day: 182 if place == 1 else 155}))
    app = opened("safety")
    assert "(4 of 96 sessions)" in words(app)
    again = control(app, "A rise of more than, mmHg").set_value("30_20").run()
    assert "a rise of more than 30 or 20 mmHg" in words(again) and "(96 of 96 sessions)" in words(again)


@pytest.mark.parametrize("may_see", [True, False])
def test_the_lists_are_offered_to_those_who_may_see_rows(monkeypatch, may_see):
    monkeypatch.setattr(state, "may_see_rows", lambda: may_see)
    app = opened("safety")
    links = "\n".join(one.proto.body for one in app.html)
    assert ("Lists of courses, no alerts" in words(app)) is may_see
    assert ("li%3Aitem9" in links) is may_see
    assert "li%3Aworklist" not in links, "Without dates there is no worklist."
