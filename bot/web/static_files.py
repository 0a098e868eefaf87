"""Scripts, style sheets and the icon of the pages; only those that stand in the folder."""

from pathlib import Path

from aiohttp import web

from bot.web.guard import Guard

STATIC = Path(__file__).parent / "static"
# What the page 日历 and the way into it are made of; the demo's own parts stay in the demo.
OF_THE_CALENDAR = ("calendar.css", "calendar.js", "icon.svg")


def add_static(web_app: web.Application, guard: Guard, only: tuple[str, ...] = ()) -> None:
    """Serve the files at /static/NAME, or those that are named."""
    files = {path.name: path for path in STATIC.iterdir() if path.is_file()}
    if only:
        files = {name: files[name] for name in only}

    async def static(request: web.Request) -> web.StreamResponse:
        path = files.get(request.match_info["name"])
        if path is None:
            raise web.HTTPNotFound
        headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
        return web.FileResponse(path, headers=headers)

    web_app.router.add_get("/static/{name}", guard(static))
