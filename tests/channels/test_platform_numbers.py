"""What a channel does when nobody sets it otherwise keeps to the platform's numbers (wechat.md).

Tests of the channels run with quick waits of their own; these are the ones a deployment runs with.
"""

import inspect
from datetime import timedelta

import pytest

from bot.channels import _account_passive, _archive_reader, _kf_reader, official_account
from bot.channels._archive_library import Spans
from bot.channels._wecom_link import Waits
from bot.channels._wecom_robot_handover import Waits as Held
from bot.channels.wecom_robot import WecomRobot
from store.leases import LIFE
from store.vault import MARGIN

ANSWER = 5.0  # seconds a platform waits for the answer to its call (1a.2, 1c.1, 1g)


def default(name: str) -> object:
    return inspect.signature(WecomRobot).parameters[name].default


KEEPS = {
    "a robot pings every 30 s (1a.7)": default("ping_every") == 30.0,
    "and waits 5 s for an ack": default("ack_timeout") == 5.0,
    "it comes back after 1 s, at the latest after 30 (1a.7)": default("backoff") == (1.0, 30.0),
    "thrown out it leaves the other one a lease's life": Waits().lease_life >= LIFE.total_seconds(),
    "its lease is renewed long before it ends": Waits().lease_trust < Waits().lease_life,
    "a robot's call is answered in time (1a.5)": max(Held().message, Held().event) < ANSWER - 1,
    "so is an account's, whoever it is (1g)": _account_passive.WAITS.event
    + official_account.PATIENCE
    < ANSWER - 0.5,
    "the archive is asked at most 600 times a minute (1e)": 60 / _archive_reader.Rests().pace
    <= 600,
    "for at most 1000 records (5)": _archive_reader.LIMIT <= 1000,
    "its library is initialised anew within 7200 s (1e)": Spans().life < 7200,
    "customer service is read 1000 entries at a time at most (1f)": _kf_reader.PAGE <= 1000,
    "and looked at more than once in a callback token's 10 minutes": _kf_reader.Rests().every < 300,
    "a token is renewed 5 minutes before its end (2.2)": timedelta(minutes=5) <= MARGIN,
}


@pytest.mark.parametrize("kept", KEEPS.values(), ids=KEEPS)
def test_the_platform_s_number_is_kept(kept: bool) -> None:
    assert kept
