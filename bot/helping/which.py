"""Which appointment somebody means: the one named, quoted or clicked, else the open ones."""

from collections.abc import Sequence

from bot.helping.appointments import view
from bot.turn import Turn
from domain.appointments import Appointment, id_of
from domain.errors import NotAllowed
from domain.numbers import APPOINTMENTS
from domain.routing import oversees
from store import appointments, cases


async def meant(turn: Turn) -> list[Appointment]:
    """The appointments that may be meant: the one named, quoted or clicked, else the open ones.

    Raises NotAllowed where one was named that is not there, or not his.
    """
    work = turn.work
    number = named(turn)
    if not number:
        if turn.speaker.staff:
            return await appointments.open_with(work.conn, turn.speaker.id)
        return await appointments.open_of(work.conn, turn.speaker.ids)
    one = await appointments.get(work.conn, id_of(number))
    if one is None:
        raise NotAllowed("no_such_appointment")
    person = turn.speaker.person
    staff = turn.speaker.staff and person is not None
    his = one.worker == turn.speaker.id or (
        staff and person is not None and oversees(work.city.world, one.area, person)
    )
    if not his and one.resident not in turn.speaker.ids:
        raise NotAllowed("not_your_appointment")
    return [one]


def named(turn: Turn) -> str:
    """The number of the appointment that was clicked, said or quoted; "" for none."""
    return turn.named(APPOINTMENTS)


def by_name(turn: Turn, candidates: Sequence[Appointment]) -> list[Appointment]:
    """Those of several whose resident the words name: 王阿姨那边改到4点."""
    world, text = turn.work.city.world, turn.inbound.text
    return [one for one in candidates if (who := world.person(one.resident)) and who.name in text]


async def named_by_resident(turn: Turn) -> str:
    """The number of the appointment of today whose resident a worker's words name; "" for none."""
    work = turn.work
    if turn.number:
        return ""
    own_ones = await appointments.open_with(work.conn, turn.speaker.id)
    gone_by = [one for one in by_name(turn, own_ones) if one.start <= work.now]
    if len(gone_by) != 1:
        return ""
    own = await cases.of_assignees(work.conn, [turn.speaker.id])
    reported = any(one.reporter == gone_by[0].resident for one in own)  # then it may be that case
    return "" if reported else gone_by[0].number


async def only(turn: Turn, candidates: Sequence[Appointment]) -> Appointment | None:
    """The only candidate, locked; with several, list them and return None."""
    work = turn.work
    if len(candidates) == 1:
        return await appointments.get(work.conn, candidates[0].id)
    shown = [view(work, one) for one in candidates[:8]]
    work.reply("replies/appointment_which", {"appointments": shown})
    return None
