"""One dialogue being played: acts on the program, and holds each expectation against it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.channels.simulator import Entry, Simulator
from bot.dialogue.lines import (
    LAST,
    CaseCount,
    CaseIs,
    Clicks,
    Expectation,
    Line,
    Now,
    Recalls,
    SaidCount,
    Says,
    Spoke,
    VisitIs,
    Wait,
    World,
    fill,
    named_cases,
)
from bot.dialogue.show import Show

Row = Mapping[str, object]


class Clock(Protocol):
    """Tells the time: aware, UTC."""

    def now(self) -> datetime: ...


class Simulation(Protocol):
    """What the player needs of the running program."""

    @property
    def simulator(self) -> Simulator:
        """The chat."""

    @property
    def clock(self) -> Clock:
        """The virtual clock."""

    async def settle(self) -> None:
        """Do all that is due at this moment, jobs and outbox too."""

    async def advance(self, to: datetime) -> None:
        """Let time pass; everything that falls due fires at its own moment."""

    async def cases(self) -> Sequence[Row]:
        """List the cases, oldest first, with `number` and the fields of a dialogue file."""

    async def visits(self) -> Sequence[Row]:
        """List the planned visits, with `key` and their fields."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An expectation that does not hold, and what was really there."""

    file: str
    line: int
    expected: str
    actual: tuple[str, ...]

    def __str__(self) -> str:
        really = "\n".join(f"    {text}" for text in self.actual)
        return f"{self.file}:{self.line}\n  应当：{self.expected}\n  实际：\n{really}"


@dataclass(slots=True)
class Player:
    """One dialogue being played. `mark` is how long the chat was before the last act."""

    app: Simulation
    show: Show
    failures: list[Failure] = field(default_factory=list)
    mark: int = 0
    numbers: dict[int, str] = field(default_factory=dict)

    async def play(self, lines: Sequence[Line]) -> None:
        await self.app.settle()
        self._tell()
        for line in lines:
            if isinstance(line, Expectation):
                await self._check(line)
            elif not isinstance(line, World):
                self.mark = len(self.app.simulator.transcript)
                await self._act(line)
                await self.app.settle()
                self._tell()

    def _tell(self) -> None:
        self.show.entries(self.app.simulator.transcript)

    async def _act(self, line: Line) -> None:
        match line:
            case Now(at=at):
                await self._advance(at)
            case Wait(length=length):
                await self._advance(self.app.clock.now() + length)
            case Says():
                await self._say(line)
            case Clicks(person=person, key=key):
                await self._click(line, person, key)
            case Recalls(person=person, chat=chat):
                await self._recall(line, person, chat)

    async def _advance(self, to: datetime) -> None:
        self.show.time(to)
        await self.app.advance(to)

    async def _say(self, line: Says) -> None:
        text = await self._filled(line, line.text)
        quote = await self._filled(line, line.quote)
        quote = self._quoted(line, quote) if quote else ""
        await self.app.simulator.say(line.person, line.chat, text, line.attachments, quote)

    def _quoted(self, line: Says, words: str) -> str:
        """Find the newest message of that chat that begins with (or else has) these words."""
        address = self.app.simulator.address(line.person, line.chat)
        texts = [e.text for e in self.app.simulator.transcript if e.address == address]
        beginning = [text for text in texts if text.lstrip().startswith(words)]
        having = [text for text in texts if words in text]
        return (beginning or having or [words])[-1]

    async def _click(self, line: Line, person: str, key: str) -> None:
        try:
            self.show.click(self.app.clock.now(), person, key, self.app.simulator.transcript)
            await self.app.simulator.click(person, key)
        except LookupError:
            self._fail(line, f"{person} 收到过有按钮 {key} 的卡片", self._said())

    async def _recall(self, line: Line, person: str, chat: str) -> None:
        try:
            await self.app.simulator.recall(person, chat)
        except LookupError:
            raise line.error(f"{person} 在这里还没有说过话，没有可撤回的") from None
        self.show.recall(self.app.clock.now(), person, chat)

    async def _filled(self, line: Line, text: str) -> str:
        """Put the bot's own numbers where `{1}` stands."""
        await self._learn_numbers(line, text)
        return fill(text, self.numbers)

    async def _learn_numbers(self, line: Line, text: str) -> None:
        wanted = named_cases(text)
        if not wanted - self.numbers.keys():
            return
        rows = await self.app.cases()
        self.numbers = {index: str(row["number"]) for index, row in enumerate(rows, start=1)}
        for index in sorted(wanted - self.numbers.keys()):
            self._fail(line, f"已有第 {index} 件案件（{{{index}}}）", [f"只有 {len(rows)} 件"])

    async def _check(self, line: Expectation) -> None:
        match line:
            case Spoke():
                await self._check_spoke(line)
            case CaseIs():
                await self._check_case(line)
            case VisitIs():
                await self._check_visit(line)
            case CaseCount(count=count):
                rows = await self.app.cases()
                if len(rows) != count:
                    self._fail(line, line.source, [f"有 {len(rows)} 件", *map(_described, rows)])
            case SaidCount(chat=chat, count=count):
                said = [entry for entry in self._bot(0) if entry.address.chat == chat]
                if len(said) != count:
                    words = [self.show.entry(entry) for entry in said]
                    self._fail(line, line.source, [f"说了 {len(said)} 句", *words])

    async def _check_spoke(self, line: Spoke) -> None:
        await self._learn_numbers(line, line.pattern.source)
        there = [entry for entry in self._bot(self.mark) if self._reaches(entry, line.target)]
        found = any(line.pattern.matches(entry.text, self.numbers) for entry in there)
        if found == line.negated:
            self._fail(line, fill(line.source, self.numbers), self._said())

    def _reaches(self, entry: Entry, target: str) -> bool:
        """Whether the bot said this in that group, or to that person."""
        return entry.address.chat == target or (entry.address.group and target in entry.to)

    def _bot(self, start: int) -> list[Entry]:
        return [entry for entry in self.app.simulator.transcript[start:] if not entry.speaker]

    def _said(self) -> list[str]:
        return [self.show.entry(entry) for entry in self._bot(self.mark)] or ["机器人什么也没说"]

    async def _check_case(self, line: CaseIs) -> None:
        rows = await self.app.cases()
        index = len(rows) if line.index == LAST else line.index
        if not 0 < index <= len(rows):
            self._fail(line, line.source, [f"只有 {len(rows)} 件案件"])
            return
        row = rows[index - 1]
        wrong = await self._wrong(line, line.fields, row)
        if wrong:
            self._fail(line, line.source, [*wrong, _described(row)])

    async def _check_visit(self, line: VisitIs) -> None:
        rows = await self.app.visits()
        named = [row for row in rows if row.get("key") == line.key]
        found = [await self._wrong(line, line.fields, row) for row in named]
        if not found or all(found):
            faults = [fault for faults in found for fault in faults]
            self._fail(line, line.source, [*faults, *map(_described, rows)] or ["没有走访计划"])

    async def _wrong(self, line: Line, fields: Sequence[tuple[str, str]], row: Row) -> list[str]:
        """Say which of these values the row really has otherwise."""
        wrong: list[str] = []
        for name, value in fields:
            wanted = await self._filled(line, value)
            really = str(row.get(name, "（没有这个字段）"))
            if really != wanted:
                wrong.append(f"{name} 是 {really}，不是 {wanted}")
        return wrong

    def _fail(self, line: Line, expected: str, actual: Sequence[str]) -> None:
        self.failures.append(Failure(line.file, line.number, expected, tuple(actual)))


def _described(row: Row) -> str:
    return " ".join(f"{name}={value}" for name, value in row.items())
