"""What a test answers."""

from __future__ import annotations

from dataclasses import dataclass

INDEPENDENT = "All are independent of each other."
"""The assumption that every test here makes."""


@dataclass(frozen=True)
class Test:
    """The answer of one test.

    ``p`` is None where the test cannot be computed; ``why`` then says what is missing, else why this test was
    chosen. ``statistic`` is None where the test has none. ``n`` counts the values used, one element a group.
    """

    __test__ = False

    name: str
    p: float | None
    statistic: float | None
    why: str
    assumptions: str
    n: tuple[int, ...]
