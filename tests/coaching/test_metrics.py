"""The registry explains every number in full."""

from __future__ import annotations

import pytest

from coaching.metrics import BY_KEY, METRICS, metric, output_columns
from coaching.metrics_document import metrics_document
from tests.availability import PROJECT

ASKED_FOR = (
    "won_count lost_count open_count won_amount lost_amount win_rate_count win_rate_value average_deal_size",
    "median_deal_size sales_cycle_days open_pipeline pipeline_generated quota quota_attainment gap_to_quota",
    "pipeline_coverage margin discount stalled_count crm_hygiene ramp_months sales_velocity slipped_share",
    "competitor_loss_share accounts_lost",
)


def test_keys_are_unique() -> None:
    assert len(BY_KEY) == len(METRICS)


@pytest.mark.parametrize("entry", METRICS, ids=lambda entry: entry.key)
def test_every_metric_says_what_it_is(entry: object) -> None:
    found = metric(getattr(entry, "key", ""))
    for text in (found.label, found.formula, found.numerator, found.date_basis, found.no_data):
        assert text == text.strip() != ""
    assert not found.label.endswith(".")
    assert found.smallest_n >= 1


@pytest.mark.parametrize("key", " ".join(ASKED_FOR).split())
def test_the_registry_holds_every_metric_of_the_first_release(key: str) -> None:
    assert metric(key).key == key


def test_an_unknown_metric_is_refused_with_the_known_ones() -> None:
    with pytest.raises(KeyError, match=r"no metric 'wins'.*won_count"):
        metric("wins")


def test_a_counted_share_prints_its_interval_and_n() -> None:
    assert output_columns(["won_count", "win_rate_count"]) == [
        "won_count",
        "win_rate_count",
        "win_rate_count_low",
        "win_rate_count_high",
        "win_rate_count_n",
    ]


def test_the_document_is_current() -> None:
    stored = (PROJECT / "docs" / "metrics.md").read_text(encoding="utf-8")
    assert stored == metrics_document(), "run: python -m data_access metrics-document > docs/metrics.md"
