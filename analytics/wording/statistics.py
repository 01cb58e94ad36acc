"""Every interval, test and other statistic in words: when it is used, what it assumes, where it stands."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Statistic:
    """One statistic on the method page."""

    name: str
    when: str
    assumes: str
    source: str


_INDEPENDENT = "courses are independent of each other: of each patient the first counted course is taken"

STATISTICS: tuple[Statistic, ...] = (
    Statistic(
        "Wilson interval",
        "every rate, none and all included",
        "courses are independent of each other",
        "Wilson 1927, J Am Stat Assoc 22:209",
    ),
    Statistic(
        "Wilson interval on the effective number of courses",
        "rates in which a patient counts more than once",
        "patients are independent of each other",
        "Cochran 1977, Sampling Techniques, 3rd ed., section 9A",
    ),
    Statistic(
        "t interval of a mean",
        "mean improvement; with patient-clustered variance where a patient counts twice",
        "the mean of so many courses varies about normally",
        "Student 1908, Biometrika 6:1",
    ),
    Statistic(
        "Miettinen-Nurminen interval",
        "the difference of two rates",
        _INDEPENDENT,
        "Miettinen and Nurminen 1985, Stat Med 4:213",
    ),
    Statistic(
        "Newcombe interval",
        "the difference of two rates, as an option from code",
        _INDEPENDENT,
        "Newcombe 1998, Stat Med 17:873, method 10",
    ),
    Statistic("Risk ratio", "beside the difference of two rates", _INDEPENDENT, "Katz 1978, Biometrics 34:469"),
    Statistic(
        "Number needed",
        "only where the interval of the difference excludes 0",
        "as the difference it is the inverse of",
        "Altman 1998, BMJ 317:1309",
    ),
    Statistic(
        "Pearson chi-square, no continuity correction",
        "two rates, every expected count 5 or more",
        _INDEPENDENT,
        "Campbell 2007, Stat Med 26:3661",
    ),
    Statistic(
        "Fisher's exact test", "two rates, an expected count below 5", _INDEPENDENT, "Campbell 2007, Stat Med 26:3661"
    ),
    Statistic(
        "Boschloo's exact test",
        "two rates, as an option from code",
        _INDEPENDENT,
        "Boschloo 1970, Statistica Neerlandica 24:1",
    ),
    Statistic(
        "Fisher-Freeman-Halton test",
        "more than two rates with an expected count below 5; drawn with a fixed seed",
        _INDEPENDENT,
        "Freeman and Halton 1951, Biometrika 38:141",
    ),
    Statistic(
        "Holm correction",
        "every pair of more than two groups",
        "none beyond those of the tests",
        "Holm 1979, Scand J Stat 6:65",
    ),
    Statistic(
        "Baseline-adjusted difference",
        "mean improvement of two groups: the headline of the comparison",
        "improvement depends on the starting score along a line that both groups share; errors robust (HC3)",
        "Vickers and Altman 2001, BMJ 323:1123; Long and Ervin 2000, Am Stat 54:217",
    ),
    Statistic(
        "Patient-clustered errors",
        "comparisons of all counted courses, as an option",
        "patients are independent of each other, and there are many",
        "Cameron and Miller 2015, J Hum Resour 50:317",
    ),
    Statistic(
        "Welch t test",
        "mean improvement of two groups, beside the adjusted difference",
        _INDEPENDENT,
        "Welch 1947, Biometrika 34:28",
    ),
    Statistic("Mann-Whitney test", "the same, by ranks", _INDEPENDENT, "Mann and Whitney 1947, Ann Math Stat 18:50"),
    Statistic(
        "Welch analysis of variance",
        "mean improvement of more than two groups",
        _INDEPENDENT,
        "Welch 1951, Biometrika 38:330",
    ),
    Statistic(
        "Kruskal-Wallis test", "the same, by ranks", _INDEPENDENT, "Kruskal and Wallis 1952, J Am Stat Assoc 47:583"
    ),
    Statistic(
        "Paired t test and interval", "before and after within one cohort", _INDEPENDENT, "Student 1908, Biometrika 6:1"
    ),
    Statistic(
        "Wilcoxon signed rank test",
        "the same, by ranks",
        _INDEPENDENT + "; improvements lie symmetrically around their middle",
        "Wilcoxon 1945, Biometrics Bulletin 1:80",
    ),
    Statistic(
        "d_z and d_av",
        "the size of a change within one cohort, in SDs of the change and of the scores",
        _INDEPENDENT,
        "Cumming 2012, Understanding the New Statistics, chapter 11",
    ),
    Statistic(
        "Glass's delta and Hedges's g",
        "the size of a difference between two groups, in SDs of one side and pooled",
        _INDEPENDENT,
        "Glass 1976, Educ Res 5:3; Hedges 1981, J Educ Stat 6:107",
    ),
    Statistic(
        "Standardised difference at the start",
        "what differed between groups before treatment",
        "describes, tests nothing",
        "Austin 2009, Stat Med 28:3083; Yang and Dalton 2012, SAS Global Forum, paper 335",
    ),
    Statistic(
        "Funnel limits",
        "sites and clinicians: exact binomial at 95 % and 99.8 %, widened for overdispersion if asked",
        "one common rate; without widening, no difference between units but chance",
        "Spiegelhalter 2005, Stat Med 24:1185",
    ),
    Statistic(
        "Observed / expected",
        "units adjusted for the starting score, from 10 events a variable on",
        "a logistic model on the starting score; the expected counts are taken as known",
        "Hosmer and Lemeshow 1995, Stat Med 14:2161; Peduzzi 1996, J Clin Epidemiol 49:1373",
    ),
    Statistic(
        "Kaplan-Meier curve",
        "time to response or remission, and how long either lasted; log-log interval of Greenwood's variance",
        f"{_INDEPENDENT}; whoever is no longer watched would have done as those who are",
        "Kaplan and Meier 1958, J Am Stat Assoc 53:457; Kalbfleisch and Prentice 1980",
    ),
    Statistic(
        "Log-rank test",
        "whether such curves of groups differ; groups that formed later only from a landmark on",
        _INDEPENDENT,
        "Mantel 1966, Cancer Chemother Rep 50:163; Anderson 1983, J Clin Oncol 1:710 (landmark)",
    ),
    Statistic(
        "XmR chart",
        "counts and means by period: mean and 2.66 mean moving ranges",
        "periods do not depend on each other",
        "Provost and Murray 2011, The health care data guide",
    ),
    Statistic(
        "p chart and Laney p' chart",
        "rates by period, with limits by the courses of each; widened where rates vary more than chance allows",
        "periods do not depend on each other",
        "Provost and Murray 2011, The health care data guide; Laney 2002, Qual Eng 14:531",
    ),
    Statistic(
        "Agreement and Cohen's kappa",
        "whether two definitions say the same of the same courses",
        _INDEPENDENT,
        "Cohen 1960, Educ Psychol Meas 20:37; Fleiss, Cohen and Everitt 1969, Psychol Bull 72:323",
    ),
    Statistic(
        "Bounds and tipping point",
        "how far the lost could move a rate or a conclusion",
        "none",
        "Manski 1989, J Hum Resour 24:343; Yan, Lee and Li 2009, J Biopharm Stat 19:1085",
    ),
    Statistic(
        "Courses until an interval is 20 points wide",
        "how many courses more would make a rate surer",
        "the rate stays as it is",
        "the width of the Wilson interval, solved for the number of courses",
    ),
    Statistic(
        "Clinical significance",
        "reliable change beyond 1.96 standard errors, and the crossing of a cut-off, strictly",
        "one standard deviation and one reliability for all",
        "Jacobson and Truax 1991, J Consult Clin Psychol 59:12",
    ),
)

SEVERAL_NOTE = (
    "A test is made where each side has 10 courses or more. One comparison of a dataset can be declared primary; all "
    "others are exploratory and counted. A reading follows the interval, and says so where a test does not agree."
)

LANDMARK_NOTE = (
    "Groups that formed after day 0 (kind of course, sessions or dose reached, a change of route, maintenance) are "
    "compared only from a landmark day on, with the courses judged after it: otherwise staying long enough would make "
    "the groups."
)
