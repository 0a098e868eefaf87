"""又坏了: trouble that goes on is added to its case; what came back after closing is a new one."""

from bot.cases.once_more import closed_lately, file_again
from bot.cases.reporting import join_aloud, joinable
from bot.turn import Handler, Turn, again
from bot.understanding import things_shared, trouble
from domain.case import Case

_SURE = 0.35  # less likely than that, a category is a guess


async def came_back(turn: Turn) -> None:
    """Add to the case that is worked on, or open the one that was closed anew."""
    if turn.heard.intent == "goes_on":
        case = next((one for one in turn.mine() if one.working), None)
        if case is not None:
            later = joinable(turn) is None  # long after the report, he wants to know he was heard
            await join_aloud(turn, case, None)
            if later and not turn.inbound.private:
                turn.work.reply("replies/added", case=case)
            return
    for last in await closed_lately(turn, withdrawn=True):
        if _about(turn, last):
            await file_again(turn, last)
            return
    await turn.handle(again(turn, turn.listen(turn.inbound.text).intent))


def _about(turn: Turn, last: Case) -> bool:
    """Whether words are about what was closed: its things are named, or its kind of trouble is."""
    heard = turn.heard
    if things_shared(turn.inbound.text, f"{last.place} {last.words}"):
        return True
    kind = heard.category == last.category and heard.category_sure >= _SURE
    return kind and trouble(turn.inbound.text)


HANDLER = Handler(intents=("came_back", "goes_on"), run=came_back)
