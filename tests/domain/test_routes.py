"""Which way a message takes: every reason there is, and what comes before what."""

from datetime import timedelta

import pytest

from domain.messages import Address
from domain.routes import Ability, Choice, Need, Way, Why, choose
from tests.factories import NOW
from tests.rows import each_row

WINDOW = Ability(window=timedelta(hours=48), messages=5, buttons=False)
PUSH = Ability()
PLAIN = Ability(buttons=False)
DEAF = Ability(says_group=False, says_private=False)
REPLIES = Ability(proactive=False)
TAPPED = Ability(says_private=False, confirms=True)
SMS = Ability(says_group=False, costs=True, buttons=False)


def way(channel: str, can: Ability, hours: float | None = None, said: int = 0, **more) -> Way:
    """A private chat on a channel; he wrote there so many hours ago."""
    heard = NOW - timedelta(hours=hours) if hours is not None else None
    return Way(more.pop("address", Address(channel, "u")), can, heard, said, **more)


KF = way("kf", WINDOW, hours=1)
OVER = way("kf", WINDOW, hours=48)
USED_UP = way("kf", WINDOW, hours=1, said=5)
NEVER = way("kf", WINDOW)
ROBOT = way("robot", PUSH)
APP = way("app", PLAIN)
ARCHIVE = way("archive", DEAF)
PHONE = way("sms", SMS)
GROUP = way("groups", TAPPED, address=Address("groups", "wr1", group=True))
BROKEN = way("app", PUSH, up=False)
CALLBACK = way("robot", REPLIES)


@each_row(
    ("ways", "need", "taken", "why"),
    [
        pytest.param([ROBOT, APP], Need(NOW, here="app"), APP, Why.HERE, id="where he wrote"),
        pytest.param([ROBOT, KF], Need(NOW, here="kf"), KF, Why.HERE, id="where he wrote, window"),
        pytest.param([KF, APP], Need(NOW), APP, Why.ANY_TIME, id="any time before a window"),
        pytest.param([APP, ROBOT], Need(NOW), APP, Why.ANY_TIME, id="the order of the settings"),
        pytest.param(
            [APP, ROBOT], Need(NOW, buttons=True), ROBOT, Why.ANY_TIME, id="buttons for staff"
        ),
        pytest.param([PHONE, KF], Need(NOW), KF, Why.WINDOW, id="within the window"),
        pytest.param([OVER, APP], Need(NOW, here="kf"), APP, Why.ANY_TIME, id="window over"),
        pytest.param([USED_UP, PHONE], Need(NOW), PHONE, Why.PAID, id="used up: paid comes last"),
        pytest.param([OVER], Need(NOW), OVER, Why.OVER, id="over and nothing else: it waits"),
        pytest.param([NEVER], Need(NOW), NEVER, Why.OVER, id="never wrote there"),
        pytest.param(
            [OVER],
            Need(NOW, answers=OVER.address),
            OVER,
            Why.WINDOW,
            id="an answer needs no window",
        ),
        pytest.param(
            [ARCHIVE], Need(NOW, here="archive"), None, Why.NOWHERE, id="heard, never said"
        ),
        pytest.param([ARCHIVE, KF], Need(NOW, here="archive"), KF, Why.WINDOW, id="heard there"),
        pytest.param([GROUP], Need(NOW), GROUP, Why.TAP, id="a group after a tap"),
        pytest.param([PHONE, GROUP], Need(NOW), GROUP, Why.TAP, id="a tap before paying"),
        pytest.param([BROKEN, KF], Need(NOW), KF, Why.WINDOW, id="not the one that is down"),
        pytest.param([BROKEN, PHONE], Need(NOW), BROKEN, Why.DOWN, id="an outage is not paid for"),
        pytest.param(
            [CALLBACK], Need(NOW), None, Why.NOWHERE, id="answers only, nothing to answer"
        ),
        pytest.param(
            [CALLBACK],
            Need(NOW, here="robot", answers=CALLBACK.address),
            CALLBACK,
            Why.HERE,
            id="answers only, an answer",
        ),
        pytest.param([], Need(NOW), None, Why.NOWHERE, id="nobody knows him"),
    ],
)
def test_the_way_and_the_reason(ways: list[Way], need: Need, taken: Way | None, why: Why) -> None:
    assert choose(ways, need) == Choice(taken, why)


@pytest.mark.parametrize(
    ("hours", "said", "left"),
    [
        pytest.param(0, 0, 5, id="just wrote"),
        pytest.param(47.99, 4, 1, id="the last one"),
        pytest.param(48, 0, 0, id="to the second"),
        pytest.param(1, 7, 0, id="never below nothing"),
        pytest.param(None, 0, 0, id="never wrote"),
    ],
)
def test_what_a_window_leaves(hours: float | None, said: int, left: int) -> None:
    assert way("kf", WINDOW, hours, said).left(NOW) == left


def test_where_nobody_counts_nothing_runs_out() -> None:
    assert way("robot", PUSH, hours=1, said=1000).left(NOW) is None


@pytest.mark.parametrize("why", list(Why), ids=str)
def test_a_reason_fits_its_column(why: Why) -> None:
    assert 0 < len(why) <= 40
