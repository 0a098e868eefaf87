"""What the platforms' error codes mean for us: one table (wechat.md 2.1, 5 and sections 1a-1j)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.channels.base import SendError


class Reaction(StrEnum):
    """What is done about a code."""

    REFRESH = "refresh"  # a new token once, then the call once more
    WAIT = "wait"  # too much at once: later
    BUSY = "busy"  # the platform's own trouble: soon again
    OPERATOR = "operator"  # nothing will go until somebody changes a setting: the channel rests
    UNREACHABLE = "unreachable"  # this person or group cannot be reached here: another way
    MISTAKE = "mistake"  # this message is refused for good


@dataclass(frozen=True, slots=True)
class Code:
    """A code's reaction; `after` in seconds for those that wait."""

    reaction: Reaction
    after: float = 0.0


_WAIT, _OPERATOR, _GONE = (
    Code(Reaction.WAIT, 60.0),
    Code(Reaction.OPERATOR),
    Code(Reaction.UNREACHABLE),
)
CODES: dict[int, Code] = {
    -1: Code(Reaction.BUSY, 2.0),
    40001: _OPERATOR,  # WeCom: a wrong secret. An official account's own table overrides it
    40003: _GONE,  # invalid openid or userid
    40013: _OPERATOR,
    40014: Code(Reaction.REFRESH),
    40056: Code(Reaction.MISTAKE),
    40058: Code(Reaction.MISTAKE),
    40096: _GONE,  # invalid external user
    40125: _OPERATOR,  # official account: a wrong secret
    40164: _OPERATOR,
    41001: Code(Reaction.MISTAKE),
    41063: Code(Reaction.WAIT, 30.0),
    42001: Code(Reaction.REFRESH),
    43004: _GONE,  # not a follower
    43101: _GONE,  # no consent to subscribe messages
    44001: Code(Reaction.MISTAKE),
    45002: Code(Reaction.MISTAKE),  # too long
    45009: _WAIT,
    45015: _GONE,  # official account: the window is over
    45033: Code(Reaction.WAIT, 5.0),
    45047: _GONE,  # official account: too many messages in the window
    48001: _OPERATOR,
    48002: _OPERATOR,
    50001: _OPERATOR,
    60011: _OPERATOR,
    60020: _OPERATOR,
    60111: _GONE,  # no such member
    61004: _OPERATOR,
    81013: _GONE,
    81017: Code(Reaction.MISTAKE),
    84061: _GONE,  # no relation to that person
    86003: _GONE,  # no such group chat
    93000: _GONE,  # the robot was removed or its key is wrong
    93006: _GONE,
    95001: _GONE,  # customer service: too many messages
    95002: _GONE,  # customer service: the window is over
    95007: _GONE,
    95013: _GONE,  # customer service: the session is over
    95016: _GONE,
    95018: _GONE,  # customer service: the session is in another state
    301002: _OPERATOR,
    846605: Code(Reaction.MISTAKE),
    846608: Code(Reaction.MISTAKE),
    853006: Code(Reaction.MISTAKE),
}
# A refused message was not shown, so trying again cannot double it, and the outbox bounds the
# tries: better than to lose a notice over a code nobody has published.
_UNKNOWN = Code(Reaction.BUSY, 30.0)


def reaction(code: int, own: Mapping[int, Code] | None = None) -> Code:
    """What a code means; `own` overrides the table for one channel."""
    return (own or {}).get(code) or CODES.get(code, _UNKNOWN)


def refusal(code: int, own: Mapping[int, Code] | None = None, after: float = 0.0) -> SendError:
    """The error of a refused message, its flags set by the code's reaction.

    `after`: seconds the whole channel rests, where that is longer than the code's own wait.
    """
    found = reaction(code, own)
    return SendError(
        f"refused with {code}",
        retryable=found.reaction
        in (Reaction.WAIT, Reaction.BUSY, Reaction.REFRESH, Reaction.OPERATOR),
        unreachable=found.reaction is Reaction.UNREACHABLE,
        retry_after=max(found.after, after) or None,
        code=code,
    )
