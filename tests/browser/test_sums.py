"""What the library page sums up of a selection is what the build sums up of the same cases."""

from __future__ import annotations

import random
from pathlib import Path

from case_library.figures import coverage_words, summary_phrase
from case_library.indicators import summarise
from case_library.language import language
from case_library.library import load
from playwright.sync_api import Browser

from tests.site.build import build, serve

REFERENCE = {
    "cases/reference/themes.yml": "".join(f"{t}: {{title: Theme {t}}}\n" for t in "abc"),
    "cases/reference/sources.yml": "notes: {title: Notes, type: document}\n",
    "cases/reference/indicators.yml": """\
trees: {title: Trees, counts: Trees, unit: tree | trees, summable: true}
acidity: {title: Acidity, counts: Acidity, unit: pH}
money: {title: Money, counts: Money, unit: yuan, summable: true}
""",
}


def cases(seed: int, number: int) -> dict[str, str]:
    """Cases of every status, qualifier and scope, some of them parts of others."""
    chance = random.Random(seed)
    files = {}
    for i in range(number):
        lines = [
            f"title: Case {i}",
            "summary: A case.",
            f"status: {chance.choice(['running', 'completed', 'proposed', 'unknown'])}",
            f"themes: [{chance.choice('abc')}]",
            "sources: [notes]",
        ]
        if i > 5 and chance.random() < 0.3:
            lines.append(f"part_of: case-{chance.randrange(5)}")
        figures = []
        for entry in ("trees", "acidity", "money"):
            for scope in ("", "scope: the street, "):
                if chance.random() < 0.35:
                    qualifier = chance.choice(
                        ["exact", "exact", "about", "at-least", "more-than", "dozens", "unknown"]
                    )
                    value = f"value: {chance.randrange(1, 90)}.{chance.randrange(1, 9)}, "
                    value = "" if qualifier in {"dozens", "unknown"} else value
                    told = f"indicator: {entry}, {value}{scope}qualifier: {qualifier}"
                    figures.append(f"  - {{{told}, source: notes}}")
        if figures:
            lines += ["indicators:", *figures]
        files[f"cases/case-{i}.yml"] = "\n".join(lines) + "\n"
    return files


def test_sums_of_a_selection_are_those_of_the_build(browser: Browser, tmp_path: Path) -> None:
    site = build(tmp_path, {**REFERENCE, **cases(7, 60)})
    library = load(tmp_path / "cases")
    words = language("en")
    address = next(served := serve(site))
    with browser.new_context() as session:
        page = session.new_page()
        seen = 0
        for theme in ("", "a", "b", "c", "a,b"):
            wanted = {
                (s.indicator.title["en"], words.text(f"figures.standing.{s.standing}")): (
                    str(summary_phrase(s, words)) if s.counted else "",
                    coverage_words(s.reporting, len(s.cases), words),
                )
                for s in summarise(
                    library,
                    [c for c in library.cases if not theme or c.themes[0].id in theme.split(",")],
                )
            }
            page.goto(f"{address}library/?theme={theme}")
            page.locator(".cl-sums summary").click()
            page.locator(".cl-sums tbody tr").first.wait_for()
            shown = page.locator(".cl-sums tbody tr").evaluate_all(
                """rows => rows.map(row => {
                  const [name, total, who] = row.cells;
                  for (const apart of total.querySelectorAll(".cl-block")) apart.remove();
                  const lines = [...name.childNodes].map(node => node.textContent);
                  return [lines, total.textContent.trim(), who.firstChild.textContent];
                })"""
            )
            found = {(name, kind): (total, who) for (name, kind), total, who in shown}
            assert found == wanted, theme
            seen += len(found)
        assert seen > 30
    served.close()
