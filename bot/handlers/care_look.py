"""我去 and 看过了 on a care card: the worker goes to look, and has looked (F20)."""

from dataclasses import replace

from bot.turn import STAFF, Handler, Turn
from domain import visits as visit_
from domain.errors import NotAllowed
from domain.visits import Confirmed, VisitStatus
from domain.welfare import State, check_open, may_look, round_of, view
from scheduler import caring
from store import timers, visits, welfare


async def look(turn: Turn) -> None:
    """Note that somebody goes, which gives him the leader's time anew; or that he has looked."""
    work = turn.work
    one = await welfare.get(work.conn, round_of(turn.number)) if turn.number[:1] == "C" else None
    if one is None:
        raise NotAllowed("care_unknown")
    check_open(one)
    visit = await visits.get(work.conn, one.visit) if one.visit else None
    worker = visit.worker if visit is not None else ""
    if not may_look(work.city.world, one, worker, turn.speaker.person):
        raise NotAllowed("not_yours")
    done = turn.heard.intent == "care_looked"
    state = State.SETTLED if done else State.ACCEPTED
    await welfare.save(work.conn, replace(one, state=state, by=turn.speaker.id), work.now)
    await timers.drop(work.conn, caring.LEADER, one.id)
    if not done:
        due = work.now + work.city.book.at(work.now).welfare.escalate
        await timers.stand(work.store, work.conn, caring.LEADER, one.id, due)
    elif visit is not None and visit.status is not VisitStatus.DONE:
        words = turn.inbound.text.strip() or one.plan.what
        said = Confirmed(work.now, turn.speaker.id, words, letter=turn.letter)
        made = visit_.done(visit, said)
        await visits.save(work.conn, made, "done", turn.speaker.id, work.now, words=words)
    values = {"care": view(one.plan, work.city.world), "looked": done}
    work.reply("replies/care_noted", values)


HANDLER = Handler(intents=("care_accept", "care_looked"), run=look, roles=STAFF)
