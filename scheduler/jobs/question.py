"""Nobody answered a question in time: a report is filed all the same."""

from dataclasses import replace

from domain.intake import Report
from scheduler.job import Job, Misfire
from store import questions
from store.timers import Timer
from store.work import Work


async def question(work: Work, timer: Timer) -> None:
    """File what waited for the answer; other questions are simply forgotten."""
    asked = await questions.get(work.conn, timer.subject)
    if asked is None:
        return
    await work.settle_question(asked)
    if "report" in asked.data:
        # Whether it was a neighbour's matter was asked of reports that had their place.
        unverified = asked.kind in ("place", "estate")
        for one in (asked.data["report"], *asked.data.get("also", ())):
            await work.file(replace(Report.from_json(one), unverified=unverified))


JOB = Job(name="question", kinds=("question",), misfire=Misfire.LATE, run=question)
