"""Recipes in words: the Data page."""

from __future__ import annotations

from typing import Any

from analytics.wording.numbers import listed, plural


def _day(saved_at: str) -> str:
    return saved_at[:10]


def offer_sentences(name: str, saved_at: str, match: Any) -> list[str]:
    """That a recipe fits, and which columns differ from last time."""
    sentences = [f"These files look like those of the recipe {name}, saved on {_day(saved_at)}."]
    renamed = {pair[0] for pair in match.renamed}, {pair[1] for pair in match.renamed}
    gone = [header for header in match.gone if header not in renamed[0]]
    new = [header for header in match.new if header not in renamed[1]]
    if gone:
        sentences.append(f"{plural(len(gone), 'column')} of it not here: {listed(gone[:10])}.")
    if new:
        sentences.append(f"{plural(len(new), 'column')} new here: {listed(new[:10])}.")
    return sentences


def renamed_question(old: str, new: str) -> str:
    """Whether a column has only another name now."""
    return f"Column {new} is what was {old}"


def save_sentence(place: str) -> str:
    """What saving keeps, and where."""
    return ("Save how these files were read, with the rules in force: next month's files then load with one click and "
            "show what changed. For that the tables of this load (codes, days, scores; no original text) are kept in "
            f"{place}.")


def saved_sentence(name: str) -> str:
    """That a recipe was saved."""
    return f"Saved. Files of the same shape will be offered the recipe {name}."


def difference_title(saved_at: str) -> str:
    """The head of the difference report."""
    return f"What changed since the load of {_day(saved_at)}"
