"""Nothing lost, nothing handled twice: counted in the database, at the gateway, in the metrics."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from tests.bench.database import query
from tests.bench.gateway import Gateway
from tests.bench.service import Metrics
from tests.bench.traffic import Traffic


@dataclass
class Checked:
    """What became of the messages of a run."""

    messages: int
    again: int  # delivered a second time
    lost: int  # not in the inbox, or not handled, or given up
    twice: int  # handled more than once, by any sign of it
    known: int  # of those delivered again, how many the service said it knew
    cases: int
    outbox: int  # what was to be said
    unsent: int  # and still waits (conversations have rates)
    dead: int

    @property
    def good(self) -> bool:
        return not (self.lost or self.twice or self.dead) and self.known == self.again

    def json(self) -> dict[str, int]:
        return asdict(self)


async def check(
    url: str, tag: str, before: int, traffic: Traffic, gateway: Gateway, metrics: Metrics
) -> Checked:
    """Look for every message of this run; `before` is the last case that was there already."""
    rows = await query(
        url,
        f"SELECT dedupe, handled_at IS NOT NULL, outcome FROM inbox WHERE dedupe LIKE '{tag}-%'",  # noqa: S608 - ours
    )
    fine = {row[0] for row in rows if row[1] and row[2] != "dead"}
    doubles = len(rows) - len({row[0] for row in rows})
    # People here never write the same report twice, so two cases of the same words are one too many.
    opened = await query(
        url,
        f"SELECT count(*) FROM cases WHERE id > {before} GROUP BY reporter, words",  # noqa: S608
    )
    states = dict(map(tuple, await query(url, "SELECT state, count(*) FROM outbox GROUP BY state")))
    handled = metrics.handled - len(traffic.ids)
    return Checked(
        messages=len(traffic.ids),
        again=traffic.again,
        lost=len(set(traffic.ids) - fine),
        twice=max(doubles, _over(opened), gateway.doubled, handled),
        known=metrics.seen,
        cases=sum(row[0] for row in opened),
        outbox=sum(states.values()),
        unsent=states.get("waiting", 0) + states.get("sending", 0),
        dead=states.get("dead", 0),
    )


def _over(counts: Iterable[tuple[int]]) -> int:
    return sum(row[0] - 1 for row in counts)
