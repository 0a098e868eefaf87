"""SIGKILL at every station: nothing committed is lost, nothing is done or said twice."""

from collections import Counter

import pytest

from tests.doubles.wecom_gateway import WecomGateway
from tests.process.tools import BOT, G1, G2, G4, NAME, SECRET, Books, deploy, process

# The n-th passing at which the resident's report, and later the worker's word, goes by.
STATIONS = [
    ("ingest.before_commit", 1, 2),
    ("ingest.after_commit", 1, 2),
    ("dispatch.claimed", 1, 2),
    ("dispatch.before_commit", 1, 2),
    ("dispatch.after_commit", 1, 2),
    ("delivery.claimed", 1, 2),
    ("delivery.before_send", 1, 3),
    ("delivery.after_send", 1, 3),
]
REPORT = f"{NAME} 3号楼1单元楼道灯坏了"
FINISH = "办结 灯泡换好了"
ON_BOTH = {"dispatch.before_commit", "delivery.after_send"}
DEATHS = [
    pytest.param(station, nth, word, id=f"{station}-{word}")
    for station, *passings in STATIONS
    for nth, word in zip(passings, ("report", "finish"), strict=True)
]


@pytest.fixture
async def gateway():
    async with WecomGateway({BOT: SECRET}) as gateway:
        yield gateway


@pytest.fixture
def folder(tmp_path, gateway, migrated_url):
    return deploy(tmp_path / "city", gateway.url, migrated_url)


@pytest.mark.parametrize("database", ["sqlite"])
@pytest.mark.parametrize(("station", "nth", "word"), DEATHS)
async def test_killed_at_any_moment_nothing_is_lost_and_nothing_doubled(
    folder, gateway, station, nth, word
):
    await _die_and_rise(folder, gateway, station, nth, word)


@pytest.mark.parametrize("database", ["postgresql"])
@pytest.mark.parametrize("station", sorted(ON_BOTH))
async def test_the_same_on_postgresql(folder, gateway, station):
    await _die_and_rise(folder, gateway, station, 1, "report")


@pytest.mark.parametrize(
    ("station", "nth"),
    [("ingest.before_commit", 3), ("dispatch.before_commit", 3), ("delivery.after_send", 7)],
)
async def test_killed_in_a_crowd(folder, gateway, station, nth):
    reports = [(f"u{n}", (G1, G2, G4)[n % 3], f"{NAME} {n + 1}号楼楼道灯坏了") for n in range(18)]
    async with Books(folder) as books:
        said = []
        async with process(folder, die_at=station, nth=nth) as first:
            await gateway.online()
            for user, chat, words in reports:
                try:
                    said.append(await gateway.text(words, user=user, chat=chat))
                except (RuntimeError, ConnectionError):  # there is nobody to say it to
                    break
                if not len(said) % 4:
                    await books.settled(len(said), unless=first)
            assert await first.ended() == -9
            await gateway.offline()
        async with process(folder, ahead=20) as second:
            await gateway.online()
            await books.settled(await books.heard())
            for req_id in said:
                await gateway.again(req_id)
            for user, chat, words in reports[len(said) :]:
                await gateway.text(words, user=user, chat=chat)
            await books.settled(len(reports))
            assert await second.stopped() == 0
        assert sorted(int(case["building"]) for case in await books.cases()) == list(range(1, 19))
        assert [kind for _, kind in await books.events()] == ["opened"] * len(reports)
        assert set(await books.outbox()) == {"sent"}
        answers = [words for chat in (G1, G2, G4) for words in gateway.shown[chat].values()]
        assert len(answers) == len(set(answers)) == len(reports)


async def _die_and_rise(folder, gateway, station, nth, word):
    async with Books(folder) as books:
        said = []
        async with process(folder, die_at=station, nth=nth) as first:
            await gateway.online()
            said.append(await gateway.text(REPORT, user="r.chen", chat=G1))
            if word == "finish":
                await books.settled(1)
                said.append(await gateway.text(FINISH, user="w.li"))
            assert await first.ended() == -9
            await gateway.offline()
        committed = await books.heard()
        assert committed == len(said) - (station == "ingest.before_commit")

        async with process(folder, ahead=20) as second:
            await gateway.online()
            await books.settled(committed)  # what was committed needs no second delivery
            _said_once(gateway, answered=committed)
            for req_id in said:  # what was not committed is heard now; the rest is known
                await gateway.again(req_id)
            await gateway.text(FINISH, user="w.li")
            await books.settled(len(said) + 1)
            await gateway.text("满意", user="r.chen", chat=G1)
            await books.settled(len(said) + 2)
            assert await second.stopped() == 0

        (case,) = await books.cases()
        assert (case["status"], case["satisfaction"]) == ("closed", "satisfied")
        kinds = Counter(kind for _, kind in await books.events())
        assert (kinds["opened"], kinds["finished"], kinds["satisfied"]) == (1, 1, 1)
        assert set(await books.outbox()) == {"sent"}
        repeated = [one for one, times in _frames(gateway).items() if times > 1]
        assert bool(repeated) == (station == "delivery.after_send")
        assert all(times <= 2 for times in _frames(gateway).values())


def _said_once(gateway, answered):
    group = list(gateway.shown[G1].values())
    assert sum("已受理" in one for one in group) == (1 if answered else 0)
    assert sum("新案件" in one for one in gateway.shown["w.li"].values()) == (1 if answered else 0)


def _frames(gateway):
    """What was sent how often, by what makes a repeat replace what it repeats."""
    return Counter(
        one.body["stream"]["id"]
        if "stream" in one.body
        else one.body["template_card"]["task_id"]
        if "template_card" in one.body
        else one.words
        for one in gateway.sent
    )
