"""Who belongs together, and that nobody becomes somebody of the roster by way of a third."""

import pytest

from domain.identities import circles

A, B, C, D = "kf:a", "oa:b", "archive:a", "oa:d"


@pytest.mark.parametrize(
    ("links", "who", "ids"),
    [
        pytest.param([], A, None, id="alone"),
        pytest.param([(A, A)], A, {A}, id="known, linked to nobody"),
        pytest.param([(A, B)], B, {A, B}, id="two of one person"),
        pytest.param([(A, B), (B, C)], A, {A, B, C}, id="by way of another"),
        pytest.param([(A, B), (C, D), (D, A)], C, {A, B, C, D}, id="two circles become one"),
        pytest.param([(A, "w.li"), (B, A)], B, {A, B, "w.li"}, id="bound to the roster"),
        pytest.param(
            [(A, "w.li"), (B, "w.he"), (A, B)], A, {A, "w.li"}, id="two of the roster stay two"
        ),
        pytest.param(
            [(A, "w.li"), (B, "w.he"), (C, A), (C, B)],
            C,
            {C, A, "w.li"},
            id="the first link counts",
        ),
    ],
)
def test_circles(links: list[tuple[str, str]], who: str, ids: set[str] | None) -> None:
    found = circles(links, lambda one: "." in one.partition(":")[0]).get(who)
    assert (found and set(found)) == ids
    if found:
        assert found[0] == who
        assert len(found) == len(set(found))
