"""Group robots by webhook against the double of their platform, over HTTP."""

import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
import structlog
from pydantic import ValidationError

from bot.channels import wecom_webhook
from bot.channels._wecom_webhook_says import Article
from bot.channels.base import Blob, FetchError, SendError
from bot.channels.wecom_webhook import Settings, WecomWebhook
from domain.messages import Address, Button, Card, Outbound
from tests.channels.parts import Ears, made
from tests.channels.wecom_tools import eventually, lines, running
from tests.doubles.platform import Fault, Platform
from tests.doubles.platform import running as platform_running
from tests.doubles.platform_webhook import SEND, Webhooks

KEY, OTHER = "693a91f6-7f5a-4bc4-97a0-0ec2sifa5aaa", "11111111-7f5a-4bc4-97a0-0ec2sifa5bbb"
GROUP, SECOND = Address("hook", "wrFake0001", group=True), Address("hook", "wrFake0002", group=True)
CARD = Card("G1_1", "防汛预警", "请各网格巡查低洼点", (("级别", "蓝色"),))
PNG = b"\x89PNG\r\n\x1a\n"


@dataclass
class Desk:
    """The running channel, its platform and a clock that is moved by hand."""

    platform: Platform
    hooks: Webhooks
    channel: WecomWebhook
    at: datetime = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)

    @property
    def posted(self):
        return self.hooks.posted[KEY]

    async def refused(self, outbound):
        with pytest.raises(SendError) as caught:
            await self.channel.send(outbound)
        return caught.value


@asynccontextmanager
async def desk(folder, *, robots=None, keys=(KEY, OTHER), **settings):
    hooks = Webhooks(set(keys))
    async with platform_running(hooks.calls) as platform:
        it = Desk(platform, hooks, None)
        async with made(folder, "hook", lambda: it.at) as parts:
            robots = {GROUP.chat: KEY, SECOND.chat: OTHER} if robots is None else robots
            given = {"robots": robots, "api_base": platform.base, **settings}
            it.channel = wecom_webhook.make(Settings(**given), parts)
            async with running(it.channel, Ears()):
                await eventually(lambda: it.channel.connected)
                yield it


def said(text="一网格今日走访提醒", **changes):
    return replace(Outbound("once-1", GROUP, text), **changes)


# What is posted

TEXTS = {
    "words": (said(), {}, {"msgtype": "text", "text": {"content": "一网格今日走访提醒"}}),
    "words for somebody": (
        said(to=("zhangsan", "13800000000")),
        {},
        {
            "msgtype": "text",
            "text": {
                "content": "一网格今日走访提醒",
                "mentioned_list": ["zhangsan"],
                "mentioned_mobile_list": ["13800000000"],
            },
        },
    ),
    "nobody calls everybody": (
        said("<@all>看<a href='x'>", to=("@all", "@ALL", "a|b", "")),
        {},
        {"msgtype": "text", "text": {"content": "＜@all>看＜a href='x'>"}},
    ),
    "Markdown": (
        said("**超时** G1", to=("zhangsan", "13800000000")),
        {"format": "markdown"},
        {"msgtype": "markdown", "markdown": {"content": "**超时** G1<@zhangsan>"}},
    ),
    "the newer Markdown, which calls nobody": (
        said("# 日报", to=("zhangsan",)),
        {"format": "markdown_v2"},
        {"msgtype": "markdown_v2", "markdown_v2": {"content": "# 日报"}},
    ),
    "a card without buttons": (
        said(card=CARD),
        {"card_url": "https://grid.example/"},
        {
            "msgtype": "template_card",
            "template_card": {
                "card_type": "text_notice",
                "main_title": {"title": "防汛预警"},
                "sub_title_text": "请各网格巡查低洼点",
                "horizontal_content_list": [{"keyname": "级别", "value": "蓝色"}],
                "card_action": {"type": 1, "url": "https://grid.example/"},
            },
        },
    ),
    "a card that leads nowhere": (
        said(card=CARD),
        {},
        {"msgtype": "text", "text": {"content": "一网格今日走访提醒"}},
    ),
    "a card with buttons": (
        said(card=replace(CARD, buttons=(Button("accept", "接单"),))),
        {"card_url": "https://grid.example/"},
        {"msgtype": "text", "text": {"content": "一网格今日走访提醒"}},
    ),
    "a card for somebody, who must be called": (
        said(card=CARD, to=("zhangsan",)),
        {"card_url": "https://grid.example/"},
        {
            "msgtype": "text",
            "text": {"content": "一网格今日走访提醒", "mentioned_list": ["zhangsan"]},
        },
    ),
}


@pytest.mark.parametrize(("outbound", "settings", "body"), TEXTS.values(), ids=TEXTS)
async def test_what_is_posted(tmp_path, outbound, settings, body):
    async with desk(tmp_path, **settings) as it:
        assert await it.channel.send(outbound) == ""
    assert it.posted == [body]


@pytest.mark.parametrize(
    ("shape", "limit"), [("text", 2048), ("markdown", 4096), ("markdown_v2", 4096)]
)
@pytest.mark.parametrize("sign", ["灯", "😀", "a"])
async def test_too_long_words_are_cut_between_signs(tmp_path, shape, limit, sign):
    async with desk(tmp_path, format=shape) as it:
        assert it.channel.limits.max_bytes == limit
        await it.channel.send(said(sign * 5000, to=("zhangsan",)))
    words = it.posted[0][shape]["content"].removesuffix("<@zhangsan>")
    assert words == sign * (len(words) - 1) + "…"
    assert limit - 20 < len(it.posted[0][shape]["content"].encode()) <= limit


async def test_each_group_has_a_robot_of_its_own(tmp_path):
    async with desk(tmp_path) as it:
        await it.channel.send(said("一"))
        await it.channel.send(said("二", address=SECOND))
    assert [one["text"]["content"] for one in it.hooks.posted[OTHER]] == ["二"]
    assert [one["text"]["content"] for one in it.posted] == ["一"]


@pytest.mark.parametrize(
    "address", [Address("hook", "wrFake0009", group=True), Address("hook", GROUP.chat)]
)
async def test_where_no_robot_is_another_way_is_taken(tmp_path, address):
    async with desk(tmp_path) as it:
        error = await it.refused(said(address=address))
    assert (error.retryable, error.unreachable) == (False, True)
    assert it.platform.calls == []


async def test_a_picture_is_posted(tmp_path):
    async with desk(tmp_path) as it:
        await it.channel.send_image(GROUP, Blob(PNG + b"x" * (2 * 1024 * 1024 - len(PNG))))
    assert [one["msgtype"] for one in it.posted] == ["image"]


@pytest.mark.parametrize(
    "data", [b"GIF89a", b"", PNG + b"x" * 2 * 1024 * 1024], ids=["a GIF", "nothing", "too large"]
)
async def test_what_is_no_picture_is_not(tmp_path, data):
    async with desk(tmp_path) as it:
        with pytest.raises(SendError):
            await it.channel.send_image(GROUP, Blob(data))
    assert it.platform.calls == []


async def test_articles_are_posted_and_cut(tmp_path):
    long = Article(
        "停水通知" * 30, "https://e.example/1", "明早八点到十点" * 60, "https://e.example/p"
    )
    async with desk(tmp_path) as it:
        await it.channel.send_news(GROUP, [long] * 8)
        for wrong in ([], [long] * 9, [replace(long, url="")]):
            with pytest.raises(SendError):
                await it.channel.send_news(GROUP, wrong)
    ((first, *_rest),) = [one["news"]["articles"] for one in it.posted]
    assert first["title"].endswith("…")
    assert first["picurl"] == "https://e.example/p"


# What goes wrong

# code: retryable, unreachable
CODES = {
    -1: (True, False),
    40058: (False, False),
    44001: (False, False),
    45009: (True, False),
    45033: (True, False),
    93000: (False, True),
    77777: (True, False),
}


@pytest.mark.parametrize("code", CODES)
async def test_a_refusal_says_what_is_next(tmp_path, code):
    async with desk(tmp_path) as it:
        it.platform.fault(SEND, Fault(code=code, message="x"))
        error = await it.refused(said())
        assert (error.retryable, error.unreachable) == CODES[code]
        assert error.code == code
        assert it.channel.trouble == ("code_93000" if code == 93000 else "")
        assert it.channel.connected


@pytest.mark.parametrize(
    "lost", [Fault(status=502), Fault(half=True), Fault(half=True, after=True)]
)
async def test_a_lost_answer_is_worth_another_try(tmp_path, lost):
    async with desk(tmp_path) as it:
        it.platform.fault(SEND, lost)
        error = await it.refused(said())
        assert (error.retryable, error.unreachable) == (True, False)
        await it.channel.send(said())


async def test_too_many_wait_for_the_next_minute(tmp_path):
    async with desk(tmp_path) as it:
        it.platform.fault(SEND, Fault(code=45009))
        assert (await it.refused(said())).retry_after >= 60


async def test_never_more_than_eighteen_in_any_minute(tmp_path):
    async with desk(tmp_path) as it:
        assert it.channel.limits.rates == ((18, 60),)
        for _ in range(18):
            await it.channel.send(said())
            it.at += timedelta(seconds=1)
        error = await it.refused(said())
        assert (error.retryable, error.retry_after) == (True, 42.0)
        await it.channel.send(said(address=SECOND))
        it.at += timedelta(seconds=42)
        await it.channel.send(said())
    assert len(it.posted) == 19


async def test_a_robot_that_is_gone_is_asked_no_more_until_it_is_back(tmp_path):
    with structlog.testing.capture_logs() as logs:
        async with desk(tmp_path, keys=[OTHER]) as it:
            for _ in range(3):
                assert (await it.refused(said())).unreachable
            await it.channel.send(said(address=SECOND))
            assert len(it.platform.asked(SEND)) == 2
            assert it.channel.trouble == "code_93000"
        assert [line["chat"] for line in lines(logs, "wecom_webhook.gone")] == [GROUP.chat]
        async with desk(tmp_path, keys=[KEY, OTHER]) as it:  # the program was started again
            assert it.channel.trouble == "code_93000"
            assert (await it.refused(said())).unreachable
            assert it.platform.calls == []
            assert [(one.key, one.good) for one in await it.channel.examine()] == [
                ("webhook_good", True)
            ] * 2
            assert it.channel.trouble == ""
            await it.channel.send(said())


async def test_a_new_key_is_tried(tmp_path):
    async with desk(tmp_path, keys=[OTHER]) as it:
        await it.refused(said())
    async with desk(tmp_path, keys=[OTHER], robots={GROUP.chat: OTHER}) as it:
        assert it.channel.trouble == ""
        await it.channel.send(said())


# Looking after itself


async def test_examining_names_the_groups_and_shows_nothing_in_them(tmp_path):
    async with desk(tmp_path, keys=[KEY]) as it:
        found = await it.channel.examine()
        it.platform.fault(SEND, Fault(status=502))
        (down, _) = await it.channel.examine()
    assert [(one.key, one.good, one.fill["chat"]) for one in found] == [
        ("webhook_good", True, GROUP.chat),
        ("code_93000", False, SECOND.chat),
    ]
    assert (down.key, down.good) == ("no_answer", False)
    assert it.posted == []


@pytest.mark.parametrize(
    ("code", "good"),
    [(40058, True), (44001, True), (-1, False), (45009, False), (45033, False), (60020, False)],
)
async def test_what_tells_nothing_of_a_robot_is_not_taken_for_its_health(tmp_path, code, good):
    async with desk(tmp_path, keys=[OTHER]) as it:
        await it.refused(said())
        it.platform.fault(SEND, Fault(code=code))
        (found, _) = await it.channel.examine()
        assert (found.good, found.key == f"code_{code}") == (good, not good)
        assert it.channel.trouble == ("" if good else "code_93000")


async def test_nothing_is_fetched(tmp_path):
    async with desk(tmp_path) as it:
        with pytest.raises(FetchError):
            await it.channel.fetch({})


async def test_it_is_connected_while_it_runs(tmp_path):
    async with desk(tmp_path) as it:
        assert it.channel.connected
    assert not it.channel.connected


URL = f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}"


async def test_a_single_robot_speaks_in_the_group_named_like_its_section(tmp_path):
    async with desk(tmp_path, robots={}, key=URL) as it:
        await it.channel.send(said(address=Address("hook", "hook", group=True)))
    assert len(it.posted) == 1


@pytest.mark.parametrize(
    "robots",
    [{"wrA": KEY, "wrB": OTHER}, f"wrA={KEY}, wrB={OTHER}", json.dumps({"wrA": KEY, "wrB": OTHER})],
    ids=["a table", "a variable", "a variable in JSON"],
)
def test_several_robots_are_read(robots):
    found = Settings(robots=robots)
    assert {chat: one.get_secret_value() for chat, one in found.robots.items()} == {
        "wrA": KEY,
        "wrB": OTHER,
    }
    assert found.missing() == ()


WRONG = {
    "two groups, one robot": {"robots": {"a": KEY, "b": URL}},
    "a group without a robot": {"robots": {"a": ""}},
    "a URL without a key": {"key": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send"},
    "another kind of URL": {"key": f"ftp://x/y?key={KEY}"},
    "no table": {"robots": "{"},
}


@pytest.mark.parametrize("settings", WRONG.values(), ids=WRONG)
def test_what_cannot_be_a_robot_is_refused_without_showing_it(settings):
    with pytest.raises(ValidationError) as caught:
        Settings(**settings)
    assert KEY not in str(caught.value)


def test_without_any_robot_the_key_is_missing():
    assert Settings().missing() == ("key",)


async def test_no_secret_in_a_log(tmp_path):
    with structlog.testing.capture_logs() as logs:
        async with desk(tmp_path, robots={GROUP.chat: URL}, keys=()) as it:
            it.platform.fault(SEND, Fault(status=502), Fault(half=True))
            errors = [str(await it.refused(said("电话13900000000"))) for _ in range(3)]
            found = await it.channel.examine()
            assert set(it.channel.secrets()) == {KEY, URL}
    told = json.dumps([logs, errors, [one.fill for one in found]], default=str)
    assert logs
    assert [one for one in (KEY, "13900000000") if one in told] == []
