"""办结: a worker is done, in words or with a photo; the reporter is asked whether it is so."""

from bot.cases import elsewhere
from bot.cases.all_of import each_of_his
from bot.cases.meant import ANOTHER_HOUSE, staff_case
from bot.helping import which
from bot.turn import STAFF, Handler, Turn, again
from bot.understanding import errands, matter_of
from domain.errors import NotAllowed
from domain.steps import Facts, Step
from store import media


async def finish(turn: Turn) -> None:
    """Finish the case that is meant; photos sent just before count as evidence (domain.md E7)."""
    number = await which.named_by_resident(turn)
    if number:
        await turn.handle(again(turn, "appointment_done", case_number=number))
        return
    if await each_of_his(turn, Step.FINISH):
        return
    try:
        case = await staff_case(turn, Step.FINISH)
    except NotAllowed as refusal:
        if refusal.reason == ANOTHER_HOUSE and errands.troubled(turn.inbound.text):
            # 5号楼的灯不亮了，麻烦修一下
            category = turn.heard.category or matter_of(turn.inbound.text)
            await turn.handle(again(turn, "report", action="open", category=category))
            return
        intent, number = await elsewhere.done(turn, refusal)
        await turn.handle(again(turn, intent, case_number=number))
        return
    if case is None:
        return
    work = turn.work
    window = work.city.rules_of(case).grouping_window
    loose = await media.loose(work.conn, turn.conversation, turn.inbound.sender, work.now - window)
    # Checked before anything is written: a finished case must not swallow the photos.
    photos = await work.attach(case, (*loose, *turn.letters), "result") if case.working else 0
    facts = Facts(words=turn.heard.words, photos=photos)
    moved = await work.move(case, Step.FINISH, turn.speaker.id, facts)
    work.reply("replies/finished", {"bare": not moved.result and not photos}, case=moved)


HANDLER = Handler(intents=("worker_done",), run=finish, roles=STAFF)
