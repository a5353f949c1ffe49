"""Where pages lie, so that links between pages are written once. Holds no widget."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from coaching.people import Role

ICON = str(Path(__file__).with_name("favicon.png"))
"""A picture of our own: Streamlit would fetch the picture of a named icon from another host."""

OVERVIEW = "pages/team/overview.py"
CADENCE = "pages/team/cadence.py"
SKILLS = "pages/team/skills.py"
PROGRESS = "pages/rep/progress.py"
ONE_ON_ONE = "pages/rep/one_on_one.py"
MOTIVATION = "pages/rep/motivation.py"
ONBOARDING = "pages/rep/onboarding.py"
PLAN = "pages/record/plan.py"
SESSION = "pages/record/session.py"
OBSERVATION = "pages/record/observation.py"
LIBRARY = "pages/team/library.py"
COACHES = "pages/program/coaches.py"
PROGRAMME = "pages/program/roi.py"
LOTTERY = "pages/program/lottery.py"
MY_COACHING = "pages/me/my_coaching.py"
IMPORTS = "pages/admin/imports.py"
DEFINITIONS = "pages/admin/definitions.py"
QUESTIONS = "pages/admin/questions.py"
PROGRAMME_DATA = "pages/admin/programme.py"

HOME = {
    Role.REP: PROGRESS,
    Role.MANAGER: OVERVIEW,
    Role.LEADER: OVERVIEW,
    Role.EXECUTIVE: OVERVIEW,
    Role.ADMIN: IMPORTS,
    Role.OPERATOR: OVERVIEW,
}
"""Where a role starts."""

OWN_NAMES = {
    "admin-programme": frozenset({"part"}),
    "admin-questions": frozenset({"situation"}),
    "team-library": frozenset({"skill"}),
    "team-cadence": frozenset({"shown"}),
    "record-plan": frozenset({"rep"}),
    "record-session": frozenset({"rep", "session"}),
    "record-observation": frozenset({"rep", "observation", "deal"}),
    "rep-motivation": frozenset({"rep"}),
    "rep-one_on_one": frozenset({"rep", "fact"}),
    "rep-onboarding": frozenset({"rep"}),
    "rep-progress": frozenset({"rep", "metric", "step"}),
    "team-skills": frozenset({"scores", "skill", "pairs"}),
    "program-lottery": frozenset({"months"}),
    "program-roi": frozenset({"result", "paper"}),
}
"""What a page keeps in its address beside the names that all pages share, by its url_path."""

OTHER_SPELLINGS = {"rep-one-on-one": "rep-one_on_one", "me-my_coaching": "me-my-coaching"}
"""What people type instead of a page's url_path, and what they mean."""

OF_ONE_RECORD = frozenset({"session", "observation", "deal", "result", "paper", "fact"})
"""Which of them name one thing that was written down: links to other pages leave them out, the rest comes along."""


def shown(allowed: bool) -> Literal["visible", "hidden"]:
    """How st.Page says whether a page stands in the menu. Every page is registered on every run all the same."""
    return "visible" if allowed else "hidden"
