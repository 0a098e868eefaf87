"""Somebody opened the private chat: a short welcome."""

from bot.turn import Handler, Turn


async def entered(turn: Turn) -> None:
    """Say hello and what can be said here."""
    turn.work.reply("replies/welcome_staff" if turn.speaker.staff else "replies/welcome_resident")


HANDLER = Handler(intents=("entered",), run=entered)
