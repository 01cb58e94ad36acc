"""What stands around sign-in: the page that asks for it, who is signed in, and what those see who may see nothing."""

from __future__ import annotations

from html import escape

import streamlit as st

from analytics.access import Person, Refused
from analytics.app import intake, log_lines, sign_in, state, widgets
from analytics.store import StoreError
from analytics.wording import access as words


def ask(refused: Refused) -> None:
    """Why nobody is there, and the way in."""
    lead = words.SIGN_IN_LEAD if refused.why == "not_signed_in" else words.WHY[refused.why]
    st.html(widgets.title_html(words.SIGN_IN_TITLE, lead))
    if refused.why == "closed":
        return
    for provider in sign_in.providers():
        st.button(words.sign_in_label(provider), on_click=st.login, args=(provider,), type="primary",
                  key=f"sign_in.{provider}")
    if refused.why in ("unknown", "unusable"):
        sign_out()


def who(person: Person) -> None:
    """Name, role, sites and the way out, where people sign in."""
    if not sign_in.is_on():
        return
    if not state.remembered("signed_in", False):
        state.remember("signed_in", True)
        log_lines.event("signed_in", subject=person.subject, role=person.role)
    with st.sidebar:
        lines = [f"<b>{escape(person.name)}</b>", escape(words.ROLE[person.role]), escape(words.sites(person.sites))]
        st.html(f'<p class="context">{"<br>".join(line for line in lines if line)}</p>')
        sign_out()


def sign_out() -> None:
    """The way out: every session of the person that began before ends, in other browsers too."""
    if not st.button("Sign out", icon=":material/logout:", help=words.SIGN_OUT, key="sign_out"):
        return
    try:
        sign_in.sign_out(st.user.to_dict())
    except StoreError as reason:
        st.warning(widgets.markdown_safe(f"{words.SIGNED_OUT_HERE} {reason}"))
    st.logout()
    st.stop()


def links_only() -> None:
    """That a viewer opens links."""
    st.html(widgets.title_html(words.VIEWER_TITLE, words.VIEWER))


def nothing_to_see(person: Person) -> None:
    """That no dataset has patients of the person's sites, and where one may load some, the way to load them."""
    st.html(widgets.title_html(words.NOTHING_TITLE, words.NOTHING))
    if not person.may("load") or intake.working():
        return
    sentence = state.remembered(intake.SAID)
    if sentence:
        state.forget_remembered(intake.SAID)
        st.warning(widgets.markdown_safe(sentence))
    given = st.file_uploader("Files of your sites", accept_multiple_files=True, key=state.fresh("uploader"))
    if given and st.button("Read the files", type="primary"):
        intake.read(given, "relative")
