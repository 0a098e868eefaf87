"""A case's history in sentences, for a terminal or a page."""

from bot.deployment.folder import Deployment
from bot.phrases import Phrases
from domain.case import Event, id_of
from domain.people import World
from store import cases
from store.engine import Store
from store.views import local


async def sentences(
    store: Store, deployment: Deployment, number: str, phrases: Phrases | None = None
) -> list[dict[str, str]]:
    """What happened to a case, oldest first: `at` (ISO), `when` (Shanghai), `who`, `what`."""
    phrases = phrases or Phrases(deployment.folder / "templates")
    async with store.read() as conn:
        events = await cases.timeline(conn, id_of(number))
    return [_row(event, deployment.world, phrases) for event in events]


def _row(event: Event, world: World, phrases: Phrases) -> dict[str, str]:
    by = world.person(event.by)
    to = world.person(event.data.get("to") or event.data.get("assignee", ""))
    empty = dict.fromkeys(("words", "photos", "due", "level", "deadline"), "")
    context = {
        "kind": event.kind,
        "by": by.name if by else "",
        "to": to.name if to else "",
        "data": {**empty, **event.data},
        "now": event.at.isoformat(),
    }
    return {
        "at": event.at.isoformat(),
        "when": local(event.at),
        "who": by.name if by else "",
        "what": phrases.render("web/event", context).text,
    }
