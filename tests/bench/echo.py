"""What others build: wechatpy on aiohttp, answering each callback with its own words, storing nothing.

The yardstick of the callback figures: it verifies, decrypts, parses and seals a passive reply, with
the library's own code, on the same event loop as the service.
"""

import asyncio
import sys

from aiohttp import web
from wechatpy.enterprise import parse_message
from wechatpy.enterprise.crypto import WeChatCrypto
from wechatpy.enterprise.replies import TextReply


def application(token: str, aes_key: str, corp_id: str) -> web.Application:
    """The server; it takes every path."""
    crypto = WeChatCrypto(token, aes_key, corp_id)

    async def called(request: web.Request) -> web.Response:
        query, body = request.query, await request.read()
        signed = query["msg_signature"], query["timestamp"], query["nonce"]
        message = parse_message(crypto.decrypt_message(body, *signed))
        reply = TextReply(content=message.content, message=message).render()
        sealed = crypto.encrypt_message(reply, signed[2], signed[1])
        return web.Response(text=sealed, content_type="application/xml")

    app = web.Application()
    app.router.add_post("/callback/{name}", called)
    return app


async def serve(*keys: str) -> None:
    """Serve until killed; says its port first."""
    runner = web.AppRunner(application(*keys), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    sys.stdout.write(f"{runner.addresses[0][1]}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    try:
        import uvloop as loops
    except ImportError:
        loops = asyncio
    loops.run(serve(*sys.argv[1:]))
