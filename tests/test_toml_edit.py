"""Setting keys in a TOML file: what a person wrote around them stays."""

import tomllib

import pytest

from bot.deployment.toml_edit import with_values

A = ("channels", "a")


@pytest.mark.parametrize(
    ("before", "table", "values", "after"),
    [
        pytest.param("", A, {"x": "1"}, '\n[channels.a]\nx = "1"\n', id="nothing there yet"),
        pytest.param(
            "[channels.a] # mine\n# why\ny = 2\n",
            A,
            {"x": "1"},
            '[channels.a] # mine\nx = "1"\n# why\ny = 2\n',
            id="a new key",
        ),
        pytest.param(
            '[channels.a]\nx = "#"  # old # one\n[b]\nx = 1\n',
            A,
            {"x": "new"},
            '[channels.a]\nx = "new"  # old # one\n[b]\nx = 1\n',
            id="another value",
        ),
        pytest.param(
            "[channels.a]\nx = ''\n[channels.a.b]\nx = 3\n",
            A,
            {"x": "1", "on": True},
            '[channels.a]\non = true\nx = "1"\n[channels.a.b]\nx = 3\n',
            id="a table below",
        ),
        pytest.param(
            "[channels.a.b]\nx = 3\n",
            A,
            {"x": ["y", "z"]},
            '[channels.a.b]\nx = 3\n\n[channels.a]\nx = ["y", "z"]\n',
            id="only a table below",
        ),
        pytest.param(
            "[ channels . 'a' ]\r\nx = 1\r\n",
            A,
            {"x": False},
            "[ channels . 'a' ]\r\nx = false\r\n",
            id="Windows, and spaces",
        ),
        pytest.param(
            "# [channels.a]\n# x = 1\n",
            A,
            {"x": "1"},
            '# [channels.a]\n# x = 1\n\n[channels.a]\nx = "1"\n',
            id="only a comment",
        ),
        pytest.param(
            "[channels.a]\n", A, {"x": '说"\\\n'}, '[channels.a]\nx = "说\\"\\\\\\n"\n', id="signs"
        ),
        pytest.param("[h]\n", (*A, "k"), {"1": "f"}, '[h]\n\n[channels.a.k]\n1 = "f"\n', id="deep"),
    ],
)
def test_a_key_is_set(before: str, table: tuple[str, ...], values: dict, after: str) -> None:
    assert with_values(before, table, values) == after
    part = tomllib.loads(after)
    for key in table:
        part = part[key]
    assert {key: part[key] for key in values} == values


@pytest.mark.parametrize(
    ("before", "values"),
    [
        pytest.param("channels = {a = {y = 1}}\n", {"x": "1"}, id="written in one line"),
        pytest.param("channels.a.y = 1\n", {"x": "1"}, id="dotted keys"),
        pytest.param("[channels]\na.y = 1\n", {"x": "1"}, id="dotted below a table"),
        pytest.param("[channels.a]\nx = [\n 1,\n]\n", {"x": "1"}, id="over several lines"),
        pytest.param("[channels.a]\nx = 1\nx = 2\n", {"y": "1"}, id="broken before"),
        pytest.param("channels = 3\n", {"y": "1"}, id="no table"),
        pytest.param("[channels]\na = 3\n", {"y": "1"}, id="a value in its place"),
        pytest.param('s = """\n[channels.a]\n"""\n[channels.a]\n', {"y": "1"}, id="inside a text"),
    ],
)
def test_what_is_not_certain_is_left_alone(before: str, values: dict) -> None:
    assert with_values(before, A, values) is None
