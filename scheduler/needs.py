"""Whoever looks for a helping hand hears what comes of it, in whatever roster he is (H10)."""

from collections.abc import Mapping
from typing import Any

from domain.deadlines import awake
from domain.volunteers import Need
from store.work import Work


def held_until(work: Work) -> str:
    """When what is told to a group goes out, ISO; "" for now: the quiet hours hold it."""
    moment = awake(work.now, work.city.quiet)
    return moment.isoformat() if moment > work.now else ""


def of_staff(work: Work, need: Need) -> bool:
    """Whether staff look for help; else a resident does, whom no roster need know."""
    asker = work.city.world.person(need.asked_by)
    return asker is not None and asker.role.staff


def tell_asker(
    work: Work, need: Need, template: str, values: Mapping[str, Any], *, by: str, key: str
) -> None:
    """Tell whoever looks for help, alone; who cannot be told alone, in the chat he asked in."""
    asker = work.city.world.person(need.asked_by)
    if asker is not None:
        work.tell(asker, template, values, case=None, by=by, key=key)
        return
    address = work.directory.private(need.asked_by, need.where.channel) or need.where
    if address.channel:
        work.tell_there(need.asked_by, address, template, values, by=by, key=key)
