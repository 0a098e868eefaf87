"""意见清单 and 答复: what neighbours thought of a proposal, each with its answer (domain.md I2)."""

import re

from bot.deliberation import entitled, meant, step
from bot.turn import Handler, Turn
from domain.deliberation import Act
from domain.errors import NotAllowed
from scheduler.proposals import said_of, view

_MOST = 20  # lines; more are not read in a chat
_NUMBERED = re.compile(r"([0-9]{1,4})[ :,.、]*(.+)", re.DOTALL)


async def listed(turn: Turn) -> None:
    """The comments and their answers; nobody's name."""
    proposal, _ = await meant(turn)
    found = await said_of(turn.work, proposal)
    shown = [{"number": one.number, "words": one.words, "answer": one.answer} for one in found]
    values = {
        "comments": shown[:_MOST],
        "total": sum(bool(one.words) for one in found),
        "answered": sum(bool(one.words and one.answer) for one in found),
        "more": max(0, len(found) - _MOST),
    }
    turn.work.reply("replies/comments", view(turn.work, proposal) | values)


async def answer(turn: Turn) -> None:
    """Answer one, and tell who made it where he can be told alone."""
    proposal, rest = await meant(turn)
    entitled(turn, proposal)
    found = _NUMBERED.fullmatch(rest)
    before = await said_of(turn.work, proposal)
    number, words = (int(found[1]), found[2]) if found else (0, "")
    remark = next((one for one in before if one.number == number and one.words), None)
    if remark is None:
        raise NotAllowed("no_such_comment")
    moved = await step(turn, proposal, Act.ANSWER, f"{number} {words}")
    left = sum(one.waits for one in before if one.number != number)
    values = view(turn.work, moved) | {"number": number, "left": left, "told": 0}
    turn.work.reply("replies/comment_answered", values)
    if remark.by != turn.speaker.id:
        more = {"told": 1, "said": remark.words, "words": words}
        key = f"d{moved.id}:{moved.version}:answer"
        turn.work.whisper(remark.by, "replies/comment_answered", values | more, key=key)


async def comments(turn: Turn) -> None:
    """List or answer."""
    await (answer if turn.heard.intent == "comment_answer" else listed)(turn)


HANDLER = Handler(intents=("comment_list", "comment_answer"), run=comments)
