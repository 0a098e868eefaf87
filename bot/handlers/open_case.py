"""立案: staff say that what the bot left alone is a case."""

from bot.cases import behalf
from bot.cases.corrections import quoted
from bot.turn import STAFF, Handler, Turn
from bot.visits.findings import open_found
from domain.case import Status, id_of
from domain.errors import NotAllowed
from store import cases, letters
from store.letters import Kept

_LIST = "digest"  # the question under the list of what the bot stayed silent on


async def open_case(turn: Turn) -> None:
    """Open a case for each message that is meant: quoted, or numbered in the daily list."""
    listed = turn.question is not None and turn.question.kind == _LIST
    if turn.number:  # his own words are needed, not the bot's about them
        raise NotAllowed("opened_already" if await _alive(turn) else "nothing_quoted")
    if turn.inbound.quote:
        said = await behalf.theirs(turn) or await quoted(turn)
        await (behalf.open_for(turn, said) if said is not None else behalf.open_quoted(turn))
    elif listed:
        for said in await _listed(turn):
            await behalf.open_for(turn, said)
    elif not await open_found(turn):
        raise NotAllowed("nothing_quoted")


async def _listed(turn: Turn) -> list[Kept]:
    """The messages of the list whose places were named; the only one needs no number."""
    ids = turn.question.data["letters"] if turn.question is not None else []
    places = turn.heard.words.split() or (["1"] if len(ids) == 1 else [])
    chosen = [ids[int(place) - 1] for place in places if 0 < int(place) <= len(ids)]
    found = [await letters.get(turn.work.conn, one) for one in dict.fromkeys(chosen)]
    kept = [one for one in found if one is not None and one.inbound.text]
    if not kept or len(chosen) < len(places):
        raise NotAllowed("no_such_line")
    return kept


async def _alive(turn: Turn) -> bool:
    """Whether the case that was named was not rejected."""
    case = await cases.get(turn.work.conn, id_of(turn.number))
    return case is not None and case.status is not Status.REJECTED


HANDLER = Handler(intents=("open_case",), run=open_case, roles=STAFF)
