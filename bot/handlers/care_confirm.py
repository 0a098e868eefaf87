"""送到了, 打过了: who delivers or calls confirms the day (F20)."""

from dataclasses import replace

from bot.turn import Handler, Turn, again
from domain.visits import VisitStatus
from domain.welfare import Round, State, round_of, view
from domain.workdays import TZ
from scheduler import caring
from store import visits, welfare


async def confirm(turn: Turn) -> None:
    """Confirm today's round; whoever was sent to look meanwhile hears that it is not needed."""
    work = turn.work
    today = work.now.astimezone(TZ).date()
    waiting = await welfare.open_of(work.conn, turn.speaker.ids, today)
    if turn.number[:1] == "C":
        waiting = [one for one in waiting if one.id == round_of(turn.number)]
    elif len(waiting) > 1:
        waiting = [one for one in waiting if _named(turn, one)] or waiting
    if not waiting and (looked := await welfare.looked_of(work.conn, turn.speaker.ids, today)):
        _say(turn, "replies/care_done", {"care": _seen(turn, looked[-1])})
    elif not waiting:
        await _something_else(turn)
    elif len(waiting) > 1:
        _say(turn, "replies/care_which", {"cares": [_seen(turn, one) for one in waiting]})
    else:
        await _confirmed(turn, waiting[0])


def _named(turn: Turn, one: Round) -> bool:
    return _seen(turn, one)["subject"] in turn.inbound.text


def _seen(turn: Turn, one: Round) -> dict[str, str]:
    return view(one.plan, turn.work.city.world)


async def _confirmed(turn: Turn, waiting: Round) -> None:
    work = turn.work
    one = await welfare.get(work.conn, waiting.id)
    if one is None:
        return
    done = replace(one, state=State.DONE, by=turn.speaker.id)
    await welfare.save(work.conn, done, work.now)
    _say(turn, "replies/care_done", {"care": _seen(turn, one)})
    look = await visits.get(work.conn, one.visit) if one.visit else None
    if look is not None and look.status is not VisitStatus.DONE:
        gone = replace(look, status=VisitStatus.CANCELLED)
        await visits.save(work.conn, gone, "cancelled", turn.speaker.id, work.now)
        values = {"care": _seen(turn, one)}
        key = f"c{one.id}:needless"
        caring.tell_alone(work, look.worker, "replies/care_needless", values, key=key)


def _say(turn: Turn, template: str, values: dict[str, object]) -> None:
    """Answer in private only: whom somebody looks after is nobody else's business."""
    if turn.inbound.private:
        turn.work.reply(template, values)


async def _something_else(turn: Turn) -> None:
    if turn.speaker.staff:
        await turn.handle(again(turn, "worker_done", words=turn.inbound.text.strip()))
    else:
        await turn.handle(again(turn, "other", sure=0.5))


HANDLER = Handler(intents=("care_confirm",), run=confirm)
