"""What every program does once before it works, done once for all that are forked from here.

Preloaded by the server of processes (tools.py). Nothing here opens a file for long, a connection or
a thread: those do not outlive a fork; what the dialogue opens is closed when it is over.
"""

import asyncio
import gc
import importlib
import sys
from pathlib import Path

import structlog

from bot import handlers
from bot.deployment.folder import SAMPLE, load
from bot.phrases_check import template_faults
from bot.simulate import play
from bot.understanding import Listener
from store import engine
from tests.statements import written_once

sys.dont_write_bytecode = False  # migrations are read by each of them
engine.create_async_engine = written_once()

# Imported by the program when it needs them.
for name in (
    "alembic.autogenerate",
    "alembic.command",
    "asyncpg",
    "sqlalchemy.dialects.postgresql.asyncpg",
    "sqlalchemy.dialects.sqlite.aiosqlite",
):
    importlib.import_module(name)

load(SAMPLE)
template_faults(SAMPLE)
handlers.load()
Listener()
# One case from report to closing: its statements, patterns and templates are made.
_LAMP = Path(__file__).parents[1] / "scenarios" / "01-lamp-from-report-to-closed.txt"
with structlog.testing.capture_logs():
    asyncio.run(play(_LAMP))
gc.collect()
gc.freeze()  # a collection in a fork would write to, and so copy, all of this
