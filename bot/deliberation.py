"""议事 in chat: which proposal is meant, who may move it, and who hears of it (domain.md I1-I4)."""

from datetime import datetime

from bot.turn import Turn
from domain.deliberation import Act, Choice, Proposal, take
from domain.errors import NotAllowed
from domain.households import household
from domain.numbers import PROPOSALS
from domain.routing import oversees
from store import deliberation, timers

CHOICES = {"vote_yes": Choice.YES, "vote_no": Choice.NO, "vote_abstain": Choice.ABSTAIN}
_EDGES = " ,.:;!?~\n\t"


def split(words: str) -> tuple[int, str]:
    """The number of the proposal that was named, 0 for none, and the words without it."""
    found = PROPOSALS.find(words)
    if found is None:
        return 0, words.strip(_EDGES)
    return int(found[1]), (words[: found.start()] + words[found.end() :]).strip(_EDGES)


async def meant(turn: Turn, *, voting: bool = False) -> tuple[Proposal, str]:
    """The proposal a message speaks of, named or the only one here, and its other words."""
    number, rest = split(turn.heard.words)
    conn, areas = turn.work.conn, _areas(turn)
    if number:
        found = await deliberation.get(conn, number)
        if found is not None and not areas and not await _has_voted(turn, found):
            raise NotAllowed("proposal_where")
        if found is None or (areas and found.area not in areas):
            raise NotAllowed("no_such_proposal")
        return found, rest
    open_ = await deliberation.of_areas(conn, areas, voting=voting)
    if len(open_) != 1:
        raise NotAllowed("which_proposal" if open_ else "no_proposal")
    return open_[0], rest


async def unsaid(turn: Turn, words: str) -> None:
    """Take back what somebody thought of a proposal, where a message of his said that."""
    heard = turn.listen(words)
    if heard.intent == "comment":
        await deliberation.hide(turn.work.conn, turn.speaker.ids, split(heard.words)[1])


async def _has_voted(turn: Turn, proposal: Proposal) -> bool:
    """Whether somebody whose area nobody knows has voted on this in a group of it."""
    home = household(turn.work.city.world, turn.speaker.person, turn.speaker.id)
    return home in await deliberation.ballots(turn.work.conn, proposal.id)


def _areas(turn: Turn) -> list[str]:
    """The areas whose proposals concern somebody here: his own, those above and below."""
    world = turn.work.city.world
    area = turn.area
    return [one.id for one in (*world.chain(area), *world.grids(area))]


def entitled(turn: Turn, proposal: Proposal) -> None:
    """Raise NotAllowed unless the speaker answers for the proposal's area."""
    person = turn.speaker.person
    if person is None or not oversees(turn.work.city.world, proposal.area, person):
        raise NotAllowed("not_your_proposal")


async def step(
    turn: Turn,
    proposal: Proposal,
    act: Act,
    words: str,
    *,
    passed: bool = True,
    until: datetime | None = None,
) -> Proposal:
    """Take a step and write it down."""
    moved = take(proposal, act, words=words, passed=passed, until=until)
    work = turn.work
    await deliberation.save(work.conn, moved, act, turn.speaker.id, words, work.now)
    return moved


async def open_vote(turn: Turn, proposal: Proposal, until: datetime) -> Proposal:
    """Open a vote that a timer closes."""
    moved = await step(turn, proposal, Act.OPEN_VOTE, "", until=until)
    await timers.set_one(turn.work.conn, deliberation.VOTE, proposal.id, until)
    return moved


async def uncast(turn: Turn, choice: Choice) -> None:
    """Drop the vote whose words were taken back, where it is the one that counts."""
    try:
        proposal, _ = await meant(turn, voting=True)
    except NotAllowed:
        return
    home = household(turn.work.city.world, turn.speaker.person, turn.speaker.id)
    if proposal.vote_until is not None:
        ballot = (proposal.id, home, choice)
        await deliberation.drop_vote(turn.work.conn, ballot, turn.speaker.ids)


async def cast(turn: Turn, proposal: Proposal, choice: Choice) -> bool:
    """Keep the vote of the speaker's household; whether it had voted before."""
    if proposal.vote_until is None:
        raise NotAllowed("no_vote")
    work = turn.work
    home = household(work.city.world, turn.speaker.person, turn.speaker.id)
    ballot = (proposal.id, home, choice)
    return await deliberation.vote(work.store, work.conn, ballot, turn.speaker.id, work.now)
