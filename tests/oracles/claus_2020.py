"""Claus 2020, doi 10.1159/000505855: BDI-II at time 1 and 4, classed by R's clinicalsignificance 3.0.0.

The package's own example of the Jacobson-Truax method with the reliability, functional mean and functional standard
deviation below and cut-off c: printed in its documentation; error and cut-off out of a run of it, as are the counts by
treatment. 40 of the 43 patients have both scores.
"""

RELIABILITY = 0.801
MEAN_FUNCTIONAL, SD_FUNCTIONAL = 7.69, 7.52
ERROR_OF_DIFFERENCE = 5.147063
CUT_OFF_C = 21.01661
COUNTS = {"recovered": 10, "improved": 8, "unchanged": 22, "deteriorated": 0, "harmed": 0}
COUNTS_BY_TREATMENT = {"TAU": {"recovered": 3, "improved": 2, "unchanged": 14},
                       "PA": {"recovered": 7, "improved": 6, "unchanged": 8}}

FILE = "claus_2020/claus_2020.csv"
"""Where the scores stand below a folder of shared data."""
