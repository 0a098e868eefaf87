"""The way into the pages: a link that is looked at, a button that spends it, a cookie, a way out."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient
from structlog.testing import capture_logs

from bot.calendar import Calendar
from bot.pages import add_pages
from bot.web.calendar import add_calendar
from bot.web.guard import Guard, origin_of
from bot.web.login import Login
from bot.web.page_words import load_words
from bot.web.static_files import OF_THE_CALENDAR, add_static
from domain.city import City
from domain.errors import NotAllowed
from domain.people import Person, Role
from scheduler.clock import SystemClock
from store.directory import Directory
from store.engine import Store

URL = "https://grid.example.cn"
CODE, SECRET = "a" * 28, "s" * 43
OURS = {"Origin": URL, "Sec-Fetch-Site": "same-origin"}
Client = TestClient[Any, Any]


@dataclass
class Doors:
    """Codes and sessions in memory, with what was done to them."""

    codes: set[str] = field(default_factory=lambda: {CODE})
    sessions: dict[str, Person] = field(default_factory=dict)
    known: Person = field(default_factory=lambda: Person("l.c1", "吴书记", Role.LEADER, "c1"))

    async def valid(self, code: str) -> bool:
        return code in self.codes

    async def enter(self, code: str) -> str:
        if code not in self.codes:
            return ""
        self.codes.remove(code)
        self.sessions[SECRET] = self.known
        return SECRET

    async def who(self, secret: str) -> Person | None:
        return self.sessions.get(secret)

    async def leave(self, secret: str) -> None:
        self.sessions.pop(secret, None)


@dataclass
class Planner:
    """What the page was asked to do, by whom."""

    done: list[tuple[Any, ...]] = field(default_factory=list)

    async def week(self, person: str, day: str) -> dict[str, Any]:
        self.done.append(("week", person, day))
        return {"me": {"id": person}}

    async def move(self, person: str, visit: int, day: str, worker: str = "") -> None:
        self.done.append(("move", person, visit, day, worker))

    async def move_notice(self, person: str, notice: int, day: str, scope: str = "") -> None:
        raise NotAllowed("notice_waits")


@pytest.fixture
def doors() -> Doors:
    return Doors()


@pytest.fixture
def planner() -> Planner:
    return Planner()


Start = Callable[..., Awaitable[Client]]


@pytest.fixture
def start(aiohttp_client: Start, doors: Doors, planner: Planner) -> Start:
    async def started(url: str = URL) -> Client:
        app, guard, login = web.Application(), Guard(load_words(), url=url), Login(doors, url)
        login.add(app, guard)
        add_static(app, guard, OF_THE_CALENDAR)
        add_calendar(app, planner, login.who, guard, demo=False)
        return await aiohttp_client(app)

    return started


@pytest.fixture
async def client(start: Start) -> Client:
    return await start()


def by_cookie(secret: str = SECRET) -> dict[str, str]:
    """A browser sends what it keeps; the test's own jar keeps nothing that is Secure."""
    return {"Cookie": f"__Host-gridbot={secret}"}


async def entered(client: Client) -> dict[str, str]:
    await client.post(f"/login/{CODE}", headers=OURS, allow_redirects=False)
    return by_cookie()


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_whoever_looks_at_a_link_first_does_not_spend_it(
    client: Client, doors: Doors, method: str
) -> None:
    for _ in range(3):
        response = await client.request(method, f"/login/{CODE}")
        assert response.status == 200
        assert "Set-Cookie" not in response.headers
    assert doors.codes == {CODE}
    text = await (await client.get(f"/login/{CODE}")).text()
    assert text.count("<button") == 1
    assert '<form method="post">' in text
    assert "<script" not in text


async def test_the_page_with_the_button_gives_nothing_away(client: Client) -> None:
    response = await client.get(f"/login/{CODE}")
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    # A browser would send "Origin: null" with the form under "no-referrer".
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["Cache-Control"] == "no-store"
    assert CODE not in await response.text()


async def test_the_button_spends_the_code_for_a_cookie(client: Client, doors: Doors) -> None:
    response = await client.post(f"/login/{CODE}", headers=OURS, allow_redirects=False)
    assert (response.status, response.headers["Location"]) == (303, "../calendar")
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith(f"__Host-gridbot={SECRET};")
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert parts >= {"httponly", "secure", "samesite=strict", "path=/", "max-age=43200"}
    assert not any(part.startswith("domain") for part in parts)
    again = await client.post(f"/login/{CODE}", headers=OURS, allow_redirects=False)
    assert (again.status, doors.codes) == (410, set())
    assert "Set-Cookie" not in again.headers


async def test_without_https_the_cookie_is_still_nobody_else_s(start: Start) -> None:
    client = await start("http://10.0.0.5:8080")
    headers = {"Origin": "http://10.0.0.5:8080"}
    response = await client.post(f"/login/{CODE}", headers=headers, allow_redirects=False)
    cookie = response.headers["Set-Cookie"].lower()
    assert cookie.startswith("gridbot=")
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "secure" not in cookie


@pytest.mark.parametrize(
    "code", ["b" * 28, "a", "A" * 28, "12345678", "..%2fcalendar", "%00" * 28, "a" * 5000]
)
async def test_a_code_that_opens_nothing_says_what_to_do(client: Client, code: str) -> None:
    for response in (
        await client.get(f"/login/{code}"),
        await client.post(f"/login/{code}", headers=OURS),
    ):
        text = await response.text()
        assert response.status == 410
        assert "发“日历”" in text
        assert "<form" not in text
        assert "Set-Cookie" not in response.headers


FOREIGN = [
    pytest.param({"Origin": "https://evil.example"}, id="another-site"),
    pytest.param({"Origin": "http://grid.example.cn"}, id="without-tls"),
    pytest.param({"Origin": "https://grid.example.cn:8443"}, id="another-port"),
    pytest.param({"Origin": "https://grid.example.cn.evil.example"}, id="looks-alike"),
    pytest.param({"Origin": "null"}, id="nobody-s"),
    pytest.param({"Origin": "https://[broken"}, id="broken"),
    pytest.param({}, id="none-at-all"),
    pytest.param({"Origin": URL, "Sec-Fetch-Site": "same-site"}, id="same-site"),
    pytest.param({"Origin": URL, "Sec-Fetch-Site": "cross-site"}, id="cross-site"),
    pytest.param({"Origin": URL, "Sec-Fetch-Site": "none"}, id="by-no-page"),
]


@pytest.mark.parametrize("headers", FOREIGN)
async def test_nothing_acts_that_another_site_sends(
    client: Client, doors: Doors, planner: Planner, headers: dict[str, str]
) -> None:
    assert (await client.post(f"/login/{CODE}", headers=headers)).status == 403
    assert doors.codes == {CODE}
    kept = await entered(client)
    body = {"visit": 1, "day": "2026-11-30"}
    for path in ("/api/calendar/move", "/api/calendar/notice", "/logout"):
        response = await client.post(path, json=body, headers={**headers, **kept})
        assert response.status == 403
    assert planner.done == []
    assert doors.sessions


@pytest.mark.parametrize("headers", [OURS, {"Origin": URL}, {"Origin": URL + ":443"}])
async def test_our_own_page_acts_by_its_session_and_as_nobody_else(
    client: Client, planner: Planner, headers: dict[str, str]
) -> None:
    kept = await entered(client)
    # Behind a proxy the Host is the proxy's own.
    week = await client.get("/api/calendar?person=d.d1", headers={**kept, "Host": "inside:8080"})
    assert week.status == 200
    body = {"person": "d.d1", "visit": 7, "day": "2026-11-30", "worker": "w.he"}
    move = await client.post("/api/calendar/move", json=body, headers={**headers, **kept})
    assert move.status == 200
    assert planner.done == [("week", "l.c1", ""), ("move", "l.c1", 7, "2026-11-30", "w.he")]


async def test_a_refusal_is_a_sentence(client: Client) -> None:
    kept = await entered(client)
    body = {"notice": 7, "day": "2026-11-30"}
    response = await client.post("/api/calendar/notice", json=body, headers={**OURS, **kept})
    assert response.status == 409
    assert "还没有确认" in (await response.json())["error"]


COOKIES = [
    pytest.param({}, id="none"),
    pytest.param(by_cookie("x" * 43), id="unknown"),
    pytest.param(by_cookie("'; DROP TABLE"), id="strange"),
    pytest.param({"Cookie": f"gridbot={SECRET}"}, id="under-another-name"),
]


@pytest.mark.parametrize("cookie", COOKIES)
async def test_without_a_session_there_is_nothing_to_see(
    client: Client, planner: Planner, cookie: dict[str, str]
) -> None:
    await entered(client)
    client.session.cookie_jar.clear()
    week = await client.get("/api/calendar?person=l.c1", headers=cookie)
    body = {"person": "l.c1", "visit": 1, "day": "2026-11-30"}
    move = await client.post("/api/calendar/move", json=body, headers={**OURS, **cookie})
    for response in (week, move):
        assert response.status == 401
        assert "发“日历”" in (await response.json())["error"]
    assert planner.done == []
    page = await client.get("/calendar", headers=cookie)  # the frame alone, with nobody's data
    text = await page.text()
    assert page.status == 200
    assert "data-demo" not in text
    assert 'id="person"' not in text


async def test_whoever_leaves_is_out(client: Client, doors: Doors) -> None:
    kept = await entered(client)
    response = await client.post("/logout", headers={**OURS, **kept})
    assert response.status == 200
    assert "max-age=0" in response.headers["Set-Cookie"].lower()
    assert doors.sessions == {}
    assert (await client.get("/api/calendar", headers=kept)).status == 401


async def test_only_what_the_page_is_made_of_is_served(client: Client) -> None:
    for name in OF_THE_CALENDAR:
        assert (await client.get(f"/static/{name}")).status == 200
    for path in ("/static/demo.js", "/static/..%2fserver.py", "/api/state", "/api/say", "/"):
        assert (await client.get(path)).status == 404


async def test_nothing_of_a_login_is_logged_but_that_it_was(client: Client) -> None:
    with capture_logs() as logs:
        await entered(client)
        await client.post(f"/login/{CODE}", headers=OURS)
    assert [one["action"] for one in logs] == ["login.entered", "login.refused"]
    assert not any(word in str(logs) for word in (CODE, SECRET, "l.c1", "吴书记"))


@pytest.mark.parametrize(
    ("url", "served"),
    [
        pytest.param("", set(), id="nowhere"),
        pytest.param(URL, {"/calendar", "/login/{code}", "/logout", "/api/calendar"}, id="known"),
    ],
)
def test_a_deployment_serves_pages_where_people_can_reach_them(
    city: City, directory: Directory, tmp_path: Path, url: str, served: set[str]
) -> None:
    app = web.Application()
    store = Store(f"sqlite+aiosqlite:///{tmp_path / 'never-opened.sqlite3'}")
    calendar = Calendar(store, replace(city, pages=url), SystemClock(), directory)
    add_pages(app, calendar)
    paths = {route.resource.canonical for route in app.router.routes() if route.resource}
    assert paths >= served
    assert bool(paths) == bool(served)
    assert not any("state" in path or "say" in path for path in paths)


@pytest.mark.parametrize(
    ("url", "known"),
    [
        ("https://grid.example.cn", ("https", "grid.example.cn", 443)),
        ("HTTP://Grid.Example.cn:8080/a", ("http", "grid.example.cn", 8080)),
        ("http://[::1]:80", ("http", "::1", 80)),
        ("", ()),
        ("grid.example.cn", ()),
        ("ftp://grid.example.cn", ()),
        ("http://", ()),
        ("http://a:99999", ()),
        ("null", ()),
    ],
)
def test_the_origin_of_an_address(url: str, known: tuple[Any, ...]) -> None:
    assert origin_of(url) == known
