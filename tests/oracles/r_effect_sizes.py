"""Effect sizes printed by R 4.2.2: limits from R's own noncentral t, estimates equal to effectsize 0.8.3.

``glass_delta(a, b)``, ``hedges_g(a, b)`` and ``cohens_d(a)`` of effectsize give the same numbers to five digits (their
ends come from a coarser search). a and b stand in r_tests.py. Call::

    nc <- function(t, df, p) uniroot(function(x) pt(t, df, x) - p, c(t - 8, t + 8), tol = 1e-12)$root
    ends <- function(t, df) c(nc(t, df, .975), nc(t, df, .025))
    ch <- bas - end; dz <- mean(ch) / sd(ch); l <- ends(dz * sqrt(10), 9) / sqrt(10)
    sav <- sqrt((var(bas) + var(end)) / 2); c(dz, l); c(mean(ch) / sav, l * sd(ch) / sav)
    sp <- sqrt((11 * var(a) + 8 * var(b)) / 19); h <- sqrt(1/12 + 1/9); d <- (mean(a) - mean(b)) / sp
    J <- gamma(19/2) / (sqrt(19/2) * gamma(18/2)); J * c(d, h * ends(d / h, 19))
    e <- sqrt(var(a)/12 + var(b)/9); c((mean(a) - mean(b)) / sd(b), e / sd(b) * ends((mean(a) - mean(b)) / e, 8))
"""

BASELINE = (21, 17, 24, 15, 19, 22, 27, 13, 18, 20)
ENDPOINT = (9, 12, 11, 14, 6, 20, 15, 8, 10, 19)

D_Z = (1.43175141925, 0.51480889186, 2.31241442320)
D_AV = (1.640322358394, 0.589803875352, 2.649276284442)
HEDGES_G = (0.8257188656639, -0.0537490508376, 1.6855090132244)
GLASS_BY_B = (1.103489488328, -0.100828757219, 2.254232557811)
GLASS_BY_A = (-0.7587415386219, -1.5318471665941, 0.0430098077032)
"""Estimate, low, high; the last with the sides changed over: b against a."""
