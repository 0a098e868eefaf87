"""What anybody finds on the HTTP side: health, metrics, and a kind word where a link leads nowhere."""

from collections.abc import AsyncIterator, Mapping

import pytest
from aiohttp import ClientSession
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
