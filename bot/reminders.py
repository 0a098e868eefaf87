"""Tells somebody alone to take back what he should not have written for all neighbours to read."""

import re

from bot.turn import Turn
from bot.understanding import sensitive
from domain.messages import Kind

# What lets a stranger ring, rob or find somebody; a name or a plate alone does not.
_ALONE = ("id_card", "bank_card", "phone")
_MOBILE = re.compile(r"(?:\D*86)?\D*1(?:\D*\d){10}\D*")
_LANDLINE = re.compile(r"[\d ()-]+")


def remind(turn: Turn) -> bool:
    """Ask the speaker privately, once a message, to recall it; whether that was said.

    Not staff, who publish their own number; not advertisements, whose number is their purpose; not
    the numbers of staff and offices. Where he cannot be reached alone nothing is said.
    """
    inbound, work = turn.inbound, turn.work
    if inbound.kind is not Kind.SAID or turn.speaker.staff or turn.heard.intent == "ad":
        return False
    if not work.directory.public(inbound.address):
        return False
    kinds = _private_kinds(turn)
    if not kinds:
        return False
    key = f"i{turn.letter}:recall"
    return work.whisper(turn.speaker.id, "replies/please_recall", {"kinds": kinds}, key=key)


def _private_kinds(turn: Turn) -> list[str]:
    """The kinds of private data in a message, most telling first."""
    found = {kind for kind, value in turn.heard.pii if not _published(turn, kind, value)}
    kinds = [kind for kind in _ALONE if kind in found]
    if "name" in found and sensitive(turn.inbound.text):
        kinds.append("condition")
    return kinds or (["name"] if {"name", "plate"} <= found else [])


def _published(turn: Turn, kind: str, value: str) -> bool:
    """Whether a telephone number is a landline's, or that of somebody who works here."""
    if kind != "phone":
        return False
    if _LANDLINE.fullmatch(value) and not _MOBILE.fullmatch(value):
        return True
    digits = re.sub(r"\D", "", value)
    staff = turn.work.city.world.people.staff.values()
    return any(person.phone == digits for person in staff if person.phone)
