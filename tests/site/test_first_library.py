"""The first library: all that the facts tell of is a record, and every figure has its source."""

from __future__ import annotations

from pathlib import Path

import pytest
from case_library.library import Library
from case_library.model.kinds import KINDS
from case_library.model.parts import RESULT_STATUSES
from lxml import html

#: What the two articles tell of, by kind, under the names that they use.
TOLD_OF = {
    "case": "64号院开放空间议事 邻里共享家 加装电梯 旧物新生 银铃潮起来 开楼门、同治理 金融联盟 "
    "物业联盟 萌宠俱乐部 家园自管计划 流动图书馆——快乐亲子阅读 红心十姐妹邻里帮帮团 "
    "点亮绿色家园 学非遗献真爱 银龄助老服务队 大战“僵尸”单车 幸福工坊系列",
    "theme": "社区环境治理 社区安全 文化服务 社区共建 民生服务",
    "programme": "五力引航计划 五民工作法 公益妙招比拼赛 社区社会组织星级评定 东城社工 党建惠家 "
    "社区治理专班与三级联动 专题培训 社区创享计划 社区创享计划提案大赛 17N微自治模式 同心园",
    "place": "北京市 东城区 体育馆路街道 四块玉社区 64号院 建国门街道 赵家楼社区 朝阳区 望京街道 "
    "南湖西园二区 圣星社区 花西三社区 南湖东园社区 南湖中园社区 望京西园三区",
    "organisation": "东城区社区参与行动服务中心 北京通合行业建设参事服务中心 方舟社工发展中心 "
    "北京惠泽博众社工事务所 康乐颐年社工事务所 惠心社工事务所 望京动员中心 区委社工委区民政局 "
    "“过家家”志愿服务联盟 颐家家公益社 绿家家公益社 知家家公益社 乐家家公益社 暖家家公益社 "
    "安家家公益社 和家家公益社",
    "method": "开放空间 世界咖啡馆 展望未来论坛 社区议事厅 流动议事厅 居民协商议事会 问需工程 "
    "项目辅导员 参访学习 文明养犬协议书 专题培训",
    "process": "创享八步",
    "framework": "五力",
    "source": "创享，一场全民参与的体验 北京东城“五力引航”计划的实践探索和系统创新",
}
ROWS = [(kind, title) for kind, titles in TOLD_OF.items() for title in titles.split()]


@pytest.mark.parametrize(("kind", "title"), ROWS, ids=[f"{kind}-{title}" for kind, title in ROWS])
def test_everything_told_of_has_its_page_in_both_languages(
    bundled: Library, bundled_site: Path, kind: str, title: str
) -> None:
    records = bundled.records[kind].values()
    record = next(record for record in records if record.title["zh"] == title)
    for language, prefix in (("zh", ""), ("en", "en/")):
        page = bundled_site / prefix / KINDS[kind].plural / record.id / "index.html"
        heading = html.fromstring(page.read_bytes()).xpath("//h1")[0].text_content()
        assert record.title[language] in heading
        assert record.summary is not None
        assert language in record.summary


def test_nothing_is_told_twice(bundled: Library) -> None:
    assert len(bundled.cases) == 17
    for records in bundled.records.values():
        titles = [record.title["zh"] for record in records.values()]
        assert len(titles) == len(set(titles))


def test_the_process_has_eight_steps_and_the_framework_five_dimensions(bundled: Library) -> None:
    assert len(bundled.records["process"]["co-creation-eight-steps"].steps) == 8  # type: ignore[attr-defined]
    assert len(bundled.records["framework"]["five-forces"].dimensions) == 5  # type: ignore[attr-defined]


def test_what_was_only_proposed_or_planned_is_no_result(bundled: Library) -> None:
    proposed = "pets-club self-managed-home travelling-library ten-sisters light-up-green-homes"
    proposed += " crafts-for-kindness silver-helpers zombie-bikes"
    for case_id in proposed.split():
        assert bundled.records["case"][case_id].status == "proposed"  # type: ignore[attr-defined]
    assert bundled.records["case"]["lift-retrofit"].status == "unknown"  # type: ignore[attr-defined]
    planned = [bundled.records["programme"]["17n"]]
    societies = (
        "yijiajia",
        "lvjiajia",
        "zhijiajia",
        "lejiajia",
        "nuanjiajia",
        "anjiajia",
        "hejiajia",
    )
    planned += [bundled.records["organisation"][i] for i in ("guojiajia-alliance", *societies)]
    for record in planned:
        assert record.status == "planned"  # type: ignore[attr-defined]
    assert "planned" not in RESULT_STATUSES


#: Record, entry, value and qualifier as the articles give them.
FIGURES = [
    ("programme", "co-creation-plan", "communities", 22, "exact"),
    ("programme", "co-creation-plan", "social-organisations", 4, "exact"),
    ("programme", "co-creation-plan", "ideas", 200, "more-than"),
    ("programme", "co-creation-plan", "projects", 71, "exact"),
    ("programme", "co-creation-plan", "youngest-proposer", 10, "exact"),
    ("programme", "co-creation-plan", "oldest-proposer", 70, "exact"),
    ("programme", "proposal-contest", "proposers", 24, "exact"),
    ("programme", "proposal-contest", "community-judges", 12, "exact"),
    ("programme", "proposal-contest", "expert-judges", 3, "exact"),
    ("programme", "17n", "societies", 7, "exact"),
    ("place", "wangjing", "population", 300_000, "about"),
    ("case", "courtyard-64-open-space", "needs", 8, "exact"),
    ("case", "courtyard-64-open-space", "participants", None, "dozens"),
]


@pytest.mark.parametrize(("kind", "record_id", "entry", "value", "qualifier"), FIGURES)
def test_figures_are_those_of_the_articles(
    bundled: Library, kind: str, record_id: str, entry: str, value: int | None, qualifier: str
) -> None:
    figures = bundled.records[kind][record_id].indicators  # type: ignore[attr-defined]
    figure = next(figure for figure in figures if figure.indicator == entry)
    assert (figure.value, figure.qualifier) == (value, qualifier)
    assert figure.source.at, "a figure says where in its source it stands"


def test_no_figure_was_added_to_those_of_the_articles(bundled: Library) -> None:
    told = [
        (kind, record.id, figure.indicator)
        for kind, records in bundled.records.items()
        for record in records.values()
        for figure in getattr(record, "indicators", ())
    ]
    area = ("place", "wangjing", "area")
    assert sorted(told) == sorted([(k, r, e) for k, r, e, _, _ in FIGURES] + [area])


def test_the_funnel_is_one_cycle_of_the_whole_subdistrict(bundled: Library) -> None:
    funnels = [
        (programme.id, funnel.stages)
        for programme in bundled.records["programme"].values()
        for funnel in programme.funnels  # type: ignore[attr-defined]
    ]
    assert funnels == [("co-creation-plan", ["ideas", "projects"])]


def test_every_figure_on_every_page_has_its_source_beside_it(bundled_site: Path) -> None:
    naked = []
    seen = 0
    for page in bundled_site.rglob("*.html"):
        for figure in html.fromstring(page.read_bytes()).find_class("cl-figure"):
            seen += 1
            around = next(
                e
                for e in figure.iterancestors()
                if e.tag in {"tr", "li", "figure", "dd"} or "cl-margin__note" in e.get("class", "")
            )
            if not around.xpath(".//sup/a[starts-with(@href, '#note-')]"):
                naked.append(f"{page.relative_to(bundled_site)}: {figure.text_content()}")
    assert seen > 50
    assert naked == []


NAMES = ["杨鸿山", "王春华", "王秀红", "常金凤", "唐福英", "蒋图生", "王溦", "杨蕊", "黑羊"]


def test_an_indicator_leads_to_what_programmes_and_places_report(
    bundled: Library, bundled_site: Path
) -> None:
    for kind in ("programme", "place"):
        for record in bundled.records[kind].values():
            for number, figure in enumerate(record.indicators, 1):  # type: ignore[attr-defined]
                page = bundled_site / "indicators" / figure.indicator / "index.html"
                links = html.fromstring(page.read_bytes()).xpath("//*[@id='own']//td//a/@href")
                assert f"../../{record.address}#figure-{number}" in links


def test_nobody_is_named(bundled_site: Path) -> None:
    for page in bundled_site.rglob("*.html"):
        text = page.read_text("utf-8")
        assert not [name for name in NAMES if name in text], page
