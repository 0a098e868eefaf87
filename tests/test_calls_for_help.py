"""A call for a helping hand by somebody whom no roster knows (domain.md H10)."""

from pathlib import Path

from bot.simulate import play

BY_A_NEWCOMER = """
# Most residents stand in no roster: who asked hears of it all the same, and so does the worker.
now 2026-11-23 09:00
r.chen@g01.residents: 我想当志愿者，会搬东西
x.new@g01.residents: @网格小助手 有没有志愿者能帮我家搬个柜子
< x.new *V1001*
r.chen: 我可以
< r.chen *就拜托您了，已经告诉找人的邻居*
< x.new *陈先生愿意来帮您（V1001）*网格员李强帮你们约时间*
< w.li *有人愿意帮忙 V1001*陈先生*一位居民*
r.chen: 那天我要上班 去不了
< x.new *陈先生说去不了了*
r.chen: 又有空了，V1001 我可以
< x.new *陈先生愿意来帮您（V1001）*
w.li: 完成 V1001
< r.chen *V1001 办完了*谢谢*
# Nobody offers: the worker sees to it, and who asked hears that.
x.new@g01.residents: @网格小助手 有没有志愿者能帮我家修个水龙头
< x.new *V1002*
+5h
< w.li *V1002*请网格员安排*
< x.new *V1002*已经请网格员李强安排*
# A private matter: the worker alone hears of it, and who asked hears that he comes.
x.new@g01.residents: @网格小助手 我爸得了癌症 想找个志愿者陪护
< x.new *您家的私事*
< w.li *有人找帮手 V1003*一位居民找人帮忙，是家里的私事*
w.li clicks volunteer_accept
< x.new *李强愿意来帮您（V1003）*
"""


async def test_a_newcomer_hears_who_helps_him(tmp_path: Path) -> None:
    path = tmp_path / "newcomer.txt"
    path.write_text(BY_A_NEWCOMER, "utf-8")
    report = await play(path)
    assert not report.failures, "\n".join(map(str, report.failures))
