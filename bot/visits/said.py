"""A message about visits and the pictures that belong to it."""

from dataclasses import dataclass, replace
from datetime import date

from bot.turn import Turn
from domain.people import Person
from domain.visits import VisitKind, day_of
from store import cases, media, visits


@dataclass(frozen=True, slots=True)
class Said:
    """Everything one message's acts have in common."""

    turn: Turn
    person: Person
    letters: tuple[int, ...]
    photos: int

    @property
    def day(self) -> date:
        """Today in Shanghai."""
        return day_of(self.turn.work.now)


async def said_of(turn: Turn, person: Person) -> Said:
    """The message with its pictures: its own, and those sent just before without words."""
    work = turn.work
    await work.flush_media()
    window = work.city.book.at(work.now).grouping_window
    last = await visits.made_by(work.conn, person.id, work.now - window)
    since = max([work.now - window, *(one.done_at for one in last if one.done_at)])
    loose = await media.loose(work.conn, turn.conversation, turn.inbound.sender, since)
    used = {letter for one in last for letter in await visits.letters_of(work.conn, one.id)}
    letters = tuple(sorted({*loose, *turn.letters} - used))
    return Said(turn, person, letters, await media.pictures(work.conn, letters) if letters else 0)


async def join_visit(turn: Turn) -> bool:
    """Add a picture without words to what its sender has just confirmed; False: to nothing."""
    work, person = turn.work, turn.speaker.person
    if person is None or not turn.letters:
        return False
    window = work.city.book.at(work.now).grouping_window
    made = await visits.made_by(work.conn, person.id, work.now - window)
    mine = [
        one for one in made if one.letter == made[0].letter and one.kind is not VisitKind.PATROL
    ]
    if not made:
        return False
    await work.flush_media()
    photos = await media.pictures(work.conn, turn.letters)
    visit = (mine or made)[-1]
    more = replace(visit, photos=visit.photos + photos)
    await visits.save(work.conn, more, "photo", person.id, work.now, letters=list(turn.letters))
    if visit.case is not None and (case := await cases.get(work.conn, visit.case)) is not None:
        await work.attach(case, turn.letters, "report")
    return True
