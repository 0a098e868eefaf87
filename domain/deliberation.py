"""议事: how neighbours decide together, and 两议两公开 as recorded steps (domain.md I1-I4).

A proposal is talked about in rounds, reviewed by the Party group (审议), resolved by the
residents' representatives (决议), its resolution published, its result published. None is skipped.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from domain.errors import NotAllowed
from domain.households import known


@dataclass(frozen=True, slots=True)
class DeliberationRules:
    """How many days a vote stays open where nobody says, and at most."""

    vote_days: int = 3
    most_days: int = 30


class Stage(StrEnum):
    """How far a proposal has come."""

    TALKED = "talked"
    REVIEWED = "reviewed"
    RESOLVED = "resolved"
    PUBLISHED = "published"
    ENDED = "ended"
    DROPPED = "dropped"


class Act(StrEnum):
    """What is done with a proposal; each is one row of its history."""

    PROPOSE = "propose"
    COMMENT = "comment"
    ANSWER = "answer"  # to a comment, at any time until the end (I2)
    REVISE = "revise"
    OPEN_VOTE = "open_vote"
    CLOSE_VOTE = "close_vote"
    REVIEW = "review"
    RESOLVE = "resolve"
    PUBLISH = "publish"
    OUTCOME = "outcome"


class Choice(StrEnum):
    """A household's vote."""

    YES = "yes"
    NO = "no"
    ABSTAIN = "abstain"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal as it stands; `version` counts its steps, `round` the wordings talked about.

    `vote_until` is set while a vote is open. `passed` is what the last of the two meetings said.
    """

    id: int
    area: str
    author: str
    words: str
    opened_at: datetime
    stage: Stage = Stage.TALKED
    round: int = 1
    version: int = 1
    passed: bool = True
    vote_until: datetime | None = None

    @property
    def number(self) -> str:
        """What people call it: D7."""
        return f"D{self.id}"


# What may be done at which stage, and where it leads.
_STEPS: Mapping[Act, tuple[Stage, Stage]] = {
    Act.COMMENT: (Stage.TALKED, Stage.TALKED),
    Act.REVISE: (Stage.TALKED, Stage.TALKED),
    Act.OPEN_VOTE: (Stage.TALKED, Stage.TALKED),
    Act.CLOSE_VOTE: (Stage.TALKED, Stage.TALKED),
    Act.REVIEW: (Stage.TALKED, Stage.REVIEWED),
    Act.RESOLVE: (Stage.REVIEWED, Stage.RESOLVED),
    Act.PUBLISH: (Stage.RESOLVED, Stage.PUBLISHED),
    Act.OUTCOME: (Stage.PUBLISHED, Stage.ENDED),
}
# Why a step cannot be taken yet: which one comes first.
_FIRST = {Act.RESOLVE: "review_first", Act.PUBLISH: "resolve_first", Act.OUTCOME: "publish_first"}


def take(
    proposal: Proposal,
    act: Act,
    *,
    words: str = "",
    passed: bool = True,
    until: datetime | None = None,
) -> Proposal:
    """The proposal after a step. Raises NotAllowed, which says what comes first."""
    _check(proposal, act)
    if act is Act.ANSWER:
        return replace(proposal, version=proposal.version + 1)
    moved = replace(proposal, stage=_STEPS[act][1], version=proposal.version + 1)
    match act:
        case Act.REVISE:
            return replace(moved, words=words, round=proposal.round + 1)
        case Act.OPEN_VOTE | Act.CLOSE_VOTE:
            return replace(moved, vote_until=until if act is Act.OPEN_VOTE else None)
        case Act.REVIEW | Act.RESOLVE:
            return replace(moved, passed=passed, stage=moved.stage if passed else Stage.DROPPED)
    return moved


def _check(proposal: Proposal, act: Act) -> None:
    """Raise NotAllowed, saying why, unless this step is next."""
    if proposal.stage in (Stage.ENDED, Stage.DROPPED):
        raise NotAllowed("proposal_over")
    if act is Act.ANSWER:
        return
    before = _STEPS[act][0]
    if proposal.stage is not before:
        early = list(Stage).index(proposal.stage) < list(Stage).index(before)
        raise NotAllowed(_FIRST.get(act, "proposal_later") if early else "proposal_later")
    voting = proposal.vote_until is not None
    if voting and act not in (Act.COMMENT, Act.CLOSE_VOTE):
        raise NotAllowed("vote_open")
    if act is Act.CLOSE_VOTE and not voting:
        raise NotAllowed("no_vote")


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment with its number among those of its proposal, and its answer, "" while none is.

    One that was taken back keeps its number and has no words.
    """

    number: int
    by: str
    words: str
    answer: str = ""

    @property
    def waits(self) -> bool:
        """Whether it still has to be answered."""
        return bool(self.words) and not self.answer


def remarks(history: Iterable[tuple[str, str, str]]) -> list[Remark]:
    """The comments of a proposal with their answers: every suggestion has one in the end (I2).

    `history` are the acts in order: what, by whom, words. An answer's words begin with the number
    of its comment; the last answer counts.
    """
    found: list[Remark] = []
    for act, by, words in history:
        if act == Act.COMMENT:
            found.append(Remark(len(found) + 1, by, words))
        elif act == Act.ANSWER:
            number, _, answer = words.partition(" ")
            at = int(number) - 1
            found[at] = replace(found[at], answer=answer)
    return found


@dataclass(frozen=True, slots=True)
class Tally:
    """Households by choice; `unknown` of them do not stand in the roster with a home."""

    yes: int = 0
    no: int = 0
    abstain: int = 0
    unknown: int = 0

    @property
    def total(self) -> int:
        """How many households voted."""
        return self.yes + self.no + self.abstain


def tally(ballots: Mapping[str, Choice]) -> Tally:
    """Count the ballots by household."""
    of = list(ballots.values())
    return Tally(
        of.count(Choice.YES),
        of.count(Choice.NO),
        of.count(Choice.ABSTAIN),
        sum(not known(key) for key in ballots),
    )
