"""The real demo process and a real browser, for the tests and for the README's screenshots."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, async_playwright, expect

CHROMIUM = Path("/usr/bin/chromium")
NO_CHROMIUM = f"needs Debian's Chromium at {CHROMIUM}: apt install chromium"
ARGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
DESK, PHONE = (1440, 900), (390, 844)

# Words too small (14 px for times and labels, 16 px where there is something to read), too pale
# (WCAG 2.1, 1.4.3: 4.5 to 1), cut off beside a finger's target, or without a name for a reader.
UNREADABLE = """() => {
  const found = [];
  const numbers = (colour) => { const all = colour.match(/[\\d.]+/g).map(Number); return all.length < 4 ? [...all, 1] : all; };
  const light = (rgb) => { const [r, g, b] = rgb.map((v) => (v / 255 <= .03928 ? v / 255 / 12.92 : ((v / 255 + .055) / 1.055) ** 2.4)); return .2126 * r + .7152 * g + .0722 * b; };
  const ground = (node) => {
    const layers = [];
    for (let at = node; at; at = at.parentElement) {
      const colour = numbers(getComputedStyle(at).backgroundColor);
      if (colour[3] > 0) layers.push(colour);
      if (colour[3] === 1) break;
    }
    return layers.reverse().reduce((under, c) => under.map((v, i) => v * (1 - c[3]) + c[i] * c[3]), [255, 255, 255]);
  };
  const seen = (node) => node.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) && !node.closest("[aria-hidden=true]");
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const words = walker.currentNode.data.trim(), node = walker.currentNode.parentElement;
    if (!words || ["SCRIPT", "STYLE", "OPTION"].includes(node.tagName) || !seen(node)) continue;
    const style = getComputedStyle(node), size = parseFloat(style.fontSize);
    const small = node.matches("small, time, b, .label, .level, .said-name, .said-role, .chat-time, nav *") ? 14 : 16;
    if (size < small) found.push(`${size} px: ${words}`);
    const [one, other] = [light(numbers(style.color).slice(0, 3)), light(ground(node))];
    const contrast = (Math.max(one, other) + .05) / (Math.min(one, other) + .05);
    if (contrast < 4.5) found.push(`${contrast.toFixed(1)} to 1: ${words}`);
  }
  for (const node of document.querySelectorAll("button, input, select, textarea")) {
    if (!seen(node) || node.getAttribute("aria-label") || node.textContent.trim()) continue;
    found.push(`no name: ${node.outerHTML.slice(0, 80)}`);
  }
  return found;
}"""


@asynccontextmanager
async def demo_process(port: int = 0) -> AsyncIterator[str]:
    """`gridbot demo` as a person starts it; yields the address it prints."""
    gridbot = Path(sys.executable).with_name("gridbot")
    process = await asyncio.create_subprocess_exec(
        gridbot, "demo", "--port", str(port), stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(20):
            said = (await process.stdout.readline()).decode()
        yield next(word for word in said.split() if word.startswith("http://"))
    finally:
        if process.returncode is None:
            process.terminate()
        async with asyncio.timeout(10):
            await process.wait()


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Debian's Chromium without a window."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGS)
        yield browser
        await browser.close()


class Visitor:
    """Somebody at the demo page, who sees it as a person does and notes its complaints."""

    def __init__(self, page: Page, *, phone: bool) -> None:
        self.page, self.phone = page, phone
        self.complaints: list[str] = []
        page.set_default_timeout(8000)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        page.on("console", self._heard)

    def _heard(self, said: Any) -> None:
        if said.type in ("error", "warning"):
            self.complaints.append(said.text)

    async def become(self, person: str) -> None:
        """Switch to another person."""
        if self.phone:
            await self.to_tab("me")
        else:
            await self.page.click("#who")
        await self.page.click(f'[data-person="{person}"]')

    async def to_tab(self, tab: str) -> None:
        """On a phone: leave the conversation and open a tab."""
        back = self.page.locator("#talk-back")
        if await back.is_visible():
            await back.click()
        await self.page.click(f'#tabs [data-tab="{tab}"]')

    async def open(self, chat: str) -> None:
        """Open a conversation by its name."""
        await self.page.click(f'.chat:has(.chat-name:text-is("{chat}"))')
        await expect(self.page.locator("#talk-title")).to_contain_text(chat)

    async def say(self, words: str) -> None:
        """Type and send."""
        await self.page.fill("#words", words)
        await self.page.click("#send")
        await expect(self.page.locator(".mine .bubble").last).to_have_text(words)

    async def show(self, picture: bytes, name: str = "现场.png") -> None:
        """Send a picture."""
        shown = self.page.locator(".mine .photo")
        count = await shown.count()
        file: Any = {"name": name, "mimeType": "image/png", "buffer": picture}
        await self.page.set_input_files("#file", file)
        await expect(shown).to_have_count(count + 1)

    async def move_clock(self, minutes: str) -> None:
        """Press a button of the clock and wait until its time has come."""
        if self.phone:
            await self.to_tab("me")
        async with self.page.expect_response("**/api/clock"):
            await self.page.click(f'[data-minutes="{minutes}"]')
        await expect(self.page.locator(f'[data-minutes="{minutes}"]')).to_be_enabled()

    async def see_cases(self, kind: str = "active") -> None:
        """Look at the list of cases."""
        if self.phone:
            await self.to_tab("cases")
        await self.page.click(f'[data-filter="{kind}"]')


async def visit(browser: Browser, url: str, size: tuple[int, int]) -> Visitor:
    """Open the demo in a browser of its own."""
    phone = size[0] < 900
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]}, has_touch=phone, is_mobile=phone
    )
    visitor = Visitor(await context.new_page(), phone=phone)
    await visitor.page.goto(url)
    await visitor.page.wait_for_selector("body.ready")
    return visitor
