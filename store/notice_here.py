"""Which notices somebody may speak of where he is: the one rule for 收到, a poll and a question."""

from sqlalchemy import ColumnElement, bindparam, true

from domain.messages import Address
from store import tables_notices as n

_T = n.notice_targets.c


def said_here(
    *, group: bool, home: bool, at_home: ColumnElement[bool] | None = None
) -> ColumnElement[bool]:
    """The targets that were said in the group at hand or, where he speaks alone, to himself.

    With `home` he speaks as well of what was said in the group of his area, as far as `at_home`
    holds. What is merged into the day's list, or was dropped, has not been said. The values of the
    statement are those of `bound`.
    """
    here = (_T.channel == bindparam("b_channel")) & (_T.chat == bindparam("b_chat"))
    if not group:
        here |= _T.person == bindparam("b_person")
        if home:
            there = true() if at_home is None else at_home
            here |= _T.is_group & (_T.area == bindparam("b_area")) & there
    return here & _T.state.in_(("queued", "listed"))


def bound(address: Address, person: str, area: str) -> dict[str, str]:
    """The values `said_here` asks for; those it does not ask for do no harm."""
    return {
        "b_channel": address.channel,
        "b_chat": address.chat,
        "b_person": person,
        "b_area": area,
    }
