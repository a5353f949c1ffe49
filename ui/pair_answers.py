"""What peer pairs have in common on every page: a pair in a line, and what became of a click, with the way back."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from coaching import numbers
from ui import plain_text
from ui.actions import Refused
from ui.actions import pairs as actions

MOST_CARDS = 30
"""Nobody reads more cards than these."""
_SAID = "pairs_said"


def line(pair: dict[str, Any]) -> None:
    """Who helps whom with what."""
    strong, learner = plain_text.label(pair["strong_name"]), plain_text.label(pair["learner_name"])
    st.markdown(f"**{plain_text.label(pair['skill_name'])}**: {strong} helps {learner}")


def more(found: pl.DataFrame) -> None:
    """That not every pair is shown, where that is so."""
    if found.height > MOST_CARDS:
        st.caption(f"The first {MOST_CARDS} of {numbers.count(found.height)} are shown. Choose a team to see the rest.")


def tell(answer: object, done: str, undo: tuple[str, int] | None = None) -> None:
    """Remember what a click led to. ``undo``: "start" or "close" and the pair that it was about; ``answer`` is then
    the version it has since.
    """
    if isinstance(answer, Refused):
        st.session_state[_SAID] = (answer.problems + answer.changes, None)
    else:
        st.session_state[_SAID] = (done, None if undo is None else (*undo, answer))


def answer() -> None:
    """What the last click did, said once, with the way back."""
    told, undo = st.session_state.pop(_SAID, (None, None))
    if isinstance(told, str):
        st.success(told, icon=":material/check:")
        if undo is not None:
            st.button("Undo", key="undo_pair", icon=":material/undo:", on_click=_undo, args=undo)
    elif told:
        st.warning(plain_text.label(" ".join(told), 600), icon=":material/error:")


def _undo(what: str, pair_id: int, version: int) -> None:
    if what == "start":
        tell(actions.take_back_start(pair_id, version), "It is a proposal again.")
    else:
        tell(actions.reopen(pair_id, version), "The pair is open again.")
