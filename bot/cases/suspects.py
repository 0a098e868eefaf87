"""What the bot stayed silent on and yet suspects: kept for the grid worker's daily digest."""

from bot.turn import Turn
from domain.workdays import next_time

OUTCOME = "suspect"


def noted(turn: Turn) -> bool:
    """Whether a message goes into the digest; the first of the day sets its timer.

    Only what residents say in their group, and only where the bot neither answered nor moved
    anything: whoever was answered knows that he was heard.
    """
    work = turn.work
    doubtful = turn.heard.suspect or turn.heard.action == "ask"  # what it could have asked about
    if not doubtful or turn.speaker.staff or not work.idle:
        return False
    bound = work.directory.area_of(turn.inbound.address)
    if not turn.inbound.address.group or bound is None or bound[0] != "residents":
        return False
    due = next_time(work.now, work.city.book.at(work.now).digest)
    work.arm("digest", turn.letter, due)
    return True
