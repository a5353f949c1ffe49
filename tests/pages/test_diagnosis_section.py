"""The diagnosis on the progress page: a sentence, the tree on demand, and what a chosen node shows."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.demo import TODAY, id_of, sight_of
from tests.pages.opening import PROGRESS, figures, opened, words
from ui.loaders import diagnosis as loads

TREE = "diagnosis_tree"


def told(who: str, rep: str) -> Any:
    found = loads.diagnosis(sight_of(who), int(rep), TODAY)
    assert found is not None
    return found


def with_tree(who: str, rep: str) -> AppTest:
    """The page with the tree unfolded."""
    app = opened(PROGRESS, who, rep=rep)
    app.session_state[TREE] = True
    app.run()
    assert not app.exception
    return app


def trees(app: AppTest) -> list[dict[str, Any]]:
    return [figure for figure in figures(app) if any(trace.get("name") == "branches" for trace in figure["data"])]


def focused() -> str:
    """Somebody of Dana's with a focus, so that there is something to click."""
    return next(str(found.rep_id) for found in loads.diagnoses(sight_of("Dana"), TODAY) if found.focus_kind == "lever")


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_maya_reads_ravis_diagnosis_and_ravi_reads_the_same_sentence(demo: str) -> None:
    rep = id_of("Ravi")
    sentence = plain(told("Maya", rep).sentence)
    assert sentence
    assert sentence in words(opened(PROGRESS, "Maya", rep=rep))
    assert sentence in words(opened(PROGRESS, "Ravi"))


def test_the_section_names_its_span_and_says_once_why_its_figures_are_not_the_tiles(demo: str) -> None:
    app = opened(PROGRESS, "Dana", rep=focused())
    [title] = [heading.value for heading in app.subheader if heading.value.startswith("Worth working on")]
    assert ", over the last " in plain(title)
    assert words(app).count("a tile counts the chosen period") == 1


def test_peers_are_read_once_for_everybody_who_looks_on_a_day(demo: str) -> None:
    rep = int(id_of("Ravi"))
    first = loads.peers(sight_of("Maya"), TODAY)
    assert loads.peers(sight_of("Dana"), TODAY) is first
    assert loads.peers(sight_of("Ravi"), TODAY) is first
    found = [loads.diagnosis(sight_of(who), rep, TODAY) for who in ("Maya", "Dana", "Ravi")]
    assert found[0] is not None
    assert found[0] == found[1] == found[2]
    for who in ("Omar", "Eve", "Ada"):
        assert loads.diagnosis(sight_of(who), rep, TODAY) is None


def test_the_tree_is_drawn_only_when_it_is_asked_for(demo: str) -> None:
    rep = focused()
    assert not trees(opened(PROGRESS, "Dana", rep=rep))
    app = with_tree("Dana", rep)
    [tree] = trees(app)
    found = told("Dana", rep)
    nodes = {node for trace in tree["data"] for node in trace.get("customdata") or []}
    assert len(nodes) == 4 + sum(len(finding.measures) for finding in found.layers)
    assert "The grey band is what chance and the usual differences between peers explain" in words(app)


def test_at_first_the_focus_is_looked_at_with_its_price_and_its_rows(demo: str) -> None:
    rep = focused()
    found = told("Dana", rep)
    app = with_tree("Dana", rep)
    written = words(app)
    lever = found.lever(found.focus)
    assert plain(lever.says) in written
    assert "The latest rows behind it" in written
    tables = [frame for frame in app.dataframe if "what" in frame.value.columns]
    assert len(tables[0].value) == len(lever.source_ids)


def test_another_node_can_be_chosen_without_a_mouse(demo: str) -> None:
    rep = focused()
    app = with_tree("Dana", rep)
    box = app.selectbox(key="diagnosis_node")
    place = next(number for number, label in enumerate(box.options) if label.startswith("Deals opened"))
    box.select_index(place).run()
    assert not app.exception
    opened_lever = told("Dana", rep).lever("pipeline")
    assert plain(opened_lever.says) in words(app)


@pytest.mark.parametrize("who", ["executive", "admin", "Omar"])
def test_whoever_may_not_open_ravi_reads_no_diagnosis(demo: str, who: str) -> None:
    sentence = plain(told("Maya", id_of("Ravi")).sentence)
    written = words(opened(PROGRESS, who, rep=id_of("Ravi")))
    assert sentence not in written
    assert "How this was found" not in written


def test_as_of_an_earlier_day_the_diagnosis_is_that_days(demo: str) -> None:
    rep = id_of("Ravi")
    app = opened(PROGRESS, "Maya", rep=rep, as_of="2026-06-30")
    earlier = loads.diagnosis(sight_of("Maya"), int(rep), TODAY.replace(month=6, day=30))
    assert earlier is not None
    assert plain(earlier.sentence) in words(app)
