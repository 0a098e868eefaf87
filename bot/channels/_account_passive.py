"""服务号: answers that are given in the platform's own call, passively (wechat.md 1g).

They need no right to send customer messages and count for no window. The platform waits 5 seconds,
so the call is held for a part of them; a call that comes again is told the same.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from bot.channels._account_says import words
from bot.channels._callback import NotStored
from bot.channels._envelope import Envelope
from bot.channels._said_xml import Fields, text
from bot.channels._wecom_replies import stream_id
from bot.channels._wecom_robot_handover import Handover, Waits
from bot.channels._wecom_robot_passive import Answer
from bot.channels.base import Parts
from domain.messages import Inbound, Outbound
from store.engine import STORE_ERRORS
from store.inbox import dedupe_key
from store.streams import Stream

# Of the five seconds 1.5 may pass with asking who somebody is. The answer is laid ready while the
# call is held: it is waited for a little longer than that.
WAITS = Waits(message=2.5, event=2.5, pickup=4.0)
KEPT = timedelta(hours=1)

Take = Callable[[Inbound], Awaitable[None]]


class Passive:
    """The answers of one account."""

    def __init__(self, parts: Parts, waits: Waits = WAITS) -> None:
        self._parts, self._waits = parts, waits
        self._streams = parts.vault.streams
        self._handover = Handover(parts.name, self._streams, parts.now, waits, _shape)

    async def heard(self, said: Fields, heard: Inbound, take: Take) -> str:
        """Store what somebody did by `take`; the XML that answers it, "" where none comes in time.

        Raises NotStored.
        """
        now = self._parts.now()
        name = stream_id(heard.external_id) if heard.external_id else uuid4().hex
        heard = replace(heard, handle={**heard.handle, "stream": name})
        stream = Stream(
            channel=self._parts.name,
            name=name,
            letter=dedupe_key(heard),
            chat=heard.address.chat,
            sender=heard.sender,
            opened_at=now,
            seen_at=now,
        )
        try:
            await self._streams.begin(stream)  # first: the answer may be quicker than this call
            await take(heard)
            answer = await self._handover.held(stream, event=True)
        except STORE_ERRORS as error:
            raise NotStored from error
        return _xml(said, answer["text"], int(now.timestamp())) if answer else ""

    async def said(self, outbound: Outbound) -> bool:
        """Whether this went out as the answer to its message. Raises what the store raises."""
        name = outbound.handle.get("stream", "")
        return bool(name) and await self._handover.answer(outbound, name)

    async def run(self) -> None:
        """Until cancelled, drop what nothing can be answered to any more."""
        while True:
            with suppress(*STORE_ERRORS):
                await self._streams.forget(self._parts.name, self._parts.now() - KEPT)
            await asyncio.sleep(self._waits.tidy)


def sealed(answer: str, envelope: Envelope, nonce: str, stamp: int) -> str:
    """An answer in the envelope in which calls come."""
    encrypted = envelope.seal(answer)
    return (
        f"<xml><Encrypt>{_cdata(encrypted)}</Encrypt>"
        f"<MsgSignature>{_cdata(envelope.sign(str(stamp), nonce, encrypted))}</MsgSignature>"
        f"<TimeStamp>{stamp}</TimeStamp><Nonce>{_cdata(nonce)}</Nonce></xml>"
    )


def _shape(outbound: Outbound, _name: str) -> Answer:
    """Words: neither menus nor cards can be answered with; what they say stands in the words."""
    return Answer({"text": words(outbound)["text"]["content"]})


def _xml(said: Fields, answer: str, stamp: int) -> str:
    """The answer to a call, from whom the call was for to who made it."""
    return (
        f"<xml><ToUserName>{_cdata(text(said, 'FromUserName'))}</ToUserName>"
        f"<FromUserName>{_cdata(text(said, 'ToUserName'))}</FromUserName>"
        f"<CreateTime>{stamp}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
        f"<Content>{_cdata(answer)}</Content></xml>"
    )


def _cdata(value: str) -> str:
    """Words as they are, also those that would end the section (wechat.md 3.4)."""
    return f"<![CDATA[{value.replace(']]>', ']]]]><![CDATA[>')}]]>"
