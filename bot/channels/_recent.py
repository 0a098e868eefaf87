"""What was met last, in bounded memory."""

from collections import OrderedDict
from typing import TypeVar

from typing_extensions import override

_K = TypeVar("_K")
_V = TypeVar("_V")


class Recent(OrderedDict[_K, _V]):
    """A dict that keeps the `limit` entries that were set last."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.limit = limit

    @override
    def __setitem__(self, key: _K, value: _V) -> None:
        super().__setitem__(key, value)
        self.move_to_end(key)
        while len(self) > self.limit:
            self.popitem(last=False)
