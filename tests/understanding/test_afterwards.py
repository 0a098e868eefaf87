"""What is said after the report: the verdict, that it goes on, and who shall do it."""

import pytest

from bot.understanding import (
    BASICALLY,
    Heard,
    Listener,
    came_back,
    courtesy,
    everything,
    handed_to,
    well_again,
)
from tests.rows import each_row

LISTENER = Listener()
COLLEAGUES = ("何梅", "沈亮", "唐静")


def heard(text, **more):
    return LISTENER.understand(Heard(text, **more))


def table(rows):
    return [
        pytest.param(text, answer, id=f"{answer}-{text}")
        for answer, texts in rows.items()
        for text in texts.split("|")
    ]


VERDICTS = {
    "bad": "还在漏呢|走了又回来了！|又堆上了……|又来了|修是修了但是要刷好几下才行|没装啊 我刚看了|通了 就是地上没人打扫|"
    "换是换了 就是颜色不一样|又吵起来了|还没剪呢|没扫|他们又唱上了|没人跟我道歉|没退钱|还在冒啊|又停了一辆",
    "fair": "还可以 就是偶尔有味|还行就是慢了点|基本可以吧|凑合吧 就是有点响",
    "good": "看到了 结实了|嗯清静了 谢谢|嗯看到新的了|坐了一趟 不晃了|填平了 好|收到退款了|看见了 可以|又亮了|又通了 谢谢|"
    "没再响|钱退了|昨晚没吵了|试过了 没问题|用了 挺好|钱收到了|关得上了关得上了|好得很",
    "": "又下雨了|又要上班了|一会天黑了看看再说|今天才第一天 看看再说|还在路上|看到一只猫|还在上班|明天又周一了|"
    "过两天再看|谢谢 吓死了",
}  # fmt: skip


@each_row(("text", "verdict"), table(VERDICTS))
def test_how_people_judge_a_repair_among_neighbours(text, verdict):
    found = heard(text, role="resident", question="satisfied")
    word = {"confirm_bad": "bad", "confirm_ok": "fair" if found.words == BASICALLY else "good"}
    assert word.get(found.intent, "") == verdict


@pytest.mark.parametrize("text", ["还在冒烟", "火又烧起来了", "还在冒火"])
def test_a_fire_is_a_fire_whatever_was_asked(text):
    found = heard(text, role="resident", question="satisfied")
    assert (found.urgent, found.hazard) == (True, "fire")


def test_who_waits_before_he_judges_is_no_riddle_for_the_worker():
    found = heard("一会天黑了看看再说", role="resident", question="satisfied")
    assert not found.suspect


STEPS = {
    "worker_done": "是602的太阳能漏了 让他关了阀门|已经让他们停工了|派出所已经教育过了|让业主把杂物搬走了|叫楼上把音响关了|"
    "劝他们散了|物业都换好了|要求商家收掉了|叫车主挪走了|17楼也装了|那边也剪掉了|师傅调过了 一刷就开|都清过了|好的 那我办结了|找物业了 物业已批评教育",
    "worker_transfer": "让城管去看看|请物业处理|转城管|这个归城管吧|转给电梯公司|让他们处理吧",
    "worker_extend": "延几天吧|再缓几天|延两周",
    "": "问了供水 说主管在修 下午恢复|什么时候办结|绿化说要排队 大概两周|灯泡没货 明天才到|让他等通知|我再去做工作",
}


@each_row(("text", "step"), table(STEPS))
def test_what_a_worker_had_done_is_no_hand_over(text, step):
    found = heard(text, role="worker", private=True)
    moves = ("worker_done", "worker_accept", "worker_arrive", "worker_extend", "worker_return")
    if step:
        assert found.intent == step
    else:
        assert found.intent not in moves
    if found.intent == "worker_transfer":
        assert found.name not in ("602", "已经让他们停工")


@pytest.mark.parametrize("text", ["延几天吧", "能不能延期", "想再延几天"])
def test_more_time_without_how_much_or_why_is_asked_about(text):
    found = heard(text, role="worker", private=True)
    assert (found.intent, found.duration, found.words) == ("worker_extend", None, "")


@pytest.mark.parametrize(
    ("text", "intent", "name"),
    [
        ("城管吧", "worker_transfer", "城管"),
        ("给何梅", "worker_transfer", "何梅"),
        ("让物业去弄", "worker_transfer", "物业"),
        ("延两周", "worker_extend", None),
        ("算了 我自己去", "cancel", None),
    ],
)
def test_to_whom_is_answered_with_a_name_or_not_at_all(text, intent, name):
    found = heard(text, role="worker", private=True, question="transfer_to")
    assert (found.intent, found.name) == (intent, name)


@pytest.mark.parametrize(
    "text", ["绿化说要排队 大概两周", "绿化排队", "物业说不归他们", "我不知道"]
)
def test_a_sentence_is_nobody_s_name(text):
    found = heard(text, role="worker", private=True, question="transfer_to")
    assert found.intent != "worker_transfer"


NAMED = {
    "何梅": "何梅你帮我接一下这个|给何梅|转给何梅吧|何梅去一趟",
    "沈亮": "让沈亮去|我走不开 沈亮帮我跑一下|请沈亮处理",
    "唐静": "让唐静先放个警示桶|唐静你再去一趟",
    None: "何梅去过了|沈亮处理好了|唐静来了|给沈亮打过电话|何梅说她不来|沈亮在吗|叫老王去|找何梅拿钥匙|修好了",
}


@each_row(("text", "name"), table(NAMED))
def test_the_colleague_who_shall_do_it(text, name):
    assert handed_to(text, COLLEAGUES) == name


WELL = {
    True: "嗯不滴了 谢谢小李|好了好了|出来了出来了 谢谢|哦又动了 没事了|亮了|重启一下好了|来电了来电了|我这也好了|味道散了|"
    "灭了灭了 用灭火器灭掉的|昨晚没吵了|有水了|来了来了 这回稳了|这两天没打了|没事了没事了",
    False: "好了没|什么时候好|修好了跟我说一声|好了又坏了|天热了|饭好了|粪水都冒出来了|电都停了|来电了吗|我到家了|好的|亮了就好|"
    "手机修好了|收到了|还没好|好了但是有点响|水漏下来了",
}


@each_row(("text", "well"), table(WELL))
def test_it_is_well_again(text, well):
    assert well_again(text) is well


BACK = {
    True: "又坏了 那个门|昨天夜里又拖了|那个井盖还是响|还是温的 不热|又堆上了|照样不亮|跟原来一样",
    False: "谢谢|好了|那个门关上了|明天来吗|还是你们好",
}


@pytest.mark.parametrize(("text", "again"), table(BACK))
def test_it_came_back(text, again):
    assert came_back(text) is again


POLITE = {
    True: "谢谢小李啊|好的 等消息|好的谢谢何姐|谢谢大家|辛苦了|嗯嗯好的|麻烦您了|不急 慢慢来",
    False: "好的 明天来|好的小王家漏水|谢谢 还在漏|等消息等了三天了|嗯",
}


@pytest.mark.parametrize(("text", "polite"), table(POLITE))
def test_thanks_add_nothing_to_a_case(text, polite):
    assert courtesy(text) is polite


ALL = {
    True: "都接了|都好了 谢谢|两件都弄好了|全部接单|都满意|都修好了",
    False: "都没接|接了|大家都在说|都不行|满意|谁都没来",
}


@pytest.mark.parametrize(("text", "every"), table(ALL))
def test_all_of_several(text, every):
    assert everything(text) is every


@pytest.mark.parametrize(
    "text",
    [
        "那你自己报",
        "你自己去报啊",
        "您也去反映一下",
        "警察来了",
        "消防车到了",
        "师傅来了",
        "物业的人在修了",
    ],
)
def test_what_a_neighbour_is_told_or_that_help_has_come_takes_nothing_back(text):
    assert heard(text, role="resident").intent != "cancel"


@pytest.mark.parametrize("text", ["师傅来了 不用了", "车主来了 挪走了", "看错了"])
def test_what_takes_a_report_back(text):
    assert heard(text, role="resident").intent == "cancel"


@pytest.mark.parametrize("text", ["今天又下雨了", "又要过年了", "又堵车了 晚点到家"])
def test_weather_and_the_year_are_no_trouble(text):
    assert heard(text, role="resident").action == "silent"


@pytest.mark.parametrize("text", ["你是谁啊", "你是机器人吗", "请问你是谁", "你是干什么的"])
def test_who_asks_the_bot_who_it_is_is_greeted(text):
    found = heard(text, role="resident", private=True)
    assert (found.intent, found.action) == ("chat", "ask")
