"""Which one of several cases: by its thing or its building instead of a number (电梯那个)."""

from bot.turn import EXPLICIT, Turn, again
from bot.understanding import things_shared
from domain.case import Case, id_of
from domain.messages import Kind
from store import cases

_SHORT = 12  # signs; who says more tells something


async def noted(turn: Turn) -> bool:
    """Whether these few words name one of the cases that were shown; it is taken then."""
    question, text = turn.question, turn.inbound.text.strip()
    if question is None or question.kind != "which" or turn.inbound.kind is not Kind.SAID:
        return False
    heard = turn.heard
    told = heard.action == "command" or heard.intent == "choice" or heard.sure >= EXPLICIT
    if told or heard.urgent or turn.number or len(text) > _SHORT:
        return False
    numbers = question.data["numbers"]
    found = [await cases.get(turn.work.conn, id_of(one)) for one in numbers]
    case = _meant(turn, [one for one in found if one is not None])
    if case is None:
        return False
    await turn.handle(again(turn, "choice", case_number=case.number))
    return True


def _meant(turn: Turn, shown: list[Case]) -> Case | None:
    """The only one at the building that is named, else the only one with the things that are."""
    building = turn.heard.location.building
    named = [one for one in shown if building and one.building == building]
    if not named and not building:
        near = [
            (things_shared(turn.inbound.text, f"{one.place} {one.words}"), one) for one in shown
        ]
        best = max((close for close, _ in near), default=0)
        named = [one for close, one in near if close == best] if best else []
    return named[0] if len(named) == 1 else None
