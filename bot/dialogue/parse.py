"""Dialogue files: who writes what in which chat, how time passes, and what must then be true."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.deployment.faults import reason_of
from bot.dialogue.lines import (
    LAST,
    CaseCount,
    CaseIs,
    Clicks,
    DialogueError,
    Line,
    Now,
    Pattern,
    Recalls,
    SaidCount,
    Says,
    Spoke,
    VisitIs,
    Wait,
    World,
    compiled,
    is_regex,
    named_cases,
)
from domain.messages import Attachment

__all__ = ["SHANGHAI", "DialogueError", "parse", "read"]

SHANGHAI = ZoneInfo("Asia/Shanghai")

_CASE_FIELDS = """
    status level mode category urgent place building unit room assignee reporters reopened
    supervised satisfaction due escalations overdue source merged_into photos
    duplicate_of
"""
CASE_FIELDS = frozenset(_CASE_FIELDS.split())
VISIT_FIELDS = frozenset(["status", "worker", "due", "done", "finding"])

_YEARS = range(2000, 2101)
_LONGEST_WAIT = timedelta(days=3660)
_ID = r"[\w.\-]+"
_SAID = re.compile(rf"({_ID})(?:[@＠]({_ID}))?[ \t]*[:：](.*)", re.DOTALL)
_CLICKED = re.compile(rf"({_ID})[ \t]+clicks(?:[ \t]+(.*))?", re.DOTALL)
_PART = re.compile(r"\[(图片|语音|位置|文件|视频|引用)(?:\s+((?:[^\[\]]|\[[^\[\]]*\])*))?\]")
_WAIT = re.compile(r"(?:[0-9]{1,6}[dhm])+")
_FIELD = re.compile(
    r"([A-Za-z_]+)=([0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}|\S+)(?:\s+|$)", re.DOTALL
)
_ATTACHMENTS = {
    "图片": "image",
    "语音": "voice",
    "位置": "location",
    "文件": "file",
    "视频": "video",
}
_EXAMPLES = {
    "图片": "[图片 leak.jpg]",
    "语音": "[语音 三号楼的灯不亮]",
    "位置": "[位置 琼花苑东门]",
    "文件": "[文件 报修单.pdf]",
    "视频": "[视频 leak.mp4]",
    "引用": "[引用 三号楼的灯] 我去看看",
}


def read(path: Path) -> list[Line]:
    """Read a dialogue file. Raises DialogueError."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DialogueError(str(path), 0, f"打不开这个文件：{reason_of(error)}") from error
    try:
        return parse(data.decode("utf-8-sig"), str(path))
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise DialogueError(str(path), line, "这里不是 UTF-8 文字；请把文件另存为 UTF-8") from error


def parse(text: str, file: str) -> list[Line]:
    """Parse a dialogue. Raises DialogueError for the first line that cannot be read."""
    lines: list[Line] = []
    number = 0
    for number, raw in enumerate(text.split("\n"), start=1):
        words = raw.strip(" \t\r\ufeff")
        if words and not words.startswith("#"):
            lines.append(_line(Line(file, number), words))
    _check_order(lines, Line(file, number))
    return lines


def _check_order(lines: list[Line], end: Line) -> None:
    """Check that the clock is set first and never moves back, and that the world comes early."""
    clock: datetime | None = None
    for index, line in enumerate(lines):
        if isinstance(line, World):
            _check_world(line, lines[:index])
        else:
            clock = _clock_after(line, clock)
    if clock is None:
        raise end.error("这里没有对话；第一行写 now 2026-11-23 09:00")


def _clock_after(line: Line, clock: datetime | None) -> datetime:
    if isinstance(line, Now):
        if clock is not None and line.at < clock:
            raise line.error(f"时间不能倒退；这时已经是 {clock:%Y-%m-%d %H:%M}")
        return line.at
    if clock is None:
        raise line.error("先要定时间：第一行写 now 2026-11-23 09:00（前面只能有 world 一行）")
    if isinstance(line, Wait):
        clock += line.length
        if clock.year not in _YEARS:
            raise line.error("时间走得太远了；请写短一些")
    return clock


def _check_world(line: World, before: list[Line]) -> None:
    if any(not isinstance(earlier, Now) for earlier in before) or len(before) > 1:
        raise line.error("world 只能写一次，而且要写在 now 前面")


def _line(at: Line, words: str) -> Line:
    for start, build in _STARTS:
        found = start.match(words)
        if found:
            return build(at, words, words[found.end() :].strip(" \t"))
    clicked = _CLICKED.fullmatch(words)
    if clicked:
        return _clicks(at, clicked[1], clicked[2] or "")
    said = _SAID.fullmatch(words)
    if said:
        return _says(at, said[1], said[2] or "", said[3].strip(" \t"))
    raise at.error(
        "看不懂这一行；请写成下面的一种："
        "谁@群: 话 ｜ 谁: 话 ｜ 谁 clicks 按钮 ｜ +2h30m ｜ now 2026-11-23 09:00 ｜"
        " < 群或人 话 ｜ !< 群或人 话 ｜ ? case 1 status=open ｜ # 说明"
    )


def _world(at: Line, _words: str, rest: str) -> Line:
    if not rest or "\0" in rest:
        raise at.error("world 后面写部署文件夹，例如 world ../deployment")
    return World(at.file, at.number, rest)


def _now(at: Line, _words: str, rest: str) -> Line:
    try:
        moment = datetime.strptime(rest, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)
    except ValueError:
        raise at.error("时间看不懂；写成 now 2026-11-23 09:00") from None
    if moment.year not in _YEARS:
        raise at.error(f"年份要在 {_YEARS[0]} 到 {_YEARS[-1]} 之间")
    return Now(at.file, at.number, moment)


def _wait(at: Line, _words: str, rest: str) -> Line:
    if not _WAIT.fullmatch(rest):
        raise at.error("等多久看不懂；写成 +2h30m、+3d 或 +10m（d 天、h 小时、m 分钟）")
    units = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}
    parts = re.findall(r"([0-9]+)([dhm])", rest)
    length = sum((int(count) * units[unit] for count, unit in parts), timedelta())
    if length > _LONGEST_WAIT:
        raise at.error(f"一次最多等 {_LONGEST_WAIT.days} 天")
    return Wait(at.file, at.number, length)


def _spoke(at: Line, words: str, rest: str) -> Line:
    target, pattern = _head(rest)
    if not target or not pattern:
        raise at.error("写成 < 群或人 话，例如 < r.wang *满意*；什么话都算就写 *")
    if is_regex(pattern):
        try:
            compiled(pattern, dict.fromkeys(named_cases(pattern), "G1"))
        except (re.error, OverflowError, RecursionError) as error:
            raise at.error(f"斜线里的正则表达式不对：{error}") from error
    return Spoke(at.file, at.number, words, target, Pattern(pattern), words.startswith("!"))


def _asked(at: Line, words: str, rest: str) -> Line:
    what, rest = _head(rest)
    build = _QUESTIONS.get(what)
    if build is None:
        raise at.error("? 后面写 case、cases、visits 或 said，例如 ? case 1 status=open")
    return build(at, words, rest)


def _case_is(at: Line, words: str, rest: str) -> Line:
    which, fields = _head(rest)
    if which != "last" and not re.fullmatch(r"[1-9][0-9]{0,5}", which):
        raise at.error("? case 后面写第几件或 last，例如 ? case 1 status=open")
    index = LAST if which == "last" else int(which)
    return CaseIs(at.file, at.number, words, index, _fields(at, fields, CASE_FIELDS))


def _case_count(at: Line, words: str, rest: str) -> Line:
    if not re.fullmatch(r"[0-9]{1,6}", rest):
        raise at.error("? cases 后面写有几件，例如 ? cases 2")
    return CaseCount(at.file, at.number, words, int(rest))


def _visit_is(at: Line, words: str, rest: str) -> Line:
    key, fields = _head(rest)
    if not key or "=" in key:
        raise at.error("? visits 后面先写地点或人的名字，例如 ? visits 琼花宾馆 status=done")
    return VisitIs(at.file, at.number, words, key, _fields(at, fields, VISIT_FIELDS))


def _said_count(at: Line, words: str, rest: str) -> Line:
    chat, count = _head(rest)
    if not chat or not re.fullmatch(r"[0-9]{1,6}", count):
        raise at.error("写成 ? said 群 几句，例如 ? said g01.residents 2")
    return SaidCount(at.file, at.number, words, chat, int(count))


def _head(text: str) -> tuple[str, str]:
    """Split off the first word."""
    head, *rest = re.split(r"[ \t]+", text, maxsplit=1)
    return head, "".join(rest)


def _fields(at: Line, text: str, known: frozenset[str]) -> tuple[tuple[str, str], ...]:
    fields: list[tuple[str, str]] = []
    position = 0
    while position < len(text):
        found = _FIELD.match(text, position)
        if found is None:
            raise at.error(f"看不懂“{text[position:]}”；写成 字段=值，空的写 字段=-")
        if found[1] not in known:
            raise at.error(f"没有“{found[1]}”这个字段；可以写：{' '.join(sorted(known))}")
        fields.append((found[1], found[2]))
        position = found.end()
    if not fields:
        raise at.error("后面写要看的字段，例如 status=open assignee=w.li")
    return tuple(fields)


def _clicks(at: Line, person: str, key: str) -> Line:
    if not re.fullmatch(r"\S+", key):
        raise at.error("写成 谁 clicks 按钮，例如 w.li clicks accept")
    return Clicks(at.file, at.number, person, key)


def _says(at: Line, person: str, chat: str, words: str) -> Line:
    if words == "[撤回]":
        return Recalls(at.file, at.number, person, chat)
    if "[撤回]" in words:
        raise at.error("[撤回] 要单独写一行，例如 r.wang@g01.residents: [撤回]")
    if not words:
        raise at.error("冒号后面没有话；写他说了什么，或 [图片 leak.jpg]")
    text, attachments, quotes = _parts(at, words)
    if len(quotes) > 1:
        raise at.error("一句话只能引用一条消息")
    return Says(at.file, at.number, person, chat, text, attachments, "".join(quotes))


def _parts(at: Line, words: str) -> tuple[str, tuple[Attachment, ...], list[str]]:
    """Take words and bracketed parts apart: text, attachments, quotes."""
    texts: list[str] = []
    attachments: list[Attachment] = []
    quotes: list[str] = []
    position = 0
    for found in _PART.finditer(words):
        kind, body = found[1], (found[2] or "").strip()
        if not body:
            raise at.error(f"[{kind}] 里少了内容；写成 {_EXAMPLES[kind]}")
        texts.append(words[position : found.start()])
        position = found.end()
        if kind == "引用":
            quotes.append(body)
        elif kind == "语音":
            texts.append(body)
            attachments.append(Attachment("voice"))
        else:
            attachments.append(Attachment(_ATTACHMENTS[kind], body))
    texts.append(words[position:])
    text = " ".join(part for part in (part.strip(" \t") for part in texts) if part)
    places = [a.name for a in attachments if a.kind == "location" and a.name not in text]
    return " ".join([text, *places]).strip(" \t"), tuple(attachments), quotes


_Build = Callable[[Line, str, str], Line]
_QUESTIONS: Mapping[str, _Build] = {
    "case": _case_is,
    "cases": _case_count,
    "visits": _visit_is,
    "said": _said_count,
}
_STARTS: tuple[tuple[re.Pattern[str], _Build], ...] = (
    (re.compile(r"world(?=[ \t]|$)"), _world),
    (re.compile(r"now(?=[ \t]|$)"), _now),
    (re.compile(r"\+"), _wait),
    (re.compile(r"!?<"), _spoke),
    (re.compile(r"\?"), _asked),
)
