"""通知进度, 回执, 通知列表, 安全提示: what can be asked about notices."""

from bot.notices.notice import author_of
from bot.notices.says import refusing
from bot.notices.views import answers, listed, progress
from bot.turn import STAFF, Handler, Turn
from bot.understanding.notices import body, ready_names


async def ready(turn: Turn) -> None:
    """安全提示: the ready-made notices, or the words of the one that is named."""
    author_of(turn)
    named = body(turn.heard.words).ready
    turn.work.reply("replies/notice_ready", {"ready": named, "contact": ready_names()})


_ASKED = {
    "notice_progress": progress,
    "notice_receipts": answers,
    "notice_list": listed,
    "notice_ready": ready,
}


@refusing
async def notice_views(turn: Turn) -> None:
    """Answer what was asked."""
    await _ASKED[turn.heard.intent](turn)


HANDLER = Handler(intents=tuple(_ASKED), run=notice_views, roles=STAFF)
