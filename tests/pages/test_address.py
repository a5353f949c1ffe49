"""What comes along when the page changes. That Back then leads to the page before, a browser has to show."""

from __future__ import annotations

from urllib.parse import parse_qs

from tests.demo import id_of
from tests.pages.opening import DEFINITIONS, MY_COACHING, PROGRESS, opened, said


def test_a_click_on_the_menu_says_nothing_and_the_whole_view_comes_along(demo: str) -> None:
    app = opened(PROGRESS, "Ravi", period="last_month", metric="win_rate")
    before = dict(app.query_params)
    # The menu's links carry no address.
    app.query_params.clear()
    app.switch_page(MY_COACHING).run()
    assert [title.value for title in app.title] == ["My coaching"]
    # In the same order: another one would be another address for the browser's history.
    assert list(app.query_params.items()) == list(before.items())
    assert app.selectbox(key="view_as").value == id_of("Ravi")


def test_a_link_that_says_something_is_not_added_to(demo: str) -> None:
    app = opened(PROGRESS, "Maya", rep=id_of("Ravi"), period="last_month")
    app.query_params.clear()
    app.query_params["as"] = id_of("Dana")
    app.switch_page(DEFINITIONS).run()
    assert app.query_params == {"as": id_of("Dana")}


def test_a_link_on_a_page_takes_every_choice_along_but_no_single_record(demo: str) -> None:
    chosen = {"rep": id_of("Ravi"), "metric": "win_rate", "period": "last_month"}
    app = opened(PROGRESS, "Maya", **chosen, observation=1, nobody="knows")
    links = [link.proto for link in app.get("page_link") if link.proto.label == "How these numbers are made"]
    assert [parse_qs(link.query_string) for link in links] == [
        {"as": [id_of("Maya")], **{name: [value] for name, value in chosen.items()}}
    ]
    assert said(app, "observation") == "1"
