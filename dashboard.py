"""The dashboard. Start it with ``streamlit run dashboard.py``, on your own files with ``-- FILE ...``.

Streamlit finds the app by reading this file's text: ``app = st.App(...)`` must stand here literally.
Imported from elsewhere, the plain server would start without a word, without our headers and routes.
"""

import streamlit as st

from analytics.app import loading, log_lines, server, sign_in

log_lines.start()
loading.check_command_line()
sign_in.check()
server.keep_values_in_memory()

app = st.App(
    "analytics/app/main.py",
    routes=server.routes(),
    middleware=server.middleware(),
    lifespan=server.lifespan,
    on_script_error=server.say_sorry,
)
