"""What staff say of an activity they held: its kind, when, how many of what, and who was there."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.understanding.normalise import CHINESE_DIGIT, clean, fold, number
from bot.understanding.words import lazy, lexicon, longest_first
from domain.activities import Amount
from domain.activity_rules import Kind

_DATA = lexicon("activities")
_WORDS = {name: words.split() for name, words in _DATA["words"].items()}
_KINDS = {word: Kind(code) for code, words in _DATA["kinds"].items() for word in words.split()}
_KIND = longest_first(_KINDS)
_STAGES: dict[str, str] = {
    word: said.split()[0] for said in _DATA["stages"].values() for word in said.split()
}
_STAGE = longest_first(_STAGES)
_ORDER = [said.split()[0] for said in _DATA["stages"].values()]
_THINGS: dict[str, str] = {
    word: name for name, (_, others) in _DATA["things"].items() for word in (name, *others.split())
}
_MEASURE = {name: unit for name, (unit, _) in _DATA["things"].items()}
_THING = longest_first(_THINGS)
_VERBS = longest_first(_WORDS["verbs"]).pattern
_COUNT = lazy(
    rf"(?<![第0-9.])(?:(?P<number>[0-9]{{1,7}}(?:\.[0-9]{{1,2}}(?=万))?)(?P<ten>万)?|(?P<written>[{CHINESE_DIGIT}十百]{{1,6}}))"
    rf" ?(?:余|多|来)?(?:个(?=人))? ?(?P<unit>{longest_first(_WORDS['units']).pattern})?"
)
_PEOPLE = "参加"
_TRAINED = "培训"
_SAME = {"名": "人"}
_BARE = lazy(r"[\u4e00-\u9fff]{1,8}$")
# 32张海报; with a space between, only where that thing has no number of its own.
_BEHIND = lazy(
    rf"(?:(?:的|{_VERBS})*(?P<thing>{_THING.pattern})"
    rf"| (?P<apart>{_THING.pattern})(?! ?[0-9{CHINESE_DIGIT}十百]))"
)
_TRIM = lazy(rf"^(?:{_VERBS})+|(?:{_VERBS}|[:：])+$")
_PARTS = lazy(r"[,，。;；、!！\n ]+")
_CLAUSES = lazy(r"[,，。;；!！\n]+")
_ABSENT = longest_first(_WORDS["absent"])
_ALL_THERE, _HERE = longest_first(_WORDS["present"]), longest_first(_WORDS["here"])
_YESTERDAY, _BEFORE, _AHEAD, _YEAR, _LAST = (
    longest_first(_WORDS[name]) for name in "yesterday before ahead year last".split()
)
_DATE = lazy(r"(?<![0-9])([01]?[0-9])月([0-3]?[0-9])[日号]?(?![0-9])")
_MONTH = lazy(r"(?<![0-9])([01]?[0-9])月(?:份)?(?![0-9])")
_MOVES = lazy(rf"(?:{longest_first(_WORDS['moves']).pattern})(?:到|至|往|去|进|入)(?:了)?")
_COPULA = lazy(r" ?[是有](?= ?[0-9一二两三四五六七八九十百])")
_MOST = 9_999_999
_MONTHS = 12
_LAST_YEAR = timedelta(days=31)  # a date further ahead than that is one of last year


@dataclass(frozen=True, slots=True)
class Told:
    """An activity as it was told. `kind` None: no kind of activity is named.

    `day` None is a day that does not exist. `people` and `absent` are the names that were given,
    `all_there` that nobody was missing.
    """

    kind: Kind | None
    day: date | None
    times: int
    amounts: tuple[Amount, ...]
    stages: tuple[str, ...]
    people: tuple[str, ...]
    absent: tuple[str, ...]
    all_there: bool


def told(text: str, today: date, names: Iterable[str] = ()) -> Told:
    """Read what an activity came to; `names` are those of the staff who may be named."""
    tidy = clean(text).tidy
    plain = fold(tidy)
    kind = _KIND.search(plain)
    times, amounts = _amounts(plain, kind[0] if kind else "")
    people, absent = _people(plain, names)
    stages = {_STAGES[found] for found in _STAGE.findall(plain)}
    return Told(
        kind=_KINDS[kind[0]] if kind else None,
        day=_day(plain, today),
        times=times,
        amounts=amounts,
        stages=tuple(one for one in _ORDER if one in stages),
        people=people,
        absent=absent,
        all_there=bool(_ALL_THERE.search(plain)),
    )


def corrected(words: str, today: date) -> Told:
    """What an activity came to after all: 海报是30张; of 20人 alone the amount has no name."""
    plain = fold(clean(words).tidy).strip()
    found, alone = told(_COPULA.sub("", plain), today), _COUNT.fullmatch(plain)
    if alone is None or not alone["unit"] or alone["unit"] in _WORDS["times"]:
        return found
    unit = _SAME.get(alone["unit"], alone["unit"])
    return replace(found, amounts=(Amount("", _number(alone), unit),))


def _day(plain: str, today: date) -> date | None:
    """The day it was held: today where none is named; a date ahead is told to be refused."""
    if found := _DATE.search(plain):
        try:
            day = date(today.year, int(found[1]), int(found[2]))
            return day.replace(year=day.year - 1) if day - today > _LAST_YEAR else day
        except ValueError:
            return None
    if _AHEAD.search(plain):
        return today + timedelta(days=1)
    back = 1 if _YESTERDAY.search(plain) else 2 if _BEFORE.search(plain) else 0
    return today - timedelta(days=back)


def months(text: str, today: date) -> tuple[date, date]:
    """The days a question for sums is about: this month, or 上月, 11月, 今年, 去年."""
    plain = fold(clean(text).tidy)
    if _YEAR.search(plain):
        year = today.year - bool(_LAST.search(plain))
        return date(year, 1, 1), date(year, 12, 31)
    first = today.replace(day=1)
    named = _MONTH.search(plain)
    if named and 1 <= int(named[1]) <= _MONTHS:
        first = first.replace(month=int(named[1]))
        first = first.replace(year=first.year - (first > today))
    elif _LAST.search(plain):
        first = (first - timedelta(days=1)).replace(day=1)
    after = (first + timedelta(days=31)).replace(day=1)
    return first, after - timedelta(days=1)


def ends(words: str) -> tuple[str, str]:
    """From where to where somebody moves; "" for an end that is not told."""
    tidy = clean(words).tidy
    found = _MOVES.search(fold(tidy))
    if found is None:
        return "", ""
    return tidy[: found.start()].strip(), tidy[found.end() :].strip()


# How many of what


def _amounts(plain: str, kind: str) -> tuple[int, tuple[Amount, ...]]:
    """How many were held (1 where nobody says), and the amounts, each thing once, added up.

    培训20人 is who took part in a training, and of anything else how many it trained.
    """
    times, found = 0, dict[tuple[str, str], int]()
    rest = _DATE.sub(lambda one: " " * len(one[0]), plain)
    start = 0
    for one in _COUNT.finditer(rest):
        count, unit = _number(one), one["unit"] or ""
        before = _PARTS.split(rest[start : one.start()])[-1]
        behind = _BEHIND.match(rest, one.end())
        what = _thing(before, unit)
        if unit in _WORDS["times"]:
            times += count
        elif not what and behind:
            what = _THINGS[behind["thing"] or behind["apart"]]
        if what == _TRAINED and _KINDS.get(kind) is Kind.TRAINING:
            what = _PEOPLE
        if what and unit not in _WORDS["times"] and 0 < count <= _MOST:
            key = (what, _SAME.get(unit, unit) or _MEASURE.get(what, ""))
            found[key] = found.get(key, 0) + count
        if what or unit:
            start = behind.end() if behind and not _thing(before, unit) else one.end()
    return times or 1, tuple(Amount(what, count, unit) for (what, unit), count in found.items())


def _number(found: re.Match[str]) -> int:
    if found["written"]:
        return int(number(found["written"]))
    return round(float(found["number"]) * (10_000 if found["ten"] else 1))


def _thing(before: str, unit: str) -> str:
    """What stands before a number: a thing that is known, people, or any word with a measure."""
    words = _TRIM.sub("", before.strip())
    known = list(_THING.finditer(words))
    if known and known[-1].end() == len(words):
        return _THINGS[known[-1][0]]
    if unit in _WORDS["people"]:
        return _PEOPLE
    if not unit or unit in _WORDS["times"]:
        return ""
    bare = _BARE.search(words)
    return str(bare[0]) if bare and not _KIND.fullmatch(bare[0]) else ""


# Who was there


def _people(plain: str, names: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names in a text, apart by whether they stand beside a word for being absent."""
    by_fold = {fold(one): one for one in names}
    pattern = longest_first(by_fold)
    there: dict[str, None] = {}
    away: dict[str, None] = {}
    for clause in _CLAUSES.split(plain):
        missing = False  # 缺席 stands before the names it is about, as far as the clause goes
        for part in _PARTS.split(clause):
            mark = _ABSENT.search(part)
            found = list(pattern.finditer(part))
            if mark is None and _HERE.search(part):
                missing = False
            for one in found:
                gone = missing or (mark is not None and _beside(one, mark, found))
                (away if gone else there)[by_fold[one[0]]] = None
            if mark is not None and (not found or found[-1].start() >= mark.end()):
                missing = True
    return tuple(one for one in there if one not in away), tuple(away)


def _beside(name: re.Match[str], mark: re.Match[str], all_: Sequence[re.Match[str]]) -> bool:
    """Whether a name of the same clause is meant: 缺席钱勇, 唐静请假."""
    behind = [one for one in all_ if one.start() >= mark.end()]
    if behind:
        return name in behind
    return name.end() == max(one.end() for one in all_)
