"""Both Chinese translations are complete, and Traditional is not converted Simplified."""

import re
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "addons").glob("*/i18n/zh_*.po"))
PLACEHOLDER = re.compile(r"%\(\w+\)[.0-9]*[sdfg]|%[sd]|%%|\{\w+\}")
# Characters that only Simplified Chinese has.
SIMPLIFIED = set(
    "这们个来时会为说对发没过还进动业产员问东实现头应开关门间见观规视马鸟鱼车长张书买卖贝负贡财责贤败账货质贩"
    "贪贫贬购贮贯单广厂处备复够仓价众优伟传伤体创别剂办务动劝华协卫厅历压县参双变号叶听启员响团园围图场坏块"
    "坚报声壳奖妈娱孙学宁宝审宽对寻导将尔尝层属岁岛币帅师帐带归录忆态总恶惊愿战户扩扫执抢护担拥择换据损数断无"
    "旧显晓暂术机杀杂权条极构枪标样档桥检楼横欢欧残毕汇汉汤沟泪泽洁浅测济浓涛润涨渐湿满滚热爱牵状独猎环电"
    "画异疗发盘盖监确码础离种积稳穷笔签简类粮纠红约级纪纯纲纳纷纸线练组细终经结给络绝统继绩续维绿缓编缩网罗罚职"
    "联肤脑脸节艺苏药营虑虽补装视览觉订认讨让训议讯记讲许论设访证评识诉词试话该详语误请诸读课谁调谈谢账贴费"
    "赏赔赖赛转轮软轻载较输边达迁过运还这远违连迟选递逻遗邮邻针钟钱铁银销锁错键长门闭问闻队阶阳际陆险随难静"
    "顶项顺须顾预领频题颜额风飞饭饮馆驱验"
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_complete(path):
    catalogue = polib.pofile(str(path))
    entries = [entry for entry in catalogue if not entry.obsolete]
    assert entries, "an empty catalogue"
    assert [entry.msgid for entry in entries if not entry.msgstr] == []
    assert [entry.msgid for entry in entries if "fuzzy" in entry.flags] == []
    wrong = [
        entry.msgid
        for entry in entries
        if sorted(PLACEHOLDER.findall(entry.msgid)) != sorted(PLACEHOLDER.findall(entry.msgstr))
    ]
    assert wrong == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_same_sources_as_the_template(path):
    template = polib.pofile(str(path.with_name(f"{path.parts[-3]}.pot")))
    sources = {entry.msgid for entry in template if not entry.obsolete}
    translated = {entry.msgid for entry in polib.pofile(str(path)) if not entry.obsolete}
    assert sources - translated == set()


@pytest.mark.parametrize(
    "path", [path for path in FILES if path.stem == "zh_TW"], ids=lambda path: path.parts[-3]
)
def test_traditional_has_no_simplified_characters(path):
    found = {
        entry.msgid: sorted(set(entry.msgstr) & SIMPLIFIED)
        for entry in polib.pofile(str(path))
        if set(entry.msgstr) & SIMPLIFIED
    }
    assert found == {}
