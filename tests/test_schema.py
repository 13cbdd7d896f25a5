"""The schema and the field reference say what the model says, and nothing is out of date."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest
import yaml
from case_library import schema
from case_library.language import available, language
from case_library.model.fields import Model, shapes
from case_library.model.info import LibraryInfo
from case_library.model.kinds import KINDS
from case_library.model.synonyms import Synonyms

from tests.site.build import ROOT

LIBRARIES = [ROOT / "cases", ROOT / "tests/samples/gardens/cases"]


def models() -> Iterator[type[Model]]:
    waiting: list[type[Model]] = [*KINDS.values(), LibraryInfo, Synonyms]
    seen: set[type[Model]] = set()
    while waiting:
        model = waiting.pop()
        if model not in seen:
            seen.add(model)
            yield model
            waiting += [shape.model for shape in shapes(model) if shape.model]


@pytest.mark.parametrize("code", available())
def test_every_field_and_choice_has_words_in_every_language(code: str) -> None:
    words = language(code)
    for model in models():
        for shape in shapes(model):
            label = words.label(model.model_name, shape.name)
            assert label, (model, shape.name)
            assert words.help(model.model_name, shape.name).endswith((".", "。", "?", "？"))
            for choice in shape.choices:
                assert words.choice(shape.name, choice)


def test_every_language_has_every_key() -> None:
    # Plural forms differ: Chinese has only one.
    def stems(code: str) -> set[str]:
        keys = language(code).keys(own=True)
        return {key.removesuffix(".one").removesuffix(".other") for key in keys}

    for code in available():
        assert stems("en") - stems(code) == set(), code


@pytest.mark.parametrize("folder", LIBRARIES, ids=["bundled", "gardens"])
def test_the_schema_accepts_what_the_check_accepts(folder: Path) -> None:
    """Editors read YAML their own way: numbers and dates are not text to them."""
    checker = jsonschema.Draft202012Validator(schema.schema("case", language("en")))
    cases = [p for p in folder.rglob("*.yml") if "reference" not in p.parts]
    cases = [path for path in cases if path.name != "library.yml"]
    assert cases
    for path in cases:
        data = yaml.load(path.read_text("utf-8"), _TextDates)
        assert [error.message for error in checker.iter_errors(data)] == [], path


def test_the_schema_refuses_what_the_check_refuses() -> None:
    checker = jsonschema.Draft202012Validator(schema.schema("case", language("en")))
    case = {"title": "A", "summary": "B", "status": "idea"}
    assert checker.is_valid(case)
    for wrong in ({"colour": "red"}, {"status": "begun"}, {"place": "Not An Id"}, {"themes": 1}):
        assert not checker.is_valid(case | wrong), wrong


def test_the_schema_that_editors_read_is_up_to_date() -> None:
    written = (ROOT / "cases/case.schema.json").read_text("utf-8")
    assert written == schema.schema_file("case", language("zh")), "run: make docs"


def test_every_case_file_names_its_schema() -> None:
    for path in (ROOT / "cases").rglob("*.yml"):
        if "reference" not in path.parts and path.name != "library.yml":
            first = path.read_text("utf-8").partition("\n")[0]
            name = first.removeprefix("# yaml-language-server: $schema=")
            assert (path.parent / name).resolve() == ROOT / "cases/case.schema.json", path


@pytest.mark.parametrize(("path", "code"), [("docs/fields.md", "zh"), ("docs/en/fields.md", "en")])
def test_the_field_reference_is_up_to_date(path: str, code: str) -> None:
    written = (ROOT / path).read_text("utf-8")
    assert written == schema.reference(language(code)), "run: make docs"


class _TextDates(yaml.SafeLoader):
    """YAML as an editor's schema checker sees it: dates stay text."""


_TextDates.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if "timestamp" not in tag]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
