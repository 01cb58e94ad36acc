"""Links: made of the deck for an audience, listed with who is there, revoked, and led from the screen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from html import escape
from urllib.parse import urlsplit

import streamlit as st

from analytics.app import (
    dataset_notes,
    deck,
    kept_datasets,
    loading,
    log_lines,
    present_live,
    recipe_box,
    share_making,
    sign_in,
    state,
    widgets,
)
from analytics.app.pages import pages
from analytics.app.questions import Question
from analytics.app.share_making import Asked
from analytics.store import StoreError, utc_now
from analytics.store.shares import LONGEST_TITLE, Share
from analytics.wording import disclosure as disclosure_words
from analytics.wording import shares as words
from analytics.wording.deck import FILES, FOR

_MADE = "link made"
_SECONDS = 5.0
"""How often the list is read again: who is there changes by itself."""


def show(question: Question) -> None:
    """The whole page: a new link, and those there are."""
    audience = question.view.audience
    st.html(widgets.title_html("Links", words.LEAD.format(FOR.get(audience, "")) if audience != "inside" else ""))
    trouble = recipe_box.problem()
    if trouble:
        widgets.hint(trouble)
        return
    if audience == "inside":
        _choose_audience()
    else:
        _new(question)
        _made()
        _beside(question)
    st.html('<h2 class="chart-title">Links there are</h2>')
    _all()


def _choose_audience() -> None:
    """For whom a link is to be; there is none for the inside."""
    widgets.hint(words.NOT_FOR_INSIDE)
    with st.container(horizontal=True):
        for audience in ("board", "public"):
            st.button(words.for_whom(audience), key=f"shares.for.{audience}", on_click=state.set_view,
                      kwargs={"audience": audience})


# --- a new link --------------------------------------------------------------------------------------


def _new(question: Question) -> None:
    """What a new link shows, until when, and to whom."""
    is_kept = kept_datasets.id_of(question.dataset) is not None
    with st.container(border=True, key="shares.new"):
        st.html('<h2 class="chart-title">A new link</h2>')
        title = st.text_input("Title", max_chars=LONGEST_TITLE, key=state.fresh("shares.title"))
        cohorts = st.multiselect("Cohorts beside all courses", list(dataset_notes.cohorts(question.dataset)),
                                 key=state.fresh("shares.cohorts"), help=words.COHORTS_HELP)
        follows = is_kept and st.radio("Data", (words.PINNED, words.FOLLOWS), horizontal=True,
                                       key="shares.data") == words.FOLLOWS
        if not is_kept:
            widgets.hint(words.NOT_KEPT)
        expires_at = _expiry()
        with st.container(horizontal=True):
            passphrase = st.text_input("Passphrase (if you want one)", type="password", max_chars=200, width=280,
                                       key=state.fresh("shares.passphrase"), help=words.PASSPHRASE_HELP,
                                       autocomplete="new-password")
            most = st.number_input("Most opens (if you want a limit)", min_value=1, max_value=100_000, value=None,
                                   step=1, width=240, key=state.fresh("shares.most"), help=words.OPENS_HELP)
        if st.button("Make the link", type="primary", icon=":material/link:", key="shares.make"):
            _make(question, Asked(title, tuple(cohorts), follows, expires_at, passphrase or None, most))


def _expiry() -> str:
    """When the link ends, as ISO text in UTC; empty where no day was chosen."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox("Ends after", (*words.EXPIRY, words.ON_A_DATE), index=2, width=200, key="shares.expiry")
        now = datetime.now(UTC)
        if chosen != words.ON_A_DATE:
            return (now + timedelta(hours=words.EXPIRY[chosen])).isoformat(timespec="seconds")
        day = st.date_input("Last day", value=None, min_value=now.date() + timedelta(days=1), width=200,
                            key="shares.day")
    return _end_of(day) if isinstance(day, date) else ""


def _end_of(day: date) -> str:
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=UTC).isoformat(timespec="seconds")


def _wrong(question: Question, asked: Asked) -> str:
    """What a link lacks, in words; empty where it can be made."""
    if not asked.title.strip():
        return words.TITLE_NEEDED
    if question.view.audience == "public":
        refused = disclosure_words.refused_words_sentence(disclosure_words.refused_words(asked.title))
        if refused:
            return refused
    if asked.passphrase is not None and len(asked.passphrase) < words.SHORTEST_PASSPHRASE:
        return words.PASSPHRASE_SHORT
    return "" if asked.expires_at else words.DATE_NEEDED


def _make(question: Question, asked: Asked) -> None:
    wrong = _wrong(question, asked)
    if not wrong:
        try:
            with st.spinner("Making the screens"):
                made = share_making.make(question, asked, state.person())
        except (StoreError, PermissionError, ValueError) as reason:
            wrong = str(reason)
        else:
            state.remember(_MADE, (made.share.title, address_of(made.share.id, made.token)))
            for name in ("title", "cohorts", "passphrase", "most"):
                state.renew(f"shares.{name}")
            st.rerun()
    st.warning(widgets.markdown_safe(wrong))


def address_of(share_id: str, token: str) -> str:
    """The whole link; the token stands behind the # sign, which no browser sends to any server."""
    here = urlsplit(st.context.url or "http://localhost")
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"{here.scheme}://{here.netloc}{f'/{base}' if base else ''}/share/{share_id}#{token}"


def _made() -> None:
    """The link that was made last, until the person has it."""
    title, address = state.remembered(_MADE) or ("", "")
    if not address:
        return
    with st.container(border=True, key="shares.made"):
        st.html(f'<h2 class="chart-title">The link: {escape(title)}</h2>')
        st.code(address, language=None, wrap_lines=True)
        widgets.hint(words.SHOWN_ONCE)
        if not sign_in.is_on():
            widgets.hint(words.LOCAL_ONLY)
        st.button("I have it", key="shares.have", on_click=state.forget_remembered, args=(_MADE,))


def _beside(question: Question) -> None:
    """The same as a file, one click away; its name tells nothing of what is in it."""
    shown = deck.shown(question)
    if not shown.exhibits:
        return

    def page() -> bytes:
        from analytics.reports.web_page import web_page

        return web_page(shown.exhibits, shown.answers.origin)

    mark = "sample-" if question.dataset.is_sample else ""
    name = f"outcomes-{mark}{question.view.audience}.html"
    rests_on = (question.dataset.key, question.rules, question.view.audience, tuple(
        (one.key, one.title, one.comment, one.marks, one.table, one.context) for one in shown.exhibits))
    address = loading.export_address(state.browser(), name, page, "text/html; charset=utf-8", ("link page", rests_on),
                                     needs="aggregates")
    label, about = FILES["page"]
    st.html(f'<h2 class="chart-title">{escape(words.AS_A_FILE)}</h2>'
            f'<ul class="files"><li><a href="{escape(address)}" download="{escape(name)}">{escape(label)}</a> '
            f'<span>{escape(about)}</span></li></ul><p class="context">{escape(words.BESIDE)}</p>')


# --- those there are ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Line:
    """A link as the list shows it."""

    share: Share
    state: str
    n_present: int
    version: int | None

    @property
    def is_open(self) -> bool:
        return self.share.revoked_at is None and self.state != "Expired"


@st.fragment(run_every=_SECONDS)
def _all() -> None:
    """Every link of this person, the newest first; read again by itself."""
    try:
        found = _lines()
    except (StoreError, PermissionError) as reason:
        widgets.hint(str(reason))
        return
    if not found:
        widgets.hint(words.NOTHING_MADE)
    for one in found:
        _one(one)


def _lines() -> list[_Line]:
    person, shares, now = state.person(), recipe_box.store().shares, utc_now()
    found = shares.all(person)
    standings = shares.standings([one.id for one in found], now)
    return [_Line(one, words.state_of(
        is_revoked=one.revoked_at is not None, is_expired=one.expires_at <= now,
        is_used_up=one.most_opens is not None and one.n_opens >= one.most_opens),
        standings[one.id].n_present if one.id in standings else 0, _number(one)) for one in found]


def _number(share: Share) -> int | None:
    """The number of the version that a link is pinned to."""
    if share.dataset_id is None or share.version_id is None:
        return None
    found = recipe_box.store().datasets.versions(share.dataset_id, state.person())
    return next((one.number for one in found if one.id == share.version_id), None)


def _one(line: _Line) -> None:
    share = line.share
    facts = (words.for_whom(share.audience),
             words.data_of(follows=share.version_id is None and share.dataset_id is not None, number=line.version),
             words.expires(share.expires_at, is_over=not line.is_open), words.opens(share.n_opens, share.most_opens),
             *(("With a passphrase",) if share.has_passphrase else ()), words.made_by(share.made_by, share.made_at))
    with st.container(border=True, key=f"share.{share.id}"):
        there = f" {words.present(line.n_present)}." if line.is_open else ""
        st.html(f'<h2 class="chart-title">{escape(share.title)}</h2>'
                f'<p class="reading">{escape(line.state)}.{escape(there)}</p>'
                f'<p class="context">{escape(". ".join(facts))}.</p>')
        if not line.is_open:
            return
        with st.container(horizontal=True):
            if share.owner == state.person().subject and st.button(
                    "Present live", key=f"share.live.{share.id}", icon=":material/slideshow:",
                    help=f"Lead those on the link “{widgets.markdown_safe(share.title)}”"):
                present_live.begin(share.id)
                st.switch_page(pages()["present"])
            st.button("Revoke", key=f"share.revoke.{share.id}", icon=":material/link_off:", on_click=_revoke,
                      args=(share.id,), help=f"End “{widgets.markdown_safe(share.title)}” at once and for everybody")


def _revoke(share_id: str) -> None:
    try:
        if recipe_box.store().shares.revoke(share_id, state.person()):
            log_lines.event("share_revoked", share=share_id)
    except (StoreError, PermissionError) as reason:
        st.warning(widgets.markdown_safe(str(reason)))
