"""Each rule is shown a sample that breaks it and one that keeps it: a check that cannot fail holds nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.architecture import rules

PAGES = ["pages/team/overview.py", "pages/rep/progress.py"]
APP = """
import streamlit as st
pages = {"Team": [st.Page("pages/team/overview.py", default=True)], "Rep": [st.Page("pages/rep/progress.py")]}
st.navigation(pages).run()
"""


def test_a_page_outside_a_section_folder_is_found() -> None:
    assert rules.misplaced_pages(["pages/overview.py", "pages/a/b/c.py", *PAGES]) == [
        "pages/overview.py",
        "pages/a/b/c.py",
    ]


def test_registering_every_page_once_is_enough() -> None:
    assert rules.registration_problems(APP, PAGES) == []


def test_a_page_that_is_not_registered_is_found() -> None:
    assert rules.registration_problems(APP, [*PAGES, "pages/me/my_coaching.py"]) == [
        "pages/me/my_coaching.py is registered 0 times"
    ]


def test_a_page_registered_twice_is_found() -> None:
    twice = APP.replace("default=True)", 'default=True), st.Page("pages/team/overview.py", url_path="again")')
    assert rules.registration_problems(twice, PAGES) == ["pages/team/overview.py is registered 2 times"]


def test_a_registration_without_a_script_is_found() -> None:
    assert rules.registration_problems(APP, PAGES[:1]) == ["pages/rep/progress.py is registered and does not exist"]


def test_a_registration_that_cannot_be_read_is_found() -> None:
    assert any("plain string" in problem for problem in rules.registration_problems("st.Page(script)", []))


@pytest.mark.parametrize(
    "source",
    [
        "def draw(): ...",
        "async def load(): ...",
        "class Filter: ...",
        "import streamlit as st\nst.cache_data",
        "from streamlit import cache_resource\ncache_resource(print)",
        "import polars as pl",
        "import plotly.graph_objects as go",
        "from data_access.queries import deals",
        "import sqlalchemy",
        "from pages.team import overview",
        "if True:\n    from pandas import DataFrame",
    ],
    ids=lambda source: source.replace("\n", " | ")[:45],
)
def test_a_page_that_is_no_plain_script_is_found(source: str) -> None:
    assert rules.page_script_problems(source)


def test_a_plain_page_is_left_alone() -> None:
    page = (
        "import datetime as dt\nimport streamlit as st\nfrom ui import loaders\nfrom charts.progress import pipeline\n"
    )
    assert rules.page_script_problems(page) == []


@pytest.mark.parametrize(
    ("room", "line"),
    [
        ("app.py", "import data_access"),
        ("asgi.py", "from data_access.queries import deals"),
        ("asgi.py", "import sqlalchemy as sa"),
        ("ui", "import plotly.graph_objects"),
        ("ui", "import pages.team.overview"),
        ("charts", "import streamlit"),
        ("charts", "import ui.tiles"),
        ("data_access", "import charts"),
        ("data_access", "import duckdb"),
        ("coaching", "import sqlalchemy"),
        ("coaching", "from data_access import tables"),
        ("coaching", "import requests"),
    ],
)
def test_an_import_that_a_room_may_not_have_is_found(room: str, line: str) -> None:
    assert rules.import_problems(line, rules.MAY_IMPORT[room])


@pytest.mark.parametrize(
    "signature",
    [
        "def deals(): ...",
        "def deals(connection): ...",
        "def deals(connection, viewer: Viewer): ...",
        "def deals(viewer): ...",
        "def deals(viewer: Viewer | None): ...",
        "def deals(viewer: Viewer = OPERATOR): ...",
        "def deals(*, viewer: Viewer): ...",
        "def deals(who: Viewer): ...",
        "async def deals(rep: int): ...",
    ],
)
def test_a_read_without_a_viewer_is_found(signature: str) -> None:
    assert rules.viewer_problems(signature)


@pytest.mark.parametrize(
    "signature",
    [
        "def deals(viewer: Viewer): ...",
        "def deals(viewer: Viewer, connection, limit: int = 5): ...",
        "def deals(viewer: people.Viewer, /, connection): ...",
        "def deals(viewer: 'Viewer'): ...",
        "def _select(rep: int): ...",
    ],
)
def test_a_read_with_a_viewer_is_left_alone(signature: str) -> None:
    assert rules.viewer_problems(signature) == []


@pytest.mark.parametrize(
    "source",
    [
        "dt.date.today()",
        "datetime.now(tz)",
        "dt.datetime.utcnow()",
        "time.time()",
        "today()",
        "sa.func.now()",
        "sa.func.current_date()",
    ],
)
def test_asking_the_clock_is_found(source: str) -> None:
    assert rules.clock_problems(source)


def test_a_date_from_outside_is_left_alone() -> None:
    assert rules.clock_problems("period = quarter_of(as_of)\nas_of.isoformat()\ndt.time(8, 30)") == []


@pytest.mark.parametrize(
    "source",
    [
        "st.markdown(note, unsafe_allow_html=True)",
        "st.download_button('Save', data)",
        "column.download_button('Save', data)",
        "from streamlit import download_button",
        "import plotly.express as px",
        "from plotly import express",
        "from plotly.express import line",
    ],
)
def test_a_forbidden_use_is_found(source: str) -> None:
    assert rules.forbidden_use_problems(source)


def test_speaking_of_a_forbidden_use_is_left_alone() -> None:
    assert rules.forbidden_use_problems('"""Never st.download_button, never unsafe_allow_html."""') == []


@pytest.mark.parametrize("folder", rules.MACHINE_FOLDERS)
def test_a_path_of_one_machine_is_found(folder: str) -> None:
    assert rules.machine_path_problems(f'FILE = "/{folder}/somebody/export.csv"')


@pytest.mark.parametrize("before", ["sqlite:///", "file://", "-I", "DATA=", "(", "open('"])
def test_a_path_of_one_machine_is_found_behind_anything(before: str) -> None:
    assert rules.machine_path_problems(f"{before}/{rules.MACHINE_FOLDERS[0]}/export.csv")


def test_a_home_folder_of_another_system_is_found() -> None:
    assert rules.machine_path_problems("C:{0}Users{0}somebody".format("\\"))


@pytest.mark.parametrize(
    "line",
    ["../shared/data", "https://example.com/home/page", "docs/work/plan.md", "#!/usr/bin/env bash", "/api/ready"],
)
def test_a_relative_path_or_an_address_is_left_alone(line: str) -> None:
    assert rules.machine_path_problems(line) == []


@pytest.mark.parametrize(
    "path", ["ui/utils.py", "data_access/helpers/dates.py", "coaching/deal_service.py", "common.py"]
)
def test_a_name_that_says_nothing_is_found(path: str) -> None:
    assert rules.empty_names([path]) == [path]


def test_a_name_that_says_something_is_left_alone() -> None:
    assert rules.empty_names(["coaching/progress.py", "docs/adr/0003-reads-and-writes.md"]) == []


def test_a_page_script_in_the_working_tree_is_among_the_sources(tmp_path: Path) -> None:
    script = tmp_path / "pages" / "team" / "overview.py"
    script.parent.mkdir(parents=True)
    script.write_text("x = 1\n")
    (tmp_path / "notes.py").write_text("x = 1\n")
    assert rules.shipped_sources(tmp_path) == [script]
