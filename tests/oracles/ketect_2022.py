"""KetECT: Ekstrand 2022, Int J Neuropsychopharmacol (PMC9154276): remission 57 of 91 against 44 of 95."""

REMISSION = (57, 91, 44, 95)
DIFFERENCE_PERCENTAGE_POINTS = (16, 2, 30)
"""Difference and 95 % interval, printed without decimals."""

P = 0.026
"""Printed; the chi-square without correction, not Fisher (.0281) or Yates (.0369)."""
