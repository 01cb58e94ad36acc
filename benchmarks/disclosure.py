"""What it costs to tell results to the board and to the public: processor seconds beside those of the results.

Summaries of a drawn cohort with every measure, by site, by site and sex where there is one, and for one site; and three
views one after the other on one page, as a browser asks for them. Beside each stand the seconds that the same results
take for the inside: the ratio travels between machines, seconds do not. Told of all is printed, too: quick by
withholding is no gain.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from analytics.courses.outcomes import Outcomes
from analytics.results.disclosure import Disclosure, Page
from analytics.results.summary import summarize, with_more
from tests.results.clinics import clinic

View = tuple[tuple[str, ...], Mapping[str, Sequence[str | None]]]

ONE: dict[str, tuple[View, ...]] = {
    "by site": ((("site",), {}),),
    "by route": ((("route",), {}),),
    "by site and sex": ((("site", "sex"), {}),),
    "one sex": (((), {"sex": ["F"]}),),
    "three on a page": (((), {}), (("site",), {}), (("site",), {"sex": ["F"]})),
}


def main() -> None:
    """Print a line for each view and audience."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--courses", type=int, nargs="+", default=[150, 1000, 12_000])
    parser.add_argument("--seed", type=int, default=2)
    options = parser.parse_args()
    for n in options.courses:
        of = clinic(n, options.seed, is_well_followed=True)
        for name, views in ONE.items():
            inside, _ = seconds(lambda of=of, views=views: [_asked(of, *view) for view in views])
            for audience in ("board", "public"):
                took, told = seconds(lambda of=of, views=views, audience=audience: _told(
                    of, audience, views))
                print(f"{n:,} courses, {name}, {audience}: {took:.2f} s beside {inside:.2f} s ({took / inside:.1f}), "
                      f"{told}", flush=True)


def seconds(do: Callable[[], Any]) -> tuple[float, Any]:
    """Processor seconds, and what came."""
    start = time.process_time()
    found = do()
    return time.process_time() - start, found


def _asked(of: Outcomes, by: tuple[str, ...], where: Mapping) -> Any:
    return with_more(summarize(of, by, where), of, by, where)


def _told(of: Outcomes, audience: Any, views: Sequence[View]) -> str:
    page = Page(of, Disclosure(audience))
    results = [one for view in views for one in page.disclosed(_asked(of, *view)).results]
    return f"{sum(not one.withheld for one in results)} of {len(results)} told"


if __name__ == "__main__":
    main()
