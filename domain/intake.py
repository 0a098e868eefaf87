"""From what was said to a case: the report, and the case that is opened for it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from domain.case import Case, Mode, Status
from domain.city import City
from domain.complaints import SOURCE as COMPLAINT
from domain.complaints import desk
from domain.deadlines import urge
from domain.messages import Address
from domain.routing import level_of, route

PLACELESS = ("inquiry", "suggestion")
PATROL = "patrol"  # the source of what was found on a visit: it comes with its own pictures
BEHALF = "behalf"  # the source of what a worker passes on for somebody the bot does not know


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody reports, before it is a case; `area` is "" while nobody knows where it is.

    `known_place` is in the list of places; a `landmark` is not, and yet everybody there finds it.
    `letters` are the inbox ids its pictures came with. Plain strings only: it is kept as JSON
    while a question about it is open.
    """

    words: str
    intent: str
    category: str
    urgent: bool
    reporter: str
    channel: str
    chat: str
    group: bool
    area: str = ""
    building: str = ""
    unit: str = ""
    room: str = ""
    floor: str = ""
    place: str = ""
    known_place: str = ""
    landmark: bool = False
    source: str = "resident"
    unverified: bool = False
    hazard: str = ""
    letters: tuple[int, ...] = ()

    @property
    def placed(self) -> bool:
        """Whether somebody could go there: a building or a facility is named.

        A question, a suggestion or a complaint about staff needs nobody to go anywhere, only an
        area.
        """
        if self.intent in PLACELESS or self.source == COMPLAINT:
            return bool(self.area)
        return bool(self.area and self.somewhere)

    @property
    def somewhere(self) -> bool:
        """Whether it names a building or a facility, and not only things that are everywhere."""
        return bool(self.building or self.known_place or self.landmark)

    @classmethod
    def once_more(cls, case: Case, words: str, where: Address) -> "Report":
        """The trouble of a closed case that came back, as its reporter tells it now."""
        return cls(
            words=f"{words} ({case.number} {case.words})",
            intent=case.intent,
            category=case.category,
            urgent=False,
            reporter=case.reporter,
            channel=where.channel,
            chat=where.chat,
            group=where.group,
            area=case.area,
            building=case.building,
            unit=case.unit,
            room=case.room,
            floor=case.floor,
            place=case.place,
            unverified=case.unverified,
        )

    def to_json(self) -> dict[str, Any]:
        """Itself as plain JSON."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Report":
        """What `to_json` wrote."""
        return cls(**{**data, "letters": tuple(data["letters"])})


def draft(report: Report, city: City, now: datetime) -> Case:
    """The case for a report: routed, with its clocks running, not stored yet."""
    rules = city.book.at(now)
    found = (
        city.world.find_building(report.area, report.building)
        if report.building
        else city.world.find_place(report.area, report.known_place)
        if report.known_place
        else None
    )
    backstop = city.world.person(city.backstop)
    fallback = backstop.area if backstop is not None else ""
    area = found.area if found is not None else report.area or fallback
    again = urge(rules, now, None, now) if report.urgent else None
    case = Case(
        id=0,
        area=area,
        status=Status.ASSIGNED,
        level=level_of(city.world, area),
        mode=Mode.EMERGENCY if report.urgent else Mode.ORDINARY,
        intent=report.intent,
        category=report.category,
        urgent=report.urgent,
        words=report.words,
        reporter=report.reporter,
        reported_in=Address(report.channel, report.chat, report.group),
        assignee=_first_hand(report, area, city),
        rules=rules.version,
        opened_at=now,
        dues=city.clocks_of(report, rules, now, again),
        source=report.source,
        building=report.building,
        unit=report.unit,
        room=report.room,
        floor=report.floor,
        place=found.name if found is not None and not report.building else report.place,
        unverified=report.unverified or not report.placed,
        hazard=report.hazard,
    )
    present = city.in_charge(case, now)
    return case if present == case.assignee else replace(case, assignee=present)


def _first_hand(report: Report, area: str, city: City) -> str:
    """Whose case it is by the place, before anybody's leave is looked at."""
    if report.source == COMPLAINT:
        return desk(city.world, area, city.backstop)
    return route(city.world, report.area and area, city.backstop).person
