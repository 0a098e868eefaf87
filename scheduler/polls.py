"""A poll's time is up: it is counted, and those whom it concerns hear of it (H9, J3)."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from domain import activities as log
from domain.activities import Activity
from domain.activity_rules import Kind
from domain.notices import Notice, Status
from domain.people import Level
from domain.polls import QUIZ, RESULT, SURVEY, Poll, PollKind, Score, mark, right, tally, told
from domain.visits import day_of
from scheduler.caring import tell_alone
from store import activities, notices, polls
from store.notice_sending import launch, rules_now
from store.work import Work

_KINDS = {PollKind.SURVEY: Kind.SURVEY, PollKind.QUIZ: Kind.QUIZ}


async def end(work: Work, notice: Notice) -> None:
    """Count what a notice asked, once; nothing where it asked nothing."""
    poll = await polls.get(work.conn, notice.id) if notice.ready in (SURVEY, QUIZ) else None
    if poll is None or not await polls.close(work.conn, poll.notice, work.now):
        return
    closed = replace(poll, closed_at=work.now)
    count = _end_survey if poll.kind is PollKind.SURVEY else _end_quiz
    await _write_down(work, closed, notice.author, await count(work, closed, notice))


async def _write_down(work: Work, poll: Poll, by: str, people: Sequence[str]) -> None:
    """Keep it in the activity log, in each community it went to: plans count it there (H5)."""
    world, today = work.city.world, day_of(work.now)
    here = world.area(poll.area)
    grid = here is not None and here.level is Level.GRID
    areas = [poll.area] if grid else [one.id for one in log.communities(world, poll.area)]
    for area in areas:
        kind, there = _KINDS[poll.kind], tuple(people)
        fresh = Activity(0, area, kind, today, work.now, by, poll.title, people=there)
        await activities.add(work.conn, fresh)


# A survey


def homes(work: Work, area: str) -> int:
    """How many households live in an area: those who did not answer are told by it (E6)."""
    return sum(one.households or 0 for one in work.city.world.grids(area))


async def survey_values(work: Work, poll: Poll) -> dict[str, Any]:
    """How a survey stands, as the templates see it: counts and nobody's name."""
    answers = await polls.answers(work.conn, poll.notice)
    counts = tally(poll.questions, list(answers.values()))
    counted = [
        {"words": one.words, "counts": [asdict(each) for each in of]}
        for one, of in zip(poll.questions, counts, strict=True)
    ]
    return {
        "poll": {"number": poll.notice, "title": poll.title},
        "counted": counted,
        "voices": len(answers),
        "homes": homes(work, poll.area),
    }


async def _end_survey(work: Work, poll: Poll, notice: Notice) -> Sequence[str]:
    """Tell its author, and the groups that were asked."""
    author = work.city.world.person(notice.author)
    if author is not None:
        values = await survey_values(work, poll) | {"until": ""}
        key = f"poll{poll.notice}:author"
        work.tell(author, "replies/survey_result", values, case=None, by="", key=key)
    answers = await polls.answers(work.conn, poll.notice)
    if answers:
        counts = tally(poll.questions, list(answers.values()))
        await _publish(work, notice, told(poll.title, len(answers), homes(work, poll.area), counts))
    return ()


async def _publish(work: Work, notice: Notice, words: str) -> None:
    """The result goes where the question went, as a notice that nobody has to approve again."""
    result = replace(
        notice,
        key=f"poll:{notice.id}",
        words=words,
        ready=RESULT,
        status=Status.WAITING,
        created_at=work.now,
        due_at=work.now,
        valid=rules_now(work).valid,
        approved_at=work.now,
        parent=notice.id,
    )
    number = await notices.add(work.store, work.conn, notices.row_of(result))
    if number is not None:
        await launch(work, replace(result, id=number))


# A quiz


async def quiz_scores(work: Work, poll: Poll) -> list[Score]:
    """Everybody's score who was asked, in the order of the roster."""
    away = work.city.leaves.away(day_of(poll.closed_at or work.now))
    return await polls.scores_of(work.conn, poll, away)


def score_lines(work: Work, found: Sequence[Score]) -> list[dict[str, Any]]:
    """Scores as the templates see them."""
    world = work.city.world
    return [
        {
            "name": person.name if (person := world.person(one.person)) else one.person,
            "right": one.right or 0,
            "answered": one.right is not None,
            "away": one.away,
        }
        for one in found
    ]


async def _end_quiz(work: Work, poll: Poll, notice: Notice) -> Sequence[str]:
    """Tell everybody his own score alone, and the author all of them; returns who answered."""
    found = await quiz_scores(work, poll)
    answers = await polls.answers(work.conn, poll.notice)
    about = {"poll": {"number": poll.notice, "title": poll.title, "count": len(poll.questions)}}
    for person, marks in answers.items():
        mine = about | {"correct": right(poll.questions, marks), "wrong": _wrong(poll, marks)}
        tell_alone(work, person, "replies/quiz_result", mine, key=f"poll{poll.notice}:{person}")
    author = work.city.world.person(notice.author)
    if author is not None:
        values = about | {"scores": score_lines(work, found), "until": ""}
        key = f"poll{poll.notice}:author"
        tell_alone(work, author.id, "replies/quiz_scores", values, key=key)
    return list(answers)


def _wrong(poll: Poll, marks: Sequence[int]) -> list[dict[str, Any]]:
    """What was answered wrong, with the right option and the rule it stands on."""
    return [
        {
            "number": at,
            "words": one.words,
            "mark": mark(poll.kind, one.right),
            "option": one.options[one.right - 1],
            "basis": one.basis,
        }
        for at, (one, given) in enumerate(zip(poll.questions, marks, strict=True), 1)
        if one.right != given
    ]
