"""What the bot says about visits: what was recorded, and the one question it may ask."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from bot.turn import Turn
from bot.understanding.visits import Act
from bot.visits import Result, kept_act
from domain.visits import Visit

_ASKED = ("unknown", "which")
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
}


def quiet(turn: Turn) -> bool:
    """Whether this was said among residents, and not to the bot."""
    bound = turn.work.directory.area_of(turn.inbound.address)
    residents = turn.inbound.address.group and bound is not None and bound[0] == "residents"
    return turn.overheard or (residents and not turn.inbound.named)


async def ask(turn: Turn, results: Sequence[tuple[Act, Result]]) -> None:
    """Let the next words say where the first unclear visit was."""
    for act, result in results:
        if result.how in _ASKED and not quiet(turn):
            options = [one.to_json() for one in result.choices]
            data = {"act": kept_act(act), "options": options}
            await turn.work.ask(turn.conversation, turn.speaker.id, "visit", data, _WAIT)
            return


def answer(turn: Turn, results: Sequence[Result]) -> None:
    """Say what was recorded; in a residents' group to the worker alone."""
    values = {"visits": [one.values() for one in results]}
    person = turn.speaker.person
    if quiet(turn) and person is not None:
        key = f"i{turn.letter}:visited"
        turn.work.tell(person, "replies/visited", values, case=None, by="", key=key)
    else:
        turn.work.reply("replies/visited", values)


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
