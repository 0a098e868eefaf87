"""What holds for every kind of channel there is, and for the next one as well."""

import ast
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.channels import _kinds

HERE = Path(__file__).parent
# Where each kind's logs are searched for its secrets, while it works and while it fails.
LOOKS = {
    "official_account": "test_official_account.py::test_no_secret_in_a_log_nor_in_an_answer",
    "onebot": "test_onebot.py::test_it_says_why_it_should_not_be_used_and_no_secret_or_word_of_anybody",
    "sms": "test_sms.py::test_nothing_secret_and_no_number_reaches_a_log_or_an_error",
    "wecom_app": "test_wecom_app.py::test_no_secret_reaches_a_log",
    "wecom_archive": "test_wecom_archive.py::test_no_secret_and_no_words_in_a_log",
    "wecom_groups": "test_wecom_groups.py::test_no_secret_in_a_log_nor_in_an_answer",
    "wecom_kf": "test_wecom_kf.py::test_no_secret_in_a_log_nor_in_an_answer",
    "wecom_robot": "test_wecom_connection.py::test_no_secret_in_a_log_whatever_happens",
    "wecom_webhook": "test_wecom_webhook.py::test_no_secret_in_a_log",
}


def test_no_kind_lacks_its_look_into_the_logs() -> None:
    assert LOOKS.keys() == set(_kinds.kinds())
    for look in LOOKS.values():
        file, _, name = look.partition("::")
        there = ast.parse((HERE / file).read_text("utf-8")).body
        assert name in {getattr(node, "name", "") for node in there}, look


@pytest.mark.parametrize("kind", _kinds.kinds())
def test_every_secret_of_a_section_is_named(kind: str) -> None:
    shape = _kinds.find(kind).Settings
    hidden = [
        name for name, field in shape.model_fields.items() if "SecretStr" in str(field.annotation)
    ]
    given = {
        name: {"wrX": f"{name}-0001"}
        if "dict" in str(shape.model_fields[name].annotation)
        else name.replace("_", "").ljust(43, "x")
        for name in hidden
    }
    section = shape(**given)
    values = [
        value
        for one in given.values()
        for value in (one.values() if isinstance(one, dict) else [one])
    ]
    assert values, "a channel without a secret?"
    assert set(values) <= set(section.secrets())
    assert [one for one in values if one in repr(section) + str(section.model_dump())] == []
    assert all(isinstance(getattr(section, name), SecretStr | dict) for name in hidden)
