"""The import contracts of pyproject.toml: kept by the product, and each one able to catch what it is there for."""

from __future__ import annotations

import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest

from tests.availability import PROJECT

LINT_IMPORTS = Path(sysconfig.get_path("scripts")) / "lint-imports"
MODULES = [
    "pages/team/overview.py",
    "pages/rep/progress.py",
    *(f"ui/{name}.py" for name in ("__init__", "loaders", "actions", "tiles")),
    *(f"charts/{name}.py" for name in ("__init__", "progress")),
    *(f"data_access/{name}.py" for name in ("__init__", "engine", "tables", "queries/__init__", "commands/__init__")),
    *(f"coaching/{name}.py" for name in ("__init__", "metrics")),
]


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT_IMPORTS, "--no-logo", "--no-cache"], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.fixture
def small_project(tmp_path: Path) -> Path:
    """A project of the same shape with nothing in it, under the same contracts."""
    shutil.copyfile(PROJECT / "pyproject.toml", tmp_path / "pyproject.toml")
    for module in MODULES:
        file = tmp_path / module
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text('"""Empty."""\n')
    return tmp_path


def test_the_product_keeps_its_contracts() -> None:
    result = lint_imports(PROJECT)
    assert result.returncode == 0, result.stdout + result.stderr


def test_imports_in_the_right_direction_are_fine(small_project: Path) -> None:
    (small_project / "pages/team/overview.py").write_text(
        "import streamlit\nimport ui.loaders\nimport charts.progress\n"
    )
    (small_project / "ui/loaders.py").write_text("import polars\nimport data_access.queries\nimport coaching.metrics\n")
    (small_project / "data_access/queries/__init__.py").write_text("import sqlalchemy\nimport data_access.tables\n")
    (small_project / "charts/progress.py").write_text("import plotly.graph_objects\nimport coaching.metrics\n")
    result = lint_imports(small_project)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("module", "imported", "contract"),
    [
        ("coaching/metrics.py", "data_access.engine", "Imports point downwards"),
        ("charts/progress.py", "ui.tiles", "Imports point downwards"),
        ("coaching/metrics.py", "sqlalchemy", "coaching computes"),
        ("coaching/metrics.py", "streamlit", "coaching computes"),
        ("data_access/engine.py", "streamlit", "data_access knows no browser"),
        ("data_access/engine.py", "plotly", "data_access knows no browser"),
        ("charts/progress.py", "streamlit", "charts draw frames"),
        ("charts/progress.py", "data_access.queries", "charts draw frames"),
        ("pages/rep/progress.py", "plotly.graph_objects", "SQLAlchemy, its drivers and Plotly"),
        ("ui/loaders.py", "sqlalchemy", "SQLAlchemy, its drivers and Plotly"),
        ("ui/loaders.py", "data_access.tables", "Tables are private"),
        ("ui/tiles.py", "data_access.queries", "Only ui.loaders and ui.actions"),
        ("pages/rep/progress.py", "data_access.commands", "Only ui.loaders and ui.actions"),
        ("pages/rep/progress.py", "pages.team.overview", "Pages never import each other"),
    ],
)
def test_an_import_in_the_wrong_direction_breaks_its_contract(
    small_project: Path, module: str, imported: str, contract: str
) -> None:
    (small_project / module).write_text(f"import {imported}\n")
    result = lint_imports(small_project)
    assert result.returncode == 1, result.stdout + result.stderr
    broken = [line for line in result.stdout.splitlines() if line.endswith("BROKEN")]
    assert any(line.startswith(contract) for line in broken), broken
