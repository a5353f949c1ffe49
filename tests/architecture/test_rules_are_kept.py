"""The rules of docs/adr, held against every file of the product."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture import rules
from tests.availability import PROJECT

SOURCES = [path.relative_to(PROJECT).as_posix() for path in rules.shipped_sources(PROJECT)]
PAGES = [source for source in SOURCES if source.startswith("pages/")]
SCOPED = [source for source in SOURCES if source.startswith(("data_access/queries/", "data_access/commands/"))]
TIMELESS = [source for source in SOURCES if source.startswith(("coaching/", "data_access/queries/"))]


def problems_in(sources: list[str], rule: Callable[[str], list[str]]) -> dict[str, list[str]]:
    found = {source: rule((PROJECT / source).read_text(encoding="utf-8")) for source in sources}
    return {source: problems for source, problems in found.items() if problems}


def test_there_is_something_to_check() -> None:
    assert SOURCES


def test_every_page_lies_in_a_section_folder() -> None:
    assert rules.misplaced_pages(PAGES) == []


def test_every_page_is_registered_exactly_once() -> None:
    app = PROJECT / "app.py"
    assert app.exists() or not PAGES
    assert rules.registration_problems(app.read_text(encoding="utf-8") if PAGES else "", PAGES) == []


def test_pages_are_plain_scripts() -> None:
    assert problems_in(PAGES, rules.page_script_problems) == {}


@pytest.mark.parametrize("room", rules.SHIPPED)
def test_each_room_imports_only_what_it_may(room: str) -> None:
    sources = [source for source in SOURCES if Path(source).parts[0] == room]
    assert problems_in(sources, lambda source: rules.import_problems(source, rules.MAY_IMPORT[room])) == {}


def test_no_viewer_no_data() -> None:
    assert problems_in(SCOPED, rules.viewer_problems) == {}


def test_time_is_a_parameter() -> None:
    assert problems_in(TIMELESS, rules.clock_problems) == {}


def test_nothing_forbidden_is_used() -> None:
    assert problems_in(SOURCES, rules.forbidden_use_problems) == {}


def test_names_say_what_a_file_is_about() -> None:
    assert rules.empty_names(path.relative_to(PROJECT).as_posix() for path in rules.project_files(PROJECT)) == []


def test_no_file_names_a_folder_of_one_machine() -> None:
    found = {}
    for path in rules.project_files(PROJECT):
        content = path.read_bytes()
        if b"\0" in content:
            continue
        if problems := rules.machine_path_problems(content.decode("utf-8", errors="replace")):
            found[path.relative_to(PROJECT).as_posix()] = problems
    assert found == {}


def test_types_lint_and_contracts_are_configured() -> None:
    configuration = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    assert configuration["mypy"]["disallow_untyped_defs"] is True
    assert configuration["mypy"]["files"] == ["."]
    assert configuration["pytest"]["strict"] is True
    assert configuration["pytest"]["filterwarnings"][0] == "error"
    assert {"F", "I", "B"} <= set(configuration["ruff"]["lint"]["select"])
    assert configuration["importlinter"]["contracts"]
