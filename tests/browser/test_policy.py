"""Under the computed content security policy all of a site works, and nothing is let through."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from case_library import policy
from case_library.cli import main
from click.testing import CliRunner
from playwright.sync_api import Browser, Page

from tests.browser.test_pages import CASE, PAGES
from tests.site.build import serve

WATCH = """
window.__violations = [];
document.addEventListener("securitypolicyviolation", e =>
  window.__violations.push(`${e.violatedDirective} ${e.blockedURI} ${e.sample}`));
"""


@pytest.fixture(scope="module")
def guarded(bundled_site: Path) -> Iterator[str]:
    """The first library as a server sends it that was given the headers."""
    yield from serve(bundled_site, policy.headers(bundled_site))


@pytest.fixture(scope="module")
def with_meta(bundled_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The same where only the pages can say it."""
    site = tmp_path_factory.mktemp("meta") / "site"
    shutil.copytree(bundled_site, site)
    for _ in range(2):  # a second time changes nothing
        assert CliRunner().invoke(main, ["csp", str(site), "--form", "meta"]).exit_code == 0
    yield from serve(site)


@contextmanager
def watched(browser: Browser, **options: object) -> Iterator[tuple[Page, list[str]]]:
    complaints: list[str] = []
    with browser.new_context(**options) as session:  # type: ignore[arg-type]
        session.add_init_script(WATCH)
        page = session.new_page()
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        yield page, complaints


@pytest.mark.parametrize("how", ["guarded", "with_meta"])
def test_every_page_and_what_one_does_there_works(
    browser: Browser, how: str, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue(how)
    with watched(browser) as (page, complaints):
        for path in PAGES if how == "guarded" else PAGES[:3]:
            page.goto(f"{url}en/{path}")
            assert page.evaluate("window.__violations") == [], path
            assert page.evaluate("getComputedStyle(document.body).fontFamily"), path
        page.goto(f"{url}en/library/?q=open+space")
        page.locator(".cl-card mark, li[data-case] mark").first.wait_for()
        page.goto(f"{url}en/compare/?ids=linli-gongxiang-jia,courtyard-64-open-space")
        page.locator(".cl-compare__table").wait_for()
        # Cases of a book are fetched: only from a folder a frame opens them (see test_casebook.py).
        page.goto(f"{url}en/casebook/?ids=pets-club,silver-bells")
        page.locator("[data-cl-bound] article.cl-case").nth(1).wait_for()
        page.goto(f"{url}en/practice/?money=lacking")
        page.locator(".cl-offer[hidden]").first.wait_for(state="attached")
        page.goto(f"{url}en/{CASE}kit/")
        page.get_by_role("checkbox").first.check()
        page.locator("[data-cl-kit-done]").get_by_text("1 of").wait_for()
        page.goto(f"{url}en/{CASE}")
        page.get_by_text("Cite and share").click()
        with page.expect_download() as saved:
            page.get_by_role("button", name="Download").nth(1).click()
        assert saved.value.path().read_bytes()
        # The first library has no photo yet: a picture of its own as a case shows one.
        page.locator("article").evaluate(
            "e => e.insertAdjacentHTML('beforeend', '<a data-cl-lightbox><img alt=x></a>')"
        )
        picture = page.locator("a[data-cl-lightbox]")
        picture.evaluate(
            "(e, u) => { e.href = e.firstChild.src = u; }", f"{url}assets/images/favicon.png"
        )
        picture.click()
        assert page.locator("dialog.cl-lightbox img").evaluate(
            "async e => { await e.decode(); return e.width; }"
        )
        page.keyboard.press("Escape")
        schemes = set()
        for _ in range(3):  # as the device, light, dark
            schemes.add(page.locator("body").get_attribute("data-md-color-scheme"))
            page.locator("[data-md-component=palette] label:visible").click()
        assert schemes == {"default", "slate"}
        assert page.locator("svg").count()
        assert page.evaluate("window.__violations") == []
        assert complaints == []


@pytest.mark.parametrize("how", ["guarded", "with_meta"])
def test_what_is_not_of_the_build_does_not_run(
    browser: Browser, how: str, request: pytest.FixtureRequest
) -> None:
    with watched(browser) as (page, _):
        page.goto(request.getfixturevalue(how))
        page.evaluate("""() => {
            const script = document.createElement("script");
            script.textContent = "window.__xss = 1";
            const frame = document.createElement("iframe");
            frame.src = "https://example.org/";
            const image = document.createElement("img");
            image.setAttribute("onerror", "window.__xss = 2");
            image.src = "https://example.org/a.png";
            document.body.append(script, frame, image);
        }""")
        page.wait_for_function("window.__violations.length >= 4")
        assert page.evaluate("window.__xss") is None


def test_every_server_is_told_the_same(bundled_site: Path) -> None:
    said = {}
    for form in ("nginx", "apache", "headers"):
        done = CliRunner().invoke(main, ["csp", str(bundled_site), "--form", form])
        assert done.exit_code == 0
        said[form] = done.output
        assert "unsafe-inline" not in done.output
        assert "unsafe-eval" not in done.output
        assert max(map(len, done.output.splitlines())) < 2000  # what Cloudflare reads of a line
    wanted = policy.headers(bundled_site)["Content-Security-Policy"]
    assert all(wanted in output for output in said.values())
    assert said["headers"].startswith("/*\n  Content-Security-Policy: default-src 'none'; ")
    assert said["nginx"].startswith('add_header Content-Security-Policy "')


def test_styles_of_a_page_are_named_by_hash() -> None:
    told = policy.policy(['<style>a{}</style><td style="text-align: right">'])
    assert "style-src 'self' 'sha256-" in told
    assert told.count("sha256-") == 2
    assert "'unsafe-hashes'" in told
    assert "unsafe-hashes" not in policy.policy(["<style>a{}</style>"])
