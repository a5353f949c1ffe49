"""What became of the last click on the programme's data, said once where it was clicked, with a way back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from ui import plain_text
from ui.actions import Refused

_SAID = "programme_said"


def keep(
    section: str,
    result: Any,
    done: str,
    undo: Callable[..., Any] | None = None,
    args: Sequence[Any] = (),
    back: str = "",
) -> bool:
    """Remember what to say below ``section``; whether it was carried out. ``undo(*args)`` takes it back, and ``back``
    says so."""
    if isinstance(result, Refused):
        st.session_state[_SAID] = (section, result.problems, "", None, (), "")
        return False
    st.session_state[_SAID] = (section, (), done, undo, tuple(args), back)
    return True


def say(section: str) -> None:
    """Say it, once."""
    found = st.session_state.get(_SAID)
    if not found or found[0] != section:
        return
    del st.session_state[_SAID]
    _, problems, done, undo, args, back = found
    for problem in problems:
        st.warning(plain_text.label(problem, 400), icon=":material/edit_note:")
    if not done:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small", key=f"said_{section}"):
        st.markdown(f":material/check_circle: {done}", width="content")
        if undo is not None:
            st.button("Undo", key=f"undo_{section}", type="tertiary", on_click=_undo, args=(section, undo, args, back))


def _undo(section: str, undo: Callable[..., Any], args: tuple[Any, ...], back: str) -> None:
    keep(section, undo(*args), back or "Taken back.")
