"""Where the bare address leads: to the place where the viewer's role starts. Shows nothing itself."""

import streamlit as st

from ui import address, places, sign_in

sight = sign_in.current_sight()
st.switch_page(places.HOME[sight.viewer.role], query_params=address.for_links())
