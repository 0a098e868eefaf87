"""Putting right what was said wrong: the words stay one report, its place is another."""

from dataclasses import replace

from bot.cases.reporting import joinable, located, report_of
from bot.turn import Turn
from bot.understanding import amended
from domain.case import Case
from domain.steps import Facts, Step

_PARTS = ("building", "unit", "room", "floor")


async def amend(turn: Turn) -> bool:
    """Put the place of the speaker's last report right; False: he takes nothing back but words.

    Another grid, or no place at all, is for his worker to read: nothing is moved by a slip.
    """
    right = amended(turn.inbound.text)
    case = _case(turn) if right else None
    if case is None:
        return False
    heard = turn.listen(right)
    if not (heard.location or heard.known_place):
        return False
    bare = replace(report_of(turn), building="", unit="", room="", floor="", place="")
    said = located(replace(bare, known_place="", landmark=False), heard, right, turn)
    changes: dict[str, str | bool] = {}
    world = turn.work.city.world
    known = world.find_building(case.area, said.building) if said.building else None
    if not said.building or (known is not None and known.area == case.area):
        # A unit belongs to its building: with another building it has to be said again.
        first = next((at for at, part in enumerate(_PARTS) if getattr(said, part)), len(_PARTS))
        changes |= {part: getattr(said, part) or "" for part in _PARTS[first:]}
    if said.place and not said.building:
        changes["place"] = said.known_place or said.place
    if said.placed and case.unverified:
        changes["unverified"] = False
    facts = Facts(words=turn.inbound.text.strip(), changes=changes)
    moved = await turn.work.move(case, Step.ADD, turn.speaker.id, facts)
    turn.work.reply("replies/added", case=moved)
    return True


def _case(turn: Turn) -> Case | None:
    """The report he may mean: the one just made, or the only one that is worked on."""
    case = joinable(turn)
    if case is not None and case.working:
        return case
    working = [one for one in turn.mine() if one.working]
    return working[0] if len(working) == 1 else None
