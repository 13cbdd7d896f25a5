"""Profiles are counted by the declared formula, and ratings never enter a count."""

from __future__ import annotations

import random
from typing import Any

from case_library.frameworks import FORMULAS, Profile, profile
from case_library.language import available, language
from case_library.model.case import Case
from case_library.model.reference import Framework
from hypothesis import given
from hypothesis import strategies as st

from tests.records import case, figure, record

SIDES = ["deliberation", "action", "cooperation"]


def _framework(formula: str = "evidence") -> Framework:
    return record(
        Framework,
        "forces",
        formula=formula,
        levels=[{"id": "weak", "title": "Weak"}, {"id": "strong", "title": "Strong"}],
        dimensions=[{"id": side, "title": side, "means": "…"} for side in SIDES],
    )


def _evidence(side: str, source: str = "a") -> dict[str, str]:
    return {"dimension": f"forces/{side}", "what": "done", "source": source}


@st.composite
def cases(draw: st.DrawFn) -> list[Case]:
    made = []
    for number in range(draw(st.integers(0, 5))):
        told = st.builds(_evidence, st.sampled_from(SIDES), st.sampled_from("abc"))
        fields: dict[str, Any] = {"evidence": draw(st.lists(told, max_size=6))}
        if draw(st.booleans()):
            rating = {"level": "strong", "by": "office", "date": "2026", "evidence": "visit"}
            fields["assessments"] = [{"dimension": "forces/action", **rating}]
        if draw(st.booleans()):
            side = draw(st.sampled_from(SIDES))
            qualifier = draw(st.sampled_from(["dozens", "unknown"]))
            counted = figure(qualifier=qualifier, dimension=f"forces/{side}")
            fields["indicators"] = [counted]
        made.append(case(f"c{number}", **fields))
    return made


def _told(found: Profile) -> list[object]:
    return [
        (s.dimension.id, s.value, [(i.case.id, i.index) for i in s.items], len(s.ratings))
        for s in found.sides
    ]


@given(cases(), st.randoms(use_true_random=False))
def test_values_follow_the_formula_in_any_order(made: list[Case], chance: random.Random) -> None:
    for formula in FORMULAS:
        found = profile(_framework(formula), made)
        for side in found.sides:
            name = f"forces/{side.dimension.id}"
            evidence = [e for c in made for e in c.evidence if e.dimension == name]
            figures = [
                f
                for c in made
                for f in c.indicators
                if f.dimension == name and f.qualifier != "unknown"
            ]
            sources = {e.source.id for e in evidence} | {f.source.id for f in figures}
            expected = {
                "evidence": len(evidence),
                "evidence-and-figures": len(evidence) + len(figures),
                "sources": len(sources),
            }
            assert side.value == expected[formula]
        shuffled = list(made)
        chance.shuffle(shuffled)
        assert _told(profile(_framework(formula), shuffled)) == _told(found)
        assert found.covered == sum(1 for value in found.values if value)


@given(cases())
def test_ratings_stand_beside_the_evidence(made: list[Case]) -> None:
    rated = profile(_framework(), made)
    bare = [
        case(
            one.id,
            evidence=[_evidence(e.dimension.partition("/")[2], e.source.id) for e in one.evidence],
        )
        for one in made
    ]
    assert profile(_framework(), bare).values == rated.values
    action = rated.sides[1]
    assert [r.assessment.level for r in action.ratings] == ["strong"] * sum(
        1 for one in made if one.assessments
    )


def test_every_formula_is_explained_in_every_language() -> None:
    for formula in FORMULAS:
        key = profile(_framework(formula), []).formula
        assert all(language(code).text(key) for code in available())
    assert set(FORMULAS) == set(Framework.model_fields["formula"].annotation.__args__)  # type: ignore[union-attr]
