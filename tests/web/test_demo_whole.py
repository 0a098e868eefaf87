"""The demo as it is handed out: a real process, a real browser, the whole way of a case.

One process serves all of them, so each test has people and a grid of its own.
"""

import re
from dataclasses import dataclass

import pytest
from playwright.async_api import Browser, Locator, expect

from tests.web.whole import (
    CHROMIUM,
    DESK,
    NO_CHROMIUM,
    PHONE,
    Visitor,
    visit,
)

pytestmark = [
    pytest.mark.skipif(not CHROMIUM.exists(), reason=NO_CHROMIUM),
    pytest.mark.asyncio(loop_scope="session"),
]

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63"
    "50d0500000016400a9d2d7a1f60000000049454e44ae426082"
)


@dataclass(frozen=True)
class Cast:
    """Who plays: a resident, their group, its worker."""

    resident: str
    name: str
    group: str
    worker: str


WANG = Cast("r.wang", "王阿姨", "琼花苑居民群", "李强")
ZHAO = Cast("r.zhao", "赵姐", "新桥里居民群", "何梅")


async def report(visitor: Visitor, resident: str, group: str, words: str) -> str:
    """Say it in the group; returns the number the bot answers with."""
    await visitor.become(resident)
    await visitor.open(group)
    await visitor.say(words)
    answer = visitor.page.locator(".said:not(.mine) .bubble").last
    await expect(answer).to_contain_text("已受理")
    found = re.search(r"G\d+", await answer.inner_text())
    assert found is not None
    return found[0]


def cards(visitor: Visitor, number: str) -> Locator:
    return visitor.page.locator(f'.card:has(h3:has-text("{number}"))')


async def handle(visitor: Visitor, number: str, worker: str) -> None:
    """The worker goes to the card by the page's hint, accepts, comes, finishes with a picture."""
    page, mine = visitor.page, cards(visitor, number)
    await page.click(".nudge-button")
    await expect(page.locator("#talk-me")).to_contain_text(worker)
    await mine.locator("[data-press=accept]").dblclick()  # one press too many is none
    await expect(mine.first.locator(".label")).to_have_text("处理中")
    await expect(mine.first.locator("[data-press=accept]")).to_be_disabled()
    await expect(mine).to_have_count(2)
    await expect(page.locator(".bubble", has_text="已经接过单")).to_have_count(0)
    await mine.locator("[data-press=arrive]").click()
    await expect(mine.last.locator("h3")).to_have_text(f"已到场 {number}")
    await visitor.say("办结 灯泡换好了")
    await expect(page.locator(".bubble").last).to_contain_text(f"{number} 已办结")
    await visitor.show(PIXEL)
    await expect(mine.locator("button:enabled")).to_have_count(0)


async def see_it_closed(visitor: Visitor, number: str, cast: Cast) -> None:
    page = visitor.page
    await visitor.see_cases("ended")
    row = page.locator(f'.case:has-text("{number}")')
    await expect(row.locator(".label.status-closed")).to_have_text("已结案")
    await row.click()
    steps = ("反映", "接单", "到场", "办结：灯泡换好了", "评价，结案")
    for step, who in zip(steps, (cast.name, *[cast.worker] * 3, cast.name), strict=True):
        await expect(page.locator(".history li", has_text=f"{who}{step}")).to_have_count(1)
    await page.keyboard.press("Escape")
    await expect(page.locator("#drawer")).to_be_hidden()


@pytest.mark.parametrize(("size", "cast"), [(DESK, WANG), (PHONE, ZHAO)], ids=["desk", "phone"])
async def test_a_sentence_becomes_a_closed_case(
    browser: Browser, url: str, size: tuple[int, int], cast: Cast
) -> None:
    visitor = await visit(browser, url, size)
    page = visitor.page
    assert "网格" in await page.title()
    number = await report(visitor, cast.resident, cast.group, "3号楼2单元楼道灯不亮了")
    await handle(visitor, number, cast.worker)
    await visitor.become(cast.resident)
    await visitor.open(cast.group)
    asked = cards(visitor, number)
    await expect(asked.locator(".label")).to_have_text("待评价")
    if visitor.phone:
        await visitor.say("满意，谢谢")
    else:
        await asked.locator("[data-press=satisfied]").click()
    await expect(page.locator(".bubble").last).to_contain_text(f"{number} 已结案")
    await see_it_closed(visitor, number, cast)
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert visitor.complaints == []


async def test_the_clock_brings_reminder_and_escalation(browser: Browser, url: str) -> None:
    visitor = await visit(browser, url, DESK)
    page = visitor.page
    # A fire's deadlines come before those of anything another test reports.
    number = await report(visitor, "r.sun", "何园新村居民群", "2号楼楼道好大的烟 着火了")
    await visitor.move_clock("next")
    await visitor.move_clock("next")
    row = page.locator(f'.case.late:has-text("{number}")')
    await expect(row.locator(".level")).to_have_text("社区")
    await expect(row.locator(".label.overdue")).to_have_text("已超时")
    for person, words in (
        ("w.tang", ["紧急案件", "提醒", "已超时"]),
        ("l.c2", ["突发", "超时案件"]),
    ):
        await visitor.become(person)
        titles = cards(visitor, number).locator("h3")
        await expect(titles).to_contain_text([f"{word} {number}" for word in words])
    assert visitor.complaints == []


async def test_what_is_said_in_one_page_appears_in_the_other(browser: Browser, url: str) -> None:
    one, other = await visit(browser, url, DESK), await visit(browser, url, PHONE)
    await other.become("r.liu")
    await other.open(WANG.group)
    number = await report(one, "r.chen", WANG.group, "小区东门垃圾桶满了没人收，5号楼旁边")
    await expect(other.page.locator(".bubble", has_text=f"已受理 {number}")).to_be_visible()
    await other.say("对，我也看到了")
    await expect(one.page.locator(".bubble", has_text="对，我也看到了")).to_be_visible()
    await other.see_cases()
    await expect(other.page.locator(f'.case:has-text("{number}")')).to_be_visible()
    assert one.complaints + other.complaints == []
