"""The deck, present mode and exports in words."""

from __future__ import annotations

from analytics.wording.numbers import count, plural
from analytics.wording.rules import attribute

KINDS = {
    "headline": "Headline and cards", "flow": "Where the courses went", "severity": "From severity to severity",
    "strata": "By group", "harm": "Got worse", "published": "Beside published figures", "card": "One measure",
    "item9": "Item 9", "compare": "Two groups compared", "course": "Course of scores", "response": "Time to response",
    "durability": "How long it lasted", "trend": "Over the years", "effects": "Side effects",
    "pressure": "Blood pressure", "session": "One thing of the sessions", "amount": "An amount of the sessions",
    "routes": "Routes given",
}
"""What each kind of exhibit is called where it is chosen."""

FOR = {"inside": "the inside", "board": "the board", "public": "the public"}

ALL_KEPT = "Nothing of the standard report may be told to this audience: too few courses, or too few followed up."
NOTHING = "The files hold nothing to show here under the rules of the view."
FILES = {
    "slides": ("PowerPoint", "charts that can be edited, the defence of each number as notes"),
    "workbook": ("Excel workbook", "a sheet a chart, with its numbers"),
    "page": ("Web page", "one small file that opens offline, without scripts"),
    "charts": ("Web page with interactive charts", "the same, 5 MB"),
    "a4": ("PDF, A4", "for paper"),
    "letter": ("PDF, US Letter", "for paper"),
    "pictures": ("Pictures (SVG)", "one a chart, in a zip; the camera on a chart itself gives a PNG"),
    "bundle": ("Bundle to make it again", "rules, filters, hashes, results, in a zip"),
}
"""Label of each file, and what it is."""

BUNDLE = ("The bundle holds the standard report of this view: rules, filters, hashes of the files, results. "
          "The command line makes it again and says what differs.")


def names_kept(name: str, *, is_inside: bool) -> str:
    """Why an exhibit with an attribute that names those who treat is not shown."""
    said = f"{attribute(name)} names those who treat, so it is not shown"
    if is_inside:
        return f"{said}. A director can turn such names on below the deck; they stay inside."
    return f"{said} to this audience."


def deck_lead(n_items: int, audience: str) -> str:
    """What the deck is, in one sentence."""
    if not n_items:
        return (f"The deck for {FOR[audience]} is empty, so Present and Export show the standard report. "
                "Add cards and charts where they stand, or here.")
    return f"{plural(n_items, 'exhibit')} for {FOR[audience]}, in this order. Present and Export show these."


def position(place: int, n_slides: int) -> str:
    """Which of how many: 3 of 8."""
    return f"{count(place + 1)} of {count(n_slides)}"


def older_version(number: int, latest: int) -> str:
    """The mark of a screen of a kept version that is not the latest."""
    return f"Not the latest data: version {count(number)}, and version {count(latest)} is there"


def groups_cut(n_groups: int, most: int) -> str:
    """How many rows a screen shows where it does not show all; empty where it does."""
    return "" if n_groups <= most else f"The first {count(most)} of {count(n_groups)}; the others are in the workbook."


def left_out_line(n_left: int) -> str:
    """How many exhibits of the deck are not shown; empty where all are."""
    return "" if not n_left else f"{plural(n_left, 'exhibit')} of the deck not shown; the deck says why."


ADD, IN_DECK = "Add to deck", "In the deck, take it out"
ADD_CARD = "Add a card to the deck"
LINKS_HELP = "Show it on other people's own screens, by a link that ends when you say so"
NO_NAMES = "No names of patients"
TAKEN_OVER = "Titles and comments stay behind: what was written for one audience may say what another may not hear."
NAMES_HELP = ("For a director. Groups and filters by clinician are then presented and exported, to the inside alone. "
              "Off again in the next session.")
TEMPLATE_FITS = "The template has all that slides need."
FILTERS_KEPT = "Filters that are for the inside"
NOTHING_TO_PRESENT = "There is nothing to present"


def add_help(kind: str, audience: str, *, is_there: bool = False) -> str:
    """What the button adds, or takes out."""
    if is_there:
        return f"{kind}: in the deck for {FOR[audience]}"
    return f"{kind}, with the filters and choices of this view, for {FOR[audience]}"


def export_lead(n_exhibits: int, audience: str, *, is_standard: bool, is_sample: bool) -> str:
    """What the files hold, and for whom."""
    if not n_exhibits:
        return "There is nothing to export."
    what = "The standard report" if is_standard else "The deck"
    marked = ", marked as invented" if is_sample else ""
    made = "Each file is made when you ask for it."
    return f"{what}: {plural(n_exhibits, 'exhibit')} for {FOR[audience]}{marked}. {made}"
