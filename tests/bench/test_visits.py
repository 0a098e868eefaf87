"""A month of visits for a few grids, within the budget of the whole city."""

from tests.bench.visits import SECONDS, measure

GRIDS = 12


def test_a_month_is_planned_in_time_and_level() -> None:
    took = measure(GRIDS, 1000)
    assert took.visits > GRIDS * 1000
    assert took.seconds <= SECONDS * GRIDS / 642 * 2  # twice: other tests run beside it
    assert took.spread <= 1.25
