"""Once a day: what the bot stayed silent on and yet suspects, for the worker of each grid."""

from collections.abc import Sequence
from datetime import timedelta

from domain.people import Person
from domain.routing import route
from scheduler.job import Job, Misfire
from store import inbox, questions, timers
from store.inbox import Letter
from store.timers import Timer
from store.work import Work

_MOST = 10  # more lines are not read in a chat; the rest is counted
_OPEN = timedelta(days=1)  # until the next digest the lines can be answered by their number


async def digest(work: Work, timer: Timer) -> None:
    """List to each worker what was said since; who is just being asked something gets it later."""
    letters = await inbox.suspects(work.conn, timer.subject)
    told: list[int] = []
    for person, mine in _by_worker(work, letters):
        if await _tell(work, person, mine):
            told += [letter.id for letter in mine]
    await inbox.listed(work.conn, told)
    left = [letter.id for letter in letters if letter.id not in told]
    if left:
        wait = work.city.book.at(work.now).question_wait
        await timers.arm(work.conn, "digest", min(left), work.now + wait)


def _by_worker(work: Work, letters: Sequence[Letter]) -> list[tuple[Person, list[Letter]]]:
    """The messages by who works in the grid of their group, else the nearest desk above."""
    found: dict[str, list[Letter]] = {}
    for letter in letters:
        bound = work.directory.area_of(letter.inbound.address)
        area = bound[1] if bound is not None else ""
        found.setdefault(route(work.city.world, area, work.city.backstop).person, []).append(letter)
    people = ((work.city.world.person(name), mine) for name, mine in found.items())
    return [(person, mine) for person, mine in people if person is not None]


async def _tell(work: Work, person: Person, letters: Sequence[Letter]) -> bool:
    """Say the list to one worker, and let his answer name a line; False: not now."""
    kept = [letter for letter in letters if letter.inbound.text]  # not those taken back since
    if not kept:
        return True
    chat = work.reach(person)
    if (chat.key, person.id) in await questions.open_in(work.conn, [chat.key]):
        return False
    shown = kept[:_MOST]
    context = {"lines": [_line(work, one) for one in shown], "more": len(kept) - len(shown)}
    work.tell(
        person, "replies/digest", context, case=None, by="", key=f"d{shown[0].id}:{person.id}"
    )
    data = {"letters": [letter.id for letter in shown]}
    await work.ask(chat.key, person.id, "digest", data, _OPEN)
    return True


def _line(work: Work, letter: Letter) -> dict[str, str]:
    inbound = letter.inbound
    speaker = work.directory.speaker(inbound.address.channel, inbound.sender)
    return {"at": inbound.received_at.isoformat(), "who": speaker.name, "words": inbound.text}


JOB = Job(name="digest", kinds=("digest",), misfire=Misfire.LATE, run=digest)
