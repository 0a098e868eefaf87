"""Cues of chat, advertising, system lines and trouble told: found in what says it, not beside it."""

from bot.understanding import category
from bot.understanding.cues import cues
from bot.understanding.normalise import clean
from bot.understanding.words import lexicon
from tests.rows import each_row

# Each cue: who says it, and who says something that looks like it.
HEARD = {
    # chat
    "greets": (["大家早上好", "早安", "元宵快乐呀"], ["早上停水了"]),
    "wishes_well": (["祝您早日康复", "降温了多穿件衣服", "路上注意安全"], ["这路不安全"]),
    "thanks_warmly": (["多谢街坊们", "手动点赞", "看得我泪目"], ["灯还没亮"]),
    "praises": (["必须表扬小李", "这汤真好喝，真香呀", "干净多了"], ["电梯停了"]),
    "laughs": (["哈哈哈", "笑死我了", "😂🤣"], ["他哭了"]),
    "agrees": (["有道理", "嗯嗯", "+1"], ["有道理的话我就不投诉了"]),
    "calms_people": (["别吵了", "大家冷静", "和气生财"], ["楼上太吵"]),
    "asks_indulgence": (["我家周末装修，吵到大家请包涵", "多多包涵"], ["楼上装修吵死了"]),
    "recalls_old_days": (["我年轻那会儿哪有暖气", "三十年前，这里是稻田", "想当年挑水上楼"], ["明天停水"]),
    "tells_then_and_now": (["以前烧煤球，现在开地暖，享福了", "现在的孩子真幸福"], ["现在停电了"]),
    "hearsay": (["听说东边要修地铁", "刷到一条新闻", "据报道菜价回落"], ["楼道灯坏了"]),
    "elsewhere": (["人家小区都种花", "我老家下大雪", "隔壁村通高铁了"], ["我家停电"]),
    "all_is_well_again": (["人没事就好", "虚惊一场", "幸好没伤着"], ["人晕过去了"]),
    "imagines_or_dreams": (["昨晚做梦中了奖", "要是天天放假就好了", "说个冷知识"], ["电梯掉下来了"]),
    "daily_life": (["孙子今天会叫我奶奶了", "包了一锅饺子", "表妹下月结婚"], ["水管爆了"]),
    "weather_and_season": (["下雪了", "桂花开了", "今天太阳真好"], ["路灯坏了"]),
    "muses": (["知足常乐，人生如此", "唉", "与各位共勉"], ["水费多少"]),
    "health_lore": (["每天睡前泡脚排毒", "【转】这三种菜千万别吃", "看完转发给家人"], ["血压计在哪量"]),
    "talks_to_one_person": (["王姐在吗", "我马上到", "你家娃真高"], ["门禁坏了"]),
    "swaps_and_lends": (["谁有多的米袋", "借个梯子用用", "哪家火锅好吃"], ["墙面渗水"]),
    "gets_together": (["三缺一", "周六一起爬山", "老地方见"], ["车位被占"]),
    "found_or_pet_lost": (["捡到一把钥匙", "我家橘猫跑丢了", "物归原主"], ["电瓶被偷"]),
    "favour_between_neighbours": (["给你放门口了", "帮我拿个快递", "帮忙投一票"], ["帮我看看水表"]),
    "own_thing_broke": (["我手机没电了", "高速堵死了", "我眼镜碎了"], ["门禁坏了"]),
    "jokes_with_as_if": (["堪称年度大戏", "喜提落汤鸡", "沉浸式体验"], ["水管漏了"]),
    "ironic_thanks": (["感谢物业让我天天爬楼", "真行啊", "我谢谢您嘞栓q"], ["谢谢大家"]),
    # advertising
    "gives_private_contact": (["有意私聊", "加我微信", "要的接龙扣1"], ["水管爆了"]),
    "names_a_price": (["草莓25元一斤", "三十块一盒", "到手价88"], ["三号楼停电"]),
    "offers_discount": (["开业全场八折", "买一送一", "限时秒杀"], ["折了一根树枝"]),
    "sells_second_hand": (["闲置婴儿床九成新", "沙发低价转，自提", "电影票急转"], ["转告大家一声"]),
    "lets_or_seeks_rooms": (["两室一厅出租，拎包入住", "旺铺招租", "求租一间"], ["坐出租车来的"]),
    "offers_trade": (["专业疏通，随叫随到", "高价回收旧家电", "收废品"], ["下水堵了"]),
    "recruits": (["诚聘收银员，包吃住", "招兼职，日结", "在家就能赚"], ["招聘会几号开"]),
    "lends_money_or_tempts": (["无抵押贷款，当天放款", "内部消息稳赚", "信用卡套现"], ["水费交了"]),
    "fresh_goods_arrive": (["土鸡蛋到货", "自家种的红薯", "砂糖橘今天截单"], ["快递没到"]),
    "advertises_layout": (["🔥新款上架", "欢迎光临本店", "地址：东门旁"], ["东门灯坏了"]),
    # system lines, forwards, bare data
    "system_bracket_only": (["[图片]", "[文件]值班表.xlsx", "https://a.cn/x"], ["[图片]这灯坏了三天没人修"]),
    "system_event": (["小王撤回了一条消息", "\"李姐\"加入了群聊", "你已成为新的群主"], ["把话收回去"]),
    "official_notice": (["【停水通知】", "因管道检修，明日停水，敬请谅解", "请各位居民相互转告"], ["又停水，也不通知"]),
    "at_everyone": (["@所有人", "@全体成员 今晚开会"], ["所有人都冻得发抖"]),
    "numbered_list_or_form": (["接龙 1.张三 2.李四", "姓名：王五 电话：123", "【投票】选颜色"], ["三个人接力修好了"]),
    "bare_place_or_number": (["3-502", "西门", "我家三号楼"], ["3号楼停电了"]),
    # trouble told
    "thing_does_not_work": (["灯不亮", "门打不开", "冇水啦"], ["灯装好了很亮"]),
    "thing_leaks_or_overflows": (["天花板渗水", "马桶反水", "水漫到门口"], ["水费单到了"]),
    "thing_breaks_or_falls": (["扶手松了", "路面塌陷", "瓷砖裂开"], ["扶手擦得锃亮"]),
    "dirt_and_stench": (["臭气冲天", "烟头满地", "有一股怪味"], ["楼道扫得真干净"]),
    "noise_and_no_sleep": (["吵得睡不着", "凌晨还在敲", "楼上咚咚响"], ["睡得很香"]),
    "people_break_rules": (["走廊让他霸占", "往楼下扔酒瓶", "不讲理"], ["车位画好线了"]),
    "cheated_or_unpaid": (["老板卷款跑路", "押金不退", "拖欠三个月"], ["工资发了"]),
    "violence_and_crime": (["有人拿刀", "电瓶被偷", "鬼鬼祟祟的"], ["打电话给我"]),
    "body_in_need": (["老人晕倒在地", "流了好多血", "喘不上气"], ["血压正常"]),
    "poverty_and_frailty": (["揭不开锅", "腿脚不便", "没人照顾"], ["老人精神很好"]),
    "person_trapped": (["困在里面", "快来人", "孩子锁在屋里"], ["门锁换好了"]),
    "fire_or_smoke": (["厨房冒烟", "着火", "有煤气味"], ["坐火车回来"]),
    "cannot_pass_or_use": (["轮椅过不去", "影响出行", "差点摔"], ["路修好了很宽"]),
    # how trouble is told
    "lasts_or_repeats": (["天天这样", "三天了,没人来", "又坏"], ["刚刚"]),
    "demands_action": (["派个人来", "请尽快处理", "谁来管管"], ["换好了"]),
    "announces_a_matter": (["反映个事", "我要投诉", "巡查发现一处破损"], ["报名舞蹈班"]),
    "addresses_car_owner": (["车主挪一下", "谁家的狗", "苏A12345"], ["公交几点到"]),
    "feels_fear_or_anger": (["气死我了", "看着害怕", "受不了"], ["心情不错"]),
    "reproaches_in_questions": (["凭什么涨", "怎么回事", "要等出人命吗"], ["三点钟到"]),
    "names_the_responsible": (["物业呢", "城管在哪", "找社区"], ["阿婆卖菜"]),
}  # fmt: skip


def has(name: str, text: str) -> bool:
    return name in set(cues(clean(text).plain))


SAID = [(name, text) for name, (yes, _) in HEARD.items() for text in yes]
NOT_SAID = [(name, text) for name, (_, no) in HEARD.items() for text in no]


@each_row(("name", "text"), SAID)
def test_a_cue_is_found_in_what_says_it(name: str, text: str) -> None:
    assert has(name, text)


@each_row(("name", "text"), NOT_SAID)
def test_a_cue_is_not_found_in_what_only_looks_like_it(name: str, text: str) -> None:
    assert not has(name, text)


def test_every_cue_of_this_file_has_examples() -> None:
    assert list(lexicon("cues_noise")) == list(HEARD)


# The border cases of the category table, by what the words alone say.
BORDERS = [
    ("物业一直不修路灯，路灯不亮", "facility"),
    ("物业光收钱不干活", "property"),
    ("楼上漏水泡了我家地板，要他赔", "dispute"),
    ("楼顶外墙渗水，公共管道漏水", "facility"),
    ("停气了做不了饭", "utility"),
    ("厨房里有燃气味", "fire_safety"),
    ("楼道里堆满杂物和纸箱", "fire_safety"),
    ("楼道垃圾没人扫，一地瓜子壳", "sanitation"),
    ("面包车堵住了消防通道", "fire_safety"),
    ("楼上半夜蹦跳吵死了", "noise"),
    ("对门两口子吵架，请来调解", "dispute"),
    ("麻将馆通宵洗牌太吵", "noise"),
    ("地下室有人聚赌", "public_security"),
    ("居民楼里开了家美容院", "illegal_build"),
    ("隔壁的狗整夜叫", "noise"),
    ("遛狗不牵绳，狗屎到处都是", "sanitation"),
    ("孩子被狗咬伤了", "public_security"),
    ("充电桩被油车占了", "parking"),
    ("从窗户拉根线给电瓶充电", "fire_safety"),
    ("一楼的充电柜坏了", "facility"),
    ("异地住院医保怎么报销", "social_security"),
    ("社区医院几点可以打疫苗", "health"),
    ("高龄老人补贴怎么申请", "welfare"),
    ("养老金这个月没到账", "social_security"),
    ("加装电梯一楼不同意，政策怎么规定", "gov_service"),
    ("电梯又坏了", "facility"),
]


@each_row(("text", "code"), BORDERS)
def test_the_border_cases_of_the_category_table(text: str, code: str) -> None:
    assert category.ranked(category.scores(clean(text).plain))[0] == code


def test_a_word_that_only_holds_another_says_nothing() -> None:
    assert "fire_safety" not in category.scores("坐火车去吃火锅")
