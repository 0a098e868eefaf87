"""Words of staff about a case that is in somebody else's hands: passed on to whoever has it.

An office whose man went there all by himself, a leader on the spot, a worker whose case went to
an office: none of them may move it, and what they say is worth hearing.
"""

from collections.abc import Sequence

from bot.turn import EXPLICIT, Turn, again
from bot.understanding import things_shared
from domain.case import Case, id_of
from domain.complaints import may_have
from domain.messages import Kind
from domain.notices import below
from domain.numbers import CASES
from domain.routing import may_work
from store import cases, in_hand, reporters

_NOTHING, _NOT_YOURS = "nothing_open", "not_yours"
_NOD = ("nod",)
_HAND_OVER = "worker_transfer"
_OF_ANOTHER_S = (_HAND_OVER, "worker_done")  # may be said of a case that is in other hands


async def answered(turn: Turn, reason: str) -> bool:
    """Whether a refused step was about somebody else's case, and its words went to him."""
    person, work = turn.speaker.person, turn.work
    said = turn.inbound.kind is Kind.SAID and turn.inbound.private
    if person is None or not person.role.staff or not said:
        return False
    if reason not in (_NOTHING, _NOT_YOURS):
        return False
    nod = turn.heard.why[:1] == _NOD
    case = await _meant(turn)
    if case is None:
        if nod:
            work.reply("replies/refused", {"reason": "nothing_to_take"})
        return nod
    # A hand-over that is made already is said once more: nobody has to hear of it.
    bare = turn.heard.sure >= EXPLICIT and not turn.heard.words  # 办结, and nothing else
    told = not (nod or bare) and turn.heard.intent != _HAND_OVER
    worker = work.city.world.person(case.assignee)
    if told and worker is not None:
        words = {"words": turn.inbound.text.strip(), "by": person.name}
        key = f"i{turn.letter}:said"
        work.tell(worker, "replies/said_of_case", words, case=case, by=person.id, key=key)
    may = may_work(work.city.world, case, person)
    seen = {"told": told and worker is not None, "may": may}
    work.reply("replies/in_whose_hands", seen, case=case)
    return True


async def refused(turn: Turn) -> None:
    """Answer who has no part in the work and says what only staff say: 接单 G1001, 绑定网格."""
    work, reason = turn.work, "not_yours"
    if turn.heard.intent == "bind_grid":
        reason = "not_staff"
    elif turn.number[:1] == CASES.letter:
        case = await cases.get(work.conn, id_of(turn.number))
        if case is None:
            reason = "no_such_case"
        elif await reporters.is_one(work.conn, case, *turn.speaker.ids):
            await turn.handle(again(turn, "progress"))
            return
    work.reply("replies/refused", {"reason": reason})


async def _meant(turn: Turn) -> Case | None:
    """The case that is numbered, or the only one of his area these words can be about."""
    work, person = turn.work, turn.speaker.person
    world = work.city.world
    areas = below(world, [person.area]) if person is not None else set()
    if turn.number:
        case = await cases.get(work.conn, id_of(turn.number))
        if case is None or not (case.working and case.area in areas):
            return None
        return case if may_have(world, case, person) else None
    if turn.heard.sure >= EXPLICIT and turn.heard.intent not in _OF_ANOTHER_S:
        return None  # 接单, 延期: he thinks that he has one
    found = [one for one in await in_hand.working_in(work.conn, areas) if one.assignee]
    return _only([one for one in found if one.assignee != turn.speaker.id], turn)


def _only(found: Sequence[Case], turn: Turn) -> Case | None:
    """The only one; else the only one at the building or with the things that are named."""
    if len(found) > 1 and (building := turn.heard.location.building):
        found = [one for one in found if one.building == building]
    if len(found) > 1:
        near = [
            (things_shared(turn.inbound.text, f"{one.place} {one.words}"), one) for one in found
        ]
        best = max(close for close, _ in near)
        named = [one for close, one in near if close == best] if best else []
        found = named or [one for one in found if one.urgent]
    return found[0] if len(found) == 1 else None
