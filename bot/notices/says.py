"""How the handlers of notices refuse: at once, with the reason and the nearest right thing."""

from collections.abc import Awaitable, Callable
from functools import wraps

from bot.notices.audience import Refused
from bot.turn import Turn

_Run = Callable[[Turn], Awaitable[None]]


def refusing(run: _Run) -> _Run:
    """Let a handler raise Refused; nothing it did before stays said."""

    @wraps(run)
    async def wrapped(turn: Turn) -> None:
        try:
            await run(turn)
        except Refused as why:
            if why.reason == "privately" and not turn.addressed:
                return  # staff talk to neighbours: 通知 ... in their group is no command
            if why.reason == "nothing_waits" and not turn.addressed:
                return
            values = {"wanted": "", "contact": [], "count": 0, "most": 0, "person": "", "when": ""}
            turn.work.reply(
                "replies/notice_refused",
                {
                    **values,
                    "lately": 0,
                    "kind": "",
                    "others": [],
                    **why.values,
                    "reason": why.reason,
                },
            )

    return wrapped
