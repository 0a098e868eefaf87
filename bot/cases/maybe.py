"""Between opening a case and staying silent: one short question whether something is wrong.

Asked at most once while the last one waits for its answer (the question wait of the rules), and in
a group of at most a few people at a time: what is not asked goes into the worker's daily digest.
"""

from dataclasses import replace

from bot.cases.duplicates import talked_of
from bot.cases.reporting import A_CATEGORY, ask_where, grid_known, join_aloud, located
from bot.helping.afterwards import followed_up
from bot.turn import Turn
from bot.understanding import YES, things_shared, trouble
from domain.intake import Report
from store import cases

QUESTION = "maybe"
_A_REPORT = 0.5  # so likely one, it is asked after whatever it is about
_ANEW = 0.9  # so sure of another category, who is asked tells of something else
AT_ONCE = 3  # more such questions in a group at the same time would be noise


async def ask(turn: Turn, said: Report) -> bool:
    """Ask whether a message was a report; False when it is not the moment to."""
    work = turn.work
    if turn.inbound.private and await _alone(turn):
        return True
    if turn.speaker.staff and not turn.addressed:
        return False  # what staff say among themselves (docs/decisions/0008)
    # Nobody is made to carry such a question; and 我看到了 是5楼那家的 is a neighbour's word on
    # what was just reported. The digest has both.
    if turn.mute or await talked_of(turn, said):
        return False
    waiting = [key for key, one in work.questions.items() if one.kind == QUESTION]
    here = [key for key in waiting if key[0] == turn.conversation]
    if turn.question is not None or len(here) >= AT_ONCE:
        return False
    wait = work.city.book.at(work.now).question_wait
    await work.ask(turn.conversation, turn.speaker.id, QUESTION, {"maybe": said.to_json()}, wait)
    work.reply("replies/maybe")
    return True


async def _alone(turn: Turn) -> bool:
    """Answer who writes to the bot alone; False: what may be a report is asked after as always."""
    open_ = [case for case in turn.mine() if case.working]
    if len(open_) == 1:  # what else would he mean
        await join_aloud(turn, open_[0], None)
        return True
    heard = turn.heard
    likely = heard.intent == "report" and heard.sure >= _A_REPORT
    doubtful = (likely or heard.category_sure >= A_CATEGORY) and turn.question is None
    if turn.speaker.staff and await _of_his_case(turn):
        return True
    if turn.speaker.staff and doubtful:
        return False
    if await followed_up(turn):
        return True
    if doubtful and heard.intent == "report":
        return False
    turn.work.reply(
        "replies/not_understood_staff" if turn.speaker.staff else "replies/not_understood"
    )
    return True


async def _of_his_case(turn: Turn) -> bool:
    """Tell a worker who speaks of the only case he has which words move it."""
    own = await cases.of_assignees(turn.work.conn, [turn.speaker.id])
    working = [one for one in own if one.working]
    if len(working) != 1:
        return False
    case, said, where = working[0], turn.inbound.text, turn.heard
    placed = where.location.numbered or where.known_place
    new = placed or trouble(said)  # may be something else he has found
    if new and not things_shared(said, f"{case.place} {case.words}"):
        return False
    turn.work.reply("replies/not_understood_staff", case=case)
    return True


async def answered(turn: Turn) -> None:
    """Yes, or the place: the report goes on; no: nothing was wrong."""
    question = turn.question
    if question is None or question.kind != QUESTION:
        return
    await turn.work.settle_question(question)
    words = turn.heard.words
    if not words:
        turn.work.reply("replies/maybe_not")
        return
    report = Report.from_json(question.data["maybe"])
    anew = turn.listen(turn.inbound.text)
    if anew.action == "open" and anew.category_sure >= _ANEW and anew.category != report.category:
        await turn.handle(replace(turn, heard=anew, question=None))  # another matter, told whole
        return
    if words != YES:
        report = located(report, turn.heard, turn.inbound.text, turn)
        report = replace(report, words=f"{report.words} {words}".strip())
    if report.placed and grid_known(turn, report):
        await turn.work.file(report)
    else:
        await ask_where(turn, report)
