"""The dashboard's frame: page config, navigation, and the view that every page shows."""

from __future__ import annotations

import streamlit as st

from analytics.app import frame, loading, questions, state, widgets
from analytics.app.pages import pages

st.set_page_config(page_title="Ketamine outcomes", layout="wide", page_icon=widgets.tab_icon())
loading.settle_memory()
loading.import_models_later()
st.html(widgets.STYLE)
found = pages()
page = st.navigation(list(found.values()))
state.apply([dataset.shape for dataset in loading.datasets(state.browser())], questions.start_view)
frame.run(next(name for name, one in found.items() if one is page), page)
