"""看错了、撤销走访: what was wrongly said to be visited is open again; the log keeps both."""

from bot.rounds import round_back
from bot.turn import STAFF, Handler, Turn
from domain.errors import NotAllowed
from domain.visits import day_of, start_of, taken_back
from store import visits


async def visit_back(turn: Turn) -> None:
    """Take back what the speaker's last message about visits today recorded."""
    work, person = turn.work, turn.speaker.person
    if person is None:
        return
    made = await visits.made_by(work.conn, person.id, start_of(day_of(work.now)))
    if await round_back(turn, person, made):
        return
    if not made:
        raise NotAllowed("no_visit")
    names: list[str] = []
    for visit in [one for one in made if one.letter == made[0].letter][::-1]:
        back = taken_back(visit, work.now)
        await visits.save(
            work.conn, back, "taken_back", person.id, work.now, words=visit.words, back=True
        )
        names.append(visit.name)
    cases = any(one.case for one in made if one.letter == made[0].letter)
    work.reply("replies/visit_back", {"places": list(dict.fromkeys(names)), "opened": cases})


HANDLER = Handler(intents=("visit_back",), run=visit_back, roles=STAFF)
