"""On somebody's behalf: staff quote, number, or forward a resident's words, and they become a case.

Where no bot hears a group, its grid worker is the way in (wechat.md 6.1): he forwards or quotes a
message to the bot alone.
"""

from dataclasses import replace

from bot.cases.corrections import as_said, learn
from bot.cases.reporting import located, report_of
from bot.turn import Turn
from domain.case import Case, Status
from domain.errors import NotAllowed
from domain.intake import BEHALF, PLACELESS
from store import cases, corrections, letters, questions
from store.letters import Kept

REPORTED = ("report", *PLACELESS)  # what somebody's words are when they are worth a case
_WAITING = ("report", "maybe")
_LEAST = 4  # signs; shorter words many people have said


async def passed_on(turn: Turn) -> bool:
    """Open a case for what a worker quotes or forwards in private; False: he does neither.

    Words nobody heard count where he reports them, or adds nothing of his own.
    """
    if await forwarded(turn):
        return True
    inbound = turn.inbound
    meant = turn.heard.intent in REPORTED or not inbound.text.strip()
    quoting = turn.speaker.staff and inbound.private and bool(inbound.quote) and not turn.number
    if quoting and meant:
        await open_quoted(turn)
    return quoting and meant


async def forwarded(turn: Turn) -> bool:
    """Open a case for the resident whose words a worker passes on in private; False: not that."""
    said = await theirs(turn)
    if said is None:
        return False
    case = await cases.get(turn.work.conn, said.case) if said.case else None
    if case is not None and case.status is not Status.REJECTED:
        turn.work.reply("replies/progress", {"cases": turn.work.views([case])})
    else:
        await open_for(turn, said)
    return True


async def theirs(turn: Turn) -> Kept | None:
    """The resident's message in a group of his own grids that staff quote or forward to the bot."""
    person, inbound = turn.speaker.person, turn.inbound
    words = inbound.quote or inbound.text
    if person is None or not person.role.staff or not inbound.private or turn.number:
        return None
    if len(words.strip()) < _LEAST:
        return None
    grids = [grid.id for grid in turn.work.city.world.grids(person.area)]
    directory = turn.work.directory
    chats = [one.key for one in directory.residents_chats(grids)]
    whole = not inbound.quote  # a quote may have been cut, a forwarded message is all there
    said = await letters.said_in(turn.work.conn, chats, words, turn.letter, whole=whole)
    if said is None:
        return None
    by = directory.speaker(said.inbound.address.channel, said.inbound.sender)
    return None if by.staff else said


async def open_for(turn: Turn, said: Kept) -> None:
    """Open a case for somebody's earlier message, with its pictures, in his name."""
    work = turn.work
    if said.case:
        await _revoke(turn, said.case)
    work.questions |= await questions.open_in(work.conn, [said.inbound.address.key])
    then = as_said(turn, said)
    if then.question is not None and any(key in then.question.data for key in _WAITING):
        await work.settle_question(then.question)
    report = report_of(then)
    if not report.placed and turn.inbound.private:
        report = located(report, turn.heard, turn.inbound.text, turn)  # the worker knows where
    case = await work.file(report)
    await letters.belongs(work.conn, said.id, case.id)
    await _remember(turn, then, case, said.id)
    if case.reported_in != turn.inbound.address:
        work.reply("replies/opened_for", case=case)


async def open_quoted(turn: Turn) -> None:
    """Open a case for words nobody heard: the one who quotes them reports them.

    In private they are somebody else's: he gets the answer to pass on.
    """
    work, private = turn.work, turn.inbound.private
    inbound = replace(turn.inbound, text=turn.inbound.quote, quote="", attachments=())
    then = as_said(turn, Kept(turn.letter, inbound, None))
    report = report_of(then)
    if private:
        report = replace(report, source=BEHALF, letters=turn.letters)
    case = await work.file(report, answered=private)
    await _remember(turn, then, case, None)
    if private and turn.speaker.person is not None:
        work.reply("replies/opened_for", case=case)
        key = f"i{turn.letter}:copy"
        work.hand_copy(turn.speaker.person, "replies/received", case, key=key)


async def _revoke(turn: Turn, number: int) -> None:
    """Forget that a case of the same words was rejected. Raises NotAllowed where it stands."""
    case = await cases.get(turn.work.conn, number)
    if case is None or case.status is not Status.REJECTED:
        raise NotAllowed("opened_already")
    await corrections.forget(turn.work.conn, case.id)


async def _remember(turn: Turn, then: Turn, case: Case, letter: int | None) -> None:
    heard = then.heard
    label = {"intent": heard.intent, "category": heard.category, "urgent": heard.urgent}
    await learn(turn, case, then.inbound.text, label, letter)
