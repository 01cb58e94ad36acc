"""The deck: which cards and charts a person shows to whom, in which order and under which titles.

There is one deck an audience, kept with the dataset. An item is a question and never an answer: its numbers are made
anew, under the rules of the view, each time it is shown. What a person wrote stays with the audience it was written
for: a title may say what another audience may not hear. An empty deck stands for the standard report.

    ``items(question) -> tuple[Item, ...]``, ``add``, ``put``, ``moved``, ``without``, ``written``
    ``shown(question) -> Shown``          the exhibits of the deck, or of the standard report
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from analytics.app import dataset_notes, deck_exhibits, deck_options, state, told
from analytics.app.deck_exhibits import Shown, ask_of
from analytics.app.questions import Question
from analytics.app.view import Filters
from analytics.definitions.measures import MEASURES
from analytics.definitions.safety import SESSION_MEASURES

__all__ = ["KINDS", "STANDARD", "Item", "Shown", "ask_of", "items", "read", "shown", "standard"]

STANDARD = ("headline", "flow", "severity", "strata", "harm", "published")
"""Kinds of exhibits of the standard report, in its order."""

KINDS = (*STANDARD, "card", "item9", "compare", "course", "response", "durability", "trend", "effects", "pressure",
         "session", "amount", "routes")
"""Kinds of exhibits that a deck takes."""

MOST_ITEMS, MOST_TITLE, MOST_COMMENT = 60, 160, 400
NAMES = "deck names"


@dataclass(frozen=True)
class Item:
    """One exhibit of a deck as a question.

    Attributes
    ----------
    kind : of ``KINDS``
    instrument, measure : keys; missing means what ``reports.exhibits.Ask`` says
    by : places of attributes
    filters : places of attributes and of the values that stay
    title, comment : a person's own words; empty means the finding alone
    options : what was chosen on the page beyond that, as pairs of ``deck_options``
    sides : filters of two cohorts that are compared
    side_names : what the two are called; empty means by what they were kept under, else by their filters
    """

    kind: str
    instrument: str | None = None
    measure: str | None = None
    by: tuple[int, ...] = ()
    filters: Filters = ()
    title: str = ""
    comment: str = ""
    options: deck_options.Options = ()
    sides: tuple[Filters, ...] = ()
    side_names: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        """Names the question, whatever a person wrote to it."""
        asked = repr((self.kind, self.instrument, self.measure, self.by, self.filters, self.options, self.sides))
        return hashlib.sha256(asked.encode()).hexdigest()[:12]

    @property
    def bare(self) -> Item:
        """The question alone."""
        return replace(self, title="", comment="")


# --- the items ---------------------------------------------------------------------------------------


def items(question: Question) -> tuple[Item, ...]:
    """The deck for the audience of the view, without what this dataset does not have."""
    kept = dataset_notes.deck(question.dataset, question.view.audience)
    found = (read(one) for one in kept[:MOST_ITEMS])
    there = {one.code: one for one in found if one is not None and _is_there(question, one)}
    return tuple(there.values())


def read(kept: Mapping[str, Any]) -> Item | None:
    """An item as it was kept; missing where another version wrote it in another way."""
    try:
        # What was kept before there were options and sides has none.
        return Item(str(kept["kind"]), kept["instrument"], kept["measure"], tuple(int(one) for one in kept["by"]),
                    _filters(kept["filters"]), str(kept["title"])[:MOST_TITLE], str(kept["comment"])[:MOST_COMMENT],
                    tuple((str(name), str(value)) for name, value in kept.get("options", ())),
                    tuple(_filters(side) for side in kept.get("sides", ())),
                    tuple(str(name) for name in kept.get("side_names", ())))
    except (KeyError, TypeError, ValueError):
        return None


def _filters(kept: Any) -> Filters:
    return tuple((int(place), tuple(values)) for place, values in kept)


def _is_there(question: Question, one: Item) -> bool:
    attributes = question.dataset.shape.attributes
    return (one.kind in KINDS and one.measure in (None, *MEASURES, *SESSION_MEASURES)
            and one.instrument in (None, *question.dataset.shape.present)
            and all(0 <= place < len(attributes) for place in one.by)
            and deck_options.are_known(one.options) and len(one.sides) in (0, 2)
            and all(0 <= place < len(attributes) and all(value is None or 0 <= value < len(attributes[place][1])
                                                         for value in values)
                    for filters in (one.filters, *one.sides) for place, values in filters))


def codes(question: Question) -> frozenset[str]:
    """The questions of the deck by their codes; read once a run, as a question lasts for one."""
    kept = vars(question)
    if "deck codes" not in kept:
        kept["deck codes"] = frozenset(one.code for one in items(question))
    found: frozenset[str] = kept["deck codes"]
    return found


def put(question: Question, deck: Iterable[Item]) -> None:
    """Keep these items as the deck for the audience of the view; a question stands in it once."""
    there: dict[str, Item] = {}
    for one in deck:
        there.setdefault(one.code, one)
    dataset_notes.keep_deck(question.dataset, question.view.audience,
                            [asdict(one) for one in there.values()][:MOST_ITEMS])


def add(question: Question, one: Item) -> None:
    """Put an item last; one that is there already stays where it is."""
    put(question, (*items(question), one))


def take_back(question: Question, code: str) -> None:
    """Take an item out again."""
    put(question, without(items(question), code))


def moved(deck: Sequence[Item], place: int, by: int) -> tuple[Item, ...]:
    """The deck with one item moved down by so many places, or up; at its ends it stays."""
    others = [one for number, one in enumerate(deck) if number != place]
    others.insert(min(max(place + by, 0), len(others)), deck[place])
    return tuple(others)


def without(deck: Sequence[Item], code: str) -> tuple[Item, ...]:
    """The deck without one item."""
    return tuple(one for one in deck if one.code != code)


def written(deck: Sequence[Item], code: str, **texts: str) -> tuple[Item, ...]:
    """The deck with a title or a comment of one item."""
    most = {"title": MOST_TITLE, "comment": MOST_COMMENT}
    short = {name: " ".join(text.split())[:most[name]] for name, text in texts.items()}
    return tuple(replace(one, **short) if one.code == code else one for one in deck)


def of_view(
    question: Question, kind: str, measure: str | None = None, by: Iterable[int | None] = (), *,
    instrument: str | None = None, sides: Iterable[Filters] = (), **options: Any,
) -> Item:
    """What the view shows of a kind, as an item.

    Parameters
    ----------
    instrument : where it is another than the view's
    options : what was chosen on the page, by names of ``deck_options``; an underscore at the end of a name is left off
    """
    places = tuple(place for place in by if place is not None)
    return Item(kind, instrument or question.view.instrument, measure, places, question.view.filters,
                options=deck_options.spelled(options), sides=tuple(sides))


def standard(question: Question) -> tuple[Item, ...]:
    """The standard report of the view as items."""
    from analytics.reports.exhibits import main_attributes

    places = {question.column(name): place for place, (name, _) in enumerate(question.dataset.shape.attributes)}
    groups = [places[name] for name in main_attributes(deck_exhibits.answers_of(question)) if name in places]
    plain = of_view(question, "headline")
    found: list[Item] = []
    for kind in STANDARD:
        found += [replace(plain, kind=kind, by=(place,)) for place in groups] if kind == "strata" else [
            replace(plain, kind=kind)]
    return tuple(found)


# --- the exhibits ------------------------------------------------------------------------------------


def tells_names() -> bool:
    """Whether a director turned on the names of those who treat; heard by the inside alone."""
    return bool(state.remembered(NAMES, False))


def shown(question: Question) -> Shown:
    """The exhibits of the deck for the audience of the view; of the standard report where it is empty."""
    deck, with_names = items(question), tells_names()
    book = None if question.view.audience == "inside" else told.book(question.view.audience)
    made = deck_exhibits.made(question, tuple(one.bare for one in deck) or None, book, with_names=with_names)
    if not deck:
        return made
    own = {one.code: one for one in deck}
    codes = [one.code for one in deck if one.code not in made.left_out]
    exhibits = tuple(replace(exhibit, title=own[code].title or exhibit.title, comment=own[code].comment)
                     for code, exhibit in zip(codes, made.exhibits, strict=True))
    return replace(made, exhibits=exhibits, findings=tuple(one.title for one in made.exhibits))
