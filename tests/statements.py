"""SQL as it was written for a statement once: many stores are opened in one process, all alike."""

from collections.abc import Callable
from functools import partial
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine


class Written(dict[tuple[Any, ...], Any]):
    """What statements were compiled to, for every engine of one kind of database."""

    @staticmethod
    def _kind(key: tuple[Any, ...]) -> tuple[Any, ...]:
        dialect, *statement = key
        return (type(dialect), *statement)

    def get(self, key: tuple[Any, ...], default: Any = None) -> Any:
        return super().get(self._kind(key), default)

    def __setitem__(self, key: tuple[Any, ...], compiled: Any) -> None:
        super().__setitem__(self._kind(key), compiled)


def written_once() -> Callable[..., AsyncEngine]:
    """What makes engines that share what they write; for the place of `create_async_engine`."""
    return partial(create_async_engine, execution_options={"compiled_cache": Written()})
