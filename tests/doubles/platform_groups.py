"""The double's 客户联系: groups with members, tasks that somebody taps, greetings, join codes."""

from dataclasses import dataclass, field

from tests.doubles.platform import OK, Call, Platform

CHAT, OWNER = "wrFake0001", "zhangsan"
PATH = "/cgi-bin/externalcontact/"


@dataclass
class Task:
    """One 企业群发: `status` of its sender (0, 2) and of its group (0, 1, 2, 3)."""

    body: dict
    status: int = 0
    result: int = 0
    reminded: int = 0
    cancelled: bool = False


@dataclass
class Groups:
    """The state of the customer groups."""

    groups: dict[str, dict] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)
    welcomed: list[dict] = field(default_factory=list)
    ways: dict[str, dict] = field(default_factory=dict)
    refusing: set[str] = field(default_factory=set)
    posting: set[str] = field(default_factory=set)  # who may besides the owner

    def __post_init__(self):
        self._codes = set()
        self.add(CHAT)

    def add(self, chat: str, owner: str = OWNER, name: str = "一网格居民群") -> None:
        """A group with nobody in it but its owner."""
        member = {"userid": owner, "type": 1, "join_time": 1795200000, "join_scene": 1}
        self.groups[chat] = {
            "chat_id": chat,
            "name": name,
            "owner": owner,
            "create_time": 1795200000,
            "member_list": [member],
            "member_version": "MEMVER-1",
        }

    def join(self, who: str, at: int, *, chat: str = CHAT, state: str = "", union: str = ""):
        """A resident joins."""
        member = {"userid": who, "type": 2, "join_time": at, "join_scene": 3}
        if state:
            member["state"] = state
        if union:
            member["unionid"] = union
        self.groups[chat]["member_list"].append(member)

    def tap(self, msgid: str, result: int = 1) -> None:
        """The sender confirms; `result` is what became of it in the group."""
        self.tasks[msgid].status, self.tasks[msgid].result = 2, result

    def calls(self, platform: Platform) -> None:
        """Serve its calls."""
        for name in (
            "groupchat/list groupchat/get groupchat/add_join_way groupchat/get_join_way "
            "add_msg_template get_groupmsg_task get_groupmsg_send_result remind_groupmsg_send "
            "cancel_groupmsg_send send_welcome_msg"
        ).split():
            platform.serve(PATH + name, getattr(self, f"_{name.rpartition('/')[2]}"))

    async def _list(self, call: Call) -> dict:
        wanted = call.body.get("owner_filter", {}).get("userid_list")
        chats = [
            {"chat_id": chat, "status": 0}
            for chat, group in self.groups.items()
            if not wanted or group["owner"] in wanted
        ]
        begin, limit = int(call.body.get("cursor") or 0), call.body["limit"]
        after = str(begin + limit) if begin + limit < len(chats) else ""
        return OK | {"group_chat_list": chats[begin : begin + limit], "next_cursor": after}

    async def _get(self, call: Call) -> dict:
        group = self.groups.get(call.body["chat_id"])
        if group is None:
            return {"errcode": 86003, "errmsg": "no such group"}
        return OK | {"group_chat": group}

    async def _add_msg_template(self, call: Call) -> dict:
        body = call.body
        if body["chat_type"] != "group" or not body.get("sender"):
            return {"errcode": 40058, "errmsg": "sender"}
        if len(body["text"]["content"].encode()) > 4000:
            return {"errcode": 45002, "errmsg": "content too long"}
        failed = [
            chat
            for chat in body["chat_id_list"]
            if chat in self.refusing
            or body["sender"] not in {self.groups.get(chat, {}).get("owner"), *self.posting}
        ]
        msgid = f"msg{len(self.tasks)}"
        self.tasks[msgid] = Task(body)
        return OK | {"fail_list": failed, "msgid": msgid}

    async def _get_groupmsg_task(self, call: Call) -> dict:
        task = self.tasks[call.body["msgid"]]
        one = {"userid": task.body["sender"], "status": task.status}
        return OK | {"next_cursor": "", "task_list": [one]}

    async def _get_groupmsg_send_result(self, call: Call) -> dict:
        task = self.tasks[call.body["msgid"]]
        if call.body["userid"] != task.body["sender"]:
            return OK | {"send_list": []}
        sent = [
            {"chat_id": chat, "userid": task.body["sender"], "status": task.result}
            for chat in task.body["chat_id_list"]
        ]
        return OK | {"next_cursor": "", "send_list": sent}

    async def _remind_groupmsg_send(self, call: Call) -> dict:
        self.tasks[call.body["msgid"]].reminded += 1
        return OK

    async def _cancel_groupmsg_send(self, call: Call) -> dict:
        self.tasks[call.body["msgid"]].cancelled = True
        return OK

    async def _send_welcome_msg(self, call: Call) -> dict:
        if call.body["welcome_code"] in self._codes:
            return {"errcode": 41051, "errmsg": "they have begun to talk"}
        self._codes.add(call.body["welcome_code"])
        self.welcomed.append(call.body)
        return OK

    async def _add_join_way(self, call: Call) -> dict:
        body = call.body
        if not 1 <= len(body["chat_id_list"]) <= 5 or len(body["state"]) > 30:
            return {"errcode": 40058, "errmsg": "chat_id_list"}
        config = f"config{len(self.ways)}"
        self.ways[config] = body
        return OK | {"config_id": config}

    async def _get_join_way(self, call: Call) -> dict:
        config = call.body["config_id"]
        if config not in self.ways:
            return {"errcode": 41044, "errmsg": "invalid config_id"}
        way = self.ways[config] | {
            "config_id": config,
            "qr_code": f"https://example.invalid/{config}",
        }
        return OK | {"join_way": way}
