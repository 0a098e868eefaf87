"""What people say in the acceptance dialogues, and the same meant in other words."""

from datetime import timedelta

import pytest

from bot.understanding import Heard, Listener, Location
from tests.rows import each_row

LISTENER = Listener()
PLACES = (
    "东门",
    "东大门",
    "老张烧烤",
    "张记烧烤",
    "充电车棚",
    "车棚",
    "永鑫加油站",
    "柳湖家园",
    "新桥里",
    "琼花苑",
)


def heard(text, **more):
    return LISTENER.understand(Heard(text, places=PLACES, **more))


REPORTS = [
    # text, category, building, unit
    ("3号楼2单元楼道灯不亮了，老人晚上下楼看不见", "facility", "3", "2"),
    ("12栋3单元的单元门关不上了呀 冷风直往里灌 麻烦哪个来看看", "facility", "12", "3"),
    ("楼道灯又不亮了！！黑灯瞎火的怎么走路😡", "facility", None, None),
    ("下水道堵了 臭死人了", "facility", None, None),
    ("楼道里那个感应灯坏了呀 跺脚都不亮", "facility", None, None),
    ("6幢1单元的单元门玻璃碎了 一地的碴子 娃儿踩到不得了", "facility", "6", "1"),
    ("8栋楼下垃圾桶满得溢出来了，三天没人收，苍蝇嗡嗡的", "sanitation", "8", None),
    ("2号楼1单元的楼道灯坏了", "facility", "2", "1"),
    ("1幢2单元门口的井盖松了，车子压过去哐当响", "facility", "1", "2"),
    ("B座2单元门禁刷卡没反应 我妈提着菜等了半天", "facility", "B", "2"),
    ("5号楼1单元下水道堵了 水漫出来", "facility", "5", "1"),
    ("7栋4单元楼道灯坏了 家里老人出门不方便", "facility", "7", "4"),
    ("3号楼1单元楼道灯坏了，换过灯泡还是不亮", "facility", "3", "1"),
    ("5号楼1单元一楼下水道返水，地下室全是水", "facility", "5", "1"),
    ("2号楼2单元门口垃圾堆成山了", "sanitation", "2", "2"),
    ("B座1单元电梯按钮坏了 按不亮", "facility", "B", "1"),
    ("你好 2号楼1单元门口下水道返味 臭得开不了窗", "facility", "2", "1"),
    ("你好 楼道灯坏了没人管吗", "facility", None, None),
    ("路灯坏了一个礼拜了 你们管不管", "facility", None, None),
    ("3号楼2单元楼道灯坏了 刚下夜班摸黑爬的", "facility", "3", "2"),
    ("3号楼1单元楼道 灯坏了<b>&{{x}}", "facility", "3", "1"),
    ("3号楼1单元楼道灯坏了 王老太家门口", "facility", "3", "1"),
    ("那个三号楼二单元的灯啊它不亮了呀你们来看看好不好", "facility", "3", "2"),
    ("路灯坏了 黑漆漆的", "facility", None, None),
    ("我妈住新桥里7号楼2单元，楼道灯坏了一个星期", "facility", "7", "2"),
    ("A座2单元电梯停运了 按了没反应 买菜爬了十五楼 腿都断了", "facility", "A", "2"),
    ("7栋三单元停水了 一滴都没得 早饭都烧不成", "utility", "7", "3"),
    ("2号楼门口有一堆装修垃圾没人清", "sanitation", "2", None),
    ("门禁坏了", "facility", None, None),
    ("7栋1单元楼道灯坏了，线都露出来了", "facility", "7", "1"),
    ("东大门那个路灯坏了两天了", "facility", None, None),
    ("张记烧烤把桌子摆到人行道上了 轮椅都过不去", "sanitation", None, None),
    ("9栋2单元三楼漏水 墙都湿了", "facility", "9", "2"),
    ("十一号楼电梯又不动了 老人下不来", "facility", "11", None),
    ("4栋楼上天天半夜拖椅子 吵得睡不着", "noise", "4", None),
]


@each_row(("text", "category", "building", "unit"), REPORTS)
def test_a_resident_reports(text, category, building, unit):
    meant = heard(text)
    assert meant.action in {"open", "ask"}
    assert (meant.category, meant.urgent) == (category, False)
    assert (meant.location.building, meant.location.unit) == (building, unit)


def test_most_reports_open_without_a_question():
    opened = [(meant.intent, meant.action) for meant in (heard(row[0]) for row in REPORTS)]
    assert opened.count(("report", "open")) >= 0.9 * len(REPORTS)


URGENT = [
    ("5号楼1单元电梯把人困住了！！里面有个小孩在哭 快来人啊", "facility"),
    ("6幢2单元楼道里一股煤气味 好浓 头晕", "fire_safety"),
    ("B座2单元电梯困人了！！我老公在里面 按铃没人应", "facility"),
    ("7栋电梯卡住了 我和孩子出不来", "facility"),
    ("着火了！3号楼5楼往外冒黑烟", "fire_safety"),
    ("厨房烧起来了快来人", "fire_safety"),
    ("电动车棚里面有辆车在冒烟", "fire_safety"),
    ("闻到好大的天然气味道 是不是漏了", "fire_safety"),
    ("有个老人在花园摔倒了 起不来", "health"),
    ("楼下大爷突然晕倒 没反应了", "health"),
    ("我家孩子掉进池塘里了", "health"),
    ("有人拿着菜刀在楼下砍人", "public_security"),
    ("隔壁男的又在打老婆 孩子哭得厉害", "public_security"),
    ("我妈走丢了 穿红衣服 有老年痴呆", "public_security"),
    ("孩子放学没回家 谁看见我家孩子了", "public_security"),
    ("8栋楼顶有个女孩坐在栏杆外面", "public_security"),
    ("我爸正在给骗子转账 拦不住", "public_security"),
    ("路灯杆漏电 刚才有个小孩被电了一下", "utility"),
    ("主水管爆了 水喷得老高", "utility"),
    ("停电了 我妈家里用着呼吸机", "utility"),
    ("东门路口井盖不见了 晚上看不见", "facility"),
    ("外墙瓷砖一块块往下掉 差点砸到人", "fire_safety"),
    ("楼上正在砸承重墙 我家墙裂了", "illegal_build"),
    ("流浪狗在咬人 快来", "public_security"),
    ("独居的李奶奶三天没出门了 敲门没人应", "welfare"),
]


@each_row(("text", "category"), URGENT)
@pytest.mark.parametrize("role", ["resident", "worker"])
def test_danger_is_heard(text, category, role):
    meant = heard(text, role=role)
    assert (meant.intent, meant.action, meant.urgent) == ("report", "open", True)
    assert meant.category == category


CALM = {
    "past": [
        "昨天着火已经灭了",
        "上个月隔壁楼着过火 吓死人",
        "前几天有人被狗咬了",
        "去年电梯困过人",
    ],
    "perhaps": [
        "楼道充电会不会着火",
        "万一电梯困人了怎么办",
        "电线乱拉 早晚要着火的",
        "担心老人摔倒起不来",
    ],
    "practice": [
        "明天消防演练 会有浓烟 大家别慌",
        "社区防火演习 着火了往哪跑",
        "家里着火怎么逃生 消防知识讲座",
    ],
    "over": [
        "孩子找到了 谢谢大家",
        "火已经扑灭了 人没事",
        "虚惊一场 不是煤气漏了",
        "刚才喊救命是我家放电影",
    ],
    "told": ["听说隔壁小区电梯困人了", "看新闻说又有人跳楼了"],
    "denied": ["没有着火 是有人烧纸", "大家注意 楼道禁止明火"],
    "elsewhere": [
        "饭店的油烟机天天冒黑烟",
        "灭火器过期了没人换",
        "漏电保护器老跳闸",
        "落水管断了 一下雨就淌水",
    ],
}


@each_row(
    "text",
    [pytest.param(text, id=f"{why}-{text[:10]}") for why, texts in CALM.items() for text in texts],
)
def test_no_danger_now(text):
    assert not heard(text).urgent


QUIET = [
    "早上好各位邻居🌞", "今天菜场萝卜一块二一斤 便宜的", "谁家有多的葱 借两根😂", "有的有的 你来拿", "[捂脸] 不好意思了",
    "哈哈哈哈", "【双十二特惠】全屋保洁 99 元起！加V：qj5566 先到先得🔥🔥🔥",
    "专业通下水道 修水管 换锁开锁 24小时上门 电话13800138000", "车厘子团购接龙 JJ级5斤158 要的接龙 1.",
    "😀" * 50, "{{ 7*7 }} {% for x in y %} ${jndi:ldap://x} '; DROP TABLE cases; --", "啊" * 200, "？？？", "",
    "就我家楼下呀", "周末一起去公园拍照呀", "楼上那位说得对", "谢谢师傅", "好的", "晚安", "恭喜恭喜", "快过年了 大家什么时候回老家",
    "转让九成新冰箱 有意私聊", "招保洁阿姨 工资面议", "[微信红包]", "[图片]", "【通知】明天上午停水检修", "孩子考上大学了 请大家吃糖",
]  # fmt: skip


@each_row("text", QUIET)
def test_chatter_is_left_alone(text):
    meant = heard(text)
    assert meant.action in {"silent", "ask"}
    assert not meant.urgent


def test_most_chatter_is_met_with_silence():
    silent = [text for text in QUIET if heard(text).action == "silent"]
    assert len(silent) >= 0.75 * len(QUIET)


SURE = [
    "早上好",
    "谢谢师傅",
    "哈哈哈哈",
    "😀😀",
    "👍",
    "【双十二特惠】全屋保洁 99 元起！加V：qj5566",
    "",
    "[微信红包]",
]


@pytest.mark.parametrize("text", SURE, ids=[t[:14] or "empty" for t in SURE])
def test_surely_chatter(text):
    assert heard(text).sure >= 0.8


def test_unrecognised_is_unsure():
    meant = heard("窗台上的多肉长得慢")
    assert meant.sure < 0.8
    assert meant.action != "open"


STAFF = [
    # text, intent, case number, words, name
    ("接单 G1024", "worker_accept", "G1024", "", None),
    ("接单G1024", "worker_accept", "G1024", "", None),
    ("g1024 接单", "worker_accept", "G1024", "", None),
    ("接单 Ｇ１０２４", "worker_accept", "G1024", "", None),
    ("接单 G 1024", "worker_accept", "G1024", "", None),
    ("接单 1024", "worker_accept", "G1024", "", None),
    ("接单 案件1024", "worker_accept", "G1024", "", None),
    ("接单 1024号案件", "worker_accept", "G1024", "", None),
    ("接单", "worker_accept", None, "", None),
    ("接单 G99999999999999999999999999", "worker_accept", "G99999999999999999999999999", "", None),
    ("接单 G1001 一分钟到", "worker_accept", "G1001", "一分钟到", None),
    ("到场 G1001", "worker_arrive", "G1001", "", None),
    ("办结 G1 灯泡已换", "worker_done", "G1", "灯泡已换", None),
    ("办结 G1001 灯泡已换，亮了", "worker_done", "G1001", "灯泡已换，亮了", None),
    ("办结 门禁电源松了 插好了", "worker_done", None, "门禁电源松了 插好了", None),
    (
        "办结 G1001 人救出来了，电梯停用等维保",
        "worker_done",
        "G1001",
        "人救出来了，电梯停用等维保",
        None,
    ),
    ("办结", "worker_done", None, "", None),
    ("转派 G1001 给阳光物业", "worker_transfer", "G1001", "", "阳光物业"),
    (
        "转派 G1001 阳光物业 灯座烧了要电工",
        "worker_transfer",
        "G1001",
        "灯座烧了要电工",
        "阳光物业",
    ),
    ("转派 G1001 宇宙维修总局", "worker_transfer", "G1001", "", "宇宙维修总局"),
    ("转派 G1001 李强 我今天在街道开会", "worker_transfer", "G1001", "我今天在街道开会", "李强"),
    ("转派 何梅", "worker_transfer", None, "", "何梅"),
    ("转派 安达电梯维保", "worker_transfer", None, "", "安达电梯维保"),
    ("转派 G1001", "worker_transfer", "G1001", "", None),
    ("转派 G1001 供水公司", "worker_transfer", "G1001", "", "供水公司"),
    ("退回 G1001", "worker_return", "G1001", "", None),
    ("退回 不归我管", "worker_return", None, "不归我管", None),
    (
        "退回 G1001 这栋楼上个月划给二网格了",
        "worker_return",
        "G1001",
        "这栋楼上个月划给二网格了",
        None,
    ),
    ("延期 G1001 厂家说灯座要从南京发货", "worker_extend", "G1001", "厂家说灯座要从南京发货", None),
    (
        "上报 G1001 主管道塌了，要社区协调",
        "worker_escalate",
        "G1001",
        "主管道塌了，要社区协调",
        None,
    ),
    ("我的案件", "my_cases", None, None, None),
    ("帮助", "help", None, None, None),
    ("进度", "progress", None, None, None),
    ("收到马上到", "worker_accept", None, None, None),
    ("好的这就过去", "worker_accept", None, None, None),
    ("收到我马上过去", "worker_accept", None, None, None),
    ("收到，我已经在路上了", "worker_accept", None, None, None),
    ("已处理完毕，换了个新灯泡", "worker_done", None, None, None),
    ("已处理完毕", "worker_done", None, None, None),
    ("修好了", "worker_done", None, None, None),
    ("换好了,亮了", "worker_done", None, None, None),
    ("我到了", "worker_arrive", None, None, None),
    ("到现场了", "worker_arrive", None, None, None),
    ("这个归物业管,转给他们", "worker_transfer", None, None, "物业"),
    ("转给物业处理", "worker_transfer", None, None, "物业"),
    ("搞不定,往上报吧", "worker_escalate", None, None, None),
    ("退回,不归我管", "worker_return", None, "不归我管", None),
    ("绑定网格 琼花苑一网格", "bind_grid", None, None, "琼花苑一网格"),
    ("绑定 A7K2Q9", "bind_me", None, None, "A7K2Q9"),
]


@each_row(("text", "intent", "number", "words", "name"), STAFF)
def test_staff_commands(text, intent, number, words, name):
    meant = heard(text, role="worker")
    assert (meant.intent, meant.case_number, meant.name) == (intent, number, name)
    assert words is None or meant.words == words
    assert meant.action == ("answer" if intent in {"my_cases", "help", "progress"} else "command")


EXTENSIONS = [
    ("延期2天 等配件", timedelta(days=2), "等配件"),
    ("延期 G1001 三小时 等电工", timedelta(hours=3), "等电工"),
    ("延期一周 厂家没货", timedelta(weeks=1), "厂家没货"),
    ("要等配件,延期两天", timedelta(days=2), "要等配件"),
    ("延期 等配件", None, "等配件"),
    ("延期 还没发货", None, "还没发货"),
    ("延期 已经等了三天还没货", None, "已经等了三天还没货"),
    ("延期半天 下雨", timedelta(hours=12), "下雨"),
    ("延期", None, ""),
]


@pytest.mark.parametrize(("text", "span", "words"), EXTENSIONS, ids=[r[0] for r in EXTENSIONS])
def test_extension(text, span, words):
    meant = heard(text, role="worker")
    assert (meant.intent, meant.duration, meant.words) == ("worker_extend", span, words)


@pytest.mark.parametrize(
    "text", ["5号楼2单元楼道灯坏了", "3号楼灯坏了 我这边看到的", "7栋门口井盖裂了 谁的片区"]
)
def test_staff_report_too(text):
    assert heard(text, role="worker").intent == "report"


@pytest.mark.parametrize(
    "text",
    [
        "走访 5幢吴奶奶 身体都好",
        "今天走访了三户独居老人",
        "巡查发现5号楼2单元楼道灯坏了",
        "巡查发现7栋后面有人堆杂物",
    ],
)
def test_staff_tell_of_a_visit(text):
    """What was found there is kept with the visit and becomes a case with one more word."""
    assert heard(text, role="worker").intent == "visited"


@pytest.mark.parametrize(
    "text", ["今天降温 大家巡查多穿点", "同事们辛苦了", "？？？", "中午一起吃面"]
)
def test_staff_chat_too(text):
    assert heard(text, role="worker").action == "silent"


@each_row("text", [row[0] for row in STAFF])
def test_a_resident_never_works(text):
    assert not heard(text).intent.startswith("worker_")


RESIDENT = [
    ("修好了，谢谢", "confirm_ok"), ("不用了，已经好了", "cancel"), ("不用来了", "cancel"), ("算了", "cancel"), ("怎么样了", "progress"),
    ("还没人来", "progress"), ("进度", "progress"), ("我那个灯进度怎么样了", "progress"), ("满意", "confirm_ok"), ("满意，谢谢", "confirm_ok"),
    ("满意的 谢谢李师傅🙏", "confirm_ok"), ("这回满意了", "confirm_ok"), ("不满意", "confirm_bad"), ("帮助", "help"),
    ("不用了 好了 刚才跳闸", "cancel"), ("绑定 K29", "bind_me"),
]  # fmt: skip


@each_row(("text", "intent"), RESIDENT)
def test_resident_wording(text, intent):
    assert heard(text).intent == intent


@pytest.mark.parametrize("text", ["人呢？？？", "快点啊😡😡😡", "到底有没有人管啊"])
def test_impatience_opens_nothing(text):
    assert heard(text).action in {"answer", "ask", "silent"}


SATISFIED = [
    ("满意", "confirm_ok", None), ("好了谢谢", "confirm_ok", None), ("可以", "confirm_ok", None), ("1", "confirm_ok", None),
    ("修好了", "confirm_ok", None), ("好的 满意👍", "confirm_ok", None), ("满意的 谢谢李师傅🙏", "confirm_ok", None),
    ("满意 就是修了两天", "confirm_ok", None), ("基本满意", "confirm_ok", "基本满意"), ("还行", "confirm_ok", "基本满意"),
    ("基本满意吧 就是等得久", "confirm_ok", "基本满意"), ("不满意", "confirm_bad", ""), ("2", "confirm_bad", ""),
    ("不满意，灯还是不亮", "confirm_bad", "灯还是不亮"), ("还是不亮", "confirm_bad", "还是不亮"), ("没修好", "confirm_bad", "没修好"),
    ("不满意 换了还是一闪一闪的", "confirm_bad", "换了还是一闪一闪的"), ("不满意！二楼好了三楼还是黑的", "confirm_bad", "二楼好了三楼还是黑的"),
    ("这回满意了", "confirm_ok", None), ("不用谢 哈哈哈", "chat", None), ("今天天气真好", "chat", None),
    ("5号楼3单元下水道堵了 污水漫出来", "report", None), ("晚上好", "chat", None),
]  # fmt: skip


@each_row(("text", "intent", "words"), SATISFIED)
def test_asked_whether_satisfied(text, intent, words):
    meant = heard(text, question="satisfied")
    assert meant.intent == intent
    assert words is None or meant.words == words


PLACED = [
    ("3号楼2单元", "place_answer", Location("3", "2")), ("一号楼", "place_answer", Location("1")),
    ("是的是的", "place_answer", Location()), ("是", "place_answer", Location()), ("对", "place_answer", Location()),
    ("嗯", "place_answer", Location()), ("是的", "place_answer", Location()), ("对对对 就是这里", "place_answer", Location()),
    ("不是 我在女儿家 是5号楼1单元", "place_answer", Location("5", "1")), ("不用了 好了 刚才跳闸", "cancel", None),
    ("琼花苑5号楼", "place_answer", Location("5")), ("柳湖家园B座1单元", "place_answer", Location("B", "1")),
    ("东大门那边", "place_answer", None), ("柳湖家园", "place_answer", None), ("就我家楼下呀", "place_answer", None),
]  # fmt: skip


@each_row(("text", "intent", "where"), PLACED)
@pytest.mark.parametrize("question", ["place", "estate"])
def test_asked_for_the_place(text, intent, where, question):
    meant = heard(text, question=question)
    assert meant.intent == intent
    assert where is None or meant.location == where


CHOSEN = [
    ("G1002", "G1002", None),
    ("1002", "G1002", None),
    ("第二个", None, "2"),
    ("2", None, "2"),
    ("g1002吧", "G1002", None),
]


@pytest.mark.parametrize(("text", "number", "words"), CHOSEN, ids=[r[0] for r in CHOSEN])
def test_asked_which(text, number, words):
    meant = heard(text, role="worker", question="which")
    assert (meant.intent, meant.case_number) == ("choice", number)
    assert words is None or meant.words == words


def test_asked_which_but_commands_another():
    meant = heard("接单 G1007", role="worker", question="which")
    assert (meant.intent, meant.case_number) == ("worker_accept", "G1007")


HANDED = [
    ("阳光物业", "阳光物业", ""),
    ("给物业吧", "物业", ""),
    ("是", None, "是"),
    ("好的", None, "是"),
    ("何梅", "何梅", ""),
]


@pytest.mark.parametrize(("text", "name", "words"), HANDED, ids=[r[0] for r in HANDED])
def test_asked_to_whom(text, name, words):
    meant = heard(text, role="worker", question="transfer_to")
    assert (meant.intent, meant.name, meant.words) == ("worker_transfer", name, words)


@pytest.mark.parametrize(
    "text", ["灯是亮了 罩子没装 电线露在外头", "这栋楼上个月划给二网格了", "没配件"]
)
def test_asked_for_the_reason(text):
    meant = heard(text, question="reason")
    assert (meant.intent, meant.words) == ("reason", text)


def test_a_command_beats_the_reason():
    assert heard("接单 G1003", role="worker", question="reason").intent == "worker_accept"


@pytest.mark.parametrize(
    "question", ["place", "estate", "satisfied", "which", "transfer_to", "reason"]
)
def test_danger_beats_every_question(question):
    meant = heard("着火了 3号楼冒浓烟", question=question)
    assert (meant.intent, meant.urgent, meant.location.building) == ("report", True, "3")


def test_the_quote_tells_the_number():
    meant = heard("接单", role="worker", quote="【G1002】下水道堵了")
    assert meant.case_number == "G1002"
    assert heard("接单 G1001", role="worker", quote="【G1002】").case_number == "G1001"


KNOWN = [
    ("东大门那个路灯坏了两天了", "东大门"),
    ("张记烧烤把桌子摆到人行道上了", "张记烧烤"),
    ("充电车棚漏雨", "充电车棚"),
    ("车棚漏雨", "车棚"),
]


@pytest.mark.parametrize(("text", "place"), KNOWN, ids=[r[0] for r in KNOWN])
def test_known_places(text, place):
    assert heard(text).known_place == place


FREE_STAFF = [
    # the same meant in other words: text, intent, name
    ("我接了 十分钟到", "worker_accept", None), ("马上安排", "worker_accept", None),
    ("已经到楼下了", "worker_arrive", None), ("到了，正在看", "worker_arrive", None), ("下水道疏通了，不堵了", "worker_done", None),
    ("垃圾清走了", "worker_done", None), ("3号楼漏水的我处理好了", "worker_done", None), ("G1003 已经修好了", "worker_done", None),
    ("这事得供电来，转供电局", "worker_transfer", "供电局"), ("这个要找城管，转给城管吧", "worker_transfer", "城管"),
    ("交给维保处理", "worker_transfer", "维保"), ("我解决不了，请社区出面", "worker_escalate", None),
    ("需要街道牵头协调", "worker_escalate", None), ("这不是我网格的", "worker_return", None), ("派错了，不归我们网格", "worker_return", None),
    ("一个人搬不动，谁来搭把手", "worker_help", None),
    ("修好了吗", "progress", None), ("G1003 办结了吗", "progress", None),
    ("结案率这个月要到九成五", "chat", None), ("请大家及时办结", "chat", None),
]  # fmt: skip


@each_row(("text", "intent", "name"), FREE_STAFF)
def test_staff_in_their_own_words(text, intent, name):
    meant = heard(text, role="worker")
    assert (meant.intent, meant.name) == (intent, name)


IDIOMS = [
    "笑得我要吐血",
    "困晕死了",
    "忙到爆炸",
    "哈哈哈救命",
    "年底跳楼价大甩卖",
    "大火收汁五分钟",
]


@pytest.mark.parametrize("text", IDIOMS)
def test_figures_of_speech_are_no_danger(text):
    meant = heard(text)
    assert (meant.urgent, meant.action) == (False, "silent")


@pytest.mark.parametrize("text", ["我想说个情况", "那个东西又不行了", "嗯 就那样吧你懂的"])
def test_in_private_it_asks_back(text):
    assert heard(text, private=True).action in {"ask", "open"}


@pytest.mark.parametrize(
    "text", ["取消停车费吧太贵了", "帮助老人过马路是应该的", "满意度调查什么时候做"]
)
def test_command_words_inside_sentences_are_no_commands(text):
    assert heard(text).intent not in {"cancel", "help", "confirm_ok"}
