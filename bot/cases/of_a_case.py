"""Free words that are about a case somebody has: it is well again, it goes on, it came back.

Pure: what is looked up for them, their handlers look up.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.turn import EXPLICIT
from bot.understanding import Understanding, came_back, handed_to, matter_of, well_again
from domain.case import Case
from domain.messages import Inbound
from domain.numbers import CASES
from domain.people import Role, World
from store.directory import Speaker

_OPEN = ("report", "chat", "other", "progress", "inquiry", "confirm_bad")
_COLLEAGUES = (Role.WORKER, Role.LEADER)
_A_MATTER = 0.6  # less likely than that, a category is a guess
_A_GUESS = 0.5  # and less likely than that, that somebody takes his report back
_EDGES = re.compile(r"[\s#。.,，!！]+")


def of_a_case(
    inbound: Inbound,
    speaker: Speaker,
    heard: Understanding,
    mine: Sequence[Case],
    world: World,
) -> Understanding:
    """What was heard, in the light of the cases the speaker has and of who works beside him."""
    if heard.urgent or heard.sure >= EXPLICIT:
        return heard
    if speaker.staff:
        return _handed_over(inbound, speaker, heard, world)
    if inbound.private and _only_a_number(inbound.text):
        return replace(heard, intent="progress", action="answer")
    intent = "" if heard.location.numbered or heard.known_place else _now(inbound, heard, mine)
    return replace(heard, intent=intent, words=inbound.text.strip()) if intent else heard


def _now(inbound: Inbound, heard: Understanding, mine: Sequence[Case]) -> str:
    """How it stands now with a reporter's matter, as he says; "" where he says nothing of it."""
    working = [case for case in mine if case.working]
    taken_back = heard.intent == "cancel" and heard.sure >= _A_GUESS
    if working and not taken_back and well_again(inbound.text):
        return "well_again"
    if heard.intent not in _OPEN or not came_back(inbound.text):
        return ""
    if len(working) == 1 and _of_its_kind(inbound.text, heard, working[0]):
        return "goes_on"
    return "" if mine else "came_back"


def _handed_over(
    inbound: Inbound, speaker: Speaker, heard: Understanding, world: World
) -> Understanding:
    """A colleague is named to the bot alone: he shall do it."""
    person = speaker.person
    if not inbound.private or person is None or person.role is Role.DEPARTMENT:
        return heard
    others = (one for one in world.colleagues(person.area) if one.id != person.id)
    names = [one.name for one in others if one.role in _COLLEAGUES]
    name = handed_to(inbound.text, names)
    if name is None:
        return heard
    return replace(heard, intent="worker_transfer", name=name, action="command")


def _only_a_number(text: str) -> bool:
    """Whether somebody sends nothing but the number of a case."""
    bare = _EDGES.sub("", text)
    found = CASES.find(bare)
    return found is not None and len(bare) <= len(found[0])


def _of_its_kind(text: str, heard: Understanding, case: Case) -> bool:
    """Whether words may be about a case: of its category, or of none that is named (又没了)."""
    if heard.category in (case.category, None) or heard.category_sure < _A_MATTER:
        return True
    return matter_of(text) is None
