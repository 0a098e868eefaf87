"""WeCom group robots by webhook: what is posted, within its limits (wechat.md 1b). Pure."""

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.channels._wecom_replies import cut_bytes, template_card
from bot.channels.base import Blob, SendError
from domain.messages import Card, Outbound

Body = dict[str, Any]
TEXT, MARKDOWN = 2048, 4096  # bytes
LIMITS: Mapping[str, int] = {"text": TEXT, "markdown": MARKDOWN, "markdown_v2": MARKDOWN}
IMAGE = 2 * 1024 * 1024
ARTICLES = 8
_TITLE, _DESCRIPTION = 128, 512  # bytes
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
_MOBILE = re.compile(r"1\d{10}")
_PERSON = re.compile(r"(?!@all\Z)[^\s<>|]{1,128}", re.IGNORECASE)  # never everybody
# Clients turn `<@...>` into a mention, even in plain text.
_LIVE = re.compile(r"<(?=\s*/?\s*(?:a\b|@))", re.IGNORECASE)
_INERT = "\uff1c"


@dataclass(frozen=True, slots=True)
class Article:
    """One entry of news; `url` is where it leads."""

    title: str
    url: str
    description: str = ""
    picture: str = ""


def body(outbound: Outbound, shape: str, card_url: str) -> Body:
    """What says an Outbound, in a text or in Markdown; a card where that loses nothing.

    A card has no mentions, so where people are spoken to it is words.
    """
    people = [one for one in outbound.to if _PERSON.fullmatch(one)]
    card = _notice(outbound.card, card_url) if outbound.card and not people else None
    if card is not None:
        return {"msgtype": "template_card", "template_card": card}
    if shape == "text":
        return {"msgtype": "text", "text": _text(outbound.text, people)}
    ids = [one for one in people if not _MOBILE.fullmatch(one)]
    called = "" if shape == "markdown_v2" else "".join(f"<@{one}>" for one in ids)
    room = MARKDOWN - len(called.encode())
    words = cut_bytes(outbound.text, room)
    return {"msgtype": shape, shape: {"content": words + called}}


def image(blob: Blob) -> Body:
    """A picture. Raises SendError for what is none, or too large."""
    if not blob.data.startswith(_PICTURES):
        raise SendError("an image must be JPG or PNG")
    if len(blob.data) > IMAGE:
        raise SendError("an image must not be larger than 2 MB")
    digest = hashlib.md5(blob.data, usedforsecurity=False).hexdigest()
    return {
        "msgtype": "image",
        "image": {"base64": base64.b64encode(blob.data).decode(), "md5": digest},
    }


def news(articles: Sequence[Article]) -> Body:
    """Articles, cut to their limits. Raises SendError for none, too many, or one without a link."""
    if not 1 <= len(articles) <= ARTICLES or not all(one.url for one in articles):
        raise SendError("news must have one to eight articles with a link each")
    return {"msgtype": "news", "news": {"articles": [_article(one) for one in articles]}}


def _article(one: Article) -> Body:
    found = {"title": cut_bytes(one.title, _TITLE), "url": one.url}
    if one.description:
        found["description"] = cut_bytes(one.description, _DESCRIPTION)
    if one.picture:
        found["picurl"] = one.picture
    return found


def _text(words: str, people: Iterable[str]) -> Body:
    found: Body = {"content": cut_bytes(_LIVE.sub(_INERT, words), TEXT)}
    mobiles = [one for one in people if _MOBILE.fullmatch(one)]
    ids = [one for one in people if not _MOBILE.fullmatch(one)]
    if ids:
        found["mentioned_list"] = ids
    if mobiles:
        found["mentioned_mobile_list"] = mobiles
    return found


def _notice(card: Card, url: str) -> Body | None:
    """A card that only tells; None with buttons, which no webhook can show."""
    if card.buttons or not url:
        return None
    found = template_card(card, url)
    if found is not None:
        found.pop("task_id", None)  # nothing is ever clicked
    return found
