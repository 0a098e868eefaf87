"""What words mean while a question is open: the state comes before the words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.understanding import errands, notice_shift, visits
from bot.understanding.address import first_of_several
from bot.understanding.handing import freely_named, hands_over, named, told_by
from bot.understanding.normalise import EDGES, NUMBER, Clean, clean, number
from bot.understanding.shapes import ALL, BASICALLY, YES, Heard, Location
from bot.understanding.slots import address, case_number
from bot.understanding.words import any_of, lazy, lexicon, longest_first

_DATA = lexicon("answers")
_YES = longest_first(_DATA["yes"].split())
_PARTICLE = longest_first(_DATA["particles"].split())
_NO_NEED = any_of(_DATA["no_need"])
_LATER = any_of(_DATA["later"])
_GOOD = any_of(_DATA["good"])
_FAIR = any_of(_DATA["fair"])
_BAD = any_of(_DATA["bad"])
_NOT_YET = any_of(_DATA["not_yet"])
_REPAIR = any_of(_DATA["repair"])
_NAMES = lexicon("names")
_TITLED = lazy(
    f"(?:{any_of(_NAMES['double'].split()).pattern}|[{_NAMES['single']}])"
    f"(?:{longest_first(_DATA['titles'].split()).pattern})|[老小][{_NAMES['single']}]"
)
_SAME_MATTER = any_of(_DATA["same_matter"])
_OTHER_MATTER = any_of(_DATA["other_matter"])
_APART, _TOGETHER = any_of(_DATA["apart"]), any_of(_DATA["together"])
_GRANTED, _REFUSED = any_of(_DATA["granted"]), any_of(_DATA["refused"])
_VERDICT = longest_first(_DATA["verdict"].split())
_GOES_ON = any_of(_DATA["goes_on"])
_A_SENTENCE = any_of(_DATA["no_name"])
_SIGN = lazy(r"[\u3400-\u9fffa-z0-9]")
_NTH = lazy(rf"(?:第|选|就)? ?({NUMBER}) ?(?:个|件|条|号|项|单)?(?:吧|的|呢|那个)?$")
_HELPS = r"(?:[,， ]|我|就|来|去|能|可以|愿意|帮|行|接|做|吧|的|这|那)*"  # 我能帮, 我来吧
_NTH_NEED = lazy(rf"{_HELPS}(?:第|选)? ?({NUMBER}) ?[个件条号项]?{_HELPS}")
_NEED = lazy(rf"{_HELPS}v ?[0-9]{{4,9}}{_HELPS}")
_EVERY_ONE = lazy(
    r"(?:我|这)?(?:[两2二三3四4五5]?[个件]?都|全部?都?|所有的?都?|一起|每[个件]都?)"
    r"(?:是|要|接|到|办|行|可以|好|弄|搞|处理|修|满意|算)*(?:了|完|好|结|单|吧|的|啊)*"
)
_THE_BAD_WORD = lazy(
    r"^(?:[2②二]$|(?:还是|很|非常|我|也|就是)*(?:不太|不是很|不|没)满意?[啊呀的了吧]*)"
)
_UNDERWAY = lazy(r"去|来|吃|买|玩|谢|吗|[?]")
_ASKS = lazy(r"谁|哪|什么|怎么|咋|多少|几时")
_DENIAL = lazy(r"不是|不|没有|没事|不是的|没有啊|不是啊")
_SCOPES = {"1": notice_shift.ONCE, "2": notice_shift.ALWAYS}  # as the question names them
_SENT_ON = lazy(r"(?:转派|转交|移交|转)(?!告|达|账|运)(?=[^给到至由去往])")
_LONG = 12
_SENTENCE = 24


@dataclass(frozen=True, slots=True)
class Answer:
    """An intent with its words, name and number."""

    intent: str
    words: str = ""
    name: str | None = None
    case_number: str | None = None


def yes(plain: str) -> bool:
    """Whether this is nothing but yes."""
    bare = plain.strip(EDGES)
    if not 0 < len(bare) <= _LONG:
        return False
    without, found = _YES.subn("", bare)
    return found > 0 and not _PARTICLE.sub("", without).strip(EDGES)


def goes_on(plain: str) -> bool:
    """Whether somebody says in few words that something still is as it was."""
    return len(plain) <= _LONG and bool(_GOES_ON.search(plain))


def no_need(plain: str) -> bool:
    """Whether this says that nobody has to come."""
    return bool(_NO_NEED.search(plain))


def answered(heard: Heard, text: Clean, where: Location, known: str | None) -> Answer | None:
    """What this answers, if it answers the open question at all."""
    if heard.question in {"place", "estate"}:
        return _placed(text, where, known)
    if heard.question == "satisfied":
        return satisfaction(text, generous=heard.private or _about_a_case(heard.quote))
    if heard.question in _BY_WORDS:
        return _BY_WORDS[heard.question](text)
    if heard.question == "transfer_to" and heard.staff:
        return _handed(text)
    if heard.question == "reason" and text.plain:
        return Answer("reason", text.tidy)
    return None


def _placed(text: Clean, where: Location, known: str | None) -> Answer | None:
    """An answer to "which building?" or "which estate?"."""
    if no_need(text.plain):
        return Answer("cancel", text.tidy)
    free = not _UNDERWAY.search(text.plain)
    short = len(text.plain) <= _LONG and free
    told = len(text.plain) <= _SENTENCE and free and not _ASKS.search(text.plain)
    several = told and first_of_several(text.plain) is not None
    if yes(text.plain) or where.numbered or known or several or (where.place and short):
        return Answer("place_answer", text.tidy)
    return None


def _about_a_case(quote: str) -> bool:
    """Whether the quoted message is one of the bot's about a case."""
    plain = clean(quote).plain if quote else ""
    return "满意" in plain or case_number(plain) is not None


def _verdict(plain: str) -> bool:
    """Whether chatter cannot be meant: a word of the repair, or nothing but a verdict."""
    if "满意" in plain or _REPAIR.search(plain):
        return True
    return not _SIGN.search(_VERDICT.sub("", _TITLED.sub("", plain)))


def satisfaction(text: Clean, *, generous: bool) -> Answer | None:
    """An answer to "was it fixed?": bad before fair before good, for 不满意 contains 满意."""
    bare = text.strip(EDGES)
    if _NOT_YET.search(bare.plain) and "满意" not in bare.plain:
        return None
    if not generous and not _verdict(bare.plain):
        return None
    if _BAD.search(bare.plain):
        return Answer("confirm_bad", reason(bare))
    if _FAIR.search(bare.plain):
        return Answer("confirm_ok", BASICALLY)
    if _GOOD.search(bare.plain) and (not _LATER.search(bare.plain) or "满意" in bare.plain):
        return Answer("confirm_ok", bare.tidy)
    return None


def reason(text: Clean) -> str:
    """What is wrong, without the word that only says that something is."""
    match = _THE_BAD_WORD.match(text.plain)
    return text.cut(match.end() if match else 0).strip(EDGES).tidy


def _chosen(text: Clean) -> Answer | None:
    """An answer to "which one?"."""
    if found := case_number(text.plain):
        return Answer("choice", text.tidy, case_number=found[0])
    bare = text.plain.strip(EDGES)
    if match := _NTH.fullmatch(bare):
        value = number(match[1])
        if len(value) >= len("1000"):
            return Answer("choice", value, case_number=f"G{value}")
        return Answer("choice", value)
    return Answer("choice", ALL) if _EVERY_ONE.fullmatch(bare) else None


def _same(text: Clean) -> Answer | None:
    """An answer to "is it the same matter?"; whoever says more than that is heard as usual."""
    bare = text.plain.strip(EDGES)
    if no_need(bare):
        return Answer("cancel", text.tidy)
    if len(bare) > _SENTENCE:
        return None
    if _OTHER_MATTER.search(bare):
        return Answer("same_matter", text.tidy)
    return Answer("same_matter", YES) if yes(bare) or _SAME_MATTER.search(bare) else None


def _several(text: Clean) -> Answer | None:
    """An answer to "shall they be handled apart?"; whoever says more is heard as usual."""
    bare = text.plain.strip(EDGES)
    if len(bare) > _SENTENCE:
        return None
    if no_need(bare):
        return Answer("cancel", text.tidy)
    if yes(bare) or _APART.search(bare):
        return Answer("matters", YES)
    if _TOGETHER.search(bare) or (len(bare) <= _LONG and address(bare).numbered):
        return Answer("matters", text.tidy)
    return None


def _maybe(text: Clean) -> Answer | None:
    """An answer to "is something wrong?": yes, no, or where it is."""
    bare = text.plain.strip(EDGES)
    if yes(bare):
        return Answer("maybe", YES)
    if no_need(bare) or _DENIAL.fullmatch(bare):
        return Answer("maybe", "")
    return Answer("maybe", text.tidy) if len(bare) <= _LONG and address(bare).numbered else None


def _slot(text: Clean) -> Answer | None:
    """An answer to "which of these times?": a number, another time, or that none will do."""
    bare = text.plain.strip(EDGES)
    if errands.none_fits(bare):
        return Answer("slot", "")
    if no_need(bare):
        return Answer("cancel", text.tidy)
    if match := _NTH.fullmatch(bare):
        return Answer("slot", number(match[1]))
    if len(bare) <= _SENTENCE and (errands.names_time(bare) or errands.changes(bare)):
        return Answer("slot", text.tidy)
    return None


def _hand(text: Clean) -> Answer | None:
    """An answer to "can you help?"; who looks for help himself answers nothing."""
    bare = text.plain.strip(EDGES)
    if errands.seeks(bare):
        return None
    if no_need(bare) or errands.none_fits(bare) or _DENIAL.fullmatch(bare):
        return Answer("volunteer_decline", text.tidy)
    nth = _NTH_NEED.fullmatch(bare)
    if nth:
        return Answer("volunteer_accept", number(nth[1]))
    if _NEED.fullmatch(bare):
        return Answer("volunteer_accept", text.tidy)
    if len(bare) <= _SENTENCE and (yes(bare) or errands.offers(bare)):
        return Answer("volunteer_accept", text.tidy)
    return None


def _visited(text: Clean) -> Answer | None:
    """An answer to "which one did you visit?": its number or its name."""
    bare = text.strip(EDGES)
    if not 0 < len(bare.plain) <= _SENTENCE or visits.future(bare.plain):
        return None
    nth = _NTH.fullmatch(bare.plain)
    return Answer("visit_answer", number(nth[1]) if nth else bare.tidy)


def _granted(text: Clean) -> Answer | None:
    """An answer to "may he have leave?"."""
    bare = text.plain.strip(EDGES)
    if _REFUSED.fullmatch(bare):
        return Answer("leave_refuse", bare)
    return Answer("leave_grant", YES) if yes(bare) or _GRANTED.fullmatch(bare) else None


def _scope(text: Clean) -> Answer | None:
    """An answer to "this once, or from now on?"."""
    bare = text.plain.strip(EDGES)
    nth = _NTH.fullmatch(bare)
    scope = _SCOPES.get(number(nth[1]), "") if nth else notice_shift.scope(bare)
    return Answer("notice_move", scope) if scope and len(bare) <= _LONG else None


# What is answered alike by everybody, whoever and wherever he is.
_BY_WORDS: Mapping[str, Callable[[Clean], Answer | None]] = {
    "which": _chosen,
    "same_matter": _same,
    "matters": _several,
    "maybe": _maybe,
    "visit": _visited,
    "leave": _granted,
    "slots": _slot,
    "hand": _hand,
    "notice_move": _scope,
}


def _handed(text: Clean) -> Answer | None:
    """An answer to "to whom?"."""
    bare = text.strip(EDGES)
    if yes(bare.plain):
        return Answer("worker_transfer", "是")
    if not bare.plain or no_need(bare.plain):
        return Answer("cancel", text.tidy) if bare.plain else None
    lead = _SENT_ON.match(bare.plain)
    name, words = named(bare.cut(lead.end()) if lead else bare)
    if name and (len(name) > _LONG or _A_SENTENCE.search(bare.plain)):
        told = told_by(bare.plain) or not hands_over(bare.plain)
        name = None if told else freely_named(bare)
        return Answer("worker_transfer", bare.tidy, name) if name else None
    return Answer("worker_transfer", words, name)
