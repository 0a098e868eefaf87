"""看错了、撤销走访: what was wrongly said to be visited is open again; the log keeps both."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.turn import STAFF, Handler, Turn, again
from bot.understanding.visit_names import called
from bot.understanding.visits import Act, acts
from bot.visits.absences import absent_back
from bot.visits.match import names, targets
from bot.visits.rounds import round_back
from bot.visits.said import ASKED, REFUSED, said_of
from bot.visits.says import answer, ask, back_line
from bot.visits.visit import confirm, part_of
from domain.errors import NotAllowed
from domain.people import Person
from domain.visits import Visit, VisitKind, day_of, start_of, taken_back
from scheduler import caring
from store import visit_talk, visits


async def visit_back(turn: Turn) -> None:
    """Take back what the speaker's last message about visits today recorded."""
    work, person = turn.work, turn.speaker.person
    if person is None:
        return
    made = await visits.made_by(work.conn, person.id, start_of(day_of(work.now)))
    if await _nothing_to(turn, person, made):
        return
    missed, wrong = await _wrong(turn, person, made)
    if not wrong and missed is None:
        named = turn.heard.intent == "visit_not" and made
        raise NotAllowed("no_such_visit" if named else "no_visit")
    for one in wrong[::-1]:
        back = taken_back(one, work.now)
        data = {"words": one.words, "back": True}
        await visits.save(work.conn, back, "taken_back", person.id, work.now, **data)
        if one.kind is VisitKind.CARE:
            await caring.not_looked(work, one.id)
    gone = [*filter(None, [missed]), *wrong[::-1]]
    gone.sort(key=lambda one: one.kind is VisitKind.PATROL)  # what was said, then what it stood for
    places = list({one.name: back_line(one) for one in gone}.values())
    opened = any(one.case for one in gone)
    work.reply("replies/visit_back", {"places": places, "opened": opened})
    told = [one for one in gone if one.kind is not VisitKind.PATROL]
    if turn.heard.intent == "visit_back" and turn.heard.words and len(told) == 1:
        await _instead(turn, person, told[0], absent=missed is not None)


async def _nothing_to(turn: Turn, person: Person, made: Sequence[Visit]) -> bool:
    """Whether it is no visit that he takes back: a round, or words that recorded nothing."""
    if turn.heard.intent == "visit_not":
        return False
    return await _none_recorded(turn, person) or await round_back(turn, person, made)


async def _wrong(
    turn: Turn, person: Person, made: Sequence[Visit]
) -> tuple[Visit | None, Sequence[Visit]]:
    """What is meant: the visit at which nobody was home (taken back by now), and those made."""
    there = await _named(turn, person) if turn.heard.intent == "visit_not" else None
    if there is not None:
        wrong = _with_patrol(made, _among(turn, person, made, there))
        if wrong or not there.subjects:
            return None, wrong
    missed = await absent_back(turn, person, made, there.subjects if there else ())
    if missed is not None:  # the patrol it stood for goes with it
        return missed, _with_patrol(made, [missed])[1:]
    return None, [one for one in made if there is None and one.letter == made[0].letter]


async def _none_recorded(turn: Turn, person: Person) -> bool:
    """Whether his last words recorded nothing, so that there is nothing to take back."""
    work, question = turn.work, turn.question
    told = await visit_talk.last_told(work.conn, person.id, start_of(day_of(work.now)))
    if told is None or told.how not in (*ASKED, *REFUSED):
        return False
    asked = question is not None and question.kind == "visit"
    if asked and turn.heard.words:  # 说错了，是宾馆
        await turn.handle(again(turn, "visit_answer"))
        return True
    if asked and question is not None:
        await work.settle_question(question)
    work.reply("replies/visit_dropped")
    return True


@dataclass(frozen=True, slots=True)
class _Named:
    """What was named: things that may be visited, or a part of the day."""

    subjects: tuple[str, ...]
    part: str


async def _named(turn: Turn, person: Person) -> _Named:
    (now, *_) = acts(turn.heard.words, await names(turn, person))
    if now.part and not now.name:
        return _Named((), now.part)
    if not now.name:  # 没去超市, and no such place is known: not the whole grid
        return _Named((), "")
    return _Named(tuple(one.subject for one in await targets(turn, person, now)), "")


def _among(turn: Turn, person: Person, made: Sequence[Visit], named: _Named) -> Sequence[Visit]:
    """The visits of today at the place, or in the window, that is named; () for none."""
    if named.part:
        patrols = [one for one in made if one.kind is VisitKind.PATROL]
        wanted = [one for one in patrols if part_of(one) == named.part]
        return sorted(wanted, key=lambda one: one.area != person.area)[:1]  # his own before others'
    wrong = [one for one in made if one.subject in named.subjects]
    return wrong or [one for one in made if turn.heard.words in one.name]  # 烧烤 is 老张烧烤


def _with_patrol(made: Sequence[Visit], wrong: Sequence[Visit]) -> Sequence[Visit]:
    """The visits with the patrol they stood for, unless another visit stands for it too."""
    gone = {one.id for one in wrong}
    left = [one for one in made if one.id not in gone and one.kind is not VisitKind.PATROL]

    def stands(patrol: Visit) -> bool:
        return any(
            one.area == patrol.area
            and one.done_at is not None
            and patrol.start_at <= one.done_at <= patrol.due_at
            for one in left
        )

    letters = {one.letter for one in wrong}
    credited = [
        one
        for one in made
        if one.kind is VisitKind.PATROL
        and one.id not in gone
        and one.letter in letters
        and not stands(one)
    ]
    return [*wrong, *credited]


async def _instead(turn: Turn, person: Person, wrong: Visit, *, absent: bool) -> None:
    """Record what was said of the wrong place at the one that is named now: 说错了，是宾馆."""
    said = replace(await said_of(turn, person), photos=wrong.photos)
    (now, *_) = acts(turn.heard.words, await names(turn, person))
    name, somebody = called(now.name or turn.heard.words)
    act = Act(
        name,
        wrong.words,
        wrong.finding,
        absent,
        known=now.known,
        person=now.person or somebody,
        building=now.building,
    )
    result = await confirm(said, act)
    await ask(turn, [(act, result)])
    answer(turn, [result])


HANDLER = Handler(intents=("visit_back", "visit_not"), run=visit_back, roles=STAFF)
