"""Our courses, rates, curves and bridges against the second implementation, on more cohorts than the tests take.

``python -m benchmarks.searches [--only WORD] [--seeds FIRST LAST]`` goes through all seeds that ``tests`` names, or
with ``--seeds`` through others; prints what differs and ends with 1 then, or where no check has the word. ``--choose``
prints few seeds in which all is met that is met in all, for ``SEEDS`` of
``tests/courses/test_second_implementation.py``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence

from tests.courses import test_second_implementation as second
from tests.results import test_bridge, test_over_time_second, test_trajectories

Check = tuple[str, Callable[[], None]]


def main() -> int:
    """Run the searches; gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="a word of the name of a check")
    parser.add_argument("--seeds", type=int, nargs=2, metavar=("FIRST", "LAST"))
    parser.add_argument("--choose", action="store_true")
    options = parser.parse_args()
    seeds = range(*options.seeds) if options.seeds else second.ALL_SEEDS
    if options.choose:
        print(_chosen(seeds))
        return 0
    n_checks = n_failed = 0
    for name, check in _checks(seeds):
        if options.only not in name:
            continue
        n_checks += 1
        try:
            check()
        except AssertionError as difference:
            n_failed += 1
            print(name, difference, flush=True)
    print(f"{n_checks:,} checks, {n_failed} of them failed")
    return int(n_failed > 0 or n_checks == 0)


def _checks(seeds: Sequence[int]) -> Iterator[Check]:
    for seed in seeds:
        for test in (second.test_courses_agree, second.test_outcomes_agree, second.test_rates_agree,
                     test_bridge.test_the_steps_add_up_exactly_in_any_order_on_generated_cohorts):
            yield f"{test.__name__} {seed}", lambda test=test, seed=seed: test(seed)
        if second.cohort_of(seed).axis == "visit":
            continue
        for test in (test_trajectories.test_every_point_agrees_with_plain_loops,
                     test_trajectories.test_every_point_by_session_agrees_with_plain_loops):
            yield f"{test.__name__} {seed}", lambda test=test, seed=seed: test(seed)
        yield from _over_time(test_over_time_second.other, seed)
    for seed in test_over_time_second.ALL_WATCHED_LONG:
        yield from _over_time(test_over_time_second.watched_long, seed)


def _over_time(made: Callable, seed: int) -> Iterator[Check]:
    for test in (test_over_time_second.test_times_to_response_and_remission_agree,
                 test_over_time_second.test_durability_agrees,
                 test_over_time_second.test_followed_and_left_out_are_all_courses):
        yield f"{test.__name__} {made.__name__} {seed}", lambda test=test: test(made, seed)


def _chosen(seeds: Sequence[int]) -> tuple[int, ...]:
    """Each time the seed that meets most of what no other one met yet."""
    met = {seed: second.reached(seed) for seed in seeds}
    missing, chosen = set().union(*met.values()), []
    while missing:
        chosen.append(max(met, key=lambda seed: (len(met[seed] & missing), -seed)))
        missing -= met[chosen[-1]]
    return tuple(sorted(chosen))


if __name__ == "__main__":
    sys.exit(main())
