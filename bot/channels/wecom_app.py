"""A WeCom application of one's own: private chats, cards, and groups it made (wechat.md 1c).

It hears what members write to it in private, by encrypted callbacks, and speaks by calls of the
API. Every callback is answered with an empty 200 once its message is stored (1c.1); what there is
to say goes through the outbox.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, ClassVar

import structlog
from aiohttp import web
from pydantic import SecretStr, StringConstraints

from bot.channels import _wecom_app_says as says
from bot.channels._callback import Door, Ear
from bot.channels._codes import CODES, Code, Reaction
from bot.channels._envelope import Envelope
from bot.channels._qyapi import qyapi
from bot.channels._section import AesKey, Section
from bot.channels._wecom_app_says import MAX_BYTES, Body
from bot.channels._wecom_app_xml import SLEEPY, Dropped, read
from bot.channels._wecom_replies import template_card
from bot.channels._xml import fields
from bot.channels.base import (
    Accept,
    Blob,
    FetchError,
    Finding,
    Limits,
    Parts,
    SendError,
    Unknown,
)
from domain.messages import Address, Card, Outbound

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

# More than the rates allow is dropped without a word (1c.2), so the outbox keeps to them.
LIMITS = Limits(
    hears="nothing",
    mentions=True,
    max_bytes=MAX_BYTES,
    rates=((30, 60), (1000, 3600)),
    unknown=Unknown.RESEND,
)
CODE_LIFE = 72 * 3600  # seconds in which a response_code changes its card (1c.3)
IMAGE = (6, 10 * 1024 * 1024)  # bytes an image may have (1c.5)
REMEMBERED = 1000
_SEND, _UPDATE = "/cgi-bin/message/send", "/cgi-bin/message/update_template_card"
_GROUP, _UPLOAD = "/cgi-bin/appchat/send", "/cgi-bin/media/upload"
# In a group "not allowed" says that the application sees too little (1c.4): other ways are left.
_IN_GROUPS = {48002: Code(Reaction.UNREACHABLE)}


class Settings(Section):
    """Its section of gridbot.toml; the names are those of the WeCom console."""

    required: ClassVar[tuple[str, ...]] = ("corp_id", "agent_id", "secret", "token", "aes_key")

    corp_id: str = ""
    agent_id: Annotated[str, StringConstraints(pattern=r"^[0-9]{0,12}$")] = ""
    secret: SecretStr = SecretStr("")
    token: SecretStr = SecretStr("")
    aes_key: AesKey = SecretStr("")
    api_base: str = ""
    markdown: bool = False  # members who read in WeChat's plug-in see no Markdown


def make(settings: Settings, parts: Parts) -> "WecomApp":
    """The channel of a section."""
    return WecomApp(settings, parts)


class WecomApp:
    """The channel."""

    kind = "wecom_app"

    def __init__(self, settings: Settings, parts: Parts) -> None:
        self.name = parts.name
        self.limits = replace(LIMITS, markup="markdown") if settings.markdown else LIMITS
        self._settings, self._parts = settings, parts
        self._names = tuple(settings.names)
        self._ear = Ear()
        envelope = Envelope(
            settings.token.get_secret_value(),
            settings.aes_key.get_secret_value(),
            settings.corp_id,
        )
        self._door = Door(parts.name, envelope, self._hear)
        who = (settings.api_base, settings.corp_id, settings.secret.get_secret_value())
        self._api = qyapi(parts, *who)
        self._groups = qyapi(parts, *who, own=_IN_GROUPS)
        self._unsure: OrderedDict[str, None] = OrderedDict()
        self._spent: OrderedDict[str, None] = OrderedDict()
        self._log = log.bind(channel=parts.name)

    @property
    def connected(self) -> bool:
        return self._ear.accept is not None and not self._api.resting

    @property
    def trouble(self) -> str:
        trouble = self._api.trouble
        return f"code_{trouble.code}" if trouble is not None else ""

    def secrets(self) -> tuple[str, ...]:
        return self._settings.secrets()

    async def run(self, accept: Accept) -> None:
        """Hear until cancelled; look meanwhile whether a platform that refuses all still does."""
        self._ear.accept = accept
        try:
            await self._api.attend(self._agent)
        finally:
            self._ear.accept = None

    # In

    async def called(self, request: web.Request) -> web.StreamResponse:
        """Answer the platform: an empty 200, once what was said is stored."""
        return await self._door.called(request)

    async def _hear(self, plain: str) -> str:
        heard = read(
            said := fields(plain),
            channel=self.name,
            agent=self._settings.agent_id,
            names=self._names,
            now=self._parts.now(),
        )
        if isinstance(heard, Dropped):
            self._log.info(
                "call dropped", action="wecom_app.dropped", reason=heard.reason, detail=heard.detail
            )
            if said.get("Event") in SLEEPY:
                self._log.warning(
                    "WeCom suspends applications nobody uses: open it and write to it",
                    action="wecom_app.inactive",
                    detail=heard.detail,
                )
            return ""
        await self._ear.take((heard,))
        return ""

    async def fetch(self, ref: Mapping[str, str]) -> Blob:
        """Download an attachment; the platform keeps it three days (1c.5)."""
        media_id = ref.get("media_id", "")
        if not media_id:
            raise FetchError("no media id")
        return await self._api.download("/cgi-bin/media/get", media_id=media_id)

    # Out

    async def send(self, outbound: Outbound) -> str:
        """Say it: words or a card to a person (a clicked card is changed), words to a group."""
        says.check(outbound.address)
        if outbound.address.group:
            return await self._say_in_group(outbound)
        if outbound.card is not None and await self._changed(outbound, outbound.card):
            return ""
        card = template_card(outbound.card) if outbound.card else None
        if card is not None:
            return await self._tell(outbound.address, "template_card", card, same=True)
        again = outbound.once in self._unsure
        try:
            msgid = await self._tell(outbound.address, *self._words(outbound.text), same=again)
        except SendError as error:
            if not error.code:
                _remember(self._unsure, outbound.once)
            raise
        self._unsure.pop(outbound.once, None)
        return msgid

    async def send_image(self, address: Address, blob: Blob) -> str:
        """Show a picture (JPG or PNG). Raises SendError."""
        says.check(address)
        if not IMAGE[0] <= len(blob.data) <= IMAGE[1]:
            raise SendError("an image must have 6 bytes to 10 MB")
        uploaded = await self._api.upload(_UPLOAD, "media", blob, type="image")
        image = {"media_id": str(uploaded.get("media_id", ""))}
        if address.group:
            return await self._post_in_group(address, "image", image)
        return await self._tell(address, "image", image, same=False)

    def _words(self, text: str) -> tuple[str, Body]:
        return says.words(text, markdown=self._settings.markdown)

    async def _tell(self, address: Address, kind: str, content: Body, *, same: bool) -> str:
        body = says.to_member(address.chat, self._settings.agent_id, kind, content, same=same)
        answer = await self._api.post(_SEND, body)
        says.arrived(answer, address.chat)
        return str(answer.get("msgid", ""))

    async def _changed(self, outbound: Outbound, card: Card) -> bool:
        """Change the card that was clicked; False when its code is spent or too old (1c.3)."""
        code, task_id = outbound.handle.get("response_code", ""), outbound.handle.get("task_id", "")
        changed = template_card(card, task_id=task_id)
        if not code or changed is None or code in self._spent or self._stale(outbound.handle):
            return False
        agent = self._settings.agent_id
        body = says.update(outbound.address.chat, agent, code, changed)
        try:
            answer = await self._api.post(_UPDATE, body)
        except SendError as error:
            if not error.code or (error.retryable and error.code in CODES):
                raise
            self._log.info("card not changed", action="wecom_app.unchanged", code=error.code)
            _remember(self._spent, code)
            return False
        _remember(self._spent, code)
        says.arrived(answer, outbound.address.chat)
        return True

    def _stale(self, handle: Mapping[str, str]) -> bool:
        clicked = _seconds(handle.get("at", ""))
        return clicked is None or self._parts.now().timestamp() - clicked >= CODE_LIFE

    async def _say_in_group(self, outbound: Outbound) -> str:
        kind, content = self._words(outbound.text)
        if kind == "text" and (people := says.called(outbound.to)):
            content["mentioned_list"] = people
        return await self._post_in_group(outbound.address, kind, content)

    async def _post_in_group(self, address: Address, kind: str, content: Body) -> str:
        """One message to a group this application made; it knows no cards and no ids (1c.4)."""
        await self._groups.post(_GROUP, says.to_group(address.chat, kind, content))
        return ""

    # Looking after itself

    async def _agent(self) -> Mapping[str, Any]:
        return await self._api.get("/cgi-bin/agent/get", agentid=self._settings.agent_id)

    async def examine(self) -> tuple[Finding, ...]:
        """Whether the platform knows the application and takes calls from here; never raises."""
        url = self._parts.public_url.rstrip("/")
        address = f"{url}/callback/{self.name}" if url else ""
        found = [
            Finding("callback_address" if url else "no_public_url", bool(url), {"url": address})
        ]
        try:
            await self._api.check_token()
            found.append(Finding("token_good", good=True))
            agent = await self._agent()
        except SendError as error:
            return (*found, self._fault(error))
        closed = str(agent.get("close", "0")) == "1"
        name = {"agent": str(agent.get("name", ""))}
        return (*found, Finding("agent_closed" if closed else "agent_good", not closed, name))

    def _fault(self, error: SendError) -> Finding:
        trouble = self._api.trouble
        fill = {"code": str(error.code), "address": trouble.address if trouble else ""}
        if not error.code:
            return Finding("no_answer", good=False, fill={"base": self._api.base})
        return Finding(f"code_{error.code}" if error.code in CODES else "code_other", False, fill)


def _seconds(moment: str) -> float | None:
    try:
        return datetime.fromisoformat(moment).timestamp()
    except ValueError:
        return None


def _remember(known: OrderedDict[str, None], key: str) -> None:
    known[key] = None
    if len(known) > REMEMBERED:
        known.popitem(last=False)
