"""The frame: page config, navigation, who is looking, the page. Runs on every rerun, so it stays cheap."""

import streamlit as st

from ui import address, empty_states, loaders, places, sign_in
from ui.actions import observations

st.set_page_config(page_title="Sideline", page_icon=places.ICON, layout="wide", initial_sidebar_state=250)
address.carry_over()

is_elsewhere = sign_in.is_from_elsewhere()
problem = None if is_elsewhere else loaders.problem_with_database()
sight = None if problem or is_elsewhere else sign_in.current_sight()
teams = places.shown(sight is not None and sight.viewer.sees_teams)
reps = places.shown(sight is not None and sight.viewer.sees_reps)
words = places.shown(sight is not None and sight.viewer.reads_words)
programme = places.shown(sight is not None and sight.viewer.sees_programme)
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
            ),
            st.Page(
                "pages/team/cadence.py",
                title="Cadence",
                icon=":material/event_repeat:",
                url_path="team-cadence",
                visibility=places.shown(sight is not None and (sight.viewer.sees_teams or sight.viewer.loads_data)),
                help="Is everyone being coached? Expected and held one-on-ones, gaps, what is due next.",
            ),
            st.Page(
                "pages/team/skills.py",
                title="Skills",
                icon=":material/stairs:",
                url_path="team-skills",
                visibility=teams,
                help="What can we do, and what next? Levels, growth, strengths and gaps, and whether raters agree.",
            ),
            st.Page(
                "pages/team/library.py",
                title="Library",
                icon=":material/auto_stories:",
                url_path="team-library",
                visibility=words,
                help="How do the best do it here? Role-model texts and moments shared with consent, by skill.",
            ),
        ],
        "Rep": [
            st.Page(
                "pages/rep/progress.py",
                title="Progress",
                icon=":material/show_chart:",
                url_path="rep-progress",
                visibility=reps,
                help="Is it working for this rep? One rep over time, with coaching on the time axis.",
            ),
            st.Page(
                "pages/rep/one_on_one.py",
                title="One-on-one",
                icon=":material/description:",
                url_path="rep-one_on_one",
                visibility=words,
                help="What do we talk about? One page before the meeting: what moved, one focus, topics, questions.",
            ),
            st.Page(
                "pages/rep/motivation.py",
                title="Motivation",
                icon=":material/local_fire_department:",
                url_path="rep-motivation",
                visibility=words,
                help="What moves this person? What they say, what was tried, what followed.",
            ),
            st.Page(
                "pages/rep/onboarding.py",
                title="Onboarding",
                icon=":material/school:",
                url_path="rep-onboarding",
                visibility=words,
                help="Ready to sell? Shadowed sales cycles by stage, the sign-off and the ramp.",
            ),
        ],
        "Record": [
            st.Page(
                "pages/record/observation.py",
                title="Observation",
                icon=":material/rate_review:",
                url_path="record-observation",
                visibility=words,
                help="What did I see, and what is the one thing? Scores with evidence, and the rep's own view.",
            ),
            st.Page(
                "pages/record/session.py",
                title="Session",
                icon=":material/forum:",
                url_path="record-session",
                visibility=reps,
                help="What was it about, and what did we promise? Plan a session, write it up, tick off promises.",
            ),
            st.Page(
                "pages/record/plan.py",
                title="Plan",
                icon=":material/edit_note:",
                url_path="record-plan",
                visibility=reps,
                help="What do we agree, and how will we know? Objectives, actions, answers, revisions, the verdict.",
            ),
        ],
        "Program": [
            st.Page(
                "pages/program/roi.py",
                title="Programme ROI",
                icon=":material/balance:",
                url_path="program-roi",
                visibility=programme,
                help="Did it pay, and how sure are we? What coaching cost and changed, and what may not be claimed.",
            ),
            st.Page(
                "pages/program/lottery.py",
                title="Start lottery",
                icon=":material/casino:",
                url_path="program-lottery",
                visibility=programme,
                help="Who starts first? The order drawn by lot, locked before anybody starts, and what became of it.",
            ),
            st.Page(
                "pages/program/coaches.py",
                title="Coaches",
                icon=":material/sports:",
                url_path="program-coaches",
                visibility=teams,
                help="Is our coaching any good? Skill beside volume, asking, promises kept, plans, the pulse.",
            ),
        ],
        "Me": [
            st.Page(
                "pages/me/my_coaching.py",
                title="My coaching",
                icon=":material/person:",
                url_path="me-my-coaching",
                visibility=words,
                help="What do we work on, and is it helping? Plan, promises, skills, and who looked at my record.",
            ),
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
                "pages/admin/programme.py",
                title="Costs and rules",
                icon=":material/request_quote:",
                url_path="admin-programme",
                visibility=places.shown(
                    sight is not None
                    and (sight.viewer.loads_data or (sight.viewer.sees_programme and sight.viewer.coaches))
                ),
                help="What does coaching cost, who is in it since when, and which thresholds hold?",
            ),
            st.Page(
                "pages/admin/questions.py",
                title="Questions",
                icon=":material/contact_support:",
                url_path="admin-questions",
                visibility=places.shown(sight is not None and (sight.viewer.coaches or sight.viewer.loads_data)),
                help="What do we ask, and when? The bank of open questions by situation.",
            ),
            st.Page(
                "pages/admin/definitions.py",
                title="Definitions",
                icon=":material/menu_book:",
                url_path="admin-definitions",
                help="How every number is made: formula, denominator, dates, smallest n.",
            ),
        ],
    },
    expanded=True,
)
if is_elsewhere:
    empty_states.this_machine_only()
elif sight is None:
    empty_states.database_not_ready(problem or "")
else:
    sign_in.local_mode(sight)
    observations.open_what_is_due(sight)
    page.run()
