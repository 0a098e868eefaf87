"""The golden dialogues: each file in scenarios/ is played against the real program."""

from pathlib import Path

import pytest

from bot.simulate import play

FILES = sorted((Path(__file__).parent / "scenarios").glob("*.txt"))


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
async def test_a_dialogue_goes_as_written(path: Path) -> None:
    report = await play(path)
    assert not report.failures, "\n" + "\n".join(map(str, report.failures))


def test_each_dialogue_says_what_it_shows() -> None:
    silent = [path.name for path in FILES if not path.read_text("utf-8").startswith("# ")]
    assert silent == []
    assert len(FILES) >= 30
