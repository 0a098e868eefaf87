"""`gridbot outbox`: what was given up and what waits for somebody's next word, and why."""

import asyncio
import json
from pathlib import Path

from click.testing import CliRunner

from bot.assembly import open_store
from bot.cli.main import main
from bot.deployment.folder import load
from domain.routes import Why
from store import outbox
from tests import factories as make


async def keep(folder: Path) -> None:
    said = {
        "held": make.saying("a", chat="wmWang", route=Why.OVER),
        "dead": make.saying("b", route=Why.NOWHERE),
        "sent": make.saying("c", route=Why.HERE),
    }
    rows = [outbox.row_of(one, make.NOW) | {"state": state} for state, one in said.items()]
    async with open_store(load(folder)) as store, store.write() as conn:
        await outbox.add(store, conn, rows)


def test_what_did_not_go_out_with_the_reason_of_its_way(tmp_path: Path) -> None:
    folder = tmp_path / "city"
    assert CliRunner().invoke(main, ["init", str(folder)]).exit_code == 0
    asyncio.run(keep(folder))
    done = CliRunner().invoke(main, ["outbox", str(folder)])
    shown = [json.loads(line) for line in done.output.splitlines()]
    assert [(one["state"], one["route"]) for one in shown] == [
        ("dead", "no way"),
        ("held", "window over"),
    ]
