"""Understands what people write in the groups; pure, knows no channel and no store."""

from bot.understanding.listener import Listener
from bot.understanding.shapes import BASICALLY, Heard, Location, Understanding

__all__ = ["BASICALLY", "Heard", "Listener", "Location", "Understanding"]
