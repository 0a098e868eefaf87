"""A good word about a case with another trouble behind it, and what is one answer and no more."""

import pytest

from bot.understanding.another_trouble import another_trouble
from tests.rows import each_row

LAMP = "楼道灯 3号楼2单元楼道灯不亮了，老人晚上下楼看不见"
PIPE = "厨房 3号楼厨房水管漏水"


def told(text: str, about: str = LAMP) -> tuple[str, str] | None:
    found = another_trouble(text, about, "3", generous=True)
    return (found.verdict, found.rest) if found else None


@pytest.mark.parametrize(
    ("text", "about", "verdict", "rest"),
    [
        ("灯亮了 楼道里的墙皮掉了", LAMP, "灯亮了", "楼道里的墙皮掉了"),
        (
            "满意，谢谢。另外5号楼门口下水道堵了",
            LAMP,
            "满意",
            "5号楼门口下水道堵了",
        ),
        ("修好了谢谢，还有垃圾桶满了没人收", LAMP, "修好了谢谢", "垃圾桶满了没人收"),
        ("不漏了，路灯又坏了", PIPE, "不漏了", "路灯又坏了"),
        ("亮了亮了，辛苦。三楼窗户玻璃碎了", LAMP, "亮了亮了", "三楼窗户玻璃碎了"),
        (
            "好了，谢谢师傅。对了，楼下有人乱停车堵着门",
            LAMP,
            "好了",
            "楼下有人乱停车堵着门",
        ),
        ("灯好了，5号楼的灯也不亮了", LAMP, "灯好了", "5号楼的灯也不亮了"),
        (
            "基本满意，顺便反映一下电梯门关不上",
            LAMP,
            "基本满意",
            "电梯门关不上",
        ),
    ],
)
def test_thanks_and_another_trouble(text: str, about: str, verdict: str, rest: str) -> None:
    assert told(text, about) == (verdict, rest)


@each_row(
    ("text", "about"),
    [
        pytest.param("灯亮了", LAMP, id="only good"),
        pytest.param("满意，谢谢师傅，辛苦了", LAMP, id="good and thanks"),
        pytest.param("灯亮了，可是过一会又灭了", LAMP, id="it goes on"),
        pytest.param("灯修好了，就是墙上留了个洞没补", LAMP, id="what the repair left"),
        pytest.param("灯修好了，地上垃圾没清走", LAMP, id="rubbish of the repair"),
        pytest.param("修好了，墙皮被师傅碰掉了", LAMP, id="broken by the repair"),
        pytest.param("不满意，灯还是不亮，墙皮也掉了", LAMP, id="not good"),
        pytest.param("修了，还是漏水", PIPE, id="still leaks"),
        pytest.param("水管修好了，还有一点漏水", PIPE, id="some of the same"),
        pytest.param("修好了，厨房又漏水了", PIPE, id="the same again"),
        pytest.param("灯亮了，晚上下楼看得见了", LAMP, id="more of the good"),
        pytest.param("楼道里的墙皮掉了 灯亮了", LAMP, id="the trouble first"),
        pytest.param("好了吗，电梯也坏了", LAMP, id="asks"),
        pytest.param("灯亮了，明天我请大家吃糖", LAMP, id="talk behind it"),
        pytest.param("满意，以后电梯坏了也找你们", LAMP, id="another time"),
    ],
)
def test_one_answer_and_no_more(text: str, about: str) -> None:
    assert told(text, about) is None
