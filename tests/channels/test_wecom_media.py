"""Download and decryption of the WeCom robot's media, against the double's own server."""

import asyncio
import base64
import os

import aiohttp
import pytest
from aiohttp import web
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bot.channels._wecom_media import Decryptor, check_url, decode_key, download, file_name
from bot.channels.base import FetchError
from tests.doubles.wecom_gateway import WecomGateway

KEY = bytes(range(32))
KEY64 = base64.b64encode(KEY).decode()
PICTURE = b"\x89PNG" + bytes(range(256)) * 5


def seal(padded, key=KEY):
    aes = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return aes.update(padded) + aes.finalize()


def unseal(sealed, key=KEY64):
    decryptor = Decryptor(key)
    for start in range(0, len(sealed), 7):
        decryptor.feed(sealed[start : start + 7])
    return decryptor.finish()


@pytest.fixture
async def gateway():
    async with WecomGateway(bots={}) as gateway:
        yield gateway


@pytest.fixture
async def session():
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def serve(aiohttp_server):
    """Serve one odd answer of a media host."""

    async def start(handler):
        app = web.Application()
        app.router.add_get("/{path:.*}", handler)
        server = await aiohttp_server(app, host="127.0.0.1")
        return str(server.make_url("/file"))

    return start


@pytest.mark.parametrize("size", [0, 1, 15, 16, 17, 31, 32, 33, 4096])
def test_what_is_sealed_comes_back(size):
    data = os.urandom(size)
    pad = 32 - size % 32
    assert unseal(seal(data + bytes([pad]) * pad)) == data


def test_a_key_without_its_equals_sign_is_read():
    assert decode_key(KEY64.rstrip("=")) == KEY


BAD_KEYS = [
    pytest.param("", id="none"),
    pytest.param("!!!!", id="no base64"),
    pytest.param(base64.b64encode(b"short").decode(), id="too short"),
    pytest.param("键" * 43, id="no ASCII"),
]


@pytest.mark.parametrize("key", BAD_KEYS)
def test_a_bad_key_is_final(key):
    with pytest.raises(FetchError) as caught:
        decode_key(key)
    assert not caught.value.retryable


DAMAGED = [
    pytest.param(b"", True, id="empty"),
    pytest.param(seal(b"x" * 32)[:-3], True, id="cut short"),
    pytest.param(seal(b"x" * 31 + b"\0"), False, id="padding of zero"),
    pytest.param(seal(b"x" * 31 + b"\x21"), False, id="padding over 32"),
    pytest.param(seal(b"x" * 30 + b"\x01\x02"), False, id="padding not the same all through"),
    pytest.param(seal(b"\x20" * 16), False, id="padding longer than the file"),
]


@pytest.mark.parametrize(("sealed", "retryable"), DAMAGED)
def test_damage_is_noticed(sealed, retryable):
    with pytest.raises(FetchError) as caught:
        unseal(sealed)
    assert caught.value.retryable is retryable


URLS = [
    pytest.param("https://example.com/a", (), True, id="any public https host"),
    pytest.param("https://8.8.8.8/a", (), True, id="a public address"),
    pytest.param(
        "https://a.example.com/x%2Fy?sign=a%2Bb%3D+c", (), True, id="signed, kept as it is"
    ),
    pytest.param("http://127.0.0.1:8080/a", (), True, id="http on this machine"),
    pytest.param("http://[::1]/a", (), True, id="http on this machine, IPv6"),
    pytest.param("http://example.com/a", (), False, id="http elsewhere"),
    pytest.param("https://10.0.0.5/a", (), False, id="our own network"),
    pytest.param("https://169.254.169.254/a", (), False, id="the cloud's metadata"),
    pytest.param("https://10.0.0.5/a", ("10.0.0.5",), True, id="our own network, allowed"),
    pytest.param("https://cos.example.com/a", ("Example.com",), True, id="below an allowed host"),
    pytest.param("https://evilexample.com/a", ("example.com",), False, id="only looks like it"),
    pytest.param("http://127.0.0.1/a", ("example.com",), False, id="not on the list"),
    pytest.param("file:///etc/passwd", (), False, id="a file"),
    pytest.param("ftp://example.com/a", (), False, id="another scheme"),
    pytest.param("/relative", (), False, id="no host"),
    pytest.param("", (), False, id="empty"),
    pytest.param("https://[::1/a", (), False, id="broken"),
]


@pytest.mark.parametrize(("url", "hosts", "good"), URLS)
def test_which_urls_may_be_asked(url, hosts, good):
    if good:
        assert str(check_url(url, hosts)) == url
        return
    with pytest.raises(FetchError) as caught:
        check_url(url, hosts)
    assert not caught.value.retryable


NAMES = [
    pytest.param("attachment; filename*=UTF-8''%E7%94%B5.jpg", "电.jpg", id="starred"),
    pytest.param('attachment; filename="a b.jpg"', "a b.jpg", id="quoted"),
    pytest.param("attachment; filename=a.jpg; x=1", "a.jpg", id="bare"),
    pytest.param("attachment; filename=%E7%94%B5.jpg", "电.jpg", id="escaped"),
    pytest.param(
        b"attachment; filename=\xe7\x94\xb5.jpg".decode("utf-8", "surrogateescape"), "电.jpg",
        id="plain UTF-8",
    ),
    pytest.param('filename="../../etc/passwd"', "passwd", id="no folders"),
    pytest.param('filename="C:\\x\\y.doc"', "y.doc", id="no folders, the other slash"),
    pytest.param('filename=".."', "", id="no parent"),
    pytest.param('filename="a%00b"', "ab", id="no NUL"),
    pytest.param("inline", "", id="none"),
    pytest.param("", "", id="empty"),
]  # fmt: skip


@pytest.mark.parametrize(("header", "name"), NAMES)
def test_file_names(header, name):
    assert file_name(header) == name


async def test_a_picture_comes_whole(gateway, session):
    blob = await download(session, gateway.serve(PICTURE, "电梯 1.png"))
    assert (blob.data, blob.name, blob.mime) == (PICTURE, "电梯 1.png", "")


async def test_the_wrong_key_is_noticed(gateway, session):
    """By its padding, which one wrong key in 256 leaves right by chance: not this one."""
    served = gateway.serve(PICTURE, secret=bytes(32))
    with pytest.raises(FetchError):
        await download(session, served | {"aeskey": KEY64})


STATUS = [(404, False), (403, False), (429, True), (500, True), (503, True)]


@pytest.mark.parametrize(("status", "retryable"), STATUS)
async def test_a_refused_download_tells_whether_to_try_again(gateway, session, status, retryable):
    with pytest.raises(FetchError) as caught:
        await download(session, gateway.serve(PICTURE, status=status))
    assert caught.value.retryable is retryable


async def test_a_file_over_the_limit_is_given_up_while_it_streams(serve, session):
    async def endless(request):
        response = web.StreamResponse()
        await response.prepare(request)
        try:
            while True:
                await response.write(bytes(65536))
        except ConnectionError:
            return response

    url = await serve(endless)
    with pytest.raises(FetchError, match="too large") as caught:
        await download(session, {"url": url, "aeskey": KEY64}, limit=1_000_000)
    assert not caught.value.retryable


async def test_a_server_that_never_answers_costs_the_time_limit_only(serve, session):
    async def silent(request):
        response = web.StreamResponse()
        await response.prepare(request)
        gone = asyncio.create_task(request.wait_for_disconnection())
        while not gone.done():  # a byte now and then, far from the limit of the size
            await response.write(b"x")
            await asyncio.wait([gone], timeout=0.01)
        return response

    url = await serve(silent)
    with pytest.raises(FetchError) as caught:
        await download(session, {"url": url, "aeskey": KEY64}, seconds=0.2)
    assert caught.value.retryable


async def test_nobody_there_is_worth_another_try(session, unused_tcp_port):
    ref = {"url": f"http://127.0.0.1:{unused_tcp_port}/", "aeskey": KEY64}
    with pytest.raises(FetchError) as caught:
        await download(session, ref)
    assert caught.value.retryable


async def test_a_redirect_is_followed_when_its_target_may_be_asked(gateway, serve, session):
    ref = gateway.serve(PICTURE)

    async def onward(request):
        return web.Response(status=302, headers={"Location": ref["url"]})

    assert (await download(session, ref | {"url": await serve(onward)})).data == PICTURE


REDIRECTS = [
    pytest.param("http://example.com/", id="to plain http"),
    pytest.param("https://192.168.1.1/", id="into our network"),
    pytest.param("/again", id="round in circles"),
]


@pytest.mark.parametrize("target", REDIRECTS)
async def test_a_redirect_elsewhere_is_refused(serve, session, target):
    async def onward(request):
        return web.Response(status=302, headers={"Location": target})

    with pytest.raises(FetchError) as caught:
        await download(session, {"url": await serve(onward), "aeskey": KEY64})
    assert not caught.value.retryable
