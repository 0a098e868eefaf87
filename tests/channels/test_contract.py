"""What holds for every channel that is called: one table over all of them.

Whoever is not the platform, or is not talking to us, gets a 403 without a word; nothing of it is
stored, and nothing of it or of our secrets stands in a log.
"""

import json
import time
from urllib.parse import urlencode

import pytest
import structlog

from bot.channels._account_door import FRESH
from tests.channels.contract_kits import KITS, desk
from tests.channels.parts import AES_KEY, TOKEN
from tests.channels.wecom_tools import eventually

OURS, HIS = "3号楼灯坏了", "13900000000"
ECHOING = [kit for kit in KITS if "account" not in kit.name]  # an account's echo is plain
every = pytest.mark.parametrize("kind", KITS, ids=[kit.name for kit in KITS])


# Who may come in


@every
async def test_words_are_stored_once_and_taken_each_time(tmp_path, kind):
    async with desk(tmp_path, kind) as it:
        assert [await it.says(OURS) for _ in range(3)] == [200] * 3
        assert await it.says(OURS, number=2) == 200
        await eventually(lambda: it.store.rows == 2)
        assert set(await it.heard(2)) == {OURS}


@every
async def test_words_that_end_a_cdata_are_words(tmp_path, kind):
    said = "灯]]>坏<xml>&amp; <Encrypt>x</Encrypt>"
    async with desk(tmp_path, kind) as it:
        assert await it.says(said) == 200
        assert await it.heard() == [said]


@every
async def test_it_answers_what_it_would_be_asked_and_nobody_with_other_keys(tmp_path, kind):
    """What `gridbot doctor` asks at the public address."""
    async with desk(tmp_path, kind) as it:
        knock = it.channel.knock()
        assert await it.caller.get(urlencode(knock.query)) == (200, knock.answer)
        spaced = {key: value.replace("+", " ") for key, value in knock.query.items()}
        assert await it.caller.get(urlencode(spaced)) == (200, knock.answer)
        signed = "msg_signature" if "msg_signature" in knock.query else "signature"
        status, said = await it.caller.get(urlencode({**knock.query, signed: "0" * 40}))
        assert (status, knock.answer in said) == (403, False)


def forged(it) -> dict[str, tuple]:
    """Envelopes of somebody who is not the platform, or does not mean us."""
    kit = it.kit
    plain = kit.says(HIS, 9)
    return {
        "a wrong token": kit.call(plain, kit.envelope(token="x" + TOKEN)),
        "another key": kit.call(plain, kit.envelope(key=AES_KEY[::-1])),
        "another receiver": kit.call(plain, kit.envelope(receiver="wwsomebodyelse")),
        "no receiver": kit.call(plain, kit.envelope(receiver="" if kit.receiver else "x")),
        "nothing sealed": (plain.encode(), kit.call(plain)[1]),
        "another's signature": kit.call(plain, msg_signature="0" * 40),
        "no signature": kit.call(plain, msg_signature=""),
        "a signature that is none": kit.call(plain, msg_signature="签"),
        "another moment": kit.call(plain, timestamp=str(int(time.time()) - 1)),
        "another nonce": kit.call(plain, nonce="another"),
    }


def forged_plain(it) -> dict[str, tuple]:
    """The same of an account whose calls are not sealed."""
    plain, late = it.kit.says(HIS, 9), int(time.time() - FRESH.total_seconds()) - 9
    stamps = {"too old": str(late), "no moment": "", "a word": "now", "other figures": "١٢"}
    return {
        "another's signature": it.kit.call(plain, signature="0" * 40),
        "no signature": it.kit.call(plain, signature=""),
        "a signature that is none": it.kit.call(plain, signature="签"),
        "another moment": it.kit.call(plain, timestamp=str(int(time.time()) - 1)),
        **{
            name: (
                plain.encode(),
                urlencode({"timestamp": at, "nonce": "n"} | it.kit.query(at, "n")),
            )
            for name, at in stamps.items()
        },
    }


@every
async def test_a_forged_call_gets_403_and_leaves_nothing_behind(tmp_path, kind):
    with structlog.testing.capture_logs() as logs:
        async with desk(tmp_path, kind) as it:
            calls = forged(it) if kind.sealed else forged_plain(it)
            answers = {name: await it.raw(*call) for name, call in calls.items()}
            assert answers == dict.fromkeys(calls, 403)
            assert await it.says(OURS) == 200
            assert await it.heard() == [OURS]
            hidden = [*it.channel.secrets(), HIS]
    refused = [line for line in logs if line["action"] == "callback.refused"]
    assert len(refused) == len(answers)
    assert [one for one in hidden if one in json.dumps(logs, default=str)] == []


@every
async def test_a_call_repeated_as_it_was_is_heard_once(tmp_path, kind):
    async with desk(tmp_path, kind) as it:
        it.kit.ready(OURS, 1)
        call = it.kit.call(it.kit.says(OURS))
        assert [await it.raw(*call) for _ in range(3)] == [200] * 3
        assert await it.heard() == [OURS]
        pulls = len(it.platform.asked("/cgi-bin/kf/sync_msg"))
        assert await it.raw(*call) == 200
        assert (it.store.rows, len(it.store.heard)) == (1, 1)
        assert len(it.platform.asked("/cgi-bin/kf/sync_msg")) == pulls


# Broken ones

BOMB = '<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><xml><MsgType>&b;</MsgType></xml>'
INSIDE = {
    "an entity bomb": BOMB,
    "an outside entity": '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///x">]><xml><a>&f;</a></xml>',
    "nested without end": "<xml>" + "<a>" * 500 + "</a>" * 500 + "</xml>",
    "another language": "{}",
    "a word": "hello",
    "a bare word": "<xml>text</xml>",
    "cut off": "<xml><MsgType>text",
    "nothing": "",
}
INSIDE_JSON = {
    **INSIDE,
    "another language": "<xml/>",
    "a list": "[]",
    "brackets without end": "[" * 50_000,
}
OUTSIDE = {
    "nothing": b"",
    "a word": b"hello",
    "wrong bytes": b"\xff\xfe\x00",
    "a bomb": BOMB.encode(),
    "no envelope": b"<xml><ToUserName>x</ToUserName></xml>",
    "two envelopes": b"<xml><Encrypt>QQ==</Encrypt><Encrypt>QQ==</Encrypt></xml>",
    "an envelope that is none": b"<xml><Encrypt>x</Encrypt></xml>",
    "far too long": b"x" * 300_000,
}
OUTSIDE_JSON = {
    **OUTSIDE,
    "no envelope": b"{}",
    "a list": b"[]",
    "an envelope with a number": b'{"encrypt": 1}',
}


@every
async def test_a_broken_call_gets_403_and_stops_nothing(tmp_path, kind):
    async with desk(tmp_path, kind) as it:
        inside = dict(INSIDE_JSON if kind.json else INSIDE)
        outside = dict(OUTSIDE_JSON if kind.json else OUTSIDE)
        if not kind.sealed:  # there the body is what is inside
            outside = {name: outside[name] for name in ("nothing", "wrong bytes", "far too long")}
            inside["sealed for another mode"] = f"<xml><Encrypt>{'A' * 64}</Encrypt></xml>"
        query = it.kit.call(it.kit.says(OURS))[1]
        answers = {f"inside: {name}": await it.call(said) for name, said in inside.items()}
        answers |= {f"outside: {name}": await it.raw(body, query) for name, body in outside.items()}
        answers["no query"] = await it.raw(it.kit.call(it.kit.says(OURS))[0], "")
        answers["words far too long"] = await it.call(it.kit.says("很长" * 60_000))
        wanted = dict.fromkeys(answers, 403)
        if it.kit.name == "wecom_kf":  # only the beginning of the words stands in its call
            del answers["words far too long"], wanted["words far too long"]
        assert answers == wanted
        assert await it.says(OURS, number=5) == 200
        assert await it.heard() == [OURS]


# The store


@every
async def test_what_is_not_stored_is_not_acknowledged(tmp_path, kind):
    async with desk(tmp_path, kind) as it:
        it.store.away = True
        status = await it.says(OURS)
        pulled = kind.name == "wecom_kf"  # its calls bring nothing: what is there is read again
        assert status == (200 if pulled else 503)
        assert it.store.heard == []
        it.store.away = False
        assert pulled or await it.call(it.kit.says(OURS)) == 200
        assert await it.heard() == [OURS]


@every
async def test_before_the_program_listens_nothing_is_taken(tmp_path, kind):
    async with desk(tmp_path, kind, run=False) as it:
        assert not it.channel.connected
        assert await it.call(it.kit.says(OURS)) == (200 if kind.name == "wecom_kf" else 503)


# The address


@pytest.mark.parametrize("kind", ECHOING, ids=[kit.name for kit in ECHOING])
async def test_the_address_is_verified_also_where_a_plus_became_a_space(tmp_path, kind):
    async with desk(tmp_path, kind, run=False) as it:
        ours = it.kit.envelope()
        echo = next(one for n in range(400) if "+" in (one := ours.seal(f"echo{n}")))
        query = it.caller.query(ours, echo, echostr=echo)
        for asked in (query, query.replace("%2B", "+")):
            status, text = await it.caller.get(asked)
            assert status == 200
            assert text.startswith("echo")
        for other in (
            it.kit.envelope(token="x" + TOKEN),
            it.kit.envelope(key=AES_KEY[::-1]),
            it.kit.envelope(receiver="wwsomebodyelse"),
        ):
            sealed = other.seal("echo")
            asked = it.caller.query(other, sealed, echostr=sealed)
            assert await it.caller.get(asked) == (403, "")
        assert await it.caller.get("") == (403, "")
