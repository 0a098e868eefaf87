"""Whether a danger is there right now: the rules and the trained model, weighed together.

Rules and model go wrong on different messages: together they miss less (docs/understanding.md).
"""

from bot.understanding import urgent
from bot.understanding.urgent import Danger
from bot.understanding.words import any_of, lexicon

_ZONE = lexicon("zones")["urgent"]
_BY_RULE, _BY_SMELL = float(_ZONE["rule"]), float(_ZONE["smell"])
_ENOUGH, _ALONE = float(_ZONE["enough"]), float(_ZONE["alone"])
_SURE = float(_ZONE["sure"])
_DOUBTED, _PLAIN = float(_ZONE["doubted"]), float(_ZONE["plain"])
_INCONVENIENT = any_of(_ZONE["inconvenient"])

_NAMES = tuple(
    (Danger(one["category"], one["hazard"]), any_of(one["any"])) for one in _ZONE["named"]
)
_GENERAL = ("other", "violence")
_CALM = tuple(
    (frozenset(one["hazards"]), any_of(one["any"]), any_of(one["unless"])) for one in _ZONE["calm"]
)


def danger(plain: str, share: float) -> Danger | None:
    """The danger in a message that the model holds to be urgent with this share (0 to 1)."""
    found = _weighed(plain, share)
    if found is not None and share < _SURE and _calm(found, plain):
        return None
    return found


def _weighed(plain: str, share: float) -> Danger | None:
    """The danger that rules and model make of a message together."""
    found, smell = urgent.danger(plain), urgent.alarm(plain)
    if share + _BY_SMELL * smell + (_BY_RULE if found is not None else 0.0) < _ENOUGH:
        return None
    if found is None and (_INCONVENIENT.search(plain) or urgent.imagined(plain)):
        # The rules know it for a nuisance or a fear: the model must be very sure.
        return Danger("other", "other") if share >= _SURE else None
    if found is None and smell == 0.0:
        return Danger("other", "other") if share >= _ALONE else None
    if found is not None and share < _DOUBTED and smell < _PLAIN:
        return None  # 差点摔跤: words of a danger, in a sentence that is hardly ever one
    return _named(found or Danger("other", "other"), plain)


def _calm(found: Danger, plain: str) -> bool:
    """Whether this danger is over, or was never there: 已经送医院了, 差点摔了."""
    return any(
        found.hazard in hazards and words.search(plain) and not unless.search(plain)
        for hazards, words, unless in _CALM
    )


def _named(found: Danger, plain: str) -> Danger:
    """The danger with its own name where the rules know only a general one: 救命 in a lift."""
    if found.hazard not in _GENERAL:
        return found
    return next((named for named, words in _NAMES if words.search(plain)), found)
