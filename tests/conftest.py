"""Options and fixtures that all tests share: sites built once a test process, one real Chromium."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from case_library.library import Library, load
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from tests.site.build import GARDENS, ROOT, mkdocs, serve

#: Chromium must not look for hosts of its own: every request a test sees is the page's.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# A busy machine must not fail a test, and a failure must come again.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")


def pytest_configure() -> None:
    # What builds remember stays out of the home of whoever runs the tests.
    os.environ["XDG_CACHE_HOME"] = tempfile.mkdtemp(prefix="cache")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="write golden files anew, then look")


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update"))


@pytest.fixture(scope="session")
def bundled() -> Library:
    """The first library, as records."""
    return load(ROOT / "cases")


@pytest.fixture(scope="session")
def bundled_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first library, built strictly."""
    site = tmp_path_factory.mktemp("bundled")
    done = mkdocs(ROOT, "--strict", "--site-dir", str(site))
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    return site


@pytest.fixture(scope="session")
def gardens_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A foreign library: English only, other framework, other themes."""
    folder = tmp_path_factory.mktemp("gardens") / "gardens"
    shutil.copytree(GARDENS, folder)
    done = mkdocs(folder, "--strict")
    assert done.returncode == 0, done.stderr
    return folder / "site"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("google-chrome")
    assert path, "the tests need Chromium: see tests/browser.sh"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def bundled_url(bundled_site: Path) -> Iterator[str]:
    yield from serve(bundled_site)


@pytest.fixture(scope="session")
def gardens_url(gardens_site: Path) -> Iterator[str]:
    yield from serve(gardens_site)
