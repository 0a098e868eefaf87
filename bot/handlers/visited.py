"""看过了、查了、没人在家: what a worker says of his rounds (domain.md F1)."""

from dataclasses import replace

from bot.turn import STAFF, Handler, Turn
from bot.understanding.visits import acts
from bot.visits import looks
from bot.visits.match import names
from bot.visits.said import said_of, same_again
from bot.visits.says import answer, ask, quiet
from bot.visits.visit import confirm
from domain.visits import VisitKind


async def visited(turn: Turn) -> None:
    """Record each visit the message tells of; ask back only where it is not clear which."""
    person = turn.speaker.person
    if person is None:
        return
    told = acts(turn.inbound.text, await names(turn, person))
    found = next((act for act in told if act.wrong and not act.known), None)
    if quiet(turn) and found is not None:  # said for all to hear: a trouble, not a round
        heard = turn.listen(found.name + found.finding)
        await turn.handle(replace(turn, heard=replace(heard, intent="report", action="open")))
        return
    if quiet(turn) and not any(act.known for act in told):
        return  # among neighbours "看过了" is no report of a round
    told = [await same_again(turn, person, act) for act in told]
    said = await said_of(turn, person)
    results = [(act, await confirm(said, act)) for act in told]
    await ask(turn, results)
    came = [result for _, result in results]
    round_only = all(one.visit and one.visit.kind is VisitKind.PATROL for one in came)
    look = await looks.waits(said) if round_only and turn.inbound.private else ""
    answer(turn, came, look)


HANDLER = Handler(intents=("worker_visit", "visited"), run=visited, roles=STAFF)
