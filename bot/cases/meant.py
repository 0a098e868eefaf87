"""Which case somebody means: the one named, quoted or clicked, the only one, or a question."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from bot.turn import EXPLICIT, Turn
from bot.understanding import things_shared
from bot.understanding.category import closeness
from bot.understanding.normalise import clean
from domain.case import Case, id_of
from domain.errors import NotAllowed
from domain.notices import below
from domain.routing import desk_level, may_work
from domain.steps import STEPS, Step
from store import cases, in_hand, letters, reporters

_BY_NAME = 10
_IN_TALK = timedelta(hours=1)  # for so long a group still speaks of what it reported
ANOTHER_HOUSE = "another_house"  # refused: none of his cases is at the building he names


async def staff_case(turn: Turn, step: Step) -> Case | None:
    """The case a member of staff means to move; None when the bot had to ask which.

    Raises NotAllowed when it is not there, or not his to move.
    """
    work = turn.work
    if turn.number:
        return await _numbered(turn)
    if quoted := await _quoted(turn, step):
        return await cases.get(work.conn, quoted.id)
    own = await cases.of_assignees(work.conn, [turn.speaker.id])
    fitting = [case for case in own if (case.status, step) in STEPS]
    if not fitting:
        fitting = await _come_up(turn, step, own)
    fitting = _narrowed(turn, fitting)
    if len(fitting) == 1 and _another_house(turn, fitting[0]):
        raise NotAllowed(ANOTHER_HOUSE)
    if fitting:
        return await one_of(turn, fitting)
    if not own or await _of_another(turn, own):
        raise NotAllowed("nothing_open")
    # Let the table of steps say why none of them fits.
    return own[-1]


async def _numbered(turn: Turn) -> Case:
    case = await cases.get(turn.work.conn, id_of(turn.number))
    if case is None:
        raise NotAllowed("no_such_case")
    if not may_work(turn.work.city.world, case, turn.speaker.person):
        raise NotAllowed("not_yours")
    return case


def _another_house(turn: Turn, case: Case) -> bool:
    """Whether free words name another building than the only case has that could be meant."""
    building = turn.heard.location.building
    free = turn.heard.sure < EXPLICIT
    return bool(free and building and case.building and building != case.building)


async def own_case(turn: Turn, fits: Callable[[Case], bool]) -> Case | None:
    """The case of his own a reporter means; None when there is none, or the bot asked which.

    Raises NotAllowed when a case was named that is not his.
    """
    if turn.number:
        case = await cases.get(turn.work.conn, id_of(turn.number))
        if case is None:
            raise NotAllowed("no_such_case")
        if not await reporters.is_one(turn.work.conn, case, *turn.speaker.ids):
            raise NotAllowed("not_yours")
        return case
    fitting = [case for case in turn.mine() if fits(case)]
    here = [case for case in fitting if turn.reported(case)[0] == turn.inbound.address]
    if not fitting:
        return None
    return await one_of(turn, _narrowed(turn, here or fitting))


def another_of_his(turn: Turn, case: Case) -> Case | None:
    """The case of his a reporter speaks of by its thing, and not the finished one: 井盖的满意."""
    said = turn.inbound.text
    if turn.number or things_shared(said, f"{case.place} {case.words}"):
        return None
    others = [one for one in turn.mine() if one.working]
    named = [one for one in others if things_shared(said, f"{one.place} {one.words}")]
    return named[0] if len(named) == 1 else None


async def one_of(turn: Turn, candidates: Sequence[Case]) -> Case | None:
    """The only candidate, locked; with several, ask which and return None."""
    work = turn.work
    if len(candidates) == 1:
        return await cases.get(work.conn, candidates[0].id)
    if turn.overheard:
        raise NotAllowed("unclear")
    shown = sorted(candidates, key=lambda case: case.id)[:8]
    heard = turn.heard
    await work.ask(
        turn.conversation,
        turn.speaker.id,
        "which",
        {
            "intent": heard.intent,
            "words": heard.words,
            "name": heard.name,
            "hours": heard.duration.total_seconds() if heard.duration else None,
            "numbers": [case.number for case in shown],
            "letters": list(turn.letters),
        },
        work.city.book.at(work.now).question_wait,
    )
    work.reply("replies/which", {"cases": work.views(shown)})
    return None


async def _quoted(turn: Turn, step: Step) -> Case | None:
    """The case of the resident's words that are quoted, where it is the speaker's to move so."""
    work, quote = turn.work, turn.inbound.quote
    said = await letters.beginning(work.conn, turn.conversation, quote, turn.letter)
    case = await cases.get(work.conn, said.case) if said is not None and said.case else None
    if case is None or (case.status, step) not in STEPS:
        return None
    return case if may_work(work.city.world, case, turn.speaker.person) else None


async def _of_another(turn: Turn, own: Sequence[Case]) -> bool:
    """Whether free words name the thing of a case in other hands, and of none he has himself."""
    person, said = turn.speaker.person, turn.inbound.text
    if person is None or turn.heard.sure >= EXPLICIT or not turn.inbound.private:
        return False
    if any(things_shared(said, f"{one.place} {one.words}") for one in own):
        return False
    areas = below(turn.work.city.world, [person.area])
    found = await in_hand.working_in(turn.work.conn, areas)
    return any(things_shared(said, f"{one.place} {one.words}") for one in found)


async def raised(turn: Turn) -> list[Case]:
    """What came up to the desk of the speaker, in other hands or not; [] for who holds no desk."""
    work, person = turn.work, turn.speaker.person
    level = desk_level(person)
    if person is None or level is None:
        return []
    return await cases.raised_to(work.conn, level, sorted(below(work.city.world, [person.area])))


async def _come_up(turn: Turn, step: Step, own: Sequence[Case]) -> list[Case]:
    """What came up to the speaker's desk and can be moved so.

    A mere "got it" takes no case from its worker, except an emergency nobody has accepted. Raises
    NotAllowed where it is all that was said.
    """
    told = await raised(turn)
    nod = step is Step.ACCEPT and turn.heard.sure < EXPLICIT
    found = [one for one in told if (one.status, step) in STEPS and (one.urgent or not nod)]
    if nod and told and not found and not own:
        raise NotAllowed("in_other_hands")
    return found


def _narrowed(turn: Turn, fitting: list[Case]) -> list[Case]:
    """Those at the building that was named, or whose reporter or trouble was: 刘奶奶家的水管."""
    building = turn.heard.location.building
    named = [case for case in fitting if building and case.building == building] or fitting
    if len(named) == 1:
        return named
    said = clean(turn.inbound.text).plain
    near = [(_named(turn, said, case), case) for case in named]
    best = max((close for close, _ in near), default=0)
    if best:
        return [case for close, case in near if close == best]
    return _talked_of(turn, named) or named


def _talked_of(turn: Turn, fitting: Sequence[Case]) -> list[Case]:
    """Those reported in the group somebody speaks in and moved there not long ago: 劝走了."""
    here, since = turn.inbound.address, turn.work.now - _IN_TALK
    if turn.inbound.private:
        return []
    return [
        case
        for case in fitting
        if case.reported_in == here and max(case.opened_at, case.accepted_at or since) > since
    ]


def _named(turn: Turn, said: str, case: Case) -> int:
    """How much of a case a sentence names: who reported it weighs most."""
    person = turn.work.city.world.person(case.reporter)
    by_name = _BY_NAME if person is not None and person.name in said else 0
    return by_name + closeness(said, clean(f"{case.place} {case.words}").plain)
