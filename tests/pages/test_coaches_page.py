"""The coaches page: Dana sees her coaches by name, Maya herself, Eve teams, nobody else anything."""

from __future__ import annotations

import csv
import io
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from coaching import coaches as rules
from tests.demo import id_of, names_of, sight_of
from tests.pages.opening import COACHES, figures, opened, words
from ui import downloads, loaders
from ui.loaders import coaches as loads


def table(app: AppTest, column: str) -> list[str]:
    """The names in the table that has this column."""
    found = [frame.value for frame in app.dataframe if {"name", column} <= set(frame.value.columns)]
    assert len(found) == 1, f"{len(found)} tables have {column}"
    return list(found[0]["name"])


def everything(app: AppTest) -> str:
    return " ".join([words(app), *map(str, figures(app)), *(frame.value.to_csv() for frame in app.dataframe)])


def test_dana_sees_her_coaches_by_name_with_the_warning_and_no_grade(demo: str) -> None:
    app = opened(COACHES, "Dana")
    names = table(app, "volume")
    assert names == sorted(names)
    assert {"Maya Castillo", "Omar Haidari"} <= set(names)
    quadrant = next(figure for figure in figures(app) if "well and often" in str(figure["layout"].get("annotations")))
    rows = next(frame.value for frame in app.dataframe if "volume" in frame.value.columns)
    observed = rows[(rows["level"] != rules.NOT_OBSERVED) & ~rows["volume"].str.contains("no own reps")]
    assert len(quadrant["data"][1]["x"]) == len(observed) > 1
    assert rules.WARNING in [element.value for element in app.info]
    columns = {name.casefold() for frame in app.dataframe for name in frame.value.columns}
    assert not columns & {"rank", "grade", "overall", "total score"}


def test_maya_sees_herself_alone_and_with_the_figures_that_dana_sees(demo: str) -> None:
    app = opened(COACHES, "Maya")
    assert table(app, "volume") == ["Maya Castillo"]
    others = [name for name in names_of("manager") if not name.startswith("Maya ")]
    assert not [name for name in others if name in everything(app)]
    assert "Your coaching stands at" in words(app)
    of_dana = next(frame.value for frame in opened(COACHES, "Dana").dataframe if "volume" in frame.value.columns)
    own = next(frame.value for frame in app.dataframe if "volume" in frame.value.columns)
    assert of_dana[of_dana["name"] == "Maya Castillo"].iloc[0].to_dict() == own.iloc[0].to_dict()


@pytest.mark.parametrize("who", ["Eve", "executive"])
def test_an_executive_sees_teams_and_not_one_name_of_a_coach_or_a_rep(demo: str, who: str) -> None:
    app = opened(COACHES, who)
    written = everything(app)
    people = names_of("manager") + names_of("leader") + names_of("rep")
    assert not [name for name in people if name in written]
    shown = loaders.teams(sight_of(who), sight_of(who).company.today)["name"].to_list()
    assert set(table(app, "coverage")) <= set(shown)
    assert "Coaches stand at" in words(app)


@pytest.mark.parametrize("who", ["Ravi", "Ada", "admin"])
def test_nobody_else_gets_a_figure(demo: str, who: str) -> None:
    app = opened(COACHES, who)
    assert "This page is for those who lead coaches" in words(app)
    assert not figures(app)
    assert not app.dataframe


def test_a_team_narrows_the_page_to_its_coach(demo: str) -> None:
    teams = loaders.teams(sight_of("Dana"), sight_of("Dana").company.today)
    east = dict(teams.select("name", "team_id").iter_rows())["East"]
    app = opened(COACHES, "Dana", team=east)
    assert table(app, "volume") == ["Maya Castillo"]


def test_plans_that_are_copied_are_named_and_open_the_rep(demo: str) -> None:
    app = opened(COACHES, "Dana")
    heading = next(header.value for header in app.subheader if "current plan" in header.value)
    assert "share" in heading
    named = table(app, "why")
    assert named == sorted(named)
    assert set(named) <= set(names_of("rep"))


def test_no_pulse_below_five_answers_reaches_anybody(demo: str) -> None:
    for who in ("Maya", "Dana", "Eve"):
        for frame in opened(COACHES, who, period="last_year").dataframe:
            if "useful" in frame.value.columns:
                known = frame.value[frame.value["useful"].notna()]
                assert (known["n"] >= 5).all()


def test_before_anything_was_recorded_the_page_says_so_and_draws_no_zero(demo: str) -> None:
    app = opened(COACHES, "Dana", as_of="2020-06-01")
    assert "No session has been recorded yet" in words(app)
    rows = rules.shown(
        loads.coaches(
            sight_of("Dana"),
            start=sight_of("Dana").company.today.replace(year=2020, month=4, day=1),
            end=sight_of("Dana").company.today.replace(year=2020, month=6, day=30),
            as_of=sight_of("Dana").company.today.replace(year=2020, month=6, day=1),
        ),
        sessions_known=False,
    )
    assert rows["per_rep_month"].null_count() == rows.height


def test_dana_reads_on_the_page_how_each_figure_is_made(demo: str) -> None:
    written = words(opened(COACHES, "Dana", as_=id_of("Dana")))
    for made in (rules.ASK_MADE, rules.KEPT_MADE, rules.PLANS_MADE, rules.PULSE_MADE):
        assert made.replace("\u00a0", " ") in written


def test_what_coaches_reps_gained_is_for_dana_alone_and_hidden_while_the_whole_is(demo: str) -> None:
    """Forty reps over fourteen months are too few to say what coaching changed."""
    said = words(opened(COACHES, "Dana"))
    assert "What coaches' reps gained beyond what was expected" in said
    assert "not enough evidence yet to say what coaching changed in the whole company" in said
    for who in ("Maya", "Eve", "executive"):
        assert "beyond what was expected" not in everything(opened(COACHES, who))


def test_those_who_see_coaches_download_them_and_an_executive_does_not(
    demo: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads._route, "is_served", True)
    for who in ("Dana", "Maya"):
        app = opened(COACHES, who)
        [link] = [each for each in app.get("link_button") if each.proto.label.startswith("Download the figures of")]
        token = parse_qs(urlsplit(link.proto.url).query)["token"][0]
        answer = downloads.answer("coaches.csv", token, "127.0.0.1", {"host": "127.0.0.1:8501"})
        assert answer.status == 200
        listed = csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig")))
        assert sorted(row["name"] for row in listed) == table(app, "volume")
    assert not opened(COACHES, "Eve").get("link_button")
