"""Finding a hand: a need is told, an offer takes it, whoever helped is thanked (domain.md H10)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.turn import Turn
from domain.deadlines import awake
from domain.messages import Address
from domain.numbers import NEEDS
from domain.people import Level
from domain.volunteers import Need, State, id_of, view
from store import timers, volunteers
from store.work import Work

HAND = "hand"  # the question "can you help?"
_MOST = 5  # volunteers who are asked alone


def areas_of(work: Work, area: str) -> list[str]:
    """An area and all above it: a need of the community is everybody's."""
    return [one.id for one in work.city.world.chain(area)]


def grids_of(work: Work, area: str) -> list[str]:
    """The grids of an area, itself if it is one."""
    known = work.city.world.area(area)
    if known is not None and known.level is Level.GRID:
        return [area]
    return [one.id for one in work.city.world.grids(area)]


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
            work.tell_there("", chat, "replies/volunteer_call", values, by="", key=key)
    await _ask_known(work, need, values)
    await wait(work, need)
    if here in chats:
        work.reply("replies/volunteer_call", values)
    else:
        work.reply("replies/volunteer_called", values)


async def _ask_known(work: Work, need: Need, values: dict[str, Any]) -> None:
    known = await volunteers.of_areas(work.conn, grids_of(work, need.area))
    open_for = work.city.book.at(work.now).volunteers.wait
    for person, channel, _ in known[:_MOST]:
        private = work.directory.private(person, channel)
        if private is not None:
            key = f"n{need.id}:{person}"
            work.tell_there(person, private, "cards/volunteer_ask", values, by="", key=key)
            await work.ask(private.key, person, HAND, {"need": need.id}, open_for)


async def wait(work: Work, need: Need) -> None:
    """Look again when nobody has offered in time."""
    due = awake(work.now + work.city.book.at(work.now).volunteers.wait, work.city.quiet)
    await timers.drop(work.conn, volunteers.TIMER, need.id)
    await timers.stand(work.store, work.conn, volunteers.TIMER, need.id, due)


async def meant(turn: Turn, areas: Sequence[str]) -> Need | None:
    """The need that was clicked, said, quoted or asked about, else the newest open one here."""
    work = turn.work
    number = turn.named(NEEDS)
    if number:
        return await volunteers.get(work.conn, id_of(number))
    if turn.question is not None and turn.question.kind == HAND:
        return await volunteers.get(work.conn, turn.question.data["need"])
    return await volunteers.open_in(work.conn, areas)


async def take(turn: Turn, need: Need) -> None:
    """Let the speaker do it, if nobody else was quicker, and tell who asked."""
    work = turn.work
    if turn.question is not None and turn.question.kind == HAND:
        await work.settle_question(turn.question)
    taken = replace(need, state=State.TAKEN, helper=turn.speaker.id, where=turn.inbound.address)
    if not await volunteers.save(work.conn, taken, work.now):
        work.reply("replies/volunteer_late")
        return
    await timers.drop(work.conn, volunteers.TIMER, need.id)
    work.reply("replies/volunteer_taken", values_of(work, taken))
    asker = work.city.world.person(need.asked_by)
    if asker is not None:
        key = f"n{need.id}:{turn.letter}:found"
        card = "cards/volunteer_found"
        work.tell(asker, card, values_of(work, taken), case=None, by=turn.speaker.id, key=key)


async def stepped_back(turn: Turn, need: Need) -> None:
    """Let whoever had promised go, look for somebody else, and tell who asked."""
    work = turn.work
    fresh = replace(need, state=State.OPEN, helper="", where=Address("", ""))
    await volunteers.save(work.conn, fresh, work.now)
    await wait(work, fresh)
    work.reply("replies/volunteer_declined", {"left": False})
    asker = work.city.world.person(need.asked_by)
    if asker is not None:
        key = f"n{need.id}:{turn.letter}:back"
        values = values_of(work, need)
        work.tell(asker, "replies/volunteer_back", values, case=None, by=turn.speaker.id, key=key)


def thank(turn: Turn, need: Need, template: str) -> None:
    """Say something to whoever helped, where he offered it."""
    work = turn.work
    where = need.where if need.where.channel else Address("", need.helper)
    key = f"n{need.id}:{turn.letter}:helper"
    work.tell_there(
        need.helper, where, template, values_of(work, need), by=turn.speaker.id, key=key
    )


def values_of(work: Work, need: Need) -> dict[str, Any]:
    """The values of a template about a need."""
    return {"need": view(need, work.city.world), "case": {"number": need.number}}
