"""Sites whose rows stop in the last month."""

from __future__ import annotations

from datetime import date

import pytest

from analytics.definitions.tables import day_number
from analytics.ingest.check_counts import last_full_month
from tests.ingest.files import codes, finding, loaded, place

MONTHS = ("2024-01", "2024-02", "2024-03", "2024-04")


def dated_sessions(counts: dict[str, tuple[int, ...]], end: str = "2024-04-30") -> str:
    """So many sessions a month and site, and one at a third site on the last day."""
    lines = [f"{site}{month}{number},{month}-{number + 1:02d},{site},1"
             for site, each in counts.items() for month, n_rows in zip(MONTHS, each, strict=True)
             for number in range(n_rows)]
    return "patient_id,treated_on,site,dose\n" + "\n".join([*lines, f"Z,{end},Other,1"]) + "\n"


@pytest.mark.parametrize(("counts", "is_told"), [
    ((6, 6, 6, 2), True), ((6, 6, 6, 3), False), ((5, 5, 5, 1), True), ((4, 4, 4, 0), False), ((0, 6, 6, 0), False),
    ((6, 6, 6, 0), True), ((6, 0, 0, 0), False),
])
def test_a_site_that_collapses(counts, is_told):
    tables = loaded(dated_sessions({"A": counts, "B": (6, 6, 6, 6)}), "patient_id,assessed_on,phq9\nZ,2024-04-01,20\n")
    assert ("site_collapses" in codes(tables)) == is_told
    if is_told:
        one = finding(tables, "site_collapses")
        assert place(one)[:3] == ("note", "scores.csv", None)
        assert one.rows == (1 + sum(counts),)
        assert one.problem.startswith("1 site has a third or less of its usual number of sessions")


def test_a_month_that_is_not_over_is_not_judged():
    begun = loaded(dated_sessions({"A": (6, 6, 6, 0)}, end="2024-04-29"))
    assert "site_collapses" not in codes(begun)


def test_days_without_dates_and_files_without_sites_have_no_months():
    assert "site_collapses" not in codes(loaded("patient_id,day,site,dose\nP1,0,A,1\n"))
    without = "\n".join(line.rsplit(",", 2)[0] for line in dated_sessions({"A": (6, 6, 6, 0)}).splitlines()) + "\n"
    assert "site_collapses" not in codes(loaded(without))


def test_the_last_full_month():
    def month(year: int, number: int) -> int:
        return 12 * (year - 1970) + number - 1

    assert last_full_month(day_number(date(2024, 4, 30))) == month(2024, 4)
    assert last_full_month(day_number(date(2024, 4, 29))) == month(2024, 3)
    assert last_full_month(day_number(date(2024, 1, 5))) == month(2023, 12)
