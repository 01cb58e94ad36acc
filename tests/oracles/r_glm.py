"""A logistic case-mix model by R 4.2.2's glm, and the score interval of observed / expected by uniroot.

Calls::

    g <- glm(achieved ~ baseline, family=binomial); tapply(fitted(g), unit, sum)
    tapply(fitted(glm(achieved ~ baseline + third, family=binomial)), unit, sum)   # third: every third course
    lp <- predict(g); f <- function(th, s) { e <- plogis(lp[unit==u]+th)
      (sum(achieved[unit==u])-sum(e))/sqrt(sum(e*(1-e)))-s*qnorm(.975) }
    for (s in c(1, -1)) sum(plogis(lp[unit==u] + uniroot(f, c(-15,15), s=s, tol=1e-13)$root)) / sum(fitted(g)[unit==u])

The courses are made up: 84 baselines of 10 to 27 in turn, four units of 30, 24, 20 and 10.
"""

BASELINE = tuple(10 + place % 18 for place in range(84))
ACHIEVED = tuple(int(one) for one in "100011010110000000111101100100111100001110"
                 "101001000010100011010110000000111101100100")
UNIT = (0,) * 30 + (1,) * 24 + (2,) * 20 + (3,) * 10
OBSERVED = (13, 11, 8, 5)
EXPECTED = (13.971721365651, 9.056557268704, 9.074174452598, 4.897546913053)
EXPECTED_BY_TWO = (13.949773410311, 9.100453179382, 9.120544202020, 4.829229208291)
LOW = (0.6001471856958, 0.763776052648, 0.4970509730778, 0.4892521265778)
HIGH = (1.286308367415, 1.695217756239, 1.321821173392, 1.552586405555)
