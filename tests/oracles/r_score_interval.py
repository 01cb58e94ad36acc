"""Miettinen-Nurminen intervals found by R 4.2.2 without the cubic: the likelihood is maximised by search.

Call::

    mle <- function(x1,n1,x2,n2,d) {
      ll <- function(p2) { p1 <- p2+d; s <- 0
        if (x1>0) s <- s+x1*log(p1); if (x1<n1) s <- s+(n1-x1)*log1p(-p1)
        if (x2>0) s <- s+x2*log(p2); if (x2<n2) s <- s+(n2-x2)*log1p(-p2); s }
      optimize(ll, c(max(0,-d), max(max(0,-d)+1e-15,min(1,1-d))), maximum=TRUE, tol=1e-14)$maximum }
    score <- function(x1,n1,x2,n2,d) { p2 <- mle(x1,n1,x2,n2,d); p1 <- p2+d
      (x1/n1-x2/n2-d)/sqrt((p1*(1-p1)/n1+p2*(1-p2)/n2)*(n1+n2)/(n1+n2-1)) }
    mn <- function(x1,n1,x2,n2) { e <- x1/n1-x2/n2; z <- qnorm(.975); h <- 1e-12
      one <- function(sign, from, to) if (to-from<1e-9) e else
        uniroot(function(d) score(x1,n1,x2,n2,d)-sign*z, c(from+1e-9,to-1e-9), tol=1e-13)$root
      c(if (e<=-1) -1 else one(1,-1+h,e), if (e>=1) 1 else one(-1,e,1-h)) }
"""

MIETTINEN_NURMINEN = (
    (56, 70, 48, 80, 0.0528297132333, 0.3381729400483),
    (5, 56, 0, 29, -0.0325965633246, 0.1933309766909),
    (0, 10, 0, 20, -0.165760236692, 0.284381339534),
    (10, 10, 0, 20, 0.715618660466, 1.0),
    (57, 91, 44, 95, 0.0196620063333, 0.3000792267403),
    (15, 32, 40, 63, -0.3659828137500, 0.0438669393103),
    (7, 32, 34, 64, -0.481322431185, -0.105730344394),
    (108, 195, 70, 170, 0.0392356921703, 0.2418458897486),
    (0, 12, 5, 9, -0.815326107065, -0.233843351669),
    (1, 3, 149, 150, -0.932611408830, -0.199879738185),
)
"""x1, n1, x2, n2, low, high."""
