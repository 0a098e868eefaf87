"""`python -m tests.bench.visits`: plan a month for a whole city and print what it takes."""

import argparse
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from domain.planner import Crew, Object, Planned, plan
from domain.visit_rules import Per, Rhythm
from domain.workdays import Calendar

SECONDS, GIGABYTES = 30.0, 1.0  # a month for 642 grids of 1,000 objects, on one core
FIRST, LAST = date(2026, 12, 1), date(2026, 12, 31)
# Of a hundred objects: what a city of shops, hazards, key units and people on lists looks like.
SHARES: Sequence[tuple[int, Rhythm]] = (
    (1, Rhythm(1, Per.DAY)),
    (2, Rhythm(2, Per.WEEK)),
    (5, Rhythm(1, Per.WEEK)),
    (22, Rhythm(1, Per.MONTH)),
    (30, Rhythm(1, Per.QUARTER)),
    (40, Rhythm(1, Per.YEAR)),
)


@dataclass(frozen=True, slots=True)
class Took:
    """What a month took: visits, seconds of one core, gigabytes at most, the fullest day's share.

    `spread` is the fullest day of a worker against his mean one, in the worst grid.
    """

    visits: int
    seconds: float
    gigabytes: float
    spread: float

    @property
    def good(self) -> bool:
        """Whether it keeps within the issue's budget."""
        return self.seconds <= SECONDS and self.gigabytes <= GIGABYTES


def objects(grid: str, count: int) -> Iterator[Object]:
    """So many objects of a grid, in the shares of SHARES."""
    rhythms = [rhythm for share, rhythm in SHARES for _ in range(share)]
    for number in range(count):
        yield Object(f"visit:{grid}:{number}", grid, rhythms[number % len(rhythms)])


def month(grid: str, count: int) -> list[Planned]:
    """The month's plan of one grid."""
    crew = Crew((f"w.{grid}",))
    return list(plan(objects(grid, count), crew, Calendar(), FIRST, LAST))


def measure(grids: int, count: int) -> Took:
    """Plan the month grid after grid, as the nightly job does."""
    visits, spread = 0, 0.0
    start = time.process_time()
    for number in range(grids):
        planned = month(f"g{number:04}", count)
        visits += len(planned)
        days = Counter(one.due for one in planned if one.due <= LAST)
        mean = sum(days.values()) / len(days)
        spread = max(spread, max(days.values()) / mean)
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    return Took(visits, seconds, peak, spread)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 1 when it is over the budget."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.visits")
    parser.add_argument("--grids", type=int, default=642)
    parser.add_argument("--objects", type=int, default=1000)
    options = parser.parse_args(arguments)
    took = measure(options.grids, options.objects)
    sys.stdout.write(
        f"{options.grids} grids x {options.objects} objects: {took.visits} visits, "
        f"{took.seconds:.1f} s (budget {SECONDS:.0f}), {took.gigabytes:.2f} GB "
        f"(budget {GIGABYTES:.0f}), fullest day {took.spread:.2f} x mean\n"
    )
    return 0 if took.good else 1


if __name__ == "__main__":
    sys.exit(main())
