"""Indexes over some of a table's rows, the same on both databases."""

from typing import Any

from sqlalchemy import Index, MetaData


class Partial(Index):
    """An index over the rows for which `where` holds.

    A dialect hears of the condition when statements are made for it (`tell`): to name one loads it,
    and each takes 3 MB.
    """

    inherit_cache = False

    def __init__(self, name: str, *columns: Any, where: Any) -> None:
        super().__init__(name, *columns)
        self.where = where


def tell(metadata: MetaData, dialect: str) -> None:
    """Let a dialect ("sqlite", "postgresql") know the conditions of all partial indexes."""
    for table in metadata.tables.values():
        for index in table.indexes:
            if isinstance(index, Partial):
                index.dialect_options[dialect]["where"] = index.where
