"""我可以帮忙: somebody offers a hand, to an open need or to all that come (domain.md H10)."""

from bot.helping import volunteers
from bot.helping.asking import HAND, areas_of, offer_open
from bot.turn import EXPLICIT, Handler, Turn, again
from bot.understanding import errands
from domain.messages import Kind
from domain.people import Role
from domain.volunteers import OPEN
from store import volunteers as stored


async def volunteer(turn: Turn) -> None:
    """Match an open need, else register; what neighbours do for each other is left alone."""
    if turn.inbound.kind is Kind.SAID and errands.declines(turn.inbound.text):
        await _declined(turn)
        return
    areas = areas_of(turn.work, turn.area)
    registers = turn.heard.intent == "volunteer_register"
    outsider = turn.speaker.staff and turn.speaker.role is not Role.DEPARTMENT
    if outsider and turn.heard.intent != "volunteer_accept":
        await turn.handle(again(turn, "other"))
        return
    need = None if registers or _says_little(turn) else await volunteers.meant(turn, areas)
    if need is not None and (need.state in OPEN or turn.heard.sure >= EXPLICIT or turn.question):
        await volunteers.take(turn, need)
    elif registers and errands.asks_terms(turn.inbound.text):
        await turn.handle(again(turn, "contact"))  # whom he can ask
    elif registers or (need is None and _for_everybody(turn)):
        await _register(turn)
    else:
        await turn.handle(again(turn, "other"))


async def _declined(turn: Turn) -> None:
    """我没空 takes no need; 志愿者这个月先不做了 takes a helper off the list."""
    if errands.no_longer(turn.inbound.text) and turn.addressed:
        await turn.handle(again(turn, "volunteer_quit"))
    elif turn.question is not None and turn.question.kind == HAND:
        await turn.handle(again(turn, "volunteer_decline"))
    else:
        await turn.handle(again(turn, "other", action="silent"))


def _says_little(turn: Turn) -> bool:
    """Whether it is no offer in so many words, by somebody alone whom nobody asked: 我都行."""
    asked = turn.question is not None or turn.heard.sure >= EXPLICIT or turn.inbound.quote
    return turn.inbound.private and not asked and not errands.offers(turn.inbound.text)


def _for_everybody(turn: Turn) -> bool:
    here_and_now = errands.at_once(turn.inbound.text)
    if not errands.offers(turn.inbound.text):  # 我都行 offers nothing
        return False
    return turn.addressed or not here_and_now


async def _register(turn: Turn) -> None:
    work, world = turn.work, turn.work.city.world
    named = world.grid_of_estate(turn.inbound.text)
    area = named.id if named is not None else turn.area
    if world.area(area) is None:
        work.reply("replies/volunteer_where")
        return
    channel = turn.inbound.address.channel
    words = turn.inbound.text
    await stored.register(work.store, work.conn, turn.speaker.id, area, channel, words, work.now)
    work.reply("replies/volunteer_registered")
    await offer_open(work, turn.speaker.ids, area, channel)


HANDLER = Handler(intents=("volunteer", "volunteer_register", "volunteer_accept"), run=volunteer)
