"""招募: staff look for a hand, see who has registered, and end what was done (domain.md H10)."""

from dataclasses import replace

from bot.helping import volunteers
from bot.helping.asking import grids_of, values_of
from bot.turn import STAFF, Handler, Turn
from domain.errors import NotAllowed
from domain.volunteers import OPEN, State, view
from store import volunteers as stored

_MOST = 10  # more lines are not read in a chat


async def need(turn: Turn) -> None:
    """Do what was said."""
    step = turn.heard.intent
    if step == "volunteer_need":
        await volunteers.call(turn, turn.heard.words)
    elif step == "volunteer_list":
        await _list(turn)
    elif step == "volunteer_stands":
        await _stands(turn)
    else:
        await _end(turn, again=step == "volunteer_again")


async def _list(turn: Turn) -> None:
    work, person = turn.work, turn.speaker.person
    areas = grids_of(work, person.area) if person is not None else []
    known = await stored.of_areas(work.conn, areas)
    lines = [(work.city.world.person(one), words) for one, _, words in known[:_MOST]]
    shown = [{"who": one.name if one else "", "words": words[:30]} for one, words in lines]
    work.reply("replies/volunteer_list", {"helpers": shown, "more": len(known) - len(shown)})


async def _stands(turn: Turn) -> None:
    """How the speaker's own calls stand: who said that he would come."""
    work = turn.work
    alive = (*OPEN, State.TAKEN)
    mine = await stored.asked_by(work.conn, turn.speaker.ids, alive)
    shown = [view(one, work.city.world) for one in mine[:_MOST]]
    work.reply("replies/volunteer_stands", {"needs": shown})


async def _end(turn: Turn, *, again: bool) -> None:
    """Thank whoever helped; or look for somebody else."""
    work = turn.work
    one = await volunteers.meant(turn, [])
    if one is None or one.state is not State.TAKEN:
        raise NotAllowed("no_such_need")
    if not volunteers.may_end(turn, one):
        raise NotAllowed("not_yours")
    if again:
        volunteers.thank(turn, one, "replies/volunteer_not_now")
        await volunteers.reopen(turn, one)
    else:
        await stored.save(work.conn, replace(one, state=State.DONE), work.now)
        volunteers.thank(turn, one, "replies/volunteer_thanks")
    work.reply("replies/volunteer_noted", values_of(work, one) | {"again": again})


HANDLER = Handler(
    intents=(
        "volunteer_need",
        "volunteer_list",
        "volunteer_stands",
        "volunteer_done",
        "volunteer_again",
    ),
    run=need,
    roles=STAFF,
)
