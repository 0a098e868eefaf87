"""Stale data of a grid's card is found before anybody asks for it: by `gridbot check` (H8)."""

from dataclasses import replace

import pytest

from bot.deployment.contact_check import advise_contact
from bot.deployment.files import Report
from domain.people import People, World


def without_phone(world: World, *ids: str) -> World:
    people = [replace(one, phone="") if one.id in ids else one for one in world.people.values()]
    return replace(world, people=People(people))


@pytest.mark.parametrize(
    ("ids", "told"),
    [
        pytest.param((), None, id="all have one"),
        pytest.param(("w.li",), "1 位网格员、网格长没有电话：李强；", id="a worker"),
        pytest.param(("w.li", "l.c1"), "2 位网格员、网格长没有电话：李强、吴书记；", id="both"),
        pytest.param(("r.wang", "p.lift"), None, id="not on the card"),
    ],
)
def test_who_cannot_be_called_is_told_once_for_all(city, ids, told) -> None:
    report = Report()
    advise_contact(without_phone(city.world, *ids), report)
    said = [str(one) for one in report.warnings]
    assert len(said) == (told is not None)
    assert told is None or told in said[0]
