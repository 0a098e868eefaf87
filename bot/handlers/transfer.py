"""转派: a case goes to a named office or person; the clock runs on."""

from bot.cases.meant import staff_case
from bot.cases.offices import office_for
from bot.turn import STAFF, Handler, Turn, again
from bot.understanding import office_stem
from domain.case import Case
from domain.people import Person
from domain.routing import desk_level
from domain.steps import Facts, Step, check


async def transfer(turn: Turn) -> None:
    """Hand the case to the one who was named, or ask to whom, with a proposal."""
    name = turn.heard.name or ""
    if turn.question is not None and turn.question.kind == "transfer_to":
        await turn.work.settle_question(turn.question)
        name = name or turn.question.data["proposed"]
        number = turn.number or turn.question.data["number"]
        turn = again(turn, turn.heard.intent, case_number=number)
    case = await staff_case(turn, Step.TRANSFER)
    if case is None:
        return
    found = _called(turn, case, name) or _called(turn, case, office_stem(name))
    others = tuple(person for person in found if person.id != case.assignee)
    if len(others) != 1:
        check(case, Step.TRANSFER)  # who presses the button of a case that is over is not asked
        await _ask(turn, case, name, others)
        return
    facts = Facts(words=turn.heard.words, to=others[0].id)
    moved = await turn.work.move(case, Step.TRANSFER, turn.speaker.id, facts)
    turn.work.reply("replies/transferred", case=moved)


def _called(turn: Turn, case: Case, name: str) -> tuple[Person, ...]:
    """Who is meant by a name; a desk may mean anybody of its own area, above the case or not."""
    person = turn.speaker.person
    desk = person.area if person is not None and desk_level(person) is not None else ""
    return turn.work.city.world.find_person(name, case.area, desk)


async def _ask(turn: Turn, case: Case, name: str, found: tuple[Person, ...]) -> None:
    """Ask to whom; the category's office is proposed (taxonomy, default office)."""
    work = turn.work
    proposed = office_for(work.city, case)
    await work.ask(
        turn.conversation,
        turn.speaker.id,
        "transfer_to",
        {"number": case.number, "proposed": proposed.name if proposed else ""},
        work.city.rules_of(case).question_wait,
    )
    options = found or work.city.world.offices(case.area)
    work.reply(
        "replies/transfer_to",
        {
            "wanted": name,
            "several": len(found) > 1,
            "proposed": proposed.name if proposed else "",
            "options": [person.name for person in options[:8]],
        },
        case=case,
    )


HANDLER = Handler(intents=("worker_transfer",), run=transfer, roles=STAFF)
