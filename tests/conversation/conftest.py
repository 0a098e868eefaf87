"""The store of these tests: the SQLite one; what is shown here does not depend on the database."""

import pytest

from tests.conversation.town import town


@pytest.fixture
def database() -> str:
    return "sqlite"


@pytest.fixture
def open_town(deployment, store):
    """Opens a town with the named channels."""
    return lambda *names: town(deployment, store, *names)
