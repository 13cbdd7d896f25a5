"""Pictures of every kind of page, to be looked at: make gallery. They stand in gallery/."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.test_pages import PAGES
from tests.conftest import ARGUMENTS
from tests.site.build import ROOT, mkdocs, serve

WIDTHS = {"phone": 390, "desk": 1280}
LANGUAGES = {"zh": "", "en": "en/"}


def name(path: str) -> str:
    return path.strip("/").replace("/", "-") or "home"


def shoot(browser: Browser, address: str, folder: Path, pages: list[str]) -> None:
    """Each page in two widths, light and dark, two languages; then as it is printed."""
    for language, prefix in LANGUAGES.items():
        for width_name, width in WIDTHS.items():
            for scheme in ("light", "dark"):
                size = {"width": width, "height": 844}
                with browser.new_context(color_scheme=scheme, viewport=size) as session:  # type: ignore[arg-type]
                    page = session.new_page()
                    for path in pages if prefix else [*pages, "404.html"]:
                        page.goto(address + prefix + path, wait_until="networkidle")
                        file = folder / language / f"{name(path)}-{width_name}-{scheme}.png"
                        page.screenshot(path=file, full_page=True)
        with browser.new_context() as session:
            page = session.new_page()
            for path in pages:
                page.goto(address + prefix + path, wait_until="networkidle")
                page.pdf(path=folder / language / f"{name(path)}.pdf", format="A4")
    print(f"{len(list(folder.rglob('*.*')))} pictures in {folder}")


def main() -> None:
    pages = sys.argv[1:] or PAGES
    folder = ROOT / "gallery"
    with tempfile.TemporaryDirectory() as site, sync_playwright() as playwright:
        done = mkdocs(ROOT, "--strict", "--site-dir", site)
        if done.returncode:
            sys.exit(done.stderr)
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        served = serve(Path(site))
        shoot(browser, next(served), folder, pages)
        served.close()
        browser.close()


if __name__ == "__main__":
    main()
