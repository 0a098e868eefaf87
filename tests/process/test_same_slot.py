"""Two residents ask for the same time in the same minute, each heard by another process."""

import asyncio

from sqlalchemy import select

from store import tables as t
from store import tables_appointments as ta
from tests import postgres
from tests.conversation.town import town

ASKED = "预约明天下午3点上门办老年证"


@postgres.only
async def test_one_gets_it_and_the_other_is_offered_three_others(
    deployment, store, open_store
) -> None:
    async with (
        town(deployment, store, "robot") as one,
        town(deployment, open_store(), "robot") as other,
    ):
        await asyncio.gather(one.robot.say("r.wang", ASKED), other.robot.say("r.chen", ASKED))
        await asyncio.gather(one.app.settle(), other.app.settle())
        async with store.read() as conn:
            booked = (await conn.execute(select(ta.appointments.c.resident))).scalars().all()
            said = (await conn.execute(select(t.outbox.c.chat, t.outbox.c.template))).all()
    assert len(booked) == 1
    late = "r.chen" if booked == ["r.wang"] else "r.wang"
    assert (booked[0], "replies/appointment_booked") in said
    assert (late, "replies/appointment_offer") in said
    assert (late, "replies/appointment_booked") not in said
