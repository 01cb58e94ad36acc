"""Standardised differences of the pbc data of R's survival package (312 randomised), by their definitions, R 4.2.2.

Call::

    p <- pbc[!is.na(pbc$trt), ]; s <- split(p, p$trt)
    d <- (mean(s[[1]]$age) - mean(s[[2]]$age)) / sqrt((var(s[[1]]$age) + var(s[[2]]$age)) / 2)
    d + c(-1, 1) * qnorm(.975) * sqrt(312 / (158 * 154) + d^2 / (2 * 312))
    smd <- function(x) { q <- prop.table(table(p$trt, x), 1)[, -1, drop = FALSE]; d <- q[1, ] - q[2, ]
      S <- (diag(q[1, ], ncol(q)) - q[1, ] %o% q[1, ] + diag(q[2, ], ncol(q)) - q[2, ] %o% q[2, ]) / 2
      sqrt(t(d) %*% solve(S) %*% d) }
    smd(p$sex); smd(p$edema); smd(p$stage)
"""

AGE = {"n": (158, 154), "mean": (51.4191077726, 48.5825399788), "sd": (11.00716581972, 9.95784032616),
       "difference": (0.270261925849, 0.0473107534494, 0.4932130982486)}
"""The difference with its ends."""

SEX = ((21, 137), (15, 139), 0.111411611567, -0.110700932500, 0.333524155634)
EDEMA = ((132, 16, 10), (131, 13, 10), 0.0581165880043)
STAGE = ((12, 35, 56, 55), (4, 32, 64, 54), 0.246008341004)
