"""What residents and workers agree on: a time is booked, moved, called off (domain.md B5)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.turn import Turn
from bot.understanding import errands
from bot.understanding.notice_days import bygone
from domain.appointment_rules import AppointmentRules
from domain.appointments import (
    Appointment,
    Free,
    State,
    ask_at,
    bookable,
    in_reach,
    remind_at,
)
from domain.appointments import view as view_of
from domain.errors import NotAllowed
from domain.leave import present
from domain.messages import Address
from domain.routing import route
from domain.workdays import TZ
from store import appointments
from store.work import Work

SLOTS = "slots"  # the question under the times that are offered


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a time is looked for: a new appointment of somebody, or another time for `moving`."""

    area: str
    resident: str
    where: Address
    words: str
    moving: Appointment | None = None


def rules_of(work: Work) -> AppointmentRules:
    """The rules in force."""
    return work.city.book.at(work.now).appointments


async def free_times(work: Work, area: str, moving: Appointment | None = None) -> Free:
    """When who works in an area, or stands in for him, has time."""
    city = work.city
    worker = route(city.world, area, city.backstop).person
    workers = {worker, *(one.substitute for one in city.leaves.known)}
    taken = await appointments.taken(
        work.conn, sorted(workers), work.now, moving.id if moving is not None else 0
    )
    return Free(
        rules_of(work),
        city.calendar,
        worker,
        lambda day: present(worker, city.leaves.away(day)),
        taken,
    )


async def settle(
    turn: Turn, wanted: Wanted, start: datetime | None, *, rough: bool = False
) -> None:
    """Book or move to a time if it is free; else, or with none named, offer three.

    `rough` is a day without an hour: what is free that day is offered.
    """
    free = await free_times(turn.work, wanted.area, wanted.moving)
    if start is None:
        await _offer_unnamed(turn, wanted, free)
        return
    against = _against(turn, free, start)
    if against or rough:
        await offer(turn, wanted, free, against, near=start)
        return
    worker = free.comes(start.astimezone(TZ).date())
    if wanted.moving is not None:
        done = await _moved(turn, wanted.moving, worker, start)
    else:
        done = await _booked(turn, wanted, worker, start)
    if not done:  # somebody else took it this very moment
        again = await free_times(turn.work, wanted.area, wanted.moving)
        await offer(turn, wanted, again, "taken", near=start)


async def _offer_unnamed(turn: Turn, wanted: Wanted, free: Free) -> None:
    """Offer times where none was named that is still to come: 昨天, 下周."""
    text, now = turn.inbound.text, turn.work.now
    why = "moving" if wanted.moving is not None and wanted.moving.open else ""
    why = "gone" if bygone(text, now) else why
    after = errands.next_week(text, now)
    await offer(turn, wanted, free, why, after=after, fits=not_on(turn))


def not_on(turn: Turn) -> Callable[[datetime], bool]:
    """Whether a time is of no day the words name: no time was named that will do."""
    days = errands.days_named(turn.inbound.text, turn.work.now)
    return lambda start: start.astimezone(TZ).date() not in days


def _against(turn: Turn, free: Free, start: datetime) -> str:
    """What speaks against a time; "" for nothing. A worker may come at whatever hour he says."""
    now = turn.work.now
    if turn.speaker.staff:
        return "past" if start <= now else "" if free.at(start) else "taken"
    if not in_reach(free.rules, start, now):
        return "past"
    if not bookable(free.rules, free.calendar, start):
        return "closed"
    return "" if free.at(start) else "taken"


async def _booked(turn: Turn, wanted: Wanted, worker: str, start: datetime) -> bool:
    work = turn.work
    rules = rules_of(work)
    if len(await appointments.open_of(work.conn, turn.speaker.ids)) >= rules.most:
        raise NotAllowed("appointments_enough")
    fresh = Appointment(
        0,
        wanted.area,
        worker,
        wanted.resident,
        wanted.where,
        wanted.words,
        start,
        State.BOOKED,
        work.now,
    )
    stored = await appointments.book(work.store, work.conn, fresh, rules.length, work.now)
    if stored is None:
        return False
    await _set_clocks(work, stored)
    work.reply("replies/appointment_booked", {"appointment": view(work, stored), "moved": False})
    tell_worker(turn, stored, moved=False)
    return True


async def _moved(turn: Turn, moving: Appointment, worker: str, start: datetime) -> bool:
    work = turn.work
    moved = replace(moving, worker=worker, start=start, state=State.BOOKED)
    length, by = rules_of(work).length, turn.speaker.id
    if not await appointments.move(work.store, work.conn, moved, length, by, work.now):
        return False
    await _set_clocks(work, moved)
    seen = view(work, moved)
    if turn.speaker.staff:
        work.reply("replies/appointment_moved", {"appointment": seen})
        tell_resident(work, moved, "replies/appointment_booked", {"moved": True}, turn.letter, by)
    else:
        work.reply("replies/appointment_booked", {"appointment": seen, "moved": True})
    if worker != by:
        tell_worker(turn, moved, moved=True)
    return True


async def _set_clocks(work: Work, one: Appointment) -> None:
    rules, quiet = rules_of(work), work.city.quiet
    soon = remind_at(one.start, rules, quiet, work.now)
    await appointments.clocks(work.conn, one.id, soon, ask_at(one.start, rules, quiet))


def tell_worker(turn: Turn, one: Appointment, *, moved: bool) -> None:
    """Give the worker the card of an appointment, new or moved."""
    work = turn.work
    person = work.city.world.person(one.worker)
    if person is None:
        return
    values = {"appointment": view(work, one), "moved": moved, "case": {"number": one.number}}
    key = f"a{one.id}:{turn.letter}:{person.id}"
    work.tell(person, "cards/appointment", values, case=None, by=turn.speaker.id, key=key)


def pass_on(turn: Turn, one: Appointment, template: str, occasion: str, **more: object) -> bool:
    """Hand the words at hand to the worker of an appointment; False where nobody knows him.

    Of one `occasion` he is told once.
    """
    work = turn.work
    worker = work.city.world.person(one.worker)
    if worker is None:
        return False
    values: dict[str, Any] = {"appointment": view(work, one), "words": turn.inbound.text, **more}
    key = f"a{one.id}:{occasion}"
    work.tell(worker, template, values, case=None, by=turn.speaker.id, key=key)
    return True


def tell_resident(
    work: Work,
    one: Appointment,
    template: str,
    more: dict[str, Any],
    occasion: int,
    by: str,
) -> None:
    """Say something to the resident where he asked for the appointment."""
    values = {"appointment": view(work, one), **more}
    key = f"a{one.id}:{occasion}:r"
    work.tell_there(one.resident, one.where, template, values, by=by, key=key)


def view(work: Work, one: Appointment) -> dict[str, str]:
    """An appointment as the templates see it."""
    return view_of(one, work.city.world)


# Offers


async def offer(
    turn: Turn,
    wanted: Wanted,
    free: Free,
    why: str,
    *,
    near: datetime | None = None,
    after: datetime | None = None,
    fits: Callable[[datetime], bool] = lambda _: True,
) -> None:
    """Offer times that fit in the chat at hand, and keep the question open for a day."""
    slots = free.offers(max(after or turn.work.now, turn.work.now), near, fits)
    await ask_slots(turn.work, turn.conversation, turn.speaker.id, wanted, slots, near)
    turn.work.reply("replies/appointment_offer", offered(slots, why))


async def ask_slots(
    work: Work,
    conversation: str,
    person: str,
    wanted: Wanted,
    slots: Sequence[datetime],
    near: datetime | None = None,
) -> None:
    """Open the question which of these times it shall be; `near` is the time that was wished."""
    data = {
        "slots": [one.isoformat() for one in slots],
        "area": wanted.area,
        "words": wanted.words,
        "moving": wanted.moving.id if wanted.moving is not None else 0,
        "near": near.isoformat() if near is not None else "",
    }
    await work.ask(conversation, person, SLOTS, data, rules_of(work).wait)


def offered(slots: Sequence[datetime], why: str) -> dict[str, Any]:
    """The values of an offer; `why` says what came of the time that was named."""
    return {"slots": [one.isoformat() for one in slots], "why": why}


async def wanted_again(turn: Turn) -> Wanted | None:
    """What the open question looks for a time for; None where that is over."""
    if turn.question is None:
        return None
    data = turn.question.data
    if data["moving"]:
        moving = await appointments.get(turn.work.conn, data["moving"])
        return wanted_for(moving) if moving is not None and movable(moving) else None
    return Wanted(data["area"], turn.speaker.id, turn.inbound.address, data["words"])


def wanted_for(one: Appointment) -> Wanted:
    """Another time for an appointment."""
    return Wanted(one.area, one.resident, one.where, one.words, one)


def movable(one: Appointment) -> bool:
    """Whether another time can be agreed on: nobody was there, or nobody came yet."""
    return one.state in (State.BOOKED, State.ABSENT)
