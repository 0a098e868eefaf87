"""Who sits in which simulated chat, and how its lines are written down for the page."""

import re
from datetime import datetime, timedelta, timezone
from typing import Any

from bot.channels.simulator import Entry
from bot.web.demo_types import GroupLike, PersonLike, World
from domain.messages import Card

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")  # fixed: needs no time zone database
STRANGER = re.compile(r"guest[1-9][0-9]{0,2}", re.ASCII)


def iso(moment: datetime) -> str:
    """A moment as the page reads it."""
    return moment.astimezone(CHINA).isoformat(timespec="seconds")


def known(world: World, person: str) -> bool:
    """Whether the page may speak as this person: on the roster, or a made-up stranger."""
    return person in world.people or STRANGER.fullmatch(person) is not None


def groups_of(world: World, person: str) -> list[str]:
    """The groups this person is in, by role and area. A stranger sits in the first residents' one.

    Residents: their grid's group. Workers: that and their community's staff group. Leaders: all
    residents' groups of the community and its staff group. Streets and the district: the staff
    groups below them. Departments: the staff group of exactly their area.
    """
    someone = world.people.get(person)
    groups = list(world.groups.values())
    if someone is None:
        return [group.id for group in groups if group.kind == "residents"][:1]
    return [group.id for group in groups if _belongs(world, someone, group)]


def _belongs(world: World, person: PersonLike, group: GroupLike) -> bool:
    role, area = str(person.role), person.area
    residents = str(group.kind) == "residents"
    if role == "resident":
        return residents and group.area == area
    if role == "worker":
        parent = world.areas[area].parent if area in world.areas else None
        return group.area == (area if residents else parent)
    if role == "leader":
        return _within(world, group.area, area) if residents else group.area == area
    if role == "department":
        return not residents and group.area == area
    return not residents and _within(world, group.area, area)


def _within(world: World, area: str, above: str) -> bool:
    """Whether `area` is `above` or lies in it; a loop in the tree ends the search."""
    seen: set[str] = set()
    here: str | None = area
    while here and here not in seen:
        if here == above:
            return True
        seen.add(here)
        here = world.areas[here].parent if here in world.areas else None
    return False


def sees(world: World, person: str, entry: Entry) -> bool:
    """Whether this person has that line in one of their chats."""
    if not entry.address.group:
        return entry.address.chat == person
    return entry.address.chat in groups_of(world, person)


def world_row(world: World) -> dict[str, Any]:
    """People, groups and who is in which."""
    areas = world.areas
    return {
        "people": [
            {
                "id": person.id,
                "name": person.name,
                "role": str(person.role),
                "area": areas[person.area].name if person.area in areas else "",
                "groups": groups_of(world, person.id),
            }
            for person in world.people.values()
        ],
        "groups": [
            {"id": group.id, "kind": str(group.kind), "name": group.name}
            for group in world.groups.values()
        ],
        "guest_groups": groups_of(world, ""),
    }


def entry_row(entry: Entry, pressed: dict[str, str]) -> dict[str, Any]:
    """One line of a chat; `pressed` maps this card's used buttons to who pressed them."""
    return {
        "n": entry.number,
        "at": iso(entry.at),
        "group": entry.address.group,
        "chat": entry.address.chat,
        "speaker": entry.speaker,
        "text": entry.text,
        "quote": entry.quote,
        "to": list(entry.to),
        "recalled": entry.recalled,
        "attachments": [
            {"kind": item.kind, "name": item.name, "key": item.key} for item in entry.attachments
        ],
        "card": _card_row(entry.card),
        "pressed": pressed,
    }


def _card_row(card: Card | None) -> dict[str, Any] | None:
    if card is None:
        return None
    return {
        "task": card.task_id,
        "title": card.title,
        "body": card.body,
        "fields": [list(pair) for pair in card.fields],
        "buttons": [{"key": button.key, "label": button.label} for button in card.buttons],
    }
