"""The player of dialogue files, on a program that is only a few lines long."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot import simulate as simulate_module
from bot.channels.base import Received
from bot.channels.simulator import Simulator
from bot.deployment.faults import Faults, fault
from bot.dialogue.lines import DialogueError
from bot.dialogue.player import Row, Simulation
from bot.simulate import play, simulate
from domain.messages import Address, Button, Card, Inbound, Kind, Outbound
from scheduler.clock import VirtualClock

START = "now 2026-11-23 09:00\n"


@dataclass
class Parrot:
    """A program that opens a case for each "灯", answers in the group, and rings every hour."""

    clock: VirtualClock
    simulator: Simulator
    folder: Path | None = None
    heard: list[Inbound] = field(default_factory=list)
    opened: list[dict[str, object]] = field(default_factory=list)
    waiting: list[Outbound] = field(default_factory=list)

    async def hear(self, inbound: Inbound) -> Received:
        self.heard.append(inbound)
        if "灯" in inbound.text and inbound.address.group:
            number = f"G{1001 + len(self.opened)}"
            self.opened.append({"number": number, "status": "assigned", "due": "2026-11-24 11:00"})
            here, worker = inbound.address, Address("simulator", "w.li")
            card = Card("t1", "灯", buttons=(Button("accept", "接单"),))
            self._out(here, f"案件 {number} 已受理\n李强会来", to=(inbound.sender,))
            self._out(worker, f"{number} 灯坏了", card=card)
        elif inbound.kind is Kind.CLICKED:
            self._out(inbound.address, "已接单")
        return Received.NEW

    def _out(
        self, to_chat: Address, text: str, card: Card | None = None, to: tuple[str, ...] = ()
    ) -> None:
        once = f"{len(self.waiting)}-{len(self.heard)}-{self.clock.now()}"
        self.waiting.append(Outbound(once, to_chat, text, card=card, to=to))

    async def settle(self) -> None:
        for outbound in self.waiting:
            await self.simulator.send(outbound)
        self.waiting.clear()

    async def advance(self, to: datetime) -> None:
        while self.clock.now() + timedelta(hours=1) <= to:
            self.clock.move_to(self.clock.now() + timedelta(hours=1))
            self._out(Address("simulator", "c1.staff", group=True), "整点报时")
            await self.settle()
        self.clock.move_to(to)

    async def cases(self) -> Sequence[Row]:
        return self.opened

    async def visits(self) -> Sequence[Row]:
        return [{"key": "琼花宾馆", "status": "due", "worker": "w.qian"}]


def opener(made: list[Parrot]):  # type: ignore[no-untyped-def]  # the context manager's type is long
    @asynccontextmanager
    async def open_parrot(folder: Path | None, start: datetime) -> AsyncIterator[Simulation]:
        clock = VirtualClock(start)
        parrot = Parrot(clock, Simulator(clock.now), folder)
        parrot.simulator.plug(parrot.hear)
        made.append(parrot)
        yield parrot

    return open_parrot


@pytest.fixture
def parrots(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Parrot]:
    made: list[Parrot] = []
    (tmp_path / "people.csv").write_text("id,name\nr.wang,王阿姨\nw.li,李强\n", "utf-8")
    (tmp_path / "groups.csv").write_text(
        "id,name\ng01.residents,琼花苑居民群\nc1.staff,工作群\n", "utf-8"
    )
    monkeypatch.setattr(simulate_module, "sample_folder", lambda: tmp_path)
    monkeypatch.setattr(simulate_module, "open_world", opener(made))
    return made


def written(folder: Path, text: str) -> Path:
    path = folder / "dialogue.txt"
    path.write_text(START + text, "utf-8")
    return path


TRUE = {
    "a whole conversation": """r.wang@g01.residents: 灯坏了
< g01.residents *{1} 已受理*
< r.wang 案件*李强会来
< w.li /^{1} 灯/
!< w.li *已受理*
!< c1.staff *
? case 1 status=assigned due=2026-11-24 11:00
? cases 1
w.li clicks accept
< w.li 已接单
!< w.li *灯坏了*
? said w.li 2
? said g01.residents 1""",
    "time rings at its own moments": (
        "+3h\n< c1.staff 整点报时\n? said c1.staff 3\n+10m\n!< c1.staff *"
    ),
    "comments do not end what was said": "r.wang@g01.residents: 灯\n# 看\n< r.wang *\n< w.li *",
    "visits": "? visits 琼花宾馆 status=due worker=w.qian",
    "no case": "r.wang: 你好\n? cases 0\n!< r.wang *",
    "a stranger": "x.new@g01.residents: 灯\n< x.new *受理*",
}


@pytest.mark.parametrize("text", TRUE.values(), ids=TRUE)
async def test_what_is_true_holds(text: str, tmp_path: Path, parrots: list[Parrot]) -> None:
    report = await play(written(tmp_path, text))
    assert [str(failure) for failure in report.failures] == []
    assert report.expectations == sum(line[:1] in "<!?" for line in text.splitlines())


FALSE = {
    "not said": ("< r.wang *哪栋*", 3, ["< r.wang *哪栋*", "琼花苑居民群", "已受理"]),
    "said": ("!< w.li *", 3, ["!< w.li *", "李强", "灯坏了", "〔接单〕"]),
    "said to another": ("< c1.staff *", 3, ["已受理"]),
    "nothing said": ("+1m\n< w.li *", 4, ["机器人什么也没说"]),
    "another value": ("? case 1 status=closed", 3, ["status 是 assigned，不是 closed", "due=2026"]),
    "a field the program lacks": ("? case 1 mode=ordinary", 3, ["没有这个字段"]),
    "no such case": ("? case 2 status=open", 3, ["只有 1 件"]),
    "another count": ("? cases 0", 3, ["有 1 件", "number=G1001"]),
    "another number of words": ("? said g01.residents 2", 3, ["说了 1 句", "已受理"]),
    "another visit": ("? visits 琼花宾馆 status=done", 3, ["status 是 due，不是 done"]),
    "no such visit": ("? visits 加油站 status=done", 3, ["key=琼花宾馆"]),
    "a number there is not": ("w.li: 接单 {2}", 3, ["第 2 件", "只有 1 件"]),
    "no such button": ("w.li clicks finish", 3, ["finish", "机器人什么也没说"]),
}


@pytest.mark.parametrize(("text", "line", "words"), FALSE.values(), ids=FALSE)
async def test_what_is_false_is_told_with_what_was_really_there(
    text: str, line: int, words: list[str], tmp_path: Path, parrots: list[Parrot]
) -> None:
    path = written(tmp_path, "r.wang@g01.residents: 灯坏了\n" + text)
    (failure,) = (await play(path)).failures
    assert (failure.file, failure.line) == (str(path), line)
    told = str(failure)
    assert f"{path}:{line}" in told
    assert [word for word in words if word not in told] == []


async def test_people_speak_as_written(tmp_path: Path, parrots: list[Parrot]) -> None:
    text = """r.wang@g01.residents: 灯坏了 [图片 a.jpg]
w.li: [引用 {1}] 收到
w.li: [引用 灯] 收到
w.li: [引用 没人说过] {1} 收到
r.wang@g01.residents: [撤回]"""
    await play(written(tmp_path, text))
    first, *answers, recalled = parrots[0].heard
    assert [attachment.name for attachment in first.attachments] == ["a.jpg"]
    assert [said.quote for said in answers] == ["G1001 灯坏了", "G1001 灯坏了", "没人说过"]
    assert [said.text for said in answers] == ["收到", "收到", "G1001 收到"]
    assert recalled.kind is Kind.RECALLED


UNREADABLE = {
    "an unknown group": ("r.wang@g99.residents: 灯", 2, "g99.residents"),
    "an unknown ear": ("< nobody *", 2, "nobody"),
    "an unknown chat": ("? said g99.residents 1", 2, "g99.residents"),
    "nothing to recall": ("r.wang: [撤回]", 2, "撤回"),
}


@pytest.mark.parametrize(("text", "line", "word"), UNREADABLE.values(), ids=UNREADABLE)
async def test_what_cannot_be_played_names_its_line(
    text: str, line: int, word: str, tmp_path: Path, parrots: list[Parrot]
) -> None:
    with pytest.raises(DialogueError) as caught:
        await play(written(tmp_path, text))
    assert caught.value.line == line
    assert word in caught.value.message


async def test_the_world_is_found_beside_the_file(tmp_path: Path, parrots: list[Parrot]) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "groups.csv").write_text("id\nx.group\n", "utf-8")
    path = tmp_path / "a.txt"
    path.write_text("world here\n" + START + "r.wang@x.group: 灯\n< x.group *", "utf-8")
    assert (await play(path)).failures == ()
    assert parrots[0].folder == tmp_path / "here"
    path.write_text("world gone\n" + START, "utf-8")
    with pytest.raises(DialogueError, match="gone"):
        await play(path)


async def test_a_faulty_world_is_told(tmp_path: Path) -> None:
    def broken(folder: Path | None, start: datetime) -> AbstractAsyncContextManager[Simulation]:
        raise Faults([fault("folder_missing", str(folder))])

    path = tmp_path / "a.txt"
    path.write_text("# 说明\nworld .\n" + START, "utf-8")
    with pytest.raises(DialogueError) as caught:
        await play(path, opener=broken)
    assert caught.value.line == 2
    assert str(tmp_path) in caught.value.message


CODES = {"holds": ("? cases 0", 0), "fails": ("? cases 1", 1), "unreadable": ("? cases", 2)}


@pytest.mark.parametrize(("text", "code"), CODES.values(), ids=CODES)
def test_the_exit_code_tells(
    text: str, code: int, tmp_path: Path, parrots: list[Parrot], capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, text)
    assert simulate([path], show=False) == code
    assert (f"{path}:2" in capsys.readouterr().out) is (code > 0)


def test_the_worst_file_decides(tmp_path: Path, parrots: list[Parrot]) -> None:
    fine = written(tmp_path, "? cases 0")
    assert simulate([fine, tmp_path / "gone.txt", fine], show=False) == 2


def test_a_conversation_is_shown_as_people_read_it(
    tmp_path: Path, parrots: list[Parrot], capsys: pytest.CaptureFixture[str]
) -> None:
    text = """r.wang@g01.residents: 灯\0坏了 [图片 a.jpg]
+1h
w.li clicks accept
w.li: [引用 G1001] 好
r.wang@g01.residents: [撤回]"""
    simulate([written(tmp_path, text)], show=True)
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        "",
        "—— 2026-11-23 星期一 09:00 ——",
        "11-23 09:00  琼花苑居民群  王阿姨：灯\ufffd坏了 [图片 a.jpg]",
        "11-23 09:00  琼花苑居民群  网格小助手 → 王阿姨：案件 G1001 已受理",
        "         李强会来",
        "11-23 09:00  李强（私聊）  网格小助手：G1001 灯坏了 〔接单〕",
        "",
        "—— 2026-11-23 星期一 10:00 ——",
        "11-23 10:00  工作群  网格小助手：整点报时",
        "11-23 10:00  李强 按下〔接单〕",
        "11-23 10:00  李强（私聊）  网格小助手：已接单",
        "11-23 10:00  李强（私聊）  李强：「引用：G1001 灯坏了」 好",
        "11-23 10:00  琼花苑居民群  王阿姨 撤回了一条消息",
        f"{tmp_path / 'dialogue.txt'}：0 项都对",
    ]


def test_the_real_program_fits() -> None:
    app = pytest.importorskip("bot.app")
    manager: AbstractAsyncContextManager[Simulation] = app.open_simulation(
        None, datetime.fromisoformat("2026-11-23T09:00:00+08:00")
    )
    assert manager is not None
