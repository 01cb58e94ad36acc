"""Robust models printed by R 4.2.2 with estimatr 1.0.0; the first also by sandwich 3.0-2 and lmtest 0.9-40.

Call, a and b from r_tests.py::

    d <- data.frame(y = c(a, b), g = factor(rep(c("a", "b"), c(12, 9)), levels = c("b", "a")), base = base, id = id)
    lm_robust(y ~ g + base, d, se_type = "HC3")          # m <- lm(...); coefci(m, vcov = vcovHC(m, "HC3"))
    lm_robust(y ~ g + base, d, clusters = id, se_type = "stata"); lm_robust(y ~ g, d, clusters = id, se_type = "stata")
    d$z <- as.numeric(d$y >= 2.5); lm_robust(z ~ g, d, clusters = id, se_type = "stata")
    lm_robust(y ~ g, d, se_type = "HC3")
"""

GROUP = ("a",) * 12 + ("b",) * 9
BASELINE = (21, 25, 14, 19, 27, 16, 18, 12, 24, 26, 22, 11, 17, 13, 23, 15, 20, 12, 19, 18, 10)
CLUSTER = (1, 1, 2, 3, 4, 4, 5, 6, 7, 7, 8, 9, 10, 10, 1, 11, 12, 12, 13, 14, 2)
N_CLUSTERS = 14

ADJUSTED = (0.857313356535, -0.259198325392, 1.97382503846, 0.124096638693)
ADJUSTED_BY_CLUSTER = (0.857313356535, -0.245191339813, 1.95981805288, 0.116831064086)
MEANS_BY_CLUSTER = (2.92222222222, 0.130728878102, 5.71371556634, 0.0415128066095)
PROPORTIONS_BY_CLUSTER = (0.444444444444, 0.100734418784, 0.788154470105, 0.0152170265462)
MEANS = (2.92222222222, -0.199880850494, 6.04432529494, 0.0649507034545)
"""Estimate, low, high, p; a minus b."""
