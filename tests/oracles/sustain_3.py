"""SUSTAIN-3 subgroup (PMC10439056, table 3): counts and printed percents at the end of induction."""

RESPONSE = (15, 32, 46.9, 40, 63, 63.5)
REMISSION = (7, 32, 21.9, 34, 64, 53.1)
