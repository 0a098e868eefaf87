"""A small stand-in for the program behind the demo page: canned answers, cards and cases.

`python -m tests.web.fake_demo 8099 30` serves it by hand, with that many cases to begin with.
"""

import asyncio
import hashlib
import sys
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aiohttp import web

from bot.channels.base import Received
from bot.channels.simulator import Simulator
from bot.web.chat_view import CHINA, iso
from bot.web.demo import add_demo
from domain.messages import Button, Card, Inbound, Kind, Outbound


@dataclass(frozen=True)
class Person:
    id: str
    name: str
    role: str
    area: str


@dataclass(frozen=True)
class Group:
    id: str
    kind: str
    area: str
    name: str


@dataclass(frozen=True)
class Area:
    id: str
    name: str
    parent: str | None


AREAS = (
    "d1 江城区 -|s1 东关街道 d1|s2 汶河街道 d1|c1 琼花社区 s1|c2 何园社区 s1|c3 安墩社区 s2|"
    "g01 琼花一网格 c1|g02 琼花二网格 c1|g03 琼花三网格 c1|g04 何园一网格 c2|g06 安墩一网格 c3"
)
GROUPS = (
    "g01.residents residents g01 琼花苑居民群|g02.residents residents g02 新桥里居民群|"
    "g04.residents residents g04 何园新村居民群|g06.residents residents g06 安墩小区居民群|"
    "c1.staff staff c1 琼花社区网格工作群|c2.staff staff c2 何园社区网格工作群|"
    "c3.staff staff c3 安墩社区网格工作群|s1.staff staff s1 东关街道联动群"
)
PEOPLE = (
    "r.wang 王阿姨 resident g01|r.chen 陈先生 resident g01|r.liu 刘奶奶 resident g01|"
    "r.zhao 赵姐 resident g02|r.sun 孙师傅 resident g04|w.li 李强 worker g01|w.he 何梅 worker g02|"
    "w.qian 钱勇 worker g03|w.tang 唐静 worker g04|l.c1 吴书记 leader c1|l.c2 郑书记 leader c2|"
    "s.s1 东关指挥中心 street s1|s.s2 汶河指挥中心 street s2|d.d1 区网格中心 district d1|"
    "p.property 阳光物业 department c1|p.lift 安达电梯维保 department d1|"
    "p.urban 东关城管中队 department s1"
)


class World:
    def __init__(self) -> None:
        areas = [row.split() for row in AREAS.split("|")]
        self.areas = {
            key: Area(key, name, None if parent == "-" else parent) for key, name, parent in areas
        }
        self.groups = {row.split()[0]: Group(*row.split()) for row in GROUPS.split("|")}
        self.people = {row.split()[0]: Person(*row.split()) for row in PEOPLE.split("|")}


CAN = {
    "assigned": "accept arrive finish transfer return extend",
    "accepted": "arrive finish transfer return extend",
    "finished": "satisfied dissatisfied",
}
WORK = (
    Button("accept", "接单"), Button("arrive", "到场"), Button("finish", "办结"),
    Button("transfer", "转派"), Button("return", "退回"), Button("extend", "延期"),
)  # fmt: skip
ASK = (Button("satisfied", "满意"), Button("dissatisfied", "不满意"))
TROUBLE = ("灯", "电梯", "烟", "水", "车", "垃圾")


@dataclass
class FakeDemo:
    start: datetime = datetime(2026, 11, 23, 9, 0, tzinfo=CHINA)
    running: bool = False
    refuse: bool = False
    world: World = field(default_factory=World)

    def __post_init__(self) -> None:
        self._now = self.start
        self._since = time.monotonic()
        self._simulator = Simulator(self.now)
        self._simulator.plug(self.accept)
        self.rows: list[dict[str, str]] = []
        self.history: dict[str, list[dict[str, str]]] = {}
        self.files: dict[str, tuple[bytes, str]] = {}
        self.heard: list[Inbound] = []
        self.queues: set[asyncio.Queue[None]] = set()
        self._said = 0

    @property
    def simulator(self) -> Simulator:
        return self._simulator

    def now(self) -> datetime:
        beat = time.monotonic() - self._since if self.running else 0.0
        return self._now + timedelta(seconds=beat)

    async def cases(self) -> list[dict[str, str]]:
        return [dict(row) for row in self.rows]

    async def timeline(self, number: str) -> list[dict[str, str]]:
        return self.history.get(number, [])

    async def move_clock(self, minutes: int | None) -> str:
        self._now, self._since = self.now(), time.monotonic()
        due = [datetime.fromisoformat(row["due_iso"]) for row in self.rows if "due_iso" in row]
        later = sorted(moment for moment in due if moment > self._now)
        target = later[0] if later else self._now
        if minutes is not None:
            target = self._now + timedelta(minutes=minutes)
        for row in self.rows:
            moment = datetime.fromisoformat(row["due_iso"])
            if self._now < moment <= target and row["status"] in ("assigned", "accepted"):
                self._now = moment
                await self.remind(row)
        self._now = target
        self.changed()
        return iso(self._now)

    async def remind(self, row: dict[str, str]) -> None:
        row["level"], row["overdue"], row["escalations"] = "community", "true", "1"
        self.note(row, "超过时限，上报到社区", "-")
        text = f"提醒：{row['number']} 已到时限，请尽快处理。"
        await self.bot(row["assignee"], False, text)
        await self.bot("l.c1", False, f"{row['number']} 超时未办结：{row['summary']}")

    async def save_media(self, data: bytes, name: str, mime: str) -> str:
        key = hashlib.sha256(data).hexdigest()
        self.files[key] = (data, mime)
        return key

    async def load_media(self, key: str) -> tuple[bytes, str] | None:
        return self.files.get(key)

    def subscribe(self) -> asyncio.Queue[None]:
        queue: asyncio.Queue[None] = asyncio.Queue(maxsize=1)
        self.queues.add(queue)
        return queue

    def unsubscribe(self, queue: asyncio.Queue[None]) -> None:
        self.queues.discard(queue)

    def changed(self) -> None:
        for queue in self.queues:
            if not queue.full():
                queue.put_nowait(None)

    def note(self, row: dict[str, str], what: str, who: str) -> None:
        entry = {"at": iso(self._now), "what": what, "who": who}
        self.history.setdefault(row["number"], []).append(entry)
        self.changed()

    async def bot(self, chat: str, group: bool, text: str, card: Card | None = None) -> None:
        self._said += 1
        address = self._simulator.address("" if group else chat, chat if group else "")
        await self._simulator.send(Outbound(f"fake-{self._said}", address, text, card))

    async def accept(self, inbound: Inbound) -> Received:
        """Answer as the program might; the answer comes after the message was taken."""
        if self.refuse:
            return Received.REFUSED
        self.heard.append(inbound)
        if inbound.kind is Kind.CLICKED:
            await self.clicked(inbound)
        elif inbound.kind is Kind.SAID and any(word in inbound.text for word in TROUBLE):
            await self.opened(inbound)
        elif inbound.address.group is False:
            await self.bot(
                inbound.sender, False, "您好，我是网格小助手。有事请直接说，我来找人办。"
            )
        return Received.NEW

    def add_case(self, text: str, hours: float = 48, status: str = "assigned") -> dict[str, str]:
        number = f"QH20261123-{len(self.rows) + 1:03d}"
        due = self._now + timedelta(hours=hours)
        row = {
            "number": number, "status": status, "level": "grid", "mode": "ordinary",
            "category": "facility", "category_name": "设施维修", "urgent": "false",
            "place": "琼花苑", "building": "3", "unit": "2", "room": "-", "assignee": "w.li",
            "reporters": "1", "reopened": "0", "satisfaction": "none", "photos": "0",
            "escalations": "0", "overdue": "false", "summary": text, "opened": iso(self._now),
            "due": f"{due:%Y-%m-%d %H:%M}", "due_iso": iso(due), "can": CAN.get(status, ""),
        }  # fmt: skip
        if "烟" in text:
            row |= {"urgent": "true", "category_name": "消防安全隐患"}
        self.rows.append(row)
        self.note(row, f"居民反映：{text}", "r.wang")
        return row

    def facts(self, row: dict[str, str]) -> tuple[tuple[str, str], ...]:
        return (("编号", row["number"]), ("位置", "琼花苑3号楼2单元"), ("时限", row["due"]))

    async def opened(self, inbound: Inbound) -> None:
        row = self.add_case(inbound.text, 2 if "烟" in inbound.text else 48)
        self.note(row, "派给网格员李强", "-")
        answer = (
            f"已受理，编号 {row['number']}：{inbound.text}。网格员李强来处理，{row['due']} 前办结。"
        )
        await self.bot(inbound.address.chat, inbound.address.group, answer)
        card = Card(f"w-{row['number']}", "新的任务", inbound.text, self.facts(row), WORK)
        await self.bot("w.li", False, f"新的任务 {row['number']}：{inbound.text}", card)

    async def clicked(self, inbound: Inbound) -> None:
        number = inbound.card.split("-", 1)[1]
        row = next(row for row in self.rows if row["number"] == number)
        if inbound.button not in row["can"].split():
            await self.bot(inbound.sender, False, "这一步现在不能做了。")
            return
        moves = {"accept": "accepted", "arrive": "accepted", "finish": "finished",
                 "satisfied": "closed", "dissatisfied": "accepted"}  # fmt: skip
        labels = {button.key: button.label for button in (*WORK, *ASK)}
        row["status"] = moves.get(inbound.button, row["status"])
        row["can"] = CAN.get(row["status"], "-")
        self.note(row, f"{labels[inbound.button]}", inbound.sender)
        await self.bot(inbound.sender, False, f"好的，{number} 已记为“{labels[inbound.button]}”。")
        if inbound.button == "finish":
            text = f"您反映的 {number} 已经处理好了，请您评价。"
            card = Card(f"q-{number}", "请您评价", text, (("编号", number),), ASK)
            await self.bot("r.wang", False, text, card)


def fake_app(demo: FakeDemo) -> web.Application:
    app = web.Application()
    add_demo(app, demo)
    return app


STATUSES = ("assigned", "accepted", "finished", "closed", "withdrawn", "open", "accepted")


def with_cases(count: int) -> FakeDemo:
    """A demo that has been used for a while."""
    demo = FakeDemo(running=True)
    long = "5号楼地下车库入口旁边的排水沟堵了快一个星期，一下雨就积水到脚踝，老人推轮椅根本过不去，请尽快疏通"
    texts = (
        "3号楼2单元楼道灯不亮了",
        "楼道好大的烟",
        "电梯坏了，关门关不上",
        long,
        "东门垃圾没人收",
    )
    for index in range(count):
        status = STATUSES[index % len(STATUSES)]
        row = demo.add_case(texts[index % len(texts)], (index * 7 % 50) - 3.2, status)
        row["level"] = ("grid", "grid", "community", "street", "district")[index % 5]
        row["assignee"] = ("w.li", "w.he", "p.lift", "-")[index % 4]
    return demo


if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8099
    fake = with_cases(int(sys.argv[2]) if len(sys.argv) > 2 else 0)
    web.run_app(fake_app(fake), host="127.0.0.1", port=port)
