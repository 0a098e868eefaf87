"""A gateway made with pylibob, a library for OneBot 12 implementations; not ours, run apart.

Reads one event a line (JSON), tells it to the application, and prints what it was asked for.
"""

import asyncio
import json
import sys
import time

from pylibob import Bot, Event, OneBotImpl, WebSocketReverse
from pylibob.event.message import GroupMessageEvent, PrivateMessageEvent
from pylibob.event.notice import GroupMessageDeleteEvent
from pylibob.exception import OneBotImplError
from pylibob.segment import Image, Location, Mention, Reply, Text

KINDS = {
    "group": GroupMessageEvent,
    "private": PrivateMessageEvent,
    "delete": GroupMessageDeleteEvent,
}
PARTS = {
    "text": Text,
    "mention": Mention,
    "image": Image,
    "reply": Reply,
    "location": Location,
}
BOT = Bot(platform="wechat", user_id="wxid_bot", online=True)
connection = WebSocketReverse(sys.argv[1], reconnect_interval=100, heartbeat_interval=50)
gateway = OneBotImpl("gridbot-proof", "1.0", [connection], BOT)


def report(**facts) -> None:
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


@gateway.action("send_message")
async def send_message(
    detail_type: str, message: list, group_id: str = "", user_id: str = ""
) -> dict:
    words = "".join(part["data"].get("text", "") for part in message)
    report(asked="send_message", chat=group_id or user_id, detail=detail_type, message=message)
    if words == "refuse":
        raise OneBotImplError(35001, message="not a member")
    return {"message_id": "m-out", "time": time.time()}


@gateway.action("get_file")
async def get_file(file_id: str, type: str) -> dict:  # noqa: A002 - the standard's own name
    report(asked="get_file", file=file_id, type=type)
    return {"name": "a.png", "data": "UE5H"}


@gateway.action("upload_file")
async def upload_file(type: str, name: str, data: str) -> dict:  # noqa: A002
    report(asked="upload_file", name=name, data=data)
    return {"file_id": "f-new"}


def event(said: dict) -> Event:
    """An event of the library's own class."""
    message = said.pop("message", None)
    more = {} if message is None else {"message": [PARTS[k](**d) for k, d in message]}
    kind = KINDS[said.pop("kind")]
    return kind(time=time.time(), self=BOT, **said, **more)


async def main() -> None:
    await connection.run()
    await connection._start_heartbeat()
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        await gateway.emit(event(json.loads(line)))


asyncio.run(main())
