"""The one way to move a case: the table of steps and what each of them changes (domain.md B1)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from domain.case import WORKING, Case, Dues, Event, Mode, Satisfaction, Status
from domain.errors import NotAllowed
from domain.people import Level
from domain.reporters import Reporter

_Changes = dict[str, Any]  # by the names of Case's fields


class Step(StrEnum):
    """What can be done to a case."""

    ACCEPT = "accept"
    ARRIVE = "arrive"
    FINISH = "finish"
    TRANSFER = "transfer"
    RETURN = "return"
    EXTEND = "extend"
    REPORT_UP = "report_up"
    MISS = "miss"  # a deadline passed
    SATISFY = "satisfy"
    DISSATISFY = "dissatisfy"
    EXPIRE = "expire"  # the reporter never answered
    WITHDRAW = "withdraw"
    ADD = "add"  # more words, photos, or the place
    WELL_AGAIN = "well_again"  # the reporter says so while it is still worked on
    RECALL = "recall"  # the reporter took the words back; the fact stays
    JOIN = "join"  # a neighbour reported the same
    LEAVE = "leave"  # one of several reporters means something else, or needs nobody any more
    URGE = "urge"  # an emergency nobody has answered: everybody is told again
    ANSWER = "answer"  # one of several reporters is satisfied; others have not answered yet
    REJECT = "reject"  # it never was a matter for a case
    HAND_OVER = "hand_over"  # its worker is on leave: who stands in goes on with it (A15)
    SUPERVISE = "supervise"  # left over again at a meeting: the level above sees to it (D4, J1)
    RECLASSIFY = "reclassify"  # it is about something else than the bot took it for


STEPS: Mapping[tuple[Status, Step], Status] = {
    **{(s, Step.ACCEPT): Status.ACCEPTED for s in (Status.OPEN, Status.ASSIGNED)},
    **{(s, Step.ARRIVE): Status.ACCEPTED for s in WORKING},
    **{(s, Step.FINISH): Status.FINISHED for s in WORKING},
    **{(s, Step.TRANSFER): Status.ASSIGNED for s in WORKING},
    **{(s, Step.RETURN): Status.OPEN for s in (Status.ASSIGNED, Status.ACCEPTED)},
    **{(s, step): s for s in WORKING for step in (Step.EXTEND, Step.REPORT_UP, Step.MISS)},
    **{(s, Step.WITHDRAW): Status.WITHDRAWN for s in (*WORKING, Status.FINISHED)},
    **{(s, step): s for s in (*WORKING, Status.FINISHED) for step in (Step.ADD, Step.RECALL)},
    **{(s, Step.URGE): s for s in (Status.OPEN, Status.ASSIGNED)},
    **{(s, step): s for s in WORKING for step in (Step.JOIN, Step.WELL_AGAIN)},
    **{(s, Step.LEAVE): s for s in (*WORKING, Status.FINISHED)},
    (Status.FINISHED, Step.ANSWER): Status.FINISHED,
    **{(s, Step.REJECT): Status.REJECTED for s in (*WORKING, Status.FINISHED)},
    **{(s, step): s for s in WORKING for step in (Step.RECLASSIFY, Step.HAND_OVER)},
    **{(s, Step.SUPERVISE): s for s in WORKING},
    (Status.FINISHED, Step.SATISFY): Status.CLOSED,
    (Status.FINISHED, Step.DISSATISFY): Status.ACCEPTED,
    (Status.FINISHED, Step.EXPIRE): Status.CLOSED,
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What comes with a step: words, the one it goes to, fresh clocks, counts.

    `heir` is the neighbour who becomes the first reporter when the first one leaves. `level` is
    the one that supervises; a case that stands higher already stays there.
    """

    words: str = ""
    to: str = ""
    clocks: Dues | None = None
    extend_by: timedelta | None = None
    satisfaction: Satisfaction = Satisfaction.NONE
    photos: int = 0
    deadline: str = ""
    supervise_after: int = 2
    changes: Mapping[str, str | bool] = field(default_factory=dict)
    heir: Reporter | None = None
    level: Level | None = None


def take(case: Case, step: Step, by: str, now: datetime, facts: Facts) -> tuple[Case, Event]:
    """Move a case one step: the moved case and the event, or NotAllowed saying why."""
    status = check(case, step)
    changes = _CHANGES[step](case, facts, now)
    moved = replace(case, **changes, status=status, version=case.version + 1)
    hidden = step is Step.RECALL  # the words are gone, from here too
    data = {"words": "" if hidden else facts.words, "to": facts.to, "deadline": facts.deadline}
    data |= {key: str(value) for key, value in facts.changes.items()}
    if facts.photos:
        data["photos"] = str(facts.photos)
    if moved.assignee not in (case.assignee, by):
        data["to"] = moved.assignee
    if case.assignee not in (moved.assignee, by):
        data["from"] = case.assignee
    if moved.level != case.level:
        data["level"] = moved.level
    if moved.dues.finish != case.dues.finish and moved.dues.finish is not None:
        data["due"] = moved.dues.finish.isoformat()
    event = Event(
        case.id,
        moved.version,
        now,
        _PAST[step],
        by,
        {key: value for key, value in data.items() if value},
    )
    return moved, event


def check(case: Case, step: Step) -> Status:
    """The status a step would lead to. Raises NotAllowed saying why a case cannot take it now."""
    status = STEPS.get((case.status, step))
    if status is None:
        raise NotAllowed(_refusal(case, step))
    return status


def _refusal(case: Case, step: Step) -> str:
    if case.ended:
        return "ended"
    if step is Step.ACCEPT and case.status is Status.ACCEPTED:
        return "accepted_already"
    if case.status is Status.FINISHED:
        return "finished_already"
    return "not_finished" if step in (Step.SATISFY, Step.DISSATISFY) else "not_now"


# What each step changes of a case, beside its status.


def _accept(case: Case, facts: Facts, now: datetime) -> _Changes:
    return {
        "accepted_at": case.accepted_at or now,
        "dues": replace(case.dues, respond=None, respond_soon=None, urge=None),
        "assignee": facts.to or case.assignee,
    }


def _arrive(case: Case, facts: Facts, now: datetime) -> _Changes:
    accepted = _accept(case, facts, now)
    dues = replace(accepted["dues"], arrive=None)
    return {**accepted, "arrived_at": case.arrived_at or now, "dues": dues}


def _finish(case: Case, facts: Facts, now: datetime) -> _Changes:
    if facts.clocks is None:
        raise ValueError("finish needs the moment until which the reporter may answer")
    return {
        "accepted_at": case.accepted_at or now,
        "arrived_at": case.arrived_at or now,
        "finished_at": now,
        "result": facts.words,
        "photos": case.photos + facts.photos,
        "dues": Dues(finish=case.dues.finish, verify=facts.clocks.verify),
    }


def _transfer(case: Case, facts: Facts, now: datetime) -> _Changes:
    if not facts.to:
        raise NotAllowed("nobody_named")
    return {"assignee": facts.to, "dues": replace(case.dues, urge=None)}


def _hand_over(case: Case, facts: Facts, now: datetime) -> _Changes:
    if facts.to in ("", case.assignee):
        raise NotAllowed("nobody_named")
    return {"assignee": facts.to}  # every clock runs on (A15), the urging too


def _return(case: Case, facts: Facts, now: datetime) -> _Changes:
    if not facts.words:
        raise NotAllowed("reason_missing")
    return {"assignee": facts.to or case.assignee}


def _extend(case: Case, facts: Facts, now: datetime) -> _Changes:
    if case.extended:
        raise NotAllowed("extended_already")
    if not facts.words:
        raise NotAllowed("reason_missing")
    if case.dues.finish is None or facts.extend_by is None:
        raise NotAllowed("not_now")
    soon = case.dues.finish_soon
    dues = replace(
        case.dues,
        finish=case.dues.finish + facts.extend_by,
        finish_soon=soon + facts.extend_by if soon else None,
    )
    return {"extended": case.extended + 1, "dues": dues}


def _up(case: Case, facts: Facts, now: datetime) -> _Changes:
    above = case.level.above
    if above is None:
        raise NotAllowed("top_already")
    mode = Mode.COORDINATED if case.mode is Mode.ORDINARY else case.mode
    return {"level": above, "mode": mode, "dues": _fresh(case, facts)}


def _miss(case: Case, facts: Facts, now: datetime) -> _Changes:
    above = case.level.above
    if above is None:
        # Nobody stands above: the clock that ran out stops, the others run on.
        gone = {"respond": None, "respond_soon": None} if facts.deadline == "respond" else {}
        gone |= {"arrive": None} if facts.deadline == "arrive" else {}
        gone |= {"finish_soon": None} if facts.deadline == "finish" else {}
        return {"overdue": True, "dues": replace(case.dues, **gone)}
    return {
        "level": above,
        "escalations": case.escalations + 1,
        "overdue": True,
        "dues": _fresh(case, facts),
    }


def _fresh(case: Case, facts: Facts, *, again: bool = False) -> Dues:
    """The receiving level's clocks: only those whose act is still to come run.

    Where the work begins `again` somebody has to go there once more.
    """
    dues = replace(facts.clocks or case.dues, urge=case.dues.urge)
    if case.accepted_at is not None:
        dues = replace(dues, respond=None, respond_soon=None)
    arrived = case.arrived_at is not None and not again
    return replace(dues, arrive=None) if arrived else dues


def _urge(case: Case, facts: Facts, now: datetime) -> _Changes:
    following = facts.clocks.urge if facts.clocks else None
    return {"urged": case.urged + 1, "dues": replace(case.dues, urge=following)}


def _supervise(case: Case, facts: Facts, now: datetime) -> _Changes:
    if case.supervised:
        raise NotAllowed("not_now")
    level, above = facts.level or case.level, case.level
    while above != level and above.above is not None:
        above = above.above
    return {"supervised": True, "level": above if above == level else case.level}


def _satisfy(case: Case, facts: Facts, now: datetime) -> _Changes:
    return {"satisfaction": facts.satisfaction, "closed_at": now}


def _dissatisfy(case: Case, facts: Facts, now: datetime) -> _Changes:
    reopened = case.reopened + 1
    return {
        "arrived_at": None,
        "finished_at": None,
        "assignee": facts.to or case.assignee,  # who stands in, where its worker is away (A15)
        "satisfaction": Satisfaction.DISSATISFIED,
        "reopened": reopened,
        "supervised": case.supervised or reopened >= facts.supervise_after,
        "dues": _fresh(case, facts, again=True),
    }


def _expire(case: Case, facts: Facts, now: datetime) -> _Changes:
    # Who did answer this time is not made unheard by a neighbour's silence.
    answered = case.satisfaction in (Satisfaction.SATISFIED, Satisfaction.BASICALLY_SATISFIED)
    answer = case.satisfaction if answered else Satisfaction.NO_ANSWER
    return {"satisfaction": answer, "closed_at": now}


def _end(case: Case, facts: Facts, now: datetime) -> _Changes:
    return {"closed_at": now}


def _add(case: Case, facts: Facts, now: datetime) -> _Changes:
    words = f"{case.words} {facts.words}".strip() if not case.finished_at else case.words
    result = f"{case.result} {facts.words}".strip() if case.finished_at else case.result
    photos = case.photos + facts.photos
    return {"words": words, "result": result, "photos": photos, **facts.changes}


def _recall(case: Case, facts: Facts, now: datetime) -> _Changes:
    words = facts.words.strip()
    return {"words": case.words.replace(words, "").strip() if words else case.words}


def _join(case: Case, facts: Facts, now: datetime) -> _Changes:
    return {"reporters": case.reporters + 1, "photos": case.photos + facts.photos}


def _leave(case: Case, facts: Facts, now: datetime) -> _Changes:
    if case.reporters <= 1:
        raise NotAllowed("not_now")
    left = {"reporters": case.reporters - 1, "photos": case.photos - facts.photos}
    heir = facts.heir
    return {**left, "reporter": heir.person, "reported_in": heir.address} if heir else left


def _answer(case: Case, facts: Facts, now: datetime) -> _Changes:
    return {"satisfaction": facts.satisfaction}


def _reclassify(case: Case, facts: Facts, now: datetime) -> _Changes:
    category = str(facts.changes["category"])
    if category == case.category:
        raise NotAllowed("same_category")
    # Clocks that were missed, moved or begun anew are somebody's decision: they run on.
    first = not (case.overdue or case.escalations or case.extended or case.reopened)
    untouched = first and case.mode is not Mode.COORDINATED
    return {"category": category, "dues": _fresh(case, facts) if untouched else case.dues}


_CHANGES: Mapping[Step, Callable[[Case, Facts, datetime], _Changes]] = {
    Step.ACCEPT: _accept,
    Step.ARRIVE: _arrive,
    Step.FINISH: _finish,
    Step.TRANSFER: _transfer,
    Step.RETURN: _return,
    Step.EXTEND: _extend,
    Step.REPORT_UP: _up,
    Step.MISS: _miss,
    Step.SATISFY: _satisfy,
    Step.DISSATISFY: _dissatisfy,
    Step.EXPIRE: _expire,
    Step.WITHDRAW: _end,
    Step.ADD: _add,
    Step.WELL_AGAIN: _add,
    Step.RECALL: _recall,
    Step.URGE: _urge,
    Step.JOIN: _join,
    Step.LEAVE: _leave,
    Step.ANSWER: _answer,
    Step.REJECT: _end,
    Step.HAND_OVER: _hand_over,
    Step.RECLASSIFY: _reclassify,
    Step.SUPERVISE: _supervise,
}

_PAST = {
    Step.ACCEPT: "accepted",
    Step.ARRIVE: "arrived",
    Step.FINISH: "finished",
    Step.TRANSFER: "transferred",
    Step.RETURN: "returned",
    Step.EXTEND: "extended",
    Step.REPORT_UP: "reported_up",
    Step.MISS: "missed",
    Step.SATISFY: "satisfied",
    Step.DISSATISFY: "dissatisfied",
    Step.EXPIRE: "unanswered",
    Step.WITHDRAW: "withdrawn",
    Step.ADD: "added",
    Step.WELL_AGAIN: "well_again",
    Step.RECALL: "recalled",
    Step.URGE: "urged",
    Step.JOIN: "joined",
    Step.LEAVE: "left",
    Step.ANSWER: "answered",
    Step.REJECT: "rejected",
    Step.HAND_OVER: "handed_over",
    Step.RECLASSIFY: "reclassified",
    Step.SUPERVISE: "supervised",
}
