"""What a message may say about a case: plain strings for the templates, never the whole case."""

from datetime import datetime

from domain.case import Case
from domain.city import City
from domain.complaints import about_staff
from domain.intake import BEHALF

Values = dict[str, str | bool | int]


def of_case(case: Case, city: City, *, public: bool = False) -> Values:
    """A case as the templates see it; times are ISO strings, "" where there is none.

    Where neighbours read along (`public`) nobody's floor or room is told (domain.md 12, Trust).
    """
    values = _of_case(case, city)
    return hidden(values) if public else values


def hidden(values: Values) -> Values:
    """The same for where neighbours read along."""
    return {**values, "room": "", "floor": ""}


def _of_case(case: Case, city: City) -> Values:
    world = city.world
    assignee = world.person(case.assignee)
    building = world.find_building(case.area, case.building) if case.building else None
    return {
        "number": case.number,
        "status": case.status.value,
        "level": case.level.value,
        "category": case.category,
        "category_name": city.rules_of(case).category(case.category).name,
        "intent": case.intent,
        "building_name": building.name if building else "",
        "building": case.building,
        "unit": case.unit,
        "room": case.room,
        "floor": case.floor,
        "place": case.place,
        "unverified": case.unverified,
        "urgent": case.urgent,
        "hazard": case.hazard,
        "urged": case.urged,
        "words": case.words,
        "result": case.result,
        "assignee": assignee.name if assignee else "",
        "assignee_role": assignee.role.value if assignee else "",
        "respond_due": _iso(case.dues.respond),
        "arrive_due": _iso(case.dues.arrive),
        "finish_due": _iso(case.dues.finish),
        "opened_at": _iso(case.opened_at),
        "accepted_at": _iso(case.accepted_at),
        "arrived_at": _iso(case.arrived_at),
        "finished_at": _iso(case.finished_at),
        "satisfaction": case.satisfaction.value,
        "supervised": case.supervised,
        "overdue": case.overdue,
        "reporters": case.reporters,
        "behalf": case.source == BEHALF,
        "about_staff": about_staff(case),
    }


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment is not None else ""
