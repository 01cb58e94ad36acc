"""The store in words: what its check found, what a backup said."""

from __future__ import annotations

from collections.abc import Sequence

from analytics.store.check import Problem
from analytics.wording.numbers import count_plain, plural

_TABLES = {
    "recipes": "recipes", "loads": "last loads", "notes": "notes", "datasets": "datasets", "versions": "versions",
    "audit": "audit log", "shares": "links", "share_renders": "what links show", "share_visits": "visits of links",
    "share_positions": "places in links", "share_presence": "presence on links", "share_guesses": "guesses at links",
}

PUT_BACK = "Put a backup back into an empty store with: python -m analytics store restore FILE.zip"
NO_STORE = "There is no store in the folder; name the one that holds it with --store."


def problem_line(problem: Problem) -> str:
    """One thing that the check found, and what to do."""
    number, table = count_plain(problem.number), _TABLES.get(problem.table, problem.table)
    return {
        "database": "The database file is damaged. Restore a backup.",
        "reference": f"{table}: {plural(problem.number, 'row')} name what is not there. Restore a backup.",
        "latest": f"Dataset {number}: its latest version is not its newest. Keep the files again as a new version.",
        "tables": f"Version {number}: its tables are damaged or missing. Restore a backup, or delete the version.",
        "load": f"Last load {number} of a recipe: its tables are damaged or missing. Load the files again.",
        "plain": f"{table}: {plural(problem.number, 'value')} cannot be read. Restore a backup.",
        "orphan": f"{plural(problem.number, 'set')} of tables that nothing names. "
                  "They go at the next start, or with the next save.",
        "secret": "The secret for patient codes is damaged. Put back a copy of it.",
    }[problem.kind]


def check_text(described: str, found: Sequence[Problem]) -> str:
    """What the check says of a store."""
    if not found:
        return f"The store is whole: {described}."
    lines = "\n".join(f"- {problem_line(one)}" for one in found)
    return f"{plural(len(found), 'problem')} in the store, {described}:\n{lines}"


def backup_text(name: str, n_damaged: int) -> str:
    """What was written, and what was not."""
    written = f"backup written to {name}; it holds patients' codes and results, and is not encrypted"
    if not n_damaged:
        return written
    return (f"{written}. {plural(n_damaged, 'set')} of tables could not be read and are not in it: "
            "python -m analytics store check tells which")


def restored_text(name: str, described: str) -> str:
    """Where a backup was put."""
    return f"{name} restored into {described}"
