"""Personal data: found, masked in every message, and exempt only where that was said."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest
from case_library import personal
from case_library.cli import main
from case_library.language import language
from case_library.library import Library, load
from case_library.model.reference import Place
from case_library.report import as_json, text
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.cn import ric

from tests.records import loaded

CASE = "title: A bench\nsummary: Neighbours built it.\nstatus: idea\n"
ID = "11010119900307123" + ric.calc_check_digit("110101199003071230")


@pytest.mark.parametrize(
    ("written", "sort"),
    [
        (f"身份证{ID}", "id-number"),
        (f"{ID[:6]} {ID[6:14]} {ID[14:]}", "id-number"),
        (f"6222 0200 0000 0000 00{luhn.calc_check_digit('622202000000000000')}", "bank-card"),
        ("卡号4111111111111111。", "bank-card"),
        ("电话13800138000", "mobile"),
        (f"{ID[:4]} {ID[4:8]} {ID[8:12]} {ID[12:16]} {ID[16:]}", "id-number"),
        ("138-0013-8000", "mobile"),
        ("1380 013 8000", "mobile"),
        ("138.0013.8000", "mobile"),
        ("1 3 8 0 0 1 3 8 0 0 0", "mobile"),
        ("8613800138000", "mobile"),
        ("一三八零零幺三八〇〇〇", "mobile"),
        ("+86 138 0013 8000", "mobile"),
        ("zhang.san@example.org", "e-mail"),
        ("zhang [at] example.org", "e-mail"),
        ("住在3号楼2单元501", "room"),
        ("甲3栋1205室", "room"),
        ("家在12-3-501", "room"),
        ("她住301室", "room"),
        ("她住三〇一室", "room"),
        ("Flat 12b", "room"),
        ("apt. 301", "room"),
        ("王小明（8岁）", "minor"),
        ("小红，今年9岁", "minor"),
        ("李丽丽，女，12岁", "minor"),
        ("Tom, aged 8", "minor"),
        ("Anna, 9 years old", "minor"),
        ("an 8-year-old girl Anna", "minor"),
        ("8岁的王小明说", "minor"),
        ("小红（七岁）", "minor"),
        ("王小明同学今年8岁", "minor"),
    ],
)
def test_it_is_found_and_masked(written: str, sort: str) -> None:
    found = [f for f in personal.find(written) if f.sort.name == sort]
    assert found, written
    masked = personal.mask(written)
    assert len(masked) == len(written)
    assert "•" in masked
    assert masked.count("•") >= (found[0].end - found[0].start) / 2


@pytest.mark.parametrize(
    "written",
    [
        ID[:-1] + ("1" if ID[-1] != "1" else "2"),
        "4111111111111112",
        "2024年6月18日",
        "2026-11-22",
        "22-11-2026",
        "12栋1200户居民",
        "3号楼2024年建成",
        "1380013800",
        "138001380001",
        "10岁以下的孩子",
        "小班（4岁）",
        "8岁的高中生，6岁的小朋友，5岁的孙子在",
        "15岁的石榴树，十八岁的王小明，王小明（二十八岁）",
        "A 10-year-old Wangjing garden",
        "二〇二四年二〇二五年",
        "135. 2020-2021",
        "138****8000",
        "Children, aged 8",
        "Room 3",
        "投入13800元",
        "010-12345678",
        "@wangjing",
        "IMG_20240618_123456.jpg, logo@2x.png",
        "望京街道 64号院",
        "共享家（一期）",
    ],
)
def test_other_numbers_are_left_alone(written: str) -> None:
    assert not list(personal.find(written))
    assert personal.mask(written) == written


@pytest.mark.parametrize(
    "written",
    [
        "138**0013**8000",
        "<b>138</b>0013<i>8000</i>",
        "`138`0013_8000_",
        r"138\-0013\-8000",
        "[138](http://a.org)[0013](http://b.org/(x)) 8000",
        "138<!-- > -->0013<svg>x</svg>8000",
        "138&#48;013&#x38;000",
        "138\n0013\n8000",
        "> 138\n> 0013\n> 8000",
        "138\u200b0013\u00ad8000",
        "138\u00a00013\u30008000",
        "１３８００１３８０００",
        "𝟏𝟑𝟖𝟎𝟎𝟏𝟑𝟖𝟎𝟎𝟎",
        "1️⃣3️⃣8️⃣0️⃣0️⃣1️⃣3️⃣8️⃣0️⃣0️⃣0️⃣",
        "zhang**@**example.org",
        "zhang&#64;example.org",
        "<zhang@example.org>",
        "[write](mailto:zhang@example.org)",
        "ｚｈａｎｇ＠ｅｘａｍｐｌｅ．ｏｒｇ",
    ],
)
def test_it_is_found_as_a_reader_sees_it_and_masked_as_it_is_written(written: str) -> None:
    found = list(personal.find(f"x {written} y"))
    assert len(found) == 1
    masked = personal.mask(f"x {written} y")
    assert len(masked) == len(written) + 4
    assert masked.startswith("x ")
    assert masked.endswith(" y")
    assert masked.count("•") >= 5
    assert "0013" not in masked
    assert "@" not in masked


def told(library: Library) -> list[tuple[str, str]]:
    return [(problem.code, problem.field) for problem in library.problems]


def test_it_stops_its_case_and_nothing_else_and_is_masked_wherever_it_is_told(
    tmp_path: Path,
) -> None:
    library = loaded(
        tmp_path,
        case_bad=CASE + f"problem: 张女士，{ID}，13800138000\nnope: 13800138000\n",
        case_worse=CASE + "lessons: [{text: {en: write to li@example.org}}]\n",
        case_written=CASE + "problem: li&#64;example.org, 1380013&#56;000\n",
        case_good=CASE,
        places="yard: {title: 王小明（8岁）的家}",
    )
    assert told(library) == [
        ("personal-data", "problem"),
        ("unknown-field", "nope"),
        ("personal-data", "title"),
        ("contact-data", "lessons.0.text.en"),
        ("contact-data", "problem"),
        ("contact-data", "problem"),
    ]
    assert [case.id for case in library.cases] == ["good"]
    assert not library.all(Place)
    for words in (language("zh"), language("en")):
        said = "\n".join(text(problem, words) for problem in library.problems)
        said += json.dumps(as_json(library.problems, words), ensure_ascii=False)
        assert ID[2:16] not in said
        assert "0013800" not in said
        assert "li@example" not in said
    output = CliRunner().invoke(main, ["check", str(tmp_path)]).output
    assert "0013800" not in output
    assert ID[2:16] not in output


def test_names_settings_and_synonyms_are_looked_at(tmp_path: Path) -> None:
    about = "about: by 王小明（8岁）, 13800138000\ncontact: 13800138000, office@example.org\n"
    (tmp_path / "library.yml").write_text(f"languages: [en]\ntitle: A library\n{about}", "utf-8")
    picture = "media: [{file: 13800138000.jpg, alt: x, credit: x}]\n"
    library = loaded(
        tmp_path,
        case_good=CASE,
        case_13800138000=CASE,
        case_pictured=CASE + picture,
        places="yard-13800138000: {title: Yard}",
        synonyms="groups: [[a, b], [li@example.org, c]]",
    )
    assert [case.id for case in library.cases] == ["good"]
    assert not library.all(Place)
    assert not library.synonyms.groups
    assert library.info.title == {"en": "A library"}
    assert library.info.contact
    assert library.info.about is None
    assert {(problem.code, problem.field) for problem in library.problems} == {
        ("contact-data", ""),
        ("contact-data", "media.0.file"),
        ("contact-data", "groups.1.0"),
        ("contact-data", "about"),
        ("personal-data", "about"),
    }
    said = "\n".join(text(problem, language("en")) for problem in library.problems)
    assert "0013800" not in said
    assert "li@" not in said


def test_an_organisation_may_be_reached_where_it_says_so(tmp_path: Path) -> None:
    phone = "problem: 服务热线 13800138000，office@example.org\n"
    consent = "consent: [{covers: %s, scope: hotline, date: 2026-01-01%s}]\n"
    library = loaded(
        tmp_path,
        organisations=f"""
office: {{title: Office, contact: 13800138000}}
person: {{title: Office, description: 13800138000}}
number: {{title: Office, contact: {ID}}}
""",
        case_allowed=CASE + phone + consent % ("contacts", ""),
        case_other=CASE + phone + consent % ("names", ""),
        case_ended=CASE + phone + consent % ("contacts", ", until: 2026-02-01"),
        case_never=CASE + f"problem: {ID}\n" + consent % ("contacts", ""),
    )
    assert [case.id for case in library.cases] == ["allowed"]
    assert list(library.records["organisation"]) == ["office"]


@given(st.data())
@settings(max_examples=200)
def test_what_is_near_is_in_all_that_a_pattern_finds(data: st.DataObject) -> None:
    sort = data.draw(st.sampled_from(personal.sorts()))
    found = data.draw(st.from_regex(sort.pattern))
    assert sort.near.search(found)


@pytest.mark.parametrize("covers", ["names", "pictures", "quotations", "contacts"])
@pytest.mark.parametrize(
    ("more", "code"),
    [
        ("", ""),
        (", until: 2026-12", ""),
        (", until: 2026-05", "consent-ended"),
        (", withdrawn: 2026-06-01", "consent-ended"),
    ],
)
def test_ended_consent_takes_its_case_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, covers: str, more: str, code: str
) -> None:
    moment = datetime.datetime(2026, 6, 2, tzinfo=datetime.timezone.utc)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(moment.timestamp())))
    given = f"consent: [{{covers: {covers}, scope: x, date: 2025-01-01{more}}}]\n"
    library = loaded(tmp_path, case_a=CASE + given, case_b=CASE)
    assert [problem.code for problem in library.problems] == ([code] if code else [])
    assert len(library.cases) == (1 if code else 2)


def test_before_its_day_a_record_is_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("bench", "shed"):
        (tmp_path / f"{name}.yml").write_text(
            CASE.replace("bench", name) + "place: yard\npublish_from: 2026-06\nrelated: [tree]\n"
        )
    (tmp_path / "tree.yml").write_text(CASE + "related: [bench, shed]\n")
    (tmp_path / "reference").mkdir()
    (tmp_path / "reference/places.yml").write_text("yard: {title: Y, publish_from: 2026-07-01}")
    days = {"2026-05-31": ([], 0), "2026-06-01": (["bench", "shed"], 0), "2026-07-01": (["*"], 1)}
    for day, (cases, places) in days.items():
        moment = datetime.datetime.fromisoformat(f"{day}T00:00:00+00:00")
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(moment.timestamp())))
        library = load(tmp_path)
        assert not library.problems
        assert len(library.all(Place)) == places
        assert {case.id for case in library.cases} >= {*cases, "tree"} - {"*"}
        assert len(library.cases) == (1 if not cases else 3)
        mentioned = library.mentioned_by("case", "tree")
        assert len(mentioned) == (0 if not cases else 2)


def test_coordinates_are_coarse_from_the_start(tmp_path: Path) -> None:
    library = loaded(tmp_path, places="a: {title: A, latitude: 39.9087654, longitude: 116.3971283}")
    place = library.all(Place)[0]
    assert (str(place.latitude), str(place.longitude)) == ("39.909", "116.397")


def test_the_first_library_names_nobody(bundled: Library) -> None:
    for records in bundled.records.values():
        for record in records.values():
            assert record.written.personal == ()
