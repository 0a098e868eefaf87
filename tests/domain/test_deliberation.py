"""两议两公开 as a state machine: no step before its turn (domain.md I1), one vote a household (I3)."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.deliberation import Act, Proposal, Stage, take
from domain.errors import NotAllowed

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
FRESH = Proposal(7, "c1", "l.c1", "words", NOW)
STEPS = [act for act in Act if act is not Act.PROPOSE]
ORDER = [Act.REVIEW, Act.RESOLVE, Act.PUBLISH, Act.OUTCOME]


def after(*acts: Act) -> Proposal:
    proposal = FRESH
    for act in acts:
        proposal = take(proposal, act, words="new", until=NOW + timedelta(days=1))
    return proposal


@pytest.mark.parametrize(
    ("acts", "act", "reason"),
    [
        pytest.param((), Act.RESOLVE, "review_first", id="resolve before review"),
        pytest.param((), Act.PUBLISH, "resolve_first", id="publish before all"),
        pytest.param((Act.REVIEW,), Act.PUBLISH, "resolve_first", id="publish before resolve"),
        pytest.param((Act.REVIEW,), Act.OUTCOME, "publish_first", id="outcome before publish"),
        pytest.param((Act.REVIEW,), Act.REVIEW, "proposal_later", id="review twice"),
        pytest.param((Act.REVIEW,), Act.COMMENT, "proposal_later", id="comment after review"),
        pytest.param((Act.OPEN_VOTE,), Act.REVIEW, "vote_open", id="review during a vote"),
        pytest.param((Act.OPEN_VOTE,), Act.OPEN_VOTE, "vote_open", id="two votes at once"),
        pytest.param((), Act.CLOSE_VOTE, "no_vote", id="close what is not open"),
        pytest.param(tuple(ORDER), Act.COMMENT, "proposal_over", id="after the end"),
    ],
)
def test_a_step_out_of_turn_is_refused(acts: tuple[Act, ...], act: Act, reason: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        take(after(*acts), act, until=NOW)
    assert refused.value.reason == reason


@pytest.mark.parametrize("act", [Act.REVIEW, Act.RESOLVE], ids=["review", "resolve"])
def test_a_meeting_that_says_no_ends_it(act: Act) -> None:
    before = after(*ORDER[: ORDER.index(act)])
    assert take(before, act, passed=False).stage is Stage.DROPPED


@given(st.lists(st.sampled_from(STEPS), max_size=30))
def test_the_four_steps_come_once_each_and_in_order(tried: list[Act]) -> None:
    proposal, taken = FRESH, []
    for act in tried:
        try:
            proposal = take(proposal, act, until=NOW + timedelta(days=1))
        except NotAllowed:
            continue
        taken.append(act)
    assert [act for act in taken if act in ORDER] == ORDER[: sum(act in ORDER for act in taken)]
    assert proposal.version == 1 + len(taken)
    votes = [act for act in taken if act in (Act.OPEN_VOTE, Act.CLOSE_VOTE)]
    assert votes == [Act.OPEN_VOTE, Act.CLOSE_VOTE] * (len(votes) // 2) + votes[len(votes) & ~1 :]
    assert (proposal.vote_until is not None) == bool(len(votes) % 2)
