"""Binomial limits by R 4.2.2's own stats, and overdispersion as Spiegelhalter 2005, Stat Med 24:1185, describes it.

Calls::

    n <- c(1,2,5,7,13,38,250); for (q in c(.001,.025,.975,.999)) print(qbinom(q, n, .23))
    t <- sum(x)/sum(n); z <- (x/n-t)/sqrt(t*(1-t)/n)
    w <- pmin(pmax(z, quantile(z, .1)), quantile(z, .9)); phi <- mean(w^2)
    for (a in c(.975, .999)) { tail <- pnorm(-qnorm(a)*sqrt(phi)); print(qbinom(tail, n, t))
      print(qbinom(tail, n, t, lower.tail=FALSE)) }

TARGET_536 is the row "exact binomial, target .536" of the oracles' README: counts at 0.1, 2.5, 97.5 and 99.9 %.
"""

TARGET_536 = {10: (1, 2, 8, 10), 20: (4, 6, 15, 17), 50: (16, 20, 34, 37), 100: (38, 44, 63, 69)}

SIZES = (1, 2, 5, 7, 13, 38, 250)
TARGET = 0.23
AT_00_1 = (0, 0, 0, 0, 0, 2, 38)
AT_02_5 = (0, 0, 0, 0, 0, 4, 45)
AT_97_5 = (1, 2, 3, 4, 6, 14, 71)
AT_99_9 = (1, 2, 4, 5, 8, 17, 79)

SCATTERED_X = (12, 30, 45, 8, 22, 61, 5, 40, 33, 90)
SCATTERED_N = (40, 60, 70, 30, 50, 100, 25, 65, 80, 120)
SCATTERED_TARGET = 0.540625
PHI = 4.603268722818
WIDENED_95 = ((9, 16, 20, 5, 12, 33, 3, 18, 25, 42), (34, 48, 55, 27, 41, 74, 23, 51, 61, 87))
WIDENED_998 = ((2, 8, 11, 0, 5, 22, 0, 9, 14, 29), (40, 56, 63, 30, 48, 85, 25, 60, 71, 99))
