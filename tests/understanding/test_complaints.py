"""A complaint about who works for the grid himself, and what is none."""

from bot.understanding.complaints import Against, Ground, against, named
from tests.rows import each_row

WORKERS, LEADERS = ("李强", "何梅"), ("吴书记",)


@each_row(
    ("text", "whom", "ground"),
    [
        ("网格员不干活", "worker", "conduct"),
        ("小李态度差", "worker", "conduct"),
        ("说了三回网格员都不来", "worker", "neglect"),
        ("我要投诉网格员李强，态度恶劣", "worker", "accuse"),
        ("网格员态度太恶劣了，说话很难听", "worker", "conduct"),
        ("李强对老人凶得很", "worker", "conduct"),
        ("何梅收了人家红包，违建就不管了", "worker", "conduct"),
        ("我们这网格员就是混日子的", "worker", "conduct"),
        ("举报你们社区的网格员", "worker", "accuse"),
        ("网格员从来没来走访过", "worker", "neglect"),
        ("打了五次电话，李强也没管", "worker", "neglect"),
        ("网格员从来不接我电话", "worker", "conduct"),
        ("网格员骂我", "worker", "conduct"),
        ("吴书记爱答不理，踢皮球", "leader", "conduct"),
        ("网格长办事太敷衍", "leader", "conduct"),
    ],
)
def test_it_is_about_him(text: str, whom: str, ground: str) -> None:
    assert against(text, WORKERS, LEADERS) == (Against(whom), Ground(ground))


@each_row(
    "text",
    [
        "物业态度差，网格员帮我说说",
        "物业不干活",
        "网格员什么时候来",
        "网格员来了吗",
        "网格员怎么还没来",
        "网格员都不来吗",
        "小李，楼道灯坏了",
        "小李辛苦了，态度真好",
        "网格员说物业态度差",
        "我找网格员投诉物业",
        "要是网格员不干活怎么办",
        "听说网格员骂人",
        "楼道灯坏了三天，说了三回网格员都不来",
        "网格员没有骂人",
        "隔壁小区网格员不干活",
        "保安骂人，网格员来看了也没用",
        "小王态度差",
        "小李子汁洒了一地",
        "请网格员来一趟",
        "网格员不在家",
        "网格员请假了",
    ],
)
def test_it_is_about_something_else(text: str) -> None:
    assert against(text, WORKERS, LEADERS) is None


def test_whom_the_words_name() -> None:
    assert named("何梅态度差", WORKERS) == "何梅"
    assert named("小李态度差", WORKERS) == "李强"
    assert named("网格员态度差", WORKERS) == ""
