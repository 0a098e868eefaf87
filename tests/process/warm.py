"""What every program does once before it works, done once for all that are forked from here.

Preloaded by the server of processes (tools.py). Nothing here opens a file for long, a connection or
a thread: those do not outlive a fork.
"""

import importlib

from bot import handlers
from bot.deployment.folder import SAMPLE, load
from bot.phrases_check import template_faults
from bot.understanding import Listener

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
