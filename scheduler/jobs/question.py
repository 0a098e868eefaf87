"""Nobody answered a question in time: a report is filed all the same, place unverified."""

from dataclasses import replace

from domain.intake import Report
from scheduler.job import Job, Misfire
from store import questions
from store.timers import Timer
from store.work import Work


async def question(work: Work, timer: Timer) -> None:
    """File the report that waited for its place; other questions are simply forgotten."""
    asked = await questions.get(work.conn, timer.subject)
    if asked is None:
        return
    await work.settle_question(asked)
    if "report" in asked.data:
        await work.file(replace(Report.from_json(asked.data["report"]), unverified=True))


JOB = Job(name="question", kinds=("question",), misfire=Misfire.LATE, run=question)
