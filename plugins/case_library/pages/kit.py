"""The work sheet of a case or a method, for those who want to do it too; the form of a process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from case_library import kit
from case_library.model.case import Case
from case_library.model.reference import Method, Process
from case_library.pages.edition import Edition
from case_library.pages.page import Crumb, Page


def of_case(edition: Edition, case: Case) -> Page:
    return _page(edition, case, lambda: kit.of_case(edition.library, case))


def of_method(edition: Edition, method: Method) -> Page:
    def gather() -> kit.Kit:
        cases = edition.taxonomies.cases_of("method", method.id)
        return kit.of_method(edition.library, method, cases)

    return _page(edition, method, gather)


def _page(edition: Edition, record: Case | Method, gather: Callable[[], kit.Kit]) -> Page:
    title = edition.t("kit.title", title=edition.read(record.title))

    def says() -> dict[str, Any]:
        return {
            "description": edition.t("kit.description", title=edition.read(record.title)),
            "crumbs": _crumbs(edition, record),
            "kit": gather(),
            "needs": kit.NEEDS,
            "resources": kit.resources(record) if isinstance(record, Case) else {},
        }

    return edition.page(f"{record.address}kit/", "kit", title, "kit.html", says, record)


def form(edition: Edition, process: Process) -> Page:
    """A blank form: one row a step, to be filled in by hand."""
    title = edition.t("kit.form-title", title=edition.read(process.title))

    def says() -> dict[str, Any]:
        cases = edition.taxonomies.cases_of("process", process.id)
        return {
            "description": edition.t("kit.form-lead"),
            "crumbs": _crumbs(edition, process),
            "stages": kit.stages(process, cases),
        }

    return edition.page(f"{process.address}form/", "form", title, "form.html", says, process)


def _crumbs(edition: Edition, record: Case | Method | Process) -> list[Crumb]:
    own = Crumb(edition.read(record.title), edition.prefix + record.address)
    return [edition.crumb(record.kind), own]
