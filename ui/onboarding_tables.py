"""The tables and texts of the onboarding page. No computation."""

from __future__ import annotations

import polars as pl
import streamlit as st

from ui import address, plain_text, tables
from ui.places import ONBOARDING


def newcomers(frame: pl.DataFrame, person_ids: list[int], *, key: str) -> None:
    """Who has started lately, by name, each with the way to their page. ``frame``: name, words."""
    for person_id, (name, words) in zip(person_ids, frame.select("name", "words").iter_rows(), strict=True):
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"{key}_{person_id}"):
            st.page_link(
                ONBOARDING,
                label=plain_text.label(name),
                icon=":material/arrow_forward:",
                query_params=address.for_links(rep=person_id),
            )
            st.markdown(plain_text.label(words, 200))


def noticed(frame: pl.DataFrame, *, key: str) -> None:
    """What was noticed. ``frame``: seen_on, cycle, stage, seller, noticed."""
    tables.plain(
        frame,
        key=key,
        alt="What was noticed in the shadowed stages, the latest first.",
        columns={
            "seen_on": st.column_config.DateColumn("Seen on", format="D MMM YYYY", width=110),
            "cycle": st.column_config.NumberColumn("Cycle", width=60),
            "stage": st.column_config.TextColumn("Stage", width=120),
            "seller": st.column_config.TextColumn("With", width=150),
            "noticed": st.column_config.TextColumn("Noticed", width=420),
        },
    )


def role_models(frame: pl.DataFrame) -> None:
    """The right behaviours in words, one fold each. ``frame``: title, body."""
    for title, body in frame.select("title", "body").iter_rows():
        with st.expander(plain_text.label(title), type="compact"):
            st.markdown(plain_text.label(body, 2_000))
