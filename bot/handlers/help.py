"""帮助: what can be said here, by role."""

from bot.turn import Handler, Turn


async def help_(turn: Turn) -> None:
    """Tell what the speaker can say."""
    turn.work.reply("replies/help_staff" if turn.speaker.staff else "replies/help_resident")


HANDLER = Handler(intents=("help", "worker_help"), run=help_)
