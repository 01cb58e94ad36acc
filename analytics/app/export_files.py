"""What can be taken away of a deck: files made by ``reports`` when a person asks for one, never before.

    ``offers(question, shown, template) -> tuple[Offer, ...]``
    ``template_lacks(content) -> tuple[str, ...]``      what a clinic's template lacks, in words
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from analytics.app import loading, state
from analytics.app.deck import Shown
from analytics.app.questions import Question
from analytics.wording import deck as words

_OFFICE = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True)
class Offer:
    """One file that can be asked for."""

    label: str
    about: str
    address: str
    file_name: str


def offers(question: Question, shown: Shown, template: bytes | None = None) -> tuple[Offer, ...]:
    """A link a file, for this browser alone; the digest in each name is another for other content.

    Parameters
    ----------
    shown : with one exhibit or more
    template : a clinic's .pptx or .potx, for the slides
    """
    # Everything that a file rests on: where it is the same, so is the file.
    rests_on = (question.dataset.key, question.rules, question.view.audience, question.disclosure,
                tuple((one.key, one.ask.kind, one.title, one.comment, one.marks, one.table, one.context)
                      for one in shown.exhibits), hashlib.sha256(template or b"").hexdigest())
    digest = hashlib.sha256(repr(rests_on).encode()).hexdigest()[:12]
    browser, mark = state.browser(), "sample-" if question.dataset.is_sample else ""
    found = []
    for key, (extension, media_type) in _FILES.items():
        if key == "bundle" and not has_whole_files(question):
            # Made again from nothing told before, it could tell what was kept back beside it.
            continue
        name = f"outcomes-{mark}{question.view.audience}-{key}-{digest}{extension}"
        make = _maker(key, question, shown, template, browser)
        address = loading.export_address(browser, name, make, media_type, ("deck", key, rests_on),
                                         needs="rows" if key == "bundle" else "aggregates")
        found.append(Offer(*words.FILES[key], address, name))
    return tuple(found)


def has_whole_files(question: Question) -> bool:
    """Whether what holds the rows may be taken away: inside, by those whose role has them of every site."""
    return (question.view.audience == "inside" and state.may_see_rows() and state.person().sites is None
            and question.dataset.given_as != "kept")


_FILES = {
    "slides": (".pptx", f"{_OFFICE}.presentationml.presentation"),
    "workbook": (".xlsx", f"{_OFFICE}.spreadsheetml.sheet"),
    "page": (".html", "text/html; charset=utf-8"),
    "charts": (".html", "text/html; charset=utf-8"),
    "a4": (".pdf", "application/pdf"),
    "letter": (".pdf", "application/pdf"),
    "pictures": (".zip", "application/zip"),
    "bundle": (".zip", "application/zip"),
}


def _maker(
    key: str, question: Question, shown: Shown, template: bytes | None, browser: str
) -> Callable[[], bytes]:
    """What makes one file, outside of any page; the libraries are imported when it is asked for."""
    exhibits, origin = shown.exhibits, shown.answers.origin

    def slides() -> bytes:
        from analytics.reports.slides import deck

        return deck(exhibits, origin, template).content

    def workbook() -> bytes:
        from analytics.reports.workbook import workbook as made

        return made(exhibits, origin)

    def page(*, is_interactive: bool = False) -> bytes:
        from analytics.reports.web_page import web_page

        return web_page(exhibits, origin, is_interactive=is_interactive)

    def paper() -> bytes:
        from analytics.reports.pdf import pdf

        return pdf(exhibits, origin, "letter" if key == "letter" else "a4")

    def pictures() -> bytes:
        from analytics.reports.pictures import pictures_zip

        return pictures_zip(exhibits)

    makers: dict[str, Callable[[], bytes]] = {
        "slides": slides, "workbook": workbook, "page": page, "charts": lambda: page(is_interactive=True),
        "a4": paper, "letter": paper, "pictures": pictures, "bundle": lambda: bundle(question, browser)}
    return makers[key]


def bundle(question: Question, browser: str) -> bytes:
    """The standard report of a view as a bundle that the command line makes again."""
    from analytics.ingest.recipes import recipe_of
    from analytics.reports.report_files import report, report_of

    dataset, view = question.dataset, question.view
    opened = loading.opened_again(browser, dataset)
    recipe = recipe_of(dataset.tables, opened, "report", said=dict(dataset.mapping), dates=dataset.dates,
                       preset=view.preset, settings=view.settings)
    made = report_of(
        question.outcomes, recipe, dict(dataset.mapping), instrument=view.instrument, where=question.where,
        disclosure=question.told_to, parts=opened.parts,
        columns=dataset.tables.columns)
    return report(made, ".zip")[0]


def template_lacks(content: bytes) -> tuple[str, ...]:
    """What a clinic's template lacks, in words; nothing where it has all.

    Raises
    ------
    ValueError
        When it is no presentation, or one with macros; the message is for the person.
    """
    from analytics.reports.slides_template import template_base
    from analytics.wording.exhibits import template_lacks as in_words

    return in_words(template_base(content).lacks)
