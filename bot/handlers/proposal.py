"""What everybody may do with a proposal: say what he thinks, vote, ask how it stands."""

from dataclasses import asdict

from bot.deliberation import CHOICES, cast, meant, step
from bot.turn import Handler, Turn
from bot.understanding import drafts
from domain.deliberation import Act, Proposal
from domain.errors import NotAllowed
from domain.wordings import changes
from scheduler.proposals import counted, view, wordings


async def comment(turn: Turn) -> None:
    """Write down what somebody thinks of a proposal."""
    proposal, words = await meant(turn)
    if not words:
        raise NotAllowed("comment_empty")
    await step(turn, proposal, Act.COMMENT, words)
    turn.work.reply("replies/comment_noted", view(turn.work, proposal))


async def vote(turn: Turn) -> None:
    """A household's vote; outside a vote the word is talk among neighbours."""
    try:
        proposal, _ = await meant(turn, voting=True)
    except NotAllowed:
        if turn.addressed or turn.heard.words:
            raise
        return
    choice = CHOICES[turn.heard.intent]
    before = await cast(turn, proposal, choice)
    values = view(turn.work, proposal) | {"choice": choice.value, "again": before}
    turn.work.reply("replies/voted", values)


async def standing(turn: Turn) -> None:
    """议题: how one stands; D1 第1稿: an earlier wording of it; D1 改了哪里: what is new in it."""
    work = turn.work
    proposal, words = await meant(turn)
    pair = drafts.compared(words, proposal.round)
    if pair is not None:
        await _compared(turn, proposal, pair)
        return
    draft = drafts.wanted(words, proposal.round)
    if draft is not None:
        wording = (await wordings(work, proposal)).get(draft, "")
        values = view(work, proposal) | {"draft": draft, "wording": wording}
        work.reply("replies/proposal_wording", values)
        return
    values = view(work, proposal) | await counted(work, proposal)
    work.reply("replies/proposal_stands", values)


async def _compared(turn: Turn, proposal: Proposal, pair: tuple[int, int]) -> None:
    """What changed from one wording to another."""
    known = await wordings(turn.work, proposal)
    first, last = pair
    there = first in known and last in known
    found = changes(known[first], known[last]) if there else ()
    values = {
        "older": first,
        "newer": last,
        "there": there,
        "changes": [asdict(one) for one in found],
    }
    turn.work.reply("replies/proposal_changes", view(turn.work, proposal) | values)


async def take_part(turn: Turn) -> None:
    """Comment, vote, or ask."""
    if turn.heard.intent in CHOICES:
        await vote(turn)
    else:
        await (comment if turn.heard.intent == "comment" else standing)(turn)


HANDLER = Handler(intents=("comment", "proposal", *CHOICES), run=take_part)
