"""Explicit command words: what staff and residents type to make the bot do something."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.understanding import category
from bot.understanding.normalise import EDGES, NUMBER, Clean, number
from bot.understanding.sieve import Sieves
from bot.understanding.slots import case_number
from bot.understanding.spans import extension
from bot.understanding.visit_sayings import not_made
from bot.understanding.words import any_of, lazy, lexicon, longest_first

_DATA = lexicon("commands")
_STAFF: dict[str, str] = {
    word: intent for intent, words in _DATA["staff"].items() for word in words.split()
}
_ALL: dict[str, str] = {
    word: intent for intent, words in _DATA["all"].items() for word in words.split()
}
_EXACT: dict[str, str] = {
    word: intent for intent, words in _DATA["exact"].items() for word in words.split()
}
# Whole messages by their shape: what a group named `words` holds goes along with the command.
_BLOCKS = lazy(r"<(" + "|".join(_DATA["blocks"]) + ")>")
_SAYINGS = {
    who: Sieves(
        {
            intent: [_BLOCKS.sub(lambda found: _DATA["blocks"][found[1]], one) for one in shapes]
            for intent, shapes in _DATA["sayings"].get(who, {}).items()
        }
    )
    for who in ("staff", "all")
}
# What a case's step comes with, as its reason or result, where the step's word stands first.
_BESIDE_A_STEP = ("leave_ask", "visited")
_SAYING = 4000  # characters; a notice that is too long is to be told so
CORRECTIONS = tuple(_DATA["correct"])
_CORRECT = {word: intent for intent, words in _DATA["correct"].items() for word in words.split()}
_STAFF_WORD = longest_first(_STAFF)
_ALL_WORD = longest_first(_ALL)
_OTHER_WORD = any_of(_DATA["other_word"])
_ASKED = any_of(_DATA["asked"])
_LIST_OWN = any_of(_DATA["list_own"])
# "取消" alone or before a case withdraws; "取消停车费" wants something else.
_LOOSE = frozenset("取消 撤销 撤回".split())
_LOOSE_REST = lazy(r"$|[ ,。!吧了]|g ?[0-9]|[0-9]|案|工单|报|这|那|刚|我|上门")
_BARE_NUMBER = lazy(r"[ :,#]{0,3}([0-9]{4,40})(?![0-9]|元|块|年|号楼|栋|幢|单元|室)")
_NUMBERED = lazy(r"号(?:案件?|工?单)?(?![楼院栋幢门])")
_OPEN_THOSE = lazy(
    rf"(?:{longest_first(_DATA['correct']['open_case'].split()).pattern})[ ,:第]*"
    rf"({NUMBER}(?:[ ,、和]+{NUMBER})*) ?[条个件]?"
)
_CLASSIFY = lazy(
    rf"(?:{longest_first(_DATA['correct']['reclassify'].split()).pattern})"
    r"(?P<to>[成为是到])?(?P<gap>[ :,]*)"
)
_BIND = lazy(r"^绑定 ?(网格|片区)?[ :]{0,3}(.{0,60})$")
_OFFICE = longest_first(_DATA["offices"].split())
_OFFICE_LED = lazy(
    rf"[^ ,。;:!?]{{0,8}}?(?:{_OFFICE.pattern})(?:公司|队|部门|中心|局|所|(?<!物业)办)?"
)
_GIVEN = lazy(r"^(?:派|转)?(?:给|到|至|由|去|往|请|让|叫|找)+ ?")
_OFFICE_NAME = rf"(?:{_OFFICE.pattern})(?:公司|中队|大队|队|部门|中心|局|所|站)?"
_OFFICE_FOUND = lazy(_OFFICE_NAME)
_TAIL = lazy(
    r"(?:他们|你们|那边|这边)?(?:去|来|帮忙|负责|统一)?(?:处理|办理|办|弄|看看|看一下|看|跟进|解决|维修|修|管|接手|接)?(?:一下)?(?:吧|了|啦|哈|啊|呢)?$"
)
_TO = lazy(r"(?:转派|派|转|移交|交|推送?)(?:给|到|至|由)([^ ,。;:!?]{1,16})")
_SENT = lazy(rf"转(?:给|到|至|由)?({_OFFICE_NAME})")
_STEP_ENDS = lazy(r"$|[ ,.:;。!#]|g ?[0-9]")
# Round to the community or another grid one walks; an office a case is sent on to.
_SENT_ON = lazy(
    rf"转(?:给|交)?(?!街道|社区(?!医院)|居委会|网格|志愿者)(?:{_OFFICE_NAME})"
    r"(?:去|来)?(?:处理|办理|办|修|管|弄)?[吧了]?(?:$|[ ,。;!])"
)
_OWNED = lazy(r"(?:归|属于|该|应该是?|是|找|由)([^ ,。;:!?]{1,10}?)(?:管|负责|的事|处理|的)")
_OWNED_BY_OFFICE = lazy(rf"(?<!不)(?:归|属于|该|应该是?|找|由|请|让|叫|给)({_OFFICE_NAME})")
# The street and the community are higher up, not somebody else of the same rank.
_HANDED_OVER = lazy(
    r"(?<![不没])(?:请|让|叫|找|由|给|要|归|得|该)(?:一下|下)?(?:[^ ,。;!?不没]{0,4}?)"
    rf"(?!街道|社区(?!医院)|居委会|网格)(?:{_OFFICE_NAME})"
    r"(?:[^,。;!?]{0,4}?(?:处理|解决|来(?:弄|修|办|处理|管|搞|做)?|去(?:弄|修|办|处理|管|搞|做)?|办|弄|修|管|负责|跟进|接手)"
    r"(?:一下|下|吧|的)?|帮忙|吧)?(?:$|[ ,。;!])"
)
_WORDING = _DATA["handing"]
_HANDING, _CAUSED = any_of(_WORDING["words"]), any_of(_WORDING["caused"])
_CAUSED = lazy(f"{_CAUSED.pattern}|(?:{_OFFICE.pattern}){_WORDING['by_office']}")
_SAYS = lazy(f"(?:{_OFFICE.pattern})(?:{any_of(_WORDING['says']).pattern})")
_SENT_HIM, _FOLLOWED, _CALLED, _ASKED_OF, _ABOUT_HIM = (
    any_of(_WORDING[key]) for key in ("sent", "followed", "called", "asked_of", "about_him")
)
_OFFICE_KIND = lazy(
    r"(?:的?(?:公司|单位|部门|厂家|师傅|人员|同志|中心|中队|大队|队|局|所|站|办|科|处|那边))$"
)
_PRONOUN = lazy(r"^(?:我|谁|哪|他们?|她们?|它|那边|对方|别人|人家|你们?|专业单位)")
_SHORT = 24
_NAME, _SHORT_NAME = 12, 4


@dataclass(frozen=True, slots=True)
class Command:
    """A command word with what came with it."""

    intent: str
    words: str = ""
    case_number: str | None = None
    name: str | None = None
    duration: timedelta | None = None


def parse(text: Clean, *, staff: bool) -> Command | None:
    """The command this text begins with, or None."""
    head = text.strip(EDGES)
    if whole := _whole(head, staff=staff):
        return whole
    if bind := _BIND.match(head.plain):
        return _bound(head, bind)
    number_first, rest = without_number(head, leading=True)
    words, pattern = (_STAFF, _STAFF_WORD) if staff else (_ALL, _ALL_WORD)
    match = pattern.match(rest.plain) or (_ALL_WORD.match(rest.plain) if staff else None)
    if match is None or _OTHER_WORD.match(rest.plain[match.end() :]):
        return None
    if _ASKED.match(rest.plain[match.end() :]):
        return Command("progress", rest.tidy, number_first) if number_first else None
    if match[0] in _LOOSE and not _LOOSE_REST.match(rest.plain, match.end()):
        return None
    intent = words.get(match[0]) or _ALL[match[0]]
    return _filled(intent, rest.cut(match.end()), number_first)


def _whole(head: Clean, *, staff: bool) -> Command | None:
    """What the message as a whole stands for."""
    exact = _exact(head.plain, staff=staff)
    if exact:
        return Command(exact)
    told = _saying(head, staff=staff) or (_correction(head) if staff else None)
    if told is not None and told.intent in _BESIDE_A_STEP and _of_a_case(head):
        return None
    return told or (Command("visited") if staff and not_made(head.plain) else None)


def _saying(head: Clean, *, staff: bool) -> Command | None:
    """A whole message that has the shape of a command."""
    if len(head.plain) > _SAYING:
        return None
    told = _SAYINGS["staff"].whole(head.plain) if staff else None
    told = told or _SAYINGS["all"].whole(head.plain)
    if told is None:
        return None
    intent, match = told
    start, end = match.span("words") if "words" in match.re.groupindex else (0, 0)
    return Command(intent, head.tidy[start:end].strip(EDGES))


def _of_a_case(head: Clean) -> bool:
    """Whether a step of a case is told first, or that an office gets it: 退回 我在休假, 转物业."""
    _, rest = without_number(head, leading=True)
    step = _STAFF_WORD.match(rest.plain)
    if step is not None and _STAFF[step[0]] != "worker_visit":
        return bool(_STEP_ENDS.match(rest.plain, step.end()))
    return bool(_SENT_ON.search(rest.plain))


def _exact(plain: str, *, staff: bool) -> str | None:
    """What the whole message stands for."""
    if staff and len(plain) <= _SHORT and _LIST_OWN.match(plain):
        return "my_cases"
    return _EXACT.get(plain.replace(" ", "").rstrip(EDGES))


def _correction(head: Clean) -> Command | None:
    """What staff say the bot got wrong: the whole message and nothing else."""
    case, rest = without_number(head)
    rest = rest.strip(EDGES)
    if intent := _CORRECT.get(rest.plain.replace(" ", "")):
        return Command(intent, case_number=case)
    if those := _OPEN_THOSE.fullmatch(rest.plain):
        numbers = (number(one) for one in re.findall(NUMBER, those[1]))
        return Command("open_case", " ".join(numbers), case)
    match = _CLASSIFY.match(rest.plain)
    if match is None:
        return None
    name = rest.cut(match.end()).strip(EDGES)
    parted = bool(match["to"] or match["gap"])
    if _ASKED.match(name.plain) or not _is_category(name.plain, parted=parted):
        return None
    return Command("reclassify", name.tidy, case)


def _is_category(plain: str, *, parted: bool) -> bool:
    """Whether this may name a category; right behind 分类 only a short word that is one."""
    if _OTHER_WORD.match(plain):
        return False
    if parted:
        return 0 < len(plain) <= _NAME
    return 0 < len(plain) <= _SHORT_NAME and bool(category.scores(plain))


def _bound(head: Clean, bind: re.Match[str]) -> Command:
    """A binding: of a group to a grid, or of a person to a code."""
    intent = "bind_grid" if bind[1] else "bind_me"
    return Command(intent, name=head.tidy[bind.start(2) : bind.end(2)].strip(EDGES) or None)


def _filled(intent: str, rest: Clean, known: str | None) -> Command:
    """The command with its number, its name or duration, and the words that remain."""
    found, rest = without_number(rest)
    case = known or found
    if case is None and (bare := _BARE_NUMBER.match(rest.plain)):
        case, rest = f"G{bare[1]}", rest.cut(bare.end())
    if case and (counter := _NUMBERED.match(rest.plain)):
        rest = rest.cut(counter.end())
    rest = rest.strip(EDGES)
    if intent == "worker_transfer":
        name, words = named(rest)
        return Command(intent, words, case, name)
    if intent == "worker_extend":
        span, words = extension(rest)
        return Command(intent, words, case, duration=span)
    return Command(intent, _unfilled(rest), case)


def _unfilled(rest: Clean) -> str:
    """The remaining words without the filler right behind the command word."""
    body = rest.tidy
    while body[:1] in {"了", "啦", "吧", "哈", "呀", "啊"}:
        body = body[1:].strip(EDGES)
    return body


def without_number(text: Clean, *, leading: bool = False) -> tuple[str | None, Clean]:
    """The case number and the text without it; with `leading` only where the text begins so."""
    found = case_number(text.plain)
    if found is None or (leading and found[1] > 0):
        return None, text
    value, start, end = found
    gap = " " if start > 0 and end < len(text.plain) else ""
    rest = Clean(
        text.tidy[:start] + gap + text.tidy[end:], text.plain[:start] + gap + text.plain[end:]
    )
    return value, rest.strip(EDGES)


def named(rest: Clean) -> tuple[str | None, str]:
    """To whom it goes, and the words after that: the first word behind 给."""
    lead = _GIVEN.match(rest.plain)
    body = rest.cut(lead.end() if lead else 0).strip(EDGES)
    if not body.plain:
        return None, ""
    cut = re.search(r"[ ,。;:!?、]", body.plain)
    first, after = (
        (body.cut(0, cut.start()), body.cut(cut.end())) if cut else (body, body.cut(0, 0))
    )
    words = after.strip(EDGES).tidy
    if office := _OFFICE_LED.match(first.plain):
        tail = first.cut(office.end())
        if _TAIL.fullmatch(tail.plain):
            return first.tidy[: office.end()], words
    kept = _TAIL.sub("", first.plain)
    return first.tidy[: len(kept)] or None, words


def office_stem(name: str) -> str:
    """The name of an office without the word that only says that it is one."""
    stem = _OFFICE_KIND.sub("", name)
    return stem if len(stem) > 1 else name


def handed_over(plain: str) -> bool:
    """Whether a worker says that an office should do it: 请供电所处理."""
    return bool(_HANDED_OVER.search(plain))


def hands_over(plain: str) -> bool:
    """Whether a hand-over is told of at all: it needs an office, or a word of handing over."""
    return bool(_OFFICE_FOUND.search(plain) or _HANDING.search(plain))


def caused(plain: str) -> bool:
    """Whether somebody was made to do it, or did it already: 让他关了阀门, 派出所已经教育过了."""
    return bool(_CAUSED.search(plain))


def told_by(plain: str) -> bool:
    """Whether an office's words are told: it was asked already."""
    return bool(_SAYS.search(plain))


def handed_to(plain: str, names: Sequence[str]) -> str | None:
    """The colleague a worker hands his work to by name: 让沈亮去, 何梅你帮我接一下."""
    for name in names:
        at = plain.find(name)
        if at < 0 or _ABOUT_HIM.search(plain, at):
            continue
        behind = plain[at + len(name) :]
        if _SENT_HIM.search(plain[:at]) and _FOLLOWED.match(behind):
            return name
        if _CALLED.fullmatch(plain[:at]) and _ASKED_OF.match(behind):
            return name
    return None


def freely_named(text: Clean) -> str | None:
    """To whom a freely worded hand-over goes."""
    for pattern in (_SENT, _TO, _OWNED_BY_OFFICE, _OWNED):
        for match in pattern.finditer(text.plain):
            if not _PRONOUN.match(match[1]):
                name, _ = named(text.cut(*match.span(1)))
                if name:
                    return name
    office = _OFFICE_FOUND.search(text.plain)
    return text.tidy[office.start() : office.end()] if office else None
