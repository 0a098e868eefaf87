"""A WeCom application of one's own: private chats, cards, and groups it made (wechat.md 1c).

It hears what members write to it in private, by encrypted callbacks, and speaks by calls of the
API. Every callback is answered with an empty 200 once its message is stored (1c.1); what there is
to say goes through the outbox.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, ClassVar

from pydantic import StringConstraints
from typing_extensions import override

from bot.channels import _findings
from bot.channels import _wecom_app_says as says
from bot.channels._applied import Applied, CorpSection
from bot.channels._callback import Door
from bot.channels._codes import CODES, Code, Reaction
from bot.channels._recent import Recent
from bot.channels._said_xml import Dropped, Place
from bot.channels._wecom_app_says import MAX_BYTES, Body
from bot.channels._wecom_app_xml import SLEEPY, read
from bot.channels._wecom_replies import template_card
from bot.channels._xml import fields
from bot.channels.base import (
    Blob,
    FetchError,
    Finding,
    Limits,
    Parts,
    SendError,
    Unknown,
)
from domain.messages import Address, Card, Outbound

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


class Settings(CorpSection):
    """Its section of gridbot.toml; the names are those of the WeCom console."""

    required: ClassVar[tuple[str, ...]] = ("corp_id", "agent_id", "secret", "token", "aes_key")
    known_by: ClassVar[tuple[str, ...]] = ("corp_id", "agent_id")

    agent_id: Annotated[str, StringConstraints(pattern=r"^[0-9]{0,12}$")] = ""
    markdown: bool = False  # members who read in WeChat's plug-in see no Markdown


def make(settings: Settings, parts: Parts) -> "WecomApp":
    """The channel of a section."""
    return WecomApp(settings, parts)


class WecomApp(Applied):
    """The channel."""

    kind = "wecom_app"

    def __init__(self, settings: Settings, parts: Parts) -> None:
        limits = replace(LIMITS, markup="markdown") if settings.markdown else LIMITS
        super().__init__(settings, parts, limits, settings.api(parts))
        self._settings = settings
        self._names = tuple(settings.names)
        self._door = Door(parts.name, settings.envelope(), self._hear)
        self._groups = settings.api(parts, _IN_GROUPS)
        self._unsure: Recent[str, None] = Recent(REMEMBERED)
        self._spent: Recent[str, None] = Recent(REMEMBERED)

    # In

    async def _hear(self, plain: str) -> str:
        place = Place(self.name, self._names, self._parts.now())
        heard = read(said := fields(plain), place, self._settings.agent_id)
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
                self._unsure[outbound.once] = None
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
            self._spent[code] = None
            return False
        self._spent[code] = None
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

    @override
    async def _look(self) -> Mapping[str, Any]:
        return await self._api.get("/cgi-bin/agent/get", agentid=self._settings.agent_id)

    async def examine(self) -> tuple[Finding, ...]:
        """Whether the platform knows the application and takes calls from here; never raises."""
        found, good = await self._admitted()
        if not good:
            return found
        agent, faults = await _findings.asked(self._api, self._look())
        if agent is None:
            return (*found, *faults)
        closed = str(agent.get("close", "0")) == "1"
        name = {"agent": str(agent.get("name", ""))}
        return (*found, Finding("agent_closed" if closed else "agent_good", not closed, name))


def _seconds(moment: str) -> float | None:
    try:
        return datetime.fromisoformat(moment).timestamp()
    except ValueError:
        return None
