"""进度: how far a report has come."""

from itertools import chain

from bot.cases.reporting import join_aloud, joinable
from bot.turn import Handler, Turn
from bot.understanding import things_shared
from domain.case import Case, id_of
from domain.errors import NotAllowed
from domain.notices import below
from domain.routing import may_work
from store import cases, in_hand, reporters


async def progress(turn: Turn) -> None:
    """Tell the reporter, or whoever handles it, where a case stands."""
    work = turn.work
    case = joinable(turn) if turn.letters else None
    if case is not None:
        await join_aloud(
            turn, case, None
        )  # "怎么还没人来" with a photo, a minute later, is more of it
        return
    if turn.number:
        case = await cases.get(work.conn, id_of(turn.number))
        if case is None:
            raise NotAllowed("no_such_case")
        mine = await reporters.is_one(work.conn, case, *turn.speaker.ids)
        if not mine and not may_work(work.city.world, case, turn.speaker.person):
            raise NotAllowed("not_your_report")
        shown = [case]
    else:
        shown = turn.mine() or await _handled(turn) or await _last(turn)
    if shown or turn.inbound.private or turn.inbound.named:
        work.reply(
            "replies/progress", {"cases": work.views(shown[:5]), "staff": turn.speaker.staff}
        )


async def _handled(turn: Turn) -> list[Case]:
    """What staff ask after: the cases in their own hands, else those of their area they name."""
    work, person = turn.work, turn.speaker.person
    if person is None or not person.role.staff or not turn.inbound.private:
        return []
    held = await cases.of_assignees(work.conn, [person.id])
    own = [one for one in held if one.working]
    found = own or await in_hand.working_in(work.conn, below(work.city.world, [person.area]))
    said = turn.inbound.text
    named = [one for one in found if things_shared(said, f"{one.place} {one.words}")]
    return named or list(found)


async def _last(turn: Turn) -> list[Case]:
    """What the speaker reported last, under whichever of his ids."""
    conn = turn.work.conn
    found = [await cases.of_reporter(conn, one, limit=1) for one in turn.speaker.ids]
    return sorted(chain(*found), key=lambda case: -case.id)[:1]


HANDLER = Handler(intents=("progress",), run=progress)
