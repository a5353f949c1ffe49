"""How every number is made."""

from __future__ import annotations

from coaching.metrics import METRICS
from tests.pages.opening import DEFINITIONS, opened, words


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
