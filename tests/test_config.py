"""The settings: what the file says, what the environment says over it, and where each is wrong."""

from datetime import time
from pathlib import Path

import pytest

from bot.channels import _kinds
from bot.channels.wecom_robot import Settings as RobotSettings
from bot.deployment.folder import SAMPLE, Faults, load, write_sample
from bot.deployment.settings import FILE, Settings

URL = "wss://openws.work.weixin.qq.com"


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GRIDBOT_STORE__URL", raising=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / FILE).write_text((SAMPLE / FILE).read_text("utf-8"), "utf-8")
    return tmp_path


def write(folder: Path, text: str) -> Path:
    (folder / FILE).write_text(text, "utf-8")
    return folder


def found(folder: Path) -> list[tuple[str, int, str, str]]:
    with pytest.raises(Faults) as caught:
        Settings.load(folder)
    return [(one.file, one.row, one.field, one.key) for one in caught.value.faults]


def test_sample_settings(folder: Path) -> None:
    settings = Settings.load(folder)
    channel = settings.channels["wecom_robot"]
    assert (channel.kind, channel.enabled, channel.url) == ("wecom_robot", False, URL)
    assert channel.names == ["网格小助手"]
    assert (settings.http.host, settings.http.port) == ("127.0.0.1", 8080)
    assert settings.quiet.span == (time(22), time(7))
    assert settings.deployment.name == "江城区示例"


def test_an_empty_file_means_the_defaults(tmp_path: Path) -> None:
    settings = Settings.load(write(tmp_path, ""))
    assert settings.channels == {}
    assert settings.http.port == 8080
    assert settings.store.url == f"sqlite+aiosqlite:///{tmp_path.resolve()}/gridbot.sqlite3"


def test_environment_over_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "GRIDBOT_CHANNELS__WECOM_ROBOT__SECRET": "12345",
        "GRIDBOT_CHANNELS__WECOM_ROBOT__BOT_ID": "true",
        "GRIDBOT_CHANNELS__WECOM_ROBOT__ENABLED": "1",
        "GRIDBOT_HTTP__PORT": "9000",
        "GRIDBOT_DEPLOYMENT__NAME": "别的区",
        "GRIDBOT_STORE__URL": "postgresql://u:p@db/grid",
        "GRIDBOT_UNRELATED": "x",
    }.items():
        monkeypatch.setenv(name, value)
    settings = Settings.load(folder)
    channel = settings.channels["wecom_robot"]
    assert channel.secret.get_secret_value() == "12345"
    assert (channel.bot_id, channel.enabled, channel.names) == ("true", True, ["网格小助手"])
    assert (settings.http.port, settings.http.host) == (9000, "127.0.0.1")
    assert (settings.deployment.name, settings.deployment.backstop) == ("别的区", "d.d1")
    assert settings.store.url == "postgresql+asyncpg://u:p@db/grid"


def test_an_empty_variable_counts_as_set(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(
        folder,
        '[store]\nurl = "postgresql://db/grid"\n[channels.wecom_robot]\n'
        'bot_id = "b"\nsecret = "s"\n',
    )
    monkeypatch.setenv("GRIDBOT_CHANNELS__WECOM_ROBOT__SECRET", "")
    monkeypatch.setenv("GRIDBOT_STORE__URL", "")
    variable = "GRIDBOT_CHANNELS__WECOM_ROBOT__SECRET"
    assert found(folder) == [(variable, 0, "channels.wecom_robot.secret", "channel_empty")]
    monkeypatch.delenv(variable)
    assert Settings.load(folder).store.url.startswith("sqlite+aiosqlite:///")


def test_a_channel_named_only_by_variables(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRIDBOT_CHANNELS__SECOND__KIND", "wecom_robot")
    monkeypatch.setenv("GRIDBOT_CHANNELS__SECOND__BOT_ID", "b")
    monkeypatch.setenv("GRIDBOT_CHANNELS__SECOND__SECRET", "s")
    channels = Settings.load(folder).channels
    assert list(channels) == ["wecom_robot", "second"] or set(channels) == {"wecom_robot", "second"}
    assert channels["second"].kind == "wecom_robot"


@pytest.mark.parametrize(
    ("value", "names"),
    [
        pytest.param("小助手", ["小助手"], id="one"),
        pytest.param("小助手, 网格通", ["小助手", "网格通"], id="commas"),
        pytest.param('["小助手", "网格通"]', ["小助手", "网格通"], id="a list"),
        pytest.param("", [], id="none"),
    ],
)
def test_names(folder: Path, monkeypatch: pytest.MonkeyPatch, value: str, names: list[str]) -> None:
    assert RobotSettings.model_validate({"names": value}).names == names
    monkeypatch.setenv("GRIDBOT_CHANNELS__WECOM_ROBOT__NAMES", value)
    assert Settings.load(folder).channels["wecom_robot"].names == names


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param("[http]\nport = 0x1ffff\n", (2, "http.port", "port"), id="port too high"),
        pytest.param('[http]\nport = "eighty"\n', (2, "http.port", "port"), id="port in words"),
        pytest.param("[http]\nhosts = 1\n", (2, "http.hosts", "key_unknown"), id="misspelt key"),
        pytest.param("\n[htpp]\n", (2, "htpp", "key_unknown"), id="misspelt section"),
        pytest.param("http = 1\n", (1, "http", "setting"), id="section is a number"),
        pytest.param("[http]\n\nport 1\n", (3, "", "toml_syntax"), id="syntax"),
        pytest.param("[quiet]\nhours = '22-7'\n", (2, "quiet.hours", "quiet"), id="quiet hours"),
        pytest.param("[quiet]\nhours = 22\n", (2, "quiet.hours", "setting_text"), id="a number"),
        pytest.param("[store]\nurl = 'mysql://x/y'\n", (2, "store.url", "store_url"), id="MySQL"),
        pytest.param("[store]\nurl = 'grid.db'\n", (2, "store.url", "store_url"), id="no URL"),
        pytest.param(
            "[store]\nurl = 'postgres://h:port/x'\n", (2, "store.url", "store_url"), id="bad port"
        ),
        pytest.param(
            "[channels.wecom_robot]\nbot_id='b'\n",
            (1, "channels.wecom_robot.secret", "channel_empty"),
            id="no secret",
        ),
        pytest.param(
            "[channels.WeCom]\nkind = 'wecom_robot'\nenabled = false\n",
            (1, "channels.WeCom", "channel_name"),
            id="capital letters",
        ),
        pytest.param(
            "[channels.wecom_robot]\nenabled = false\nnames = 3\n",
            (3, "channels.wecom_robot.names", "setting_list"),
            id="names",
        ),
        pytest.param(
            "[channels.wecom_robot]\nenabled = false\nfax = 3\n",
            (3, "channels.wecom_robot.fax", "key_unknown"),
            id="channel key",
        ),
        pytest.param(
            "[channels.x]\nkind = 'fax'\n",
            (2, "channels.x.kind", "channel_kind"),
            id="no such kind",
        ),
        pytest.param(
            "[http]\npublic_url = 'grid.example.cn'\n",
            (2, "http.public_url", "web_address"),
            id="an address without https",
        ),
        pytest.param(
            "[channels.wecom_robot]\nbot_id = 'b'\nsecret = 's'\napi_base = 'https//example.cn'\n",
            (4, "channels.wecom_robot.api_base", "web_address"),
            id="no platform's address",
        ),
        pytest.param(
            "[channels.sms]\nenabled = false\nprovider = 'huawei'\n",
            (3, "channels.sms.provider", "setting_choice"),
            id="none of the choices",
        ),
        pytest.param(
            "[channels.official_account]\nenabled = false\nmode = 'secret'\n",
            (3, "channels.official_account.mode", "setting_choice"),
            id="none of the modes",
        ),
    ],
)
def test_faults_name_the_line(tmp_path: Path, text: str, fault: tuple[int, str, str]) -> None:
    assert found(write(tmp_path, text)) == [(FILE, *fault)]


ROBOT = "[channels.{}]\nkind = 'wecom_robot'\nbot_id = '{}'\nsecret = 's'\n{}"


@pytest.mark.parametrize(
    ("text", "twice"),
    [
        pytest.param(
            ROBOT.format("a", "b1", "") + ROBOT.format("b", "b1", ""), True, id="one robot"
        ),
        pytest.param(
            ROBOT.format("a", "b1", "") + ROBOT.format("b", "b2", ""), False, id="two robots"
        ),
        pytest.param(
            ROBOT.format("a", "b1", "") + ROBOT.format("b", "b1", "enabled = false\n"),
            False,
            id="one of them is off",
        ),
    ],
)
def test_two_sections_of_one_account_are_told_of(tmp_path: Path, text: str, twice: bool) -> None:
    write(tmp_path, text)
    if twice:
        assert found(tmp_path) == [(FILE, 7, "channels.b.bot_id", "channel_twice")]
    else:
        assert set(Settings.load(tmp_path).channels) == {"a", "b"}


@pytest.mark.parametrize("kind", _kinds.kinds())
def test_every_kind_says_whom_its_platform_knows_it_as(kind: str) -> None:
    """With what it needs filled in; text messages, a webhook and a gateway may well stand twice."""
    shape = _kinds.find(kind).Settings
    section = shape.model_validate({"kind": kind, **dict.fromkeys(shape.known_by, "7")})
    alone = kind in ("sms", "wecom_webhook", "onebot")
    assert section.known_as() == (() if alone else (kind, *["7"] * len(shape.known_by)))
    assert bool(shape.known_by) is not alone


def test_what_may_be_written_is_named(tmp_path: Path) -> None:
    write(tmp_path, "[channels.sms]\nenabled = false\nprovider = 'huawei'\n")
    with pytest.raises(Faults, match="aliyun, tencent"):
        Settings.load(tmp_path)


KEYED = [kind for kind in _kinds.kinds() if "aes_key" in _kinds.find(kind).Settings.model_fields]


@pytest.mark.parametrize("kind", KEYED)
@pytest.mark.parametrize("key", ["short", "!" * 43, "x" * 44], ids=["short", "signs", "long"])
def test_a_key_the_channel_could_not_start_with_is_a_fault(
    tmp_path: Path, kind: str, key: str
) -> None:
    write(tmp_path, f"[channels.{kind}]\nenabled = false\naes_key = '{key}'\n")
    assert found(tmp_path) == [(FILE, 3, f"channels.{kind}.aes_key", "aes_key")]
    with pytest.raises(Faults) as caught:
        Settings.load(tmp_path)
    assert "43" in str(caught.value)
    assert key not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "field", "key"),
    [
        pytest.param("GRIDBOT_HTTP__PORT", "eighty", "http.port", "port", id="port"),
        pytest.param("GRIDBOT_HTTP__PROT", "80", "http.prot", "key_unknown", id="misspelt"),
        pytest.param("GRIDBOT_QUIET__HOURS", "x", "quiet.hours", "quiet", id="quiet hours"),
        pytest.param("GRIDBOT_STORE__URL", "x", "store.url", "store_url", id="store"),
        pytest.param(
            "GRIDBOT_CHANNELS__WECOM_ROBOT__ENABLED",
            "so",
            "channels.wecom_robot.enabled",
            "setting_bool",
            id="truth",
        ),
    ],
)
def test_faults_name_the_variable(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, field: str, key: str
) -> None:
    monkeypatch.setenv(name, value)
    assert found(folder) == [(name, 0, field, key)]


def test_a_variable_that_is_no_json(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRIDBOT_CHANNELS", "{bad")
    assert found(folder) == [("GRIDBOT_*", 0, "", "setting")]


def test_secrets_are_never_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(
        tmp_path,
        "[channels.x]\nsecret = 987654\nurl = 987654\n[store]\nurl = 'mysql://u:987654@h/x'\n",
    )
    with pytest.raises(Faults) as caught:
        Settings.load(tmp_path)
    assert "987654" not in f"{caught.value} {caught.value!r}"
    write(
        tmp_path,
        "[channels.x]\nenabled = false\nsecret = 'pass987654'\n[store]\nurl = 'postgres://u:987654@h/x'\n",
    )
    assert "987654" not in repr(Settings.load(tmp_path))


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("", "sqlite+aiosqlite:///{folder}/gridbot.sqlite3"),
        ("sqlite:///data/my.db", "sqlite+aiosqlite:///{folder}/data/my.db"),
        ("sqlite+aiosqlite:////var/my.db", "sqlite+aiosqlite:////var/my.db"),
        ("sqlite:///:memory:", "sqlite+aiosqlite:///:memory:"),
        ("postgres://h/x", "postgresql+asyncpg://h/x"),
        (
            "postgresql://u:p%40@h:5433/x?ssl=require",
            "postgresql+asyncpg://u:p%40@h:5433/x?ssl=require",
        ),
        ("postgresql+asyncpg:///x?host=/run/pg", "postgresql+asyncpg:///x?host=/run/pg"),
    ],
)
def test_store_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str, url: str) -> None:
    monkeypatch.chdir("/")
    write(tmp_path, f'[store]\nurl = "{given}"\n')
    assert Settings.load(tmp_path).store.url == url.format(folder=tmp_path.resolve())


def test_a_relative_folder_gives_an_absolute_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "")
    monkeypatch.chdir(tmp_path.parent)
    url = Settings.load(Path(tmp_path.name)).store.url
    assert url == f"sqlite+aiosqlite:///{tmp_path.resolve()}/gridbot.sqlite3"


@pytest.mark.parametrize("hours", ["", "off", " off "])
def test_quiet_hours_may_be_none(tmp_path: Path, hours: str) -> None:
    assert Settings.load(write(tmp_path, f"[quiet]\nhours = '{hours}'\n")).quiet.span is None


def test_a_deployment_is_loaded_with_its_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_sample(tmp_path / "city")
    monkeypatch.setenv("GRIDBOT_DEPLOYMENT__BACKSTOP", "l.c1")
    assert load(tmp_path / "city").backstop == "l.c1"
    monkeypatch.setenv("GRIDBOT_DEPLOYMENT__BACKSTOP", "r.wang")
    with pytest.raises(Faults) as caught:
        load(tmp_path / "city")
    assert [one.file for one in caught.value.faults] == ["GRIDBOT_DEPLOYMENT__BACKSTOP"]
