"""How fresh the data of a page is, where it comes from, and whether it is rebuilt."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from coaching import numbers
from ui import address
from ui.loaders import Sight
from ui.places import DEFINITIONS


def freshness(sight: Sight, as_of: dt.date) -> None:
    """Freshness, sources and the way to the definitions."""
    company = sight.company
    parts = []
    if company.last_snapshot_on is None:
        parts.append("No deals have been loaded.")
    else:
        last = company.last_snapshot_on
        parts.append(f"CRM export of {numbers.day(last)} ({numbers.ago(last, company.today)}).")
    if company.is_demo:
        parts.append("Demo company: every person, deal and number is made up.")
    parts.append(f"Amounts in {company.currency}; days in {company.calendar.time_zone}.")
    st.divider()
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.caption(" ".join(parts), width="content")
        st.page_link(
            DEFINITIONS,
            label="How these numbers are made",
            icon=":material/menu_book:",
            query_params=address.for_links(),
        )


def reconstructed(sight: Sight, as_of: dt.date) -> None:
    """Below the filters, where the as-of date lies before the first export: its state is rebuilt, not remembered."""
    if is_reconstructed(sight, as_of):
        st.caption(
            f":material/restore: Reconstructed: {numbers.day(as_of)} lies before the first export"
            f" ({numbers.day(sight.company.first_snapshot_on)}), so this page is rebuilt from that export's own dates."
        )


def is_reconstructed(sight: Sight, as_of: dt.date) -> bool:
    """Whether the as-of date lies before the first export, so that its state is rebuilt and not remembered."""
    first = sight.company.first_snapshot_on
    return first is not None and as_of < first
