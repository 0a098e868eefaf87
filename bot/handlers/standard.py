"""巡查标准: the eight points of a kind of visit, as the city's rules state them (domain.md F18)."""

from dataclasses import asdict

from bot.ledgers.forms import said
from bot.turn import STAFF, Handler, Turn


async def standard(turn: Turn) -> None:
    """Show the standard of the kind that was named; the patrol's where none was."""
    rules = turn.work.city.book.at(turn.work.now)
    names = {kind: str(said()["kinds"][kind]) for kind in rules.visits.standards}
    wanted = turn.heard.words
    kind = next((one for one, name in names.items() if wanted in name), "")
    values: dict[str, object] = {"kind": names.get(kind, ""), "choices": list(names.values())}
    if kind:
        found = rules.visits.standards[kind]
        categories = [rules.category(code).name for code in found.categories]
        values["standard"] = asdict(found) | {"categories": categories}
    turn.work.reply("replies/standard", values)


HANDLER = Handler(intents=("standard",), run=standard, roles=STAFF)
