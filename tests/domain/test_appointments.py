"""Appointments: which times are free, when both are reminded, and when one can end."""

from datetime import datetime, time, timedelta

import pytest

from domain.appointment_rules import AppointmentRules
from domain.appointments import (
    Appointment,
    Free,
    State,
    ask_at,
    bookable,
    cells,
    check_end,
    id_of,
    number_of,
    remind_at,
)
from domain.errors import NotAllowed
from domain.messages import Address
from domain.workdays import TZ, Calendar

RULES = AppointmentRules()
CALENDAR = Calendar()
HOUR = timedelta(hours=1)
NIGHT = (time(22), time(7))


def at(text: str) -> datetime:
    """A moment of November 2026 in Shanghai: "23 09:00" is a Monday."""
    day, clock = text.split()
    return datetime.fromisoformat(f"2026-11-{int(day):02}T{clock}").replace(tzinfo=TZ)


def shown(moments) -> list[str]:
    return [one.astimezone(TZ).strftime("%d %H:%M") for one in moments]


def free(taken=(), away=(), worker="w.li", rules=RULES) -> Free:
    def comes(day):
        return "w.he" if day.day in away else "w.li"

    return Free(rules, CALENDAR, worker, comes, {(who, when) for who, when in taken})


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        pytest.param("23 15:00", ["23 15:00", "23 15:30"], id="on the half hour"),
        pytest.param("23 15:20", ["23 15:00", "23 15:30", "23 16:00"], id="across three cells"),
        pytest.param("23 15:30", ["23 15:30", "23 16:00"], id="half past"),
    ],
)
def test_an_appointment_takes_every_half_hour_it_touches(start, expected) -> None:
    assert shown(cells(at(start), HOUR)) == expected


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("23 08:30", True),
        ("23 08:29", False),
        ("23 11:59", True),
        ("23 12:00", False),
        ("23 17:29", True),
        ("23 17:30", False),
        ("28 10:00", False),
    ],
    ids=["opens", "before", "late morning", "noon", "last", "closed", "Saturday"],
)
def test_a_resident_can_have_the_hours_of_working_days(start, expected) -> None:
    assert bookable(RULES, CALENDAR, at(start)) is expected


def test_a_day_worked_in_exchange_is_a_working_day() -> None:
    swapped = Calendar({at("28 10:00").date(): True, at("23 10:00").date(): False})
    assert bookable(RULES, swapped, at("28 10:00"))
    assert not bookable(RULES, swapped, at("23 10:00"))


def test_without_a_wish_the_next_half_days_are_offered() -> None:
    assert shown(free().offers(at("23 09:00"))) == ["23 09:30", "23 14:00", "24 08:30"]


def test_what_is_taken_is_not_offered() -> None:
    busy = [("w.li", one) for one in cells(at("23 14:00"), HOUR)]
    assert shown(free(busy).offers(at("23 09:00"))) == ["23 09:30", "23 15:00", "24 08:30"]


def test_with_a_wish_the_nearest_times_are_offered_in_order() -> None:
    busy = [("w.li", one) for one in cells(at("24 15:00"), HOUR)]
    found = free(busy).offers(at("23 09:00"), near=at("24 15:00"))
    assert shown(found) == ["24 10:30", "24 14:00", "24 16:00"]


def test_only_what_fits_is_offered() -> None:
    early = free().offers(at("23 09:00"), near=at("24 10:30"), fits=at("24 10:30").__gt__)
    assert shown(early) == ["23 16:00", "24 08:30", "24 09:30"]
    assert free().offers(at("23 09:00"), fits=at("23 09:00").__gt__) == []


def test_days_of_leave_are_not_offered_but_a_substitute_comes_at_a_named_time() -> None:
    away = free(away=(23, 24))
    assert shown(away.offers(at("23 09:00"))) == ["25 08:30", "25 14:00", "26 08:30"]
    assert away.at(at("24 10:00"))
    substitute_busy = free([("w.he", one) for one in cells(at("24 10:00"), HOUR)], away=(24,))
    assert not substitute_busy.at(at("24 10:00"))


def test_over_a_weekend_monday_comes_next() -> None:
    found = shown(free().offers(at("26 16:45")))
    assert found == ["27 08:30", "27 14:00", "30 08:30"]


@pytest.mark.parametrize(
    ("start", "now", "quiet", "expected"),
    [
        pytest.param("24 15:00", "23 09:00", NIGHT, "24 14:00", id="an hour before"),
        pytest.param("23 09:40", "23 09:00", NIGHT, None, id="said just now"),
        pytest.param("24 07:30", "23 09:00", NIGHT, "24 07:00", id="at the end of the night"),
        pytest.param("24 06:30", "23 09:00", NIGHT, None, id="the night ends too late"),
        pytest.param("24 07:30", "23 09:00", None, "24 06:30", id="no quiet hours"),
    ],
)
def test_both_are_reminded_an_hour_before_but_not_at_night(start, now, quiet, expected) -> None:
    found = remind_at(at(start), RULES, quiet, at(now))
    assert (shown([found]) if found else None) == ([expected] if expected else None)


def test_the_worker_is_asked_after_its_end_and_not_at_night() -> None:
    assert shown([ask_at(at("24 15:00"), RULES, NIGHT)]) == ["24 17:00"]
    assert shown([ask_at(at("24 21:00"), RULES, NIGHT)]) == ["25 07:00"]


def appointment(state: State = State.BOOKED) -> Appointment:
    where = Address("simulator", "r.wang")
    start = at("24 15:00")
    return Appointment(1, "g01", "w.li", "r.wang", where, "", start, state, at("23 09:00"))


@pytest.mark.parametrize(
    ("ends", "now", "state", "reason"),
    [
        (State.DONE, "24 14:30", State.BOOKED, None),
        (State.DONE, "23 16:00", State.BOOKED, "appointment_not_yet"),
        (State.ABSENT, "24 14:59", State.BOOKED, "appointment_not_yet"),
        (State.ABSENT, "24 15:00", State.BOOKED, None),
        (State.DONE, "24 16:00", State.DONE, "appointment_over"),
        (State.DONE, "24 15:40", State.ABSENT, None),
        (State.ABSENT, "24 15:40", State.ABSENT, "appointment_over"),
        (State.ABSENT, "24 16:00", State.CANCELLED, "appointment_over"),
    ],
    ids=[
        "came early",
        "another day",
        "too early",
        "in time",
        "twice",
        "met after all",
        "absent twice",
        "called off",
    ],
)
def test_when_it_can_end(ends, now, state, reason) -> None:
    if reason is None:
        check_end(appointment(state), ends, at(now))
        return
    with pytest.raises(NotAllowed) as refused:
        check_end(appointment(state), ends, at(now))
    assert refused.value.reason == reason


def test_who_was_missed_twice_is_not_met_after_all() -> None:
    with pytest.raises(NotAllowed):
        check_end(appointment(State.ABSENT), State.DONE, at("24 15:40"), missed=2)


@pytest.mark.parametrize(
    ("number", "expected"),
    [("A1001", 1), ("a1012", 12), ("G1001", 0), ("A", 0), ("A999", 0), ("A١٠٠١", 0)],
)
def test_numbers(number, expected) -> None:
    assert id_of(number) == expected
    assert not expected or number_of(expected) == number.upper()
