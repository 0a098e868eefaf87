"""What people write, mixed as in a group: a fixed seed, and what they learn from the answers."""

import heapq
import random
import re
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.bench.city import BUILDINGS, NAME, UNITS, Grid

MIX: Mapping[str, float] = {
    "report": 0.25,  # with a place
    "vague": 0.07,  # without
    "place": 0.06,  # the answer to "where?"
    "accept": 0.07,
    "finish": 0.05,
    "progress": 0.03,
    "verdict": 0.02,  # 满意 / 不满意
    "chatter": 0.45,
}
AGAIN = 0.10  # of all messages, delivered a second time
_LATER = (20, 600)  # so many messages later
_NUMBER = re.compile(r"G\d{4,}")

_PLACED = (
    "{at}楼道灯不亮了，老人晚上下楼看不见",
    "{at}的楼道灯坏了一个多星期了，没人管吗",
    "{at}门口的井盖松了，车子压过去哐当响",
    "{at}下水道堵了，脏水漫到过道里，臭死人了",
    "{at}的单元门关不上了呀 冷风直往里灌 麻烦哪个来看看",
    "{at}电梯按钮坏了 按不亮",
    "{at}楼下垃圾桶满得溢出来了，三天没人收，苍蝇嗡嗡的",
    "{at}停水了 一滴都没得 饭都烧不成",
    "{at}有人把电瓶车推上楼充电，太危险了，麻烦管管",
    "{at}楼道里堆满了纸箱和旧家具，走路都要侧着身子",
    "{at}半夜装修，电钻响到十一点，小孩没法睡觉",
    "{at}窗户外面的墙皮往下掉，差点砸到人",
    "{at}单元门的门禁刷卡没反应，我妈提着菜等了半天",
    "{at}门口路灯不亮，黑漆漆的，昨晚有人摔了一跤",
    "{at}楼顶漏水，我家天花板湿了一大片",
    "{at}有人在绿化带里种菜浇粪，味道受不了",
    "{at}消防通道又被车堵死了，救护车都进不来",
    "{at}楼上往下扔烟头，我晒的被子烧了个洞",
    "{at}一楼暖气不热，家里才十四度，老人冻得发抖",
    "你好，{at}单元门玻璃碎了 一地的碴子 娃儿踩到不得了",
    "我妈住{at}，楼道声控灯坏了，跺脚都不亮",
    "{at}的下水道返味，臭得开不了窗",
    "{at}电梯停运了 按了没反应 买菜爬了十五楼 腿都软了",
    "{at}楼道里野猫拉得到处都是，没人打扫",
)
_URGENT = (
    "{at}电梯把人困住了！！里面有个小孩在哭 快来人啊",
    "{at}楼道里一股煤气味 好浓 头晕",
)
_VAGUE = (
    "楼道灯又不亮了！！黑灯瞎火的怎么走路😡",
    "下水道堵了 臭死人了",
    "我们楼电梯又坏了，有没有人管",
    "垃圾桶满了好几天没人收，苍蝇到处飞",
    "楼上又在漏水，墙都泡烂了",
    "门禁坏了好几天了 谁都能进来",
    "停水了，什么时候来水没人通知一声",
    "路灯坏了一个礼拜了 你们管不管",
)
_WHERE = ("{at}", "在{at}", "{at}，麻烦快点", "就是{at}那里", "{at}门口")
_ACCEPT = (
    "接单 {n}",
    "{n} 收到，我马上过去看看",
    "{n}接了，十分钟到",
    "收到 {n} 这就去",
    "接单{n}",
    "好的 {n} 我来处理",
)
_FINISH = (
    "办结 {n} 灯泡已换，亮了",
    "{n} 已处理完毕，换了新的",
    "{n}修好了，麻烦跟住户说一声",
    "办结 {n} 联系物业疏通了，现在下水正常",
    "{n} 弄好了，门锁换了新的",
    "办结{n} 现场清理干净了",
)
_PROGRESS = (
    "进度",
    "@" + NAME + " 进度",
    "我报的那个怎么样了",
    "我那个灯修得怎么样了",
    "什么时候来修啊 进度怎么样",
)
_GOOD = ("满意，谢谢", "满意👍", "修好了 满意", "基本满意吧 就是等得久", "满意的 谢谢师傅🙏")
_BAD = ("不满意 换了还是一闪一闪的", "不满意，根本没弄好", "不满意！还是老样子")
_CHATTER = (
    "早上好各位邻居🌞",
    "今天菜场萝卜一块二一斤 便宜的",
    "谁家有多的葱 借两根😂",
    "有的有的 你来拿",
    "[捂脸] 不好意思了",
    "哈哈哈哈",
    "收到，谢谢",
    "好的👌",
    "1",
    "+1",
    "明天降温 大家多穿点",
    "有没有人一起拼车去高铁站的",
    "这个周末谁带娃去公园玩",
    "谢谢分享",
    "哪家饺子馆好吃呀 推荐一下",
    "快递放门卫了 记得去拿",
    "恭喜恭喜🎉",
    "今晚的月亮真圆",
    "有人捡到一只蓝色的小孩手套吗",
    "谢谢邻居帮忙照看孩子❤️",
    "大家记得今晚七点看直播",
    "跳广场舞的阿姨们今天几点集合",
    "小区团购的鸡蛋到了没有",
    "车厘子团购接龙 JJ级5斤158 要的接龙 1.",
    "【双十二特惠】全屋保洁 99 元起！先到先得🔥🔥🔥",
    "哦哦 知道了",
    "同问",
    "可以可以",
    "那家理发店搬走了吗",
    "孩子幼儿园明天要交手工 谁有彩纸",
    "下午好像要下雨，收衣服啦",
    "这个群里有没有会修收音机的师傅",
    "刚刚谁在放鞭炮 吓我一跳",
    "😄😄😄",
    "👍",
    "吃了吗大家",
    "我家猫生了三只小猫 想要的私聊",
    "周末物业组织看电影 有人去吗",
)


@dataclass(frozen=True, slots=True)
class Said:
    """One message: `chat` is the group, "" for a private chat. `again` marks a re-delivery."""

    kind: str
    msgid: str
    user: str
    chat: str
    words: str
    quote: str = ""
    again: bool = False


class Traffic:
    """Makes one message after the other; workers and reporters go by what the robot told them."""

    def __init__(self, grids: Sequence[Grid], seed: int, tag: str = "m") -> None:
        self._grids = grids
        self._rng = random.Random(seed)  # noqa: S311 - people, not secrets
        self._tag = tag
        self._made = 0
        self._later: list[tuple[int, str, Said]] = []  # (when, message id, copy)
        self._reported: set[tuple[str, str]] = set()
        self._reports: dict[str, Said] = {}  # by message id, until the number is known
        self._asked: deque[Said] = deque()
        self._reporters: list[Said] = []
        self._by_number: dict[str, Said] = {}
        self._offered: set[str] = set()
        self._new: deque[tuple[str, str]] = deque()  # (number, worker)
        self._accepted: deque[tuple[str, str]] = deque()
        self._finished: deque[Said] = deque()
        self._kinds, self._weights = list(MIX), list(MIX.values())
        self.unique: Counter[str] = Counter()
        self.ids: list[str] = []
        self.again = 0

    def next(self) -> Said:
        """The next delivery: something new, or something said before."""
        if self._later and self._later[0][0] <= self._made:
            self.again += 1
            return heapq.heappop(self._later)[2]
        kind = self._rng.choices(self._kinds, self._weights)[0]
        said = getattr(self, f"_{kind}")()
        self._made += 1
        self.unique[said.kind] += 1
        self.ids.append(said.msgid)
        if self._rng.random() < AGAIN:
            copy = Said(said.kind, said.msgid, said.user, said.chat, said.words, said.quote, True)
            when = self._made + self._rng.randint(*_LATER)
            heapq.heappush(self._later, (when, said.msgid, copy))
        return said

    def told(self, said: Said | None, chat: str, frame: Mapping[str, Any]) -> None:
        """Take note of what the robot said: in answer to `said`, or by itself to `chat`."""
        card = frame.get("template_card")
        if said is not None and said.msgid in self._reports:
            words = (frame.get("stream") or {}).get("content", "")
            if found := _NUMBER.search(words):
                self._by_number[found[0]] = self._reports.pop(said.msgid)
        elif said is None and card and chat.startswith("w"):
            number = card["task_id"].partition("_")[0]
            if number not in self._offered and not chat.startswith("wr"):
                self._offered.add(number)
                self._new.append((number, chat))

    def _say(self, kind: str, user: str, chat: str, words: str, quote: str = "") -> Said:
        msgid = f"{self._tag}-{self._made:07}"
        return Said(kind, msgid, user, chat, words, quote)

    def _at(self) -> str:
        rng = self._rng
        building, unit = rng.choice(BUILDINGS), rng.randint(1, UNITS)
        shape = rng.choice(
            ("{}号楼{}单元", "{}栋{}单元", "{}幢{}单元", "{}号楼{}单元{}室", "{}-{}-{}")
        )
        return shape.format(building, unit, rng.choice((301, 402, 501, 602, 1102)))

    def _once(self, kind: str, wordings: Sequence[str]) -> Said:
        """Words that this person has not written before: a second case of them is a fault."""
        rng = self._rng
        grid, user, words = self._grids[0], "", ""
        for _ in range(100):  # in a tiny city everything has been said some day
            grid = rng.choice(self._grids)
            user = rng.choice(grid.residents)
            words = rng.choice(wordings).format(at=self._at())
            if (user, words) not in self._reported:
                break
        self._reported.add((user, words))
        if rng.random() < 0.4:
            words = f"@{NAME} {words}"
        return self._say(kind, user, grid.chat, words)

    def _report(self) -> Said:
        said = self._once("report", _URGENT if self._rng.random() < 0.01 else _PLACED)
        self._reports[said.msgid] = said
        self._reporters.append(said)
        return said

    def _vague(self) -> Said:
        said = self._once("vague", _VAGUE)
        self._asked.append(said)
        return said

    def _place(self) -> Said:
        if not self._asked:
            return self._vague()
        asked = self._asked.popleft()
        words = self._rng.choice(_WHERE).format(at=self._at())
        said = self._say("place", asked.user, asked.chat, words)
        self._reports[said.msgid] = said
        return said

    def _accept(self) -> Said:
        if not self._new:
            return self._report()
        number, worker = self._new.popleft()
        self._accepted.append((number, worker))
        return self._by_worker("accept", number, worker, _ACCEPT)

    def _finish(self) -> Said:
        if not self._accepted:
            return self._accept()
        number, worker = self._accepted.popleft()
        if number in self._by_number:
            self._finished.append(self._by_number.pop(number))
        return self._by_worker("finish", number, worker, _FINISH)

    def _by_worker(self, kind: str, number: str, worker: str, wordings: Sequence[str]) -> Said:
        words = self._rng.choice(wordings)
        if self._rng.random() < 0.2:  # he quotes the card instead of typing the number
            return self._say(kind, worker, "", words.format(n=""), f"新案件 {number} 公共设施")
        return self._say(kind, worker, "", words.format(n=number))

    def _progress(self) -> Said:
        if not self._reporters:
            return self._report()
        asker = self._rng.choice(self._reporters)
        return self._say("progress", asker.user, asker.chat, self._rng.choice(_PROGRESS))

    def _verdict(self) -> Said:
        if not self._finished:
            return self._progress()
        asked = self._finished.popleft()
        words = self._rng.choice(_BAD if self._rng.random() < 0.15 else _GOOD)
        return self._say("verdict", asked.user, asked.chat, words)

    def _chatter(self) -> Said:
        grid = self._rng.choice(self._grids)
        user = grid.worker if self._rng.random() < 0.05 else self._rng.choice(grid.residents)
        return self._say("chatter", user, grid.chat, self._rng.choice(_CHATTER))
