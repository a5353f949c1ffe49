"""The one-on-one: what do we talk about? One page of paper before the meeting, and the way into its session."""

import streamlit as st

from ui import brief_page, empty_states, filters, footers, page_heads, sign_in
from ui.loaders import brief

sight = sign_in.current_sight()
company, viewer = sight.company, sight.viewer
span = filters.span_from_address(company.today, company.calendar)

card = page_heads.of_rep(
    sight,
    span,
    page="rep-one_on_one",
    title="One-on-one",
    question="What do we talk about?",
    audience="Briefs are for reps and those who coach them",
    is_seen=viewer.reads_words,
)
if card is None:
    brief_page.choose(sight)
    st.stop()

found = brief.brief(sight, rep_id=card["person_id"], as_of=span.as_of)
if found is None:
    empty_states.no_such_person()
    st.stop()
footers.reconstructed(sight, span.as_of)
brief_page.show(sight, found, span.as_of)
with st.container(key="brief_foot"):
    footers.freshness(sight, span.as_of)
