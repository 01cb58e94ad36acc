"""Percentages that others print, from their own counts."""

import pytest

from analytics.wording.numbers import percent
from tests.oracles import printed_percentages as printed


def test_the_printed_recovery_is_of_the_cases_among_those_who_finished():
    cases = printed.NHS_FINISHED - printed.NHS_NOT_CASES
    assert percent(printed.NHS_RECOVERED / cases, 1) == f"{printed.NHS_RECOVERY}\N{NO-BREAK SPACE}%"
    assert percent(printed.NHS_RECOVERED / printed.NHS_FINISHED, 1) != f"{printed.NHS_RECOVERY}\N{NO-BREAK SPACE}%"


@pytest.mark.parametrize(("count", "shown"), printed.SALLOUM)
def test_a_printed_denominator_can_be_wrong(count, shown):
    assert percent(count / printed.SALLOUM_FITTING_N) == f"{shown}\N{NO-BREAK SPACE}%"
    assert percent(count / printed.SALLOUM_PRINTED_N) != f"{shown}\N{NO-BREAK SPACE}%"
