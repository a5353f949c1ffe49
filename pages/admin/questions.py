"""The question bank: what may be asked, and when. Coaches read it; an admin changes, retires and adds questions."""

import streamlit as st

from ui import empty_states, footers, headings, question_bank, sign_in

sight = sign_in.current_sight()
viewer = sight.viewer
headings.page("Questions", "What do we ask, and when?")
if not (viewer.loads_data or viewer.coaches):
    empty_states.not_for_this_role(sight, "The question bank is for those who coach and those who keep the data")
    st.stop()

question_bank.head(sight)
situation, words = question_bank.search(sight)
question_bank.show(sight, situation, words)
footers.freshness(sight, sight.company.today)
