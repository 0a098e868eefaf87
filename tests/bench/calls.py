"""What a platform posts to a callback: good calls, the same message again, and what nobody should.

Sealed before the clock starts, so that what is timed is the service and a thin client.
"""

import base64
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from bot.channels._envelope import Envelope

CHANNEL, AGENT = "wecom_app", "1000002"
CORP, TOKEN = "wwbench0123456789", "BenchToken2026"
AES_KEY = base64.b64encode(bytes(range(32))).decode().rstrip("=")
PEOPLE = 977
WORDS = ("楼下的快递我拿回来了", "明天几点开门呀", "谢谢网格员", "路灯又亮了", "今天人真多")
LONG = 300_000  # characters: more than any callback has


@dataclass(frozen=True, slots=True)
class Call:
    """One request; `id` is the message's, `case` names what is wrong with it."""

    id: str
    raw: bytes
    case: str = ""


class Calls:
    """Makes them; every message of a run is another one."""

    def __init__(self, seed: int, path: str = f"/callback/{CHANNEL}") -> None:
        self._rng = random.Random(seed)  # noqa: S311 - load, not secrets
        self._path = path
        self._envelope = Envelope(TOKEN, AES_KEY, CORP)
        self._first = (seed % 10_000) * 10**12
        self._made = 0

    def good(self, count: int) -> list[Call]:
        """That many new messages."""
        return [self._call(self._next()) for _ in range(count)]

    def again(self, count: int, share: float = 0.1, gap: int = 50) -> list[Call]:
        """New messages, some of them called a second time soon after, signed anew."""
        slots: list[tuple[float, Call]] = []
        for place, number in enumerate([self._next() for _ in range(count)]):
            slots.append((place, self._call(number)))
            if self._rng.random() < share:
                slots.append((place + self._rng.uniform(1, gap), self._call(number)))
        return [call for _, call in sorted(slots, key=lambda slot: slot[0])]

    def bad(self) -> Iterator[Call]:
        """One of each kind that must not be taken, or not harm."""
        plain = self._plain(self._next())
        sealed = self._envelope.seal(plain)
        stamp, nonce = str(int(time.time())), self._nonce()
        signed = self._query(sealed, stamp, nonce)
        body = _wrapped(sealed)
        for case, query in {
            "wrong signature": signed | {"msg_signature": "0" * 40},
            "signature of other signs": signed | {"msg_signature": "签名"},
            "no signature": {"timestamp": stamp, "nonce": nonce},
            "no query": {},
            "another time than the signed one": signed | {"timestamp": "1"},
            "another nonce than the signed one": signed | {"nonce": "1"},
        }.items():
            yield Call("", self._http(query, body), case)
        for case, raw in {
            "plain words": plain.encode(),
            "empty": b"",
            "neither XML nor JSON": b"hello" * 20,
            "no envelope": b"<xml><a>1</a></xml>",
            "two envelopes": body.replace(b"</xml>", f"<Encrypt>{sealed}</Encrypt></xml>".encode()),
            "an entity bomb around": _bomb().encode() + b"<xml><Encrypt>&e7;</Encrypt></xml>",
            "4 MB": b"A" * 4_000_000,
        }.items():
            yield Call("", self._http(signed, raw), case)
        for case, cipher in {
            "signed, not base64": "@@@",
            "signed, half a block": base64.b64encode(b"x" * 45).decode(),
            "signed, random": base64.b64encode(self._rng.randbytes(256)).decode(),
            "signed, nothing": "",
            "for another receiver": Envelope(TOKEN, AES_KEY, "wwother").seal(plain),
            "another key": Envelope(TOKEN, "B" * 43, CORP).seal(plain),
            "inside: no XML": self._envelope.seal("hello"),
            "inside: no type": self._envelope.seal(plain.replace("MsgType", "Type")),
            "inside: unknown type": self._envelope.seal(plain.replace("[text]", "[hologram]")),
            "inside: no sender": self._envelope.seal(plain.replace("FromUserName", "From")),
            "inside: another application": self._envelope.seal(plain.replace(AGENT, "1000003")),
            "inside: an entity bomb": self._envelope.seal(_bomb() + plain),
            "inside: a file": self._envelope.seal(_FILE + plain),
            "inside: deep": self._envelope.seal(f"<xml>{'<a>' * 9000}{'</a>' * 9000}</xml>"),
            "inside: long": self._envelope.seal(plain.replace("#", "#" + "A" * LONG)),
        }.items():
            query = self._query(cipher, stamp, nonce)
            yield Call("", self._http(query, _wrapped(cipher)), case)
        yield Call("", self._http(signed, b"", "DELETE"), "DELETE")

    def _next(self) -> int:
        self._made += 1
        return self._first + self._made

    def _call(self, number: int) -> Call:
        sealed = self._envelope.seal(self._plain(number))
        query = self._query(sealed, str(int(time.time())), self._nonce())
        return Call(str(number), self._http(query, _wrapped(sealed)))

    def _plain(self, number: int) -> str:
        words = f"{WORDS[number % len(WORDS)]} #{number}"
        return (
            f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName>"
            f"<FromUserName><![CDATA[bench{number % PEOPLE}]]></FromUserName>"
            f"<CreateTime>{int(time.time())}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
            f"<Content><![CDATA[{words}]]></Content><MsgId>{number}</MsgId>"
            f"<AgentID>{AGENT}</AgentID></xml>"
        )

    def _nonce(self) -> str:
        return str(self._rng.randrange(10**8, 10**10))

    def _query(self, sealed: str, stamp: str, nonce: str) -> dict[str, str]:
        signature = self._envelope.sign(stamp, nonce, sealed)
        return {"msg_signature": signature, "timestamp": stamp, "nonce": nonce}

    def _http(self, query: dict[str, str], body: bytes, method: str = "POST") -> bytes:
        head = (
            f"{method} {self._path}?{urlencode(query)} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Content-Type: text/xml\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


_FILE = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]>'


def _bomb() -> str:
    steps = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 8))
    return f'<!DOCTYPE x [<!ENTITY e0 "lol">{steps}]>'


def _wrapped(sealed: str) -> bytes:
    return (
        f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><AgentID><![CDATA[{AGENT}]]></AgentID>"
        f"<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
    ).encode()
