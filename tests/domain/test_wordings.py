"""What changed between two wordings (domain.md I4)."""

import pytest

from domain.wordings import Change, changes

OLD = "楼道不堆物，遛狗牵绳"


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        pytest.param(OLD, [], id="nothing"),
        pytest.param("楼道不堆物、遛狗牵绳。", [], id="other commas"),
        pytest.param(f"{OLD}，十点后安静", [Change("", "十点后安静")], id="added behind"),
        pytest.param("遛狗牵绳", [Change("楼道不堆物", "")], id="left out in front"),
        pytest.param(
            "楼道不放东西，遛狗牵绳", [Change("楼道不堆物", "楼道不放东西")], id="put otherwise"
        ),
        pytest.param(
            "文明养犬，楼道不堆物，遛狗不牵绳罚款",
            [Change("", "文明养犬"), Change("遛狗牵绳", "遛狗不牵绳罚款")],
            id="in two places",
        ),
        pytest.param(
            "楼道不放东西，十点后安静",
            [
                Change("楼道不堆物", "楼道不放东西"),
                Change("遛狗牵绳", ""),
                Change("", "十点后安静"),
            ],
            id="one put otherwise, one left out, one added",
        ),
        pytest.param(
            "冬天早关门，楼道不放杂物",
            [
                Change("", "冬天早关门"),
                Change("楼道不堆物", "楼道不放杂物"),
                Change("遛狗牵绳", ""),
            ],
            id="added in front of one put otherwise",
        ),
        pytest.param("", [Change("楼道不堆物，遛狗牵绳", "")], id="nothing left"),
    ],
)
def test_what_changed(new: str, expected: list[Change]) -> None:
    assert list(changes(OLD, new)) == expected
