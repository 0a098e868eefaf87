"""Calls of a platform's API: tokens, faults, codes, and what the whole channel rests for."""

import asyncio
import re
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import aiohttp
import pytest
from aiohttp import web

from bot.channels import _api, _rests
from bot.channels._codes import CODES, Code, Reaction, reaction, refusal
from bot.channels._qyapi import qyapi
from bot.channels._rests import Rests
from bot.channels.base import Blob, FetchError, SendError
from tests.channels.parts import made
from tests.doubles.platform import CORP, OK, SECRET, Fault, running

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
DO, TOKENS = "/cgi-bin/do", "/cgi-bin/gettoken"


async def _ok(_call):
    return dict(OK)


@asynccontextmanager
async def api(folder, *, secret=SECRET, own=None, now=None):
    clock = SimpleNamespace(at=NOW)
    async with (
        running(lambda platform: platform.serve(DO, _ok)) as platform,
        made(folder, "x", now or (lambda: clock.at)) as parts,
    ):
        yield SimpleNamespace(
            api=qyapi(parts, platform.base, CORP, secret, own),
            other=qyapi(parts, platform.base, CORP, secret, own),
            platform=platform,
            clock=clock,
        )


@pytest.fixture
async def here(tmp_path):
    async with api(tmp_path) as one:
        yield one


async def refused(call) -> SendError:
    with pytest.raises(SendError) as caught:
        await call
    return caught.value


# Tokens


async def test_a_token_is_got_once_for_all_calls_and_all_users_of_the_secret(here):
    await asyncio.gather(*(here.api.post(DO, {}) for _ in range(8)), here.other.get(DO))
    assert len(here.platform.asked(TOKENS)) == 1
    assert here.platform.asked(TOKENS)[0].query == {"corpid": CORP, "corpsecret": SECRET}


@pytest.mark.parametrize("code", [40014, 42001])
async def test_a_token_that_is_no_longer_good_is_replaced_once(here, code):
    await here.api.post(DO, {"a": 1})
    here.platform.fault(DO, Fault(code=code))
    here.platform.expire()
    await here.api.post(DO, {"a": 2})
    assert [call.query["access_token"] for call in here.platform.asked(DO)] == [
        "TOKEN-1",
        "TOKEN-1",
        "TOKEN-2",
    ]
    assert len(here.platform.asked(TOKENS)) == 2
    assert here.platform.bodies(DO) == [{"a": 1}, {"a": 2}, {"a": 2}]


@pytest.mark.parametrize(
    ("status", "again"), [(200, None), (302, False), (404, False), (429, True), (500, True)]
)
async def test_a_page_that_is_no_file_is_none(here, status, again):
    async def page(_asked):
        return web.Response(status=status, text="<html>", content_type="text/html")

    here.platform.serve(DO, page)
    if again is None:
        assert (await here.api.download(DO)).data == b"<html>"  # somebody may send a page
        return
    with pytest.raises(FetchError) as caught:
        await here.api.download(DO)
    assert caught.value.retryable is again


ELSEWHERE = "/elsewhere"
CALLS = {
    "post": lambda api: api.post(DO, {"touser": "zhangsan"}),
    "get": lambda api: api.get(DO),
    "upload": lambda api: api.upload(DO, "media", Blob(b"picture", "a.jpg", "image/jpeg")),
    "download": lambda api: api.download(DO, media_id="M"),
    "a call without a token": lambda api: api.bare("POST", DO, {}, key="k3y"),
}


@pytest.mark.parametrize("status", [302, 307])
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
async def test_nobody_is_followed_to_another_address(here, call, status):
    """Who sends us on would read what was said, and the token or key that stands in the address."""

    async def onward(asked):
        words = "&".join(f"{key}={value}" for key, value in asked.query.items())
        return web.Response(status=status, headers={"Location": f"{ELSEWHERE}?{words}"})

    here.platform.serve(DO, onward, token=False)
    here.platform.serve(ELSEWHERE, _ok, token=False)
    with pytest.raises((SendError, FetchError)):
        await call(here.api)
    assert len(here.platform.asked(DO)) == 1
    assert here.platform.asked(ELSEWHERE) == []


@pytest.mark.parametrize("code", [40014, 42001])
async def test_a_token_that_is_never_good_is_asked_for_twice_and_not_for_ever(here, code):
    here.platform.fault(DO, *[Fault(code=code)] * 20)
    error = await refused(here.api.post(DO, {}))
    assert (error.code, error.retryable) == (code, True)
    assert len(here.platform.asked(TOKENS)) == 2
    assert len(here.platform.asked(DO)) == 2


async def test_eight_calls_that_meet_an_old_token_get_one_new_one(here):
    await here.api.post(DO, {})
    here.platform.expire()
    await asyncio.gather(*(here.api.post(DO, {}) for _ in range(8)))
    assert len(here.platform.asked(TOKENS)) == 2


@pytest.mark.parametrize("code", [40001, 40013, 45009])
async def test_where_no_token_is_given_none_is_asked_for_during_an_hour(here, code):
    here.platform.fault(TOKENS, Fault(code=code))
    for _ in range(5):
        error = await refused(here.api.post(DO, {}))
        assert (error.code, error.retryable) == (code, True)
        assert 3500 <= error.retry_after <= 3600
    assert len(here.platform.asked(TOKENS)) == 1
    assert here.api.resting
    here.clock.at = NOW + timedelta(hours=1)
    assert await here.api.post(DO, {}) == OK
    assert not here.api.resting


async def test_an_address_that_gets_no_token_is_asked_about_again_soon(here):
    here.platform.fault(TOKENS, Fault(code=60020, message="from ip: 203.0.113.9"))
    assert (await refused(here.api.post(DO, {}))).retry_after == 60
    here.clock.at = NOW + timedelta(seconds=60)
    assert await here.api.post(DO, {}) == OK


@pytest.mark.parametrize(
    "answer",
    [OK, OK | {"access_token": ""}, OK | {"access_token": 7}, OK | {"access_token": None}],
    ids=["none", "empty", "number", "null"],
)
async def test_an_answer_without_a_token_is_the_platform_s_trouble(here, answer):
    async def gettoken(_call):
        return answer

    here.platform.serve(TOKENS, gettoken, token=False)
    error = await refused(here.api.post(DO, {}))
    assert (error.retryable, error.code) == (True, 0)


@pytest.mark.parametrize("life", ["soon", None, 0, -5])
async def test_a_token_whose_life_is_not_said_lives_two_hours(here, life):
    async def gettoken(_call):
        here.platform.token = "TOKEN-9"
        return OK | {"access_token": "TOKEN-9", "expires_in": life}

    here.platform.serve(TOKENS, gettoken, token=False)
    for _ in range(2):
        await here.api.post(DO, {})
    assert len(here.platform.asked(TOKENS)) == 1


async def test_a_store_that_is_away_is_no_bug_of_the_channel(here):
    async def token(*_arguments, **_more):
        raise OSError("database is away")

    here.api._vault = SimpleNamespace(token=token)
    error = await refused(here.api.post(DO, {}))
    assert (error.retryable, "database" in str(error)) == (True, False)


# Faults


async def _not_json(_call):
    return web.Response(body=b"<html>", content_type="text/html")


async def _list(_call):
    return web.json_response([1])


async def _number(_call):
    return web.json_response({"errcode": "many"})


async def _away(_call):
    raise web.HTTPFound("http://127.0.0.1:1/elsewhere")


@pytest.mark.parametrize(
    ("fault", "serve"),
    [
        (Fault(status=500), None),
        (Fault(status=502), None),
        (Fault(half=True), None),
        (Fault(silent=True), None),
        (Fault(code=-1), None),
        (None, _not_json),
        (None, _list),
        (None, _number),
        (None, _away),
    ],
    ids="500 502 half silent busy html list no-number redirect".split(),
)
async def test_the_platform_s_own_trouble_is_tried_again_later(here, monkeypatch, fault, serve):
    monkeypatch.setattr(_api, "TIMEOUT", aiohttp.ClientTimeout(total=0.2))
    if fault:
        here.platform.fault(DO, fault)
    if serve:
        here.platform.serve(DO, serve)
    error = await refused(here.api.post(DO, {}))
    assert (error.retryable, error.unreachable) == (True, False)
    assert here.platform.token not in repr(error) + repr(error.__cause__)
    assert not here.api.resting


async def test_a_platform_that_is_not_there_is_tried_again_later(tmp_path):
    async with made(tmp_path, "x") as parts:
        error = await refused(qyapi(parts, "http://127.0.0.1:1", CORP, SECRET).post(DO, {}))
    assert error.retryable
    assert SECRET not in repr(error) + repr(error.__cause__)


async def test_an_endless_answer_is_not_read_to_its_end(here, monkeypatch):
    monkeypatch.setattr(_api, "MAX_ANSWER", 1000)

    async def long(_call):
        return web.Response(body=b"x" * 2000)

    here.platform.serve(DO, long)
    assert not (await refused(here.api.post(DO, {}))).retryable
    with pytest.raises(FetchError):
        await here.api.download(DO)


@pytest.mark.parametrize(
    ("kind", "data", "name", "found"),
    [
        ("image/jpeg", b"\xff\xd8", "a.jpg", Blob(b"\xff\xd8", "a.jpg", "image/jpeg")),
        ("text/plain", "门".encode(), "a.txt", Blob("门".encode(), "a.txt", "text/plain")),
        ("text/plain", "门".encode(), "", Blob("门".encode(), "", "text/plain")),
        ("application/json", b'{"errcode": 40007}', "own.json", Blob(b'{"errcode": 40007}', "own.json", "application/json")),
        ("application/json", b"[1]", "", Blob(b"[1]", "", "application/json")),
        ("application/json", b'{"errcode": 40007}', "", None),
        ("text/plain", b'{"errcode": 40007}', "", None),
    ],
    ids="picture text nameless-text a-file-of-json list error error-as-text".split(),
)  # fmt: skip
async def test_a_file_is_told_from_an_error(here, kind, data, name, found):
    async def file(_call):
        headers = {"Content-Disposition": f'attachment; filename="{name}"'} if name else {}
        return web.Response(body=data, content_type=kind, headers=headers)

    here.platform.serve(DO, file)
    if found:
        assert await here.api.download(DO) == found
    else:
        with pytest.raises(FetchError, match="40007"):
            await here.api.download(DO)


async def test_a_file_is_downloaded_again_under_a_new_token(here):
    here.platform.fault(DO, Fault(code=42001))
    assert (await here.api.download(DO)).mime == "application/json"
    assert len(here.platform.asked(TOKENS)) == 2


# Codes: every one that wechat.md names, and what is done about it.

R = Reaction
NAMED = {
    R.REFRESH: "40014 42001",
    R.WAIT: "45009 45033 41063",
    R.BUSY: "-1",
    R.OPERATOR: "40001 40013 40125 40164 48001 48002 50001 60011 60020 61004 301002",
    R.UNREACHABLE: "40003 40096 43004 43101 45015 45047 60111 81013 84061 86003 93000 93006 95001 95002 95007 95013 95016 95018",
    R.MISTAKE: "40056 40058 41001 44001 45002 81017 846605 846608 853006",
}
TABLE = {int(code): reaction for reaction, codes in NAMED.items() for code in codes.split()}


@pytest.mark.parametrize(("code", "expected"), TABLE.items(), ids=map(str, TABLE))
async def test_each_code_has_its_reaction(here, code, expected):
    here.platform.fault(DO, *[Fault(code=code)] * 2)
    error = await refused(here.api.post(DO, {}))
    assert reaction(code).reaction is expected
    assert error.code == code
    assert error.retryable is (expected not in (R.UNREACHABLE, R.MISTAKE))
    assert error.unreachable is (expected is R.UNREACHABLE)
    assert (error.retry_after is not None) is (expected in (R.WAIT, R.BUSY, R.OPERATOR))
    assert here.api.resting is (expected is R.OPERATOR or code == 45009)
    assert (here.api.trouble is not None) is (expected is R.OPERATOR)
    assert not (code == 45009 and error.retry_after < 60)


def test_the_table_here_has_every_row_of_the_program_s():
    assert {code: found.reaction for code, found in CODES.items()}.items() <= TABLE.items()


async def test_a_code_nobody_has_published_is_tried_again(here):
    here.platform.fault(DO, Fault(code=123456))
    error = await refused(here.api.post(DO, {}))
    assert (error.retryable, error.retry_after) == (True, 30)


async def test_a_channel_s_own_meaning_of_a_code_comes_first(tmp_path):
    async with api(tmp_path, own={48002: Code(R.UNREACHABLE), -7: Code(R.REFRESH)}) as here:
        here.platform.fault(DO, Fault(code=48002), Fault(code=-7))
        assert (await refused(here.api.post(DO, {}))).unreachable
        assert not here.api.resting
        assert await here.api.post(DO, {}) == OK
    assert refusal(48002).retryable


# Rests


async def test_while_the_address_is_refused_it_is_named_and_the_channel_rests(here):
    words = "not allow to access from your ip, hint: [1700_x], from ip: 203.0.113.9, more info"
    here.platform.fault(DO, Fault(code=60020, message=words))
    assert (await refused(here.api.post(DO, {}))).retry_after == 60
    assert (here.api.trouble.code, here.api.trouble.address) == (60020, "203.0.113.9")
    here.clock.at += timedelta(seconds=59)
    assert here.api.resting
    here.clock.at += timedelta(seconds=1)
    assert not here.api.resting


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("not allow to access from your ip, from ip: 203.0.113.9, more", "203.0.113.9"),
        ("invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist", "203.0.113.9"),
        ("from ip: 2001:db8::1", "2001:db8::1"),
        ("from ip: 999.1.1.1", ""),
        ("your ip is wrong", ""),
        ("", ""),
    ],
    ids="wecom account v6 no-address no-digits nothing".split(),
)
async def test_only_a_real_address_is_named(here, words, address):
    here.platform.fault(DO, Fault(code=60020, message=words))
    await refused(here.api.post(DO, {}))
    assert here.api.trouble.address == address


async def test_too_many_calls_rest_longer_each_time_at_most_an_hour(here):
    here.platform.fault(DO, *[Fault(code=45009)] * 9)
    waits = []
    for _ in range(9):
        error = await refused(here.api.post(DO, {}))
        waits.append(error.retry_after)
        here.clock.at += timedelta(seconds=error.retry_after + 1)
    for wait, least in zip(waits, [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600], strict=True):
        assert least <= wait <= least * 1.1
    assert await here.api.post(DO, {}) == OK
    here.platform.fault(DO, Fault(code=45009))
    assert (await refused(here.api.post(DO, {}))).retry_after < 70


async def test_calls_that_were_under_way_together_are_one_refusal(here):
    here.platform.fault(DO, *[Fault(code=45009)] * 8)
    errors = await asyncio.gather(*(here.api.post(DO, {}) for _ in range(8)), return_exceptions=True)  # fmt: skip
    assert {60 <= error.retry_after <= 66 for error in errors} == {True}


async def test_a_token_got_does_not_say_that_the_address_is_good_now(here):
    here.platform.fault(DO, Fault(code=60020))
    await refused(here.api.post(DO, {}))
    await here.api.bare("GET", TOKENS, corpid=CORP, corpsecret=SECRET)
    assert here.api.trouble.code == 60020
    await here.api.get(DO)
    assert here.api.trouble is None


def test_what_one_call_may_not_do_is_no_news_of_another():
    rests = Rests(lambda: NOW)
    assert rests.refused(48002, "/a", "", reaction(48002))
    rests.went_well("/b", bare=False)
    assert rests.trouble is not None
    rests.went_well("/a", bare=False)
    assert rests.trouble is None


async def test_an_attended_trouble_lasts_until_a_probe_goes_well(here, monkeypatch):
    monkeypatch.setattr(_rests, "REST", timedelta(0))
    monkeypatch.setattr(_api, "REST", timedelta(0))
    outcomes, asked = [60020, 0, 60020], asyncio.Event()

    async def probe():
        if not outcomes:
            asked.set()
            return await here.api.get(DO)
        code = outcomes.pop(0)
        here.platform.fault(DO, Fault(code=code) if code else Fault(half=True))
        return await here.api.get(DO)

    attending = asyncio.create_task(here.api.attend(probe))
    await asyncio.sleep(0)
    here.platform.fault(DO, Fault(code=60020))
    await refused(here.api.post(DO, {}))
    assert here.api.trouble.code == 60020  # although its time is over: nobody has looked yet
    async with asyncio.timeout(5):
        await asked.wait()
        while here.api.resting:  # noqa: ASYNC110 - the probe is under way
            await asyncio.sleep(0)
    attending.cancel()
    with suppress(asyncio.CancelledError):
        await attending


def test_no_code_of_the_table_is_left_out_of_the_reactions():
    source = Path(_api.__file__).with_name("_codes.py").read_text("utf-8")
    assert {int(code) for code in re.findall(r"^    (-?\d+): ", source, re.MULTILINE)} == set(CODES)
