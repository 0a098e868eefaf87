"""Several neighbours with one case: joining it, parting from it, and who has answered."""

from dataclasses import replace

from bot.turn import Turn
from domain.case import Case, Satisfaction, Status
from domain.errors import NotAllowed
from domain.intake import Report
from domain.messages import Address
from domain.reporters import Reporter, all_satisfied, others
from domain.steps import Facts, Step
from store import reporters


async def join(turn: Turn, case: Case, report: Report) -> None:
    """Make the speaker one more reporter of a case; whoever is one already adds to it."""
    work = turn.work
    letters = await work.letters_of(report)
    photos = await work.attach(case, letters, "report")
    facts = Facts(words=report.words, photos=photos)
    if await reporters.is_one(work.conn, case, *work.directory.ids(report.reporter)):
        moved = await work.move(case, Step.ADD, report.reporter, facts)
        work.reply("replies/progress", {"cases": work.views([moved])})
        return
    here = Address(report.channel, report.chat, report.group)
    kept = replace(report, letters=tuple(letters))
    joining = Reporter(report.reporter, here, work.now, report=kept)
    await reporters.add(work.store, work.conn, case, joining)
    work.joined[joining.person, case.id] = joining
    moved = await work.move(case, Step.JOIN, joining.person, facts)
    work.reply("replies/joined", case=moved)


async def part(turn: Turn, case: Case, *, with_photos: bool) -> tuple[Case, Report | None]:
    """Take the speaker out of a case that neighbours report too; returns what he had said.

    When the first reporter goes, the earliest neighbour takes his place. Raises NotAllowed when
    nobody else reported it.
    """
    work, person, ids = turn.work, turn.speaker.id, turn.speaker.ids
    everybody = await reporters.of_case(work.conn, case.id)
    mine = next((one for one in everybody if one.person in ids), None)
    rest = others(everybody, *ids)
    if mine is None or not rest:
        raise NotAllowed("not_now")
    photos = 0
    if with_photos and mine.report is not None:
        photos = await work.detach(case, mine.report.letters)
    heir = rest[0] if case.reporter in ids else None
    for one in ids:
        await reporters.remove(work.conn, case.id, one)
    facts = Facts(words=turn.inbound.text.strip(), photos=photos, heir=heir)
    moved = await work.move(case, Step.LEAVE, person, facts)
    for one in ids:
        work.forget(moved, one)
    if moved.status is Status.FINISHED and all_satisfied(rest):
        answer = Facts(satisfaction=moved.satisfaction)
        moved = await work.move(moved, Step.SATISFY, person, answer)
    return moved, mine.report


async def answer_step(turn: Turn, case: Case, answer: Satisfaction) -> Step | None:
    """The step a 满意 takes: the case closes with the last answer; None when it was said before."""
    if case.reporters <= 1:
        return Step.SATISFY
    everybody = await reporters.of_case(turn.work.conn, case.id)
    ids = turn.speaker.ids
    if any(one.person in ids and one.answer is not Satisfaction.NONE for one in everybody):
        return None
    for one in ids:
        await reporters.answered(turn.work.conn, case.id, one, answer)
    return Step.SATISFY if all_satisfied(others(everybody, *ids)) else Step.ANSWER
