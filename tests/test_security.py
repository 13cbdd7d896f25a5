"""`docs/security.md`: every threat has its row, and every test that it names exists."""

from __future__ import annotations

import ast
import re
from functools import cache

from tests.site.build import ROOT

_ROW = re.compile(r"^\| (\d+) \| (.+?) \| (.*) \| (.+) \|$", re.MULTILINE)
ROWS = {
    int(number): (threat, defence, tests)
    for number, threat, defence, tests in _ROW.findall(
        (ROOT / "docs" / "security.md").read_text("utf-8")
    )
}


@cache
def functions(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def exists(test: str) -> bool:
    path, _, name = test.partition("::")
    name, _, parameter = name.partition("[")
    golden = ROOT / "tests" / "problems" / f"{parameter.rstrip(']')}.yml"
    return name in functions(path) and (not parameter or golden.is_file())


def test_every_threat_has_a_row() -> None:
    assert list(ROWS) == list(range(1, 96))


def test_every_threat_has_a_defence_and_a_test_that_exists() -> None:
    unheld = {
        number
        for number, (_, defence, tests) in ROWS.items()
        if not defence or not (named := re.findall("`(.+?)`", tests)) or not all(map(exists, named))
    }
    assert unheld == set()
