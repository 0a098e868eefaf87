"""One person on several channels: codes typed on the other side, platform ids, merging by hand.

Roles come from the roster alone: no binding gives somebody's identity away to a stranger.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from domain.identities import identity, parts
from domain.messages import Inbound
from store import codes, identities, questions
from store.directory import Directory, Speaker
from store.engine import Connection, Store
from store.inbox import Letter
from store.questions import Question
from store.work import Work

CODE_LIFE = timedelta(minutes=30)
OPERATOR = "operator"


class Refused(Exception):
    """Two identities that cannot become one; the message is the reason's key."""


async def issue(work: Work, person: str) -> str:
    """A one-time code by which somebody says on another channel that he is this person."""
    code = f"{secrets.randbelow(10**8):08d}"
    await codes.issue(work.conn, code, person, work.now, CODE_LIFE)
    return code


async def bind(work: Work, speaker: Speaker, inbound: Inbound, code: str) -> str:
    """Make the speaker's identity the one of a code's; returns whose it is now.

    Somebody of the roster is never bound to a code that a stranger was given: whoever talks a
    grid worker into typing it would be the grid worker. Raises Refused.
    """
    person = await codes.burn(work.conn, code, work.now)
    if person is None:
        raise Refused("bad_code")
    own = identity(inbound.address.channel, inbound.sender)
    known = work.city.world.person(person)
    if known is None and speaker.person is not None:
        raise Refused("code_other_way")
    if known is not None:
        child = top(work.directory, own)
        kind, now = identities.BOUND, work.now
        await identities.link(work.store, work.conn, child, person, by=own, kind=kind, now=now)
    else:
        await merge(work.store, work.conn, work.directory, own, person, by=own, now=work.now)
    work.rebound = True
    return person


async def merge(
    store: Store,
    conn: Connection,
    directory: Directory,
    one: str,
    other: str,
    *,
    by: str,
    now: datetime,
) -> None:
    """Make two ids one person. Raises Refused where they are, or are two people of the roster."""
    for id_ in (one, other):
        if directory.world.person(id_) is None and parts(id_)[0] not in directory.kinds:
            raise Refused("nobody")
    if other in directory.ids(one):
        raise Refused("merged_already")
    mine, theirs = (_enrolled(directory, id_) for id_ in (one, other))
    if mine and theirs:
        raise Refused("two_people")
    child, parent = (other, mine) if mine else (one, theirs or top(directory, other))
    child = top(directory, child)
    await identities.link(store, conn, child, parent, by=by, kind=identities.MERGED, now=now)


def top(directory: Directory, one: str) -> str:
    """The identity that stands for those merged into it: the last one before the roster."""
    while (owner := directory.owners.get(one, one)) != one and _is_identity(directory, owner):
        one = owner
    return one


def _is_identity(directory: Directory, id_: str) -> bool:
    return directory.world.person(id_) is None


def _enrolled(directory: Directory, one: str) -> str:
    """Who of the roster this is; "" for nobody."""
    if not _is_identity(directory, one):
        return one
    person = directory.speaker(*parts(one)).person
    return person.id if person is not None else ""


async def note_union(work: Work, inbound: Inbound) -> None:
    """Keep the platform's id over all its accounts: who shares it is one person."""
    own = identity(inbound.address.channel, inbound.sender)
    if own in work.directory.unions:
        return
    if await identities.seen(work.store, work.conn, own, inbound.union, work.now):
        work.rebound = True


# Asked in a group where the bot cannot speak, answered wherever the question reached him


async def questions_elsewhere(work: Work, letters: Sequence[Letter]) -> None:
    """Read what is being asked of those who write in private and have other identities."""
    people: dict[str, None] = {}
    for inbound in (one.inbound for one in letters if one.inbound.private):
        ids = work.directory.speaker(inbound.address.channel, inbound.sender).ids
        people |= dict.fromkeys(ids if len(ids) > 1 else ())
    for one in await questions.of_people(work.conn, list(people)) if people else ():
        work.questions.setdefault((one.conversation, one.person), one)


def question_of(work: Work, inbound: Inbound, speaker: Speaker) -> Question | None:
    """What is being asked of a speaker here; in private also what was asked in a mute group.

    It may have been asked under another id of his: he was bound or merged since.
    """
    asked_as = ((inbound.address.key, one) for one in (speaker.id, *speaker.ids))
    here = next((work.questions[one] for one in asked_as if one in work.questions), None)
    if here is not None or not inbound.private or len(speaker.ids) == 1:
        return here
    asked = [
        one
        for one in work.questions.values()
        if one.person in speaker.ids and not _speaks(work, one.conversation)
    ]
    return max(asked, key=lambda one: one.asked_at, default=None)


def _speaks(work: Work, conversation: str) -> bool:
    return work.directory.can(conversation.partition("|")[0]).says_group
