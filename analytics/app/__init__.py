"""The dashboard: all that imports Streamlit."""
