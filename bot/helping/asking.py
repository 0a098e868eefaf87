"""Who is asked for a hand alone: those who registered, each once for a need (domain.md H10)."""

from collections.abc import Mapping
from typing import Any

from bot.masking import masked, without_flat
from bot.turn import Turn
from bot.understanding import errands, sensitive
from domain.people import Level
from domain.volunteers import Need, State, view
from scheduler.needs import of_staff
from store import volunteers
from store.work import Work

HAND = "hand"  # the question "can you help?"
_MOST = 5  # volunteers who are asked alone
_OFFERED = 3  # needs that are offered to who registers: more is no choice


def areas_of(work: Work, area: str) -> list[str]:
    """An area and all above it: a need of the community is everybody's."""
    return [one.id for one in work.city.world.chain(area)]


def grids_of(work: Work, area: str) -> list[str]:
    """The grids of an area, itself if it is one."""
    known = work.city.world.area(area)
    if known is not None and known.level is Level.GRID:
        return [area]
    return [one.id for one in work.city.world.grids(area)]


def values_of(work: Work, need: Need) -> dict[str, Any]:
    """The values of a template about a need."""
    return {"need": view(need, work.city.world), "case": {"number": need.number}}


def aloud(work: Work, need: Need) -> dict[str, Any]:
    """The same for who has promised nothing yet: without numbers, full names and the flat."""
    values = values_of(work, need)
    values["need"]["words"] = without_flat(masked(need.words))
    return values


async def ask_known(work: Work, need: Need) -> int:
    """Ask some who have registered and were not asked yet, each alone; how many."""
    every = await volunteers.of_areas(work.conn, grids_of(work, need.area))
    told = await volunteers.asked(work.conn, need.id) | {need.asked_by, need.helper}
    every.sort(key=lambda one: -errands.likeness(need.words, one[2]))  # else who came first
    fresh = {person: channel for person, channel, _ in every if person not in told}
    chosen = list(fresh.items())[:_MOST]
    for person, channel in chosen:
        await _ask(work, person, channel, [need], unasked=True)
    await volunteers.note_asked(
        work.store, work.conn, need.id, [one for one, _ in chosen], work.now
    )
    return len(chosen)


async def offer_open(work: Work, ids: tuple[str, ...], area: str, channel: str) -> None:
    """Offer who has just registered what nobody has taken yet, a few and each once.

    What is told of an illness or the like is the grid worker's: nobody else hears of it.
    """
    since = work.now - work.city.book.at(work.now).volunteers.fresh
    found = await volunteers.to_offer(work.conn, areas_of(work, area), ids, since)
    chosen = [one for one in found if _for_all(work, one)][:_OFFERED]
    if not chosen or not await _ask(work, ids[0], channel, chosen):
        return
    for one in chosen:
        await volunteers.note_asked(work.store, work.conn, one.id, ids, work.now)


def _for_all(work: Work, need: Need) -> bool:
    private = need.state is State.WORKER and sensitive(need.words)
    return of_staff(work, need) or not private


async def _ask(
    work: Work, person: str, channel: str, needs: list[Need], *, unasked: bool = False
) -> bool:
    """Ask somebody alone; False where he cannot be reached. Another question stays the open one."""
    private = work.directory.private(person, channel)
    if private is None:
        return False
    numbers = "-".join(str(one.id) for one in needs)
    key = f"n{numbers}:{person}"
    values: dict[str, Any] = {"needs": [aloud(work, one)["need"] for one in needs]}
    template = "cards/volunteer_offers"
    if len(needs) == 1:
        values, template = aloud(work, needs[0]), "cards/volunteer_ask"
    if unasked:
        work.announce(person, private, template, values, key=key)
    else:
        work.tell_there(person, private, template, values, by="", key=key)
    await work.look_for_questions([private.key])
    open_ = work.questions.get((private.key, person))
    if open_ is None or open_.kind == HAND:
        ids = [one.id for one in needs]
        open_for = work.city.book.at(work.now).volunteers.wait
        await work.ask(private.key, person, HAND, {"needs": ids}, open_for)
    return True


async def answered(turn: Turn, need: Need) -> None:
    """Close the question that was answered, and the same one where it was asked alone."""
    work = turn.work
    alone = work.directory.private(turn.speaker.id, turn.inbound.address.channel)
    if alone is not None and alone.key != turn.conversation:
        await work.look_for_questions([alone.key])
    for one in list(work.questions.values()):
        if one.kind != HAND or one.person not in turn.speaker.ids:
            continue
        if one == turn.question or need.id in one.data.get("needs", ()):
            await work.settle_question(one)


def meant_of(data: Mapping[str, Any], words: str) -> int:
    """The need somebody says yes to: the only one he was asked about, or the second; else 0."""
    ids = list(data.get("needs") or [data["need"]])  # "need" is how it was written until 0020
    nth = words if len(ids) > 1 else "1"
    return next((one for at, one in enumerate(ids, 1) if str(at) == nth), 0)
