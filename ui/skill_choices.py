"""What the skills page lets people choose: scores as given, or less their rater's leniency. In the address."""

from __future__ import annotations

import streamlit as st

from ui import address

RAW, ADJUSTED = "raw", "adjusted"
_LABELS = {RAW: "As given", ADJUSTED: "Less leniency"}


def adjusted() -> bool:
    """Whether levels are shown less the raters' leniency; an unknown word in the address counts as not said."""
    said = address.text("scores")
    st.session_state["scores_choice"] = ADJUSTED if said == ADJUSTED else RAW
    chosen = st.radio(
        "Scores",
        list(_LABELS),
        format_func=lambda key: _LABELS[key],
        key="scores_choice",
        horizontal=True,
        on_change=_choose,
        help="Less leniency: each score less what its rater gives above or below others on the same reps.",
    )
    return bool(chosen == ADJUSTED)


def _choose() -> None:
    address.put(scores=ADJUSTED if st.session_state["scores_choice"] == ADJUSTED else None)
