"""The way back after something was saved, also after a reload: what may still be undone is read from the database.

Whoever says that it is fine is not told again; that is kept like a half-filled form, for its author alone.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from ui.actions import drafts as actions
from ui.loaders import Sight
from ui.loaders import drafts as reads


def unless_fine(sight: Sight, about: str, number: str, row: dict[str, Any] | None) -> dict[str, Any] | None:
    """``row``, which can be undone, unless the viewer has said of its ``number`` that it is fine."""
    if row is None:
        return None
    told = reads.kept(sight, _form(about))
    is_fine = row[number] in {told[0].get("number") if told is not None else None, st.session_state.get(_form(about))}
    return None if is_fine else row


def fine(about: str, number: int) -> None:
    """Callback: nobody needs the way back from it any more."""
    # Whoever has no name of their own keeps nothing; for them it holds until the page is loaded anew.
    st.session_state[_form(about)] = number
    actions.keep(_form(about), {"number": number})


def _form(about: str) -> str:
    return f"fine:{about}"
