"""What the tests of the channels share: parts on a real store, and a caller of callbacks."""

import json
import time
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.channels._envelope import Envelope
from bot.channels.base import Parts, Received
from scheduler.clock import SystemClock
from store import schema
from store.engine import Store
from store.leases import Lease
from store.vault import Vault

TOKEN, AES_KEY = "QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"


class Ears:
    """An `accept` that keeps what it heard; `refusing` plays a store that is away."""

    def __init__(self):
        self.heard = []
        self.refusing = False
        self._seen = set()

    async def __call__(self, inbound):
        if self.refusing:
            return Received.REFUSED
        key = inbound.external_id
        if key and key in self._seen:
            return Received.SEEN
        self._seen.add(key)
        self.heard.append(inbound)
        return Received.NEW


@asynccontextmanager
async def made(folder: Path, name: str, now=None, public_url: str = ""):
    """Parts for one channel over a real SQLite store in `folder`."""
    file = folder / "channel.sqlite3"
    again = file.exists()
    store = Store(f"sqlite+aiosqlite:///{file}", durable=False)
    if not again:
        await schema.create(store)
    real = SystemClock().now
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield Parts(
            name,
            now or real,
            session,
            Vault(store, "me", real),
            lambda lease: Lease(store, lease, "me", real),
            folder,
            public_url or "https://grid.example",
        )
    await store.close()


@asynccontextmanager
async def called(channel):
    """A client of the channel's callback address, /callback/NAME."""
    app = web.Application(client_max_size=12 * 1024 * 1024)
    app.router.add_route("*", f"/callback/{channel.name}", channel.called)
    async with TestClient(TestServer(app)) as client:
        yield Caller(client, f"/callback/{channel.name}")


class Caller:
    """Plays the platform: seals what it says and calls."""

    def __init__(self, client, path):
        self.client, self.path = client, path
        self._nonces = 0

    def query(self, envelope: Envelope, sealed: str, **more: str) -> str:
        """The signed query of a call."""
        self._nonces += 1
        stamp, nonce = str(int(time.time())), f"nonce{self._nonces}"
        signature = envelope.sign(stamp, nonce, sealed)
        return urlencode({"msg_signature": signature, "timestamp": stamp, "nonce": nonce} | more)

    async def xml(self, envelope: Envelope, plain: str, **more: str):
        """POST an XML envelope; returns (status, text)."""
        sealed = envelope.seal(plain)
        body = f"<xml><ToUserName><![CDATA[x]]></ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
        return await self.raw(body.encode(), self.query(envelope, sealed, **more))

    async def json(self, envelope: Envelope, plain: dict):
        """POST a JSON envelope; returns (status, text)."""
        sealed = envelope.seal(json.dumps(plain))
        return await self.raw(
            json.dumps({"encrypt": sealed}).encode(), self.query(envelope, sealed)
        )

    async def raw(self, body: bytes, query: str):
        """POST bytes as they are; returns (status, text)."""
        async with self.client.post(f"{self.path}?{query}", data=body) as answer:
            return answer.status, await answer.text()

    async def get(self, query: str):
        """GET; returns (status, text)."""
        async with self.client.get(f"{self.path}?{query}") as answer:
            return answer.status, await answer.text()
