"""The pages of a real deployment: 日历, behind a login; nothing here acts without one."""

from aiohttp import web

from bot.calendar import Calendar
from bot.login import Logins
from bot.web.calendar import add_calendar
from bot.web.guard import Guard
from bot.web.login import Login
from bot.web.page_words import load_words
from bot.web.static_files import OF_THE_CALENDAR, add_static


def add_pages(web_app: web.Application, calendar: Calendar) -> None:
    """Serve the page, the way into it, and what it is made of; none without `[http] public_url`.

    Without that address no link could lead there.
    """
    url = calendar.city.pages
    if not url:
        return
    guard = Guard(load_words(), url=url)
    add_static(web_app, guard, OF_THE_CALENDAR)
    login = Login(Logins(calendar.store, calendar.directory, calendar.clock), url)
    login.add(web_app, guard)
    add_calendar(web_app, calendar, login.who, guard, demo=False)
