"""How each channel that is called is set up and called: what the contract's tests go through."""

import json
import secrets
import time
from contextlib import asynccontextmanager
from urllib.parse import urlencode

from bot.channels import official_account, wecom_app, wecom_groups, wecom_kf, wecom_robot
from bot.channels._envelope import Envelope, signature
from bot.channels._kf_reader import Rests
from bot.channels._wecom_robot_callback import WecomRobotCallback
from bot.channels._wecom_robot_handover import Waits
from bot.channels.base import Received
from store import inbox
from tests.channels.parts import AES_KEY, TOKEN, called, made
from tests.channels.wecom_tools import eventually, running
from tests.doubles.platform import CORP, SECRET
from tests.doubles.platform import running as platform_running
from tests.doubles.platform_account import APP, APP_SECRET, OPENID, Account
from tests.doubles.platform_app import AGENT, App
from tests.doubles.platform_groups import OWNER, Groups
from tests.doubles.platform_kf import ACCOUNT, Kf
from tests.doubles.platform_robot import Robot

SEEN = 200
_QUICK = Waits(message=0.01, event=0.01, pickup=30.0)


def xml(**fields) -> str:
    """The platform's XML; words that end a CDATA are split as it splits them."""
    inner = "".join(
        f"<{key}><![CDATA[{str(value).replace(']]>', ']]]]><![CDATA[>')}]]></{key}>"
        for key, value in fields.items()
    )
    return f"<xml>{inner}</xml>"


class Store:
    """The real inbox as what accepts; `away` plays a store that takes nothing."""

    def __init__(self, store):
        self.heard, self.away, self.rows, self._store = [], False, 0, store

    async def __call__(self, inbound):
        if self.away:
            return Received.REFUSED
        async with self._store.write() as conn:
            new = await inbox.add(self._store, conn, [inbox.row_of(inbound)])
        self.rows += len(new)
        self.heard.append(inbound)
        return Received.NEW if new else Received.SEEN


class Kit:
    """A kind: its double, its section, how somebody's words come, and in which envelope."""

    name, receiver, json, sealed = "", CORP, False, True

    def __init__(self):
        self.double = self.platform()

    def envelope(self, token=TOKEN, key=AES_KEY, receiver=None) -> Envelope:
        return Envelope(token, key, self.receiver if receiver is None else receiver)

    def section(self, base) -> dict:
        return {
            "corp_id": CORP,
            "secret": SECRET,
            "token": TOKEN,
            "aes_key": AES_KEY,
            "api_base": base,
        }

    def ready(self, words, number) -> None:
        """Where the words do not stand in the call: have them ready."""

    def query(self, stamp, nonce) -> dict:
        """What else the platform's query holds."""
        return {}

    def body(self, sealed, plain) -> bytes:
        """The call's body."""
        if self.json:
            return json.dumps({"encrypt": sealed}).encode()
        return (
            f"<xml><ToUserName>x</ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>".encode()
        )

    def call(self, plain, envelope=None, **changes) -> tuple[bytes, str]:
        """The body and the query of a call; `changes` to the query."""
        envelope = envelope or self.envelope()
        sealed = envelope.seal(plain)
        stamp, nonce = str(int(time.time())), secrets.token_hex(8)
        query = {"msg_signature": envelope.sign(stamp, nonce, sealed), "timestamp": stamp}
        query |= {"nonce": nonce} | self.query(stamp, nonce)
        return self.body(sealed, plain), urlencode(query | changes)


class AppKit(Kit):
    name, platform = "wecom_app", App

    def make(self, base, parts):
        return wecom_app.make(wecom_app.Settings(**self.section(base), agent_id=AGENT), parts)

    def says(self, words, number=1) -> str:
        at = int(time.time())
        said = {"ToUserName": CORP, "FromUserName": "zhangsan", "CreateTime": at}
        return xml(**said, MsgType="text", Content=words, MsgId=number, AgentID=AGENT)


class KfKit(Kit):
    name, platform = "wecom_kf", Kf

    def make(self, base, parts):
        settings = wecom_kf.Settings(**self.section(base), open_kfid=[ACCOUNT])
        return wecom_kf.WecomKf(settings, parts, Rests(every=3600.0, retry=0.01))

    def says(self, words, number=1) -> str:
        return xml(MsgType="event", Event="kf_msg_or_event", Token=words[:9], OpenKfId=ACCOUNT)

    def ready(self, words, number) -> None:
        said = {"msgtype": "text", "text": {"content": words}}
        self.double.say(str(number), int(time.time()), **said)


class GroupsKit(Kit):
    """Nobody's words come this way: somebody comes in, and his code's text with him."""

    name, platform = "wecom_groups", Groups

    def make(self, base, parts):
        return wecom_groups.make(wecom_groups.Settings(**self.section(base)), parts)

    def says(self, words, number=1) -> str:
        came = {"MsgType": "event", "Event": "change_external_contact", "UserID": OWNER}
        more = {"ChangeType": "add_external_contact", "ExternalUserID": f"wm{number}"}
        return xml(**came, **more, CreateTime=int(time.time()), State=words, WelcomeCode="W")


class AccountKit(Kit):
    """An official account in safe mode."""

    name, platform, receiver, mode = "official_account safe", Account, APP, "safe"

    def make(self, base, parts):
        section = {"app_id": APP, "secret": APP_SECRET, "token": TOKEN, "api_base": base}
        section |= {"mode": self.mode, "aes_key": AES_KEY if self.sealed else ""}
        return official_account.make(official_account.Settings(**section), parts)

    def says(self, words, number=1) -> str:
        said = {"ToUserName": "gh_1", "FromUserName": OPENID, "CreateTime": int(time.time())}
        return xml(**said, MsgType="text", Content=words, MsgId=number)

    def query(self, stamp, nonce) -> dict:
        return {"signature": signature(TOKEN, stamp, nonce), "encrypt_type": "aes"}


class CompatibleKit(AccountKit):
    """The same in compatible mode: the plain fields stand beside the envelope."""

    name, mode = "official_account compatible", "compatible"

    def body(self, sealed, plain) -> bytes:
        inner = plain.removeprefix("<xml>").removesuffix("</xml>")
        return f"<xml>{inner}<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>".encode()


class PlainKit(AccountKit):
    """The same in plain mode: nothing is sealed, and only the query is signed."""

    name, mode, sealed = "official_account plain", "plain", False

    def body(self, sealed, plain) -> bytes:
        return plain.encode()


class PassiveKit(AccountKit):
    """The same in safe mode, answering in the calls themselves; nobody answers in time."""

    name = "official_account passive"

    def make(self, base, parts):
        channel = super().make(base, parts)
        settings = channel._settings.model_copy(update={"passive": True})
        return official_account.OfficialAccount(settings, parts, _QUICK)


class RobotKit(Kit):
    name, platform, receiver, json = "wecom_robot callback", Robot, "", True

    def make(self, base, parts):
        section = {"mode": "callback", "token": TOKEN, "aes_key": AES_KEY, "api_base": base}
        channel = wecom_robot.make(wecom_robot.Settings(**section), parts)
        return WecomRobotCallback(channel._account, parts, _QUICK)

    def says(self, words, number=1) -> str:
        said = {"msgid": str(number), "aibotid": "AIBOT-01", "chattype": "single"}
        said |= {"from": {"userid": "zhangsan"}, "msgtype": "text", "text": {"content": words}}
        return json.dumps(said)


KITS = (AppKit, KfKit, GroupsKit, AccountKit, CompatibleKit, PlainKit, PassiveKit, RobotKit)


class Desk:
    """A running channel and the platform that calls it."""

    def __init__(self, kit, channel, store, caller, platform):
        self.kit, self.channel, self.store = kit, channel, store
        self.caller, self.platform = caller, platform

    async def call(self, plain, envelope=None, **changes) -> int:
        """Call with these words in the envelope; returns the status."""
        return await self.raw(*self.kit.call(plain, envelope, **changes))

    async def raw(self, body, query) -> int:
        status, text = await self.caller.raw(body, query)
        assert status == SEEN or text == "", text
        return status

    async def says(self, words, number=1) -> int:
        """Somebody says something."""
        self.kit.ready(words, number)
        return await self.call(self.kit.says(words, number))

    async def heard(self, count=1) -> list[str]:
        """What was heard, once it is so much."""
        await eventually(lambda: len(self.store.heard) >= count)
        return [one.text for one in self.store.heard]


@asynccontextmanager
async def desk(folder, kind, *, run=True):
    """A desk of a kind, on the real store and the machine's clock."""
    kit = kind()
    async with platform_running(kit.double.calls) as platform, made(folder, "x") as parts:
        channel = kit.make(platform.base, parts)
        store = Store(parts.vault._store)
        async with called(channel) as caller:
            it = Desk(kit, channel, store, caller, platform)
            if not run:
                yield it
                return
            async with running(channel, store):
                await eventually(lambda: channel.connected)
                yield it
