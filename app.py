"""The frame: page config, navigation, who is looking, the page. Runs on every rerun, so it stays cheap."""

import streamlit as st

from ui import address, empty_states, loaders, places, sign_in

st.set_page_config(page_title="Sideline", page_icon=places.ICON, layout="wide", initial_sidebar_state=250)

is_elsewhere = sign_in.is_from_elsewhere()
problem = None if is_elsewhere else loaders.problem_with_database()
sight = None if problem or is_elsewhere else sign_in.current_sight()
teams = places.shown(sight is not None and sight.viewer.sees_teams)
reps = places.shown(sight is not None and sight.viewer.sees_reps)
admins = places.shown(sight is not None and sight.viewer.loads_data)

page = st.navigation(
    {
        "": [st.Page("pages/start/landing.py", title="Sideline", url_path="start", default=True, visibility="hidden")],
        "Team": [
            st.Page(
                "pages/team/overview.py",
                title="Overview",
                icon=":material/groups:",
                url_path="team-overview",
                visibility=teams,
                help="Who needs me this week? Attainment, pipeline, win rate and coaching of a team and its reps.",
            )
        ],
        "Rep": [
            st.Page(
                "pages/rep/progress.py",
                title="Progress",
                icon=":material/show_chart:",
                url_path="rep-progress",
                visibility=reps,
                help="Is it working for this rep? One rep over time, with coaching on the time axis.",
            )
        ],
        "Data": [
            st.Page(
                "pages/admin/imports.py",
                title="Imports",
                icon=":material/upload_file:",
                url_path="admin-imports",
                visibility=admins,
                help="Load people, deals and more from a CRM export; see what was rejected and why.",
            ),
            st.Page(
                "pages/admin/definitions.py",
                title="Definitions",
                icon=":material/menu_book:",
                url_path="admin-definitions",
                help="How every number is made: formula, denominator, dates, smallest n.",
            ),
        ],
    }
)
if is_elsewhere:
    empty_states.this_machine_only()
elif sight is None:
    empty_states.database_not_ready(problem or "")
else:
    address.carry_over(page.url_path)
    sign_in.local_mode(sight)
    page.run()
