"""One request to an OpenAI-compatible endpoint, and its answer, believed only once checked."""

import asyncio
import re
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import aiohttp
import orjson
from pydantic import BaseModel, Field, ValidationError

from bot.advice.advised import Advice
from bot.advice.settings import AdviceSettings
from bot.understanding.kinds import RESIDENT_KINDS
from domain.rules import CODES

AT_ONCE = 4  # requests of a process at the same time
BIGGEST = 64 * 1024  # bytes of an answer; a good one has a few hundred
_MOST_TOKENS = 200  # of the answer
_OK, _DENIED, _LIMITED = 200, (401, 403), 429
_SECONDS = re.compile("[0-9]{1,6}")
_SHORT, _LONG = timedelta(minutes=1), timedelta(hours=1)


class Outcome(StrEnum):
    """What came of asking; the label of a metric."""

    GOOD = "good"
    SLOW = "slow"  # not within the time limit
    AWAY = "away"  # no connection, or one that broke
    DENIED = "denied"  # 401, 403: the key
    LIMITED = "limited"  # 429
    STATUS = "status"  # any other status but 200, redirects among them
    HUGE = "huge"
    BROKEN = "broken"  # not the JSON that was asked for, or a refusal
    SPENT = "spent"  # the month's budget
    EMPTY = "empty"  # nothing was left to send
    BUG = "bug"


class Failed(Exception):
    """No opinion came; `rest` is how long nobody should ask again."""

    def __init__(self, outcome: Outcome, rest: timedelta = timedelta()) -> None:
        super().__init__(outcome.value)
        self.outcome, self.rest = outcome, rest


@dataclass(frozen=True, slots=True)
class Answer:
    """An opinion, and the tokens the endpoint says it took (0 when it does not say)."""

    advice: Advice
    tokens: int


class _Message(BaseModel):
    content: str


class _Choice(BaseModel):
    message: _Message


class _Usage(BaseModel):
    total_tokens: Annotated[int, Field(ge=0, le=10_000_000)] = 0


class _Completion(BaseModel):
    choices: Annotated[list[_Choice], Field(min_length=1)]
    usage: _Usage | None = None


class Endpoint:
    """Asks one endpoint; never twice about the same, never follows it elsewhere."""

    def __init__(self, settings: AdviceSettings, session: aiohttp.ClientSession) -> None:
        self._session = session
        self._url = settings.base_url.strip().rstrip("/") + "/chat/completions"
        key = settings.key.get_secret_value().strip()
        self._headers = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
        self._headers |= {"Authorization": f"Bearer {key}"} if key else {}
        self._body = _body(settings.model)

    async def ask(self, words: str, within: timedelta) -> Answer:
        """The opinion on these words, which hold nothing private any more. Raises Failed."""
        try:
            async with asyncio.timeout(within.total_seconds()):
                raw = await self._post(words)
        except TimeoutError as error:
            raise Failed(Outcome.SLOW) from error
        except (aiohttp.ClientError, OSError) as error:
            raise Failed(Outcome.AWAY) from error
        try:
            completion = _Completion.model_validate_json(raw)
            advice = Advice.model_validate_json(completion.choices[0].message.content)
        except ValidationError as error:
            raise Failed(Outcome.BROKEN) from error
        return Answer(advice, completion.usage.total_tokens if completion.usage else 0)

    async def _post(self, words: str) -> bytes:
        messages = [*self._body["messages"], {"role": "user", "content": words}]
        data = orjson.dumps({**self._body, "messages": messages})
        async with self._session.post(
            self._url, data=data, headers=self._headers, allow_redirects=False
        ) as response:
            _check(response)
            raw = bytearray()
            async for part in response.content.iter_chunked(8192):
                raw += part
                if len(raw) > BIGGEST:
                    raise Failed(Outcome.HUGE)
            return bytes(raw)


@asynccontextmanager
async def open_endpoint(settings: AdviceSettings) -> AsyncIterator[Endpoint | None]:
    """The endpoint of a deployment; None when no second opinions are wanted."""
    if not settings.enabled:
        yield None
        return
    session = aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=AT_ONCE),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,  # what was sent is what counts as big
    )
    async with session:
        yield Endpoint(settings, session)


def _check(response: aiohttp.ClientResponse) -> None:
    """Raise Failed unless the endpoint answers at all."""
    if response.status in _DENIED:
        raise Failed(Outcome.DENIED, _LONG)
    if response.status == _LIMITED:
        said = _SECONDS.fullmatch(response.headers.get("Retry-After", ""))
        asked = timedelta(seconds=int(said[0])) if said else _SHORT
        raise Failed(Outcome.LIMITED, min(max(asked, _SHORT), _LONG))
    if response.status != _OK:
        raise Failed(Outcome.STATUS)


def _body(model: str) -> dict[str, Any]:
    """A request without the words: the lists of the guideline as a strict schema."""
    words = tomllib.loads(Path(__file__).with_name("advice.toml").read_text("utf-8"))
    lists = [
        "\n".join([f"{part}:", *(f"- {code}：{words[part][code]}" for code in codes)])
        for part, codes in (("intents", RESIDENT_KINDS), ("categories", CODES))
    ]
    schema = {
        "type": "object",
        "properties": {
            "intent": {"type": "string", "enum": list(RESIDENT_KINDS)},
            "category": {"type": "string", "enum": list(CODES)},
            "urgent": {"type": "boolean"},
        },
        "required": ["intent", "category", "urgent"],
        "additionalProperties": False,
    }
    return {
        "model": model,
        "temperature": 0,
        "max_tokens": _MOST_TOKENS,
        "messages": [{"role": "system", "content": "\n".join([words["prompt"].strip(), *lists])}],
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "advice", "strict": True, "schema": schema},
        },
    }
