"""The one way to move a case: every status with every step, and what always holds."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from domain.case import WORK_CLOCKS, WORKING, Case, Dues, Mode, Satisfaction, Status, timers
from domain.errors import NotAllowed
from domain.messages import Address
from domain.people import Level
from domain.reporters import Reporter
from domain.steps import STEPS, Facts, Step, take
from tests import factories as make
from tests.rows import each_row

ENDED = (Status.CLOSED, Status.REJECTED, Status.WITHDRAWN, Status.MERGED)
FRESH = Dues(
    respond_soon=make.after(days=1),
    respond=make.after(days=1, hours=1),
    arrive=make.after(days=1, hours=2),
    finish_soon=make.after(days=2),
    finish=make.after(days=4),
)
# What each step needs to be allowed at all.
NEEDS = {
    Step.FINISH: Facts(words="换好了", clocks=Dues(verify=make.after(days=7))),
    Step.TRANSFER: Facts(to="p.power"),
    Step.RETURN: Facts(words="不是我的网格", to="l.c1"),
    Step.EXTEND: Facts(words="等配件", extend_by=timedelta(hours=24)),
    Step.REPORT_UP: Facts(clocks=FRESH),
    Step.MISS: Facts(deadline="respond", clocks=FRESH),
    Step.URGE: Facts(clocks=Dues(urge=make.after(hours=2))),
    Step.SATISFY: Facts(satisfaction=Satisfaction.SATISFIED),
    Step.DISSATISFY: Facts(words="还是不亮", clocks=FRESH),
    Step.HAND_OVER: Facts(to="w.he"),
    Step.RECLASSIFY: Facts(words="停车交通", clocks=FRESH, changes={"category": "parking"}),
}
# Rows: where a case stands; columns: what is done to it; "" is refused. Written out by hand.
COLUMNS = "accept arrive finish transfer return extend report_up miss satisfy dissatisfy expire withdraw add recall join leave answer urge reject reclassify hand_over well_again supervise".split()
TABLE = {
    "open": "accepted accepted finished assigned - open open open - - - withdrawn open open open open - open rejected open open open open",
    "assigned": "accepted accepted finished assigned open assigned assigned assigned - - - withdrawn assigned assigned assigned assigned - assigned rejected assigned assigned assigned assigned",
    "accepted": "- accepted finished assigned open accepted accepted accepted - - - withdrawn accepted accepted accepted accepted - - rejected accepted accepted accepted accepted",
    "finished": "- - - - - - - - closed accepted closed withdrawn finished finished - finished finished - rejected - - - -",
    "closed": "- - - - - - - - - - - - - - - - - - - - - - -",
    "rejected": "- - - - - - - - - - - - - - - - - - - - - - -",
    "withdrawn": "- - - - - - - - - - - - - - - - - - - - - - -",
    "merged": "- - - - - - - - - - - - - - - - - - - - - - -",
}
CELLS = [
    pytest.param(
        status,
        step,
        after,
        id=f"{step} a case that is {status}: {after if after != '-' else 'refused'}",
    )
    for status, row in TABLE.items()
    for step, after in zip(COLUMNS, row.split(), strict=True)
]


def standing(status: Status, **changes) -> Case:
    """A case as it is when it stands there."""
    moments: dict = {}
    if status in (Status.ACCEPTED, Status.FINISHED, Status.CLOSED):
        moments |= {"accepted_at": make.NOW}
    if status in (Status.FINISHED, Status.CLOSED):
        moments |= {"arrived_at": make.NOW, "finished_at": make.NOW}
    if status in ENDED:
        moments |= {"closed_at": make.NOW}
    return make.case(id=1, status=status, reporters=2, **(moments | changes))


def move(case: Case, step: Step, facts: Facts | None = None, by: str = "w.li") -> Case:
    moved, event = take(case, step, by, make.after(hours=1), facts or NEEDS.get(step, Facts()))
    assert (event.case, event.version, event.at) == (case.id, moved.version, make.after(hours=1))
    assert event.by == by
    return moved


@each_row(("status", "step", "after"), CELLS)
def test_every_status_with_every_step(status: str, step: str, after: str) -> None:
    case = standing(Status(status))
    if after == "-":
        with pytest.raises(NotAllowed):
            move(case, Step(step))
    else:
        moved = move(case, Step(step))
        assert moved.status == after
        assert moved.version == case.version + 1


def test_the_table_is_complete() -> None:
    assert set(COLUMNS) == set(Step)
    assert set(TABLE) == set(Status)
    allowed = {
        (row, step)
        for row, cells in TABLE.items()
        for step, cell in zip(COLUMNS, cells.split(), strict=True)
        if cell != "-"
    }
    assert allowed == set(STEPS)


@pytest.mark.parametrize(
    ("status", "step", "reason"),
    [
        pytest.param(Status.CLOSED, Step.FINISH, "ended", id="it has ended"),
        pytest.param(Status.WITHDRAWN, Step.SATISFY, "ended", id="it was withdrawn"),
        pytest.param(Status.ACCEPTED, Step.ACCEPT, "accepted_already", id="accepted twice"),
        pytest.param(Status.FINISHED, Step.ACCEPT, "finished_already", id="accepted when finished"),
        pytest.param(Status.FINISHED, Step.FINISH, "finished_already", id="finished twice"),
        pytest.param(Status.ASSIGNED, Step.SATISFY, "not_finished", id="satisfied too early"),
        pytest.param(Status.ASSIGNED, Step.DISSATISFY, "not_finished", id="dissatisfied too early"),
        pytest.param(Status.OPEN, Step.RETURN, "not_now", id="returned to where it is"),
        pytest.param(Status.OPEN, Step.EXPIRE, "not_now", id="no answer to no question"),
    ],
)
def test_why_a_step_is_refused(status: Status, step: Step, reason: str) -> None:
    with pytest.raises(NotAllowed) as caught:
        move(standing(status), step)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("changes", "step", "facts", "reason"),
    [
        pytest.param({}, Step.TRANSFER, Facts(), "nobody_named", id="transfer to nobody"),
        pytest.param(
            {}, Step.RETURN, Facts(to="l.c1"), "reason_missing", id="return without a reason"
        ),
        pytest.param(
            {},
            Step.EXTEND,
            Facts(extend_by=timedelta(hours=1)),
            "reason_missing",
            id="extend without a reason",
        ),
        pytest.param({"extended": 1}, Step.EXTEND, None, "extended_already", id="extend twice"),
        pytest.param(
            {"dues": Dues()}, Step.EXTEND, None, "not_now", id="extend what has no due time"
        ),
        pytest.param(
            {"level": Level.DISTRICT},
            Step.REPORT_UP,
            None,
            "top_already",
            id="report up from the top",
        ),
    ],
)
def test_what_a_step_needs(changes: dict, step: Step, facts: Facts | None, reason: str) -> None:
    with pytest.raises(NotAllowed) as caught:
        move(standing(Status.ACCEPTED, **changes), step, facts)
    assert caught.value.reason == reason


@pytest.mark.parametrize("step", [Step.ACCEPT, Step.ARRIVE, Step.FINISH])
def test_arriving_and_finishing_imply_accepting(step: Step) -> None:
    moved = move(standing(Status.ASSIGNED), step)
    assert moved.accepted_at == make.after(hours=1)
    assert moved.dues.respond is None
    assert moved.dues.respond_soon is None


def test_accepting_once_is_remembered() -> None:
    arrived = move(standing(Status.ACCEPTED), Step.ARRIVE)
    assert (arrived.accepted_at, arrived.arrived_at) == (make.NOW, make.after(hours=1))
    again = move(replace(arrived, arrived_at=make.NOW), Step.ARRIVE)
    assert again.arrived_at == make.NOW


def test_transfer_changes_hands_and_no_clock() -> None:
    case = standing(Status.ACCEPTED)
    moved = move(case, Step.TRANSFER)
    assert (moved.assignee, moved.dues, moved.level) == ("p.power", case.dues, case.level)


def test_returned_it_is_open_in_the_leader_s_hands() -> None:
    moved = move(standing(Status.ACCEPTED), Step.RETURN)
    assert (moved.status, moved.assignee) == (Status.OPEN, "l.c1")


def test_extended_the_finish_and_its_reminder_move_together() -> None:
    moved = move(standing(Status.ACCEPTED), Step.EXTEND)
    assert moved.extended == 1
    assert moved.dues.finish == make.DUES.finish + timedelta(hours=24)
    assert moved.dues.finish_soon == make.DUES.finish_soon + timedelta(hours=24)


@pytest.mark.parametrize(
    ("stands", "named", "after"),
    [
        pytest.param(Level.GRID, Level.STREET, Level.STREET, id="raised"),
        pytest.param(Level.STREET, Level.STREET, Level.STREET, id="there already"),
        pytest.param(Level.DISTRICT, Level.STREET, Level.DISTRICT, id="never lowered"),
        pytest.param(Level.COMMUNITY, None, Level.COMMUNITY, id="no level named"),
    ],
)
def test_supervised_the_level_above_sees_to_it(stands: Level, named, after: Level) -> None:
    case = standing(Status.ACCEPTED, level=stands)
    moved = move(case, Step.SUPERVISE, Facts(level=named))
    assert (moved.supervised, moved.level, moved.assignee) == (True, after, case.assignee)
    assert moved.dues == case.dues  # every clock runs on
    with pytest.raises(NotAllowed):
        move(moved, Step.SUPERVISE)


@pytest.mark.parametrize("step", [Step.REPORT_UP, Step.MISS])
def test_going_up_leaves_status_and_assignee(step: Step) -> None:
    case = standing(Status.ASSIGNED)
    moved = move(case, step)
    assert (moved.status, moved.assignee) == (case.status, case.assignee)
    assert moved.level is Level.COMMUNITY
    assert moved.dues == FRESH


@pytest.mark.parametrize(
    ("changes", "running"),
    [
        pytest.param({}, set(WORK_CLOCKS), id="nothing was done: all of them"),
        pytest.param(
            {"accepted_at": make.NOW},
            {"arrive", "finish_soon", "finish"},
            id="accepted: not the response",
        ),
        pytest.param(
            {"accepted_at": make.NOW, "arrived_at": make.NOW},
            {"finish_soon", "finish"},
            id="arrived: only the finish",
        ),
    ],
)
@pytest.mark.parametrize("step", [Step.REPORT_UP, Step.MISS])
def test_a_new_level_has_only_the_clocks_of_what_is_still_to_do(step, changes, running) -> None:
    assert timers(move(standing(Status.ASSIGNED, **changes), step)).keys() == running


URGED = replace(make.DUES, urge=make.after(minutes=10))


def test_told_again_it_counts_and_waits_for_the_next_time() -> None:
    case = standing(Status.ASSIGNED, urgent=True, dues=URGED)
    moved = move(case, Step.URGE)
    assert (moved.urged, moved.dues.urge) == (1, make.after(hours=2))
    assert replace(moved.dues, urge=None) == replace(case.dues, urge=None)
    assert move(moved, Step.URGE, Facts()).dues.urge is None


@pytest.mark.parametrize(
    ("step", "rings"),
    [
        pytest.param(Step.ACCEPT, False, id="accepted"),
        pytest.param(Step.ARRIVE, False, id="there already"),
        pytest.param(Step.FINISH, False, id="finished straight away"),
        pytest.param(Step.TRANSFER, False, id="transferred"),
        pytest.param(Step.WITHDRAW, False, id="withdrawn"),
        pytest.param(Step.RETURN, True, id="returned: nobody has it"),
        pytest.param(Step.REPORT_UP, True, id="reported up: the level above must answer"),
        pytest.param(Step.MISS, True, id="a missed deadline is no answer"),
        pytest.param(Step.ADD, True, id="more words"),
        pytest.param(Step.JOIN, True, id="a neighbour joins"),
        pytest.param(Step.RECALL, True, id="the words taken back"),
    ],
)
def test_which_steps_answer_an_emergency(step: Step, rings: bool) -> None:
    """What rings on keeps its moment: it does not begin anew."""
    case = standing(Status.ASSIGNED, urgent=True, dues=URGED)
    assert timers(move(case, step)).get("urge") == (URGED.urge if rings else None)


def test_reopened_it_does_not_ring_again() -> None:
    case = standing(Status.FINISHED, urgent=True, dues=replace(make.DUES, urge=None))
    assert "urge" not in timers(move(case, Step.DISSATISFY))


@pytest.mark.parametrize(
    ("mode", "after"),
    [
        pytest.param(
            Mode.ORDINARY, Mode.COORDINATED, id="an ordinary case becomes a coordinated one"
        ),
        pytest.param(Mode.EMERGENCY, Mode.EMERGENCY, id="an emergency stays one"),
    ],
)
def test_reported_up_the_mode(mode: Mode, after: Mode) -> None:
    assert move(standing(Status.ASSIGNED, mode=mode), Step.REPORT_UP).mode is after
    assert move(standing(Status.ASSIGNED, mode=mode), Step.MISS).mode is mode


def test_report_up_is_no_escalation_and_a_miss_is_one() -> None:
    up = move(standing(Status.ASSIGNED), Step.REPORT_UP)
    assert (up.escalations, up.overdue) == (0, False)
    missed = move(standing(Status.ASSIGNED), Step.MISS)
    assert (missed.escalations, missed.overdue) == (1, True)


@pytest.mark.parametrize(
    ("deadline", "stopped"),
    [
        pytest.param("respond", {"respond", "respond_soon"}, id="the response"),
        pytest.param("arrive", {"arrive"}, id="the arrival"),
        pytest.param("finish", {"finish_soon"}, id="the finish: it stays to be seen"),
    ],
)
def test_at_the_top_a_miss_only_stops_its_own_clock(deadline: str, stopped: set[str]) -> None:
    case = standing(Status.ASSIGNED, level=Level.DISTRICT, dues=FRESH)
    moved = move(case, Step.MISS, Facts(deadline=deadline, clocks=FRESH))
    assert (moved.level, moved.escalations, moved.overdue) == (Level.DISTRICT, 0, True)
    assert set(timers(case)) - set(timers(moved)) == stopped


@pytest.mark.parametrize("answer", [Satisfaction.SATISFIED, Satisfaction.BASICALLY_SATISFIED])
def test_satisfied_it_is_closed_with_the_answer(answer: Satisfaction) -> None:
    moved = move(standing(Status.FINISHED), Step.SATISFY, Facts(satisfaction=answer))
    assert (moved.satisfaction, moved.closed_at) == (answer, make.after(hours=1))


def test_a_neighbour_joins_and_leaves() -> None:
    case = standing(Status.ACCEPTED, photos=1)
    joined = move(case, Step.JOIN, Facts(words="我家也是", photos=2))
    assert (joined.reporters, joined.photos, joined.words) == (3, 3, case.words)
    left = move(joined, Step.LEAVE, Facts(photos=2))
    assert (left.reporters, left.photos, left.reporter) == (2, 1, case.reporter)


def test_when_the_first_reporter_leaves_a_neighbour_takes_his_place() -> None:
    heir = Reporter("r.chen", Address("simulator", "r.chen"), make.NOW)
    left = move(standing(Status.FINISHED), Step.LEAVE, Facts(heir=heir))
    assert (left.reporter, left.reported_in) == (heir.person, heir.address)


def test_the_only_reporter_cannot_leave() -> None:
    with pytest.raises(NotAllowed) as caught:
        move(replace(standing(Status.ACCEPTED), reporters=1), Step.LEAVE)
    assert caught.value.reason == "not_now"


def test_one_answer_of_several_is_kept_and_outlives_the_others_silence() -> None:
    answer = Facts(satisfaction=Satisfaction.BASICALLY_SATISFIED)
    waiting = move(standing(Status.FINISHED), Step.ANSWER, answer)
    assert (waiting.status, waiting.closed_at) == (Status.FINISHED, None)
    assert move(waiting, Step.EXPIRE).satisfaction is Satisfaction.BASICALLY_SATISFIED


def test_silence_is_no_satisfaction() -> None:
    moved = move(standing(Status.FINISHED), Step.EXPIRE)
    assert (moved.satisfaction, moved.closed_at) == (Satisfaction.NO_ANSWER, make.after(hours=1))


def test_dissatisfied_the_same_worker_begins_again() -> None:
    case = standing(Status.FINISHED)
    moved = move(case, Step.DISSATISFY)
    assert (moved.status, moved.assignee, moved.reopened) == (Status.ACCEPTED, case.assignee, 1)
    assert (moved.finished_at, moved.arrived_at) == (None, None)
    assert moved.satisfaction is Satisfaction.DISSATISFIED
    assert timers(moved).keys() == {"arrive", "finish_soon", "finish"}


def test_dissatisfied_twice_it_is_supervised_and_stays_so() -> None:
    first = move(standing(Status.FINISHED), Step.DISSATISFY)
    second = move(replace(first, status=Status.FINISHED), Step.DISSATISFY)
    third = move(
        replace(second, status=Status.FINISHED),
        Step.DISSATISFY,
        Facts(supervise_after=9, clocks=FRESH),
    )
    assert [one.supervised for one in (first, second, third)] == [False, True, True]


def test_withdrawn_it_has_ended() -> None:
    moved = move(standing(Status.ASSIGNED), Step.WITHDRAW)
    assert moved.ended
    assert moved.closed_at == make.after(hours=1)
    assert timers(moved) == {}


@pytest.mark.parametrize(
    ("words", "said", "left"),
    [
        pytest.param("灯坏了 快来", "快来", "灯坏了", id="one of two sentences"),
        pytest.param("灯坏了", "灯坏了", "", id="all there was"),
        pytest.param("灯坏了", " 灯坏了\n", "", id="with blanks around it"),
        pytest.param("灯坏了", "", "灯坏了", id="a picture had no words: the others stay"),
        pytest.param("灯坏了", "水管", "灯坏了", id="words that are not there"),
    ],
)
def test_recalled_words_are_gone_from_the_case_and_its_event(
    words: str, said: str, left: str
) -> None:
    moved, event = take(
        standing(Status.ASSIGNED, words=words), Step.RECALL, "r.wang", make.NOW, Facts(words=said)
    )
    assert moved.words == left
    assert "words" not in event.data


@pytest.mark.parametrize(
    ("status", "words", "result"),
    [
        pytest.param(Status.ASSIGNED, "楼道灯坏了 三楼", "", id="before it is done: to the report"),
        pytest.param(Status.FINISHED, "楼道灯坏了", "三楼", id="after it is done: to the result"),
    ],
)
def test_added_words(status: Status, words: str, result: str) -> None:
    moved = move(standing(status), Step.ADD, Facts(words="三楼", photos=2))
    assert (moved.words, moved.result, moved.photos) == (words, result, 2)


def test_added_facts_about_the_place() -> None:
    case = standing(Status.ASSIGNED, unverified=True)
    moved, event = take(
        case, Step.ADD, "r.wang", make.NOW, Facts(changes={"building": "3", "unverified": False})
    )
    assert (moved.building, moved.unverified) == ("3", False)
    assert event.data == {"building": "3", "unverified": "False"}


@pytest.mark.parametrize(
    ("step", "data"),
    [
        pytest.param(
            Step.MISS,
            {"deadline": "respond", "level": "community", "due": "2026-11-28T03:00:00+00:00"},
            id="a miss",
        ),
        pytest.param(Step.TRANSFER, {"to": "p.power"}, id="a transfer"),
        pytest.param(Step.FINISH, {"words": "换好了"}, id="a finish"),
        pytest.param(Step.ACCEPT, {}, id="an acceptance"),
    ],
)
def test_what_stands_in_the_timeline(step: Step, data: dict) -> None:
    _, event = take(standing(Status.ASSIGNED), step, "w.li", make.NOW, NEEDS.get(step, Facts()))
    assert event.data == data


def test_rejected_it_has_ended_and_no_clock_rings() -> None:
    moved = move(standing(Status.FINISHED), Step.REJECT)
    assert (moved.ended, moved.closed_at, timers(moved)) == (True, make.after(hours=1), {})


@pytest.mark.parametrize(
    ("changes", "dues"),
    [
        pytest.param({}, replace(FRESH, respond=None, respond_soon=None), id="its first clocks"),
        pytest.param({"overdue": True}, make.DUES, id="one was missed"),
        pytest.param({"escalations": 1}, make.DUES, id="missed at a lower level"),
        pytest.param({"extended": 1}, make.DUES, id="moved with a reason"),
        pytest.param({"reopened": 1}, make.DUES, id="begun anew by the reporter"),
        pytest.param({"mode": Mode.COORDINATED}, make.DUES, id="begun anew by the level above"),
    ],
)
def test_another_category_changes_the_first_clocks_only(changes: dict, dues: Dues) -> None:
    moved = move(standing(Status.ACCEPTED, **changes), Step.RECLASSIFY)
    assert (moved.category, moved.dues, moved.assignee) == ("parking", dues, "w.li")


def test_the_category_it_has_already_is_refused() -> None:
    with pytest.raises(NotAllowed) as caught:
        move(standing(Status.ASSIGNED, category="parking"), Step.RECLASSIFY)
    assert caught.value.reason == "same_category"


class Life(RuleBasedStateMachine):
    """Any steps in any order, as time goes on; whatever is refused changes nothing."""

    @initialize(urgent=st.booleans(), level=st.sampled_from(Level))
    def begin(self, urgent: bool, level: Level) -> None:
        mode = Mode.EMERGENCY if urgent else Mode.ORDINARY
        self.now = make.NOW
        self.case = make.case(id=1, urgent=urgent, level=level, mode=mode, dues=self.clocks())
        if urgent:
            due = self.now + timedelta(minutes=10)
            self.case = replace(self.case, dues=replace(self.case.dues, urge=due))
        self.raised = self.steps = 0

    def clocks(self) -> Dues:
        return Dues(
            respond_soon=self.now + timedelta(minutes=90),
            respond=self.now + timedelta(hours=2),
            arrive=self.now + timedelta(hours=3),
            finish_soon=self.now + timedelta(hours=54),
            finish=self.now + timedelta(hours=72),
        )

    @rule(hours=st.integers(1, 100))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(
        step=st.sampled_from(Step),
        words=st.sampled_from(["", "灯"]),
        to=st.sampled_from(["", "w.he"]),
        deadline=st.sampled_from(["respond", "arrive", "finish"]),
        satisfaction=st.sampled_from([Satisfaction.SATISFIED, Satisfaction.BASICALLY_SATISFIED]),
        again=st.booleans(),
        photos=st.integers(0, 3),
    )
    def step(self, step, words, to, deadline, satisfaction, again, photos) -> None:
        clocks = self.clocks() if again or step is Step.DISSATISFY else None
        if step is Step.FINISH:
            clocks = Dues(verify=self.now + timedelta(days=7))
        facts = Facts(
            words, to, clocks, timedelta(hours=24), satisfaction, photos, deadline=deadline
        )
        before = self.case
        try:
            if step is Step.URGE:
                if before.dues.urge is None:  # the job looks before it tells again
                    return
                facts = Facts(clocks=Dues(urge=self.now + timedelta(minutes=10)))
            if step is Step.RECLASSIFY:
                facts = replace(facts, changes={"category": "parking"})
            self.case, event = take(before, step, "w.li", self.now, facts)
        except NotAllowed:
            return
        assert not before.ended
        assert self.case.version == before.version + 1 == event.version
        assert self.case.level.rank >= before.level.rank
        climbed = self.case.level.rank - before.level.rank
        assert climbed == int(
            step in (Step.MISS, Step.REPORT_UP) and before.level.above is not None
        )
        self.raised += climbed if step is Step.MISS else 0
        self.steps += 1
        if self.case.dues.finish != before.dues.finish:
            assert step is Step.EXTEND or (
                facts.clocks and self.case.dues.finish == facts.clocks.finish
            )
        assert (self.case.extended > before.extended) == (step is Step.EXTEND)

    @invariant()
    def always(self) -> None:
        case = self.case
        assert case.version == self.steps
        assert case.escalations == self.raised
        assert case.extended <= 1
        assert case.reporters >= 1
        assert case.urged <= self.steps
        assert case.dues.finish is not None
        assert case.ended == (case.closed_at is not None)
        if case.ended:
            answered = case.satisfaction in (
                Satisfaction.SATISFIED,
                Satisfaction.BASICALLY_SATISFIED,
                Satisfaction.NO_ANSWER,
            )
            assert answered or case.status in (Status.WITHDRAWN, Status.REJECTED)
            assert timers(case) == {}
        if case.status is Status.FINISHED:
            assert timers(case).keys() == {"verify"}
            assert case.finished_at is not None
        if case.status in WORKING:
            assert case.finished_at is None
            assert "verify" not in timers(case)
        if case.accepted_at is not None:
            assert not {"respond", "urge"} & timers(case).keys()


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
