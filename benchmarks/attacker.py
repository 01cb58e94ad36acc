"""The attacker of the tests on many drawn clinics: ``python -m benchmarks.attacker [--first N] [--last N]``.

Each clinic has 40, 150 or 1,000 courses and is told to the board and to the public: as one table with every measure, as
a page of linked tables by two attributes, and as a table, the same crossed and the same filtered. Prints one line a
clinic, and at the end how many views were told, how many of their results, and what was recovered. Exit 1 if anything.
"""

from __future__ import annotations

import argparse
import sys

from analytics.results.disclosure import Disclosure
from tests.results.clinics import clinic
from tests.results.disclosed_views import CROSSED, FEW, PAGE, TABLE, shown, small_counts

SIZES = (40, 150, 1000)
N_CLINICS = 500
VIEWS = {"table": (TABLE, None), "page": (PAGE, FEW), "crossed": (CROSSED, FEW)}


def main() -> int:
    """Attack the clinics; gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--last", type=int, default=N_CLINICS)
    options = parser.parse_args()
    n_views = n_results = n_told = n_recovered = 0
    for seed in range(options.first, options.last):
        size = SIZES[seed % len(SIZES)]
        of = clinic(size, seed, is_well_followed=seed % 2 == 0, has_gad7=seed % 5 != 0)
        told, every, found = _attacked(of)
        n_views, n_results, n_told = n_views + 2 * len(VIEWS), n_results + every, n_told + told
        n_recovered += len(found)
        print(seed, size, f"{told} of {every} told", *found, flush=True)
    print(f"{options.last - options.first} clinics, {n_views} views, {n_told:,} of {n_results:,} results told, "
          f"{n_recovered} counts recovered")
    return int(n_recovered > 0)


def _attacked(of) -> tuple[int, int, list]:
    told, every, found = 0, 0, []
    for audience in ("board", "public"):
        for name, (views, measures) in VIEWS.items():
            records = shown(of, Disclosure(audience), views, measures)
            results = [one for record in records for one in record["results"]]
            told += sum(not one["withheld"] for one in results)
            every += len(results)
            found += [(audience, name, one) for one in small_counts(of, records, views, audience, n_solved=20)]
    return told, every, found


if __name__ == "__main__":
    sys.exit(main())
