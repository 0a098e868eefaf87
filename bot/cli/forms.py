"""`gridbot forms`: the month's forms as files."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.tools import FOLDER, fail, load_folder, run_job
from bot.deployment.faults import reason_of
from bot.deployment.folder import Deployment
from bot.ledgers.forms import Month, said, sheets
from domain.polls import Poll, PollKind, Score
from domain.workdays import TZ

if TYPE_CHECKING:
    from store.engine import Connection


def _month(_context: object, _parameter: object, value: str) -> date:
    try:
        first = datetime.strptime(value, "%Y-%m").replace(tzinfo=TZ).date()
        first.replace(year=first.year + 1)  # the year's plan ends where the next begins
    except ValueError:
        raise click.BadParameter(said()["words"]["month"]) from None
    return first


@click.command("forms", help=said()["help"]["forms"])
@FOLDER
@click.option(
    "--month", "first", required=True, callback=_month, help=said()["help"]["month_option"]
)
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help=said()["help"]["out_option"],
)
def forms(folder: Path, first: date, out: Path) -> None:
    """Write the forms of a month."""
    from bot.ledgers.files import WRITERS

    deployment = load_folder(folder)
    month = run_job(_read(deployment, first))
    if not month.log and not month.activities and not month.quizzes:
        click.echo(said()["words"]["nothing"])
    path = out
    try:
        out.mkdir(parents=True, exist_ok=True)
        for sheet in sheets(month, deployment.world):
            for ending, write in WRITERS.items():
                path = out / f"{sheet.name}-{month.span}.{ending}"
                write(sheet, path)
                click.echo(said()["words"]["written"].format(path=path))
    except OSError as error:
        raise fail("unwritable", file=path, reason=reason_of(error)) from error


async def _read(deployment: Deployment, first: date) -> Month:
    from bot.assembly import open_store
    from store import activities, visit_log

    after = (first + timedelta(days=31)).replace(day=1)
    start, end = (datetime.combine(day, time(), TZ) for day in (first, after))
    year, next_year = first.replace(month=1), date(first.year + 1, 1, 1)
    async with open_store(deployment) as store, store.read() as conn:
        return Month(
            first,
            await visit_log.entries(conn, start, end),
            await visit_log.planned(conn, first, after),
            await visit_log.planned(conn, year, next_year),
            await activities.between(conn, None, first, after - timedelta(days=1)),
            quizzes=await _quizzes(conn, start, end),
        )


async def _quizzes(
    conn: "Connection", start: datetime, end: datetime
) -> list[tuple[Poll, Sequence[Score]]]:
    from domain.leave import Leaves
    from domain.visits import day_of
    from store import leave, polls

    leaves = Leaves(await leave.since(conn, start.date()))
    return [
        (one, await polls.scores_of(conn, one, leaves.away(day_of(one.closed_at or end))))
        for one in await polls.closed_between(conn, PollKind.QUIZ, start, end)
    ]
