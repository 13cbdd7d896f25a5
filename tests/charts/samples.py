"""One of every chart, in one language, with the data that a first library has."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from case_library.charts import CHARTS
from case_library.charts.lineage import Branch
from case_library.charts.profile import Axis
from case_library.charts.svg import HUES
from case_library.indicators import Progress, summarise
from case_library.language import language
from case_library.model.parts import Actor, Period
from case_library.model.reference import Indicator, Process, Programme
from case_library.model.values import Context

from tests.records import case, figure, library, record

_CONTEXT = Context(("en", "zh"))

DIMENSIONS = {
    "zh": ["协商力", "培育力", "行动力", "创新力", "合作力"],
    "en": ["Deliberation", "Cultivation", "Action", "Innovation", "Cooperation"],
}
STEPS = [
    ("基础情况调研", "Baseline survey"),
    ("创享计划筹备", "Preparation"),
    ("金点子征集", "Idea collection"),
    ("提案撰写优化", "Proposal writing and improvement"),
    ("提案评选", "Selection"),
    ("提案发布", "Announcement"),
    ("提案实施跟进以及辅导", "Implementation follow-up and tutoring of every team"),
    ("总结与展示", "Summary and showcase"),
]
PLACES = [
    ("四块玉社区", "Sikuaiyu Community", 6),
    ("赵家楼社区", "Zhaojialou Community", 2),
    ("南湖西园二区", "Nanhu Xiyuan Second Estate", 1),
    ("圣星社区", "Shengxing", 1),
    ("望京西园三区", "Wangjing Xiyuan Third Estate", 0),
]
TITLES = [
    ("邻里共享家", "The Neighbours’ Shared Home"),
    ("流动图书馆——快乐亲子阅读", "Mobile library: reading together"),
    ("红心十姐妹邻里帮帮团", "Ten Sisters neighbour help"),
    ("大战「僵尸」单车", "The war on zombie bikes"),
]


def _both(zh: str, en: str) -> dict[str, str]:
    return {"en": en, "zh": zh}


def _entry(entry_id: str, zh: str, en: str, unit: tuple[str, str], direction: str) -> Indicator:
    return record(
        Indicator,
        entry_id,
        title=_both(zh, en),
        counts=_both(zh, en),
        unit=_both(*unit),
        direction=direction,
    )


IDEAS = _entry("ideas", "金点子", "Ideas", ("个", "idea | ideas"), "more")
PROJECTS = _entry(
    "projects", "落地实施的提案项目", "Projects carried out", ("个", "project | projects"), "more"
)
PEOPLE = _entry(
    "residents",
    "参加会议的居民",
    "Residents at the meeting",
    ("位", "resident | residents"),
    "more",
)
PLEDGES = _entry(
    "pledges",
    "签署文明养犬协议书的家庭占比",
    "Share of dog-owning households that signed",
    ("%", "%"),
    "more",
)
CLUTTER = _entry("clutter", "楼道堆物", "Piles of clutter", ("处", "pile | piles"), "less")


def axes(code: str, values: list[int]) -> list[Axis]:
    names = DIMENSIONS[code]
    return [Axis(n, v, h) for n, v, h in zip(names, values, HUES, strict=True)]


def _progress(
    before: int | None, now: int | None, target: int | None, direction: str, qualifier: Any
) -> Progress:
    start, actual, aim = (None if n is None else Decimal(n) for n in (before, now, target))
    return Progress(start, actual, aim, direction, qualifier)


def _funnel(stages: list[tuple[Indicator, dict[str, Any]]]) -> Programme:
    return record(
        Programme,
        "plan",
        indicators=[figure(entry.id, **about) for entry, about in stages],
        funnels=[
            {
                "title": _both("从金点子到项目", "From ideas to projects"),
                "scope": _both("望京街道全域", "The whole of Wangjing Subdistrict"),
                "period": _both("文章所述的一个周期", "one cycle, in the year of the article"),
                "stages": [entry.id for entry, _ in stages],
            }
        ],
    )


def _people() -> list[Actor]:
    rows = [
        ("government", ["coordinates"]),
        ("community", ["guides"]),
        ("community", ["guides", "leads"]),
        ("business", []),
        *[("residents", ["takes-part"])] * 14,
    ]
    return [Actor.model_validate({"people": "x", "sector": s, "role": r}) for s, r in rows]


def _family(names: list[str]) -> list[Branch]:
    return [
        Branch(names[0], 0, kind="programme"),
        Branch(names[1], 1, "a · b", kind="case", relation="succeeds"),
        Branch(names[2], 2, "a · c", "also d", "case", "replicates"),
        Branch(names[3], 2, kind="case", relation="inspired_by", happened=False),
        Branch("12", 1),
    ]


def samples(code: str) -> dict[str, Any]:
    """Every chart by name; those that end in `-empty` or `-sparse` have little to say."""
    lang, at = language(code), 0 if code == "zh" else 1
    draw = CHARTS
    title = ["五力佐证", "Evidence for the Five Forces"][at]
    names = [pair[at] for pair in TITLES]
    many = [axes(code, v) for v in ([3, 1, 3, 1, 2], [0, 2, 1, 0, 0], [1, 3, 1, 0, 2], [0] * 5)]
    numbers = [
        ("8", {}),
        ("12", {}),
        ("30", {"qualifier": "about"}),
        ("80", {"qualifier": "more-than"}),
    ]
    cases = [
        case(f"c{i}", indicators=[figure("residents", n, **q)]) for i, (n, q) in enumerate(numbers)
    ]
    (people,) = summarise(library(PEOPLE, *cases), cases)
    (one,) = summarise(library(PEOPLE, *cases), cases[:1])
    catalogue = {entry.id: entry for entry in (IDEAS, PROJECTS, PEOPLE)}
    plan = _funnel([(IDEAS, {"value": 200, "qualifier": "more-than"}), (PROJECTS, {"value": 71})])
    sparse = _funnel(
        [
            (PEOPLE, {"qualifier": "dozens"}),
            (PROJECTS, {"value": 8}),
            (IDEAS, {"qualifier": "unknown"}),
        ]
    )
    steps = [{"id": f"s{i}", "title": _both(*pair)} for i, pair in enumerate(STEPS)]
    process = record(Process, "steps", title=_both("创享八步", "Eight steps"), steps=steps)

    def period(**dates: Any) -> Period:
        return Period.model_validate(dates, context=_CONTEXT)

    events = [
        (
            ["社区创享计划在 22 个社区推行", "The plan in all 22 communities"][at],
            period(start="2016"),
        ),
        (["星级评定", "Star rating"][at], period(start="2021-07", approximate=True)),
        (["节日活动", "Festival events"][at], period(start="2021-01", end="2021-10")),
        (["提案大赛", "Proposal contest"][at], None),
    ]
    return {
        "radar": draw["radar"]("a", title, many[0], lang),
        "radar-sparse": draw["radar"]("b", title, axes(code, [0, 7, 2, 0, 0]), lang),
        "radar-empty": draw["radar"]("c", title, axes(code, [0] * 5), lang),
        "multiples": draw["multiples"]("d", title, list(zip(names, many, strict=True)), lang),
        "rows": draw["rows"]("e", title, many[1], lang),
        "mini": draw["mini"]("f", title, many[1], lang),
        "bars": draw["bars"](
            "g",
            title,
            [
                (PLEDGES, _progress(20, 71, 90, "more", "exact")),
                (CLUTTER, _progress(120, 14, 20, "less", "about")),
                (PROJECTS, _progress(None, None, 80, "more", "unknown")),
            ],
            lang,
        ),
        "bars-empty": draw["bars"]("h", title, [], lang),
        "strip": draw["strip"]("i", PEOPLE.title[code], people, lang, "c2"),
        "strip-sparse": draw["strip"]("j", PEOPLE.title[code], one, lang, "c0"),
        "funnel": draw["funnel"]("k", plan.funnels[0], plan.indicators, catalogue, lang),
        "funnel-sparse": draw["funnel"]("l", sparse.funnels[0], sparse.indicators, catalogue, lang),
        "process": draw["process"]("m", process, {"s0": 1, "s6": 1}, lang),
        "process-many": draw["process"]("n", process, {"s0": 3, "s6": 12}, lang, 16),
        "timeline": draw["timeline"]("o", title, events, lang),
        "tiles": draw["tiles"]("p", title, [(place[at], place[2]) for place in PLACES], lang),
        "actors": draw["actors"]("q", title, _people(), lang),
        "lineage": draw["lineage"]("s", names[0], _family(names), lang),
        "actors-empty": draw["actors"]("r", title, [], lang),
    }
