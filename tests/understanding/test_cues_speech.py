"""Cues of what residents and workers do by writing: each is found in what says it, not beside it."""

from bot.understanding.cues import cues
from bot.understanding.normalise import clean
from bot.understanding.words import lexicon
from tests.rows import each_row

# Each cue: who says it, and who says something that looks like it.
HEARD = {
    # wishing for something that is not there yet
    "proposes": (["建议车棚里隔出一块放童车", "我提个小小的意见哈", "倡议大家轮流浇花"], ["这事我没意见"]),
    "wishes": (["希望能多几张长椅", "要是可以周末也开就好了", "楼道再亮点就更好了"], ["他考上希望小学的老师了"]),
    "asks_if_one_could": (["能不能在拐弯那儿放面镜子", "社区可以组织大家学学急救", "考虑一下给老人装扶手"], ["镜子碎了一地"]),
    "would_add_something": (["门口装一盏小灯", "多放几把椅子", "增设一处洗手池"], ["灯坏了三天"]),
    "would_change_or_move": (["把开门时间改成七点", "字印大一点", "垃圾桶挪到东边去"], ["水从墙里渗出来"]),
    "ends_as_a_proposal": (["周末一起大扫除怎么样", "给花坛围个边吧", "试试错峰"], ["花坛的边断了"]),
    "says_what_should_be": (["不如把钥匙放在门岗", "这种事应该提前说", "何不大家商量一下"], ["本应用更新了"]),
    "standing_arrangement": (["每个月公示一回账目", "定期清洗水箱", "停水提前一天通知"], ["昨天洗了水箱"]),
    "gives_the_benefit": (["贴个条子免得大家白跑", "这样大家心里也有数", "以后停气先在群里说"], ["我昨天白跑了"]),
    # asking after something already reported
    "refers_to_earlier_report": (["上周报的灯", "之前跟你们说过漏水的", "我打电话报修过两次了"], ["上周去了趟公园"]),
    "names_the_earlier_matter": (["我家那个事到底怎么弄", "关于退押金一事", "之前报的那个有着落吗"], ["今天有件喜事"]),
    "gives_a_case_number": (["工单A17什么状态", "尾号5521那个", "帮我催办一下"], ["菜单给我看看"]),
    "reminds_of_a_promise": (["说好今天来的", "你们答应过三天内给答复", "讲好八点到"], ["今天天气好"]),
    "asks_for_news": (["有下文吗", "进展如何", "办到哪一步了"], ["我到家了"]),
    "asks_whether_done": (["灯换好没", "批没批呀", "修好了吗"], ["灯换好了"]),
    "still_not": (["到现在还没人来", "至今未收到答复", "一直没人管"], ["人都到齐了"]),
    "says_how_long_it_takes": (["都三个礼拜了", "第四次问了", "等了两天"], ["三号楼的"]),
    "urges": (["催一下", "快点来人", "给个准话"], ["慢慢来不急"]),
    "asks_where_the_helper_is": (["师傅到哪了", "到底来不来", "啥时候能修"], ["师傅来了"]),
    "waits_in_vain": (["等了一上午", "是不是把我忘了", "怎么就没动静"], ["一起喝茶"]),
    # answering whether it was done well
    "is_satisfied": (["满意", "给五星", "同意结案"], ["不满意"]),
    "works_again": (["修好了 亮堂", "终于不堵了", "能用了"], ["还堵着"]),
    "praises_the_help": (["师傅手艺真好", "处理得很及时 速度真快", "没想到当天就来"], ["师傅姓王"]),
    "thanks_for_help": (["谢谢师傅", "多谢网格员帮忙", "给你们添麻烦了"], ["谢谢"]),
    "answers_yes_or_finished": (["1", "可以了", "我选1"], ["1号楼没水"]),
    "answers_no": (["2", "没修好", "回复2"], ["2号楼没水"]),
    "is_dissatisfied": (["不太满意", "差评", "这不是糊弄人吗"], ["很满意"]),
    "came_back_or_failed": (["修完第二天又漏", "又坏了", "跟没弄过一样"], ["修完了"]),
    "doubts_that_it_was_done": (["这也叫修好", "系统显示已完成", "修了个寂寞"], ["修得好"]),
    "came_and_did_nothing": (["来了拍个照就走了", "贴了张纸条了事", "只换了一根管子"], ["来了就修好"]),
    # taking it back
    "no_need_any_more": (["不用来了", "甭派人啦", "莫来了"], ["快来人"]),
    "withdraws": (["撤回吧", "请取消", "当我没说"], ["说了三遍"]),
    "was_a_mistake": (["发错群了", "虚惊一场", "是我自己没关阀"], ["没错就是这家"]),
    "found_or_solved_itself": (["娃找到了", "我自己弄好了", "来电了"], ["娃不见了"]),
    "apologises_for_bother": (["不好意思啊", "打扰大家了", "抱歉"], ["意思是这样"]),
    # offering
    "signs_up": (["算我一个", "我报名", "+1"], ["怎么报名"]),
    "offers_own_skill": (["我可以教小朋友下棋", "我会理发 有需要找我", "免费帮邻居磨刀"], ["教小朋友下棋的老师走了"]),
    "offers_for_free": (["不要钱", "工具自带", "分文不取"], ["要交多少钱"]),
    "gives_or_lends": (["谁家要用来拿", "轮椅闲着 可以借", "捐两床被子"], ["轮椅丢了"]),
    "call_on_me": (["有事喊我", "需要就吱一声", "随叫随到"], ["别喊我"]),
    "answers_a_call_for_hands": (["缺人吗", "志愿的事", "人手够不够"], ["缺德"]),
    # agreeing on a time
    "tomorrow_or_weekday": (["明天见", "下周三", "12月1号"], ["12号楼"]),
    "time_of_day": (["下午三点来", "9点半在", "一早"], ["有一点吵"]),
    "is_at_home_then": (["我那天在家", "恭候", "屋里有人"], ["家里没人敢住"]),
    "come_then": (["明天下午来吧", "师傅周五上午来", "礼拜天过来"], ["师傅姓周"]),
    "asks_if_it_suits": (["明天来行不", "您看方便吗", "周日上午过来可以吗"], ["明天来"]),
    "changes_the_time": (["改到周五", "推迟一天", "换个时间"], ["改不了的脾气"]),
    "makes_an_appointment": (["约在大厅", "届时在场", "我预约了"], ["节约用水"]),
    # wanting to know
    "asks_politely": (["请问", "想了解一下", "问一嘴"], ["没人问我"]),
    "asks_how_to": (["居住证怎么办理", "咋报名", "流程是啥"], ["办理了"]),
    "asks_what_is_needed": (["要带什么材料", "带啥", "要本人去吗"], ["材料交了"]),
    "asks_where_to": (["去哪办", "哪里领", "药扔哪"], ["那里漏了"]),
    "asks_how_much": (["多少钱", "收费吗", "几块一斤"], ["钱丢了"]),
    "asks_when": (["几点开门", "哪天报名", "啥时候"], ["八点了"]),
    "asks_whether_allowed": (["能代办吗", "算不算违规", "可否延期"], ["能人真多"]),
    "asks_either_or": (["去社区还是街道", "要原件还是复印件"], ["他还是不改"]),
    "asks_if_true": (["是真的吗", "是不是骗子", "属实吗"], ["真热闹"]),
    "asks_who": (["这归谁管", "找哪个部门", "谁负责"], ["没有谁"]),
    "asks_by_what_rule": (["依据是什么", "有规定吗", "有没有补贴"], ["有的人真吵"]),
    "asks_yes_or_no": (["开门吗", "要钱不", "有人没"], ["开门了"]),
    "asks_for_service": (["麻烦派人看看", "请尽快处理", "物业来个人"], ["自己看看就行"]),
    "complains_with_a_question": (["凭什么啊", "怎么回事", "我要投诉"], ["好看"]),
    # workers
    "acknowledges": (["收到", "好嘞", "ok 我去"], ["没收到"]),
    "takes_the_case": (["这单我接了", "交给我", "我去看看"], ["换好了"]),
    "sets_out": (["马上到", "在路上", "十分钟左右到"], ["换好了"]),
    "promises_next_step": (["先给您打个电话", "随后联系您", "您放心"], ["水停了"]),
    "has_arrived": (["到了", "已到现场", "到5号楼了"], ["还没有人"]),
    "is_on_the_spot": (["我在单元门口", "人在楼下", "进来了"], ["换好了"]),
    "describes_the_scene": (["敲门没人应", "按门铃没动静", "里头有声音"], ["下班了"]),
    "closes_the_case": (["办结", "搞定", "这单可以销号"], ["还没来"]),
    "reports_the_result": (["灯换好了", "已清运", "管子接上了"], ["灯没修好"]),
    "tests_it": (["试水正常", "复测无异味", "不漏了"], ["在漏"]),
    "made_peace_or_delivered": (["两家握手言和", "老人送到家了 签了字", "当面道歉"], ["两家在吵"]),
    "hands_over": (["转给水务", "移交派出所", "通知维保公司"], ["我来修"]),
    "not_our_business": (["这归城管管", "不是我们辖区", "得找房管"], ["我们来修"]),
    "others_take_over": (["他们派人来", "派出所接手了", "电话留给住户了"], ["我去修"]),
    "reports_up": (["已上报", "提请街道研究", "跟主任汇报了"], ["报名了"]),
    "asks_for_a_decision": (["请领导定", "等书记拍板", "需要街道出面协调"], ["领灯泡"]),
    "beyond_my_power": (["超权限了", "我兜不住", "做不了主"], ["我来办"]),
    "joint_action": (["申请联合执法", "开协调会", "请多部门一起"], ["一个人去的"]),
    "tried_in_vain": (["劝了五次未果", "多次上门", "互相推"], ["一劝就通"]),
    "makes_rounds": (["走访李奶奶", "夜巡一圈", "入户看了看"], ["下班了"]),
    "counts_what_was_seen": (["走了六户", "灭火器四具", "共十二家"], ["好多人家"]),
    "found_in_order": (["一切正常", "无异常", "老人精神还好"], ["漏得厉害"]),
    "keeps_a_record": (["已记录", "贴了提示", "责令整改"], ["下班了"]),
    "calls_for_people": (["来两个人抬一下", "请求支援", "谁在附近搭把手"], ["我一个人去就行"]),
    "asks_who_can": (["谁会开锁", "哪位懂哑语", "有没有会修电脑的"], ["我会"]),
    "needs_a_thing": (["求一把破门钳", "沙袋不够", "备用钥匙在哪"], ["换好了"]),
    "cannot_alone": (["我一个人拉不开", "抬不动", "人手不够"], ["我拉开了"]),
    "struggles_with_the_system": (["系统登不上", "这表咋填", "密码过期"], ["走访两户"]),
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


def test_every_cue_of_these_files_has_examples() -> None:
    files = ("cues_resident", "cues_staff")
    assert {name for file in files for name in lexicon(file)} == HEARD.keys()
