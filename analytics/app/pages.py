"""The pages there are, in the order of the navigation."""

from __future__ import annotations

import streamlit as st


def pages() -> dict[str, st.Page]:
    """Every page by its address; the sheet of one rate is reached from its card."""
    from analytics.app.views import data, defend, methods, overview

    return {
        "overview": st.Page(overview.show, title="Overview", icon=":material/monitoring:", url_path="overview",
                            default=True),
        "data": st.Page(data.show, title="Data", icon=":material/database:", url_path="data"),
        "methods": st.Page(methods.show, title="Methods", icon=":material/menu_book:", url_path="methods"),
        "defend": st.Page(defend.show, title="Defend this number", url_path="defend", visibility="hidden"),
    }
