"""What WeCom accepts from a robot: the published limits of wechat.md 1a.5 and 1a.7, strictly.

`fault` returns the reason of a refusal, or None when the frame is right.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

BAD_PARAMETER = 40058
TOO_OFTEN = 45009
INVALID_CHAT = 93006
INVALID_REQ_ID = 846605
STREAM_EXPIRED = 846608

MAX_CONTENT = 20480
_TASK_ID = re.compile(r"[0-9A-Za-z_\-@]{1,128}")

Body = Mapping[str, Any]

# cmd -> the kind of callback whose req_id it answers (1a.7); a push answers nothing.
ANSWERS = {
    "aibot_respond_msg": "msg",
    "aibot_respond_welcome_msg": "enter",
    "aibot_respond_update_msg": "card",
}
PUSH = "aibot_send_msg"


def fault(cmd: str, body: object, *, chat_type_needed: bool = True) -> str | None:
    """Why the body of this command is wrong, or None."""
    if not isinstance(body, dict):
        return "body is not an object"
    try:
        problem = _BODIES[cmd](body)
    except (KeyError, TypeError, AttributeError) as error:
        return f"malformed: {error!r}"
    return _place(body, chat_type_needed) if problem is None and cmd == PUSH else problem


def _respond(body: Body) -> str | None:
    match body.get("msgtype"):
        case "stream":
            return _stream(body.get("stream"))
        case "template_card":
            return card_fault(body.get("template_card"))
        case "markdown":
            return _content(body.get("markdown"))
        case other:
            return f"msgtype {other!r} is no reply to a message"


def _welcome(body: Body) -> str | None:
    match body.get("msgtype"):
        case "text":
            return _content(body.get("text"))
        case "template_card":
            return card_fault(body.get("template_card"))
        case other:
            return f"msgtype {other!r} is no welcome"


def _update(body: Body) -> str | None:
    if body.get("response_type") != "update_template_card":
        return "response_type is not update_template_card"
    card = body.get("template_card")
    if isinstance(card, dict) and not card.get("task_id"):
        return "a card update needs the task_id"
    return card_fault(card)


def _push(body: Body) -> str | None:
    match body.get("msgtype"):
        case "markdown":
            return _content(body.get("markdown"))
        case "template_card":
            return card_fault(body.get("template_card"))
        case other:
            return f"msgtype {other!r} cannot be pushed"


_BODIES: Mapping[str, Callable[[Body], str | None]] = {
    "aibot_respond_msg": _respond,
    "aibot_respond_welcome_msg": _welcome,
    "aibot_respond_update_msg": _update,
    PUSH: _push,
}


def _place(body: Body, chat_type_needed: bool) -> str | None:
    if not isinstance(body.get("chatid"), str) or not body["chatid"]:
        return "chatid is missing"
    given = body.get("chat_type")
    if given is None and not chat_type_needed:
        return None
    return None if given in (1, 2) and given is not True else "chat_type is not 1 or 2"


def _content(holder: object) -> str | None:
    content = holder.get("content") if isinstance(holder, dict) else None
    if not isinstance(content, str) or not content:
        return "content is missing"
    if len(content.encode("utf-8", "surrogatepass")) > MAX_CONTENT:
        return "content is over 20480 bytes"
    return None


def _stream(stream: object) -> str | None:
    if not isinstance(stream, dict) or not isinstance(stream.get("id"), str) or not stream["id"]:
        return "stream without an id"
    if not isinstance(stream.get("finish"), bool):
        return "stream without finish"
    if "msg_item" in stream:
        return "msg_item is not for the long connection"
    return _content(stream)


# Where a text stands in a card, and how many characters it may have (1a.5).
_TEXTS = (
    (("source", "desc"), 13),
    (("main_title", "title"), 26),
    (("main_title", "desc"), 30),
    (("sub_title_text",), 112),
)


def card_fault(card: object) -> str | None:
    """Why a template card would be refused, or None."""
    if not isinstance(card, dict):
        return "template_card is missing"
    checks = (_card_texts, _card_fields, _card_buttons, _card_kind, _card_task)
    return next((problem for check in checks if (problem := check(card))), None)


def _card_texts(card: Body) -> str | None:
    for path, limit in _TEXTS:
        value: Any = card
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        if value is not None and (not isinstance(value, str) or len(value) > limit):
            return f"{'.'.join(path)} is no text of at most {limit} characters"
    if not card.get("sub_title_text") and not (card.get("main_title") or {}).get("title"):
        return "a card without a title"
    return None


def _card_fields(card: Body) -> str | None:
    fields = card.get("horizontal_content_list", [])
    if not isinstance(fields, list) or len(fields) > 6:
        return "horizontal_content_list has more than 6"
    for one in fields:
        if len(one["keyname"]) > 5 or len(one["value"]) > 26:
            return "a field is over 5 or 26 characters"
    return None


def _card_buttons(card: Body) -> str | None:
    buttons = card.get("button_list", [])
    if not isinstance(buttons, list) or len(buttons) > 6:
        return "button_list has more than 6"
    for one in buttons:
        if not one.get("text") or len(one["text"]) > 10 or one.get("style") not in (1, 2, 3, 4):
            return "a button's text or style is wrong"
        if not one.get("key") or len(one["key"].encode()) > 1024:
            return "a button's key is wrong"
    keys = [one["key"] for one in buttons]
    return None if len(set(keys)) == len(keys) else "button keys are not unique"


def _card_kind(card: Body) -> str | None:
    match card.get("card_type"):
        case "button_interaction":
            return None if card.get("button_list") else "button_interaction without buttons"
        case "text_notice":
            action = card.get("card_action") or {}
            opens = action.get("type") == 1 and action.get("url")
            return None if opens else "text_notice without a card_action"
        case other:
            return f"card_type {other!r} is not spoken here"


def _card_task(card: Body) -> str | None:
    task_id = card.get("task_id")
    if task_id is None:
        return "no task_id" if card.get("card_type") == "button_interaction" else None
    return None if _TASK_ID.fullmatch(str(task_id)) else "task_id has wrong characters"
