"""日历: a week in a real browser; a leader moves a visit, and what may not be moved is refused."""

import re

import aiohttp
import pytest
from playwright.async_api import Browser, Page, expect

from tests.web.whole import CHROMIUM, DESK, NO_CHROMIUM, PHONE, UNREADABLE, visit

pytestmark = [
    pytest.mark.skipif(not CHROMIUM.exists(), reason=NO_CHROMIUM),
    pytest.mark.asyncio(loop_scope="session"),
]
PLACE = "永鑫加油站"


async def opened(browser: Browser, url: str, size: tuple[int, int]) -> Page:
    page = await browser.new_page(viewport={"width": size[0], "height": size[1]})
    await page.goto(f"{url}/calendar")
    # The plan of the day is made by a job, shortly after the start.
    for _ in range(50):
        await page.click("#now")
        if await page.locator("article", has_text=PLACE).count():
            break
    return page


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
async def test_a_leader_moves_a_visit(browser: Browser, url: str, size: tuple[int, int]) -> None:
    page = await opened(browser, url, size)
    card = page.locator("article", has_text=PLACE)
    await expect(card).to_have_count(1)
    select = card.get_by_label(f"把{PLACE}改到哪天")
    day = await select.locator("option").nth(1).get_attribute("value")
    assert await page.evaluate(UNREADABLE) == []
    await select.focus()
    await page.keyboard.press("ArrowDown")  # looks at the days, and takes none yet
    await page.keyboard.press("Escape")
    await expect(select).to_have_value("")
    await select.select_option(day)
    await expect(page.locator("#told")).to_contain_text(f"{PLACE}改到")
    await expect(page.locator("#told")).to_be_in_viewport()
    await expect(
        page.locator(f'[data-day]:not([data-day="{day}"]) article', has_text=PLACE)
    ).to_have_count(0)
    if day > (await page.locator("section").last.get_attribute("data-day") or ""):
        await page.click("#after")  # late in a week its days are over
    there = page.locator(f'section[data-day="{day}"] article', has_text=PLACE)
    await expect(there).to_have_count(1)
    await expect(there.locator("select").first).to_be_in_viewport()
    await expect(page.locator("#problem")).to_be_hidden()
    width = await page.evaluate("document.documentElement.scrollWidth")
    assert width <= size[0]
    await page.close()


async def test_a_link_of_the_chat_opens_the_page_once(browser: Browser, url: str) -> None:
    visitor = await visit(browser, url, PHONE)
    await visitor.become("l.c2")
    await visitor.open("网格小助手")
    await visitor.say("日历")
    link = visitor.page.locator(".bubble a")
    await expect(link).to_have_attribute("rel", "noopener noreferrer")
    address = await link.inner_text()
    page = visitor.page
    await page.goto(address)
    await page.goto(address)  # looked at twice, spent by nobody
    await page.click("form button")
    await expect(page.locator("#area")).to_have_text("何园社区")  # not the demo's first leader
    (cookie,) = await page.context.cookies()
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
    assert visitor.complaints == []
    await page.goto(address)
    await expect(page.locator("main")).to_contain_text("用过了")
    await page.goto(f"{url}/calender")  # copied wrongly
    await expect(page.locator("body")).to_contain_text("没有这个网页")
    await page.close()


async def test_a_recurring_notice_is_moved_once_and_for_good(browser: Browser, url: str) -> None:
    visitor = await visit(browser, url, DESK)
    await visitor.become("l.c3")
    await visitor.open("网格小助手")
    await visitor.say("定时通知 每周一8点，过点就不发 各居民群 请把电动车停好")
    await expect(visitor.page.locator(".bubble").last).to_contain_text("预览")
    await visitor.say("确认")
    await expect(visitor.page.locator(".bubble").last).to_contain_text("以后按时再发")
    page = visitor.page
    await page.goto(f"{url}/calendar")
    await page.select_option("#person", "l.c3")
    await expect(page.locator("#area")).to_have_text("安墩社区")
    await page.click("#after")  # its Monday
    card = page.locator("section:nth-of-type(1) article.notice", has_text="电动车")
    await expect(card).to_have_count(1)
    for term in ("每周一 08:00", "没开机那次不发", "有效到 "):
        await expect(card).to_contain_text(term)
    await expect(card).to_contain_text(re.compile(r"有效到 \d+月\d+日 \d\d:\d\d"))
    await card.get_by_label("把通知改到哪天").select_option(index=2)
    alone = page.locator("article.notice", has_text="电动车")
    await expect(page.locator("section:nth-of-type(1) article.notice")).to_have_count(0)
    await expect(alone.get_by_label("以后都改到哪天")).to_have_count(0)  # it comes once now
    await page.click("#after")
    await expect(card.get_by_label("以后都改到哪天")).to_have_count(1)
    await card.get_by_label("以后都改到哪天").select_option(index=1)
    await expect(page.locator("section:nth-of-type(1) article.notice")).to_have_count(0)
    await expect(page.locator("article.notice", has_text="电动车")).to_have_count(1)
    assert visitor.complaints == []
    await page.close()


async def test_a_worker_looks_and_cannot_move(browser: Browser, url: str) -> None:
    page = await opened(browser, url, DESK)
    await page.select_option("#person", "w.qian")
    await expect(page.locator("#area")).to_have_text("琼花三网格")
    await expect(page.locator("article", has_text=PLACE)).to_have_count(1)
    await expect(page.locator("article select")).to_have_count(0)
    await page.close()


async def test_what_may_not_be_moved_is_refused(browser: Browser, url: str) -> None:
    page = await opened(browser, url, DESK)
    await page.close()
    async with aiohttp.ClientSession(url) as session:
        async with session.get("/api/calendar", params={"person": "l.c1"}) as answer:
            week = await answer.json()
        visits = {one["name"]: one["id"] for one in week["visits"]}
        patrol = next(one["id"] for day in week["patrols"] for one in day["lines"])
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
