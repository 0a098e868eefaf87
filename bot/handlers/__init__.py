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
    "appointment_move": "appointment_move",
    "appointment_done": "appointment_done",
    "appointment_absent": "appointment_absent",
    "volunteer_accept": "volunteer_accept",
    "volunteer_decline": "volunteer_decline",
    "volunteer_done": "volunteer_done",
    "volunteer_again": "volunteer_again",
    "care_confirm": "care_confirm",
    "care_accept": "care_accept",
    "care_looked": "care_looked",
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
