"""One person, many channel identities: who belongs together.

An identity is "channel:sender", somebody on one channel; a person of the roster is his id. What is
stored about a case stays under the identity that reported it, so that parting restores it exactly.
"""

from collections.abc import Callable, Iterable, Mapping

Circles = Mapping[str, tuple[str, ...]]


def identity(channel: str, sender: str) -> str:
    """The id of somebody on a channel."""
    return f"{channel}:{sender}"


def parts(one: str) -> tuple[str, str]:
    """Channel and sender of an identity."""
    channel, _, sender = one.partition(":")
    return channel, sender


def circles(links: Iterable[tuple[str, str]], in_roster: Callable[[str], bool]) -> Circles:
    """Everybody who is linked, each with all ids of his person, himself first.

    The roster decides who is who: a link between two people of the roster is not followed, and
    earlier links count before later ones.
    """
    members: dict[str, list[str]] = {}
    known: dict[str, str] = {}  # the first id of a circle -> its person of the roster
    head: dict[str, str] = {}
    for one, other in links:
        for id_ in (one, other):
            if id_ not in head:
                head[id_], members[id_] = id_, [id_]
                if in_roster(id_):
                    known[id_] = id_
        left, right = head[one], head[other]
        if left == right or (left in known and right in known):
            continue
        if right in known:
            known[left] = known.pop(right)
        for id_ in members[right]:
            head[id_] = left
        members[left] += members.pop(right)
    return {id_: (id_, *(m for m in members[head[id_]] if m != id_)) for id_ in head}
