"""A city with a past: many cases with all that a service keeps of them, put in at once."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.deployment.folder import load
from bot.understanding import Heard, Listener
from domain import facts as facts_
from domain.case import Case, Dues, Event, Satisfaction, opened, timers
from domain.city import City
from domain.intake import Report, draft
from domain.messages import Address, Inbound
from domain.steps import Facts, Step, take
from scheduler.clock import SystemClock
from store import cases, inbox, outbox
from store import tables as t
from store.outbox import Saying
from tests.bench import traffic
from tests.bench.city import BUILDINGS, CHANNEL, UNITS
from tests.bench.database import Databases

ALIVE = 0.1  # of the cases; the rest is closed
STAGES = (0.2, 0.4, 0.4)  # of those alive: assigned, accepted, finished
CHATTER = 2  # messages nobody answered, for each case
MODELS = 2000  # closed cases that are thought out; the others are like one of them
_VERIFY = timedelta(days=7)
_AGES = ((1, 25), (120, 300), (1800, 6000))  # minutes, by stage: no deadline passes in our time
_TABLES = ("cases", "events", "timers", "inbox", "outbox")
_OWN = {("id", name) for name in _TABLES if name != "cases"}
_COLUMNS = {name: t.metadata.tables[name].columns.keys() for name in _TABLES}
_UNIQUE = {"inbox": _COLUMNS["inbox"].index("dedupe"), "outbox": _COLUMNS["outbox"].index("once")}
_SWAPPED = "id area reporter reported_chat assignee case_id subject by conversation chat".split()
_KEYS = {
    name: [columns.index(key) for key in _SWAPPED if key in columns and (key, name) not in _OWN]
    for name, columns in _COLUMNS.items()
}


@dataclass
class Past:
    """Makes the rows of the tables, as tuples in the order of their columns."""

    city: City
    residents: Sequence[tuple[str, str, str, str]]  # grid, group, worker, person
    now: datetime
    rng: random.Random
    plain: Callable[[Any], Any]  # a value as the database takes it
    rows: dict[str, list[Sequence[Any]]] = field(
        default_factory=lambda: {name: [] for name in _TABLES}
    )
    _numbers: dict[str, int] = field(default_factory=dict)
    _matters: list[tuple[str, str]] = field(default_factory=list)
    _models: list[dict[str, list[Sequence[Any]]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        listener = Listener()
        for words in traffic._PLACED:
            heard = listener.understand(Heard(text=words.format(at="3号楼2单元")))
            self._matters.append((words, heard.category or "other"))

    def some(self, count: int) -> dict[str, list[Sequence[Any]]]:
        """The rows of so many cases, closed and alive."""
        for _ in range(count):
            if self.rng.random() < ALIVE:
                stage = self.rng.choices((0, 1, 2), STAGES)[0]
                self._case(stage, timedelta(minutes=self.rng.randint(*_AGES[stage])))
            else:
                self._closed()
        made, self.rows = self.rows, {name: [] for name in _TABLES}
        return made

    def _closed(self) -> None:
        if len(self._models) >= MODELS:
            self._like(self.rng.choice(self._models))
            return
        before = {name: len(rows) for name, rows in self.rows.items()}
        self._case(3, timedelta(hours=self.rng.randint(200, 5000)))
        self._models.append({name: rows[before[name] :] for name, rows in self.rows.items()})

    def _like(self, model: Mapping[str, Sequence[Sequence[Any]]]) -> None:
        """A case like another one, of somebody else somewhere else; only keys are its own."""
        grid, chat, worker, reporter = self.rng.choice(self.residents)
        was = dict(zip(_COLUMNS["cases"], model["cases"][0], strict=True))
        case = self._next("cases")
        swap = {
            was["id"]: case,
            was["area"]: grid,
            was["reported_chat"]: chat,
            was["assignee"]: worker,
            was["reporter"]: reporter,
            f"{CHANNEL}|g|{was['reported_chat']}": f"{CHANNEL}|g|{chat}",
            f"{CHANNEL}|p|{was['assignee']}": f"{CHANNEL}|p|{worker}",
        }
        for table, rows in model.items():
            for row in rows:
                copy = list(row)
                for at in _KEYS[table]:
                    copy[at] = swap.get(copy[at], copy[at])
                if table != "cases":
                    number = copy[0] = self._next(table)
                    if table in _UNIQUE:
                        copy[_UNIQUE[table]] = f"old-{number:09}"
                self.rows[table].append(copy)

    def _case(self, stage: int, age: timedelta) -> None:
        """One case from its report to wherever it stands: 0 assigned ... 3 closed."""
        grid, chat, worker, reporter = self.rng.choice(self.residents)
        at = self.now - age
        group, private = Address(CHANNEL, chat, group=True), Address(CHANNEL, worker)
        case = self._reported(grid, group, reporter, at)
        self._said(private, "cards/case_new", case, at)
        if stage > 0:
            at += min(age, timedelta(minutes=self.rng.randint(3, 90)))
            case = self._step(case, Step.ACCEPT, worker, at, Facts(to=worker))
            self._heard(private, worker, at, f"接单 {case.number}", "worker_accept", case.id)
        if stage > 1:
            at += timedelta(hours=self.rng.randint(1, 20))
            facts = Facts(words="换了新的，好了", clocks=Dues(verify=at + _VERIFY))
            case = self._step(case, Step.FINISH, worker, at, facts)
            self._heard(private, worker, at, f"办结 {case.number} 换了", "worker_done", case.id)
            self._said(group, "cards/verify", case, at)
        if stage > 2:
            at += timedelta(hours=self.rng.randint(1, 48))
            facts = Facts(words="满意", satisfaction=Satisfaction.SATISFIED)
            case = self._step(case, Step.SATISFY, reporter, at, facts)
            self._heard(group, reporter, at, "满意，谢谢", "confirm_ok", case.id)
        self._keep(case)

    def _reported(self, grid: str, group: Address, reporter: str, at: datetime) -> Case:
        words, category = self.rng.choice(self._matters)
        building, unit = self.rng.choice(BUILDINGS), str(self.rng.randint(1, UNITS))
        report = Report(
            words=words.format(at=f"{building}号楼{unit}单元"),
            intent="report",
            category=category,
            urgent=False,
            reporter=reporter,
            channel=CHANNEL,
            chat=group.chat,
            group=True,
            area=grid,
            building=building,
            unit=unit,
        )
        case = replace(draft(report, self.city, at), id=self._next("cases"))
        self._event(opened(case))
        self._heard(group, reporter, at, report.words, "report", case.id)
        self._said(group, "replies/received", case, at)
        for _ in range(CHATTER):
            self._heard(group, reporter, at, self.rng.choice(traffic._CHATTER), "chat", None)
        return case

    def _step(self, case: Case, step: Step, by: str, at: datetime, facts: Facts) -> Case:
        moved, event = take(case, step, by, at, facts)
        self._event(event)
        return moved

    def _keep(self, case: Case) -> None:
        self._put("cases", {**cases.row_of(case), "id": case.id})
        soon = self.now + timedelta(minutes=45)  # nothing rings while we measure
        for kind, due in timers(case).items():
            if due > soon:
                row = {"kind": kind, "subject": case.id, "due_at": due}
                self._put("timers", {"id": self._next("timers"), **row})

    def _event(self, event: Event) -> None:
        self._put("events", {"id": self._next("events"), **cases.event_row(event)})

    def _heard(
        self, where: Address, sender: str, at: datetime, words: str, outcome: str, case: int | None
    ) -> None:
        number = self._next("inbox")
        inbound = Inbound(
            address=where,
            sender=sender,
            external_id=f"old-{number:09}",
            received_at=at,
            text=words,
            handle={"req_id": f"old{number}", "kind": "msg", "at": at.isoformat()},
        )
        done = {"handled_at": at, "outcome": outcome, "case_id": case}
        self._put("inbox", {"id": number, **inbox.row_of(inbound), **done})

    def _said(self, where: Address, template: str, case: Case, at: datetime) -> None:
        number = self._next("outbox")
        shown = facts_.of_case(case, self.city)
        context = {"now": at.isoformat(), "case": shown, "by": "", "by_role": "", "name": ""}
        saying = Saying(f"c{case.id}.{number}:{template}", where, template, context)
        row = outbox.row_of(saying, at) | {"state": "sent", "tries": 1, "sent_at": at}
        self._put("outbox", {**row, "id": number, "case_id": case.id})

    def _next(self, table: str) -> int:
        self._numbers[table] = self._numbers.get(table, 0) + 1
        return self._numbers[table]

    def _put(self, table: str, row: dict[str, Any]) -> None:
        self.rows[table].append([self.plain(row.get(name)) for name in _COLUMNS[table]])


async def fill(databases: Databases, url: str, folder: Path, count: int, seed: int) -> None:
    """Put that many cases of a deployment folder into its database."""
    deployment = load(folder)
    world = deployment.world
    city = City(world, deployment.rules, deployment.calendar, deployment.backstop)
    residents = [
        (person.area, group.chatid, worker.id, person.id)
        for person in world.people.values()
        if not person.role.staff
        and (group := world.residents_group(person.area)) is not None
        and (worker := world.worker_of(person.area)) is not None
    ]
    rng = random.Random(seed)  # noqa: S311 - people, not secrets
    now = SystemClock().now().replace(microsecond=0)
    past = Past(city, residents, now, rng, databases.plain)
    chats = {f"{CHANNEL}|g|{chat}" for _, chat, _, _ in residents}
    chats |= {f"{CHANNEL}|p|{worker}" for _, _, worker, _ in residents}
    await databases.load(url, "conversations", [_conversation(chat) for chat in sorted(chats)])
    for first in range(0, count, 20_000):
        for table, rows in past.some(min(20_000, count - first)).items():
            await databases.load(url, table, rows)


def _conversation(key: str) -> list[Any]:
    """One that nobody has written in for as long as it matters."""
    rest = {"key": key, "said": 0}
    return [rest.get(column.name) for column in t.conversations.columns]
