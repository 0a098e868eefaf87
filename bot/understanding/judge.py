"""Weighs free wording: which kind of message it is, and whether it should become a case.

The model says how likely each kind and each category is. What follows from that is decided
in zones.py.
"""

from dataclasses import dataclass
from datetime import timedelta
from operator import itemgetter

from bot.understanding import features, handing, spans, talk, zones
from bot.understanding.kinds import STAFF_KINDS
from bot.understanding.model import Model
from bot.understanding.normalise import Clean
from bot.understanding.shapes import Heard, Location, Understanding
from bot.understanding.words import any_of, lazy, lexicon

_STAFF = lexicon("staff")
_RETURNED, _EXTEND, _QUESTION = (any_of(_STAFF[key]) for key in ("return", "extend", "question"))
_FOUND, _NO_CANCEL = any_of(_STAFF["found"]), any_of(_STAFF["no_cancel"])
_TOLD = any_of(_STAFF["told"])
_RATES = any_of(_STAFF["rates"])
_NOT_DONE, _NOT_TAKEN = any_of(_STAFF["not_done"]), any_of(_STAFF["not_taken"])
_CANNOT, _ELSEWHERE = any_of(_STAFF["cannot"]), any_of(_STAFF["elsewhere"])
_BARE_EXTEND = any_of(_STAFF["bare_extend"])
STAFF_ONLY = "worker_"
_UP, _HELP = "worker_escalate", "worker_help"
_FOR_HELP = 0.3  # less likely than that, nobody asked for all that can be said
_STEPS = ("worker_accept", "worker_arrive", "worker_done")
# What of a worker's wording leaves out which steps.
_UNSAID = (
    (_RATES, STAFF_KINDS),
    (_QUESTION, _STEPS),
    (_NOT_DONE, _STEPS),
    (_CANNOT, _STEPS),
    (_ELSEWHERE, ("worker_arrive",)),
    (_NOT_TAKEN, ("worker_accept",)),
)
_ARROWS = 0x2190  # from here on, signs are pictures rather than punctuation
_ONLY_ADDRESS = lazy(  # 新桥里7号楼: an estate's name may stand before it
    r"(?:[\u4e00-\u9fff]{1,3}(?:苑|园|城|府|庭|湾|坊|小区|新村|公寓|(?<![家屋楼梯库])里) ?)?"
    r"(?:[0-9a-z \-,.。#()零〇一二三四五六七八九十百两号楼栋幢座室层房我家住在是的门]|单元){1,24}"
)
_FLOOR = lazy(r"[0-9一二三四五六七八九十]{1,3}[楼层]")  # 一楼 alone may be a house or a floor
_BELOW_EXPLICIT = 0.94  # surer is only who used a command word (bot.turn.EXPLICIT)
_FIRST = 3
_CERTAIN, _HARDLY = 0.9, 0.5
_GUESS = 0.2  # a less likely step moves no case
_AMONG_NEIGHBOURS = 6.0  # what the ways of neighbours' talk add to the share of chat
_NO_DOUBT = 0.95  # so surely a report that the ways of neighbours' talk do not count


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict on free wording."""

    intent: str
    sure: float
    words: str = ""
    categories: tuple[str, ...] = ()
    category_sure: float = 0.0
    name: str | None = None
    duration: timedelta | None = None
    action: str = "silent"
    fresh: bool = False
    suspect: bool = False
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shares:
    """How likely each kind and each category is, that it is urgent, and that its place counts."""

    kinds: dict[str, float]
    about: dict[str, float]
    urgent: float
    place: float


def shares(heard: Heard, plain: str, where: Location, model: Model) -> Shares:
    """What the model makes of a message with this address and place in it."""
    seen = features.gist(plain)
    signs = features.signs(seen, staff=heard.staff, where=where if seen == plain else None)
    sums, parts = model.sums(signs, features.grams(seen)), model.parts
    without = _not_by_staff(plain) if heard.staff else _not_by_residents(heard, plain)
    return Shares(
        parts["intent"].shares(sums, without),
        parts["category"].shares(sums),
        parts["urgent"].shares(sums)["yes"],
        parts["place"].shares(sums)["yes"] if where.place else 0.0,
    )


def judge(heard: Heard, text: Clean, plain: str, base: Understanding, found: Shares) -> Judged:
    """The verdict."""
    if plain and (greeted := _greeted(heard, text, plain)):
        return greeted
    if wordless := _wordless(plain, base):
        return Judged(*wordless, words=text.tidy, why=("wordless",))
    kinds = _without_guesses(_with_rules(found.kinds, heard, plain), plain)
    intent = max(kinds, key=kinds.__getitem__)
    sure = min(kinds[intent], _BELOW_EXPLICIT)
    why = tuple(f"{kind} {share:.2f}" for kind, share in best_of(kinds))
    if heard.staff and (step := _by_staff(intent, sure, text, plain)):
        return step
    best = best_of(found.about)
    action = zones.action(kinds, best[0][1], heard, plain, base)
    return Judged(
        intent,
        sure,
        words=text.tidy,
        categories=tuple(code for code, _ in best),
        category_sure=best[0][1],
        action=action,
        fresh=kinds["report"] >= _HARDLY and base.location.numbered,
        suspect=action == "silent" and zones.suspicious(kinds) and not _waits(heard, plain),
        why=(*why, *(f"{code} {share:.2f}" for code, share in best)),
    )


def _without_guesses(kinds: dict[str, float], plain: str) -> dict[str, float]:
    """Without the steps of the work where the likeliest of all is one and yet a mere guess.

    What goes up to the level above has to be said in a word of it.
    """
    best = max(kinds, key=kinds.__getitem__)
    if best == _UP and kinds[best] < _HARDLY and best not in talk.steps(plain):
        kinds = {kind: share for kind, share in kinds.items() if kind != _UP}
        best = max(kinds, key=kinds.__getitem__)
    least = _FOR_HELP if best == _HELP else _GUESS
    if not best.startswith(STAFF_ONLY) or kinds[best] >= least:
        return kinds
    return {kind: share for kind, share in kinds.items() if kind not in STAFF_KINDS}


def _with_rules(found: dict[str, float], heard: Heard, plain: str) -> dict[str, float]:
    """The shares of the kinds, moved by the few wordings that leave no doubt."""
    kinds = dict(found)
    if _waits(heard, plain):
        kinds["chat"] += _AMONG_NEIGHBOURS
    if heard.staff:
        if _FOUND.search(plain):
            kinds["report"] += 1.0 + 2 * talk.problem(plain)
        for kind, weight in talk.steps(plain).items():
            if kind in kinds:
                kinds[kind] += weight
    elif not heard.private and kinds["report"] < _NO_DOUBT and talk.among_neighbours(plain):
        kinds["chat"] += _AMONG_NEIGHBOURS
    whole = sum(kinds.values())
    return {kind: share / whole for kind, share in kinds.items()}


def _waits(heard: Heard, plain: str) -> bool:
    """Whether who is asked if it is fixed cannot tell yet."""
    return heard.question == "satisfied" and talk.undecided(plain)


def best_of(found: dict[str, float]) -> list[tuple[str, float]]:
    """The likeliest three with their shares, best first."""
    return sorted(found.items(), key=itemgetter(1), reverse=True)[:_FIRST]


def _not_by_residents(heard: Heard, plain: str) -> tuple[str, ...]:
    """What a resident does not mean: no step of the work, and no verdict he was not asked for.

    While he is asked whether it is fixed, among neighbours, `answers` has heard whatever can be
    a verdict; the rest is talk.
    """
    found = STAFF_KINDS
    if _NO_CANCEL.search(plain):
        found += ("cancel",)
    if heard.question == "satisfied" and not heard.private:
        found += ("confirm_ok", "confirm_bad")
    return found


def _not_by_staff(plain: str) -> tuple[str, ...]:
    """What a worker does not mean: he does not judge repairs, and what he asks is not done."""
    found = ["confirm_bad"]
    for said, steps in _UNSAID:
        if said.search(plain):
            found += steps
    told = _TOLD.search(plain) or handing.told_by(plain)
    if told and not handing.handed_over(plain):
        found.append("worker_transfer")  # who tells what the office said has asked it already
    elif handing.caused(plain) or not handing.hands_over(plain):
        found.append("worker_transfer")
    return tuple(found)


def _greeted(heard: Heard, text: Clean, plain: str) -> Judged | None:
    """A worker's "got it" or "done" moves a case only in private, or as the answer to one."""
    if heard.private and talk.whether_there(plain):
        return Judged("chat", _CERTAIN, words=text.tidy, action="ask", why=("greeting",))
    done = talk.ready(plain)
    if not heard.staff or not (done or talk.nod(plain)):
        return None
    if heard.private or heard.quote:
        intent = "worker_done" if done else "worker_accept"
        return Judged(intent, _CERTAIN, words=text.tidy, action="command", why=("nod",))
    return Judged("chat", _CERTAIN, words=text.tidy, why=("nod",))


def _wordless(plain: str, base: Understanding) -> tuple[str, float] | None:
    """What holds no sentence: signs, stickers, cards, greetings, or nothing but an address."""
    if not plain or talk.system(plain):
        return "other", _CERTAIN
    if talk.emoji_only(plain):
        pictures = any(ord(char) > _ARROWS or char == "[" for char in plain)
        return ("chat" if pictures else "other"), _CERTAIN
    if talk.empty_talk(plain):
        return "chat", _CERTAIN
    if (base.location.numbered or _FLOOR.search(plain)) and _ONLY_ADDRESS.fullmatch(plain):
        return "other", _CERTAIN
    if not talk.speaks(plain) and not base.location:
        return "other", _HARDLY
    return None


def _by_staff(intent: str, sure: float, text: Clean, plain: str) -> Judged | None:
    """A step of a case in a worker's own words; None when it is none."""
    if _EXTEND.search(plain):
        duration, words = spans.extension(text)
        if duration is None and _BARE_EXTEND.fullmatch(plain):
            words = ""  # neither how long nor why: it is asked
        return Judged(
            "worker_extend", sure, words, duration=duration, action="command", why=("extend",)
        )
    if _RETURNED.search(plain) and not handing.handed_over(plain):
        return Judged("worker_return", sure, text.tidy, action="command", why=("return",))
    if not intent.startswith(STAFF_ONLY):
        return None
    name = handing.freely_named(text) if intent == "worker_transfer" else None
    return Judged(intent, sure, text.tidy, name=name, action="command", why=("staff",))
