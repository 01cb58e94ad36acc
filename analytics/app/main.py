"""The dashboard's frame: page config, navigation, who is there, and the view that every page shows."""

from __future__ import annotations

import streamlit as st

from analytics.access import Refused
from analytics.app import frame, loading, questions, sign_in_panels, state, widgets
from analytics.app.pages import pages

st.set_page_config(page_title="Ketamine outcomes", layout="wide", page_icon=widgets.tab_icon())
loading.settle_memory()
loading.import_models_later()
st.html(widgets.STYLE)
found = pages()
visitor = state.visitor()
is_seeing = not isinstance(visitor, Refused) and visitor.may("aggregates")
datasets = loading.datasets(state.browser()) if is_seeing else ()
page = st.navigation(list(found.values()), position="sidebar" if datasets else "hidden")
if isinstance(visitor, Refused):
    sign_in_panels.ask(visitor)
    st.stop()
sign_in_panels.who(visitor)
if not is_seeing:
    sign_in_panels.links_only()
    st.stop()
if not datasets:
    sign_in_panels.nothing_to_see(visitor)
    st.stop()
state.apply([dataset.shape for dataset in datasets], questions.start_view)
frame.run(next(name for name, one in found.items() if one is page), page)
