"""McInnes 2022, J Affect Disord 301:486: counts as printed, Wilson 95 % intervals computed with SciPy, in percent."""

WILSON_PERCENT = (
    (288, 537, 49.40, 57.81),
    (155, 537, 25.19, 32.84),
    (45, 537, 6.32, 11.03),
)
