"""接单 G1001 by somebody who is no staff: a plain answer, and nothing moves."""

from bot.cases.not_his import refused
from bot.turn import Handler

HANDLER = Handler(intents=("not_his",), run=refused)
