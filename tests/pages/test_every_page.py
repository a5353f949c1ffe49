"""Every registered page opened as every role, and with addresses that nobody meant."""

from __future__ import annotations

import pytest

from tests.demo import id_of, names_of
from tests.pages.opening import (
    COACHES,
    EVERY_PAGE,
    MY_COACHING,
    OVERVIEW,
    PROGRESS,
    figures,
    opened,
    words,
)
from ui import sign_in
from ui.empty_states import NO_SUCH_PERSON, NO_SUCH_TEAM
from ui.places import OWN_NAMES

PEOPLE = ["Maya", "Dana", "Eve", "Ravi", "Ada", "executive", "admin"]
GARBAGE = ["0", "-1", "999999", "1 or 1=1", "'; drop table person; --", "<script>", "\u202e1", "1e3", "9" * 40, ""]


@pytest.mark.parametrize("page", EVERY_PAGE)
@pytest.mark.parametrize("who", PEOPLE)
def test_every_page_opens_for_every_role_with_a_title_and_without_an_error(demo: str, page: str, who: str) -> None:
    app = opened(page, who)
    assert app.title
    assert "nan" not in words(app).casefold().split()
    assert not app.error


@pytest.mark.parametrize(
    ("who", "title"),
    [("Maya", "Overview"), ("Dana", "Overview"), ("Eve", "Overview"), ("Ravi", "Ravi Menon"), ("Ada", "Imports")],
)
def test_the_bare_address_leads_to_the_place_where_the_role_starts(demo: str, who: str, title: str) -> None:
    assert [element.value for element in opened(None, who).title] == [title]


def test_without_anybody_named_the_first_manager_looks(demo: str) -> None:
    app = opened(None)
    assert "Local mode" in words(app)
    assert app.selectbox(key="view_as").value == id_of(names_of("manager")[0].split()[0])


def test_somebody_unknown_in_the_address_looks_as_the_first_manager_and_the_choice_says_so(demo: str) -> None:
    first = id_of(names_of("manager")[0].split()[0])
    app = opened(OVERVIEW, "Ravi")
    for garbage in GARBAGE:
        app.query_params["as"] = garbage
        app.run()
        assert app.selectbox(key="view_as").value == first, garbage


@pytest.mark.parametrize(
    ("address", "is_own"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("192.168.1.7", False),
        ("::ffff:10.0.0.1", False),
        ("localhost", False),
        ("", False),
    ],
)
def test_only_loopback_addresses_are_this_machine(address: str, is_own: bool) -> None:
    assert sign_in.is_loopback(address) is is_own


def test_somebody_on_another_machine_sees_nothing_while_there_is_no_sign_in(
    demo: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_in, "is_from_elsewhere", lambda: True)
    app = opened(None)
    assert [title.value for title in app.title] == ["Only on the machine itself"]
    assert not app.metric
    assert not app.selectbox


@pytest.mark.parametrize("page", [OVERVIEW, PROGRESS, COACHES, MY_COACHING])
@pytest.mark.parametrize("name", ["team", "rep", "period", "from", "to", "as_of", "metric", "step"])
def test_garbage_in_the_address_is_answered_with_a_page(demo: str, name: str, page: str) -> None:
    app = opened(page, "Maya")
    for garbage in GARBAGE:
        app.query_params[name] = garbage
        app.run()
        assert app.title
        assert not app.exception, garbage


@pytest.mark.parametrize("page", EVERY_PAGE)
def test_every_page_takes_an_id_nobody_has_and_words_that_are_none_under_each_of_its_names(
    demo: str, page: str
) -> None:
    address = page.removeprefix("pages/").removesuffix(".py").replace("/", "-").replace("_", "-")
    app = opened(page, "Maya", rep=id_of("Ravi"))
    for name in sorted({"team", "rep", "period", "as_of"} | OWN_NAMES.get(address, frozenset())):
        before = app.query_params.get(name)
        for garbage in ("999999", "<script>\u202e"):
            app.query_params[name] = garbage
            app.run()
            assert app.title
            assert not app.exception, (name, garbage)
        if before is None:
            del app.query_params[name]
        else:
            app.query_params[name] = before


def test_a_rep_of_another_team_reads_like_one_who_does_not_exist(demo: str) -> None:
    wim = opened(OVERVIEW, "Omar").button
    of_omar = next(
        int(str(button.key).removeprefix("needs_")) for button in wim if str(button.key).startswith("needs_")
    )
    foreign, unknown = (words(opened(PROGRESS, "Maya", rep=rep_id)) for rep_id in (of_omar, 999_999))
    assert NO_SUCH_PERSON in foreign
    assert foreign == unknown


@pytest.mark.parametrize("who", ["Eve", "Ada"])
def test_the_executive_and_the_admin_cannot_open_a_rep_by_address(demo: str, who: str) -> None:
    app = opened(PROGRESS, who, rep=id_of("Ravi"))
    assert NO_SUCH_PERSON in words(app)
    assert "Ravi" not in words(app)
    assert not app.metric


def test_ravi_opens_himself_and_nobody_else(demo: str) -> None:
    assert [element.value for element in opened(PROGRESS, "Ravi").title] == ["Ravi Menon"]
    colleague = next(name for name in names_of("rep") if not name.startswith("Ravi "))
    assert NO_SUCH_PERSON in words(opened(PROGRESS, "Ravi", rep=id_of(colleague.split()[0])))


def test_ravi_and_ada_get_no_figures_on_the_overview_but_a_way_to_their_own_page(demo: str) -> None:
    for who in ("Ravi", "Ada"):
        app = opened(OVERVIEW, who)
        assert "The overview is for those who lead" in words(app)
        assert not app.metric
        assert not figures(app)


def test_a_team_out_of_view_reads_like_one_that_does_not_exist_and_the_own_team_is_shown(demo: str) -> None:
    app = opened(OVERVIEW, "Maya", team=999_999)
    assert NO_SUCH_TEAM in words(app)
    assert app.metric


def test_the_executive_sees_teams_and_not_one_name_of_a_rep(demo: str) -> None:
    reps = names_of("rep")
    assert len(reps) > 30
    app = opened(OVERVIEW, "Eve")
    written = words(app) + " ".join(str(figure) for figure in figures(app))
    written += " ".join(table.value.to_csv() for table in app.dataframe)
    assert not {name for name in reps if name in written}
    assert app.dataframe
