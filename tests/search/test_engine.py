"""search.js against a naive scan, in a real browser, over http and from files."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from case_library.search.entry import Entry
from case_library.search.writer import place_in_order, write
from playwright.sync_api import Browser, Error, Page

from tests.search.corpus import Corpus, scan
from tests.site.build import ROOT, serve

ENGINE = ROOT / "theme/case_library_theme/templates/assets/case-library/search.js"
PAGE = """<!doctype html><html lang="zh"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'self'; img-src 'self' data:">
<title>search</title><link rel="icon" href="data:,"><script src="search.js"></script>
</head><body></body></html>"""
CALL = """async ([base, asked]) => {
  const index = await CaseLibrarySearch.open(base);
  const answer = await index.search(asked);
  const counts = {};
  for (const [name, tally] of answer.counts || []) {
    const terms = await index.facet(name);
    counts[name] = Object.fromEntries(terms.map(({slug}, i) => [slug, tally[i]]));
  }
  return {...answer, counts, docs: [...answer.docs]};
}"""
SYNONYMS = [["长者", "老年人", "老人"], ["elders", "older people"]]
#: Entries with a known answer, beside the random ones.
KNOWN = [
    Entry(
        "cases/linli/", "case", "linli", "邻里共享家", ("四块玉社区", "天坛东路 64 号院"),
        ("协商",), "64 号院的居民先说到一起。",
        "请来老年人和孩子。17N 微自治，第二段写“公益妙招”。",
    ),
    Entry("cases/elders/", "case", "elders", "银铃潮起来", (), (), "教长者用手机。", "老字号。"),
    Entry("themes/co/", "theme", "co", "社区共建", ("共建",), (), "一起做的事。", "人人有份。"),
    Entry("guide/", "page", "guide", "怎样写案例", (), (), "", "Open Space 是一种开会的办法。"),
]  # fmt: skip
#: Many have the outer pairs of 强记看官 and all pairs of 惩恶189项 apart, few have these.
DECOYS = [
    Entry(f"cases/{name}-{i}/", "case", f"{name}-{i}", f"案例 {name} {i}", (), (), "", text)
    for name, count, text in (
        ("decoy", 300, "看官坐，强记心。惩恶1好，好18好89好9项。"),
        ("true", 3, "强记看官请坐。惩恶189项。"),
    )
    for i in range(count)
]


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return Corpus(150)


@pytest.fixture(scope="module")
def folder(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Path:
    site = tmp_path_factory.mktemp("search")
    indexes = {
        "zh": write(corpus.entries["zh"], "zh", [], corpus.facets),
        "en": write(corpus.entries["en"], "en", [], corpus.facets),
        "known": write(KNOWN, "zh", SYNONYMS),
        "decoys": write(DECOYS, "zh", []),
    }
    for name, found in indexes.items():
        for file, content in found.items():
            path = site / name / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    (site / "search.js").write_bytes(ENGINE.read_bytes())
    (site / "index.html").write_text(PAGE)
    # As where looking at places would cost too much: in a very large library.
    budget = "const PLACES_BUDGET = 160 * 1024"
    engine = ENGINE.read_text("utf-8")
    assert budget in engine
    (site / "poor.js").write_text(engine.replace(budget, "const PLACES_BUDGET = -1"), "utf-8")
    (site / "poor.html").write_text(PAGE.replace("search.js", "poor.js"))
    return site


@pytest.fixture(scope="module", params=["http", "file"])
def page(request: pytest.FixtureRequest, browser: Browser, folder: Path) -> Iterator[Page]:
    complaints: list[str] = []
    with browser.new_context() as session:
        page = session.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if request.param == "file":
            page.goto(f"{folder.as_uri()}/index.html")
            yield page
        else:
            for address in serve(folder):
                page.goto(f"{address}index.html")
                yield page
    assert complaints == []


Ask = Callable[..., Any]


@pytest.fixture
def ask(page: Page) -> Ask:
    def ask(index: str, query: str, **asked: object) -> Any:
        return page.evaluate(CALL, [f"{index}/", {"query": query, **asked}])

    return ask


def ids(answer: Any) -> list[str]:
    return [hit["id"] for hit in answer["hits"]]


def found(corpus: Corpus, language: str, answer: Any) -> set[str]:
    """The ids of all hits, not only of those that are shown."""
    entries = sorted(corpus.entries[language], key=place_in_order)
    return {entries[number].id for number in answer["docs"]}


def shown(pieces: Any) -> str:
    return "".join(f"[{p['text']}]" if p["mark"] else p["text"] for p in pieces)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_finds_all_and_nothing_else(ask: Ask, corpus: Corpus, language: str) -> None:
    for query in corpus.substrings(language, 80):
        wanted = scan(corpus.entries[language], query)
        answer = ask(language, query)
        assert found(corpus, language, answer) == wanted, query
        assert answer["total"] == len(wanted), query
        assert set(ids(answer)) <= wanted, query
        assert answer["exact"]


@pytest.mark.parametrize("query", ["强记看官", "惩恶189项", "惩恶189"])
@pytest.mark.parametrize("name", ["index.html", "poor.html"])
def test_what_few_entries_have_is_found_among_many_that_have_its_parts(
    browser: Browser, folder: Path, name: str, query: str
) -> None:
    with browser.new_context() as session:
        page = session.new_page()
        page.goto(f"{folder.as_uri()}/{name}")
        answer = page.evaluate(CALL, ["decoys/", {"query": query}])
    assert sorted(ids(answer)) == ["true-0", "true-1", "true-2"]
    assert (answer["total"], answer["exact"]) == (3, True)


def test_all_words_must_occur_in_any_order(ask: Ask, corpus: Corpus) -> None:
    for language in ("zh", "en"):
        queries = corpus.substrings(language, 40, seed=3)
        for first, second in zip(queries[::2], queries[1::2], strict=True):
            wanted = scan(corpus.entries[language], first, second)
            answer = ask(language, f"{first} {second}")
            assert found(corpus, language, answer) == wanted
            assert ask(language, f"{second}　{first}")["total"] == len(wanted)


def test_quoted_phrases_stand_as_they_are(ask: Ask, corpus: Corpus) -> None:
    for entry in corpus.entries["en"][:12]:
        words = re.findall(r"\w+ \w+ \w+(?= )", entry.text)[0].lower()
        whole = re.compile(rf"\b{words}\b")
        wanted = {e.id for e in corpus.entries["en"] if whole.search(e.text.lower())}
        assert entry.id in wanted
        assert set(ids(ask("en", f'"{words}"', size=300))) == wanted


def test_facets_count_what_a_click_gives(ask: Ask, corpus: Corpus) -> None:
    entries = corpus.entries["zh"]
    query = max(corpus.substrings("zh", 40), key=lambda q: len(scan(entries, q)))
    filters = {"theme": ["theme-1", "theme-2"], "place": ["district-0"]}
    answer = ask("zh", query, filters=filters, counts=["theme", "place", "tag"])

    def passing(*facets: str) -> list[Entry]:
        found = [e for e in entries if e.id in scan(entries, query)]
        if "theme" in facets:
            found = [e for e in found if set(e.facets["theme"]) & set(filters["theme"])]
        if "place" in facets:
            found = [e for e in found if int(e.facets["place"][0].split("-")[1]) % 3 == 0]
        return found

    assert answer["total"] == len(passing("theme", "place"))
    for facet, others in (("theme", ["place"]), ("place", ["theme"]), ("tag", ["theme", "place"])):
        counted = Counter(slug for e in passing(*others) for slug in e.facets[facet])
        told = {slug: n for slug, n in answer["counts"][facet].items() if n}
        for slug in [slug for slug in told if slug.startswith("district")]:
            number = int(slug.split("-")[1])
            inside = [e for e in passing(*others) if int(e.facets["place"][0][6:]) % 3 == number]
            assert told.pop(slug) == len(inside)
        assert told == counted


def test_orders(ask: Ask, corpus: Corpus) -> None:
    entries = corpus.entries["zh"]
    by_id = {entry.id: entry for entry in entries}
    everything = {"size": 300, "scope": "cases"}
    by_title = ids(ask("zh", "", sort="title", **everything))
    assert by_title == [e.id for e in sorted(entries, key=lambda e: (e.title_key, e.title, e.id))]
    newest = [by_id[i].newest for i in ids(ask("zh", "", sort="newest", **everything))]
    assert newest == sorted(newest, reverse=True)
    evidence = [by_id[i].evidence for i in ids(ask("zh", "", sort="evidence", **everything))]
    assert evidence == sorted(evidence, reverse=True)


def test_paging_meets_every_hit_once(ask: Ask, corpus: Corpus) -> None:
    query = corpus.entries["zh"][0].text[0]
    total = ask("zh", query)["total"]
    pages = [ids(ask("zh", query, **{"from": at, "size": 10})) for at in range(0, total, 10)]
    met = [hit for hits in pages for hit in hits]
    assert len(met) == len(set(met)) == total


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("邻", "linli"),
        ("里共", "linli"),
        ("64号院", "linli"),
        ("64 号院", "linli"),
        ("６４號院", "linli"),
        ("4号院", "linli"),
        ("17N微", "linli"),
        ("17n", "linli"),
        ("linli", "linli"),
        ("LLGXJ", "linli"),
        ("gongxiangj", "linli"),
        ("sikuaiyu", "linli"),
        ("skysq", "linli"),
        ("鄰里 協商", "linli"),
        ("社區共建", "co"),
        ("“公益妙招”", "linli"),
        ("「第二段写公益」", None),
        ("第二段写公益", None),
        ("手机 长者", "elders"),
        ("手机 老人", "elders"),
        ("open sp", "guide"),
        ("怎样 ＯＰＥＮ", "guide"),
        ("老家", None),
        ("space open", "guide"),
        ('"space open"', None),
        ("pen", None),
    ],
)
def test_queries_as_people_type_them(ask: Ask, query: str, first: str | None) -> None:
    assert ids(ask("known", query, scope="all"))[:1] == ([first] if first else [])


def test_synonyms_come_after_the_word_itself(ask: Ask) -> None:
    assert set(ids(ask("known", "老人"))) == {"linli", "elders"}
    assert ids(ask("known", "长者")) == ["elders", "linli"]


def test_what_is_shown_is_real_text_with_its_matches(ask: Ask) -> None:
    answer = ask("known", "64号院 共享")
    assert shown(answer["hits"][0]["title"]) == "邻里[共享]家"
    assert shown(answer["hits"][0]["excerpt"]) == "[64 号院]的居民先说到一起。"
    assert [shown(name) for name in answer["hits"][0]["names"]] == ["天坛东路 [64 号院]"]
    assert shown(ask("known", "gxj")["hits"][0]["title"]) == "邻里[共享家]"


def test_a_name_that_is_the_query_comes_first(ask: Ask, corpus: Corpus) -> None:
    for language in ("zh", "en"):
        for entry in corpus.entries[language][:15]:
            assert ids(ask(language, entry.title))[0] == entry.id


def test_no_hit_offers_the_nearest_and_what_to_leave_out(ask: Ask) -> None:
    answer = ask("known", "邻里共享园 手机")
    assert answer["total"] == 0
    assert shown(answer["instead"]["nearest"][0]["title"]) == "邻里共享家"
    assert answer["instead"]["without"] == {"query": "手机", "total": 1}
    assert ask("known", "共享家协商")["instead"]["apart"]["query"] == "共享家 协商"
    assert ask("known", "手机 zzzz")["instead"]["without"]["query"] == "手机"


HOSTILE = [
    "", " ", "\0", "<img src=x onerror=window.__xss=1>", '"><script>window.__xss=1</script>',
    "(.*)+$", "[", "\\", "%00%FF", "__proto__", "constructor", "🎉", "👩‍👩‍👧", "\ud800",
    "a\udfff老", "“", '"', '""', "「」", "长" * 10_000, "a " * 5000, "\u202e老人", "\u200b",
    "a\tb\nc", "é" * 500, "𠀀𠀁", "ﷺ", "ＡＢＣ", "-", "老-人", "老、人", "İ", "ǆ", "\ufdfa" * 50,
    "٣٤", "นักเรียน", "한국어",
]  # fmt: skip


def test_no_query_breaks_anything(ask: Ask, page: Page) -> None:
    for query in HOSTILE:
        for scope in ("cases", "all"):
            answer = ask("known", query, scope=scope)
            assert answer["total"] >= len(answer["hits"])
    assert ask("known", "constructor", filters={"__proto__": ["x"], "theme": ["none"]})
    assert page.evaluate("window.__xss") is None


@pytest.mark.parametrize("damage", ["missing", "cut", "wrong", "empty", "stale"])
@pytest.mark.parametrize("family", ["gram", "document", "manifest"])
def test_a_damaged_shard_is_an_error_that_says_so(
    browser: Browser, folder: Path, tmp_path: Path, damage: str, family: str
) -> None:
    for file in ("search.js", "index.html"):
        (tmp_path / file).write_bytes((folder / file).read_bytes())
    stale = {"manifest.js": write(KNOWN[1:], "zh")["manifest.js"]}
    for name, content in write(KNOWN, "zh").items():
        path = tmp_path / "known" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name.startswith(family):
            if damage == "missing":
                continue
            said = content.rsplit(b'"', 2)[1]
            content = {
                "cut": content[:60],
                "wrong": content.replace(said[5:10], b"AAAAA"),
                "empty": b"",
                "stale": stale.get(name, re.sub(rb'"[0-9a-f]{8}"', b'"00000000"', content)),
            }[damage]
        path.write_bytes(content)
    complaints: list[str] = []
    with browser.new_context() as session:
        page = session.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{tmp_path.as_uri()}/index.html")
        with pytest.raises(Error, match=r"search index: (missing|damaged|stale)"):
            page.evaluate(CALL, ["known/", {"query": "邻里"}])
    assert [c for c in complaints if "SyntaxError" not in c and "token" not in c] == []


def test_a_page_that_is_open_while_other_builds_are_published_never_mixes_them(
    browser: Browser, corpus: Corpus, folder: Path, tmp_path: Path
) -> None:
    for file in ("search.js", "index.html"):
        (tmp_path / file).write_bytes((folder / file).read_bytes())
    entries = corpus.entries["zh"]
    # First one text is another, then there is another first entry: all have other numbers.
    edited = [replace(entries[0], text=f"{entries[1].text}鼗鼓"), *entries[1:]]
    more = [replace(entries[2], id="more", address="cases/more/", title_key=("",)), *edited]
    queries = iter(corpus.substrings("zh", 100, seed=9))
    with browser.new_context() as session:
        page = session.new_page()
        page.goto(f"{tmp_path.as_uri()}/index.html")
        builds: list[list[Entry]] = []
        for build, count in ((entries, 3), (edited, 3), (more, 90)):
            builds.append(build)
            for name, content in write(build, "zh", [], corpus.facets).items():
                (tmp_path / "zh" / name).parent.mkdir(parents=True, exist_ok=True)
                (tmp_path / "zh" / name).write_bytes(content)
            for query in [*islice(queries, count), "鼗鼓"]:
                asked = {"query": query, "size": len(build)}
                answer = set(ids(page.evaluate(CALL, ["zh/", asked])))
                # What a page has in memory it need not ask for again.
                assert answer in [scan(one, query) for one in builds], query
        assert answer == {"case-0"}
