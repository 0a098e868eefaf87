"""What can be asked about notices: how far one is, who answered, which there are."""

from bot.notices.audience import refused
from bot.notices.notice import author_of, numbered
from bot.turn import Turn
from domain.notice_moves import comes_again
from domain.notices import Notice, Status, below, may_change, withdraws
from store import notices
from store.notice_receipts import receipts
from store.notice_sending import view

_LOOKED_AT = 200
_SHOWN = 10  # lines or names of one message
_KNOWN = (Status.WAITING, Status.STANDING, Status.SENT, Status.CANCELLED)


async def progress(turn: Turn) -> None:
    """通知进度: how many have it, and when the rest will."""
    work = turn.work
    notice = await _meant(turn, (Status.SENT,))
    found = await notices.outcome(work.conn, notice.id)
    open_ = found["waiting"] + found["sending"] + found["held"]
    until = await notices.last_due(work.conn, notice.id) if open_ else None
    values = {
        "notice": view(work, notice),
        "sent": found["sent"] + found["rerouted"] + found["listed"],
        "total": sum(found.values()) - found["dropped"],
        "open": open_,
        "dead": found["dead"],
        "merged": found["merged"],
        "taps": await notices.untapped(work.conn, notice.id),
        "until": until.isoformat() if until is not None else "",
    }
    work.reply("replies/notice_progress", values)


async def answers(turn: Turn) -> None:
    """回执: how many have answered, and who is missing."""
    work = turn.work
    notice = await _meant(turn, (Status.SENT,))
    state = await receipts(work, notice)
    shown = [one.name for one in state.missing[:_SHOWN]]
    values = {
        "notice": view(work, notice),
        "count": state.answered,
        "contact": shown,
        "more": len(state.missing) - len(shown),
    }
    work.reply("replies/notice_receipts", values)


async def listed(turn: Turn) -> None:
    """通知列表: what waits, stands and was sent, newest first."""
    person = author_of(turn)
    found = await notices.of_person(turn.work.conn, person.id, _KNOWN, limit=_LOOKED_AT)
    rows = [{**view(turn.work, one), "status": one.status.value} for one in found if _own(one)]
    turn.work.reply("replies/notice_list", {"notices": rows[:_SHOWN]})


def _own(notice: Notice) -> bool:
    """Whether somebody wrote it as it stands: neither one of many rounds, nor what takes back."""
    return not notice.parent and not withdraws(notice)


async def _meant(turn: Turn, statuses: tuple[Status, ...]) -> Notice:
    """The notice that is asked about: by its number, else the speaker's newest."""
    work, person = turn.work, author_of(turn)
    number, _ = numbered(turn.heard.words)
    if not number:
        mine = await notices.of_person(work.conn, person.id, statuses)
        found = next((one for one in mine if not withdraws(one)), None)
        if found is None:  # a worker asks after what his groups were told by others
            every = await notices.latest(work.conn, statuses)
            found = next((it for it in every if _told(turn, it) and not withdraws(it)), None)
    else:
        found = await notices.get(work.conn, number)
    if found is not None and comes_again(found):
        found = await notices.last_round(work.conn, found.id) or found
    world = work.city.world
    if found is None or not (may_change(world, person, found) or _told(turn, found)):
        raise refused("no_such_notice")
    return found


def _told(turn: Turn, notice: Notice) -> bool:
    """Whether a notice went to the groups of the grid the speaker looks after."""
    person, areas = turn.speaker.person, notice.audience.areas
    grid = person is not None and notice.audience.to == "residents"
    return bool(grid and person and person.area in below(turn.work.city.world, areas))
