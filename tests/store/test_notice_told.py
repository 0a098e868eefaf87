"""What was lately told in a chat, on both databases."""

from dataclasses import replace
from datetime import timedelta

from domain.messages import Address
from domain.notices import Audience, Notice, Status
from store import notices
from store.engine import Store
from store.notice_told import told_here
from tests import factories as make

GROUP = Address("simulator", "g01.residents", group=True)
ALONE = Address("simulator", "r.wang")
NOTICE = Notice(
    0, "i1", "l.c1", Audience("residents", ("c1",)), "明早停水", Status.SENT, make.NOW, make.NOW,
    timedelta(days=1),
)  # fmt: skip


async def test_what_was_told_here_is_found_and_what_was_taken_back_is_not(store: Store) -> None:
    since = make.NOW - timedelta(days=2)
    async with store.write() as conn:
        for key, status in (("i1", Status.SENT), ("i2", Status.CANCELLED)):
            row = notices.row_of(replace(NOTICE, key=key, status=status))
            id_ = await notices.add(store, conn, row)
            assert id_ is not None
            target = notices.Target(f"{key}:g01", GROUP, area="g01")
            await notices.aim(store, conn, id_, [target], make.NOW)
        (found,) = await told_here(conn, GROUP, "r.wang", "g01", since)
        assert (found[0].words, found[1]) == ("明早停水", make.NOW)
        assert await told_here(conn, ALONE, "r.wang", "g01", since) == [found]
        assert await told_here(conn, ALONE, "r.zhou", "g05", since) == []
        later = make.NOW + timedelta(minutes=1)
        assert await told_here(conn, GROUP, "r.wang", "g01", later) == []
