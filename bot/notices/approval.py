"""One word by the right person: a draft that waits is approved, and goes or stands."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.notices.audience import refused
from bot.notices.notice import author_of, numbered
from bot.turn import Turn
from bot.understanding.notice_days import counts_days, dated, too_late
from domain.notice_moves import comes_again
from domain.notice_times import next_after, rhythm_of
from domain.notices import Notice, Status, may_approve, may_change, withdraws
from domain.people import Person
from domain.quiet import not_before
from domain.visits import day_of
from domain.workdays import next_time
from store import notices, timers
from store.notice_plans import FIRE, summary
from store.notice_sending import Launched, launch, rules_now, view
from store.work import Work

_LATELY = timedelta(days=3)  # who says 确认 once more means nothing older


async def approve(turn: Turn) -> None:
    """确认: send what waits for the speaker."""
    work, person = turn.work, author_of(turn)
    number, _ = numbered(turn.heard.words)
    notice = await _waiting(turn, person, number)
    if not may_approve(work.city.world, person, notice):
        waits = work.city.world.person(notice.approver)
        raise refused("waits_for", person=waits.name if waits is not None else "")
    if notice.created_at + rules_now(work).draft < work.now:
        await notices.save(work.conn, replace(notice, status=Status.EXPIRED))
        raise refused("draft_over")
    if not notice.rhythm and _of_another_day(work, notice):
        raise refused("other_day")
    approved = replace(notice, approved_by=person.id, approved_at=work.now)
    approved = replace(approved, valid=_holds_for(work, approved))
    if notice.rhythm:
        await _stand(turn, approved)
        return
    done = await launch(work, replace(_on_its_day(work, approved), due_at=work.now))
    if done.notice.status is Status.EXPIRED:
        raise refused("pointless")
    _going(turn, done, await _others(turn, person, number=notice.id))


async def _others(turn: Turn, person: Person, number: int) -> list[int]:
    """The other drafts that wait for somebody, oldest first: 确认 sends one of them."""
    mine = await notices.of_person(turn.work.conn, person.id, [Status.WAITING])
    world, since = turn.work.city.world, turn.work.now - rules_now(turn.work).draft
    fresh = (one for one in mine if one.created_at > since and one.id != number)
    return sorted(one.id for one in fresh if may_approve(world, person, one))


def _on_its_day(work: Work, notice: Notice) -> Notice:
    """The notice as it holds when the night is over: 明天 said at 23:00 is a date by 07:00."""
    held = not_before(work.now, work.city.quiet, urgent=notice.urgent)
    if notice.ready or held is None or day_of(held) == day_of(work.now):
        return notice
    return replace(notice, words=dated(notice.words, work.now))


def _holds_for(work: Work, notice: Notice) -> timedelta:
    """How long it is worth saying: not as long as to the day's list that 今天下午停水 misses."""
    goes = notice.due_at if notice.rhythm else work.now
    listed = next_time(goes, rules_now(work).digest)
    if notice.ready or not too_late(notice.words, goes, listed):
        return notice.valid
    return min(notice.valid, listed - goes)


def _of_another_day(work: Work, notice: Notice) -> bool:
    """Whether its 明天 means another day by now: it waited over midnight, or comes only after it.

    Drafted in the quiet hours, its preview said so, and the answer to that stands.
    """
    if notice.ready or not counts_days(notice.words):
        return False
    written, quiet = notice.created_at, work.city.quiet
    if day_of(written) != day_of(work.now):
        return True
    held = not_before(work.now, quiet, urgent=notice.urgent)
    warned = not_before(written, quiet, urgent=notice.urgent)
    return held is not None and warned is None and day_of(held) != day_of(written)


async def _waiting(turn: Turn, person: Person, number: int) -> Notice:
    """The notice that is confirmed, locked. Raises Refused where none waits."""
    conn, world = turn.work.conn, turn.work.city.world
    meant = number or await _meant(turn, person)
    notice = await notices.get(conn, meant, lock=True)
    if notice is None or not may_change(world, person, notice):
        raise refused("no_such_notice")
    if notice.approved_at is not None and notice.status is not Status.CANCELLED:
        by, at = world.person(notice.approved_by), notice.approved_at.isoformat()
        others = [] if number else await _others(turn, person, number=notice.id)
        name = by.name if by is not None else ""
        raise refused("approved_already", person=name, when=at, others=others)
    if notice.status is not Status.WAITING:
        raise refused("over", wanted=notice.id)
    return notice


async def _meant(turn: Turn, person: Person) -> int:
    """Which notice a bare 确认 is about: the draft shown last. Raises Refused where none was.

    Who confirmed something after that says 确认 twice, and means no older draft by it.
    """
    world, since = turn.work.city.world, turn.work.now - _LATELY
    known = await notices.of_person(turn.work.conn, person.id)
    known = [one for one in known if not withdraws(one) and not _by_itself(one)]
    waiting = [one for one in known if one.status is Status.WAITING]
    own = [one for one in waiting if may_approve(world, person, one)] or waiting
    shown = max(own, key=_shown, default=None)
    latest = max(known, key=lambda one: last_seen(one, person), default=None)
    again = latest is not None and latest.status is not Status.CANCELLED
    said = latest.approved_at if latest is not None and again else None
    if (
        latest is not None
        and said
        and said > since
        and (shown is None or _confirmed(latest, person, shown))
    ):
        return latest.id
    if shown is None:
        raise refused("nothing_waits")
    return shown.id


def _by_itself(notice: Notice) -> bool:
    """Whether it is one time of a standing notice, that nobody had to confirm again."""
    return bool(notice.parent) and notice.approved_at == notice.created_at


def _shown(notice: Notice) -> tuple[datetime, int]:
    """When a draft was shown, so that of two the later one is meant."""
    return notice.created_at, notice.id


def _confirmed(latest: Notice, person: Person, shown: Notice) -> bool:
    """Whether somebody confirmed a notice himself after another one was shown to him."""
    return latest.approved_by == person.id and last_seen(latest, person) > _shown(shown)


def last_seen(notice: Notice, person: Person) -> tuple[datetime, int]:
    """When somebody last had a notice before him: it was shown to him, or he confirmed it."""
    own = notice.approved_at if notice.approved_by == person.id else None
    return max(notice.created_at, own or notice.created_at), notice.id


async def _stand(turn: Turn, notice: Notice) -> None:
    """Let an approved notice come at its times."""
    work, rhythm = turn.work, rhythm_of(notice.rhythm)
    due = next_after(rhythm, work.now, work.city.calendar) if rhythm is not None else None
    if due is None:
        raise refused("past")
    standing = replace(notice, status=Status.STANDING, due_at=due)
    await notices.save(work.conn, standing)
    await timers.stand(work.store, work.conn, FIRE, notice.id, due)
    again = comes_again(notice)
    values = {"notice": view(work, standing), "when": due.isoformat(), "again": again}
    work.reply("replies/notice_set", values)
    _tell_author(turn, standing, values)


def _going(turn: Turn, done: Launched, others: list[int]) -> None:
    work = turn.work
    values = {
        "notice": view(work, done.notice),
        "reach": summary(done.reach),
        "when": done.starts.isoformat() if done.starts > work.now else "",
        "until": done.ends.isoformat() if done.ends > done.starts else "",
        "merged": done.merged,
        "others": others,
    }
    work.reply("replies/notice_going", values)
    _tell_author(turn, done.notice, {"when": values["when"], "again": False})


def _tell_author(turn: Turn, notice: Notice, values: dict[str, object]) -> None:
    """Tell who wrote a notice that somebody else approved it."""
    author = turn.work.city.world.person(notice.author)
    if author is not None and author.id != turn.speaker.id:
        context = {**values, "notice": view(turn.work, notice)}
        key = f"n{notice.id}:approved"
        turn.work.tell(
            author, "replies/notice_approved", context, case=None, by=turn.speaker.id, key=key
        )
