"""The golden dialogues: each file in scenarios/ is played against the real program."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from bot import app
from bot.simulate import play

FILES = sorted((Path(__file__).parent / "scenarios").glob("*.txt"))


@pytest.fixture(scope="module")
def folders_read_once() -> Iterator[None]:
    """Most dialogues live in the same few folders, which nobody changes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app, "load", cache(app.load))
        yield


@pytest.mark.usefixtures("folders_read_once")
@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
async def test_a_dialogue_goes_as_written(path: Path) -> None:
    report = await play(path)
    assert not report.failures, "\n" + "\n".join(map(str, report.failures))


def test_each_dialogue_says_what_it_shows() -> None:
    silent = [path.name for path in FILES if not path.read_text("utf-8").startswith("# ")]
    assert silent == []
    assert len(FILES) >= 30
