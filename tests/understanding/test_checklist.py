"""What a worker says of a component he inspects: heard as a round, and only then (F17)."""

import pytest

from bot.understanding import Heard, Listener
from bot.understanding.checklist import inspection
from domain.checklist import State

PARTS, PLACES = ("楼道灯", "灭火器"), ("宾馆", "琼花宾馆")
LISTENER = Listener()


def told(text: str) -> list[str]:
    """The lines of a message: state, units, floors."""
    found = inspection(text, PARTS, PLACES)
    return [
        f"{line.state.value} {','.join(line.units)}-{','.join(line.floors)}"
        for line in (found.lines if found else ())
    ]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("3号楼楼道灯 6层都好的 4层坏了1盏", ["fine -6", "broken -4"]),
        ("三号楼楼道灯六层都好的四层坏了一盏", ["fine -6", "broken -4"]),
        (
            "3号楼楼道灯1到3层都好，5层锁着进不去，其余都正常",
            ["fine -1,2,3", "skipped -5", "fine -"],
        ),
        ("3号楼2单元楼道灯都好的", ["fine 2-"]),
        ("3号楼2单元4楼楼道灯好的", ["fine 2-4"]),
        ("3号楼2单元楼道灯4层坏了1盏 其余都好", ["broken 2-4", "fine 2-"]),
        ("3号楼楼道灯1、2、3层亮着，4层2单元不亮", ["fine -1,2,3", "broken 2-4"]),
        ("3号楼楼道灯 1层2层都好", ["fine -1", "fine -2"]),
        ("3号楼楼道灯4层坏了1盏", ["broken -4"]),
        ("宾馆灭火器查了都好的", ["fine -"]),
        ("琼花宾馆灭火器过期2个，检查过了", ["broken -"]),
        ("3号楼楼道灯没问题", ["fine -"]),
    ],
)
def test_a_round_is_heard(text: str, lines: list[str]) -> None:
    assert told(text) == lines


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("3号楼楼道灯不亮了，老人晚上看不见", id="a report"),
        pytest.param("3号楼楼道灯坏了", id="a short report"),
        pytest.param("3号楼楼道灯不太亮", id="nothing said for sure"),
        pytest.param("3号楼楼道灯修好了，都亮了", id="the end of a case"),
        pytest.param("办结 G1001 3号楼楼道灯都好了", id="a command"),
        pytest.param("3号楼楼道灯都好了吗", id="a question"),
        pytest.param("3号楼电梯都好的", id="no component of a round"),
        pytest.param("楼道灯都好的", id="no place"),
        pytest.param("明天查3号楼楼道灯 都好的话拍照", id="still to come"),
    ],
)
def test_anything_else_is_none(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("role", "parts", "checked"),
    [
        pytest.param("worker", PARTS, True, id="a worker while rounds go on"),
        pytest.param("worker", (), False, id="no round goes on"),
        pytest.param("resident", PARTS, False, id="a resident"),
    ],
)
def test_only_staff_and_only_while_a_round_goes_on(
    role: str, parts: tuple[str, ...], checked: bool
) -> None:
    heard = LISTENER.understand(Heard("3号楼楼道灯 6层都好的", role, private=True, parts=parts))
    assert (heard.intent == "checked") is checked


def test_what_is_broken_keeps_its_words() -> None:
    found = inspection("3号楼2单元楼道灯 4层坏了1盏", PARTS, PLACES)
    assert found is not None
    assert found.broken
    assert [line.words for line in found.lines if line.state is State.BROKEN] == ["2单元4层坏了1盏"]
