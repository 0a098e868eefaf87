"""服务号, a certified official account (wechat.md 1g): residents write to it, one by one.

An answer goes as a customer message: five within 48 hours of a person's last message, three within
a minute of a tap, a scan or following. Later only a notice reaches him: a template with gaps, or a
subscribed one. It has no groups of any kind.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated, ClassVar

import structlog
from aiohttp import web
from pydantic import Field, SecretStr, StringConstraints
from typing_extensions import override

from bot.channels import _account_says as says
from bot.channels import _findings
from bot.channels._account_api import (
    NO_MENU,
    OWN,
    OWN_NOTICE,
    account_api,
    fetch_video,
    video_url,
)
from bot.channels._account_door import AccountDoor
from bot.channels._account_says import MAX_BYTES, Body, Notice
from bot.channels._account_xml import Dropped, Place, Undelivered, read
from bot.channels._callback import Ear
from bot.channels._envelope import Envelope
from bot.channels._section import AesKey, Section
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
    Window,
)
from domain.messages import Inbound, Outbound
from store.engine import STORE_ERRORS

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

LIMITS = Limits(
    hears="nothing",
    says_group=False,
    proactive=True,
    window=Window(timedelta(hours=48), 5),
    max_bytes=MAX_BYTES,
    unknown=Unknown.RESEND,
)
_OVER = frozenset({45015, 45047})  # the window is closed, or all its messages are used up
_NEWS = timedelta(days=1)
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
    `templates` names a notice for each of our templates, or one as `default`.
    """

    required: ClassVar[tuple[str, ...]] = ("app_id", "secret", "token")

    app_id: str = ""
    secret: SecretStr = SecretStr("")
    token: SecretStr = SecretStr("")
    aes_key: AesKey = SecretStr("")
    mode: Annotated[str, StringConstraints(pattern=r"^(plain|compatible|safe)?$")] = ""
    templates: dict[str, Notice] = Field(default_factory=dict)
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


class OfficialAccount:
    """The channel. A chat is one person's openid, which is his in this account only."""

    kind = "official_account"

    def __init__(self, settings: Settings, parts: Parts) -> None:
        self.name = parts.name
        # With a notice a person can be told of his case at any time.
        self.limits = replace(LIMITS, window=None) if settings.templates else LIMITS
        self._settings, self._parts = settings, parts
        self._ear = Ear()
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
        who = (settings.api_base, settings.app_id, settings.secret.get_secret_value())
        self._api = account_api(parts, *who, OWN)
        self._notices = account_api(parts, *who, OWN_NOTICE)
        self._menus = True
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
        if not self._settings.encrypted:
            self._log.warning(
                "plain mode: nothing shows that what is heard was not changed on its way",
                action="account.plain",
            )
        self._ear.accept = accept
        try:
            await self._api.attend(self._look)
        finally:
            self._ear.accept = None

    # In

    async def called(self, request: web.Request) -> web.StreamResponse:
        """Answer the platform: an empty 200, once what was said is stored."""
        return await self._door.called(request)

    async def _hear(self, plain: str) -> str:
        place = Place(self.name, tuple(self._settings.names), self._parts.now())
        match read(fields(plain), place):
            case Inbound() as heard:
                await self._ear.take((heard,))
            case Undelivered(reason):
                await self._note(reason)
            case Dropped(reason, detail):
                self._log.info(
                    "call dropped", action="account.dropped", reason=reason, detail=detail
                )
        return ""

    async def fetch(self, ref: Mapping[str, str]) -> Blob:
        """Download an attachment; the platform keeps it three days."""
        media_id = ref.get("media_id", "")
        if not media_id:
            raise FetchError("no media id")
        blob = await self._api.download("/cgi-bin/media/get", media_id=media_id)
        url = video_url(blob)
        return await fetch_video(self._parts.session, url) if url else blob

    async def union_of(self, sender: str) -> str:
        """A person's unionid, the same in all accounts of one open platform account.

        "" where the platform does not tell: no such account is bound, or he does not follow.
        """
        try:
            answer = await self._api.get("/cgi-bin/user/info", openid=sender, lang="zh_CN")
        except SendError:
            return ""
        return str(answer.get("unionid") or "")

    # Out

    async def send(self, outbound: Outbound) -> str:
        """Say it as a customer message; once that is over, as a notice about the case."""
        if outbound.address.group:
            raise SendError("an official account has no groups", unreachable=True)
        try:
            return await self._say(outbound)
        except SendError as error:
            if error.code not in _OVER:
                raise
            notice = says.notice(outbound, self._settings.templates, self._parts.now())
            if notice is None:
                raise
            return await self._notify(*notice)

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

    async def _look(self) -> None:
        await self._api.get("/cgi-bin/get_api_domain_ip")

    async def examine(self) -> tuple[Finding, ...]:
        """Whether the secret is good, calls are taken from here, and the templates are there."""
        found = [_findings.callback(self._parts)]
        _, faults = await _findings.asked(self._api, self._api.check_token())
        if not faults:
            found.append(Finding("token_good", good=True))
            _, faults = await _findings.asked(self._api, self._look())
        if faults:
            return (*found, *faults)
        for way in _LISTS:
            found += await self._templates(way)
        return (*found, *await self._undelivered())

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

    @property
    def _failures(self) -> str:
        return f"{self.name} undelivered"

    async def _note(self, reason: str) -> None:
        """Count a notice that did not arrive after all, for examine to show."""
        self._log.warning("not delivered", action="account.undelivered", reason=reason)
        vault, now = self._parts.vault, self._parts.now().isoformat()
        with suppress(*STORE_ERRORS):  # a count is not worth a call refused
            count = (await vault.cursor(self._failures)).partition("|")[0]
            await vault.keep_cursor(self._failures, f"{int(count or 0) + 1}|{reason}|{now}")

    async def _undelivered(self) -> tuple[Finding, ...]:
        """What was not delivered, while it is news."""
        kept, faults = await _findings.asked(self._api, self._parts.vault.cursor(self._failures))
        if not kept:
            return faults
        count, reason, at = kept.split("|")
        if self._parts.now() - datetime.fromisoformat(at) > _NEWS:
            return ()
        fill = {"count": count, "reason": reason, "at": at}
        return (Finding("account_undelivered", good=False, fill=fill),)
