"""好了，亮了: the reporter says that it is well again while somebody still works on it."""

from bot.cases.meant import own_case
from bot.turn import Handler, Turn
from domain.steps import Facts, Step
from store import cases

_SAID = "well_again"


async def well_again(turn: Turn) -> None:
    """Tell the worker, who finishes it; the case goes on as the rules say. Said once."""
    work = turn.work
    case = await own_case(turn, lambda case: case.working)
    if case is None:
        return
    last = (await cases.timeline(work.conn, case.id))[-1]
    if last.kind == _SAID and last.by in turn.speaker.ids:
        return
    photos = await work.attach(case, turn.letters, "report")
    facts = Facts(words=turn.heard.words, photos=photos)
    moved = await work.move(case, Step.WELL_AGAIN, turn.speaker.id, facts)
    work.reply("replies/well_again", case=moved)


HANDLER = Handler(intents=("well_again",), run=well_again)
