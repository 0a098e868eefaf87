"""日历: a week in a real browser; a leader moves a visit, and what may not be moved is refused."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.web.whole import CHROMIUM, DESK, NO_CHROMIUM, PHONE, chromium, demo_process

pytestmark = [
    pytest.mark.skipif(not CHROMIUM.exists(), reason=NO_CHROMIUM),
    pytest.mark.asyncio(loop_scope="module"),
]
PLACE = "永鑫加油站"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def demo() -> AsyncIterator[tuple[str, Browser]]:
    async with demo_process() as url, chromium() as browser:
        yield url, browser


async def opened(demo: tuple[str, Browser], size: tuple[int, int]) -> Page:
    url, browser = demo
    page = await browser.new_page(viewport={"width": size[0], "height": size[1]})
    await page.goto(f"{url}/calendar")
    # The plan of the day is made by a job, shortly after the start.
    for _ in range(50):
        await page.click("#now")
        if await page.locator("article", has_text=PLACE).count():
            break
    return page


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
async def test_a_leader_moves_a_visit(demo: tuple[str, Browser], size: tuple[int, int]) -> None:
    page = await opened(demo, size)
    card = page.locator("article", has_text=PLACE)
    await expect(card).to_have_count(1)
    day = await card.locator("option").nth(1).get_attribute("value")
    await card.locator("select").select_option(day)
    there = page.locator(f'section[data-day="{day}"] article', has_text=PLACE)
    await expect(there).to_have_count(1)
    await expect(page.locator("#problem")).to_be_hidden()
    width = await page.evaluate("document.documentElement.scrollWidth")
    assert width <= size[0]
    await page.close()


async def test_a_worker_looks_and_cannot_move(demo: tuple[str, Browser]) -> None:
    page = await opened(demo, DESK)
    await page.select_option("#person", "w.qian")
    await expect(page.locator("#area")).to_have_text("琼花三网格")
    await expect(page.locator("article", has_text=PLACE)).to_have_count(1)
    await expect(page.locator("article select")).to_have_count(0)
    await page.close()


async def test_what_may_not_be_moved_is_refused(demo: tuple[str, Browser]) -> None:
    page = await opened(demo, DESK)
    await page.close()
    async with aiohttp.ClientSession(demo[0]) as session:
        async with session.get("/api/calendar", params={"person": "l.c1"}) as answer:
            week = await answer.json()
        visits = {one["name"]: one["id"] for one in week["visits"]}
        patrol = next(one["id"] for one in week["visits"] if not one["movable"])
        for person, visit, day, status in (
            ("l.c1", visits[PLACE], week["days"][6]["day"], 409),  # a Sunday
            ("l.c1", visits[PLACE], "2020-01-02", 409),
            ("l.c1", visits[PLACE], "soon", 409),
            ("l.c2", visits[PLACE], week["today"], 409),  # not his community
            ("r.wang", visits[PLACE], week["today"], 409),
            ("l.c1", patrol, week["today"], 409),
            ("l.c1", 10**9, week["today"], 409),
            ("l.c1", "1", week["today"], 400),
        ):
            body = {"person": person, "visit": visit, "day": day}
            async with session.post("/api/calendar/move", json=body) as answer:
                assert (answer.status, body) == (status, body)
                assert (await answer.json())["error"]
        async with session.get("/api/calendar", params={"person": "r.wang"}) as answer:
            assert answer.status == 400
