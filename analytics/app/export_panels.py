"""The menu at the right of the chips: deck, export, present."""

from __future__ import annotations

from html import escape

import streamlit as st

from analytics.app import deck, export_files, state, widgets
from analytics.app.pages import link
from analytics.app.questions import Question
from analytics.wording import deck as words

MOST_TEMPLATE_MB = 30


def menu(question: Question) -> None:
    """Three ways on from a page; what they open is made when it is opened."""
    n_items = len(deck.items(question))
    link("deck", label=f"Deck ({n_items})" if n_items else "Deck", icon=":material/view_carousel:",
                 help="Order, retitle and comment what is presented and exported")
    fold = st.popover("Export", icon=":material/download:", key="export_menu", on_change="rerun")
    if fold.open:
        with fold:
            choose_file(question)
    link("present", label="Present", icon=":material/slideshow:")


def choose_file(question: Question) -> None:
    """Every file that can be asked for, and the clinic's own template for the slides."""
    shown = deck.shown(question)
    st.html(f'<p class="context">{escape(what(question, shown))}</p>')
    for sentence in dict.fromkeys(shown.left_out.values()):
        widgets.hint(sentence)
    if not shown.exhibits:
        return
    links = st.container()
    template = choose_template()
    link("shares", label="Links", icon=":material/link:", help=words.LINKS_HELP)
    with links:
        st.html(links_html(export_files.offers(question, shown, template)))


def what(question: Question, shown: deck.Shown) -> str:
    """What the files hold, and for whom."""
    return words.export_lead(len(shown.exhibits), question.view.audience, is_standard=shown.is_standard,
                             is_sample=question.dataset.is_sample)


def links_html(offers: tuple[export_files.Offer, ...]) -> str:
    """The files as a list of links."""
    lines = "".join(
        f'<li><a href="{escape(one.address)}" download="{escape(one.file_name)}">{escape(one.label)}</a> '
        f"<span>{escape(one.about)}</span></li>" for one in offers)
    has_bundle = any(one.label == words.FILES["bundle"][0] for one in offers)
    return f'<ul class="files">{lines}</ul>' + f'<p class="context">{escape(words.BUNDLE)}</p>' * has_bundle


def choose_template() -> bytes | None:
    """The clinic's own template for the slides, checked at once: what it lacks is said before slides are made."""
    came = st.file_uploader("Your own PowerPoint template", type=["pptx", "potx"], key=state.fresh("template"),
                            max_upload_size=MOST_TEMPLATE_MB)
    if came is None:
        return None
    content = came.getvalue()
    try:
        lacks = export_files.template_lacks(content)
    except ValueError as reason:
        st.warning(widgets.markdown_safe(str(reason)))
        return None
    for sentence in lacks or (words.TEMPLATE_FITS,):
        widgets.hint(sentence)
    return content
