"""What the bot says about visits: what was recorded, and the one question it may ask."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from bot.turn import Turn
from bot.understanding.visits import Act
from bot.visits.said import ASKED
from bot.visits.visit import Result, kept_act
from domain.visits import Visit, VisitKind
from scheduler.caring import tell_alone

_WAIT = timedelta(hours=2)
_REASON: Mapping[str, str | int] = {
    "code": "",
    "object": "",
    "word": "",
    "campaign": "",
    "category": "",
    "count": 0,
    "days": 0,
    "again": 0,
    "window": "",
    "from": "",
    "to": "",
    "part": "",
    "focus": "",
    "with": "",
}


def quiet(turn: Turn) -> bool:
    """Whether this was said among residents, and not to the bot."""
    bound = turn.work.directory.area_of(turn.inbound.address)
    residents = turn.inbound.address.group and bound is not None and bound[0] == "residents"
    return turn.overheard or (residents and not turn.inbound.named)


async def ask(turn: Turn, results: Sequence[tuple[Act, Result]]) -> None:
    """Let the next words say where the first unclear visit was."""
    for act, result in results:
        if result.how in ASKED and not quiet(turn):
            options = [one.to_json() for one in result.choices]
            data = {"act": kept_act(act), "options": options}
            await turn.work.ask(turn.conversation, turn.speaker.id, "visit", data, _WAIT)
            return


def answer(turn: Turn, results: Sequence[Result], look: str = "") -> None:
    """Say what was recorded; in a residents' group, and of residents, to the worker alone (F21).

    `look` is the name of who still waits to be looked after, "" for nobody.
    """
    values = {"visits": [one.values() for one in results], "look": look}
    person = turn.speaker.person
    if turn.inbound.address.group and any(_of_somebody(turn, one) for one in results):
        key = f"i{turn.letter}:visited"
        tell_alone(turn.work, turn.speaker.id, "replies/visited", values, key=key)
    elif quiet(turn) and person is not None:
        key = f"i{turn.letter}:visited"
        turn.work.tell(person, "replies/visited", values, case=None, by="", key=key)
    else:
        turn.work.reply("replies/visited", values)


def _of_somebody(turn: Turn, result: Result) -> bool:
    """Whether a visit was to a resident, so that what is said of it is nobody else's business."""
    visit = result.visit
    if visit is None:
        return False
    known = turn.work.city.world.person(visit.subject)
    return visit.kind is VisitKind.CARE or known is not None


def apart(
    turn: Turn, template: str, whole: Mapping[str, Any], open_to_all: Mapping[str, Any]
) -> None:
    """Answer; in a group only what everybody may read, and the whole to the speaker alone (F21).

    Who is on a care list never stands in a group, not even among colleagues.
    """
    work = turn.work
    if not turn.inbound.address.group:
        work.reply(template, whole)
        return
    secret = whole["lines"] != open_to_all["lines"]
    if secret:
        tell_alone(work, turn.speaker.id, template, whole, key=f"i{turn.letter}:alone")
    if open_to_all["lines"] or not secret:
        work.reply(template, open_to_all)


def back_line(visit: Visit) -> dict[str, str]:
    """A visit that was taken back: its place, or the window that was patrolled."""
    patrol = visit.kind is VisitKind.PATROL
    return {"place": visit.name, "window": str(visit.reason.get("window", "")) if patrol else ""}


def line(visit: Visit) -> dict[str, Any]:
    """A visit for a list: what, whether it is done, and why it is planned."""
    return {
        "place": visit.name,
        "kind": visit.kind.value,
        "status": visit.status.value,
        "at": visit.done_at.isoformat() if visit.done_at else "",
        "due": visit.due_at.isoformat(),
        "why": {**_REASON, **visit.reason},
    }
