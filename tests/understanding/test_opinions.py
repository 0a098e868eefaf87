"""How many opinions a visit brought (domain.md F15)."""

import pytest

from bot.understanding.amounts import only_opinions, opinions


@pytest.mark.parametrize(
    ("said", "count", "only"),
    [
        pytest.param("收到意见10余条", 10, True, id="more than ten"),
        pytest.param("建议2条", 2, True, id="two"),
        pytest.param("听取群众意见三条", 3, True, id="written"),
        pytest.param("提了5条意见", 5, True, id="the number first"),
        pytest.param("意见3条，建议2条", 5, True, id="both"),
        pytest.param("意见3条，楼道灯坏了1盏", 3, False, id="and something found"),
        pytest.param("灭火器过期2个", 0, False, id="no opinions"),
        pytest.param("没有意见", 0, False, id="none"),
        pytest.param("建议加装2个路灯", 0, False, id="what is suggested is counted, not how many"),
        pytest.param("", 0, False, id="nothing"),
    ],
)
def test_opinions(said: str, count: int, only: bool) -> None:
    assert (opinions(said), only_opinions(said)) == (count, only)
