"""Recipes written as TOML and read again; what is wrong with a file is said by key."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from typing import Any

import tomli_w

from analytics.definitions.instruments import BUILT_IN
from analytics.definitions.rules import PRESET_NAMES, rule_set
from analytics.definitions.tables import ColumnUse
from analytics.ingest.fields import use_said
from analytics.ingest.recipes import Recipe, instruments_of

FORMAT = 1

_ABOUT = """\
# How the columns of one export are read: a recipe of ketamine-outcomes.
#
# attributes  headers whose values are kept to group and filter by
# [columns]   each header as it stands in the file, and what it is in the words of --map
# [rules]     the preset, and under [rules.settings] what was set in the words of --set
# [[tables]]  the headers of the tables this was made from; by them it is found again
#
# It holds no value of any cell. Use it with --recipe FILE or on the Data page; it may be edited by hand.
"""

_KEYS = ("recipe", "name", "dates", "attributes", "columns", "rules", "instruments", "tables")


class _KeyProblem(Exception):
    """What is wrong with one key; the file is added on the way out."""


def recipe_to_toml(recipe: Recipe, columns: Iterable[ColumnUse] = ()) -> str:
    """A recipe as the text of a TOML file.

    Parameters
    ----------
    columns : the columns of the files; those that no entry names are listed at the end as comments
    """
    text = _ABOUT + "\n" + tomli_w.dumps({
        "recipe": FORMAT, "name": recipe.name, "dates": recipe.dates, "attributes": list(recipe.attributes),
        "columns": dict(recipe.mapping),
        "rules": {"preset": recipe.preset, "settings": dict(recipe.settings)},
        "tables": [{"headers": list(headers)} for headers in recipe.shape],
    })
    if recipe.instruments_text:
        # A line break of Windows inside a text of several lines would come back as a plain one.
        text += "\n" + tomli_w.dumps({"instruments": {"text": recipe.instruments_text}},
                                     multiline_strings="\r" not in recipe.instruments_text)
    named = {*recipe.mapping, *recipe.attributes}
    unnamed = dict.fromkeys(f"#   {_in_a_comment(use.column)}: {_in_a_comment(use.field or 'not read')}; "
                            f"{_in_a_comment(use.reason)}" for use in columns if use.column not in named)
    return text + ("\n# Not named above and looked at afresh each time:\n" + "\n".join(unnamed) + "\n"
                   if unnamed else "")


def _in_a_comment(text: str) -> str:
    """On one line and without the signs that TOML forbids in comments."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def recipe_from_toml(text: str, file: str = "the recipe") -> Recipe:
    """The recipe that a text describes.

    Parameters
    ----------
    file : what the text is called in messages

    Raises
    ------
    ValueError
        When it is no TOML, or a key is missing, unknown or not as expected; one line that names the key.
    """
    try:
        record = tomllib.loads(text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}"))
    except tomllib.TOMLDecodeError as problem:
        raise ValueError(f"{file}: this is not TOML: {problem}.") from None
    except RecursionError:
        raise ValueError(f"{file}: this is not TOML that can be read: it is nested too deeply.") from None
    try:
        recipe = _recipe(record)
    except _KeyProblem as problem:
        raise ValueError(f"{file}: {problem}") from None
    _require_usable(recipe, file)
    return recipe


def _recipe(record: Mapping[str, Any]) -> Recipe:
    unknown = [key for key in record if key not in _KEYS]
    if unknown:
        raise _KeyProblem(f"there is no key {unknown[0]!r} in a recipe; there are {', '.join(_KEYS)}.")
    if "columns" not in record:
        raise _KeyProblem("the key columns is missing; a table of headers and what each is was expected.")
    if record.get("recipe", FORMAT) != FORMAT:
        raise _KeyProblem(f"recipe = {FORMAT} was expected, the version of recipes that can be read here.")
    rules = _table("rules", record.get("rules", {}), ("preset", "settings"))
    own = _table("instruments", record.get("instruments", {}), ("text",))
    return Recipe(
        name=_text("name", record.get("name", "")),
        mapping=_texts("columns", record["columns"]),
        attributes=_list("attributes", record.get("attributes", [])),
        dates=_one_of("dates", record.get("dates", "keep"), ("keep", "relative")),
        preset=_one_of("rules.preset", rules.get("preset", "clinic"), PRESET_NAMES),
        settings=tuple(_texts("rules.settings", rules.get("settings", {})).items()),
        instruments_text=_text("instruments.text", own.get("text", "")),
        shape=_shape(record.get("tables", [])))


def _require_usable(recipe: Recipe, file: str) -> None:
    """Words, rules and instruments as the places that know them judge them."""
    try:
        own = instruments_of(recipe)
        known = {**BUILT_IN, **own}
        for header, words in recipe.mapping.items():
            use_said(header, words, known)
        rule_set(recipe.preset, recipe.settings).instruments(known)
    except ValueError as problem:
        raise ValueError(f"{file}: {' '.join(str(problem).split())}") from None


def _table(key: str, given: Any, parts: tuple[str, ...]) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise _KeyProblem(f"{key}: a table was expected; {_kind(given)} came.")
    unknown = [part for part in given if part not in parts]
    if unknown:
        raise _KeyProblem(f"{key}: there is no key {unknown[0]!r}; there are {', '.join(parts)}.")
    return given


def _texts(key: str, given: Any) -> dict[str, str]:
    if not isinstance(given, Mapping):
        raise _KeyProblem(f"{key}: a table was expected; {_kind(given)} came.")
    return {name: _text(f"{key}.{name!r}", text) for name, text in given.items()}


def _text(key: str, given: Any) -> str:
    if not isinstance(given, str):
        hint = " A header with a dot in it stands in quotation marks." if isinstance(given, Mapping) else ""
        raise _KeyProblem(f"{key}: a text was expected; {_kind(given)} came.{hint}")
    return given


def _list(key: str, given: Any) -> tuple[str, ...]:
    if not isinstance(given, list):
        raise _KeyProblem(f"{key}: a list of texts was expected; {_kind(given)} came.")
    return tuple(_text(f"{key}, entry {place}", one) for place, one in enumerate(given, start=1))


def _one_of(key: str, given: Any, words: tuple[str, ...]) -> Any:
    if given not in words:
        raise _KeyProblem(f"{key}: one of {', '.join(words)} was expected; "
                          f"{repr(given) if isinstance(given, str) else _kind(given)} came.")
    return given


def _shape(given: Any) -> tuple[tuple[str, ...], ...]:
    if not isinstance(given, list):
        raise _KeyProblem(f"tables: a list of tables was expected, each [[tables]]; {_kind(given)} came.")
    return tuple(_list(f"tables, entry {place}: headers", _table(f"tables, entry {place}", one, ("headers",))
                       .get("headers", [])) for place, one in enumerate(given, start=1))


def _kind(given: Any) -> str:
    kinds = {bool: "true or false", int: "a number", float: "a number", str: "a text", list: "a list",
             dict: "a table"}
    return kinds.get(type(given), "a date or time")
