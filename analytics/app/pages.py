"""The pages there are, in the order of the navigation."""

from __future__ import annotations

import streamlit as st


def pages() -> dict[str, st.Page]:
    """Every page by its address; the sheet of one rate is reached from its card.

    No page has an icon: Streamlit would ask a server on the internet for it as the picture of the tab.
    """
    from analytics.app.views import data, defend, methods, overview

    return {
        "overview": st.Page(overview.show, title="Overview", url_path="overview", default=True),
        "data": st.Page(data.show, title="Data", url_path="data"),
        "methods": st.Page(methods.show, title="Methods", url_path="methods"),
        "defend": st.Page(defend.show, title="Defend this number", url_path="defend", visibility="hidden"),
    }
