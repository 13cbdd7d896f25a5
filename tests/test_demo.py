"""A made-up library is a good one: no problem, every field, the same bytes for the same seed."""

from __future__ import annotations

from pathlib import Path

from case_library.cli import main
from case_library.demo import LEFT_OUT
from case_library.library import load
from case_library.model.case import Case
from case_library.model.fields import shapes
from click.testing import CliRunner

from tests.site.build import tree


def test_a_demo_has_no_problem_and_every_field(tmp_path: Path) -> None:
    for name in ("one", "two"):
        done = CliRunner().invoke(main, ["demo", "--cases", "40", str(tmp_path / name)])
        assert done.exit_code == 0
    assert tree(tmp_path / "one") == tree(tmp_path / "two")
    assert {"mkdocs.yml", "cases/library.yml"} < tree(tmp_path / "one").keys()
    library = load(tmp_path / "one/cases")
    assert not library.problems
    assert len(library.cases) == 40
    names = {shape.name for shape in shapes(Case)}
    told = {name for case in library.cases for name in names if getattr(case, name)}
    assert names - told <= LEFT_OUT


def test_a_demo_in_one_language_says_nothing_in_another(tmp_path: Path) -> None:
    arguments = ["demo", "--cases", "3", "--seed", "5", "--language", "en", str(tmp_path)]
    assert CliRunner().invoke(main, arguments).exit_code == 0
    library = load(tmp_path / "cases")
    assert library.languages == ["en"]
    assert all(set(case.title) == {"en"} for case in library.cases)
    again = CliRunner().invoke(main, arguments)
    assert again.exit_code == 2
