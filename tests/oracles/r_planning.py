"""The smallest n with a Wilson interval this narrow, found by trying every n from 1 to 2,000 in R 4.2.2.

Call::

    width <- function(p, n) { z <- qnorm(.975); 2*z/(1+z^2/n)*sqrt(p*(1-p)/n+z^2/(4*n^2)) }
    which(width(p, 1:2000) <= .2)[1]; which(width(p, 1:2000) <= .1)[1]

and ``diff(prop.test(24, 80, correct=FALSE)$conf.int)``, which is width(.3, 80).
"""

SMALLEST = ((0.1, 37, 141), (0.3, 78, 320), (0.5, 93, 381), (0.62, 87, 359), (0.0, 16, 35), (0.97, 21, 61))
"""Rate, n for a width of 0.2, n for a width of 0.1."""

WIDTH_24_OF_80 = 0.1970358266126
