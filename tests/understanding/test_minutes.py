"""Minutes of a meeting as staff send them, and what is none (domain.md J1)."""

import pytest

from bot.understanding import Heard, Listener


@pytest.fixture(scope="module")
def listener() -> Listener:
    return Listener()


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("纪要 一、通报上周巡查", "一、通报上周巡查"),
        ("会议纪要：本周重点是电动车充电，2号楼堆物两次没清", "本周重点是电动车充电"),
        ("例会纪要补充 何梅负责宣传栏", "何梅负责宣传栏"),
        ("今天会议记录：吴书记讲了三点", "吴书记讲了三点"),
        ("纪要 " + "巡查走访登记在册，" * 200, "巡查走访"),
    ],
    ids=range(5),
)
def test_what_is_kept_as_minutes(listener, text: str, kept: str) -> None:
    heard = listener.understand(Heard(text, role="leader", private=True))
    assert heard.intent == "minutes_add"
    assert heard.words.startswith(kept)


@pytest.mark.parametrize(
    ("text", "words"),
    [("会议纪要", ""), ("看看上次例会纪要", ""), ("会议纪要 3", "3"), ("给我会议纪要", "")],
)
def test_who_asks_for_the_minutes(listener, text: str, words: str) -> None:
    heard = listener.understand(Heard(text, role="worker", private=True))
    assert (heard.intent, heard.words) == ("minutes", words)


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("例会议程", "leader"),
        ("会议纪要在哪里贴的", "leader"),
        ("周例会 李强、何梅参加", "leader"),
        ("交办 李强 写会议纪要", "leader"),
        ("纪要 大家好", "resident"),
    ],
)
def test_what_is_no_minutes(listener, text: str, role: str) -> None:
    heard = listener.understand(Heard(text, role=role, private=True))
    assert heard.intent not in ("minutes", "minutes_add")
