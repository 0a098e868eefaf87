"""看错了、撤销走访: what was wrongly said to be visited is open again; the log keeps both."""

from collections.abc import Sequence
from dataclasses import replace

from bot.turn import STAFF, Handler, Turn
from bot.understanding.visits import Act, acts
from bot.visits.match import names, targets
from bot.visits.rounds import round_back
from bot.visits.said import said_of
from bot.visits.says import answer, ask
from bot.visits.visit import confirm
from domain.errors import NotAllowed
from domain.people import Person
from domain.visits import Visit, VisitKind, day_of, start_of, taken_back
from store import visits


async def visit_back(turn: Turn) -> None:
    """Take back what the speaker's last message about visits today recorded."""
    work, person = turn.work, turn.speaker.person
    if person is None:
        return
    made = await visits.made_by(work.conn, person.id, start_of(day_of(work.now)))
    if await round_back(turn, person, made):
        return
    if not made:
        raise NotAllowed("no_visit")
    gone: list[str] = []
    wrong: Sequence[Visit] = [one for one in made if one.letter == made[0].letter]
    if turn.heard.intent == "visit_not":
        wrong = await _named(turn, person, made)
    for visit in wrong[::-1]:
        back = taken_back(visit, work.now)
        await visits.save(
            work.conn, back, "taken_back", person.id, work.now, words=visit.words, back=True
        )
        gone.append(visit.name)
    cases = any(one.case for one in wrong)
    work.reply("replies/visit_back", {"places": list(dict.fromkeys(gone)), "opened": cases})
    told = [one for one in wrong if one.kind is not VisitKind.PATROL]
    if turn.heard.intent == "visit_back" and turn.heard.words and len(told) == 1:
        await _instead(turn, person, told[0])


async def _named(turn: Turn, person: Person, made: Sequence[Visit]) -> Sequence[Visit]:
    """The visits of today at the place that is named. Raises NotAllowed where there is none."""
    (now, *_) = acts(turn.heard.words, await names(turn, person))
    found = await targets(turn, person, now)
    there = {one.subject for one in found}
    wrong = [one for one in made if one.subject in there]
    wrong = wrong or [one for one in made if turn.heard.words in one.name]  # 烧烤 is 老张烧烤
    if not wrong:
        raise NotAllowed("no_visit")
    return wrong


async def _instead(turn: Turn, person: Person, wrong: Visit) -> None:
    """Record what was said of the wrong place at the one that is named now: 说错了，是宾馆."""
    said = replace(await said_of(turn, person), photos=wrong.photos)
    (now, *_) = acts(turn.heard.words, await names(turn, person))
    act = Act(
        now.name or turn.heard.words,
        wrong.words,
        wrong.finding,
        known=now.known,
        person=now.person,
        building=now.building,
    )
    result = await confirm(said, act)
    await ask(turn, [(act, result)])
    answer(turn, [result])


HANDLER = Handler(intents=("visit_back", "visit_not"), run=visit_back, roles=STAFF)
