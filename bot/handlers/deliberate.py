"""议事: staff put a proposal up and take it through the four recorded steps (domain.md I1-I4)."""

from datetime import timedelta

from bot.deliberation import entitled, meant, open_vote, step
from bot.turn import STAFF, Handler, Turn
from bot.understanding import votes
from domain.deliberation import Act, Proposal
from domain.errors import NotAllowed
from domain.intake import Report
from scheduler.needs import held_until
from scheduler.proposals import announce, said_of, view
from store import deliberation


async def propose(turn: Turn) -> None:
    """Put something up for discussion in the groups of the speaker's area."""
    words = turn.heard.words
    if not words:
        raise NotAllowed("proposal_empty")
    work, area = turn.work, turn.area
    if turn.inbound.private and turn.speaker.person is not None:
        area = turn.speaker.person.area
    fresh = await deliberation.add(work.conn, Proposal(0, area, turn.speaker.id, words, work.now))
    count = announce(work, fresh, "replies/proposal", {})
    work.reply(
        "replies/proposed", view(work, fresh) | {"count": count, "held_until": held_until(work)}
    )


async def revise(turn: Turn) -> None:
    """A new wording, a new round of comments."""
    proposal, words = await meant(turn)
    entitled(turn, proposal)
    if not words:
        raise NotAllowed("proposal_empty")
    work, moved = turn.work, await step(turn, proposal, Act.REVISE, words)
    count = announce(work, moved, "replies/proposal", {})
    work.reply(
        "replies/proposed", view(work, moved) | {"count": count, "held_until": held_until(work)}
    )


async def decide(turn: Turn) -> None:
    """审议 and 决议: what each of the two meetings said."""
    proposal, words = await meant(turn)
    entitled(turn, proposal)
    meeting, _, said = turn.heard.intent.partition("_")
    act = Act.REVIEW if meeting == "review" else Act.RESOLVE
    moved = await step(turn, proposal, act, words, passed=said == "passed")
    open_ = sum(one.waits for one in await said_of(turn.work, moved))
    turn.work.reply("replies/proposal_decided", view(turn.work, moved) | {"unanswered": open_})


async def publish(turn: Turn) -> None:
    """公开决议: in the groups; what was resolved becomes a case that is followed up."""
    proposal, words = await meant(turn)
    entitled(turn, proposal)
    moved = await step(turn, proposal, Act.PUBLISH, words)
    said = [one for one in await said_of(turn.work, moved) if one.words]
    answered = sum(bool(one.answer) for one in said)
    numbers = {"remarks": len(said), "answered": answered}
    announce(turn.work, moved, "replies/resolution", {"words": words} | numbers)
    here = turn.inbound.address
    report = Report(
        words=f"{moved.number} {moved.words}",
        intent="suggestion",
        category="other",
        urgent=False,
        reporter=turn.speaker.id,
        channel=here.channel,
        chat=here.chat,
        group=here.group,
        area=moved.area,
        source="deliberation",
    )
    case = await turn.work.file(report, answered=True)
    turn.work.reply("replies/resolution_published", view(turn.work, moved), case=case)


async def outcome(turn: Turn) -> None:
    """公开结果: what came of it, in the groups."""
    proposal, words = await meant(turn)
    entitled(turn, proposal)
    if not words:
        raise NotAllowed("outcome_empty")
    moved = await step(turn, proposal, Act.OUTCOME, words)
    announce(turn.work, moved, "replies/outcome", {"words": words})
    turn.work.reply("replies/outcome_published", view(turn.work, moved))


async def vote_opens(turn: Turn) -> None:
    """表决: one vote a household, for some days."""
    proposal, words = await meant(turn)
    entitled(turn, proposal)
    rules = turn.work.city.book.at(turn.work.now).deliberation
    named = votes.days(words)
    if named is not None and not 1 <= named <= rules.most_days:
        nearest = min(max(named, 1), rules.most_days)
        values = {"number": proposal.number, "days": nearest, "most": rules.most_days}
        turn.work.reply("replies/vote_days", values)
        return
    until = turn.work.now + timedelta(days=named or rules.vote_days)
    work, moved = turn.work, await open_vote(turn, proposal, until)
    count = announce(work, moved, "replies/vote_open", {})
    work.reply(
        "replies/vote_opened", view(work, moved) | {"count": count, "held_until": held_until(work)}
    )


_RUN = {
    "propose": propose,
    "revise": revise,
    "review_passed": decide,
    "review_failed": decide,
    "resolve_passed": decide,
    "resolve_failed": decide,
    "publish": publish,
    "outcome": outcome,
    "vote_opens": vote_opens,
}


async def lead(turn: Turn) -> None:
    """What only staff may do with a proposal."""
    await _RUN[turn.heard.intent](turn)


HANDLER = Handler(intents=tuple(_RUN), run=lead, roles=STAFF)
