"""What the page is told: money only where everything it rests on is known, and no team of a handful."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from typing import Any

import numpy as np
import polars as pl
import pytest

from coaching.numbers import SPACE
from coaching.periods import add_months
from coaching.roi.findings import DATA, HOURS, Given, findings
from coaching.roi.guardrails import Guardrails
from coaching.roi.ladder import Step
from coaching.roi.loaded_cost import LoadedCost, loaded_cost
from coaching.roi.panel import Panel, winsorised
from coaching.roi.programme_cost import LINES, RATES, TIMES
from coaching.roi.rep_months import UNITS, RepMonths
from coaching.roi.simulation import LOTTERY, companies

FIRST = dt.date(2024, 9, 1)
LAST = dt.date(2026, 8, 31)
MONTHS = [add_months(FIRST, place) for place in range(24)]


def company(sizes: tuple[int, ...] = (100, 100), effect: float = 25.0) -> RepMonths:
    """A made-up company in teams of these sizes; outcomes in thousands."""
    stays = dataclasses.replace(LOTTERY, effect=effect, leave_chance=0.0, leave_chance_after_dip=0.0)
    made = companies(stays, 1, sum(sizes), 24, seed=5)[0].panel
    team = np.repeat(np.arange(len(sizes)), sizes)
    panel = Panel(made.outcome, made.start, team)
    smooth = winsorised(panel)
    rows = [(rep, rep + 1, int(team[rep]) + 1, "", FIRST, MONTHS[-1], None) for rep in range(panel.reps)]
    units = pl.DataFrame(rows, schema=UNITS, orient="row")
    return RepMonths(MONTHS, units, "bookings", smooth, panel, smooth, float(np.nanmax(smooth.outcome)), 1.0)


def cost(*lines: tuple[str, dt.date, dt.date, float]) -> LoadedCost:
    entered = pl.DataFrame(lines, schema=LINES, orient="row")
    return loaded_cost(pl.DataFrame(schema=TIMES), pl.DataFrame(schema=RATES), entered, FIRST, LAST)


KNOWN = cost(("tools", FIRST, LAST, 500_000.0), ("evaluation", FIRST, LAST, 100_000.0))


def told(panel: RepMonths, **more: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {
        "cost": KNOWN,
        "currency": "USD",
        "scale": 100,
        "guardrails": Guardrails(),
        "hours": pl.DataFrame(schema=HOURS),
        "deals": pl.DataFrame(schema=DATA),
        "margin": 0.6,
        "learning_coverage": 1.0,
        "application_coverage": 1.0,
    }
    return findings(Given(panel, **{**usual, **more}))


def test_a_clear_effect_with_known_costs_and_margin_gives_a_return_whose_bridge_adds_up() -> None:
    found = told(company(), lower_levels=(Step(0, "Coached reps", "150", n=150),))
    assert found["verdict"] == "green"
    worth = found["money"]
    assert worth["shown"]
    assert worth["inputs"]["cost"] == pytest.approx(6_000)
    assert sum(step["amount"] for step in worth["bridge"]) == pytest.approx(worth["net"]["value"])
    assert worth["roi_percent"]["value"] == pytest.approx(100 * worth["net"]["value"] / 6_000)
    assert worth["benefit"]["value"] == pytest.approx(worth["inputs"]["effect"] * worth["inputs"]["rep_months"] * 0.6)
    assert sum(worth["roi_draws"]["counts"]) == 20_000
    assert next(bar["what"] for bar in worth["tornado"]) == "Effect"
    assert found["said"]["money_sentence"].startswith("Return on cost: +")
    assert found["ladder"][5]["steps"][0]["value"] == worth["roi_words"].split(" (")[0]
    assert json.loads(json.dumps(found, allow_nan=False)) == found


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"margin": None}, "margin of what is sold is not known"),
        ({"cost": cost()}, "No cost is known yet"),
        ({"learning_coverage": 0.49}, "learning of"),
        ({"application_coverage": None}, "application of"),
        ({"guardrails": Guardrails(fewest_coached=10_000)}, "only where the effect"),
        ({"definition_changed": True}, "only where the effect"),
    ],
)
def test_without_a_part_there_is_no_return_but_the_reason(more: dict[str, Any], words: str) -> None:
    found = told(company(), **more)
    assert set(found["money"]) == {"shown", "why", "sentence"}
    assert words in found["money"]["why"]
    assert found["ladder"][5]["steps"] == []
    assert found["said"]["money_sentence"] == ""


def test_grey_tells_no_figure_in_words() -> None:
    found = told(company(), guardrails=Guardrails(fewest_coached=10_000))
    assert found["verdict"] == "grey"
    assert set(found["words"].values()) == {""}
    assert found["ladder"][4]["steps"] == []


def test_teams_of_a_handful_are_folded_and_a_rest_of_a_handful_hides_another_team() -> None:
    names = {1: "East", 2: "West", 3: "North"}
    folded = told(company((8, 7, 3)), team_names=names)["teams"]
    assert [(team["team"], team["reps"]) for team in folded] == [("East", 8), ("Other teams", 10)]
    alone = told(company((4,)), team_names=names)["teams"]
    assert alone == []
    shown = told(company((6, 6, 6)), team_names=names)["teams"]
    assert [team["team"] for team in shown] == ["East", "North", "West"]


def test_the_largest_deals_are_taken_out_of_the_coached_months_alone() -> None:
    panel = company()
    started = np.flatnonzero(np.isfinite(panel.panel.start))
    rep = int(started[0])
    on = MONTHS[int(panel.panel.start[rep])] + dt.timedelta(days=9)
    before = dt.date(2024, 9, 20)
    rows = [(rep + 1, on, 40.0), (rep + 1, before, 90.0)]
    found = told(panel, deals=pl.DataFrame(rows, schema=DATA, orient="row"))
    whole, without = (
        next(check["estimate"] for check in found["checks"] if check["key"] == key)
        for key in ("headline", "largest_deals")
    )
    # 40 fewer in one of the coached months, unless that month was above the cap.
    assert 0 < (whole["estimate"] - without["estimate"]) * whole["n"] <= 40 + 1e-6


def test_paying_back_is_told_with_its_interval_or_not_at_all() -> None:
    sure = told(company(), cost=cost(("tools", FIRST, LAST, 500_000.0)))["money"]
    assert sure["net"]["low"] > 0
    assert sure["payback_range"]["low"] < sure["payback_months"] < sure["payback_range"]["high"] < 12
    assert sure["first_month_paid_back"] is not None
    benefit = sure["benefit"]["value"]
    doubtful = told(company(), cost=cost(("tools", FIRST, LAST, benefit * 100 * 0.9)))["money"]
    assert doubtful["shown"]
    assert doubtful["net"]["low"] < 0 < doubtful["net"]["value"]
    assert doubtful["payback_months"] is doubtful["payback_range"] is doubtful["first_month_paid_back"] is None
    assert "includes no gain" in doubtful["payback_words"]
    lost = told(company(), cost=cost(("tools", FIRST, LAST, benefit * 100 * 10)))["money"]
    assert lost["payback_words"] == "never"


def test_what_was_spent_after_the_first_years_is_told_and_not_charged() -> None:
    later = dataclasses.replace(KNOWN, later=1_234_500.0, later_hours=30.4)
    found = told(company(), cost=later)
    assert found["money"]["inputs"]["cost"] == found["cost"]["total"] == pytest.approx(6_000)
    assert (found["cost"]["later"], found["cost"]["later_hours"]) == (12_345, 30.4)
    words = found["cost"]["later_words"].replace(SPACE, " ")
    assert words.startswith("After reps' first twelve months another $12 k (30 hours of coaches) went into coaching")
    hours_alone = told(company(), cost=dataclasses.replace(KNOWN, later_hours=30.0))["cost"]["later_words"]
    assert f"another 30{SPACE}hours of coaches went" in hours_alone
    assert told(company())["cost"]["later_words"] == ""
    assert "first twelve months" in found["cost"]["rule"]


@pytest.mark.parametrize(("currency", "scale", "sign"), [("JPY", 1, "¥"), ("KWD", 1_000, "KWD\xa0"), ("USD", 100, "$")])
def test_money_is_told_in_the_currency_and_with_its_minor_units(currency: str, scale: int, sign: str) -> None:
    """The same company in another currency: the cost of 6,000 in its own minor units."""
    entered = cost(("tools", FIRST, LAST, 6_000.0 * scale))
    found = told(company(), cost=entered, currency=currency, scale=scale)
    usual = told(company())
    assert found["money"]["inputs"]["cost"] == pytest.approx(6_000)
    assert found["money"]["roi_percent"] == pytest.approx(usual["money"]["roi_percent"])
    assert found["words"]["effect"] == usual["words"]["effect"].replace("$", sign)


def test_months_are_compared_within_segments_where_each_is_large_enough() -> None:
    panel = company()

    def split(names: list[str]) -> dict[str, Any]:
        units = panel.units.with_columns(pl.Series("segment", names))
        checks = told(dataclasses.replace(panel, units=units))["checks"]
        return next(check for check in checks if check["key"] == "segments")

    one = split(["Large / North"] * 100 + ["Large / South"] * 100)
    assert (one["estimate"], one["why_not"]) == (None, "All reps are in one segment.")
    small = split(["Large / North"] * 195 + ["Small / "] * 5)
    assert "10 reps not coached yet" in small["why_not"]


def test_no_share_is_told_of_an_effect_that_may_be_nothing() -> None:
    made = company(effect=0.0)
    panel = dataclasses.replace(made, panel=made.raw, cap=float("inf"))
    started = [rep for rep in np.flatnonzero(np.isfinite(panel.panel.start)) if 6 <= panel.panel.start[rep] <= 20]
    rows = [(int(rep) + 1, MONTHS[int(panel.panel.start[rep])] + dt.timedelta(days=9), 900.0) for rep in started[:5]]
    shifted = panel.panel.with_outcome(panel.panel.outcome + 2.0 * (panel.panel.since >= 0))
    panel = dataclasses.replace(panel, panel=shifted, raw=shifted)
    found = told(panel, deals=pl.DataFrame(rows, schema=DATA, orient="row"))
    checks = {check["key"]: check for check in found["checks"]}
    whole, without = (checks[key]["estimate"] for key in ("headline", "largest_deals"))
    assert whole["low"] < 0 < whole["estimate"]
    assert without["estimate"] < 0.5 * whole["estimate"]
    assert checks["largest_deals_share"]["share"] is None
    assert "too close to nothing" in checks["largest_deals_share"]["why_not"]
    assert "few_deals" in found["reasons"]
    said = found["said"]["reason_sentences"][found["reasons"].index("few_deals")]
    assert said.startswith("Without the 5 largest deals the effect would be ")
    assert "%" not in said


def test_the_share_of_the_largest_deals_is_what_the_effect_loses_without_them() -> None:
    """Without a cap the mean over n rep-months loses the sum of the five largest of those months over n."""
    made = company()
    panel = dataclasses.replace(made, panel=made.raw, cap=float("inf"))
    coached = np.flatnonzero(np.isfinite(panel.panel.start))
    # A rep with clean months, so that their coached months are compared.
    reps = [rep for rep in coached if panel.panel.start[rep] >= 6 and np.isfinite(panel.panel.outcome[rep]).all()][:6]
    day = {rep: MONTHS[int(panel.panel.start[rep])] + dt.timedelta(days=4) for rep in reps}
    rows = [(int(rep) + 1, day[rep], amount) for rep, amount in zip(reps, (30.0, 20, 10, 10, 10, 5), strict=True)]
    rows.append((int(reps[0]) + 1, MONTHS[0], 9_000.0))
    found = told(panel, deals=pl.DataFrame(rows, schema=DATA, orient="row"))
    checks = {check["key"]: check for check in found["checks"]}
    whole, without = (checks[key]["estimate"] for key in ("headline", "largest_deals"))
    assert whole["estimate"] - without["estimate"] == pytest.approx(80 / whole["n"])
    assert checks["largest_deals_share"]["share"] == pytest.approx(80 / whole["n"] / whole["estimate"])
    early = told(panel, deals=pl.DataFrame(rows[-1:], schema=DATA, orient="row"))["checks"]
    assert next(check for check in early if check["key"] == "largest_deals")["why_not"].startswith("No deal closed")
