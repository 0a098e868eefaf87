"""What anybody finds on the HTTP side: health, metrics, and a kind word where a link leads nowhere."""

import asyncio
from collections.abc import AsyncIterator, Mapping

import pytest
from aiohttp import ClientSession, web
from prometheus_client import CollectorRegistry

from bot.channels.base import Called
from bot.web.server import PortTaken, serve


class Still:
    """A program that is ready and does nothing."""

    registry = CollectorRegistry()
    callbacks: Mapping[str, Called] = {}

    async def health(self) -> dict[str, object]:
        return {"ready": True}


@pytest.fixture
async def site() -> AsyncIterator[tuple[ClientSession, str]]:
    async with serve(Still(), "127.0.0.1", 0) as url, ClientSession() as session:
        yield session, url


class Telling:
    """A channel that answers with what it was called with."""

    async def called(self, request: web.Request) -> web.StreamResponse:
        return web.Response(text=f"{request.method} {request.query_string} {await request.text()}")


class WithOne(Still):
    """The same with one channel that its platform calls."""

    callbacks: Mapping[str, Called] = {"x": Telling()}


@pytest.fixture
async def calling() -> AsyncIterator[tuple[ClientSession, str]]:
    async with serve(WithOne(), "127.0.0.1", 0) as url, ClientSession() as session:
        yield session, url


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
async def test_a_program_may_look(site: tuple[ClientSession, str], path: str) -> None:
    session, url = site
    assert (await session.get(url + path)).status == 200


async def test_a_person_whose_link_leads_nowhere_is_told_so(
    site: tuple[ClientSession, str],
) -> None:
    session, url = site
    answer = await session.get(f"{url}/kalender", headers={"Accept": "text/html"})
    assert answer.status == 404
    assert "没有这个网页" in await answer.text()


@pytest.mark.parametrize(("method", "path"), [("GET", "/callback/x"), ("POST", "/callback/x")])
async def test_a_program_gets_the_plain_answer(
    site: tuple[ClientSession, str], method: str, path: str
) -> None:
    session, url = site
    answer = await session.request(method, url + path)
    assert answer.status == 404
    assert "text/html" not in answer.content_type


async def test_an_address_that_is_taken_is_named(site: tuple[ClientSession, str]) -> None:
    port = int(site[1].rpartition(":")[2])
    with pytest.raises(PortTaken) as taken:
        async with serve(Still(), "127.0.0.1", port):
            pytest.fail("two programs listen")
    assert taken.value.port == port


async def test_what_a_platform_posts_is_answered_without_the_router(
    calling: tuple[ClientSession, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    session, url = calling

    async def resolve(*_: object) -> None:
        pytest.fail("the router was asked")

    monkeypatch.setattr(web.UrlDispatcher, "resolve", resolve)
    for _ in range(2):  # on one connection
        answer = await session.post(f"{url}/callback/x?a=1", data="hello")
        assert (answer.status, await answer.text()) == (200, "POST a=1 hello")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        pytest.param("GET", "/callback/x", 200, id="the check of an address"),
        pytest.param("POST", "/callback/y", 404, id="another channel"),
        pytest.param("POST", "/callback/x/", 404, id="a slash behind"),
        pytest.param("POST", "/callback", 404, id="no channel"),
        pytest.param("DELETE", "/callback/x", 405, id="another method"),
        pytest.param("POST", "/healthz", 404, id="what is only looked at"),
    ],
)
async def test_all_else_goes_by_the_router(
    calling: tuple[ClientSession, str], method: str, path: str, status: int
) -> None:
    session, url = calling
    assert (await session.request(method, url + path)).status == status


async def test_a_caller_that_waits_to_be_told_to_go_on_is_told(
    calling: tuple[ClientSession, str],
) -> None:
    session, url = calling
    async with asyncio.timeout(5):
        answer = await session.post(f"{url}/callback/x", data="hello", expect100=True)
        assert await answer.text() == "POST  hello"
