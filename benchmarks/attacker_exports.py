"""The attacker of files and screens on drawn clinics: ``python -m benchmarks.attacker_exports [--first N] [--last N]``.

Each clinic of 40, 150 or 1,000 courses is reported to the board and to the public, as page, slides, workbook and PDF.
All files are read back: their tables as equations, every number beside the told ones, and all of them against
those of a twin, which differs only in what is withheld. Every fourth clinic is shown on screen, too: a walk through
filters whose tables are equations, and all pages against the twin's. One line a clinic; exit 1 if anything was found.
"""

from __future__ import annotations

import argparse
import sys
import time

import numpy as np

from analytics.app import state
from tests.app import test_attacked_screens as screens
from tests.results import export_reader
from tests.results import test_attacked_exports as exports
from tests.results.clinic_files import Files, files_of, reported
from tests.results.clinics import clinic
from tests.results.export_strays import sentences, strays

SIZES = (40, 150, 1000)
SWAPS = ("site", "route", "sex", "scores")
_BROWSER = "attacker"


def main() -> int:
    """Attack the clinics; gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--last", type=int, default=100)
    parser.add_argument("--minutes", type=float, default=60, help="no clinic is begun after this time")
    options = parser.parse_args()
    state.browser = lambda: _BROWSER
    start, n_found, n_twins, n_clinics = time.monotonic(), 0, 0, 0
    for seed in range(options.first, options.last):
        if time.monotonic() - start > 60 * options.minutes:
            break
        size = SIZES[seed % len(SIZES)]
        own = files_of(clinic(size, seed, is_well_followed=seed % 2 == 0, has_gad7=seed % 5 != 0))
        found, twins = [], 0
        for audience in ("board", "public"):
            more, is_twin = _attacked(own, audience, seed)
            found, twins = found + [(audience, one) for one in more], twins + is_twin
        n_clinics, n_found, n_twins = n_clinics + 1, n_found + len(found), n_twins + twins
        print(seed, size, f"{twins} twins", *found, flush=True)
    print(f"{n_clinics} clinics, {2 * n_clinics} reports of four files, {n_twins} twins, {n_found} found")
    return int(n_found > 0)


def _attacked(own: Files, audience: str, seed: int) -> tuple[list[str], bool]:
    made = reported(own, audience, instrument="phq9")
    files = exports.written(made)
    read = {extension: export_reader.pieces(content) for extension, content in files.items()}
    found = [f"recovered {one}" for one in exports.said(made, files.values()).small_counts(audience)]
    for extension, pieces in read.items():
        left = set(strays(sentences(pieces) - exports.constants(audience), made))
        found += [f"stray in {extension}: {one}" for one in sorted(left)]
    other = exports.twin_of(own, made, SWAPS[seed // 3 % 4], np.random.default_rng(seed), most=6)
    if other is not None:
        found += [f"twins differ in {extension}" for extension, content in exports.written(other[0]).items()
                  if exports.bare(export_reader.pieces(content)) != exports.bare(read[extension])]
    if seed % 4 == 0:
        found += _on_screen(own, audience, made.answers.of, None if other is None else other[1])
    return found, other is not None


def _on_screen(own: Files, audience: str, of, other: Files | None) -> list[str]:
    site, sex = (sorted({row[place] for row in own.patients.values()} - {""}) for place in (0, 1))
    steps = (({}, "site"), ({"site": site[:1]}, "sex"), ({"site": site[1:]}, "sex"), ({"sex": sex[:1]}, "site"),
             ({"site": site[:2]}, "sex"), ({}, "sex"))
    views = screens.walk(_BROWSER, own, audience, steps)
    found = [f"recovered on screen {one}" for one in screens.said_by(of, views).small_counts(audience, n_solved=10)]
    if other is not None:
        (one, told), (two, other_told) = (screens.screens(_BROWSER, files, audience) for files in (own, other))
        if told == other_told:
            found += [f"twins differ on {name}" for name in one if one[name] != two.get(name)]
    return found


if __name__ == "__main__":
    sys.exit(main())
