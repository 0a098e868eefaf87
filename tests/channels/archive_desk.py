"""What the tests of the message archive share: the running channel over the stub library."""

from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.channels._archive_library import Spans
from bot.channels._archive_reader import Rests
from bot.channels.wecom_archive import Settings, WecomArchive
from domain.messages import Kind
from tests.channels.parts import Ears, made
from tests.channels.wecom_tools import eventually, running
from tests.doubles.finance import LIBRARY, Archive, pem
from tests.doubles.platform import CORP, SECRET, Platform
from tests.doubles.platform import running as platform_running

AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
NOW = int(AT.timestamp())
ROOM, ZHANG, WANG, LI = "wrFake0001", "zhangsan", "wmFakeWang01", "wmFakeLi00001"
QUICK = Rests(every=0.01, standby=0.01, retry=(0.01, 0.02), stuck=0.01, pace=0.0)
SPANS = Spans(rest=(0.01, 0.02))
ROOM_AGREE, SINGLE_AGREE = (f"/cgi-bin/msgaudit/check_{one}_agree" for one in ("room", "single"))


@dataclass
class Desk:
    """The channel, what it reads and asks, and a clock that is moved by hand."""

    platform: Platform
    archive: Archive
    channel: WecomArchive
    ears: Ears
    parts: object
    at: datetime = AT

    def now(self):
        return self.at

    def forward(self, **span):
        self.at += timedelta(**span)

    @property
    def texts(self):
        """The words that were heard, in order."""
        return [one.text for one in self.ears.heard if one.kind is not Kind.LEFT]

    @property
    def left(self):
        """Who agrees no longer, and in which chat, in order."""
        heard = (one for one in self.ears.heard if one.kind is Kind.LEFT)
        return [(one.sender, one.address.chat) for one in heard]

    async def heard(self, count=1):
        """The first things that were heard."""
        await eventually(lambda: len(self.ears.heard) >= count)
        return self.ears.heard[:count]

    async def passed(self, fence="fence"):
        """Wait until all that was said so far was dealt with; returns the words of it."""
        self.archive.text(fence, fence)
        await eventually(lambda: fence in self.texts)
        return self.texts[: self.texts.index(fence)]

    async def looks(self, more=1):
        """Wait until the archive was asked that many times more."""
        before = len(self.archive.calls("GetChatData"))
        await eventually(lambda: len(self.archive.calls("GetChatData")) >= before + more)

    async def says(self, trouble):
        """Wait until this is its trouble."""
        await eventually(lambda: self.channel.trouble == trouble)


def settings(platform, keys=(3,), **more):
    """The section, with a file for each version."""
    files = {str(version): f"keys/{version}.pem" for version in keys}
    return Settings(
        **{
            "corp_id": CORP,
            "secret": SECRET,
            "private_keys": files,
            "library": LIBRARY,
            "api_base": platform.base,
            "names": ["网格助手"],
        }
        | more
    )


def put_keys(folder: Path, keys, versions):
    """The key files of a deployment."""
    (folder / "keys").mkdir(exist_ok=True)
    for version in versions:
        (folder / "keys" / f"{version}.pem").write_bytes(pem(keys[version]))


@asynccontextmanager
async def desk(
    archive, *, run=True, accept=None, ears=None, rests=QUICK, spans=SPANS, at=AT, **more
):
    """A desk over an archive's folder; it may be opened again there, as after a restart."""
    async with platform_running(archive.serve) as platform:
        it = Desk(platform, archive, None, ears or Ears(), None, at)
        async with made(archive.folder, "archive", it.now) as it.parts:
            it.channel = WecomArchive(settings(platform, **more), it.parts, rests, spans)
            if not run:
                yield it
                return
            async with running(it.channel, accept or it.ears):
                yield it
