"""How every number is made."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from coaching.attention.rules import RULES
from coaching.metrics import METRICS
from tests.databases import sqlite_url
from tests.demo import sight_of
from tests.pages.opening import DEFINITIONS, opened, words
from ui.loaders import attention


def test_every_metric_of_the_registry_is_explained(demo: str) -> None:
    written = words(opened(DEFINITIONS, "Ravi"))
    for entry in METRICS:
        assert f"**{entry.label}**" in written
        assert entry.formula in written
        assert entry.key in written


def test_a_search_leaves_what_was_asked_for_and_finding_nothing_has_a_sentence(demo: str) -> None:
    app = opened(DEFINITIONS, "Eve")
    app.text_input[0].set_value("wilson").run()
    assert "**Win rate**" in words(app)
    assert "**Won amount**" not in words(app)
    app.text_input[0].set_value("' OR 1=1 --").run()
    assert "No metric has these words" in words(app)
    assert not app.exception


def test_every_rule_of_who_needs_you_now_is_explained_to_everybody(demo: str) -> None:
    app = opened(DEFINITIONS, "Ravi")
    assert "an order of what to look at next, not of who is better" in words(app)
    app.session_state["attention_rules"] = True
    app.run()
    table = app.dataframe[0].value
    assert list(table["sentence"]) == [rule.sentence for rule in RULES]
    assert list(table["resolved"]) == [rule.resolved for rule in RULES]
    assert not [button for button in app.button if button.key == "save_rule_weight"]


@pytest.fixture
def own_demo(demo: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A copy of the demo company that a test may write to."""
    file = tmp_path / "own.sqlite3"
    shutil.copyfile(demo.removeprefix("sqlite:///"), file)
    monkeypatch.setenv("COACHING_DATABASE_URL", sqlite_url(file))
    return sqlite_url(file)


def order(app: AppTest) -> list[str]:
    """Buttons, captions and messages of the page from top to bottom."""
    found: list[str] = []

    def walk(block: Any) -> None:
        for child in block.children.values():
            if hasattr(child, "children"):
                walk(child)
            else:
                found.append(
                    str(child.key) if child.type == "button" else f"{child.type}: {getattr(child, 'value', '')}"
                )

    walk(app.main)
    return found


def place(told: list[str], begins: str) -> int:
    return next(number for number, each in enumerate(told) if each.startswith(begins))


def test_ada_sets_a_weight_and_the_floor_for_the_whole_company(own_demo: str) -> None:
    app = opened(DEFINITIONS, "Ada")
    assert "Set by" not in words(app)
    app.selectbox(key="attention_weights|rule").select("stalled_deals").run()
    app.number_input(key="attention_weights|weight").set_value(2.0).run()
    app.button(key="save_rule_weight").click().run()
    assert not app.exception
    assert "Every rule weighs 1, except: stalled weighs 2." in words(app)
    # Each form says below itself that it was saved.
    told = order(app)
    assert place(told, "save_rule_weight") < place(told, "success: Saved.") < place(told, "save_attention_order")
    app.number_input(key="attention_order|floor").set_value(6).run()
    app.button(key="save_attention_order").click().run()
    assert not app.exception
    told = order(app)
    assert place(told, "save_attention_order") < place(told, "success: Saved.")
    weights = attention.weights(sight_of("Maya"))
    assert (dict(weights.rules), weights.floor_weeks) == ({"stalled_deals": 2.0}, 6)
    assert "neither coached nor observed for 6 weeks" in words(app)


def test_who_set_the_weights_when_stands_there_and_a_click_takes_it_back(own_demo: str) -> None:
    app = opened(DEFINITIONS, "Ada")
    for rule, weight in (("stalled_deals", 2.0), ("gap_widening", 0.0)):
        app.selectbox(key="attention_weights|rule").select(rule).run()
        app.number_input(key="attention_weights|weight").set_value(weight).run()
        app.button(key="save_rule_weight").click().run()
    again = opened(DEFINITIONS, "Ada")
    ada = sight_of("Ada").viewer.name
    assert f"Set by {ada} on 20 Nov 2026." in words(again)
    assert "gap widening is never listed" in words(again)
    again.button(key="undo_attention_weights").click().run()
    assert not again.exception
    assert dict(attention.weights(sight_of("Maya")).rules) == {"stalled_deals": 2.0}
    again.button(key="reset_attention_weights").click().run()
    assert dict(attention.weights(sight_of("Maya")).rules) == {}
    assert not [button for button in again.button if button.key == "reset_attention_weights"]


def test_neglect_and_floor_go_back_together_and_what_is_typed_follows(own_demo: str) -> None:
    app = opened(DEFINITIONS, "Ada")
    app.number_input(key="attention_order|neglect").set_value(2.5).run()
    app.number_input(key="attention_order|floor").set_value(8).run()
    app.button(key="save_attention_order").click().run()
    app.button(key="undo_attention_order").click().run()
    assert not app.exception
    weights = attention.weights(sight_of("Maya"))
    assert (weights.neglect, weights.floor_weeks) == (1.0, 4)
    assert app.number_input(key="attention_order|neglect").value == 1.0
    assert "undo_attention_weights" not in {button.key for button in app.button}
