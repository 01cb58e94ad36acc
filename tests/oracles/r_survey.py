"""Values printed by R 4.2.2 with survey 4.1.1 (Lumley), and by R's own stats.

Call, for the clustered proportion::

    x <- c(1,0,2,1,0,3,1,0,1,2); n <- c(1,2,2,1,1,3,2,1,1,4)
    d <- data.frame(id=rep(1:10,n), y=unlist(mapply(function(a,b) c(rep(1,a),rep(0,b-a)), x, n)))
    m <- svymean(~y, svydesign(ids=~id, data=d, weights=~1))
    p <- coef(m); v <- vcov(m)[1]; ne <- p*(1-p)/v          # effective size
    z <- qnorm(.975); centre <- (p+z^2/(2*ne))/(1+z^2/ne)
    half <- z/(1+z^2/ne)*sqrt(p*(1-p)/ne+z^2/(4*ne^2)); c(centre-half, centre+half)

for the clustered mean::

    y <- c(3,5.5,-1,4,8,2,2,0,7,10,6,-3); id <- c(1,1,2,3,4,4,4,5,6,7,7,8)
    des <- svydesign(ids=~id, data=data.frame(y=y,id=id), weights=~1)
    m <- svymean(~y, des); confint(m, df=degf(des)); t.test(y)$conf.int; sd(y)

and ``prop.test(3, 17, correct=FALSE)$conf.int``.
"""

PATIENT_SUCCESSES = (1, 0, 2, 1, 0, 3, 1, 0, 1, 2)
PATIENT_TRIALS = (1, 2, 2, 1, 1, 3, 2, 1, 1, 4)
EFFECTIVE_TRIALS = 14.121509434
CLUSTERED_WILSON = (0.360660252668, 0.814038781649)

IMPROVEMENTS = (3, 5.5, -1, 4, 8, 2, 2, 0, 7, 10, 6, -3)
PATIENT_OF_IMPROVEMENT = (1, 1, 2, 3, 4, 4, 4, 5, 6, 7, 7, 8)
CLUSTERED_MEAN_INTERVAL = (0.883669152054, 6.36633084795)
PLAIN_MEAN_INTERVAL = (1.16748834044, 6.08251165956)
SD = 3.86784530103

WILSON_3_OF_17 = (0.0619112663762, 0.4102945856883)
