"""Who gets a case from a worker, in his own words: an office or a colleague, named or implied."""

import re
from collections.abc import Sequence

from bot.understanding.normalise import EDGES, Clean
from bot.understanding.words import any_of, lazy, lexicon, longest_first

_DATA = lexicon("commands")
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


def sent_on(plain: str) -> bool:
    """Whether an office is said to get it by the word for that: 物业的事，转物业."""
    return bool(_SENT_ON.search(plain))
