"""Counts over sites and months: an export that holds only a part of the last month."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from analytics.definitions.plausible import SITE_HEADERS
from analytics.ingest.check import Checker
from analytics.ingest.records import NO_CODE, AttributeRows, Rows
from analytics.ingest.synonyms import squeezed

COLLAPSE_FRACTION = 1 / 3
"""A month with at most this part of the usual number is told; sites of this size vary by a half from chance alone."""

FEWEST_A_MONTH = 5
"""Sites that usually have fewer rows a month may have none by chance."""

FEWEST_MONTHS, MOST_MONTHS = 3, 12
"""Months before the last one that say what is usual: at least so many since the site's first row, at most a year."""


def collapsed_sites(
    checker: Checker, what: Mapping[str, Rows | None], values: Mapping[str, AttributeRows], n_patients: int, last: int
) -> None:
    """Note sites that have far fewer rows in the last full month than before.

    Parameters
    ----------
    what : words for a table, and its rows by date
    values : the settled attributes; the first that is a site by its header decides
    last : the day the figures speak for
    """
    header = next((name for name in values if squeezed(name) in SITE_HEADERS), None)
    if header is None:
        return
    site = np.full(n_patients, NO_CODE, dtype=np.int64)
    site[values[header].patient] = values[header].value
    month = last_full_month(last)
    told: dict[int, dict[int, int]] = {}
    names: dict[int, list[str]] = {}
    for word, rows in what.items():
        for place in _collapsed(rows, site, month, last) if rows is not None and len(rows) else ():
            file = int(rows.file[place])
            told.setdefault(file, {})[int(site[rows.patient[place]])] = int(rows.row[place])
            names.setdefault(file, [])
            names[file] += [word] if word not in names[file] else []
    for file, row_of_site in told.items():
        checker.log.add("site_collapses", checker.files[file], rows=sorted(row_of_site.values()),
                        count=len(row_of_site), what=" or ".join(names[file]))


def last_full_month(day: int) -> int:
    """The last month, counted from January 1970, that a day is not before the end of."""
    months = np.array([day, day + 1]).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return int(months[0]) if months[1] > months[0] else int(months[0]) - 1


def _collapsed(rows: Rows, site: np.ndarray, month: int, last: int) -> list[int]:
    """Position of the last row of each site that collapsed."""
    # A column for each month that counts; the first one for all before them, the last one for all after them.
    n_columns = MOST_MONTHS + 3
    first_day = int(rows.day.min())
    months = np.arange(first_day, int(rows.day.max()) + 1).astype("datetime64[D]").astype("datetime64[M]")
    column_of_day = np.clip(months.astype(np.int64) - (month - MOST_MONTHS) + 1, 0, n_columns - 1)
    of_site = site[rows.patient]
    n_sites = int(of_site.max()) + 1
    # Patients without a site come first, and are left out.
    counts = np.bincount((of_site + 1) * n_columns + column_of_day[rows.day - first_day],
                         minlength=(n_sites + 1) * n_columns)[n_columns:].tolist()
    found = []
    for one in range(n_sites):
        of_month = counts[one * n_columns:(one + 1) * n_columns]
        first = max(1, next((place for place, n in enumerate(of_month) if n), n_columns))
        if MOST_MONTHS + 1 - first < FEWEST_MONTHS:
            continue
        usual = float(np.median(of_month[first:MOST_MONTHS + 1]))
        if usual >= FEWEST_A_MONTH and of_month[MOST_MONTHS + 1] <= COLLAPSE_FRACTION * usual:
            places = np.flatnonzero((of_site == one) & (rows.day <= last))
            found.append(int(places[np.lexsort((rows.row[places], rows.day[places]))[-1]]))
    return found
