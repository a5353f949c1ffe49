"""The head of a page: its title, and as caption the one question that the page answers."""

from __future__ import annotations

import streamlit as st

from ui import plain_text


def page(title: str, question: str) -> None:
    """Title and question, close together. The title may be a name from the database."""
    with st.container(gap=None):
        st.title(plain_text.label(title), anchor=False)
        st.caption(question)
