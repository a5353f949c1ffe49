"""One matrix over every page and every role, with the ids of other teams in the address: nothing of them is shown."""

from __future__ import annotations

import re
import sqlite3

import pytest
from streamlit.testing.v1 import AppTest

from tests.availability import PROJECT
from tests.demo import id_of, names_of
from tests.pages.opening import EVERY_PAGE, LIBRARY, figures, opened, words

WITHOUT_CONSENT = [page for page in EVERY_PAGE if page != LIBRARY]
"""In the library a rep's name stands beside an example, once they have agreed to it."""
OUTSIDERS = ("another manager", "Eve", "Ada", "executive", "admin")
"""Nobody of these leads Ravi."""


def first_name(url: str, who: str) -> str:
    """``who``, or for "another manager" one who leads others and was not asked to score a call of Ravi's."""
    if who != "another manager":
        return who
    with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
        asked = connection.execute(
            "SELECT DISTINCT p.name FROM second_rating s JOIN observation o ON o.id = s.observation_id"
            " JOIN person p ON p.id = s.rater_id WHERE o.person_id = ?",
            (id_of("Ravi"),),
        ).fetchall()
    strangers = [name for name in names_of("manager") if not name.startswith("Maya ") and (name,) not in asked]
    return strangers[0].split()[0]


def everything_shown(app: AppTest) -> str:
    """All that the page shows or offers, the choice of whose view it is aside (local mode offers everybody)."""
    offered = [option for choice in app.selectbox if choice.key != "view_as" for option in choice.options]
    texts = [words(app), *map(str, figures(app)), *(table.value.to_csv() for table in app.dataframe), *offered]
    texts += [str(element.value) for element in [*app.text_input, *app.text_area, *app.success, *app.warning]]
    texts += [str(element.proto) for element in [*app.get("page_link"), *app.get("link_button"), *app.get("popover")]]
    return " ".join(texts)


def ids_about_ravi(url: str) -> dict[str, str]:
    """An id of each kind that stands in addresses, all about Ravi."""
    ravi = id_of("Ravi")
    with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:

        def first(statement: str) -> str:
            return str(connection.execute(statement, (ravi,)).fetchone()[0])

        return {
            "rep": ravi,
            "observation": first("SELECT id FROM observation WHERE person_id = ? ORDER BY id DESC LIMIT 1"),
            "session": first("SELECT id FROM session WHERE rep_id = ? ORDER BY id DESC LIMIT 1"),
            "deal": first("SELECT deal_id FROM deal_version WHERE owner_id = ? LIMIT 1"),
            "team": first("SELECT team_id FROM membership WHERE person_id = ? ORDER BY id DESC LIMIT 1"),
        }


def test_every_registered_page_is_in_the_matrix() -> None:
    # The landing page is registered beside them.
    assert len(EVERY_PAGE) + 1 == len(re.findall(r"st\.Page\(", (PROJECT / "app.py").read_text()))
    assert len(EVERY_PAGE) > 10


@pytest.mark.parametrize("who", OUTSIDERS)
@pytest.mark.parametrize("page", WITHOUT_CONSENT)
def test_ids_of_another_team_in_the_address_show_nothing_of_it(demo: str, page: str, who: str) -> None:
    app = opened(page, first_name(demo, who), **ids_about_ravi(demo))
    shown = everything_shown(app)
    assert "Ravi" not in shown
    assert not app.error


@pytest.mark.parametrize("page", WITHOUT_CONSENT)
def test_a_colleague_sees_nothing_of_ravi_either(demo: str, page: str) -> None:
    colleague = next(name for name in names_of("rep") if not name.startswith("Ravi ")).split()[0]
    ids = ids_about_ravi(demo)
    shown = everything_shown(opened(page, colleague, **{name: ids[name] for name in ("rep", "observation", "session")}))
    assert "Ravi Menon" not in shown


@pytest.mark.parametrize("page", EVERY_PAGE)
def test_the_executive_reads_no_name_of_a_rep_on_any_page(demo: str, page: str) -> None:
    shown = everything_shown(opened(page, "Eve"))
    assert not [name for name in names_of("rep") if name in shown]


@pytest.mark.parametrize("page", EVERY_PAGE)
def test_the_admin_reads_no_figure_or_word_about_a_rep_on_any_page(demo: str, page: str) -> None:
    app = opened(page, "admin")
    shown = everything_shown(app)
    assert not [name for name in names_of("rep") if name in shown]
    assert not app.metric
