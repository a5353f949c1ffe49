"""What moves one person: open to them and the line above, and to nobody else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import streamlit as st

from tests.databases import sqlite_url
from tests.demo import id_of, names_of
from tests.pages.opening import MOTIVATION, figures, opened, words
from ui.empty_states import NO_SUCH_PERSON


def test_maya_reads_what_ravi_says_and_what_followed(demo: str) -> None:
    app = opened(MOTIVATION, "Maya", rep=id_of("Ravi"))
    assert [title.value for title in app.title] == ["Ravi Menon"]
    assert "Says: " in words(app)
    [figure] = figures(app)
    assert "followed" in figure["layout"]["title"]["text"]
    assert not [button.label for button in app.button if "Save what moves me" in button.label]


def test_the_figure_keeps_the_order_of_the_triggers_and_ranks_nothing(demo: str) -> None:
    [figure] = figures(opened(MOTIVATION, "Ravi"))
    names = figure["layout"]["yaxis"]["categoryarray"][::-1]
    order = ["Praise", "Recognition", "Relationships", "Money", "Competition", "Encouraging challenge"]
    assert [name for name in names if name in order] == [name for name in order if name in names]


@pytest.mark.parametrize("who", ["Omar", "Eve", "Ada"])
def test_nobody_outside_the_line_reads_what_moves_ravi(demo: str, who: str) -> None:
    app = opened(MOTIVATION, who, rep=id_of("Ravi"))
    assert NO_SUCH_PERSON in words(app)
    assert "Ravi" not in words(app)
    assert not figures(app)


def test_ravi_says_what_moves_him_and_finds_it_said_after_a_reload(
    demo_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh_caches: None
) -> None:
    file = tmp_path / "own.sqlite3"
    shutil.copyfile(demo_url.removeprefix("sqlite:///"), file)
    monkeypatch.setenv("COACHING_DATABASE_URL", sqlite_url(file))
    app = opened(MOTIVATION, "Ravi")
    praise = next(radio for radio in app.radio if radio.label.startswith("Praise"))
    before = praise.value
    chosen = "not at all" if before != "not at all" else "a lot"
    praise.set_value(chosen).run()
    # A reload in the middle: the half-filled form is still there.
    st.cache_resource.clear()
    app = opened(MOTIVATION, "Ravi")
    assert next(radio for radio in app.radio if radio.label.startswith("Praise")).value == chosen
    next(button for button in app.button if button.label == "Save what moves me").click().run()
    assert not app.exception
    assert "Saved" in " ".join(message.value for message in app.success)
    table = opened(MOTIVATION, "Maya", rep=id_of("Ravi")).dataframe[0].value
    assert table.set_index("trigger").loc["Praise", "weight"] == chosen


def test_who_looks_next_in_the_same_browser_does_not_find_what_ravi_typed(
    demo_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh_caches: None
) -> None:
    file = tmp_path / "own.sqlite3"
    shutil.copyfile(demo_url.removeprefix("sqlite:///"), file)
    monkeypatch.setenv("COACHING_DATABASE_URL", sqlite_url(file))
    app = opened(MOTIVATION, "Ravi")
    app.text_input[0].set_value("Only between us").run()
    colleague = next(name for name in names_of("rep") if not name.startswith("Ravi ")).split()[0]
    app.query_params["as"] = id_of(colleague)
    app.run()
    assert "Only between us" not in [field.value for field in app.text_input]
    app.query_params["as"] = id_of("Ravi")
    app.run()
    assert app.text_input[0].value == "Only between us"
