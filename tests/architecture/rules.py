"""The rules of docs/adr as functions: source text in, problems in words out.

Kept apart from the tests that apply them, so that each rule can be shown a sample that breaks it.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

# What each room may import: ours, then other people's. Everything else but the standard library is a problem.
# A new package beside the design card's comes with a record (docs/adr/0013) and an entry here.
MAY_IMPORT: dict[str, set[str]] = {
    "app.py": {"ui", "charts", "coaching", "streamlit"},
    "asgi.py": {"ui", "charts", "coaching", "streamlit", "starlette"},
    "pages": {"ui", "charts", "coaching", "streamlit"},
    "ui": {"ui", "coaching", "data_access", "streamlit", "polars", "starlette", "uvicorn"},
    "charts": {"charts", "coaching", "plotly", "polars"},
    "data_access": {
        "data_access",
        "coaching",
        "sqlalchemy",
        "alembic",
        "psycopg",
        "polars",
        "numpy",
        "pyarrow",
        "fastexcel",
    },
    "coaching": {"coaching", "polars", "numpy", "scipy"},
}
SHIPPED = tuple(MAY_IMPORT)

WORDS_THAT_NAME_NOTHING = {
    *("util", "utils", "helper", "helpers", "common", "manager", "managers", "service", "services", "misc"),
}

# Ways to ask what time it is, in Python and in SQL.
CLOCKS = {"today", "now", "utcnow", "time_ns", "current_date", "current_timestamp", "localtimestamp"}

# Folders that exist on one machine and not on the next. Put together here so that this file does not name one.
MACHINE_FOLDERS = ("work", "root", "home", "Users", "opt", "mnt", "usr/lib", "usr/local", "usr/share")
MACHINE_PATH = re.compile(
    # Not after a letter, a dot or another part of a path or address: those are relative paths and web addresses.
    r"(?:(?<![\w./*}\])~])|(?<=//)|(?<=-[A-Z]))/(?:" + "|".join(MACHINE_FOLDERS) + r")/[\w.]|\b[A-Z]:\\\\?Users"
)

FORBIDDEN_ATTRIBUTES = {
    "download_button": "scoped data leaves through the download route of asgi.py, never through st.download_button",
}
FORBIDDEN_ARGUMENTS = {"unsafe_allow_html": "text from the database is text: no unsafe_allow_html"}
FORBIDDEN_IMPORTS = {"plotly.express": "figures are built from plotly.graph_objects, not plotly.express"}


# ---- Which files ------------------------------------------------------------------------------------------------


def project_files(project: Path) -> list[Path]:
    """Every file that comes with the project, tracked or about to be, as git sees it; else what lies in the folder."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode == 0:
        names = [project / name for name in listed.stdout.split("\0") if name]
        return sorted(name for name in names if name.is_file())
    hidden = {".git", ".venv", "data"}
    found = (path for path in project.rglob("*") if path.is_file())
    return sorted(path for path in found if not hidden & set(path.relative_to(project).parts))


def shipped_sources(project: Path) -> list[Path]:
    """The Python files of the product itself, tests and documentation aside."""
    return [
        path
        for path in project_files(project)
        if path.suffix == ".py" and path.relative_to(project).parts[0] in SHIPPED
    ]


# ---- Imports ----------------------------------------------------------------------------------------------------


def imported_modules(source: str) -> Iterator[tuple[int, str]]:
    """Line and full name of everything imported, wherever in the file; relative imports start with a dot."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            yield node.lineno, module
            for alias in node.names:
                yield node.lineno, f"{module}.{alias.name}"


def import_problems(source: str, may_import: set[str]) -> list[str]:
    """Imports of packages that this room may not use."""
    problems: dict[str, None] = {}
    for line, name in imported_modules(source):
        package = name.split(".")[0]
        if package and package not in sys.stdlib_module_names and package not in may_import:
            problems[f"line {line}: may not import {package}"] = None
    return list(problems)


# ---- Pages ------------------------------------------------------------------------------------------------------


def misplaced_pages(scripts: Iterable[str]) -> list[str]:
    """Scripts (paths from the project root) that do not lie in exactly one section folder of pages/."""
    return [script for script in scripts if len(Path(script).parts) != 3]


def registration_problems(app_source: str, scripts: Iterable[str]) -> list[str]:
    """Scripts that app.py does not register exactly once with st.Page, and registrations without a script."""
    registered: list[str] = []
    problems: list[str] = []
    for call in _calls(app_source):
        if _last_name(call.func) == "Page":
            page = call.args[0] if call.args else None
            if isinstance(page, ast.Constant) and isinstance(page.value, str):
                registered.append(page.value)
            else:
                problems.append(f"line {call.lineno}: st.Page wants the script's path as a plain string")
    expected = set(scripts)
    problems += [
        f"{script} is registered {registered.count(script)} times"
        for script in sorted(expected)
        if registered.count(script) != 1
    ]
    problems += [f"{page} is registered and does not exist" for page in sorted(set(registered) - expected)]
    return problems


def page_script_problems(source: str) -> list[str]:
    """What a page may not hold: functions, classes, caches, and imports beyond ui, charts, coaching and Streamlit."""
    problems = import_problems(source, MAY_IMPORT["pages"])
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            problems.append(f"line {node.lineno}: a page is a plain script, {node.name} belongs into another folder")
        elif isinstance(node, ast.Attribute | ast.Name) and _last_name(node) in {"cache_data", "cache_resource"}:
            problems.append(f"line {node.lineno}: caching belongs into ui/loaders/")
    return problems


# ---- Data access ------------------------------------------------------------------------------------------------


def viewer_problems(source: str) -> list[str]:
    """Public functions whose first parameter is not ``viewer: Viewer`` without a default."""
    problems = []
    for node in ast.parse(source).body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or node.name.startswith("_"):
            continue
        positional = [*node.args.posonlyargs, *node.args.args]
        first = positional[0] if positional else None
        has_default = len(node.args.defaults) == len(positional)
        named = first is not None and first.arg == "viewer" and _annotation(first) == "Viewer"
        if not named or has_default:
            problems.append(f"line {node.lineno}: {node.name} has to take `viewer: Viewer` first, without a default")
    return problems


def clock_problems(source: str) -> list[str]:
    """Calls that ask what time it is; the as-of date is a parameter."""
    problems = []
    for call in _calls(source):
        name = _last_name(call.func)
        asks_time = name == "time" and isinstance(call.func, ast.Attribute) and _last_name(call.func.value) == "time"
        if name in CLOCKS or asks_time:
            problems.append(f"line {call.lineno}: {name}() asks the clock; take the date as a parameter")
    return problems


# ---- Everywhere -------------------------------------------------------------------------------------------------


def forbidden_use_problems(source: str) -> list[str]:
    """Calls, arguments and imports that the product does without."""
    problems = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in FORBIDDEN_ATTRIBUTES:
            problems.append(f"line {node.lineno}: {FORBIDDEN_ATTRIBUTES[node.attr]}")
        elif isinstance(node, ast.keyword) and node.arg in FORBIDDEN_ARGUMENTS:
            problems.append(f"line {node.value.lineno}: {FORBIDDEN_ARGUMENTS[node.arg]}")
    for line, name in imported_modules(source):
        for forbidden, why in FORBIDDEN_IMPORTS.items():
            if name == forbidden or name.startswith(f"{forbidden}."):
                problems.append(f"line {line}: {why}")
        if name.split(".")[-1] in FORBIDDEN_ATTRIBUTES:
            problems.append(f"line {line}: {FORBIDDEN_ATTRIBUTES[name.split('.')[-1]]}")
    return problems


def machine_path_problems(text: str) -> list[str]:
    """Lines that name a folder of one machine."""
    return [
        f"line {number}: {line.strip()[:100]}"
        for number, line in enumerate(text.splitlines(), start=1)
        if MACHINE_PATH.search(line)
    ]


def empty_names(paths: Iterable[str]) -> list[str]:
    """Paths in which a file or folder is named by a word that says nothing of its topic."""
    found = []
    for path in paths:
        stems = [Path(part).stem.lower() for part in Path(path).parts]
        words = {word for stem in stems for word in re.split(r"[_\-.]", stem)}
        if words & WORDS_THAT_NAME_NOTHING:
            found.append(path)
    return found


# ---- Reading the syntax tree ------------------------------------------------------------------------------------


def _calls(source: str) -> Iterator[ast.Call]:
    return (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _annotation(argument: ast.arg) -> str:
    annotation = argument.annotation
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        return annotation.value.split(".")[-1]
    return _last_name(annotation) if annotation is not None else ""
