"""From words to a report: where it is, what it belongs to, and what must be asked first."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypedDict

from bot.turn import Turn
from bot.understanding import Understanding, at_home, first_building, landmark, trouble
from domain.case import OTHER_HAZARD, Case, Status, id_of
from domain.intake import PLACELESS, Report, draft
from domain.people import Level
from domain.steps import Facts, Step
from store import cases, letters
from store.questions import Question

_ONLY_A_PLACE = "other"  # what a message is taken for that holds an address and nothing else
_MOST_CHOICES = 4  # more are not read in a chat
A_CATEGORY = 0.35  # less likely than that, a category is a guess


def report_of(turn: Turn) -> Report:
    """The report in a message, placed as well as the words and the chat allow."""
    heard, inbound = turn.heard, turn.inbound
    return Report(
        words=inbound.text.strip(),
        intent=_kind(heard, inbound.text),
        category=heard.category or "other",
        urgent=heard.urgent,
        hazard=heard.hazard if heard.urgent else "",
        reporter=turn.speaker.id,
        channel=inbound.address.channel,
        chat=inbound.address.chat,
        group=inbound.address.group,
        source="staff" if turn.speaker.staff else "resident",
        letters=turn.letters,
        **_place(heard, inbound.text, turn, turn.area),
    )


def _kind(heard: Understanding, text: str) -> str:
    """What is wanted; 3号楼水管漏水，过年前能修吗 asks for a repair, not for an answer."""
    if heard.intent == "inquiry" and heard.location.building and trouble(text):
        return "report"
    return heard.intent if heard.intent in PLACELESS else "report"


def located(report: Report, heard: Understanding, text: str, turn: Turn) -> Report:
    """The report with what these words say about the place; a named estate decides the grid."""
    said = _place(heard, text, turn, report.area, report.building, report.place)
    told: dict[str, Any] = {name: value for name, value in said.items() if value}
    return replace(report, **told)


class _Place(TypedDict):
    """What words say about the place, by the names of a report's fields."""

    area: str
    building: str
    unit: str
    room: str
    floor: str
    place: str
    known_place: str
    landmark: bool


def _place(
    heard: Understanding, text: str, turn: Turn, area: str, building: str = "", before: str = ""
) -> _Place:
    """What words say about the place; area, building and place as far as known `before` them."""
    world = turn.work.city.world
    estate = world.grid_of_estate(text)
    area = estate.id if estate is not None else area
    where = heard.location
    unit, room = where.unit, where.room
    if not (where.building or building):  # of several, the unit of any is not the first's
        building = first_building(text) or ""
        unit, room = (None, None) if building else (unit, room)
    known = ""
    # After "which gate?" the answer may name the estate only: the gate was said before.
    name = heard.known_place or (before if estate is not None else "")
    if name and area:
        place = world.find_place(area, name)
        known = place.name if place is not None and place.kind != "estate" else ""
    return {
        "area": area,
        "building": where.building or building,
        "unit": unit or "",
        "room": room or "",
        "floor": where.floor or "",
        "place": where.place or "",
        "known_place": known,
        "landmark": landmark(text, where.place),
    }


async def placed_before(turn: Turn, report: Report) -> Report:
    """The report at the place its writer has just named by itself, in words or by a card.

    Who said anything else in between may have meant something else.
    """
    work, inbound = turn.work, turn.inbound
    if report.placed:
        return report
    since = work.now - work.city.book.at(work.now).grouping_window
    said = await letters.just_said(work.conn, turn.conversation, inbound.sender, since, turn.letter)
    named: list[tuple[Understanding, str]] = []
    for one in said:
        if not one.text.strip():
            continue
        heard = turn.listen(one.text)
        card = any(file.kind == "location" for file in one.attachments)
        if not card and (heard.intent != _ONLY_A_PLACE or heard.action != "silent"):
            break
        named.append((heard, one.text))
    for heard, text in reversed(named):
        report = located(report, heard, text, turn)
    return report


def home_of(turn: Turn, report: Report) -> Mapping[str, str] | None:
    """The speaker's home if it is known and lies in the report's area; offered, never assumed."""
    person = turn.speaker.person
    if person is None or not person.home:
        return None
    building, unit, room, area = turn.work.city.world.home(person)
    if not building or area.id != report.area:
        return None
    known = turn.work.city.world.find_building(area.id, building)
    return {
        "building_name": known.name if known else "",
        "building": building,
        "unit": unit or "",
        "room": room or "",
    }


def grid_known(turn: Turn, report: Report) -> bool:
    """Whether it is clear which grid a report belongs to."""
    world = turn.work.city.world
    area = world.area(report.area)
    if area is None:
        return False
    if area.level is Level.GRID:
        return True
    if report.known_place:
        return True
    return bool(report.building and world.find_building(report.area, report.building))


async def ask_where(turn: Turn, report: Report, also: Sequence[Report] = ()) -> None:
    """Ask the one question: which building, or, where nobody knows that, which estate.

    The answer holds for the reports of the same message that wait `also`.
    """
    work = turn.work
    kind = "place" if work.city.world.area(report.area) is not None else "estate"
    if kind == "place" and report.building and not grid_known(turn, report):
        kind = "estate"
    home = home_of(turn, report) if kind == "place" else None
    wait = work.city.book.at(work.now).question_wait
    choices = choices_of(turn, report)
    data: dict[str, Any] = {"report": report.to_json(), "home": home}
    if also:
        data["also"] = [one.to_json() for one in also]
    await work.ask(turn.conversation, turn.speaker.id, kind, data, wait)
    if choices:
        work.reply("replies/ask_which_place", {"choices": choices})
    else:
        work.reply(f"replies/ask_{kind}", {"home": home})


def choices_of(turn: Turn, report: Report) -> list[str]:
    """The full names of the buildings or places the words may mean; empty unless a few are."""
    world = turn.work.city.world
    if report.building:
        found = world.building_candidates(report.area, report.building)
    else:
        found = world.place_candidates(report.area, report.place) if report.place else ()
    return [world.full_name(place) for place in found] if 1 < len(found) <= _MOST_CHOICES else []


def joinable(turn: Turn, report: Report | None = None) -> Case | None:
    """The case this message goes on about: the speaker's last one here, within the window."""
    work = turn.work
    for case in turn.mine():
        window = work.city.rules_of(case).grouping_window
        place, since = turn.reported(case)
        fresh = work.now - since <= window
        # What cannot be sent in a group (a lone picture, wechat.md 1a.1) follows in private.
        here = place == turn.inbound.address or turn.inbound.private
        if fresh and here and not case.ended:
            if report is None or _same_matter(case, report, turn.heard.category_sure):
                return case
            return None
    return None


def _same_matter(case: Case, report: Report, sure: float) -> bool:
    """Whether a report can be more of the same case: not another place, not a new emergency.

    `sure` is how sure its category is: one that is merely the likeliest, as that of an address
    without a sentence, does not make it another matter.
    """
    if report.urgent and not case.urgent:
        return False
    if case.status is Status.FINISHED:
        return False
    for ours, theirs in (
        (case.building, report.building),
        (case.unit, report.unit),
        (case.room, report.room),
    ):
        if ours and theirs and ours != theirs:
            return False
    elsewhere = report.known_place and case.place and report.known_place != case.place
    new_place = report.building and not case.building and not case.unverified
    if elsewhere or new_place:
        return False
    other = report.category not in (case.category, "other") and sure >= A_CATEGORY
    return not (other and report.placed)


async def join(turn: Turn, case: Case, report: Report | None) -> Case:
    """Add words, pictures, and the place if only now somebody says it, to a case."""
    photos = await turn.work.attach(case, turn.letters, "report")
    changes = _places(turn, case, report)
    facts = Facts(words=turn.inbound.text.strip(), photos=photos, changes=changes)
    moved = await turn.work.move(case, Step.ADD, turn.speaker.id, facts)
    if report is not None and _new_danger(case, report):
        turn.work.reply("replies/safety", {"hazard": report.hazard}, case=moved)
    return moved


def _new_danger(case: Case, report: Report | None) -> bool:
    """Whether words tell of a danger the reporter has not been given the safety words for."""
    return report is not None and report.urgent and report.hazard not in (case.hazard, "")


async def join_aloud(turn: Turn, case: Case, report: Report | None) -> None:
    """Add to a case and say so to who wrote in private, or has just told where an emergency is.

    In a group the rest is joined without a word; of pictures alone, the first is acknowledged.
    """
    moved = await join(turn, case, report)
    told = turn.inbound.private and (turn.inbound.text.strip() or not case.photos)
    placed = case.urgent and case.unverified and not moved.unverified
    answered = turn.speaker.staff or _new_danger(case, report)
    if (told or placed) and not answered:
        turn.work.reply("replies/added", case=moved)


def _at_home(turn: Turn, report: Report) -> Report:
    """The emergency at the home its reporter is registered with, where he says that it is there.

    It is to be checked all the same; but whoever runs there runs to the likeliest door.
    """
    home = home_of(turn, report) if not report.placed and at_home(turn.inbound.text) else None
    if home is None:
        return report
    return replace(
        report,
        building=home["building"],
        unit=report.unit or home["unit"],
        room=report.room or home["room"],
        unverified=True,
    )


async def open_emergency(turn: Turn, report: Report) -> None:
    """Open a case at once, place or no place; the answer asks for it (decision 7).

    Where nobody knows even the estate, the next words are listened to as the answer.
    """
    work = turn.work
    case = await work.file(_at_home(turn, report))
    if work.city.world.area(report.area) is None:
        wait = work.city.book.at(work.now).question_wait
        await work.ask(turn.conversation, turn.speaker.id, "estate", {"number": case.number}, wait)


async def place_emergency(turn: Turn, question: Question) -> bool:
    """Add what is said after an emergency; once the grid is known, its people have the case.

    False: the case needs no place any more, and these words are about something else.
    """
    work, said = turn.work, report_of(turn)
    case = await cases.get(work.conn, id_of(question.data["number"]))
    if case is None or not case.working:
        await work.settle_question(question)
        return False
    if work.city.world.area(said.area) is None:
        await join(turn, case, said)
        work.reply("replies/ask_estate", {"again": True, "home": None})
    else:
        await join_aloud(turn, case, said)
        await work.settle_question(question)
    return True


def _places(turn: Turn, case: Case, report: Report | None) -> dict[str, str | bool]:
    """What a report adds to a case's place: never a facility of another grid."""
    if report is None:
        return {}
    found: dict[str, str | bool] = {
        name: getattr(report, name)
        for name in ("building", "unit", "room", "floor")
        if getattr(report, name) and not getattr(case, name)
    }
    found |= _reached(turn, case, report)
    area = str(found.get("area", case.area))
    known = turn.work.city.world.find_place(area, report.known_place)
    if known is not None and known.area == area and not case.place:
        found["place"] = known.name
    if case.unverified and report.placed:
        found["unverified"] = False
    if case.hazard in ("", OTHER_HAZARD) and report.hazard:
        found["hazard"] = report.hazard
    return found


def _reached(turn: Turn, case: Case, report: Report) -> dict[str, str | bool]:
    """The grid of a case that was opened without one, and, unless it is taken, its worker."""
    work = turn.work
    held = work.city.world.area(case.area)
    if not (case.unverified and report.area) or (held and held.level is Level.GRID):
        return {}
    fresh = draft(report, work.city, work.now)
    if fresh.area == case.area:
        return {}
    if case.accepted_at is not None:
        return {"area": fresh.area}
    level = case.level if case.escalations else fresh.level
    return {"area": fresh.area, "assignee": fresh.assignee, "level": level}
