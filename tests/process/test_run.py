"""`gridbot run` as an operator starts it: ready, alone on the platform, stopped in time, plain."""

import asyncio
import json
import re
import socket
import sqlite3
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli.main import main
from tests.doubles.wecom_gateway import WecomGateway
from tests.process import child
from tests.process.tools import BOT, G1, NAME, SECRET, Books, Process, deploy, process, until

GRIDBOT = Path(sys.executable).with_name("gridbot")
TOKEN = "t0ken-of-the-weather"
ADDRESS = re.compile(r"http://\S+:\d+")
FIELDS = """status level mode category urgent place building unit room assignee reporters reopened
supervised satisfaction due escalations overdue source merged_into photos duplicate_of""".split()


class Running(Process):
    """A `gridbot run` with its output in files."""

    def __init__(self, folder, cwd, binary=None, **env):
        self.files = cwd / f"run-{time.monotonic_ns()}"
        super().__init__(child.gridbot, folder, cwd, self.files, env, binary)

    def read(self, ending):
        file = self.files.with_suffix(ending)
        return file.read_text("utf-8") if file.exists() else ""

    @property
    def output(self):
        return self.read(".out") + self.read(".err")

    @property
    def logs(self):
        return [json.loads(line) for line in self.read(".err").splitlines()]

    @property
    def url(self):
        found = ADDRESS.search(self.read(".out"))
        return found[0] if found else ""

    def get(self, path):
        """Status and text of a page."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=5) as answer:  # noqa: S310 - our own
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def post(self, path, body, token):
        """Status and JSON of what is posted with a bearer token."""
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        asked = urllib.request.Request(self.url + path, json.dumps(body).encode(), headers)  # noqa: S310 - our own
        try:
            with urllib.request.urlopen(asked, timeout=5) as answer:  # noqa: S310 - our own
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    async def ready(self):
        async def ready():
            assert self.alive, self.output
            return self.url

        await until(ready, 30)
        state = await asyncio.to_thread(self.get, "/readyz")
        assert state[0] == 200
        return json.loads(state[1])


@contextmanager
def running(folder, cwd, **how):
    one = Running(folder, cwd, **how)
    try:
        yield one
    finally:
        one.kill()


def closed_port():
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


# -- on its own ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory):
    return tmp_path_factory.mktemp("elsewhere")


@pytest.fixture(scope="module")
def alone(tmp_path_factory, elsewhere):
    """A running program whose platform cannot be reached, started from another folder."""
    platform = f"ws://127.0.0.1:{closed_port()}/"
    folder = deploy(tmp_path_factory.mktemp("alone") / "city", platform)
    with running(folder, elsewhere, binary=GRIDBOT, GRIDBOT_EVENTS__TOKEN=TOKEN) as one:
        asyncio.run(one.ready())
        one.folder = folder
        yield one


def test_it_is_ready_while_the_platform_cannot_be_reached(alone):
    status, text = alone.get("/readyz")
    state = json.loads(text)
    assert (status, state["ready"], state["channels"]) == (
        200,
        True,
        {"wecom_robot": {"connected": False, "trouble": "", "waiting": 0, "oldest": None}},
    )
    assert {"oldest_unhandled", "oldest_unsent", "next_timer"} <= set(state)
    assert alone.get("/healthz")[0] == 200
    assert "gridbot_" in alone.get("/metrics")[1]


@pytest.mark.parametrize(
    ("token", "answers"),
    [
        pytest.param("", [(401, {"error": "token"})], id="without the token"),
        pytest.param("another", [(401, {"error": "token"})], id="with another"),
        pytest.param(TOKEN, [(200, {"fired": 1}), (200, {"fired": 0})], id="once for each event"),
    ],
)
def test_a_weather_warning_is_taken_from_who_knows_the_token(alone, token, answers):
    said = [alone.post("/events/typhoon", {"id": "w1", "areas": ["c1"]}, token) for _ in answers]
    assert said == answers
    assert TOKEN not in alone.output


@pytest.mark.parametrize("path", ["/", "/api", "/api/state", "/api/say", "/static/demo.js"])
def test_nothing_that_acts_is_served(alone, path):
    assert alone.get(path)[0] == 404


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="needs /proc/net")
def test_it_listens_on_loopback_only(alone):
    port = f":{int(alone.url.rpartition(':')[2]):04X}"
    rows = [
        row.split()
        for table in ("tcp", "tcp6")
        for row in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
    ]
    listening = {row[1] for row in rows if row[1].endswith(port) and row[3] == "0A"}
    assert listening == {f"0100007F{port}"}


def test_its_files_lie_in_the_deployment_folder(alone, elsewhere):
    assert (alone.folder / "gridbot.sqlite3").exists()
    assert {one.suffix for one in elsewhere.iterdir()} <= {".out", ".err"}


def test_a_port_that_is_taken_is_said_plainly(alone, tmp_path):
    port = alone.url.rpartition(":")[2]
    with running(alone.folder, tmp_path, GRIDBOT_HTTP__PORT=port) as second:
        assert second.wait(30) == 2
        assert port in second.output
        assert "Traceback" not in second.output


def test_it_stops_when_told_to_and_kept_its_secret(alone):
    """The last one: it ends the program the others look at."""
    assert alone.stop() == 0
    assert SECRET not in alone.output
    assert "wecom_lost" in {line["action"] for line in alone.logs}


def test_a_database_newer_than_the_program_is_refused(tmp_path):
    folder = deploy(tmp_path / "city", "ws://127.0.0.1:9/")
    with sqlite3.connect(folder / "gridbot.sqlite3") as base:
        base.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        base.execute("INSERT INTO alembic_version VALUES ('9999')")
    base.close()
    with running(folder, tmp_path) as one:
        assert one.wait(30) == 2, one.output
        assert "9999" in one.output
        assert "Traceback" not in one.output


def test_a_faulty_folder_starts_nothing_and_lists_every_fault(tmp_path):
    folder = deploy(tmp_path / "city", "ws://127.0.0.1:9/")
    with (folder / "people.csv").open("a", encoding="utf-8") as people:
        people.write("w.new,新人,wizard,g99,13800000077,,,,\n")
    with (folder / "rules" / "2026-01-01.toml").open("a", encoding="utf-8") as rules:
        rules.write("\n[nonsense]\nx = 1\n")
    (folder / "templates" / "replies").mkdir(parents=True, exist_ok=True)
    (folder / "templates" / "replies" / "finished.j2").write_text("{% if %}", encoding="utf-8")
    with running(folder, tmp_path, GRIDBOT_HTTP__PORT="70000") as one:
        assert one.wait(30) == 2, one.output
        said = one.output
    for part in (
        "people.csv",
        "wizard",
        "g99",
        "2026-01-01.toml",
        "nonsense",
        "HTTP__PORT",
        "finished.j2",
    ):
        assert part in said
    assert "Traceback" not in said
    assert not (folder / "gridbot.sqlite3").exists()


# -- with its platform ---------------------------------------------------------------------------


@pytest.fixture
async def gateway():
    async with WecomGateway({BOT: SECRET}) as gateway:
        yield gateway


@pytest.fixture
def folder(tmp_path, gateway, empty_url):
    return deploy(tmp_path / "city", gateway.url, empty_url)


def gridbot(*words, **env):
    """A command beside the running program; returns what it printed."""
    done = CliRunner().invoke(main, [str(word) for word in words], env=env)
    assert done.exit_code == 0, done.output
    return done.output


async def test_the_other_commands_work_beside_it(gateway, tmp_path):
    folder = deploy(tmp_path / "city", gateway.url)
    toml = folder / "gridbot.toml"
    toml.write_text(toml.read_text("utf-8").replace(SECRET, ""), encoding="utf-8")
    env = {
        "GRIDBOT_CHANNELS__WECOM_ROBOT__SECRET": SECRET,
        "GRIDBOT_STORE__URL": "sqlite:///other.sqlite3",
        "GRIDBOT_HTTP__PORT": str(closed_port()),
    }

    async def command(*words):
        return await asyncio.to_thread(lambda: gridbot(words[0], folder, *words[1:], **env))

    with running(folder, tmp_path, **env) as one:
        await one.ready()
        assert one.url.endswith(env["GRIDBOT_HTTP__PORT"])
        await gateway.online()
        gateway.fail(40058, cmd="aibot_respond_msg")  # the first answer is lost for good
        await gateway.text(f"{NAME} 3号楼2单元楼道灯不亮了", user="r.wang", chat=G1)
        await gateway.heard(1, "aibot_send_msg")

        (line,) = (await command("cases")).splitlines()
        case = json.loads(line)
        assert set(FIELDS) | {"number"} <= set(case)
        assert (case["building"], case["unit"], case["assignee"]) == ("3", "2", "w.li")
        assert "李强" in await command("timeline", case["number"])

        async def given_up():
            return "replies/received" in await command("outbox")

        await until(given_up)
        assert "1" in (await command("outbox", "--retry")).splitlines()[-1]
        await gateway.until(lambda: any("已受理" in one for one in gateway.shown[G1].values()))

        code = re.search(r"\d{8}", await command("code", "w.he"))[0]
        await gateway.text(f"绑定 {code}", user="woOpaque")
        await gateway.until(
            lambda: any("何梅" in one for one in gateway.shown["woOpaque"].values())
        )
        assert await one.stopped() == 0
        assert SECRET not in one.output
        assert all("action" in line for line in one.logs)
        assert "楼道灯" not in one.output
    assert (folder / "other.sqlite3").exists()
    assert not (folder / "gridbot.sqlite3").exists()


async def test_it_stops_in_time_while_an_answer_is_on_its_way(gateway, tmp_path):
    folder = deploy(tmp_path / "city", gateway.url)
    with running(folder, tmp_path) as one:
        await one.ready()
        await gateway.online()
        gateway.swallow(2)
        await gateway.text(f"{NAME} 3号楼2单元楼道灯不亮了", user="r.wang", chat=G1)
        await gateway.heard(2)
        assert await one.stopped() == 0
    await gateway.offline()
    async with Books(folder) as books, process(folder, ahead=20):
        await gateway.online()
        await books.settled(1)
    # Whether it had arrived was not known, so it is said again, as the same message.
    assert len(gateway.shown[G1]) == 1
    assert len(gateway.shown["w.li"]) == 1


async def test_of_two_processes_one_holds_the_connection(folder, gateway, tmp_path):
    with running(folder, tmp_path) as first, running(folder, tmp_path) as second:
        states = [await first.ready(), await second.ready()]
        await gateway.online()
        await gateway.text(f"{NAME} 3号楼2单元楼道灯不亮了", user="r.wang", chat=G1)
        async with Books(folder) as books:
            await books.settled(1)
            assert len(await books.cases()) == 1
        assert gateway.subscribed == [BOT]
        states = [json.loads(one.get("/readyz")[1]) for one in (first, second)]
        holds = [state["channels"]["wecom_robot"]["connected"] for state in states]
        assert sorted(holds) == [False, True]

        holder, other = (first, second) if holds[0] else (second, first)
        began = time.monotonic()
        assert await holder.stopped() == 0
        await gateway.until(lambda: gateway.subscribed == [BOT, BOT])
        assert time.monotonic() - began < 6
        await gateway.text("接单", user="w.li")
        async with Books(folder) as books:
            await books.settled(2)
            assert [case["status"] for case in await books.cases()] == ["accepted"]
        assert await other.stopped() == 0
    assert "Traceback" not in first.output + second.output


@pytest.mark.parametrize("database", ["sqlite"])
async def test_a_killed_holder_is_replaced_within_twenty_seconds(folder, gateway):
    """Real time, the real lease: the one slow test here."""
    async with process(folder, lease=15) as first:
        await gateway.online()
        async with process(folder, lease=15):
            first.kill()
            began = time.monotonic()
            await gateway.offline()
            await gateway.until(lambda: len(gateway.subscribed) == 2, 20)
            assert 5 < time.monotonic() - began < 20


async def test_one_that_is_thrown_out_does_not_fight(gateway, tmp_path):
    """Two deployments with the same robot: the later one has it."""
    ours = deploy(tmp_path / "ours", gateway.url)
    theirs = deploy(tmp_path / "theirs", gateway.url)
    async with process(ours) as one:
        await gateway.online()
        async with process(theirs), Books(theirs) as books:
            await gateway.until(lambda: len(gateway.subscribed) == 2)
            for number in range(1, 4):
                await gateway.text(f"{NAME} 3号楼{number}单元灯坏了", user=f"u{number}", chat=G1)
                await books.settled(number)
            assert len(gateway.subscribed) == 2
            assert await one.stopped() == 0
            assert len(gateway.subscribed) == 2
    (log,) = ours.glob("child-*.log")
    assert "wecom_displaced" in log.read_text("utf-8")
