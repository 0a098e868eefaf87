"""The kinds of the label guideline, and which of them each intent of the program counts as.

The program's intents say which handler answers; the guideline's kinds (its section 1) say what a
message is. Files of labelled messages, corrections and figures speak in kinds.
"""

from collections.abc import Mapping
from types import MappingProxyType

RESIDENT_KINDS = tuple(
    "report inquiry suggestion appointment progress confirm_ok confirm_bad cancel volunteer chat "
    "ad other".split()
)
STAFF_KINDS = tuple(
    "worker_accept worker_arrive worker_done worker_transfer worker_escalate worker_visit "
    "worker_help".split()
)
KINDS = (*RESIDENT_KINDS, *STAFF_KINDS)
# Only these carry a category (guideline, section 2).
WITH_CATEGORY = frozenset("report inquiry suggestion appointment progress".split())

# Where a message says where: of chatter, adverts and answers the guideline (section 4) wants none.
WITH_LOCATION = frozenset(
    ("report", "inquiry", "suggestion", "appointment", "progress", "other", *STAFF_KINDS)
)

# What the program tells apart and the guideline does not: the kind for residents, and for staff.
_COUNTED_AS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "worker_return": ("other", "worker_transfer"),
        "worker_extend": ("other", "worker_escalate"),
        "my_cases": ("inquiry", "worker_help"),
        "help": ("inquiry", "worker_help"),
        "confirm_basic": ("confirm_ok", "confirm_ok"),
        "bind_me": ("other", "other"),
        "bind_grid": ("other", "other"),
        "place_answer": ("other", "other"),
        "choice": ("other", "other"),
        "reason": ("other", "other"),
        "same_matter": ("other", "other"),
        "apart": ("other", "other"),
        "picture": ("other", "other"),
        "recalled": ("other", "other"),
        "entered": ("other", "other"),
        "not_a_case": ("other", "other"),
        "reclassify": ("other", "other"),
        "open_case": ("other", "worker_accept"),
        "visited": ("other", "worker_visit"),
        "checked": ("other", "worker_visit"),
        "visits_today": ("inquiry", "worker_help"),
        "not_his": ("other", "worker_help"),
        "appointment_move": ("appointment", "appointment"),
        "appointment_cancel": ("cancel", "cancel"),
        "appointment_done": ("other", "worker_done"),
        "appointment_absent": ("other", "worker_visit"),
    }
)


def kind_of(intent: str, *, staff: bool) -> str:
    """The guideline's kind for an intent of the program; `other` for one nobody listed."""
    if intent in KINDS:
        return intent
    resident, worker = _COUNTED_AS.get(intent, ("other", "other"))
    return worker if staff else resident
