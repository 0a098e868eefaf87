"""When an appointment is for: the one future moment a message agrees on or proposes.

Own rules and no library: those at hand read 7号楼 as the seventh of the month. What an hour means
where nobody says one (早上 is 08:00) is the labelling guideline's, section 5.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, timezone

from bot.understanding.days import PARTS, WEEK, Named, grouped
from bot.understanding.words import lazy

ZONE = timezone(timedelta(hours=8))  # Asia/Shanghai, which has kept one offset since 1991
_DAY = timedelta(days=1)
_NOON = 12
# Where a part of the day does not tell: 中午三点 is still the afternoon, 晚上四点 is already the
# next day, and without any part 六点 is in the evening.
_LATEST_NOON, _FIRST_EVENING, _LAST_BARE_AFTERNOON = 3, 5, 6
_FIRST_AT_WORK = 9  # 九点在家 is in the morning, 八点在家 after work

# What the words beside a moment say about it, in the same clause.
_MOVED = lazy(
    r"(?:改|换|延|推|挪|调整?|移|提前|排)(?:一下)?(?:期|时间)?(?:到|成|至|为|在|个)? ?[:!,]? ?$"
    r"|改(?:约|期)[^,。!?]{0,4}$"
)
_AGREED = lazy(
    r"(?:约|定|订|那就?|安排|预约|时间)[好了在到为于的个是]{0,2} ?[:,]?(?:我|你们?|本)?(?:约)? ?$"
)
_OFFERED = lazy(
    r"[^。!?点]{0,12}?(?:[来去到见行拿办送]|上门|[在到]家|屋里|屋头|有空|得闲|方便"
    r"|可以|恭候|等|要得|[好成]不?)"
)
_REFUSED_BEFORE = lazy(
    r"(?:[莫别勿覅甭]|不要|不用|不是|除了|原[定来约本]?|本来|原先|上回|上次|以前"
    r"|昨[天晚儿日])[^,。!? ]{0,6}$"
)
_REFUSED_AFTER = lazy(
    r"[^,。!?; ]{0,8}?(?:(?<!行)不行|不得空|[没冇]空|不在|没人|不方便|[来去]不了|走不开|脱不"
    r"|的话|要?出门|[送接](?:孩子|娃|小孩|孙)|[不别莫勿覅甭](?:要|用)?再?(?:过?来|上门|到)|有客|上班|开会|加班|得上|要上|要去|要带|要称|要打针|我要|我得|有事|[来去]过|没来|之前报|截止|不[便得宜])"
)
_GONE = lazy(r"(?:昨|前[天日晚]|去年|从|自(?!己)|至今)[^,。!?; ]{0,3}$")
_DUE = lazy(r"(?:限|截至|截止|请于|务必)[^,。!?]{0,3}$")
# 到家六点四十 counts, whatever was said of the way there.
_HOME_THEN = lazy(r"到了?(?:家|屋|楼下) ?(?:是|要|得|大概)? ?$")
_SETTLES = lazy(
    r"(?:钟|整|左右|以?后|之后)?(?:[行好成中]|可以|方便)?(?:吧|吗|不|么|伐)(?![在来去])"
)
_SAME_TIME = lazy(
    r"[^,。!?]{0,3}?(?:同一个?时间|同样的?时间|同个时间|老时间|还是(?:这|那)个?(?:点|时间))"
)
_AT_WORK_S_END = lazy(r"(?:下了?班|放学|收工|打烊|晚饭)[^,。!?]{0,3}$")

# Others than those who make an appointment: somebody says that he will come or see to it.
_PROMISING = frozenset(
    "volunteer worker_accept worker_visit worker_transfer worker_help worker_escalate".split()
)
_NEVER = frozenset("ad other cancel confirm_ok confirm_bad worker_arrive worker_done".split())
_PROMISED_TODAY = lazy(
    r"[^,。!?了过]{0,6}?(?:[去来到]|派人?|上门|[送见]|处理|弄|修|看)(?![了过完好])[^了过]{0,8}(?:[^一-龥]|$)"
)
# Somebody will answer, not come: no moment of a visit.
_FROM_AFAR = lazy(
    r"(?:之?前)? ?(?:我|会|就|再|给|跟|向|帮){0,3}[您你]们?(?:回|报|答|打|发|反馈|问|查|通知)"
)
# 药够吃到月底 is how long it lasts; 怕明天去 is what may come.
_FEARED = lazy(r"(?:怕|担心|万一|要是)[^,。!? ]{0,3}$|(?<![改推延约定排])到$|够$")
_ASKING = frozenset("worker_escalate worker_help".split())
_COMING = lazy(r"[^。!?]{0,8}?(?:[去来](?!过)|到[你您户场]|上门|派人|就评|评估|集合|集中|碰头)")
_DONE = lazy(r"[^,。!?]{0,6}(?:了|过(?![去来]))|[^,。!?]{0,3}(?:接|收|登记|受理)")
_TASK_DUE = lazy(r"[^。!?]{0,4}(?:要交|交|截止|要报|之前)|前(?![到来去]|上门)")
# Elsewhere a time is an appointment only where somebody is to come or to be there then.
_PROPOSED = lazy(
    r"[^。!?]{0,10}?(?:来(?!的|了|过|着|说|不|没)|上门|在家(?!里)|有空|方便|恭候|等[你您着]|(?:可以|行|好|成)[不吗伐么])"
)
# Appointments are taken for talk and for questions; an hour with these words is one.
_LOOSELY_SAID = frozenset("chat inquiry".split())
_ARRANGED = lazy(
    r"[^。!?]{0,12}?(?:[家屋]里?(?:都|总|头)?有人|在家等|再?打我|打给我|见(?=$|[,。!? ])|上门"
    r"|到[您你](?:家|楼下|屋)|上[您你](?:家|屋)|来[修装看查测量换])"
)
_HOME_LATE = lazy(
    r"(?:以后|之后|后|左右|才|能|我|就|会| ){0,4}(?:[到回]家|下班|回来|收工|打烊|放学)"
)
_AT_HOME = lazy(r"(?:以后|之后|后|左右|才|能|我|就|会| ){0,4}在家")
_BEFORE = lazy(r"(?:之|以)?前")
_RANGE = lazy(r" ?(?:到|至|[-~—–]) ?")
_BEHIND = 18  # characters behind a moment that tell what happens then
_CLOSE = 8  # characters within which two pieces of a moment still belong together
_HARDLY_LESS = 1.0  # so much less is made up for by an hour where the other has none
_SETTLED = 0.0  # a moment worth less is one that somebody refuses or has past him


def when(plain: str, now: datetime, intent: str | None = "appointment") -> datetime | None:
    """The moment of the appointment in +08:00, never before `now`; none where there is none.

    `intent` is what the message was taken for. Who makes an appointment names its moment; a helper
    or a worker does where he says that he will come; in all else a time is no appointment.
    None: not known, so the same proof is asked for as from a helper.
    """
    if intent in _NEVER:
        return None
    here = now.astimezone(ZONE)
    best: _Choice | None = None
    for named in _completed(grouped(plain, here), plain):
        found = moment(named, plain, here)
        if found is None or found < here or not _meant(named, plain, here, intent):
            continue
        choice = _Choice(_worth(named, plain), found, named.rank)
        if choice.worth > _SETTLED and (best is None or choice.beats(best)):
            best = choice
    return best.moment if best else None


def _meant(named: Named, plain: str, here: datetime, intent: str | None) -> bool:
    """Whether a message of this intent can be about this moment; 每周二 is a habit."""
    moved = _MOVED.search(plain[max(0, named.start - 12) : named.start])
    if intent == "appointment":
        return bool(moved or not named.often)
    if named.often:
        return False
    if intent in _LOOSELY_SAID and named.clock and _ARRANGED.match(plain[named.end :][:_BEHIND]):
        return True
    return intent != "chat" and _promised(named, plain, here, intent)


@dataclass(frozen=True, slots=True)
class _Choice:
    """A moment that may be the one that is meant."""

    worth: float
    moment: datetime
    rank: int

    def beats(self, other: "_Choice") -> bool:
        """Whether it is likelier, or tells the hour of the other's day: 后天再来 后天下午我在."""
        same_day = self.moment.date() == other.moment.date()
        near = same_day and self.rank > other.rank and self.worth > other.worth - _HARDLY_LESS
        return near or self.worth > other.worth


# The moment


def _completed(groups: list[Named], plain: str) -> Iterator[Named]:
    """Each moment, with the day that was said beside it: 周六能来吗？十点吧; 上午十点，后天."""
    told: Named | None = None  # a day or a part of it, still without an hour
    whole: Named | None = None  # a day with an hour or a part of it, for those that follow
    last: Named | None = None
    for named in groups:
        full = named
        if told and _continues(told, named, plain):
            full = replace(
                named, day=told.day, part=named.part or told.part, weekly=told.weekly,
                often=named.often or told.often, since=told.start,
            )  # fmt: skip
        elif last and _turned_round(last, named, plain):
            full = replace(
                named, start=last.start, part=last.part, clock=last.clock, written=last.written
            )
        elif whole:
            full = _like(whole, named, plain)
        yield full
        last = named
        whole = full if full.day and full.rank else whole
        if not named.clock and not named.gone and (named.day or named.part):
            told = named
        elif named.day or named.clock:
            told = None


def _continues(told: Named, named: Named, plain: str) -> bool:
    """Whether an hour, or a part of the day close by, belongs to the day that was told before."""
    if named.day or named.exact or named.gone:
        return False
    if named.clock:
        return not (told.part and _BEFORE.match(plain, named.end))
    return bool(told.day and not told.part and named.start - told.end <= _CLOSE)


def _like(whole: Named, named: Named, plain: str) -> Named:
    """A moment told after a whole one: 明天上午不行，下午吧; 明天四点不行，后天同一时间."""
    if named.exact or named.gone or _RANGE.fullmatch(plain, whole.end, named.start):
        return named
    if named.day and not named.rank and _SAME_TIME.match(plain, named.end):
        return replace(named, part=whole.part, clock=whole.clock, written=whole.written)
    if named.day or not named.rank or _BEFORE.match(plain, named.end):
        return named
    part = named.part or (whole.part if named.clock else "")
    return replace(named, day=whole.day, part=part, weekly=whole.weekly, often=whole.often)


def _turned_round(last: Named, named: Named, plain: str) -> bool:
    """上午十点，后天: the hour first, the day behind it; not 下午别来，明天来."""
    whole = last.rank and not last.day and not last.exact and named.day and not named.rank
    near = whole and named.start - last.end <= _CLOSE // 2
    return bool(near and not _REFUSED_AFTER.match(plain, last.end))


def moment(named: Named, plain: str, here: datetime) -> datetime | None:
    """The moment in full; None where nobody can tell it."""
    if named.exact or named.gone:
        return named.exact
    day = named.day or here.date()
    if named.rank == 0 and day == here.date():
        return None
    if named.clock is None:
        hour = PARTS[named.part][0] if named.part else 9
        if hour is None:
            return None
        found = datetime.combine(day, time(hour), ZONE)
    else:
        hour = _hour(named, plain, here, day)
        found = datetime.combine(day, time(0), ZONE) + timedelta(hours=hour, minutes=named.clock[1])
    if found < here and named.weekly:
        return found + WEEK
    return found + _DAY if found < here and named.day is None and named.clock else found


def _hour(named: Named, plain: str, here: datetime, day: date) -> int:
    """The hour of 24; more where the night runs into the next day."""
    hour, minute = named.clock or (0, 0)
    if hour > _NOON or hour == 0:
        return hour
    if named.part in {"afternoon", "dusk"}:
        return hour % _NOON + _NOON
    if named.part == "noon":
        return hour + _NOON if hour <= _LATEST_NOON else hour
    if named.part == "evening":
        return hour + _NOON if hour >= _FIRST_EVENING else hour % _NOON + 2 * _NOON
    if named.part:
        return hour % _NOON if named.part == "dawn" else hour
    early = hour <= _LAST_BARE_AFTERNOON and not named.written
    passed = day == here.date() and (hour, minute) < (here.hour, here.minute)
    late = early or passed or _after_work(plain, named, hour)
    return hour + _NOON if late and hour < _NOON else hour


def _after_work(plain: str, named: Named, hour: int) -> bool:
    """Whether the words beside an hour put it after work: 六点半到家, 下班七点."""
    if hour < _FIRST_AT_WORK and _AT_HOME.match(plain, named.end):
        return True
    home = _HOME_LATE.match(plain, named.end)
    return bool(home or _AT_WORK_S_END.search(plain, max(0, named.start - 8), named.start))


def _worth(named: Named, plain: str) -> float:
    """How likely this moment is the one that is meant: how much is named, and the words beside."""
    start = named.start if named.since is None else named.since
    before = plain[max(0, start - 12) : start]
    behind = plain[named.end : named.end + 16]
    between = plain[start : named.start]
    worth = 2.0 * bool(named.day or named.exact) + 1.2 * bool(named.clock) + 0.6 * bool(named.part)
    worth += 4.0 * bool(_MOVED.search(before)) + 2.0 * bool(_AGREED.search(before))
    worth += 1.0 * bool(_OFFERED.match(behind) or _OFFERED.match(between))
    worth += 1.5 * bool(_HOME_THEN.search(before)) + 0.5 * bool(_SETTLES.match(behind))
    worth -= 4.0 * bool(_REFUSED_BEFORE.search(before)) + 3.0 * bool(_REFUSED_AFTER.match(behind))
    return worth - 4.0 * bool(_GONE.search(before)) - 3.0 * bool(_DUE.search(before))


def _promised(named: Named, plain: str, here: datetime, intent: str | None) -> bool:
    """Whether the words beside this moment say that somebody will come or do it then."""
    before, behind = plain[max(0, named.start - 12) : named.start], plain[named.end :][:_BEHIND]
    habit = named.vague or before.endswith(("每", "逢"))
    if named.exact or habit or _FROM_AFAR.match(behind) or _FEARED.search(before):
        return False
    ahead = bool(named.day and named.day > here.date())
    if intent not in _PROMISING:
        proposed = _PROPOSED.match(behind) or _MOVED.search(before)
        return bool(ahead and named.rank and proposed and not _REFUSED_AFTER.match(behind))
    if intent in _ASKING and not _COMING.match(behind):
        return False
    if ahead:
        rough = intent == "volunteer" and not named.rank
        return not (rough or _TASK_DUE.match(behind))
    return bool(named.clock) and _today(behind, intent)


def _today(behind: str, intent: str | None) -> bool:
    """Whether a worker will be there at an hour of today; without an hour nobody can wait."""
    if intent == "worker_accept":
        return not (_DONE.match(behind) or _TASK_DUE.match(behind))
    return intent == "worker_transfer" and bool(_PROMISED_TODAY.match(behind))
