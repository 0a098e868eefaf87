"""The sentences the demo's server answers with; they stand in templates/web/words.toml."""

import tomllib
from pathlib import Path

WEB_TEMPLATES = Path(__file__).resolve().parent.parent / "templates" / "web"


def load_words() -> dict[str, str]:
    """The page's error sentences by key."""
    with (WEB_TEMPLATES / "words.toml").open("rb") as file:
        table = tomllib.load(file)
    return {str(key): str(value) for key, value in table["errors"].items()}
