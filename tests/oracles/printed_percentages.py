"""Percentages as their sources print them, with the counts they must come from.

NHS England, NHS Talking Therapies annual report 2024-25: recovery is of those who finished treatment and were at
caseness at the start, and not of all who finished. Salloum 2019, J Affect Disord: 19 (34 %) and 27 (48 %) are printed
beside 60 patients; both percentages fit 56 and neither fits 60, so a printed denominator can be wrong.
"""

NHS_RECOVERED, NHS_FINISHED, NHS_NOT_CASES, NHS_RECOVERY = 321_061, 670_419, 35_234, 50.5

SALLOUM = ((19, 34), (27, 48))
SALLOUM_PRINTED_N, SALLOUM_FITTING_N = 60, 56
