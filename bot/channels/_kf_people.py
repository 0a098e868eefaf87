"""Who a person of 微信客服 is elsewhere: the unionid, the same in all accounts of one owner.

POST kf/customer/batchget is not in wechat.md; its shape is that of several SDKs. It tells of who
was here in the last 48 hours, and only where an open-platform account is bound.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Mapping

import structlog

from bot.channels._api import Api
from bot.channels._codes import Code, Reaction
from bot.channels.base import SendError

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

# Not being told who somebody is must not stop the talk with him.
OWN = dict.fromkeys((48001, 48002, 50001, 60011), Code(Reaction.UNREACHABLE))
_AT_ONCE = 100
_REMEMBERED = 20_000
_PATIENCE = 3.0  # seconds a message may wait for it


class People:
    """Unionids by external_userid; each person is asked about once in a process."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._known: OrderedDict[str, str] = OrderedDict()

    async def unions(self, people: Iterable[str]) -> Mapping[str, str]:
        """The unionids of these people, "" where nobody says. Never raises."""
        people = set(people)
        new = sorted(people - self._known.keys())[:_AT_ONCE]
        if new:
            found = await self._asked(new)
            for one in new:
                self._known[one] = found.get(one, "")
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return {one: self._known.get(one, "") for one in people}

    async def _asked(self, people: list[str]) -> dict[str, str]:
        try:
            async with asyncio.timeout(_PATIENCE):
                body = {"external_userid_list": people}
                answer = await self._api.post("/cgi-bin/kf/customer/batchget", body)
        except (SendError, TimeoutError) as error:
            code = getattr(error, "code", 0)
            log.info("not told who they are elsewhere", action="kf.people", code=code)
            return {}
        found = answer.get("customer_list")
        return {
            str(one.get("external_userid")): one["unionid"]
            for one in (found if isinstance(found, list) else ())
            if isinstance(one, dict) and isinstance(one.get("unionid"), str)
        }
