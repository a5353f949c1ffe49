"""The best-technique library: how do the best do it here? Role-model texts and moments shared with consent."""

import streamlit as st

from ui import empty_states, filters, footers, headings, library_shelf, sign_in
from ui.loaders import library

sight = sign_in.current_sight()
viewer = sight.viewer
headings.page("Library", "How do the best do it here?")
if not sight.company.has_people or not viewer.reads_words or viewer.person_id is None:
    if not empty_states.nothing_loaded(sight):
        empty_states.not_for_this_role(sight, "The library is for those who sell and those who coach them")
    st.stop()

# --- load -------------------------------------------------------------------------------------------------------
span = filters.span_from_address(sight.company.today, sight.company.calendar)
role_models = library.role_models(sight)
examples = library.examples(sight, span.as_of)

# --- search and show --------------------------------------------------------------------------------------------
st.markdown(library_shelf.sentence(examples))
skill, words = library_shelf.search(role_models)
library_shelf.show(role_models, examples, skill, words)
library_shelf.how_examples_get_here(viewer.coaches)
footers.freshness(sight, span.as_of)
