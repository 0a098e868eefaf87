"""问卷: staff ask the households of their area, and see how the answers stand (domain.md H9)."""

from bot.notices.audience import refused
from bot.notices.notice import author_of
from bot.notices.says import refusing
from bot.polls import ask, rules_of
from bot.turn import STAFF, Handler, Turn
from bot.understanding.polls import questions
from domain.notices import Notice
from domain.polls import Poll, PollKind
from scheduler.plans import below
from scheduler.polls import survey_values
from store import polls

_MOST = 5  # lines; more are not read in a chat


async def new(turn: Turn) -> None:
    """A survey of the rules by its name, or questions with their options as they are worded."""
    author, said = author_of(turn), turn.heard.words
    for one in rules_of(turn).surveys:
        if one.name == said:
            await ask(turn, PollKind.SURVEY, one.name, one.questions)
            return
    area = turn.work.city.world.area(author.area)
    title, found = area.name if area is not None else "", questions(turn.inbound.text)
    if found or turn.addressed:  # else colleagues talk of a survey of theirs
        await ask(turn, PollKind.SURVEY, title, found)


async def listed(turn: Turn) -> None:
    """What is prepared, and what was asked lately."""
    person = author_of(turn)
    found = await _of(turn, person.area)
    shown = [{"number": one.notice, "title": one.title} for one, _ in found[:_MOST]]
    names = [one.name for one in rules_of(turn).surveys]
    turn.work.reply("replies/survey_list", {"surveys": names, "polls": shown})


async def stands(turn: Turn) -> None:
    """How the answers to one stand: the number that was named, else the newest."""
    person, work = author_of(turn), turn.work
    number = int(turn.heard.words or 0)
    found = [one for one in await _of(turn, person.area) if number in (0, one[0].notice)]
    if not found:
        raise refused("no_such_poll")
    poll, notice = found[0]
    values = await survey_values(work, poll)
    until = "" if poll.closed_at else notice.ends_at.isoformat()
    work.reply("replies/survey_result", values | {"until": until})


async def _of(turn: Turn, area: str) -> list[tuple[Poll, Notice]]:
    city = turn.work.city
    around = [*below(city, area), *(one.id for one in city.world.chain(area)[1:])]
    return await polls.of_areas(turn.work.conn, PollKind.SURVEY, around)


_RUN = {"survey_new": new, "survey_list": listed, "survey_stands": stands}


@refusing
async def survey(turn: Turn) -> None:
    """Ask, list, or count."""
    await _RUN[turn.heard.intent](turn)


HANDLER = Handler(intents=tuple(_RUN), run=survey, roles=STAFF)
