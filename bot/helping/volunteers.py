"""Finding a hand: a need is told, an offer takes it, whoever helped is thanked (domain.md H10)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.helping.asking import HAND, aloud, answered, ask_known, grids_of, meant_of, values_of
from bot.turn import Turn
from bot.understanding import sensitive
from domain.deadlines import awake
from domain.errors import NotAllowed
from domain.messages import Address
from domain.numbers import NEEDS
from domain.routing import oversees
from domain.volunteers import OPEN, Need, State, id_of
from scheduler.caring import worker_of
from scheduler.needs import held_until, of_staff, tell_asker
from store import timers, volunteers
from store.work import Work

ALIVE = (*OPEN, State.TAKEN)  # states in which there is something to call off


async def call(turn: Turn, words: str) -> None:
    """Ask the neighbours in their groups, and those who have registered alone."""
    work, person = turn.work, turn.speaker.person
    area = turn.area if turn.inbound.address.group else person.area if person else ""
    need = await volunteers.add(work.conn, Need(0, area, words, turn.speaker.id), work.now)
    values = values_of(work, need)
    here = turn.inbound.address
    chats = work.directory.residents_chats(grids_of(work, area))
    for chat in chats:
        if chat != here:
            key = f"n{need.id}:{chat.key}"
            call_ = "replies/volunteer_call"
            work.announce("", chat, call_, values, key=key)
    await ask_known(work, need)
    await wait(work, need)
    if here in chats:
        work.reply("replies/volunteer_call", values)
    else:
        work.reply("replies/volunteer_called", values | {"held_until": held_until(work)})


async def wanted(turn: Turn, area: str) -> None:
    """Look for help for a resident: aloud where he asked aloud, else among who has registered.

    What is told of an illness or the like goes to the grid worker and to nobody else.
    """
    work, words = turn.work, turn.inbound.text.strip()
    known = await volunteers.asked_by(work.conn, turn.speaker.ids)
    same = [one for one in known if one.words == words]
    if same or len(known) >= work.city.book.at(work.now).volunteers.most:
        work.reply("replies/volunteer_still", values_of(work, (same or known)[0]))
        return
    here = turn.inbound.address
    fresh = Need(0, area, words, turn.speaker.id, where=here)
    need = await volunteers.add(work.conn, fresh, work.now)
    asked = 0
    if sensitive(words):
        need = replace(need, state=State.WORKER)
        await volunteers.save(work.conn, need, work.now)
        _tell_worker(turn, need, "cards/volunteer_wanted", {"asked": "private"})
    else:
        asked = await ask_known(work, need)
        await wait(work, need, at_once=not asked and not here.group)
    values = values_of(work, need) | {"aloud": here.group, "known": bool(asked)}
    work.reply("replies/volunteer_asked", values)


def _tell_worker(turn: Turn, need: Need, card: str, more: dict[str, Any]) -> None:
    work = turn.work
    worker = worker_of(work, need.area)
    if worker is None or worker.id in (need.asked_by, need.helper):
        return
    key = f"n{need.id}:{turn.letter}:w"
    work.tell(worker, card, values_of(work, need) | more, case=None, by=turn.speaker.id, key=key)


async def wait(work: Work, need: Need, *, at_once: bool = False) -> None:
    """Look again when nobody has offered in time; `at_once` where there is nobody to ask."""
    span = timedelta() if at_once else work.city.book.at(work.now).volunteers.wait
    due = awake(work.now + span, work.city.quiet)
    await timers.drop(work.conn, volunteers.TIMER, need.id)
    await timers.stand(work.store, work.conn, volunteers.TIMER, need.id, due)


async def meant(turn: Turn, areas: Sequence[str]) -> Need | None:
    """The need that was clicked, said, quoted or asked about, else the newest open one here."""
    work = turn.work
    number = turn.named(NEEDS)
    if number:
        return await volunteers.get(work.conn, id_of(number))
    if turn.question is not None and turn.question.kind == HAND:
        of = meant_of(turn.question.data, turn.heard.words)
        if not of:
            raise NotAllowed("which_need")
        return await volunteers.get(work.conn, of)
    known = await volunteers.open_in(work.conn, areas)
    return next((one for one in known if _told_here(turn, one)), None)


def _told_here(turn: Turn, need: Need) -> bool:
    """Whether a need was told to everybody, by staff, or in this chat."""
    here = need.where.group and need.where == turn.inbound.address
    return here or of_staff(turn.work, need)


def may_end(turn: Turn, need: Need) -> bool:
    """Whether the speaker asked for it, answers for the area, or brought a resident a helper."""
    work, person = turn.work, turn.speaker.person
    if need.asked_by in turn.speaker.ids:
        return True
    if person is None or not person.role.staff:
        return False
    worker = worker_of(work, need.area)
    his = not of_staff(work, need) and worker is not None and worker.id == person.id
    return his or oversees(work.city.world, need.area, person)


async def take(turn: Turn, need: Need) -> None:
    """Let the speaker do it, if nobody else was quicker, and tell who asked."""
    work = turn.work
    await answered(turn, need)
    taken = need.taken(turn.speaker.id, turn.inbound.address)
    if not await volunteers.save(work.conn, taken, work.now):
        work.reply("replies/volunteer_late", values_of(work, need))
        return
    await timers.drop(work.conn, volunteers.TIMER, need.id)
    await volunteers.note_asked(work.store, work.conn, need.id, turn.speaker.ids, work.now)
    worker = worker_of(work, need.area)
    known = work.city.world.person(turn.speaker.id) is not None  # then he is called
    whom = worker if worker is not None and not known else None
    more = {"worker": whom.name if whom else "", "phone": whom.phone if whom else ""}
    work.reply("replies/volunteer_taken", values_of(work, taken) | more)
    key = f"n{need.id}:{turn.letter}:found"
    values, by = values_of(work, taken), turn.speaker.id
    if of_staff(work, need):
        values |= {"for_resident": False}
        tell_asker(work, need, "cards/volunteer_found", values, by=by, key=key)
        return
    values |= {"worker": worker.name if worker is not None and worker.id != by else ""}
    tell_asker(work, need, "replies/volunteer_for_you", values, by=by, key=key)
    # He brings the two together.
    _tell_worker(turn, taken, "cards/volunteer_found", {"for_resident": True})


async def stepped_back(turn: Turn, need: Need) -> None:
    """Let whoever had promised go, look for somebody else, and tell who asked."""
    work = turn.work
    work.reply("replies/volunteer_declined", {"left": False})
    await reopen(turn, need)
    _tell_worker(turn, need, "replies/volunteer_back", {})
    key, values = f"n{need.id}:{turn.letter}:back", values_of(work, need)
    tell_asker(work, need, "replies/volunteer_back", values, by=turn.speaker.id, key=key)


async def reopen(turn: Turn, need: Need) -> None:
    """Look for somebody else: where it was asked aloud, and among who was not asked yet."""
    work, fresh = turn.work, need.reopened()
    await volunteers.save(work.conn, fresh, work.now)
    await wait(work, fresh)
    for chat in _told_in(work, fresh):
        key = f"n{need.id}:again:{chat.key}"  # once: who was let down twice asks for himself
        anew, values = "replies/volunteer_anew", aloud(work, fresh)
        work.announce("", chat, anew, values, key=key)
    await ask_known(work, fresh)


def _told_in(work: Work, need: Need) -> list[Address]:
    """The groups in which a need was told: all of the area's, or the one a resident asked in."""
    if of_staff(work, need):
        return work.directory.residents_chats(grids_of(work, need.area))
    return [need.where] if need.where.group else []


async def call_off(turn: Turn, need: Need) -> None:
    """Look no further; who had promised to come, or the groups that were asked, hear of it."""
    work = turn.work
    off = replace(need, state=State.OFF)
    await volunteers.save(work.conn, off, work.now)
    await timers.drop(work.conn, volunteers.TIMER, need.id)
    work.reply("replies/volunteer_off", values_of(work, off))
    if need.state is State.TAKEN:
        thank(turn, need, "replies/volunteer_not_now")
    elif of_staff(work, need):
        for chat in _told_in(work, need):
            if chat != turn.inbound.address:
                key = f"n{need.id}:off:{chat.key}"
                values = values_of(work, off)
                off_ = "replies/volunteer_off"
                work.announce("", chat, off_, values, key=key)


def told_done(turn: Turn, need: Need) -> None:
    """Thank whoever says that he has helped, and let who asked for it know; he ends it."""
    work, by = turn.work, turn.speaker.id
    work.reply("replies/volunteer_well_done")
    staff = of_staff(work, need)
    ends = work.city.world.person(need.asked_by) if staff else worker_of(work, need.area)
    if ends is not None:
        key = f"n{need.id}:{turn.letter}:done"
        values = values_of(work, need) | {"words": turn.inbound.text}
        work.tell(ends, "cards/volunteer_told_done", values, case=None, by=by, key=key)


def thank(turn: Turn, need: Need, template: str) -> None:
    """Say something to whoever helped, where he offered it."""
    work = turn.work
    where = need.promised if need.promised.channel else Address("", need.helper)
    key, values = f"n{need.id}:{turn.letter}:helper", values_of(work, need)
    work.tell_there(need.helper, where, template, values, by=turn.speaker.id, key=key)
