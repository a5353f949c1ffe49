"""Who needs the manager now: a short list with the reason in a sentence and the way to the person."""

from __future__ import annotations

import polars as pl
import streamlit as st

from coaching.attention import Surroundings
from ui import address, plain_text
from ui.places import PROGRESS

SHOWN_FIRST = 5


def show(title: str, due: pl.DataFrame, total: int, around: Surroundings) -> None:
    """The list, or a line where nobody is due. ``due``: row_id, name, reasons, the most urgent first."""
    with st.container(border=True, height="content" if due.is_empty() else "stretch", gap="small"):
        st.markdown(f"**{title}**")
        if due.is_empty():
            st.markdown("Nobody stands out." if total else "No reps in view.")
            st.caption(
                "Somebody is listed who is clearly behind the quota to date, or for whom two things come together."
                if around.quotas_known or around.sessions_known
                else "Neither quotas nor coaching sessions have been loaded, so little can stand out."
            )
            return
        for row in due.head(SHOWN_FIRST).iter_rows(named=True):
            _entry(row["row_id"], row["name"], row["reasons"])
        rest = due.slice(SHOWN_FIRST)
        if rest.height:
            more = st.expander(f"{rest.height} more", type="compact", key="needs_more", on_change="rerun")
            if more.open:
                with more:
                    for row in rest.iter_rows(named=True):
                        _entry(row["row_id"], row["name"], row["reasons"])


def _entry(row_id: int, name: str, reasons: str) -> None:
    with st.container(gap=None):
        is_clicked = st.button(
            f"**{plain_text.label(name)}**",
            key=f"needs_{row_id}",
            type="tertiary",
            icon=":material/chevron_right:",
            icon_position="right",
        )
        st.caption(plain_text.label(reasons, 300))
    if is_clicked:
        st.switch_page(PROGRESS, query_params=address.for_links(rep=row_id))
