"""Values printed by R 4.2.2 (stats), and by epitools 0.5-10.1 for the ratios.

Calls, with the data below::

    t.test(a, b); wilcox.test(a + 0.01 * (1:12), b); wilcox.test(round(a), round(b))
    t.test(a); wilcox.test(a + 0.01 * (1:12)); wilcox.test(a)
    wilcox.test(c(0, 1, -2, 3.5, 5, 6.2))
    d <- data.frame(y = c(a, b, cc), g = factor(rep(1:3, c(12, 9, 7))))
    oneway.test(y ~ g, d); kruskal.test(y ~ g, d)
    p.adjust(c(.01, .04, .03, .005, NA, .6), "holm")
    prop.test(c(x1, x2), c(n1, n2), correct = FALSE); fisher.test(matrix(c(x1, n1 - x1, x2, n2 - x2), 2))
    chisq.test(rbind(c(20, 35, 14), c(40, 30, 31)), correct = FALSE)
    fisher.test(rbind(c(1, 5, 8, 0), c(9, 5, 4, 3))); fisher.test(rbind(c(3, 0, 6, 2), c(17, 12, 9, 20)))
    epitools::riskratio.wald(matrix(c(100, 87, 70, 108), 2))$measure
    epitools::riskratio.wald(rbind(c(28, 2), c(10, 7)))$measure

Boschloo's p, twice the smaller one-sided p, by a search over the nuisance share::

    bos <- function(x1, n1, x2, n2) { g <- expand.grid(i = 0:n1, j = 0:n2)
      f <- function(low) mapply(function(i, j) phyper(if (low) i else i - 1, n1, n2, i + j, lower.tail = low), g$i, g$j)
      one <- function(low) { p <- f(low); s <- g[p <= p[g$i == x1 & g$j == x2] * (1 + 1e-9), ]
        h <- function(q) sum(dbinom(s$i, n1, q) * dbinom(s$j, n2, q))
        k <- seq(0, 1, .001); m <- k[which.max(sapply(k, h))]
        optimize(h, c(max(0, m - .002), min(1, m + .002)), maximum = TRUE, tol = 1e-12)$objective }
      min(1, 2 * min(one(TRUE), one(FALSE))) }
"""

A = (3, 5.5, -1, 4, 8, 2, 2.5, 0, 7, 10, 6, -3)
B = (1, -2, 4.5, 0.5, 3.5, -4, 2.2, 1.5, -0.5)
C = (9, 7.5, 11, 3.2, 6.6, 12.5, 8.1)
A_UNTIED = tuple(value + 0.01 * (place + 1) for place, value in enumerate(A))
A_WHOLE = (3, 6, -1, 4, 8, 2, 2, 0, 7, 10, 6, -3)
B_WHOLE = (1, -2, 4, 0, 4, -4, 2, 2, 0)

WELCH = (2.0584601101294, 0.0535952820388)
WELCH_INTERVAL = (-0.0500448337154, 5.8944892781598)
MANN_WHITNEY_UNTIED = (79.0, 0.0815432245773)
MANN_WHITNEY_TIED = (78.0, 0.0928657133503)
PAIRED_T = (3.29793943158179, 0.00710391771437)
PAIRED_INTERVAL = (1.21959961532750, 6.11373371800583)
WILCOXON_UNTIED = (71.0, 0.00927734375)
WILCOXON_TIED_WITH_A_ZERO = (60.5, 0.0163155283156)
WILCOXON_UNTIED_WITH_A_ZERO = (13.0, 0.177529852412)
WELCH_ANOVA = (13.0011699680, 5.00082341321e-04)
KRUSKAL_WALLIS = (12.12197982641332, 0.00233209117666)
"""Each pair: statistic and p."""

HOLM_GIVEN = (0.01, 0.04, 0.03, 0.005, None, 0.6)
HOLM = (0.040, 0.090, 0.090, 0.025, float("nan"), 0.600)

PEARSON = (
    ((57, 91, 44, 95), 4.9895533960568, 0.0255007895382),
    ((15, 32, 40, 63), 2.403809298341, 0.121040190344),
    ((108, 195, 70, 170), 7.33819988184127, 0.00675044047510),
    ((22, 117, 42, 116), 8.85533872491572, 0.00292232883286),
)
FISHER = (
    ((1, 9, 8, 11), 0.00976422957847),
    ((0, 12, 5, 9), 0.0061919504644),
    ((3, 10, 9, 10), 0.0197666110979),
)
PEARSON_OF_THREE = ((20, 35, 14), (60, 65, 45), 7.7236430443490, 0.0210296586247)
FREEMAN_HALTON = (
    ((1, 5, 8, 0), (10, 10, 12, 3), 0.02005923164),
    ((3, 0, 6, 2), (20, 12, 15, 22), 0.0309033216748),
)
BOSCHLOO = (
    ((7, 15, 12, 15), 0.0682183093232),
    ((74, 117, 31, 63), 0.0711281286031),
    ((1, 9, 8, 11), 0.00640261347478),
)
RISK_RATIO = (
    ((108, 195, 70, 170), 1.34505494505, 1.08004507499, 1.6750900931),
    ((7, 17, 2, 30), 6.17647058824, 1.44235003398, 26.4490505277),
)
