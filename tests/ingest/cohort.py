"""A generated export with a fault in every fifth row or so, seeded."""

from __future__ import annotations

import numpy as np

BAD_SCORES = ("twelve", "300", "-4", "99", "NA", "", "7.5", "inf")
BAD_DAYS = ("soon", "1.5", "", "99999")


def faulty_export(seed: int, n_rows: int = 400) -> str:
    """A file of scores, items and sessions with every kind of fault a cell can have."""
    drawn = np.random.default_rng(seed)
    items = [f"gad7_q{item}" for item in range(1, 8)]
    lines = [",".join(["patient_id", "day", "phq9", *items, "gad7", "dose_mg", "nausea", "site", "comment"])]
    for _ in range(n_rows):
        patient = f"P{drawn.integers(40)}" if drawn.random() > 0.03 else ""
        day = str(drawn.integers(0, 200)) if drawn.random() > 0.06 else str(drawn.choice(BAD_DAYS))
        phq9 = "" if drawn.random() < 0.4 else str(drawn.integers(0, 28))
        if drawn.random() < 0.1:
            phq9 = str(drawn.choice(BAD_SCORES))
        answers = [str(drawn.integers(0, 4)) if drawn.random() > 0.15 else str(drawn.choice(("", "9", "x", "5")))
                   for _ in items] if drawn.random() < 0.5 else [""] * 7
        gad7 = str(drawn.integers(0, 22)) if drawn.random() < 0.1 else ""
        dose = "" if drawn.random() < 0.6 else str(drawn.choice(("40", "60", "much", "9999", "88")))
        nausea = str(drawn.choice(("", "", "yes", "no", "maybe")))
        site = f"S{drawn.integers(2)}" if drawn.random() < 0.05 else ("S0" if patient < "P3" else "S1")
        cells = [patient, day, phq9, *answers, gad7, dose, nausea, site, "fine"]
        if drawn.random() < 0.02:
            cells.append("one too many")
        lines.append(",".join(cells))
        if drawn.random() < 0.04:
            lines.append(lines[-1])
        if drawn.random() < 0.02:
            lines.append("")
    return "\n".join(lines) + "\n"
