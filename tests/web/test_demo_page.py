"""The demo page in a real browser: said, seen, pressed, pictured, moved on; phone and desk."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page, expect

from tests.web.fake_demo import FakeDemo, fake_app, with_cases
from tests.web.whole import CHROMIUM, DESK, NO_CHROMIUM, PHONE, UNREADABLE

SIZES = {"desk": DESK, "phone": PHONE}
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63"
    "50d0500000016400a9d2d7a1f60000000049454e44ae426082"
)
Serve = Callable[..., Awaitable[TestServer]]

pytestmark = [
    pytest.mark.skipif(not CHROMIUM.exists(), reason=NO_CHROMIUM),
    pytest.mark.asyncio(loop_scope="session"),
]


@pytest_asyncio.fixture(loop_scope="session")
async def serve(browser: Browser) -> AsyncIterator[Serve]:
    """Serves pages on the loop of the browser, which is one for all tests."""
    async with AsyncExitStack() as servers:

        async def serve(app: web.Application, port: int = 0) -> TestServer:
            server = TestServer(app, port=port)
            servers.push_async_callback(server.close)
            await server.start_server()
            return server

        yield serve
        for context in browser.contexts:  # they keep a line to their server
            await context.close()


@pytest.fixture(params=list(SIZES))
def size(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def open_page(browser: Browser, server: TestServer, size: str) -> tuple[Page, list[str]]:
    """The page, ready, and what its console complains about."""
    width, height = SIZES[size]
    phone = size == "phone"
    context = await browser.new_context(
        viewport={"width": width, "height": height}, has_touch=phone, is_mobile=phone
    )
    page = await context.new_page()
    page.set_default_timeout(10_000)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    await page.goto(str(server.make_url("/")))
    await page.wait_for_selector("body.ready")
    return page, complaints


async def become(page: Page, person: str, size: str) -> None:
    await page.click("#who" if size == "desk" else '#tabs [data-tab="me"]')
    await page.click(f'[data-person="{person}"]')


async def no_overflow(page: Page) -> bool:
    return bool(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


async def report(page: Page) -> None:
    """The resident says it by one tap, sends markup as words, and a picture."""
    await page.click('.example:has-text("楼道灯")')
    await expect(page.locator(".mine .bubble")).to_have_text("3号楼2单元楼道灯不亮了")
    await expect(page.locator(".said:not(.mine) .bubble")).to_contain_text("已受理")
    await page.fill("#words", "<img src=x onerror=alert(1)>")
    await page.press("#words", "Enter")
    await expect(page.locator(".mine .bubble").last).to_have_text("<img src=x onerror=alert(1)>")
    file: Any = {"name": "灯.png", "mimeType": "image/png", "buffer": PIXEL}
    await page.set_input_files("#file", file)
    await page.click(".mine .photo-button")
    await expect(page.locator("#viewer")).to_be_visible()
    await page.keyboard.press("Escape")


async def handle(page: Page) -> None:
    """The worker goes to the card by the page's own hint, accepts and finishes."""
    await page.click(".nudge-button")
    await expect(page.locator("#talk-me")).to_contain_text("李强")
    await page.click('.card button:has-text("接单")')
    await expect(page.locator('.card [data-press="accept"]')).to_be_disabled()
    await expect(page.locator(".card .label")).to_have_text("处理中")
    await page.click('.card button:has-text("办结")')
    await expect(page.locator(".card button:enabled")).to_have_count(0)


async def look_up_the_closed_case(page: Page) -> None:
    await expect(page.locator("#case-empty")).to_be_visible()
    await page.click('[data-filter="ended"]')
    await expect(page.locator(".case [data-status]")).to_have_text("已结案")
    await page.click(".case")
    await expect(page.locator(".history li")).to_have_count(5)
    assert await page.evaluate(UNREADABLE) == []
    await page.keyboard.press("Escape")
    await expect(page.locator("#drawer")).to_be_hidden()


async def test_a_report_is_accepted_finished_and_closed(
    browser: Browser, serve: Serve, size: str
) -> None:
    page, complaints = await open_page(browser, await serve(fake_app(FakeDemo())), size)
    phone = size == "phone"
    if phone:
        await page.click('.chat:has-text("琼花苑居民群")')
        await expect(page.locator("#talk-title")).to_be_focused()
    assert "网格" in await page.title()
    await expect(page.locator("#talk-title")).to_have_text("琼花苑居民群（6）")
    await report(page)
    await handle(page)
    assert await page.evaluate(UNREADABLE) == []
    if phone:
        await page.click("#talk-back")
        await expect(page.locator(".chat[aria-current]")).to_be_focused()
    await become(page, "r.wang", size)
    if phone:
        await page.click('.chat:has-text("网格小助手")')
    await page.click('.card button:text-is("满意")')
    await expect(page.locator(".card .label")).to_have_text("已结案")
    if phone:
        await page.go_back()
        await page.click('#tabs [data-tab="cases"]')
    await look_up_the_closed_case(page)
    assert await no_overflow(page)
    assert complaints == []


async def test_the_clock_brings_reminders(browser: Browser, serve: Serve, size: str) -> None:
    demo = FakeDemo()
    page, complaints = await open_page(browser, await serve(fake_app(demo)), size)
    await demo.simulator.say("r.wang", "g01.residents", "楼道好大的烟 着火了 3号楼")
    if size == "phone":
        await page.click('#tabs [data-tab="me"]')
        assert await page.evaluate(UNREADABLE) == []
    await page.click('[data-minutes="10"]')
    await expect(page.locator("#clock-time")).to_have_text("09:10")
    await page.click('[data-minutes="next"]')
    await expect(page.locator("#clock-time")).to_have_text("11:00")
    await expect(page.locator('[data-person="w.li"] .badge')).to_have_text("2")
    if size == "phone":
        await page.click('#tabs [data-tab="cases"]')
    await expect(page.locator(".case .level")).to_have_text("社区")
    assert complaints == []


async def test_quoting_and_taking_back(browser: Browser, serve: Serve, size: str) -> None:
    demo = FakeDemo()
    page, complaints = await open_page(browser, await serve(fake_app(demo)), size)
    if size == "phone":
        await page.click('.chat:has-text("琼花苑居民群")')
    await demo.simulator.say("r.chen", "g01.residents", "有人知道几点停水吗")
    await page.click(".bubbles >> nth=0", button="right")
    await page.click('#menu button:has-text("引用")')
    await page.fill("#words", "听说是十点")
    await page.click("#send")
    await expect(page.locator(".quoted")).to_have_text("陈先生：有人知道几点停水吗")
    await page.click('.mine .bubbles:has-text("听说是十点")', button="right")
    await page.click('#menu button:has-text("撤回")')
    await expect(page.locator(".notice")).to_have_text("你撤回了一条消息")
    assert complaints == []


async def test_the_line_may_break_and_the_program_start_anew(
    browser: Browser, serve: Serve
) -> None:
    demo = FakeDemo()
    server = await serve(fake_app(demo))
    page, _ = await open_page(browser, server, "desk")
    await demo.simulator.say("r.chen", "g01.residents", "大家早上好")
    await expect(page.locator(".bubble")).to_have_count(1)
    port = server.port
    await server.close()
    await expect(page.locator("#offline")).to_be_visible()
    fresh = FakeDemo()
    await serve(fake_app(fresh), port=port)
    await expect(page.locator("#offline")).to_be_hidden(timeout=15_000)
    await expect(page.locator(".bubble")).to_have_count(0)
    await fresh.simulator.say("r.chen", "g01.residents", "又见面了")
    await expect(page.locator(".bubble")).to_have_text("又见面了")


async def test_a_busy_day_stays_within_the_screen(
    browser: Browser, serve: Serve, size: str
) -> None:
    demo = with_cases(30)
    page, complaints = await open_page(browser, await serve(fake_app(demo)), size)
    long = "https://example.com/" + "averylongaddress" * 20
    for index in range(150):
        await demo.simulator.say(
            "r.chen", "g01.residents", f"{index} 第几条了 {long * (index % 3)}"
        )
    if size == "phone":
        await page.click('.chat:has-text("琼花苑居民群")')
    await expect(page.locator(".bubble").last).to_contain_text("149")
    await expect(page.locator(".bubble").last).to_be_in_viewport()
    assert await no_overflow(page)
    small: Any = await page.evaluate(
        "[...document.querySelectorAll('button')].filter((b) => b.offsetParent && "
        "getComputedStyle(b).opacity > 0).map((b) => [b.className || b.id || b.textContent, "
        "b.getBoundingClientRect()]).filter(([, r]) => r.width < 44 || r.height < 44)"
        ".map(([name]) => name)"
    )
    assert small == []
    if size == "phone":
        await page.click("#talk-back")
        await page.click('#tabs [data-tab="cases"]')
    await expect(page.locator(".case")).to_have_count(22)
    await expect(page.locator(".case-left.late").first).to_contain_text("超时")
    assert await page.evaluate(UNREADABLE) == []
    assert await no_overflow(page)
    assert complaints == []
