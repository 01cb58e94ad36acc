"""Recipes: how the columns of one export are read, as a TOML file that people can read and edit.

A recipe holds headers and words, never the value of a cell. It is made from files that were read
(``recipe_of``), written and read (``recipe_files``), found again by the shape of next
month's files (``file_shapes.matches``), and replayed on them::

    opened = open_files(sources, tuple(recipe.mapping))
    mapping, gone = mapping_for(recipe, headers_of(opened))
    tables = tables_of(opened, mapping=mapping, attributes=recipe.attributes, dates=recipe.dates,
                       instruments=instruments_of(recipe))

What a person said about a column becomes an entry, and so do scores, answers and days that were proposed and used, so
that next month is read the same way. All else that was proposed is proposed afresh: an entry of a text passes the
screen for identifiers, and nobody has seen next month's values; boxes of forms and units in headers mean more than
the words of an entry say. Attributes that were proposed are
kept as names, which pass no screen. A column that several files have and use differently is proposed afresh too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from analytics.definitions.custom_instruments import instruments_from_text
from analytics.definitions.instruments import Instrument
from analytics.definitions.tables import ColumnUse, Tables
from analytics.ingest.fields import use_said
from analytics.ingest.file_shapes import Shape, shape_of
from analytics.ingest.load import Dates, Opened
from analytics.ingest.reshape import names_to_say


@dataclass(frozen=True)
class Recipe:
    """How one kind of export is read and counted.

    Attributes
    ----------
    mapping : header to what it is, in the words of ``--map``
    attributes : headers that are kept as attributes where nothing else is known of them
    dates : whether dates are kept or turned into days
    preset, settings : the rules, as of ``rule_set``
    instruments_text : the text of a file of the clinic's own instruments, empty without
    shape : the headers of the files it was made for
    """

    name: str
    mapping: Mapping[str, str] = field(default_factory=dict)
    attributes: tuple[str, ...] = ()
    dates: Dates = "keep"
    preset: str = "clinic"
    settings: tuple[tuple[str, str], ...] = ()
    instruments_text: str = ""
    shape: Shape = ()


def headers_of(opened: Opened, mapping: Mapping[str, str] | None = None) -> frozenset[str]:
    """Every header of opened files, and the names of measurements and questions in rows that a mapping may name.

    Parameters
    ----------
    mapping : what is said of the files; it may say which column holds such names
    """
    columns = {header for header, words in (mapping or {}).items() if words in ("instrument", "total")}
    said = {header: use_said(header, mapping[header], {}) for header in columns}
    headers = frozenset(header for part in opened.parts for header in part.headers)
    return headers | names_to_say(opened.parts, said)


def recipe_of(
    tables: Tables, opened: Opened, name: str, *, said: Mapping[str, str] | None = None, dates: Dates = "keep",
    preset: str = "clinic", settings: Iterable[tuple[str, str]] = (), instruments_text: str = "",
) -> Recipe:
    """A recipe from files as they were read: everything that was used, said or proposed.

    Parameters
    ----------
    tables, opened : the files as they were read, and as they were opened
    said : the mapping they were read with; of a table that was turned on its side the columns that name and hold
        the scores are in no table any more, but what was said of them counts next month too
    """
    there = headers_of(opened, said)
    uses: dict[str, list[ColumnUse]] = {}
    for use in tables.columns:
        if use.column in there:
            uses.setdefault(use.column, []).append(use)
    mapping = {header: words for header, words in (said or {}).items() if header in there}
    mapping |= {header: words for header, found in uses.items()
                if (words := _words(found, tables.instruments)) is not None}
    attributes = tuple(header for header, found in uses.items() if header not in mapping
                       and all(use.field == "attribute" for use in found))
    return Recipe(name, mapping, attributes, dates, preset, tuple(dict(settings).items()),
                  instruments_text.replace("\r\n", "\n"), shape_of(opened))


def _words(uses: list[ColumnUse], instruments: Mapping[str, Instrument]) -> str | None:
    """The one use of a header in all tables, where saying it means the same as proposing it."""
    words, header = uses[0].field, uses[0].column
    if words is None or any(use.field != words for use in uses):
        return None
    if any(use.confidence == "said" for use in uses):
        return words
    try:
        use = use_said(header, words, instruments)
    except ValueError:
        return None
    return words if (use.instrument is not None or use.field == "day") and use.words == words else None


def mapping_for(recipe: Recipe, headers: Collection[str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """The mapping of a recipe for files with these headers, and the mapped headers that no file has."""
    gone = tuple(header for header in recipe.mapping if header not in headers)
    return {header: words for header, words in recipe.mapping.items() if header in headers}, gone


def with_renamed(recipe: Recipe, pairs: Iterable[tuple[str, str]]) -> Recipe:
    """The recipe with headers renamed, after a person agreed to each pair of an old and a new one."""
    names = dict(pairs)
    return replace(
        recipe, mapping={names.get(header, header): words for header, words in recipe.mapping.items()},
        attributes=tuple(names.get(header, header) for header in recipe.attributes),
        shape=tuple(tuple(names.get(header, header) for header in headers) for headers in recipe.shape))


def instruments_of(recipe: Recipe) -> dict[str, Instrument]:
    """The clinic's own instruments that a recipe describes.

    Raises
    ------
    ValueError
        When the text describes them wrongly; as of ``instruments_from_toml``.
    """
    return instruments_from_text(f"recipe {recipe.name}", recipe.instruments_text) if recipe.instruments_text else {}
