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
    chosen = np.flatnonzero((site[rows.patient] != NO_CODE) & (rows.day <= last))
    of_site = site[rows.patient[chosen]]
    months = rows.day[chosen].astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    found = []
    for one in np.unique(of_site):
        mine = months[of_site == one]
        first = max(int(mine.min()), month - MOST_MONTHS)
        if month - first < FEWEST_MONTHS:
            continue
        usual = float(np.median(np.bincount(mine[(mine >= first) & (mine < month)] - first, minlength=month - first)))
        if usual >= FEWEST_A_MONTH and int((mine == month).sum()) <= COLLAPSE_FRACTION * usual:
            places = chosen[of_site == one]
            found.append(int(places[np.lexsort((rows.row[places], rows.day[places]))[-1]]))
    return found
