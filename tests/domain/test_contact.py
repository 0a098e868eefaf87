"""Who watches over the work without doing any (domain.md I5)."""

import pytest

from domain.contact import ContactRules, supervises
from domain.people import Person, Role

RULES = ContactRules(supervisors=("监督员", "议事委员"))


@pytest.mark.parametrize(
    ("role", "notes", "rules", "expected"),
    [
        pytest.param(Role.RESIDENT, "社区监督员", RULES, True, id="marked"),
        pytest.param(
            Role.RESIDENT, "党员 议事委员", RULES, True, id="marked beside something else"
        ),
        pytest.param(Role.RESIDENT, "独居老人", RULES, False, id="marked as something else"),
        pytest.param(Role.RESIDENT, "", RULES, False, id="not marked"),
        pytest.param(Role.WORKER, "监督员", RULES, False, id="staff have views of their own"),
        pytest.param(Role.RESIDENT, "社区监督员", ContactRules(), False, id="no such rule"),
    ],
)
def test_who_supervises(role: Role, notes: str, rules: ContactRules, expected: bool) -> None:
    assert supervises(rules, Person("r.x", "x", role, "g01", notes=notes)) is expected


def test_a_stranger_supervises_nothing() -> None:
    assert not supervises(RULES, None)
