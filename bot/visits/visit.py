"""Confirming visits in chat: matched to the plan, or recorded as extra ones (domain.md F1, F3)."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.understanding.amounts import only_opinions, opinions
from bot.understanding.visit_sayings import shut
from bot.understanding.visits import Act
from bot.visits import looks
from bot.visits.absences import absent, extra
from bot.visits.match import Target, targets
from bot.visits.said import ASKED, Said, add_photos
from domain.planner import stem_of
from domain.visits import (
    OPEN,
    Confirmed,
    Visit,
    VisitKind,
    VisitStatus,
    day_of,
    done,
    may_confirm,
    repeated,
)
from domain.workdays import TZ
from store import visits

_NOON = time(12)
_BACK = timedelta(days=14)  # how far back the same words are looked for


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one act, for the answer.

    `how`: done, extra, absent, twice, future, past, not_yours, unknown, which. `added` are
    pictures of what was told twice; `home` and `shut` say where nobody was: at somebody's, or
    behind a locked door. `other` tells that it is a grid not his own; `leader` is who was told
    that nobody opened to who was sent to look.
    """

    how: str
    target: str
    visit: Visit | None = None
    person: str = ""
    at: datetime | None = None
    window: str = ""
    choices: Sequence[Target] = ()
    added: int = 0
    home: bool = False
    shut: bool = False
    leader: str = ""
    other: bool = False

    def values(self) -> dict[str, Any]:
        """Itself for a template."""
        visit = self.visit
        return {
            "how": self.how,
            "place": self.target,
            "person": self.person,
            "at": self.at.isoformat() if self.at else "",
            "window": self.window,
            "finding": visit.finding if visit else "",
            "opinions": opinions(visit.words) if visit else 0,
            "photos": visit.photos if visit else 0,
            "added": self.added,
            "home": self.home,
            "shut": self.shut,
            "leader": self.leader,
            "other": self.other,
            "patrol": visit is not None and visit.kind is VisitKind.PATROL,
            "due": visit.due_at.isoformat() if visit else "",
            "choices": [one.name for one in self.choices],
        }


async def confirm(said: Said, act: Act, target: Target | None = None) -> Result:
    """Record one act; `target` is what it is about, where that was asked."""
    if act.future:
        found = await targets(said.turn, said.person, act) if act.name else ()
        return await _kept(said, act, "future", found[0].name if len(found) == 1 else act.name)
    if only_opinions(act.finding):
        act = replace(act, finding="")
    if target is None:
        found, name = await _about(said, act)
        if len(found) != 1:
            how = "which" if found else "unknown"
            return replace(await _kept(said, act, how, name), choices=found)
        target = found[0]
    city = said.turn.work.city
    away = city.leaves.away(said.day)
    owed = target.kind == "area"  # his own quota
    if target.known and not owed and not may_confirm(city.world, target.area, said.person, away):
        owner = city.world.worker_of(target.area)
        kept = await _kept(said, act, "not_yours", target.name)
        return replace(kept, person=owner.name if owner else "")
    if target.kind == "grid":
        return await _patrolled(said, act, target)
    return await _visited(said, act, target)


async def _about(said: Said, act: Act) -> tuple[Sequence[Target], str]:
    """What an act may be about, and the name that was said; whom he was sent to goes first."""
    if people := await looks.meant(said, act):
        return people, ""
    if act.absent and not act.name:
        return (), ""  # at whose door?
    return await targets(said.turn, said.person, act), act.name


async def _kept(said: Said, act: Act, how: str, name: str, **more: object) -> Result:
    """Words that confirm nothing; they stay in the log, and their pictures with them.

    Where the bot asks back the pictures wait for the answer.
    """
    work = said.turn.work
    data: dict[str, object] = {"words": act.words, "name": name, "letter": said.turn.letter}
    data |= more | ({} if how in ASKED else {"letters": list(said.letters)})
    await visits.log(work.conn, [(None, how, said.person.id, data)], work.now)
    return Result(how, name)


async def _repeated(said: Said, act: Act, name: str, before: Visit) -> Result:
    """What was told already; only its pictures are new."""
    kept = await _kept(said, act, "twice", name, visit=before.id, person=act.person)
    added = await add_photos(said.turn, said.person, before, said.letters)
    return replace(kept, at=before.done_at, added=added)


# Places and people


async def _visited(said: Said, act: Act, target: Target) -> Result:
    work, day = said.turn.work, said.day
    every = await visits.of_subject(work.conn, target.area, target.subject, day)
    there = [one for one in every if one.made_by_going(said.person.id)]
    waiting = [one for one in there if one.status in OPEN]
    if act.absent:
        moved = await absent(said, act, target, waiting)
        leader = await looks.nobody_home(said, moved)
        window = "" if act.past else await credit(said, act, target.area)
        home = target.kind == "person"
        result = Result("absent", target.name, moved, window=window, home=home, leader=leader)
        return replace(result, shut=shut(act.words))
    before = _made_today(there, day)
    if before is not None and not _news(act, before):
        return await _repeated(said, act, target.name, before)
    made = await _made(said, act, target, waiting)
    window = "" if act.past else await credit(said, act, target.area)
    how = "extra" if made.kind is VisitKind.EXTRA else "done"
    return Result(how, target.name, made, window=window)


def _made_today(there: Sequence[Visit], day: date) -> Visit | None:
    made = [(one.done_at, one.id, one) for one in there if one.done_at is not None]
    today = [(at, number, one) for at, number, one in made if day_of(at) == day]
    return max(today)[2] if today else None


def _news(act: Act, before: Visit) -> bool:
    """Whether a second visit of a day is told of, rather than the first one again."""
    return act.again or act.finding not in ("", before.finding)


async def _made(said: Said, act: Act, target: Target, waiting: Sequence[Visit]) -> Visit:
    """Mark what is due, else the next one of the period; else record an extra visit."""
    due = _one_of_each(one for one in waiting if one.due <= said.day) or list(waiting[:1])
    if not due:
        due = [await extra(said, target, said.day)]
    made = [await _done(said, act, one) for one in due]
    for one in made:
        await looks.made(said, one)
    return made[0]


def _one_of_each(due: Iterable[Visit]) -> list[Visit]:
    """One visit for each reason to go: of two a week, one is made by going once (F4)."""
    found: dict[str, Visit] = {}
    for one in due:
        found.setdefault(stem_of(one.key), one)
    return list(found.values())


async def _done(said: Said, act: Act, visit: Visit, **more: object) -> Visit:
    work = said.turn.work
    confirmed = Confirmed(
        at=work.now,
        by=said.person.id,
        words=act.words,
        finding=act.finding,
        photos=said.photos,
        letter=said.turn.letter,
    )
    fresh = done(visit, confirmed)
    if await _copied(said, act):
        fresh = replace(fresh, flagged="words")
    data = {"words": act.words, "finding": act.finding, "photos": said.photos, **more}
    kind = "extra" if visit.kind is VisitKind.EXTRA else "done"
    letters = list(said.letters or (said.turn.letter,))
    fresh = await visits.save(
        work.conn, fresh, kind, said.person.id, work.now, letters=letters, **data
    )
    if fresh.flagged:
        await visits.log(work.conn, [(fresh.id, "flagged", "", {"why": "words"})], work.now)
    return fresh


async def _copied(said: Said, act: Act) -> bool:
    """Whether the same words were said again and again."""
    work = said.turn.work
    times = work.city.book.at(work.now).visits.same_words
    made = await visits.made_by(work.conn, said.person.id, work.now - _BACK)
    earlier = {one.letter: one.words for one in made if one.letter != said.turn.letter}
    return repeated(act.words, list(earlier.values()), times)


# The grid as a whole


async def _patrolled(said: Said, act: Act, target: Target) -> Result:
    work, day = said.turn.work, said.day
    if act.past:  # a missed patrol is made up for on its day
        return await _kept(said, act, "past", target.name)
    there = await visits.of_subject(work.conn, target.area, target.subject, day)
    windows = [one for one in there if one.kind is VisitKind.PATROL]
    wanted = _window(windows, act.part, work.now)
    if wanted is None:
        made = await _done(said, act, await extra(said, target, day))
        return Result("extra", target.name, made)
    name = str(wanted.reason.get("window", ""))
    if wanted.start_at > work.now:
        return replace(await _kept(said, act, "future", name), window=name)
    if wanted.status is VisitStatus.DONE and not _news(act, wanted):
        return replace(await _repeated(said, act, target.name, wanted), window=name)
    if wanted.status is VisitStatus.DONE:  # an excused one counts once somebody made it after all
        wanted = await extra(said, target, day)
    late = wanted.kind is VisitKind.PATROL and wanted.due_at < work.now
    made = await _done(said, act, wanted, late=late)
    other = target.area != said.person.area
    return Result("done", target.name, made, window=name, other=other)


def _window(windows: Sequence[Visit], part: str, now: datetime) -> Visit | None:
    """The window that is meant: the part of the day that was named, else the one that is open.

    Between two windows it is the last one without a patrol, else the last one.
    """
    if part:
        return next((one for one in windows if part_of(one) == part), None)
    begun = [one for one in windows if one.start_at <= now]
    running = [one for one in begun if now <= one.due_at]
    missed = [one for one in begun if one.status in OPEN]
    return next(iter([*running, *missed[::-1], *begun[::-1]]), None)


def part_of(visit: Visit) -> str:
    """The part of the day a window lies in: morning or afternoon."""
    early = visit.start_at.astimezone(TZ).time() < _NOON
    return "morning" if early else "afternoon"


async def credit(said: Said, act: Act, area: str) -> str:
    """Any act in an open window is that window's patrol too; returns the window's name."""
    work = said.turn.work
    for visit in await visits.of_subject(work.conn, area, area, said.day):
        running = visit.start_at <= work.now <= visit.due_at
        planned = visit.status is VisitStatus.PLANNED
        if visit.kind is VisitKind.PATROL and running and planned:
            quiet = replace(act, finding="")
            alone = replace(said, photos=0, letters=())
            await _done(alone, quiet, visit, because="act")
            return str(visit.reason.get("window", ""))
    return ""


def kept_act(act: Act) -> dict[str, Any]:
    """An act as plain JSON, while a question about it is open."""
    return asdict(act)
