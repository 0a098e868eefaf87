"""Asks 微信客服 who its customers are elsewhere.

POST kf/customer/batchget is not in wechat.md; its shape is that of several SDKs. It tells of who
was here in the last 48 hours.
"""

from collections.abc import Mapping

from bot.channels._api import Api


async def unions(api: Api, people: list[str]) -> Mapping[str, str]:
    """Unionids by external_userid, of those of whom they are known. Raises SendError."""
    answer = await api.post("/cgi-bin/kf/customer/batchget", {"external_userid_list": people})
    found = answer.get("customer_list")
    return {
        str(one.get("external_userid")): one["unionid"]
        for one in (found if isinstance(found, list) else ())
        if isinstance(one, dict) and isinstance(one.get("unionid"), str)
    }
