"""Understands what people write in the groups; pure, knows no channel and no store."""

from datetime import timedelta

from bot.understanding import commands
from bot.understanding.listener import Listener
from bot.understanding.normalise import clean
from bot.understanding.shapes import BASICALLY, Heard, Location, Understanding

__all__ = ["BASICALLY", "Heard", "Listener", "Location", "Understanding", "extension"]


def extension(text: str) -> tuple[timedelta | None, str]:
    """How much longer these words ask for, and why; None where they name a day or nothing."""
    return commands.extension(clean(text))
