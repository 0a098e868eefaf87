"""For whom a notice is, by who writes it: never less than what was said, and the nearest name."""

from types import SimpleNamespace

import pytest

from bot.notices.audience import Refused, audience
from bot.understanding.notices import spoken
from tests import factories as make


def found(city, author: str, words: str):
    """The audience of 通知 WORDS a. Raises Refused."""
    turn = SimpleNamespace(work=SimpleNamespace(city=city, now=make.NOW))
    return audience(turn, city.world.person(author), spoken(words + " a", make.NOW))


@pytest.mark.parametrize(
    ("author", "words", "to", "areas"),
    [
        pytest.param("l.c1", "街道全体", "residents", "s1", id="a leader to his street"),
        pytest.param("l.c1", "整个街道", "residents", "s1", id="in other words"),
        pytest.param("l.c1", "街道各社区书记", "leader", "s1", id="his street's leaders"),
        pytest.param("l.c1", "何园社区和本街道居民", "residents", "c2 s1", id="with another name"),
        pytest.param("l.c1", "社区居民", "residents", "c1", id="his own community"),
        pytest.param("l.c1", "各居民群", "residents", "c1", id="no level is his own"),
        pytest.param("l.c1", "网格居民", "residents", "c1", id="a level below means all of his"),
        pytest.param("s.s1", "街道居民", "residents", "s1", id="a street desk"),
        pytest.param("s.s1", "社区居民", "residents", "s1", id="all its communities"),
        pytest.param("s.s1", "区居民", "residents", "d1", id="a street desk to its district"),
        pytest.param("d.d1", "街道居民", "residents", "d1", id="all streets of a district"),
        pytest.param("w.li", "小区居民", "residents", "g01", id="a worker's own"),
        pytest.param("l.c1", "街道独居老人", "list", "s1", id="a list of the street"),
        pytest.param("l.c1", "辖区内独居老人", "list", "c1", id="a list within one's area"),
        pytest.param("l.c1", "琼花一网格的独居老人", "list", "g01", id="a list of a grid"),
    ],
)
def test_how_wide_it_goes(city, author: str, words: str, to: str, areas: str) -> None:
    one = found(city, author, words)
    assert (one.to, " ".join(one.areas)) == (to, areas)


@pytest.mark.parametrize(
    ("author", "words", "reason", "near", "person"),
    [
        pytest.param("w.li", "社区全体", "not_reached", "琼花一网格", "吴书记", id="wider"),
        pytest.param("w.li", "街道居民", "not_reached", "琼花一网格", "东关指挥中心", id="widest"),
        pytest.param("l.c1", "全区居民群", "not_reached", "东关街道", "区网格中心", id="the street at least"),
        pytest.param("l.c1", "何园社区居民群", "not_reached", "琼花社区", "郑书记", id="another community"),
        pytest.param("l.c1", "何园一网格居民", "not_reached", "琼花一网格", "郑书记", id="another's grid"),
        pytest.param("s.s1", "汶河街道居民", "not_reached", "东关街道", "汶河指挥中心", id="another street"),
        pytest.param("l.c1", "琼花院居民群", "audience_unknown", "琼花苑居民群", "", id="a group misspelt"),
        pytest.param("l.c1", "琼花二网各", "audience_unknown", "琼花二网格", "", id="a grid misspelt"),
        pytest.param("l.c1", "各居名群", "audience_unknown", "各居民群", "", id="a word misspelt"),
        pytest.param("l.c1", "独居老仁", "audience_unknown", "独居老人", "", id="a list misspelt"),
        pytest.param("l.c1", "李前", "audience_unknown", "李强", "", id="a colleague misspelt"),
        pytest.param("l.c1", "火星社区独居老人", "audience_unknown", "独居老人", "", id="a list nowhere"),
        pytest.param("l.c1", "火星花园居民群", "audience_unknown", "琼花社区", "", id="nothing alike"),
        pytest.param("w.li", "何圆一网格居民", "audience_unknown", "琼花一网格", "", id="only his own"),
    ],
)  # fmt: skip
def test_refused_with_the_nearest_right_thing(city, author, words, reason, near, person) -> None:
    with pytest.raises(Refused) as why:
        found(city, author, words)
    assert why.value.reason == reason
    assert why.value.values["contact"][0] == near
    assert why.value.values.get("person", "") == person


def test_nothing_he_may_not_write_to_is_suggested(city) -> None:
    with pytest.raises(Refused) as why:
        found(city, "w.li", "何圆新邨")
    assert why.value.values["contact"] == ["琼花一网格"]
