"""Section [advice]: off by default, checked when it is on, and its key never shown."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.advice.call import open_endpoint
from bot.advice.settings import AdviceSettings
from bot.deployment.folder import SAMPLE, Faults, load, write_sample
from bot.deployment.settings import FILE, Settings

ON = '[advice]\nenabled = true\nbase_url = "https://api.example.com/v1"\nmodel = "m"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_sample(tmp_path / "city")
    return tmp_path / "city"


def put(folder: Path, section: str) -> Path:
    file = folder / FILE
    text = file.read_text("utf-8")
    file.write_text(text[: text.index("[advice]")] + section, "utf-8")
    return folder


def test_it_is_off_unless_somebody_turns_it_on(tmp_path: Path) -> None:
    assert not load(SAMPLE).settings.advice.enabled
    (tmp_path / FILE).write_text("", "utf-8")
    assert not Settings.load(tmp_path).advice.enabled


async def test_what_is_off_has_no_endpoint() -> None:
    async with open_endpoint(AdviceSettings()) as endpoint:
        assert endpoint is None


def test_the_environment_wins(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(folder, ON)
    for name, value in {
        "KEY": "sk-1",
        "TIME_LIMIT": "1.5s",
        "MONTHLY_BUDGET": "20",
        "MODEL": "other",
        "BASE_URL": "http://127.0.0.1:9/v1",
    }.items():
        monkeypatch.setenv(f"GRIDBOT_ADVICE__{name}", value)
    deployment = load(folder)
    advice = deployment.settings.advice
    assert advice.key.get_secret_value() == "sk-1"
    assert (advice.patience, advice.monthly_budget) == (timedelta(seconds=1.5), 20)
    assert (advice.model, advice.base_url) == ("other", "http://127.0.0.1:9/v1")
    assert [one.key for one in deployment.warnings if one.field.startswith("advice")] == []


@pytest.mark.parametrize(
    ("section", "field", "key"),
    [
        pytest.param("[advice]\ntime_limit = '11s'\n", "time_limit", "time_limit", id="too long"),
        pytest.param("[advice]\ntime_limit = '0s'\n", "time_limit", "time_limit", id="no time"),
        pytest.param("[advice]\ntime_limit = 'soon'\n", "time_limit", "time_limit", id="words"),
        pytest.param("[advice]\ntime_limit = 3\n", "time_limit", "setting_text", id="a number"),
        pytest.param("[advice]\nmonthly_budget = -1\n", "monthly_budget", "setting", id="budget"),
        pytest.param("[advice]\nurl = 'x'\n", "url", "key_unknown", id="misspelt"),
        pytest.param(ON.replace('"m"', '""'), "model", "empty", id="no model"),
        pytest.param(ON.replace("https", "ftp"), "base_url", "advice_url", id="no web address"),
        pytest.param(ON.replace("api.example.com", ""), "base_url", "advice_url", id="no host"),
        pytest.param(
            ON.replace(".com/", ".com:port/"), "base_url", "advice_url", id="a port in words"
        ),
    ],
)
def test_faults(folder: Path, section: str, field: str, key: str) -> None:
    with pytest.raises(Faults) as caught:
        load(put(folder, section))
    assert [(one.field, one.key) for one in caught.value.faults] == [(f"advice.{field}", key)]


@pytest.mark.parametrize(
    ("section", "warned"),
    [
        pytest.param(ON, ["advice_key"], id="no key"),
        pytest.param(ON + 'key = "k"\n', [], id="a key"),
        pytest.param(
            ON.replace("https", "http") + 'key = "k"\n', ["advice_plain"], id="not encrypted"
        ),
        pytest.param(
            ON.replace("https://api.example.com", "http://localhost:8000") + 'key = "k"\n',
            [],
            id="on this machine",
        ),
        pytest.param("[advice]\nenabled = false\n", [], id="off"),
    ],
)
def test_warnings(folder: Path, section: str, warned: list[str]) -> None:
    found = [one for one in load(put(folder, section)).warnings if one.field.startswith("advice")]
    assert [one.key for one in found] == warned
    assert all("{" not in str(one) for one in found)


def test_secrets_are_never_shown(folder: Path) -> None:
    put(folder, ON.replace("https://", "https://u:987654@") + 'key = "sk-987654"\n')
    assert "987654" not in repr(load(folder).settings)
    put(folder, "[advice]\nkey = 987654\nbase_url = 987654\n")
    with pytest.raises(Faults) as caught:
        load(folder)
    assert "987654" not in f"{caught.value} {caught.value!r}"
