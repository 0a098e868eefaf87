"""Memory of the process: what was needed for a while is handed back; what stays is not walked."""

import ctypes
import gc
from collections.abc import Iterator
from contextlib import contextmanager, suppress


def give_back() -> None:
    """Hand what reading left behind back to the system; glibc keeps it otherwise.

    With 100,000 people and the model it is a fifth of the process (docs/performance.md).
    """
    with suppress(OSError, AttributeError):  # another C library
        ctypes.CDLL(None).malloc_trim(0)


@contextmanager
def no_collection() -> Iterator[None]:
    """Hold the garbage collector: walking again and again what is new and stays takes long."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()
