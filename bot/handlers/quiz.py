"""应知应会: a leader asks his workers a few questions, each alone, and sees the scores (J3)."""

import re

from bot.notices.audience import refused
from bot.notices.notice import author_of
from bot.notices.says import refusing
from bot.polls import ask, rules_of
from bot.turn import STAFF, Handler, Turn
from domain.errors import NotAllowed
from domain.polls import PollKind, draw
from domain.routing import desk_level, oversees
from scheduler.plans import below
from scheduler.polls import quiz_scores, score_lines
from store import polls

_MOST = 9  # questions of one quiz: more are not read in a chat
_COUNT = re.compile(r"[0-9]+")


async def new(turn: Turn) -> None:
    """Draw the next questions of the bank. Raises NotAllowed for who answers for no area."""
    author, rules = author_of(turn), rules_of(turn)
    if desk_level(author) is None:
        raise NotAllowed("quiz_leader")
    if not rules.bank:
        raise NotAllowed("quiz_empty")
    wanted = _COUNT.search(turn.heard.words)
    count = min(max(int(wanted[0]), 1) if wanted else rules.quiz_size, _MOST)
    before = await polls.drawn(turn.work.conn, author.area)
    area = turn.work.city.world.area(author.area)
    title = area.name if area is not None else ""
    await ask(turn, PollKind.QUIZ, title, draw(rules.bank, before, count))


async def shown(turn: Turn) -> None:
    """The scores of one, the newest where no number is named; a worker sees his own alone.

    While it is open only who has answered is told.
    """
    person, work = author_of(turn), turn.work
    around = [*below(work.city, person.area)]
    around += [one.id for one in work.city.world.chain(person.area)[1:]]
    number = int(turn.heard.words or 0)
    every = await polls.of_areas(work.conn, PollKind.QUIZ, around)
    found = [one for one in every if number in (0, one[0].notice)]
    if not found:
        raise refused("no_such_quiz")
    poll, notice = found[0]
    all_ = oversees(work.city.world, poll.area, person)
    mine = [one for one in await quiz_scores(work, poll) if all_ or one.person == person.id]
    values = {
        "poll": {"number": poll.notice, "title": poll.title, "count": len(poll.questions)},
        "scores": score_lines(work, mine),
        "until": "" if poll.closed_at else notice.ends_at.isoformat(),
    }
    work.reply("replies/quiz_scores", values)


_RUN = {"quiz_new": new, "quiz_scores": shown}


@refusing
async def quiz(turn: Turn) -> None:
    """Ask, or show the scores."""
    await _RUN[turn.heard.intent](turn)


HANDLER = Handler(intents=tuple(_RUN), run=quiz, roles=STAFF)
