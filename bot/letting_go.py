"""Letting go of everything somebody said, wherever he said it: he asked for it over the counter.

The rules are those of who leaves a channel (store/forgetting.py): the words go, the facts stay, and
what a case he alone reported is about stays until it has ended.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from domain.case import Case
from domain.identities import identity, parts
from domain.messages import Address
from domain.steps import Facts, Step
from store import (
    cases,
    forgetting,
    identities,
    questions,
    reporters,
    said_elsewhere,
    timers,
    windows,
)
from store.forgetting import LATER, Said
from store.work import Work

_LOOK = timedelta(days=1)
MOST = 1000  # cases of one person


@dataclass(frozen=True, slots=True)
class Gone:
    """What was hidden, and what stays: numbers of cases whose words wait for their end."""

    messages: int
    cases: int
    elsewhere: int
    waiting: tuple[str, ...]


async def let_go(work: Work, person: str, by: str) -> Gone:
    """Hide what a resident said in every chat under every id; the caller commits.

    `by` is who did it, for the history of identities.
    """
    ids = work.directory.ids(person)
    his = await _said(work, ids)
    mine = await _cases(work, his, ids)
    needed, gone = await part_from(work, mine, his, ids)
    for question in await questions.of_people(work.conn, ids):
        await questions.close(work.conn, question.conversation, question.person)
    await work.flush()
    elsewhere = await said_elsewhere.hide(work.conn, ids)
    await forgetting.forget(work.conn, gone, [case for case in mine if case.ended], ids)
    for case in needed:
        await once_ended(work, case)
        for sender in {it.inbound.sender for it in his if it.inbound.address == case.reported_in}:
            await said_elsewhere.note_left(work.conn, case.reported_in, sender, work.now)
    await _unknown(work, ids, by)
    said = sum(bool(it.text or it.quote or it.attachments) for it in (one.inbound for one in gone))
    told = sum(bool(case.words) for case in mine if case not in needed)
    return Gone(said, told, elsewhere, tuple(case.number for case in needed))


async def part_from(
    work: Work, mine: Sequence[Case], his: Sequence[Said], ids: Sequence[str]
) -> tuple[list[Case], list[Said]]:
    """Take his words out of the cases that neighbours reported too.

    Returns the cases that cannot do without them until they have ended, and what may go at once.
    """
    needed = [case for case in mine if not case.ended and case.reporters <= 1]
    for case in mine:
        if not case.ended and case not in needed:
            await _part(work, case, his, ids)
    return needed, [one for one in his if not any(forgetting.of(one, case) for case in needed)]


async def once_ended(work: Work, case: Case) -> None:
    """Let what this case needs go too, when it has ended."""
    await timers.stand(work.store, work.conn, LATER, case.id, work.now + _LOOK)


async def _part(work: Work, case: Case, his: Sequence[Said], ids: Sequence[str]) -> None:
    """Take his words out of a case that neighbours reported too: theirs go on."""
    moved = case
    for text in await forgetting.words_of(work.conn, case, his, ids):
        await work.hide(moved, text)
        if text in moved.words:
            moved = await work.move(moved, Step.RECALL, ids[0], Facts(words=text))


async def _said(work: Work, ids: Sequence[str]) -> list[Said]:
    """Every handled message of his, in private and in groups."""
    found: list[Said] = []
    for channel, sender in _accounts(work, ids):
        for chat in await said_elsewhere.chats_of(work.conn, channel, sender):
            found += await forgetting.said(work.conn, chat, sender)
    return sorted(found, key=lambda one: one.id)


def _accounts(work: Work, ids: Sequence[str]) -> list[tuple[str, str]]:
    """His accounts, by channel: those that were bound, and those the roster names."""
    own = {parts(one) for one in ids if ":" in one}
    listed = ((one, work.directory.sender_of(ids[0], one)) for one in work.directory.kinds)
    return sorted(own | {(channel, sender) for channel, sender in listed if sender})


async def _cases(work: Work, his: Sequence[Said], ids: Sequence[str]) -> list[Case]:
    """The cases that came of what he said, his own and those he joined."""
    found = {one.case_id for one in his if one.case_id is not None}
    for id_ in ids:
        found |= {case.id for case in await cases.of_reporter(work.conn, id_, MOST)}
    known = [await cases.get(work.conn, one) for one in sorted(found)]
    return [
        one for one in known if one is not None and await reporters.is_one(work.conn, one, *ids)
    ]


async def _unknown(work: Work, ids: Sequence[str], by: str) -> None:
    """Let nothing wait for him any more, and his accounts be nobody's."""
    for channel, sender in _accounts(work, ids):
        await forgetting.unheard(work.conn, channel, sender)
        await windows.shut(work.conn, Address(channel, sender))
        await identities.unbind(work.conn, identity(channel, sender), by=by, now=work.now)
