"""The demo company's own effect, which is written down when it is made, against what the engine says of its panel."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest

from coaching.roi.before_after import before_after
from coaching.roi.evidence import evidence
from coaching.roi.panel import Panel, winsorised
from coaching.roi.rep_months import SMOOTHED_SHARE, TENURE_MONTHS
from coaching.roi.verdict import verdict
from data_access.demo import demo_panel

TODAY = dt.date(2026, 11, 20)


def panel_of(rows: pl.DataFrame) -> Panel:
    """Rep and manager × month in dollars, as the company's panel is built: the first half year of new reps left out."""
    months = rows["month"].unique().sort().to_list()
    first = rows.group_by("person_id").agg(pl.col("month").min().alias("first"))
    is_new = pl.col("first") > months[0]
    settled = ~is_new | (pl.col("month") >= pl.col("first").dt.offset_by(f"{TENURE_MONTHS}mo"))
    kept = rows.join(first, on="person_id").filter(settled).sort("person_id", "month")
    kept = kept.with_columns(pl.struct("person_id", "manager_id").rle_id().alias("unit"))
    spells = kept.unique("unit", keep="first", maintain_order=True)
    zero = pl.lit(months[0])
    since = (pl.col("coached_on").dt.year() - zero.dt.year()) * 12
    start = spells.select(since + pl.col("coached_on").dt.month().cast(pl.Int32) - zero.dt.month().cast(pl.Int32))
    outcome = np.full((spells.height, len(months)), np.nan)
    column = kept["month"].replace_strict({month: place for place, month in enumerate(months)}, return_dtype=pl.Int64)
    outcome[kept["unit"].to_numpy(), column.to_numpy()] = kept["won_amount"].to_numpy() / 100
    starts = start.to_series().cast(pl.Float64).fill_null(float("inf")).to_numpy()
    return winsorised(Panel(outcome, starts, spells["manager_id"].to_numpy()), SMOOTHED_SHARE)


def test_the_panel_has_a_row_per_rep_and_manager_and_the_starts_of_the_company() -> None:
    rows = demo_panel(reps=60, seed=1, today=TODAY).rows
    panel = panel_of(rows)
    coached = rows.filter(pl.col("coached_on").is_not_null())["person_id"].n_unique()
    assert rows["person_id"].n_unique() - 10 < panel.reps < rows["person_id"].n_unique() + 20
    assert panel.months == rows["month"].n_unique()
    assert 0 < panel.is_coached.sum() <= coached + 10
    assert (panel.start[panel.is_coached] >= 0).all()


@pytest.mark.slow
def test_the_true_effect_of_the_demo_lies_inside_the_interval_in_nine_of_ten_companies() -> None:
    """200 reps, 100 seeds, no database; the share that the gate lets through stands apart, in what is printed."""
    inside, colours, errors, simple = [], [], [], []
    for seed in range(100):
        made = demo_panel(reps=200, seed=seed, today=TODAY)
        truth = made.effect.gained_amount / made.effect.months / 100
        panel = panel_of(made.rows)
        found = evidence(panel)
        whole = found.of("headline")
        assert whole is not None
        inside.append(whole.low <= truth <= whole.high)
        errors.append((whole.value - truth) / truth)
        simple.append((before_after(panel).value - truth) / truth)
        colours.append(verdict(found).colour)
    print(
        f"interval holds the truth: {np.mean(inside):.0%}, gate passed: {colours.count('green')} of 100,"
        f" mean error {np.mean(errors):+.0%} of the effect, of before/after {np.mean(simple):+.0%}"
    )
    assert np.mean(inside) >= 0.90
    assert colours.count("green") >= 60
    # Cautious, where the usual calculation promises too much.
    assert -0.6 < np.mean(errors) < 0.1
    assert np.mean(simple) > 0.1
