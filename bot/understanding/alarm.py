"""Whether a danger is there right now: the rules for dangers and the trained model, weighed together.

Rules and model go wrong on different messages: together they miss less (docs/understanding.md).
"""

from bot.understanding import urgent
from bot.understanding.urgent import Danger
from bot.understanding.words import lexicon

_ZONE = lexicon("zones")["urgent"]
_BY_RULE, _BY_SMELL, _ENOUGH = (float(_ZONE[key]) for key in ("rule", "smell", "enough"))


def danger(plain: str, share: float) -> Danger | None:
    """The danger in a message that the model holds to be urgent with this share (0 to 1)."""
    found = urgent.danger(plain)
    score = share + _BY_SMELL * urgent.alarm(plain) + (_BY_RULE if found is not None else 0.0)
    if score < _ENOUGH:
        return None
    return found or Danger("other", "other")
