"""What peer pairs have in common on every page: a pair in a line, and what became of a click, with the way back."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from coaching import numbers
from ui import plain_text, way_back
from ui.actions import Refused
from ui.actions import pairs as actions
from ui.loaders import Sight, last_steps

MOST_CARDS = 30
"""Nobody reads more cards than these."""
_SAID, _FORM = "pairs_said", "pairs"


def line(pair: dict[str, Any]) -> None:
    """Who helps whom with what."""
    strong, learner = plain_text.label(pair["strong_name"]), plain_text.label(pair["learner_name"])
    st.markdown(f"**{plain_text.label(pair['skill_name'])}**: {strong} helps {learner}")


def more(found: pl.DataFrame) -> None:
    """That not every pair is shown, where that is so."""
    if found.height > MOST_CARDS:
        st.caption(f"The first {MOST_CARDS} of {numbers.count(found.height)} are shown. Choose a team to see the rest.")


def tell(answer: object, done: str) -> None:
    """Remember what a click led to."""
    st.session_state[_SAID] = answer.problems + answer.changes if isinstance(answer, Refused) else done


def answer(sight: Sight, *, is_today: bool) -> None:
    """What the last click did, said once; and the way back from what was started or closed last, after a reload too."""
    told = st.session_state.pop(_SAID, None)
    if isinstance(told, str):
        st.success(told, icon=":material/check:")
    elif told:
        st.warning(plain_text.label(" ".join(told), 600), icon=":material/error:")
    last = way_back.unless_fine(sight, _FORM, "step_id", last_steps.pair_to_undo(sight)) if is_today else None
    if last is None:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="pair_saved"):
        what = "closed" if last["action"] == last_steps.CLOSED else "started"
        pair = f"{last['strong_name']} and {last['learner_name']}, {last['skill_name']}"
        st.markdown(f":material/check_circle: You {what} the pair of {plain_text.label(pair, 300)}.", width="content")
        undo = (last["action"], last["pair_id"], last["version"])
        st.button("Undo", key="undo_pair", icon=":material/undo:", type="tertiary", on_click=_undo, args=undo)
        fine = (_FORM, last["step_id"])
        st.button("Fine", key="pair_fine", type="tertiary", on_click=way_back.fine, args=fine)


def _undo(action: str, pair_id: int, version: int) -> None:
    if action != last_steps.CLOSED:
        tell(actions.take_back_start(pair_id, version), "It is a proposal again.")
    else:
        tell(actions.reopen(pair_id, version), "The pair is open again.")
