"""Staff correct the bot: which case or message they mean, and what is kept to learn from it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.cases.meant import staff_case
from bot.turn import Turn
from bot.understanding import Heard, Listener, anonymous, matter_of
from domain.case import Case
from domain.intake import BEHALF
from domain.naming import fold
from domain.rules import Category, Rules
from domain.steps import STEPS, Step
from store import cases, corrections, letters
from store.corrections import Correction
from store.letters import Kept

_LISTENER = Listener()


async def quoted(turn: Turn) -> Kept | None:
    """The message of this chat whose first words are quoted, as far as it was heard."""
    if not turn.inbound.quote:
        return None
    return await letters.beginning(
        turn.work.conn, turn.conversation, turn.inbound.quote, turn.letter
    )


async def corrected_case(turn: Turn, step: Step) -> Case | None:
    """The case that is corrected: numbered, quoted, the newest of his here, or his only one.

    None when the bot had to ask which. Raises NotAllowed as `staff_case` does.
    """
    conn = turn.work.conn
    said = None if turn.number else await quoted(turn)
    if said is not None and said.case:
        case = await cases.get(conn, said.case)
        return await staff_case(replace(turn, number=case.number if case else ""), step)
    if turn.number or turn.inbound.private:
        return await staff_case(turn, step)
    own = await cases.of_assignees(conn, [turn.speaker.id])
    here = [
        case
        for case in own
        if case.reported_in == turn.inbound.address and (case.status, step) in STEPS
    ]
    return await cases.get(conn, here[-1].id) if here else await staff_case(turn, step)


def category_named(rules: Rules, words: str) -> Category | None:
    """The category somebody names: its code, its name, a part of it, or a word of its matter."""
    wanted = fold(words)
    known = rules.categories.values()
    exact = [one for one in known if wanted in (fold(one.code), fold(one.name))]
    partly = [one for one in known if len(wanted) > 1 and wanted in fold(one.name)]
    if exact or len(partly) == 1:
        return (exact or partly)[0]
    guess = matter_of(words)
    return rules.categories.get(guess) if guess else None


def as_said(turn: Turn, said: Kept) -> Turn:
    """The turn of an earlier message, heard again as something that should become a case."""
    work, inbound = turn.work, said.inbound
    speaker = work.directory.speaker(inbound.address.channel, inbound.sender)
    bound = work.directory.area_of(inbound.address) if inbound.address.group else None
    home = speaker.person.area if speaker.person is not None and inbound.private else ""
    area = bound[1] if bound is not None else home
    heard = _LISTENER.understand(
        Heard(
            text=inbound.text,
            role=speaker.role.value,
            private=inbound.private,
            places=work.city.world.place_names(area) if area else (),
            now=work.now,
        )
    )
    best = heard.category or next(iter(heard.categories), None) or matter_of(inbound.text)
    heard = replace(heard, intent="report", category=best)
    question = work.questions.get((inbound.address.key, speaker.id))
    return replace(
        turn, letter=said.id, inbound=inbound, speaker=speaker, heard=heard, area=area,
        question=question, number="",
    )  # fmt: skip


async def learn(
    turn: Turn, case: Case, text: str, label: Mapping[str, Any], letter: int | None = None
) -> None:
    """Keep what a case's words really were, beside what the bot had taken them for.

    Nothing is kept of words that were recalled.
    """
    if not text.strip():
        return
    role = "resident" if case.source in ("resident", BEHALF) else "worker"
    await corrections.add(
        turn.work.conn,
        Correction(
            at=turn.work.now,
            by=turn.speaker.id,
            text=anonymous(text),
            label={"role": role, **label},
            before={"intent": case.intent, "category": case.category, "urgent": case.urgent},
            letter=letter,
            case=case.id,
        ),
    )


async def first_words(turn: Turn, case: Case) -> str:
    """The words a case was opened with; what was added later is not what the bot judged."""
    events = await cases.timeline(turn.work.conn, case.id)
    return events[0].data.get("words", "") if events else case.words
