"""分类 停车: staff say what a case is really about."""

from bot.cases.corrections import category_named, corrected_case, first_words, learn
from bot.cases.offices import office_for
from bot.turn import STAFF, Handler, Turn
from domain.steps import Facts, Step


async def reclassify(turn: Turn) -> None:
    """Change the category, and with it the hours; remember it with the words."""
    case = await corrected_case(turn, Step.RECLASSIFY)
    if case is None:
        return
    work = turn.work
    rules = work.city.rules_of(case)
    found = category_named(rules, turn.heard.words)
    if found is None:
        names = [one.name for one in rules.categories.values()]
        work.reply(
            "replies/which_category", {"wanted": turn.heard.words, "options": names}, case=case
        )
        return
    words = await first_words(turn, case)
    facts = Facts(words=found.name, changes={"category": found.code})
    moved = await work.move(case, Step.RECLASSIFY, turn.speaker.id, facts)
    label = {"intent": case.intent, "category": found.code, "urgent": case.urgent}
    await learn(turn, case, words, label)
    office = office_for(work.city, moved)
    proposed = office.name if office is not None and office.id != moved.assignee else ""
    work.reply("replies/reclassified", {"proposed": proposed}, case=moved)


HANDLER = Handler(intents=("reclassify",), run=reclassify, roles=STAFF)
