"""纪要: what was said at a meeting, in as many messages and pictures as it takes (domain.md J1)."""

from typing import Any

from bot import meetings
from bot.activities import aloud, view
from bot.turn import STAFF, Handler, Turn
from domain.errors import NotAllowed
from store import minutes as stored

_ONE = 1_200  # characters of an answer: the rest is asked for by the number of its part


async def note(turn: Turn) -> None:
    """Add to the minutes of the last meeting."""
    held, parts = await meetings.note(turn, turn.heard.words)
    photos = sum(one.photos for one in parts)
    values = {"activity": view(turn.work, held), "total": len(parts), "photos": photos}
    turn.work.reply("replies/minutes_noted", values)


async def shown(turn: Turn) -> None:
    """The minutes of the last meeting, from the part that is named on."""
    work = turn.work
    held = await meetings.last(turn, work.now - meetings.YEAR)
    if held is None:
        raise NotAllowed("no_meeting")
    first = max(1, int(turn.heard.words or 1))
    parts = await stored.of_meeting(work.conn, held.id)
    pieces: list[dict[str, Any]] = []
    size = 0
    for at, one in enumerate(parts[first - 1 :], first):
        size += len(one.words)
        if pieces and size > _ONE:
            break
        pieces.append({"number": at, "words": one.words, "photos": one.photos})
    values = {"activity": view(work, held), "pieces": pieces, "total": len(parts)}
    work.reply("replies/minutes", values | {"following": first + len(pieces)})


async def minutes(turn: Turn) -> None:
    """Add or show, unless it was said to the neighbours."""
    if not aloud(turn):
        await (note if turn.heard.intent == "minutes_add" else shown)(turn)


HANDLER = Handler(intents=("minutes_add", "minutes"), run=minutes, roles=STAFF)
