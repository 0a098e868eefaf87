"""Proposals said aloud: who hears of one, and how it stands; for handlers and the vote's job."""

from dataclasses import asdict
from typing import Any

from domain.deliberation import Act, Proposal, Remark, remarks, tally
from domain.people import Level, World
from store import deliberation
from store.work import Work


def announce(work: Work, proposal: Proposal, template: str, more: dict[str, Any]) -> int:
    """Say something in every residents' group of the proposal's area; returns in how many."""
    chats = work.directory.residents_chats(below(work.city.world, proposal.area))
    values = view(work, proposal) | more
    for chat in chats:
        key = f"d{proposal.id}:{proposal.version}:{template}:{chat.key}"
        work.announce("", chat, template, values, key=key)
    return len(chats)


def below(world: World, area: str) -> list[str]:
    """An area and its grids, each once: a grid is its own."""
    return list(dict.fromkeys([area, *(one.id for one in world.grids(area))]))


def view(work: Work, proposal: Proposal) -> dict[str, Any]:
    """A proposal as the templates see it."""
    until = proposal.vote_until
    area = work.city.world.area(proposal.area)
    return {
        "proposal": {
            "number": proposal.number,
            "words": proposal.words,
            "stage": proposal.stage.value,
            "round": proposal.round,
            "passed": proposal.passed,
            "vote_until": until.isoformat() if until is not None else "",
        },
        "area": area.name if area is not None else "",
    }


async def counted(work: Work, proposal: Proposal) -> dict[str, Any]:
    """How the vote stands, for the templates."""
    found = tally(await deliberation.ballots(work.conn, proposal.id))
    areas = (work.city.world.area(one) for one in below(work.city.world, proposal.area))
    homes = sum(one.households or 0 for one in areas if one and one.level is Level.GRID)
    return {"tally": asdict(found) | {"total": found.total, "homes": homes}}


async def wordings(work: Work, proposal: Proposal) -> dict[int, str]:
    """Every wording a proposal has had, by its number."""
    rows = await deliberation.history(work.conn, proposal.id)
    worded = [row.words for row in rows if row.act in (Act.PROPOSE, Act.REVISE)]
    return dict(enumerate(worded, 1))


async def said_of(work: Work, proposal: Proposal) -> list[Remark]:
    """What neighbours thought of a proposal, and what they were answered."""
    rows = await deliberation.history(work.conn, proposal.id)
    return remarks((row.act, row.by, row.words) for row in rows)
