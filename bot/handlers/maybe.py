"""The answer to "is something wrong?"."""

from bot.cases.maybe import answered
from bot.turn import Handler

HANDLER = Handler(intents=("maybe",), run=answered)
