"""The README's pictures, taken from the running demo: `python -m tests.web.screenshots [FOLDER]`."""

import asyncio
import sys
from pathlib import Path

from playwright.async_api import Browser, expect

from tests.web.whole import DESK, PHONE, Visitor, chromium, demo_process, visit

DOCS = Path(__file__).parents[2] / "docs"
GROUP, PRIVATE = "琼花苑居民群", "网格小助手"

# A stairwell at night, its lamp out: drawn by the browser, so that no picture needs to be kept.
STAIRS = """<!DOCTYPE html><style>
body { margin: 0; width: 480px; height: 250px; overflow: hidden; position: relative;
  background: linear-gradient(100deg, #33363a 0 30%, #4a4e53 30% 31%, #3b3f44 31% 72%, #2a2d30 72%) }
i { position: absolute; display: block }
.wall { left: 0; bottom: 0; width: 480px; height: 110px; background: #3f564a; opacity: .7 }
.step { left: 150px; height: 24px; background: linear-gradient(#6a6d70, #35383b 45%); }
.rail { left: 128px; bottom: 10px; width: 6px; height: 180px; background: #75614f; rotate: 28deg }
.wire { left: 262px; top: 0; width: 3px; height: 32px; background: #0c0c0d }
.cup { left: 246px; top: 28px; width: 36px; height: 16px; background: #85898d; border-radius: 9px 9px 0 0 }
.bulb { left: 249px; top: 42px; width: 30px; height: 38px; border-radius: 46% 46% 50% 50%;
  background: radial-gradient(circle at 35% 30%, #c4c8c6, #6d7072 60%, #45484a) }
.door { right: 26px; top: 62px; width: 88px; height: 190px; background: #4a3d35; border: 5px solid #62524a }
.sign { left: 46px; top: 50px; padding: 3px 9px; color: #e4ebe6; background: #3f6a52; font: 22px sans-serif;
  font-style: normal }
.glow { inset: 0; background: radial-gradient(circle at 16% 96%, #dfe8cf66, #0000 46%),
  radial-gradient(circle at 50% 45%, #0000 35%, #000a 100%) }
</style><i class="wall"></i><i class="door"></i><i class="rail"></i>
<i class="step" style="bottom:0;width:250px"></i><i class="step" style="bottom:26px;width:220px"></i>
<i class="step" style="bottom:52px;width:190px"></i><i class="step" style="bottom:78px;width:160px"></i>
<i class="step" style="bottom:104px;width:132px"></i><i class="step" style="bottom:130px;width:106px"></i>
<i class="wire"></i><i class="cup"></i><i class="bulb"></i><i class="sign">2单元 3F</i><i class="glow"></i>"""


async def stairwell(browser: Browser) -> bytes:
    """The photograph that 王阿姨 sends."""
    page = await browser.new_page(viewport={"width": 480, "height": 250})
    await page.set_content(STAIRS)
    picture = await page.screenshot()
    await page.close()
    return picture


async def tell(visitor: Visitor, person: str, group: str, words: str) -> None:
    await visitor.become(person)
    await visitor.open(group)
    await visitor.say(words)
    await expect(visitor.page.locator(".bubble").last).to_contain_text("已受理")


async def accept(visitor: Visitor, worker: str) -> None:
    await visitor.become(worker)
    await visitor.open(PRIVATE)
    await visitor.page.click(".card [data-press=accept]")
    await expect(visitor.page.locator(".card h3").last).to_contain_text("已接单")


async def morning(desk: Visitor, picture: bytes) -> None:
    """Two reports, a picture, and four hours."""
    await desk.page.click("#hint-close")
    await tell(desk, "r.zhao", "新桥里居民群", "快递柜旁边垃圾堆了三天没人收")
    await tell(desk, "r.wang", GROUP, "3号楼2单元楼道灯不亮了，晚上老人不敢下楼")
    await desk.show(picture)
    await accept(desk, "w.li")
    await desk.move_clock("120")
    await desk.move_clock("120")


async def noon(desk: Visitor) -> None:
    """More reports; the lamp burns again and 王阿姨 is asked."""
    await accept(desk, "w.tang")
    await tell(desk, "r.zhou", "柳湖家园居民群", "A座一楼大门锁坏了，谁都能进来")
    await desk.become("w.li")
    await desk.open(PRIVATE)
    await desk.say("办结 灯泡和声控开关都换了")
    await expect(desk.page.locator(".bubble").last).to_contain_text("已办结")
    await desk.become("r.wang")
    await desk.open(GROUP)
    await expect(desk.page.locator(".card h3")).to_contain_text("办好了吗")
    await expect(desk.page.locator(".case .status-finished")).to_be_visible()
    await expect(desk.page.locator(".case.late")).to_be_visible()
    await expect(desk.page.locator("#toast")).to_be_hidden()


async def take(folder: Path) -> None:
    """Play a morning in four grids and photograph what two people see of it."""
    async with demo_process() as url, chromium() as browser:
        desk, phone = await visit(browser, url, DESK), await visit(browser, url, PHONE)
        await morning(desk, await stairwell(browser))
        await tell(phone, "r.sun", "何园新村居民群", "6幢2单元电梯关不上门，里面困着人！")
        await phone.page.click(".nudge-button")
        await expect(phone.page.locator(".card .status-assigned")).to_be_visible()
        await phone.page.screenshot(path=folder / "demo-phone.png", animations="disabled")
        await noon(desk)
        await desk.page.mouse.move(0, 0)
        await desk.page.screenshot(path=folder / "demo.png", animations="disabled")


async def take_calendar(folder: Path) -> None:
    """Plan a notice, walk a round, and photograph the leader's week."""
    async with demo_process() as url, chromium() as browser:
        desk = await visit(browser, url, DESK)
        for person, words, answer in (
            ("w.li", "上午巡过了，一切正常", "记下了"),
            ("l.c1", "定时通知 后天8点 各居民群 今天9点到12点停水，请提前储水", "预览"),
            ("l.c1", "确认", "发"),
        ):
            await desk.become(person)
            await desk.open(PRIVATE)
            await desk.say(words)
            await expect(desk.page.locator(".said:not(.mine) .bubble").last).to_contain_text(answer)
        await desk.page.goto(f"{url}/calendar")
        await expect(desk.page.locator("article.notice select")).to_be_visible()
        await expect(desk.page.locator("article", has_text="加油站")).to_be_visible()
        await desk.page.set_viewport_size({"width": 1440, "height": 720})
        await desk.page.screenshot(path=folder / "img" / "calendar.png", animations="disabled")


async def both(folder: Path) -> None:
    """All pictures of the README."""
    await take(folder)
    await take_calendar(folder)


if __name__ == "__main__":
    asyncio.run(both(Path(sys.argv[1]) if len(sys.argv) > 1 else DOCS))
