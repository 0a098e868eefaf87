"""One file, one thing people can say; found by folder, one handler for each intent."""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules

from bot.turn import Handler

# What pressing a button means: the same intents as the words on it.
BUTTONS: Mapping[str, str] = {
    "accept": "worker_accept",
    "arrive": "worker_arrive",
    "finish": "worker_done",
    "transfer": "worker_transfer",
    "return": "worker_return",
    "extend": "worker_extend",
    "report_up": "worker_escalate",
    "satisfied": "confirm_ok",
    "dissatisfied": "confirm_bad",
    "withdraw": "cancel",
    "post": "post_copy",
}


def load() -> dict[str, Handler]:
    """Every handler by intent. Raises RuntimeError when two claim the same intent."""
    found: dict[str, Handler] = {}
    for module in iter_modules(__path__):
        handler: Handler = import_module(f"{__name__}.{module.name}").HANDLER
        for intent in handler.intents:
            if intent in found:
                raise RuntimeError(
                    f"two handlers for {intent!r}: one is bot/handlers/{module.name}.py"
                )
            found[intent] = handler
    return found
