"""Charts: one function a chart, drawn at build time as accessible SVG; no script needed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from case_library.charts.flow import funnel, process, timeline
from case_library.charts.lineage import lineage
from case_library.charts.profile import mini, multiples, radar, rows
from case_library.charts.progress import bars, strip
from case_library.charts.shares import actors, tiles

__all__ = [
    "CHARTS",
    "actors",
    "bars",
    "funnel",
    "lineage",
    "mini",
    "multiples",
    "process",
    "radar",
    "rows",
    "strip",
    "tiles",
    "timeline",
]

#: Every chart by its name; each takes first the id that it has on its page.
CHARTS: dict[str, Callable[..., Any]] = {
    "radar": radar,
    "multiples": multiples,
    "rows": rows,
    "mini": mini,
    "bars": bars,
    "strip": strip,
    "funnel": funnel,
    "process": process,
    "timeline": timeline,
    "tiles": tiles,
    "actors": actors,
    "lineage": lineage,
}
