"""服务号, a certified official account (wechat.md 1g): residents write to it, one by one.

An answer goes as a customer message: five within 48 hours of a person's last message, three within
a minute of a tap, a scan or following. Later only a notice reaches him: a template with gaps, or a
subscribed one. An account that may send no customer messages answers in the platform's own calls
(`passive`). It has no groups of any kind.
"""

from collections.abc import Coroutine, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Any, ClassVar

from pydantic import Field, SecretStr, StringConstraints
from typing_extensions import override

from bot.channels import _account_says as says
from bot.channels import _findings
from bot.channels._account_api import (
    NO_MENU,
    OWN,
    OWN_NOTICE,
    OWN_PASSIVE,
    account_api,
    fetch_video,
    video_url,
)
from bot.channels._account_door import AccountDoor
from bot.channels._account_passive import WAITS, Passive
from bot.channels._account_says import MAX_BYTES, Body, Notice
from bot.channels._account_xml import NotSent, read
from bot.channels._applied import Applied
from bot.channels._callback import NotStored
from bot.channels._envelope import Envelope
from bot.channels._said_xml import Dropped, Place
from bot.channels._section import AesKey, Section
from bot.channels._undelivered import Undelivered
from bot.channels._unions import OWN as UNASKED
from bot.channels._unions import Unions
from bot.channels._wecom_robot_handover import Waits
from bot.channels._xml import fields
from bot.channels.base import (
    Accept,
    Blob,
    Failed,
    Failure,
    FetchError,
    Finding,
    Limits,
    Parts,
    SendError,
    Unknown,
    Window,
)
from domain.messages import Inbound, Kind, Outbound
from store.engine import STORE_ERRORS

LIMITS = Limits(
    hears="nothing",
    says_group=False,
    proactive=True,
    window=Window(timedelta(hours=48), 5),
    max_bytes=MAX_BYTES,
    unknown=Unknown.RESEND,
)
_OVER = frozenset({45015, 45047})  # the window is closed, or all its messages are used up
PATIENCE = 1.5  # seconds of the five a call has that may pass with asking who somebody is
_PATHS: Mapping[str, str] = {
    "template": "/cgi-bin/message/template/send",
    "subscribe": "/cgi-bin/message/subscribe/bizsend",
}
# Where the console's templates of each way are listed, and under which names.
_LISTS: Mapping[str, tuple[str, str, str]] = {
    "template": ("/cgi-bin/template/get_all_private_template", "template_list", "template_id"),
    "subscribe": ("/wxaapi/newtmpl/gettemplate", "data", "priTmplId"),
}


class Settings(Section):
    """Its section of gridbot.toml; the names are those of the console (设置与开发 → 基本配置).

    Without an `aes_key` the mode is plain, with one it is safe, unless `mode` says otherwise.
    `templates` names a notice for each of our templates, or one as `default`. With `passive` an
    answer that comes in time is the call's own, in words; other messages go as ever.
    """

    required: ClassVar[tuple[str, ...]] = ("app_id", "secret", "token")
    known_by: ClassVar[tuple[str, ...]] = ("app_id",)

    app_id: str = ""
    secret: SecretStr = SecretStr("")
    token: SecretStr = SecretStr("")
    aes_key: AesKey = SecretStr("")
    mode: Annotated[str, StringConstraints(pattern=r"^(plain|compatible|safe)?$")] = ""
    templates: dict[str, Notice] = Field(default_factory=dict)
    passive: bool = False
    api_base: str = ""

    @override
    def missing(self) -> tuple[str, ...]:
        keyless = self.encrypted and not self.aes_key.get_secret_value().strip()
        return (*super().missing(), *(("aes_key",) if keyless else ()))

    @property
    def encrypted(self) -> bool:
        """Whether the platform encrypts what it says."""
        return self.mode in ("compatible", "safe") or (
            not self.mode and bool(self.aes_key.get_secret_value())
        )


def make(settings: Settings, parts: Parts) -> "OfficialAccount":
    """The channel of a section. Raises ValueError for an aes_key that is none."""
    return OfficialAccount(settings, parts)


class OfficialAccount(Applied):
    """The channel. A chat is one person's openid, which is his in this account only."""

    kind = "official_account"

    def __init__(self, settings: Settings, parts: Parts, waits: Waits = WAITS) -> None:
        # With a notice a person can be told of his case at any time.
        limits = replace(LIMITS, window=None) if settings.templates else LIMITS
        who = (settings.api_base, settings.app_id, settings.secret.get_secret_value())
        own = OWN_PASSIVE if settings.passive else OWN
        super().__init__(settings, parts, limits, account_api(parts, *who, own))
        self._settings = settings
        self._passive = Passive(parts, waits) if settings.passive else None
        token = settings.token.get_secret_value()
        envelope = None
        if settings.encrypted:
            envelope = Envelope(token, settings.aes_key.get_secret_value(), settings.app_id)
        self._door = AccountDoor(
            parts.name,
            token,
            self._hear,
            parts.now,
            envelope,
            compatible=settings.mode == "compatible",
        )
        self._notices = account_api(parts, *who, OWN_NOTICE)
        self._who = account_api(parts, *who, {**OWN, **UNASKED})
        self._unions = Unions(parts, self._told_of, PATIENCE)
        self._undelivered = Undelivered(parts, "account_undelivered")
        self._menus = True

    def report_to(self, failed: Failed) -> None:
        self._undelivered.report_to(failed)

    @override
    async def run(self, accept: Accept) -> None:
        if not self._settings.encrypted:
            self._log.warning(
                "plain mode: nothing shows that what is heard was not changed on its way",
                action="account.plain",
            )
        await super().run(accept)

    @override
    def _beside(self) -> tuple[Coroutine[Any, Any, None], ...]:
        return (self._passive.run(),) if self._passive is not None else ()

    # In

    async def _hear(self, plain: str) -> str:
        place = Place(self.name, tuple(self._settings.names), self._parts.now())
        match read(said := fields(plain), place):
            case Inbound(kind=Kind.LEFT) as heard:  # nobody answers him, or is told of him
                await self._take(heard)
            case Inbound() as heard:
                unions = await self._unions.of((heard.sender,))
                heard = replace(heard, union=unions[heard.sender])
                if self._passive is not None:
                    return await self._passive.heard(said, heard, self._take)
                await self._take(heard)
            case NotSent(msgid, reason):
                await self._note(Failure(msgid, reason))
            case Dropped(reason, detail):
                self._log.info(
                    "call dropped", action="account.dropped", reason=reason, detail=detail
                )
        return ""

    async def _take(self, heard: Inbound) -> None:
        await self._ear.take((heard,))

    async def _note(self, failure: Failure) -> None:
        try:
            await self._undelivered.take(failure)
        except STORE_ERRORS:
            raise NotStored from None

    async def fetch(self, ref: Mapping[str, str]) -> Blob:
        """Download an attachment; the platform keeps it three days."""
        media_id = ref.get("media_id", "")
        if not media_id:
            raise FetchError("no media id")
        blob = await self._api.download("/cgi-bin/media/get", media_id=media_id)
        url = video_url(blob)
        return await fetch_video(self._parts.session, url) if url else blob

    async def _told_of(self, people: list[str]) -> Mapping[str, str]:
        """The unionids of people; none where no open-platform account is bound, or of strangers.

        Raises SendError.
        """
        found = {}
        for one in people:
            answer = await self._who.get("/cgi-bin/user/info", openid=one, lang="zh_CN")
            union = answer.get("unionid")
            found[one] = union if isinstance(union, str) else ""
        return found

    # Out

    async def send(self, outbound: Outbound) -> str:
        """Say it as a customer message; once that is over, as a notice about the case."""
        if outbound.address.group:
            raise SendError("an official account has no groups", unreachable=True)
        if await self._answered(outbound):
            return ""
        try:
            return await self._say(outbound)
        except SendError as error:
            if error.code not in _OVER:
                raise
            notice = says.notice(outbound, self._settings.templates, self._parts.now())
            if notice is None:
                raise
            return await self._notify(*notice)

    async def _answered(self, outbound: Outbound) -> bool:
        """Whether it went out as the answer of the call it answers."""
        try:
            return self._passive is not None and await self._passive.said(outbound)
        except STORE_ERRORS as error:
            raise SendError(f"store: {type(error).__name__}", retryable=True) from None

    async def _say(self, outbound: Outbound) -> str:
        menu = says.menu(outbound) if self._menus else None
        if menu is not None:
            try:
                return await self._post(menu)
            except SendError as error:
                if error.retryable or error.unreachable:
                    raise
                self._menus = error.code != NO_MENU
                self._log.info("menu refused", action="account.menu", code=error.code)
        return await self._post(says.words(outbound))

    async def _post(self, body: Body) -> str:
        answer = await self._api.post("/cgi-bin/message/custom/send", body)
        return str(answer.get("msgid") or "")

    async def _notify(self, way: str, body: Body) -> str:
        """Send a notice; where that is impossible he cannot be reached here any more."""
        try:
            answer = await self._notices.post(_PATHS[way], body)
        except SendError as error:
            if error.retryable or error.unreachable:
                raise
            raise SendError(str(error), unreachable=True, code=error.code) from error
        return str(answer.get("msgid") or "")

    # Looking after itself

    @override
    async def _look(self) -> None:
        await self._api.get("/cgi-bin/get_api_domain_ip")

    async def examine(self) -> tuple[Finding, ...]:
        """Whether the secret is good, calls are taken from here, and the templates are there."""
        found, good = await self._admitted()
        if not good:
            return found
        _, faults = await _findings.asked(self._api, self._look())
        if faults:
            return (*found, *faults)
        for way in _LISTS:
            found += await self._templates(way)
        return (*found, *await self._undelivered.findings())

    async def _templates(self, way: str) -> tuple[Finding, ...]:
        """Whether the console knows the templates of one way."""
        wanted = sorted({one.id for one in self._settings.templates.values() if one.way == way})
        if not wanted:
            return ()
        path, listed, key = _LISTS[way]
        answer, faults = await _findings.asked(self._notices, self._notices.get(path))
        rows = answer.get(listed) if answer is not None else None
        found = rows if isinstance(rows, list) else []
        known = [row.get(key) for row in found if isinstance(row, dict)]
        return faults or tuple(
            Finding(
                "template_good" if one in known else "template_missing", one in known, {"id": one}
            )
            for one in wanted
        )
