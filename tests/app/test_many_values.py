"""Attributes with thousands of values: every page answers, says what it cut, and sends no long list."""

from __future__ import annotations

import pytest

from analytics.app import address, loading, widgets
from analytics.app.view import View
from tests.app.test_pages import browser, opened, words  # noqa: F401

N = 1203
WARDS = "patient_id,day,phq9,ward\n" + "".join(
    f"P{place:05d},{day},{score},Ward {place:05d}\n" for place in range(N) for day, score in ((0, 20), (30, 8)))


@pytest.mark.parametrize(("n", "chosen", "n_offered"), [(0, (), 1), (999, (), 1000), (1000, (), 1001), (1001, (), 1001),
                                                        (5000, (4999, 3, None), 1002)])
def test_a_list_offers_the_first_values_those_chosen_and_missing(n, chosen, n_offered):
    offered = widgets.choices(n, chosen)
    assert len(offered) == n_offered and offered[-1] is None and {*chosen} <= {*offered}
    assert (widgets.choices_hint(n) is None) == (n <= widgets.MOST_CHOICES)


@pytest.mark.parametrize("page", ["overview", "groups", "compare"])
@pytest.mark.parametrize("landmark", [None, 3650])
def test_pages_answer_and_say_what_they_cut(browser, page, landmark):  # noqa: F811
    dataset = loading.upload(browser, [("wards.csv", WARDS.encode())], {"ward": "attribute"})
    place = [name for name, _ in dataset.shape.attributes].index("ward")
    pair = {"side_a": ((place, (0,)),), "side_b": ((place, (N - 1,)),)} if page == "compare" else {}
    view = View(dataset.short, "phq9", by=place, landmark=landmark, filters=(), **pair)
    app = opened(page, **address.encode_view(view, dataset.shape))
    assert not app.exception and not app.error
    for box in (*app.multiselect, *app.selectbox):
        assert len(box.options) <= widgets.MOST_CHOICES + 2
    listed = next(box for box in app.multiselect if len(box.options) > widgets.MOST_CHOICES)
    assert listed.proto.help == "The first 1,000 of 1,203 values can be chosen."
    assert sum(len(one.proto.body) for one in app.html) < 400_000
    if page == "groups":
        assert "The first 40 of 1,203 groups" in words(app)
