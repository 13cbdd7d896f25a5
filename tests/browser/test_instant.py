"""Material's instant navigation replaces pages without loading them; the header stays."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser

from tests.site.build import MKDOCS_YML, mkdocs, serve, write
from tests.site.test_plugin import CASE


def test_instant_navigation_keeps_header_and_pages_right(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    address = next(served := serve(tmp_path / "site"))
    write(
        tmp_path,
        {
            "mkdocs.yml": MKDOCS_YML.replace(
                "name: material", "name: material\n  features: [navigation.instant]"
            )
            + f"site_url: {address}\n",
            "cases/bench.yml": CASE
            + "tags: [wood]\nproblem: Nowhere to sit.\napproach: We sawed.\n",
            "cases/library.yml": "languages: [en, zh]\n",
            "docs/visit.md": "# Visit\n",
        },
    )
    assert mkdocs(tmp_path, "--strict").returncode == 0
    complaints: list[str] = []
    with browser.new_context() as session:
        page = session.new_page()
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        page.on("response", lambda r: complaints.append(r.url) if r.status >= 400 else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address)
        page.evaluate("window.stayed = true")
        page.locator(".cl-card h3 a", has_text="A bench").click()
        page.wait_for_url("**/cases/bench/")
        page.locator("article[data-case=bench]").wait_for()
        assert page.evaluate("window.stayed")
        assert page.locator(".cl-toc a[aria-current]").count() == 1
        page.locator(".cl-nav a", has_text="Library").click()
        page.wait_for_url(f"{address}library/")
        current = page.locator(".cl-nav a[aria-current=page]")
        current.wait_for()
        assert current.inner_text() == "Library"
        assert page.evaluate("window.stayed")
        page.locator("a[hreflang=zh].cl-tool").click()
        page.wait_for_url(f"{address}zh/library/")
        assert page.locator("html").get_attribute("lang") == "zh"
        assert not page.evaluate("window.stayed")
    assert complaints == []
    served.close()
