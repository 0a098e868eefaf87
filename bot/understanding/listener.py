"""From what was said to what was meant."""

from dataclasses import dataclass, replace
from functools import cached_property

from bot.understanding import alarm, answers, commands, privacy, signed, slots, talk, times
from bot.understanding.answers import Answer, answered
from bot.understanding.checklist import inspection
from bot.understanding.commands import CORRECTIONS, Command
from bot.understanding.judge import STAFF_ONLY, Judged, Shares, best_of, judge, shares
from bot.understanding.model import Model, model
from bot.understanding.normalise import Clean, clean
from bot.understanding.shapes import BASICALLY, Heard, Location, Understanding
from bot.understanding.urgent import Danger
from bot.understanding.visit_sayings import nobody_there

_HEAD, _TAIL = 300, 100  # a long forwarded text is judged by its beginning and its end
_ANSWERS = frozenset("progress help my_cases".split())
_ASKED_FOR = frozenset("place_answer choice reason same_matter matters".split())
_SURE_OF_IT = 0.95
_FIRST = 3
_BY_DANGER = 0.6  # how much the rule for a danger says about its category
_UNLIKELY = 0.02  # with so small a share of danger, who is asked whether it is fixed answers that
_AT_WORK = 0.8  # less sure of a worker's step than that, he tells of the danger
# Whoever calls for hands or is on his round tells of a danger; he moves no case.
_NO_STEPS = ("worker_help", "worker_visit")
_ROUND = frozenset(("visited", "checked", "worker_visit"))
_GOING_ON = frozenset(("flood", "other"))  # dangers that may be the very thing to be repaired
# Staff at work name dangers without telling of one: 办结 火已扑灭, 分类 消防.
_NO_DANGER = ("worker_", "notice_", *CORRECTIONS)


class Listener:
    """Reads messages with a trained model, the packaged one by itself; may be shared."""

    def __init__(self, trained: Model | None = None) -> None:
        self._model = trained or model()

    def understand(self, heard: Heard) -> Understanding:
        """What was meant."""
        text = _without_mention(clean(heard.text))
        petition = None if heard.staff else signed.trouble(text)
        home = signed.building(text) if petition is not None else None
        text = petition or text
        plain = _gist(text.plain)
        at = slots.address(plain)
        where = Location(at.building or home, at.unit, at.room, at.floor, slots.place(plain))
        command = commands.parse(text, staff=heard.staff)
        if command and _settles(command, heard, text):  # nothing that the model could say counts
            meant = _commanded(_base(heard, text, plain, where), command)
        else:
            found = shares(heard, plain, where, self._model)
            base = _base(heard, text, plain, where, found.place)
            meant = _Weighing(heard, text, plain, base, command, found).meant()
        if heard.now is None:
            return meant
        return replace(meant, when=times.when(plain, heard.now, meant.intent))

    def mask(self, text: str) -> str:
        """The text with phone, identity and card numbers starred out."""
        return privacy.mask(text)


@dataclass(frozen=True)
class _Weighing:
    """What speaks for one meaning or another, weighed in order of what counts most."""

    heard: Heard
    text: Clean
    plain: str
    base: Understanding
    command: Command | None
    found: Shares

    @cached_property
    def judged(self) -> Judged:
        """The verdict over free wording."""
        return judge(self.heard, self.text, self.plain, self.base, self.found)

    def meant(self) -> Understanding:
        """State, commands, dangers, then free wording."""
        heard, base, command, plain = self.heard, self.base, self.command, self.plain
        answer = self._answer() if heard.question else None
        if answer and answer.intent.startswith("confirm") and self.found.urgent < _UNLIKELY:
            return answer  # 没修好，还是关不上 judges the repair
        if not self._tells_of_no_danger():
            danger = alarm.danger(plain, self.found.urgent)
            if danger is not None and not _goes_on(answer, plain, danger):
                return _dangerous(base, self.found, danger, self.judged)
        if answer:
            return answer
        if _of_a_round(heard, self.text, command):
            checked = _judged(base, self.judged)
            return replace(checked, intent="checked", sure=_SURE_OF_IT, action="command")
        if command:
            return _with_finding(_commanded(base, command), plain, self.found)
        judged = _judged(base, self.judged)
        return _with_finding(judged, plain, self.found) if heard.staff else judged

    def _tells_of_no_danger(self) -> bool:
        """Whether the command used says so."""
        command = self.command
        return command is not None and (
            command.intent.startswith(_NO_DANGER) or _nobody(self.heard, self.text, command)
        )

    def _answer(self) -> Understanding | None:
        """The open question's answer, unless the words plainly are something else."""
        heard, base = self.heard, self.base
        if self.command and not _gives_way(self.command, heard.question):
            return None
        answer = answered(heard, self.text, base.location, base.known_place)
        if answer is None:
            return None
        if answer.intent.startswith("confirm") and self.judged.fresh:
            return None
        return _answered(base, answer)


def _base(
    heard: Heard, text: Clean, plain: str, where: Location, placed: float = 1.0
) -> Understanding:
    """What is in the words, whatever they mean."""
    return Understanding(
        intent="other",
        location=where,
        placed=placed,
        known_place=slots.known_place(plain, heard.places),
        case_number=_case(text, heard),
        words=text.tidy,
        pii=privacy.personal(text.tidy, text.plain),
    )


def _with_finding(meant: Understanding, plain: str, found: Shares) -> Understanding:
    """What was done on a round, with the likeliest categories of what was found wrong there."""
    if meant.intent not in _ROUND or not talk.problem(plain):
        return meant
    best = best_of(found.about)
    codes = tuple(code for code, _ in best)
    return replace(meant, category=codes[0], categories=codes, category_sure=best[0][1])


def _goes_on(answer: Understanding | None, plain: str, danger: Danger) -> bool:
    """Whether it is said of what was to be repaired that it goes on: 还在冒啊; fire stays fire."""
    verdict = answer is not None and answer.intent == "confirm_bad"
    return verdict and danger.hazard in _GOING_ON and answers.goes_on(plain)


def _settles(command: Command, heard: Heard, text: Clean) -> bool:
    """Whether a command is all there is to hear: no danger, no answer, and nothing of a round."""
    if heard.question and _gives_way(command, heard.question):
        return False
    return command.intent.startswith(_NO_DANGER) and not _of_a_round(heard, text, command)


def _of_a_round(heard: Heard, text: Clean, command: Command | None) -> bool:
    """Whether one of the staff tells of the items of an inspection that is going on (F17)."""
    free = command is None or command.intent == "visited"
    if not (heard.staff and heard.parts and free):
        return False
    return inspection(text.tidy, heard.parts, heard.places) is not None


def _nobody(heard: Heard, text: Clean, command: Command) -> bool:
    """Whether somebody on his rounds tells that nobody answered: no fall behind a door (F1)."""
    told = command.intent in ("visited", "appointment_absent")
    return heard.staff and told and nobody_there(text.plain)


def _gives_way(command: Command, question: str) -> bool:
    """Whether a command may be the answer to the question instead."""
    if command.intent == "visited":  # "看过了，不归我管" as the reason of a return
        return question in ("reason", "visit")
    if command.intent == "cancel" and question == "visit":  # 不用了: the visit, and no case
        return True
    if command.intent == "notice_yes":  # 确认 may answer what was just asked
        return question != "reason"
    if question == "leave":  # a bare yes may be a command of another kind
        return True
    return question == "satisfied" and not command.intent.startswith("confirm")


def _without_mention(text: Clean) -> Clean:
    """Without @somebody at the beginning."""
    if text.plain.startswith("@") and " " in text.plain[:24] and not text.plain.startswith("@所有"):
        return text.cut(text.plain.index(" ")).strip(" ")
    return text


def _gist(plain: str) -> str:
    """The part that is judged."""
    if len(plain) <= _HEAD + _TAIL:
        return plain
    return plain[:_HEAD] + "\n" + plain[-_TAIL:]


def _case(text: Clean, heard: Heard) -> str | None:
    """The case number in the text, else in the quoted message."""
    found = slots.case_number(text.plain)
    if found is None and heard.quote:
        found = slots.case_number(clean(heard.quote).plain)
    return found[0] if found else None


def _dangerous(base: Understanding, found: Shares, danger: Danger, judged: Judged) -> Understanding:
    """A report of something that is going on right now; or staff at work on it."""
    step = judged.intent.startswith(STAFF_ONLY) and judged.intent not in _NO_STEPS
    if step and judged.sure >= _AT_WORK:
        return replace(_judged(base, judged), urgent=True, hazard=danger.hazard)
    best = dict(found.about)
    if danger.category != "other":
        best[danger.category] = best.get(danger.category, 0.0) + _BY_DANGER
    codes = tuple(sorted(best, key=lambda code: -best[code]))[:_FIRST]
    return replace(
        base, intent="report", sure=0.9, urgent=True, hazard=danger.hazard, action="open",
        category=codes[0], categories=codes, category_sure=min(1.0, best[codes[0]]),
        why=(f"danger {danger.hazard}", *judged.why),
    )  # fmt: skip


def _commanded(base: Understanding, command: Command) -> Understanding:
    """A command word was used."""
    if command.intent == "confirm_basic":
        command = replace(command, intent="confirm_ok", words=BASICALLY)
    return replace(
        base,
        intent=command.intent,
        sure=_SURE_OF_IT,
        case_number=command.case_number or base.case_number,
        name=command.name,
        words=command.words,
        duration=command.duration,
        action="answer" if command.intent in _ANSWERS else "command",
    )


def _answered(base: Understanding, answer: Answer) -> Understanding:
    """An open question was answered."""
    return replace(
        base,
        intent=answer.intent,
        sure=0.9,
        words=answer.words,
        name=answer.name,
        case_number=answer.case_number or base.case_number,
        action="answer" if answer.intent in _ASKED_FOR else "command",
    )


def _judged(base: Understanding, judged: Judged) -> Understanding:
    """Free wording."""
    return Understanding(
        intent=judged.intent,
        sure=judged.sure,
        category=judged.categories[0] if judged.categories else None,
        category_sure=judged.category_sure,
        categories=judged.categories,
        location=base.location,
        placed=base.placed,
        known_place=base.known_place,
        case_number=base.case_number,
        name=judged.name,
        words=judged.words,
        duration=judged.duration,
        pii=base.pii,
        action=judged.action,
        why=judged.why,
        suspect=judged.suspect,
    )
