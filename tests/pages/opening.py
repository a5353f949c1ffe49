"""Pages opened as somebody opens them: through app.py, by address. Looks at what is on the page, not at how."""

from __future__ import annotations

import json
import re
from typing import Any

from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from tests.availability import PROJECT
from tests.demo import id_of

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

_ADDRESSES: dict[str, str] = dict(
    re.findall(
        r'st\.Page\(\s*"(pages/[a-z_/]+\.py)",.*?url_path="([a-z_-]+)"', (PROJECT / "app.py").read_text(), re.DOTALL
    )
)
EVERY_PAGE = sorted(set(_ADDRESSES) - {"pages/start/landing.py"})
"""As app.py registers them, the landing page aside: it leads on to one of the others."""


def opened(page: str | None, who: str | None = None, **address: object) -> AppTest:
    """The page (None = the bare address) as ``who`` sees it; no page may end in an exception."""
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60)
    if who is not None:
        app.query_params["as"] = id_of(who)
    if page is not None:
        # What switch_page does, which knows the pages only after a run: that would be the page where ``who`` starts.
        app._page_hash = calc_hash(_ADDRESSES[page])
    for name, value in address.items():
        app.query_params[name.rstrip("_")] = str(value)
    app.run()
    problems = [f"{error.value}\n{error.stack_trace}" for error in app.exception]
    assert not problems, "\n".join(problems)
    return app


def words(app: AppTest) -> str:
    """Everything that is written on the page, unescaped."""
    elements = [*app.title, *app.subheader, *app.markdown, *app.caption]
    texts = [element.value for element in elements]
    texts += [f"{metric.label} {metric.value} {metric.delta}" for metric in app.metric]
    texts += [button.label for button in app.button]
    return " ".join(texts).replace("\\", "").replace("\u00a0", " ").replace("\u2060", "")


def figures(app: AppTest) -> list[dict[str, Any]]:
    """The figures on the page."""
    return [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]


def tile(app: AppTest, label: str) -> str:
    """A tile's value."""
    found = [metric.value for metric in app.metric if metric.label == label]
    assert len(found) == 1, f"{len(found)} tiles are called {label}"
    return str(found[0]).replace("\u00a0", " ")


def said(app: AppTest, name: str) -> str | None:
    """What the address says; None where the name is not in it."""
    found = app.query_params.get(name)
    return found[0] if isinstance(found, list) else found
