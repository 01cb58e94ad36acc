"""The address of a view, and how a browser session follows it."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from analytics.app import view as view_module
from analytics.app.address import PARAMETERS, Refusal, decode_view, encode_view
from analytics.app.datasets import Shape
from analytics.app.view import View, canonical, rules_of
from analytics.definitions import rules
from analytics.definitions.instruments import BUILT_IN

SHAPE = Shape(
    key="0123456789abcdef" * 4,
    attributes=(("indication", ("CRPS", "Depression")), ("kind", ("booster", "induction")),
                ("site", ("East", "North", "P017"))),
    visits=("1", "4", "Week 2"),
    indications=("CRPS", "Depression"),
    instruments=BUILT_IN,
    present=("bdi2", "phq9"),
)
OTHER = replace(SHAPE, key="fedcba9876543210" * 4)
VIEW = View(SHAPE.short, "phq9")


def address(view=VIEW, **changes):
    return encode_view(view, SHAPE) | changes


def refused(params):
    found = decode_view(params, [SHAPE])
    assert isinstance(found, Refusal), found
    return found


# --- there and back ----------------------------------------------------------------------------------

VIEWS = [
    VIEW,
    View(SHAPE.short, None),
    View(SHAPE.short, "bdi2", "first_last", by=0, measure="remission"),
    View(SHAPE.short, "phq9", "induction", (("gap_days", "45"), ("endpoint_window", "14..31"))),
    View(SHAPE.short, "phq9", "induction", (("endpoint_window", "1.."), ("baseline_window", "..0"))),
    View(SHAPE.short, "phq9", "induction_strict", (("kinds", "induction"), ("first_course_only", "true"))),
    View(SHAPE.short, "phq9", "first_last", (("baseline_visit", "1"), ("endpoint_visit", "Week 2"))),
    View(SHAPE.short, "phq9", "clinic", (("by_indication.CRPS", "induction"), ("phq9.caseness", "8"))),
    View(SHAPE.short, "phq9", "clinic", (("induction_gap_days", "14"),)),
    View(SHAPE.short, "phq9", "pain_series", (("endpoint_pick", "closest"), ("endpoint_target_day", "-3"))),
    View(SHAPE.short, "phq9", filters=((0, (1,)), (2, (0, 2, None))), by=2),
    View(SHAPE.short, "phq9", by=2, by2=0, order="size"),
    View(SHAPE.short, "phq9", side_a=((2, (0, None)),), side_b=((0, (1,)), (2, (1,))), unit="all", landmark=28),
    View(SHAPE.short, "phq9", way="courses.worst.visit-week-2.ours.half.slabw"),
    View(SHAPE.short, "phq9", landmark=0, way="patients.first.last_ever.left_out.any.wbals"),
]


@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_an_address_gives_the_view_it_was_made_of(view):
    assert decode_view(encode_view(view, SHAPE), [OTHER, SHAPE]) == canonical(view)


@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_an_address_survives_the_browser(view):
    params = parse_qs(urlencode(encode_view(view, SHAPE)), keep_blank_values=True)
    assert decode_view(params, [SHAPE]) == canonical(view)


@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_the_rules_of_the_view_come_back(view):
    came = decode_view(encode_view(view, SHAPE), [SHAPE])
    assert rules_of(came).base == rules.rule_set(view.preset, view.settings).base
    for indication in (*SHAPE.indications, None):
        preset = rules.rule_set(view.preset, view.settings).preset_for(indication)
        assert rules_of(came).preset_for(indication) == preset
        assert rules_of(came).rules_for(preset) == rules.rule_set(
            view.preset, view.settings).rules_for(preset)


places = st.lists(st.none() | st.integers(0, 1), min_size=1, unique=True).map(tuple)


@settings(deadline=None)
@given(
    preset=st.sampled_from(rules.PRESET_NAMES), by=st.none() | st.integers(0, 2),
    filters=st.dictionaries(st.integers(0, 2), places).map(lambda chosen: tuple(chosen.items())),
    gap=st.integers(0, 400), low=st.none() | st.integers(-9, 9), high=st.none() | st.integers(9, 99),
    eligible=st.sampled_from(["caseness", "all"]), caseness=st.floats(0, 27))
def test_any_view_comes_back(preset, by, filters, gap, low, high, eligible, caseness):
    ends = "..".join("" if end is None else str(end) for end in (low, high))
    settings_of_courses = () if rules.PRESETS.get(preset, rules.PRESETS["induction"]).counts_from_index else (
        ("gap_days", str(gap)), ("eligible", eligible))
    view = View(SHAPE.short, "phq9", preset, (
        *settings_of_courses, ("endpoint_window", ends), ("phq9.caseness", str(caseness)),
    ), filters, by)
    params = encode_view(view, SHAPE)
    assert decode_view(params, [SHAPE]) == canonical(view)
    assert set("".join(params.values())) <= set("abcdefghijklmnopqrstuvwxyz0123456789_.,:~+-")


def test_one_view_has_one_address():
    tidy = View(SHAPE.short, "phq9", "induction", (("gap_days", "45"),), ((0, (0, 1)), (2, (1, None))))
    untidy = View(SHAPE.short, "phq9", "induction", (("eligible", "caseness"), ("gap_days", "45.0")),
                  ((2, (None, 1, 1)), (0, (1, 0)), (1, ())))
    assert encode_view(tidy, SHAPE) == encode_view(untidy, SHAPE)


def test_the_address_holds_no_text_of_a_file():
    view = View(SHAPE.short, "phq9", "clinic", (("by_indication.CRPS", "induction"), ("endpoint_visit", "Week 2")),
                ((2, (2,)),), 2)
    text = "&".join(encode_view(view, SHAPE).values())
    text += "&".join(encode_view(replace(VIEW, way="courses.worst.visit-week-2.ours.half.slabw"), SHAPE).values())
    for word in ("P017", "CRPS", "Week", "week", "North", "site"):
        assert word not in text


def test_defaults_are_written_out():
    params = address(replace(VIEW, preset="induction"))
    assert set(params) == set(PARAMETERS)
    assert params["f"] == params["by"] == "none"
    kinds = "kinds:induction~re_induction~incomplete"
    for part in ("gap_days:60", "endpoint_window:1..31", "eligible:caseness", kinds):
        assert part in params["s"].split(",")


def test_a_default_written_out_keeps_its_meaning_when_the_default_changes(monkeypatch):
    params = address(replace(VIEW, preset="induction"))
    changed = {**rules.PRESETS, "induction": replace(rules.PRESETS["induction"], gap_days=45)}
    for module in (rules, view_module):
        monkeypatch.setattr(module, "PRESETS", changed)
    came = decode_view(params, [SHAPE])
    assert came.settings == (("gap_days", "60"),)
    assert rules_of(came).base.gap_days == 60


def test_a_link_whose_rules_have_changed_is_refused(monkeypatch):
    params = address()
    changed = {**rules.PRESETS, "pain_series": replace(rules.PRESETS["pain_series"], induction_gap_days=10)}
    for module in (rules, view_module):
        monkeypatch.setattr(module, "PRESETS", changed)
    assert refused(params).kind == "other_rules"


def test_a_link_whose_cut_offs_have_changed_is_refused():
    caseness = replace(BUILT_IN["phq9"].caseness, value=8)
    instruments = {**BUILT_IN, "phq9": replace(BUILT_IN["phq9"], caseness=caseness)}
    found = decode_view(address(), [replace(SHAPE, instruments=instruments)])
    assert isinstance(found, Refusal) and found.kind == "other_rules"


def test_a_reworded_source_refuses_no_link():
    instruments = {**BUILT_IN, "phq9": replace(BUILT_IN["phq9"], source="Another paper", title="PHQ 9")}
    assert decode_view(address(), [replace(SHAPE, instruments=instruments)]) == VIEW


# --- what is not understood --------------------------------------------------------------------------


@pytest.mark.parametrize("parameter", PARAMETERS)
def test_a_missing_parameter_is_refused(parameter):
    params = address()
    del params[parameter]
    assert refused(params).kind == "unreadable"


@pytest.mark.parametrize("changes", [
    {"x": "1"}, {"utm_source": "mail"}, {"V": "1"}, {"v": ""}, {"v": "one"}, {"v": "1 "}, {"v": "१"},
    {"d": ""}, {"d": "none"}, {"d": "0123456789ABCDEF"}, {"d": "0123456789abcde"}, {"d": "../../etc/passwd"},
    {"i": ""}, {"i": "gad7"}, {"i": "PHQ9"}, {"i": "phq9 "}, {"i": "<script>"},
    {"m": ""}, {"m": "none"}, {"m": "cure"}, {"r": ""}, {"r": "Clinic"}, {"r": "five_month"},
    {"k": ""}, {"k": "0"}, {"k": "zzzzzzzz"},
    {"by": ""}, {"by": "3"}, {"by": "-1"}, {"by": "01"}, {"by": "1.0"}, {"by": "site"}, {"by": "१"},
    {"by": "99999999999999999999"}, {"by": " 1"},
    {"f": ""}, {"f": "0"}, {"f": "0."}, {"f": "0.2"}, {"f": "3.0"}, {"f": "0.0_"}, {"f": "0.0_0.1"}, {"f": "0.0.0"},
    {"f": "n.0"}, {"f": "0.n.n"}, {"f": "site.North"}, {"f": "0.-1"}, {"f": "0.0,2.0"}, {"f": "2.P017"},
    {"f": "_".join(["0.0"] * 4000)},
    {"s": ""}, {"s": "gap_days"}, {"s": "gap_days:"}, {"s": "gap_days:abc"}, {"s": "gap_days:45,gap_days:45"},
    {"s": "gap_days:45,"}, {"s": "unknown:1"}, {"s": "gap_days:-1"}, {"s": "preset:induction"}, {"s": "title:x"},
    {"s": "endpoint_window:31..14"}, {"s": "endpoint_window:x..y"}, {"s": "kinds:booster"}, {"s": "eligible:some"},
    {"s": "phq9.caseness:99"}, {"s": "phq9.mood:3"}, {"s": "nothing.caseness:3"}, {"s": "phq9.caseness:nan"},
    {"s": "by_indication.7:induction"}, {"s": "by_indication.CRPS:induction"}, {"s": "by_indication.0:first_last"},
    {"s": "endpoint_visit:3"}, {"s": "endpoint_visit:P017"}, {"s": "gap_days:4 5"}, {"s": "gap_days:45;eligible:all"},
    {"by2": ""}, {"by2": "3"}, {"by2": "01"}, {"by": "1", "by2": "1"}, {"o": ""}, {"o": "rate"}, {"o": "none"},
    {"a": ""}, {"a": "0.2"}, {"a": "2.0_0.0"}, {"b": "3.0"}, {"b": "0.0_0.1"}, {"u": ""}, {"u": "none"}, {"u": "First"},
    {"l": ""}, {"l": "-1"}, {"l": "3651"}, {"l": "1.5"}, {"w": ""}, {"w": "A"}, {"w": "a b"}, {"w": "a" * 121},
    {"w": "patients.first.last_ever.left_out.any"}, {"w": "patients.first.last_ever.left_out.any.wball"},
    {"w": "patients.first.visit-week-2.left_out.any.wbals"}, {"w": "patients.first.at-3.left_out.any.wbals"},
    {"w": "patients.first.at-01.left_out.any.wbals"}, {"w": "everyone.first.ours.left_out.any.wbals"},
    {"f": "2.0_0.0"}, {"f": "0.1.0"}, {"s": "gap_days:1e400"}, {"s": "gap_days:4_5"}, {"s": "__class__:x"},
], ids=str)
def test_what_is_not_understood_is_refused(changes):
    assert refused(address() | changes).kind == "unreadable"


def test_a_parameter_given_twice_is_refused():
    params = {key: [value] for key, value in address().items()}
    assert decode_view(params, [SHAPE]) == VIEW
    assert refused(params | {"by": ["0", "1"]}).kind == "unreadable"
    assert refused(params | {"by": []}).kind == "unreadable"
    assert refused(params | {"v": ["1", "1"]}).kind == "unreadable"


def test_a_settings_list_that_was_shortened_is_refused():
    params = address(replace(VIEW, preset="induction", settings=(("gap_days", "45"),)))
    without = ",".join(part for part in params["s"].split(",") if not part.startswith("gap_days"))
    assert refused(params | {"s": without}).kind == "other_rules"
    params = address(replace(VIEW, preset="induction"))
    without = ",".join(part for part in params["s"].split(",") if not part.startswith("gap_days"))
    assert refused(params | {"s": without}).kind == "unreadable"


@pytest.mark.parametrize("version", ["0", "1", "99"])
def test_another_format_is_named(version):
    found = refused({"v": version, "cohort": "x"})
    assert found.kind == "other_version" and version in found.sentence


def test_another_dataset_is_named_and_never_replaced():
    params = encode_view(replace(VIEW, dataset=OTHER.short), OTHER)
    found = refused(params)
    assert (found.kind, found.dataset) == ("other_dataset", OTHER.short)
    assert OTHER.short in found.sentence
    assert decode_view(params, [SHAPE, OTHER]).dataset == OTHER.short


def test_no_refusal_repeats_what_came():
    for odd in ("[here](http://evil.example)", "<img src=x>", "P017"):
        for parameter in PARAMETERS:
            assert odd not in refused(address() | {parameter: odd}).sentence


@pytest.mark.parametrize("view", [
    replace(VIEW, dataset=OTHER.short), replace(VIEW, instrument="gad7"), replace(VIEW, by=3), replace(VIEW, by=-1),
    replace(VIEW, filters=((0, (2,)),)), replace(VIEW, filters=((0, (0,)), (0, (1,)))), replace(VIEW, measure="cure"),
    replace(VIEW, settings=(("endpoint_visit", "9"),)), replace(VIEW, settings=(("phq9.caseness", "99"),)),
    replace(VIEW, preset="nothing"), replace(VIEW, by=1, by2=1), replace(VIEW, by2=3),
    replace(VIEW, side_a=((3, (0,)),)), replace(VIEW, unit="both"),
    replace(VIEW, side_b=((0, (2,)),)), replace(VIEW, order="rate"), replace(VIEW, way="none"),
    replace(VIEW, landmark=-1), replace(VIEW, landmark=3651), replace(VIEW, way="The best"),
    replace(VIEW, way="courses.worst.visit-week-9.ours.half.slabw"),
], ids=str)
def test_a_view_that_does_not_fit_the_dataset_gets_no_address(view):
    with pytest.raises(ValueError):
        encode_view(view, SHAPE)


# --- the session -------------------------------------------------------------------------------------


def script():
    import streamlit as st

    from analytics.app import state
    from tests.app.test_state import OTHER, SHAPE, View, replace, rules_of

    shapes = [SHAPE, OTHER] if state.remembered("loaded") else [SHAPE]
    state.apply(shapes, lambda shape: View(shape.short, "phq9"))
    if state.refusal() is not None:
        st.warning(state.refusal().sentence)
        st.button("Start over", on_click=state.start_over)
        st.button("Load", on_click=state.remember, args=("loaded", True))
        st.stop()
    view = state.view()
    st.selectbox("Rules", ["clinic", "induction"], **state.bound(
        "preset", view.preset, lambda old, new: replace(old, preset=new)))
    st.text_input("Gap", **state.bound(
        "gap", str(rules_of(view).base.gap_days), lambda old, new: replace(old, settings=(("gap_days", new),))))
    st.selectbox("Dataset", [SHAPE.short, OTHER.short], **state.bound(
        "dataset", view.dataset, lambda old, new: replace(old, dataset=new)))
    st.button("Load", on_click=state.remember, args=("loaded", True))
    st.button("Carry", on_click=state.start_over, args=(OTHER.short, "inside", view))
    st.button("By site", on_click=state.set_view, kwargs={"by": 2})
    st.toggle("Table", **state.kept("table", False))
    st.text_input("Files", key=state.fresh("files"))
    st.button("Empty", on_click=state.renew, args=("files",))
    st.caption(state.said() or "nothing")
    st.code(state.browser())


def running(**params):
    app = AppTest.from_function(script)
    for key, value in params.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


def shown(app):
    return {key: value[0] if isinstance(value, list) else value for key, value in app.query_params.items()}


def button(app, label):
    return next(one for one in app.button if one.label == label)


def test_the_first_run_writes_the_whole_view():
    assert shown(running()) == address()


def test_a_widget_changes_the_address():
    app = running()
    app.selectbox(key="view.preset").select("induction").run()
    assert shown(app) == address(replace(VIEW, preset="induction"))
    app.text_input(key="view.gap").input("45").run()
    assert shown(app) == address(replace(VIEW, preset="induction", settings=(("gap_days", "45"),)))


def test_a_copied_address_sets_the_widgets():
    app = running(**address(replace(VIEW, preset="induction", settings=(("gap_days", "45"),), by=2)))
    assert app.selectbox(key="view.preset").value == "induction"
    assert app.text_input(key="view.gap").value == "45"
    button(app, "By site").click().run()
    assert shown(app)["by"] == "2"


def test_an_address_on_its_way_back_undoes_nothing():
    app = running()
    before = shown(app)
    app.selectbox(key="view.preset").select("induction").run()
    after = shown(app)
    for key, value in before.items():
        app.query_params[key] = value
    app.toggle(key="kept.table").set_value(True).run()
    assert shown(app) == after and app.selectbox(key="view.preset").value == "induction"


def test_a_setting_that_is_none_leaves_the_view_and_says_why():
    app = running()
    before = shown(app)
    app.text_input(key="view.gap").input("soon").run()
    assert shown(app) == before
    assert app.text_input(key="view.gap").value == "60"
    assert "gap_days is a number" in app.caption[0].value
    app.run()
    assert app.caption[0].value == "nothing"


def test_an_unknown_parameter_shows_a_sentence_and_no_view():
    app = running(**address(), utm_source="mail")
    assert "was changed on its way" in app.warning[0].value
    assert "utm_source" in shown(app), "the address is left as it came"
    button(app, "Start over").click().run()
    assert shown(app) == address() and not app.warning


def test_a_link_waits_for_its_dataset_and_then_opens():
    wanted = encode_view(View(OTHER.short, "phq9", "induction", by=1), OTHER)
    app = running(**wanted)
    assert OTHER.short in app.warning[0].value
    button(app, "Load").click().run()
    assert not app.warning
    assert shown(app) == wanted and app.selectbox(key="view.preset").value == "induction"


def test_a_waiting_link_survives_a_switch_of_pages():
    wanted = encode_view(View(OTHER.short, "phq9", "induction"), OTHER)
    app = running(**wanted)
    app.query_params.clear()
    app.run()
    assert OTHER.short in app.warning[0].value
    button(app, "Load").click().run()
    assert shown(app) == wanted


def test_another_dataset_starts_with_its_own_view():
    app = running(**address(replace(VIEW, preset="induction", filters=((2, (2,)),))))
    button(app, "Load").click().run()
    app.selectbox(key="view.dataset").select(OTHER.short).run()
    assert shown(app) == encode_view(View(OTHER.short, "phq9"), OTHER)


@pytest.mark.parametrize("audience", ["inside", "board", "public"])
def test_another_dataset_is_shown_to_whom_the_first_was_shown(audience):
    app = running(**address(replace(VIEW, audience=audience, preset="induction")))
    button(app, "Load").click().run()
    app.selectbox(key="view.dataset").select(OTHER.short).run()
    assert shown(app) == encode_view(View(OTHER.short, "phq9", audience=audience), OTHER)


def test_a_view_goes_along_to_the_same_under_another_key_and_only_where_it_is_there():
    came = replace(VIEW, preset="induction", filters=((2, (2,)),))
    app = running(**address(came))
    button(app, "Load").click().run()
    button(app, "Carry").click().run()
    assert shown(app) == encode_view(replace(came, dataset=OTHER.short), OTHER)
    app = running(**address(came))
    button(app, "Carry").click().run()
    assert shown(app) == address(), "the start view of what is there"


@pytest.mark.parametrize("other", [
    {"attributes": SHAPE.attributes[1:]}, {"attributes": (*SHAPE.attributes[:2], ("site", ("East", "South")))},
    {"visits": ("1", "4")}, {"indications": ("Depression", "CRPS")}, {"present": ("phq9",)},
    {"instruments": {**BUILT_IN, "phq9": replace(BUILT_IN["phq9"], title="PHQ 9")}}], ids=str)
def test_shapes_are_alike_where_every_place_names_the_same(other):
    assert SHAPE.is_like(OTHER) and OTHER.is_like(SHAPE)
    assert not SHAPE.is_like(replace(OTHER, **other)) and not replace(OTHER, **other).is_like(SHAPE)


def test_a_dataset_that_was_dropped_is_named_and_not_replaced_by_the_sample():
    app = running()
    button(app, "Load").click().run()
    app.selectbox(key="view.dataset").select(OTHER.short).run()
    app.session_state["remembered.loaded"] = False
    app.run()
    assert OTHER.short in app.warning[0].value


def test_widgets_beside_the_view_keep_their_value_and_can_be_emptied():
    app = running()
    app.toggle(key="kept.table").set_value(True).run()
    app.text_input(key="files.0").input("scores").run()
    assert app.toggle(key="kept.table").value is True
    button(app, "Empty").click().run()
    assert app.text_input(key="files.1").value == ""
    assert app.toggle(key="kept.table").value is True


def test_without_a_cookie_a_session_has_a_name_of_its_own():
    first, second = running(), running()
    assert first.code[0].value == first.run().code[0].value
    assert first.code[0].value != second.code[0].value
    assert first.code[0].value.startswith("session-")
