"""A message about visits and the pictures that belong to it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.turn import Turn
from bot.understanding.visits import Act
from domain.people import Person
from domain.visits import Visit, VisitKind, day_of, start_of
from store import cases, media, visit_talk, visits

ASKED = ("unknown", "which")  # the next words may say where
REFUSED = ("not_yours", "future", "past")
_MADE = ("done", "extra")


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
    used = await visit_talk.letters_told(work.conn, person.id, work.now - window)
    letters = tuple(sorted({*loose, *turn.letters} - used))
    return Said(turn, person, letters, await media.pictures(work.conn, letters) if letters else 0)


async def same_again(turn: Turn, person: Person, act: Act) -> Act:
    """The visit that was told of twice, where he says now that he did go again: 又去了."""
    if act.name or not act.again:
        return act
    work = turn.work
    told = await visit_talk.last_told(work.conn, person.id, start_of(day_of(work.now)))
    visit = await visits.get(work.conn, told.visit) if told and told.visit else None
    if told is None or told.how != "twice" or visit is None or visit.kind is VisitKind.PATROL:
        return act
    return replace(act, name=visit.name, known=True, person=bool(told.data.get("person")))


async def join_visit(turn: Turn, since: datetime | None = None) -> bool:
    """Add a picture without words to what its sender has just said of a visit; False: to nothing.

    To what was refused it stays: it is no picture of the next place. `since` is when he began to
    speak of something else: only what he said of a visit after that counts.
    """
    work, person = turn.work, turn.speaker.person
    if person is None or not turn.letters:
        return False
    window = work.city.book.at(work.now).grouping_window
    told = await visit_talk.last_told(work.conn, person.id, work.now - window)
    if told is None or (since is not None and told.at <= since):
        return False
    if told.how in ASKED:
        return True  # it waits for the answer
    visit = await visits.get(work.conn, told.visit) if told.visit else None
    if told.how in _MADE and "items" not in told.data:
        visit = await _just_made(turn, person, visit)
    await work.flush_media()
    if visit is None:
        refused = {"letters": list(turn.letters)}
        await visits.log(work.conn, [(None, "photo", person.id, refused)], work.now)
        return True
    await add_photos(turn, person, visit)
    return True


async def _just_made(turn: Turn, person: Person, visit: Visit | None) -> Visit | None:
    """Which of several places of a message a picture shows: with a finding, else the first."""
    if visit is None:
        return None
    made = await visits.made_by(turn.work.conn, person.id, visit.done_at or turn.work.now)
    mine = [one for one in made if one.letter == visit.letter and one.kind is not VisitKind.PATROL]
    return next((one for one in mine if one.finding), (mine or [visit])[-1])


async def add_photos(
    turn: Turn, person: Person, visit: Visit, letters: Sequence[int] | None = None
) -> int:
    """Join the pictures of these messages (None: of this one) to a visit; returns how many."""
    work = turn.work
    letters = list(turn.letters if letters is None else letters)
    photos = await media.pictures(work.conn, letters) if letters else 0
    if not photos:
        return 0
    more = replace(visit, photos=visit.photos + photos)
    await visits.save(work.conn, more, "photo", person.id, work.now, letters=letters, photos=photos)
    if visit.case is not None and (case := await cases.get(work.conn, visit.case)) is not None:
        await work.attach(case, letters, "report")
    return photos
