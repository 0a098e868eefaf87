"""确认: one word by the right person sends what waits for him."""

from bot.notices.approval import approve
from bot.notices.says import refusing
from bot.turn import STAFF, Handler

HANDLER = Handler(intents=("notice_yes",), run=refusing(approve), roles=STAFF)
