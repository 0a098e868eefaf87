"""日历 said in chat: the link goes to whoever asked and to nobody else, and who he is stays ours."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.deployment.folder import Deployment
from bot.deployment.settings import HttpSettings
from bot.login import CODE_LIFE, SESSION_LIFE, Logins
from domain.people import People, World
from store import identities, sessions
from store import outbox as outbox_
from store.directory import Directory
from store.tables_identities import codes as code_rows
from store.tables_sessions import sessions as rows
from tests.conversation.town import Town, town

URL = "https://grid.example.cn"
LINK = re.compile(re.escape(URL) + r"/login/([a-z]{28})\Z")
STAFF_GROUP = "wrSTAFF1"


@pytest.fixture
def open_paged(deployment: Deployment, store):
    """Opens a town whose pages people can reach."""
    http = HttpSettings(public_url=URL + "/")
    settings = deployment.settings.model_copy(update={"http": http})
    return lambda *names: town(replace(deployment, settings=settings), store, *names)


def doors(town: Town) -> Logins:
    return Logins(town.app.store, town.app.directory, town.clock)


async def asked(town: Town, channel: str = "robot", who: str = "l.c1") -> str:
    """The code that somebody gets in private."""
    await town.say(channel, who, "日历")
    found = LINK.search(town.channels[channel].words(who)[-1])
    assert found is not None
    return found[1]


async def test_a_link_opens_once_for_whoever_asked(open_paged) -> None:
    async with open_paged("robot") as town:
        code, pages = await asked(town), doors(town)
        assert await pages.valid(code)
        secret = await pages.enter(code)
        assert (await pages.who(secret)).id == "l.c1"
        assert not await pages.valid(code)
        assert await pages.enter(code) == ""


@pytest.mark.parametrize(
    ("minutes", "opens"), [pytest.param(9, True, id="in-time"), pytest.param(10, False, id="late")]
)
async def test_a_link_lives_ten_minutes(open_paged, minutes: int, opens: bool) -> None:
    assert timedelta(minutes=10) == CODE_LIFE
    async with open_paged("robot") as town:
        code, pages = await asked(town), doors(town)
        town.clock.move_to(town.clock.now() + timedelta(minutes=minutes))
        assert await pages.valid(code) is opens
        assert bool(await pages.enter(code)) is opens


async def test_a_session_lives_twelve_hours(open_paged) -> None:
    assert timedelta(hours=12) == SESSION_LIFE
    async with open_paged("robot") as town:
        pages = doors(town)
        secret = await pages.enter(await asked(town))
        town.clock.move_to(town.clock.now() + timedelta(hours=12, seconds=-1))
        assert await pages.who(secret)
        town.clock.move_to(town.clock.now() + timedelta(seconds=1))
        assert await pages.who(secret) is None


async def test_a_new_link_makes_the_last_one_void_but_ends_no_session(open_paged) -> None:
    async with open_paged("robot") as town:
        pages, first = doors(town), await asked(town)
        secret = await pages.enter(await asked(town))
        assert await pages.enter(first) == ""
        await asked(town)
        assert await pages.who(secret)


async def test_the_database_holds_no_secret(open_paged) -> None:
    async with open_paged("robot") as town:
        code, pages = await asked(town), doors(town)
        async with town.app.store.read() as conn:
            (kept,) = (await conn.execute(select(code_rows.c.code))).scalars()
        assert kept not in code
        assert code[:10] not in kept
        secret = await pages.enter(code)
        async with town.app.store.read() as conn:
            (row,) = await conn.execute(select(rows))
        assert len(row.hash) == 64
        assert secret not in str(row)
        assert await pages.who(row.hash) is None


async def test_codes_of_binding_and_of_the_page_do_not_open_each_other(open_paged) -> None:
    async with open_paged("robot", "kf") as town:
        pages = doors(town)
        bind = await town.code("robot", "l.c1")
        assert await pages.enter(bind) == ""
        code = await asked(town)
        await town.say("kf", "wmStranger", f"绑定 {code}")
        assert "l.c1" not in town.app.directory.ids("kf:wmStranger")
        assert (await pages.who(await pages.enter(code))).id == "l.c1"
        await town.say("kf", "wmStranger", f"绑定 {bind}")  # asking for the page left it good
        assert "l.c1" in town.app.directory.ids("kf:wmStranger")


async def test_whoever_leaves_the_roster_is_out_at_once(open_paged) -> None:
    async with open_paged("robot") as town:
        secret, code = await doors(town).enter(await asked(town)), await asked(town)
        world, kinds = town.app.directory.world, town.app.directory.kinds
        left = [one for one in world.people.values() if one.id != "l.c1"]
        smaller = World(world.areas, People(left), world.groups, world.places)
        # A roster is read at the start: the same store under a program that no longer knows him.
        restarted = replace(doors(town), directory=Directory(smaller, kinds))
        assert await restarted.who(secret) is None
        assert await restarted.enter(code) == ""
        assert await doors(town).who(secret) is None  # and he does not come back with the roster


async def test_whose_telephone_is_split_from_him_is_out_at_once(open_paged) -> None:
    async with open_paged("robot", "kf") as town:
        await town.say("kf", "wmLeader", f"绑定 {await town.code('robot', 'l.c1')}")
        pages = doors(town)
        secret = await pages.enter(await asked(town, "kf", "wmLeader"))
        assert (await pages.who(secret)).id == "l.c1"
        async with town.app.store.write() as conn:
            assert await identities.split(
                town.app.store, conn, "kf:wmLeader", by="operator", now=town.clock.now()
            )
        await town.app.open()
        assert await pages.who(secret) is None


async def test_sessions_of_one_person_are_bounded(open_paged) -> None:
    async with open_paged("robot") as town:
        pages, secrets = doors(town), []
        for _ in range(sessions.MOST + 1):
            secrets.append(await pages.enter(await asked(town)))
            town.clock.move_to(town.clock.now() + timedelta(minutes=1))
        alive = [bool(await pages.who(one)) for one in secrets]
        assert alive == [False] + [True] * sessions.MOST
        await pages.leave(secrets[-1])
        assert await pages.who(secrets[-1]) is None


async def everything(town: Town) -> str:
    """All that was said in any group, and what is going to be."""
    said = [one for channel in town.channels.values() for one in channel.sent if one.address.group]
    async with town.app.store.read() as conn:
        waiting = (await conn.execute(select(outbox_.t.outbox))).all()
    return str(said) + str([row for row in waiting if row.is_group])


@pytest.mark.parametrize(
    ("names", "where", "who"),
    [
        pytest.param(("robot",), "robot", "w.li", id="staff-group"),
        pytest.param(("archive", "app"), "archive", "w.li", id="a-group-that-is-only-read"),
    ],
)
async def test_in_a_group_the_link_goes_to_the_private_chat(
    open_paged, names: tuple[str, ...], where: str, who: str
) -> None:
    async with open_paged(*names) as town:
        await town.say("robot" if "robot" in names else "app", who, "帮助")
        await town.say(where, who, "日历", STAFF_GROUP)
        words = [one for name in names for one in town.channels[name].words(who)]
        assert sum(bool(LINK.search(one)) for one in words) == 1
        assert "/login/" not in await everything(town)
        if where == "robot":
            assert "私聊发给您了" in town.robot.words(STAFF_GROUP)[-1]


async def test_where_nothing_reaches_him_alone_there_is_no_link(open_paged) -> None:
    async with open_paged("groups", "archive") as town:
        await town.say("archive", "w.li", "日历", STAFF_GROUP)
        async with town.app.store.read() as conn:
            assert (await conn.execute(select(code_rows))).all() == []
        assert "/login/" not in await everything(town)


@pytest.mark.parametrize(
    ("who", "says"),
    [
        pytest.param("w.li", URL, id="worker"),
        pytest.param("l.c1", URL, id="leader"),
        pytest.param("s.s1", URL, id="street"),
        pytest.param("d.d1", URL, id="district"),
        pytest.param("p.property", "只给网格员", id="office"),
        pytest.param("r.wang", "", id="resident"),
    ],
)
async def test_who_gets_a_link(open_paged, who: str, says: str) -> None:
    async with open_paged("robot") as town:
        await town.say("robot", who, "日历")
        words = "\n".join(town.robot.words(who))
        assert says in words
        assert (URL in words) == (says == URL)


@pytest.mark.parametrize("url", ["", "grid.example.cn", "ftp://grid.example.cn", "https://"])
async def test_without_an_address_the_operator_is_told_what_to_write(
    deployment: Deployment, store, url: str
) -> None:
    http = HttpSettings(public_url=url)
    settings = deployment.settings.model_copy(update={"http": http})
    async with town(replace(deployment, settings=settings), store, "robot") as place:
        await place.say("robot", "l.c1", "日历")
        assert "public_url" in place.robot.words("l.c1")[-1]
        assert "login" not in place.robot.words("l.c1")[-1]


async def test_asking_in_words(open_paged) -> None:
    async with open_paged("robot") as town:
        for words in (
            "看日历",
            "打开日历",
            "走访日历",
            "日历链接发我",
            "这周的日历",
            "给我发一下日历",
        ):
            await town.say("robot", "l.c1", words)
            assert LINK.search(town.robot.words("l.c1")[-1]), words
        for words in ("日历本印好了吗", "挂历日历谁要"):
            await town.say("robot", "l.c1", words)
            assert not LINK.search(town.robot.words("l.c1")[-1]), words
