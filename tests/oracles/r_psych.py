"""Cohen's kappa by R 4.2.2 with psych 2.2.9 (Revelle).

Call: ``cohen.kappa(matrix(c(both, only_first, only_second, neither), 2, byrow=TRUE))$confid["unweighted kappa",]``
"""

KAPPA = (
    ((22, 4, 9, 65), (0.5234424687142, 0.6819960861057, 0.8405497034972)),
    ((3, 1, 7, 20), (-0.03710323467127, 0.2994350282486, 0.6359732911684)),
    ((40, 12, 1, 30), (0.5373279513273, 0.6876989869754, 0.8380700226235)),
    ((2, 10, 11, 3), (-0.9174660275245, -0.6153846153846, -0.3133032032448)),
)
"""(both, only first, only second, neither), (low, kappa, high)."""
