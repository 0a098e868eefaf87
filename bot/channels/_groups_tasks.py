"""企业群发: a message to a customer group is a task its owner has to tap (wechat.md 1d).

Nothing is seen before the tap. So each task is kept, looked at now and then, its sender reminded
a few times in the day, and taken back when nobody tapped in two days: old news help nobody.
"""

import asyncio
from calendar import monthrange
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

import structlog

from bot.channels._api import Api
from bot.channels._codes import CODES
from bot.channels._wecom_replies import cut_bytes
from bot.channels.base import Lease, Parts, SendError
from domain.messages import Outbound
from domain.workdays import TZ
from store.engine import STORE_ERRORS
from store.group_tasks import GroupTask, State

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

MAX_BYTES = 4000
BATCH = 50  # tasks looked at in one round, those first that were not for longest
LIFE = timedelta(days=2)
# Two hours after the task, then every eight: never more than the platform's three in 24 hours.
FIRST_REMINDER, REMINDERS = timedelta(hours=2), timedelta(hours=8)
DAY = (time(8), time(20))  # nobody is reminded at night
_PATH = "/cgi-bin/externalcontact/"
_TAPPED = (1, 2)  # a member's `status`: confirmed, sent
_RESULTS = {"1": State.SENT, "2": State.REFUSED, "3": State.REFUSED}  # 3: its month is full


@dataclass(frozen=True, slots=True)
class Rests:
    """Seconds between rounds."""

    every: float = 180.0


class Tasks:
    """Creates the tasks of one channel and sees them through."""

    def __init__(
        self,
        api: Api,
        parts: Parts,
        senders: Callable[[str, str], Awaitable[Sequence[str]]],
        rests: Rests | None = None,
    ) -> None:
        self._api, self._parts, self._senders = api, parts, senders
        self._rests = rests or Rests()
        self._kept = parts.vault.group_tasks
        self._log = log.bind(channel=parts.name)

    async def create(self, outbound: Outbound) -> str:
        """Ask a member to post it; returns the task's msgid. Raises SendError.

        Whoever tapped for it (`handle["sender"]`) is asked himself where the group takes it of him.
        """
        chat, name, now = outbound.address.chat, self._parts.name, self._parts.now()
        try:
            known = await self._kept.known(name, outbound.once)
            if known is not None:
                return known.msgid
            start, days = _month(now)
            full = await self._kept.count(name, chat, start) >= days
        except STORE_ERRORS as error:
            raise SendError(f"store: {type(error).__name__}", retryable=True) from None
        if full:
            raise SendError("the group has had all messages of this month", unreachable=True)
        sender, msgid = await self._asked(outbound)
        task = GroupTask(name, outbound.once, msgid, chat, sender, now, now)
        try:
            await self._kept.add(task)
        except STORE_ERRORS as error:  # asked for all the same: asking again would double it
            self._log.error("task not kept", action="groups.lost", error=type(error).__name__)
        return msgid

    async def run(self) -> None:
        """Look at the tasks until cancelled."""
        lease = self._parts.lease(f"group tasks {self._parts.name}"[:100])
        while True:
            try:
                await self._round(lease)
            except Exception as error:  # noqa: BLE001 - whatever breaks, the next round comes
                self._log.error("round ended", action="groups.failed", error=type(error).__name__)
            await asyncio.sleep(self._rests.every)

    async def _round(self, lease: Lease) -> None:
        """Look at each waiting task once; one process at a time, or people are reminded twice."""
        if await self._may(lease):
            for task in await self._kept.waiting(self._parts.name, BATCH):
                if not await self._may(lease):
                    return
                await self._look(task)

    async def _may(self, lease: Lease) -> bool:
        return not self._api.resting and await lease.hold()

    async def _look(self, task: GroupTask) -> None:
        """Write down how a task stands; one that cannot be asked about lets others go first."""
        now, asked = self._parts.now(), False
        try:
            state = await self._state(task)
            if state is State.WAITING:
                state, asked = await self._urged(task, now)
        except SendError as error:
            self._log.info("task not looked at", action="groups.task", code=error.code)
            state = State.WAITING
        await self._kept.looked(task, state, now, asked=asked)

    async def _state(self, task: GroupTask) -> State:
        """How a task stands: first whether its sender tapped, then what came of it."""
        answer = await self._call("get_groupmsg_task", msgid=task.msgid, limit=500)
        tapped = any(
            one.get("userid") == task.sender and one.get("status") in _TAPPED
            for one in _dicts(answer.get("task_list"))
        )
        if not tapped:
            return State.WAITING
        asked = {"msgid": task.msgid, "userid": task.sender, "limit": 500}
        answer = await self._call("get_groupmsg_send_result", **asked)
        for one in _dicts(answer.get("send_list")):
            if one.get("chat_id") == task.chat:
                return _RESULTS.get(str(one.get("status")), State.WAITING)
        return State.WAITING

    async def _urged(self, task: GroupTask, now: datetime) -> tuple[State, bool]:
        """Take back what is too old, remind where it is time; and whether that was done."""
        if now - task.created_at >= LIFE:
            await self._call("cancel_groupmsg_send", msgid=task.msgid)
            self._log.warning("nobody tapped", action="groups.expired", asks=task.asks)
            return State.EXPIRED, False
        wait = FIRST_REMINDER if task.asks == 1 else REMINDERS
        awake = DAY[0] <= now.astimezone(TZ).time() < DAY[1]
        if not awake or now - task.asked_at < wait:
            return State.WAITING, False
        try:
            await self._call("remind_groupmsg_send", msgid=task.msgid)
        except SendError as error:
            if error.retryable:
                raise
            # Refused for good, as after too many: the next one has its wait again.
            self._log.info("not reminded", action="groups.remind", code=error.code)
        return State.WAITING, True

    async def _asked(self, outbound: Outbound) -> tuple[str, str]:
        """Who was asked to post it, and the task's msgid: the first whom the platform takes."""
        chat = outbound.address.chat
        *firsts, owner = await self._senders(chat, outbound.handle.get("sender", ""))
        for sender in firsts:
            try:
                return sender, await self._posted(chat, sender, outbound.text)
            except SendError as error:
                # Nobody has published what is refused to whom is no owner: only a known code of
                # the platform's own trouble, and silence, are not about this member.
                if error.retryable and (not error.code or error.code in CODES):
                    raise
        return owner, await self._posted(chat, owner, outbound.text)

    async def _posted(self, chat: str, sender: str, text: str) -> str:
        answer = await self._call(
            "add_msg_template",
            chat_type="group",
            sender=sender,
            chat_id_list=[chat],
            allow_select=False,
            text={"content": cut_bytes(text, MAX_BYTES)},
        )
        failed = answer.get("fail_list")
        if isinstance(failed, list) and chat in failed:
            self._log.warning("no task for this group", action="groups.refused")
            raise SendError("refused for this group", unreachable=True)
        msgid = answer.get("msgid")
        if not isinstance(msgid, str) or not msgid:
            raise SendError("no msgid", retryable=True)
        return msgid

    async def _call(self, name: str, **body: object) -> dict[str, Any]:
        return await self._api.post(_PATH + name, body)


def _month(now: datetime) -> tuple[datetime, int]:
    """The beginning of this month there, and its days: as many messages may a group get."""
    there = now.astimezone(TZ)
    start = there.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return start, monthrange(there.year, there.month)[1]


def _dicts(found: object) -> list[dict[str, Any]]:
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
