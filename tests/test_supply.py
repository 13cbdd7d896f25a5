"""What the product is made of: locked, licensed, and built for strangers without a secret."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, distribution
from typing import Any

import yaml
from packaging.requirements import Requirement

from tests.site.build import ROOT

LICENCES = ROOT / "docs" / "licences.md"
TABLE = "| package | licence |\n|---|---|\n"
#: Words that a licence that allows this use is called by.
GOOD = re.compile(r"MIT|BSD|Apache|PSF|Python Software|ISC|MPL|Mozilla|HPND|LGPL|Unlicense|0BSD")


def needed(name: str = "mkdocs-case-library") -> dict[str, str]:
    """The packages that the product needs here, and the licence that each names."""
    found: dict[str, str] = {}
    waiting = [name]
    while waiting:
        for text in distribution(waiting.pop()).requires or []:
            wanted = Requirement(text)
            wish = wanted.name.lower().replace("_", "-")
            if wish not in found and (not wanted.marker or wanted.marker.evaluate({"extra": ""})):
                try:
                    found[wish] = licence(wish)
                except PackageNotFoundError:
                    continue
                waiting.append(wish)
    return dict(sorted(found.items()))


def licence(name: str) -> str:
    about = distribution(name).metadata
    classes = [c.split(" :: ")[-1] for c in about.get_all("Classifier") or [] if "License ::" in c]
    text = (about.get_all("License") or [""])[0].strip().split("\n")[0]
    return str((about.get_all("License-Expression") or ["; ".join(classes) or text])[0])


def test_every_package_and_its_licence_is_listed(update: bool) -> None:
    now = needed()
    if update:
        lines = "".join(f"| {name} | {terms} |\n" for name, terms in now.items())
        head = LICENCES.read_text("utf-8").partition(TABLE)[0]
        LICENCES.write_text(f"{head}{TABLE}{lines}", "utf-8")
    table = LICENCES.read_text("utf-8").partition(TABLE)[2]
    rows: list[tuple[str, str]] = re.findall(r"^\| (\S+) \| (.+) \|$", table, re.MULTILINE)
    assert now.items() <= dict(rows).items()
    assert [name for name, terms in rows if not GOOD.search(terms)] == []


def test_every_package_is_locked_with_its_hashes() -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    blocks = re.split(r"\n(?=[a-z0-9])", lock)
    assert [block for block in blocks if "==" in block and "--hash=sha256:" not in block] == []
    assert needed().keys() <= set(re.findall(r"^([a-z0-9.-]+)==", lock, re.MULTILINE))
    assert "--require-hashes" in (ROOT / "Makefile").read_text("utf-8")


def test_a_strangers_pull_request_is_built_without_a_secret() -> None:
    text = (ROOT / ".github/workflows/publish.yml").read_text("utf-8")
    flow: dict[Any, Any] = yaml.safe_load(text)
    triggers = flow[True]  # YAML 1.1 takes `on` for a boolean
    assert set(triggers) == {"push", "pull_request"}
    assert flow["permissions"] == {"contents": "read"}
    assert "secrets." not in text
    build, deploy = flow["jobs"]["build"], flow["jobs"]["deploy"]
    assert "permissions" not in build
    assert build["steps"][0]["with"]["persist-credentials"] is False
    only_main = "github.ref == 'refs/heads/main' && github.event_name == 'push'"
    assert deploy["if"] == only_main
    assert not any("run" in step for step in deploy["steps"])
    for step in (*build["steps"], *deploy["steps"]):
        assert "uses" not in step or re.search(r"@[0-9a-f]{40}$", step["uses"])
    commands = "\n".join(step.get("run", "") for step in build["steps"])
    assert "${{" not in commands  # nothing of a stranger's is put into a command line
