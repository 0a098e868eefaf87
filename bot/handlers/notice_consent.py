"""同意提醒 / 不要提醒: whether a resident wants personal reminders (domain.md H3)."""

from bot.turn import Handler, Turn
from store import notice_answers


async def notice_consent(turn: Turn) -> None:
    """Remember it; what somebody says in a group counts, but reminders come in private only."""
    work, agreed = turn.work, turn.heard.intent == "notice_agree"
    channel = turn.inbound.address.channel
    await notice_answers.consent(
        work.store, work.conn, turn.speaker.id, channel, work.now, agreed=agreed
    )
    work.reply("replies/notice_consent", {"agreed": agreed})


HANDLER = Handler(intents=("notice_agree", "notice_refuse"), run=notice_consent)
