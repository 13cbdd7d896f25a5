"""The same input gives the same bytes, whatever the machine; they say nothing of it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from case_library import withdraw

from tests.site.build import GARDENS, mkdocs

#: A machine where every connection fails; put before all else by PYTHONPATH.
OFFLINE = """
import socket
def refused(self, address, *rest):
    if isinstance(address, tuple):
        raise OSError("no network")
    return connected(self, address, *rest)
connected = socket.socket.connect
socket.socket.connect = refused
def unknown(*_):
    raise OSError("no network")
socket.getaddrinfo = unknown
"""
EPOCH = {"SOURCE_DATE_EPOCH": "1700000000"}
MACHINES = [
    {
        "LC_ALL": "C",
        "TZ": "Asia/Shanghai",
        "PYTHONHASHSEED": "1",
        "CASE_LIBRARY_WORKERS": "1",
        "HOME": "/home/zebedee-quux",
        "USER": "zebedee-quux",
        "HOSTNAME": "quux-machine",
        "EMAIL": "zebedee@quux.example",
        "GIT_AUTHOR_EMAIL": "zebedee@quux.example",
    },
    {
        "LC_ALL": "zh_CN.UTF-8",
        "TZ": "America/Los_Angeles",
        "PYTHONHASHSEED": "2",
        "CASE_LIBRARY_WORKERS": "2",
        "PATH": "",
    },
]


def whole(folder: Path) -> dict[str, bytes]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """One library built on two machines that have little in common; the second is offline."""
    built = []
    for number, machine in enumerate(MACHINES):
        folder = tmp_path_factory.mktemp(f"zebedee-quux-{number}") / "gardens"
        shutil.copytree(GARDENS, folder)
        (folder / "offline").mkdir()
        if number:
            (folder / "offline" / "sitecustomize.py").write_text(OFFLINE)
            for path in sorted(folder.rglob("*"), reverse=True):
                os.utime(path, (4_000_000_000, 4_000_000_000))  # a clock of the year 2096
        variables = {**EPOCH, **machine, "PYTHONPATH": str(folder / "offline")}
        done = mkdocs(folder, "--strict", **variables)
        assert done.returncode == 0, done.stderr
        built.append(folder / "site")
    return built


def test_machines_give_the_same_bytes(sites: list[Path]) -> None:
    one, other = map(whole, sites)
    assert one.keys() == other.keys()
    assert [name for name in one if one[name] != other[name]] == []


def test_nothing_of_the_machine_is_in_any_file(sites: list[Path]) -> None:
    said = ["zebedee", "quux", str(sites[0].parent), str(GARDENS.parents[2])]
    assert [trace for site in sites for trace in withdraw.traces(site, "", said)] == []
