"""问卷 and 应知应会 in chat: a poll goes out as a notice, an answer is one thumb (H9, J3)."""

from collections.abc import Sequence
from typing import Any

from bot.notices.audience import refused
from bot.notices.notice import approves, author_of, show
from bot.turn import Turn
from bot.understanding.polls import Marked, marked, worded
from domain.messages import Kind
from domain.notices import Audience, Notice, Status, malformed
from domain.poll_rules import PollRules, Question
from domain.polls import Poll, PollKind, complete, fits, mark, written
from store import polls
from store.notice_receipts import voice
from store.notice_sending import rules_now

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
    if malformed(words):
        raise refused("malformed")
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
    if not open_ or said is None:
        return False
    spoken_to = turn.addressed or bool(said.number)
    poll, notice = next((one for one in open_ if fits(one[0].questions, said.marks)), open_[0])
    values = {"poll": view(poll), "until": notice.ends_at.isoformat()}
    if not fits(poll.questions, said.marks):
        if spoken_to:
            turn.work.reply("replies/poll_again", values)
        return spoken_to
    work, speaker = turn.work, turn.speaker
    whose = speaker.id if poll.kind is PollKind.QUIZ else voice(work, speaker.person, speaker.id)
    again = await polls.answer(
        work.store, work.conn, poll.notice, whose, said.marks, speaker.id, work.now
    )
    if spoken_to:
        others = [one for one, _ in open_ if one.notice != poll.notice]
        left = [one for one in others if whose not in await polls.answers(work.conn, one.notice)]
        aloud = work.directory.public(turn.inbound.address)  # neighbours need not read it
        more = {"chosen": [] if aloud else chosen(poll, said), "again": again}
        more["also"] = [{**view(one), "title": one.questions[0].words} for one in left]
        work.reply("replies/poll_answered", values | more)
    return True


async def recalled(turn: Turn, words: str) -> None:
    """Drop the answer that was taken back, where it is the one that counts."""
    said = marked(words)
    work, speaker = turn.work, turn.speaker
    for poll, _ in await _open(turn, said.number) if said is not None else []:
        quiz = poll.kind is PollKind.QUIZ
        whose = speaker.id if quiz else voice(work, speaker.person, speaker.id)
        kept = (await polls.answers(work.conn, poll.notice)).get(whose)
        if said is not None and kept == said.marks:
            await polls.drop_answer(work.conn, poll.notice, whose, speaker.ids)
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


def chosen(poll: Poll, said: Marked) -> list[dict[str, Any]]:
    """What somebody chose, as the templates see it."""
    return [
        {"number": at, "mark": mark(poll.kind, option), "option": one.options[option - 1]}
        for at, (one, option) in enumerate(zip(poll.questions, said.marks, strict=True), 1)
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
