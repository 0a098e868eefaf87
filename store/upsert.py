"""`INSERT ... ON CONFLICT` of the database in use: the one dialect that is needed is loaded."""

from functools import cache
from importlib import import_module
from typing import Any

from store.engine import Store


def upsert(store: Store, table: Any) -> Any:
    """`INSERT ... ON CONFLICT` of this store's dialect, for `table`."""
    return dialect_insert(sqlite=store.sqlite)(table)


@cache
def dialect_insert(*, sqlite: bool) -> Any:
    """The dialect's own `insert`; a dialect takes 3 MB, and most stores need one of them.

    Raises ImportError where SQLAlchemy lacks the dialect.
    """
    name = "sqlite" if sqlite else "postgresql"
    return import_module(f"sqlalchemy.dialects.{name}").insert
