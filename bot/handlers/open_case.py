"""立案: staff say that what the bot left alone is a case."""

from dataclasses import replace

from bot.corrections import as_said, learn, quoted
from bot.reporting import report_of
from bot.turn import STAFF, Handler, Turn
from domain.case import Case, Status, id_of
from domain.errors import NotAllowed
from store import cases, corrections, letters
from store.letters import Kept

_LIST = "digest"  # the question under the list of what the bot stayed silent on
_WAITING = ("report", "maybe")


async def open_case(turn: Turn) -> None:
    """Open a case for each message that is meant: quoted, or numbered in the daily list."""
    listed = turn.question is not None and turn.question.kind == _LIST
    if turn.number:  # his own words are needed, not the bot's about them
        raise NotAllowed("opened_already" if await _alive(turn) else "nothing_quoted")
    if turn.inbound.quote:
        said = await quoted(turn)
        await (_open(turn, said) if said is not None else _open_own(turn))
    elif listed:
        for said in await _listed(turn):
            await _open(turn, said)
    else:
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


async def _open(turn: Turn, said: Kept) -> None:
    """Open a case for somebody's earlier message, on his behalf."""
    if said.case:
        await _revoke(turn, said.case)
    then = as_said(turn, said)
    if then.question is not None and any(key in then.question.data for key in _WAITING):
        await turn.work.settle_question(then.question)
    case = await turn.work.file(report_of(then))
    await letters.belongs(turn.work.conn, said.id, case.id)
    await _remember(turn, then, case, said.id)
    if case.reported_in != turn.inbound.address:
        turn.work.reply("replies/opened_for", case=case)


async def _alive(turn: Turn) -> bool:
    """Whether the case that was named was not rejected."""
    case = await cases.get(turn.work.conn, id_of(turn.number))
    return case is not None and case.status is not Status.REJECTED


async def _revoke(turn: Turn, number: int) -> None:
    """Forget that a case of the same words was rejected. Raises NotAllowed where it stands."""
    case = await cases.get(turn.work.conn, number)
    if case is None or case.status is not Status.REJECTED:
        raise NotAllowed("opened_already")
    await corrections.forget(turn.work.conn, case.id)


async def _open_own(turn: Turn) -> None:
    """Open a case for words nobody heard: the one who quotes them reports them."""
    inbound = replace(turn.inbound, text=turn.inbound.quote, quote="", attachments=())
    then = as_said(turn, Kept(turn.letter, inbound, None))
    case = await turn.work.file(report_of(then))
    await _remember(turn, then, case, None)


async def _remember(turn: Turn, then: Turn, case: Case, letter: int | None) -> None:
    heard = then.heard
    label = {"intent": heard.intent, "category": heard.category, "urgent": heard.urgent}
    await learn(turn, case, then.inbound.text, label, letter)


HANDLER = Handler(intents=("open_case",), run=open_case, roles=STAFF)
