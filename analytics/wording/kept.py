"""Datasets that stay, saved rules and the audit log in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from analytics.wording.numbers import count, listed, plural
from analytics.wording.overview import day_words

NO_SAVED_RULES = "none of mine"
SAVED_RULES_HINT = ("The preset and everything set in it, cut-offs too. Saved rules are yours alone and can be chosen "
                    "for any dataset; the same name again replaces them.")

FOR_ALL, FOR_ME = "Everyone with a role here", "Only me"
NEW = "A new dataset"

NOT_THE_FILES = ("The store keeps what was read of the files, and not the files: load them again to change what a "
                 "column means.")


def _day(at: str) -> str:
    """The day of a time in UTC."""
    return day_words(at[:10])


def label(name: str, number: int, latest: int) -> str:
    """What a version is called: Clinic, version 2. An older one begins with its number, for where a name is cut."""
    return f"{name}, version {number}" if number == latest else older(name, number)


def older(name: str, number: int) -> str:
    """What a version is called that is not the latest."""
    return f"Version {number} of {name} (not the latest)"


def long_label(label: str, made_at: str, made_by: str) -> str:
    """A version with when and by whom it was kept."""
    return f"{label}, {_day(made_at)}, by {made_by}"


def not_latest(number: int, made_at: str, latest: int, latest_at: str) -> str:
    """That there is a later version: the loudest sentence of a page."""
    later = "later the same day" if latest_at[:10] == made_at[:10] else f"on {_day(latest_at)}"
    return f"This is version {number}, kept on {_day(made_at)}, and not the latest: version {latest} was kept {later}."


def of_many(number: int, made_at: str, made_by: str) -> str:
    """A version among those of the same dataset."""
    return f"Version {number}, kept on {_day(made_at)} by {made_by}"


OF_ANOTHER = "It was kept by another version of this product; update this one, or load its files again."


def not_readable(reason: str) -> str:
    """That a kept dataset is not offered, and why."""
    return f"A kept dataset cannot be opened. {reason}"


SEEN_BY_ONE, SEEN_BY_ALL = "Only you see it.", "Everyone with a role here sees it."


def version_sentences(
    facts: Mapping[str, Any], number: int, n_versions: int, made_at: str, made_by: str,
) -> list[str]:
    """Which version it is, and what is in it."""
    of = f"Version {number}, the only one" if n_versions == 1 else f"Version {number}, one of {count(n_versions)}"
    found = facts["findings"]
    n_lost = found.get("drops_rows", 0)
    lost = f", {plural(n_lost, 'finding')} about what was not used" if n_lost else ""
    return [f"{of}, kept on {_day(made_at)} by {made_by}.",
            f"{plural(facts['patients'], 'patient')}, {plural(facts['rows'], 'row')} in use{lost}. Made of "
            f"{facts['label']}."]


NOT_WHOLE = ("Your role is limited to some sites: as the next version these files would take the place of patients of "
             "others. Keep them as a dataset of its own.")


# --- to keep -----------------------------------------------------------------------------------------


def keep_sentence(place: str, dates: str, *, is_for_all: bool) -> str:
    """What keeping keeps, where, and who sees it."""
    dated = " with their real dates" if dates == "keep" else ""
    seen = "Whoever uses this dashboard on this computer finds it again" if is_for_all else "It is found again"
    return (f"Keep what was read of these files (codes, days, scores{dated}; no original text) in {place}. {seen} "
            "after a restart and in another browser. It is written whole or not at all, and is not encrypted by this "
            "program: encrypt the disk.")


def next_version(name: str, number: int) -> str:
    """The choice to keep an upload as the next version of a dataset."""
    return f"Version {number} of {name}"


def fits_sentence(name: str, number: int) -> str:
    """That an upload looks like a kept dataset."""
    return f"These files look like those of {name}, which has {plural(number, 'version')}."


def kept_sentence(label: str, *, is_new: bool) -> str:
    """What became of keeping."""
    if not is_new:
        return f"Nothing was added: these are the tables of {label} already."
    return f"Kept as {label}. The upload itself stays in this browser until it is forgotten."


def difference_title(label: str) -> str:
    """The head of the report on what a next version changes."""
    return f"What is new against {label}"


# --- to delete ---------------------------------------------------------------------------------------


def delete_version(label: str, *, before: int | None) -> str:
    """What goes with a version; of the latest also which is the latest then."""
    after = "" if before is None else f" Version {before} becomes the latest."
    return (f"{label} goes for good: its tables, and every link that shows this version ends.{after} Backups that were "
            "made before still hold it.")


def delete_dataset(name: str, n_versions: int) -> str:
    """What goes with a dataset."""
    return (f"{name} goes for good: {plural(n_versions, 'version')}, everybody's saved cohorts, decks, written-down "
            "changes and primary comparison of it, and every link that shows it ends. Backups that were made before "
            "still hold it.")


def deleted(label: str) -> str:
    """That something is gone."""
    return f"{label} was deleted. The audit log says so."


# --- notes -------------------------------------------------------------------------------------------


_DECKS = {"inside": "the deck for the inside", "board": "the deck for the board", "public": "the deck for the public"}


def lack_sentence(kind: str, name: str, lacking: Iterable[tuple[str, str | None]], n_hidden: int) -> str:
    """What of a cohort, a deck or the primary comparison a version does not have."""
    what = listed(f"no {attribute}" if value is None else f"no {value} of {attribute}" for attribute, value in lacking)
    if kind == "cohort":
        return f"The cohort {name} cannot be shown of this version, which has {what}."
    if kind == "primary":
        return f"The comparison declared primary cannot be shown of this version, which has {what}."
    verb = "is" if n_hidden == 1 else "are"
    return (f"{plural(n_hidden, 'exhibit')} of {_DECKS.get(name, 'a deck')} {verb} not shown: this version has {what}.")


def lacks_outside(n_hidden: int) -> str:
    """That a deck is not whole, without a word on what is lacking."""
    return f"{plural(n_hidden, 'exhibit')} of the deck cannot be shown of this version. Inside it is said why."


LACKS_STAY = "What is not shown stays kept for versions that have it."


# --- retention and the log ---------------------------------------------------------------------------


def retention_sentence(days: int | None) -> str:
    """How long older versions stay."""
    if days is None:
        return "Versions that are not the latest stay until somebody deletes them."
    return (f"Versions that are not the latest are deleted when they are older than {plural(days, 'day')}; the latest "
            "of a dataset always stays.")


def retention_asked(days: int) -> str:
    """What a shorter time would delete; asked once before anything goes."""
    return (f"Versions that are not the latest and older than {plural(days, 'day')} go for good now, and from now on "
            "as they grow older: their tables, and every link that shows one. The latest of a dataset always stays.")


def retention_set(n_deleted: int) -> str:
    """What a new setting did at once."""
    return f"Set. {plural(n_deleted, 'version')} {'was' if n_deleted == 1 else 'were'} deleted."


def what_words(what: Mapping[str, Any]) -> str:
    """The details of a line of the audit log."""
    return ", ".join(f"{name.replace('_', ' ')} {'none' if value is None else value}" for name, value in what.items())
