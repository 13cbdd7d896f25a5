"""The work sheet of a case or a method, for those who want to do it too; the form of a process."""

from __future__ import annotations

from case_library import kit
from case_library.model.case import Case
from case_library.model.reference import Method, Process
from case_library.pages.edition import Edition
from case_library.pages.page import Crumb, Page
from case_library.taxonomy import Term


def of_case(edition: Edition, case: Case) -> Page:
    return _page(edition, case, kit.of_case(edition.library, case))


def of_method(edition: Edition, method: Method, term: Term) -> Page:
    return _page(edition, method, kit.of_method(edition.library, method, term.cases))


def _page(edition: Edition, record: Case | Method, found: kit.Kit) -> Page:
    title = edition.t("kit.title", title=edition.read(record.title))
    return edition.page(
        f"{record.address}kit/",
        "kit",
        title,
        "kit.html",
        description=edition.t("kit.description", title=edition.read(record.title)),
        crumbs=_crumbs(edition, record),
        record=record,
        kit=found,
        needs=kit.NEEDS,
        resources=kit.resources(record) if isinstance(record, Case) else {},
    )


def form(edition: Edition, process: Process) -> Page:
    """A blank form: one row a step, to be filled in by hand."""
    title = edition.t("kit.form-title", title=edition.read(process.title))
    return edition.page(
        f"{process.address}form/",
        "form",
        title,
        "form.html",
        description=edition.t("kit.form-lead"),
        crumbs=_crumbs(edition, process),
        record=process,
        stages=kit.stages(process, edition.taxonomies.cases_of("process", process.id)),
    )


def _crumbs(edition: Edition, record: Case | Method | Process) -> list[Crumb]:
    own = Crumb(edition.read(record.title), edition.prefix + record.address)
    return [edition.crumb(record.kind), own]
