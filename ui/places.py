"""Where pages lie, so that links between pages are written once. Holds no widget."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from coaching.people import Role

ICON = str(Path(__file__).with_name("favicon.png"))
"""A picture of our own: Streamlit would fetch the picture of a named icon from another host."""

OVERVIEW = "pages/team/overview.py"
PROGRESS = "pages/rep/progress.py"
IMPORTS = "pages/admin/imports.py"
DEFINITIONS = "pages/admin/definitions.py"

HOME = {
    Role.REP: PROGRESS,
    Role.MANAGER: OVERVIEW,
    Role.LEADER: OVERVIEW,
    Role.EXECUTIVE: OVERVIEW,
    Role.ADMIN: IMPORTS,
    Role.OPERATOR: OVERVIEW,
}
"""Where a role starts."""

OWN_NAMES = {"rep-progress": frozenset({"rep", "metric", "step"})}
"""What a page keeps in its address beside the names that all pages share, by its url_path."""


def shown(allowed: bool) -> Literal["visible", "hidden"]:
    """How st.Page says whether a page stands in the menu. Every page is registered on every run all the same."""
    return "visible" if allowed else "hidden"
