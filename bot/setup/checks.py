"""What `gridbot doctor` judges: each check is one line, good or with what to do."""

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import aiohttp
import orjson

from bot.channels.base import Channel, Finding, Knock, Placed
from bot.deployment.faults import reason_of
from bot.setup.guide import said, told
from domain.people import World
from domain.workdays import TZ, Calendar
from store.directory import Directory
from store.leases import LIFE
from store.standing import Backlog, Held

SKEW = timedelta(seconds=60)
OLD = timedelta(hours=1)  # what is due waits seconds while the program runs and its channel is up
_PATIENCE = aiohttp.ClientTimeout(total=3.0)
_NAMED = 5  # names in a line; the others are only counted
_OK = 200
_UNANSWERED = {403: "callback_keys", 404: "callback_nowhere"}
_NETWORK = (aiohttp.ClientError, OSError, ValueError)  # TimeoutError is an OSError


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: what it is about, whether it is good, and what to say."""

    about: str
    key: str
    good: bool
    text: str
    fill: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        mark = said("mark", "good" if self.good else "bad")
        return said("mark", "line", mark=mark, about=self.about, text=self.text)


def check(about: str, key: str, good: bool, /, **fill: object) -> Check:
    """A check whose sentence stands in connect.toml under [doctor]."""
    values = {name: str(value) for name, value in fill.items()}
    return Check(said("doctor", f"about_{about}"), key, good, said("doctor", key, **values), values)


def of_channel(name: str, finding: Finding) -> Check:
    """What a channel found, as a check."""
    about = said("doctor", "about_channel", name=name)
    return Check(about, finding.key, finding.good, told(finding), finding.fill)


def media(folder: Path) -> Check:
    """Whether pictures can be kept. It writes a file and removes it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return check("media", "media_good", True)
    except OSError as error:
        return check("media", "media_bad", False, path=folder, reason=reason_of(error))


def calendar(days: Calendar, today: date) -> Check:
    """Whether the days off of this year, and of the next in time, are known."""
    year = days.missing(today)
    if year is None:
        return check("calendar", "calendar_good", True, year=today.year)
    ahead = year > today.year
    return check("calendar", "calendar_ahead" if ahead else "calendar_missing", ahead, year=year)


async def clock_of(base: str, session: aiohttp.ClientSession, now: datetime) -> Check:
    """How far our clock is from the platform's, as the Date of an answer tells it."""
    try:
        async with session.get(base, timeout=_PATIENCE, allow_redirects=False) as answer:
            theirs = parsedate_to_datetime(answer.headers["Date"])
        apart = abs(now - theirs)
    except (*_NETWORK, KeyError, TypeError):
        return check("clock", "clock_unknown", True, base=base)
    good = apart <= SKEW
    key, seconds = "clock_good" if good else "clock_off", int(apart.total_seconds())
    return check("clock", key, good, base=base, seconds=seconds)


async def public(url: str, names: Sequence[str], session: aiohttp.ClientSession) -> Check:
    """Whether the address the platforms are given leads to this program."""
    url = url.rstrip("/")
    if not url:
        return check("public_url", "public_none", False, names=", ".join(names))
    try:
        async with session.get(f"{url}/healthz", timeout=_PATIENCE) as answer:
            state, body = answer.status, await answer.content.read(1000)
    except _NETWORK as error:
        return check("public_url", "public_down", False, url=url, reason=type(error).__name__)
    if state != _OK or not _alive(body):
        return check("public_url", "public_other", False, url=url, reason=f"HTTP {state}")
    return check("public_url", "public_good", True, url=url)


async def callback(url: str, name: str, knock: Knock, session: aiohttp.ClientSession) -> Check:
    """Whether a callback answers there as the platform wants before it calls: with the same keys.

    What runs there read its keys when it was started; a proxy may have changed the question.
    """
    where = f"{url.rstrip('/')}/callback/{name}"
    try:
        async with session.get(
            where, params=knock.query, timeout=_PATIENCE, allow_redirects=False
        ) as answer:
            state, body = answer.status, await answer.content.read(1000)
    except _NETWORK as error:
        reason = type(error).__name__
        return check("public_url", "callback_other", False, url=where, reason=reason)
    if state == _OK and body == knock.answer.encode():
        return check("public_url", "callback_good", True, url=where)
    key = _UNANSWERED.get(state, "callback_other")
    return check("public_url", key, False, url=where, reason=f"HTTP {state}")


def _alive(body: bytes) -> bool:
    try:
        return bool(orjson.loads(body) == {"alive": True})
    except orjson.JSONDecodeError:
        return False


def groups(directory: Directory) -> Check:
    """Whether the platform's id of every group is known, from the file or bound in chat."""
    all_ = directory.world.groups.values()
    bound = set(directory.groups.values())
    unbound = [one.name for one in all_ if not one.chatid and (one.kind, one.area) not in bound]
    if unbound:
        fill = {"count": len(unbound), "names": _named(unbound)}
        return check("groups", "groups_unbound", False, **fill)
    return check("groups", "groups_good", True, count=len(all_))


def placed(channels: Mapping[str, Channel], world: World) -> Iterator[Check]:
    """Groups that a channel's section lists and nobody else knows."""
    for name, one in channels.items():
        chats = one.chats if isinstance(one, Placed) else ()
        unknown = [chat for chat in chats if world.group_by_chat(chat) is None]
        if unknown:
            yield check("groups", "chats_unknown", False, name=name, names=_named(unknown))


def people(directory: Directory) -> Check:
    """Whether each member of staff can be spoken to somewhere."""
    staff = directory.world.people.staff.values()
    unbound = [one.name for one in staff if not directory.ways(one.id)]
    if unbound and len(unbound) == len(staff) > 1:
        return check("people", "people_nowhere", False)
    if unbound:
        fill = {"count": len(unbound), "names": _named(unbound)}
        return check("people", "people_unbound", False, **fill)
    return check("people", "people_good", True, count=len(staff))


def outbox(dead: int, waiting: Mapping[str, Backlog], now: datetime) -> Iterator[Check]:
    """What could not be delivered, and what has waited too long."""
    if dead:
        yield check("outbox", "outbox_dead", False, count=dead)
    total = sum(one.count for one in waiting.values())
    oldest = min((one.oldest for one in waiting.values() if one.oldest), default=None)
    if oldest is not None and now - oldest > OLD:
        fill = {"since": _moment(oldest), "waiting": total}
        yield check("outbox", "outbox_old", False, **fill)
    elif not dead:
        yield check("outbox", "outbox_good", True, waiting=total)


def leases(held: Iterable[Held], now: datetime) -> Iterator[Check]:
    """Who holds what only one process may hold; one that reaches too far shows a wrong clock."""
    found = list(held)
    if not found:
        yield check("leases", "leases_none", True)
    for one in found:
        good = one.until - now <= LIFE + SKEW
        key = "leases_good" if good else "leases_ahead"
        yield check("leases", key, good, name=one.name, until=_moment(one.until))


def _named(names: Sequence[str]) -> str:
    dots = said("doctor", "more") if len(names) > _NAMED else ""
    return said("doctor", "comma").join(names[:_NAMED]) + dots


def _moment(at: datetime) -> str:
    return at.astimezone(TZ).strftime("%m-%d %H:%M:%S")
