"""Figures for a page that opens offline: nothing uploads, nothing ends the script."""

import json
import re

import plotly.graph_objects as go

from analytics.figures.offline import figures_script, plotly_script


def test_every_figure_is_drawn_without_the_cloud_and_the_logo():
    figure = go.Figure(go.Bar(x=["a"], y=[1]))
    script = figures_script({"one": figure, "two": figure})
    configs = [json.loads(one) for one in re.findall(r"f\.layout,(\{.*?\})\)", script)]
    assert len(configs) == 2
    assert all(one["showSendToCloud"] is False and one["displaylogo"] is False for one in configs)


def test_a_text_of_a_figure_ends_no_script_and_comes_back_whole():
    name = "</script><script>alert(1)</script> & שלום 🙂"
    script = figures_script({"one": go.Figure(go.Bar(x=[name], y=[1]))})
    assert "<" not in script and ">" not in script and "\u2028" not in script
    assert json.loads(re.search(r"\}\)\((\{.*\})\);$", script).group(1))["data"][0]["x"] == [name]


def test_signs_that_are_not_seen_or_turn_others_are_left_out():
    for sign in ("\u202e", "\u2066", "\x07", "\u2028", "\u200f", "\ufeff"):
        script = figures_script({"one": go.Figure(go.Bar(x=[f"a{sign}b"], y=[1]), {"title": {"text": f"a{sign}b"}})})
        found = json.loads(re.search(r"\}\)\((\{.*\})\);$", script).group(1))
        assert found["data"][0]["x"] == ["a b"] and found["layout"]["title"]["text"] == "a b"


def test_the_library_ends_no_script():
    assert "</script" not in plotly_script().lower()
