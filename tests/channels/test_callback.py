"""The door of a callback: who may come in, what is answered, and what stays outside."""

import asyncio
import json
import time
from email.utils import parsedate_to_datetime

import pytest
from structlog.testing import capture_logs

from bot.channels import _callback
from bot.channels._callback import MAX_BODY, CallRefused, Door, Ear, NotStored, json_encrypted
from bot.channels._envelope import Envelope
from bot.channels.base import Received
from tests.channels.parts import AES_KEY, TOKEN, called

SEALED = Envelope(TOKEN, AES_KEY, "ww1")


class Channel:
    """A channel that is nothing but its door."""

    name = "x"

    def __init__(self, unwrap=None, answer=""):
        self.heard, self.answer, self.error = [], answer, None
        more = {} if unwrap is None else {"unwrap": unwrap}
        self.door = Door(self.name, SEALED, self._hear, **more)
        self.called = self.door.called

    async def _hear(self, plain):
        if self.error:
            raise self.error
        self.heard.append(plain)
        return self.answer


@pytest.fixture
async def door():
    channel = Channel()
    async with called(channel) as caller:
        yield channel, caller


async def test_what_is_sealed_and_signed_is_heard_and_answered_with_an_empty_200(door):
    channel, caller = door
    assert await caller.xml(SEALED, "<xml>门坏了</xml>") == (200, "")
    assert channel.heard == ["<xml>门坏了</xml>"]


@pytest.mark.parametrize(
    ("version", "more", "connection", "stays"),
    [
        pytest.param("1.1", "", "", True, id="stays"),
        pytest.param("1.1", "Connection: close\r\n", "close", False, id="asked to close"),
        pytest.param("1.0", "", "", False, id="an old caller"),
        pytest.param(
            "1.0", "Connection: keep-alive\r\n", "keep-alive", True, id="an old one stays"
        ),
    ],
)
async def test_an_empty_200_is_whole_whatever_becomes_of_the_connection(
    door, version, more, connection, stays
):
    channel, caller = door
    server = caller.client.server
    reader, writer = await asyncio.open_connection(server.host, server.port)
    words = ["one", "two"] if stays else ["one"]
    try:
        async with asyncio.timeout(5):
            for word in words:
                sealed = SEALED.seal(word)
                body = f"<xml><Encrypt>{sealed}</Encrypt></xml>"
                path = f"{caller.path}?{caller.query(SEALED, sealed)}"
                head = f"POST {path} HTTP/{version}\r\nHost: x\r\n{more}"
                writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode())
                status, *fields = (await reader.readuntil(b"\r\n\r\n")).decode().splitlines()
                told = dict(field.split(": ", 1) for field in fields if field)
                assert status == f"HTTP/{version} 200 OK"
                assert (told["Content-Length"], told.get("Connection", "")) == ("0", connection)
                said = parsedate_to_datetime(told["Date"]).timestamp()
                assert abs(time.time() - said) < 60
            assert stays or await reader.read() == b""
    finally:
        writer.close()
    assert channel.heard == words


async def test_an_answer_is_given_back_as_it_is():
    channel = Channel(answer="<xml>好</xml>")
    async with called(channel) as caller:
        assert await caller.xml(SEALED, "x") == (200, "<xml>好</xml>")


async def test_json_envelopes_are_opened_too():
    channel = Channel(unwrap=json_encrypted)
    async with called(channel) as caller:
        assert (await caller.json(SEALED, {"a": "门"}))[0] == 200
        assert json.loads(channel.heard[0]) == {"a": "门"}


@pytest.mark.parametrize(
    "body",
    [b"", b"hello", b"[]", b"{}", b'{"encrypt": 1}', b'{"encrypt": null}', b"\xff", b"[" * 9000],
    ids="nothing words list empty number null noise deep".split(),
)
async def test_what_is_no_json_envelope_gets_403(body):
    channel = Channel(unwrap=json_encrypted)
    async with called(channel) as caller:
        assert await caller.raw(body, caller.query(SEALED, "QQ")) == (403, "")
    with pytest.raises(CallRefused):
        json_encrypted(body)


@pytest.mark.parametrize(
    "error",
    [NotStored(), CallRefused("why"), _callback.XmlError("why"), _callback.EnvelopeError("why")],
    ids=["not-stored", "refused", "xml", "envelope"],
)
async def test_what_hearing_says_becomes_a_status_and_no_detail(door, error):
    channel, caller = door
    channel.error = error
    status, said = await caller.xml(SEALED, "x")
    assert (status, said) == (503 if isinstance(error, NotStored) else 403, "")


async def test_a_call_that_comes_again_is_not_heard_again_but_taken(door):
    channel, caller = door
    sealed = SEALED.seal("x")
    query, body = caller.query(SEALED, sealed), f"<xml><Encrypt>{sealed}</Encrypt></xml>".encode()
    for _ in range(3):
        assert await caller.raw(body, query) == (200, "")
    assert channel.heard == ["x"]


async def test_a_call_that_was_not_stored_may_come_again(door):
    channel, caller = door
    sealed = SEALED.seal("x")
    query, body = caller.query(SEALED, sealed), f"<xml><Encrypt>{sealed}</Encrypt></xml>".encode()
    channel.error = NotStored()
    assert (await caller.raw(body, query))[0] == 503
    channel.error = None
    assert (await caller.raw(body, query))[0] == 200
    assert channel.heard == ["x"]


async def test_the_memory_of_calls_is_bounded(door):
    channel, caller = door
    assert channel.door._answered.limit == _callback.REPLAYS
    channel.door._answered.limit = 3
    for number in range(10):
        await caller.xml(SEALED, str(number))
    assert len(channel.door._answered) == 3


@pytest.mark.parametrize("length", [MAX_BODY + 1, 3 * MAX_BODY], ids=["a-byte", "much"])
async def test_a_body_longer_than_the_platform_s_ever_are_gets_403(door, length):
    channel, caller = door
    assert await caller.raw(b"A" * length, caller.query(SEALED, "QQ")) == (403, "")

    async def pieces():
        for _ in range(length // 1000 + 1):
            yield b"A" * 1000

    async with caller.client.post(f"{caller.path}?x=1", data=pieces()) as answer:
        assert answer.status == 403
    assert channel.heard == []


async def test_the_address_check_answers_the_words_and_nothing_else(door):
    channel, caller = door
    for number in range(40):  # some have a plus
        echo = SEALED.seal(f"echo-{number}")
        query = caller.query(SEALED, echo, echostr=echo)
        for asked in (query, query.replace("%2B", "+")):
            assert await caller.get(asked) == (200, f"echo-{number}")
    assert channel.heard == []


@pytest.mark.parametrize(
    "query",
    ["", "echostr=QQ", "msg_signature=x&timestamp=1&nonce=2&echostr=%FF%FE", "msg_signature=%E7%AD%BE"],
    ids=["nothing", "not-signed", "noise", "not-ascii"],
)  # fmt: skip
async def test_an_address_check_that_is_not_signed_gets_403(door, query):
    _, caller = door
    assert await caller.get(query) == (403, "")
    assert await caller.raw(b"", query) == (403, "")


async def test_the_log_says_why_and_nothing_else(door):
    _, caller = door
    with capture_logs() as logs:
        await caller.xml(Envelope("other", AES_KEY, "ww1"), "张三的话")
        await caller.raw(b"<xml/>", caller.query(SEALED, "QQ"))
    assert [(one["action"], one["reason"]) for one in logs] == [
        ("callback.refused", "signature"),
        ("callback.refused", "no envelope"),
    ]
    assert "张三" not in str(logs)


# The ear


async def test_an_ear_without_a_listener_stores_nothing():
    with pytest.raises(NotStored):
        await Ear().take(())


@pytest.mark.parametrize(
    ("received", "stored"),
    [
        ([Received.NEW, Received.SEEN], True),
        ([Received.NEW, Received.REFUSED], False),
    ],
    ids=["taken", "one-refused"],
)
async def test_an_ear_wants_all_of_it_stored(received, stored):
    ear, left = Ear(), list(received)

    async def accept(_inbound):
        return left.pop(0)

    ear.accept = accept
    if stored:
        await ear.take(["a", "b"])
    else:
        with pytest.raises(NotStored):
            await ear.take(["a", "b"])
    assert left == []
