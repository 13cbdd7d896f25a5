"""Kits: gathered from those who did it, with what nobody tells as open questions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from case_library import kit
from case_library.lineage import Lineage
from case_library.model.case import Case
from case_library.model.reference import Method, Organisation, Process, Programme

from tests.records import case, library, loaded, record

OPEN_SPACE = record(Method, "open-space", steps=[{"title": "Sit in a circle"}])
STEPS = [{"title": "Ask"}, {"title": "Meet", "method": "open-space"}, {"title": "x", "method": "y"}]


def _actor(who: str, *roles: str, **more: Any) -> dict[str, Any]:
    return {"organisation": who, "sector": "community", "role": list(roles), **more}


def _case(case_id: str, **fields: Any) -> Case:
    return case(case_id, methods=["open-space"], **fields)


def test_what_nobody_tells_is_open_and_somebody_is_named_to_be_asked() -> None:
    """The nearest who should know: those of the case itself, then those of its programme."""
    orgs = [record(Organisation, name) for name in ("office", "guide", "club")]
    plan = record(Programme, "plan", actors=[_actor("office", "coordinates")])
    contest = record(Programme, "contest", part_of="plan")
    one = case(
        "one",
        programme="contest",
        actors=[_actor("club", "takes-part"), _actor("guide", "guides")],
        replication={"people": "two", "avoid": ["rain"]},
        lessons=["l"],
    )
    found = kit.of_case(library(plan, contest, *orgs, one), one)
    assert [ask.organisation.id for ask in found.ask] == ["guide", "club", "office"]
    assert [name for _, name in found.open] == [
        *("preconditions", "money", "time", "materials", "adapt"),
        *("steps", "building_blocks", "challenges"),
    ]


def test_a_method_gathers_its_own_pieces_of_all_cases() -> None:
    blocks = [{"name": "B", "how": "h", "method": m} for m in ("open-space", "other")]
    rich = _case("rich", steps=STEPS, building_blocks=[*blocks, {"name": "C", "how": "h"}])
    poor, other = _case("poor", lessons=["l"]), case("other", lessons=["no"])
    found = kit.of_method(library(OPEN_SPACE, rich, poor, other), OPEN_SPACE, [poor, other, rich])
    assert [told.said.name["en"] for told in found.blocks] == ["B", "C"]
    assert [told.owner.id for told in found.steps] == ["open-space", "rich"]
    assert [step.title["en"] for step in found.steps[1].said] == ["Ask", "Meet"]
    assert [told.owner.id for told in found.lessons] == ["poor"]


def test_a_method_of_very_many_cases_reads_those_that_tell_most() -> None:
    cases = [_case(f"c{n}", lessons=["l"] * (n == 77)) for n in range(100)]
    found = kit.of_method(library(OPEN_SPACE, *cases), OPEN_SPACE, cases)
    assert found.cases[0].id == "c77"
    assert (len(found.cases), found.left_off) == (12, 88)


def test_what_two_cases_say_in_the_same_words_stands_once_with_both() -> None:
    cases = [_case(name, replication={"materials": ["spade", name]}) for name in ("a", "b")]
    found = kit.of_method(library(OPEN_SPACE, *cases), OPEN_SPACE, cases)
    points = [(p.text["en"], [t.owner.id for t in p.told]) for p in found.needs["materials"]]
    assert points == [("spade", ["a", "b"]), ("a", ["a"]), ("b", ["b"])]


def test_difficulties_of_a_programme_stand_beside_those_of_its_cases_once() -> None:
    plan = record(Programme, "plan", challenges=["p"])
    cases = [_case(name, programme="plan", challenges=[name]) for name in ("a", "b")]
    found = kit.of_method(library(plan, OPEN_SPACE, *cases), OPEN_SPACE, cases)
    assert [(told.owner.id, told.said.text["en"]) for told in found.challenges] == [
        ("a", "a"),
        ("b", "b"),
        ("plan", "p"),
    ]


def test_a_method_without_a_case_is_asked_of_the_programme_that_uses_it(tmp_path: Path) -> None:
    found = loaded(
        tmp_path,
        methods="cafe: {title: C}\n",
        organisations="office: {title: O}\n",
        programmes="plan: {title: P, methods: [cafe], challenges: [c], actors: "
        "[{organisation: office, sector: government, role: [coordinates]}]}\n",
    )
    (cafe,) = found.all(Method)
    empty = kit.of_method(found, cafe, [])
    assert [ask.organisation.id for ask in empty.ask] == ["office"]
    assert [told.owner.id for told in empty.challenges] == ["plan"]
    assert len(empty.open) == len(kit.NEEDS) + 3


def test_a_withdrawn_case_leaves_kits_and_lineage(tmp_path: Path) -> None:
    """Those that came from it are published, and lead nowhere."""
    fields = "title: T\nsummary: s\nstatus: proposed\nmethods: [cafe]\nlessons: [l]\n"
    found = loaded(
        tmp_path,
        methods="cafe: {title: C}\n",
        case_gone="withdrawn: 2026-01-02\nreason: asked\n",
        case_here=fields + "succeeds: [{case: gone}]\nreplicates: [{case: gone}]\n",
    )
    assert found.problems == []
    (cafe,) = found.all(Method)
    assert [case.id for case in kit.of_method(found, cafe, found.cases).cases] == ["here"]
    assert Lineage(found).families(lambda r: r.id) == []


def test_resources_are_told_denied_or_open() -> None:
    one = case(
        "one",
        actors=[_actor("club", support=["skill"])],
        replication={"needs": ["people"], "without": ["money", "skill"], "materials": ["spade"]},
    )
    assert kit.resources(one) == {
        "people": "needs",
        "skill": "needs",
        "money": "without",
        "space": "open",
        "materials": "needs",
    }
    assert set(kit.resources(case("bare")).values()) == {"open"}


def test_steps_of_a_process_name_their_cases_and_methods() -> None:
    steps = [{"id": "ask", "title": "A", "methods": ["survey"]}, {"id": "dig", "title": "D"}]
    process = record(Process, "digging", steps=steps)
    told = [{"title": "t", "process_step": "digging/ask", "method": "visit"}]
    ask, dig = kit.stages(process, [case("one", steps=told), case("two")])
    assert [told.owner.id for told in ask.told] == ["one"]
    assert ask.methods == ["survey", "visit"]
    assert (dig.told, dig.methods) == ([], [])
