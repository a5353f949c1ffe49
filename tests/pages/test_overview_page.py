"""A sales leader's Monday morning."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from coaching import numbers
from coaching.attention import words as attention_words
from data_access.commands.settings import change_setting
from data_access.engine import writing
from data_access.scope import operator
from tests.databases import sqlite_url
from tests.demo import NOW, TODAY, id_of, sight_of
from tests.pages.opening import OVERVIEW, figures, opened, said, tile, words
from ui import loaders
from ui.loaders import attention

QUARTER = (dt.date(2026, 10, 1), dt.date(2026, 12, 31))


def team_of(who: str) -> int:
    teams = loaders.teams(sight_of(who), TODAY)
    return int(teams["team_id"][0])


def table(app: AppTest, column: str = "name") -> list[object]:
    return list(app.dataframe[0].value[column])


def test_maya_sees_her_reps_by_name_and_never_in_the_order_of_a_figure(demo: str) -> None:
    app = opened(OVERVIEW, "Maya")
    names = [str(name) for name in table(app)]
    assert "Ravi Menon" in names
    assert names == sorted(names)
    assert len(names) == len(set(names))


def test_the_tiles_hold_the_values_of_the_data_layer_with_n_and_their_change(demo: str) -> None:
    app = opened(OVERVIEW, "Maya")
    values = loaders.team_totals(
        sight_of("Maya"),
        team_id=team_of("Maya"),
        keys=["quota_attainment", "win_rate_count"],
        start=QUARTER[0],
        end=QUARTER[1],
        as_of=TODAY,
    ).row(0, named=True)
    assert tile(app, "Quota attainment") == f"{values['quota_attainment'] * 100:.0f} %"
    assert tile(app, "Win rate") == f"{values['win_rate_count'] * 100:.0f} %"
    low, high, n = (values[f"win_rate_count_{part}"] for part in ("low", "high", "n"))
    assert f"between {low * 100:.0f}–{high * 100:.0f} %, n = {n:.0f}" in words(app)
    assert "Changes compare with the period before at its day 51." in words(app)
    assert len(app.metric) == 8
    made = {caption.value: caption.help for caption in app.caption}
    assert all(f"**{metric.label}**" in made[metric.label] for metric in app.metric)


def test_the_verdict_counts_the_same_reps_as_the_table(demo: str) -> None:
    app = opened(OVERVIEW, "Maya")
    size = len(table(app))
    for flag, said_of in (("gap widening", "falling further behind the quota to date"), ("session due", "past their")):
        count = sum(flag in str(flags) for flags in table(app, "flags"))
        verb = "is" if count == 1 else "are"
        told = f"{count} of {size} reps {verb} {said_of}" if count else f"Nobody is {said_of}"
        assert told in words(app)


def opened_in(app: AppTest, key: str) -> None:
    """A part of the page that is folded away, opened."""
    app.session_state[key] = True
    app.run()
    assert not app.exception


def needs(app: AppTest) -> list[int]:
    """Ids of the reps whose rows are shown, in order."""
    keys = [re.fullmatch(r"needs_(\d+)", str(button.key)) for button in app.button]
    return [int(key[1]) for key in keys if key]


def test_the_list_is_the_first_thing_after_the_verdict_five_rows_and_the_rest_on_demand(demo: str) -> None:
    app = opened(OVERVIEW, "Dana")
    listed = attention.listed(sight_of("Dana"), as_of=TODAY)
    assert needs(app) == [entry.rep_id for entry in listed.needs[:5]]
    opened_in(app, "show_all_needs")
    assert needs(app) == [entry.rep_id for entry in listed.needs]
    assert "Good news" in words(app)


def test_a_click_on_prepare_opens_the_brief_of_that_rep(demo: str) -> None:
    app = opened(OVERVIEW, "Maya")
    first = needs(app)[0]
    app.button(key=f"needs_{first}_prepare").click().run()
    assert not app.exception
    assert said(app, "rep") == str(first)
    assert [title.value for title in app.title] != ["Overview"]


def test_dana_drills_down_to_east_and_comes_back_by_the_breadcrumb(demo: str) -> None:
    app = opened(OVERVIEW, "Dana")
    east = team_of("Maya")
    whole = len(table(app))
    app.button(key=f"below_{east}").click().run()
    assert said(app, "team") == str(east)
    assert 0 < len(table(app)) < whole
    app.button(key=f"crumb_{team_of_root('Dana')}").click().run()
    assert said(app, "team") is None
    assert len(table(app)) == whole


def team_of_root(who: str) -> int:
    teams = loaders.teams(sight_of(who), TODAY)
    return int(teams.filter(teams["parent_id"].is_null())["team_id"][0])


def test_the_address_opens_the_same_view(demo: str) -> None:
    east = team_of("Maya")
    app = opened(OVERVIEW, "Dana", team=east, period="last_quarter")
    assert app.selectbox(key="period_choice").value == "last_quarter"
    assert "Stood out on 30 Sep 2026" in words(app)
    assert "Ravi Menon" in table(app)


def test_a_filter_writes_the_address_and_the_default_leaves_it_clean(demo: str) -> None:
    app = opened(OVERVIEW, "Maya")
    app.selectbox(key="period_choice").select("last_month").run()
    assert said(app, "period") == "last_month"
    app.selectbox(key="period_choice").select("this_quarter").run()
    assert said(app, "period") is None


def test_an_as_of_date_stands_in_the_address_and_today_does_not(demo: str) -> None:
    app = opened(OVERVIEW, "Maya")
    app.date_input(key="as_of_choice").set_value(dt.date(2026, 6, 10)).run()
    assert said(app, "as_of") == "2026-06-10"
    assert not app.exception
    app.date_input(key="as_of_choice").set_value(TODAY).run()
    assert said(app, "as_of") is None


def test_a_period_of_ones_own_starts_from_the_days_that_are_shown(demo: str) -> None:
    app = opened(OVERVIEW, "Maya")
    app.selectbox(key="period_choice").select("custom").run()
    assert said(app, "from") == "2026-10-01"
    assert said(app, "to") == "2026-12-31"
    app.date_input(key="range_choice").set_value((dt.date(2026, 9, 1), dt.date(2026, 9, 30))).run()
    assert (said(app, "from"), said(app, "to")) == ("2026-09-01", "2026-09-30")
    assert not app.exception


def test_filters_come_along_to_another_page_and_back(demo: str) -> None:
    app = opened(OVERVIEW, "Dana", team=team_of("Maya"), period="last_month")
    app.switch_page("pages/admin/definitions.py").run()
    app.switch_page(OVERVIEW).run()
    assert app.selectbox(key="period_choice").value == "last_month"
    assert "Ravi Menon" in table(app)


def test_a_click_in_the_list_opens_the_rep(demo: str) -> None:
    app = opened(OVERVIEW, "Maya")
    first = next(button for button in app.button if str(button.key).startswith("needs_"))
    name = first.label.replace("*", "").replace("\\", "")
    first.click().run()
    assert not app.exception
    assert [title.value.replace("\\", "") for title in app.title] == [name]


def test_a_click_on_a_point_opens_the_rep_and_one_on_a_stranger_nothing(demo: str) -> None:
    app = opened(OVERVIEW, "Maya")
    point = {
        "selection": {"points": [{"customdata": [int(id_of("Ravi"))]}], "point_indices": [0], "box": [], "lasso": []}
    }
    app.session_state["performance_by_coaching"] = point
    app.run()
    assert [title.value for title in app.title] == ["Ravi Menon"]
    other = opened(OVERVIEW, "Maya")
    point["selection"]["points"] = [{"customdata": [999_999]}]
    other.session_state["performance_by_coaching"] = point
    other.run()
    assert [title.value for title in other.title] == ["Overview"]


def test_the_figures_say_what_is_seen_and_whose_it_is(demo: str) -> None:
    app = opened(OVERVIEW, "Maya")
    titles = [figure["layout"]["title"] for figure in figures(app)]
    assert len(titles) == 3
    assert any("without a session" in title["text"] or "ahead of the quota" in title["text"] for title in titles)
    assert all(title["subtitle"]["text"] for title in titles)
    assert all(chart.proto.alt for chart in app.get("plotly_chart"))


def test_the_past_is_labelled_as_reconstructed_only_before_the_first_export(demo: str) -> None:
    first = sight_of("Maya").company.first_snapshot_on
    assert first is not None
    assert "Reconstructed" in words(opened(OVERVIEW, "Maya", as_of=first - dt.timedelta(days=1)))
    assert "Reconstructed" not in words(opened(OVERVIEW, "Maya", as_of=first))


def test_the_foot_tells_how_fresh_the_data_is_and_that_the_company_is_made_up(demo: str) -> None:
    written = words(opened(OVERVIEW, "Maya"))
    assert "CRM export of 20 Nov 2026 (today)." in written
    assert "every person, deal and number is made up" in written


def test_without_the_download_route_the_page_says_how_to_get_downloads(
    demo: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ui import downloads

    monkeypatch.setattr(downloads._route, "is_served", False)
    assert "Downloads need `make run`" in words(opened(OVERVIEW, "Maya"))
    monkeypatch.setattr(downloads._route, "is_served", True)
    assert "Downloads need" not in words(opened(OVERVIEW, "Maya"))


def test_eve_compares_teams_of_five_and_more_and_drills_no_further(demo: str) -> None:
    app = opened(OVERVIEW, "Eve")
    assert "Company has won" in words(app)
    assert "row_id" not in app.dataframe[0].value.columns
    assert len(figures(app)) == 3


def test_why_this_rep_shows_every_part_of_the_sum_and_the_rows_it_comes_from(demo: str) -> None:
    app = opened(OVERVIEW, "Maya")
    listed = attention.listed(sight_of("Maya"), as_of=TODAY)
    entry = listed.needs[0]
    assert attention_words.sum_words(entry, "USD").replace(numbers.SPACE, " ") not in words(app)
    opened_in(app, f"why_{entry.rep_id}")
    shown = words(app)
    for reason in entry.reasons:
        assert reason.words.replace(numbers.SPACE, " ") in shown
        assert attention_words.reason_sum_words(reason, "USD").replace(numbers.SPACE, " ") in shown
        assert attention_words.n_words(reason).replace(numbers.SPACE, " ") in shown
        assert attention_words.source_words(reason.source_ids) in shown
    assert attention_words.neglect_words(entry).replace(numbers.SPACE, " ") in shown
    assert attention_words.sum_words(entry, "USD").replace(numbers.SPACE, " ") in shown


@pytest.fixture
def own_demo(demo: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A copy of the demo company that a test may write to."""
    file = tmp_path / "own.sqlite3"
    shutil.copyfile(demo.removeprefix("sqlite:///"), file)
    monkeypatch.setenv("COACHING_DATABASE_URL", sqlite_url(file))
    return sqlite_url(file)


def test_who_stands_among_the_first_so_that_everybody_is_seen_is_marked(own_demo: str) -> None:
    with writing(loaders.engine()) as connection:
        change_setting(operator(), connection, "attention_floor_weeks", 2, NOW)
    listed = attention.listed(sight_of("Dana"), as_of=TODAY)
    marked = [entry.is_for_floor for entry in listed.needs[:5]]
    assert any(marked)
    shown = words(opened(OVERVIEW, "Dana"))
    assert shown.count("so that every rep is seen at least every 2 weeks") == sum(marked)


def test_maya_puts_a_reason_off_finds_it_in_the_fold_and_takes_it_back(own_demo: str) -> None:
    app = opened(OVERVIEW, "Maya")
    rep = needs(app)[0]
    opened_in(app, f"why_{rep}")
    form = f"snooze:{rep}"
    app.button(key=f"put_off_{rep}").click().run()
    assert "Say in a few words why it can wait" in app.warning[0].value.replace("\\", "")
    # Beside the button that was pressed, not at the top of the list.
    order = [element.type if element.type == "warning" else str(element.key) for element in everything(app)]
    assert order.index(f"put_off_{rep}") < order.index("warning")
    assert order.index("warning") < order.index(f"needs_{needs(app)[1]}")
    rule = app.selectbox(key=f"{form}|rule").value
    app.text_input(key=f"{form}|reason").set_value("The buyer is away until December").run()
    app.button(key=f"put_off_{rep}").click().run()
    assert not app.exception
    assert "put off until 4 Dec 2026" in words(app)
    listed = attention.listed(sight_of("Maya"), as_of=TODAY)
    assert [(row.rep_id, row.rule) for row in listed.put_off] == [(rep, rule)]
    assert "The buyer is away" not in words(app)
    opened_in(app, "show_put_off")
    assert "The buyer is away until December" in words(app)
    app.button(key="undo_put_off").click().run()
    assert not app.exception
    assert "Taken back" in words(app)
    assert attention.listed(sight_of("Maya"), as_of=TODAY).put_off == ()
    assert "1 put off" not in [block.label for block in app.expander]


def everything(app: AppTest) -> list[Any]:
    """The elements of the page from top to bottom."""
    found: list[Any] = []

    def walk(block: Any) -> None:
        for child in block.children.values():
            if hasattr(child, "children"):
                walk(child)
            else:
                found.append(child)

    walk(app.main)
    return [element for element in found if element.type in {"button", "warning"}]


def test_the_way_back_from_putting_off_outlives_a_reload_for_a_day_and_until_it_is_fine(
    own_demo: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened(OVERVIEW, "Maya")
    rep = needs(app)[0]
    opened_in(app, f"why_{rep}")
    app.text_input(key=f"snooze:{rep}|reason").set_value("The buyer is away until December").run()
    app.button(key=f"put_off_{rep}").click().run()
    again = opened(OVERVIEW, "Maya")
    assert "put off until 4 Dec 2026" in words(again)
    assert not [button for button in opened(OVERVIEW, "Dana").button if button.key == "undo_put_off"]
    monkeypatch.setattr(loaders, "now", lambda: NOW + dt.timedelta(hours=25))
    assert not [button for button in opened(OVERVIEW, "Maya").button if button.key == "undo_put_off"]
    monkeypatch.setattr(loaders, "now", lambda: NOW)
    again.button(key="put_off_fine").click().run()
    assert "put off until" not in words(again)
    assert not [button for button in opened(OVERVIEW, "Maya").button if button.key == "undo_put_off"]
    # Something put off later is told again, and can be taken back.
    other = needs(again)[1]
    opened_in(again, f"why_{other}")
    again.text_input(key=f"snooze:{other}|reason").set_value("She is on leave").run()
    again.button(key=f"put_off_{other}").click().run()
    fresh = opened(OVERVIEW, "Maya")
    fresh.button(key="undo_put_off").click().run()
    assert [row.rep_id for row in attention.listed(sight_of("Maya"), as_of=TODAY).put_off] == [rep]


def test_what_maya_put_off_dana_sees_and_reads_nothing_of_the_reason(own_demo: str) -> None:
    app = opened(OVERVIEW, "Maya")
    rep = needs(app)[0]
    opened_in(app, f"why_{rep}")
    app.text_input(key=f"snooze:{rep}|reason").set_value("The buyer is away until December").run()
    app.button(key=f"put_off_{rep}").click().run()
    dana = attention.listed(sight_of("Dana"), as_of=TODAY)
    assert dana.put_off == ()
    for who in ("Dana", "Ravi", "Eve"):
        assert "The buyer is away" not in words(opened(OVERVIEW, who))


def test_nothing_is_put_off_on_a_day_that_is_past(demo: str) -> None:
    app = opened(OVERVIEW, "Maya", as_of="2026-06-10")
    assert "Stood out on 10 Jun 2026" in words(app)
    rep = needs(app)[0]
    opened_in(app, f"why_{rep}")
    assert not [button for button in app.button if str(button.key).startswith("put_off_")]


def test_the_download_holds_the_flags_of_the_table(demo: str) -> None:
    from ui import exports

    app = opened(OVERVIEW, "Maya")
    asked = {"start": "2026-10-01", "end": "2026-12-31", "as_of": TODAY.isoformat(), "team_id": team_of("Maya")}
    frame = exports.reps(sight_of("Maya"), asked)
    assert frame is not None
    shown = [str(flags) if flags is not None else "" for flags in table(app, "flags")]
    assert frame["flags"].to_list() == [flags if flags != "nan" else "" for flags in shown]
    assert any(shown)


def test_the_executive_gets_no_list_of_people(demo: str) -> None:
    app = opened(OVERVIEW, "Eve")
    assert not needs(app)
    assert "Needs you now" not in words(app)
