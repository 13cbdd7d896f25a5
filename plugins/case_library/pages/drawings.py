"""Which charts pages show, with links to what each mark stands for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import TypeGuard

from markupsafe import Markup

from case_library import charts, frameworks
from case_library.charts.lineage import Branch
from case_library.charts.profile import Axis, axes
from case_library.charts.progress import scale
from case_library.charts.svg import Chart
from case_library.frameworks import Profile
from case_library.indicators import STANDINGS, Progress, Summary, progress, standing
from case_library.lineage import Row
from case_library.model.case import Case
from case_library.model.parts import RESULT_STATUSES, Actor, Period
from case_library.model.record import Record
from case_library.model.reference import Framework, Indicator, Place, Process, Programme
from case_library.pages.edition import Edition
from case_library.taxonomy import Term

#: More small charts than this would not be compared any more.
_MOST_SMALL = 24
_MOST_SPANS = 40
_MOST_TILES = 30
#: So many charts of processes are kept for other pages that would show the same.
_MOST_ALIKE = 1_000
#: A strip of fewer cases shows no distribution.
FEWEST_ON_A_STRIP = 3


class Drawings:
    """The charts of one page. `to` makes a link of a path in the page's language."""

    def __init__(self, edition: Edition, to: Callable[[str], str]) -> None:
        self.edition = edition
        self.language = edition.language
        self._to = to

    def _urls(self, records: Iterable[Record]) -> dict[str, str]:
        return {self.edition.read(record.title): self._to(record.address) for record in records}

    def of_term(
        self, term: Term, cases: Sequence[Case], children: Sequence[Record]
    ) -> list[tuple[str, Chart | Markup]]:
        """What there is to draw of a term, with its heading; often nothing."""
        t, record, found = self.edition.t, term.record, list[tuple[str, Chart | Markup]]()
        framework = self.edition.library.get(Framework, self.edition.library.info.framework)
        if framework and any(case.evidence for case in cases) and term.kind != "source":
            found.append((t("board.profile"), self.standings(framework, cases)))
        if term.kind == "place" and children and cases:
            found.append((t("board.places"), self.places(cases)))
        if isinstance(record, Programme):
            process = self.edition.library.get(Process, record.process)
            if process and cases:
                found.append((t("board.process"), self.process(process, cases)))
            parts = [part for part in (record, *children, *cases) if _is_dated(part)]
            if len(parts) > 1:
                found.append((t("board.time"), self.timeline(t("board.time"), parts)))
            if moved := self.progress(record):
                found.append((t("board.progress"), moved))
        return found

    def of_section(self, case: Case, name: str) -> list[tuple[str, Chart | Markup]]:
        """What there is to draw below a section of a case."""
        t, found = self.edition.t, list[tuple[str, Chart | Markup]]()
        if name == "steps":
            told = dict.fromkeys(
                s.process_step.partition("/")[0] for s in case.steps if s.process_step
            )
            for process in map(self.edition.library.records["process"].get, told):
                if isinstance(process, Process):
                    found.append((self.edition.read(process.title), self.process(process, [case])))
        if name == "indicators":
            if moved := self.progress(case):
                found.append((t("board.progress"), moved))
            for entry in dict.fromkeys(figure.indicator for figure in case.indicators):
                summary = self.edition.shared.summaries.get((entry, standing(case)))
                if summary and len(summary.numbers) >= FEWEST_ON_A_STRIP:
                    title = self.edition.read(summary.indicator.title)
                    found.append((f"{t('board.among')} · {title}", self.strip(summary, case.id)))
        return found

    def family(self, rows: Sequence[Row], number: int) -> Chart:
        """A tree of what came from what; every name is a link."""
        title = self.edition.read(rows[0].record.title)
        title = self.edition.t("lineage.family", title=title)
        branches = [self._branch(row) for row in rows]
        chart = charts.lineage(f"lineage-{number}", title, branches, self.language)
        return chart.linked(self._urls(row.record for row in rows))

    def _branch(self, row: Row) -> Branch:
        t, record = self.edition.t, row.record
        if row.left_off:
            return Branch(t("board.more", row.left_off), row.depth, url=self._to(record.address))
        model = type(record).model_name
        status = getattr(record, "status", None)
        told = [self.language.kind(record.kind)]
        told += [self.language.label(model, tie.relation) for tie in row.ties[:1] if row.depth]
        if hasattr(record, "status") and status not in RESULT_STATUSES:
            told.append(self.language.choice("status", status) if status else t("lineage.open"))
        others = (
            f"{self.language.label(model, tie.relation)} {self.edition.read(tie.older.title)}"
            for tie in row.ties[1 if row.depth else 0 :]
        )
        return Branch(
            title=self.edition.read(record.title),
            depth=row.depth,
            about=" · ".join(told),
            also=t("charts.semicolon").join(others),
            kind=record.kind,
            relation=row.ties[0].relation if row.ties else "",
            happened=not hasattr(record, "status") or status in RESULT_STATUSES,
            url=self._to(record.address),
        )

    def places(self, cases: Iterable[Case]) -> Chart:
        """Tiles of the places that cases name, each case once; of too many the fullest."""
        counts = Counter(case.place for case in cases if case.place)
        fullest = sorted(counts, key=lambda place: (-counts[place], place))[:_MOST_TILES]
        found = [self.edition.library.get(Place, place) for place in fullest]
        places = self.edition.sorted(place for place in found if place)
        rows = [(self.edition.read(place.title), counts[place.id]) for place in places]
        title = self.edition.t("board.places")
        chart = charts.tiles("places-chart", title, rows, self.language)
        return chart.linked(self._urls(places))

    def actors(self, actors: Iterable[Actor]) -> Chart:
        return charts.actors("actors-chart", self.edition.t("board.actors"), actors, self.language)

    def profile(self, framework: Framework, cases: Iterable[Case]) -> Chart:
        """The profile of some cases taken together."""
        found = frameworks.profile(framework, cases)
        title = self._profile_title(framework)
        chart = charts.radar("profile-chart", title, axes(found, self.language), self.language)
        return chart.linked(self._dimension_urls(framework))

    def standings(self, framework: Framework, cases: Sequence[Case]) -> Chart:
        """One small profile for results, one for plans, one for what nobody knows."""
        groups = [(s, [c for c in cases if standing(c) == s]) for s in STANDINGS]
        named = [
            (
                self.edition.t(
                    "board.by-standing",
                    standing=self.edition.t(f"figures.standing.{name}"),
                    cases=self.edition.t("ui.cases", len(found)),
                ),
                axes(frameworks.profile(framework, found), self.language),
            )
            for name, found in groups
            if found
        ]
        return charts.multiples(
            "standings-chart", self._profile_title(framework), named, self.language
        )

    def case_by_case(self, framework: Framework, cases: Iterable[Case]) -> Chart | None:
        """Small profiles of the cases with the most evidence, in the order of their titles."""
        found = [(case, frameworks.profile(framework, [case])) for case in cases]
        told = sorted((pair for pair in found if pair[1].total), key=_fullest)[:_MOST_SMALL]
        if not told:
            return None
        by_title = {case.id: profile for case, profile in told}
        ordered = self.edition.sorted(case for case, _ in told)
        named: list[tuple[str, list[Axis]]] = [
            (self.edition.read(case.title), axes(by_title[case.id], self.language))
            for case in ordered
        ]
        title = self._profile_title(framework)
        chart = charts.multiples("cases-chart", title, named, self.language)
        return chart.linked(self._urls(ordered))

    def timeline(self, title: str, records: Sequence[Programme | Case]) -> Chart:
        chosen = sorted(records, key=lambda record: record.period is None)[:_MOST_SPANS]
        spans: list[tuple[str, Period | None]] = [
            (self.edition.read(record.title), record.period) for record in chosen
        ]
        chart = charts.timeline("timeline-chart", title, spans, self.language)
        return chart.linked(self._urls(chosen))

    def process(self, process: Process, cases: Sequence[Case]) -> Markup:
        """How many of the cases tell of each step; many a case tells of the same ones."""
        told: Counter[str] = Counter()
        for case in cases:
            steps = {step.process_step for step in case.steps if step.process_step}
            told.update(s.partition("/")[2] for s in steps if s.startswith(f"{process.id}/"))
        page, drawn = self._to(process.address), self.edition.made.setdefault("process", {})
        key = (process.id, page, len(cases), *sorted(told.items()))
        if key not in drawn:
            urls = {
                f"{number} {self.edition.read(step.title)}": f"{page}#{step.id}"
                for number, step in enumerate(process.steps, 1)
            }
            chart_id = f"process-{process.id}"
            chart = charts.process(chart_id, process, told, self.language, len(cases))
            if len(drawn) >= _MOST_ALIKE:
                drawn.clear()
            drawn[key] = Markup.escape(chart.linked(urls))
        found: Markup = drawn[key]
        return found

    def funnels(self, programme: Programme) -> list[Chart]:
        catalogue = {entry.id: entry for entry in self.edition.library.all(Indicator)}
        urls = self._urls(catalogue.values())
        return [
            charts.funnel(
                f"funnel-{programme.id}-{number}",
                funnel,
                programme.indicators,
                catalogue,
                self.language,
            ).linked(urls)
            for number, funnel in enumerate(programme.funnels)
        ]

    def progress(self, record: Case | Programme) -> Chart | None:
        """The record's figures that name where they began or what they aim at."""
        found = [
            (entry, moved)
            for figure in record.indicators
            if (entry := self.edition.indicator(figure.indicator))
            and (moved := progress(figure, entry))
        ]
        return self._bars(found) if found else None

    def progress_of(self, summaries: Iterable[Summary]) -> Chart | None:
        found = [(s.indicator, s.progress) for s in summaries if s.standing == "results"]
        rows = [(entry, moved) for entry, moved in found if moved]
        return self._bars(rows) if rows else None

    def _bars(self, rows: list[tuple[Indicator, Progress]]) -> Chart:
        title = self.edition.t("board.progress")
        chart = charts.bars("progress-chart", title, rows, self.language)
        return chart.linked(self._urls(entry for entry, _ in rows))

    def strip(self, summary: Summary, own: str = "") -> Chart:
        title = self.edition.read(summary.indicator.title)
        chart_id = f"strip-{summary.indicator.id}"
        # Of all pages of one depth: there links begin alike.
        scales, key = self.edition.made.setdefault(scale, {}), (id(summary), self._to(""))
        if key not in scales:
            # The table of a long strip names the ends only.
            many = len(summary.numbered) > _MOST_SPANS
            named = summary.extremes or () if many else summary.numbered
            urls = self._urls(counted.record for counted in named)
            scales[key] = scale(summary, self.language, urls)
        return charts.strip(chart_id, title, scales[key], self.language, own)

    def _profile_title(self, framework: Framework) -> str:
        return self.edition.t("ui.profile-of", framework=self.edition.read(framework.title))

    def _dimension_urls(self, framework: Framework) -> dict[str, str]:
        page = self._to(framework.address)
        return {self.edition.read(d.title): f"{page}#{d.id}" for d in framework.dimensions}


def _fullest(pair: tuple[Case, Profile]) -> tuple[int, str]:
    return -pair[1].total, pair[0].id


def _is_dated(record: Record) -> TypeGuard[Programme | Case]:
    return isinstance(record, Programme | Case) and record.period is not None
