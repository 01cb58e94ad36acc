"""Printed by R 4.2.2, its own stats only: two groups of invented courses, from baseline and improvement.

Call::

    b1 <- c(20,18,25,14,22,17,19,24,12,16,21,23); c1 <- c(11,6,14,3,9,8,2,15,5,7,10,4)
    b2 <- c(19,15,24,11,20,26,13,18,22,17,14);    c2 <- c(4,5,9,-2,7,12,1,3,8,2,0)
    d <- data.frame(y=c(c1,c2), b=c(b1,b2), g=c(rep(1,12),rep(0,11)))
    m <- lm(y ~ g + b, d); X <- model.matrix(m); e <- resid(m); h <- hatvalues(m)
    B <- solve(t(X)%*%X); V <- B %*% t(X) %*% diag((e/(1-h))^2) %*% X %*% B   # HC3
    s <- sqrt(V[2,2]); k <- coef(m)[2]; q <- qt(.975, m$df.residual)
    c(k, k-q*s, k+q*s, 2*pt(-abs(k/s), m$df.residual))
    t.test(c1, c2); wilcox.test(c1, c2)$p.value
    t.test(c1); wilcox.test(c1)$p.value
    c(mean(c1)/sd(c1), mean(c1)/sqrt((var(b1)+var(b1-c1))/2))                 # d_z, d_av
    (mean(b1)-mean(b2))/sqrt((var(b1)+var(b2))/2)                            # standardised difference
    oneway.test(y ~ g, data.frame(y=c(c1,c2,c1-1), g=rep(1:3,c(12,11,12))))$p.value
"""

BASELINE_A = (20, 18, 25, 14, 22, 17, 19, 24, 12, 16, 21, 23)
IMPROVEMENT_A = (11, 6, 14, 3, 9, 8, 2, 15, 5, 7, 10, 4)
BASELINE_B = (19, 15, 24, 11, 20, 26, 13, 18, 22, 17, 14)
IMPROVEMENT_B = (4, 5, 9, -2, 7, 12, 1, 3, 8, 2, 0)

ADJUSTED = (2.4958909829376, 0.2377566750969, 4.7540252907784)
ADJUSTED_P = 0.0319744762746
WELCH = (3.3787878787879, -0.2626786263223, 7.0202543838981)
WELCH_P = 0.0672577378237
MANN_WHITNEY_P = 0.0842991002539
MEANS_AND_SDS = (7.83333333333, 4.15239981727, 4.45454545455, 4.22761484442)

PAIRED_A = (5.19502435977, 10.4716423069)
PAIRED_P = 4.22157452044e-05
WILCOXON_P = 0.00048828125
D_Z, D_AV = 1.88645931944, 2.07620476341
STANDARDISED = 0.264885925537
WELCH_ANOVA_P = 0.1766606
