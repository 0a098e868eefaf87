"""A long table of cases as one test: asked in turn, and every row that fails is told.

For dozens of rows of one quick function, where a test for each costs more than what it asks. Rows
that need fixtures of their own stay with `pytest.mark.parametrize`.
"""

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Any

import pytest

Test = Callable[..., None]


def each_row(names: str | tuple[str, ...], rows: Iterable[Any]) -> Callable[[Test], Test]:
    """Ask the test for each row; written and read as `pytest.mark.parametrize`.

    The test may ask for fixtures besides, the same for all rows. It fails with an `ExceptionGroup` of
    what went wrong in each row that fails, the row noted beside it.
    """
    one = isinstance(names, str)
    columns = (names,) if one else names
    sets = [row if isinstance(row, pytest.ParameterSet) else _plain(row, one) for row in rows]
    table = [(row.id, dict(zip(columns, row.values, strict=True))) for row in sets]
    assert table, "no rows: a test that cannot fail"

    def decorate(test: Test) -> Test:
        @functools.wraps(test)
        def asked(**fixtures: Any) -> None:
            failed = []
            for label, row in table:
                try:
                    test(**fixtures, **row)
                except Exception as fault:  # noqa: BLE001 -- told with its row, when all were asked
                    fault.add_note(f"the row: {label}")
                    failed.append(fault)
            if failed:
                which = "\n".join(fault.__notes__[-1] for fault in failed)
                raise ExceptionGroup(f"{len(failed)} of {len(table)} rows\n{which}", failed)

        signature = inspect.signature(test)
        wanted = [it for name, it in signature.parameters.items() if name not in columns]
        asked.__signature__ = signature.replace(parameters=wanted)
        return asked

    return decorate


def _plain(row: Any, one: bool) -> pytest.ParameterSet:
    """A row without a name of its own is named by its values; a very long one by how it begins."""
    return pytest.param(*([row] if one else row), id=repr(row)[:200])
