"""Every number the product shows, from the registry: what it means, what it is out of, when it says nothing."""

import streamlit as st

from coaching import definitions
from ui import address, attention_rules, downloads, footers, headings, sign_in, tiles

sight = sign_in.current_sight()
headings.page("Definitions", "How is this number made?")

with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
    asked = st.text_input(
        "Search", value=address.text("q") or "", placeholder="win rate, quota, days …", type="search", width=320
    )
    downloads.link(sight, "definitions", "Download as CSV", "definitions.csv")
found = definitions.matching(asked)
if not found:
    st.markdown(
        "No metric has these words in its name, formula or notes. Try fewer words, or one of: quota, deal, days."
    )
for title, entries in definitions.grouped(found):
    st.subheader(title, anchor=False)
    with st.grid(2, min_column_width=340, gap="small"):
        for entry in entries:
            tiles.definition_card(entry)

if not asked:
    attention_rules.show(sight)

footers.freshness(sight, sight.company.today)
