"""取消通知: before it is sent nobody hears of it, afterwards everybody hears that it is off."""

from bot.notices.changes import cancel
from bot.notices.says import refusing
from bot.turn import STAFF, Handler

HANDLER = Handler(intents=("notice_cancel",), run=refusing(cancel), roles=STAFF)
