"""A vote's time is up: it is counted, and the groups and who put it up hear the result."""

from domain.deliberation import Act, take
from scheduler.job import Job, Misfire
from scheduler.proposals import announce, counted, view
from store import deliberation
from store.timers import Timer
from store.work import Work


async def vote(work: Work, timer: Timer) -> None:
    """Close the vote, unless somebody else has."""
    proposal = await deliberation.get(work.conn, timer.subject)
    if proposal is None or proposal.vote_until is None:
        return
    result = await counted(work, proposal)
    closed = take(proposal, Act.CLOSE_VOTE)
    votes = result["tally"]
    said = "yes={yes} no={no} abstain={abstain} of={homes}".format(**votes)
    await deliberation.save(work.conn, closed, Act.CLOSE_VOTE, "", said, work.now)
    announce(work, closed, "replies/vote_result", result)
    author = work.city.world.person(closed.author)
    if author is not None:
        values = view(work, closed) | result
        key = f"d{closed.id}:{closed.version}:author"
        work.tell(author, "replies/vote_result", values, case=None, by="", key=key)


JOB = Job(name="vote", kinds=(deliberation.VOTE,), misfire=Misfire.LATE, run=vote)
