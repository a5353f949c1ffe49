"""Start-order lottery: who starts first, drawn so that what coaching changes can be told from what would have come."""

import streamlit as st

from charts import lottery as charts
from coaching import numbers
from coaching.roi import lottery_words as words
from ui import empty_states, footers, headings, lottery_form, lottery_result, plain_text, sign_in
from ui.loaders import lottery as reads

sight = sign_in.current_sight()
viewer = sight.viewer
headings.page("Start-order lottery", "Who starts first, and how will we know whether it helped?")
if empty_states.nothing_loaded(sight):
    st.stop()
if not viewer.sees_programme:
    empty_states.not_for_this_role(sight, "The start-order lottery is for those who lead the programme")
    st.stop()

# --- load -------------------------------------------------------------------------------------------------------
draws = viewer.loads_data or viewer.coaches
drawn = reads.lotteries(sight)
eligible = reads.eligible(sight)
waiting = eligible.height if draws else reads.not_enrolled_count(sight)

lottery_form.said()
if drawn:
    first = words.progress_sentence(reads.waves(sight, drawn[-1]["lottery_id"]), sight.company.today)
    st.markdown(f"##### {plain_text.label(first, 300)}.", anchors=False)
if not drawn or waiting > 1:
    level = "" if drawn else "##### "
    st.markdown(f"{level}{words.waiting_sentence(waiting, len(drawn))}", anchors=False)
st.markdown(words.FAIR)

# --- what was drawn ---------------------------------------------------------------------------------------------
for one in reversed(drawn):
    lottery_result.show(sight, one, charts.waves)
if drawn:
    lottery_result.to_the_return(sight)

# --- what can be drawn ------------------------------------------------------------------------------------------
if draws and waiting > 1:
    draft = lottery_form.begin(sight, waiting)
    lottery_form.visible(sight, waiting, draft)
    lottery_form.who(eligible)
    lottery_form.terms(sight, eligible, draft)
elif waiting > 1:
    lottery_form.visible(sight, waiting, lottery_form.proposed(sight.company.today, waiting))
    st.caption(f"A sales leader or an admin draws. {numbers.plural(waiting, 'rep')} in the whole company can be drawn.")
elif not drawn:
    empty_states.say(
        "There is nobody to draw",
        "A draw takes two reps or more who sell and are enrolled in no programme yet. Load the people first, or look"
        " next time new reps join.",
    )
footers.freshness(sight, sight.company.today)
