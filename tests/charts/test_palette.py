"""The colours: told apart by every reader, read on paper and in the dark, the same in print."""

from __future__ import annotations

import itertools
import re

import pytest
from case_library.charts import svg
from case_library.templating import THEME
from coloraide import Color

CSS = (THEME / "assets" / "case-library" / "case-library.css").read_text("utf-8")
SIGHT = ["", "protan", "deutan", "tritan"]
#: As far apart as this (CIEDE2000), two areas beside each other are told apart at a glance.
FAR_ENOUGH = 10


def tokens(scheme: str) -> dict[str, str]:
    """The colours that the style sheet gives a scheme."""
    block = CSS.split(f'[data-md-color-scheme="{scheme}"] {{', 1)[1].split("}", 1)[0]
    return dict(re.findall(r"--cl-([a-z-]+): (#[0-9a-f]{6});", block))


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("scheme", ["default", "slate"])
def test_hues_are_told_apart_by_every_reader(scheme: str, sight: str) -> None:
    hues = {name: Color(tokens(scheme)[name]) for name in svg.HUES}
    seen = {name: hue.filter(sight) if sight else hue for name, hue in hues.items()}
    alike = [
        (one, two, round(distance, 1))
        for one, two in itertools.combinations(seen, 2)
        if (distance := seen[one].delta_e(seen[two], method="2000")) < FAR_ENOUGH
    ]
    assert alike == []


@pytest.mark.parametrize("scheme", ["default", "slate"])
def test_every_colour_is_read_on_paper_and_on_cards(scheme: str) -> None:
    found = tokens(scheme)
    weak = [
        (name, ground)
        for name in (*svg.HUES, "ink", "soft", "accent")
        for ground in ("paper", "surface")
        if Color(found[name]).contrast(found[ground]) < 4.5
    ]
    assert weak == []
    assert Color(found["accent"]).contrast(found["on-accent"]) >= 4.5


def test_print_has_the_colours_of_the_screen() -> None:
    found = tokens("default")
    assert {name: found[name] for name in svg.HUES} == svg.HUES
    assert (found["ink"], found["soft"], found["line"]) == (svg.INK, svg.SOFT, svg.LINE)
