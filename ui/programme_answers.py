"""What became of the last click on the programme's data, said once where it was clicked, with a way back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from ui import plain_text, way_back
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


@dataclass(frozen=True)
class Last:
    """What can still be undone after a reload: the step's number in the audit trail, what it was, and the way back."""

    step_id: int
    words: str
    undo: Callable[..., Any]
    args: tuple[Any, ...]
    back: str = ""


def say(section: str, last: Last | None = None) -> None:
    """Say it, once; where there is nothing new to say, what was done ``last``, until the viewer is fine with it."""
    found = st.session_state.get(_SAID)
    if found and found[0] == section:
        del st.session_state[_SAID]
    elif last is not None:
        found = (section, (), last.words, last.undo, last.args, last.back)
    else:
        return
    _, problems, done, undo, args, back = found
    for problem in problems:
        st.warning(plain_text.label(problem, 400), icon=":material/edit_note:")
    if not done:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small", key=f"said_{section}"):
        st.markdown(f":material/check_circle: {done}", width="content")
        if undo is not None:
            st.button("Undo", key=f"undo_{section}", type="tertiary", on_click=_undo, args=(section, undo, args, back))
            if last is not None:
                st.button(
                    "Fine", key=f"fine_{section}", type="tertiary", on_click=way_back.fine, args=(section, last.step_id)
                )


def _undo(section: str, undo: Callable[..., Any], args: tuple[Any, ...], back: str) -> None:
    keep(section, undo(*args), back or "Taken back.")
