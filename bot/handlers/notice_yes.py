"""确认: one word by the right person sends what waits for him."""

from bot.notice_says import refusing
from bot.notices import approve
from bot.turn import STAFF, Handler

HANDLER = Handler(intents=("notice_yes",), run=refusing(approve), roles=STAFF)
