"""Three zones: a case opens, the bot asks one short question, or it stays silent.

The thresholds are data (lexicon/zones.toml); how they were chosen stands in docs/understanding.md.
"""

from collections.abc import Mapping

from bot.understanding import talk
from bot.understanding.shapes import Heard, Understanding
from bot.understanding.words import lexicon

_ZONES = lexicon("zones")
_REPORT: dict[str, float] = _ZONES["report"]
_WISH: dict[str, float] = _ZONES["wish"]
_TALK: float = _ZONES["private"]["talk"]
_CASE = ("report", "suggestion", "inquiry")
_COMMANDS = frozenset("cancel confirm_ok confirm_bad".split())
_SETTLED = frozenset("chat ad cancel confirm_ok volunteer appointment".split())


def action(
    kinds: Mapping[str, float], matter: float, heard: Heard, plain: str, base: Understanding
) -> str:
    """What to do about free wording, from the shares of its kinds and of its best category."""
    intent = max(kinds, key=kinds.__getitem__)
    placed = bool(base.location.numbered or base.known_place)
    wrong = talk.problem(plain) if placed and not talk.hearsay(plain) else 0.0
    known = matter >= _REPORT["matter"] or talk.problem(plain) > 0.0
    plainly = matter >= _REPORT["certain"] and talk.problem(plain) == 1.0
    if known and _opens_report(intent, kinds["report"], wrong, placed=placed, plainly=plainly):
        return "open"
    if intent in ("inquiry", "suggestion") and _opens_wish(intent, kinds, matter, heard, plain):
        return "open"
    doubtful = _doubtful(intent, kinds["report"], wrong, plain, placed=placed)
    doubtful = doubtful or kinds[intent] < _REPORT["unlike"]
    # One question at a time, at least where neighbours read along.
    if doubtful and (heard.private or not heard.question):
        return "ask"
    if heard.private and _asked_in_private(intent, kinds[intent]):
        return "ask"
    if intent == "progress":
        return "answer"
    return "command" if intent in _COMMANDS else "silent"


def suspicious(kinds: Mapping[str, float]) -> bool:
    """Whether silence may be wrong: the worker's daily digest shows the words."""
    return kinds["report"] >= _REPORT["suspect"]


def _opens_report(intent: str, share: float, wrong: float, *, placed: bool, plainly: bool) -> bool:
    enough = "open_plain" if plainly else "open_placed" if placed else "open"
    if intent == "report" and share >= _REPORT[enough]:
        return True
    return wrong == 1.0 and intent in ("report", "other") and share >= _REPORT["open_trouble"]


def _doubtful(intent: str, share: float, wrong: float, plain: str, *, placed: bool) -> bool:
    """Whether to ask: sooner where a place or a word for trouble gives a reason to."""
    if wrong and intent not in _SETTLED:
        return True
    if placed and intent == "progress":
        return True  # asked about only where he has no case to tell of
    evident = placed or talk.problem(plain) > 0.0
    return share >= _REPORT["ask" if evident else "ask_without"]


def _opens_wish(
    intent: str, kinds: Mapping[str, float], matter: float, heard: Heard, plain: str
) -> bool:
    """A question or a wish is the community's only when it is about what that deals with."""
    whole = sum(kinds[kind] for kind in _CASE)
    here = intent == "suggestion" or heard.private or talk.asks_community(plain)
    here = here or talk.problem(plain) == 1.0
    return here and whole >= _WISH["open"] and matter >= _WISH["matter"]


def _asked_in_private(intent: str, share: float) -> bool:
    return intent in _CASE or (intent in ("chat", "other") and share < _TALK)
