"""一键发到群: a worker has an answer posted in a group where the bot cannot speak.

The platform asks him to confirm it (企业群发, wechat.md 1d); nothing is posted before that.
"""

from bot.turn import STAFF, Handler, Turn
from domain.errors import NotAllowed
from domain.messages import Address
from store import outbox


async def post_copy(turn: Turn) -> None:
    """Send the words of the card that was clicked to their group, once."""
    work = turn.work
    row = turn.inbound.card.rpartition("_")[2]
    said = await outbox.get(work.conn, int(row)) if row.isascii() and row.isdigit() else None
    copy = said.context.get("copy") if said is not None else None
    if said is None or copy is None or said.address != turn.inbound.address:
        raise NotAllowed("no_such_line")
    there = work.directory.same_group(Address(copy["channel"], copy["chat"], group=True))
    if there is None:
        raise NotAllowed("not_now")
    work.post(there, copy["template"], copy["context"], key=f"post{row}", case=said.case_id)
    work.reply("replies/posted")


HANDLER = Handler(intents=("post_copy",), run=post_copy, roles=STAFF)
