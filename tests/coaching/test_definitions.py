"""The registry as it is read on the definitions page."""

from __future__ import annotations

from coaching import definitions
from coaching.metrics import BY_KEY, DEFINED, TEMPLATES


def test_every_metric_has_its_place_on_the_definitions_page() -> None:
    groups = definitions.grouped(list(DEFINED))
    listed = [entry.key for _, entries in groups for entry in entries]
    assert sorted(listed) == sorted([*BY_KEY, *TEMPLATES])
    # A new metric appears by itself, under the last heading, until somebody gives it a better one.
    assert definitions.OTHER not in [title for title, _ in groups]


def test_a_search_finds_metrics_that_hold_every_word_whatever_their_case() -> None:
    assert "win_rate_count" in [entry.key for entry in definitions.matching("WON lost Wilson")]
    assert [entry.key for entry in definitions.matching("gap_to_date")] == ["gap_to_date"]
    assert definitions.matching("' OR 1=1 --") == []
    assert definitions.matching("  ") == list(DEFINED)
