"""A page about somebody says so: the person reads under "My coaching" who looked at their record and when."""

from __future__ import annotations

import streamlit as st

from ui.actions import looks as actions
from ui.loaders import Sight

_NOTED = "looks_noted"


def note(sight: Sight, rep_id: int, page: str) -> None:
    """Once per page, rep and day of a session; nothing where somebody opens their own record."""
    if sight.viewer.person_id == rep_id:
        return
    noted: set[tuple[str, int | None, int, str, str]] = st.session_state.setdefault(_NOTED, set())
    look = (str(sight.viewer.role), sight.viewer.person_id, rep_id, page, sight.company.today.isoformat())
    if look not in noted:
        actions.note_look(rep_id, page)
        noted.add(look)
