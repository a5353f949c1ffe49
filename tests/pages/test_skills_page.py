"""The skills of a team, and of one rep on their progress page."""

from __future__ import annotations

import datetime as dt

import pytest

from coaching import skill_words
from tests.demo import TODAY, id_of, names_of, sight_of
from tests.pages.opening import PROGRESS, SKILLS, figures, opened, said, words
from ui import loaders
from ui.loaders import skills as loads


def heatmap_names(figure: dict[str, object]) -> list[str]:
    return [name.strip() for name in figure["layout"]["yaxis"]["ticktext"]]  # type: ignore[index]


def test_maya_sees_her_reps_by_name_with_a_level_for_nearly_every_skill(demo: str) -> None:
    app = opened(SKILLS, "Maya")
    names = heatmap_names(figures(app)[0])
    people = loaders.people(sight_of("Maya"), TODAY)
    assert names == sorted(names)
    assert len(names) == people.filter(people["sells"])["person_id"].len()
    assert "Ravi Menon" in names
    missing = figures(app)[0]["data"][4]["x"]
    assert len(missing) <= len(names) * 8 * 0.15
    written = words(app)
    assert "is the strongest skill" in written
    assert "is the widest gap" in written


def test_the_heatmap_holds_the_registrys_levels(demo: str) -> None:
    sight = sight_of("Maya")
    values = loaders.metric_values(
        sight,
        by="rep",
        keys=["skill_level:discovery"],
        start=dt.date(2026, 10, 1),
        end=dt.date(2026, 12, 31),
        as_of=TODAY,
        rep_ids=[int(id_of("Ravi"))],
    )
    slugs = loads.skill_list(sight)["slug"].to_list()
    figure = figures(opened(SKILLS, "Maya"))[0]
    place = heatmap_names(figure).index("Ravi Menon")
    column = slugs.index("discovery")
    shown = [layer["z"][place][column] for layer in figure["data"][:2]]
    assert [level for level in shown if level is not None] == [pytest.approx(values["skill_level:discovery"][0])]


def test_the_switch_takes_leniency_away_and_the_address_remembers_it(demo: str) -> None:
    app = opened(SKILLS, "Maya")
    given = figures(app)[0]["data"]
    app.radio(key="scores_choice").set_value("adjusted").run()
    assert said(app, "scores") == "adjusted"
    assert figures(app)[0]["data"] != given
    app.radio(key="scores_choice").set_value("raw").run()
    assert said(app, "scores") is None
    assert figures(app)[0]["data"] == given


def test_maya_sees_her_own_leniency_and_dana_that_of_her_managers(demo: str) -> None:
    maya, dana = (figures(opened(SKILLS, who))[-1] for who in ("Maya", "Dana"))
    assert heatmap_names(maya) == ["Maya Castillo"]
    names = heatmap_names(dana)
    assert "Maya Castillo" in names
    assert len(names) > 1
    assert names == sorted(names)
    assert not set(names) & set(names_of("rep"))


def test_the_executive_sees_teams_and_not_one_name_of_a_person(demo: str) -> None:
    app = opened(SKILLS, "Eve")
    people = names_of("rep") + names_of("manager") + names_of("leader")
    written = words(app) + " ".join(str(figure) for figure in figures(app))
    written += " ".join(table.value.to_csv() for table in app.dataframe)
    assert not {name for name in people if name in written}
    assert not app.radio
    assert len(figures(app)) == 3
    assert "weighted kappa" in written


def test_a_rep_and_an_admin_are_shown_the_way_to_their_own_page(demo: str) -> None:
    for who in ("Ravi", "Ada"):
        app = opened(SKILLS, who)
        assert "are for those who lead" in words(app)
        assert not figures(app)


def test_before_the_first_score_the_page_says_so(demo: str) -> None:
    app = opened(SKILLS, "Maya", as_of="2001-01-01")
    assert "No score has been released yet" in words(app)
    assert not figures(app)


def test_every_figure_has_its_table_one_click_away(demo: str) -> None:
    app = opened(SKILLS, "Maya")
    columns = [set(table.value.columns) for table in app.dataframe]
    assert any({"name", "discovery", "negotiating"} <= found for found in columns)
    assert any({"skill", "middle", "growth"} <= found for found in columns)
    assert any({"name", "leniency", "shared_count"} <= found for found in columns)


def test_more_reps_than_anybody_can_read_are_shown_as_teams(demo: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(skill_words, "MOST_ROWS", 5)
    app = opened(SKILLS, "Dana")
    assert "choose a team to see its reps" in words(app)
    assert not set(heatmap_names(figures(app)[0])) & set(names_of("rep"))


# ---- One rep ---------------------------------------------------------------------------------------------------------


def paths(who: str, *, unfolded: bool = False, **address: object) -> list[dict[str, object]]:
    app = opened(PROGRESS, who, **address)
    if unfolded:
        app.session_state["more_skills"] = True
        app.run()
    return [figure for figure in figures(app) if figure["layout"]["height"] == 226]


def test_ravis_page_has_a_path_for_every_skill_with_three_scores_and_the_plan_is_marked(demo: str) -> None:
    app = opened(PROGRESS, "Maya", rep=id_of("Ravi"))
    drawn = paths("Maya", unfolded=True, rep=id_of("Ravi"))
    report = loads.report(sight_of("Maya"), at=TODAY, as_of=TODAY)["standings"]
    mine = report.filter((report["person_id"] == int(id_of("Ravi"))) & (report["score_count"] >= 3))
    assert len(drawn) == mine.height > 4
    assert "5 more skills" in [fold.label.replace("\u00a0", " ") for fold in app.expander]
    assert [figure["data"] for figure in paths("Maya", rep=id_of("Ravi"))] == [figure["data"] for figure in drawn[:3]]
    marks = [note["text"] for note in drawn[0]["layout"].get("annotations", [])]  # type: ignore[attr-defined]
    assert "plan" in marks
    written = words(app)
    assert "Skills:" in written
    assert "A dot per score" in written


def test_the_table_of_states_holds_repetitions_growth_and_the_own_view(demo: str) -> None:
    app = opened(PROGRESS, "Maya", rep=id_of("Ravi"))
    table = next(found.value for found in app.dataframe if "repetitions" in found.value.columns)
    assert set(table["state"]) <= {"novice", "competent", "mastery"}
    assert all("since" in text for text in table["repetitions"])
    assert table["gap"].notna().any()
    tried = next(found.value for found in app.dataframe if "angles" in found.value.columns)
    assert tried["sessions"].sum() > 0


def test_ravi_sees_the_same_paths_of_himself_as_maya(demo: str) -> None:
    mine, hers = paths("Ravi"), paths("Maya", rep=id_of("Ravi"))
    assert mine
    assert [figure["data"] for figure in mine] == [figure["data"] for figure in hers]


def test_before_the_first_observation_the_section_says_how_many_are_missing(demo: str) -> None:
    first = loads.history(sight_of("Maya"), rep_id=int(id_of("Ravi")), as_of=TODAY)["observed_on"].min()
    assert isinstance(first, dt.date)
    app = opened(PROGRESS, "Maya", rep=id_of("Ravi"), as_of=first - dt.timedelta(days=1))
    assert "Not enough observations yet (0 of 3)" in words(app)
