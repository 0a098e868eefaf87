"""Asks a channel's platform whether what the operator wrote down is right."""

from pathlib import Path

from bot.assembly import make_channel, open_database, open_parts
from bot.channels._section import Section
from bot.channels.base import Channel, Examined, Finding, Parts
from bot.deployment.settings import Settings
from bot.setup.guide import said, told
from scheduler.clock import SystemClock


def made(section: Section, parts: Parts) -> Channel | Finding:
    """The channel of a section, or why it cannot be made."""
    try:
        return make_channel(section, parts)
    except ValueError as error:
        return Finding("unmade", good=False, fill={"reason": str(error)})


async def examined(channel: Channel | Finding) -> tuple[Finding, ...]:
    """What the channel finds when it looks; never raises."""
    if isinstance(channel, Finding):
        return (channel,)
    if not isinstance(channel, Examined):
        return (Finding("not_examined", good=True),)
    return await channel.examine()


async def look(
    settings: Settings, folder: Path, name: str, section: Section
) -> tuple[Finding, ...]:
    """Examine one section, written down or not. Raises what opening the store raises."""
    async with (
        open_database(settings.store.url) as store,
        open_parts(settings, folder, store, SystemClock().now) as parts,
    ):
        return await examined(made(section, parts(name)))


def line(finding: Finding) -> str:
    """A finding as one line, marked good or not."""
    return f"{said('mark', 'good' if finding.good else 'bad')} {told(finding)}"
