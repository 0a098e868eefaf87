"""问卷 and 应知应会 in chat: a poll goes out as a notice, an answer is one thumb (H9, J3)."""

from collections.abc import Sequence
from typing import Any

from bot.notices.audience import refused
from bot.notices.notice import approves, author_of, show
from bot.turn import Turn
from bot.understanding.polls import Marked, marked, worded
from domain.messages import Kind
from domain.notices import Audience, Notice, Status, gaps, malformed
from domain.poll_rules import PollRules, Question
from domain.polls import Poll, PollKind, complete, fits, mark, written
from store import polls
from store.notice_receipts import voice
from store.notice_sending import rules_now

_Aimed = tuple[Poll, Notice, tuple[int, ...]]  # a poll an answer is for, with its options
_SEVERAL = 2
_WORDED = 14  # signs; who answers in words says little more than the option
_BUSY = ("command", "open", "answer")  # what was heard as something else is no answer to a poll


def rules_of(turn: Turn) -> PollRules:
    """The city's rules for polls at this moment."""
    return turn.work.city.book.at(turn.work.now).polls


async def ask(turn: Turn, kind: PollKind, title: str, questions: Sequence[Question]) -> None:
    """Draft the notice that asks, and show it. Raises Refused where something is wrong with it.

    A survey goes to the groups of residents of the author's area, a quiz to its workers alone.
    """
    work, author, rules = turn.work, author_of(turn), rules_of(turn)
    words = written(kind, title, questions)
    most = rules_now(work).most_words
    if not complete(questions):
        raise refused("poll_options")
    if odd := _no_plain_words(words):
        raise refused("poll_words", wanted=odd)
    if len(words) > most:
        raise refused("too_long", count=len(words), most=most)
    survey = kind is PollKind.SURVEY
    to = Audience("residents" if survey else "worker", (author.area,))
    notice = Notice(
        id=0,
        key=f"i{turn.letter}",
        author=author.id,
        audience=to,
        words=words,
        status=Status.WAITING,
        created_at=work.now,
        due_at=work.now,
        valid=rules.survey_open if survey else rules.quiz_open,
        ready=kind.value,
        approver=approves(turn, author, to),
    )
    number = await show(turn, notice)
    if number is not None:
        await polls.add(work.conn, Poll(number, kind, author.area, title, tuple(questions)))


def _no_plain_words(words: str) -> str:
    """What in a poll looks like a template; nothing is filled in for it. "" for plain words."""
    odd = malformed(words).split()
    return odd[0] if odd else next((f"{{{{ {name} }}}}" for name in gaps(words)), "")


async def noted(turn: Turn) -> bool:
    """Keep an answer to a poll that was asked here; False where none can be meant.

    In a group it is answered only where the bot was spoken to: three hundred households answer.
    """
    said = marked(turn.inbound.text, turn.inbound.quote)
    if not _free(turn, said):
        return False
    open_ = await _open(turn, said.number if said else 0)
    if said is None:
        open_, said = _in_words(turn, open_)
        aimed = [(*open_[0], said.marks)] if said is not None else []
    else:
        aimed = await _aimed(turn, open_, said)
    if not open_ or said is None:
        return False
    if not aimed:
        return _misses(turn, said, *open_[0])
    if len(aimed) > 1 and not said.places:  # no household is counted where it did not mean it
        shown = [_asking(one) for one, _, _ in reversed(aimed)]
        turn.work.reply("replies/poll_which", {"polls": shown})
        return True
    for one in aimed:
        await _take(turn, open_, one, [it.notice for it, _, _ in aimed], aloud=_spoken(turn, said))
    return True


def _spoken(turn: Turn, said: Marked) -> bool:
    """Whether an answer is answered: who speaks to the bot, or names a poll, waits for a word."""
    return turn.addressed or bool(said.number)


def _misses(turn: Turn, said: Marked, poll: Poll, notice: Notice) -> bool:
    """Say how many options are wanted; False, and nothing is said, where nobody waits for it."""
    if not _spoken(turn, said):
        return False
    values = {"poll": view(poll), "until": notice.ends_at.isoformat()}
    turn.work.reply("replies/poll_again", values)
    return True


async def _aimed(turn: Turn, open_: Sequence[tuple[Poll, Notice]], said: Marked) -> list[_Aimed]:
    """The polls an answer is for, each with its options; several without places: he must say which.

    Empty where it fits none. Alone with the bot the newest is meant; he is told of the others.
    """
    if said.places:
        return _by_place(open_, said)
    fitting = [(*one, said.marks) for one in open_ if fits(one[0].questions, said.marks)]
    if len(fitting) < _SEVERAL or (turn.inbound.private and not said.anew):
        return fitting[:1]
    whose = _voice(turn, fitting[0][0])
    done = await polls.answers_of(turn.work.conn, whose, [one.notice for one, _, _ in fitting])
    left = [one for one in fitting if (one[0].notice in done) == said.anew]
    if len(left) == 1:
        return left
    return fitting[:1] if turn.inbound.private else fitting


def _by_place(open_: Sequence[tuple[Poll, Notice]], said: Marked) -> list[_Aimed]:
    """第一个选1 第二个选3: the questions of one poll, else polls of one question as they came."""
    in_order = said.places == tuple(range(1, len(said.places) + 1))
    whole = [one for one in open_ if in_order and fits(one[0].questions, said.marks)]
    if whole and (len(said.places) > 1 or len(open_) == 1):
        return [(*whole[0], said.marks)]
    single = [one for one in reversed(open_) if len(one[0].questions) == 1]
    if len(single) < _SEVERAL or len(single) < max(said.places):
        return []
    pairs: list[_Aimed] = [
        (*single[at - 1], (mark,)) for at, mark in zip(said.places, said.marks, strict=True)
    ]
    return pairs if all(fits(poll.questions, marks) for poll, _, marks in pairs) else []


def _voice(turn: Turn, poll: Poll) -> str:
    """Whose answer it is: his own to a quiz, his household's to a survey."""
    speaker = turn.speaker
    quiz = poll.kind is PollKind.QUIZ
    return speaker.id if quiz else voice(turn.work, speaker.person, speaker.id)


async def _take(
    turn: Turn,
    open_: Sequence[tuple[Poll, Notice]],
    one: _Aimed,
    told: Sequence[int],
    *,
    aloud: bool,
) -> None:
    """Keep an answer; `aloud` says what was chosen, and which polls beside `told` he has left."""
    poll, notice, marks = one
    work, whose = turn.work, _voice(turn, poll)
    again = await polls.answer(
        work.store, work.conn, poll.notice, whose, marks, turn.speaker.id, work.now
    )
    if not aloud:
        return
    done = await polls.answers_of(work.conn, whose, [other.notice for other, _ in open_])
    left = [other for other, _ in open_ if other.notice not in (*told, *done)]
    public = work.directory.public(turn.inbound.address)  # neighbours need not read it
    values = {
        "poll": view(poll),
        "until": notice.ends_at.isoformat(),
        "chosen": [] if public else chosen(poll, marks),
        "again": again,
        "also": [_asking(other) for other in left],
    }
    work.reply("replies/poll_answered", values)


def _asking(poll: Poll) -> dict[str, Any]:
    """A poll beside others: called by its question."""
    return {**view(poll), "title": poll.questions[0].words}


async def recalled(turn: Turn, words: str) -> None:
    """Drop the answer that was taken back, where it is the one that counts."""
    said = marked(words)
    open_ = await _open(turn, said.number) if said is not None else []
    if said is None or not open_:
        return
    conn, whose = turn.work.conn, _voice(turn, open_[0][0])
    kept = await polls.answers_of(conn, whose, [poll.notice for poll, _ in open_])
    for poll, _ in open_:
        if kept.get(poll.notice) == said.marks:
            await polls.drop_answer(conn, poll.notice, whose, turn.speaker.ids)
            return


def _free(turn: Turn, said: Marked | None) -> bool:
    """Whether it can be meant for a poll: one was named, or nothing else is being asked.

    The list of the day is answered in words, so its question does not stand in the way. An answer
    in words is looked for only where the bot would have to say something anyway.
    """
    if turn.inbound.kind is not Kind.SAID or turn.heard.urgent or turn.number:
        return False
    asked = turn.question is not None and turn.question.kind != "digest"
    busy = asked or turn.heard.action in _BUSY
    if said is None:
        short = len(turn.inbound.text) <= _WORDED
        return short and not busy and (turn.addressed or turn.heard.action == "ask")
    return bool(said.number) or not busy


def _in_words(
    turn: Turn, open_: Sequence[tuple[Poll, Notice]]
) -> tuple[list[tuple[Poll, Notice]], Marked | None]:
    """The poll of one question whose option somebody says in words, and that option."""
    for one in open_:
        questions = one[0].questions
        said = worded(turn.inbound.text, questions[0].options) if len(questions) == 1 else None
        if said is not None:
            return [one, *(other for other in open_ if other is not one)], said
    return [], None


async def _open(turn: Turn, number: int) -> list[tuple[Poll, Notice]]:
    """The polls the speaker may answer here: residents surveys, who was asked a quiz, alone."""
    work, staff, here = turn.work, turn.speaker.staff, turn.inbound.address
    kind = PollKind.QUIZ if staff else PollKind.SURVEY
    if staff and here.group:
        return []
    area = "" if staff else turn.area
    found = await polls.asked_here(work.conn, here, turn.speaker.id, area, number)
    return [one for one in found if one[0].kind is kind and one[1].ends_at > work.now]


def chosen(poll: Poll, marks: Sequence[int]) -> list[dict[str, Any]]:
    """What somebody chose, as the templates see it."""
    return [
        {"number": at, "mark": mark(poll.kind, option), "option": one.options[option - 1]}
        for at, (one, option) in enumerate(zip(poll.questions, marks, strict=True), 1)
    ]


def view(poll: Poll) -> dict[str, Any]:
    """A poll as the templates see it; `example` is what an answer may look like."""
    options = [1 + at % 2 for at in range(len(poll.questions))]
    return {
        "number": poll.notice,
        "kind": poll.kind.value,
        "title": poll.title,
        "count": len(poll.questions),
        "example": "".join(mark(poll.kind, one) for one in options),
    }
