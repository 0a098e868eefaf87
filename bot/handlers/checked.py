"""3号楼楼道灯 6层都好的: an inspection round, item by item; and how they stand (F17)."""

from bot.turn import STAFF, Handler, Turn, again
from bot.understanding.checklist import inspection
from bot.visits.match import names
from bot.visits.rounds import check, progress
from bot.visits.said import said_of
from bot.visits.says import quiet
from domain.people import Person
from domain.visits import day_of

_MOST = 10  # more is no list for a telephone


async def checked(turn: Turn) -> None:
    """Record the items; where no such round is going on, it is a report or a plain visit."""
    person, work = turn.speaker.person, turn.work
    if person is None:
        return
    if turn.heard.intent == "rounds":
        await _progress(turn, person)
        return
    parts = work.city.book.at(work.now).visits.parts(day_of(work.now))
    told = inspection(turn.inbound.text, parts, await names(turn, person))
    if told is None:
        await turn.handle(again(turn, "visited"))
        return
    result = await check(await said_of(turn, person), told)
    if result.how == "none":
        intent = "report" if told.broken else "visited"
        await turn.handle(again(turn, intent, action="open" if told.broken else "command"))
        return
    values = {"round": result.values()}
    if quiet(turn):
        key = f"i{turn.letter}:checked"
        work.tell(person, "replies/checked", values, case=None, by="", key=key)
    else:
        work.reply("replies/checked", values)


async def _progress(turn: Turn, person: Person) -> None:
    lines = await progress(turn, person, turn.heard.words)
    lines.sort(key=lambda one: (one["left"] == 0, one["place"]))  # what is left comes first
    more = max(0, len(lines) - _MOST)
    done = sum(one["left"] == 0 for one in lines)
    values = {"rounds": lines[:_MOST], "more": more, "done": done, "total": len(lines)}
    turn.work.reply("replies/rounds", values)


HANDLER = Handler(intents=("checked", "rounds"), run=checked, roles=STAFF)
