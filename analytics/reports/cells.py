"""Text from files on its way into a spreadsheet: data, never a formula."""

from __future__ import annotations

import pandas as pd

_STARTS_FORMULA = r"^\s*[=+\-@\t\r|]"
_IS_NUMBER = r"^[+-]?\d+([.,]\d+)?$"


def inert(texts: pd.Series) -> pd.Series:
    """Texts of which none is taken for a formula by a spreadsheet: those that could be get an apostrophe first.

    Plain numbers stay as they are; missing stays missing.
    """
    words = texts.astype("str")
    is_formula = words.str.contains(_STARTS_FORMULA, na=False) & ~words.str.match(_IS_NUMBER, na=False)
    return words.mask(is_formula, "'" + words)


def inert_table(table: pd.DataFrame) -> pd.DataFrame:
    """A table with every text column and every header inert."""
    columns = {name: inert(table[name]) if _is_text(table[name]) else table[name] for name in table.columns}
    safe = pd.DataFrame(columns, index=table.index)
    safe.columns = inert(pd.Series(table.columns, dtype="str")).to_numpy()
    return safe


def _is_text(column: pd.Series) -> bool:
    return isinstance(column.dtype, (pd.StringDtype, pd.CategoricalDtype)) or column.dtype == object
